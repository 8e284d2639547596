"""The Recovery Services vault and its summary of health."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.arm_id import ArmId
from app.domain.health import HealthError


@dataclass(frozen=True, slots=True)
class Vault:
    id: ArmId
    name: str
    location: str
    provisioning_state: str = "Succeeded"
    sku: str = ""
    redundancy: str = ""
    """`LocallyRedundant`, `ZoneRedundant`, `GeoRedundant`; empty where Azure does not tell."""
    tags: tuple[tuple[str, str], ...] = ()
    private_endpoints: str = "None"
    """Of Site Recovery: `None` or `Enabled`."""

    @property
    def resource_group(self) -> str:
        return self.id.resource_group


@dataclass(frozen=True, slots=True)
class HealthSummary:
    """One row of the vault's health: how many of a kind, and what troubles them."""

    count: int
    issues: tuple[tuple[str, int], ...] = ()
    """Azure's summary code with the number of resources it touches."""


@dataclass(frozen=True, slots=True)
class VaultHealth:
    protected_items: HealthSummary
    fabrics: HealthSummary
    containers: HealthSummary
    errors: tuple[HealthError, ...] = ()
