"""What can have happened before a scenario begins. A file writes each as `[[past]]` with `ago` and `do`."""

from __future__ import annotations

from msgspec import Struct, field


class Past(Struct, forbid_unknown_fields=True, tag_field="do", kw_only=True):
    """Something that happened.

    Attributes:
        ago: how long before the scenario begins.
    """

    ago: str


class ToMachines(Past, kw_only=True):
    """Something done to machines, by one job each.

    Attributes:
        fails: the jobs are to fail, for a reason that the file gives elsewhere.
    """

    machines: list[str]
    fails: bool = False


class Protect(ToMachines, tag="protect"):
    """Replication was enabled, to the scenario's first account and network unless others are named.

    Attributes:
        leave_out: positions of the disks that are not replicated.
        copied_percent: the first copy is still under way, and has come this far when the scenario begins.
        target_name: for one machine, its name in Azure.
    """

    account: str | None = None
    network: str | None = None
    size: str | None = None
    target_name: str | None = None
    leave_out: list[int] = field(default_factory=list)
    copied_percent: float | None = None


class Test(ToMachines, tag="test"):
    """A test failover, in the network named or the machine's own."""

    network: str | None = None


class CleanUp(ToMachines, tag="clean up"):
    comments: str = ""


class FailOver(ToMachines, tag="fail over"):
    """A failover; a planned one shuts the machine down and loses nothing."""

    planned: bool = False


class ChangePoint(ToMachines, tag="change point"):
    """Another recovery point was chosen after a failover: the one that was newest so long before it."""

    back: str = "1h"


class Commit(ToMachines, tag="commit"):
    """A failover or a failback was committed."""


class FailBack(ToMachines, tag="fail back"):
    """With `copies_first` the machine in Azure runs on while it is copied, and then the job waits for the user."""

    copies_first: bool = False


class Resume(ToMachines, tag="resume"):
    """The job that waits for the user at each machine was told to go on."""


class Reprotect(ToMachines, tag="reprotect"):
    """Replication to Azure was started again after a failback."""


class Resynchronize(ToMachines, tag="resynchronize"):
    pass


class Disable(ToMachines, tag="disable"):
    """Replication was ended."""


class BreakReplication(Past, tag="break replication"):
    """Hyper-V gave up replicating these machines: they want resynchronizing."""

    machines: list[str]


class SetTarget(ToMachines, tag="set target", kw_only=True):
    """What machines are to be in Azure was changed. An empty network is none.

    Attributes:
        address, test_address: of their first adapter, in a failover and in a test failover.
    """

    network: str | None = None
    subnet: str | None = None
    address: str | None = None
    test_address: str | None = None


class BeginFault(Past, tag="begin fault", kw_only=True):
    """Something began to go wrong that the practice controls know, and goes on until somebody ends it."""

    fault: str
    machine: str | None = None


class Plan(Past, tag="make plan"):
    """A recovery plan was made; each group is a list of machines."""

    name: str
    groups: list[list[str]]


class RunPlan(Past, tag="run plan"):
    """A recovery plan was run: test, planned or unplanned failover, clean-up or commit."""

    name: str
    operation: str
    network: str | None = None


class Silence(Past, tag="silence"):
    """Hosts lost their connection to Azure."""

    hosts: list[str]


class Answer(Past, tag="answer"):
    """Hosts found their connection again."""

    hosts: list[str]


class Versions(Past, tag="install"):
    """Hosts run these versions of the Provider and the agent."""

    hosts: list[str]
    provider: str | None = None
    agent: str | None = None


class Line(Past, tag="change line"):
    """A site got another connection to Azure."""

    upload_mib_s: float
    site: str | None = None


class Quota(Past, tag="change quota"):
    """The subscription may use so many cores in each region."""

    cores: int


class Delete(Past, tag="delete"):
    """Somebody deleted a network or a storage account in the scenario's resource group."""

    network: str | None = None
    account: str | None = None


Deed = (
    Protect
    | Test
    | CleanUp
    | FailOver
    | ChangePoint
    | Commit
    | FailBack
    | Resume
    | Reprotect
    | Resynchronize
    | Disable
    | BreakReplication
    | SetTarget
    | BeginFault
    | Plan
    | RunPlan
    | Silence
    | Answer
    | Versions
    | Line
    | Quota
    | Delete
)
