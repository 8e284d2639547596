"""How an action begins, by what Azure has before anything is sent."""

from __future__ import annotations

from enum import Enum, auto

from app.errors import Conflict, NotFound
from app.flows.action import SITE_KINDS, Action, ActionKind
from app.flows.failover import FailoverKind, operation_of
from app.flows.failover_refusals import why_not
from app.services.read_back import Reading, Standing
from app.services.runs import sentence

_POLICY_KINDS = (ActionKind.CHANGE_POLICY, ActionKind.DELETE_POLICY, ActionKind.DISSOCIATE_POLICY)


class Beginning(Enum):
    SEND = auto()
    SKIP = auto()
    """Azure has it already."""
    LOOK_BACK = auto()
    """Somebody has sent it; what comes of it is only read back."""


def beginning(action: Action, reading: Reading) -> Beginning:
    """What to do first.

    Raises:
        Conflict: nothing may be sent over what is there.
        NotFound: what it acts on is gone.
    """
    if action.kind in SITE_KINDS:
        return _in_site(action, reading)
    return _operation(action, reading) if action.is_post else _creation(action, reading)


def _creation(action: Action, reading: Reading) -> Beginning:
    match reading.standing:
        case Standing.ABSENT:
            return Beginning.SEND
        case Standing.AS_WANTED:
            return Beginning.SKIP
        case Standing.PENDING:
            return Beginning.LOOK_BACK
        case Standing.DIFFERENT:
            # A PUT over something that is there would change it, which nobody has agreed to.
            raise Conflict(
                "exists_differently",
                f"{action.subject} is already there, but not as wanted.",
                f"{sentence(reading.difference)} Use it as it is, or choose another name.",
                wants_other_answer=True,
            )


def _in_site(action: Action, reading: Reading) -> Beginning:
    match reading.standing:
        case Standing.AS_WANTED:
            return Beginning.SKIP
        case Standing.ABSENT if action.kind in _POLICY_KINDS:
            raise NotFound("policy_gone", f"{action.subject} is not there any more.", "Read the list of policies anew.")
        case Standing.ABSENT:
            raise NotFound("host_gone", f"{action.subject} is not registered any more.", "Read the list of hosts anew.")
        case Standing.DIFFERENT:
            raise Conflict(
                "changed_meanwhile",
                f"{action.subject} was changed by somebody else meanwhile.",
                f"{sentence(reading.difference)} Nothing was sent. Look at it as it is now, and change it again.",
            )
        case _:
            return Beginning.SEND


def _operation(action: Action, reading: Reading) -> Beginning:
    operation = operation_of(action.kind)
    if reading.item is None or operation is None:
        raise NotFound("machine_gone", f"{action.subject} is not replicated any more.", "Take it out of the list.")
    refusal = why_not(operation, reading.item)
    if refusal is None:
        return Beginning.SEND
    if reading.standing is Standing.AS_WANTED and operation.kind is not FailoverKind.TEST:
        return Beginning.SKIP
    raise Conflict("not_offered", f"{refusal.title}.", refusal.reason)
