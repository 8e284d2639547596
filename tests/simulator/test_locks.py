"""Locks and deny assignments: what is listed where, and what they stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulator.client import Client, Json

KEEP = "providers/Microsoft.Authorization/locks/keep"
CAN_NOT_DELETE, READ_ONLY = "CanNotDelete", "ReadOnly"


@pytest.fixture
def client() -> Client:
    return Client()


def lock(client: Client, scope: str, level: str, status: int = 201, **more: str) -> Json:
    made = client.call("PUT", f"{scope}/{KEEP}", {"properties": {"level": level, **more}})
    assert made.status == status
    return made.json


def names(client: Client, scope: str, kind: str, query: str = "") -> list[str]:
    return [each["id"].lower() for each in client.values(f"{scope}/providers/Microsoft.Authorization/{kind}{query}")]


def test_a_lock_is_set_changed_and_taken_away(tmp_path: Path) -> None:
    client = Client(state_file=tmp_path / "state.db")
    made = lock(client, client.group, "cannotdelete", notes="mind")
    assert made["properties"] == {"level": CAN_NOT_DELETE, "notes": "mind"}
    assert Client(state_file=tmp_path / "state.db").get(f"{client.group}/{KEEP}") == made
    assert lock(client, client.group, READ_ONLY, 200)["properties"] == {"level": READ_ONLY}
    assert client.call("DELETE", f"{client.group}/{KEEP}").status == 200
    assert client.call("DELETE", f"{client.group}/{KEEP}").status == 204
    assert client.call("GET", f"{client.group}/{KEEP}").json["error"]["code"] == "LockNotFound"
    assert client.call("PUT", f"{client.group}/{KEEP}", {"properties": {"level": "Some"}}).status == 400


def test_locks_are_listed_from_above_and_below(client: Client) -> None:
    for scope in (client.subscription, client.group, client.vault):
        lock(client, scope, CAN_NOT_DELETE)
    at_scope = "?$filter=atScope()"
    assert len(names(client, client.group, "locks", at_scope)) == 2
    assert len(names(client, client.group, "locks")) == 3
    assert len(names(client, client.vault, "locks", at_scope)) == 3
    assert names(client, client.subscription, "locks", at_scope) == [f"{client.subscription}/{KEEP}".lower()]


@pytest.mark.parametrize(
    ("level", "write", "delete"), [(CAN_NOT_DELETE, False, True), (READ_ONLY, True, True), (None, False, False)]
)
def test_a_lock_stops_what_it_says(client: Client, level: str | None, write: bool, delete: bool) -> None:
    if level is not None:
        lock(client, client.group, level)
    policy = f"{client.vault}/replicationPolicies/none"
    calls = [("PUT", policy, write), ("POST", f"{client.container}/replicationProtectedItems/x/testFailover", write)]
    calls += [("DELETE", policy, delete), ("GET", client.vault, False)]
    for method, path, stopped in calls:
        reply = client.call(method, path, {"properties": {}})
        is_locked = reply.status == 409 and reply.json["error"]["code"] == "ScopeLocked"
        assert is_locked == stopped, (method, path)


def test_what_holds_a_locked_thing_cannot_be_deleted(client: Client) -> None:
    lock(client, client.vault, CAN_NOT_DELETE)
    reply = client.call("DELETE", client.group)
    assert (reply.status, reply.json["error"]["code"]) == (409, "ScopeLocked")
    assert client.vault.lower() in reply.json["error"]["message"].lower()


def test_a_lock_needs_the_right_to_set_it_and_to_see_it(client: Client) -> None:
    client.simulator.faults.switch_on("missing-permission", operation="locks")
    assert client.call("PUT", f"{client.group}/{KEEP}", {"properties": {"level": READ_ONLY}}).status == 403
    assert client.call("GET", f"{client.group}/providers/Microsoft.Authorization/locks").status == 403


# Deny assignments


def withhold(client: Client, **body: object) -> Json:
    return client.call("PUT", "/simulator/denials/managed", {"scope": client.group, **body}).json


def test_what_is_withheld_is_refused_whatever_the_role(client: Client) -> None:
    made = withhold(client, actions=["Microsoft.RecoveryServices/*"], notActions=["*/read"])
    assert made["properties"]["isSystemProtected"] is True
    policy = f"{client.vault}/replicationPolicies/none"
    reply = client.call("PUT", policy, {"properties": {}})
    assert (reply.status, reply.json["error"]["code"]) == (403, "DenyAssignmentAuthorizationFailed")
    assert client.call("GET", client.vault).status == 200
    assert names(client, client.vault, "denyAssignments", "?$filter=atScope()") == [made["id"].lower()]
    assert names(client, client.subscription, "denyAssignments", "?$filter=atScope()") == []
    assert len(names(client, client.subscription, "denyAssignments")) == 1
    client.call("DELETE", "/simulator/denials/managed")
    assert client.call("PUT", policy, {"properties": {}}).status != 403


def test_whoever_is_excluded_may(client: Client) -> None:
    me = client.get("/simulator")["caller"]["objectId"]
    policy = f"{client.vault}/replicationPolicies/none"
    for given, refused in (
        ({"excludePrincipals": [me]}, False),
        ({"principals": [me]}, True),
        ({"principals": ["x"]}, False),
    ):
        withhold(client, actions=["*"], **given)
        assert (client.call("PUT", policy, {"properties": {}}).status == 403) == refused


def test_what_cannot_be_withheld_is_told(client: Client) -> None:
    assert client.call("PUT", "/simulator/denials/x", {"scope": "/subscriptions/other", "actions": ["*"]}).status == 400
    assert client.call("PUT", "/simulator/denials/x", {"scope": client.group}).status == 400
