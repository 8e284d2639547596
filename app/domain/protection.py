"""What can be protected and how: containers, policies, their mappings, and protectable items."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.arm_id import ArmId
from app.domain.health import HealthError

REPLICATION_PROVIDER = "HyperVReplicaAzure"
AZURE_CONTAINER = "Microsoft Azure"
"""The literal that stands where an ARM id of Azure's side would."""


@dataclass(frozen=True, slots=True)
class ProtectionContainer:
    id: ArmId
    name: str
    friendly_name: str
    fabric_name: str
    fabric_kind: str
    pairing_status: str = ""
    protected_item_count: int = 0

    @property
    def fabric_id(self) -> ArmId:
        return self.id.up_to("replicationFabrics")


@dataclass(frozen=True, slots=True)
class ReplicationPolicy:
    id: ArmId
    name: str
    friendly_name: str
    kind: str
    """`HyperVReplicaAzure` for ours."""
    copy_frequency_s: int = 0
    retention_h: int = 0
    app_consistent_frequency_h: int = 0
    initial_replication_start: str = ""
    encryption: str = ""
    storage_account_id: str = ""


@dataclass(frozen=True, slots=True)
class ContainerMapping:
    """Says that a policy may be used by the machines of a container."""

    id: ArmId
    name: str
    policy_id: ArmId
    policy_friendly_name: str
    state: str
    health: str = "Normal"
    errors: tuple[HealthError, ...] = ()

    @property
    def container_id(self) -> ArmId:
        return self.id.up_to("replicationProtectionContainers")


class Presence(StrEnum):
    """What Azure knows of a property that blocks protection."""

    PRESENT = "Present"
    NOT_PRESENT = "NotPresent"
    UNKNOWN = "Unknown"

    @classmethod
    def read(cls, text: str | None) -> Presence:
        for member in cls:
            if text is not None and member.value.lower() == text.lower():
                return member
        return cls.UNKNOWN


class OsType(StrEnum):
    WINDOWS = "Windows"
    LINUX = "Linux"
    UNKNOWN = ""

    @classmethod
    def read(cls, text: str | None) -> OsType:
        lowered = (text or "").lower()
        if lowered.startswith("win"):
            return cls.WINDOWS
        return cls.LINUX if lowered.startswith("linux") else cls.UNKNOWN


@dataclass(frozen=True, slots=True)
class SourceDisk:
    vhd_id: str
    name: str
    size_mib: int
    kind: str = ""
    """`OperatingSystem` or `Data`; Azure often calls the only disk `Data`."""


@dataclass(frozen=True, slots=True)
class ProtectableItem:
    """A virtual machine that a registered host reported."""

    id: ArmId
    name: str
    """The Hyper-V machine GUID."""
    friendly_name: str
    protection_status: str
    protected_item_id: str = ""
    provider_id: str = ""
    generation: int = 0
    """1 or 2; 0 when Azure does not know."""
    os_type: OsType = OsType.UNKNOWN
    os_name: str = ""
    disks: tuple[SourceDisk, ...] = ()
    has_physical_disk: Presence = Presence.UNKNOWN
    has_fibre_channel: Presence = Presence.UNKNOWN
    has_shared_vhd: Presence = Presence.UNKNOWN
    host_id: str = ""
    readiness_errors: tuple[HealthError, ...] = ()

    @property
    def is_protected(self) -> bool:
        return self.protection_status == "Protected"

    @property
    def container_id(self) -> ArmId:
        return self.id.up_to("replicationProtectionContainers")

    @property
    def size_mib(self) -> int:
        return sum(disk.size_mib for disk in self.disks)
