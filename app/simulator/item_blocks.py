"""Written items as they are kept: each in pieces, and neighbours of a list together.

Fifty thousand items come by at a sitting, and most of them are as they were, but for their age. So twenty that were
written one after the other stay one list of pieces; of it, what has moved is put in place, and all of it is joined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush
from math import ceil
from weakref import WeakValueDictionary

from app.simulator.replication import EVERY_S, Course, replica_of
from app.simulator.wire import second_text, split_time, time_text

_RECENT_S = 900.0
"""A replica that is older stands still, and no other one arrives at its second any more."""

SPARE_S = 0.001
"""Moments reckoned in two ways may differ in their last digits, so spans of time end this much early."""

Pieces = tuple[bytes, ...]


class _Age(bytearray):
    """A written age, in place of which the next minute's is put; it is there as long as an item holds it."""

    __slots__ = ("__weakref__",)


class Ages:
    """The ages that the service works out at one minute, written. Replicas of the same second share theirs."""

    def __init__(self) -> None:
        self.minute = 0.0
        self._recent: dict[int, _Age] = {}  # of seconds that replicas arrive at by now
        self._of_second: WeakValueDictionary[int, _Age] = WeakValueDictionary()  # all that some item holds

    def move_to(self, minute: float) -> None:
        """Have every age say what is so at this minute, wherever it is held."""
        if minute == self.minute:
            return
        self.minute = minute
        self._recent = {second: age for second, age in self._recent.items() if second > minute - _RECENT_S}
        for second, age in self._of_second.items():
            age[:] = _written_age(int(minute) - second, minute)

    def of(self, replicated: float) -> bytes | bytearray:
        """That of a replica that stands at a time; one that is later than the minute counts only until the next."""
        if replicated > self.minute:
            return _written_age(0, replicated)
        second = ceil(replicated)
        age = self._recent.get(second)
        if age is None:
            age = self._of_second.get(second) or _Age(_written_age(int(self.minute) - second, self.minute))
            self._of_second[second] = age
            if second > self.minute - _RECENT_S:
                self._recent[second] = age
        return age


class Kept:
    """An item in pieces, true for times before `until`.

    Attributes:
        same_until: until when it is the same but for the age of its replica.
        head, tail: what comes before and after that age, from a comma on; without an age the head is all.
        course: what the age follows from.
        to_age, from_age: what stands right before the age and after it, and tells the time that the replica stands at.
    """

    __slots__ = ("age", "course", "from_age", "head", "same_until", "tail", "to_age", "until")

    def __init__(self, same_until: float, head: Pieces, tail: Pieces, course: Course | None) -> None:
        self.until = self.same_until = same_until
        self.course = course
        self.head, self.tail = head, tail
        self.age: bytes | bytearray = b""
        self.to_age = self.from_age = b""

    def set_age(self, course: Course, now: float, ages: Ages) -> None:
        replicated, until = replica_of(course, now)
        if replicated > ages.minute:
            until = min(until, ages.minute + EVERY_S)
        self.until = min(self.same_until, until - SPARE_S)
        self.age = ages.of(replicated)
        whole, micros = split_time(replicated)
        self.to_age, received = _around_age(whole)
        self.from_age = b'%b.%06d0Z",' % (received, micros)

    def add_to(self, pieces: list[bytes | bytearray]) -> None:
        pieces += self.head
        if self.course is not None:
            pieces += (self.to_age, self.age, self.from_age)
            pieces += self.tail


class Block:
    """Neighbours of a list, written together."""

    __slots__ = ("_aged", "_items", "_kept", "_same_until", "_stamp", "keys", "pieces")

    def __init__(
        self,
        keys: Sequence[str],
        items: Sequence[Kept],
        pieces: list[bytes | bytearray],
        kept: Mapping[str, Kept],
        stamp: object,
    ) -> None:
        """`pieces` are those of the items in their order; `stamp` says what `kept` stood at when they were made."""
        self.keys = keys
        self.pieces = pieces
        self._items = items
        self._kept = kept
        self._stamp = stamp
        self._same_until = min(item.same_until for item in items)
        self._aged: list[tuple[float, int, Kept]] = []  # a heap, first what ends first
        at = 0
        for item in items:
            at += len(item.head)
            if item.course is not None:
                self._aged.append((item.until, at, item))
                at += 3 + len(item.tail)
        heapify(self._aged)

    def is_of(self, keys: Sequence[str], begin: int) -> bool:
        return self.keys == keys[begin : begin + len(self.keys)]

    def bring_up_to(self, now: float, ages: Ages, stamp: object) -> bool:
        """Have the pieces say what is so now; False when an item has to be written anew."""
        if stamp != self._stamp:
            kept = self._kept
            if any(kept.get(key) is not item for key, item in zip(self.keys, self._items, strict=True)):
                return False
            self._stamp = stamp
        if now >= self._same_until:
            return False
        if self._aged and now >= self._aged[0][0]:
            self._put_ages(now, ages)
        return True

    def _put_ages(self, now: float, ages: Ages) -> None:
        aged, pieces = self._aged, self.pieces
        due = []
        while aged and now >= aged[0][0]:
            due.append(heappop(aged))
        for _, at, item in due:
            if now >= item.until and item.course is not None:  # else a page of other neighbours has set it
                item.set_age(item.course, now, ages)
            pieces[at : at + 3] = item.to_age, item.age, item.from_age
            heappush(aged, (item.until, at, item))


@lru_cache(maxsize=4096)
def _around_age(second: int) -> tuple[bytes, bytes]:
    """What stands before the age of a replica, and what after it as far as those of the same second share it."""
    text = second_text(second)
    return f'"lastReplicatedTime":"{text}Z","rpoInSeconds":'.encode(), f',"lastRecoveryPointReceived":"{text}'.encode()


def _written_age(seconds: int, calculated: float) -> bytes:
    return f'{seconds},"lastRpoCalculatedTime":"{time_text(calculated)}"'.encode()
