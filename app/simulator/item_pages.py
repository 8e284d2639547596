"""Pages of protected items as they go over the wire: each item is written once, and again when something of it moves.

Nothing is brought up to date by itself. What is kept of an item ends with a change of its record, of any site, policy
or resource (its target may name it), of the line while it is copied over it; and it is true for a span of virtual time.
(What it shows of a job that holds it stays the same while the job does.) The age of a replica moves with every minute,
so it is left out of what is kept and put in between.

Whole, an item would take as much memory as it takes on the wire, 6 kB. So it is kept in pieces, and those that items
have in common are there once for all of them; see `item_blocks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

import msgspec

from app.simulator import records as rec
from app.simulator.item_blocks import SPARE_S, Ages, Block, Kept, Pieces
from app.simulator.item_view import body_with_lag, course_of_item, looks_alike_until
from app.simulator.replication import calculated_at
from app.simulator.replies import LIST_BEGINS, list_ends
from app.simulator.world import World

SLICE_S = 0.001
"""How long making a chunk of a page may take, give or take a few items."""

_FEW, _MOST_AT_ONCE = 10, 20
"""Items. A chunk of some 130 kB stays in the processor's cache; one of a whole page costs twice the time."""

_MOST_SHARED = 20_000
_WORTH_SHARING = 64
"""Bytes; below that, a piece of its own costs more than it saves."""

_AGE_BEGINS, _AGE_ENDS = b'"lastReplicatedTime":', b'"vmId":'


class ItemPages:
    """Writes pages of one world's items."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, Kept] = world.items.renditions
        self._blocks: dict[str, Block] = {}
        self._forgotten = 0
        self._copying: set[str] = set()
        self._shared: dict[bytes, bytes] = {}
        self._versions = self._read_versions()
        self._newest = 0.0
        self._ages = Ages()

    def page(
        self, keys: Sequence[str], now: float, next_link: str | None, wanted: Callable[[rec.Item], bool] | None = None
    ) -> Iterator[bytes]:
        """The list of these items as of `now`, in chunks; those that are gone are left out.

        Where a page read later has overtaken this one, the rest of it is as of then.
        """
        pieces: list[bytes | bytearray] = []
        begins, done = LIST_BEGINS, 0
        while done < len(keys):
            self._newest = now = max(self._newest, now)
            self._ages.move_to(calculated_at(now))
            self._forget_outdated()
            block = self._blocks.get(keys[done]) if wanted is None else None
            if block is not None and block.is_of(keys, done) and block.bring_up_to(now, self._ages, self._stamp):
                pieces = block.pieces
                done += len(block.keys)
            else:
                pieces, done = self._pieces_from(keys, done, now, wanted)
            if begins and pieces:
                pieces = [begins + pieces[0][1:], *pieces[1:]]  # in place of the comma before the first item
                begins = b""
            if done < len(keys):
                yield b"".join(pieces)
                pieces = []
        yield b"".join((begins, *pieces, list_ends(next_link)))

    def _pieces_from(
        self, keys: Sequence[str], begin: int, now: float, wanted: Callable[[rec.Item], bool] | None
    ) -> tuple[list[bytes | bytearray], int]:
        """The next items, as many as there is time for, and where to go on."""
        pieces: list[bytes | bytearray] = []
        started, done = perf_counter(), begin
        end = min(begin + _MOST_AT_ONCE, len(keys))
        while done < end and perf_counter() - started < SLICE_S:
            few = keys[done : done + _FEW]
            self._add(pieces, few if wanted is None else self._those(few, wanted), now)
            done += len(few)
        if done == end and wanted is None:  # all of them were at hand
            self._keep_block(tuple(keys[begin:end]), pieces)
        return pieces, done

    def _keep_block(self, keys: tuple[str, ...], pieces: list[bytes | bytearray]) -> None:
        items = [item for key in keys if (item := self._kept.get(key)) is not None]
        if len(items) < len(keys):
            return  # one of them is gone
        if len(self._blocks) > _FEW + len(self._world.items) // _FEW:  # of lists that begin elsewhere by now
            self._blocks.clear()
        self._blocks[keys[0]] = Block(keys, items, pieces, self._kept, self._stamp)

    @property
    def _stamp(self) -> tuple[int, int]:
        """Another one after each change that may concern an item."""
        return self._world.items.version, self._forgotten

    def _add(self, pieces: list[bytes | bytearray], keys: Sequence[str], now: float) -> None:
        """Add an item for each key."""
        kept = self._kept
        for key in keys:
            item = kept.get(key)
            if item is None or now >= item.until:
                if item is not None and item.course is not None and now < item.same_until:
                    item.set_age(item.course, now, self._ages)
                elif (item := self._written(key, now)) is None:
                    continue
            item.add_to(pieces)

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
        self._forgotten += 1
        if versions[:3] != before[:3]:
            self._kept.clear()
            self._blocks.clear()
        for key in self._copying:
            self._kept.pop(key, None)
        self._copying.clear()

    # Writing

    def _written(self, key: str, now: float) -> Kept | None:
        """The item as of `now`; None when it is gone."""
        item = self._world.items.get(key)
        if item is None:
            return None
        kept = self._kept[key] = self._write(key, item, now)
        if kept.course is not None:
            kept.set_age(kept.course, now, self._ages)
        return kept

    def _write(self, key: str, item: rec.Item, now: float) -> Kept:
        world = self._world
        content = b"," + msgspec.json.encode(body_with_lag(world, item, None, now))
        if item.phase == "initial":
            self._copying.add(key)
        shared = self._shared if item.busy_job is None else {}  # the job it names holds few others, if any
        if len(shared) > _MOST_SHARED:
            shared.clear()
        same_until = looks_alike_until(world, item, now) - SPARE_S
        course = course_of_item(world, item)
        before, after = _own_texts(item, content.count(b'"errorCode":'))
        if course is None:
            return Kept(same_until, _pieces(content, before + after, shared), (), None)
        begins = content.index(_AGE_BEGINS)
        ends = content.index(_AGE_ENDS, begins)
        head = _pieces(content[:begins], before, shared)
        return Kept(same_until, head, _pieces(content[ends:], after, shared), course)


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
