"""Readiness files as the script writes them, made without it: for tests of what reads them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

GIB = 1 << 30
ENDED = "2026-08-26T09:00:00Z"
BACKUP = "5CED1297-4598-4915-A5FC-AD21BB4D02A4"

Json = dict[str, Any]


def machine_id(number: int) -> str:
    return f"a5c00000-0000-4000-8000-{number:012x}"


def disk(path: str, **changes: Any) -> Json:
    return {
        "path": path,
        "disk_number": None,
        "is_shared": False,
        "size": 127 * GIB,
        "file_size": 40 * GIB,
        "format": "VHDX",
        "growth": "Dynamic",
        "logical_sector": 512,
        "physical_sector": 4096,
        "controller": "SCSI 0:0",
        "is_boot": True,
        "chain": [],
        "error": None,
    } | changes


def machine(number: int = 1, **changes: Any) -> Json:
    """A machine that nothing speaks against."""
    name = changes.get("name", f"VM-{number:04d}")
    return {
        "id": machine_id(number),
        "name": name,
        "state": "Running",
        "generation": 2,
        "configuration": "9.0",
        "cores": 4,
        "memory": 8 * GIB,
        "is_clustered": False,
        "guest_os": "Windows Server 2022 Datacenter",
        "disks": [disk(f"D:\\VMs\\{name}\\{name}.vhdx")],
        "nics": [{"name": "Network Adapter", "mac": "00155D010203", "switch": "LAN", "is_legacy": False}],
        "checkpoints": [],
        "integration": [{"component": BACKUP, "is_enabled": True}],
        "integration_state": "",
        "fibre_channel": 0,
        "secure_boot": False,
        "is_shielded": False,
        "replica": None,
        "problems": [],
    } | changes


def host(name: str = "HV-HQ-01", machines: Sequence[Json] | None = None, **changes: Any) -> Json:
    return {
        "name": name,
        "fqdn": f"{name.lower()}.contoso.com",
        "is_reached": True,
        "problem": "",
        "ended": ENDED,
        "is_elevated": True,
        "is_64_bit": True,
        "language_mode": "FullLanguage",
        "powershell": "5.1.20348.2400",
        "system": {"caption": "Microsoft Windows Server 2022 Datacenter", "build": 20348},
        "checks": [],
        "volumes": [
            {"path": "C:\\", "size": 500 * GIB, "free": 200 * GIB, "file_system": "NTFS"},
            {"path": "D:\\", "size": 4000 * GIB, "free": 1000 * GIB, "file_system": "ReFS"},
        ],
        "switches": [{"name": "LAN", "kind": "External"}],
        "machines": [machine(1)] if machines is None else list(machines),
    } | changes


def document(*hosts: Json, **changes: Any) -> Json:
    return {
        "schema": "site-recovery-desk/readiness",
        "version": "1.0",
        "script_version": "1.0",
        "started": "2026-08-26T08:59:00Z",
        "ended": ENDED,
        "cluster": None,
        "hosts": list(hosts) or [host()],
    } | changes


def minutes(
    instances: Sequence[str], count: int, *, rates: Sequence[float] = (1_000_000, 50, 500_000, 20), node: str = ""
) -> list[Json]:
    """So many minutes in which each of the counter's disks has the same rates."""
    start = datetime(2026, 8, 26, 9, tzinfo=UTC)
    return [
        {
            "at": (start + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "new": [[number, node, name] for number, name in enumerate(instances)] if minute == 0 else [],
            "values": [[number, *rates, 4] for number in range(len(instances))],
        }
        for minute in range(count)
    ]


def with_churn(document: Json, measured: Sequence[Json], *, is_whole: bool = True, line_break: str = "\r\n") -> str:
    """The text as the script writes it: a minute a line, and the end last."""
    head = json.dumps(document)[:-1] + ', "churn": {"source":"wmi","interval_s":15,"minutes":['
    lines = [head, *(f"{json.dumps(minute)}," for minute in measured)]
    return line_break.join([*lines, '{"end":true}]}}' if is_whole else ""])


def write(path: Path, content: Json | str, encoding: str = "utf-8") -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding=encoding)
    return path


def large(count: int = 500) -> Json:
    """A host with so many machines of three disks each."""
    chance = random.Random(1)
    machines = []
    for number in range(count):
        name = f"VM-{number:04d}"
        disks = [
            disk(
                f"D:\\VMs\\{name}\\{name}-{part}.vhdx",
                file_size=chance.randrange(10 * GIB, 100 * GIB),
                controller=f"SCSI 0:{part}",
                is_boot=part == 0,
            )
            for part in range(3)
        ]
        machines.append(machine(number + 1, name=name, disks=disks))
    return document(host(machines=machines))
