"""The installer's download, from a real server that serves well and badly: the file is whole or absent."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import io
import random
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import pytest

from app.adapters.azure.clients import NetworkTransport
from app.adapters.azure.file_source import MOST_REDIRECTS, TransportFileSource
from app.adapters.network.ways import Ways
from app.adapters.signature import AuthenticodeCheck, judge, organisation_in
from app.domain.installer import Downloaded, Installer, Signature, SignatureVerdict, Unfinished
from app.errors import AppError, Conflict, NotFound, NotSupported, ServiceFault, Unreachable
from app.network_settings import NetworkSettings, ProxyMode
from app.runtime.part_file import OpenFile, open_file
from app.runtime.progress import Progress
from app.services.provider_download import DownloadProgress, ProviderDownload
from tests.support.doors import DOORS, open_door
from tests.support.file_server import Answer, Asked, FileServer, serve_file
from tests.support.proxies import closed_port
from tests.support.waiting import until

SIZE = 3_000_001
CONTENT = b"MZ" + random.Random(7).randbytes(SIZE - 2)
OTHER = b"MZ" + random.Random(8).randbytes(SIZE - 2)
SIGNED = Signature(SignatureVerdict.VALID, "Signed by Contoso; the signature is valid.", "Contoso")


class Signed:
    """A check that says what it is told to."""

    def __init__(self, says: Signature = SIGNED) -> None:
        self.says = says
        self.looked_at: list[bytes] = []

    async def check(self, file: Path, signer: str) -> Signature:
        self.looked_at.append(await asyncio.to_thread(file.read_bytes))
        return self.says


@dataclass
class Kit:
    """A server, and the program before it."""

    server: FileServer
    transport: NetworkTransport
    folder: Path
    check: Signed = field(default_factory=Signed)
    told: list[Progress] = field(default_factory=list)

    @property
    def target(self) -> Path:
        return self.folder / "downloads" / "setup.exe"

    def program(self, link: str = "", opens: OpenFile = open_file, **changes: Any) -> ProviderDownload:
        """The service, as a program that was just started makes it."""
        installer = Installer("setup.exe", link or self.server.link, "MZ", "Contoso", None)  # type: ignore[arg-type]
        installer = replace(installer, **changes)
        source = TransportFileSource(self.transport)
        return ProviderDownload(source, self.check, installer, self.folder, opens=opens)

    async def download(self, **options: Any) -> Downloaded:
        return await self.program(**options).download(self.target, report=self.told.append)

    async def refused(self, kind: type[AppError], **options: Any) -> AppError:
        """Downloading fails so, and nothing stands under the target's name."""
        with pytest.raises(kind) as caught:
            await self.download(**options)
        assert not self.target.exists()
        return caught.value

    @property
    def files(self) -> set[str]:
        return {file.name for file in self.target.parent.iterdir()}

    @property
    def starts(self) -> list[str]:
        """From where each request asked."""
        return [asked.headers.get("range", "") for asked in self.server.asked]


@pytest.fixture
async def kit(tmp_path: Path) -> AsyncIterator[Kit]:
    (tmp_path / "downloads").mkdir()
    transport = NetworkTransport(Ways())
    async with serve_file(CONTENT) as server:
        try:
            yield Kit(server, transport, tmp_path)
        finally:
            await transport.close()


def broken(kit: Kit, at: int = SIZE // 2) -> list[Callable[[Asked], Answer]]:
    """The line breaks there, and brings nothing when it is taken up again."""
    return [kit.server.cut_at(at), kit.server.cut_at(0), kit.server.cut_at(0)]


def started_at(kit: Kit, number: int) -> int:
    """From which byte a request asked; what the line still held when it broke may have to come again."""
    return int(kit.starts[number].removeprefix("bytes=").removesuffix("-") or 0)


def is_whole(kit: Kit, content: bytes = CONTENT) -> bool:
    return kit.target.read_bytes() == content and kit.files == {"setup.exe"}


async def test_whole_file_gets_its_name_size_and_digest(kit: Kit) -> None:
    done = await kit.download()
    assert is_whole(kit)
    assert (done.path, done.size, done.signature) == (kit.target, SIZE, SIGNED)
    assert done.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert kit.check.looked_at == [CONTENT]
    assert (kit.told[-1].done, kit.told[-1].total) == (SIZE, SIZE)
    assert "authorization" not in kit.server.asked[0].headers


@pytest.mark.parametrize("tenth", range(10))
async def test_line_cut_at_any_tenth_is_taken_up_again(kit: Kit, tenth: int) -> None:
    kit.server.answers = [kit.server.cut_at(SIZE * tenth // 10)]
    await kit.download()
    assert is_whole(kit)
    assert len(kit.server.asked) == 2
    assert started_at(kit, 1) <= SIZE * tenth // 10


async def test_line_cut_at_every_tenth_still_brings_the_whole_file(kit: Kit) -> None:
    kit.server.answers = [kit.server.cut_at(SIZE * tenth // 10) for tenth in range(1, 10)]
    done = await kit.download()
    assert is_whole(kit)
    assert done.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert len(kit.server.asked) == 10
    starts = [started_at(kit, number) for number in range(10)]
    assert starts == sorted(starts)


async def test_line_that_brings_nothing_more_ends_the_attempt_and_keeps_what_came(kit: Kit) -> None:
    kit.server.answers = broken(kit)
    error = await kit.refused(Unreachable)
    kept = await kit.program().unfinished()
    assert kept == Unfinished(kit.target, started_at(kit, 1), SIZE)
    assert error.title == f"The download broke off at {kept.done / 1e6:.1f} of 3.0 MB."
    assert "kept" in error.advice


async def pause_at(kit: Kit, at: int) -> Unfinished:
    """Download until the server has sent `at` bytes and no more, then give up waiting."""
    kit.server.answers = [lambda asked: replace(kit.server.well(asked), gate_at=at)]
    kit.told.clear()
    program = kit.program()
    task = asyncio.create_task(program.download(kit.target, report=kit.told.append))
    await until(lambda: kit.told and kit.told[-1].done == at)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await program.settled()
    assert not kit.target.exists()
    kept = await program.unfinished()
    assert kept is not None
    return kept


@pytest.mark.parametrize("tenth", range(1, 10))
async def test_program_started_anew_goes_on_where_the_paused_one_ended(kit: Kit, tenth: int) -> None:
    at = SIZE * tenth // 10
    assert await pause_at(kit, at) == Unfinished(kit.target, at, SIZE)
    found = await kit.program().unfinished()
    assert found == Unfinished(kit.target, at, SIZE)
    await kit.program().download(found.path)
    assert is_whole(kit)
    assert kit.starts == ["", f"bytes={at}-"]
    assert await kit.program().unfinished() is None


async def test_second_download_to_the_same_place_is_refused(kit: Kit) -> None:
    kit.server.answers = [lambda asked: replace(kit.server.well(asked), gate_at=SIZE // 2)]
    program = kit.program()
    task = asyncio.create_task(program.download(kit.target, report=kit.told.append))
    await until(lambda: kit.told)
    with pytest.raises(Conflict):
        await program.download(kit.target)
    with pytest.raises(Conflict):
        await program.discard(kit.target)
    kit.server.gate.set()
    await task
    assert is_whole(kit)


async def test_stop_leaves_nothing(kit: Kit) -> None:
    kit.server.answers = broken(kit)
    await kit.refused(Unreachable)
    await kit.program().discard(kit.target)
    assert kit.files == set()
    assert await kit.program().unfinished() is None


# What other servers, and other files, answer


def interrupted(kit: Kit) -> None:
    kit.server.answers = [kit.server.cut_at(SIZE // 2)]


async def test_file_changed_meanwhile_is_begun_anew(kit: Kit) -> None:
    def changed(asked: Asked) -> Answer:
        kit.server.content, kit.server.etag = OTHER, '"two"'
        return kit.server.well(asked)

    interrupted(kit)
    kit.server.answers.append(changed)
    await kit.download()
    assert is_whole(kit, OTHER)


Alter = Callable[[Kit, Asked], Answer]


def part(kit: Kit, asked: Asked, **heads: str) -> Answer:
    answer = kit.server.well(asked)
    return replace(answer, headers=answer.headers | {name.replace("_", "-"): text for name, text in heads.items()})


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(lambda kit, asked: part(kit, asked, ETag='"two"'), id="part of another file"),
        pytest.param(lambda kit, asked: part(kit, asked, Content_Range=f"bytes 5-{SIZE - 1}/{SIZE}"), id="other range"),
        pytest.param(lambda kit, asked: part(kit, asked, Content_Range="bytes 1-2/*"), id="unknown total"),
        pytest.param(lambda kit, asked: part(kit, asked, Content_Range=""), id="no range at all"),
        pytest.param(
            lambda kit, asked: part(kit, asked, Content_Range=f"bytes {SIZE // 2}-{SIZE - 1}/{SIZE + 9}"),
            id="another size",
        ),
        pytest.param(
            lambda kit, asked: replace(part(kit, asked), body=b"MZ" + bytes(99)), id="fewer bytes than the range"
        ),
        pytest.param(lambda kit, asked: Answer(200, {"ETag": '"one"'}, CONTENT), id="the whole file"),
        pytest.param(lambda kit, asked: Answer(416, {"Content-Range": f"bytes */{SIZE}"}, b""), id="no such part"),
    ],
)
async def test_answer_that_is_not_the_part_asked_for_begins_anew(kit: Kit, alter: Alter) -> None:
    interrupted(kit)
    kit.server.answers.append(lambda asked: alter(kit, asked))
    await kit.download()
    assert is_whole(kit)


async def test_shorter_part_than_asked_for_is_taken_and_gone_on_from(kit: Kit) -> None:
    def short(asked: Asked) -> Answer:
        start = started_at(kit, 1)
        heads = {"ETag": '"one"', "Content-Range": f"bytes {start}-{start + 999}/{SIZE}"}
        return Answer(206, heads, CONTENT[start : start + 1000])

    interrupted(kit)
    kit.server.answers.append(short)
    await kit.download()
    assert is_whole(kit)
    assert started_at(kit, 2) == started_at(kit, 1) + 1000


async def test_file_that_changes_with_every_answer_is_given_up(kit: Kit) -> None:
    for _ in range(3):
        kit.server.answers += [kit.server.cut_at(SIZE // 2), lambda asked: part(kit, asked, ETag='"two"')]
    error = await kit.refused(ServiceFault)
    assert "changed while" in error.title


async def test_file_without_a_mark_begins_anew_after_a_cut(kit: Kit) -> None:
    kit.server.etag = ""
    kit.server.answers = [kit.server.cut_at(SIZE // 2)]
    await kit.download()
    assert is_whole(kit)
    assert kit.starts == ["", ""]


async def test_part_changed_on_the_disk_is_not_gone_on_with(kit: Kit) -> None:
    kit.server.answers = broken(kit)
    await kit.refused(Unreachable)
    part_file = kit.target.with_name("setup.exe.part")
    part_file.write_bytes(b"MZ" + bytes(SIZE // 2))
    kit.server.asked.clear()
    await kit.download()
    assert is_whole(kit)
    assert kit.starts == [""]


@pytest.mark.parametrize("note", ["", "{", "[]", "null", '{"kind": "site-recovery-desk.part", "done": "x"}'])
async def test_damaged_note_means_to_begin_anew(kit: Kit, note: str) -> None:
    kit.server.answers = broken(kit)
    await kit.refused(Unreachable)
    kit.target.with_name("setup.exe.part.json").write_text(note, encoding="utf-8")
    await kit.download()
    assert is_whole(kit)


async def test_answer_shorter_than_it_says_is_no_whole_file(kit: Kit) -> None:
    kit.server.answers = [lambda asked: Answer(200, {"Content-Length": str(SIZE)}, CONTENT[:-1])] * 9
    await kit.refused(Unreachable)


async def test_answer_that_does_not_say_its_size_is_refused(kit: Kit) -> None:
    kit.server.answers = [lambda asked: Answer(200, {"Content-Length": ""}, CONTENT)]
    error = await kit.refused(ServiceFault)
    assert "how large" in error.title


async def test_web_page_in_its_place_is_refused(kit: Kit) -> None:
    page = b"<html>Sign in to the network</html>"
    kit.server.answers = [lambda asked: Answer(200, {"Content-Type": "text/html; charset=utf-8"}, page)]
    await kit.refused(Unreachable)
    assert kit.files == set()


async def test_other_kind_of_file_is_refused(kit: Kit) -> None:
    kit.server.content = b"PK" + CONTENT
    error = await kit.refused(ServiceFault)
    assert error.title == "What came is not setup.exe."
    assert kit.files == set()


@pytest.mark.parametrize(("status", "kind"), [(404, NotFound), (403, ServiceFault), (500, ServiceFault)])
async def test_refusal_is_a_sentence(kit: Kit, status: int, kind: type[AppError]) -> None:
    kit.server.answers = [lambda asked: Answer(status, {}, b"")]
    error = await kit.refused(kind)
    assert error.title
    assert error.advice


# Redirects


def to(place: str) -> Callable[[Asked], Answer]:
    return lambda asked: Answer(302, {"Location": place}, b"")


async def test_redirects_are_followed_to_another_host(kit: Kit) -> None:
    kit.server.answers = [to("/second"), to(kit.server.link.replace("127.0.0.1", "localhost"))]
    await kit.download(link=f"{kit.server.base}/short")
    assert is_whole(kit)
    assert [asked.path for asked in kit.server.asked] == ["/short", "/second", "/setup.exe"]


@pytest.mark.parametrize("place", ["http://example.com/setup.exe", "ftp://example.com/x", "file:///etc/passwd", "//["])
async def test_redirect_without_encryption_is_refused(kit: Kit, place: str) -> None:
    kit.server.answers = [to(place)]
    error = await kit.refused(NotSupported)
    assert "without encryption" in error.title
    assert len(kit.server.asked) == 1


async def test_endless_redirects_are_given_up(kit: Kit) -> None:
    kit.server.answers = [to("/again")] * 99
    await kit.refused(NotSupported)
    assert len(kit.server.asked) == MOST_REDIRECTS + 1


# The disk


class FullDisk:
    """Opens files that take `room` bytes and then say that the disk is full."""

    def __init__(self, room: int) -> None:
        self.room = room

    def __call__(self, path: Path, mode: str) -> BinaryIO:
        disk = self

        class Full(io.FileIO):
            def write(self, data: Any) -> int:
                disk.room -= len(data)
                if disk.room < 0:
                    raise OSError(errno.ENOSPC, "No space left on device")
                return super().write(data)

        return io.BufferedRandom(Full(path, mode.replace("b", "")))  # type: ignore[return-value]


async def test_full_disk_is_a_sentence_and_continue_works_once_there_is_room(kit: Kit) -> None:
    error = await kit.refused(AppError, opens=FullDisk(SIZE // 2))
    assert error.code == "DiskFull"
    assert error.title == f"The disk of {kit.target.parent} is full."
    await kit.download()
    assert is_whole(kit)


async def test_too_little_room_is_said_before_anything_is_fetched(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    error = await kit.refused(AppError)
    assert error.code == "DiskFull"
    assert "1 MB free" in error.title
    assert kit.files == set()


async def test_folder_that_is_not_there_is_a_sentence(kit: Kit) -> None:
    with pytest.raises(AppError) as caught:
        await kit.program().download(kit.folder / "nowhere" / "setup.exe")
    assert caught.value.code == "FileNotSaved"


async def test_file_of_before_stays_until_the_new_one_is_whole(kit: Kit) -> None:
    kit.target.write_bytes(b"old")
    kit.server.answers = broken(kit)
    with pytest.raises(Unreachable):
        await kit.download()
    assert kit.target.read_bytes() == b"old"
    await kit.download()
    assert is_whole(kit)


async def test_speed_and_time_left_are_told(kit: Kit) -> None:
    seconds = iter(range(10_000))
    program = kit.program()
    program._seconds = lambda: float(next(seconds))
    await program.download(kit.target, report=kit.told.append)
    last = kit.told[-2]
    assert isinstance(last, DownloadProgress)
    assert last.bytes_per_s == 65_536  # a second passes with each piece
    assert last.seconds_left == (SIZE - last.done) / 65_536


# Signatures


async def test_file_that_is_not_signed_as_it_must_be_is_removed(kit: Kit) -> None:
    kit.check.says = Signature(SignatureVerdict.REFUSED, "it is signed by Fabrikam, not by Contoso.", "Fabrikam")
    error = await kit.refused(ServiceFault)
    assert error.title == "setup.exe was removed again: it is signed by Fabrikam, not by Contoso."
    assert kit.files == set()


MICROSOFT = "CN=Microsoft Corporation, O=Microsoft Corporation, L=Redmond, S=Washington, C=US"


@pytest.mark.parametrize(
    ("status", "subject", "verdict"),
    [
        ("Valid", MICROSOFT, SignatureVerdict.VALID),
        ("Valid", "CN=Microsoft Corporation, O=Fabrikam, C=US", SignatureVerdict.REFUSED),
        ("Valid", 'CN=x, O="Microsoft Corporation, Inc.", C=US', SignatureVerdict.REFUSED),
        ("HashMismatch", MICROSOFT, SignatureVerdict.REFUSED),
        ("NotSigned", "", SignatureVerdict.REFUSED),
        ("NotTrusted", MICROSOFT, SignatureVerdict.REFUSED),
        ("UnknownError", "", SignatureVerdict.NOT_CHECKED),
    ],
)
def test_what_windows_says_is_judged(status: str, subject: str, verdict: SignatureVerdict) -> None:
    assert judge(status, subject, "Microsoft Corporation").verdict is verdict


def test_organisation_with_a_comma_in_its_name_is_read_whole() -> None:
    assert organisation_in('CN=x, O="Contoso ""C"", Ltd", C=DE') == 'Contoso "C", Ltd'


def says(script: str) -> AuthenticodeCheck:
    return AuthenticodeCheck((sys.executable, "-c", script))


async def test_windows_is_asked_for_the_file_by_its_exact_name(tmp_path: Path) -> None:
    file = tmp_path / "set $(up) 'n ew.exe"
    script = (
        "import json, os; print(json.dumps({'status': 'Valid', 'subject': "
        "'O=' + os.path.basename(os.environ['SITE_RECOVERY_DESK_FILE'])}))"
    )
    found = await says(script).check(file, file.name)
    assert found.verdict is SignatureVerdict.VALID


@pytest.mark.parametrize("script", ["print('?')", "raise SystemExit(1)", "print('[]')", "print('{}')"])
async def test_check_that_cannot_be_made_says_how_to_make_it_on_the_host(tmp_path: Path, script: str) -> None:
    found = await says(script).check(tmp_path / "setup.exe", "Contoso")
    assert found.verdict is SignatureVerdict.NOT_CHECKED
    assert "Digital Signatures" in found.text


async def test_elsewhere_than_on_windows_nothing_is_checked(tmp_path: Path) -> None:
    found = await AuthenticodeCheck(()).check(tmp_path / "setup.exe", "Contoso")
    assert found.verdict is SignatureVerdict.NOT_CHECKED
    assert "Check it on the host" in found.text


# The practice vault


@pytest.mark.parametrize("door", DOORS)
async def test_practice_installer_is_whole_and_no_program(door: str, tmp_path: Path) -> None:
    from app.adapters.azure.practice_gateway import practice_installer

    async with open_door(door) as opened:
        installer = practice_installer(opened.clients.endpoint.arm)
        source = TransportFileSource(opened.clients.transport)
        program = ProviderDownload(source, Signed(), installer)
        done = await program.download(tmp_path / installer.name)
    text = done.path.read_bytes()
    assert text.startswith(b"Practice installer. It installs nothing")
    assert installer.is_practice
    assert done.path.suffix == ".txt"
    assert done.signature.verdict is SignatureVerdict.NOT_CHECKED


@pytest.mark.parametrize("door", DOORS)
async def test_practice_installer_is_served_in_parts(door: str) -> None:
    from app.adapters.azure.practice_gateway import practice_installer

    async with open_door(door) as opened:
        source, link = (
            TransportFileSource(opened.clients.transport),
            practice_installer(opened.clients.endpoint.arm).link,
        )
        async with source.open(link) as whole:
            content = b"".join([chunk async for chunk in whole.chunks])
        async with source.open(link, start=100, validator=whole.validator) as part:
            rest = b"".join([chunk async for chunk in part.chunks])
        async with source.open(link, start=len(content), validator=whole.validator) as beyond:
            pass
        async with source.open(link, start=100, validator='"other"') as changed:
            pass
    assert (part.status, part.first, part.total) == (206, 100, len(content))
    assert rest == content[100:]
    assert beyond.status == 416
    assert changed.status == 200


# The line


async def test_download_goes_by_the_program_s_proxy(kit: Kit) -> None:
    port = closed_port()
    settings = NetworkSettings(ProxyMode.FIXED, proxy="127.0.0.1", port=port, exceptions=())
    transport = NetworkTransport(Ways(settings, loopback_is_far=True))
    try:
        error = await replace(kit, transport=transport).refused(Unreachable)
    finally:
        await transport.close()
    assert f"127.0.0.1:{port}" in error.title
    assert kit.server.asked == []


async def test_line_that_falls_silent_is_taken_up_again(kit: Kit) -> None:
    kit.transport.connection_config.read_timeout = 0.1
    kit.server.answers = [lambda asked: replace(kit.server.well(asked), gate_at=SIZE // 2)]
    await kit.download()
    assert is_whole(kit)
    assert started_at(kit, 1) == SIZE // 2
