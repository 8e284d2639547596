"""Every record of every kind goes through the adapters' mapping: none fails, none loses what the window shows.

The same is asked of all recorded traffic, where it is at hand, and of a small set of our own samples, which are odder:
nulls, missing keys, numbers as text, times that mean never, words nobody knows, names in many scripts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pytest

from app.adapters.azure import (
    job_mapping,
    protected_item_mapping,
    protection_mapping,
    resource_mapping,
    vault_mapping,
)
from app.adapters.azure.kind import Kind as Reader
from tests.conformance.losses import ALL_FIELDS, dig, losses
from tests.conformance.records import Record, in_words_of_today, recorded, sampled
from tests.conformance.shown import Kind, Shown
from tests.support.recordings import needs_recordings
from tests.support.tables import Tell

READERS: dict[Kind, Reader[Any]] = {
    Kind.FABRIC: protection_mapping.FABRIC,
    Kind.PROVIDER: protection_mapping.PROVIDER,
    Kind.CONTAINER: protection_mapping.CONTAINER,
    Kind.POLICY: protection_mapping.POLICY,
    Kind.MAPPING: protection_mapping.MAPPING,
    Kind.PROTECTABLE_ITEM: protection_mapping.PROTECTABLE_ITEM,
    Kind.PROTECTED_ITEM: protected_item_mapping.PROTECTED_ITEM,
    Kind.RECOVERY_POINT: protection_mapping.RECOVERY_POINT,
    Kind.RECOVERY_PLAN: protection_mapping.RECOVERY_PLAN,
    Kind.JOB: job_mapping.JOB,
    Kind.EVENT: job_mapping.EVENT,
    Kind.VAULT: vault_mapping.VAULT,
    Kind.VAULT_HEALTH: vault_mapping.VAULT_HEALTH,
    Kind.RESOURCE_GROUP: resource_mapping.RESOURCE_GROUP,
    Kind.STORAGE_ACCOUNT: resource_mapping.STORAGE_ACCOUNT,
    Kind.VIRTUAL_NETWORK: resource_mapping.VIRTUAL_NETWORK,
}


LONG_LISTS = (Kind.PROTECTABLE_ITEM, Kind.PROTECTED_ITEM, Kind.JOB, Kind.EVENT)
"""Of these a record that cannot be read is left out, and must be told from one that is merely odd."""


@pytest.mark.parametrize("kind", Kind)
def test_sample_keeps_every_shown_field(kind: Kind) -> None:
    assert _complaints(kind, sampled(kind)) == []


@needs_recordings
@pytest.mark.slow
@pytest.mark.parametrize("kind", Kind)
def test_recorded_traffic_keeps_every_shown_field(kind: Kind) -> None:
    records = recorded(kind)

    assert records, f"no {kind} in the recordings: the collector is broken"
    assert _complaints(kind, records) == []


@needs_recordings
@pytest.mark.slow
def test_recordings_hold_every_kind_in_numbers(tell: Tell) -> None:
    counts = Counter((kind, record.year) for kind in Kind for record in recorded(kind))
    years = sorted({year for _, year in counts})

    tell(
        "records read without loss",
        ["kind", *years],
        [[kind, *(counts[kind, year] for year in years)] for kind in Kind],
    )
    assert counts.total() > 2000


@pytest.mark.parametrize("kind", Kind)
def test_samples_fill_every_shown_field(kind: Kind) -> None:
    """A field that no sample fills could be dropped by the adapters unseen."""
    empty = [
        place
        for place in _places(ALL_FIELDS[kind])
        if not any(_is_filled(record.raw, place) for record in sampled(kind))
    ]

    assert empty == []


@pytest.mark.parametrize("kind", Kind)
def test_value_of_another_record_is_told_apart(kind: Kind) -> None:
    """The comparison itself must be able to fail: a value held against another's record is full of losses."""
    first, second, *_ = sampled(kind)

    assert list(losses(kind, second.raw, _read(kind, first)))


@pytest.mark.parametrize("kind", LONG_LISTS)
@pytest.mark.parametrize("broken", [{}, {"id": 7, "properties": {}}, {"id": "/x/y", "properties": "none"}, [], "text"])
def test_what_is_no_record_is_refused(kind: Kind, broken: object) -> None:
    with pytest.raises((msgspec.DecodeError, ValueError)):
        READERS[kind].decode(json.dumps(broken).encode())


def test_item_of_2017_is_put_into_words_of_today() -> None:
    raw = {
        "id": "/x/replicationProtectedItems/a",
        "properties": {
            "replicationHealthErrors": [{"errorCode": "1"}],
            "failoverHealthErrors": [{"errorCode": "2"}],
            "providerSpecificDetails": {
                "instanceType": "HyperVReplicaAzure",
                "recoveryAzureVMName": "a",
                "sourceVmRAMSizeInMB": 512,
                "vmNics": [{"nicId": "n", "recoveryVMSubnetName": "apps", "replicaNicStaticIPAddress": "10.0.0.4"}],
            },
        },
    }

    value = READERS[Kind.PROTECTED_ITEM].decode(json.dumps(in_words_of_today(Kind.PROTECTED_ITEM, raw)).encode())

    assert [error.code for error in value.errors] == ["1", "2"]
    assert (value.target_name, value.source_memory_mib) == ("a", 512)
    assert [(nic.target_subnet, nic.target_address) for nic in value.nics] == [("apps", "10.0.0.4")]


def _read(kind: Kind, record: Record) -> object:
    return READERS[kind].decode(json.dumps(record.raw).encode())


def _complaints(kind: Kind, records: Iterable[Record]) -> list[str]:
    complaints = []
    for record in records:
        try:
            value = _read(kind, record)
        except (msgspec.DecodeError, ValueError) as error:
            complaints.append(f"{record.label} cannot be read: {error}")
        else:
            complaints += [f"{record.label} {loss}" for loss in losses(kind, record.raw, value)]
    return complaints


def _places(fields: tuple[Shown, ...], above: tuple[Shown, ...] = ()) -> Iterator[tuple[Shown, ...]]:
    for shown in fields:
        yield (*above, shown)
        if shown.parts and shown.field != "children":  # a task below a task is read as the one above it
            yield from _places(shown.parts, (*above, shown))


def _is_filled(raw: object, place: tuple[Shown, ...]) -> bool:
    shown, *below = place
    found = dig(raw, shown.raw)
    if below:
        return any(_is_filled(part, tuple(below)) for part in found or ())
    return bool(found) and (bool(shown.parts) or bool(shown.reading(found)))
