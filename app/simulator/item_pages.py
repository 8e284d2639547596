"""Pages of protected items as they go over the wire: each item is written once, and again when something of it moves.

Nothing is brought up to date by itself. What is kept of an item ends with a change of its record, of any site, policy
or resource (its target may name it), of the line while it is copied over it; and it is true for a span of virtual time.
(What it shows of a job that holds it stays the same while the job does.) The age of a replica moves with every minute,
so it is left out of what is kept and put in between.

Whole, an item would take as much memory as it takes on the wire, 6 kB. So it is kept in pieces, and those that items
have in common are there once for all of them; 1.9 kB are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf
from time import perf_counter

import msgspec

from app.simulator import records as rec
from app.simulator.item_view import body_with_lag, course_of_item, looks_alike_until
from app.simulator.replication import Course, calculated_at, replica_of
from app.simulator.replies import LIST_BEGINS, list_ends
from app.simulator.wire import replica_texts, time_text
from app.simulator.world import World

SLICE_S = 0.001
"""How long making a chunk of a page may take, give or take a few items."""

_FEW, _MOST_AT_ONCE = 10, 20
"""Items. A chunk of some 130 kB stays in the processor's cache; one of a whole page costs twice the time."""

_SPARE_S = 0.001
"""Moments reckoned in two ways may differ in their last digits, so spans of time end this much early."""

_MOST_SHARED = 20_000
_WORTH_SHARING = 64
"""Bytes; below that, a piece of its own costs more than it saves."""

_AGE_BEGINS, _AGE_ENDS = b'"lastReplicatedTime":', b'"vmId":'

Pieces = tuple[bytes, ...]


class _Kept:
    """An item in pieces, true for times before `until`.

    Attributes:
        same_until: until when it is the same but for the age of its replica.
        head, tail: what comes before and after that age, from a comma on; without an age the head is all.
        course: what the age follows from.
        replicated: the time the replica stands at.
        to_age, from_age: what stands right before the age and after it, and tells that time.
    """

    __slots__ = ("course", "from_age", "head", "replicated", "same_until", "tail", "to_age", "until")

    def __init__(self, same_until: float, head: Pieces, tail: Pieces, course: Course | None) -> None:
        self.until = self.same_until = same_until
        self.course = course
        self.replicated = inf
        self.head, self.tail = head, tail
        self.to_age = self.from_age = b""

    def set_age(self, course: Course, now: float) -> None:
        self.replicated, until = replica_of(course, now)
        self.until = min(self.same_until, until - _SPARE_S)
        whole, fine = replica_texts(self.replicated)
        self.to_age = b'"lastReplicatedTime":"%b","rpoInSeconds":' % whole
        self.from_age = b',"lastRecoveryPointReceived":"%b",' % fine


class _Ages(dict[int, bytes]):
    """The ages in seconds that the service works out at one minute, written."""

    def __init__(self, minute: float) -> None:
        super().__init__()
        self.minute = minute

    def __missing__(self, seconds: int) -> bytes:
        written = self[seconds] = _age(seconds, self.minute)
        return written


class ItemPages:
    """Writes pages of one world's items."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, _Kept] = world.items.renditions
        self._copying: set[str] = set()
        self._shared: dict[bytes, bytes] = {}
        self._versions = self._read_versions()
        self._newest = 0.0
        self._ages = _Ages(self._newest)

    def page(
        self, keys: Sequence[str], now: float, next_link: str | None, wanted: Callable[[rec.Item], bool] | None = None
    ) -> Iterator[bytes]:
        """The list of these items as of `now`, in chunks; those that are gone are left out.

        Where a page read later has overtaken this one, the rest of it is as of then.
        """
        pieces: list[bytes] = []
        begins, done = LIST_BEGINS, 0
        while done < len(keys):
            self._newest = now = max(self._newest, now)
            self._forget_outdated()
            started, end = perf_counter(), done + _MOST_AT_ONCE
            while done < min(end, len(keys)) and perf_counter() - started < SLICE_S:
                few = keys[done : done + _FEW]
                self._add(pieces, few if wanted is None else self._those(few, wanted), now)
                done += _FEW
            if begins and pieces:
                pieces[0], begins = begins + pieces[0][1:], b""  # in place of the comma before the first item
            if done < len(keys):
                yield b"".join(pieces)
                pieces = []
        yield b"".join((begins, *pieces, list_ends(next_link)))

    def _add(self, pieces: list[bytes], keys: Sequence[str], now: float) -> None:
        """Add an item for each key. Fifty thousand come by here at a sitting, so it does very little."""
        kept, ages = self._kept, self._ages
        minute = calculated_at(now)
        if minute != ages.minute:
            ages = self._ages = _Ages(minute)
        for key in keys:
            item = kept.get(key)
            if item is None or now >= item.until:
                if item is not None and item.course is not None and now < item.same_until:
                    item.set_age(item.course, now)
                elif (item := self._written(key, now)) is None:
                    continue
            pieces += item.head
            if item.course is not None:
                replicated = item.replicated
                age = ages[int(minute - replicated)] if replicated <= minute else _age(0, replicated)
                pieces += (item.to_age, age, item.from_age)
                pieces += item.tail

    def _those(self, keys: Sequence[str], wanted: Callable[[rec.Item], bool]) -> list[str]:
        items = ((key, self._world.items.get(key)) for key in keys)
        return [key for key, item in items if item is not None and wanted(item)]

    # What has ended

    def _read_versions(self) -> tuple[int, int, int, int]:
        world = self._world
        return world.fabrics.version, world.policies.version, world.resources.version, world.uploads.version

    def _forget_outdated(self) -> None:
        """Drop what follows from something that has changed since."""
        versions, before = self._read_versions(), self._versions
        if versions == before:
            return
        self._versions = versions
        if versions[:3] != before[:3]:
            self._kept.clear()
        for key in self._copying:
            self._kept.pop(key, None)
        self._copying.clear()

    # Writing

    def _written(self, key: str, now: float) -> _Kept | None:
        """The item as of `now`; None when it is gone."""
        item = self._world.items.get(key)
        if item is None:
            return None
        kept = self._kept[key] = self._write(key, item, now)
        if kept.course is not None:
            kept.set_age(kept.course, now)
        return kept

    def _write(self, key: str, item: rec.Item, now: float) -> _Kept:
        world = self._world
        content = b"," + msgspec.json.encode(body_with_lag(world, item, None, now))
        if item.phase == "initial":
            self._copying.add(key)
        shared = self._shared if item.busy_job is None else {}  # the job it names holds few others, if any
        if len(shared) > _MOST_SHARED:
            shared.clear()
        same_until = looks_alike_until(world, item, now) - _SPARE_S
        course = course_of_item(world, item)
        before, after = _own_texts(item, content.count(b'"errorCode":'))
        if course is None:
            return _Kept(same_until, _pieces(content, before + after, shared), (), None)
        begins = content.index(_AGE_BEGINS)
        ends = content.index(_AGE_ENDS, begins)
        head = _pieces(content[:begins], before, shared)
        return _Kept(same_until, head, _pieces(content[ends:], after, shared), course)


def pages_of(world: World) -> ItemPages:
    if world.item_pages is None:
        world.item_pages = ItemPages(world)
    return world.item_pages


def _own_texts(item: rec.Item, errors: int) -> tuple[list[bytes], list[bytes]]:
    """What no other item has, as it stands between its quotes, in the order in which it is written: up to the
    replica's age, and after it."""
    machine, name = item.machine, item.machine_name
    texts = [machine, machine, name, machine, *(name, machine) * errors]
    for disk in item.disks:
        texts += (disk.vhd_id, disk.disk_id, disk.name)
    texts.append(item.target.vm_name)
    before = len(texts)
    texts.append(machine)
    for nic in item.nics:
        texts += (nic.id, nic.source_ip or "", nic.target_name)
    texts += (*(nic.id for nic in item.nics[:1]), item.correlation)
    written = msgspec.json.encode(texts)[2:-2].split(b'","')
    return written[:before], written[before:]


def _pieces(content: bytes, own: Sequence[bytes], shared: dict[bytes, bytes]) -> Pieces:
    """`content` in pieces: long ones without any of the item's own texts, which are taken from `shared` or left there,
    and those around them. Whichever texts are found, the pieces make up the content."""
    pieces: list[bytes] = []
    start = end = 0
    for text in own:
        at = content.find(text, end)
        if at - end >= _WORTH_SHARING:
            between = content[end:at]
            if end:
                pieces.append(content[start:end])
            pieces.append(shared.setdefault(between, between))
            start = at
        if at >= 0:
            end = at + len(text)
    rest = content[end:]
    return (*pieces, content[start:end], shared.setdefault(rest, rest))


def _age(seconds: int, calculated: float) -> bytes:
    return f'{seconds},"lastRpoCalculatedTime":"{time_text(calculated)}"'.encode()
