"""What the practice vault accepts as a place for replicated data, what it refuses, and how it tells of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import Client

ACCOUNTS = "{group}/providers/Microsoft.Storage/storageAccounts/"
STANDARD, GEO = f"{ACCOUNTS}stcontosoasrweu", f"{ACCOUNTS}stcontosogeoweu"
PREMIUM, ELSEWHERE = (
    f"{ACCOUNTS}stcontosofastweu",
    "{apps}/providers/Microsoft.Storage/storageAccounts/stcontosoappsneu",
)
MANAGED: dict[str, Any] = {"useManagedDisksForReplication": "true", "targetStorageAccountId": None}


def filled(client: Client, details: dict[str, Any]) -> dict[str, Any]:
    apps = client.group.replace("rg-contoso-dr", "rg-contoso-apps")
    return {
        name: value.format(group=client.group, apps=apps) if isinstance(value, str) else value
        for name, value in details.items()
    }


def enabled(machine: str, details: dict[str, Any], *, interval_s: int = 300) -> tuple[Client, str, str]:
    """The client, the item's path, and what is wrong; nothing where it was enabled."""
    client = Client()
    policy = client.associate_policy(interval_s)
    item, accepted = client.begin_enable(machine, policy, **filled(client, details))
    if client.finish(accepted)["status"] == "Succeeded":
        return client, item, ""
    error = client.job_of(accepted)["properties"]["errors"][0]["serviceErrorDetails"]
    assert error["code"] == "506"
    assert client.call("GET", item).status == 404
    return client, item, error["possibleCauses"]


@pytest.mark.parametrize(
    ("details", "interval_s", "refusal"),
    [
        ({}, 30, ""),
        ({"targetStorageAccountId": GEO, "logStorageAccountId": STANDARD}, 300, ""),
        ({"targetStorageAccountId": PREMIUM}, 300, "needs another account for logs"),
        ({"targetStorageAccountId": PREMIUM, "logStorageAccountId": STANDARD}, 300, ""),
        ({"targetStorageAccountId": PREMIUM, "logStorageAccountId": PREMIUM}, 300, "cannot take logs"),
        ({"targetStorageAccountId": PREMIUM, "logStorageAccountId": STANDARD}, 30, "copies more often"),
        (MANAGED, 300, "need a storage account for logs"),
        (MANAGED | {"logStorageAccountId": STANDARD}, 30, ""),
        (MANAGED | {"logStorageAccountId": PREMIUM}, 300, "cannot take logs"),
        (MANAGED | {"logStorageAccountId": ELSEWHERE}, 300, "is not in the vault's region"),
        (MANAGED | {"logStorageAccountId": f"{ACCOUNTS}stgone"}, 300, "does not exist"),
        (MANAGED | {"logStorageAccountId": STANDARD, "diskType": "Floppy"}, 300, "no type of managed disk"),
        (MANAGED | {"logStorageAccountId": STANDARD, "diskType": "Premium_LRS"}, 300, ""),
        (MANAGED | {"logStorageAccountId": STANDARD, "diskType": "Premium_LRS"}, 30, "copies more often than disks"),
        (
            {"useManagedDisksForReplication": "true", "logStorageAccountId": STANDARD},
            300,
            "Both managed disks and a storage account",
        ),
    ],
)
def test_what_replicated_data_may_go_to(details: dict[str, Any], interval_s: int, refusal: str) -> None:
    causes = enabled("DC01", details, interval_s=interval_s)[2]
    assert refusal in causes
    assert bool(refusal) is bool(causes)


@pytest.mark.parametrize(
    ("more_mib", "details", "is_refused"),
    [
        (0, {}, False),
        (1, {}, True),
        (1, MANAGED | {"logStorageAccountId": STANDARD}, False),
    ],
)
def test_a_storage_account_takes_no_disk_above_4095_gib(
    more_mib: int, details: dict[str, Any], is_refused: bool
) -> None:
    client = Client()
    machine = client.simulator.faults.world.machines[client.machine("FS01")["name"]]
    data = machine.disks[1]
    assert data.size_mib == 4095 * 1024
    data.size_mib += more_mib
    policy = client.associate_policy()
    _, accepted = client.begin_enable("FS01", policy, **filled(client, details))
    assert (client.finish(accepted)["status"] == "Failed") is is_refused


def test_an_item_on_a_storage_account_tells_of_no_managed_disks() -> None:
    client, item, _ = enabled("DC01", {"targetStorageAccountId": PREMIUM, "logStorageAccountId": STANDARD})
    details = client.properties(item)["providerSpecificDetails"]
    assert details["recoveryAzureStorageAccount"].endswith("/stcontosofastweu")
    assert details["recoveryAzureLogStorageAccountId"].endswith("/stcontosoasrweu")
    assert details["protectedManagedDisks"] == []


def test_an_item_on_managed_disks_tells_them_and_they_are_there_until_it_is_removed() -> None:
    client = Client()
    machine = client.machine("SQL-PROD-02")
    kept = [disk["vhdId"] for disk in machine["properties"]["customDetails"]["diskDetails"]][:2]
    account = STANDARD.format(group=client.group)
    named = [{"diskId": disk, "logStorageAccountId": account, "diskType": "Standard_LRS"} for disk in kept]
    item = client.protect("SQL-PROD-02", logStorageAccountId=account, disksToIncludeForManagedDisks=named, **MANAGED)

    details = client.properties(item)["providerSpecificDetails"]
    assert details["recoveryAzureStorageAccount"] is None
    assert details["recoveryAzureLogStorageAccountId"] == account
    shown = details["protectedManagedDisks"]
    assert [(disk["diskId"], disk["replicaDiskType"]) for disk in shown] == [(disk, "Standard_LRS") for disk in kept]
    disks = [client.get(disk["seedManagedDiskId"]) for disk in shown]
    assert [disk["sku"]["name"] for disk in disks] == ["Standard_LRS", "Standard_LRS"]

    client.carry_out("POST", f"{item}/remove", {"properties": {}})
    assert all(client.call("GET", disk["id"]).status == 404 for disk in disks)


def test_a_drill_of_a_machine_on_managed_disks_makes_disks_of_their_type() -> None:
    client = Client()
    account = STANDARD.format(group=client.group)
    item = client.protect("DC01", logStorageAccountId=account, diskType="Premium_LRS", **MANAGED)
    client.carry_out("POST", f"{item}/testFailover", client.test_failover_body())
    disks = client.values(f"{client.group}/providers/Microsoft.Compute/disks")
    made = [disk for disk in disks if not disk["name"].startswith("asrseeddisk-")]
    assert made
    assert {disk["sku"]["name"] for disk in made} == {"Premium_LRS"}


def test_replication_stops_when_the_account_for_logs_shuts() -> None:
    client = Client()
    account = STANDARD.format(group=client.group)
    item = client.protect("DC01", logStorageAccountId=account, **MANAGED)
    client.simulator.faults.switch_on("storage-firewall", account="stcontosoasrweu", lasts="PT4H")
    client.clock.advance(3600)
    assert client.properties(item)["replicationHealth"] != "Normal"
