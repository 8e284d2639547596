"""Failover operations: reading what a sheet needs, starting them through the runner, and looking at what they made."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from app.domain.arm_id import ArmId, resource_group_id
from app.domain.azure import AzureMachine, VirtualNetwork
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.quota import RegionQuota
from app.domain.quota_needs import target_subscription
from app.domain.recovery import RecoveryPoint
from app.domain.rights import Finding
from app.errors import AppError, Conflict, NotFound
from app.flows.action import Action
from app.flows.failover import (
    Fact,
    FailoverChoices,
    FailoverKind,
    FailoverOperation,
    FailoverPoints,
    Happening,
    confirmation,
    facts,
    failover_actions,
    happenings,
    operation,
)
from app.flows.failover_checks import checks, is_blocked
from app.flows.failover_facts import Check, FailoverFacts
from app.flows.quota_checks import MAKES_MACHINES
from app.flows.rights_subjects import subject_of_vault
from app.ports.clock import Clock
from app.runtime.progress import Progress, Report, silent
from app.runtime.together import in_groups, together
from app.services.gateways import Gateways
from app.services.region_quotas import PATIENCE_S, RegionQuotas, unread_quotas
from app.services.rights_check import RightsCheck
from app.services.runner import Runner

if TYPE_CHECKING:
    from app.services.limits import Limits  # brings libraries that the first frame does without

T = TypeVar("T")

_TEST_SUFFIX = "-test"
_LASTS = (FailoverKind.PLANNED, FailoverKind.UNPLANNED)
"""Those that connect machines to the network set for them; of their subnets advice is given where they can be read."""


@dataclass(frozen=True, slots=True)
class FailoverSheet:
    """One opening of the sheet: the machines as they were read, and all that is shown about them."""

    operation: FailoverOperation
    items: tuple[ReplicationProtectedItem, ...]
    facts: FailoverFacts
    occasion: str
    suggested: FailoverChoices
    usual_s: float | None = None

    @property
    def networks(self) -> tuple[VirtualNetwork, ...]:
        """Networks to choose from, those apart from real failovers first."""
        live = _live_networks(self.items)
        return tuple(sorted(self.facts.networks, key=lambda network: (network.id in live, network.name.lower())))

    @property
    def points(self) -> tuple[RecoveryPoint, ...]:
        """The points to choose from; only a single machine has a choice of its own."""
        return self.facts.points.of(self.items[0]) if len(self.items) == 1 else ()

    @property
    def confirmation(self) -> str:
        """What the user types to go on; empty asks for nothing."""
        return confirmation(self.operation, self.items)

    @property
    def box(self) -> tuple[Fact, ...]:
        return facts(self.operation)

    def checks(self, choices: FailoverChoices) -> tuple[Check, ...]:
        return checks(self.operation, self.items, choices, self.facts)

    def happenings(self, choices: FailoverChoices) -> tuple[Happening, ...]:
        return happenings(self.operation, choices, self.usual_s)

    def actions(self, choices: FailoverChoices) -> tuple[Action, ...]:
        return failover_actions(
            self.operation, self.items, choices, self.facts.points, occasion=self.occasion, usual_s=self.usual_s
        )


@dataclass(frozen=True, slots=True)
class MachineMade:
    """A machine that a failover or a drill made, as Azure shows it; `machine` is None when it is not there."""

    item: ReplicationProtectedItem
    expected: ArmId
    machine: AzureMachine | None


class Failover:
    """One per connection."""

    def __init__(
        self,
        gateways: Gateways,
        runner: Runner,
        quotas: RegionQuotas,
        rights: RightsCheck,
        clock: Clock,
        limits: Limits,
    ) -> None:
        """Each sheet is judged by the limits in force when it is prepared."""
        self._rights = rights
        self._gateways = gateways
        self._runner = runner
        self._quotas = quotas
        self._clock = clock
        self._limits = limits

    async def prepare(self, kind: FailoverKind, items: Sequence[ArmId], *, report: Report = silent) -> FailoverSheet:
        """Read everything the sheet shows, fresh from Azure.

        Raises:
            NotFound: one of the machines is not replicated any more.
        """
        wanted, rules = operation(kind), self._limits.rules
        read = await self._read(items)
        unread: list[str] = []

        async def spare(what: str, reading: Awaitable[T], nothing: T) -> T:
            """In an emergency, what cannot be read now is left out and told: it must not hold up the failover."""
            try:
                return await reading
            except AppError:
                if not wanted.is_emergency:
                    raise
                unread.append(what)
                return nothing

        async def others() -> tuple[Any, ...]:
            vault = items[0].up_to("vaults")
            return (
                await spare("the recovery points", self._points(wanted, read, report), FailoverPoints()),
                await spare("the hosts", self._gateways.site_recovery.list_providers(vault), ()),
                await self._networks(read) if wanted.offers_network else (),
                await self._machines(kind, read) if wanted.kind is FailoverKind.COMMIT else (),
            )

        readings: list[Any] = await together(
            [
                others(),
                self._lasting_networks(wanted, read),
                self._quotas_of(wanted, read),
                self._rights_to(wanted, read),
            ]
        )
        (points, hosts, networks, made), lasting, quotas, rights = readings
        if lasting is None:
            unread.append("the subnets")
        return FailoverSheet(
            operation=wanted,
            items=tuple(read),
            facts=FailoverFacts(
                now=self._clock.now(),
                points=points,
                rules=rules,
                networks=networks or lasting or (),
                hosts=hosts,
                quotas=quotas,
                rights=rights,
                azure_machines={each.item.id.key: each.machine for each in made},
                unread=tuple(unread),
            ),
            occasion=uuid.uuid4().hex,
            suggested=FailoverChoices(point=wanted.suggested_point, network_id=_network_apart(read, networks)),
            usual_s=rules.usual_s(wanted.action_kind),
        )

    async def plan(self, sheet: FailoverSheet, choices: FailoverChoices) -> str:
        """Write down the run of a sheet and return its id; `Runner.carry_out` starts it.

        Raises:
            Conflict: a check blocks it.
        """
        found = sheet.checks(choices)
        if is_blocked(found):
            raise Conflict("blocked", found[0].text, found[0].remedy)
        names = ", ".join(item.friendly_name for item in sheet.items[:3])
        more = f" and {len(sheet.items) - 3} more" if len(sheet.items) > 3 else ""
        return await self._runner.plan(f"{sheet.operation.title}: {names}{more}", sheet.actions(choices))

    async def machines_made(self, kind: FailoverKind, items: Sequence[ArmId]) -> tuple[MachineMade, ...]:
        """The machines in Azure after a drill or a failover: size, power state, network, subnet and address."""
        return await self._machines(kind, await self._read(items))

    async def _read(self, items: Sequence[ArmId]) -> list[ReplicationProtectedItem]:
        return await in_groups(self._gateways.site_recovery.get_protected_item, items)

    async def _quotas_of(
        self, wanted: FailoverOperation, items: Sequence[ReplicationProtectedItem]
    ) -> tuple[RegionQuota, ...]:
        """Of every subscription in which the operation would make machines; what cannot be read is told in them."""
        if wanted.kind not in MAKES_MACHINES:
            return ()
        subscriptions = {target_subscription(item) for item in items}
        try:
            return await self._quotas.read_for(items[0].vault_id, subscriptions)
        except AppError as error:
            if not wanted.is_emergency:
                raise
            return unread_quotas(subscriptions, error)

    async def _rights_to(self, wanted: FailoverOperation, items: Sequence[ReplicationProtectedItem]) -> Finding | None:
        """None where it cannot be read in good time: an estimate must not hold up what waits for it."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                report = await self._rights.read(subject_of_vault(items[0].vault_id, items))
        except (AppError, TimeoutError):
            return None  # whoever has to sign in is told by the readings beside it
        return report.of(wanted.kind.value)

    async def _lasting_networks(
        self, wanted: FailoverOperation, items: Sequence[ReplicationProtectedItem]
    ) -> tuple[VirtualNetwork, ...] | None:
        """None where they cannot be read in good time; the failover itself takes no right to read them."""
        if wanted.kind not in _LASTS:
            return ()
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._networks(items)
        except (AppError, TimeoutError):
            return None  # whoever has to sign in is told by the readings beside it

    async def _machines(self, kind: FailoverKind, items: Sequence[ReplicationProtectedItem]) -> tuple[MachineMade, ...]:
        suffix = _TEST_SUFFIX if kind is FailoverKind.TEST else ""

        async def read(item: ReplicationProtectedItem) -> MachineMade:
            expected = machine_id(item, suffix)
            try:
                return MachineMade(item, expected, await self._gateways.resources.get_machine(expected))
            except NotFound:
                return MachineMade(item, expected, None)

        return tuple(await in_groups(read, items))

    async def _points(
        self, wanted: FailoverOperation, items: Sequence[ReplicationProtectedItem], report: Report
    ) -> FailoverPoints:
        if not wanted.offers_point:
            return FailoverPoints()
        report(Progress("Reading recovery points", 0, len(items)))
        lists = await in_groups(lambda item: self._gateways.site_recovery.list_recovery_points(item.id), items)
        return FailoverPoints({item.id.key: points for item, points in zip(items, lists, strict=True)})

    async def _networks(self, items: Sequence[ReplicationProtectedItem]) -> tuple[VirtualNetwork, ...]:
        """The networks of the region in which the machines would run."""
        item = items[0]
        subscription = ArmId(item.target_network_id).subscription or item.id.subscription
        networks = await self._gateways.resources.list_virtual_networks(subscription)
        live = next((network for network in networks if network.id == ArmId(item.target_network_id)), None)
        if live is not None:
            location = live.location
        else:
            location = (await self._gateways.vaults.get_vault(item.vault_id)).location
        return tuple(network for network in networks if network.location.lower() == location.lower())


def _live_networks(items: Iterable[ReplicationProtectedItem]) -> set[ArmId]:
    return {ArmId(item.target_network_id) for item in items}


def _network_apart(items: Sequence[ReplicationProtectedItem], networks: Iterable[VirtualNetwork]) -> str:
    """The network to suggest for a drill; empty where every one is meant for real failovers."""
    live = _live_networks(items)
    apart = sorted((network for network in networks if network.id not in live), key=lambda each: each.name.lower())
    return apart[0].id.text if apart else ""


def machine_id(item: ReplicationProtectedItem, suffix: str = "") -> ArmId:
    """Where Azure makes the item's machine; without a target group, in the vault's."""
    group = (
        ArmId(item.target_resource_group_id)
        if item.target_resource_group_id
        else resource_group_id(item.id.subscription, item.id.resource_group)
    )
    return group.child("providers", "Microsoft.Compute", "virtualMachines", item.target_name + suffix)
