"""Machines live through everything in the practice vault; their states and jobs are held against the recorded ones.

While each operation runs, the machine and the jobs are read again and again. Every state that was recorded must have
been met, with the same allowed operations; every job that was recorded for a Hyper-V site must look the same: names,
steps in order, what may be done with it in each state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from tests.conformance.conversation import OVER, Conversation
from tests.conformance.practice_site import PracticeSite, make_site, protection
from tests.support.recordings import needs_recordings, read_derived
from tests.support.tables import Tell

pytestmark = [needs_recordings, pytest.mark.slow]

_STEP_S = 2.0
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

_STATE_FIELDS = (
    "protectionState",
    "protectionStateDescription",
    "activeLocation",
    "testFailoverState",
    "testFailoverStateDescription",
)
_DETAIL_FIELDS = ("vmProtectionState", "vmProtectionStateDescription")

NOT_OF_A_SITE = {
    "NetworkPairing": "networks are mapped in VMM only",
    "NetworkUnPairing": "networks are mapped in VMM only",
    "CertificateRenewal": "no certificate of the practice vault ever ends; the call answers 501",
}
"""Recorded scenarios that are left out, and why."""

DETAILS_BY_VERSION = {"PlannedFailover": ("FailoverJobDetails", "AsrJobDetails")}
"""The type of a planned failover's details changed between the recorded api-versions 2016-08-10 and 2018-01-10."""


@dataclass(frozen=True, slots=True)
class State:
    """One row of what a machine shows."""

    fields: tuple[tuple[str, str], ...]
    allowed_operations: tuple[str, ...]
    current_scenario: str

    def __str__(self) -> str:
        shown = dict(self.fields)
        return (
            f"{shown['protectionState']} at {shown['activeLocation']}, test {shown['testFailoverState']}, "
            f"vm {shown['vmProtectionState']}, running {self.current_scenario}, allows {list(self.allowed_operations)}"
        )


class Life:
    """Carries operations out and keeps every distinct thing that was to be seen meanwhile."""

    def __init__(self, conversation: Conversation, site: PracticeSite) -> None:
        self.conversation = conversation
        self.site = site
        self.states: dict[State, str] = {}
        self.jobs: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._watched: list[str] = []
        self._states_of_jobs: dict[str, str] = {}

    def protect(self, machine: dict[str, Any]) -> str:
        """Enable protection and stay until the first copy is complete; returns the item's id."""
        item = f"{self.site.container}/replicationProtectedItems/{machine['name']}"
        self._watched.append(item)
        self.act("PUT", item, protection(self.site, machine))
        self.stay_until(lambda: "TestFailover" in self._properties(item)["allowedOperations"])
        return item

    def act(self, method: str, target: str, body: Any = None) -> None:
        answer = self.conversation.send(method, f"{target}?api-version=2022-08-01", body)
        assert answer.status == 202, f"{method} {target} answered {answer.status}: {answer.body}"
        status = answer.headers["azure-asyncoperation"]
        self.stay_until(lambda: self.conversation.send("GET", status).body["status"] in OVER)
        ended = self.conversation.send("GET", status).body
        assert ended["status"] == "Succeeded", f"{method} {target} ended {ended}"
        self._look()

    def stay_until(self, is_over: Any) -> None:
        for _ in range(20_000):
            self._look()
            if is_over():
                return
            self.conversation.clock.advance(_STEP_S)
        raise AssertionError("it does not end")

    def forget(self, item: str) -> None:
        self._watched.remove(item)

    def _properties(self, item: str) -> Any:
        return self.conversation.get(item)["properties"]

    def _look(self) -> None:
        for item in self._watched:
            answer = self.conversation.send("GET", f"{item}?api-version=2022-08-01")
            if answer.status == 200:
                self.states.setdefault(state_of(answer.body["properties"]), item)
        for job in self.conversation.get(f"{self.site.vault}/replicationJobs")["value"]:
            properties = job["properties"]
            if self._states_of_jobs.get(job["name"]) != properties["state"]:
                self._states_of_jobs[job["name"]] = properties["state"]
                key = (properties["scenarioName"], properties["targetInstanceType"], properties["state"])
                self.jobs.setdefault(key, self.conversation.get(job["id"])["properties"])


def state_of(properties: dict[str, Any]) -> State:
    details = properties["providerSpecificDetails"]
    return State(
        (*((name, properties[name]) for name in _STATE_FIELDS), *((name, details[name]) for name in _DETAIL_FIELDS)),
        tuple(properties["allowedOperations"]),
        properties["currentScenario"]["scenarioName"],
    )


@pytest.fixture(scope="module")
def life() -> Life:
    conversation = Conversation()
    life = Life(conversation, make_site(conversation))
    first, second, third, *_ = life.site.machines
    drilled = live_through_planned_failover(life, life.protect(first))
    undrilled = live_through_unplanned_failover(life, life.protect(second))
    removed = life.protect(third)
    change_settings(life, removed)
    for item in (drilled, undrilled):
        life.act("POST", f"{item}/remove", {"properties": {}})
        life.forget(item)
    life.act("DELETE", removed)
    life.forget(removed)
    take_down(life)
    return life


def live_through_planned_failover(life: Life, item: str) -> str:
    """A drill, then there and back again."""
    drill(life, item)
    fail_over(life, item, "plannedFailover")
    life.act("POST", f"{item}/failoverCommit")
    go_back(life, item)
    life.act("POST", f"{item}/reProtect", {"properties": {"failoverDirection": "PrimaryToRecovery"}})
    life.stay_until(lambda: "TestFailover" in life._properties(item)["allowedOperations"])
    fail_over(life, item, "unplannedFailover")
    life.act("POST", f"{item}/failoverCommit")
    go_back(life, item)
    return item


def live_through_unplanned_failover(life: Life, item: str) -> str:
    """No drill ever; another recovery point is chosen before the commit."""
    fail_over(life, item, "unplannedFailover", sourceSiteOperations="NotRequired")
    points = life.conversation.get(f"{item}/recoveryPoints")["value"]
    chosen = {"recoveryPointId": points[0]["id"], "providerSpecificDetails": {"instanceType": "HyperVReplicaAzure"}}
    life.act("POST", f"{item}/applyRecoveryPoint", {"properties": chosen})
    life.act("POST", f"{item}/failoverCommit")
    go_back(life, item)
    return item


def drill(life: Life, item: str) -> None:
    into = {
        "failoverDirection": "PrimaryToRecovery",
        "networkType": "VmNetworkAsInput",
        "networkId": life.site.network,
        "providerSpecificDetails": {"instanceType": "HyperVReplicaAzure"},
    }
    life.act("POST", f"{item}/testFailover", {"properties": into})
    life.act("POST", f"{item}/testFailoverCleanup", {"properties": {"comments": "as it should"}})


def fail_over(life: Life, item: str, action: str, **more: str) -> None:
    details = {"instanceType": "HyperVReplicaAzure"}
    properties = {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": details, **more}
    life.act("POST", f"{item}/{action}", {"properties": properties})


def go_back(life: Life, item: str) -> None:
    details = {
        "instanceType": "HyperVReplicaAzureFailback",
        "dataSyncOption": "ForSynchronization",
        "recoveryVmCreationOption": "NoAction",
    }
    life.act("POST", f"{item}/plannedFailover", {"properties": {"providerSpecificDetails": details}})
    life.act("POST", f"{item}/failoverCommit")


def change_settings(life: Life, item: str) -> None:
    life.act("PATCH", item, {"properties": {"recoveryAzureVMName": "renamed"}})
    life.act("POST", f"{item}/repairReplication")


def take_down(life: Life) -> None:
    """The site's own work, and then everything is removed, gently and by force."""
    site = life.site
    (provider,) = life.conversation.get(f"{site.fabric}/replicationRecoveryServicesProviders")["value"]
    life.act("POST", f"{provider['id']}/refreshProvider")
    life.act("POST", f"{site.fabric}/checkConsistency")
    life.act("POST", f"{site.vault}/replicationVaultHealth/default/refresh")
    changed = {"replicationProviderSettings": {"instanceType": "HyperVReplicaAzure", "replicationInterval": 30}}
    life.act("PATCH", site.policy, {"properties": changed})
    life.act("POST", f"{site.mapping}/remove", {"properties": {}})
    associate = {
        "policyId": site.policy,
        "providerSpecificInput": {},
        "targetProtectionContainerId": "Microsoft Azure",
    }
    life.act("PUT", site.mapping, {"properties": associate})
    life.act("DELETE", site.mapping)
    life.act("DELETE", site.policy)
    life.act("POST", f"{provider['id']}/remove")
    life.act("POST", f"{site.fabric}/remove")
    life.act("PUT", site.fabric, {"properties": {}})
    life.act("DELETE", site.fabric)


# --- states ----------------------------------------------------------------------------------------------------------


def recorded_states() -> Iterator[State]:
    for row in read_derived("protected_item_states.json")["states"]:
        yield State(
            tuple((name, row[name]) for name in (*_STATE_FIELDS, *_DETAIL_FIELDS)),
            tuple(row["allowedOperations"]),
            row["currentScenario"],
        )


def test_every_recorded_state_is_met(life: Life) -> None:
    missed = [str(state) for state in recorded_states() if state not in life.states]

    assert missed == []


def test_no_state_is_met_that_was_not_recorded(life: Life) -> None:
    """Of a machine that nothing is done to; what one shows during an operation was hardly ever recorded.

    The state of its last drill stays with a machine through everything after, so it may be any that is at rest.
    """
    known = [_but_the_drill(state) for state in recorded_states()]
    invented = [str(s) for s in life.states if s.current_scenario == "None" and _but_the_drill(s) not in known]

    assert [state for state in invented if not state.startswith(EXAMPLE_ONLY)] == []


EXAMPLE_ONLY = "PlannedFailoverStatesBegin at Recovery, "
"""The commit of a planned failover was not recorded; the published example gives its state."""


def _but_the_drill(state: State) -> dict[str, str]:
    at_rest = {"None", "MarkedForDeletion"}
    fields = dict(state.fields)
    drill = fields.pop("testFailoverState")
    description = fields.pop("testFailoverStateDescription")
    operations = {"allowedOperations": " ".join(state.allowed_operations)}
    return fields | operations | ({} if drill in at_rest else {"drill": f"{drill} {description}"})


# --- jobs ------------------------------------------------------------------------------------------------------------


def test_jobs_look_as_recorded(life: Life, tell: Tell) -> None:
    recorded = list(recorded_jobs())
    complaints = [complaint for job in recorded for complaint in job_complaints(job, life)]

    seen = sorted({state for _, _, state in life.jobs})
    tell(
        "jobs held against recorded ones",
        ["scenario", "steps", *seen],
        [
            [
                job["scenarioName"],
                len(job["tasks"]),
                *("yes" if (*_key(job), state) in life.jobs else "-" for state in seen),
            ]
            for job in recorded
        ],
    )
    assert complaints == []


def recorded_jobs() -> Iterator[dict[str, Any]]:
    """Those about sites and machines whose steps were recorded; recovery plans' jobs are not simulated yet."""
    for job in read_derived("jobs.json")["jobs"]:
        if job["tasks"] and job["scenarioName"] not in NOT_OF_A_SITE and job["targetInstanceType"] != "RecoveryPlan":
            yield job


def job_complaints(recorded: dict[str, Any], life: Life) -> Iterator[str]:
    scenario = recorded["scenarioName"]
    ours = {state: job for (*key, state), job in life.jobs.items() if tuple(key) == _key(recorded)}
    if "Succeeded" not in ours:
        yield f"{scenario}: no such job came to a good end"
        return
    for state, job in ours.items():
        actions = recorded["allowedActionsByState"].get(state)
        if actions is not None and job["allowedActions"] not in actions:
            yield f"{scenario}, {state}: allowedActions recorded {actions}, ours {job['allowedActions']}"
        if f"{job['state']}/{job['stateDescription']}" not in recorded_pairs():
            yield f"{scenario}: no job was recorded with {job['state']}/{job['stateDescription']}"
    done = ours["Succeeded"]
    details = done["customDetails"]
    affected = sorted(details["affectedObjectDetails"])
    wanted_types = DETAILS_BY_VERSION.get(scenario, (recorded["customDetailsType"],))
    # The keys began with a capital letter in 2017.
    wanted_keys = sorted(key[0].lower() + key[1:] for key in recorded["affectedObjectKeys"])
    for what, wanted, shown in (
        ("friendlyName", recorded["friendlyName"], done["friendlyName"]),
        ("affectedObjectDetails", wanted_keys, affected),
        ("customDetails.instanceType", True, details["instanceType"] in wanted_types),
        ("number of tasks", len(recorded["tasks"]), len(done["tasks"])),
    ):
        if wanted != shown:
            yield f"{scenario}: {what} recorded {wanted}, ours {shown}"
    for wanted, task in zip(recorded["tasks"], done["tasks"], strict=False):
        row = _task_row(task, wanted)
        for key in wanted:
            if wanted[key] != row.get(key):
                yield f"{scenario}: step {wanted['name']}: {key} recorded {wanted[key]!r}, ours {row.get(key)!r}"


@cache
def recorded_pairs() -> frozenset[str]:
    return frozenset(pair for job in read_derived("jobs.json")["jobs"] for pair in job["states"])


def _key(job: dict[str, Any]) -> tuple[str, str]:
    return job["scenarioName"], job["targetInstanceType"]


def _task_row(task: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """A step as the table of recorded ones writes it."""
    row = {
        "taskId": "<guid>" if _GUID.fullmatch(task["taskId"]) else task["taskId"],
        "name": task["name"],
        "friendlyName": task["friendlyName"],
        "taskType": task["taskType"],
        "finalState": f"{task['state']}/{task['stateDescription']}",
    }
    if "customDetailsKeys" in like:
        row["customDetailsKeys"] = sorted(task["customDetails"])
    return row
