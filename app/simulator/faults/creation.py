"""Faults that befall what is to be made in the target: a policy forbids it, a region has no room, a name is gone.

They act where the resource itself would be made, after rights and locks were looked at, as Azure asks a policy then.
"""

from __future__ import annotations

import re
from typing import NoReturn

from app.simulator import records as rec
from app.simulator.faults.job_faults import use_up
from app.simulator.handlers.storage import account_named, new_account
from app.simulator.replies import arm_error
from app.simulator.router import Call
from app.simulator.wire import Json

NAME_TAKEN, REGION_FULL, POLICY = "name-taken", "region-full", "policy-forbids"
_STRANGER = "/subscriptions/0e6d8b41-90c3-4c57-a2f5-7b1e64d03c9a/resourceGroups/rg-of-others"
_ELSEWHERE = "elsewhere"
"""Accounts of others lie in a subscription into which nobody here may look, and count in no region here."""

_MADE = re.compile(r"/subscriptions/[^/]+/resourcegroups/[^/]+(?:/providers/[^/]+/([^/]+)/([^/]+))?/?", re.IGNORECASE)


def refuse_creation(call: Call) -> None:
    """
    Raises:
        Refusal: one of these faults hits what is to be made.
    """
    made = _MADE.fullmatch(call.path) if call.method == "PUT" else None
    if made is None:
        return
    what, name = (made[1] or "resourceGroups").lower(), str(made[2] or call.segments[-1])
    if fault := _hit_by(call, POLICY, what):
        _forbid(name, str(fault.chosen["policy"]))
    if what not in ("storageaccounts", "virtualnetworks") or call.path.lower() in call.world.resources:
        return
    if fault := _hit_by(call, REGION_FULL, what):
        _send_away(name, str(call.json().get("location") or ""), str(fault.chosen["code"]))
    if what == "storageaccounts" and _hit_by(call, NAME_TAKEN, what):
        _take_name(call, name)


def _hit_by(call: Call, kind: str, what: str) -> rec.Fault | None:
    """The first fault of the kind that is for such a resource; it has hit once more."""
    world = call.world
    for key in world.faults.keys(""):
        fault = world.faults.get(key)
        if fault is None or fault.kind != kind or (fault.left is not None and fault.left <= 0):
            continue
        if str(fault.chosen.get("what") or what).lower() == what:
            use_up(world, key, fault, call.now)
            return fault
    return None


def _forbid(name: str, policy: str) -> NoReturn:
    raise arm_error(
        403,
        "RequestDisallowedByPolicy",
        f"The resource '{name}' is disallowed by a policy that is assigned here under the name '{policy}'.",
    )


def _send_away(name: str, region: str, code: str) -> NoReturn:
    if code == "RequestDisallowedByAzure":
        message = f"The resource '{name}' is disallowed by Azure: '{region}' takes no further customers at the moment."
        raise arm_error(403, code, message)
    message = f"What '{name}' asks for cannot be had in '{region}' at the moment: its capacity is used up."
    raise arm_error(409, code, message)


def _take_name(call: Call, name: str) -> NoReturn:
    """Somebody was quicker, and keeps it: the name is gone for good, whatever becomes of the fault."""
    world = call.world
    if account_named(world, name) is None:
        given: Json = {"sku": {"name": "Standard_LRS"}}
        account = new_account(rec.Resource(_STRANGER, "", {}), name, _ELSEWHERE, given, call.now)
        world.resources.put(account.id.lower(), account)
    raise arm_error(409, "StorageAccountAlreadyTaken", f"The name '{name}' is taken.")
