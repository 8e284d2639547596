"""How data moves: the first copy over a shared line, the age of the replica, the recovery points.

All of it is computed from when things began. The first copies of a site share its upload line evenly; see
`records.Upload` for how that is known without following each machine.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from app.simulator import records as rec
from app.simulator.wire import Json, between, fabric_part, fraction, guid, time_text
from app.simulator.world import World

POINT_SPACING_S = 600.0
"""Crash-consistent points: 33 of them lay within five and a half hours in a recorded vault."""

POINT_TYPE = (
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems"
    "/recoveryPoints"
)

ROUNDING_MIB = 0.01
"""More than a time of today, held as seconds since 1970, is rounded by at any line speed."""

_PLATEAUS = (0.0, 0.02, 0.03, 0.09, 0.17, 0.23, 0.24, 0.38, 0.46, 0.58, 0.71, 0.77, 0.91, 0.96)
"""Where the shown progress rests before it jumps: the service reports it in fits and starts."""


# The first copy


def begin_upload(world: World, fabric_key: str, item_key: str, size_mib: float, at: float) -> None:
    upload = _advanced(world, fabric_key, at)
    upload.marks[item_key] = upload.served_mib + size_mib
    _await_next(world, fabric_key, upload, at)


def end_upload(world: World, fabric_key: str, item_key: str, at: float) -> None:
    """Take a machine off the line, finished or not."""
    upload = _advanced(world, fabric_key, at)
    if upload.marks.pop(item_key, None) is not None:
        _await_next(world, fabric_key, upload, at)


def finish_uploads(world: World, fabric_key: str, note: str, at: float) -> None:
    """Effect: those whose mark is reached now wait for their first recovery point."""
    upload = world.uploads.get(fabric_key)
    if upload is None or note != str(upload.generation):
        return  # the line was shared anew since this was scheduled
    upload = _advanced(world, fabric_key, at)
    through = [key for key, mark in upload.marks.items() if mark <= upload.served_mib + ROUNDING_MIB]
    for key in through:
        del upload.marks[key]
        item = world.items.get(key)
        if item is not None:
            item.phase = "pending"
            world.put_item(item)
            world.schedule(at + between(60, 240, item.correlation, "first point"), "first_point", key)
    _await_next(world, fabric_key, upload, at)


def progress_of(world: World, item: rec.Item, now: float) -> int:
    """Percent of the first copy as the service tells it: it rests, then jumps."""
    fabric_key = fabric_part(item.id.lower())
    upload = world.uploads.get(fabric_key)
    mark = upload.marks.get(item.id.lower()) if upload else None
    if upload is None or mark is None:
        return 2  # what the service goes on saying long after
    served = upload.served_mib + _rate(world, fabric_key, upload) * max(now - upload.at, 0.0)
    done = min(max(1.0 - (mark - served) / item.upload_mib, 0.0), 1.0)
    shift = 0.02 * fraction(item.correlation, "plateaus")
    plateaus = [0.0, *(min(plateau + shift, 0.99) for plateau in _PLATEAUS[1:])]
    return int(100 * plateaus[bisect_right(plateaus, done) - 1])


def _rate(world: World, fabric_key: str, upload: rec.Upload) -> float:
    fabric = world.fabrics.get(fabric_key)
    return (fabric.upload_mib_s if fabric else 1.0) / max(len(upload.marks), 1)


def _advanced(world: World, fabric_key: str, at: float) -> rec.Upload:
    upload = world.uploads.get(fabric_key) or rec.Upload(at=at)
    upload.served_mib += _rate(world, fabric_key, upload) * max(at - upload.at, 0.0)
    upload.at = at
    return upload


def _await_next(world: World, fabric_key: str, upload: rec.Upload, at: float) -> None:
    upload.generation += 1
    world.uploads.put(fabric_key, upload)
    if upload.marks:
        left = min(upload.marks.values()) - upload.served_mib
        when = at + max(left, 0.0) / _rate(world, fabric_key, upload)
        world.schedule(when, "upload", fabric_key, str(upload.generation))


# The age of the replica


class Lag(NamedTuple):
    """How far the replica is behind."""

    seconds: int
    replicated: float
    calculated: float


def lag_of(item: rec.Item, interval_s: float, now: float) -> Lag | None:
    """How old the replica is; None before the first point. It freezes when replication stops."""
    if item.replicating_since is None:
        return None
    moment = now if item.stopped_at is None else min(item.stopped_at, now)
    offset = fraction(item.correlation, "cycle")
    if item.trouble in ("stuck", "churn"):
        behind = max(moment - item.trouble_since, 0.0) * (1.0 if item.trouble == "stuck" else 0.4)
        replicated = moment - interval_s - behind
    else:
        cycle = int((moment - item.replicating_since) / interval_s - offset)
        began = item.replicating_since + (cycle + offset) * interval_s
        took = between(0.05, 0.4, item.correlation, "cycle", cycle) * interval_s
        replicated = began - took if began + took <= moment else began - interval_s
    replicated = max(replicated, item.replicating_since)
    calculated = max(now - (now % 60.0), replicated)
    return Lag(int(calculated - replicated), replicated, calculated)


# Recovery points


class Point(NamedTuple):
    name: str
    at: float
    type: str


def points_of(item: rec.Item, policy: rec.Policy | None, now: float) -> list[Point]:
    """The recovery points kept now, oldest first."""
    if item.replicating_since is None or item.points_deleted:
        return []
    details = policy.details if policy is not None else {}
    moment = now if item.stopped_at is None else min(item.stopped_at, now)
    if item.trouble == "stuck":
        moment = min(moment, item.trouble_since)
    kept_s = max(float(details.get("recoveryPointHistoryDurationInHours") or 0) * 3600.0, POINT_SPACING_S)
    app_every_s = float(details.get("applicationConsistentSnapshotFrequencyInHours") or 0) * 3600.0
    since = item.replicating_since
    first = max(int((moment - kept_s - since) // POINT_SPACING_S), 0)
    points: list[Point] = []
    for slot in range(first, int((moment - since) // POINT_SPACING_S) + 1):
        at = since + slot * POINT_SPACING_S + between(0, 20, item.correlation, "point", slot)
        if moment - kept_s <= at <= moment:
            is_app = app_every_s > 0 and slot > 0 and (slot * POINT_SPACING_S) % app_every_s < POINT_SPACING_S
            points.append(
                Point(
                    guid(item.correlation, int(since), "point", slot),
                    at,
                    "ApplicationConsistent" if is_app else "CrashConsistent",
                )
            )
    return points


def point_body(item: rec.Item, point: Point) -> Json:
    return {
        "name": point.name,
        "type": POINT_TYPE,
        "id": f"{item.id}/recoveryPoints/{point.name}",
        "properties": {
            "recoveryPointTime": time_text(point.at),
            "recoveryPointType": point.type,
            "providerSpecificDetails": None,
        },
    }
