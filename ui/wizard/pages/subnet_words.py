"""What the subnet calculator says of each subnet of a new network: who fits in it, and which range would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from app.domain.address_ranges import read_range, read_ranges
from app.domain.network_plan import proposed_subnet
from app.domain.network_rules import capacity_of
from app.flows.draft import NetworkChoice, NewSubnet, SetUpDraft
from app.flows.network_need import need_in, need_of
from app.flows.planning_network import subnets_of
from app.flows.step import Context
from ui.theme.tokens import Status


class SubnetWords:
    """Speaks of one draft with a network to be created."""

    def __init__(self, draft: SetUpDraft, context: Context) -> None:
        self._draft, self._context = draft, context
        self._choice = draft.target.network
        self._subnets = subnets_of(self._choice)

    @staticmethod
    def with_rows(choice: NetworkChoice, rows: Sequence[Sequence[str]]) -> NetworkChoice:
        """The choice with these names and ranges; the first row is the default subnet."""
        (name, prefix), *others = rows
        more = tuple(NewSubnet(*each) for each in others)
        return replace(choice, subnet=name, subnet_prefix=prefix, more_subnets=more)

    def is_kept(self, place: int) -> bool:
        """Whether Azure keeps the subnet’s name for something else than machines."""
        return bool(self._context.rules.network.reserved_subnets.use_of(self._subnets[place].name))

    def room(self, place: int) -> tuple[Status, str]:
        """How many machines the subnet holds after the addresses that Azure keeps, and whether those fit who are
        counted on; only of a subnet whose range is fine.
        """
        rules, subnet = self._context.rules, self._subnets[place]
        use = rules.network.reserved_subnets.use_of(subnet.name)
        if use:
            return Status.INFO, _tr("For {}; machines have no place there.").format(use)
        range_ = read_range(subnet.prefix)
        holds = capacity_of(range_, rules) if range_ is not None else 0
        told = _tr("Holds {count} machines; Azure keeps {kept} addresses.").format(
            count=f"{holds:,}", kept=rules.network.reserved_addresses
        )
        need = need_in(subnet.name, self._draft, self._context) if subnet.name else need_of(self._draft, self._context)
        if place or not need.machines:
            return Status.OK, told
        fitting = need.fitting(holds)
        if fitting == need.machines:
            return Status.OK, f"{told} {_tr('Room for {}.').format(need.words)}"
        return Status.INFO, f"{told} {_tr('Room for {fit} of {all}.').format(fit=f'{fitting:,}', all=need.words)}"

    def proposal(self, place: int) -> str:
        """The next free range for the subnet that fits whom it is for; empty where there is none."""
        context = self._context
        need = need_of(self._draft, context)
        others = [each.prefix for number, each in enumerate(self._subnets) if number != place]
        return proposed_subnet(read_ranges(self._choice.address_space), others, max(1, need.cards), context.rules)


def _tr(text: str) -> str:
    return QCoreApplication.translate("SubnetWords", text)
