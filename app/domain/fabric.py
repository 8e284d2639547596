"""A fabric (in the window: Hyper-V site) and the providers (registered hosts) in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.arm_id import ArmId
from app.domain.health import Health, HealthError

HYPER_V_SITE = "HyperVSite"


@dataclass(frozen=True, slots=True)
class FabricHost:
    """A Hyper-V host as the fabric lists it; the only place where Azure tells the agent's version."""

    id: str
    name: str
    agent_version: str = ""


@dataclass(frozen=True, slots=True)
class Fabric:
    id: ArmId
    name: str
    friendly_name: str
    kind: str
    """`HyperVSite` for ours; others (VMM, VMware, Azure) are shown as not served."""
    internal_id: str = ""
    health: Health = Health.NORMAL
    bcdr_state: str = ""
    hosts: tuple[FabricHost, ...] = ()
    errors: tuple[HealthError, ...] = ()

    @property
    def is_hyper_v_site(self) -> bool:
        return self.kind == HYPER_V_SITE


@dataclass(frozen=True, slots=True)
class RecoveryServicesProvider:
    """A registered host."""

    id: ArmId
    name: str
    friendly_name: str
    provider_version: str = ""
    version_state: str = ""
    is_connected: bool = True
    last_heartbeat: datetime | None = None
    protected_item_count: int = 0
    server_version: str = ""
    allowed_scenarios: tuple[str, ...] = ()
    errors: tuple[HealthError, ...] = ()

    def is_silent(self, now: datetime, after: timedelta) -> bool:
        """Whether Azure calls it disconnected, or has not heard of it for longer than `after`."""
        if not self.is_connected:
            return True
        return self.last_heartbeat is not None and now - self.last_heartbeat > after
