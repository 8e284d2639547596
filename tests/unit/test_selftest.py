from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path

import pytest

from app import selftest
from tests.support.source import ROOT


def run() -> int:
    return selftest.run(argparse.Namespace())


@pytest.mark.slow
def test_this_copy_passes(capsys: pytest.CaptureFixture[str]) -> None:
    status = run()

    shown = capsys.readouterr().out
    assert status == 0, shown
    assert [line.split()[0] for line in shown.splitlines()] == ["ok"] * len(selftest.CHECKS)


def test_every_declared_library_is_checked() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared = tomllib.load(file)["project"]["dependencies"]

    names = {re.split(r"[<>=]", line)[0] for line in declared}
    assert names == {*selftest.LIBRARIES, selftest.FONT_LIBRARY}


def test_unsuitable_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))

    with pytest.raises(selftest.CheckFailed, match=r"install Python 3\.13"):
        selftest.check_python()


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "LIBRARIES", {"no-such-library": "no_such_library"})

    with pytest.raises(selftest.CheckFailed, match="no-such-library does not load"):
        selftest.check_libraries()


def test_other_version_than_tested_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("msgspec==0.0.1 \\\n    --hash=sha256:00\nnot-here==1.0 ; sys_platform == 'win32' \\\n")
    monkeypatch.setattr(selftest, "LOCK", lock)
    monkeypatch.setattr(selftest, "LIBRARIES", {"msgspec": "msgspec"})

    with pytest.raises(selftest.CheckFailed, match=r"msgspec is \S+, tested with 0\.0\.1\."):
        selftest.check_libraries()


def test_installed_copy_without_a_lock_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(selftest, "LOCK", tmp_path / "missing")
    monkeypatch.setattr(selftest, "LIBRARIES", {"msgspec": "msgspec"})

    assert "versions not compared" in selftest.check_libraries()


def test_folder_that_cannot_be_written_is_named(user_home: Path) -> None:
    user_home.write_text("a file where the folder belongs")

    with pytest.raises(selftest.CheckFailed, match=re.escape(str(user_home))):
        selftest.check_user_folder()


def test_no_keyring_is_no_failure() -> None:
    assert "until the program ends" in selftest.check_secret_store()


def test_one_broken_check_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> str:
        raise RuntimeError("oops")

    monkeypatch.setattr(selftest, "CHECKS", (("First", broken), ("Second", lambda: "fine")))

    assert run() == 1
    assert capsys.readouterr().out.split("\n")[:2] == [
        "FAILED  First                RuntimeError: oops",
        "ok      Second               fine",
    ]
