"""The Provider's installer, downloaded: in parts that go on where they broke off, whole or absent under its name."""

from __future__ import annotations

import asyncio
import errno
import logging
import shutil
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.domain.installer import Downloaded, Installer, Signature, SignatureVerdict, Unfinished
from app.domain.sizes import bytes_text
from app.errors import AppError, Conflict, Remedy, ServiceFault, Unreachable
from app.ports.download import FileSource, PartAnswer, SignatureCheck
from app.runtime.kept_file import Content, FileKind, KeptFile
from app.runtime.part_file import OpenFile, PartFile, PartNote, open_file
from app.runtime.progress import Progress, Report, silent

T = TypeVar("T")
_log = logging.getLogger(__name__)

KEPT = FileKind("site-recovery-desk.provider-download")
KEPT_FILE = "provider-download.json"

LARGEST = 4 << 30
_SPARE = 32 << 20
"""What is left free on a disk."""
_MOST_ANSWERS = 50
_MOST_IN_VAIN = 2
_SPEED_OVER_S = 5.0

_WHOLE, _PART, _NO_SUCH_PART = 200, 206, 416
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC, errno.EFBIG})
_DOING = "download the installer"


@dataclass(frozen=True, slots=True)
class DownloadProgress(Progress):
    """`bytes_per_s` is of the last seconds; None as long as there is too little to tell."""

    bytes_per_s: float | None = None

    @property
    def seconds_left(self) -> float | None:
        if not self.bytes_per_s or self.total is None:
            return None
        return (self.total - self.done) / self.bytes_per_s


class _Anew(Exception):
    """What has arrived is of another file: nothing of it can be used."""


class ProviderDownload:
    """One per connection. Cancelling pauses: what has arrived stays, and `download` goes on with it.

    Args:
        folder: where to remember which download is not finished; None forgets.
        opens: opens the part, as `Path.open` does.
        seconds: what tells how much time has passed.
    """

    def __init__(
        self,
        source: FileSource,
        check: SignatureCheck,
        installer: Installer,
        folder: Path | None = None,
        *,
        opens: OpenFile = open_file,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.installer = installer
        self._source = source
        self._check = check
        self._kept = KeptFile(folder / KEPT_FILE, KEPT) if folder is not None else None
        self._last: Path | None = None
        self._opens = opens
        self._seconds = seconds
        self._under_way: set[Path] = set()
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    async def unfinished(self) -> Unfinished | None:
        """The download begun last, if it can go on: also one that an earlier run of the program began."""
        return await asyncio.to_thread(self._unfinished)

    async def download(self, target: Path, *, report: Report = silent) -> Downloaded:
        """Download to `target`, or go on with what is there of it. Reports `DownloadProgress`.

        Raises:
            AppError: it broke off, or is not what it should be. Under the target's name nothing has changed then.
        """
        if target in self._under_way:
            raise Conflict("DownloadUnderWay", f"{target.name} is being downloaded already.")
        self._under_way.add(target)
        self._is_idle.clear()
        part = PartFile(target, opens=self._opens)
        try:
            await _to_end(self._remember, target)
            return await self._download(part, report)
        except OSError as error:
            raise _disk_error(error, target) from error
        finally:
            await _to_end(part.close)
            self._under_way.discard(target)
            if not self._under_way:
                self._is_idle.set()

    async def settled(self) -> None:
        """Wait until what was cancelled has put its part away."""
        await self._is_idle.wait()

    async def discard(self, target: Path) -> None:
        """Remove what has arrived of a download that is not under way."""
        if target in self._under_way:
            raise Conflict("DownloadUnderWay", f"{target.name} is being downloaded.", "Pause it first.")
        try:
            await _to_end(PartFile(target).remove)
            await _to_end(self._forget)
        except OSError as error:
            raise _disk_error(error, target) from error

    # The download

    async def _download(self, part: PartFile, report: Report) -> Downloaded:
        note = await _to_end(part.note)
        if note is not None and (note.link != self.installer.link or not note.validator):
            note = None
        if note is not None and not await _to_end(part.go_on, note):
            note = None
        run = _Run(self, part, note, report)
        await run.fetch()
        digest = await _to_end(part.finish)
        signature = await self._judged(part.target)
        await _to_end(self._forget)
        return Downloaded(part.target, part.done, digest, signature)

    async def _judged(self, file: Path) -> Signature:
        installer = self.installer
        if not installer.signer:
            return Signature(SignatureVerdict.NOT_CHECKED, "A practice installer is not signed, and does nothing.")
        signature = await self._check.check(file, installer.signer)
        if signature.verdict is SignatureVerdict.REFUSED:
            await _to_end(lambda: file.unlink(missing_ok=True))
            await _to_end(self._forget)
            raise ServiceFault(
                "SignatureRefused",
                f"{file.name} was removed again: {signature.text}",
                f"Download it once more. If it happens again, tell your security team, and use {installer.link} "
                "in another network.",
                retryable=True,
            )
        return signature

    # What is remembered

    def _unfinished(self) -> Unfinished | None:
        target = self._last
        if target is None and self._kept is not None:
            path = self._kept.read().get("target")
            target = Path(path) if isinstance(path, str) and path else None
        if target is None:
            return None
        note = PartFile(target).note()
        if note is None or note.link != self.installer.link:
            return None
        return Unfinished(target, note.done, note.total)

    def _remember(self, target: Path) -> None:
        self._last = target
        self._keep({"target": str(target)})

    def _forget(self) -> None:
        self._last = None
        self._keep({})

    def _keep(self, content: Content) -> None:
        if self._kept is None:
            return
        try:
            self._kept.change(lambda _: content)
        except OSError:  # what is lost is a convenience
            _log.warning("Which download is not finished cannot be remembered", exc_info=True)


class _Run:
    """One download, over as many answers as it takes."""

    def __init__(self, service: ProviderDownload, part: PartFile, note: PartNote | None, report: Report) -> None:
        self._source = service._source
        self._installer = service.installer
        self._seconds = service._seconds
        self._part = part
        self._note = note
        self._report = report
        self._speed: deque[tuple[float, int]] = deque()
        self._is_kind_known = note is not None

    async def fetch(self) -> None:
        """Until the last byte is there.

        A broken line is taken up again until nothing has come several times.
        """
        times_anew = in_vain = 0
        for _ in range(_MOST_ANSWERS):
            had = self._part.done if self._note is not None else 0
            try:
                await self._take_answer()
            except _Anew:
                times_anew += 1
                if times_anew > 1:
                    raise _changes_all_the_time() from None
                self._note = None
                continue
            except Unreachable as error:
                in_vain = in_vain + 1 if self._part.done <= had else 0
                if self._note is None or in_vain == _MOST_IN_VAIN or not error.retryable:
                    raise self._broken_off(error) from error
            if self._note is not None and self._part.done == self._note.total:
                return
        raise self._broken_off(None)

    async def _take_answer(self) -> None:
        validator = self._note.validator if self._note is not None else ""
        start = self._part.done if validator else 0  # what can't be told from another file can't be put together
        async with self._source.open(self._installer.link, start=start, validator=validator) as answer:
            if self._note is not None and answer.status == _PART:
                self._check_part(answer, self._note)
            elif answer.status == _WHOLE:
                await self._begin(answer)
            elif self._note is not None:  # 416, or whatever else says that there is no such part
                raise _Anew
            else:
                text = f"It answered {answer.status} to a request for the whole file."
                raise ServiceFault("UnexpectedPart", f"Could not {_DOING}", "Try again later.", details=text)
            assert self._note is not None, "begun"
            async for block in answer.chunks:
                await self._take_block(block, self._note.total)

    async def _take_block(self, block: bytes, total: int) -> None:
        if self._part.done + len(block) > total:
            raise _Anew  # more than promised: it is not what the head said
        await _to_end(self._part.write, block)
        await self._check_kind()
        self._tell()

    def _check_part(self, answer: PartAnswer, note: PartNote) -> None:
        is_next = answer.first == self._part.done and answer.last is not None and answer.last < note.total
        is_same = answer.total == note.total and answer.validator in ("", note.validator)
        if not (is_next and is_same):
            raise _Anew

    async def _begin(self, answer: PartAnswer) -> None:
        total = answer.total
        if not total or total > LARGEST:
            raise ServiceFault(
                "SizeUnknown",
                f"Could not {_DOING}: the answer does not say how large it is"
                if not total
                else f"Could not {_DOING}: {bytes_text(total)} is no installer",
                "Something between this computer and Microsoft may have answered. Open the link in a browser to see.",
            )
        folder = self._part.target.parent
        free = await _to_end(lambda: shutil.disk_usage(folder).free)
        if free < total + _SPARE:
            raise _too_full(self._part.target, total, free)
        self._note = PartNote(self._installer.link, answer.validator, total)
        self._is_kind_known = False
        self._speed.clear()
        await _to_end(self._part.begin, self._note.link, self._note.validator, total)
        self._tell()

    async def _check_kind(self) -> None:
        begins = self._installer.begins_with.encode()
        if self._is_kind_known or self._part.done < len(begins):
            return
        if await _to_end(self._part.head, len(begins)) != begins:
            await _to_end(self._part.remove)
            raise ServiceFault(
                "NotTheInstaller",
                f"What came is not {self._installer.name}.",
                "Something between this computer and Microsoft may have answered. Open the link in a browser to see.",
                retryable=True,
            )
        self._is_kind_known = True

    def _tell(self) -> None:
        assert self._note is not None, "begun"
        now, done = self._seconds(), self._part.done
        self._speed.append((now, done))
        while now - self._speed[0][0] > _SPEED_OVER_S and len(self._speed) > 2:
            self._speed.popleft()
        since, before = self._speed[0]
        speed = (done - before) / (now - since) if now > since else None
        self._report(DownloadProgress("Downloading the installer", done, self._note.total, speed))

    def _broken_off(self, error: Unreachable | None) -> AppError:
        if self._note is None or not self._part.done:
            assert error is not None, "nothing has arrived"
            return error
        done, total = self._part.done / 1e6, self._note.total / 1e6
        goes_on = "What has arrived is kept: continue when the line is back."
        if not self._note.validator:
            goes_on = "The server can’t tell parts of its files apart, so it has to begin anew."
        if error is not None and not error.retryable:
            goes_on = f"What has arrived is kept. {error.advice}"
        return Unreachable(
            "DownloadBrokeOff",
            f"The download broke off at {done:.1f} of {total:.1f} MB.",
            goes_on,
            remedies=(Remedy.RETRY, Remedy.CHECK_CONNECTION),
            details=f"{error.title}\n{error.details}".strip() if error is not None else "",
        )


async def _to_end(work: Callable[..., T], *arguments: object) -> T:
    """Work in a thread, which is over when this is over, also when it is cancelled: nobody writes behind one's back."""
    task = asyncio.get_running_loop().create_task(asyncio.to_thread(work, *arguments))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise


def _changes_all_the_time() -> AppError:
    return ServiceFault(
        "FileChanges",
        "The installer changed while it was being downloaded.",
        "Download it once more in a while: Microsoft may be publishing a new release.",
    )


def _too_full(target: Path, total: int, free: int) -> AppError:
    return AppError(
        "DiskFull",
        f"{target.parent} has {free / 1e6:,.0f} MB free; the installer takes {total / 1e6:,.0f} MB and some room.",
        "Make room there, or choose another folder.",
    )


def _disk_error(error: OSError, target: Path) -> AppError:
    if error.errno in _FULL:
        return AppError(
            "DiskFull",
            f"The disk of {target.parent} is full.",
            "Make room, then continue. What has arrived is kept.",
            retryable=True,
            details=str(error),
        )
    reason = error.strerror or "it cannot be written"
    return AppError(
        "FileNotSaved",
        f"{target.name} can’t be saved in {target.parent}: {reason}.",
        "Choose another folder, or another name.",
        details=str(error),
    )
