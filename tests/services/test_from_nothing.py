"""From a subscription and nothing else to replicating machines: every kind of action, read back."""

from __future__ import annotations

from dataclasses import replace

from app.domain.arm_id import vault_id
from app.flows.action import ActionKind
from app.flows.draft import (
    CapacityChoice,
    GoalChoice,
    Hypervisor,
    MachineChoice,
    NetworkChoice,
    PlannerAnswer,
    PolicyChoice,
    SetUpDraft,
    SiteChoice,
    SourcePlace,
    StorageChoice,
    TargetChoice,
    TargetPlace,
    VaultChoice,
)
from app.flows.planning import actions_for
from app.rules import load_rules
from app.services.runs import RunSnapshot
from tests.support.practice import Practice, open_practice


def new_draft(subscription: str) -> SetUpDraft:
    """A set-up that makes everything itself."""
    return SetUpDraft(
        vault=VaultChoice(subscription, "rg-dr", "asr-new", "westeurope", create=True, create_resource_group=True),
        goal=GoalChoice(SourcePlace.ON_PREMISES, TargetPlace.AZURE, Hypervisor.HYPER_V, False),
        site=SiteChoice("HQ", create=True),
        target=TargetChoice(
            subscription=subscription,
            resource_group="rg-dr",
            storage=StorageChoice(name="stnewsite01", redundancy="GRS", create=True),
            network=NetworkChoice(
                name="vnet-dr", subnet="servers", address_space="10.9.0.0/16", subnet_prefix="10.9.1.0/24", create=True
            ),
        ),
        policy=PolicyChoice(name="every-5-min"),
        capacity=CapacityChoice(planner=PlannerAnswer.LATER),
    )


async def carry_out(practice: Practice, draft: SetUpDraft) -> RunSnapshot:
    estate = await practice.use.inventory.estate(
        vault_id(draft.vault.subscription, draft.vault.resource_group, draft.vault.name),
        draft.vault.subscription,
        target_group=draft.target.resource_group,
    )
    runner = practice.use.runner
    ended = await runner.carry_out(await runner.plan("Set up", actions_for(draft, estate, load_rules()), key="draft"))
    assert ended.is_done, ended.troubled
    return ended


async def test_a_subscription_and_nothing_else_becomes_a_replicating_site() -> None:
    async with open_practice("empty") as practice:
        draft = new_draft(practice.simulator.subscription_id)
        ground = await carry_out(practice, draft)
        assert {action.action.kind for action in ground.actions} == {
            ActionKind.CREATE_RESOURCE_GROUP,
            ActionKind.CREATE_VAULT,
            ActionKind.CREATE_STORAGE_ACCOUNT,
            ActionKind.CREATE_VIRTUAL_NETWORK,
            ActionKind.CREATE_SITE,
            ActionKind.CREATE_POLICY,
        }
        assert {action.text for action in ground.actions} == {"Confirmed by Azure"}

        vault = vault_id(draft.vault.subscription, "rg-dr", "asr-new")
        control = practice.use.practice
        assert control is not None
        for _ in (await control.state()).waiting_hosts:
            await control.register_host(vault.child("replicationFabrics", "HQ"))
        await practice.wait(600)
        (container,) = await practice.use.inventory.containers(vault)
        machines = [
            item
            for item in await practice.use.inventory.protectable_items(container)
            if item.friendly_name in ("DC01", "WEB-01")
        ]
        draft = replace(
            draft,
            machines=tuple(
                MachineChoice(
                    machine_id=item.name,
                    name=item.friendly_name,
                    azure_name=item.friendly_name,
                    os_type="Windows",
                    os_disk_id=item.disks[0].vhd_id,
                    disk_ids=tuple(disk.vhd_id for disk in item.disks),
                )
                for item in machines
            ),
        )
        machines_run = await carry_out(practice, draft)
        assert [action.action.kind for action in machines_run.actions] == [
            ActionKind.ASSOCIATE_POLICY,
            ActionKind.ENABLE_PROTECTION,
            ActionKind.ENABLE_PROTECTION,
        ]
        items = await practice.gateways.site_recovery.list_protected_items(vault)
        assert {item.friendly_name for item in items} == {"DC01", "WEB-01"}
        assert [write.status for write in practice.wire.writes if write.status >= 300] == []
