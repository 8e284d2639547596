"""What stands between somebody and a new vault, said so that an administrator can act on it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.rights import Caller, Finding, RightsSubject, Role, Standing
from app.flows.rights_request import listed, rights_request, scope_words


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`request` is what to send to an owner, ready to be copied; empty where no role helps."""

    title: str
    text: str
    request: str = ""


def obstacle_in(
    finding: Finding | None, roles: tuple[Role, ...], subject: RightsSubject, caller: Caller
) -> Obstacle | None:
    """The worst that is known to be in the way; None when nothing is, or nobody knows."""
    if finding is None or finding.standing not in (Standing.MISSING, Standing.LOCKED):
        return None
    withheld = next((each for gap in finding.gaps for each in gap.withheld), None)
    if withheld is not None:
        return Obstacle(
            "A deny assignment keeps you from creating a vault here.",
            f"No role helps. Ask whoever made {withheld.denial.name} to exclude you, or choose another resource group.",
        )
    if finding.standing is Standing.LOCKED:
        lock = next(stopped.lock for gap in finding.gaps for stopped in gap.stopped)
        return Obstacle(
            f"The lock {lock.name} keeps {scope_words(lock.scope)} as it is.",
            "Ask an owner to take the lock away while the vault is created, or choose another resource group.",
        )
    request = rights_request((finding,), roles, subject, caller)
    if request is None:
        return Obstacle("Your account may not create a vault here.", "Ask an owner of the subscription to create it.")
    asked = listed([f"{ask.title[:1].lower()}{ask.title[1:]}" if ask.instead else ask.title for ask in request.asks])
    return Obstacle(
        "Your account may not create a vault here.", f"Ask an owner of the subscription: {asked}.", request.text
    )
