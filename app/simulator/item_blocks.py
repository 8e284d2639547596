"""Written items as they are kept: each in pieces, and neighbours of a list together.

Fifty thousand items come by at a sitting, and most of them are as they were, but for their age. So twenty that were
written one after the other stay one list of pieces; of it, what has moved is put in place, and all of it is joined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from app.simulator.replication import Course, replica_of
from app.simulator.wire import replica_texts, time_text

SPARE_S = 0.001
"""Moments reckoned in two ways may differ in their last digits, so spans of time end this much early."""

Pieces = tuple[bytes, ...]


class Ages(dict[int, bytes]):
    """The ages in seconds that the service works out at one minute, written."""

    def __init__(self, minute: float) -> None:
        super().__init__()
        self.minute = minute

    def __missing__(self, seconds: int) -> bytes:
        written = self[seconds] = _age(seconds, self.minute)
        return written

    def of(self, replicated: float) -> bytes:
        """That of a replica that stands at a time, which may be later than the minute."""
        minute = self.minute
        return self[int(minute - replicated)] if replicated <= minute else _age(0, replicated)


class Kept:
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
        self.until = min(self.same_until, until - SPARE_S)
        whole, rest = replica_texts(self.replicated)
        self.to_age = f'"lastReplicatedTime":"{whole}Z","rpoInSeconds":'.encode()
        self.from_age = f',"lastRecoveryPointReceived":"{whole}{rest}",'.encode()

    def add_to(self, pieces: list[bytes], ages: Ages) -> None:
        pieces += self.head
        if self.course is not None:
            pieces += (self.to_age, ages.of(self.replicated), self.from_age)
            pieces += self.tail


class Block:
    """Neighbours of a list, written together."""

    __slots__ = ("_aged", "_items", "_kept", "_minute", "_same_until", "_stamp", "_until", "keys", "pieces")

    def __init__(
        self,
        keys: Sequence[str],
        items: Sequence[Kept],
        pieces: list[bytes],
        kept: Mapping[str, Kept],
        minute: float,
        stamp: object,
    ) -> None:
        """`pieces` are those of the items in their order; `stamp` says what `kept` stood at when they were made."""
        self.keys = keys
        self.pieces = pieces
        self._items = items
        self._kept = kept
        self._minute = minute
        self._stamp = stamp
        self._until = min(item.until for item in items)
        self._same_until = min(item.same_until for item in items)
        self._aged: list[tuple[int, Kept]] = []
        at = 0
        for item in items:
            at += len(item.head)
            if item.course is not None:
                self._aged.append((at, item))
                at += 3 + len(item.tail)

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
        if now >= self._until or ages.minute != self._minute:
            self._put_ages(now, ages)
        return True

    def _put_ages(self, now: float, ages: Ages) -> None:
        pieces, until, minute = self.pieces, self._same_until, ages.minute
        for at, item in self._aged:
            if now >= item.until and item.course is not None:
                item.set_age(item.course, now)
            replicated = item.replicated
            pieces[at + 1] = ages[int(minute - replicated)] if replicated <= minute else _age(0, replicated)
            if pieces[at] is not item.to_age:
                pieces[at], pieces[at + 2] = item.to_age, item.from_age
            if item.until < until:
                until = item.until
        self._until, self._minute = until, minute


def _age(seconds: int, calculated: float) -> bytes:
    return f'{seconds},"lastRpoCalculatedTime":"{time_text(calculated)}"'.encode()
