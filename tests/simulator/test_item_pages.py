"""Pages of items are written from what is kept of each; they must say what each item says when it is read alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.simulator.estate import open_world
from app.simulator.fleet import Size
from app.simulator.item_pages import pages_of
from app.simulator.item_view import protected_item_body
from app.simulator.messages import Request
from app.simulator.world import World
from tests.simulator.client import HYPER_V, Client, Json

MACHINES = ("DC01", "LNX-PROXY", "FS01")
FAILBACK = {"providerSpecificDetails": {"instanceType": "HyperVReplicaAzureFailback"}}


def path_of(client: Client) -> str:
    return f"{client.vault}/replicationProtectedItems"


def read_alone(client: Client) -> list[Json]:
    """Each item by itself: it is written anew for each reading."""
    return [client.get(item["id"]) for item in client.values(path_of(client))]


class Estate(RuleBasedStateMachine):
    """Any walk through what can be done to machines and policies, with time passing in between."""

    @initialize()
    def protect(self) -> None:
        self.client = Client()
        self.policy = self.client.associate_policy()
        self.items = [self.client.begin_enable(name, self.policy)[0] for name in MACHINES]
        self.client.until_settled(self.items[0])

    @rule(seconds=st.sampled_from([0.3, 2.0, 7.0, 31.0, 60.0, 290.0, 3_600.0]) | st.floats(0, 90_000))
    def pass_time(self, seconds: float) -> None:
        self.client.clock.advance(seconds)

    @rule(
        place=st.integers(0, 2),
        action=st.sampled_from(
            [
                ("testFailover", {"networkType": "VmNetworkAsInput"}),
                ("testFailoverCleanup", {}),
                ("plannedFailover", {}),
                ("unplannedFailover", {}),
                ("failoverCommit", {}),
                ("plannedFailover", FAILBACK),
                ("reProtect", {}),
                ("repairReplication", {}),
                ("remove", {}),
            ]
        ),
    )
    def do(self, place: int, action: tuple[str, Json]) -> None:
        """What is refused changes nothing, and that too must show."""
        name, more = action
        self.client.call("POST", f"{self.items[place]}/{name}", self.client.failover_body(**more))

    @rule(place=st.integers(0, 2))
    def enable_again(self, place: int) -> None:
        machine = self.client.machine(MACHINES[place])
        self.client.call("PUT", self.items[place], self.client.enable_body(machine, self.policy))

    @rule(place=st.integers(0, 2), name=st.sampled_from(["dr-1", 'say "hi"', "umläut"]))
    def rename(self, place: int, name: str) -> None:
        self.client.call("PATCH", self.items[place], {"properties": {"recoveryAzureVMName": name}})

    @rule(interval_s=st.sampled_from([30, 300, 900]))
    def change_policy(self, interval_s: int) -> None:
        details = {"instanceType": HYPER_V, "replicationInterval": interval_s}
        self.client.call("PATCH", self.policy, {"properties": {"replicationProviderSettings": details}})

    @rule()
    def cancel_a_job(self) -> None:
        jobs = self.client.values(f"{self.client.vault}/replicationJobs")
        running = [job["id"] for job in jobs if "Cancel" in job["properties"]["allowedActions"]]
        for job in running[:1]:
            self.client.call("POST", f"{job}/cancel")

    @invariant()
    def pages_say_what_items_say(self) -> None:
        assert self.client.values(path_of(self.client)) == read_alone(self.client)


Estate.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestEstate = pytest.mark.slow(Estate.TestCase)


@pytest.fixture(scope="module")
def fleet() -> Client:
    return Client("fleet", count=120)


@pytest.mark.slow
def test_pages_of_a_fleet_follow_the_time(fleet: Client) -> None:
    for step_s in (0.0, 1.0, 59.0, 61.0, 150.0, 86_400.0):
        fleet.clock.advance(step_s)
        assert fleet.values(path_of(fleet)) == read_alone(fleet)


def test_a_first_copy_speeds_up_when_it_has_the_line_for_itself() -> None:
    client = Client()
    policy = client.associate_policy()
    items = []
    for name in ("SQL-PROD-02", "FS02"):
        item, accepted = client.begin_enable(name, policy)
        client.finish(accepted)
        items.append(item)
    client.begin("POST", f"{items[0]}/remove", {"properties": {}})
    shown = set()
    while client.properties(items[1])["protectionState"] == "InitialReplicationInProgress":
        page = client.values(path_of(client))
        assert page == read_alone(client)
        details = page[-1]["properties"]["providerSpecificDetails"]["initialReplicationDetails"]
        shown.add(details["initialReplicationProgressPercentage"])
        client.clock.advance(60)

    assert len(page) == 1
    assert len(shown) > 5


def test_a_filter_leaves_a_readable_list(fleet: Client) -> None:
    wanted = fleet.values(path_of(fleet))[90]
    machine = wanted["name"]
    assert fleet.values(f"{path_of(fleet)}?$filter=fabricObjectId eq '{machine}'") == [wanted]
    assert fleet.values(f"{path_of(fleet)}?$filter=fabricObjectId eq 'none'") == []


def test_items_that_go_while_a_page_is_read_are_left_out() -> None:
    client = Client("fleet", count=300)
    names = [item["name"] for item in client.values(path_of(client))]
    request = Request("GET", f"{path_of(client)}?api-version=2025-08-01", client.headers)
    chunks = iter(client.simulator.handle(request).body)
    first = next(chunks)
    client.carry_out("POST", f"{client.values(path_of(client))[-1]['id']}/remove", {"properties": {}})

    page = json.loads(b"".join((first, *chunks)))  # type: ignore[arg-type]

    assert [item["name"] for item in page["value"]] == names[:-1]


def test_a_page_that_a_newer_one_overtakes_goes_on_as_of_then() -> None:
    client = Client("fleet", count=300)
    request = Request("GET", f"{path_of(client)}?api-version=2025-08-01", client.headers)
    chunks = iter(client.simulator.handle(request).body)
    first = next(chunks)
    client.clock.advance(3_600)
    newer = client.values(path_of(client))

    page = json.loads(b"".join((first, *chunks)))  # type: ignore[arg-type]

    assert page["value"][-1] == newer[-1]


# What is kept


@pytest.fixture(scope="module")
def world() -> World:
    return open_world("fleet", size=Size(400), seed=0, clock=Client().clock, rows=[])


def listed(world: World, now: float) -> list[Any]:
    body = b"".join(pages_of(world).page(world.items.keys(), now, None))
    return list(json.loads(body)["value"])


def test_an_item_is_written_once_while_nothing_of_it_moves(world: World) -> None:
    listed(world, world.now)
    kept = dict(world.items.renditions)
    listed(world, world.now + 600)

    assert all(world.items.renditions[key] is item for key, item in kept.items())
    item = world.items[world.items.keys()[7]]
    item.target.size = "Standard_E4s_v5"
    world.put_item(item)
    listed(world, world.now + 600)
    renewed = [key for key, item in kept.items() if world.items.renditions[key] is not item]
    assert renewed == [item.id.lower()]


def test_what_items_have_in_common_is_kept_once(world: World) -> None:
    now = world.now + 1_200
    bodies = listed(world, now)
    pieces = [piece for item in world.items.renditions.values() for piece in item.head + item.tail]
    size = sum(len(piece) for piece in {id(piece): piece for piece in pieces}.values())

    assert bodies == [protected_item_body(world, item, now) for item in world.items.records()]
    assert size < 1_200 * len(bodies) < sum(map(len, pieces)) / 4
