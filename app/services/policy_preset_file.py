"""Presets of policies as a file: small JSON with a head, read strictly, since it may come from anybody.

Nothing is guessed: what does not belong there is refused with its line or its field. `resources/policies/
presets.schema.json` says the same for other programs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from app.domain.policy_presets import PolicyPreset, name_problem, why_problem
from app.neutral_text import one_line

KIND = "site-recovery-desk/policy-presets"
VERSION = 1
SUFFIX = ".policies.json"
MAX_BYTES = 256 * 1024
MOST_PRESETS = 100
_DEEPEST = 16
_MOST_SECONDS = 86_400
_MOST_HOURS = 8_760
_SHOWN = 40

_FIELDS = {
    "name": "the name",
    "copy_frequency_s": "the copy frequency, in seconds",
    "retention_h": "the retention, in hours",
    "app_consistent_frequency_h": "the application-consistent frequency, in hours",
    "why": "what it fits",
}
_REQUIRED = ("name", "copy_frequency_s", "retention_h", "app_consistent_frequency_h")
_DAMAGED = "It is damaged there, or no JSON at all."
_BYTE = re.compile(r"\(byte (\d+)\)")


class PresetFileRefusal(Exception):
    """Why a file is not taken in: a sentence, and the line or the field that is to blame; empty for the whole file."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(reason)
        self.reason, self.place = reason, place


def preset_bytes(presets: Iterable[PolicyPreset]) -> bytes:
    """What a file with these holds. What is built in becomes one of the reader's own there."""
    entries = [preset_fields(preset) for preset in presets]
    document = {"kind": KIND, "version": VERSION, "presets": entries}
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def preset_fields(preset: PolicyPreset) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(preset, name) for name in _REQUIRED}
    return fields | ({"why": preset.why} if preset.why else {})


def read_presets(data: bytes) -> tuple[PolicyPreset, ...]:
    """The presets of a file, in its order.

    Raises:
        PresetFileRefusal: it is no such file, or one of them cannot be.
    """
    if len(data) > MAX_BYTES:
        raise PresetFileRefusal(f"It is too large: a file of presets has at most {MAX_BYTES // 1024} KiB.")
    document = _decoded(_text(data))
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise PresetFileRefusal("It is JSON, but no file of presets: it doesn’t name itself as one.")
    _check_version(document.get("version"))
    unknown = next((name for name in document if name not in ("kind", "version", "presets")), None)
    if unknown is not None:
        raise PresetFileRefusal(f"There is no field “{_shown(unknown)}” in such a file. Remove it.", _shown(unknown))
    entries = document.get("presets")
    if not isinstance(entries, list):
        raise PresetFileRefusal("The list of presets is missing.", "presets")
    if not entries:
        raise PresetFileRefusal("There is no preset in it.", "presets")
    if len(entries) > MOST_PRESETS:
        raise PresetFileRefusal(f"There are {len(entries):,} presets; at most {MOST_PRESETS} fit in.", "presets")
    found: list[PolicyPreset] = []
    for number, entry in enumerate(entries, 1):
        found.append(preset_of(entry, f"preset {number}", found))
    return tuple(found)


def preset_of(entry: object, place: str, others: Sequence[PolicyPreset] = ()) -> PolicyPreset:
    """One preset out of its fields.

    Raises:
        PresetFileRefusal: something of it cannot be; says which field.
    """
    if not isinstance(entry, dict):
        raise PresetFileRefusal(f"There is {_kind(entry)} where a preset belongs.", place)
    for name in entry:
        if name not in _FIELDS:
            raise PresetFileRefusal(f"A preset has no field “{_shown(name)}”. Remove it.", f"{place}, {_shown(name)}")
    for name in _REQUIRED:
        if name not in entry:
            raise PresetFileRefusal(f"{_sentence(_FIELDS[name])} is missing.", f"{place}, {name}")
    name, why = (_text_of(entry, field, place) for field in ("name", "why"))
    for field, problem in (("name", name_problem(name, others)), ("why", why_problem(why))):
        if problem:
            raise PresetFileRefusal(problem, f"{place}, {field}")
    copy_frequency_s = _figure_of(entry, "copy_frequency_s", place, 1, _MOST_SECONDS)
    retention_h = _figure_of(entry, "retention_h", place, 0, _MOST_HOURS)
    app_h = _figure_of(entry, "app_consistent_frequency_h", place, 0, _MOST_HOURS)
    if app_h and app_h >= retention_h:
        raise PresetFileRefusal(
            f"An application-consistent point every {app_h:,} h never fits into {retention_h:,} h of retention.",
            f"{place}, app_consistent_frequency_h",
        )
    return PolicyPreset(name, copy_frequency_s, retention_h, app_h, why)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PresetFileRefusal(
            "It is no text in UTF-8. Save it as UTF-8, or export it anew.", f"line {line}"
        ) from error
    if not text.strip():
        raise PresetFileRefusal("The file is empty.")
    return text


def _decoded(text: str) -> object:
    data = text.encode()
    try:
        msgspec.json.decode(data)  # strict where the standard library is not: no NaN, no lone surrogates
        return json.loads(text, object_pairs_hook=_without_doubles)
    except msgspec.DecodeError as error:
        found = _BYTE.search(str(error))
        line = data.count(b"\n", 0, int(found[1]) if found else len(data)) + 1
        reason = "There is a number that nothing can have." if "range" in str(error) else _DAMAGED
        raise PresetFileRefusal(reason, f"line {line}") from error
    except RecursionError as error:
        raise PresetFileRefusal(f"It is nested deeper than any file of presets ({_DEEPEST} levels).") from error
    except ValueError as error:  # a number of thousands of digits
        raise PresetFileRefusal("It holds a number that nothing can have.") from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise PresetFileRefusal(f"The field “{_shown(name)}” stands there twice. Remove one.", _shown(name))
        found[name] = value
    return found


def _check_version(version: object) -> None:
    if type(version) is not int or version < 1:
        raise PresetFileRefusal(f"Its version has to be {VERSION}.", "version")
    if version > VERSION:
        newer = f"version {_shown(str(version))}; this one reads version {VERSION}"
        raise PresetFileRefusal(f"A newer program wrote it ({newer}). Update the program.", "version")


def _text_of(entry: dict[str, Any], field: str, place: str) -> str:
    value = entry.get(field, "")
    if not isinstance(value, str):
        raise PresetFileRefusal(f"There is {_kind(value)} where text belongs.", f"{place}, {field}")
    return value


def _figure_of(entry: dict[str, Any], field: str, place: str, least: int, most: int) -> int:
    value = entry[field]
    where = f"{place}, {field}"
    if type(value) is not int:
        raise PresetFileRefusal(f"There is {_kind(value)} where a whole number belongs.", where)
    if not least <= value <= most:
        raise PresetFileRefusal(f"{_sentence(_FIELDS[field])}, has to be {least:,} to {most:,}.", where)
    return value


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    kinds = {str: "text", bool: "yes or no", int: "a number", float: "a number with decimals", list: "a list"}
    return kinds.get(type(value), "a record")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _shown(name: str) -> str:
    """A name from outside, short enough and in one line."""
    plain = one_line(name)
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
