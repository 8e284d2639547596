"""What a user can do wrong on the window's command line, and how the program is stopped from outside."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.served import output_of, start_python
from tests.support.waiting import until
from ui.options import read_options

TOUR_FAILED = 1
JOURNALS = "data/connections/*/journal.sqlite"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--practice", "nowhere"), "there is no scenario 'nowhere'", id="no_such_scenario"),
        pytest.param(("--practice", "fleet", "--count", "0"), "use a number from 1 to", id="no_machine"),
        pytest.param(("--practice", "fleet", "--count", "many"), "use a number from 1 to", id="no_number"),
        pytest.param(("--count", "5"), "--count goes with --practice fleet", id="count_of_nothing"),
        pytest.param(("--practice", "--connection", "x"), "exclude each other", id="two_connections"),
    ],
)
def test_a_senseless_command_line_is_refused(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_options(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_the_practice_vault_without_a_scenario_is_contoso() -> None:
    assert read_options(["--practice"]).practice == "contoso"


@pytest.mark.slow
async def test_a_tour_says_that_its_folder_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    program = await start_python("-m", "ui", "--tour", str(file), home=tmp_path / "home")
    assert (await output_of(program)).startswith(f"tour: nothing can be written to {file}: ")
    assert program.returncode == TOUR_FAILED


@pytest.mark.slow
async def test_a_home_that_cannot_be_written_is_told_and_another_one_is_offered(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.touch()
    program = await start_python("-m", "ui", home=home)
    said = await output_of(program)
    assert program.returncode == 1
    assert said.startswith(f"{home / 'logs'} can’t be written: ")
    assert "SITE_RECOVERY_DESK_HOME" in said
    assert "Traceback" not in said


@pytest.mark.slow
async def test_a_tour_gives_up_at_once_without_its_connection(tmp_path: Path) -> None:
    command = ("-m", "ui", "--tour", str(tmp_path / "tour"), "--connection", str(tmp_path / "missing.json"))
    program = await start_python(*command, home=tmp_path / "home")
    said = await output_of(program)
    assert program.returncode == TOUR_FAILED
    assert "tour: welcome failed: The connection file missing.json cannot be used." in said
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process there is not sent signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupt_closes_the_window_and_its_connection(tmp_path: Path, number: signal.Signals) -> None:
    home = tmp_path / "home"
    program = await start_python("-m", "ui", "--practice", "empty", home=home)
    await until(lambda: list(home.glob(f"{JOURNALS}-wal")), within_s=30, what="the connection to open")
    os.kill(program.pid, number)
    assert await output_of(program) == ""
    assert program.returncode == 128 + number
    assert list(home.glob(JOURNALS))
    assert not list(home.glob(f"{JOURNALS}-wal"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process there is not sent signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupt_right_after_the_first_frame_ends_quietly(tmp_path: Path, number: signal.Signals) -> None:
    script = f"""
import os, sys
from ui import first_frame, main
load = first_frame._Loading._load_next
def interrupted(self):
    if len(self._waiting) == 3:
        os.kill(os.getpid(), {int(number)})
    load(self)
first_frame._Loading._load_next = interrupted
sys.exit(main.main([]))
"""
    program = await start_python("-c", script, home=tmp_path / "home")
    assert await output_of(program) == ""
    assert program.returncode == 128 + number
