"""What must hold of every job by itself, read whole."""

from __future__ import annotations

from collections.abc import Iterator

from tests.walk.azure import Broken, Json
from tests.walk.tables import DESCRIBED, ENDED, GOOD, NO_TIME, OPERATION_STATUS, TASK_STATES


def check_job(job: Json) -> None:
    properties = job["properties"]
    state, name = properties["state"], f"{properties['scenarioName']} {job['name']}"
    if properties["stateDescription"] not in DESCRIBED.get(state, ()):
        raise Broken("a job's state and its description are a known pair", f"{name} {state} {properties}")
    has_ended = state in ENDED
    if has_ended != ("endTime" in properties):
        raise Broken("a job tells its end when it has ended, and only then", f"{name} {state}")
    if has_ended and properties["endTime"] < properties["startTime"][:19]:
        raise Broken("a job does not end before its start", f"{name} {properties}")
    if bool(properties["errors"]) != (state in ("Failed", "PartiallySucceeded")):
        raise Broken("a job tells errors when it failed, and only then", f"{name} {state}")
    _check_actions(name, state, properties["allowedActions"])
    for task in steps_of(properties["tasks"]):
        _check_task(f"{name} ({state})", properties, task)
    if has_ended:
        _check_failed_step(name, properties)


def _check_actions(name: str, state: str, actions: list[str]) -> None:
    possible = {
        "InProgress": {"Cancel"},
        "Suspended": {"Cancel", "Resume"},
        "Failed": {"Restart", "RestartTestFailoverCleanup"},
        "Cancelled": {"Restart"},
        "PartiallySucceeded": {"Restart"},
    }
    if not set(actions) <= possible.get(state, set()):
        raise Broken("a job offers only what its state lets", f"{name} {state} {actions}")


def _check_task(name: str, job: Json, task: Json) -> None:
    state, told = task["state"], f"{name}: {task['name']} {task['state']}"
    if state not in TASK_STATES[job["state"]]:
        raise Broken("steps are in states that go with their job's", told)
    if task["stateDescription"] not in DESCRIBED[state]:
        raise Broken("a step's state and its description are a known pair", f"{told} {task['stateDescription']}")
    begins, ends = task["startTime"], task["endTime"]
    if (ends != NO_TIME) != (state in ENDED):
        raise Broken("a step tells its end when it has ended, and only then", f"{told} {ends}")
    if state in ("InProgress", "Suspended", *ENDED) and begins == NO_TIME:
        raise Broken("a step that was begun tells when", told)
    if begins != NO_TIME and begins < job["startTime"]:
        raise Broken("a step does not begin before its job", f"{told} {begins} < {job['startTime']}")
    if NO_TIME not in (begins, ends) and ends < begins:
        raise Broken("a step does not end before it begins", f"{told} {begins} {ends}")
    if ends != NO_TIME and "endTime" in job and ends[:19] > job["endTime"][:19]:
        raise Broken("a step does not end after its job", f"{told} {ends} > {job['endTime']}")


def _check_failed_step(name: str, job: Json) -> None:
    failed = {task["taskId"] for task in steps_of(job["tasks"]) if task["state"] == "Failed"}
    blamed = {error["taskId"] for error in job["errors"]} - {None}
    if job["state"] == "Failed" and blamed and not blamed <= failed:
        raise Broken("the step that an error names has failed", f"{name} {blamed} {failed}")
    if failed and job["state"] != "Failed":
        raise Broken("a step fails with its job", f"{name} {job['state']}")


def check_status(job: Json, status: Json) -> None:
    """The operation of the same name says the same, in its own words."""
    state = job["properties"]["state"]
    if status["status"] != OPERATION_STATUS[state]:
        raise Broken("an operation's status is its job's", f"{job['name']} {state} {status['status']}")
    if (status["endTime"] is not None) != (state in ENDED):
        raise Broken("an operation tells its end when it has ended", f"{job['name']} {status}")
    if state == "Failed" and status["error"]["code"] != job["properties"]["errors"][0]["serviceErrorDetails"]["code"]:
        raise Broken("an operation fails with its job's error", f"{job['name']} {status}")


def steps_of(tasks: list[Json]) -> Iterator[Json]:
    for task in tasks:
        yield task
        yield from steps_of((task.get("groupTaskCustomDetails") or {}).get("childTasks") or [])


def children_of(job: Json) -> set[str]:
    """Names of the jobs that a plan's job has begun for its machines."""
    found = (((task.get("customDetails") or {}).get("jobTask") or {}) for task in steps_of(job["properties"]["tasks"]))
    return {name for task in found if (name := str(task.get("jobId") or "").rsplit("/", 1)[-1])}


def check_family(parent: Json, children: dict[str, Json], restarted: set[str]) -> None:
    """A plan's job that has ended has its machines' jobs behind it, but for those that somebody began again."""
    properties = parent["properties"]
    for name in children_of(parent) - restarted:
        child = children[name]["properties"]
        told = f"{parent['name']} {properties['scenarioName']} {properties['state']}: {name} {child['state']}"
        if child["state"] not in ENDED:
            raise Broken("a plan's job does not end before those of its machines", told)
        if child["endTime"] > properties["endTime"]:
            raise Broken(
                "a machine's job ends no later than its plan's", f"{told} {child['endTime']} {properties['endTime']}"
            )
        if properties["state"] in GOOD and child["state"] not in GOOD:
            raise Broken("a plan's job does not succeed when a machine's does not", told)
