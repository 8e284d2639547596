"""What answers tell of plans, jobs and events: see `learning`, of which this is a part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conformance.arm import Target, dig, is_arm_id, target_of
from tests.conformance.estate_seen import Estate, Json, vault_name


def moment(text: Any) -> datetime | None:
    """A time as the service writes it; None for none, and for the times that stand for never."""
    if not isinstance(text, str) or text[:4] in ("", "0001", "1601", "1753"):
        return None
    head, dot, tail = text.strip().replace(" ", "+").partition(".")
    digits = tail[: next((i for i, c in enumerate(tail) if not c.isdigit()), len(tail))]
    try:
        found = datetime.fromisoformat(f"{head}{dot}{digits[:6]}{tail[len(digits) :]}")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# Plans

_LAST_TIMES = {
    "lastPlannedFailoverTime": "PlannedFailover",
    "lastUnplannedFailoverTime": "UnplannedFailover",
    "lastTestFailoverTime": "TestFailover",
}


def learn_plan(estate: Estate, target: Target, body: Json) -> None:
    properties = body["properties"]
    plan = estate.plan(target)
    primary = properties.get("primaryFabricId")
    if is_arm_id(primary):
        plan["site"] = estate.site(target_of(primary))["name"]
    plan["deployment_model"] = properties.get("failoverDeploymentModel") or "ResourceManager"
    plan["status"] = properties.get("currentScenarioStatus")
    plan["status_description"] = properties.get("currentScenarioStatusDescription")
    scenario = properties.get("currentScenario") or {}
    plan["scenario"] = scenario.get("scenarioName")
    plan["scenario_job"] = scenario.get("jobId")
    plan["scenario_started"] = moment(scenario.get("startTime"))
    plan["last"] = {name: at for told, name in _LAST_TIMES.items() if (at := moment(properties.get(told)))}
    plan["allowed"] = properties.get("allowedOperations") or []
    if properties.get("groups"):
        plan["groups"] = [_plan_group(estate, group) for group in properties["groups"]]
    elif not properties.get("replicationProviders"):
        plan["groups"] = plan["groups"] or [{"type": kind} for kind in ("Shutdown", "Failover", "Boot")]


def _plan_group(estate: Estate, group: Json) -> Json:
    items = []
    for entry in group.get("replicationProtectedItems") or []:
        item = estate.item(target_of(entry["id"]))
        item["machine"] = item["machine"] or str(entry.get("virtualMachineId") or "").lower()
        items.append(item["name"])
    return {
        "type": group["groupType"],
        "items": items,
        "before": group.get("startGroupActions") or [],
        "after": group.get("endGroupActions") or [],
    }


# Jobs

_DETAILS_OF_THEIR_OWN = ("instanceType", "affectedObjectDetails")


def learn_job(estate: Estate, target: Target, body: Json) -> None:
    """A job, from the last whole answer about it, which knows most; a list tells only that there was one."""
    properties = body["properties"]
    estate.vault(target)
    tasks = properties.get("tasks") or []
    if target.thing in estate.jobs and not tasks:
        return
    state = properties.get("state")
    was_running = state in ("NotStarted", "InProgress") or bool(estate.jobs.get(target.thing, {}).get("was_running"))
    ended = moment(properties.get("endTime"))
    details = properties.get("customDetails") or {}
    entry: Json = {
        "name": target.name,
        "vault": vault_name(target),
        "scenario": properties.get("scenarioName"),
        "friendly_name": properties.get("friendlyName") or "",
        "started": moment(properties.get("startTime")) or estate.start,
        "ended": max(ended, estate.start + timedelta(seconds=1)) if ended and was_running else ended,
        "was_running": was_running,
        "target_type": properties.get("targetInstanceType"),
        "target_id": properties.get("targetObjectId") or "",
        "target_name": properties.get("targetObjectName") or "",
        "affected": {k: v for k, v in (details.get("affectedObjectDetails") or {}).items() if isinstance(v, str)},
        "details": {key: value for key, value in details.items() if key not in _DETAILS_OF_THEIR_OWN},
        "cancelled": state == "Cancelled",
        "tasks": [_task(task) for task in tasks] or None,
    }
    if state == "Failed":
        entry["error"] = _error(properties.get("errors") or [], tasks)
    if entry["scenario"]:
        estate.jobs[target.thing] = entry


def _task(task: Json) -> Json:
    group = task.get("groupTaskCustomDetails") or {}
    work = dig(task, "customDetails.jobTask")
    return {
        "id": task["taskId"],
        "name": task["name"],
        "friendly_name": task.get("friendlyName") or "",
        "kind": task.get("taskType") or "TaskDetails",
        "started": moment(task.get("startTime")),
        "ended": moment(task.get("endTime")),
        "skipped": task.get("state") == "Other",
        "group_type": group.get("rpGroupType") or "",
        "group_name": group.get("name") or "",
        "children": [_task(child) for child in group.get("childTasks") or []],
        "work": work
        and {
            "job": work.get("jobId") or "",
            "machine": work.get("targetObjectId") or "",
            "machine_name": work.get("targetObjectName") or "",
            "scenario": work.get("jobScenarioName") or "",
        },
    }


def _error(errors: list[Json], tasks: list[Json]) -> Json:
    told: Mapping[str, Any] = dig(errors[0], "serviceErrorDetails") or {} if errors else {}
    provider: Mapping[str, Any] = dig(errors[0], "providerErrorDetails") or {} if errors else {}
    failed = next((place for place, task in enumerate(tasks) if task.get("state") == "Failed"), None)
    return {
        "code": str(told.get("code") or "506"),
        "message": told.get("message") or "",
        "causes": told.get("possibleCauses") or "",
        "action": told.get("recommendedAction") or "",
        "task": failed,
        "provider_code": int(provider.get("errorCode") or 0),
        "provider_message": provider.get("errorMessage"),
    }


# Events


def learn_event(estate: Estate, target: Target, body: Json) -> None:
    properties = body["properties"]
    fabric = properties.get("fabricId")
    known = estate.events.get(target.thing)
    if known is not None:
        return  # an event read by itself is poorer than in the list
    estate.vault(target)
    estate.events[target.thing] = {
        "name": target.name,
        "vault": vault_name(target),
        "at": moment(properties.get("timeOfOccurrence")) or estate.start,
        "code": properties.get("eventCode") or "",
        "type": properties.get("eventType") or "",
        "description": properties.get("description") or "",
        "affected": properties.get("affectedObjectFriendlyName") or "",
        "severity": properties.get("severity") or "OK",
        "site": estate.site(target_of(fabric))["name"] if is_arm_id(fabric) else None,
        "details": properties.get("eventSpecificDetails"),
        "provider_details": properties.get("providerSpecificDetails"),
        "errors": [
            {
                "code": str(error.get("errorCode") or ""),
                "message": error.get("errorMessage") or "",
                "causes": error.get("possibleCauses") or "",
                "action": error.get("recommendedAction") or "",
            }
            for error in properties.get("healthErrors") or []
        ],
    }
