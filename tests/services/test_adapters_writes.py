"""What is taken from the answer to a write, and where a link may lead."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.adapters.azure.reader import is_same_service, path_of
from app.adapters.azure.site_recovery_gateway import API_VERSION
from app.adapters.azure.writes import accepted
from app.domain.arm_id import ArmId, fabric_id, storage_account_id, vault_id
from tests.support.doors import open_door

VAULT = vault_id("s", "g", "v")
SITE = fabric_id(VAULT, "HQ")
ACCOUNT = storage_account_id("s", "g", "a")
JOB = f"{VAULT}/replicationJobs/11aa"
HOST = "https://management.azure.com"
URL = f"{HOST}{ACCOUNT}?api-version=1"


def answer(status: int, target: ArmId, body: Any = None, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return accepted(status, named, json.dumps(body).encode() if body is not None else b"", URL, target, "r-1")


def test_site_recovery_names_its_job_in_the_request_id() -> None:
    taken = answer(
        202,
        SITE,
        Azure_AsyncOperation=f"{HOST}{VAULT}/replicationOperationStatus/11aa?api-version=1",
        Location=f"{HOST}{SITE}/operationresults/11aa?api-version=1",
        x_ms_request_id=JOB,
    )

    assert taken.job_id == JOB
    assert taken.status_url.endswith("11aa?api-version=1")
    assert "operationresults" in taken.result_url
    assert not taken.is_done


def test_without_that_header_the_status_url_names_the_job() -> None:
    taken = answer(202, SITE, Azure_AsyncOperation=f"{HOST}{VAULT}/replicationOperationStatus/11aa?api-version=1")

    assert taken.job_id == JOB


def test_a_neighbours_operation_is_no_job() -> None:
    taken = answer(202, ACCOUNT, Location=f"{HOST}/providers/operations/22bb", x_ms_request_id="22bb")

    assert taken.job_id == ""
    assert taken.result_url.endswith("22bb")
    assert not taken.is_done


@pytest.mark.parametrize("body", [None, {}, {"properties": {"provisioningState": "Succeeded"}}, {"properties": None}])
def test_an_answer_that_is_final_needs_no_following(body: Any) -> None:
    taken = answer(200, ACCOUNT, body)

    assert taken.is_done
    assert taken.status_url == ""


def test_a_resource_in_the_making_is_looked_at_itself() -> None:
    taken = answer(201, ACCOUNT, {"properties": {"provisioningState": "Creating"}})

    assert not taken.is_done
    assert taken.status_url == URL


def test_a_created_resource_with_an_operation_is_followed_there() -> None:
    taken = answer(201, VAULT, {"properties": {"provisioningState": "Provisioning"}}, Azure_AsyncOperation=f"{HOST}/op")

    assert taken.status_url == f"{HOST}/op"
    assert not taken.is_done


@pytest.mark.parametrize(
    ("link", "same"),
    [
        (f"{HOST}/more", True),
        ("https://management.azure.com:443/more", True),
        ("https://centraluseuap.management.azure.com/more", True),
        ("/relative", True),
        ("http://management.azure.com/more", False),
        ("https://management.azure.com.evil.example/more", False),
        ("https://evilmanagement.azure.com/more", False),
        ("https://management.azure.com:8443/more", False),
    ],
)
def test_the_token_follows_a_link_only_to_the_host_it_was_made_for(link: str, same: bool) -> None:
    assert is_same_service(HOST, link) is same


def test_names_travel_encoded() -> None:
    event = VAULT.child("replicationEvents", "VmMonitoringEvent;1_a b")

    assert path_of(event, "1", **{"$filter": "StartTime eq 'x'"}) == (
        f"{VAULT}/replicationEvents/VmMonitoringEvent%3B1_a%20b?api-version=1&$filter=StartTime%20eq%20%27x%27"
    )


async def test_reads_and_writes_speak_the_same_version() -> None:
    """Reads name the api-version themselves; writes leave it to the SDK."""
    async with open_door("in process") as door:
        urls: list[str] = []
        door.wire.before = lambda request: urls.append(request.url)

        await door.gateways.site_recovery.list_fabrics(door.vault)
        await door.gateways.site_recovery.begin_put(fabric_id(door.vault, "x"), {}, client_request_id="r-1")

    assert all(f"api-version={API_VERSION}" in url for url in urls)
    assert len(urls) == 2
