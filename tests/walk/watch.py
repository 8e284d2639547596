"""What a walk has seen so far, and what must follow from it whenever the vault is looked at again."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from tests.walk.azure import Azure, Broken, Json, segment
from tests.walk.job_checks import check_family, check_job, check_status, children_of
from tests.walk.tables import BEGINS_AGAIN, ENDED, GOOD, IN_DRILL, OPERATIONS, OTHERS, STATES, WITH_MACHINE

_AT_WORK = "a machine that a job works on offers nothing"


class Asked(NamedTuple):
    """An operation that was accepted for a machine, and what was read of it just before."""

    operation: str
    before: Json
    is_permitted: bool
    is_host_heard: bool


class AskedOfPlan(NamedTuple):
    """A run of a plan: whether it may go well, and what it asks of each machine, by the machine's id."""

    told: str
    may_succeed: bool
    of_machines: dict[str, Asked]


class Watch:
    """Reads the vault, remembers, and raises `Broken`.

    Attributes:
        items: the protected items as they were last read, by lower-cased id.
        open: jobs that have not ended.
        asked, asked_of_plans, enabled_again: what was asked for, by the name of its job.
        cancelled, restarted: jobs that somebody ended or began again.
        cancelled_plans_at: when plans' jobs were cancelled, to the second; those of their machines go with them.
        restarts: by the name of a job that restarts: which one.
    """

    def __init__(self, azure: Azure) -> None:
        self._azure = azure
        self.items: dict[str, Json] = {}
        self.open: dict[str, Json] = {}
        self.ended: dict[str, Json] = {}
        self.asked: dict[str, Asked] = {}
        self.asked_of_plans: dict[str, AskedOfPlan] = {}
        self.enabled_again: dict[str, str] = {}
        self.cancelled: set[str] = set()
        self.cancelled_plans_at: set[str] = set()
        self.restarted: set[str] = set()
        self.restarts: dict[str, str] = {}
        self._since = ""
        self._machines: dict[str, str] = {}
        self._drills: dict[str, str] = {}
        self._half_made: set[str] = set()
        self._left: set[str] = set()
        self._ended: set[str] = set()
        self._names: dict[str, set[str]] = {}
        self.outcomes: Counter[str] = Counter()

    async def look(self) -> None:
        """Read items, jobs and Azure's machines, and hold them against each other and the past."""
        azure = self._azure
        before = self.items
        self.items = {item["id"].lower(): item for item in await azure.items()}
        for item in self.items.values():
            name = item["properties"]["providerSpecificDetails"]["recoveryAzureVmName"]
            self._names.setdefault(vm_of(item), set()).add(name)
        found = azure.machines_in_azure()
        listed = await azure.jobs(f"StartTime eq '{self._since}'" if self._since else None)
        names = [job["name"] for job in listed if job["name"] not in self.ended]
        over: list[Json] = []
        waiting = list(dict.fromkeys([*self.open, *names]))
        while waiting:
            name = waiting.pop(0)
            job = await azure.job(name)
            check_job(job)
            check_status(job, azure.operation(name))
            if job["properties"]["state"] not in ENDED:
                self.open[name] = job
                continue
            self.open.pop(name, None)
            self.ended[name] = job
            over.append(job)
            if name in self.restarts:  # what it began again has run on since
                waiting.append(self.restarts.pop(name))
        for job in sorted(over, key=lambda job: str(job["properties"]["endTime"])):
            await self._on_end(job, set(found), before)
        for key in before.keys() - self.items.keys():
            if vm_of(before[key]) not in self._ended:
                raise Broken("a machine's protection ends by a job that says so", key)
        self._ended.clear()
        for item in self.items.values():
            self._check_item(item)
        self._check_protected_once()
        self._check_machines(set(found))
        # A margin, as one that begins while this is read must not be missed.
        moment = datetime.fromtimestamp(azure.now, UTC) - timedelta(minutes=1)
        self._since = f"{moment:%Y-%m-%dT%H:%M:%S}.0000000Z"

    # When a job has ended

    async def _on_end(self, job: Json, found: set[str], before: dict[str, Json]) -> None:
        properties, name = job["properties"], job["name"]
        is_good = properties["state"] in GOOD
        key = f"{properties['targetInstanceType']} {properties['scenarioName']}"
        self.outcomes[f"{key} {properties['state']}"] += 1
        is_of_plan = properties["targetInstanceType"] == "ProtectionEntity" and (
            str(properties["endTime"])[:19] in self.cancelled_plans_at
        )
        if properties["state"] == "Cancelled" and name not in self.cancelled and not is_of_plan:
            raise Broken("a job is cancelled when somebody cancels it, and only then", name)
        if properties["scenarioName"] in ("UnregisterFabric", "PurgeVMM") and is_good:
            for item in before.values():
                if fabric_of(item["id"]).lower() == properties["targetObjectName"].lower():
                    self.forget(vm_of(item))
        if properties["targetInstanceType"] == "ProtectionEntity":
            self._follow_machine(job, found)
        if children_of(job):
            for child in children_of(job):
                if child not in self.ended:
                    self.ended[child] = await self._azure.job(child)
            check_family(job, self.ended, self.restarted)
        self._judge_plan(job, is_good=is_good)
        again = self.enabled_again.pop(name, None)
        if again is not None and properties["state"] == "Succeeded" and name not in self.restarted:
            raise Broken("a machine that is protected is not protected anew", again)
        asked = self.asked.pop(name, None)
        if asked is not None and name not in self.restarted:
            self._judge(job, asked, is_good=is_good)
            self._judge_outcome(job, asked, is_good=is_good)

    def _judge_plan(self, job: Json, *, is_good: bool) -> None:
        asked = self.asked_of_plans.pop(job["name"], None)
        if asked is None:
            return
        if is_good and not asked.may_succeed:
            raise Broken("what is not in a plan's allowedOperations does not succeed", asked.told)
        for name in children_of(job) - self.restarted:
            child = self.ended[name]
            of_machine = asked.of_machines.get(child["properties"]["targetObjectId"])
            if of_machine is None:
                raise Broken("a plan runs for its machines alone", f"{asked.told} {name}")
            self._judge(child, of_machine, is_good=child["properties"]["state"] in GOOD)

    def _follow_machine(self, job: Json, found: set[str]) -> None:
        """Which of Azure's machines belong to whom, by what the ended jobs say."""
        properties, scenario = job["properties"], job["properties"]["scenarioName"]
        guid = properties["targetObjectId"]
        if properties["state"] not in GOOD:
            if scenario == "EnableDr":
                self._ended.add(guid)
            if "RestartTestFailoverCleanup" in properties["allowedActions"]:
                self._half_made.add(guid)
            return
        if scenario == "TestFailover":
            self._drills[guid] = properties["customDetails"]["protectedItemDetails"][0]["testVmName"]
        elif scenario == "TestFailoverCleanup":
            self._drills.pop(guid, None)
            self._half_made.discard(guid)
        elif scenario in ("PlannedFailover", "UnplannedFailover", "ChangePit"):
            self._machines.pop(guid, None)
            self._machines[guid] = self._new_machine(guid, found, name=job["name"])
        elif scenario == "FinalizeFailback":
            self._machines.pop(guid, None)
        elif scenario in ("DisableDr", "PurgeVm"):
            self.forget(guid)

    def _new_machine(self, guid: str, found: set[str], name: str) -> str:
        wanted = self._names.get(guid, set())
        free = found - set(self._machines.values()) - set(self._drills.values()) - self._left
        fits = sorted(free & {*wanted, *(m for m in free for name in wanted if m.startswith(f"{name}-{guid}"))})
        if not fits:
            raise Broken("a failover makes a machine of the wanted name", f"{name} {wanted} {sorted(found)}")
        return fits[0]

    def forget(self, guid: str) -> None:
        """A machine is no longer protected: what it has in Azure stays, and belongs to nobody."""
        self._ended.add(guid)
        self._left |= {owned[guid] for owned in (self._machines, self._drills) if guid in owned}
        self._machines.pop(guid, None)
        self._drills.pop(guid, None)
        self._half_made.discard(guid)

    def _judge(self, job: Json, asked: Asked, *, is_good: bool) -> None:
        properties = job["properties"]
        told = f"{asked.operation} of {properties['targetObjectName']} from {state_of(asked.before)}: {job['name']}"
        if is_good and not asked.is_permitted:
            raise Broken("what is not in allowedOperations does not succeed", told)
        if properties["state"] == "Failed" and asked.is_permitted:
            code = properties["errors"][0]["serviceErrorDetails"]["code"]
            has_lost_its_site = code == "506" and asked.before["id"].lower() not in self.items
            if code not in (OPERATIONS | OTHERS)[asked.operation].fails_with and not has_lost_its_site:
                raise Broken("what is in allowedOperations goes well, or fails for a known reason", f"{told} {code}")
            if code == "25018" and asked.is_host_heard:
                raise Broken("a host that is heard of can be reached", told)

    def _judge_outcome(self, job: Json, asked: Asked, *, is_good: bool) -> None:
        properties = job["properties"]
        told = f"{asked.operation} of {properties['targetObjectName']} from {state_of(asked.before)}: {job['name']}"
        item = self.items.get(asked.before["id"].lower())
        if asked.operation in ("disable", "complete migration", "purge"):
            if is_good and item is not None and vm_of(item) == vm_of(asked.before):
                if item["properties"]["eventCorrelationId"] == asked.before["properties"]["eventCorrelationId"]:
                    raise Broken("a machine whose protection was ended is gone", told)
            return
        if item is None or not (is_good or asked.is_permitted) or asked.operation == "update":
            return  # a change of settings does not hold the machine: it may have gone on meanwhile
        after = state_of(item)
        leads = OPERATIONS[asked.operation].leads if asked.operation in OPERATIONS else {}
        expected = leads.get(state_of(asked.before)) if is_good else state_of(asked.before)
        wanted = BEGINS_AGAIN if expected == "InitialReplicationInProgress" else (expected or state_of(asked.before),)
        if after not in wanted and properties["state"] != "Cancelled" and not self._is_newer(asked.before, item):
            raise Broken("an operation leads where it is said to", f"{told} {properties['state']} -> {after}")
        drill = item["properties"]["testFailoverState"]
        if is_good and asked.operation == "test failover" and drill != "WaitingForCompletion":
            raise Broken("a test failover waits for its clean-up", f"{told} {drill}")
        if is_good and asked.operation == "clean-up" and drill == "WaitingForCompletion":
            raise Broken("a clean-up ends the test failover", told)

    def _is_newer(self, before: Json, item: Json) -> bool:
        """Whether it was protected anew meanwhile, or was on its way to Protected by itself."""
        same = before["properties"]["eventCorrelationId"] == item["properties"]["eventCorrelationId"]
        return not same or (state_of(before) in BEGINS_AGAIN and state_of(item) in BEGINS_AGAIN)

    # Whenever it is looked at

    def _check_item(self, item: Json) -> None:
        properties, state = item["properties"], state_of(item)
        told = f"{properties['friendlyName']} {state}"
        known = STATES.get(state)
        if known is None:
            raise Broken("a protected item is in a known state", told)
        if properties["activeLocation"] != known.active:
            raise Broken("activeLocation goes with protectionState", f"{told} {properties['activeLocation']}")
        offered, scenario = set(properties["allowedOperations"]), properties["currentScenario"]
        is_busy = scenario["scenarioName"] != "None"
        if is_busy and scenario["jobId"].rsplit("/", 1)[-1] not in self.open:
            raise Broken("a machine's current scenario is a job that has not ended", f"{told} {scenario}")
        if is_busy and offered:
            raise Broken(_AT_WORK, f"{told} {offered}")
        in_drill = properties["testFailoverState"] == "WaitingForCompletion"
        if not is_busy and offered != (IN_DRILL if in_drill else known.offers):
            raise Broken("a machine offers what its state lets", f"{told} {sorted(offered)}")
        levels = {error["errorLevel"] for error in properties["healthErrors"]}
        worst = "Critical" if "Critical" in levels else "Warning" if "Warning" in levels else "Normal"
        healths = {properties["replicationHealth"], properties["failoverHealth"]}
        if worst not in healths or (worst == "Normal" and healths != {"Normal"}):
            raise Broken("a machine's health is that of its worst error", f"{told} {healths} {levels}")
        guid = vm_of(item)
        if in_drill != (guid in self._drills or guid in self._half_made):
            raise Broken("a test machine stands while the test failover waits", told)
        if (state in WITH_MACHINE) != (guid in self._machines):
            raise Broken("a machine stands in Azure exactly while it has failed over", f"{told} {self._machines}")

    def _check_protected_once(self) -> None:
        guids = [vm_of(item) for item in self.items.values()]
        if len(guids) != len(set(guids)):
            raise Broken("a machine is protected at most once", sorted(guids))

    def _check_machines(self, found: set[str]) -> None:
        known = {*self._machines.values(), *self._drills.values(), *self._left}
        if found != known:
            raise Broken("Azure has the machines that failovers made, and no others", f"{found} {known}")

    def check_copies_ended(self) -> None:
        """Long after anything was done, nothing is on its way any more."""
        for item in self.items.values():
            if state_of(item) in BEGINS_AGAIN[:2]:
                raise Broken("every first copy ends", f"{item['properties']['friendlyName']} {state_of(item)}")

    async def look_around(self) -> None:
        """What takes more reading, and is read now and then."""
        await self._check_sources()
        await self._check_plans()

    async def _check_sources(self) -> None:
        """The machines of every site tell of their protection what the items tell."""
        for container in await self._azure.containers():
            for machine in await self._azure.protectable(container["id"]):
                properties = machine["properties"]
                item_id = properties["replicationProtectedItemId"]
                item = self.items.get(str(item_id).lower())
                told = f"{properties['friendlyName']} {properties['protectionStatus']} {item_id}"
                if (properties["protectionStatus"] == "Protected") != (item_id is not None):
                    raise Broken("a protected machine names its item", told)
                if item_id is not None and (item is None or vm_of(item) != machine["name"]):
                    raise Broken("the item that a machine names is its own", told)

    async def _check_plans(self) -> None:
        for entry in await self._azure.plans():
            plan = await self._azure.client.replication_recovery_plans.get(
                self._azure.group, self._azure.vault, entry["name"]
            )
            for group in plan["properties"]["groups"]:
                for member in group["replicationProtectedItems"]:
                    item = self.items.get(str(member["id"]).lower())
                    if item is None or vm_of(item) != member["virtualMachineId"]:
                        raise Broken("a plan holds machines that are protected", f"{entry['name']} {member['id']}")
            self._check_plan(plan["properties"], entry["name"])

    def _check_plan(self, plan: Json, name: str) -> None:
        offered, scenario = set(plan["allowedOperations"]), plan["currentScenario"]
        is_busy = scenario is not None and scenario["jobId"].rsplit("/", 1)[-1] in self.open
        ids = [entry["id"].lower() for group in plan["groups"] for entry in group["replicationProtectedItems"]]
        waits = any(self.items[key]["properties"]["testFailoverState"] == "WaitingForCompletion" for key in ids)
        if is_busy != (not offered):
            raise Broken("a plan offers nothing while it runs, and only then", f"{name} {scenario} {offered}")
        if not is_busy and waits != (offered == {"TestFailoverCleanup"}):
            raise Broken("a plan with a machine in a drill offers its clean-up", f"{name} {offered}")


def state_of(item: Json) -> str:
    return str(item["properties"]["protectionState"])


def vm_of(item: Json) -> str:
    return str(item["properties"]["providerSpecificDetails"]["vmId"])


def fabric_of(path: str) -> str:
    return segment(path, "replicationFabrics")
