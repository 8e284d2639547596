"""What the gateways promise of writing, through both doors and the real SDKs."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from app.domain.arm_id import (
    ArmId,
    fabric_id,
    job_id,
    mapping_id,
    policy_id,
    protected_item_id,
    resource_group_id,
    storage_account_id,
    vault_id,
    virtual_network_id,
)
from app.domain.job import JobState
from app.domain.protection import AZURE_CONTAINER, REPLICATION_PROVIDER, ProtectableItem
from app.errors import (
    Conflict,
    InvalidInput,
    NotSupported,
    ServiceFault,
    Unreachable,
)
from app.ports.operation import Accepted
from app.simulator.messages import Request, Response
from tests.support.doors import BAD_LINE, DOORS, Door, open_door
from tests.support.practice import refusal

REQUEST_ID = "11111111-2222-3333-4444-555555555555"


async def end_of(door: Door, accepted: Accepted) -> JobState:
    for _ in range(200):
        job = await door.gateways.site_recovery.get_job(ArmId(accepted.job_id))
        if job.state.is_over:
            return job.state
        door.simulator.clock.advance(30)
    raise AssertionError("the job never ends")


async def protect(door: Door, name: str = "PRINT01") -> ArmId:
    """Make a policy, associate it, enable one machine; wait until it is protected."""
    site_recovery = door.gateways.site_recovery
    container = (await site_recovery.list_containers(door.vault))[0]
    policy = policy_id(door.vault, "five-minutes")
    made = await site_recovery.begin_put(policy, POLICY, client_request_id=REQUEST_ID)
    assert await end_of(door, made) is JobState.SUCCEEDED
    mapping = mapping_id(container.id, "five-minutes-hq")
    made = await site_recovery.begin_put(
        mapping,
        {"targetProtectionContainerId": AZURE_CONTAINER, "policyId": policy.text, "providerSpecificInput": {}},
        client_request_id=REQUEST_ID,
    )
    assert await end_of(door, made) is JobState.SUCCEEDED
    machine = next(m for m in await site_recovery.list_protectable_items(container.id) if m.friendly_name == name)
    item = protected_item_id(container.id, machine.name)
    made = await site_recovery.begin_put(item, await enabling(door, machine, policy), client_request_id=REQUEST_ID)
    assert await end_of(door, made) is JobState.SUCCEEDED
    early = await site_recovery.get_protected_item(item)
    assert (early.target_network_id, early.nics, early.last_recovery_point) == ("", (), None)
    for _ in range(2000):
        read = await site_recovery.get_protected_item(item)
        if "TestFailover" in read.allowed_operations:
            assert read.target_network_id
            assert read.nics
            assert read.last_recovery_point
            return read.id
        door.simulator.clock.advance(600)
    raise AssertionError("the machine never becomes protected")


POLICY = {
    "providerSpecificInput": {
        "instanceType": REPLICATION_PROVIDER,
        "replicationInterval": 300,
        "recoveryPointHistoryDuration": 2,
        "applicationConsistentSnapshotFrequencyInHours": 1,
    }
}


async def enabling(door: Door, machine: ProtectableItem, policy: ArmId) -> dict[str, Any]:
    accounts = await door.gateways.resources.list_storage_accounts(door.subscription)
    networks = await door.gateways.resources.list_virtual_networks(door.subscription)
    account = next(a for a in accounts if a.tier == "Standard" and a.redundancy == "LRS" and a.location == "westeurope")
    network = next(n for n in networks if n.location == "westeurope")
    return {
        "policyId": policy.text,
        "protectableItemId": machine.id.text,
        "providerSpecificDetails": {
            "instanceType": REPLICATION_PROVIDER,
            "hvHostVmId": machine.name,
            "vmName": machine.friendly_name,
            "osType": "Windows",
            "vhdId": machine.disks[0].vhd_id,
            "targetStorageAccountId": account.id.text,
            "targetAzureNetworkId": network.id.text,
            "targetAzureSubnetId": network.subnets[0].name,
            "targetAzureVmName": machine.friendly_name,
            "targetAzureV2ResourceGroupId": resource_group_id(door.subscription, "rg-contoso-dr").text,
            "useManagedDisks": "true",
        },
    }


async def test_a_write_comes_back_with_all_that_is_needed_to_follow_it(door: Door) -> None:
    target = fabric_id(door.vault, "Second-site")

    accepted = await door.gateways.site_recovery.begin_put(target, {}, client_request_id=REQUEST_ID)

    job = await door.gateways.site_recovery.get_job(ArmId(accepted.job_id))
    assert not accepted.is_done
    assert accepted.target_id == target.text
    assert job.id == job_id(door.vault, accepted.status_url.split("?")[0].rsplit("/", 1)[-1])
    assert "operationresults" in accepted.result_url
    assert job.client_request_id == accepted.client_request_id == REQUEST_ID
    assert await end_of(door, accepted) is JobState.SUCCEEDED
    assert (await door.gateways.operations.get_status(accepted)).is_good_end
    assert (await door.gateways.site_recovery.get_fabric(target)).is_hyper_v_site


@pytest.mark.slow
async def test_a_machine_goes_through_a_drill(door: Door) -> None:
    item = await protect(door)
    network = (await door.gateways.resources.list_virtual_networks(door.subscription))[0]

    drill = await door.gateways.site_recovery.begin_post(
        item,
        "testFailover",
        {
            "failoverDirection": "PrimaryToRecovery",
            "networkType": "VmNetworkAsInput",
            "networkId": network.id.text,
            "providerSpecificDetails": {"instanceType": REPLICATION_PROVIDER},
        },
        client_request_id=REQUEST_ID,
    )
    assert await end_of(door, drill) is JobState.SUCCEEDED

    job = await door.gateways.site_recovery.get_job(ArmId(drill.job_id))
    machines = await door.gateways.resources.list_machines(door.subscription, "rg-contoso-dr")
    machine = await door.gateways.resources.get_machine(machines[0].id)
    assert [result.test_machine for result in job.drill_results] == [machine.name] == ["PRINT01-test"]
    assert machine.power_state == "running"
    assert machine.nics == machines[0].nics
    assert machine.nics[0].network == network.name
    assert machine.nics[0].private_address
    assert (await door.gateways.site_recovery.get_protected_item(item)).awaits_clean_up


async def test_an_action_without_properties_sends_no_body(door: Door) -> None:
    bodies: list[bytes] = []

    def note(request: Request) -> Response | None:
        if request.method == "POST":
            bodies.append(request.body)
        return None

    door.wire.before = note
    host = (await door.gateways.site_recovery.list_providers(door.vault))[0]

    accepted = await door.gateways.site_recovery.begin_post(
        host.id, "refreshProvider", None, client_request_id=REQUEST_ID
    )

    assert bodies == [b""]
    assert accepted.job_id


async def test_neighbours_are_created_and_followed_to_their_end(door: Door) -> None:
    resources, subscription = door.gateways.resources, door.subscription
    group = resource_group_id(subscription, "rg-new")
    writes: list[tuple[ArmId, dict[str, Any]]] = [
        (group, {"location": "westeurope"}),
        (
            storage_account_id(subscription, "rg-new", "stnew0001"),
            {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_GRS"}, "properties": {}},
        ),
        (
            virtual_network_id(subscription, "rg-new", "vnet-new"),
            {
                "location": "westeurope",
                "properties": {
                    "addressSpace": {"addressPrefixes": ["10.9.0.0/16"]},
                    "subnets": [{"name": "one", "properties": {"addressPrefix": "10.9.1.0/24"}}],
                },
            },
        ),
        (
            vault_id(subscription, "rg-new", "asr-new"),
            {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {}},
        ),
    ]

    for target, body in writes:
        accepted = await resources.begin_put(target, body, client_request_id=REQUEST_ID)
        assert accepted.job_id == ""
        for _ in range(50):
            status = await door.gateways.operations.get_status(accepted)
            if status.is_over:
                break
            door.simulator.clock.advance(10)
        assert status.is_good_end, target

    assert (await resources.get_resource_group(group)).location == "westeurope"
    assert (await resources.get_storage_account(writes[1][0])).redundancy == "GRS"
    assert (await resources.get_virtual_network(writes[2][0])).subnets[0].prefix == "10.9.1.0/24"
    assert (await door.gateways.vaults.get_vault(writes[3][0])).provisioning_state == "Succeeded"


async def test_a_storage_name_is_checked_before_it_is_used(door: Door) -> None:
    taken = (await door.gateways.resources.list_storage_accounts(door.subscription))[0].name

    assert await door.gateways.resources.storage_name_is_free(door.subscription, "stnobodyhasthis") == (True, "")
    assert await door.gateways.resources.storage_name_is_free(door.subscription, taken) == (False, "AlreadyExists")


async def test_an_address_is_asked_about_before_it_is_used(door: Door) -> None:
    resources = door.gateways.resources
    network = next(each for each in await resources.list_virtual_networks(door.subscription) if each.subnets)
    first = ip_network(network.subnets[0].prefix)

    free = await resources.check_address(network.id, str(first[-2]))
    kept = await resources.check_address(network.id, str(first[1]))

    assert (free.is_free, free.is_kept, free.others) == (True, False, ())
    assert (kept.is_free, kept.is_kept) == (False, True)
    assert kept.others[0] == str(first[4])
    with pytest.raises(InvalidInput):
        await resources.check_address(network.id, "192.0.2.7")


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_write_of_unknown_fate_is_sent_once(door: Door, status: int) -> None:
    door.wire.before = lambda request: refusal(status, "Oops") if request.method != "GET" else None

    with pytest.raises(ServiceFault):
        await door.gateways.site_recovery.begin_put(fabric_id(door.vault, "x"), {}, client_request_id=REQUEST_ID)

    assert len(door.wire.writes) == 1


async def test_a_write_whose_answer_is_lost_is_sent_once() -> None:
    async with open_door(BAD_LINE) as door:

        def lose(request: Request, response: Response) -> None:
            if request.method != "GET":
                raise ConnectionResetError

        door.wire.after = lose

        with pytest.raises(Unreachable):
            await door.gateways.site_recovery.begin_put(fabric_id(door.vault, "x"), {}, client_request_id=REQUEST_ID)

        assert len(door.wire.writes) == 1


async def test_nothing_is_registered_behind_the_users_back(door: Door) -> None:
    door.wire.before = lambda request: (
        refusal(409, "MissingSubscriptionRegistration", "namespace 'Microsoft.Storage'")
        if request.method == "PUT"
        else None
    )

    with pytest.raises(Conflict, match="has not used this kind"):
        await door.gateways.resources.begin_put(
            storage_account_id(door.subscription, "rg-contoso-dr", "stnew"), {}, client_request_id=REQUEST_ID
        )

    assert [write.method for write in door.wire.writes] == ["PUT"]


async def test_a_write_that_the_program_does_not_know_is_not_sent(door: Door) -> None:
    with pytest.raises(NotSupported):
        await door.gateways.site_recovery.begin_post(
            policy_id(door.vault, "p"), "explode", {}, client_request_id=REQUEST_ID
        )

    assert door.wire.writes == []


# --- the practice vault's own controls ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DOORS)
async def test_a_waiting_host_registers_in_a_site(kind: str) -> None:
    async with open_door(kind, "empty") as door:
        practice = door.gateways.practice
        assert practice is not None
        waiting = (await practice.read()).waiting_hosts
        vault = vault_id(door.subscription, "rg-new", "asr-new")
        site = fabric_id(vault, "HQ")
        for target, body in (
            (resource_group_id(door.subscription, "rg-new"), {"location": "westeurope"}),
            (vault, {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {}}),
        ):
            await door.gateways.resources.begin_put(target, body, client_request_id=REQUEST_ID)
            door.simulator.clock.advance(120)
        await door.gateways.site_recovery.begin_put(site, {}, client_request_id=REQUEST_ID)
        door.simulator.clock.advance(120)

        names = [await practice.register_host(site) for _ in waiting]
        door.simulator.clock.advance(600)

        assert names == [host.name for host in waiting]
        providers = await door.gateways.site_recovery.list_providers(vault)
        assert sorted(provider.friendly_name for provider in providers) == sorted(names)
        with pytest.raises(Conflict, match="No Hyper-V host is waiting"):
            await practice.register_host(site)
