"""Draft files: nothing lost, nothing guessed, and a reason with its place for what cannot be read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import AppError, InvalidInput
from app.flows.draft import (
    CapacityChoice,
    GoalChoice,
    MachineChoice,
    NetworkChoice,
    PolicyChoice,
    SetUpDraft,
    SiteChoice,
    StorageChoice,
    TargetChoice,
    VaultChoice,
)
from app.flows.draft_file import SUFFIX, list_drafts, load_draft, new_draft_path, save_draft
from tests.support.estates import ready_draft

SAVED_AT = datetime(2026, 11, 23, 9, 41, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False)


networks = st.builds(NetworkChoice, texts, texts, texts, texts, texts, st.booleans())
storages = st.builds(StorageChoice, texts, texts, texts, st.booleans())
drafts = st.builds(
    SetUpDraft,
    version=st.just(1),
    name=texts,
    position=texts,
    visited=st.lists(texts, max_size=3).map(tuple),
    vault=st.builds(VaultChoice, texts, texts, texts, texts, st.booleans(), st.booleans()),
    goal=st.from_type(GoalChoice),
    site=st.builds(SiteChoice, texts, st.booleans()),
    target=st.builds(TargetChoice, texts, texts, st.booleans(), storages, networks),
    policy=st.builds(
        PolicyChoice, texts, st.booleans(), st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99), texts
    ),
    capacity=st.builds(CapacityChoice, planner=st.none(), bandwidth_mbps=st.none() | numbers, growth_percent=numbers),
    machines=st.lists(
        st.builds(
            MachineChoice, texts, texts, texts, texts, texts, st.lists(texts, max_size=2).map(tuple), texts, texts
        ),
        max_size=2,
    ).map(tuple),
)


@pytest.mark.slow
@given(draft=drafts, steps=st.integers(0, 6))
def test_what_is_saved_is_what_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, draft: SetUpDraft, steps: int
) -> None:
    path = tmp_path_factory.getbasetemp() / f"round-trip{SUFFIX}"
    save_draft(path, draft, saved_at=SAVED_AT, steps_done=steps)
    saved = load_draft(path)
    assert saved.draft == draft
    assert (saved.saved_at, saved.steps_done) == (SAVED_AT, steps)


def written(folder: Path, draft: SetUpDraft | None = None, **changes: Any) -> Path:
    """A good file with some of its top keys changed."""
    path = folder / f"draft{SUFFIX}"
    save_draft(path, draft or ready_draft(), saved_at=SAVED_AT, steps_done=3)
    content = {**json.loads(path.read_text(encoding="utf-8")), **changes}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def changed(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    path = written(folder)
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content["draft"])
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def refusal(path: Path) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        load_draft(path)
    return caught.value


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        (
            lambda draft: draft["policy"].update(retention_h="twelve"),
            "draft.policy.retention_h",
            "draft.policy.retention_h: expected `int`, got `str`",
        ),
        (
            lambda draft: draft["policy"].update(retention=12),
            "draft.policy.retention",
            "there is no field draft.policy.retention",
        ),
        (
            lambda draft: draft["machines"][1].update(colour="red"),
            "draft.machines[1].colour",
            "there is no field draft.machines[1].colour",
        ),
        (
            lambda draft: draft["goal"].update(hypervisor="xen"),
            "draft.goal.hypervisor",
            "draft.goal.hypervisor: invalid enum value 'xen'",
        ),
        (lambda draft: draft.update(vault=None), "draft.vault", "draft.vault: expected `object`, got `null`"),
        (
            lambda draft: draft["machines"][0].pop("name"),
            "draft.machines[0]",
            "draft.machines[0]: object missing required field `name`",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_reason(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], field: str, reason: str
) -> None:
    error = refusal(changed(tmp_path, change))
    assert error.title == f"draft{SUFFIX} can’t be opened: {reason}."
    assert [problem.field for problem in error.problems] == [field]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the text is not valid JSON"),
        (b'{\n  "kind": "x",\n  "version": }', "line 3, column 14: the text is not valid JSON"),
        (b"\xff\xfe\x00", "the text is not valid JSON"),
        (b"[" * 100_000, "the text is not valid JSON"),
        (b"[]", "it is not a set-up draft of this program"),
        (b'{"kind": "shopping list"}', "it is not a set-up draft of this program"),
    ],
)
def test_damaged_and_foreign_files_are_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    assert reason in refusal(path).title


def test_a_newer_file_asks_for_a_newer_program(tmp_path: Path) -> None:
    error = refusal(written(tmp_path, version=2))
    assert error.code == "DraftTooNew"
    assert error.advice == "Update the program, then open the draft again."


@pytest.mark.parametrize("version", [0, "1", None])
def test_an_impossible_version_is_refused(tmp_path: Path, version: object) -> None:
    assert "its version is" in refusal(written(tmp_path, version=version)).title


def test_a_time_without_zone_is_refused(tmp_path: Path) -> None:
    assert "saved_at" in refusal(written(tmp_path, saved_at="2026-11-23T09:41:00")).title


def test_a_missing_file_says_why(tmp_path: Path) -> None:
    with pytest.raises(AppError, match=r"gone can’t be read: No such file or directory\.") as caught:
        load_draft(tmp_path / "gone")
    assert caught.value.code == "DraftNotReadable"


def test_a_failed_save_leaves_the_old_draft_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path)

    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space left"):
        save_draft(path, SetUpDraft(), saved_at=SAVED_AT, steps_done=0)
    assert load_draft(path).draft == ready_draft()
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("figure", [float("nan"), float("inf")])
def test_what_a_file_cannot_keep_is_not_written(tmp_path: Path, figure: float) -> None:
    path = written(tmp_path)
    for field in ("bandwidth_mbps", "growth_percent"):
        draft = replace(ready_draft(), capacity=replace(CapacityChoice(), **{field: figure}))
        with pytest.raises(ValueError, match=r"come back|expected"):
            save_draft(path, draft, saved_at=SAVED_AT, steps_done=0)
    assert load_draft(path).draft == ready_draft()


def test_saving_makes_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / f"x{SUFFIX}"
    save_draft(path, ready_draft(), saved_at=SAVED_AT, steps_done=0)
    assert load_draft(path).draft == ready_draft()


def test_a_draft_file_is_made_for_reading(tmp_path: Path) -> None:
    path = tmp_path / f"x{SUFFIX}"
    save_draft(path, replace(ready_draft(), name="Zürich 🙂"), saved_at=SAVED_AT, steps_done=0)
    text = path.read_text(encoding="utf-8")
    assert '    "name": "Zürich 🙂",\n' in text
    assert text.endswith("}\n")


def test_drafts_are_listed_newest_first_and_damaged_ones_last_with_their_reason(tmp_path: Path) -> None:
    later = SAVED_AT.astimezone(timezone(timedelta(hours=-8))) + timedelta(hours=1)
    save_draft(tmp_path / f"a{SUFFIX}", replace(ready_draft(), name="Old"), saved_at=SAVED_AT, steps_done=1)
    save_draft(tmp_path / f"b{SUFFIX}", replace(ready_draft(), name="New"), saved_at=later, steps_done=5)
    (tmp_path / f"0{SUFFIX}").write_text("{", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a draft", encoding="utf-8")
    found = list_drafts(tmp_path)
    assert [(entry.name, entry.steps_done, bool(entry.problem)) for entry in found] == [
        ("New", 5, False),
        ("Old", 1, False),
        ("0", 0, True),
    ]
    assert "not valid JSON" in found[2].problem


def test_no_folder_means_no_drafts(tmp_path: Path) -> None:
    assert list_drafts(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Contoso head office", "set-up-contoso-head-office"),
        ("con", "set-up-con"),
        ("../../etc/passwd", "set-up-etc-passwd"),
        ("🙂", "set-up-draft"),
        ("x" * 300, "set-up-" + "x" * 60),
    ],
)
def test_any_name_gives_a_path_inside_the_folder(tmp_path: Path, name: str, stem: str) -> None:
    assert new_draft_path(tmp_path, name) == tmp_path / f"{stem}{SUFFIX}"


def test_a_second_draft_of_that_name_gets_a_number(tmp_path: Path) -> None:
    for stem in ("set-up-x", "set-up-x-2", "set-up-x-3"):
        path = new_draft_path(tmp_path, "x")
        assert path.name == f"{stem}{SUFFIX}"
        path.touch()
