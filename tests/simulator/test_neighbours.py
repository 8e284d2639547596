"""What stands around Site Recovery: groups, vaults, storage accounts, networks, machines."""

from __future__ import annotations

import pytest

from app.simulator.azure_machines import usable_addresses
from tests.simulator.client import Client, Json, Reply


@pytest.fixture
def client() -> Client:
    return Client()


def test_a_group_is_found_whatever_its_case(client: Client) -> None:
    body = client.get(client.group.upper().replace("/SUBSCRIPTIONS", "/subscriptions"))
    assert body["name"] == "rg-contoso-dr"
    assert client.call("HEAD", client.group).status == 204
    assert client.call("HEAD", f"{client.subscription}/resourcegroups/none").status == 404


def test_a_group_is_made_changed_and_removed(client: Client) -> None:
    path = f"{client.subscription}/resourcegroups/rg-new"
    assert client.call("PUT", path, {"location": "West Europe"}).status == 201
    assert client.call("PUT", path, {"location": "westeurope", "tags": {"a": "b"}}).status == 200
    assert client.get(path)["tags"] == {"a": "b"}
    assert client.call("PUT", path, {"location": "eastus"}).status == 409
    assert client.call("DELETE", path).status == 202
    assert client.call("GET", path).json["error"]["code"] == "ResourceGroupNotFound"


@pytest.mark.parametrize("name", ["a" * 91, "ends.", "no space"])
def test_a_groups_name_is_checked(client: Client, name: str) -> None:
    reply = client.call("PUT", f"{client.subscription}/resourcegroups/{name}", {"location": "westeurope"})
    assert reply.status == 400


def test_a_vault_is_made_in_time(client: Client) -> None:
    path = f"{client.group}/providers/Microsoft.RecoveryServices/vaults/asr-new"
    made = client.call("PUT", path, {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {}})
    assert made.status == 201
    assert made.json["properties"]["provisioningState"] == "Provisioning"
    assert client.send("GET", made.headers["Azure-AsyncOperation"]).json["status"] == "InProgress"
    client.clock.advance(10)
    assert client.send("GET", made.headers["Azure-AsyncOperation"]).json["status"] == "Succeeded"
    assert client.properties(path)["provisioningState"] == "Succeeded"
    assert client.call("PUT", path, {"location": "westeurope", "sku": {"name": "Standard"}}).status == 200
    names = [vault["name"] for vault in client.values(f"{client.group}/providers/Microsoft.RecoveryServices/vaults")]
    assert names == ["asr-contoso-weu", "asr-new"]
    assert client.call("DELETE", path).status == 200
    assert client.call("GET", path).json["error"]["code"] == "ResourceNotFound"


def test_a_vault_in_use_cannot_be_removed(client: Client) -> None:
    reply = client.call("DELETE", client.vault)
    assert reply.status == 409
    assert reply.json["error"]["code"] == "ServiceResourceNotEmptyWithContainerDetails"


def test_resources_are_listed_by_type(client: Client) -> None:
    kinds = {resource["type"] for resource in client.values(f"{client.subscription}/resources")}
    assert kinds == {
        "Microsoft.Storage/storageAccounts",
        "Microsoft.Network/virtualNetworks",
        "Microsoft.RecoveryServices/vaults",
    }
    path = f"{client.subscription}/resources?$filter=resourceType eq 'Microsoft.Network/virtualNetworks'"
    assert len(client.values(path)) == 3
    assert len(client.values(f"{path} and location eq 'northeurope'")) == 1
    in_group = client.values(f"{client.subscription}/resources?$filter=resourceGroup eq 'RG-contoso-apps'")
    assert {resource["name"] for resource in in_group} == {"stcontosoappsneu", "vnet-contoso-apps"}


def test_a_storage_account_is_made_in_time(client: Client) -> None:
    path = f"{client.group}/providers/Microsoft.Storage/storageAccounts/stnew"
    sent = {"location": "westeurope", "sku": {"name": "Standard_GRS"}, "kind": "StorageV2"}
    made = client.call("PUT", path, sent)
    assert (made.status, made.body) == (202, b"")
    assert client.send("GET", made.headers["Location"]).status == 202
    client.clock.advance(60)
    account = client.send("GET", made.headers["Location"]).json
    assert account["properties"]["primaryEndpoints"]["blob"] == "https://stnew.blob.practice.invalid/"
    assert account["properties"]["secondaryLocation"] == "northeurope"
    assert client.get(path) == account
    assert client.call("PUT", path, sent).status == 200


@pytest.mark.parametrize(
    ("name", "reason"),
    [("stcontosoasrweu", "AlreadyExists"), ("Has-Upper", "AccountNameInvalid"), ("ab", "AccountNameInvalid")],
)
def test_an_account_name_that_cannot_be_had(client: Client, name: str, reason: str) -> None:
    path = f"{client.subscription}/providers/Microsoft.Storage/checkNameAvailability"
    reply = client.call("POST", path, {"name": name, "type": "Microsoft.Storage/storageAccounts"})
    assert (reply.json["nameAvailable"], reply.json["reason"]) == (False, reason)


def test_a_free_account_name(client: Client) -> None:
    path = f"{client.subscription}/providers/Microsoft.Storage/checkNameAvailability"
    assert client.call("POST", path, {"name": "stfree"}).json == {"nameAvailable": True}


def test_a_network_is_made_in_time(client: Client) -> None:
    path = f"{client.group}/providers/Microsoft.Network/virtualNetworks/vnet-new"
    subnet = {"name": "one", "properties": {"addressPrefix": "10.9.0.0/29"}}
    sent = {
        "location": "westeurope",
        "properties": {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}, "subnets": [subnet]},
    }
    made = client.call("PUT", path, sent)
    assert made.status == 201
    assert made.json["properties"]["subnets"][0]["properties"]["provisioningState"] == "Updating"
    client.clock.advance(10)
    assert client.send("GET", made.headers["Azure-AsyncOperation"]).json == {"status": "Succeeded"}
    made_subnet = client.properties(path)["subnets"][0]
    assert made_subnet["id"].endswith("/vnet-new/subnets/one")
    assert made_subnet["properties"]["provisioningState"] == "Succeeded"
    usage = client.values(f"{path}/usages")[0]
    assert (usage["currentValue"], usage["limit"]) == (0, 3)


def put_network(client: Client, **properties: object) -> Reply:
    path = f"{client.group}/providers/Microsoft.Network/virtualNetworks/vnet-new"
    given = {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}, **properties}
    return client.call("PUT", path, {"location": "westeurope", "properties": given})


def inner(*prefixes: str) -> list[Json]:
    return [{"name": f"s{number}", "properties": {"addressPrefix": prefix}} for number, prefix in enumerate(prefixes)]


def space(*prefixes: str) -> Json:
    return {"addressSpace": {"addressPrefixes": list(prefixes)}}


REFUSED_NETWORKS: list[tuple[Json, str]] = [
    ({"subnets": inner("10.8.0.0/24")}, "NetcfgInvalidSubnet"),
    ({"subnets": inner("10.9.0.0/30")}, "NetcfgInvalidSubnet"),
    ({"subnets": inner("10.9.0.0/24", "10.9.0.128/25")}, "NetcfgSubnetRangesOverlap"),
    ({"subnets": inner("10.9.0.1/24")}, "InvalidCIDRNotation"),
    ({"subnets": inner("10.9.0.0")}, "InvalidAddressPrefixFormat"),
    ({"subnets": inner("")}, "InvalidAddressPrefixFormat"),
    ({"subnets": [{"name": "s", "properties": {}}]}, "InvalidAddressPrefixFormat"),
    ({"subnets": [*inner("10.9.0.0/24"), {"name": "S0", "properties": {}}]}, "DuplicateResourceName"),
    ({"subnets": [{"name": "-s", "properties": {"addressPrefix": "10.9.0.0/24"}}]}, "InvalidResourceName"),
    (space("ten"), "InvalidAddressPrefixFormat"),
    (space("10.9.0.1/16"), "InvalidCIDRNotation"),
    (space("0.0.0.0/0"), "NetcfgInvalidAddressSpace"),
    (space("127.0.0.0/16"), "NetcfgInvalidAddressSpace"),
    (space("10.9.0.0/16", "10.9.4.0/24"), "NetcfgAddressSpacesOverlap"),
    (space(), "InvalidRequestFormat"),
    ({"dhcpOptions": {"dnsServers": ["dc01"]}}, "InvalidIPAddressFormat"),
    ({"dhcpOptions": {"dnsServers": ["127.0.0.1"]}}, "InvalidIPAddress"),
    ({"dhcpOptions": {"dnsServers": "10.9.0.4"}}, "InvalidRequestFormat"),
    ({"dhcpOptions": {"dnsServers": ["10.9.0.4"] * 21}}, "DnsServersPerVirtualNetworkLimitReached"),
]


def test_networks_that_cannot_be(client: Client) -> None:
    for properties, code in REFUSED_NETWORKS:
        reply = put_network(client, **properties)
        assert (reply.status, reply.json["error"]["code"]) == (400, code), properties
    tagged = client.call(
        "PUT",
        f"{client.group}/providers/Microsoft.Network/virtualNetworks/vnet-new",
        {"location": "westeurope", "tags": {"windows": "x"}, "properties": space("10.9.0.0/16")},
    )
    assert tagged.json["error"]["code"] == "ReservedTagName"


def test_a_network_keeps_servers_for_names_delegations_and_both_kinds_of_ranges(client: Client) -> None:
    given: Json = {"addressPrefixes": ["fd00:db8::/64", "10.9.0.0/29"]}
    delegation = {"name": "web", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}
    subnets = [
        {"name": "dual", "properties": given},
        {"name": "apps", "properties": {"addressPrefix": "10.9.1.0/24", "delegations": [delegation]}},
    ]
    made = put_network(
        client, subnets=subnets, dhcpOptions={"dnsServers": ["10.9.1.4"]}, **space("10.9.0.0/16", "fd00:db8::/48")
    )
    shown = made.json["properties"]
    assert shown["dhcpOptions"] == {"dnsServers": ["10.9.1.4"]}
    dual, apps = (subnet["properties"] for subnet in shown["subnets"])
    assert dual["addressPrefixes"] == given["addressPrefixes"]
    assert "addressPrefix" not in dual
    (found,) = apps["delegations"]
    assert (found["name"], found["properties"]["serviceName"]) == ("web", "Microsoft.Web/serverFarms")
    usages = client.values(f"{made.json['id']}/usages")
    assert [usage["limit"] for usage in usages] == [3, 251]


def test_addresses_are_given_from_the_fifth_to_the_last_but_one() -> None:
    assert list(usable_addresses("10.0.0.0/29")) == ["10.0.0.4", "10.0.0.5", "10.0.0.6"]


def test_two_machines_in_one_subnet_get_two_addresses(client: Client) -> None:
    policy = client.associate_policy()
    for name in ("LNX-PROXY", "PRINT01"):
        item = client.protect(name, policy)
        client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
    nics = client.values(f"{client.group}/providers/Microsoft.Network/networkInterfaces")
    configs = [nic["properties"]["ipConfigurations"][0] for nic in nics]
    assert [config["properties"]["privateIPAddress"] for config in configs] == ["10.40.1.4", "10.40.1.5"]
    subnet = client.properties(client.network)["subnets"][0]["properties"]
    assert [entry["id"] for entry in subnet["ipConfigurations"]] == [config["id"] for config in configs]
    servers = next(u for u in client.values(f"{client.network}/usages") if u["id"].endswith("/servers"))
    assert (servers["currentValue"], servers["limit"]) == (2, 251)


def test_a_drill_takes_the_first_subnet_when_none_has_the_name(client: Client) -> None:
    path = f"{client.group}/providers/Microsoft.Network/virtualNetworks/other"
    subnets = [
        {"name": n, "properties": {"addressPrefix": p}} for n, p in (("zz", "10.9.1.0/24"), ("aa", "10.9.2.0/24"))
    ]
    properties = {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}, "subnets": subnets}
    client.call("PUT", path, {"location": "westeurope", "properties": properties})
    item = client.protect("LNX-PROXY")
    client.carry_out("POST", f"{item}/testFailover", client.test_failover_body(path))
    nic = client.values(f"{client.group}/providers/Microsoft.Network/networkInterfaces")[0]
    assert nic["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"] == "10.9.2.4"


def test_sizes_and_regions_are_listed(client: Client) -> None:
    sizes = client.values(f"{client.subscription}/providers/Microsoft.Compute/locations/westeurope/vmSizes")
    assert {"Standard_B2s", "Standard_D4s_v5"} <= {size["name"] for size in sizes}
    regions = {region["name"]: region for region in client.values(f"{client.subscription}/locations")}
    assert regions["westeurope"]["metadata"]["pairedRegion"][0]["name"] == "northeurope"
    provider = client.get(f"{client.subscription}/providers/microsoft.recoveryservices")
    assert provider["registrationState"] == "Registered"


def test_alert_settings_are_kept(client: Client) -> None:
    path = f"{client.vault}/replicationAlertSettings/defaultAlertSetting"
    sent = {"sendToOwners": "False", "customEmailAddresses": ["ops@contoso.local"], "locale": "en-US"}
    assert client.call("PUT", path, {"properties": sent}).status == 200
    assert client.properties(path) == sent | {"sendToOwners": "DoNotSend"}
