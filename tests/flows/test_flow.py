"""The flow: order, statuses, what stops it, and what a changed answer sends back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.estate import Estate
from app.flows.draft import (
    GoalChoice,
    Hypervisor,
    NetworkChoice,
    NewSubnet,
    PolicyChoice,
    SetUpDraft,
    SiteChoice,
    SourcePlace,
    StorageChoice,
    TargetChoice,
    TargetPlace,
    VaultChoice,
)
from app.flows.flow import Flow, StepsDone
from app.flows.set_up import STEPS
from app.flows.step import LINE_LENGTH, MAX_LINES, StepState, StepStatus
from tests.support.estates import (
    VAULT_ID,
    context,
    contoso,
    empty,
    host,
    mapping,
    network,
    policy,
    protectable,
    protected,
    ready_draft,
    storage,
)

RAIL = ["vault", "goal", "source", "target", "settings", "capacity", "enable", "review"]


def flow(draft: SetUpDraft | None = None, estate: Estate | None = None) -> Flow:
    return Flow(ready_draft() if draft is None else draft, context(estate))


def walked(draft: SetUpDraft | None = None, *, to: str = "review") -> Flow:
    there = flow(draft)
    while there.position.id != to:
        assert there.next() == ()
    return there


def test_steps_come_in_the_articles_order_and_number() -> None:
    assert [step.id for step in flow().rail] == RAIL
    assert [(step.id, step.number) for step in STEPS if step.number] == [
        ("goal", 1),
        ("source", 2),
        ("target", 3),
        ("settings", 4),
        ("capacity", 5),
        ("enable", 6),
    ]


def test_depends_on_names_earlier_steps() -> None:
    ids = [step.id for step in STEPS]
    for step in STEPS:
        assert all(ids.index(other) < ids.index(step.id) for other in step.depends_on)


def test_a_ready_draft_walks_to_the_run() -> None:
    there = walked(to="run")
    assert there.progress == StepsDone(6, 6)
    assert there.next() == ()
    assert there.position.id == "run"


def test_next_is_stopped_by_what_is_missing() -> None:
    there = flow(SetUpDraft())
    assert [issue.field for issue in there.next()] == ["vault.subscription"]
    assert there.position.id == "vault"


def test_warnings_stop_nothing() -> None:
    estate = contoso(providers=(host("HV-HQ-01"), host("HV-HQ-02", silent_for=timedelta(minutes=20))))
    there = Flow(replace(ready_draft(), position="source"), context(estate))
    assert [issue.is_blocking for issue in there.issues("source")] == [False]
    assert there.next() == ()


def test_back_goes_one_step_and_stops_at_the_first() -> None:
    there = walked(to="goal")
    assert there.back()
    assert there.position.id == "vault"
    assert not there.back()


def test_jump_leads_to_pages_seen_but_not_beyond() -> None:
    there = walked(to="target")
    assert there.jump("goal")
    assert there.jump("target")
    assert not there.jump("settings")
    assert there.position.id == "target"


def test_while_it_runs_the_rail_stands_on_the_review() -> None:
    there = walked(to="run")
    assert there.status("review") == StepState(StepStatus.NOW, ("5 actions",))


def test_the_run_is_reached_through_the_review_only() -> None:
    there = walked(to="run")
    there.back()
    assert not there.can_jump("run")


def test_reopened_at_the_place_where_it_was_left() -> None:
    left = walked(to="settings").draft
    assert Flow(left, context()).position.id == "settings"


@pytest.mark.parametrize("position", ["", "nowhere"])
def test_an_unknown_place_opens_at_the_first_step(position: str) -> None:
    assert flow(replace(ready_draft(), position=position)).position.id == "vault"


def test_statuses_tell_done_now_needs_work_later() -> None:
    there = walked(to="settings")
    there.edit(replace(there.draft, target=replace(there.draft.target, storage=StorageChoice())))
    assert there.status("vault") == StepState(StepStatus.DONE, ("asr-contoso-weu, West Europe",))
    assert there.status("target") == StepState(StepStatus.NEEDS_WORK, ("No storage account chosen",))
    assert there.status("settings") == StepState(StepStatus.NOW, ("HQ-5min", "every 5 min, keep 12 h"))
    assert there.status("enable") == StepState(StepStatus.LATER)
    assert there.progress == StepsDone(2, 6)


def test_the_open_step_counts_once_the_flow_went_past_it() -> None:
    there = walked(to="target")
    assert there.progress.done == 2
    there.next()
    there.back()
    assert there.progress.done == 3


def test_summaries_tell_each_answer_in_lines_that_fit() -> None:
    there = walked(to="run")
    lines = {step.id: there.status(step.id).lines for step in there.rail}
    assert lines == {
        "vault": ("asr-contoso-weu, West Europe",),
        "goal": ("Hyper-V, no VMM, to Azure",),
        "source": ("Contoso-HQ · 2 hosts",),
        "target": ("rg-contoso-dr · contosohqasr02", "vnet-dr-weu"),
        "settings": ("HQ-5min", "every 5 min, keep 12 h"),
        "capacity": ("Fits in 100 Mbps", "first copy 22 h"),
        "enable": ("3 of 6 machines chosen",),
        "review": ("5 actions",),
    }


def test_long_names_lose_their_middle_never_their_line() -> None:
    draft = ready_draft()
    draft = replace(
        draft, target=replace(draft.target, resource_group="rg-" + "x" * 80 + "-weu", create_resource_group=True)
    )
    lines = walked(draft).status("target").lines
    assert lines[0] == "rg-xxxxxxxxxxx…xxxxxxxxxxx-weu"
    assert all(len(line) <= LINE_LENGTH for line in lines)


def test_reasons_in_the_rail_fit_whatever_the_issue() -> None:
    bad = replace(ready_draft(), vault=replace(ready_draft().vault, location="moonbase", create=True, name="x" * 300))
    for draft in (
        SetUpDraft(),
        bad,
        replace(ready_draft(), machines=(replace(ready_draft().machines[0], name="M" * 63),)),
    ):
        there = flow(replace(draft, position="review", visited=tuple(RAIL)), estate=contoso(protectable_items=()))
        for step in there.rail:
            lines = there.status(step.id).lines
            assert len(lines) <= MAX_LINES
            assert all(len(line) <= LINE_LENGTH for line in lines)


@pytest.mark.parametrize(
    ("goal", "field", "product"),
    [
        (GoalChoice(source=SourcePlace.AZURE), "goal.source", "Azure Site Recovery, Azure to Azure"),
        (GoalChoice(source=SourcePlace.OTHER_CLOUD), "goal.source", "Azure Site Recovery, physical servers"),
        (GoalChoice(target=TargetPlace.SECOND_SITE), "goal.target", "Hyper-V Replica"),
        (
            GoalChoice(target=TargetPlace.SECOND_SITE, hypervisor=Hypervisor.VMWARE),
            "goal.target",
            "The platform’s own replication",
        ),
        (GoalChoice(hypervisor=Hypervisor.VMWARE), "goal.hypervisor", "Azure Site Recovery, VMware"),
        (GoalChoice(hypervisor=Hypervisor.PHYSICAL), "goal.hypervisor", "Azure Site Recovery, physical servers"),
        (GoalChoice(uses_vmm=True), "goal.uses_vmm", "Azure Site Recovery, VMM clouds"),
    ],
)
def test_other_goals_are_told_who_serves_them_and_lead_no_further(goal: GoalChoice, field: str, product: str) -> None:
    there = walked(to="goal")
    before = there.draft
    there.edit(replace(there.draft, goal=goal))
    (issue,) = there.next()
    assert issue.field == field
    assert issue.text.startswith(product)
    assert [step.id for step in there.steps] == ["vault", "goal"]
    there.edit(replace(there.draft, goal=before.goal))
    assert there.draft == before


def test_another_vault_sends_back_site_policy_and_machines() -> None:
    draft = replace(ready_draft(), policy=PolicyChoice("HQ-5min", create=False))
    there = flow(draft)
    cleared = there.edit(replace(draft, vault=replace(draft.vault, name="asr-other")))
    assert cleared == ("the Hyper-V site", "the replication policy", "the chosen machines")
    assert there.draft.site.name == ""
    assert there.draft.policy == PolicyChoice()
    assert there.draft.machines == ()
    assert there.draft.target == draft.target
    assert there.draft.goal == draft.goal


def test_the_vault_that_was_just_created_sends_nothing_back() -> None:
    draft = replace(ready_draft(), vault=replace(ready_draft().vault, create=True))
    there = flow(draft)
    assert there.edit(replace(draft, vault=replace(draft.vault, create=False))) == ()
    assert there.draft.machines == draft.machines


def test_a_policy_still_to_be_created_holds_in_any_vault() -> None:
    there = flow()
    there.edit(replace(there.draft, vault=replace(there.draft.vault, name="asr-other")))
    assert there.draft.policy == ready_draft().policy


def test_a_vault_in_another_region_sends_back_storage_and_network() -> None:
    draft = ready_draft()
    there = flow(draft)
    vault = replace(draft.vault, name="asr-neu", location="northeurope")
    assert there.edit(replace(draft, vault=vault))[1:3] == ("the storage account", "the network")
    assert there.draft.target.storage == StorageChoice()
    assert there.draft.target.network == NetworkChoice()
    assert there.draft.target.resource_group == draft.target.resource_group


def test_what_is_still_to_be_created_follows_the_vault_to_its_region() -> None:
    target = replace(
        ready_draft().target,
        storage=StorageChoice(name="contosonew", create=True),
        network=NetworkChoice(name="vnet-new", create=True),
    )
    there = flow(replace(ready_draft(), target=target))
    there.edit(replace(there.draft, vault=replace(there.draft.vault, location="northeurope")))
    assert there.draft.target == target


def test_the_targets_subscription_follows_the_vaults_until_another_is_chosen() -> None:
    there = flow()
    vault = replace(there.draft.vault, subscription="other")
    cleared = there.edit(replace(there.draft, vault=vault))
    assert {"the target resource group", "the storage account", "the network"} <= set(cleared)
    assert there.draft.target == TargetChoice("other")

    elsewhere = replace(ready_draft(), target=replace(ready_draft().target, subscription="third"))
    there = flow(elsewhere)
    there.edit(replace(elsewhere, vault=vault))
    assert there.draft.target.subscription == "third"


def test_a_first_vault_fills_in_the_targets_subscription() -> None:
    there = flow(SetUpDraft())
    assert there.edit(replace(there.draft, vault=ready_draft().vault)) == ()
    assert there.draft.target.subscription == ready_draft().vault.subscription


def test_a_first_vault_brings_its_resource_group_as_the_targets() -> None:
    vault = ready_draft().vault
    there = flow(SetUpDraft(vault=VaultChoice(vault.subscription), target=TargetChoice(vault.subscription)))
    assert there.edit(replace(there.draft, vault=vault)) == ()
    assert there.draft.target.resource_group == vault.resource_group


def test_another_site_sends_back_the_machines_alone() -> None:
    there = flow()
    assert there.edit(replace(there.draft, site=replace(there.draft.site, name="Contoso-BR"))) == (
        "the chosen machines",
    )
    assert there.draft.target == ready_draft().target


def test_another_network_sends_back_the_machines_subnets() -> None:
    machines = tuple(replace(machine, subnet="snet-web") for machine in ready_draft().machines)
    draft = replace(ready_draft(), machines=machines)
    there = flow(draft)
    other = NetworkChoice(network_id=network("vnet-neu").id.text, subnet="snet-core")
    assert there.edit(replace(draft, target=replace(draft.target, network=other))) == ("the machines’ subnets",)
    assert there.draft.machines == ready_draft().machines


def test_another_default_subnet_leaves_chosen_subnets_alone() -> None:
    machines = tuple(replace(machine, subnet="snet-web") for machine in ready_draft().machines)
    draft = replace(ready_draft(), machines=machines)
    there = flow(draft)
    same = replace(draft.target.network, subnet="snet-web")
    assert there.edit(replace(draft, target=replace(draft.target, network=same))) == ()
    assert there.draft.machines == machines


def test_a_changed_new_network_sends_back_the_subnets_that_it_will_not_have() -> None:
    new = NetworkChoice(
        name="vnet-new",
        subnet="snet-core",
        create=True,
        more_subnets=(NewSubnet("snet-web", "10.70.1.0/24"), NewSubnet("snet-db", "10.70.2.0/24")),
    )
    web, sql, dc = ready_draft().machines
    machines = (replace(web, subnet="SNET-WEB"), replace(sql, subnet="snet-db"), dc)
    draft = ready_draft()
    there = flow(replace(draft, target=replace(draft.target, network=new), machines=machines))
    fewer = replace(new, name="vnet-other", more_subnets=new.more_subnets[:1])
    assert there.edit(replace(there.draft, target=replace(draft.target, network=fewer))) == ("the machines’ subnets",)
    assert [machine.subnet for machine in there.draft.machines] == ["SNET-WEB", "", ""]
    renamed = replace(fewer, subnet="snet-first")
    assert there.edit(replace(there.draft, target=replace(draft.target, network=renamed))) == ()


def test_a_step_that_applies_no_more_gives_way_to_the_one_that_decides() -> None:
    there = walked(to="target")
    there.edit(replace(there.draft, goal=replace(there.draft.goal, uses_vmm=True)))
    assert there.position.id == "goal"


def test_a_draft_without_a_name_is_called_after_its_site() -> None:
    there = flow(SetUpDraft())
    there.edit(replace(there.draft, site=SiteChoice("Contoso-HQ")))
    assert there.draft.name == "Contoso-HQ"
    there.edit(replace(there.draft, site=SiteChoice("Contoso-Branch")))
    assert there.draft.name == "Contoso-Branch"


def test_a_name_that_was_given_stays() -> None:
    there = flow(SetUpDraft(name="Head office"))
    there.edit(replace(there.draft, site=SiteChoice("Contoso-HQ")))
    assert there.draft.name == "Head office"


def test_an_edit_cannot_move_the_flow() -> None:
    there = walked(to="target")
    there.edit(replace(there.draft, position="run", visited=()))
    assert there.position.id == "target"
    assert there.draft.visited == ("vault", "goal", "source", "target")


def test_a_newer_snapshot_changes_the_verdict_not_the_answers() -> None:
    there = walked()
    before = there.draft
    there.use(context(contoso(storage_accounts=())))
    assert [issue.field for issue in there.issues("review")] == ["step.target"]
    assert there.draft == before


def test_the_review_names_each_step_that_needs_work() -> None:
    there = flow(SetUpDraft(position="review", visited=tuple(RAIL)))
    assert [issue.field for issue in there.next()] == [f"step.{step}" for step in RAIL[:-1]]
    assert there.issues("review")[0].text == "Connect: Choose the subscription of the vault."


def test_a_finished_set_up_has_nothing_to_run() -> None:
    estate = contoso()
    done = tuple(protected(protectable(estate, name)) for name in ("WEB-01", "SQL-PROD-01", "DC01"))
    estate = replace(estate, policies=(policy(),), mappings=(mapping(policy()),), protected_items=done)
    there = flow(estate=estate)
    assert there.actions == ()
    assert there.issues("review") == ()
    assert there.summary("review").lines == ("Nothing left to do",)


def test_before_anything_was_read_nothing_is_called_gone() -> None:
    there = Flow(ready_draft(), context(Estate()))
    for step in ("vault", "target", "settings", "capacity", "enable"):
        assert there.issues(step) == ()


def test_what_was_read_and_is_absent_is_called_gone() -> None:
    there = Flow(ready_draft(), context(empty()))
    assert [issue.field for issue in there.issues("vault")] == ["vault.name"]
    assert [issue.field for issue in there.issues("target")] == [
        "target.resource_group",
        "target.storage.account_id",
        "target.network.network_id",
    ]


def test_the_vault_on_hand_is_known_by_any_spelling() -> None:
    draft = ready_draft()
    shouted = replace(draft, vault=replace(draft.vault, name=VAULT_ID.name.upper(), resource_group="RG-CONTOSO-DR"))
    assert flow(shouted).issues("vault") == ()
    assert (
        flow(replace(shouted, target=replace(draft.target, storage=StorageChoice(storage().id.text.upper())))).issues(
            "target"
        )
        == ()
    )
