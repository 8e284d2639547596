"""Own presets: kept whole, handed on as files, and hostile files that end in a sentence and change nothing."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.policy_presets import PolicyPreset
from app.errors import AppError, Conflict, InvalidInput, NotFound
from app.services.policy_preset_file import (
    KIND,
    MAX_BYTES,
    PresetFileRefusal,
    preset_bytes,
    read_presets,
)
from app.services.policy_presets import PolicyPresets

MINE = PolicyPreset("File servers", 300, 12, 4, "Shares and print.")
OTHER = PolicyPreset("SQL <b>&</b>", 30, 24, 2)
ENTRY: dict[str, Any] = {
    "name": "Mine",
    "copy_frequency_s": 300,
    "retention_h": 12,
    "app_consistent_frequency_h": 4,
}
SCHEMA = json.loads((Path(__file__).parents[2] / "resources/policies/presets.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


def document(*entries: object, **changes: object) -> bytes:
    return json.dumps({"kind": KIND, "version": 1, "presets": list(entries), **changes}).encode()


def entry(**changes: object) -> dict[str, Any]:
    return ENTRY | changes


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in ENTRY.items() if key != name}


def kept(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))["content"]  # type: ignore[no-any-return]


def modes(file: Path) -> tuple[int, int]:
    return stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "policy-presets.json"


# The file's format


def test_what_is_exported_is_read_back_and_keeps_to_the_schema() -> None:
    data = preset_bytes((MINE, OTHER))
    assert read_presets(data) == (MINE, OTHER)
    assert VALIDATOR.is_valid(json.loads(data))
    assert read_presets(b"\xef\xbb\xbf" + data) == (MINE, OTHER)


EVIL = [
    (b"", "", "empty"),
    (b" \n\t", "", "empty"),
    (b"\x00\x01\x02", "line 1", "damaged"),
    (b"\xff\xfe{\x00", "line 1", "no text in UTF-8"),
    (b"{\n\n\xff", "line 3", "no text in UTF-8"),
    (b'{"kind":\n "x",\n oops', "line 3", "damaged"),
    (b"{", "line 1", "damaged"),
    (b"[1,2]", "", "no file of presets"),
    (b'"text"', "", "no file of presets"),
    (b'{"kind": "site-recovery-desk/set-up-draft", "version": 1}', "", "no file of presets"),
    (b"[" * 100_000 + b"]" * 100_000, "", "nested deeper"),
    (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "", "nested deeper"),
    (b" " * (MAX_BYTES + 1), "", "too large"),
    (document(entry(retention_h=1)).replace(b": 1,", b": NaN,"), "line 1", "damaged"),
    (document(entry()).replace(b"300", b"Infinity"), "line 1", "damaged"),
    (document(entry()).replace(b"300", b"1e999"), "line 1", "a number"),
    (document(entry()).replace(b"300", b"9" * 5000), "line 1", "a number"),
    (document(entry(), version=2), "version", "newer program"),
    (document(entry(), version=10**30), "version", "newer program"),
    (document(entry(), version="1"), "version", "has to be 1"),
    (document(entry(), version=True), "version", "has to be 1"),
    (document(entry(), version=0), "version", "has to be 1"),
    (document(entry(), colour="red"), "colour", "no field “colour”"),
    (document(), "presets", "no preset"),
    (document(entry(), presets={"a": 1}), "presets", "list of presets is missing"),
    (document(*[entry(name=f"p{n}") for n in range(101)]), "presets", "at most 100"),
    (document([1]), "preset 1", "a list where a preset"),
    (document(None), "preset 1", "nothing where a preset"),
    (document(entry(), "x"), "preset 2", "text where a preset"),
    (document(without("name")), "preset 1, name", "is missing"),
    (document(entry(name="A"), without("retention_h")), "preset 2, retention_h", "is missing"),
    (document(entry(name=5)), "preset 1, name", "a number where text"),
    (document(entry(name="")), "preset 1, name", "Give the preset a name"),
    (document(entry(name="x" * 5000)), "preset 1, name", "at most 60"),
    (document(entry(name="a\x07b")), "preset 1, name", "can be seen"),
    (document(entry(name="a\u202eb")), "preset 1, name", "can be seen"),
    (document(entry(), entry(name="mINE")), "preset 2, name", "has this name already"),
    (document(entry(why="x" * 301)), "preset 1, why", "at most 300"),
    (document(entry(why="a\nb")), "preset 1, why", "can be seen"),
    (document(entry(why=None)), "preset 1, why", "nothing where text"),
    (document(entry(retention_h="12")), "preset 1, retention_h", "whole number"),
    (document(entry(retention_h=True)), "preset 1, retention_h", "yes or no where a whole number"),
    (document(entry(retention_h=1.5)), "preset 1, retention_h", "decimals"),
    (document(entry(retention_h=-1)), "preset 1, retention_h", "0 to 8,760"),
    (document(entry(copy_frequency_s=0)), "preset 1, copy_frequency_s", "1 to 86,400"),
    (document(entry(app_consistent_frequency_h=12)), "preset 1, app_consistent_frequency_h", "never fits"),
    (document(entry(evil="<script>")), "preset 1, evil", "no field “evil”"),
    (document(entry(**{"x\n\u202e" * 99: 1})), "preset 1, x x", "no field"),
    (b'{"kind": "x", "kind": "' + KIND.encode() + b'"}', "kind", "stands there twice"),
    (document(entry()).replace(b'"retention_h": 12', b'"retention_h": 12, "retention_h": 24'), "retention_h", "twice"),
    (document(entry()).replace(b"Mine", b"\\ud800"), "line 1", "damaged"),
]


@pytest.mark.parametrize(("data", "place", "words"), EVIL, ids=[str(number) for number in range(len(EVIL))])
def test_a_hostile_file_ends_in_a_sentence_with_its_place(data: bytes, place: str, words: str) -> None:
    with pytest.raises(PresetFileRefusal) as caught:
        read_presets(data)
    refusal = caught.value
    assert refusal.place.startswith(place)
    assert words in refusal.reason
    assert refusal.reason.endswith(".")
    assert len(refusal.reason) < 200
    assert len(refusal.place) < 120
    assert f"{refusal.reason}{refusal.place}".isprintable()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def outcome(data: bytes) -> tuple[PolicyPreset, ...] | PresetFileRefusal:
    try:
        return read_presets(data)
    except PresetFileRefusal as refusal:
        return refusal


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from((*ENTRY, "why", "x")), JSON, max_size=4))
def test_whatever_a_preset_is_made_of_what_is_read_keeps_to_the_schema(fields: dict[str, Any]) -> None:
    text = json.dumps({"kind": KIND, "version": 1, "presets": [ENTRY | fields]}).encode()
    found = outcome(text)
    if isinstance(found, tuple):
        assert VALIDATOR.is_valid(json.loads(text))
        assert read_presets(preset_bytes(found)) == found
    else:
        assert found.reason.endswith(".")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 400), st.integers(0, 20))
def test_a_file_with_some_bytes_changed_is_read_or_refused(noise: bytes, at: int, lost: int) -> None:
    data = preset_bytes((MINE, OTHER))
    found = outcome(data[:at] + noise + data[at + lost :])
    assert isinstance(found, tuple) or f"{found.reason}{found.place}".isprintable()


# The service


async def test_what_is_saved_is_there_for_the_next_program_and_for_its_user_alone(file: Path) -> None:
    presets = PolicyPresets(file)
    assert await presets.load() == ()
    await presets.save(OTHER)
    await presets.save(MINE)
    assert await PolicyPresets(file).load() == presets.all() == (MINE, OTHER)
    if os.name != "nt":
        assert modes(file) == (0o600, 0o700)


@pytest.mark.parametrize("is_kept", [True, False])
async def test_a_name_that_exists_is_replaced_only_when_told_to(file: Path, *, is_kept: bool) -> None:
    presets = PolicyPresets(file if is_kept else None)
    await presets.save(MINE)
    newer = PolicyPreset("FILE SERVERS", 30, 6, 1)
    with pytest.raises(Conflict, match="already"):
        await presets.save(newer)
    assert presets.all() == (MINE,)
    await presets.save(newer, replace=True)
    assert presets.all() == (newer,)


async def test_two_programs_keep_each_others(file: Path) -> None:
    one, two = PolicyPresets(file), PolicyPresets(file)
    await one.save(MINE)
    await two.save(OTHER)
    assert two.all() == (MINE, OTHER)
    with pytest.raises(Conflict):
        await one.save(PolicyPreset(OTHER.name, 300, 5, 0))  # which this one has not seen yet
    assert await one.load() == (MINE, OTHER)


async def test_renaming(file: Path) -> None:
    presets = PolicyPresets(file)
    await presets.take((MINE, OTHER))
    await presets.rename("file SERVERS", "Shares")
    assert [each.name for each in presets.all()] == ["Shares", OTHER.name]
    await presets.rename("Shares", "SHARES")
    with pytest.raises(Conflict):
        await presets.rename("SHARES", OTHER.name)
    with pytest.raises(NotFound):
        await presets.rename("File servers", "Again")
    with pytest.raises(InvalidInput):
        await presets.rename("SHARES", "a\nb")
    assert [each.name for each in await PolicyPresets(file).load()] == ["SHARES", OTHER.name]


async def test_deleting_what_is_there_or_not(file: Path) -> None:
    presets = PolicyPresets(file)
    await presets.take((MINE, OTHER))
    await presets.delete("FILE servers")
    await presets.delete("nobody")
    assert presets.all() == (OTHER,)


async def test_all_or_none_are_taken_in(file: Path) -> None:
    presets = PolicyPresets(file)
    await presets.save(MINE)
    changed = PolicyPreset(MINE.name, 30, 5, 0)
    assert presets.existing((changed, OTHER, MINE)) == (changed,)
    with pytest.raises(Conflict):
        await presets.take((OTHER, changed))
    assert presets.all() == (MINE,)
    await presets.take((OTHER, changed), replaced=(changed.name,))
    assert presets.all() == (changed, OTHER)


async def test_there_is_an_end_to_how_many_are_kept(file: Path) -> None:
    presets = PolicyPresets(file)
    await presets.take(tuple(PolicyPreset(f"P{number}", 300, 5, 0) for number in range(100)))
    with pytest.raises(InvalidInput, match="101 presets"):
        await presets.save(MINE)
    assert len(presets.all()) == 100


@pytest.mark.parametrize("text", ["{", "[]", '{"kind": "other", "version": 1, "content": {}}', "\x00" * 50, "[" * 9999])
async def test_a_kept_file_that_cannot_be_used_is_set_aside_and_told(file: Path, text: str) -> None:
    write(file, text)
    presets = PolicyPresets(file)
    assert await presets.load() == ()
    (aside,) = presets.asides
    assert aside.kept_as is not None
    assert aside.kept_as.read_text() == text
    await presets.save(MINE)
    assert presets.all() == (MINE,)


async def test_one_entry_that_cannot_be_read_costs_itself_only_and_stays_in_the_file(file: Path) -> None:
    presets = PolicyPresets(file)
    await presets.take((MINE, OTHER))
    content = kept(file)
    content["file servers"]["retention_h"] = "many"
    content["stranger"] = content["sql <b>&</b>"]
    write(file, json.dumps({"kind": "site-recovery-desk/own-policy-presets", "version": 1, "content": content}))
    again = PolicyPresets(file)
    assert await again.load() == (OTHER,)
    await again.save(PolicyPreset("New", 300, 5, 0))
    assert kept(file)["file servers"]["retention_h"] == "many"


async def test_export_and_import_through_files(file: Path, tmp_path: Path) -> None:
    presets = PolicyPresets(file)
    path = tmp_path / "team.policies.json"
    await presets.export(path, (MINE, OTHER))
    assert await presets.read_file(path) == (MINE, OTHER)
    assert presets.all() == ()


async def test_what_cannot_be_written_or_read_says_why(file: Path, tmp_path: Path) -> None:
    presets = PolicyPresets(file)
    with pytest.raises(InvalidInput, match="not saved"):
        await presets.export(tmp_path / "none" / "x.json", (MINE,))
    with pytest.raises(InvalidInput, match="not read"):
        await presets.read_file(tmp_path / "none.json")
    with pytest.raises(InvalidInput, match="not read"):
        await presets.read_file(tmp_path)
    path = tmp_path / "evil.json"
    path.write_bytes(document(entry(retention_h=-1)))
    with pytest.raises(InvalidInput) as caught:
        await presets.read_file(path)
    assert caught.value.title.startswith("evil.json, preset 1, retention_h: The retention")
    assert caught.value.advice == "Nothing was imported."


async def test_a_huge_file_is_not_read_to_its_end(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as stream:
        stream.truncate(10 * 1024**3)
    with pytest.raises(InvalidInput, match="too large"):
        await PolicyPresets(file).read_file(path)


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="root may write in any folder, and Windows keeps no such rights"
)
async def test_where_nothing_can_be_kept_nothing_changes_and_it_says_so(file: Path) -> None:
    presets = PolicyPresets(file)
    await presets.save(MINE)
    file.parent.chmod(0o500)
    try:
        with pytest.raises(AppError, match="can’t be changed"):
            await presets.save(OTHER)
    finally:
        file.parent.chmod(0o700)
    assert presets.all() == (MINE,)


async def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    presets = PolicyPresets(tmp_path)
    with pytest.raises(AppError, match="can’t be changed"):
        await presets.save(MINE)
    assert presets.all() == ()
