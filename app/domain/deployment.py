"""The classic deployment model, which ended, and the machines that would still fail over to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.protected_item import ReplicationProtectedItem
from app.domain.source import Source, day_text


@dataclass(frozen=True, slots=True)
class DeploymentRules:
    """`classic_providers` are the namespaces that the ids of classic resources stand in. Dates are ISO dates."""

    source: Source
    classic_machines_ended: str
    classic_storage_ended: str
    classic_providers: tuple[str, ...]

    @property
    def end_text(self) -> str:
        machines, storage = day_text(self.classic_machines_ended), day_text(self.classic_storage_ended)
        return f"Retired: classic machines ended on {machines}, classic storage on {storage}."


def classic_items(
    items: Iterable[ReplicationProtectedItem], rules: DeploymentRules
) -> tuple[ReplicationProtectedItem, ...]:
    """Machines whose account, network or group is classic: enabled years ago, and never enabled anew since."""
    parts = tuple(f"/providers/{provider.lower()}/" for provider in rules.classic_providers)

    def is_classic(item: ReplicationProtectedItem) -> bool:
        ids = (item.storage_account_id, item.target_network_id, item.target_resource_group_id)
        return any(part in each.lower() for each in ids for part in parts)

    return tuple(item for item in items if is_classic(item))
