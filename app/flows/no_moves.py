"""What must not be done later, for where somebody may try; and what to say where it has happened.

A replicating machine knows its storage account and its network by their ids. Where nothing is at an id any more, the
thing was moved or deleted. An account that stands elsewhere under its name, unique in the world, was moved; of a
network that is only likely.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.arm_id import ArmId, key
from app.domain.estate import Estate
from app.domain.no_move_rules import Fixed, NoMove
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.rules import Rules
from app.flows.step import counted

_WORDS: Mapping[Fixed, str] = {Fixed.NETWORK: "network", Fixed.STORAGE: "storage account"}

_PROVIDERS: Mapping[Fixed, str] = {
    Fixed.NETWORK: "/providers/microsoft.network/",
    Fixed.STORAGE: "/providers/microsoft.storage/",
}
"""Whose lists are read. Of a classic account that it is in none of them says nothing."""


def no_moves(rules: Rules) -> tuple[NoMove, ...]:
    """All of it, in the order in which it is told."""
    return rules.no_moves.entries


def short_sentence(fixed: Fixed, rules: Rules) -> str:
    """For a field or a row: what can't be done with it later."""
    return rules.no_moves.entry(fixed).short


def source_text(rules: Rules) -> str:
    source = rules.no_moves.source
    return f"{source.document}, {source.month}"


@dataclass(frozen=True, slots=True)
class MovedTarget:
    """A storage account or network of machines that replicate, which is not where it was.

    Attributes:
        at: where they look for it.
        found: where one of its name stands now; None where there is none to be seen.
        machines: names of those that need it, in order.
    """

    fixed: Fixed
    at: ArmId
    found: ArmId | None
    machines: tuple[str, ...]

    @property
    def word(self) -> str:
        return _WORDS[self.fixed]

    @property
    def text(self) -> str:
        """What is so, and what comes of it."""
        return f"{self.cause} {self.effect}"

    @property
    def cause(self) -> str:
        place = f"the resource group {self.at.resource_group}"
        if self.found is None:
            return (
                f"The {self.word} {self.at.name} is not in {place} any more: it was deleted, or moved to another "
                "subscription."
            )
        is_sure = self.fixed is Fixed.STORAGE
        moved = "was moved" if is_sure else "seems to have been moved"
        return f"The {self.word} {self.at.name} {moved} from {place} to {self.found.resource_group}."

    @property
    def effect(self) -> str:
        who = self.machines[0] if len(self.machines) == 1 else counted(len(self.machines), "machine")
        verb = "looks" if len(self.machines) == 1 else "look"
        if self.fixed is Fixed.NETWORK:
            return f"{who} {verb} for it at the old place: a failover would fail."
        return f"{who} {verb} for it at the old place: replication stops, and what was copied is not found."

    @property
    def remedy(self) -> str:
        back = f"Move it back to {self.at.resource_group}" if self.found is not None else ""
        if self.fixed is Fixed.NETWORK:
            whom = "for this machine" if len(self.machines) == 1 else "for each of these machines"
            other = f"set another network {whom}, under Compute and network"
        else:
            whom = "of this machine" if len(self.machines) == 1 else "of these machines"
            other = f"disable replication {whom} and enable it again with another account"
        return f"{back}, or {other}." if back else f"{other[0].upper()}{other[1:]}."


def moved_targets(estate: Estate) -> tuple[MovedTarget, ...]:
    """What of the vault's replicating machines is not where it was; of a subscription that was not read, nothing."""
    return moved_of(estate.protected_items, estate)


def moved_of(items: Iterable[ReplicationProtectedItem], estate: Estate) -> tuple[MovedTarget, ...]:
    """The same for some machines. Those that run in Azure need neither until they replicate again."""
    machines: dict[tuple[Fixed, str], list[str]] = {}
    ids: dict[tuple[Fixed, str], str] = {}
    for item in items:
        if not item.is_hyper_v_to_azure or item.runs_in_azure:
            continue
        for place, at in targets_of(item).items():
            ids.setdefault(place, at)
            machines.setdefault(place, []).append(item.friendly_name)
    return tuple(_moved(machines, ids, estate))


def targets_of(item: ReplicationProtectedItem) -> dict[tuple[Fixed, str], str]:
    """Ids of what the machine needs to stay where it is, each once, by their kind and key."""
    accounts = (item.storage_account_id, item.log_account_id)
    targets = (*((Fixed.STORAGE, account) for account in accounts), (Fixed.NETWORK, item.target_network_id))
    return {(fixed, key(at)): at for fixed, at in targets if at}


def _moved(
    machines: Mapping[tuple[Fixed, str], list[str]], ids: Mapping[tuple[Fixed, str], str], estate: Estate
) -> Iterator[MovedTarget]:
    for (fixed, place), names in machines.items():
        at = ArmId(ids[fixed, place])
        if not estate.has_read(at.subscription) or _PROVIDERS[fixed] not in place:
            continue
        there = estate.storage_accounts if fixed is Fixed.STORAGE else estate.networks
        if any(each.id.key == place for each in there):
            continue
        found = next((each.id for each in there if each.name.lower() == at.name.lower()), None)
        yield MovedTarget(fixed, at, found, tuple(sorted(names, key=str.casefold)))
