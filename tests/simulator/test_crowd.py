"""Subscriptions beside the scenario's own: named ones and a crowd, and what may be done in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.simulator.clock import SimulatorClock
from app.simulator.scenario_data import ScenarioError, read_scenario
from app.simulator.service import Simulator
from tests.simulator.client import START, WITH_FILE, Client, Json

SCENARIO = "many-subscriptions"
VAULTS = "providers/Microsoft.RecoveryServices/vaults"


def crowd(state_file: Path | None = None, **size: int) -> Client:
    client = Client(SCENARIO)
    client.simulator = Simulator.open(SCENARIO, clock=SimulatorClock(START, 0), state_file=state_file, **size)
    client.clock = client.simulator.clock
    if state_file is not None:
        WITH_FILE.append(client.simulator)
    return client


@pytest.fixture
def client() -> Client:
    return crowd(subscriptions=12, vaults=30)


def named(client: Client, name: str) -> str:
    return str(next(s["id"] for s in client.values("/subscriptions") if s["displayName"] == name))


def vault_named(client: Client, subscription: str, name: str) -> Json:
    return next(v for v in client.values(f"{named(client, subscription)}/{VAULTS}") if v["name"] == name)


def code(reply: Any) -> str:
    return str(reply.json["error"]["code"])


def new_vault(**more: Any) -> Json:
    return {"location": "westeurope", "sku": {"name": "RS0"}, "properties": {}} | more


def test_it_has_as_many_subscriptions_and_vaults_as_its_file_says() -> None:
    client = crowd()
    subscriptions = client.values("/subscriptions")
    found = [client.call("GET", f"{each['id']}/{VAULTS}") for each in subscriptions]

    assert len(subscriptions) == 300
    assert sum(len(reply.json.get("value", ())) for reply in found) == 1000
    assert [reply.status for reply in found].count(403) == 1
    assert {each["tenantId"] for each in subscriptions} == {each["tenantId"] for each in client.values("/tenants")}


def test_its_size_is_the_callers_to_choose(client: Client) -> None:
    assert len(client.values("/subscriptions")) == 12 + 7 + 1


@pytest.mark.parametrize("size", [{"subscriptions": 0}, {"vaults": -1}, {"subscriptions": 1_000_000}])
def test_a_size_that_cannot_be_is_refused(size: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a crowd has"):
        crowd(**size)


def test_a_list_holds_what_is_in_its_own_subscription_alone(client: Client) -> None:
    for subscription in (client.subscription, named(client, "Retail prod 001")):
        for kind in (VAULTS, "resourceGroups", "providers/Microsoft.Storage/storageAccounts"):
            found = client.values(f"{subscription}/{kind}")
            assert all(each["id"].lower().startswith(f"{subscription}/".lower()) for each in found)
    assert client.values(f"{client.subscription}/{VAULTS}")[0]["name"] == "asr-contoso-weu"


def test_vaults_of_other_scenarios_tell_what_they_hold(client: Client) -> None:
    kinds = {}
    for vault in client.values(f"{named(client, 'Contoso VMware')}/{VAULTS}"):
        fabrics = client.values(f"{vault['id']}/replicationFabrics")
        items = client.get(f"{vault['id']}/replicationUsages")["protectedItemCount"]
        usages = {each["name"]["value"]: each["currentValue"] for each in client.values(f"{vault['id']}/usages")}
        kind = fabrics[0]["properties"]["customDetails"]["instanceType"] if fabrics else ""
        kinds[vault["name"]] = (kind, items, usages["ProtectedItemCount"])
        for fabric in fabrics:
            assert client.get(fabric["id"])["name"] == fabric["name"]
    assert kinds == {
        "asr-vmware-weu": ("VMware", 64, 0),
        "asr-vmm-neu": ("VMM", 17, 0),
        "asr-azure-machines-uks": ("Azure", 25, 0),
        "rsv-backup-weu": ("", 0, 212),
    }


def test_a_site_of_the_crowd_can_be_worked_with(client: Client) -> None:
    for subscription in client.values("/subscriptions"):
        reply = client.call("GET", f"{subscription['id']}/{VAULTS}")
        for vault in reply.json.get("value", ()):
            for fabric in client.values(f"{vault['id']}/replicationFabrics"):
                if fabric["properties"]["customDetails"]["instanceType"] == "HyperVSite":
                    assert client.values(f"{vault['id']}/replicationProtectionContainers")
                    if vault["name"].startswith("rsv-"):
                        return
    raise AssertionError("there is no such site")


def test_nothing_changes_in_a_disabled_subscription(client: Client) -> None:
    subscription = named(client, "Old data centre (closed)")
    reply = client.call("PUT", f"{subscription}/resourceGroups/rg-new", {"location": "westeurope"})
    assert (reply.status, code(reply)) == (409, "ReadOnlyDisabledSubscription")
    assert client.values(f"{subscription}/{VAULTS}")[0]["name"] == "asr-old-neu"


def test_roles_differ_from_subscription_to_subscription(client: Client) -> None:
    nobody, reader = named(client, "Security and audit"), named(client, "Group controlling")
    assert code(client.call("GET", f"{nobody}/{VAULTS}")) == "AuthorizationFailed"
    group = f"{reader}/resourceGroups/rg-controlling-dr"
    assert client.get(group)["name"] == "rg-controlling-dr"
    assert code(client.call("PUT", f"{group}/{VAULTS}/another", new_vault())) == "AuthorizationFailed"
    permissions = client.values(f"{group}/providers/Microsoft.Authorization/permissions")
    assert permissions[0]["actions"] == ["*/read"]


def test_a_locked_group_takes_no_vault(client: Client) -> None:
    group = f"{named(client, 'Change freeze')}/resourceGroups/rg-frozen-dr"
    assert code(client.call("PUT", f"{group}/{VAULTS}/another", new_vault())) == "ScopeLocked"
    assert client.values(f"{group}/providers/Microsoft.Authorization/locks")[0]["properties"]["level"] == "ReadOnly"


def test_registering_is_counted_per_subscription_and_takes_time(client: Client) -> None:
    subscription, group = named(client, "Brand-new landing zone"), "rg-new-dr"
    provider = f"{subscription}/providers/Microsoft.RecoveryServices"
    vault = f"{subscription}/resourceGroups/{group}/{VAULTS}/asr-new-weu"
    client.call("PUT", f"{subscription}/resourceGroups/{group}", {"location": "westeurope"})

    assert client.get(provider)["registrationState"] == "NotRegistered"
    assert (
        client.get(f"{client.subscription}/providers/Microsoft.RecoveryServices")["registrationState"] == "Registered"
    )
    assert code(client.call("PUT", vault, new_vault())) == "MissingSubscriptionRegistration"
    assert client.call("POST", f"{provider}/register").json["registrationState"] == "Registering"
    client.clock.advance(120)
    assert client.get(provider)["registrationState"] == "Registered"
    assert client.call("PUT", vault, new_vault()).status == 201


def test_a_vault_keeps_redundancy_and_tags(client: Client) -> None:
    path = f"{client.group}/{VAULTS}/asr-second"
    given = {"redundancySettings": {"standardTierStorageRedundancy": "ZoneRedundant"}}
    client.call("PUT", path, new_vault(properties=given, tags={"owner": "me"}))
    client.clock.advance(60)
    found = client.get(path)
    assert found["properties"]["redundancySettings"]["standardTierStorageRedundancy"] == "ZoneRedundant"
    assert found["tags"] == {"owner": "me"}


@pytest.mark.parametrize(
    ("location", "redundancy", "told"),
    [
        ("westeurope", "Sturdy", "InvalidRedundancySettings"),
        ("ukwest", "ZoneRedundant", "RedundancyNotSupportedInRegion"),
        ("italynorth", "GeoRedundant", "RedundancyNotSupportedInRegion"),
    ],
)
def test_a_redundancy_that_the_region_lacks_is_refused(
    client: Client, location: str, redundancy: str, told: str
) -> None:
    given = {"redundancySettings": {"standardTierStorageRedundancy": redundancy}}
    reply = client.call("PUT", f"{client.group}/{VAULTS}/another", new_vault(location=location, properties=given))
    assert (reply.status, code(reply)) == (400, told)


def test_redundancy_stands_once_something_is_kept(client: Client) -> None:
    vault = vault_named(client, "Contoso VMware", "rsv-backup-weu")
    change = {"properties": {"redundancySettings": {"standardTierStorageRedundancy": "ZoneRedundant"}}}
    assert code(client.call("PATCH", vault["id"], change)) == "RedundancySettingsUpdateNotAllowed"


@pytest.mark.parametrize(
    "tags",
    [
        {f"tag{number}": "" for number in range(51)},
        {"": "empty"},
        {"a/b": "slash"},
        {"microsoft.kept": "x"},
        {"n" * 513: "long"},
        {"name": "v" * 257},
        {"Twice": "1", "twice": "2"},
        {"number": 1},
    ],
)
def test_tags_beyond_the_limits_are_refused(client: Client, tags: dict[str, Any]) -> None:
    assert client.call("PUT", f"{client.group}/{VAULTS}/another", new_vault(tags=tags)).status == 400


def test_a_saved_crowd_comes_back_with_its_changes(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    client = crowd(file, subscriptions=12, vaults=30)
    before = client.values("/subscriptions")
    vault = client.values(f"{named(client, 'Retail prod 001')}/{VAULTS}")[0]
    client.call("PATCH", vault["id"], {"tags": {"owner": "me"}})
    gone = client.values(f"{named(client, 'Logistics prod 002')}/{VAULTS}")[0]
    assert client.call("DELETE", gone["id"]).status in (200, 409)
    client.simulator.close()

    again = crowd(file)
    assert again.values("/subscriptions") == before
    assert again.get(vault["id"])["tags"] == {"owner": "me"}


def test_a_broken_crowd_names_the_key(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text('based_on = "contoso"\ntitle = "x"\nabout = "y"\n[crowd]\nsubscribers = 3\n', "utf-8")
    with pytest.raises(ScenarioError, match=r"crowd\.subscribers"):
        read_scenario(str(file))
