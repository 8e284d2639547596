"""Ticks and notes: kept for each vault, across restarts, beside what other programs write."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.arm_id import ArmId, vault_id
from app.errors import AppError
from app.runtime.kept_file import KeptFile, Reason
from app.services.checklist import KIND, LONGEST_NOTE, Checklist, Mark

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VAULT = vault_id("1", "rg", "asr")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "connection" / "prerequisites.json"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


async def tick(checklist: Checklist, line: str, vault: ArmId | None = VAULT, *, is_done: bool = True) -> None:
    await checklist.tick(vault, line, is_done=is_done, by="anna", at=NOW)


async def test_ticks_and_notes_survive_a_restart(path: Path) -> None:
    checklist = Checklist(path)
    await tick(checklist, "a")
    await checklist.annotate(VAULT, "b", "  ask Ben ")
    assert await Checklist(path).load(VAULT) == {"a": Mark(True, "anna", NOW), "b": Mark(note="ask Ben")}


async def test_tick_that_is_taken_away_leaves_the_note(path: Path) -> None:
    checklist = Checklist(path)
    await checklist.annotate(VAULT, "a", "waits for patch day")
    await tick(checklist, "a")
    await tick(checklist, "a", is_done=False)
    assert await checklist.load(VAULT) == {"a": Mark(note="waits for patch day")}


async def test_vaults_have_their_own(path: Path) -> None:
    checklist = Checklist(path)
    await tick(checklist, "a")
    assert await checklist.load(vault_id("1", "rg", "other")) == {}
    assert await checklist.load(ArmId(VAULT.text.upper())) != {}


async def test_marks_of_the_set_up_go_over_to_the_first_vault(path: Path) -> None:
    checklist = Checklist(path)
    await tick(checklist, "a", None)
    assert await checklist.load(None) != {}
    assert await checklist.load(VAULT) == {"a": Mark(True, "anna", NOW)}
    assert await checklist.load(None) == {}
    assert await checklist.load(vault_id("1", "rg", "other")) == {}


async def test_marks_of_the_set_up_do_not_replace_those_of_a_vault(path: Path) -> None:
    checklist = Checklist(path)
    await tick(checklist, "a", None)
    await tick(checklist, "b")
    assert set(await checklist.load(VAULT)) == {"b"}
    assert set(await checklist.load(None)) == {"a"}


async def test_two_programs_keep_each_others_marks(path: Path) -> None:
    left, right = Checklist(path), Checklist(path)
    await left.load(VAULT)
    await right.load(VAULT)
    await asyncio.gather(*(tick(each, f"{name}{n}") for n in range(10) for name, each in (("l", left), ("r", right))))
    assert len(await left.load(VAULT)) == 20


async def test_last_of_many_presses_stays(path: Path) -> None:
    checklist = Checklist(path)
    await asyncio.gather(*(tick(checklist, "a", is_done=n % 2 == 0) for n in range(9)))
    assert (await checklist.load(VAULT))["a"].is_done


async def test_without_a_file_it_keeps_them_while_it_is_open() -> None:
    checklist = Checklist(None)
    await tick(checklist, "a")
    assert set(await checklist.load(VAULT)) == {"a"}
    assert not checklist.asides


async def test_long_note_is_cut(path: Path) -> None:
    marks = await Checklist(path).annotate(VAULT, "a", "x" * 2_000)
    assert len(marks["a"].note) == LONGEST_NOTE


async def test_disk_that_refuses_is_told(tmp_path: Path) -> None:
    write(tmp_path / "file", "")
    with pytest.raises(AppError) as caught:
        await tick(Checklist(tmp_path / "file" / "prerequisites.json"), "a")
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", Reason.DAMAGED), ("[]", Reason.FOREIGN), (json.dumps({"kind": KIND.name, "version": 2}), Reason.NEWER)],
)
async def test_file_that_cannot_be_used_is_set_aside(path: Path, text: str, reason: Reason) -> None:
    write(path, text)
    checklist = Checklist(path)
    assert await checklist.load(VAULT) == {}
    await tick(checklist, "a")
    assert [aside.reason for aside in checklist.asides] == [reason]
    assert path.with_name(f"prerequisites.{reason}.json").read_text() == text


ODD_MARKS = {
    "good": {"done": True, "by": "anna", "at": NOW.isoformat(), "note": "n"},
    "no object": 3,
    "by is a number": {"done": True, "by": 3},
    "note is a list": {"done": True, "note": []},
    "done is a word": {"done": "yes"},
    "no moment": {"done": True, "at": "yesterday"},
    "no zone": {"done": True, "at": "2026-03-02T09:00:00"},
    "later": {"done": True, "at": (NOW + timedelta(days=9)).isoformat(), "rank": 1},
}


async def test_mark_that_makes_no_sense_costs_itself_only_and_stays(path: Path) -> None:
    write(path, json.dumps({"kind": KIND.name, "version": 1, "content": {VAULT.key: ODD_MARKS, "x": 1}}))
    checklist = Checklist(path)
    marks = await checklist.load(VAULT)
    assert marks["good"] == Mark(True, "anna", NOW, "n")
    assert set(marks) == {"good", "done is a word", "no moment", "no zone", "later"}
    assert not marks["done is a word"].is_done
    assert marks["no zone"].at is None
    await tick(checklist, "new")
    kept = KeptFile(path, KIND).read()
    assert {line: kept[VAULT.key][line] for line in ODD_MARKS} == ODD_MARKS
    assert kept["x"] == 1
