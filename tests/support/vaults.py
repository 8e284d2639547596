"""A vault of the practice estate as the views of the dashboard get it: feeds, services, notices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.domain.arm_id import ArmId
from app.domain.protected_item import ReplicationProtectedItem
from app.flows.failover import FailoverKind
from app.live.services import Services
from app.live.vault_feeds import VaultFeeds
from tests.support.practice import Practice, open_practice
from ui.notices import NoticeHub


@dataclass(frozen=True, slots=True)
class OpenVault:
    practice: Practice
    services: Services
    feeds: VaultFeeds
    notices: NoticeHub

    async def items(self) -> tuple[ReplicationProtectedItem, ...]:
        """Read past the feeds."""
        return await self.services.gateways.site_recovery.list_protected_items(self.feeds.vault)

    async def carry_out(self, kind: FailoverKind, *items: ArmId) -> None:
        """Run a failover operation to its end, as its sheet would."""
        sheet = await self.services.failover.prepare(kind, items)
        run = await self.services.runner.carry_out(await self.services.failover.plan(sheet, sheet.suggested))
        assert run.is_done


@asynccontextmanager
async def open_vault(scenario: str = "fleet", **options: object) -> AsyncIterator[OpenVault]:
    """The clock stands still unless somebody waits for a job."""
    async with open_practice(scenario, **options) as practice:
        services = practice.services
        feeds = services.feeds(practice.vault)
        try:
            yield OpenVault(practice, services, feeds, NoticeHub())
        finally:
            await feeds.aclose()
