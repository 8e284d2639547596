"""Account and network made from their sheets; the name is taken before the run, is corrected, and the run goes on."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from app.flows.action import Action, ActionKind
from app.runtime.journal import ActionState
from tests.support.drive_window import DrivenWindow, open_window
from tests.support.killed import ITEMS, MACHINES, leave_at_review
from tests.support.sent_and_kept import differences
from tests.support.served import Served, serve

pytestmark = pytest.mark.slow

FIRST, SECOND = "stcontosonew01", "stcontosonew02"
NETWORK = "vnet-contoso-new"
MADE = (ActionKind.CREATE_STORAGE_ACCOUNT, ActionKind.CREATE_VIRTUAL_NETWORK)


async def ask(served: Served, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """By a client that is none of ours."""

    def send() -> Any:
        request = Request(
            f"{served.arm}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {served.line['token']}", "Content-Type": "application/json"},
        )
        with urlopen(request) as response:
            return json.load(response)

    return await asyncio.to_thread(send)


async def tag(window: DrivenWindow, name: str, value: str) -> None:
    await window.click("tag-add")
    await window.type_into("tag-name-0", name)
    await window.type_into("tag-value-0", value)


async def new_account(window: DrivenWindow, name: str) -> None:
    await window.click("target-new-storage")
    await window.appears("storage-sheet")
    await window.type_into("target-storage-name", name)
    await window.click("target-redundancy-lrs")
    await tag(window, "cost-centre", "4711")
    await window.click("target-add-storage")
    await window.until(lambda: not window.shows("storage-sheet"), "the account to be taken over")


async def new_network(window: DrivenWindow) -> None:
    await window.click("target-new-network")
    await window.appears("network-sheet")
    await window.type_into("target-network-name", NETWORK)
    await window.type_into("target-network-range", "10.61.0.0/16")
    await window.type_into("target-subnet-name", "snet-core")
    await window.type_into("target-subnet-range", "10.61.0.0/24")
    await window.click("target-subnet-add")
    await window.type_into("target-subnet-name-1", "snet-web")
    await window.type_into("target-subnet-range-1", "10.61.4.0/23")
    for place, server in enumerate(("10.61.0.10", "10.61.0.11")):
        await window.click("target-dns-add")
        await window.type_into("target-dns-server" + (f"-{place}" if place else ""), server)
    await tag(window, "owner", "Recovery team")
    await window.click("target-add-network")
    await window.until(lambda: not window.shows("network-sheet"), "the network to be taken over")


async def run(window: DrivenWindow) -> tuple[Action, ...]:
    """Go to the review and press Run; returns what is sent, after a look at what is said of it."""
    await window.click("step_review")
    await window.appears("page-review")
    await window.enabled("review-run")
    actions = window.wizard.controller.flow.actions
    shown = {row["Action"]: row["After"] for row in window.rows("review-table")}
    assert shown == {action.label: action.after for action in actions}
    await window.click("review-run")
    await window.appears("page-run")
    return actions


async def test_a_name_taken_meanwhile_is_corrected_and_the_run_goes_on(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        connection = served.connection_file(tmp_path / "connection.json")
        await leave_at_review(connection)
        async with open_window("--connection", str(connection)) as window:
            await window.open_set_up()
            await window.appears("page-review")
            await window.click("step_target")
            await window.appears("page-target")
            await new_account(window, FIRST)
            await new_network(window)
            await ask(served, "PUT", "/simulator/faults/name-taken", {"count": 1})
            first = await run(window)
            await window.appears("run-retry")
            rows = {row["Action"]: row for row in window.rows("run-table")}
            assert len(rows) == len(first)
            said = window.texts("page-run")
            assert "the name is taken" in said
            assert "Choose another name; storage account names are shared by all of Azure." in said
            assert served.accepted("PUT", ITEMS) == []

            await window.click("run-change-answer")
            await window.appears("page-target")
            assert FIRST in window.draft.target.storage.name
            await new_account(window, SECOND)
            second = await run(window)
            assert SECOND in [action.subject for action in second]
            assert NETWORK not in [action.subject for action in second]
            await window.appears("run-open-overview")
            run_now = window.wizard.controller.run
            assert run_now is not None
            assert {action.state for action in run_now.actions} <= {ActionState.CONFIRMED, ActionState.SKIPPED}

        for kind in ("storageAccounts/", "virtualNetworks/", "replicationPolicies/"):
            assert len(served.accepted("PUT", kind)) == 1, kind
        assert len({each.path for each in served.accepted("PUT", ITEMS)}) == len(MACHINES)
        assert len(served.accepted("PUT", ITEMS)) == len(MACHINES)
        made = {action.kind: action for action in (*first, *second) if action.kind in MADE}
        account, network = [await kept_as_sent(served, made[kind]) for kind in MADE]
        assert shown_of_account(account) == made[MADE[0]].after
        assert (account["kind"], account["sku"]["name"], account["tags"]) == (
            "StorageV2",
            "Standard_LRS",
            {"cost-centre": "4711"},
        )
        assert shown_of_network(network) == made[MADE[1]].after
        assert network["tags"] == {"owner": "Recovery team"}
        assert network["properties"]["dhcpOptions"]["dnsServers"] == ["10.61.0.10", "10.61.0.11"]
        assert [(each["name"], each["properties"]["addressPrefix"]) for each in network["properties"]["subnets"]] == [
            ("snet-core", "10.61.0.0/24"),
            ("snet-web", "10.61.4.0/23"),
        ]


def shown_of_account(kept: Any) -> str:
    """What the list of actions has to say of an account like this."""
    names = {"StorageV2": "General-purpose v2", "westeurope": "West Europe"}
    copies = kept["sku"]["name"].removeprefix("Standard_")
    return ", ".join((kept["name"], copies, names[kept["kind"]], names[kept["location"]], tags_of(kept)))


def shown_of_network(kept: Any) -> str:
    """The same of a network."""
    properties = kept["properties"]
    subnets = [f"{each['name']} {each['properties']['addressPrefix']}" for each in properties["subnets"]]
    servers = " and ".join(properties["dhcpOptions"]["dnsServers"])
    return ", ".join((*properties["addressSpace"]["addressPrefixes"], *subnets, f"DNS {servers}", tags_of(kept)))


def tags_of(kept: Any) -> str:
    ((name, value),) = kept["tags"].items()
    return f"tag {name} = {value}"


async def kept_as_sent(served: Served, action: Action) -> Any:
    kept = await ask(served, "GET", f"{action.target.text}?api-version=2024-05-01")
    assert action.body is not None
    assert differences(action.body, kept) == []
    return kept
