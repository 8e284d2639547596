"""Files that outlive the program: versions, what is set aside, two programs at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.runtime.connection_lock import ConnectionLock
from app.runtime.kept_file import Aside, FileKind, KeptFile, Reason
from tests.support.source import ROOT

KIND = FileKind("test/numbers")
THIRD = FileKind(
    "test/numbers",
    migrations=(
        lambda content: {"figures": content["numbers"]},
        lambda content: {"figures": [str(figure) for figure in content["figures"]]},
    ),
    headless=lambda document: {"numbers": document["old"]} if "old" in document else None,
)
KNOWN = json.dumps({"kind": "test/numbers", "version": 1, "content": {"a": 1}})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "numbers.json"


def write(path: Path, text: str | bytes) -> KeptFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return KeptFile(path, KIND)


def others(path: Path) -> list[str]:
    """What lies beside the file, without its lock."""
    return sorted(each.name for each in path.parent.iterdir() if each != path and each.suffix != ".lock")


def test_there_is_nothing_at_first_and_reading_makes_nothing(path: Path) -> None:
    file = KeptFile(path, KIND)
    assert file.read() == {}
    assert not path.parent.exists()
    assert file.asides == []


def test_what_is_written_comes_back(path: Path) -> None:
    assert KeptFile(path, KIND).change(lambda content: content | {"a": "ä\ud800"}) == {"a": "ä\ud800"}
    assert KeptFile(path, KIND).read() == {"a": "ä\ud800"}
    assert others(path) == []


def test_older_versions_become_the_newest(path: Path) -> None:
    write(path, json.dumps({"kind": "test/numbers", "version": 1, "content": {"numbers": [1, 2]}}))
    assert KeptFile(path, THIRD).read() == {"figures": ["1", "2"]}
    write(path, json.dumps({"kind": "test/numbers", "version": 2, "content": {"figures": [3]}}))
    assert KeptFile(path, THIRD).read() == {"figures": ["3"]}
    write(path, json.dumps({"old": [4]}))
    assert KeptFile(path, THIRD).read() == {"figures": ["4"]}
    assert others(path) == []


def test_change_writes_the_newest_version(path: Path) -> None:
    write(path, json.dumps({"old": [4]}))
    KeptFile(path, THIRD).change(lambda content: content | {"more": True})
    document = json.loads(path.read_text())
    assert document == {"kind": "test/numbers", "version": 3, "content": {"figures": ["4"], "more": True}}


def test_the_mark_that_some_editors_put_before_a_text_does_no_harm(path: Path) -> None:
    assert write(path, b"\xef\xbb\xbf" + KNOWN.encode()).read() == {"a": 1}


UNUSABLE: dict[str, tuple[str | bytes, Reason]] = {
    "empty": ("", Reason.DAMAGED),
    "cut": (KNOWN[:-9], Reason.DAMAGED),
    "zeros": (b"\0" * 400, Reason.DAMAGED),
    "no text": (b"\xff\xfe\x00", Reason.DAMAGED),
    "too deep": ("[" * 100_000, Reason.DAMAGED),
    "a list": ("[]", Reason.FOREIGN),
    "a number": ("7", Reason.FOREIGN),
    "no head": ('{"a": 1}', Reason.FOREIGN),
    "another kind": (json.dumps({"kind": "test/words", "version": 1, "content": {}}), Reason.FOREIGN),
    "a kind that is none": (json.dumps({"kind": ["x"], "version": 1, "content": {}}), Reason.FOREIGN),
    "far too large": ('{"kind": "test/numbers", "x": "' + "x" * 9_000_000 + '"}', Reason.FOREIGN),
    "no version": (json.dumps({"kind": "test/numbers", "content": {}}), Reason.DAMAGED),
    "version 0": (json.dumps({"kind": "test/numbers", "version": 0, "content": {}}), Reason.DAMAGED),
    "version true": (json.dumps({"kind": "test/numbers", "version": True, "content": {}}), Reason.DAMAGED),
    "version 1.0": (json.dumps({"kind": "test/numbers", "version": 1.0, "content": {}}), Reason.DAMAGED),
    "no content": (json.dumps({"kind": "test/numbers", "version": 1}), Reason.DAMAGED),
    "content that is a list": (json.dumps({"kind": "test/numbers", "version": 1, "content": []}), Reason.DAMAGED),
    "newer": (json.dumps({"kind": "test/numbers", "version": 2, "content": {"a": 1}}), Reason.NEWER),
    "newer and different": (json.dumps({"kind": "test/numbers", "version": 9, "content": 3}), Reason.NEWER),
}


@pytest.mark.parametrize("name", UNUSABLE)
@pytest.mark.parametrize("by", ["read", "change"])
def test_what_cannot_be_used_is_set_aside_as_it_was(path: Path, name: str, by: str) -> None:
    text, reason = UNUSABLE[name]
    file = write(path, text)
    before = path.read_bytes()

    assert (file.read() if by == "read" else file.change(lambda content: content)) == {}

    kept_as = path.with_name(f"numbers.{reason.value}.json")
    assert file.asides == [Aside(path, reason, kept_as)]
    assert kept_as.read_bytes() == before
    assert file.change(lambda content: content | {"new": True}) == {"new": True}
    assert kept_as.read_bytes() == before


def test_migration_that_fails_means_a_damaged_file(path: Path) -> None:
    write(path, json.dumps({"kind": "test/numbers", "version": 1, "content": {"other": 1}}))
    file = KeptFile(path, THIRD)
    assert file.read() == {}
    assert [aside.reason for aside in file.asides] == [Reason.DAMAGED]


def test_second_file_set_aside_does_not_take_the_place_of_the_first(path: Path) -> None:
    for number in range(3):
        write(path, f"damaged {number}").read()
    assert others(path) == ["numbers.damaged-2.json", "numbers.damaged-3.json", "numbers.damaged.json"]
    assert path.with_name("numbers.damaged.json").read_text() == "damaged 0"


def test_file_that_cannot_be_renamed_is_not_written_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(path, "damaged")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    assert file.read() == {}
    assert file.asides == [Aside(path, Reason.DAMAGED, None)]
    with pytest.raises(PermissionError):
        file.change(lambda content: {"new": True})
    assert path.read_text() == "damaged"


def test_file_that_cannot_be_opened_is_left_alone(path: Path) -> None:
    path.mkdir(parents=True)
    file = KeptFile(path, KIND)
    assert file.read() == {}
    with pytest.raises(OSError):
        file.change(lambda content: {"new": True})
    assert file.asides == []
    assert path.is_dir()


def test_value_that_json_does_not_know_leaves_the_old_file(path: Path) -> None:
    file = write(path, KNOWN)
    with pytest.raises(ValueError):
        file.change(lambda content: {"a": float("nan")})
    assert path.read_text() == KNOWN
    assert others(path) == []


def test_replacing_waits_for_whoever_reads_just_then(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows does it."""
    file, refused, replace = write(path, KNOWN), [], Path.replace

    def busy(self: Path, target: Path) -> Path:
        if len(refused) < 2:
            refused.append(self)
            raise PermissionError(13, "in use")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", busy)
    file.change(lambda content: content | {"b": 2})
    assert len(refused) == 2
    assert KeptFile(path, KIND).read() == {"a": 1, "b": 2}


@pytest.mark.slow
def test_lock_that_is_not_given_back_is_told(path: Path) -> None:
    file = write(path, KNOWN)
    lock = ConnectionLock.take(path.with_name("numbers.json.lock"))
    assert lock is not None
    with pytest.raises(TimeoutError):
        file.change(lambda content: {})
    lock.release()
    assert file.read() == {"a": 1}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(content=st.dictionaries(st.text(), _JSON))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_any_content_comes_back(tmp_path: Path, content: dict[str, Any]) -> None:
    path = tmp_path / "any.json"
    KeptFile(path, KIND).change(lambda before: content)
    assert KeptFile(path, KIND).read() == content


@given(data=st.binary(max_size=300) | _JSON.map(lambda value: json.dumps(value).encode()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_no_bytes_whatever_are_lost(tmp_path: Path, data: bytes) -> None:
    """Read, or set aside as they are."""
    path = tmp_path / "noise.json"
    path.write_bytes(data)
    file = KeptFile(path, KIND)
    file.change(lambda content: content | {"new": True})
    kept = [aside.kept_as.read_bytes() for aside in file.asides if aside.kept_as is not None]
    assert kept == [data]
    assert KeptFile(path, KIND).read() == {"new": True}


ADDS_NUMBERS = """
import sys
from pathlib import Path
from app.runtime.kept_file import FileKind, KeptFile

file, name = KeptFile(Path(sys.argv[1]), FileKind("test/numbers")), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for number in range(40):
    file.change(lambda content: content | {f"{name}.{number}": number, "count": content.get("count", 0) + 1})
"""


@pytest.mark.slow
def test_two_processes_keep_each_others_changes(path: Path) -> None:
    write(path, "damaged by whoever came before")
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", ADDS_NUMBERS, str(path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for name in ("left", "right")
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    assert [program.wait(60) for program in programs] == [0, 0]
    for program in programs:
        program.communicate()

    content = KeptFile(path, KIND).read()
    assert content.pop("count") == 80
    assert content == {f"{name}.{number}": number for name in ("left", "right") for number in range(40)}
    assert others(path) == ["numbers.damaged.json"]


WRITES_ON = """
import sys
from pathlib import Path
from app.runtime.kept_file import FileKind, KeptFile

file = KeptFile(Path(sys.argv[1]), FileKind("test/numbers"))
number = 0
while True:
    number += 1
    file.change(lambda content: {"number": number, "again": str(number) * 2_000})
    print(number, flush=True)
"""


@pytest.mark.slow
def test_program_that_is_killed_leaves_a_whole_file_and_holds_nothing_up(path: Path) -> None:
    for _ in range(3):
        program = subprocess.Popen(
            [sys.executable, "-c", WRITES_ON, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert program.stdout is not None
        for _ in range(5):
            last = int(program.stdout.readline())
        program.kill()
        program.communicate()

        file = KeptFile(path, KIND)
        content = file.read()
        assert content["number"] >= last
        assert content["again"] == str(content["number"]) * 2_000
        assert file.change(lambda content: {"number": 0, "again": ""})["number"] == 0
        assert file.asides == []
        assert others(path) == []
