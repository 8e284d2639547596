"""Vaults and their health: wire to domain."""

from __future__ import annotations

import msgspec

from app.adapters.azure.kind import Kind
from app.adapters.azure.wire_values import HealthErrorRecord, Number, Text, health_errors, text, whole
from app.domain.arm_id import ArmId
from app.domain.vault import HealthSummary, Vault, VaultHealth


class Sku(msgspec.Struct, gc=False):
    name: Text = None


class RedundancySettings(msgspec.Struct, rename="camel", gc=False):
    standard_tier_storage_redundancy: Text = None


class VaultProperties(msgspec.Struct, rename="camel", gc=False):
    provisioning_state: Text = None
    redundancy_settings: RedundancySettings | None = None
    private_endpoint_state_for_site_recovery: Text = None


class VaultRecord(msgspec.Struct, gc=False):
    id: str
    name: Text = None
    location: Text = None
    sku: Sku | None = None
    tags: dict[str, Text] | None = None
    properties: VaultProperties | None = None


def _vault(record: VaultRecord) -> Vault:
    properties = record.properties or VaultProperties()
    arm_id = ArmId(record.id)
    settings = properties.redundancy_settings
    return Vault(
        id=arm_id,
        name=text(record.name) or arm_id.name,
        location=text(record.location),
        provisioning_state=text(properties.provisioning_state) or "Succeeded",
        sku=text(record.sku.name) if record.sku else "",
        redundancy=text(settings.standard_tier_storage_redundancy) if settings else "",
        tags=tuple((name, text(value)) for name, value in (record.tags or {}).items()),
        private_endpoints=text(properties.private_endpoint_state_for_site_recovery) or "None",
    )


class IssueRecord(msgspec.Struct, rename="camel", gc=False):
    summary_code: Text = None
    affected_resource_correlation_ids: list[str] | None = None


class SummaryRecord(msgspec.Struct, rename="camel", gc=False):
    resource_count: Number = None
    issues: list[IssueRecord] | None = None


class VaultHealthProperties(msgspec.Struct, rename="camel", gc=False):
    protected_items_health: SummaryRecord | None = None
    fabrics_health: SummaryRecord | None = None
    containers_health: SummaryRecord | None = None
    vault_errors: list[HealthErrorRecord] | None = None


class VaultHealthRecord(msgspec.Struct, gc=False):
    properties: VaultHealthProperties | None = None


def _vault_health(record: VaultHealthRecord) -> VaultHealth:
    properties = record.properties or VaultHealthProperties()
    return VaultHealth(
        protected_items=_summary(properties.protected_items_health),
        fabrics=_summary(properties.fabrics_health),
        containers=_summary(properties.containers_health),
        errors=health_errors(properties.vault_errors),
    )


def _summary(record: SummaryRecord | None) -> HealthSummary:
    if record is None:
        return HealthSummary(0)
    return HealthSummary(
        count=whole(record.resource_count) or 0,
        issues=tuple(
            (text(issue.summary_code), len(issue.affected_resource_correlation_ids or ()))
            for issue in record.issues or ()
        ),
    )


class ReplicationUsage(msgspec.Struct, rename="camel", gc=False):
    protected_item_count: Number = None
    registered_servers_count: Number = None


class ReplicationUsages(msgspec.Struct, rename="camel", gc=False):
    """The specification tells of a list; the service was seen to answer with its one entry, bare."""

    value: list[ReplicationUsage] | None = None
    protected_item_count: Number = None
    registered_servers_count: Number = None


def _usage(record: ReplicationUsages) -> tuple[int, int]:
    entries: list[ReplicationUsages] | list[ReplicationUsage] = [record] if record.value is None else record.value
    return (
        sum(whole(entry.protected_item_count) or 0 for entry in entries),
        sum(whole(entry.registered_servers_count) or 0 for entry in entries),
    )


class UsageName(msgspec.Struct, gc=False):
    value: Text = None


class Usage(msgspec.Struct, rename="camel", gc=False):
    name: UsageName | None = None
    current_value: Number = None


def _named_count(record: Usage) -> tuple[str, int]:
    return text(record.name.value) if record.name else "", whole(record.current_value) or 0


REPLICATION_USAGE: Kind[tuple[int, int]] = Kind("replication usage", ReplicationUsages, _usage)
"""Replicated items and registered servers."""
USAGE: Kind[tuple[str, int]] = Kind("usage", Usage, _named_count)
"""A name and its figure."""
VAULT: Kind[Vault] = Kind("vault", VaultRecord, _vault)
VAULT_HEALTH: Kind[VaultHealth] = Kind("vault health", VaultHealthRecord, _vault_health)
