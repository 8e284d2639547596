"""The records that are read: out of the recordings, and our own samples. Bodies of 2017 are put into today's words.

A record is what stands in a list or answers a GET: an object with `id`, `name` and `properties`. The rename tables are
data: what the service said in 2017 (left) and says today (right). What 2017 did not have stays absent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conformance.shown import Kind
from tests.support.recordings import all_exchanges
from tests.support.session_files import Exchange

SAMPLES = Path(__file__).with_name("samples")

Json = dict[str, Any]

RENAMED_SINCE_2017: Mapping[Kind, Mapping[str, str]] = {
    Kind.PROTECTED_ITEM: {
        "azureVMDiskDetails": "azureVmDiskDetails",
        "enableRDPOnTargetOption": "enableRdpOnTargetOption",
        "recoveryAzureVMName": "recoveryAzureVmName",
        "sourceVmCPUCount": "sourceVmCpuCount",
        "sourceVmRAMSizeInMB": "sourceVmRamSizeInMB",
    },
}
"""Keys of `providerSpecificDetails` under another spelling."""

JOINED_SINCE_2017 = ("replicationHealthErrors", "failoverHealthErrors")
"""Two lists of a protected item that are one, `healthErrors`, today."""

ADDRESSES_SINCE_2017: Mapping[str, str] = {
    "ipAddressType": "ipAddressType",
    "primaryNicStaticIPAddress": "staticIPAddress",
    "recoveryVMSubnetName": "recoverySubnetName",
    "replicaNicStaticIPAddress": "recoveryStaticIPAddress",
    "vMSubnetName": "subnetName",
}
"""Fields of a network card in 2017 that moved into its `ipConfigs`."""


_BY_SEGMENT = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a kind, with where it was found."""

    label: str
    year: int
    raw: Json
    is_detail: bool
    """The answer to a GET of its own, not an entry of a list: only these tell jobs' tasks and plans' groups."""


@cache
def recorded(kind: Kind) -> tuple[Record, ...]:
    """Every record of a kind in all recordings, each time it was answered, in today's words."""
    return tuple(_all_recorded()[kind])


@cache
def sampled(kind: Kind) -> tuple[Record, ...]:
    """Our own samples of a kind; each has a `why` that says what is odd about it."""
    entries = json.loads((SAMPLES / f"{kind.name.lower()}.json").read_text(encoding="utf-8"))
    return tuple(Record(f"sample {entry['why']!r}", 2026, entry["record"], is_detail=True) for entry in entries)


@cache
def _all_recorded() -> Mapping[Kind, list[Record]]:
    found: dict[Kind, list[Record]] = {kind: [] for kind in Kind}
    for exchange in all_exchanges():
        if exchange.status < 300 and isinstance(exchange.body, dict):
            _collect(exchange, found)
    return found


def _collect(exchange: Exchange, found: Mapping[Kind, list[Record]]) -> None:
    in_list = isinstance(exchange.body.get("value"), list)
    for raw in exchange.body["value"] if in_list else [exchange.body]:
        if not (isinstance(raw, dict) and isinstance(raw.get("id"), str) and isinstance(raw.get("properties"), dict)):
            continue
        segment = raw["id"].rstrip("/").split("/")[-2]
        kind = _BY_SEGMENT.get(segment)
        if kind is not None:
            today = in_words_of_today(kind, raw) if exchange.year == 2017 else raw
            found[kind].append(Record(exchange.label, exchange.year, today, is_detail=not in_list))


def in_words_of_today(kind: Kind, raw: Json) -> Json:
    """The same record as today's service would write it; what is not in the tables stays as it is."""
    if kind is Kind.JOB:
        return _job_of_today(raw)
    if kind is not Kind.PROTECTED_ITEM:
        return raw
    properties = {key: value for key, value in raw["properties"].items() if key not in JOINED_SINCE_2017}
    properties["healthErrors"] = [error for key in JOINED_SINCE_2017 for error in raw["properties"].get(key, ())]
    renames = RENAMED_SINCE_2017[kind]
    details = {renames.get(key, key): value for key, value in properties["providerSpecificDetails"].items()}
    if "vmNics" in details:
        details["vmNics"] = [_nic_of_today(nic) for nic in details["vmNics"]]
    return raw | {"properties": properties | {"providerSpecificDetails": details}}


def _job_of_today(raw: Json) -> Json:
    """The job's own error and times stood above its properties as well; the type was not given.

    The keys of what it touches began with a capital letter.
    """
    properties = dict(raw["properties"])
    details = properties["customDetails"]
    if details is not None:
        touched = {key[0].lower() + key[1:]: value for key, value in details["affectedObjectDetails"].items()}
        properties["customDetails"] = details | {"affectedObjectDetails": touched}
    job_type = "Microsoft.RecoveryServices/vaults/replicationJobs"
    return {"id": raw["id"], "name": raw["name"], "type": job_type, "properties": properties}


def _nic_of_today(nic: Json) -> Json:
    address = {today: nic[then] for then, today in ADDRESSES_SINCE_2017.items() if then in nic}
    kept = {key: value for key, value in nic.items() if key not in ADDRESSES_SINCE_2017}
    return kept | {"ipConfigs": [address | {"isPrimary": True}]}
