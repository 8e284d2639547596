"""The journal survives what it is there for, and never holds the loop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.runtime.journal import ActionRecord, ActionState, Journal, JournalTooNew, RunRecord

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RUN = RunRecord("run-1", "Set up", "draft", NOW)


def action(name: str, position: int = 0, run: str = "run-1") -> ActionRecord:
    return ActionRecord(run, position, name, '{"kind": "x"}', "hash")


async def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    journal = await Journal.open(tmp_path / "journal.sqlite")
    await journal.add_run(RUN, [action("a"), action("b", 1)])
    sent = replace(action("b", 1), state=ActionState.SENT, client_request_id="id-1", sent=NOW, sends=1)
    await journal.write(sent)
    await journal.aclose()

    again = await Journal.open(tmp_path / "journal.sqlite")
    assert await again.runs(only_open=True) == (RUN,)
    assert await again.actions("run-1") == (action("a"), sent)
    await again.aclose()


async def test_a_write_whose_caller_was_cancelled_is_written(tmp_path: Path) -> None:
    journal = await Journal.open(tmp_path / "journal.sqlite")
    await journal.add_run(RUN, [action("a")])
    task = asyncio.create_task(journal.write(replace(action("a"), state=ActionState.SENT)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await journal.actions("run-1"))[0].state is ActionState.SENT
    await journal.aclose()


async def test_a_run_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    journal = await Journal.open(tmp_path / "journal.sqlite")
    with pytest.raises(sqlite3.IntegrityError):
        await journal.add_run(RUN, [action("a"), action("a", 1)])
    assert await journal.runs() == ()
    await journal.aclose()


async def test_a_closed_run_is_not_open(tmp_path: Path) -> None:
    journal = await Journal.open(tmp_path / "journal.sqlite")
    await journal.add_run(RUN, [action("a")])
    await journal.close_run("run-1")
    assert await journal.runs(only_open=True) == ()
    assert [run.id for run in await journal.runs()] == ["run-1"]
    await journal.aclose()


async def test_an_action_in_flight_in_another_run_is_found(tmp_path: Path) -> None:
    journal = await Journal.open(tmp_path / "journal.sqlite")
    await journal.add_run(RUN, [action("a"), action("b", 1)])
    await journal.write(replace(action("a"), state=ActionState.ACCEPTED, job_id="job", sent=NOW))
    await journal.write(replace(action("b", 1), state=ActionState.CONFIRMED, sent=NOW))

    found = await journal.in_flight_elsewhere("a", "run-2")
    assert found is not None
    assert found.job_id == "job"
    assert await journal.in_flight_elsewhere("a", "run-1") is None
    assert await journal.in_flight_elsewhere("b", "run-2") is None
    await journal.aclose()


async def test_the_file_is_only_touched_on_the_journals_own_thread(tmp_path: Path) -> None:
    journal = await Journal.open(tmp_path / "journal.sqlite")
    threads: set[str] = set()
    journal._connection.set_trace_callback(lambda _: threads.add(threading.current_thread().name))
    await journal.add_run(RUN, [action("a")])
    await journal.write(replace(action("a"), state=ActionState.SENT))
    await journal.actions("run-1")
    assert len(threads) == 1
    assert threads.pop().startswith("journal")
    await journal.aclose()


async def test_every_commit_waits_for_the_disk(tmp_path: Path) -> None:
    journal = await Journal.open(tmp_path / "journal.sqlite")
    pragmas = await journal._call(
        lambda connection: [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]
    )
    assert pragmas == ["wal", 2]
    await journal.aclose()


async def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(JournalTooNew):
        await Journal.open(path)
    assert path.read_bytes() == before


async def test_a_damaged_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"this is not a database, whatever it was before" * 40)
    before = path.read_bytes()
    with pytest.raises(sqlite3.DatabaseError):
        await Journal.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("round_number", range(10))
async def test_two_programs_may_begin_a_journal_together(tmp_path: Path, round_number: int) -> None:
    one, other = await asyncio.gather(Journal.open(tmp_path / "journal"), Journal.open(tmp_path / "journal"))
    assert await one.runs() == await other.runs() == ()
    await one.aclose()
    await other.aclose()
