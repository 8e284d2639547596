"""Each kind of replica carried out on the practice vault and read back; what is told otherwise is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.protected_item import ReplicationProtectedItem
from app.flows.action import Action, ActionKind
from app.flows.draft import ReplicaKind, SetUpDraft, StorageChoice
from app.flows.planning import actions_for
from app.rules import load_rules
from app.services.read_back import Reading, Standing, read_back
from tests.services.test_read_back import changed
from tests.support.practice import Practice, contoso_draft, open_practice

LOGS = "stcontosoasrweu"
PREMIUM = "stcontosofastweu"
NEW = StorageChoice(name="stcontosonewlogs", redundancy="LRS", create=True)
DETAILS = "providerSpecificDetails"


async def drafted(
    practice: Practice, *, replica: ReplicaKind, data: str = "", logs: StorageChoice | None
) -> SetUpDraft:
    estate = await practice.estate()
    ids = {account.name: account.id.text for account in estate.storage_accounts}
    draft = contoso_draft(estate, "DC01")
    target = replace(
        draft.target,
        replica=replica,
        storage=StorageChoice(ids[data], data) if data else StorageChoice(),
        logs=logs or StorageChoice(ids[LOGS], LOGS),
    )
    return replace(draft, target=target)


async def carried_out(practice: Practice, draft: SetUpDraft) -> tuple[Action, ReplicationProtectedItem]:
    """The action that enabled the machine, and what Azure tells of it once it replicates."""
    actions = actions_for(draft, await practice.estate(), load_rules())
    runner = practice.use.runner
    ended = await runner.carry_out(await runner.plan("Set up", actions))
    assert ended.is_done, ended.troubled
    enable = next(action for action in actions if action.kind is ActionKind.ENABLE_PROTECTION)
    return enable, await practice.gateways.site_recovery.get_protected_item(enable.target)


async def test_managed_disks_with_a_new_account_for_logs() -> None:
    async with open_practice() as practice:
        draft = await drafted(practice, replica=ReplicaKind.MANAGED_DISK, logs=NEW)
        enable, item = await carried_out(practice, draft)
        assert (item.has_managed_replica, item.storage_account_id) == (True, "")
        assert item.log_account_id.endswith(f"/{NEW.name}")
        made = [write for write in practice.wire.writes if write.path.endswith(f"/storageAccounts/{NEW.name}")]
        assert len(made) == 1

        async def told(path: list[str | int], value: object) -> Reading:
            return await read_back(changed(enable, path, value), practice.gateways)

        elsewhere = await told([DETAILS, "logStorageAccountId"], "/x/other")
        assert elsewhere.difference == f"account for change logs is {NEW.name}, wanted other"
        on_account = await told([DETAILS, "targetStorageAccountId"], "/x/other")
        assert on_account.difference == "data goes to managed disks, wanted the storage account other"


async def test_a_premium_account_with_its_account_for_logs() -> None:
    async with open_practice() as practice:
        draft = await drafted(practice, replica=ReplicaKind.STORAGE_ACCOUNT, data=PREMIUM, logs=None)
        enable, item = await carried_out(practice, draft)
        assert item.storage_account_id.endswith(f"/{PREMIUM}")
        assert item.log_account_id.endswith(f"/{LOGS}")
        assert not item.has_managed_replica
        wanted = changed(enable, [DETAILS], {"useManagedDisksForReplication": "true"})
        reading = await read_back(wanted, practice.gateways)
        assert reading.difference == f"data goes to the storage account {PREMIUM}, wanted managed disks"
        assert reading.standing is Standing.DIFFERENT


@pytest.mark.parametrize("data", [PREMIUM, ""])
async def test_without_an_account_for_logs_the_job_fails_and_leaves_nothing(data: str) -> None:
    """So a second try meets nothing of the first."""
    async with open_practice() as practice:
        kind = ReplicaKind.STORAGE_ACCOUNT if data else ReplicaKind.MANAGED_DISK
        draft = await drafted(practice, replica=kind, data=data, logs=None)
        actions = actions_for(draft, await practice.estate(), load_rules())
        enable = actions[-1]
        assert enable.body is not None
        details = {name: value for name, value in enable.body[DETAILS].items() if name != "logStorageAccountId"}
        details.pop("disksToIncludeForManagedDisks", None)
        unfit = (*actions[:-1], changed(enable, [DETAILS], details))
        runner = practice.use.runner
        ended = await runner.carry_out(await runner.plan("Set up", unfit))
        assert not ended.is_done
        (troubled,) = ended.troubled
        assert troubled.problem is not None
        assert "for logs" in f"{troubled.problem.title} {troubled.problem.advice} {troubled.problem.details}"
        assert (await read_back(enable, practice.gateways)).standing is Standing.ABSENT


async def test_the_type_of_managed_disks_is_kept_and_another_one_is_told() -> None:
    async with open_practice() as practice:
        draft = await drafted(practice, replica=ReplicaKind.MANAGED_DISK, logs=None)
        draft = replace(draft, target=replace(draft.target, disk_type="Premium_LRS"))
        enable, item = await carried_out(practice, draft)
        assert set(item.managed_disk_types) == {"Premium_LRS"}
        assert (await read_back(enable, practice.gateways)).standing is Standing.AS_WANTED
        lower = changed(enable, [DETAILS, "disksToIncludeForManagedDisks", 0, "diskType"], "premium_lrs")
        assert (await read_back(lower, practice.gateways)).standing is Standing.AS_WANTED, "Azure’s case is its own"
        other = changed(enable, [DETAILS, "disksToIncludeForManagedDisks", 0, "diskType"], "Standard_LRS")
        reading = await read_back(other, practice.gateways)
        assert reading.difference == "disks are of the type Premium_LRS, wanted Standard_LRS"
        assert reading.standing is Standing.DIFFERENT
