"""What a replication policy may say: one frozen value of its figures, checked in one place.

Azure takes figures that help nobody (copies every 24 s, app-consistent points that never fit into what is kept), so
these rules are stricter than its API. They hold for policies that are new, changed, imported or there already; what
differs is how an old copy frequency is taken, and whom the policy serves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.bulk import Bulk
from app.domain.first_copy import check_first_copy
from app.domain.issue import Issue, Severity
from app.domain.naming_rules import check_name
from app.domain.protection import ReplicationPolicy
from app.domain.rules import NameKind, Rules
from app.domain.sizes import BYTES_PER_MIB
from app.domain.wording import named

_UNENCRYPTED = ("", "none", "disable", "disabled")


class PolicyOrigin(StrEnum):
    """Where figures come from; only those that are chosen anew have to be ones that Azure offers today."""

    NEW = "new"
    CHANGED = "changed"
    IMPORTED = "imported"
    EXISTING = "existing"


@dataclass(frozen=True, slots=True)
class PolicyFigures:
    """How often changes are sent, how long points are kept, how often one of them is app-consistent."""

    copy_frequency_s: int
    retention_h: int
    app_consistent_frequency_h: int

    @classmethod
    def of(cls, policy: ReplicationPolicy) -> PolicyFigures:
        return cls(policy.copy_frequency_s, policy.retention_h, policy.app_consistent_frequency_h)


class ServedMachine(Bulk, frozen=True):
    """A machine that a policy serves, as far as its figures matter to it.

    Attributes:
        has_dynamic_disks: whether a volume inside it lies on dynamic or striped disks; None where nobody knows.
        write_bytes: a second, on average; None where it was not measured.
    """

    name: str
    has_premium_storage: bool = False
    has_dynamic_disks: bool | None = None
    write_bytes: float | None = None


@dataclass(frozen=True, slots=True)
class PolicyGround:
    """What figures are judged on beside the limits.

    Attributes:
        machines: those that replicate with the policy, or are to.
        premium_account: the premium storage account that new machines will replicate to.
        has_premium_disks: whether they will replicate to premium managed disks.
        had_copy_frequency_s: what a policy that is changed has now.
    """

    origin: PolicyOrigin = PolicyOrigin.NEW
    machines: tuple[ServedMachine, ...] = ()
    premium_account: str = ""
    has_premium_disks: bool = False
    had_copy_frequency_s: int | None = None


_NEW = PolicyGround()


def check_figures(figures: PolicyFigures, rules: Rules, ground: PolicyGround = _NEW) -> tuple[Issue, ...]:
    """Issues by field name, in the order of the rules."""
    limits = rules.policy
    found: list[Issue | None] = [
        _check_copy_frequency(figures.copy_frequency_s, rules, ground),
        _check_premium(figures.copy_frequency_s, rules, ground),
    ]
    has_retention = limits.retention_min_h <= figures.retention_h <= limits.retention_max_h
    if not has_retention:
        text = f"Keep recovery points for {limits.retention_min_h} to {limits.retention_max_h} hours."
        found.append(Issue("retention_h", text, short="Retention is out of range"))
    consistent = _check_app_consistent(
        figures.app_consistent_frequency_h, figures.retention_h if has_retention else None, rules
    )
    found.append(
        consistent
        or _check_dynamic_disks(figures.app_consistent_frequency_h, ground.machines)
        or _check_hourly(figures.app_consistent_frequency_h, rules, ground)
    )
    return tuple(issue for issue in found if issue is not None)


def check_policy(
    *,
    name: str,
    copy_frequency_s: int,
    retention_h: int,
    app_consistent_frequency_h: int,
    start_at: str,
    now: datetime,
    rules: Rules,
    names_in_use: Collection[str] = (),
    ground: PolicyGround = _NEW,
    quiet_from: str = "",
    quiet_to: str = "",
) -> tuple[Issue, ...]:
    """A policy that is to be created, by field name. `names_in_use` are the policies of the vault, in lower case."""
    problem = check_name(NameKind.POLICY, name, rules)
    if problem is None and name.lower() in names_in_use:
        problem = "A policy of this name exists with other figures. Choose it from the list, or type another name."
    figures = PolicyFigures(copy_frequency_s, retention_h, app_consistent_frequency_h)
    issues = (
        *check_figures(figures, rules, ground),
        *check_first_copy(start_at, quiet_from, quiet_to, now, rules),
    )
    if not problem:
        return issues
    return (Issue("name", problem, short="Policy name" if name else "Policy name is missing"), *issues)


def check_existing(
    policy: ReplicationPolicy, rules: Rules, machines: Sequence[ServedMachine] = ()
) -> tuple[Issue, ...]:
    """What is wrong with a policy that is there already, whoever made it with whatever."""
    ground = PolicyGround(PolicyOrigin.EXISTING, tuple(machines))
    issues = check_figures(PolicyFigures.of(policy), rules, ground)
    if not is_encrypted(policy):
        return issues
    retired = rules.policy.encryption.retired
    text = (
        f"It encrypts by the feature that Azure retired on {retired}: its machines can’t fail over. "
        "Disable their replication, create a new policy, and enable them with that."
    )
    return (Issue("encryption", text, short="Retired encryption"), *issues)


def is_encrypted(policy: ReplicationPolicy) -> bool:
    """Whether it has the data encryption of the time before storage accounts encrypted all by themselves."""
    return policy.encryption.strip().lower() not in _UNENCRYPTED


def machine_warnings(figures: PolicyFigures, machine: ServedMachine, rules: Rules) -> tuple[str, ...]:
    """What the figures mean for one machine, each in a few words."""
    found: list[str] = []
    if machine.has_premium_storage and _is_too_often(figures.copy_frequency_s, rules):
        found.append(f"premium storage: not every {copy_frequency_text(figures.copy_frequency_s)}")
    if machine.has_dynamic_disks and figures.app_consistent_frequency_h:
        found.append("dynamic disks: no app-consistent points")
    if figures.app_consistent_frequency_h == 1 and is_busy(machine, rules):
        found.append(f"writes {_mib(machine):.1f} MiB/s: hourly points slow it")
    return tuple(found)


def offered_frequencies(rules: Rules, had: int | None = None) -> tuple[int, ...]:
    """What to choose from, the one that a policy has already among them."""
    offered = rules.policy.copy_frequencies_s
    is_old = had in rules.policy.old_copy_frequencies_s and had not in offered
    return (*offered, had) if had is not None and is_old else offered


def copy_frequency_text(seconds: int) -> str:
    """`30 s` or `5 min`."""
    return f"{seconds} s" if seconds % 60 else f"{seconds // 60} min"


def figures_text(figures: PolicyFigures) -> str:
    """`5 min, keep 12 h, app 4 h`."""
    app = f"app {figures.app_consistent_frequency_h} h" if figures.app_consistent_frequency_h else "no app points"
    return f"{copy_frequency_text(figures.copy_frequency_s)}, keep {figures.retention_h} h, {app}"


# One rule each


def _check_copy_frequency(seconds: int, rules: Rules, ground: PolicyGround) -> Issue | None:
    limits = rules.policy
    field = "copy_frequency_s"
    if seconds in limits.copy_frequencies_s:
        return None
    choices = " or ".join(copy_frequency_text(each) for each in limits.copy_frequencies_s)
    every = copy_frequency_text(seconds)
    is_kept = ground.origin in (PolicyOrigin.EXISTING, PolicyOrigin.IMPORTED) or seconds == ground.had_copy_frequency_s
    if seconds in limits.old_copy_frequencies_s and is_kept:
        text = f"{every} is from an older time: it goes on, but Azure offers {choices} today."
        return Issue(field, text, Severity.WARNING, short=f"{every} is not offered any more")
    text = f"Azure copies every {choices}; {every} is not offered."
    return Issue(field, text, short="Copy frequency is not offered")


def _check_premium(seconds: int, rules: Rules, ground: PolicyGround) -> Issue | None:
    if not _is_too_often(seconds, rules):
        return None
    field, least = "copy_frequency_s", copy_frequency_text(rules.storage.premium_min_copy_frequency_s)
    every = copy_frequency_text(seconds)
    short = f"{every} with premium storage"
    if ground.premium_account:
        text = (
            f"{ground.premium_account} is premium storage, which takes no copies every {every}. "
            f"Choose {least}, or a standard account on Target."
        )
        return Issue(field, text, short=short)
    if ground.has_premium_disks:
        text = f"Premium disks take no copies every {every}. Choose {least}, or another type of disk on Target."
        return Issue(field, text, short=short)
    premium = [machine.name for machine in ground.machines if machine.has_premium_storage]
    if not premium:
        return None
    verb = "replicates" if len(premium) == 1 else "replicate"
    text = f"{named(premium)} {verb} to premium storage, which takes no copies every {every}. "
    if len(premium) == len(ground.machines):
        return Issue(field, f"{text}Choose {least}.", short=short)
    text += f"Give {'it' if len(premium) == 1 else 'them'} a policy of {least}; the others can have this one."
    return Issue(field, text, Severity.WARNING, short=short)


def _is_too_often(seconds: int, rules: Rules) -> bool:
    return 0 < seconds < rules.storage.premium_min_copy_frequency_s


def _check_app_consistent(frequency_h: int, retention_h: int | None, rules: Rules) -> Issue | None:
    """With `retention_h` None, not known, only the frequency itself is judged."""
    limits = rules.policy
    field = "app_consistent_frequency_h"
    short = "Application-consistent points"
    if frequency_h == 0:  # none at all, which every machine can do with
        return None
    if not limits.app_consistent_min_h <= frequency_h <= limits.app_consistent_max_h:
        text = f"Take one every {limits.app_consistent_min_h} to {limits.app_consistent_max_h} hours, or 0 for none."
        return Issue(field, text, short=short)
    if retention_h is None:
        return None
    if retention_h == 0:
        text = "With a retention of 0 hours only the latest point is kept: set this to 0, or keep points longer."
        return Issue(field, text, short=short)
    if frequency_h >= retention_h:
        most = f"at most {retention_h - 1}" if retention_h > 1 else "0"
        text = (
            f"An app-consistent point every {_hours(frequency_h)} never fits into {_hours(retention_h)} of retention. "
            f"Use {most}, or keep points longer."
        )
        return Issue(field, text, short=short)
    return None


def _check_dynamic_disks(frequency_h: int, machines: Iterable[ServedMachine]) -> Issue | None:
    dynamic = [machine.name for machine in machines if machine.has_dynamic_disks]
    if not frequency_h or not dynamic:
        return None
    verb, them = ("has", "its") if len(dynamic) == 1 else ("have", "their")
    text = (
        f"{named(dynamic)} {verb} dynamic or striped disks, and {them} snapshots would fail. "
        "Set this to 0, or give such machines a policy of their own."
    )
    return Issue("app_consistent_frequency_h", text, short="Dynamic disks: no app-consistent points")


def _check_hourly(frequency_h: int, rules: Rules, ground: PolicyGround) -> Issue | None:
    if frequency_h != 1:
        return None
    field = "app_consistent_frequency_h"
    busy = [machine for machine in ground.machines if is_busy(machine, rules)]
    if busy:
        most = max(map(_mib, busy))
        much = f"{most:.1f} MiB/s" if len(busy) == 1 else f"up to {most:.1f} MiB/s"
        verb = "writes" if len(busy) == 1 else "write"
        text = (
            f"{named([machine.name for machine in busy])} {verb} {much}, and each hourly application-consistent point "
            "slows down the machine. Take them less often."
        )
        return Issue(field, text, Severity.WARNING, short="Hourly points on busy machines")
    if ground.origin is PolicyOrigin.EXISTING:
        return None
    text = "Hourly application-consistent points slow busy machines. Take them less often for databases under load."
    return Issue(field, text, Severity.INFO)


def is_busy(machine: ServedMachine, rules: Rules) -> bool:
    """Whether it was measured to write so much that it feels each application-consistent point."""
    return machine.write_bytes is not None and _mib(machine) >= rules.policy.snapshots.busy_write_mib_s


def _mib(machine: ServedMachine) -> float:
    return (machine.write_bytes or 0.0) / BYTES_PER_MIB


def _hours(number: int) -> str:
    return "1 hour" if number == 1 else f"{number} hours"
