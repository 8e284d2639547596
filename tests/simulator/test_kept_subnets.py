"""A subnet that a service of Azure has for itself takes no card of a machine, whatever failover makes it."""

from __future__ import annotations

import pytest

from app.simulator.wire import Json
from tests.simulator.client import Client


def in_subnet(client: Client, item: str, name: str) -> None:
    """Have the machine's card in this subnet after a failover, and in one of the same name in a drill."""
    nic = client.properties(item)["providerSpecificDetails"]["vmNics"][0]["nicId"]
    address = {"recoverySubnetName": name}
    change = {"vmNics": [{"nicId": nic, "selectionType": "SelectedByUser", "ipConfigs": [address]}]}
    client.carry_out("PATCH", item, {"properties": change})


def new_network(client: Client, *subnets: Json) -> str:
    path = f"{client.group}/providers/Microsoft.Network/virtualNetworks/vnet-kept"
    space = {"addressPrefixes": ["10.90.0.0/16"]}
    body = {"location": "westeurope", "properties": {"addressSpace": space, "subnets": list(subnets)}}
    assert client.call("PUT", path, body).status == 201
    client.clock.advance(60)
    return path


def subnet(name: str, prefix: str, service: str = "") -> Json:
    delegations = [{"name": "given", "properties": {"serviceName": service}}] if service else []
    return {"name": name, "properties": {"addressPrefix": prefix, "delegations": delegations}}


@pytest.mark.parametrize("operation", ["plannedFailover", "unplannedFailover"])
def test_a_failover_into_the_subnet_of_gateways_fails_and_leaves_the_machine_protected(operation: str) -> None:
    client = Client()
    item = client.protect("DC01")
    in_subnet(client, item, "gatewaysubnet")
    status = client.finish(client.begin("POST", f"{item}/{operation}", client.failover_body()))
    assert (status["status"], status["error"]["code"]) == ("Failed", "28020")
    assert client.values(f"{client.group}/providers/Microsoft.Compute/virtualMachines") == []
    in_subnet(client, item, "servers")
    client.carry_out("POST", f"{item}/{operation}", client.failover_body())


@pytest.mark.parametrize(("name", "service"), [("AzureBastionSubnet", ""), ("functions", "Microsoft.Web/serverFarms")])
def test_a_drill_into_a_subnet_of_a_service_fails_and_another_network_does(name: str, service: str) -> None:
    client = Client()
    item = client.protect("DC01")
    kept = new_network(client, subnet(name, "10.90.0.0/24", service), subnet("machines", "10.90.1.0/24"))
    status = client.finish(client.begin("POST", f"{item}/testFailover", client.test_failover_body(kept)))
    assert status["error"]["code"] == "28020"
    assert client.values(f"{client.group}/providers/Microsoft.Compute/virtualMachines") == []
    client.carry_out("POST", f"{item}/testFailoverCleanup", {"properties": {"comments": "no place"}})
    client.carry_out("POST", f"{item}/testFailover", client.test_failover_body())


def test_a_card_that_is_not_made_asks_for_no_subnet() -> None:
    client = Client()
    item = client.protect("DC01")
    nic = client.properties(item)["providerSpecificDetails"]["vmNics"][0]["nicId"]
    change = {"nicId": nic, "selectionType": "NotSelected", "ipConfigs": [{"recoverySubnetName": "GatewaySubnet"}]}
    client.carry_out("PATCH", item, {"properties": {"vmNics": [change]}})
    client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
