"""Holding changes to the locks: what is locked can be read, and is neither deleted nor, if read-only, changed.

Left out: that a lock also stops what Azure does by itself, such as deleting a test machine in a locked group, and that
some requests which change nothing are exempt or caught by accident.
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.replies import arm_error
from app.simulator.rights import AUTHORIZATION, READS, action_of, covers
from app.simulator.router import Call
from app.simulator.world import World

CAN_NOT_DELETE, READ_ONLY = "CanNotDelete", "ReadOnly"
LEVELS = (CAN_NOT_DELETE, READ_ONLY)


def locks_at(world: World, scope: str) -> list[rec.Lock]:
    """Those at the scope and above it."""
    return [lock for lock in world.locks.records() if covers(lock.scope, scope)]


def check_locks(call: Call) -> None:
    """
    Raises:
        Refusal: a lock stands in the way.
    """
    segments = [segment.lower() for segment in call.segments]
    if call.method in READS or segments[-3:-1] == [AUTHORIZATION, "locks"] or not call.world.locks.keys():
        return
    _, scope = action_of(call)
    is_deletion = call.method == "DELETE"
    for lock in call.world.locks.records():
        holds = covers(lock.scope, scope) or (is_deletion and covers(scope, lock.scope))
        if holds and (is_deletion or lock.level == READ_ONLY):
            verb = "delete" if is_deletion else "write"
            raise arm_error(
                409,
                "ScopeLocked",
                f"The operation '{verb}' cannot be done on the scope '{scope}', because these scopes are locked: "
                f"'{lock.scope}'. Take the lock away and try again.",
            )
