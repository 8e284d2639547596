"""The fixtures of `conftest.py` fail what they are there to fail: a run of small bad tests, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.source import ROOT

CONFTEST = """
from pathlib import Path

import tests.conftest

tests.conftest.UI_TESTS = (Path(__file__).parent / "ui",)
"""

HEADLESS = """
import asyncio
import socket
import warnings
import urllib.request

import keyring
import pytest
from keyring.errors import NoKeyringError

from app.paths import user_paths

async def test_bad_leaves_a_task():
    asyncio.get_running_loop().create_task(asyncio.sleep(60), name="forgotten")


async def test_good_ends_its_task():
    task = asyncio.get_running_loop().create_task(asyncio.sleep(60))
    task.cancel()


def test_bad_connects_to_another_machine():
    socket.create_connection(("192.0.2.1", 443), timeout=1)


def test_bad_looks_a_name_up():
    urllib.request.urlopen("http://management.example.com/", timeout=1)


async def test_bad_connects_from_the_loop():
    await asyncio.open_connection("192.0.2.1", 443)


async def test_good_talks_to_itself():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    assert await reader.read() == b""
    writer.close()
    server.close()


def test_good_has_a_home_of_its_own(user_home):
    assert user_paths().data.is_relative_to(user_home)


def test_good_meets_no_keyring():
    with pytest.raises(NoKeyringError):
        keyring.get_password("a", "b")


def test_bad_warns():
    warnings.warn("old ways")
"""

ON_QT = """
import asyncio

import pytest
import qasync
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QWidget

from tests.support.waiting import until

kept = []


async def test_good_runs_on_the_qt_loop():
    fired = []
    QTimer.singleShot(0, lambda: fired.append(True))
    await until(lambda: fired)
    assert isinstance(asyncio.get_running_loop(), qasync.QEventLoop)


def test_bad_leaves_a_window():
    kept.append(QWidget(objectName="forgotten"))


def test_good_drops_its_window():
    QWidget().show()


def test_good_hands_its_window_over(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    kept.append(widget)


def test_bad_makes_qt_complain():
    qWarning("a timer cannot be started from another thread")


async def test_bad_waits_in_vain():
    await until(lambda: False, within_s=0.01, what="the impossible")
"""


@pytest.mark.slow
def test_bad_tests_fail_and_good_ones_pass(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_headless.py").write_text(HEADLESS, encoding="utf-8")
    (tmp_path / "ui" / "test_on_qt.py").write_text(ON_QT, encoding="utf-8")
    options = [
        "-c",
        str(ROOT / "pyproject.toml"),
        "--rootdir",
        str(tmp_path),
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]

    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-p", "tests.conftest", "-v", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
    )

    verdicts: dict[str, set[str]] = {}
    for line in done.stdout.splitlines():
        name, _, rest = line.partition(" ")
        if "::" in name and rest:
            verdicts.setdefault(name.rpartition("::")[2], set()).add(rest.split()[0])
    assert len(verdicts) == 15, done.stdout
    good = {name: words for name, words in verdicts.items() if name.startswith("test_good")}
    bad = {name: words for name, words in verdicts.items() if name.startswith("test_bad")}
    assert all(words == {"PASSED"} for words in good.values()), done.stdout
    assert all(words & {"FAILED", "ERROR"} for words in bad.values()), done.stdout
    for reason in ("forgotten", "connection to 192.0.2.1", "look-up of management.example.com", "the impossible"):
        assert reason in done.stdout
