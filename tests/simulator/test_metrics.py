"""How much a storage account holds, as Azure Monitor tells it."""

from __future__ import annotations

import pytest

from tests.simulator.client import Client, Json

MIB = 1024 * 1024


@pytest.fixture
def client() -> Client:
    return Client()


def metrics(client: Client, account: str, **query: str) -> Json:
    fields = "".join(f"&{name}={value}" for name, value in query.items())
    return client.get(f"{account}/providers/Microsoft.Insights/metrics?metricnames=UsedCapacity{fields}")


def last_value(found: Json) -> float:
    values: list[float] = [
        point["average"] for point in found["value"][0]["timeseries"][0]["data"] if "average" in point
    ]
    return values[-1]


def test_an_account_tells_what_replicas_take_and_an_unused_one_nothing(client: Client) -> None:
    accounts = client.values(f"{client.subscription}/providers/Microsoft.Storage/storageAccounts")
    assert {last_value(metrics(client, each["id"])) for each in accounts} == {0}
    item = client.protect("DC01")
    used = client.properties(item)["providerSpecificDetails"]["recoveryAzureStorageAccount"]
    held = {each["id"]: last_value(metrics(client, each["id"])) for each in accounts}
    assert held.pop(used) > 1024 * MIB
    assert set(held.values()) == {0}


def test_hours_are_told_one_by_one_and_the_one_under_way_without_a_value(client: Client) -> None:
    [account, *_] = client.values(f"{client.subscription}/providers/Microsoft.Storage/storageAccounts")
    found = metrics(client, account["id"], timespan="2000-01-01T00:00:00Z/2000-01-01T03:00:00Z", interval="PT1H")
    data = found["value"][0]["timeseries"][0]["data"]
    assert [point["timeStamp"] for point in data] == [f"2000-01-01T0{hour}:00:00Z" for hour in range(3)]
    assert not any("average" in point for point in data)  # before the account was made
    assert found["value"][0]["unit"] == "Bytes"


@pytest.mark.parametrize(
    "query", [{"interval": "PT1M"}, {"timespan": "yesterday"}, {"timespan": "2026-01-01/2025-01-01"}]
)
def test_what_azure_cannot_tell_is_refused(client: Client, query: dict[str, str]) -> None:
    [account, *_] = client.values(f"{client.subscription}/providers/Microsoft.Storage/storageAccounts")
    fields = "".join(f"&{name}={value}" for name, value in query.items())
    path = f"{account['id']}/providers/Microsoft.Insights/metrics?metricnames=UsedCapacity{fields}"
    assert client.call("GET", path).json["error"]["code"] == "BadRequest"


def test_there_is_no_other_metric_and_no_other_account(client: Client) -> None:
    [account, *_] = client.values(f"{client.subscription}/providers/Microsoft.Storage/storageAccounts")
    assert client.call("GET", f"{account['id']}/providers/Microsoft.Insights/metrics?metricnames=Egress").status == 400
    assert client.call("GET", f"{account['id']}none/providers/Microsoft.Insights/metrics").status == 404
