"""Drafts as files: read strictly, written so that a crash leaves the old file or the new one.

A file is JSON with a head (`kind`, `version`, `saved_at`, `steps_done`) and the draft. Nothing is guessed: a field that
this program does not know, a value of the wrong type or a newer version is refused with the place and the reason,
because a draft can also be run without a window. All functions do file I/O: call them in a thread while a loop runs.
"""

from __future__ import annotations

import math
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from app.errors import AppError, FieldProblem, InvalidInput
from app.flows.draft import DRAFT_VERSION, SetUpDraft

KIND = "site-recovery-desk/set-up-draft"
SUFFIX = ".setup.json"
MAX_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SavedDraft:
    draft: SetUpDraft
    saved_at: datetime
    steps_done: int


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """One file of the drafts folder, for "Unfinished set-ups"; one that cannot be read has a `problem` instead.

    Attributes:
        is_at_run: it was left while its run was shown.
    """

    path: Path
    name: str
    saved_at: datetime | None = None
    steps_done: int = 0
    is_at_run: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    kind: str
    version: int
    saved_at: datetime
    steps_done: int
    draft: SetUpDraft


def save_draft(path: Path, draft: SetUpDraft, *, saved_at: datetime, steps_done: int) -> None:
    """Replace the file in one step, on disk before this returns.

    Raises:
        OSError: it cannot be written; the old file is still there.
        ValueError: the draft holds a value that a file cannot keep, such as a number that is none.
    """
    file = _File(KIND, DRAFT_VERSION, saved_at, steps_done, draft)
    data = msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"
    try:
        comes_back = _read(path, data).draft == draft
    except InvalidInput as error:
        raise ValueError(error.title) from error
    if not comes_back:
        raise ValueError("the draft would not come back from its file as it is")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def draft_text(draft: SetUpDraft, *, saved_at: datetime, steps_done: int) -> str:
    """What a draft's file holds."""
    file = _File(KIND, DRAFT_VERSION, saved_at, steps_done, draft)
    return msgspec.json.format(msgspec.json.encode(file), indent=2).decode() + "\n"


def load_draft(path: Path) -> SavedDraft:
    """Read a draft file.

    Raises:
        InvalidInput: it is damaged, not a draft, or of a newer program; says where and why.
        AppError: it cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise AppError(
            "DraftNotReadable", f"{path.name} can’t be read: {reason}.", "Check the path and its rights."
        ) from error
    if len(data) > MAX_BYTES:
        raise _refused(path, "it is far too large to be a set-up draft")
    return _read(path, data)


def list_drafts(folder: Path) -> tuple[DraftEntry, ...]:
    """The drafts in a folder, newest first; unreadable ones at the end."""
    entries = [_entry(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    return tuple(sorted(entries, key=lambda entry: -entry.saved_at.timestamp() if entry.saved_at else math.inf))


def new_draft_path(folder: Path, name: str) -> Path:
    """A free path for a draft of that name. The prefix keeps clear of names that Windows reserves, such as `con`."""
    stem = "set-up-" + (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].rstrip("-") or "draft")
    path = folder / f"{stem}{SUFFIX}"
    number = 2
    while path.exists():
        path = folder / f"{stem}-{number}{SUFFIX}"
        number += 1
    return path


def _entry(path: Path) -> DraftEntry:
    try:
        saved = load_draft(path)
    except AppError as error:
        return DraftEntry(path, path.name.removesuffix(SUFFIX), problem=error.sentence)
    return DraftEntry(path, saved.draft.name, saved.saved_at, saved.steps_done, saved.draft.position == "run")


def _read(path: Path, data: bytes) -> SavedDraft:
    try:
        raw = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(path, f"{_place(data, str(error))}the text is not valid JSON") from error
    if not isinstance(raw, dict) or raw.get("kind") != KIND:
        raise _refused(path, "it is not a set-up draft of this program")
    version = raw.get("version")
    if isinstance(version, int) and version > DRAFT_VERSION:
        raise InvalidInput(
            "DraftTooNew",
            f"{path.name} was saved by a newer version of this program.",
            "Update the program, then open the draft again.",
        )
    if version != DRAFT_VERSION:
        raise _refused(path, f"its version is {version!r}; this program reads version {DRAFT_VERSION}", "version")
    try:
        file = msgspec.convert(raw, _File)
    except msgspec.ValidationError as error:
        field, reason = _field_and_reason(str(error))
        raise _refused(path, f"{field}: {reason}", field) from error
    unknown = _unknown_field(raw, msgspec.to_builtins(file), "")
    if unknown:
        raise _refused(path, f"there is no field {unknown}", unknown)
    if file.saved_at.tzinfo is None:
        raise _refused(path, "saved_at: a time with its zone is expected", "saved_at")
    return SavedDraft(file.draft, file.saved_at, file.steps_done)


def _refused(path: Path, reason: str, field: str = "") -> InvalidInput:
    problems = (FieldProblem(field, reason),) if field else ()
    return InvalidInput(
        "DraftInvalid",
        f"{path.name} can’t be opened: {reason}.",
        "Nothing was changed. Open another draft, or correct the file.",
        problems=problems,
    )


def _place(data: bytes, message: str) -> str:
    """The line of a decoding error, from the byte position in its message."""
    found = re.search(r"byte (\d+)", message)
    if not found:
        return ""
    before = data[: int(found.group(1))]
    line = before.count(b"\n") + 1
    column = len(before) - before.rfind(b"\n")
    return f"line {line}, column {column}: "


def _field_and_reason(message: str) -> tuple[str, str]:
    """The draft path and the reason out of a message such as "Expected `int`, got `str` - at `$.draft.policy`"."""
    reason, _, path = message.partition(" - at `$.")
    return path.rstrip("`") or "the file", reason[:1].lower() + reason[1:]


def _unknown_field(raw: object, known: object, path: str) -> str:
    """The first field of `raw` that reading left out; empty when there is none."""
    if isinstance(raw, Mapping) and isinstance(known, Mapping):
        children: list[tuple[str, Any, Any]] = [(f".{name}", raw[name], known.get(name)) for name in raw]
        for name in raw:
            if name not in known:
                return f"{path}.{name}".lstrip(".")
    elif isinstance(raw, list) and isinstance(known, list | tuple):
        children = [(f"[{index}]", raw[index], known[index]) for index in range(len(raw))]
    else:
        return ""
    for name, child, known_child in children:
        found = _unknown_field(child, known_child, path + name)
        if found:
            return found
    return ""
