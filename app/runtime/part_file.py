"""A file that arrives in parts: what is there of it, kept beside the place where it will be once it is whole.

`{name}.part` holds the bytes, `{name}.part.json` what they are of. The note is written when the bytes up to it are on
the disk for sure, with their digest: a part that is not what the note says is not gone on with. Everything here blocks.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from app.runtime.replacing import put_in_place

KIND = "site-recovery-desk.part"
_BLOCK = 1 << 20
_SURE_EVERY = 16 << 20
_MAX_NOTE = 1 << 16


@dataclass(frozen=True, slots=True)
class PartNote:
    """What a part is of. `done` bytes are on the disk for sure, and have this digest."""

    link: str
    validator: str
    total: int
    done: int = 0
    sha256: str = ""


class OpenFile(Protocol):
    def __call__(self, path: Path, mode: str) -> BinaryIO: ...


def open_file(path: Path, mode: str) -> BinaryIO:
    return path.open(mode)  # type: ignore[return-value]


class PartFile:
    """One at a time for a place. `close` may be called at any time, and keeps what is there."""

    def __init__(self, target: Path, *, opens: OpenFile = open_file) -> None:
        self.target = target
        self.part = target.with_name(f"{target.name}.part")
        self._note_file = target.with_name(f"{target.name}.part.json")
        self._opens = opens
        self._file: BinaryIO | None = None
        self._note: PartNote | None = None
        self._digest = hashlib.sha256()
        self._sure = 0
        self.done = 0

    def note(self) -> PartNote | None:
        """What the part beside the target is of; None where there is none that can be gone on with."""
        try:
            with self._note_file.open("rb") as stream:
                document = json.loads(stream.read(_MAX_NOTE))
            if document.pop("kind") != KIND:
                return None
            note = PartNote(**document)
            is_sound = isinstance(note.link, str) and isinstance(note.validator, str) and isinstance(note.sha256, str)
            is_sound = is_sound and all(type(number) is int for number in (note.total, note.done))
            if is_sound and 0 < note.done <= note.total and self.part.stat().st_size >= note.done:
                return note
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        return None

    def go_on(self, note: PartNote) -> bool:
        """Open the part behind the last byte that is sure; False where it does not hold what the note says."""
        self.close()
        try:
            file = self._opens(self.part, "r+b")
        except FileNotFoundError:
            return False
        digest, left = hashlib.sha256(), note.done
        while left:
            block = file.read(min(_BLOCK, left))
            if not block:
                break
            digest.update(block)
            left -= len(block)
        if left or digest.hexdigest() != note.sha256:
            file.close()
            return False
        file.truncate(note.done)
        self._take(file, note, digest, note.done)
        return True

    def begin(self, link: str, validator: str, total: int) -> None:
        """Begin anew, with nothing."""
        self.close()
        self._note_file.unlink(missing_ok=True)
        self._take(self._opens(self.part, "w+b"), PartNote(link, validator, total), hashlib.sha256(), 0)

    def write(self, block: bytes) -> None:
        """Add a block."""
        assert self._file is not None, "begun"
        self._file.write(block)
        self._digest.update(block)
        self.done += len(block)
        if self.done - self._sure >= _SURE_EVERY:
            self._make_sure()

    def head(self, length: int) -> bytes:
        """The first bytes."""
        assert self._file is not None, "begun"
        self._file.flush()
        self._file.seek(0)
        head = self._file.read(length)
        self._file.seek(self.done)
        return head

    def finish(self) -> str:
        """Give the file its name, and return its digest."""
        assert self._file is not None, "begun"
        file, self._file = self._file, None
        with file:
            file.flush()
            os.fsync(file.fileno())
        put_in_place(self.part, self.target)
        self._note_file.unlink(missing_ok=True)
        _sync_folder(self.target.parent)
        return self._digest.hexdigest()

    def close(self) -> None:
        """Keep what is there, to go on with it later. Does nothing where nothing is open."""
        file = self._file
        if file is None:
            return
        try:
            if self.done > self._sure:
                self._make_sure()
        except OSError:
            pass  # the note of before still holds
        finally:
            self._file = None
            with contextlib.suppress(OSError):
                file.close()

    def remove(self) -> None:
        """Let go of it, and leave nothing."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()
        self._note_file.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)

    def _take(self, file: BinaryIO, note: PartNote, digest: hashlib._Hash, done: int) -> None:
        file.seek(done)
        self._file, self._note, self._digest = file, note, digest
        self.done = self._sure = done

    def _make_sure(self) -> None:
        assert self._file is not None, "begun"
        assert self._note is not None, "begun"
        self._file.flush()
        os.fsync(self._file.fileno())
        note = asdict(self._note) | {"kind": KIND, "done": self.done, "sha256": self._digest.hexdigest()}
        draft = self._note_file.with_name(f"{self._note_file.name}.new")
        draft.write_text(json.dumps(note), encoding="utf-8")
        put_in_place(draft, self._note_file)
        self._sure = self.done


def _sync_folder(folder: Path) -> None:
    """Have the name on the disk too, where the system knows how."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
