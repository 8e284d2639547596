"""Failover operations on the practice vault: drill, clean-up, failover and commit, read back at the end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from app.domain.arm_id import ArmId, same, subscription_id
from app.domain.issue import Suitability
from app.domain.protected_item import Operation
from app.errors import Conflict, NotFound, PermissionDenied, ServiceFault
from app.flows.failover import OPERATIONS, FailoverKind
from app.flows.failover_facts import Topic
from app.flows.planning import actions_for
from app.rules import load_rules
from app.services.runs import RunSnapshot
from app.simulator.messages import Request
from tests.support.practice import Practice, contoso_draft, open_practice, refusal
from tests.support.roles import READER, Administrator


async def machines(practice: Practice, count: int = 1) -> list[ArmId]:
    items = await practice.gateways.site_recovery.list_protected_items(practice.vault)
    return [item.id for item in items if item.allows(Operation.TEST_FAILOVER)][:count]


async def do(practice: Practice, kind: FailoverKind, items: Sequence[ArmId], **choices: Any) -> RunSnapshot:
    """Open the sheet, choose, press the button, and wait for the end."""
    sheet = await practice.use.failover.prepare(kind, items)
    run_id = await practice.use.failover.plan(sheet, replace(sheet.suggested, **choices))
    ended = await practice.use.runner.carry_out(run_id)
    assert ended.is_done, ended.troubled
    return ended


async def test_a_drill_shows_the_machines_it_made_and_cleans_them_up() -> None:
    async with open_practice("fleet", count=4) as practice:
        tested = await machines(practice, 2)
        network = (await practice.estate()).networks[0].id.text
        await do(practice, FailoverKind.TEST, tested, network_id=network)

        made = await practice.use.failover.machines_made(FailoverKind.TEST, tested)
        assert [each.expected.name for each in made] == [f"{each.item.target_name}-test" for each in made]
        for each in made:
            assert each.machine is not None
            assert each.machine.power_state == "running"
            assert each.machine.size
            assert each.machine.nics[0].subnet == "servers"
            assert each.machine.nics[0].private_address

        await do(practice, FailoverKind.CLEAN_UP, tested, notes="Started, nobody could sign in")
        made = await practice.use.failover.machines_made(FailoverKind.TEST, tested)
        assert [each.machine for each in made] == [None, None]
        assert len(practice.wire.accepted(ending="/testFailover")) == 2
        assert len(practice.wire.accepted(ending="/testFailoverCleanup")) == 2


@pytest.mark.parametrize("kind", [FailoverKind.PLANNED, FailoverKind.UNPLANNED])
async def test_a_failed_over_machine_runs_in_azure_and_is_committed(kind: FailoverKind) -> None:
    async with open_practice("fleet", count=3) as practice:
        item = await machines(practice)
        await do(practice, kind, item)
        (made,) = await practice.use.failover.machines_made(kind, item)
        assert made.item.runs_in_azure
        assert made.item.allows(Operation.COMMIT)
        assert made.machine is not None
        assert made.machine.name == made.item.target_name
        assert made.machine.power_state == "running"

        sheet = await practice.use.failover.prepare(FailoverKind.COMMIT, item)
        (told,) = [check for check in sheet.checks(sheet.suggested) if check.topic is Topic.MACHINE]
        assert told.status is Suitability.OK
        assert told.detail == f"{made.machine.size}, {made.machine.nics[0].private_address}"
        await do(practice, FailoverKind.COMMIT, item)
        committed = await practice.gateways.site_recovery.get_protected_item(item[0])
        assert not committed.allows(Operation.COMMIT)


async def test_the_chosen_point_is_the_one_that_is_used() -> None:
    async with open_practice("fleet", count=3) as practice:
        item = await machines(practice)
        sheet = await practice.use.failover.prepare(FailoverKind.UNPLANNED, item)
        point = sheet.points[3]
        assert point.time < sheet.points[0].time
        await do(
            practice,
            FailoverKind.UNPLANNED,
            item,
            point="Custom",
            point_id=point.id.text,
            shut_down=False,
        )
        used = await practice.gateways.site_recovery.get_protected_item(item[0])
        assert point.name in used.failover_recovery_point_id


async def test_the_sheets_button_pressed_twice_starts_one_drill() -> None:
    async with open_practice("fleet", count=3) as practice:
        failover, runner = practice.use.failover, practice.use.runner
        sheet = await failover.prepare(FailoverKind.TEST, await machines(practice))
        first = await failover.plan(sheet, sheet.suggested)
        second = await failover.plan(sheet, sheet.suggested)
        assert first == second
        assert (await runner.carry_out(first)).is_done
        assert len(practice.wire.accepted(ending="/testFailover")) == 1


async def test_a_drill_that_waits_blocks_the_next_one_with_its_remedy() -> None:
    async with open_practice("fleet", count=3) as practice:
        item = await machines(practice)
        await do(practice, FailoverKind.TEST, item)
        sheet = await practice.use.failover.prepare(FailoverKind.TEST, item)
        with pytest.raises(Conflict, match="Clean up first"):
            await practice.use.failover.plan(sheet, sheet.suggested)


async def test_what_azure_no_longer_offers_is_not_sent() -> None:
    async with open_practice("fleet", count=3) as practice:
        item = await machines(practice)
        sheet = await practice.use.failover.prepare(FailoverKind.PLANNED, item)
        run_id = await practice.use.failover.plan(sheet, sheet.suggested)
        await do(practice, FailoverKind.TEST, item)  # somebody else was quicker
        stopped = await practice.use.runner.carry_out(run_id)
        problem = stopped.actions[0].problem
        assert problem is not None
        assert problem.title == "Planned failover has to wait."
        assert "Clean up first." in problem.advice
        assert practice.wire.accepted(ending="/plannedFailover") == []


async def test_a_failover_that_has_happened_meanwhile_is_not_repeated() -> None:
    async with open_practice("fleet", count=3) as practice:
        item = await machines(practice)
        sheet = await practice.use.failover.prepare(FailoverKind.PLANNED, item)
        run_id = await practice.use.failover.plan(sheet, sheet.suggested)
        await do(practice, FailoverKind.UNPLANNED, item)
        ended = await practice.use.runner.carry_out(run_id)
        assert ended.is_done
        assert practice.wire.accepted(ending="/plannedFailover") == []


async def test_a_machine_that_is_gone_is_told() -> None:
    async with open_practice("fleet", count=3) as practice:
        item = (await machines(practice))[0]
        with pytest.raises(NotFound):
            await practice.use.failover.prepare(FailoverKind.TEST, [ArmId(f"{item.text}-gone")])


async def test_a_network_apart_from_real_failovers_is_suggested_for_a_drill() -> None:
    async with open_practice() as practice:
        estate = await practice.estate()
        runner = practice.use.runner
        actions = actions_for(contoso_draft(estate, "DC01"), estate, load_rules())
        assert (await runner.carry_out(await runner.plan("Set up", actions))).is_done
        await practice.wait(48 * 3600)
        sheet = await practice.use.failover.prepare(FailoverKind.TEST, await machines(practice))
        live = sheet.items[0].target_network_id
        assert {network.location for network in sheet.networks} == {"westeurope"}
        assert len(sheet.networks) > 1
        assert not same(sheet.suggested.network_id, live)
        assert same(sheet.networks[-1].id.text, live)


async def test_no_network_is_suggested_where_all_are_for_real_failovers() -> None:
    async with open_practice("fleet", count=3) as practice:
        sheet = await practice.use.failover.prepare(FailoverKind.TEST, await machines(practice))
        assert sheet.networks
        assert sheet.suggested.network_id == ""


async def test_an_emergency_does_not_wait_for_what_azure_does_not_tell() -> None:
    async with open_practice("fleet", count=3) as practice:
        item = await machines(practice)
        practice.wire.before = lambda request: (
            refusal(500, "InternalServerError")
            if "/recoveryPoints" in request.url or "/replicationRecoveryServicesProviders" in request.url
            else None
        )
        with pytest.raises(ServiceFault):
            await practice.use.failover.prepare(FailoverKind.TEST, item)
        sheet = await practice.use.failover.prepare(FailoverKind.UNPLANNED, item)
        told = [check.text for check in sheet.checks(sheet.suggested) if check.topic is Topic.UNREAD]
        assert told == ["Azure does not tell the recovery points now.", "Azure does not tell the hosts now."]
        await do(practice, FailoverKind.UNPLANNED, item)


@pytest.mark.parametrize("kind", [FailoverKind.PLANNED, FailoverKind.UNPLANNED])
async def test_a_real_failover_needs_no_right_to_read_networks(kind: FailoverKind) -> None:
    async with open_practice("fleet", count=3) as practice:
        item = await machines(practice)
        practice.wire.before = lambda request: (
            refusal(403, "AuthorizationFailed") if "/virtualNetworks" in request.url else None
        )
        with pytest.raises(PermissionDenied):
            await practice.use.failover.prepare(FailoverKind.TEST, item)
        sheet = await practice.use.failover.prepare(kind, item)
        told = [check.text for check in sheet.checks(sheet.suggested) if check.topic is Topic.UNREAD]
        assert told == ["Azure does not tell the subnets now."]
        await do(practice, kind, item)


async def test_every_operation_asks_for_as_much_as_it_can_do_harm() -> None:
    assert [operation.kind for operation in OPERATIONS if operation.asks_for_name] == [
        FailoverKind.PLANNED,
        FailoverKind.UNPLANNED,
        FailoverKind.COMMIT,
    ]
    async with open_practice("fleet", count=4) as practice:
        items = await machines(practice, 3)
        one = await practice.use.failover.prepare(FailoverKind.PLANNED, items[:1])
        three = await practice.use.failover.prepare(FailoverKind.PLANNED, items)
        drill = await practice.use.failover.prepare(FailoverKind.TEST, items)
        assert (one.confirmation, three.confirmation, drill.confirmation) == (one.items[0].friendly_name, "3", "")


async def test_a_reader_is_told_before_azure_refuses_and_an_emergency_is_not_held_up() -> None:
    async with open_practice("fleet", count=3) as practice:
        item = await machines(practice)
        Administrator(practice.simulator).become((READER, subscription_id(practice.vault.subscription)))
        drill = await practice.use.failover.prepare(FailoverKind.TEST, item)
        (told,) = [check for check in drill.checks(drill.suggested) if check.topic is Topic.RIGHTS]
        assert told.status is Suitability.BLOCKED
        assert told.text.startswith("Your account lacks rights in ")
        assert "testFailover" in told.detail
        with pytest.raises(Conflict, match="Your account lacks rights"):
            await practice.use.failover.plan(drill, drill.suggested)
        emergency = await practice.use.failover.prepare(FailoverKind.UNPLANNED, item)
        (told,) = [check for check in emergency.checks(emergency.suggested) if check.topic is Topic.RIGHTS]
        assert told.status is Suitability.WARNING


async def test_a_lock_on_the_group_is_told_with_who_can_take_it_away() -> None:
    async with open_practice("fleet", count=3) as practice:
        item = await machines(practice)
        (read,) = [await practice.gateways.site_recovery.get_protected_item(item[0])]
        Administrator(practice.simulator).lock(ArmId(read.target_resource_group_id), "ReadOnly", "year-end")
        drill = await practice.use.failover.prepare(FailoverKind.TEST, item)
        (told,) = [check for check in drill.checks(drill.suggested) if check.topic is Topic.RIGHTS]
        assert told.text.startswith("The lock year-end keeps the resource group ")
        assert told.remedy == "Ask an owner to take the lock away for as long as it takes."


async def test_a_sheet_is_judged_by_the_limits_in_force_when_it_is_prepared() -> None:
    async with open_practice("fleet", count=2) as practice:
        tested = await machines(practice)
        assert (await practice.use.failover.prepare(FailoverKind.TEST, tested)).facts.rules is load_rules()
        await practice.limits.choose("seed-2017")
        assert (await practice.use.failover.prepare(FailoverKind.TEST, tested)).facts.rules.profile == "seed-2017"
        assert practice.services.rules.profile == "seed-2017"


async def test_a_planned_failover_into_the_subnet_of_gateways_is_judged_before_and_refused_by_azure() -> None:
    async with open_practice("fleet", count=2) as practice:
        (item,) = await machines(practice)
        there = ask(practice, "GET", item.text)["properties"]["providerSpecificDetails"]
        network = there["selectedRecoveryAzureNetworkId"]
        body = ask(practice, "GET", network)
        body["properties"]["addressSpace"]["addressPrefixes"].append("10.200.0.0/24")
        body["properties"]["subnets"].append(
            {"name": "GatewaySubnet", "properties": {"addressPrefix": "10.200.0.0/27"}}
        )
        ask(practice, "PUT", network, body)
        change = {
            "nicId": there["vmNics"][0]["nicId"],
            "selectionType": "SelectedByUser",
            "ipConfigs": [{"recoverySubnetName": "GatewaySubnet"}],
        }
        ask(practice, "PATCH", item.text, {"properties": {"vmNics": [change]}})
        await practice.wait(60)
        sheet = await practice.use.failover.prepare(FailoverKind.PLANNED, [item])
        told = next(check for check in sheet.checks(sheet.suggested) if check.topic is Topic.SUBNET)
        assert told.status is Suitability.BLOCKED
        assert "GatewaySubnet belongs to" in told.text
        with pytest.raises(Conflict):
            await practice.use.failover.plan(sheet, sheet.suggested)

        emergency = await practice.use.failover.prepare(FailoverKind.UNPLANNED, [item])
        run_id = await practice.use.failover.plan(emergency, emergency.suggested)
        (failed,) = (await practice.use.runner.carry_out(run_id)).troubled
        assert failed.problem is not None
        assert failed.problem.code == "28020"


def ask(practice: Practice, method: str, path: str, body: object = None) -> Any:
    """As an administrator would beside the program."""
    version = "2025-08-01" if "RecoveryServices" in path else "2024-05-01"
    headers = {"Authorization": "Bearer any", "Content-Type": "application/json"}
    content = json.dumps(body).encode() if body is not None else b""
    url = f"{practice.simulator.arm_base}{path}?api-version={version}"
    response = practice.simulator.handle(Request(method, url, headers, content))
    read = response.read()
    assert response.status < 300, read
    return json.loads(read) if read else None
