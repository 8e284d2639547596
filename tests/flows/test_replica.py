"""The three cases of where replicated data goes: what each asks for, refuses, plans, sends and sends back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.azure import StorageAccount
from app.domain.estate import Estate
from app.domain.rights import Place, When
from app.flows.action import Action, ActionKind
from app.flows.checks_replication import check_settings
from app.flows.draft import ReplicaKind, SetUpDraft, StorageChoice
from app.flows.estimate import managed_bills, replica_bills
from app.flows.flow import Flow
from app.flows.places import logs_id, storage_id
from app.flows.planning import actions_for
from app.flows.replica import accounts_of, check_replica, logs_purpose, needs_logs, upload_id
from app.flows.rights_subjects import subject_of_draft
from app.flows.script_place import script_place
from app.rules import load_rules
from tests.support import estates

STANDARD = estates.storage()
LOGS = estates.storage("contosologs", redundancy="LRS")
PREMIUM = estates.storage("contosopremium", tier="Premium", redundancy="LRS", access_tier="Premium")
ELSEWHERE = estates.storage("contosoneu", location="northeurope")
ESTATE = estates.contoso(storage_accounts=(STANDARD, LOGS, PREMIUM, ELSEWHERE))


def chosen(account: StorageAccount | None) -> StorageChoice:
    return StorageChoice(account.id.text, account.name) if account else StorageChoice()


def draft_of(
    replica: ReplicaKind = ReplicaKind.STORAGE_ACCOUNT,
    *,
    data: StorageAccount | None = STANDARD,
    logs: StorageAccount | None = None,
) -> SetUpDraft:
    draft = estates.ready_draft()
    target = replace(draft.target, replica=replica, storage=chosen(data), logs=chosen(logs))
    return replace(draft, target=target)


ON_STANDARD = draft_of()
ON_PREMIUM = draft_of(data=PREMIUM, logs=LOGS)
ON_MANAGED = draft_of(ReplicaKind.MANAGED_DISK, data=None, logs=LOGS)


def errors(step: str, draft: SetUpDraft, estate: Estate = ESTATE, profile: str = "2026-05") -> list[tuple[str, str]]:
    issues = Flow(draft, estates.context(estate, profile=profile)).issues(step)
    return [(issue.field, issue.text) for issue in issues if issue.is_blocking]


def planned(draft: SetUpDraft, estate: Estate = ESTATE) -> tuple[Action, ...]:
    return actions_for(draft, estate, load_rules())


def sent(draft: SetUpDraft, estate: Estate = ESTATE) -> dict[str, Any]:
    action = next(each for each in planned(draft, estate) if each.kind is ActionKind.ENABLE_PROTECTION)
    assert action.body is not None
    return dict(action.body["providerSpecificDetails"])


def test_an_old_draft_replicates_to_a_storage_account() -> None:
    assert SetUpDraft().target.replica is ReplicaKind.STORAGE_ACCOUNT


@pytest.mark.parametrize(
    ("draft", "needs", "accounts", "upload"),
    [
        (ON_STANDARD, False, (STANDARD,), STANDARD),
        (ON_PREMIUM, True, (PREMIUM, LOGS), LOGS),
        (ON_MANAGED, True, (LOGS,), LOGS),
    ],
)
def test_each_case_takes_its_accounts(
    draft: SetUpDraft, needs: bool, accounts: tuple[StorageAccount, ...], upload: StorageAccount
) -> None:
    assert errors("target", draft) == []
    assert needs_logs(draft, estates.context(ESTATE)) is needs
    assert accounts_of(draft, ESTATE) == tuple(account.id for account in accounts)
    assert upload_id(draft, ESTATE) == upload.id


def test_an_account_that_cannot_hold_disks_needs_none_for_their_logs() -> None:
    blocks = estates.storage("stblocks", tier="Premium", redundancy="LRS", kind="BlockBlobStorage")
    context = estates.context(estates.contoso(storage_accounts=(blocks,)))
    assert not needs_logs(draft_of(data=blocks, logs=None), context)


@pytest.mark.parametrize(
    ("draft", "words"), [(ON_PREMIUM, "A premium account holds"), (ON_MANAGED, "Managed disks hold")]
)
def test_why_an_account_for_logs_is_asked_for_is_said(draft: SetUpDraft, words: str) -> None:
    assert logs_purpose(draft).startswith(f"{words} disks alone.")


def test_what_one_kind_does_not_ask_for_stays_for_the_other() -> None:
    draft = draft_of(ReplicaKind.MANAGED_DISK, data=STANDARD, logs=LOGS)
    assert storage_id(draft) is None
    back = replace(draft, target=replace(draft.target, replica=ReplicaKind.STORAGE_ACCOUNT))
    assert storage_id(back) == STANDARD.id
    assert logs_id(back) == LOGS.id
    assert accounts_of(back, ESTATE) == (STANDARD.id,)


@pytest.mark.parametrize(
    ("draft", "field", "words"),
    [
        (draft_of(ReplicaKind.MANAGED_DISK), "target.logs.account_id", "Choose a storage account for change logs"),
        (draft_of(data=PREMIUM), "target.logs.account_id", "Choose a storage account for change logs"),
        (
            draft_of(ReplicaKind.MANAGED_DISK, logs=PREMIUM),
            "target.logs.account_id",
            "Change logs need a standard account",
        ),
        (draft_of(data=PREMIUM, logs=PREMIUM), "target.logs.account_id", "Change logs need a standard account"),
        (draft_of(ReplicaKind.MANAGED_DISK, logs=ELSEWHERE), "target.logs.account_id", "is in North Europe"),
        (draft_of(data=None), "target.storage.account_id", "Choose a storage account for the replicated data"),
    ],
)
def test_what_a_case_lacks_stops_at_its_field(draft: SetUpDraft, field: str, words: str) -> None:
    ((found, text),) = errors("target", draft)
    assert found == field
    assert words in text


@pytest.mark.parametrize(("every_s", "stops"), [(30, True), (300, False)])
@pytest.mark.parametrize("draft", [ON_STANDARD, ON_PREMIUM, ON_MANAGED])
def test_thirty_seconds_are_refused_on_premium_alone(draft: SetUpDraft, every_s: int, stops: bool) -> None:
    draft = replace(draft, policy=replace(draft.policy, copy_frequency_s=every_s))
    found = [text for _, text in errors("target", draft)]
    assert bool(found) is (stops and draft is not ON_MANAGED and storage_id(draft) == PREMIUM.id)


@pytest.mark.parametrize(("name", "stops"), [("Contoso", True), ("contosologs7", False)])
def test_a_new_account_for_logs_is_checked_as_any_new_one(name: str, stops: bool) -> None:
    target = replace(ON_MANAGED.target, logs=StorageChoice(name=name, redundancy="LRS", create=True))
    found = errors("target", replace(ON_MANAGED, target=target))
    assert [field for field, _ in found] == (["target.logs.name"] if stops else [])


@pytest.mark.parametrize(("profile", "stops"), [("seed-2017", True), ("2026-05", False), ("2026-09", False)])
def test_limits_that_know_no_managed_disks_refuse_them(profile: str, stops: bool) -> None:
    found = [field for field, _ in errors("target", ON_MANAGED, profile=profile)]
    assert ("target.replica" in found) is stops


@pytest.mark.parametrize(("gib", "draft", "stops"), [
    (4095, ON_STANDARD, False),
    (4096, ON_STANDARD, True),
    (4096, ON_PREMIUM, True),
    (4096, ON_MANAGED, False),
])  # fmt: skip
def test_a_disk_too_large_for_an_account_wants_managed_disks(gib: int, draft: SetUpDraft, stops: bool) -> None:
    machine = estates.machine("ARCHIVE", data_gib=(gib,))
    estate = replace(ESTATE, protectable_items=(machine,))
    draft = replace(draft, machines=(estates.choice(machine),))
    found = errors("enable", draft, estate)
    assert [field for field, _ in found] == ([f"machines.{machine.name}.disk_ids"] if stops else [])
    early = [issue.text for issue in Flow(draft, estates.context(estate)).issues("target")]
    assert early == (["ARCHIVE has a disk above 4,095 GiB, which a storage account doesn’t take. "
                      "Choose managed disks, or leave it out."] if stops else [])  # fmt: skip
    if stops:
        assert "Choose managed disks for replicated data" in found[0][1]
        without = replace(draft, machines=(estates.choice(machine, disk_ids=(machine.disks[0].vhd_id,)),))
        assert errors("enable", without, estate) == []


def test_several_machines_with_large_disks_are_counted_and_those_that_replicate_are_not() -> None:
    machines = tuple(estates.machine(name, data_gib=(5000,)) for name in ("A", "B", "C"))
    estate = replace(ESTATE, protectable_items=machines)
    draft = replace(ON_STANDARD, machines=tuple(map(estates.choice, machines)))
    (text,) = [issue.text for issue in Flow(draft, estates.context(estate)).issues("target")]
    assert text.startswith("A and 2 other machines have disks above 4,095 GiB")
    estate = replace(estate, protected_items=tuple(map(estates.protected, machines)))
    assert not Flow(draft, estates.context(estate)).issues("target")


# What is sent


def test_a_standard_account_takes_data_and_logs() -> None:
    details = sent(ON_STANDARD)
    assert details["targetStorageAccountId"] == STANDARD.id.text
    assert details["useManagedDisks"] == "true"
    assert not {"logStorageAccountId", "useManagedDisksForReplication", "disksToIncludeForManagedDisks"} & set(details)


def test_a_premium_account_has_its_logs_elsewhere() -> None:
    details = sent(ON_PREMIUM)
    assert (details["targetStorageAccountId"], details["logStorageAccountId"]) == (PREMIUM.id.text, LOGS.id.text)
    assert "disksToInclude" in details
    assert "useManagedDisksForReplication" not in details


def test_managed_disks_are_named_one_by_one_and_no_account_for_data() -> None:
    item = estates.protectable(ESTATE, "SQL-PROD-01")
    kept = (item.disks[0].vhd_id, item.disks[2].vhd_id)
    draft = replace(ON_MANAGED, machines=(estates.choice(item, disk_ids=kept),))
    details = sent(draft)
    assert not {"targetStorageAccountId", "disksToInclude"} & set(details)
    assert (details["useManagedDisksForReplication"], details["useManagedDisks"]) == ("true", "true")
    assert details["logStorageAccountId"] == LOGS.id.text
    assert details["disksToIncludeForManagedDisks"] == [
        {"diskId": disk, "logStorageAccountId": LOGS.id.text, "diskType": "StandardSSD_LRS"} for disk in kept
    ]
    assert planned(draft)[-1].after == "size by Azure, snet-core, 2 of 3 disks, to managed disks (Standard SSD)"


def test_a_new_account_for_logs_is_made_before_machines_that_need_it() -> None:
    new = StorageChoice(name="contosologs7", redundancy="LRS", create=True)
    unused = StorageChoice(name="contosounused", create=True)
    draft = replace(ON_MANAGED, target=replace(ON_MANAGED.target, logs=new, storage=unused))
    actions = planned(draft)
    (made,) = [each for each in actions if each.kind is ActionKind.CREATE_STORAGE_ACCOUNT]
    assert (made.label, made.subject) == ("Create account for change logs", new.name)
    assert made.after.startswith("contosologs7, LRS")
    assert made.id in actions[-1].needs
    assert sent(draft)["logStorageAccountId"] == made.target.text


def test_an_account_for_logs_that_nothing_needs_is_not_made() -> None:
    new = StorageChoice(name="contosologs7", redundancy="LRS", create=True)
    draft = replace(ON_STANDARD, target=replace(ON_STANDARD.target, logs=new))
    assert not [each for each in planned(draft) if each.kind is ActionKind.CREATE_STORAGE_ACCOUNT]


# What is told, and sent back


@pytest.mark.parametrize(
    ("draft", "lines"),
    [
        (ON_STANDARD, ("rg-contoso-dr · contosohqasr02", "vnet-dr-weu")),
        (ON_PREMIUM, ("rg-contoso-dr · contosopremium", "vnet-dr-weu")),
        (ON_MANAGED, ("rg-contoso-dr · managed disks", "vnet-dr-weu")),
    ],
)
def test_the_summary_says_where_data_goes(draft: SetUpDraft, lines: tuple[str, ...]) -> None:
    summary = Flow(draft, estates.context(ESTATE)).summary("target")
    assert summary is not None
    assert summary.lines == lines


def test_a_vault_in_another_region_sends_back_the_account_for_logs_and_keeps_the_kind() -> None:
    flow = Flow(ON_MANAGED, estates.context(ESTATE))
    vault = replace(ON_MANAGED.vault, name="asr-neu", location="northeurope")
    assert "the account for change logs" in flow.edit(replace(ON_MANAGED, vault=vault))
    assert logs_id(flow.draft) is None
    assert flow.draft.target.logs.redundancy == "LRS"
    assert flow.draft.target.replica is ReplicaKind.MANAGED_DISK


# What else an account is named for


@pytest.mark.parametrize(
    ("draft", "accounts"),
    [(ON_STANDARD, (STANDARD,)), (ON_PREMIUM, (PREMIUM, LOGS)), (ON_MANAGED, (LOGS,))],
)
def test_rights_and_reach_are_asked_for_on_every_account(
    draft: SetUpDraft, accounts: tuple[StorageAccount, ...]
) -> None:
    subject = subject_of_draft(draft, ESTATE)
    assert subject.scopes[Place.STORAGE] == tuple(account.id for account in accounts)
    assert When.OLD_STORAGE in subject.facts
    assert When.NEW_STORAGE not in subject.facts
    blobs = tuple(replace(each, blob_endpoint=f"https://{each.name}.blob.x/") for each in ESTATE.storage_accounts)
    reached = script_place(draft, estates.context(replace(ESTATE, storage_accounts=blobs))).storage
    assert reached == tuple(f"{account.name}.blob.x" for account in accounts)


def test_the_right_to_make_an_account_is_asked_for_beside_those_on_one_that_is_there() -> None:
    new = StorageChoice(name="contosologs7", redundancy="LRS", create=True)
    subject = subject_of_draft(replace(ON_PREMIUM, target=replace(ON_PREMIUM.target, logs=new)), ESTATE)
    assert {When.OLD_STORAGE, When.NEW_STORAGE} <= subject.facts
    assert subject.scopes[Place.STORAGE] == (PREMIUM.id,)


def test_the_chosen_type_of_disk_is_asked_for_and_told() -> None:
    draft = replace(ON_MANAGED, target=replace(ON_MANAGED.target, disk_type="Premium_LRS"))
    kinds = {disk["diskType"] for disk in sent(draft)["disksToIncludeForManagedDisks"]}
    assert kinds == {"Premium_LRS"}
    assert planned(draft)[-1].after.endswith("to managed disks (Premium SSD)")
    assert "disk_type" not in str(
        planned(replace(draft, target=replace(draft.target, replica=ReplicaKind.STORAGE_ACCOUNT)))
    )


def test_a_type_that_the_limits_do_not_know_is_refused_by_name() -> None:
    draft = replace(ON_MANAGED, target=replace(ON_MANAGED.target, disk_type="UltraSSD_LRS"))
    (issue,) = check_replica(draft, estates.context())
    assert issue.field == "target.replica.disk_type"
    assert issue.text == (
        "UltraSSD_LRS is no type that disks can have here. Choose Standard HDD or Standard SSD or Premium SSD."
    )


@pytest.mark.parametrize(
    ("kind", "seconds", "is_wrong"),
    [
        ("Premium_LRS", 30, True),
        ("Premium_LRS", 300, False),
        ("", 30, False),
        ("Standard_LRS", 30, False),
    ],
)
def test_premium_disks_take_no_copies_every_30_seconds(kind: str, seconds: int, is_wrong: bool) -> None:
    draft = replace(
        ON_MANAGED,
        target=replace(ON_MANAGED.target, disk_type=kind),
        policy=replace(ON_MANAGED.policy, copy_frequency_s=seconds),
    )
    found = [
        issue.text for issue in check_settings(draft, estates.context()) if issue.field == "policy.copy_frequency_s"
    ]
    said = "Premium disks take no copies every 30 s. Choose 5 min, or another type of disk on Target."
    assert found == ([said] if is_wrong else [])


def test_each_type_costs_what_its_steps_do() -> None:
    bills = managed_bills(ON_MANAGED, estates.context())
    assert list(bills) == ["Standard_LRS", "StandardSSD_LRS", "Premium_LRS"]
    prices = [bill.price for bill in bills.values()]
    assert prices == sorted(prices)
    assert len(set(prices)) == len(prices)
    on_premium = replace(ON_MANAGED, target=replace(ON_MANAGED.target, disk_type="Premium_LRS"))
    bill = replica_bills(on_premium, estates.context())[ReplicaKind.MANAGED_DISK]
    assert bill == bills["Premium_LRS"]
