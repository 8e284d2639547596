"""Machines of a practice site live through everything there is; what they and their jobs show meanwhile is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.conformance.conversation import OVER, Conversation
from tests.conformance.practice_site import PracticeSite, make_site, protection

_STEP_S = 2.0

STATE_FIELDS = (
    "protectionState",
    "protectionStateDescription",
    "activeLocation",
    "testFailoverState",
    "testFailoverStateDescription",
)
DETAIL_FIELDS = ("vmProtectionState", "vmProtectionStateDescription")


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
        self.states: set[State] = set()
        self.jobs: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._watched: list[str] = []
        self._states_of_jobs: dict[str, str] = {}

    def protect(self, machine: dict[str, Any]) -> str:
        """Enable protection and stay until the first copy is complete; returns the item's id."""
        item = f"{self.site.container}/replicationProtectedItems/{machine['name']}"
        self._watched.append(item)
        self.act("PUT", item, protection(self.site, machine))
        self.stay_until(lambda: "TestFailover" in self.properties_of(item)["allowedOperations"])
        return item

    def act(self, method: str, target: str, body: Any = None) -> None:
        answer = self.conversation.send(method, f"{target}?api-version=2022-08-01", body)
        assert answer.status == 202, f"{method} {target} answered {answer.status}: {answer.body}"
        status = answer.headers["azure-asyncoperation"]
        self.stay_until(lambda: self.conversation.send("GET", status).body["status"] in OVER)
        ended = self.conversation.send("GET", status).body
        assert ended["status"] == "Succeeded", f"{method} {target} ended {ended}"
        self._look()

    def stay_until(self, is_over: Callable[[], bool]) -> None:
        for _ in range(20_000):
            self._look()
            if is_over():
                return
            self.conversation.clock.advance(_STEP_S)
        raise AssertionError("it does not end")

    def forget(self, item: str) -> None:
        self._watched.remove(item)

    def properties_of(self, item: str) -> Any:
        return self.conversation.get(item)["properties"]

    def _look(self) -> None:
        for item in self._watched:
            answer = self.conversation.send("GET", f"{item}?api-version=2022-08-01")
            if answer.status == 200:
                self.states.add(state_of(answer.body["properties"]))
        for job in self.conversation.get(f"{self.site.vault}/replicationJobs")["value"]:
            properties = job["properties"]
            if self._states_of_jobs.get(job["name"]) != properties["state"]:
                self._states_of_jobs[job["name"]] = properties["state"]
                key = (properties["scenarioName"], properties["targetInstanceType"], properties["state"])
                self.jobs.setdefault(key, self.conversation.get(job["id"])["properties"])


def state_of(properties: dict[str, Any]) -> State:
    details = properties["providerSpecificDetails"]
    return State(
        (*((name, properties[name]) for name in STATE_FIELDS), *((name, details[name]) for name in DETAIL_FIELDS)),
        tuple(properties["allowedOperations"]),
        properties["currentScenario"]["scenarioName"],
    )


def live() -> Life:
    """Let three machines of a site live through everything, and then take it all down."""
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
    life.conversation.clock.advance(3600)  # until there are recovery points
    drill(life, item)
    fail_over(life, item, "plannedFailover")
    life.act("POST", f"{item}/failoverCommit")
    go_back(life, item)
    life.act("POST", f"{item}/reProtect", {"properties": {"failoverDirection": "PrimaryToRecovery"}})
    life.stay_until(lambda: "TestFailover" in life.properties_of(item)["allowedOperations"])
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
    life.act("POST", f"{item}/testFailoverCleanup", {"properties": {"comments": ""}})


def fail_over(life: Life, item: str, action: str, **more: str) -> None:
    details = {"instanceType": "HyperVReplicaAzure"}
    properties = {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": details, **more}
    life.act("POST", f"{item}/{action}", {"properties": properties})


FAILBACK = {
    "properties": {
        "providerSpecificDetails": {
            "instanceType": "HyperVReplicaAzureFailback",
            "dataSyncOption": "ForSynchronization",
            "recoveryVmCreationOption": "NoAction",
        }
    }
}


def go_back(life: Life, item: str) -> None:
    life.act("POST", f"{item}/plannedFailover", FAILBACK)
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
