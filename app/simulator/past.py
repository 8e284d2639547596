"""Living through a scenario's past: each deed is a request of its time, answered by the practice vault's own handlers.

So a machine that a scenario shows as failed over has been failed over: with its jobs and events, its machine in Azure,
its recovery points, and everything that can be done next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from app.simulator import past_data as deeds
from app.simulator import records as rec
from app.simulator import replication
from app.simulator.clock import SimulatorClock
from app.simulator.effects import EFFECTS
from app.simulator.event_log import record_health_event
from app.simulator.faults.control import begin
from app.simulator.faults.kinds import Value
from app.simulator.handlers.failback import FAILBACK
from app.simulator.handlers.policies import HYPER_V_REPLICA_AZURE
from app.simulator.messages import Headers, Request
from app.simulator.replication import points_of
from app.simulator.replies import Refusal
from app.simulator.router import PRACTICE_ARM_HOST, Call, Router
from app.simulator.routes import ALL_ROUTES
from app.simulator.scenario_data import ScenarioData, ScenarioError, span_of
from app.simulator.wire import Json, fabric_part, guid, last_segment
from app.simulator.world import World

_VERSION = "2025-08-01"
_DAY_S = 86_400.0
_PLAN_OPERATIONS = {
    "test": "testFailover",
    "clean up": "testFailoverCleanup",
    "planned failover": "plannedFailover",
    "failover": "unplannedFailover",
    "commit": "failoverCommit",
    "reprotect": "reProtect",
}


def earliest(data: ScenarioData, opened: float) -> float:
    """When everything is to stand that the past begins with."""
    spans = [span_of(deed.ago) for deed in data.past]
    return opened - max(spans) - _DAY_S if spans else opened


def live_through(world: World, data: ScenarioData, vault: str, opened: float) -> None:
    """Let the past happen, until `opened`.

    Raises:
        ScenarioError: something in it is refused, or its job fails and is not said to.
    """
    clock = world.clock
    past = _Past(world, data, vault)
    at = {number: opened - span_of(deed.ago) for number, deed in enumerate(data.past)}
    for number in sorted(at, key=lambda number: at[number]):  # those of one moment in the file's order
        past.wait_until(at[number])
        try:
            past.do(data.past[number])
        except ScenarioError as error:
            raise ScenarioError(f"past[{number}] ({data.past[number].__struct_config__.tag}): {error}") from None
    past.wait_until(opened)
    past.set_progress()
    world.clock = clock


class _Past:
    """The time before the scenario begins, in which one deed follows another."""

    def __init__(self, world: World, data: ScenarioData, vault: str) -> None:
        self._world = world
        self._data = data
        self._vault = vault
        self._router = Router(ALL_ROUTES)
        self._requests = 0
        self._clock = SimulatorClock(datetime.fromtimestamp(world.now, UTC), speed=0)
        self._copied: dict[str, float] = {}
        world.clock = self._clock

    def wait_until(self, at: float) -> None:
        self._clock.advance(at - self._clock.seconds())
        while not self._world.settle(EFFECTS):
            pass

    def do(self, deed: deeds.Deed) -> None:
        _WAYS[type(deed)](self, deed)

    def set_progress(self) -> None:
        """Let the first copies that are under way have come as far as the file says."""
        now = self._world.now
        for key, percent in self._copied.items():
            item = self._world.items[key]
            fabric = fabric_part(key)
            left = replication.pause_upload(self._world, fabric, key, now)
            if item.phase != "initial" or (left is None and item.upload_left is None):
                raise ScenarioError(
                    f"the first copy of {item.machine_name} is not under way at the start; protect it half an hour"
                    " before, not sooner or later"
                )
            remaining = item.upload_mib * (1 - percent / 100)
            if item.upload_left is not None:
                item.upload_left = remaining
                self._world.put_item(item)
            else:
                replication.begin_upload(self._world, fabric, key, remaining, now)

    # Requests

    def _send(self, method: str, path: str, body: Json | None = None) -> Json:
        """The answer's body.

        Raises:
            ScenarioError: it was refused.
        """
        self._requests += 1
        url = f"https://{PRACTICE_ARM_HOST}{path}?api-version={_VERSION}"
        request = Request(method, url, Headers({}), msgspec.json.encode(body) if body is not None else b"")
        call = Call(self._world, request, self._requests)
        handler = self._router.find(call)
        assert handler is not None, f"no handler for {method} {path}"
        try:
            response = handler(call)
        except Refusal as refusal:
            raise ScenarioError(_message_of(refusal.response.read())) from None
        content = response.read()
        return dict(msgspec.json.decode(content)) if content else {"job": response.headers.get("x-ms-request-id")}

    def _work(self, method: str, path: str, body: Json | None, *, fails: bool = False) -> None:
        """Send what begins a job.

        Raises:
            ScenarioError: the job will fail, or will not although it is said to.
        """
        job = self._world.jobs.get(str(self._send(method, path, body).get("job")).lower())
        if job is None:
            return
        if job.error is not None and not fails:
            raise ScenarioError(
                f"{job.target_name}: {job.error.message} {job.error.causes} If it is to fail, write fails = true"
            )
        if job.error is None and fails:
            raise ScenarioError(f"{job.target_name}: it does not fail; leave fails out, or give it a reason to")

    # Names

    def _items(self, deed: Any) -> Iterator[rec.Item]:
        for name in deed.machines:
            yield self._item(name)

    def _item(self, name: str) -> rec.Item:
        item = self._world.item_of_machine(guid(self._world.settings.seed, "machine", name))
        if item is None:
            raise ScenarioError(f"{name} is not protected by then; let 'protect' come first")
        return item

    def _network(self, name: str | None) -> str | None:
        return None if name is None else self._resource("network", "Microsoft.Network/virtualNetworks", name)

    def _account(self, name: str) -> str:
        return self._resource("storage account", "Microsoft.Storage/storageAccounts", name)

    def _resource(self, kind: str, type_name: str, name: str) -> str:
        ending = f"/providers/{type_name}/{name}".lower()
        found = next(
            (resource.id for resource in self._world.resources.records() if resource.id.lower().endswith(ending)), None
        )
        if found is None:
            raise ScenarioError(f"there is no {kind} named '{name}'")
        return found

    def _site(self, name: str | None) -> rec.Fabric:
        key = f"{self._vault}/replicationFabrics/{name or self._data.site}".lower()
        fabric = self._world.fabrics.get(key)
        if fabric is None:
            raise ScenarioError(f"there is no site named '{name}'")
        return fabric

    # Deeds

    def protect(self, deed: deeds.Protect) -> None:
        world, data = self._world, self._data
        if data.policy is None:
            raise ScenarioError("nothing can be protected without the scenario's policy")
        account = deed.account or (data.accounts[0].name if data.accounts else "")
        network = deed.network or (data.networks[0].name if data.networks else None)
        for name in deed.machines:
            machine = world.machines[guid(world.settings.seed, "machine", name)]
            container = world.fabrics[world.hosts[machine.host.lower()].fabric].container_id
            given = {
                "instanceType": HYPER_V_REPLICA_AZURE,
                "osType": machine.os,
                "targetStorageAccountId": self._account(account),
                "targetAzureNetworkId": self._network(network),
                "targetAzureV2ResourceGroupId": self._group_id(),
                "targetAzureVmName": deed.target_name or name.replace(" ", "-"),
                "useManagedDisks": "true",
                "disksToInclude": [
                    disk.id for position, disk in enumerate(machine.disks) if position not in deed.leave_out
                ],
            }
            if deed.size:
                given["targetVmSize"] = deed.size
            properties = {
                "policyId": f"{self._vault}/replicationPolicies/{data.policy.name}",
                "protectableItemId": f"{container}/replicationProtectableItems/{machine.id}",
                "providerSpecificDetails": given,
            }
            item_id = f"{container}/replicationProtectedItems/{machine.id}"
            self._work("PUT", item_id, {"properties": properties}, fails=deed.fails)
            if deed.copied_percent is not None:
                self._copied[item_id.lower()] = deed.copied_percent

    def _group_id(self) -> str:
        settings = self._world.settings
        return f"/subscriptions/{settings.subscription}/resourceGroups/{settings.resource_group}"

    def test(self, deed: deeds.Test) -> None:
        network = self._network(deed.network)
        for item in self._items(deed):
            properties = {"networkType": "VmNetworkAsInput", "networkId": network or item.target.network}
            self._post(item, "testFailover", properties, fails=deed.fails)

    def clean_up(self, deed: deeds.CleanUp) -> None:
        for item in self._items(deed):
            self._post(item, "testFailoverCleanup", {"comments": deed.comments}, fails=deed.fails)

    def fail_over(self, deed: deeds.FailOver) -> None:
        action = "plannedFailover" if deed.planned else "unplannedFailover"
        for item in self._items(deed):
            self._post(item, action, {"failoverDirection": "PrimaryToRecovery"}, fails=deed.fails)

    def change_point(self, deed: deeds.ChangePoint) -> None:
        for item in self._items(deed):
            points = points_of(item, self._world.policies.get(item.policy.lower()), self._world.now)
            until = (item.stopped_at or self._world.now) - span_of(deed.back)
            older = [point for point in points if point.at <= until]
            if not older:
                raise ScenarioError(f"{item.machine_name} has no recovery point {deed.back} older")
            chosen = {"recoveryPointId": f"{item.id}/recoveryPoints/{older[-1].name}"}
            self._post(item, "applyRecoveryPoint", chosen, fails=deed.fails)

    def commit(self, deed: deeds.Commit) -> None:
        for item in self._items(deed):
            self._post(item, "failoverCommit", None, fails=deed.fails)

    def fail_back(self, deed: deeds.FailBack) -> None:
        details = {
            "instanceType": FAILBACK,
            "dataSyncOption": "ForDownTime" if deed.copies_first else "ForSynchronization",
            "recoveryVmCreationOption": "NoAction",
        }
        for item in self._items(deed):
            self._post(item, "plannedFailover", {"providerSpecificDetails": details}, fails=deed.fails)

    def resume(self, deed: deeds.Resume) -> None:
        for item in self._items(deed):
            job = self._world.jobs.get(item.busy_job) if item.busy_job else None
            if job is None:
                raise ScenarioError(f"no job waits at {item.machine_name}")
            self._send("POST", f"{job.id}/resume", {"properties": {"comments": ""}})

    def reprotect(self, deed: deeds.Reprotect) -> None:
        for item in self._items(deed):
            self._post(item, "reProtect", {"failoverDirection": "PrimaryToRecovery"}, fails=deed.fails)

    def resynchronize(self, deed: deeds.Resynchronize) -> None:
        for item in self._items(deed):
            self._post(item, "repairReplication", None, fails=deed.fails)

    def disable(self, deed: deeds.Disable) -> None:
        for item in self._items(deed):
            self._post(item, "remove", {}, fails=deed.fails)

    def _post(self, item: rec.Item, action: str, properties: Json | None, *, fails: bool) -> None:
        body = None if properties is None else {"properties": properties}
        self._work("POST", f"{item.id}/{action}", body, fails=fails)

    def break_replication(self, deed: deeds.BreakReplication) -> None:
        """The cause lies on the host, beyond what the practice vault models: Hyper-V's own log ran over."""
        for item in self._items(deed):
            if item.phase != "protected":
                raise ScenarioError(f"{item.machine_name} does not replicate by then")
            item.trouble, item.trouble_since = "stuck", self._world.now
            self._world.put_item(item)
            record_health_event(self._world, item, "stuck", self._world.now)

    def set_target(self, deed: deeds.SetTarget) -> None:
        for item in self._items(deed):
            properties: Json = {}
            if deed.network is not None:
                properties["selectedRecoveryAzureNetworkId"] = self._network(deed.network or None)
            addresses = {
                "recoverySubnetName": deed.subnet,
                "recoveryStaticIPAddress": deed.address,
                "tfoStaticIPAddress": deed.test_address,
            }
            if given := {name: value for name, value in addresses.items() if value is not None}:
                properties["vmNics"] = [{"nicId": item.nics[0].id, "ipConfigs": [given]}]
            self._work("PATCH", item.id, {"properties": properties}, fails=deed.fails)

    def begin_fault(self, deed: deeds.BeginFault) -> None:
        given: dict[str, Value] = {"machine": deed.machine} if deed.machine else {}
        try:
            begin(self._world, deed.fault, None, None, given, self._world.now)
        except ValueError as error:
            raise ScenarioError(str(error)) from None

    def make_plan(self, deed: deeds.Plan) -> None:
        groups: list[Json] = []
        for machines in deed.groups:
            entries = [{"id": item.id, "virtualMachineId": item.machine} for item in map(self._item, machines)]
            groups.append({"groupType": "Boot", "replicationProtectedItems": entries})
        properties = {
            "primaryFabricId": self._site(None).id,
            "recoveryFabricId": "Microsoft Azure",
            "failoverDeploymentModel": "ResourceManager",
            "groups": groups,
        }
        self._work("PUT", f"{self._vault}/replicationRecoveryPlans/{deed.name}", {"properties": properties})

    def run_plan(self, deed: deeds.RunPlan) -> None:
        action = _PLAN_OPERATIONS.get(deed.operation)
        if action is None:
            raise ScenarioError(f"operation cannot be '{deed.operation}'; it is one of {', '.join(_PLAN_OPERATIONS)}")
        properties: Json = {"failoverDirection": "PrimaryToRecovery"}
        properties["providerSpecificDetails"] = [{"instanceType": HYPER_V_REPLICA_AZURE}]
        if action == "testFailover":
            network = self._network(deed.network or self._data.networks[0].name)
            properties |= {"networkType": "VmNetworkAsInput", "networkId": network}
        path = f"{self._vault}/replicationRecoveryPlans/{deed.name}/{action}"
        self._work("POST", path, {"properties": properties})

    def silence(self, deed: deeds.Silence) -> None:
        self._tell_hosts(deed.hosts, {"connected": False})

    def answer(self, deed: deeds.Answer) -> None:
        self._tell_hosts(deed.hosts, {"connected": True})

    def install(self, deed: deeds.Versions) -> None:
        versions = {"providerVersion": deed.provider, "agentVersion": deed.agent}
        self._tell_hosts(deed.hosts, {name: version for name, version in versions.items() if version})

    def _tell_hosts(self, hosts: list[str], body: Json) -> None:
        for host in hosts:
            self._send("PUT", f"/simulator/hosts/{host}", body)

    def change_line(self, deed: deeds.Line) -> None:
        body = {"fabricId": self._site(deed.site).id, "uploadMibPerSecond": deed.upload_mib_s}
        self._send("PUT", "/simulator/line", body)

    def change_quota(self, deed: deeds.Quota) -> None:
        self._send("PUT", "/simulator/quota", {"regionalCores": deed.cores})

    def delete(self, deed: deeds.Delete) -> None:
        if deed.network:
            self._send("DELETE", str(self._network(deed.network)))
        if deed.account:
            self._send("DELETE", self._account(deed.account))


_WAYS: dict[type[deeds.Past], Callable[[_Past, Any], None]] = {
    deeds.Protect: _Past.protect,
    deeds.Test: _Past.test,
    deeds.CleanUp: _Past.clean_up,
    deeds.FailOver: _Past.fail_over,
    deeds.ChangePoint: _Past.change_point,
    deeds.Commit: _Past.commit,
    deeds.FailBack: _Past.fail_back,
    deeds.Resume: _Past.resume,
    deeds.Reprotect: _Past.reprotect,
    deeds.Resynchronize: _Past.resynchronize,
    deeds.Disable: _Past.disable,
    deeds.BreakReplication: _Past.break_replication,
    deeds.SetTarget: _Past.set_target,
    deeds.BeginFault: _Past.begin_fault,
    deeds.Plan: _Past.make_plan,
    deeds.RunPlan: _Past.run_plan,
    deeds.Silence: _Past.silence,
    deeds.Answer: _Past.answer,
    deeds.Versions: _Past.install,
    deeds.Line: _Past.change_line,
    deeds.Quota: _Past.change_quota,
    deeds.Delete: _Past.delete,
}


def _message_of(body: bytes) -> str:
    error = msgspec.json.decode(body).get("error", {})
    return str(error.get("message") or last_segment(str(error)))
