"""Faults that random walks (`tests/walk`) have found, each in the few steps that it takes."""

from __future__ import annotations

from pathlib import Path

from tests.simulator.client import Client, Json, Reply

GROUP = {"groupType": "Boot"}


def plan_of(client: Client, *items: str) -> Json:
    members = [{"id": item} for item in items]
    return {
        "properties": {
            "primaryFabricId": client.site,
            "recoveryFabricId": "Microsoft Azure",
            "failoverDeploymentModel": "ResourceManager",
            "groups": [GROUP | {"replicationProtectedItems": members}],
        }
    }


def machines(client: Client) -> list[str]:
    return [vm["name"] for vm in client.values(f"{client.group}/providers/Microsoft.Compute/virtualMachines")]


def members(client: Client, plan: str) -> list[str]:
    groups = client.properties(plan)["groups"]
    return [entry["id"].lower() for group in groups for entry in group["replicationProtectedItems"]]


def act_on(client: Client, accepted: Reply, action: str) -> Reply:
    return client.begin("POST", f"{accepted.headers['x-ms-request-id']}/{action}")


def test_a_third_machine_of_the_same_name_does_not_take_the_place_of_the_second() -> None:
    client = Client()
    policy = client.associate_policy()
    for _ in range(3):
        item = client.protect("LNX-PROXY", policy)
        client.carry_out("POST", f"{item}/unplannedFailover", client.failover_body())
        client.carry_out("POST", f"{item}/remove", {"properties": {"disableProtectionReason": "MigrationComplete"}})
    found = machines(client)
    assert len(found) == len(set(found)) == 3
    assert all(name.startswith("LNX-PROXY") for name in found)


