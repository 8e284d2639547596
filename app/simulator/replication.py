"""How data moves: the first copy over a shared line, the age of the replica, the recovery points.

All of it is computed from when things began. The first copies of a site share its upload line evenly; see
`records.Upload` for how that is known without following each machine.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from math import inf
from typing import NamedTuple

from msgspec import structs

from app.simulator import records as rec
from app.simulator.lifecycle import LASTING_TROUBLES, awaits_first_point
from app.simulator.wire import Json, between, fabric_part, fraction, guid, time_text
from app.simulator.world import World

POINT_SPACING_S = 600.0
"""Crash-consistent points: 33 of them lay within five and a half hours in a recorded vault."""

POINT_TYPE = (
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems"
    "/recoveryPoints"
)

EVERY_S = 60.0
"""How often the service works out the age of replicas, and looks whether their targets are whole."""

ROUNDING_MIB = 0.01
"""More than a time of today, held as seconds since 1970, is rounded by at any line speed."""

_FALLS_BEHIND = {"stuck": 1.0, "silent": 1.0, "storage": 1.0, "paused": 1.0, "churn": 0.4, "line": 0.3}
"""By trouble: how many seconds older the replica gets each second."""

_SHORTEST_COPY, _COPY_SPREAD = 0.05, 0.35
"""How much of its interval a copy takes, and how much more at most."""

_GOLDEN = 0.6180339887498949
"""Steps of it fall evenly over the spread, and never twice at the same place."""

_PLATEAUS = (0.0, 0.02, 0.03, 0.09, 0.17, 0.23, 0.24, 0.38, 0.46, 0.58, 0.71, 0.77, 0.91, 0.96)
"""Where the shown progress rests before it jumps: the service reports it in fits and starts."""

_DAY_S = 86_400.0
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?", re.ASCII)


# The first copy


def start_after(policy: rec.Policy | None, at: float) -> float | None:
    """When a first copy may begin that is asked for now: at the policy's next time of day, in UTC; None for at once."""
    text = policy.details.get("onlineReplicationStartTime") if policy is not None else None
    found = _TIME_OF_DAY.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    wait = (hours * 3600 + minutes * 60 + seconds - at) % _DAY_S
    return at + wait


def is_too_early(item: rec.Item, at: float) -> bool:
    return item.copies_from is not None and at < item.copies_from


def begin_upload(world: World, fabric_key: str, item_key: str, size_mib: float, at: float) -> None:
    upload = _advanced(world, fabric_key, at)
    upload.marks[item_key] = upload.served_mib + size_mib
    _await_next(world, fabric_key, upload, at)


def end_upload(world: World, fabric_key: str, item_key: str, at: float) -> None:
    """Take a machine off the line, finished or not."""
    upload = _advanced(world, fabric_key, at)
    if upload.marks.pop(item_key, None) is not None:
        _await_next(world, fabric_key, upload, at)


def pause_upload(world: World, fabric_key: str, item_key: str, at: float) -> float | None:
    """Take a machine off the line whose host has fallen silent; returns what it has still to send, in MiB."""
    upload = _advanced(world, fabric_key, at)
    mark = upload.marks.pop(item_key, None)
    if mark is None:
        return None
    _await_next(world, fabric_key, upload, at)
    return max(mark - upload.served_mib, ROUNDING_MIB)


def load(world: World, fabric_key: str, item_key: str, mib_s: float | None, at: float) -> None:
    """Count what a protected machine changes into its site's load, or take it out (None).

    While all machines together change more than the line carries, each of them falls behind.
    """
    upload = _advanced(world, fabric_key, at)
    if mib_s is None:
        upload.movers.pop(item_key, None)
    else:
        upload.movers[item_key] = mib_s
    world.uploads.put(fabric_key, upload)
    weigh(world, fabric_key, at)


def set_line(world: World, fabric: rec.Fabric, mib_s: float, at: float) -> None:
    """Give a site another connection: what was sent so far stays sent, the rest goes at the new pace."""
    key = fabric.id.lower()
    upload = _advanced(world, key, at)
    fabric.upload_mib_s = mib_s
    world.fabrics.put(key, fabric)
    _await_next(world, key, upload, at)
    weigh(world, key, at)


def weigh(world: World, fabric_key: str, at: float) -> None:
    """Let the machines of a site fall behind, or catch up, by what they change together."""
    upload, fabric = world.uploads.get(fabric_key), world.fabrics.get(fabric_key)
    if upload is None:
        return
    is_too_much = fabric is not None and sum(upload.movers.values()) > fabric.upload_mib_s
    for key in upload.movers:
        item = world.items.get(key)
        if item is None or item.trouble not in (None, "line") or (item.trouble == "line") == is_too_much:
            continue
        item.trouble, item.trouble_since = ("line", at) if is_too_much else (None, item.trouble_since)
        world.put_item(item)


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


class Progress(NamedTuple):
    """Of a first copy. `percent` stays as it is for as long as it is before `until` and the line is not shared anew."""

    percent: int
    until: float


_COPIED = Progress(2, inf)
"""What the service goes on saying long after."""


def progress_of(world: World, item: rec.Item, now: float) -> Progress:
    """Percent of the first copy as the service tells it: it rests, then jumps."""
    key = item.id.lower()
    fabric_key = fabric_part(key)
    upload = world.uploads.get(fabric_key) if world.uploads else None
    mark = upload.marks.get(key) if upload else None
    since, rate = now, 0.0
    if item.phase == "initial" and item.upload_left is not None:
        left = item.upload_left
    elif upload is None or mark is None:
        return _COPIED
    else:
        since, rate = max(now, upload.at), _rate(world, fabric_key, upload)
        left = mark - upload.served_mib - rate * (since - upload.at)
    done = min(max(1.0 - left / item.upload_mib, 0.0), 1.0)
    shift = 0.02 * fraction(item.correlation, "plateaus")
    plateaus = [0.0, *(min(plateau + shift, 0.99) for plateau in _PLATEAUS[1:])]
    reached = bisect_right(plateaus, done)
    until = inf
    if rate and reached < len(plateaus):
        until = since + (left - (1.0 - plateaus[reached]) * item.upload_mib) / rate
    return Progress(int(100 * plateaus[reached - 1]), until)


def line_share(world: World, fabric_key: str) -> float:
    """What one more machine would get of a site's line now, in MiB/s."""
    fabric, upload = world.fabrics.get(fabric_key), world.uploads.get(fabric_key)
    return (fabric.upload_mib_s if fabric else 1.0) / (1 + (len(upload.marks) if upload else 0))


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


class Course(NamedTuple):
    """What the age of a replica follows from."""

    interval_s: float
    since: float
    stopped_at: float | None
    trouble: str | None
    trouble_since: float
    offset: float
    """Where in its interval a copy begins, as a share."""


class Lag(NamedTuple):
    """How far the replica is behind."""

    seconds: int
    replicated: float
    calculated: float


def course_of(item: rec.Item, interval_s: float) -> Course | None:
    """None before the first point, and where it is not told."""
    if item.replicating_since is None or not item.tells_age or awaits_first_point(item):
        return None
    return Course(
        interval_s,
        item.replicating_since,
        item.stopped_at,
        item.trouble,
        item.trouble_since,
        fraction(item.correlation, "cycle"),
    )


def lag_of(course: Course, now: float) -> Lag:
    """How old the replica is."""
    replicated = replica_of(course, now)[0]
    calculated = max(calculated_at(now), replicated)
    return Lag(int(calculated - replicated), replicated, calculated)


def calculated_at(now: float) -> float:
    """When the service last worked ages out and looked at targets."""
    return now - (now % EVERY_S)


def replica_of(course: Course, now: float) -> tuple[float, float]:
    """The time the replica stands at, and until when it stays there. It freezes when replication stops.

    A list of thousands asks it of every third item each minute, so it reckons and hashes nothing.
    """
    interval_s, since, stopped_at, trouble, trouble_since, offset = course
    stays = stopped_at is not None and stopped_at <= now
    moment = stopped_at if stays and stopped_at is not None else now
    if trouble is not None:
        behind, pace = max(moment - trouble_since, 0.0), _FALLS_BEHIND[trouble]
        if behind and pace == 1.0:
            return max(trouble_since - interval_s, since), inf
        return max(moment - interval_s - behind * pace, since), inf if stays else moment
    # How much of an interval a copy takes differs each time; it is written out twice, for the time that saves.
    cycle = int((moment - since) / interval_s - offset)
    began = since + (cycle + offset) * interval_s
    takes = _SHORTEST_COPY + _COPY_SPREAD * ((offset + cycle * _GOLDEN) % 1.0)
    if moment < began + takes * interval_s:  # what this copy carries has not arrived
        began -= interval_s
    else:
        takes = _SHORTEST_COPY + _COPY_SPREAD * ((offset + (cycle + 1) * _GOLDEN) % 1.0)
    return max(since, began), inf if stays else began + (1 + takes) * interval_s


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
    if item.trouble in LASTING_TROUBLES:
        moment = min(moment, item.trouble_since)
    kept_s = max(float(details.get("recoveryPointHistoryDurationInHours") or 0) * 3600.0, POINT_SPACING_S)
    app_every_s = float(details.get("applicationConsistentSnapshotFrequencyInHours") or 0) * 3600.0
    points = [Point(*structs.astuple(point)) for point in sorted(item.points, key=lambda point: point.at)]
    since = max(item.replicating_since, points[-1].at + POINT_SPACING_S) if points else item.replicating_since
    first = max(int((moment - kept_s - since) // POINT_SPACING_S), 0)
    for slot in range(first, int((moment - since) // POINT_SPACING_S) + 1):
        drift = between(0, 20, item.correlation, "point", slot) if slot else 0.0  # it is protected by its first point
        at = since + slot * POINT_SPACING_S + drift
        if moment - kept_s <= at <= moment:
            is_app = app_every_s > 0 and slot > 0 and (slot * POINT_SPACING_S) % app_every_s < POINT_SPACING_S
            is_app = is_app and (item.snapshots_fail_since is None or at < item.snapshots_fail_since)
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
