"""What a region has left, and what happens to a failover when it is not enough."""

from __future__ import annotations

import pytest

from tests.simulator.client import Client, Json


@pytest.fixture
def client() -> Client:
    return Client()


def usage(client: Client, provider: str, name: str) -> tuple[int, int]:
    path = f"{client.subscription}/providers/Microsoft.{provider}/locations/westeurope/usages"
    found = next(entry for entry in client.values(path) if entry["name"]["value"] == name)
    return found["currentValue"], found["limit"]


def allow(client: Client, cores: int | None = None, **limits: object) -> None:
    body = limits if cores is None else {"regionalCores": cores, **limits}
    assert client.send("PUT", "/simulator/quota", body).status == 200


def test_usages_count_what_failovers_made(client: Client) -> None:
    assert usage(client, "Compute", "cores") == (0, 350)
    accounts, _ = usage(client, "Storage", "StorageAccounts")
    item = client.protect("DC01")
    client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
    size = client.properties(item)["providerSpecificDetails"]["recoveryAzureVMSize"]
    assert (size, usage(client, "Compute", "cores")[0]) == ("Standard_B2s", 2)
    assert usage(client, "Compute", "standardBSFamily")[0] == 2
    assert usage(client, "Compute", "virtualMachines")[0] == 1
    assert usage(client, "Network", "NetworkInterfaces")[0] == 1
    assert usage(client, "Storage", "StorageAccounts") == (accounts, 250)
    assert accounts == 6
    assert usage(client, "Network", "VirtualNetworks")[0] == 2


def test_usages_shrink_again_after_a_drill(client: Client) -> None:
    item = client.protect("DC01")
    client.carry_out("POST", f"{item}/testFailover", client.test_failover_body())
    counted = [("Compute", "cores"), ("Compute", "standardBSFamily"), ("Compute", "virtualMachines")]
    counted.append(("Network", "NetworkInterfaces"))
    assert [usage(client, *name)[0] for name in counted] == [2, 2, 1, 1]
    client.carry_out("POST", f"{item}/testFailoverCleanup", {"properties": {"comments": ""}})
    assert [usage(client, *name)[0] for name in counted] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "body",
    [
        {"regionalCores": 0},
        {"virtualMachines": "many"},
        {"networkInterfaces": True},
        {"families": {"standardBSFamily": -1}},
        {"families": [4]},
        {"restrictedSizes": "Standard_B2s"},
    ],
)
def test_a_quota_is_a_number(client: Client, body: Json) -> None:
    assert client.send("PUT", "/simulator/quota", body).status == 400


def test_usages_come_as_azure_writes_them(client: Client) -> None:
    allow(client, families={"StandardBSFamily": 4}, virtualMachines=10, networkInterfaces=20)
    compute = client.get(f"{client.subscription}/providers/Microsoft.Compute/locations/westeurope/usages")["value"]
    family = next(entry for entry in compute if entry["name"]["value"] == "standardBSFamily")
    name = {"value": "standardBSFamily", "localizedValue": "Standard BS Family vCPUs"}
    assert family == {"unit": "Count", "currentValue": 0, "limit": 4, "name": name}
    assert usage(client, "Compute", "virtualMachines") == (0, 10)
    assert usage(client, "Network", "NetworkInterfaces") == (0, 20)
    network = client.get(f"{client.subscription}/providers/Microsoft.Network/locations/westeurope/usages")["value"]
    assert network[0]["id"].endswith("/locations/westeurope/usages/VirtualNetworks")


def test_an_unknown_region_has_no_usages(client: Client) -> None:
    for rest in ("usages", "vmSizes"):
        path = f"{client.subscription}/providers/Microsoft.Compute/locations/atlantis/{rest}"
        assert client.call("GET", path).json["error"]["code"] == "NoRegisteredProviderFound"


def test_sizes_are_told_with_their_limits(client: Client) -> None:
    path = f"{client.subscription}/providers/Microsoft.Compute/skus?$filter=location eq 'westeurope'"
    sku = next(entry for entry in client.values(path) if entry["name"] == "Standard_D4s_v5")
    facts = {entry["name"]: entry["value"] for entry in sku["capabilities"]}
    assert (sku["family"], sku["locations"]) == ("standardDSv5Family", ["westeurope"])
    assert (facts["vCPUs"], facts["MaxDataDiskCount"], facts["HyperVGenerations"]) == ("4", "8", "V1,V2")


def test_sizes_come_in_pages_among_other_things_that_compute_sells(client: Client) -> None:
    path = f"{client.subscription}/providers/Microsoft.Compute/skus?$filter=location eq 'westeurope'"
    first = client.get(path)
    everything = client.values(path)
    assert len(first["value"]) < len(everything)
    assert "$skiptoken" in first["nextLink"]
    assert {entry["resourceType"] for entry in everything} == {"disks", "virtualMachines"}
    names = [entry["name"] for entry in everything]
    assert len(names) == len(set(names))


def test_a_size_that_is_not_offered_says_so_and_makes_no_machine(client: Client) -> None:
    item = client.protect("DC01")
    allow(client, restrictedSizes=["Standard_B2s"])
    path = f"{client.subscription}/providers/Microsoft.Compute/skus?$filter=location eq 'westeurope'"
    sku = next(entry for entry in client.values(path) if entry["name"] == "Standard_B2s")
    assert sku["restrictions"][0]["reasonCode"] == "NotAvailableForSubscription"
    refused = client.begin("POST", f"{item}/unplannedFailover", client.failover_body())
    assert client.finish(refused)["error"]["code"] == "28031"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"families": {"standardBSFamily": 1}}, "28031"),
        ({"virtualMachines": 1}, "28031"),
        ({"networkInterfaces": 1}, "28092"),
    ],
)
def test_each_limit_stops_the_machine_that_is_one_too_many(client: Client, limits: Json, code: str) -> None:
    policy = client.associate_policy()
    first, second = (client.protect(name, policy) for name in ("DC01", "PRINT01"))
    if "families" not in limits:
        client.carry_out("POST", f"{first}/unplannedFailover", client.failover_body())
    allow(client, **limits)
    refused = client.begin("POST", f"{second}/unplannedFailover", client.failover_body())
    assert client.finish(refused)["error"]["code"] == code


def test_a_drill_without_quota_fails_half_made_and_is_cleaned_up(client: Client) -> None:
    item = client.protect("DC01")
    allow(client, 1)
    accepted = client.begin("POST", f"{item}/testFailover", client.test_failover_body())
    assert client.finish(accepted)["error"]["code"] == "28031"
    failed = client.job_of(accepted)["properties"]
    assert failed["allowedActions"] == ["RestartTestFailoverCleanup"]
    assert failed["errors"][0]["taskId"] == "PrepareTestProtectedEntitiesTask"
    assert client.properties(item)["allowedOperations"] == ["DisableProtection", "TestFailoverCleanup"]

    cleaning = client.begin("POST", f"{accepted.headers['x-ms-request-id']}/restart")
    assert client.finish(cleaning)["status"] == "Succeeded"
    assert client.job_of(cleaning)["properties"]["scenarioName"] == "TestFailoverCleanup"
    assert "TestFailover" in client.properties(item)["allowedOperations"]


def test_failovers_under_way_count_too(client: Client) -> None:
    policy = client.associate_policy()
    first, second = (client.protect(name, policy) for name in ("DC01", "PRINT01"))
    allow(client, 3)
    running = client.begin("POST", f"{first}/unplannedFailover", client.failover_body())
    refused = client.begin("POST", f"{second}/unplannedFailover", client.failover_body())
    assert client.finish(refused)["error"]["code"] == "28031"
    assert client.finish(running)["status"] == "Succeeded"
    vm = f"{client.group}/providers/Microsoft.Compute/virtualMachines/DC01"
    client.call("POST", f"{vm}/deallocate")
    switched_off = client.begin("POST", f"{second}/unplannedFailover", client.failover_body())
    assert client.finish(switched_off)["error"]["code"] == "28031"
    client.call("DELETE", vm)
    assert client.finish(client.begin("POST", f"{second}/unplannedFailover", client.failover_body()))["error"] is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recoveryAzureVMSize": "Standard_Enormous"}, "28031"),
        ({"recoveryAzureVMSize": "Standard_B1ms"}, "28031"),
        ({"vmNics": [{"ipConfigs": [{"recoveryStaticIPAddress": "192.168.1.1"}]}]}, "28092"),
        ({"vmNics": [{"ipConfigs": [{"recoveryStaticIPAddress": "10.40.3.4"}]}]}, "28092"),
    ],
)
def test_a_machine_that_azure_cannot_make_is_not_failed_over(client: Client, change: Json, code: str) -> None:
    policy = client.associate_policy()
    other = client.protect("PRINT01", policy)
    subnet = f"{client.network}/subnets/data"
    item = client.protect("SQL-PROD-01", policy, targetAzureSubnetId=subnet)
    first = client.properties(other)["providerSpecificDetails"]["vmNics"][0]["nicId"]
    there = [{"nicId": first, "ipConfigs": [{"recoverySubnetName": "data"}]}]
    client.carry_out("PATCH", other, {"properties": {"vmNics": there}})
    client.carry_out("POST", f"{other}/unplannedFailover", client.failover_body())
    for nic in change.get("vmNics", ()):
        nic["nicId"] = client.properties(item)["providerSpecificDetails"]["vmNics"][0]["nicId"]
    client.carry_out("PATCH", item, {"properties": change})
    accepted = client.begin("POST", f"{item}/unplannedFailover", client.failover_body())
    assert client.finish(accepted)["error"]["code"] == code
    assert client.properties(item)["protectionState"] == "Protected"


def test_a_drill_needs_a_network_or_the_wish_for_none(client: Client) -> None:
    item = client.protect("DC01")
    body = client.failover_body(networkType="VmNetworkAsInput")
    assert client.finish(client.begin("POST", f"{item}/testFailover", body))["error"]["code"] == "25080"
    client.carry_out("POST", f"{item}/testFailover", client.failover_body(networkType="NoNetworkAttachAsInput"))
    assert client.values(f"{client.group}/providers/Microsoft.Network/networkInterfaces") == []
