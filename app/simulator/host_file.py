"""What the readiness script would write on the hosts of a practice company: one JSON document, in its own words.

A host that has been made to fail a check fails the same one here. Left out: clusters, and what goes wrong while hosts
are asked.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator

from app.simulator import records as rec
from app.simulator.host_checks import CHECKS, Check
from app.simulator.host_script import broken_checks
from app.simulator.wire import Json, whole_second_text
from app.simulator.world import World

MEASURED_MIN = 60
_GIB = 1 << 30
_MIB = 1 << 20
_WRITE = 16 * 1024
_PASSED = (
    ("elevated", "elevated"),
    ("bits", "AMD64"),
    ("language_mode", "FullLanguage, PowerShell 5.1.20348.2700"),
    ("system", "Microsoft Windows Server 2022 Datacenter, build 20348"),
    ("edition", "Server"),
    ("role", "Hyper-V is installed and runs"),
    ("not_a_dc", "no domain controller"),
    ("dotnet", "4.6.2 or later, release 528449"),
    ("tls", "TLS 1.2 is not switched off; strong cryptography is set"),
    ("services", "w32time, winmgmt run"),
    ("switches", "2 switches, none with #"),
    ("clock", "0.1 s off time.windows.com"),
    ("space", "148 GiB free on C:"),
    ("restart", "no restart is waiting"),
    ("no_other_tool", "none of those that are looked for"),
)
_CALLED = {
    "elevated": "elevated",
    "operating_system": "system",
    "hyper_v": "role",
    "domain_controller": "not_a_dc",
    "dotnet": "dotnet",
    "tls": "tls",
    "services": "services",
    "switch_names": "switches",
    "clock": "clock",
    "free_space": "space",
    "pending_restart": "restart",
    "other_product": "no_other_tool",
}
"""What the readiness script calls the checks of `host_checks`."""
_BACKUP = "5CED1297-4598-4915-A5FC-AD21BB4D02A4"


def readiness_parts(world: World, hosts: list[rec.Host], now: float) -> Iterator[bytes]:
    """The file as the script leaves it, piece by piece: a line for each minute, and the end last."""
    started = now - MEASURED_MIN * 60
    head: Json = {
        "schema": "site-recovery-desk/readiness",
        "version": "1.0",
        "script_version": "1.0",
        "started": whole_second_text(started - 60),
        "ended": whole_second_text(started),
        "cluster_problem": "",
        "missing": [],
        "cluster": None,
    }
    yield f'{json.dumps(head)[:-1]},"hosts":[\r\n'.encode()
    for place, host in enumerate(hosts):
        separator = ",\r\n" if place else ""
        yield f"{separator}{json.dumps(_host(world, host, place, started))}".encode()
    yield f'],"churn":{{"source":"wmi","interval_s":15,"started":"{head["ended"]}","minutes":[\r\n'.encode()
    for line in _minutes(world, hosts, started):
        yield f"{line}\r\n".encode()
    yield b'{"end":true}]}}\r\n'


def _host(world: World, host: rec.Host, place: int, at: float) -> Json:
    machines = list(_machines(world, host))
    stored = sum(disk.size_mib for machine in machines for disk in machine.disks) * _MIB
    free = round(stored * (1.4 if place % 2 == 0 else 0.6))
    broken = broken_checks(world, host)
    fails = {_CALLED.get(check.id): check for check in CHECKS if check.id in broken}
    checks = [_line(name, value, fails.get(name)) for name, value in _PASSED]
    is_elevated = "elevated" not in fails
    return {
        "name": host.name.partition(".")[0].upper(),
        "fqdn": host.name.lower() if "." in host.name else None,
        "is_reached": True,
        "problem": "",
        "ended": whole_second_text(at),
        "is_elevated": is_elevated,
        "language_mode": "FullLanguage",
        "powershell": "5.1.20348.2700",
        "is_64_bit": True,
        "culture": "en-US",
        "ui_culture": "en-US",
        "system": {"caption": "Microsoft Windows Server 2022 Datacenter", "build": 20348, "product_type": 3},
        "checks": checks,
        "volumes": [
            {"path": "C:\\", "size": 237 * _GIB, "free": 148 * _GIB, "file_system": "NTFS"},
            {"path": "D:\\", "size": stored + free, "free": free, "file_system": "ReFS"},
        ],
        "switches": [{"name": "Servers", "kind": "External"}, {"name": "Web", "kind": "External"}],
        "machines": [_machine(machine) for machine in machines] if is_elevated else [],
    }


def _line(name: str, value: str, failing: Check | None) -> Json:
    line = {"id": name, "status": "ok", "value": value, "error": "", "source": ""}
    if failing is None:
        return line
    return line | {"status": "warn" if failing.result == "warning" else "fail", "value": failing.fails}


def _machine(machine: rec.Machine) -> Json:
    is_second = machine.generation == 2
    return {
        "id": machine.id.lower(),
        "name": machine.name,
        "state": "Running",
        "generation": machine.generation,
        "configuration": "10.0",
        "cores": machine.cores,
        "memory": machine.memory_mib * _MIB,
        "is_clustered": False,
        "guest_os": machine.os_edition or machine.os,
        "disks": [_disk(machine, place, disk) for place, disk in enumerate(machine.disks)],
        "nics": [
            {
                "name": "Network Adapter",
                "mac": "",
                "switch": nic.switch,
                "is_legacy": False,
                "addresses": _addresses(nic),
            }
            for nic in machine.nics
        ],
        "checkpoints": [],
        "integration": [{"component": _BACKUP, "is_enabled": True}],
        "integration_state": "",
        "fibre_channel": 0,
        "secure_boot": False,
        "is_shielded": False if is_second else None,
        "replica": None,
        "problems": [],
    }


def _addresses(nic: rec.Nic) -> list[str]:
    return [nic.ip] if nic.ip else []


def _disk(machine: rec.Machine, place: int, disk: rec.Disk) -> Json:
    return {
        "path": _path(machine, disk),
        "disk_number": None,
        "is_shared": machine.has_shared_vhd and place == len(machine.disks) - 1,
        "size": disk.size_mib * _MIB,
        "file_size": disk.used_mib * _MIB,
        "format": "VHDX",
        "growth": "Dynamic",
        "logical_sector": 512,
        "physical_sector": 4096,
        "controller": f"SCSI 0:{place}" if machine.generation == 2 else f"IDE 0:{place}",
        "is_boot": place == 0,
        "chain": [],
        "error": None,
    }


def _path(machine: rec.Machine, disk: rec.Disk) -> str:
    return f"D:\\Hyper-V\\{machine.name}\\{disk.name}.vhdx"


def _machines(world: World, host: rec.Host) -> Iterable[rec.Machine]:
    return (world.machines[machine_id] for machine_id in host.machines)


def _minutes(world: World, hosts: list[rec.Host], started: float) -> Iterable[str]:
    """Each disk writes what it changes, more and less by turns; it reads twice as much."""
    disks = [
        (host.name.partition(".")[0].upper(), _path(machine, disk), disk.churn_mib_s * _MIB)
        for host in hosts
        for machine in _machines(world, host)
        for disk in machine.disks
    ]
    new = [[number, host, f"--?-{path.replace(chr(92), '-')}"] for number, (host, path, _) in enumerate(disks)]
    for minute in range(MEASURED_MIN):
        values = []
        for number, (_, _, rate) in enumerate(disks):
            written = round(rate * (1 + 0.5 * math.sin(minute / 7 + number)))
            values.append([number, written, round(written / _WRITE, 3), 2 * written, round(2 * written / _WRITE, 3), 4])
        at = whole_second_text(started + minute * 60)
        yield f"{json.dumps({'at': at, 'new': new if minute == 0 else [], 'values': values})},"
