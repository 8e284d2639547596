"""Faults that random walks (`tests/walk`) have found, each in the few steps that it takes."""

from __future__ import annotations

from pathlib import Path

from tests.simulator.client import Client, Json, Reply

GROUP = {"groupType": "Boot"}


def plan_of(client: Client, *items: str) -> Json:
    members = [{"id": item} for item in items]
    return {
        "properties": {
            "primaryFabricId": client.site,
            "recoveryFabricId": "Microsoft Azure",
            "failoverDeploymentModel": "ResourceManager",
            "groups": [GROUP | {"replicationProtectedItems": members}],
        }
    }


def machines(client: Client) -> list[str]:
    return [vm["name"] for vm in client.values(f"{client.group}/providers/Microsoft.Compute/virtualMachines")]


def members(client: Client, plan: str) -> list[str]:
    groups = client.properties(plan)["groups"]
    return [entry["id"].lower() for group in groups for entry in group["replicationProtectedItems"]]


def act_on(client: Client, accepted: Reply, action: str) -> Reply:
    return client.begin("POST", f"{accepted.headers['x-ms-request-id']}/{action}")


def test_a_third_machine_of_the_same_name_does_not_take_the_place_of_the_second() -> None:
    client = Client()
    policy = client.associate_policy()
    for _ in range(3):
        item = client.protect("LNX-PROXY", policy)
        client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
        client.carry_out("POST", f"{item}/remove", {"properties": {"disableProtectionReason": "MigrationComplete"}})
    found = machines(client)
    assert len(found) == len(set(found)) == 3
    assert all(name.startswith("LNX-PROXY") for name in found)


def test_a_restarted_enabling_leaves_alone_whoever_has_its_name_by_now() -> None:
    client = Client()
    policy = client.associate_policy()
    item = f"{client.container}/replicationProtectedItems/one-name"
    first = client.begin("PUT", item, client.enable_body(client.machine("CLU-SQL-A"), policy))
    assert client.finish(first)["status"] == "Failed"
    client.carry_out("PUT", item, client.enable_body(client.machine("DC01"), policy))

    client.finish(act_on(client, first, "restart"))
    assert client.finish(first)["error"]["code"] == "506"
    assert client.properties(item)["friendlyName"] == "DC01"
    client.until_settled(item)


def test_what_a_failing_restart_makes_is_held_until_it_has_failed() -> None:
    client = Client()
    policy = client.associate_policy()
    item, accepted = client.begin_enable("CLU-SQL-A", policy)
    client.finish(accepted)
    client.finish(act_on(client, accepted, "restart"), step_s=0.2)
    assert client.job_of(accepted)["properties"]["state"] == "InProgress"
    assert client.properties(item)["allowedOperations"] == []
    client.finish(accepted)
    assert client.call("GET", item).status == 404


def test_the_slower_of_two_restarts_does_nothing() -> None:
    client = Client()
    _, accepted = client.begin_enable("DC01", client.associate_policy())
    client.clock.advance(14)
    act_on(client, accepted, "cancel")
    restarts = [act_on(client, accepted, "restart") for _ in range(2)]
    for each in restarts:
        client.finish(each, step_s=0.2)
    assert client.finish(accepted)["status"] == "Succeeded"
    before = client.job_of(accepted)
    client.clock.advance(3600)
    assert client.job_of(accepted) == before


def test_the_step_in_which_a_plan_fails_at_once_is_told_to_have_failed() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    plan = f"{client.vault}/replicationRecoveryPlans/p"
    client.carry_out("PUT", plan, plan_of(client, item))
    client.begin("POST", f"{item}/unplannedFailover", client.failover_body())
    run = client.begin("POST", f"{plan}/unplannedFailover", client.failover_body())  # the machine is busy
    assert client.finish(run)["status"] == "Failed"
    properties = client.job_of(run)["properties"]
    states = {task["taskId"]: task["state"] for task in properties["tasks"]}
    assert states[properties["errors"][0]["taskId"]] == "Failed"


def test_a_plan_that_fails_ends_behind_the_slowest_of_its_machines() -> None:
    client = Client()
    policy = client.associate_policy()
    drilled, settled = client.protect("DC01", policy), client.protect("LNX-PROXY", policy)
    plan = f"{client.vault}/replicationRecoveryPlans/p"
    client.carry_out("PUT", plan, plan_of(client, drilled, settled))
    client.carry_out("POST", f"{drilled}/testFailover", client.test_failover_body())
    run = client.begin("POST", f"{plan}/testFailoverCleanup", {"properties": {}})
    assert client.finish(run)["status"] == "Failed"  # the other has nothing to clean up
    ended = client.job_of(run)["properties"]["endTime"]
    cleaned = client.values(f"{client.vault}/replicationJobs")
    of_machines = [
        job["properties"]["endTime"]
        for job in cleaned
        if job["properties"]["scenarioName"] == "TestFailoverCleanup"
        and job["properties"]["targetInstanceType"] == "ProtectionEntity"
    ]
    assert len(of_machines) == 2
    assert max(of_machines) <= ended


def test_a_machine_that_is_protected_no_more_stands_in_no_plan() -> None:
    client = Client()
    policy = client.associate_policy()
    item, accepted = client.begin_enable("CLU-SQL-A", policy)  # which is going to fail
    plan = f"{client.vault}/replicationRecoveryPlans/p"
    client.carry_out("PUT", plan, plan_of(client, item))
    client.finish(accepted)
    assert members(client, plan) == []

    kept = client.protect("LNX-PROXY", policy)
    client.begin("PUT", plan, plan_of(client, kept))
    client.begin("DELETE", kept)
    client.clock.advance(600)
    assert members(client, plan) == []


def test_a_site_removed_by_force_breaks_off_what_runs_in_it() -> None:
    client = Client()
    item = client.protect("LNX-PROXY")
    plan = f"{client.vault}/replicationRecoveryPlans/p"
    client.carry_out("PUT", plan, plan_of(client, item))
    run = client.begin("POST", f"{plan}/testFailover", client.test_failover_body())
    client.clock.advance(20)
    client.carry_out("DELETE", client.site)
    client.clock.advance(7200)
    assert client.finish(run)["status"] == "Failed"
    drill = next(
        job for job in client.values(f"{client.vault}/replicationJobs") if job["properties"]["state"] == "Failed"
    )
    assert drill["properties"]["scenarioName"] == "TestFailover"
    assert machines(client) == []
    assert members(client, plan) == []


def test_a_host_that_registers_in_a_site_removed_meanwhile_registers_nowhere() -> None:
    client = Client()
    site = f"{client.vault}/replicationFabrics/Second"
    client.carry_out("PUT", site, {"properties": {}})
    provider = client.values(f"{client.site}/replicationRecoveryServicesProviders")[0]["id"]
    client.carry_out("POST", f"{provider}/remove")
    assert client.call("POST", "/simulator/hosts", {"fabricId": client.get(site)["id"]}).status == 202
    client.carry_out("DELETE", site)
    client.clock.advance(600)
    assert client.values(f"{client.vault}/replicationRecoveryServicesProviders") != []
    assert len(client.get("/simulator")["waitingHosts"]) == 1


def test_what_was_removed_and_made_again_keeps_its_place_over_a_restart(tmp_path: Path) -> None:
    client = Client(state_file=tmp_path / "state.db")
    policy = client.associate_policy()
    items = [client.protect(name, policy) for name in ("DC01", "LNX-PROXY")]
    for item in items:
        client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
    client.carry_out("POST", f"{items[0]}/applyRecoveryPoint", {"properties": {}})
    assert machines(client) == ["LNX-PROXY", "DC01"]
    health = client.get(f"{client.vault}/replicationVaultHealth")

    again = Client(state_file=tmp_path / "state.db")
    assert machines(again) == ["LNX-PROXY", "DC01"]
    assert again.get(f"{client.vault}/replicationVaultHealth") == health


def test_the_vaults_health_names_machines_in_an_order_that_outlives_a_restart(tmp_path: Path) -> None:
    client = Client(state_file=tmp_path / "state.db")
    policy = client.associate_policy()
    items = [client.protect(name, policy) for name in ("DC01", "LNX-PROXY")]
    for _ in range(2):  # whichever comes first
        client.carry_out("PATCH", items[0], {"properties": {"recoveryAzureVMName": "dc"}})
        items.reverse()
        path = f"{client.vault}/replicationVaultHealth"
        assert Client(state_file=tmp_path / "state.db").get(path) == client.get(path)


def run_of_two(client: Client) -> tuple[Reply, list[str]]:
    """A plan's test failover of two machines that has just begun, and the jobs of the machines."""
    policy = client.associate_policy()
    plan = f"{client.vault}/replicationRecoveryPlans/p"
    client.carry_out("PUT", plan, plan_of(client, *(client.protect(name, policy) for name in ("DC01", "LNX-PROXY"))))
    run = client.begin("POST", f"{plan}/testFailover", client.test_failover_body())
    client.clock.advance(30)
    jobs = client.values(f"{client.vault}/replicationJobs")
    return run, [job["id"] for job in jobs if job["properties"]["state"] == "InProgress"][1:]


def test_a_cancelled_plan_takes_the_jobs_of_its_machines_with_it() -> None:
    client = Client()
    run, of_machines = run_of_two(client)
    act_on(client, run, "cancel")
    assert [client.properties(job)["state"] for job in of_machines] == ["Cancelled", "Cancelled"]
    client.clock.advance(7200)
    assert machines(client) == []


def test_a_plan_does_not_succeed_when_the_job_of_a_machine_is_cancelled() -> None:
    client = Client()
    run, of_machines = run_of_two(client)
    client.begin("POST", f"{of_machines[0]}/cancel")
    assert client.finish(run)["status"] == "Failed"
    assert len(machines(client)) == 1


def test_a_plans_failback_that_waited_ends_behind_the_slowest_of_its_machines() -> None:
    """One machine takes longest to copy, another one to go on."""
    client = Client()
    policy = client.associate_policy()
    items = [client.protect(name, policy) for name in ("DC01", "LNX-PROXY", "PRINT01", "WEB-01")]
    plan = f"{client.vault}/replicationRecoveryPlans/p"
    client.carry_out("PUT", plan, plan_of(client, *items))
    client.carry_out("POST", f"{plan}/unplannedFailover", client.failover_body())
    client.carry_out("POST", f"{plan}/failoverCommit")
    details = {
        "instanceType": "HyperVReplicaAzureFailback",
        "dataSyncOption": "ForDownTime",
        "recoveryVmCreationOption": "NoAction",
    }
    body = {"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": [details]}}
    run = client.begin("POST", f"{plan}/plannedFailover", body)
    client.clock.advance(7200)
    act_on(client, run, "resume")
    client.clock.advance(7200)
    ended = client.job_of(run)["properties"]["endTime"]
    listed = client.values(f"{client.vault}/replicationJobs")
    of_machines = [job["properties"]["endTime"] for job in listed if job["properties"]["scenarioName"] == "Failback"]
    assert len(of_machines) == 5
    assert max(of_machines) == ended


def test_two_drills_at_once_do_not_make_one_machine() -> None:
    client = Client()
    policy = client.associate_policy()
    items = [client.protect(name, policy, targetAzureVmName="same") for name in ("DC01", "LNX-PROXY")]
    runs = [client.begin("POST", f"{item}/testFailover", client.test_failover_body()) for item in items]
    for run in runs:
        assert client.finish(run)["status"] == "Succeeded"
    details = [client.job_of(run)["properties"]["customDetails"]["protectedItemDetails"][0] for run in runs]
    assert sorted(machines(client)) == sorted(each["testVmName"] for each in details)
    assert len(machines(client)) == 2
    client.carry_out("POST", f"{items[0]}/testFailoverCleanup", {"properties": {}})
    assert len(machines(client)) == 1
