"""From a file's bytes to a typed document: encodings, what PowerShell makes of a file, and what is no readiness file.

Blocks, and may take long on a hostile file: it runs in a process of its own (`readiness_child`).
"""

from __future__ import annotations

import codecs
import re
import string
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from app.services.readiness_format import MAJOR, SCHEMA, Head, Report

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BYTE = re.compile(r"^(.*) \(byte (\d+)\)$")
_PATH = re.compile(r"^(.*) - at `\$\.?(.*)`$")
_VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")
_HIGH, _LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_LONE_SURROGATE = re.compile(rb"%b(?!\\u[dD][c-fC-F])|(?<!%b)%b" % (_HIGH, _HIGH, _LOW))
"""Half a character, which Windows lets a name have and JSON does not."""
_MINUTES = re.compile(rb'"minutes":\[\r?\n')
_LONGEST_PLACE = 200
_OPEN_END = b'{"end":true}]}}'


class Refusal(Exception):
    """Why a file is not taken in: a sentence, and the place in it that is to blame."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(reason)
        self.reason, self.place = reason, place


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be; see `resources/readiness/limits.toml`."""

    max_file_bytes: int
    max_script_bytes: int
    max_seconds: int
    max_memory_bytes: int
    max_hosts: int
    max_machines: int
    max_disks: int
    max_nics: int
    max_checks: int
    max_minutes: int
    max_size_bytes: int
    max_rate: float
    max_text: int


@cache
def limits() -> Limits:
    text = resources.files("resources").joinpath("readiness", "limits.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Limits)


def read_document(data: bytes) -> tuple[Report, bool]:
    """The document, and whether it is whole: false when its measurement was interrupted and its end is missing.

    Raises:
        Refusal: it is none, or a damaged one.
    """
    text = _utf8(data)
    if not text.strip(string.whitespace.encode()):
        raise Refusal("The file is empty. Run the script again, or copy the file once more.")
    try:
        return _decode(text), True
    except msgspec.ValidationError as error:
        raise _refusal_of(error, text) from error
    except msgspec.DecodeError as error:
        for mended, is_whole in ((_LONE_SURROGATE.sub(rb"\\ufffd", text), True), (_mended(text), False)):
            try:
                if mended is not None and mended != text:
                    return _decode(mended), is_whole
            except msgspec.DecodeError:
                continue
        raise _refusal_of(error, text) from error
    except RecursionError as error:
        raise Refusal("It is nested deeper than any readiness file. Ask for a fresh one from the host.") from error


def _decode(text: bytes) -> Report:
    """The head first: what is of another kind shall not be blamed for a field."""
    try:
        head = msgspec.json.decode(text, type=Head)
    except msgspec.ValidationError:
        head = None
    if head is None or head.schema != SCHEMA:
        raise Refusal("It is JSON, but no readiness file: it doesn’t name itself as one.")
    found = _VERSION.fullmatch(head.version)
    if found is None:
        raise Refusal("Its version makes no sense. Ask for a fresh file from the host.", "version")
    if int(found[1]) > MAJOR:
        raise Refusal(
            f"A newer script wrote it (version {head.version}; this program reads version {MAJOR}). Update the program."
        )
    return msgspec.json.decode(text, type=Report)


def _utf8(data: bytes) -> bytes:
    """The text as UTF-8, without a mark: PowerShell writes UTF-16 by itself, and UTF-8 with a mark when asked to."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _recoded(data[len(mark) :], encoding)
    if len(data) >= 2 and data[1] == 0 and data[0]:
        return _recoded(data, "utf-16-le")
    if len(data) >= 2 and data[0] == 0 and data[1]:
        return _recoded(data, "utf-16-be")
    return _recoded(data, "utf-8")


def _recoded(data: bytes, encoding: str) -> bytes:
    try:
        text = data.decode(encoding).encode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refusal(
            "It is no text in UTF-8 or UTF-16. Copy the file itself, not what a console showed of it.", f"line {line}"
        ) from error
    if b"\0" in text:
        line = text.count(b"\n", 0, text.index(b"\0")) + 1
        raise Refusal("It holds bytes that no text has. Choose the .json file that the script wrote.", f"line {line}")
    return text


def _mended(text: bytes) -> bytes | None:
    """The document up to its last whole minute, closed; None where that is not what it lacks.

    The script writes a minute a line and the end last, so that a host that went down in a week's measurement costs one
    minute.
    """
    begun = _MINUTES.search(text)
    if begun is None:
        return None
    end = text.rfind(b"},", begun.end())
    return text[: end + 2 if end >= 0 else begun.end()] + _OPEN_END


def _refusal_of(error: msgspec.DecodeError, text: bytes) -> Refusal:
    message = str(error)
    at_byte = _BYTE.match(message)
    if at_byte:
        before = text[: int(at_byte[2])]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        place = f"line {line}, column {column}"
        return Refusal("It is damaged there, or no JSON at all. Copy it once more, or run the script again.", place)
    at_path = _PATH.match(message)
    if at_path:
        return Refusal(f"{_words(at_path[1])}. Ask for a fresh file from the host.", _readable(at_path[2]))
    if isinstance(error, msgspec.ValidationError):
        return Refusal(f"{_words(message)}. Ask for a fresh file from the host.")
    lines = text.count(b"\n") + 1
    return Refusal("It ends in the middle. Copy it once more, or run the script again.", f"line {lines}")


def _words(message: str) -> str:
    """msgspec's own sentence, in ours."""
    missing = re.match(r"Object missing required field `(\w+)`", message)
    if missing:
        return f"“{missing[1]}” is missing there"
    expected = re.match(r"Expected `([^`]+)`, got `([^`]+)`", message)
    if expected:
        return f"There is {_kind(expected[2])} where {_kind(expected[1])} belongs"
    if "out of range" in message:
        return "There is a number that nothing can have"
    return "There is something that doesn’t belong there"


def _kind(name: str) -> str:
    names = {"str": "text", "int": "a number", "float": "a number", "bool": "yes or no", "array": "a list"}
    names |= {"object": "a record", "null": "nothing"}
    return names.get(name.split(" | ")[0], "something else")


def _readable(path: str) -> str:
    """`hosts[0].machines[3].name`; without what msgspec writes for any place in a list."""
    return path.replace("[...]", "")[:_LONGEST_PLACE]
