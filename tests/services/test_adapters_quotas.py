"""Usages and machine sizes as Azure writes them, and what becomes of them."""

from __future__ import annotations

import json

import pytest

from app.adapters.azure.quotas_gateway import SIZE, USAGE
from app.domain.quota import OfferedSize, QuotaUsage


def size(**changes: object) -> bytes:
    capabilities = {
        "vCPUs": "4",
        "MemoryGB": "16",
        "MaxDataDiskCount": "8",
        "MaxNetworkInterfaces": "2",
        "HyperVGenerations": "V1,V2",
    }
    record = {
        "resourceType": "virtualMachines",
        "name": "Standard_D4s_v5",
        "family": "standardDSv5Family",
        "locations": ["westeurope"],
        "capabilities": [{"name": name, "value": value} for name, value in capabilities.items()],
        "restrictions": [],
    }
    return json.dumps(record | changes).encode()


def restriction(kind: str, **places: object) -> dict[str, object]:
    return {"type": kind, "reasonCode": "NotAvailableForSubscription", **places}


def test_a_usage_has_a_name_a_label_and_two_figures() -> None:
    wire = {"unit": "Count", "currentValue": 12, "limit": "350", "name": {"value": "cores", "localizedValue": "Cores"}}
    assert USAGE.decode(json.dumps(wire).encode()) == QuotaUsage("cores", "Cores", 12, 350)
    without_label = wire | {"name": {"value": "cores"}}
    assert USAGE.decode(json.dumps(without_label).encode()).label == "cores"


@pytest.mark.parametrize("missing", ["currentValue", "limit", "name"])
def test_a_usage_without_a_figure_is_not_taken_for_nothing(missing: str) -> None:
    wire = {"currentValue": 12, "limit": 350, "name": {"value": "cores"}}
    del wire[missing]
    with pytest.raises(ValueError):
        USAGE.decode(json.dumps(wire).encode())


def test_a_size_is_read_from_its_capabilities() -> None:
    assert SIZE.decode(size()) == OfferedSize("Standard_D4s_v5", "standardDSv5Family", 4, 16384, 8, 2, (1, 2))


def test_what_is_no_machine_size_is_left_aside() -> None:
    assert SIZE.decode(size(resourceType="disks")) is None


def test_a_size_that_says_nothing_of_itself_has_no_cores() -> None:
    found = SIZE.decode(size(capabilities=None, restrictions=None, family=None))
    assert found == OfferedSize("Standard_D4s_v5", "", 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("restrictions", "is_restricted"),
    [
        ([restriction("Location", values=["westeurope"])], True),
        ([restriction("Location", restrictionInfo={"locations": ["West Europe"]})], True),
        ([restriction("Location", values=["northeurope"])], False),
        ([restriction("Zone", values=["westeurope"], restrictionInfo={"locations": ["westeurope"]})], False),
    ],
)
def test_only_a_closed_region_restricts_a_size(restrictions: list[object], is_restricted: bool) -> None:
    found = SIZE.decode(size(restrictions=restrictions))
    assert found is not None
    assert found.is_restricted is is_restricted
