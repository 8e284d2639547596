"""The state of one practice vault: its tables, its clock, and what will happen by itself."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.simulator import records as rec
from app.simulator.blob_records import Blob, BlobContainer, Block
from app.simulator.clock import SimulatorClock
from app.simulator.identity.records import Directory, Grant
from app.simulator.store import StateFile, Table
from app.simulator.wire import guid, vault_part

if TYPE_CHECKING:
    from app.simulator.item_pages import ItemPages

Effect = Callable[["World", str, str, float], None]
"""What a due entry does: world, subject, note, and the virtual time at which it happens."""

EFFECTS_PER_SLICE = 50
"""So that one request stays far below the time in which a window would notice."""

_SETTINGS_KEY = "settings"


class World:
    """Everything the practice vault knows.

    `now` is the virtual time up to which everything has happened. It follows the clock, and lags behind it only while
    more has fallen due than one slice settles.
    """

    def __init__(self, clock: SimulatorClock) -> None:
        self.clock = clock
        self.now = clock.seconds()
        self.settings_table = Table("settings", rec.Settings)
        self.hosts = Table("host", rec.Host)
        self.machines = Table("machine", rec.Machine)
        self.fabrics = Table("fabric", rec.Fabric)
        self.providers = Table("provider", rec.Provider)
        self.policies = Table("policy", rec.Policy)
        self.mappings = Table("mapping", rec.Mapping)
        self.items = Table("item", rec.Item)
        self.plans = Table("plan", rec.Plan)
        self.jobs = Table("job", rec.Job)
        self.events = Table("event", rec.Event)
        self.uploads = Table("upload", rec.Upload)
        self.subscriptions = Table("subscription", rec.Subscription)
        self.resources = Table("resource", rec.Resource)
        self.operations = Table("operation", rec.Operation)
        self.role_assignments = Table("role_assignment", rec.RoleAssignment)
        self.locks = Table("lock", rec.Lock)
        self.denials = Table("deny_assignment", rec.DenyAssignment)
        self.due = Table("due", rec.Due)
        self.blob_containers = Table("blob_container", BlobContainer)
        self.blobs = Table("blob", Blob)
        self.blocks = Table("block", Block)
        self.faults = Table("fault", rec.Fault)
        self.directories = Table("directory", Directory)
        self.grants = Table("grant", Grant)
        self.tables: dict[str, Table[Any]] = {
            table.kind: table for table in vars(self).values() if isinstance(table, Table)
        }
        # Derived from the items, so that counting them never means reading them all.
        self.protected_by: dict[str, str] = {}
        self.items_per_provider: Counter[str] = Counter()
        self.replica_mib: Counter[str] = Counter()
        """By storage account, its id in lower case."""
        self._conditions: dict[str, dict[str, dict[str, str]]] = {}
        self.condition_of: Callable[[rec.Item], tuple[str, ...]] = lambda item: ()
        self.item_pages: ItemPages | None = None
        self._heap: list[tuple[float, str]] = []

    # Settings and names

    @property
    def settings(self) -> rec.Settings:
        return self.settings_table[_SETTINGS_KEY]

    @settings.setter
    def settings(self, settings: rec.Settings) -> None:
        self.settings_table.put(_SETTINGS_KEY, settings)

    def knows_subscription(self, name: str) -> bool:
        return name.lower() == self.settings.subscription or name.lower() in self.subscriptions

    def tenant_of(self, subscription: str) -> str:
        """The tenant that a subscription trusts; the scenario's own for one that is not there."""
        other = self.subscriptions.get(subscription.lower())
        return self.settings.tenant if other is None else other.tenant

    def registry(self, subscription: str) -> rec.Settings | rec.Subscription:
        """What knows which resource providers a subscription has registered."""
        other = self.subscriptions.get(subscription.lower())
        return self.settings if other is None else other

    def keep_registry(self, registry: rec.Settings | rec.Subscription) -> None:
        if isinstance(registry, rec.Settings):
            self.settings = registry
        else:
            self.subscriptions.put(registry.id, registry)

    def next_number(self) -> int:
        """A number never given before, not even by an earlier process on the same state."""
        settings = self.settings
        settings.counter += 1
        self.settings = settings
        return settings.counter

    def new_guid(self, purpose: str) -> str:
        return guid(self.settings.seed, purpose, self.next_number())

    # Items, with what is counted about them

    def put_item(self, item: rec.Item) -> None:
        key = item.id.lower()
        self._forget(key)
        self.items.put(key, item)
        self._note(key, item)

    def remove_item(self, item: rec.Item) -> None:
        key = item.id.lower()
        self._forget(key)
        self.items.remove(key)

    def give_item_to(self, item: rec.Item, provider_id: str) -> None:
        """Let another Provider care for the item; a change of `provider` alone would be counted wrongly."""
        self._forget(item.id.lower())
        item.provider = provider_id
        self.items.put(item.id.lower(), item)
        self._note(item.id.lower(), item)

    def item_of_machine(self, machine_id: str) -> rec.Item | None:
        key = self.protected_by.get(machine_id)
        return self.items.get(key) if key else None

    def _note(self, key: str, item: rec.Item) -> None:
        self.protected_by[item.machine] = key
        self.items_per_provider[item.provider] += 1
        self.replica_mib[(item.target.account or "").lower()] += item.used_mib
        for condition in self.condition_of(item):
            self.conditions_in(vault_part(key)).setdefault(condition, {})[key] = item.machine

    def _forget(self, key: str) -> None:
        item = self.items.get(key)
        if item is None:
            return
        self.protected_by.pop(item.machine, None)
        self.items_per_provider[item.provider] -= 1
        self.replica_mib[(item.target.account or "").lower()] -= item.used_mib
        for keys in self.conditions_in(vault_part(key)).values():
            keys.pop(key, None)

    def conditions_in(self, vault: str) -> dict[str, dict[str, str]]:
        """By condition: the keys of the vault's items that are in it, with their machines."""
        return self._conditions.setdefault(vault.lower(), {})

    # What happens by itself

    def schedule(self, at: float, kind: str, subject: str, note: str = "") -> None:
        key = f"{self.next_number():012d}"
        self.due.put(key, rec.Due(at, kind, subject, note))
        heapq.heappush(self._heap, (at, key))

    def forget_due(self, kind: str | None = None) -> None:
        """Drop what is due, all of it or one kind: it is not to happen any more."""
        gone = {key for _, key in self._heap if kind in (None, self.due[key].kind)}
        for key in gone:
            self.due.remove(key)
        self._heap = [entry for entry in self._heap if entry[1] not in gone]
        heapq.heapify(self._heap)

    def settle(self, effects: Mapping[str, Effect]) -> bool:
        """Let happen what has fallen due, at most one slice of it; True when nothing is left.

        Effects run in the order of their times and may bring new ones about.
        """
        target = self.clock.seconds()
        for _ in range(EFFECTS_PER_SLICE):
            if not self._heap or self._heap[0][0] > target:
                self.now = max(self.now, target)
                return True
            at, key = heapq.heappop(self._heap)
            due = self.due[key]
            self.due.remove(key)
            self.now = max(self.now, at)
            effects[due.kind](self, due.subject, due.note, at)
        return False

    # Saving

    def save(self, file: StateFile) -> None:
        """Write what changed, with the time it was reached, if anything changed at all."""
        if not any(table.changed for table in self.tables.values()):
            return
        settings = self.settings
        settings.now, settings.speed, settings.paused = self.now, self.clock.speed, self.clock.paused
        self.settings = settings
        file.save(self.tables)

    def restore(self, rows: list[tuple[str, str, bytes | None]]) -> None:
        """Take saved rows over, on top of what was generated, and set the clock to where it stood."""
        for kind, key, body in rows:
            table = self.tables[kind]
            if table is self.items:
                self._forget(key)
            table.restore(key, body)
            if table is self.items and body is not None:
                self._note(key, self.items[key])
        self._heap = [(self.due[key].at, key) for key in self.due.keys("")]
        heapq.heapify(self._heap)
        settings = self.settings
        self.clock.restore(settings.now, settings.speed, settings.paused)
        self.now = settings.now
