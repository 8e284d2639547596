"""Taking in readiness files, keeping them, and nothing of a file holding up the loop."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from app.domain.readiness_file import Imported
from app.errors import AppError
from app.services.readiness_process import read_file
from app.services.readiness_reports import ReadinessReports
from app.services.readiness_text import limits
from tests.support.readiness_files import document, host, machine, machine_id, minutes, with_churn, write

LATER = "2026-08-27T09:00:00Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def of_size(path: Path, size: int) -> Path:
    with path.open("wb") as stream:
        stream.truncate(size)
    return path


def change(path: Path, before: bytes, after: bytes) -> bytes:
    content = path.read_bytes().replace(before, after, 1)
    path.write_bytes(content)
    return content


async def take(reports: ReadinessReports, *paths: Path) -> Imported:
    return await reports.import_files(paths)


async def test_what_was_taken_in_is_there_again_after_a_restart(folder: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.json", with_churn(document(host(), host("HV-HQ-02", [machine(2)])), minutes(["x.vhdx"], 3))
    )
    first = ReadinessReports(folder)
    imported = await take(first, file)
    assert [(taken.file_name, taken.hosts) for taken in imported.taken] == [("a.json", ("HV-HQ-01", "HV-HQ-02"))]
    second = ReadinessReports(folder)
    assert await second.load() == first.all()
    assert second.all().machine(machine_id(2).upper()) is not None


async def test_a_bad_file_costs_itself_only(folder: Path, tmp_path: Path) -> None:
    good = write(tmp_path / "good.json", document())
    bad = write(tmp_path / "bad.json", "{\n]")
    imported = await take(ReadinessReports(folder), bad, tmp_path / "gone.json", tmp_path, good)
    assert [taken.file_name for taken in imported.taken] == ["good.json"]
    assert [(each.file_name, each.place) for each in imported.refused] == [
        ("bad.json", "line 2, column 1"),
        ("gone.json", ""),
        (tmp_path.name, ""),
    ]
    assert all(each.reason.endswith(".") for each in imported.refused)


async def test_the_newest_of_a_host_stays_whatever_comes_last(folder: Path, tmp_path: Path) -> None:
    old = write(tmp_path / "old.json", document())
    new = write(tmp_path / "new.json", document(host(machines=[machine(1), machine(2)], ended=LATER)))
    reports = ReadinessReports(folder)
    await take(reports, new)
    imported = await take(reports, old)
    assert imported.taken[0].older == ("HV-HQ-01",)
    assert imported.taken[0].hosts == ()
    (kept,) = reports.all().hosts
    assert (kept.file_name, len(kept.machines)) == ("new.json", 2)
    assert (await ReadinessReports(folder).load()).hosts[0].file_name == "new.json"


async def test_a_node_that_was_down_does_not_replace_what_is_known_of_it(folder: Path, tmp_path: Path) -> None:
    reports = ReadinessReports(folder)
    await take(reports, write(tmp_path / "a.json", document(host("A"))))
    down = {"name": "A", "fqdn": "a.contoso.com", "is_reached": False, "problem": "Down", "ended": LATER}
    imported = await take(reports, write(tmp_path / "b.json", document(host("B", []), down)))
    assert (imported.taken[0].hosts, imported.taken[0].older) == (("B",), ("A",))


async def test_a_measurement_outlives_a_later_report_without_one(folder: Path, tmp_path: Path) -> None:
    reports = ReadinessReports(folder)
    await take(reports, write(tmp_path / "a.json", with_churn(document(), minutes(["x.vhdx"], 40))))
    await take(reports, write(tmp_path / "b.json", document(host(ended=LATER))))
    (kept,) = reports.all().hosts
    assert kept.file_name == "b.json"
    assert kept.churn is not None
    assert kept.churn.minutes == 40


async def test_a_host_can_be_forgotten(folder: Path, tmp_path: Path) -> None:
    reports = ReadinessReports(folder)
    await take(reports, write(tmp_path / "a.json", document(host(), host("HV-HQ-02", []))))
    await reports.forget("hv-hq-01.CONTOSO.com")
    await reports.forget("nobody")
    assert [each.name for each in reports.all().hosts] == ["HV-HQ-02"]
    assert [each.name for each in (await ReadinessReports(folder).load()).hosts] == ["HV-HQ-02"]


async def test_without_a_folder_all_is_kept_in_memory(tmp_path: Path) -> None:
    reports = ReadinessReports(None)
    await take(reports, write(tmp_path / "a.json", document()))
    assert await reports.load() == reports.all()
    await reports.forget("HV-HQ-01")
    assert not reports.all()
    assert [path.name for path in files(tmp_path)] == ["a.json"]


async def test_a_kept_file_that_is_damaged_is_set_aside_and_costs_itself_only(folder: Path, tmp_path: Path) -> None:
    reports = ReadinessReports(folder)
    await take(reports, write(tmp_path / "a.json", document(host(), host("HV-HQ-02", []))))
    first, second = files(folder)
    change(first, b'{"host"', b'{"ho')
    assert len((await ReadinessReports(folder).load()).hosts) == 1
    assert sorted(path.suffix for path in files(folder)) == [".damaged", ".jsonl"]
    later = change(second, b'"version":1}', b'"version":2}')
    assert not await ReadinessReports(folder).load()
    assert change(second, b"", b"") == later


async def test_what_cannot_be_kept_is_said(folder: Path, tmp_path: Path) -> None:
    reports = ReadinessReports(write(folder, "in the way"))
    with pytest.raises(AppError, match="can’t be changed"):
        await take(reports, write(tmp_path / "a.json", document()))
    assert not reports.all()


async def test_several_programs_keep_their_hosts_side_by_side(folder: Path, tmp_path: Path) -> None:
    one, other = ReadinessReports(folder), ReadinessReports(folder)
    await take(one, write(tmp_path / "a.json", document(host("A"))))
    await take(other, write(tmp_path / "b.json", document(host("B"))))
    assert [each.name for each in (await one.load()).hosts] == ["A", "B"]


async def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    found = await read_file(of_size(tmp_path / "huge.json", limits().max_file_bytes + 1))
    assert "larger than 128 MiB" in getattr(found, "reason", "")


async def test_reading_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", document())
    found = await read_file(path, within_s=0.0)
    assert "more than it is worth" in getattr(found, "reason", "")


async def test_reading_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", document())
    task = asyncio.create_task(read_file(path))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


HOSTILE = {
    "one name of 50 MB": lambda: json.dumps(document(host(machines=[machine(name="x" * (50 << 20))]))),
    "five million numbers": lambda: (
        '{"schema":"site-recovery-desk/readiness","version":"1.0","ended":"x","hosts":[],"x":['
        + "1234567," * 6_000_000
        + "1]}"
    ),
    "a million fields": lambda: "{" + ",".join(f'"{n}":{{"a":[{n}]}}' for n in range(2_000_000)) + "}",
    "brackets": lambda: "[" * (50 << 20),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
async def test_fifty_megabytes_of_malice_do_not_hold_the_loop(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", HOSTILE[name]())
    busy = 0.0

    async def beat() -> None:
        """The processor time of this whole process between two beats: what the loop could have been kept from."""
        nonlocal busy
        while True:
            before = time.process_time()
            await asyncio.sleep(0.005)
            busy = max(busy, time.process_time() - before)

    heart = asyncio.create_task(beat())
    try:
        await ReadinessReports(tmp_path / "kept").import_files([path])
    finally:
        heart.cancel()
    assert busy < 0.05
