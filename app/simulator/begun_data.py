"""What a scenario may find begun already, as data: vaults, sites, machines anywhere in their life, jobs and events.

`app.simulator.begun` puts it down. Whatever is left out takes the value that a request would give it. Things are named,
not identified: a vault by its group and name, a site by its name in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from app.simulator.crowd_data import HoldsData


class VaultData(Struct, forbid_unknown_fields=True):
    """A vault beside the one the scenario is about. In another subscription its group is made with it."""

    group: str
    name: str
    location: str = ""
    redundancy: str = ""
    holds: HoldsData | None = None
    sku: dict[str, str] | None = None
    tags: dict[str, str] | None = None
    alerts: dict[str, Any] | None = None


class SubscriptionData(Struct, forbid_unknown_fields=True):
    """A subscription beside the scenario's own.

    Attributes:
        tenant: a tenant's id; empty is the scenario's own.
        state: `Enabled`, `Disabled`, `Warned`, `PastDue` or `Deleted`.
        role: the built-in role that everybody has there who can get a token for its tenant; empty is none.
        unregistered: resource providers that are not registered in it.
        lock: the level of a lock on each of its groups, `CanNotDelete` or `ReadOnly`; empty is none.
    """

    id: str
    name: str
    tenant: str = ""
    state: str = "Enabled"
    role: str = "Owner"
    unregistered: list[str] = field(default_factory=list)
    lock: str = ""
    vaults: list[VaultData] = field(default_factory=list)


class SiteData(Struct, forbid_unknown_fields=True):
    """A Hyper-V site. Its container is named after `identifier`; there is none before the first host."""

    name: str
    vault: str = ""
    identifier: str = ""
    has_container: bool = True


class DiskData(Struct, forbid_unknown_fields=True):
    name: str
    size_mib: int
    used_mib: int
    id: str = ""
    churn_mib_s: float = 0.1
    controller: str = ""


class NicData(Struct, forbid_unknown_fields=True):
    switch: str
    id: str = ""
    ip: str | None = None


class MappingData(Struct, forbid_unknown_fields=True):
    """The association of a policy with a site."""

    name: str
    policy: str
    vault: str = ""
    site: str = ""


class PointData(Struct, forbid_unknown_fields=True):
    """A recovery point that was taken before the scenario begins."""

    name: str
    at: datetime
    type: str = "CrashConsistent"


class ItemData(Struct, forbid_unknown_fields=True):
    """A protected machine, wherever in its life it is.

    Attributes:
        machine: id of a machine of this scenario.
        state: its protectionState, in the service's words; `vm_state` where two stations share it.
        warns: whether it is told that no test failover was ever done.
        tells_age: whether it tells how old its replica is.
        points: recovery points taken before; later ones come by themselves.
        target, nics, disks: fields of the records of these names, where they are not as a request makes them.
    """

    name: str
    machine: str
    policy: str
    vault: str = ""
    site: str = ""
    state: str = "Protected"
    vm_state: str = ""
    test_state: str = "None"
    trouble: str | None = None
    warns: bool = True
    tells_age: bool = True
    points: list[PointData] = field(default_factory=list)
    replicating_since: datetime | None = None
    stopped: datetime | None = None
    last_test: datetime | None = None
    last_failover: datetime | None = None
    failover_point: str | None = None
    os_type: str | None = None
    correlation: str = ""
    target: dict[str, Any] = field(default_factory=dict)
    nics: list[dict[str, Any]] = field(default_factory=list)
    disks: list[dict[str, Any]] = field(default_factory=list)


class PlanGroupData(Struct, forbid_unknown_fields=True):
    """A group of a plan; `items` are names of protected machines of the scenario."""

    type: str
    items: list[str] = field(default_factory=list)
    before: list[dict[str, Any]] = field(default_factory=list)
    after: list[dict[str, Any]] = field(default_factory=list)


class PlanData(Struct, forbid_unknown_fields=True):
    """A recovery plan, with what was done with it last and when each kind of run was last begun."""

    name: str
    vault: str = ""
    site: str = ""
    deployment_model: str = "ResourceManager"
    groups: list[PlanGroupData] = field(default_factory=list)
    scenario: str | None = None
    scenario_job: str | None = None
    scenario_started: datetime | None = None
    status: str | None = None
    status_description: str | None = None
    last: dict[str, datetime] = field(default_factory=dict)


class ErrorData(Struct, forbid_unknown_fields=True):
    code: str
    message: str = ""
    causes: str = ""
    action: str = ""
    task: int | None = None
    provider_code: int = 0
    provider_message: str | None = None


class TaskData(Struct, forbid_unknown_fields=True):
    """A step of a job; without `started` it has not begun, without `ended` it is not over.

    Attributes:
        work: id of the job that the step runs for one machine, in a recovery plan, with what it is about.
    """

    id: str
    name: str
    friendly_name: str
    kind: str = "TaskDetails"
    started: datetime | None = None
    ended: datetime | None = None
    skipped: bool = False
    group_type: str = ""
    group_name: str = ""
    children: list[TaskData] = field(default_factory=list)
    work: dict[str, str] | None = None


class JobData(Struct, forbid_unknown_fields=True):
    """A job of the past, or one that is under way: then it has no `ended`. What it changes is not told here.

    Attributes:
        friendly_name: where the scenario is none that the practice vault starts.
        tasks: its steps, where they are not those of its scenario.
        remark: code and message shown beside a success.
    """

    name: str
    scenario: str
    started: datetime
    vault: str = ""
    ended: datetime | None = None
    friendly_name: str = ""
    target_type: str | None = None
    target_id: str = ""
    target_name: str = ""
    affected: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    tasks: list[TaskData] | None = None
    error: ErrorData | None = None
    remark: tuple[str, str] | None = None
    cancelled: bool = False


class OperationData(Struct, forbid_unknown_fields=True):
    """A long-running operation outside Site Recovery that is followed; `vault` is what it is about, if one."""

    name: str
    ends: datetime
    vault: str = ""


class EventData(Struct, forbid_unknown_fields=True):
    name: str
    at: datetime
    code: str
    type: str
    description: str
    affected: str
    severity: str
    vault: str = ""
    site: str | None = None
    details: dict[str, Any] | None = None
    provider_details: dict[str, Any] | None = None
    errors: list[ErrorData] = field(default_factory=list)
