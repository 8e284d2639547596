"""Neighbours that are changed and removed: accounts and their firewall, subnets, machines with their parts."""

from __future__ import annotations

import pytest

from tests.simulator.client import Client, Json


@pytest.fixture
def client() -> Client:
    return Client()


def account_of(client: Client, name: str = "stcontosoasrweu") -> str:
    return f"{client.group}/providers/Microsoft.Storage/storageAccounts/{name}"


def failed_over(client: Client, name: str = "DC01") -> str:
    item = client.protect(name)
    client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
    return item


def test_an_account_is_changed_in_part(client: Client) -> None:
    path = account_of(client)
    before = client.get(path)
    sent = {"sku": {"name": "Standard_GRS"}, "tags": {"a": "b"}, "properties": {"accessTier": "Cool"}}
    after = client.call("PATCH", path, sent).json
    assert (after["sku"]["name"], after["tags"]) == ("Standard_GRS", {"a": "b"})
    assert after["properties"]["accessTier"] == "Cool"
    assert after["properties"]["secondaryLocation"] == "northeurope"
    assert after["properties"]["creationTime"] == before["properties"]["creationTime"]
    assert client.get(path) == after
    assert client.call("PATCH", path, {"sku": {"name": "Premium_LRS"}}).status == 400
    other_kind = {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "Storage"}
    assert client.call("PUT", path, other_kind).status == 409
    assert client.call("PATCH", account_of(client, "none"), {}).status == 404


def test_a_firewall_keeps_callers_out_and_lets_azure_in_unless_told(client: Client) -> None:
    blob = "https://stcontosoasrweu.blob.practice.invalid/?comp=list"
    path = account_of(client)

    def close(**rules: object) -> None:
        acls: Json = {"defaultAction": "Deny", "ipRules": [], "virtualNetworkRules": [], **rules}
        assert client.call("PATCH", path, {"properties": {"networkAcls": acls}}).status == 200

    close(bypass="AzureServices")
    refused = client.send("GET", blob)
    assert (refused.status, refused.headers["x-ms-error-code"]) == (403, "AuthorizationFailure")
    close(bypass="AzureServices", ipRules=[{"value": "203.0.113.10", "action": "Allow"}])
    assert client.send("GET", blob).status == 200
    policy = client.associate_policy()
    client.protect("PRINT01", policy)
    close(bypass="None")
    _item, accepted = client.begin_enable("DC01", policy)
    assert client.finish(accepted)["error"]["code"] == "506"


def test_a_subnet_is_added_changed_and_removed(client: Client) -> None:
    path = f"{client.network}/subnets/more"
    assert client.call("GET", path).status == 404
    made = client.call("PUT", path, {"properties": {"addressPrefix": "10.40.200.0/24"}})
    assert (made.status, made.json["name"]) == (201, "more")
    assert client.call("PUT", path, {"properties": {"addressPrefix": "10.40.201.0/24"}}).status == 200
    assert client.properties(path)["addressPrefix"] == "10.40.201.0/24"
    assert client.call("PUT", path, {"properties": {"addressPrefix": "10.99.0.0/24"}}).status == 400
    assert client.call("DELETE", path).status == 200
    assert client.call("DELETE", path).status == 204

    failed_over(client)
    used = f"{client.network}/subnets/servers"
    assert client.call("DELETE", used).json["error"]["code"] == "InUseSubnetCannotBeDeleted"
    moved = client.call("PUT", used, {"properties": {"addressPrefix": "10.40.202.0/24"}})
    assert moved.json["error"]["code"] == "InUsePrefixCannotBeDeleted"


def test_tags_of_groups_and_networks_are_changed(client: Client) -> None:
    for path in (client.group, client.network):
        assert client.call("PATCH", path, {"tags": {"owner": "ops"}}).json["tags"] == {"owner": "ops"}
        assert client.get(path)["tags"] == {"owner": "ops"}


def test_a_machine_is_switched_off_and_on(client: Client) -> None:
    failed_over(client)
    vm = f"{client.group}/providers/Microsoft.Compute/virtualMachines/DC01"
    for action, power in (("powerOff", "stopped"), ("deallocate", "deallocated"), ("start", "running")):
        accepted = client.begin("POST", f"{vm}/{action}")
        assert client.finish(accepted)["status"] == "Succeeded"
        codes = [status["code"] for status in client.get(f"{vm}/instanceView")["statuses"]]
        assert codes[1] == f"PowerState/{power}"


def test_a_removed_machine_leaves_its_parts_which_can_go_then(client: Client) -> None:
    failed_over(client)
    compute = f"{client.subscription}/providers/Microsoft.Compute"
    (disk,) = client.values(f"{compute}/disks")
    (nic,) = client.values(f"{client.subscription}/providers/Microsoft.Network/networkInterfaces")
    assert client.call("DELETE", disk["id"]).status == 409
    assert client.call("DELETE", nic["id"]).json["error"]["code"] == "NicInUse"

    (vm,) = client.values(f"{compute}/virtualMachines")
    assert client.finish(client.begin("DELETE", vm["id"]))["status"] == "Succeeded"
    assert client.call("DELETE", vm["id"]).status == 204
    assert client.get(disk["id"])["properties"]["diskState"] == "Unattached"
    assert client.call("DELETE", nic["id"]).status == 200
    assert client.call("DELETE", disk["id"]).status == 202
    assert client.values(f"{compute}/disks") == []
