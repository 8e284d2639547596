"""What a file system's refusal means for somebody who chose where a file is to be."""

from __future__ import annotations

import errno
from pathlib import Path

from app.errors import FieldProblem, InvalidInput

FIELD = "path"


def cannot_write(what: str, path: Path, error: OSError) -> InvalidInput:
    """`what` is the thing that was to be saved, such as `The key`."""
    return _problem("FileNotWritten", f"{what} was not saved", _why_not_written(path, error), error)


def cannot_read(what: str, path: Path, error: OSError) -> InvalidInput:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        text = f"There is no file {path}. Choose another one."
    elif isinstance(error, PermissionError):
        text = f"You may not read {path}. Have its owner give it to you, or copy it to where you may read it."
    elif isinstance(error, IsADirectoryError):
        text = f"{path} is a folder. Choose a file in it."
    else:
        text = f"{path} cannot be read: {_words(error)}."
    return _problem("FileNotRead", f"{what} was not read", text, error)


def _why_not_written(path: Path, error: OSError) -> str:
    folder = path.parent
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of {folder} is full. Free some space, or choose another place."
    if error.errno == errno.EROFS:
        return f"Nothing can be written in {folder}: it is read-only. Choose another place."
    if error.errno == errno.ENAMETOOLONG:
        return "The file’s name is too long. Choose a shorter one."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"The folder {folder} is not there any more. Choose another place."
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder. Type the name of a file."
    if isinstance(error, PermissionError):
        return f"You may not write {path.name} in {folder}, or another program has it open. Choose another place."
    return f"Nothing can be written in {folder}: {_words(error)}. Choose another place."


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).rstrip(".")


def _problem(code: str, title: str, text: str, error: OSError) -> InvalidInput:
    return InvalidInput(code, title, text, problems=(FieldProblem(FIELD, text),), details=str(error))
