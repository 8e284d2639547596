"""The comparison by shape: it must see what is wrong, say where, and be blind to mere values."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.shapes import differences, id_form

_ITEM = {
    "id": "/Subscriptions/1/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/replicationPolicies/p",
    "properties": {
        "protectionState": "Protected",
        "allowedOperations": ["TestFailover", "DisableProtection"],
        "started": "2023-08-11T03:21:53.0816994Z",
        "percentage": "23",
        "rpo": 3,
        "disks": [{"maxSizeMB": "40960", "name": None}],
    },
}


def _item(**changes: Any) -> dict[str, Any]:
    return _ITEM | {"properties": {**_ITEM["properties"], **changes}}  # type: ignore[dict-item]


def test_other_values_of_the_same_form_are_no_difference() -> None:
    ours = _item(started="2026-01-02T03:04:05.0000000Z", percentage="100", rpo=900) | {
        "id": "/Subscriptions/2/resourceGroups/h/providers/Microsoft.RecoveryServices/vaults/w/replicationPolicies/q"
    }

    assert list(differences(_ITEM, ours)) == []


@pytest.mark.parametrize(
    ("ours", "told"),
    [
        (_item(rpo="3"), "$.properties.rpo: recorded whole number, ours digits"),
        (_item(rpo=None), "$.properties.rpo: recorded whole number, ours null"),
        (_item(percentage=23), "$.properties.percentage: recorded digits, ours whole number"),
        (_item(extra=1), "$.properties.extra: recorded no such key, ours whole number"),
        (
            _item(started="2026-01-02T03:04:05Z"),
            "$.properties.started: recorded time, fraction, Z, ours time, whole seconds, Z",
        ),
        (
            _item(protectionState="protected"),
            "$.properties.protectionState: recorded the word 'Protected', ours the word 'protected'",
        ),
        (
            _item(allowedOperations=["DisableProtection", "TestFailover"]),
            "$.properties.allowedOperations: recorded ['TestFailover', 'DisableProtection'], "
            "ours ['DisableProtection', 'TestFailover']",
        ),
        (_item(disks=[]), "$.properties.disks: recorded 1 items, ours 0 items"),
        (
            _item(disks=[{"maxSizeMB": "1", "name": None}, {"maxSizeMB": 1, "name": None}]),
            "$.properties.disks[].maxSizeMB: recorded digits, ours whole number",
        ),
        (
            _ITEM | {"id": str(_ITEM["id"]).replace("Subscriptions", "subscriptions")},
            "$.id: recorded id /Subscriptions/*/resourceGroups/*/providers/Microsoft.RecoveryServices/vaults/*"
            "/replicationPolicies/*, ours id /subscriptions/*/resourceGroups/*/providers/Microsoft.RecoveryServices"
            "/vaults/*/replicationPolicies/*",
        ),
    ],
)
def test_difference_names_its_place(ours: dict[str, Any], told: str) -> None:
    assert [str(difference) for difference in differences(_ITEM, ours)] == [told]


def test_missing_key_is_told() -> None:
    without = {"id": _ITEM["id"]}

    assert [str(difference) for difference in differences(_ITEM, without)] == [
        "$.properties: recorded object, ours no such key"
    ]


def test_address_keeps_types_and_query_keys() -> None:
    text = "https://management.azure.com/Subscriptions/1/a/b/operationresults/c?api-version=2022-08-01&%24skipToken=x"

    assert id_form(text) == "https://host/Subscriptions/*/a/*/operationresults/*?$skipToken&api-version"


def test_guid_is_a_name_wherever_it_stands() -> None:
    text = "/Subscriptions/1/replicationVaultHealth/3b1c1f5e-6a57-4c55-9a6e-0d5c7e3b2a10"

    assert id_form(text) == "/Subscriptions/*/replicationVaultHealth/*"
