"""All records of a kind as one list, read through the SDK's pipeline: as many values come out as records went in."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from app.adapters.azure.site_recovery_gateway import AzureSiteRecoveryGateway
from app.domain.arm_id import ArmId, container_id, fabric_id, protected_item_id, vault_id
from app.errors import BadRecord
from app.simulator.messages import Request, Response
from tests.conformance.records import Record, recorded, sampled
from tests.conformance.shown import Kind
from tests.support.doors import open_door
from tests.support.recordings import needs_recordings

_VAULT = vault_id("5a1e0000-1111-4222-8333-944455566677", "lab-recovery", "harbor")
_CONTAINER = container_id(fabric_id(_VAULT, "quay"), "cloud")
_ITEM = protected_item_id(_CONTAINER, "ledger")

Listing = Callable[[AzureSiteRecoveryGateway], Awaitable[tuple[Any, ...]]]

LISTS: dict[Kind, Listing] = {
    Kind.FABRIC: lambda gateway: gateway.list_fabrics(_VAULT),
    Kind.PROVIDER: lambda gateway: gateway.list_providers(_VAULT),
    Kind.CONTAINER: lambda gateway: gateway.list_containers(_VAULT),
    Kind.POLICY: lambda gateway: gateway.list_policies(_VAULT),
    Kind.MAPPING: lambda gateway: gateway.list_mappings(_VAULT),
    Kind.PROTECTABLE_ITEM: lambda gateway: gateway.list_protectable_items(_CONTAINER),
    Kind.PROTECTED_ITEM: lambda gateway: gateway.list_protected_items(_VAULT),
    Kind.RECOVERY_POINT: lambda gateway: gateway.list_recovery_points(_ITEM),
    Kind.RECOVERY_PLAN: lambda gateway: gateway.list_recovery_plans(_VAULT),
    Kind.JOB: lambda gateway: gateway.list_jobs(_VAULT),
    Kind.EVENT: lambda gateway: gateway.list_events(_VAULT),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LISTS)
async def test_every_sample_arrives(kind: Kind) -> None:
    values = await _read_as_one_list(LISTS[kind], (record.raw for record in sampled(kind)))

    assert _ids(values) == _wanted_ids(sampled(kind))


@needs_recordings
@pytest.mark.slow
@pytest.mark.parametrize("kind", LISTS)
async def test_every_recorded_one_arrives(kind: Kind) -> None:
    values = await _read_as_one_list(LISTS[kind], (record.raw for record in recorded(kind)))

    assert _ids(values) == _wanted_ids(recorded(kind))


async def test_unreadable_record_costs_itself_alone() -> None:
    good = [record.raw for record in sampled(Kind.PROTECTED_ITEM)]
    bad = {"id": good[0]["id"], "name": "wrecked", "properties": "nothing of use"}
    told: list[BadRecord] = []

    values = await _read_as_one_list(
        lambda gateway: gateway.list_protected_items(_VAULT, on_bad=told.append), [good[0], bad, *good[1:]]
    )

    assert len(values) == len(good)
    assert [(record.kind, record.name) for record in told] == [("replicated item", "wrecked")]


async def _read_as_one_list(listing: Listing, records: Iterable[Any]) -> tuple[Any, ...]:
    body = json.dumps({"value": list(records), "nextLink": None}).encode()

    def answer(request: Request) -> Response:
        return Response(200, {"Content-Type": "application/json; charset=utf-8"}, body)

    async with open_door("in process", "empty") as door:
        door.wire.before = answer
        gateway = door.gateways.site_recovery
        assert isinstance(gateway, AzureSiteRecoveryGateway)
        return await listing(gateway)


def _ids(values: Iterable[Any]) -> list[ArmId]:
    return sorted((value.id for value in values), key=lambda arm_id: arm_id.key)


def _wanted_ids(records: Iterable[Record]) -> list[ArmId]:
    return sorted((ArmId(record.raw["id"]) for record in records), key=lambda arm_id: arm_id.key)
