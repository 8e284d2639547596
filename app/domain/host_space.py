"""Free space on the volumes of hosts against what replication may take there while the first copy runs.

Only for machines whose hosts told of their disks. The documented worst case: as much again as the disks are large.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.host_report import DiskKind, HostReport, VolumeReport
from app.domain.reported import Told


@dataclass(frozen=True, slots=True)
class VolumeNeed:
    """One volume, or one share.

    Attributes:
        owner: the host, or the cluster whose nodes share it.
        free_bytes: None where it was not told.
        need_bytes: worst case of what comes on top during the first copy.
    """

    owner: str
    path: str
    free_bytes: int | None
    need_bytes: int
    machines: int

    @property
    def short_bytes(self) -> int:
        """What is lacking; 0 where it is enough, or not known."""
        return 0 if self.free_bytes is None else max(0, self.need_bytes - self.free_bytes)


def volume_needs(machines: Iterable[Told], space_percent: int) -> tuple[VolumeNeed, ...]:
    """What the machines' volumes need, those that lack most first. A disk of unknown size counts for nothing."""
    needs: dict[tuple[str, str], VolumeNeed] = {}
    for told in machines:
        seen: set[tuple[str, str]] = set()
        for disk in told.machine.disks:
            if disk.kind is not DiskKind.VIRTUAL or not disk.size_bytes:
                continue
            owner, volume = _place(disk.path, told.host)
            key = (owner.casefold(), volume.path.casefold())
            known = needs.get(key) or VolumeNeed(owner, volume.path, volume.free_bytes, 0, 0)
            needs[key] = VolumeNeed(
                known.owner,
                known.path,
                known.free_bytes,
                known.need_bytes + disk.size_bytes * space_percent // 100,
                known.machines + (key not in seen),
            )
            seen.add(key)
    return tuple(sorted(needs.values(), key=lambda need: (-need.short_bytes, need.owner, need.path)))


def _place(path: str, host: HostReport) -> tuple[str, VolumeReport]:
    """Whose volume a file lies on, and which: the one whose path begins it longest."""
    plain = path.removeprefix("\\\\?\\")
    if plain.startswith("\\\\"):
        return "SMB", VolumeReport("\\".join(plain.split("\\")[:4]))
    shared = host.cluster.volumes if host.cluster is not None else ()
    found = [volume for volume in (*shared, *host.volumes) if volume.holds(path)]
    if not found:
        return host.name, VolumeReport(plain[:3])
    best = max(found, key=lambda volume: len(volume.path.rstrip("\\")))
    return (host.cluster.name if best.is_shared and host.cluster is not None else host.name), best
