"""Reads a vault's replicated items so that a quiet round costs the same whatever the vault holds.

A vault of one page is simply read again. A larger one is read whole now and then; in between, the few items that jobs
and events name since the last look are read one by one, and nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.arm_id import ArmId
from app.domain.protected_item import ReplicationProtectedItem
from app.errors import NotFound
from app.ports.arm import SiteRecoveryGateway
from app.ports.clock import Clock
from app.runtime.progress import Report, silent
from app.runtime.together import together

ONE_PAGE = 500
"""Items on one page of the vault-wide list."""
FEW = 10
"""More changed items than this are read with the whole list."""
WHOLE_EVERY = timedelta(minutes=5)
_MARGIN = timedelta(minutes=1)

Items = tuple[ReplicationProtectedItem, ...]


class ItemsReader:
    def __init__(self, vault: ArmId, site_recovery: SiteRecoveryGateway, clock: Clock, report: Report = silent) -> None:
        self._vault = vault
        self._site_recovery = site_recovery
        self._clock = clock
        self._report = report
        self._items: Items = ()
        self._whole_at: datetime | None = None
        self._looked_at: datetime | None = None

    async def read_whole(self) -> Items:
        started = self._clock.now()
        self._items = await self._site_recovery.list_protected_items(self._vault, report=self._report)
        self._whole_at = self._looked_at = started
        return self._items

    async def read(self) -> Items:
        """The items as they are, at a bounded cost."""
        now = self._clock.now()
        if (
            self._whole_at is None
            or self._looked_at is None
            or len(self._items) <= ONE_PAGE
            or now - self._whole_at >= WHOLE_EVERY
        ):
            return await self.read_whole()
        names = await self._named_since(self._looked_at - _MARGIN)
        changed = [item.id for item in self._items if item.friendly_name.lower() in names]
        if len(changed) > FEW or names - {item.friendly_name.lower() for item in self._items}:
            return await self.read_whole()
        if changed:
            read = dict(zip(changed, await together([self._read_one(id) for id in changed]), strict=True))
            fresh = (read.get(item.id, item) for item in self._items)
            self._items = tuple(item for item in fresh if item is not None)
        self._looked_at = now
        return self._items

    async def _named_since(self, since: datetime) -> set[str]:
        """Machines that a job or an event names, in lower case."""
        jobs = await self._site_recovery.list_jobs(self._vault, since=since)
        events = await self._site_recovery.list_events(self._vault, since=since)
        named = {job.target_name for job in jobs if job.target_kind == "ProtectionEntity"}
        named |= {event.target_name for event in events if event.kind == "VmHealth"}
        return {name.lower() for name in named if name}

    async def _read_one(self, item: ArmId) -> ReplicationProtectedItem | None:
        try:
            return await self._site_recovery.get_protected_item(item)
        except NotFound:
            return None
