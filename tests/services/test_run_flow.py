"""`run-flow`: exit statuses, what it tells, and that a dry run sends nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.flows.command import DONE, FAILED, HeadlessFlow, Teller
from app.flows.draft import SetUpDraft, StorageChoice
from app.flows.draft_file import save_draft
from app.simulator.messages import Request, Response
from tests.support.practice import contoso_draft, open_practice, refusal
from tests.support.served import Served, output_of, serve, start_program

pytestmark = pytest.mark.slow

ITEMS = "/replicationProtectedItems/"
Change = Callable[[SetUpDraft], SetUpDraft]


def as_it_is(draft: SetUpDraft) -> SetUpDraft:
    return draft


async def draft_file(folder: Path, *machines: str, change: Change = as_it_is) -> Path:
    async with open_practice() as practice:
        draft = change(contoso_draft(await practice.estate(), *machines))
    path = folder / "contoso.setup.json"
    save_draft(path, draft, saved_at=datetime(2026, 3, 2, tzinfo=UTC), steps_done=6)
    return path


async def run_flow(served: Served, folder: Path, draft: Path, *options: str) -> tuple[int | None, str]:
    connection = served.connection_file(folder / "connection.json")
    program = await start_program(
        "run-flow", str(draft), "--connection", str(connection), *options, home=folder / "home"
    )
    said = await output_of(program)
    return program.returncode, said


def events(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


async def test_a_dry_run_lists_the_actions_and_sends_nothing(tmp_path: Path) -> None:
    draft = await draft_file(tmp_path, "DC01")
    async with serve(tmp_path) as served:
        status, said = await run_flow(served, tmp_path, draft, "--dry-run")
        assert status == 0, said
        assert said.splitlines() == [
            "  1  Create policy contoso-5-min: absent -> 5 min, keep 2 h, app 1 h",
            "  2  Use contoso-5-min at Contoso-HQ: no policy -> contoso-5-min",
            "  3  Replicate DC01: not protected -> size by Azure, servers",
        ]
        assert {request.method for request in served.log()} == {"GET"}


async def test_a_run_tells_a_program_every_change_and_then_finds_nothing_to_do(tmp_path: Path) -> None:
    draft = await draft_file(tmp_path, "DC01")
    async with serve(tmp_path) as served:
        status, said = await run_flow(served, tmp_path, draft, "--json")
        assert status == 0, said
        told = events(said)
        assert [len(event["actions"]) for event in told if event["event"] == "actions"] == [3]
        changes = [event["state"] for event in told if event.get("label") == "Replicate DC01"]
        assert list(dict.fromkeys(changes)) == ["planned", "sent", "accepted", "ended", "confirmed"]
        assert told[-1] == {"event": "end", "status": 0, "done": 3, "actions": 3, "problems": []}

        status, said = await run_flow(served, tmp_path, draft)
        assert (status, said) == (0, "Nothing to do: Azure has everything already.\n")


async def test_a_draft_that_is_not_ready_is_refused(tmp_path: Path) -> None:
    draft = await draft_file(tmp_path, "DC01", change=lambda draft: replace(draft, machines=()))
    async with serve(tmp_path) as served:
        status, said = await run_flow(served, tmp_path, draft)
        assert status == 2, said
        assert said.startswith("Not ready: Enable replication: ")
        assert {request.method for request in served.log()} == {"GET"}


async def test_a_damaged_file_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "damaged.setup.json"
    path.write_text('{"kind": "site-recovery-desk/set-up-draft", "version": 1,', "utf-8")
    async with serve(tmp_path) as served:
        status, said = await run_flow(served, tmp_path, path)
        assert status == 2, said
        assert said.startswith("damaged.setup.json")
        assert served.log() == []


async def test_a_refused_machine_is_told_and_sent_again_by_the_same_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with open_practice() as practice:
        draft = contoso_draft(await practice.estate(), "DC01", "WEB-01")
        refused = next(machine.machine_id for machine in draft.machines if machine.name == "WEB-01")

        def refuse(request: Request) -> Response | None:
            is_machine = request.method == "PUT" and f"{ITEMS}{refused}" in request.url
            return refusal(409, "Conflict", "The machine is locked.") if is_machine else None

        practice.wire.before = refuse
        assert await HeadlessFlow(practice.services, draft, "draft", Teller()).run(is_dry=False) == FAILED
        said = capsys.readouterr().out
        assert "[3/4] Replicate DC01: Confirmed by Azure\n" in said
        assert "\nThe machine is locked.\n" in said
        assert said.endswith("3 of 4 actions done and confirmed.\nRun the same command again to go on from here.\n")

        practice.wire.before = lambda request: None
        assert await HeadlessFlow(practice.services, draft, "draft", Teller()).run(is_dry=False) == DONE
        said = capsys.readouterr().out
        assert said.startswith("Going on with an unfinished run: 3 of 4 actions are done.\n[4/4] Replicate WEB-01: ")
        assert len(practice.wire.accepted(containing=ITEMS)) == 2


async def test_a_refused_answer_is_corrected_in_the_draft_and_the_same_command_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with open_practice() as practice:
        draft = contoso_draft(await practice.estate(), "DC01")
        account = StorageChoice(name="stcontosonew01", create=True)
        draft = replace(draft, target=replace(draft.target, storage=account))
        practice.simulator.faults.switch_on("name-taken", count=1)
        assert await HeadlessFlow(practice.services, draft, "draft", Teller()).run(is_dry=False) == FAILED
        assert "The same would be refused again: change the answer in the draft" in capsys.readouterr().out

        renamed = replace(draft, target=replace(draft.target, storage=replace(account, name="stcontosonew02")))
        assert await HeadlessFlow(practice.services, renamed, "draft", Teller()).run(is_dry=False) == DONE
        assert "stcontosonew01" not in capsys.readouterr().out
        assert len(practice.wire.accepted(containing="/storageAccounts/")) == 1


async def test_hosts_are_no_longer_silent_because_a_reading_takes_long(capsys: pytest.CaptureFixture[str]) -> None:
    async with open_practice() as practice:
        draft = contoso_draft(await practice.estate(), "DC01")
        moved: list[str] = []

        def let_time_pass(request: Request) -> None:
            if "/providers/Microsoft.Authorization/" in request.url and not moved:
                moved.append(request.url)
                practice.simulator.clock.advance(1_800)

        practice.wire.before = let_time_pass
        assert await HeadlessFlow(practice.services, draft, "draft", Teller()).run(is_dry=True) == DONE
        assert moved
        assert "Replicate DC01" in capsys.readouterr().out


async def test_a_practice_vault_that_is_gone_is_told(tmp_path: Path) -> None:
    draft = await draft_file(tmp_path, "DC01")
    async with serve(tmp_path) as served:
        served.process.terminate()
        await served.process.wait()
        status, said = await run_flow(served, tmp_path, draft)
        assert status == 1, said
        assert "Traceback" not in said
        assert len(said.splitlines()) == 1
