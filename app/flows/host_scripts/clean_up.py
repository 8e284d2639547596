"""The script that clears what a registration left on a host."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.host_rules import HostRules
from app.flows.host_scripts.checks import host_asking
from app.flows.host_scripts.quoting import comment, file_name, literal, value
from app.flows.host_scripts.scripts import HostScript
from app.flows.host_scripts.template import fill, template

_GUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


class CleanUpKind(StrEnum):
    REMOVED = "removed"
    """Azure removed the host in order."""
    PURGED = "purged"
    """Azure was told to forget a host that was gone."""


@dataclass(frozen=True, slots=True)
class ReplicatedMachine:
    """A machine whose replication ended in Azure alone.

    Attributes:
        id: its Hyper-V GUID.
    """

    name: str
    id: str


_USED = frozenset({"ProviderService", "RegistrationKey", "RegistrationSubkeys", "RegistrationValues", "Certificates"})
_KINDS = {
    CleanUpKind.REMOVED: (
        "The host was removed from its vault in order. Most of this is done by then; the script clears what is left."
    ),
    CleanUpKind.PURGED: (
        "The host was gone when Azure was told to forget it, so it knows nothing of that. Run this when it is back,\n"
        "before it is registered again."
    ),
}


def clean_up_script(
    kind: CleanUpKind, host: str, rules: HostRules, machines: Sequence[ReplicatedMachine] = ()
) -> HostScript:
    """The script for one host; of `machines` it also ends the replication in Hyper-V.

    Raises:
        ValueError: a machine's id is no GUID.
    """
    ids = [machine.id.strip("{}").upper() for machine in machines]
    for each in ids:
        if not _GUID.fullmatch(each):
            raise ValueError(f"{each!r} is no id of a machine")
    parts = {
        "about_host": comment(host),
        "about_kind": _KINDS[kind],
        "about_machines": comment(", ".join(machine.name for machine in machines) or "none"),
        "computer_name": literal(host),
        "machines": value([{"Id": id_, "Name": machine.name} for id_, machine in zip(ids, machines, strict=True)]),
        "host_asking": host_asking(rules, _USED),
        "host_note": template("host_note.ps1"),
    }
    ends = " and ends the replication of its machines in Hyper-V" if machines else ""
    return HostScript(
        file_name("Clean-up", host),
        f"Clear the registration of {host}",
        f"Removes what the registration left on {host}{ends}. Asks for the host’s name first; -WhatIf only tells.",
        fill(template("clean_up_host.ps1"), parts),
        host,
    )
