"""The door: who is let in, what is said to the unknown, what is written down."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest

from app.simulator.clock import SimulatorClock
from app.simulator.messages import Headers, Request
from tests.simulator.client import Client


def test_an_unknown_path_is_a_loud_501_that_names_it() -> None:
    reply = Client().call("PATCH", "/subscriptions/x/providers/Microsoft.Sql/servers")
    assert reply.status == 501
    assert "PATCH /subscriptions/x/providers/Microsoft.Sql/servers" in reply.json["error"]["message"]


def test_a_known_path_with_an_unknown_method_is_a_501_too() -> None:
    client = Client()
    assert client.call("POST", client.vault).status == 501


def test_without_a_token_nobody_is_let_in() -> None:
    client = Client()
    client.headers = {}
    reply = client.call("GET", "/subscriptions")
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_set_token_is_asked_for() -> None:
    client = Client(token="secret")
    assert client.call("GET", "/subscriptions").status == 401
    assert client.call("GET", "/subscriptions", Authorization="Bearer secret").status == 200


def test_an_api_version_is_needed() -> None:
    client = Client()
    reply = client.send("GET", "/subscriptions")
    assert (reply.status, reply.json["error"]["code"]) == (400, "MissingApiVersionParameter")


@pytest.mark.parametrize(("version", "status"), [("2018-01-10", 400), ("2022-08-01", 200), ("2025-08-01", 200)])
def test_old_versions_of_site_recovery_are_refused(version: str, status: int) -> None:
    client = Client()
    assert client.send("GET", f"{client.vault}/replicationFabrics?api-version={version}").status == status


def test_every_answer_carries_the_usual_headers() -> None:
    client = Client()
    client.clock.advance(3600)
    headers = client.call("GET", "/subscriptions", x_ms_client_request_id="mine").headers
    assert headers["Date"] == "Mon, 02 Mar 2026 08:30:00 GMT"
    assert headers["x-ms-client-request-id"] == "mine"
    assert headers["Cache-Control"] == "no-cache"
    assert {"x-ms-request-id", "x-ms-correlation-request-id", "x-ms-routing-request-id"} <= headers.keys()
    first = int(headers["x-ms-ratelimit-remaining-subscription-reads"])
    second = client.call("GET", "/subscriptions").headers["x-ms-ratelimit-remaining-subscription-reads"]
    assert int(second) == first - 1


@pytest.mark.parametrize("body", [b"{", b"[]", b"7"])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    client = Client()
    path = f"{client.vault}/replicationPolicies/p?api-version=2025-08-01"
    assert client.send("PUT", path, body).json["error"]["code"] == "InvalidRequestContent"


def test_the_keys_of_a_body_have_no_case() -> None:
    client = Client()
    given = {"InstanceType": "HyperVReplicaAzure", "replicationinterval": 30, "RecoveryPointHistoryDuration": 2}
    client.carry_out("PUT", f"{client.vault}/replicationPolicies/p", {"Properties": {"ProviderSpecificInput": given}})
    details = client.get(f"{client.vault}/replicationPolicies/p")["properties"]["providerSpecificDetails"]
    assert (details["replicationInterval"], details["recoveryPointHistoryDurationInHours"]) == (30, 2)


def test_missing_things_are_told_apart() -> None:
    client = Client()
    codes = [
        client.call("GET", path).json["error"]["code"]
        for path in (
            "/subscriptions/00000000-0000-4000-a000-000000000000",
            f"{client.subscription}/resourceGroups/none",
            f"{client.vault}x",
            f"{client.vault}/replicationPolicies/none",
        )
    ]
    assert codes == ["SubscriptionNotFound", "ResourceGroupNotFound", "ResourceNotFound", "NotFound"]
    details = client.call("GET", f"{client.vault}/replicationPolicies/none").json["error"]["details"][0]
    assert details["code"] == "ArmResourceDoesNotExist"


def test_the_log_has_one_line_per_request() -> None:
    log = io.StringIO()
    client = Client(log=log)
    client.call("GET", "/subscriptions", x_ms_client_request_id="mine")
    client.call("GET", "/nowhere")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["method"], line["path"], line["status"], line["clientRequestId"]) for line in lines] == [
        ("GET", "/subscriptions", 200, "mine"),
        ("GET", "/nowhere", 501, None),
    ]
    assert lines[0]["virtualTime"] == "2026-03-02T07:30:00.0000000Z"


def test_the_same_seed_gives_the_same_estate_and_another_gives_another() -> None:
    def machine(seed: int) -> str:
        return str(Client(seed=seed).machine("DC01")["name"])

    assert machine(1) == machine(1) != machine(2)


def test_scenarios_have_what_they_promise() -> None:
    contoso = Client()
    machines = contoso.values(f"{contoso.container}/replicationProtectableItems")
    assert len(machines) == 24
    details = {m["properties"]["friendlyName"]: m["properties"]["customDetails"] for m in machines}
    assert details["CLU-SQL-A"]["hasSharedVhd"] == "Present"
    assert details["HIST-01"]["osDetails"] is None
    assert details["APP-PAYROLL"]["diskDetails"][0]["maxSizeMB"] > 2048 * 1024
    assert "WEB 05" in details
    empty = Client("empty")
    assert empty.values(f"{empty.subscription}/resources") == []
    assert empty.simulator.vault_name is None


def test_the_clock_is_set_over_the_wire() -> None:
    client = Client()
    assert client.send("PUT", "/simulator/clock", {"speed": 5000}).status == 400
    assert client.send("PUT", "/simulator/clock", {"speed": "fast"}).status == 400
    state = client.send("PUT", "/simulator/clock", {"paused": True}).json
    assert (state["product"], state["paused"]) == ("practice-vault", True)


def test_a_paused_clock_stands_still_and_goes_on() -> None:
    clock = SimulatorClock(datetime(2026, 1, 1, tzinfo=UTC), speed=3600)
    clock.pause()
    stopped = clock.now()
    assert clock.now() == stopped
    clock.advance(5)
    assert (clock.now() - stopped).total_seconds() == 5
    clock.resume()
    assert clock.now() >= stopped


def test_a_jump_in_time_is_worked_off_in_slices() -> None:
    client = Client()
    policy = client.associate_policy()
    for machine in client.values(f"{client.container}/replicationProtectableItems"):
        item = f"{client.container}/replicationProtectedItems/{machine['name']}"
        client.begin("PUT", item, client.enable_body(machine, policy))
    client.clock.advance(40 * 24 * 3600)
    slices = 1
    while not client.simulator.catch_up():
        slices += 1
    assert slices > 1
    states = {
        item["properties"]["protectionState"] for item in client.values(f"{client.vault}/replicationProtectedItems")
    }
    assert states == {"Protected"}


def test_header_names_have_no_case() -> None:
    headers = Headers({"Content-TYPE": "a"})
    assert headers["content-type"] == headers.get("CONTENT-type") == "a"
    assert "Content-Type" in headers
    assert headers.get("missing") == ""


def test_a_relative_url_takes_its_host_from_the_header() -> None:
    client = Client()
    path = f"{client.vault}/replicationVaultHealth/default/refresh?api-version=2025-08-01"
    sent = Headers(client.headers | {"Host": "127.0.0.1:8080"})
    response = client.simulator.handle(Request("POST", path, sent))
    assert response.headers["Location"].startswith("http://127.0.0.1:8080/Subscriptions/")
