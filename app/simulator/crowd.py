"""A crowd of subscriptions beside the scenario's own, of any size.

Each subscription of a crowd, its resource group and its vaults are made from their ordinal when somebody asks for them,
so that opening a thousand vaults costs their names alone. Their Hyper-V sites are ordinary records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from weakref import ref

from app.simulator import records as rec
from app.simulator.crowd_data import CrowdData, HoldsData
from app.simulator.handlers.sites import new_fabric
from app.simulator.handlers.subscriptions import new_group
from app.simulator.handlers.vaults import VAULT_TYPE, new_vault
from app.simulator.other_scenarios import holds_record
from app.simulator.wire import guid, site_recovery_id
from app.simulator.world import World

HYPER_V = "HyperVSite"
MOST = 20_000


@dataclass(frozen=True, slots=True)
class CrowdSize:
    """How large a crowd is asked for; what is None is as its file says.

    Raises:
        ValueError: a number is out of range.
    """

    subscriptions: int | None = None
    vaults: int | None = None

    def __post_init__(self) -> None:
        for number, least, words in ((self.subscriptions, 1, "subscriptions"), (self.vaults, 0, "vaults")):
            if number is not None and not least <= number <= MOST:
                raise ValueError(f"a crowd has {least} to {MOST:,} {words}, not {number:,}")

    def of(self, data: CrowdData) -> CrowdData:
        found = CrowdData(**{name: getattr(data, name) for name in data.__struct_fields__})
        found.subscriptions = data.subscriptions if self.subscriptions is None else self.subscriptions
        found.vaults = data.vaults if self.vaults is None else self.vaults
        return found


def begin(world: World, data: CrowdData) -> None:
    """Make a crowd in a new world, before anything else is in its tables."""
    settings = world.settings
    settings.crowd = rec.CrowdShape(opened=world.now, data=data)
    world.settings = settings
    fill(world, settings.crowd)
    crowd = _Crowd(settings, settings.crowd)
    for ordinal in range(data.vaults):
        if crowd.holds(ordinal).kind == HYPER_V:
            site = f"{site_recovery_id(crowd.vault_id(ordinal))}/replicationFabrics/{crowd.part(ordinal)}-HQ"
            fabric = new_fabric(world, site)
            world.fabrics.put(fabric.id.lower(), fabric)


def fill(world: World, shape: rec.CrowdShape) -> None:
    """Put the subscriptions, groups and vaults into their tables, unmade."""
    crowd, data = _Crowd(world.settings, shape), shape.data
    world.subscriptions.generate(
        iter([crowd.subscription_id(ordinal) for ordinal in range(data.subscriptions)]), crowd.subscription
    )
    keys = [crowd.group_id(ordinal).lower() for ordinal in range(data.subscriptions)]
    keys += [crowd.vault_id(ordinal).lower() for ordinal in range(data.vaults)]
    of = ref(world)  # its tables keep what makes their records

    def resource(ordinal: int) -> rec.Resource:
        held = of()
        assert held is not None
        return crowd.resource(held, ordinal)

    world.resources.generate(iter(keys), resource)


class _Crowd:
    """Makes subscriptions, groups and vaults of a crowd."""

    def __init__(self, settings: rec.Settings, shape: rec.CrowdShape) -> None:
        self._settings = settings
        self._shape = shape
        self._data = shape.data
        self._subscriptions = [guid(settings.seed, "crowd", n) for n in range(shape.data.subscriptions)]

    def subscription_id(self, ordinal: int) -> str:
        return self._subscriptions[ordinal]

    def subscription(self, ordinal: int) -> rec.Subscription:
        data = self._data
        tenants = data.tenants or [self._settings.tenant]
        stage = data.stages[ordinal // len(data.parts) % len(data.stages)]
        name = f"{self.part(ordinal)} {stage} {ordinal + 1:03d}"
        return rec.Subscription(self.subscription_id(ordinal), name, tenants[ordinal % len(tenants)])

    def part(self, ordinal: int) -> str:
        return self._data.parts[ordinal % len(self._data.parts)]

    def group_id(self, ordinal: int) -> str:
        return f"/subscriptions/{self.subscription_id(ordinal)}/resourceGroups/{self._group_name(ordinal)}"

    def _group_name(self, ordinal: int) -> str:
        return f"rg-{_slug(self.part(ordinal))}-dr"

    def vault_id(self, ordinal: int) -> str:
        home = self.group_id(ordinal % self._data.subscriptions)
        return f"{home}/providers/{VAULT_TYPE}/{self._vault_name(ordinal)}"

    def _vault_name(self, ordinal: int) -> str:
        home = ordinal % self._data.subscriptions
        return f"rsv-{_slug(self.part(home))}-{self._region(ordinal)[:12]}-{ordinal + 1:04d}"

    def _region(self, ordinal: int) -> str:
        return self._data.regions[ordinal % len(self._data.regions)]

    def holds(self, ordinal: int) -> HoldsData:
        return self._data.holds[ordinal % len(self._data.holds)]

    def resource(self, world: World, ordinal: int) -> rec.Resource:
        groups = self._data.subscriptions
        return self._group(world, ordinal) if ordinal < groups else self._vault(world, ordinal - groups)

    def _group(self, world: World, ordinal: int) -> rec.Resource:
        subscription = self.subscription_id(ordinal)
        return new_group(world, self._group_name(ordinal), self._region(ordinal), subscription)

    def _vault(self, world: World, ordinal: int) -> rec.Resource:
        data, home = self._data, ordinal % self._data.subscriptions
        redundancy = data.redundancies[ordinal % len(data.redundancies)]
        given = {"redundancySettings": {"standardTierStorageRedundancy": redundancy}} if redundancy else {}
        group = self._group(world, home)
        vault = new_vault(world, group, self._vault_name(ordinal), self._region(ordinal), given, self._shape.opened)
        vault.body["tags"] = {"costCenter": f"{1000 + home}", "part": self.part(home)}
        held = self.holds(ordinal)
        if held.kind != HYPER_V:
            vault.extra["holds"] = holds_record(held)
        return vault


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
