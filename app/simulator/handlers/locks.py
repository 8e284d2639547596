"""Locks, at any scope. Follows Management Locks of the Resources REST reference.

Left out: owners of a lock, and the level NotSpecified.
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.locks import LEVELS, locks_at
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response, plain_list
from app.simulator.rights import covers
from app.simulator.router import Call
from app.simulator.wire import Json


def _body(lock: rec.Lock) -> Json:
    properties: Json = {"level": lock.level}
    if lock.notes is not None:
        properties["notes"] = lock.notes
    return {"properties": properties, "id": lock.id, "type": "Microsoft.Authorization/locks", "name": lock.name}


def _key(scope: str, name: str) -> str:
    return f"{scope}/providers/microsoft.authorization/locks/{name}".lower()


def list_locks(call: Call, scope: str, name: str) -> Response:
    """Those at the scope and above it, and below it too unless `atScope()` is asked for."""
    found = locks_at(call.world, scope)
    if call.query.get("$filter", "").strip().lower() != "atscope()":
        found += [lock for lock in call.world.locks.records() if covers(scope, lock.scope) and lock not in found]
    return plain_list(_body(lock) for lock in found)


def get_lock(call: Call, scope: str, name: str) -> Response:
    lock = call.world.locks.get(_key(scope, name))
    if lock is None:
        raise arm_error(404, "LockNotFound", f"There is no lock '{name}' at this scope.")
    return json_response(200, _body(lock))


def put_lock(call: Call, scope: str, name: str) -> Response:
    given = call.properties()
    level = next((level for level in LEVELS if level.lower() == str(given.get("level") or "").lower()), None)
    if level is None:
        raise arm_error(400, "LockLevelNotAllowed", "level must be CanNotDelete or ReadOnly.")
    is_new = _key(scope, name) not in call.world.locks
    notes = given.get("notes")
    made = rec.Lock(
        id=f"{scope}/providers/Microsoft.Authorization/locks/{name}",
        name=name,
        scope=scope,
        level=level,
        notes=None if notes is None else str(notes),
    )
    call.world.locks.put(made.id.lower(), made)
    return json_response(201 if is_new else 200, _body(made))


def delete_lock(call: Call, scope: str, name: str) -> Response:
    if _key(scope, name) not in call.world.locks:
        return Response(204)
    call.world.locks.remove(_key(scope, name))
    return Response(200)
