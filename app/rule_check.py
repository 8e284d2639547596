"""Whether a file of limits and figures, written by somebody else, can stand in for one of the program's own.

It is judged by its JSON schema (`resources/rules/schema`), then by what no schema says, then by making the typed tables
of every profile from it. Every problem names its place and, where it is found, its line.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs
import msgspec

from app.domain.rules import PROFILES, Rules
from app.rule_sense import doubts_of, nonsense_in, rules_named_in
from app.rules import LIMITS, assemble, own_content

MAX_BYTES = 1024 * 1024
MAX_PROBLEMS = 20
_COMMON = "common"
_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text in quotes",
    "array": "a list",
    "object": "a table",
    "boolean": "true or false",
}
Path = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a file. `line` 0: it was not found, or it is about the whole file."""

    place: str
    text: str
    line: int = 0

    def __str__(self) -> str:
        where = f"Line {self.line}: " if self.line else ""
        place = self.place or ("" if self.text[:1].isupper() else "The file")
        return f"{where}{place} {self.text}" if place else f"{where}{self.text}"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that can be used. `doubts` are worth a look before it is."""

    table: str
    content: Mapping[str, Any]
    data: bytes
    doubts: tuple[str, ...] = ()


class BadRuleFileError(ValueError):
    """The file cannot be used; `problems` says why, the first in the file first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def check_file(table: str, data: bytes) -> CheckedFile:
    """Judge the bytes of a file that is to be the table `table`. Some milliseconds: call it in a thread.

    Raises:
        BadRuleFileError: it cannot be used.
    """
    if table not in LIMITS:
        raise BadRuleFileError([Problem("", f"There is no table {table} that can be replaced.")])
    if len(data) > MAX_BYTES:
        raise BadRuleFileError([Problem("", f"The file is larger than {MAX_BYTES // 1024} KiB; such a table is not.")])
    try:
        return _checked(table, data)
    except RecursionError as error:
        raise BadRuleFileError([Problem("", "Its tables are nested too deeply.")]) from error


def _checked(table: str, data: bytes) -> CheckedFile:
    text, content = _parsed(data)
    found = list(_foreign(content))
    if not found:
        found = [(_path(error), _sentence(error)) for error in _validator(table).iter_errors(content)]
    if not found:
        found = [(tuple(rule.split("/")), text) for rule, text in _unsound(table, content)]
    if found:
        problems = [Problem(_place(path), sentence, line_of(text, path)) for path, sentence in found]
        raise BadRuleFileError(sorted(problems, key=lambda each: each.line or math.inf)[:MAX_PROBLEMS])
    return CheckedFile(table, content, data, tuple(doubts_of(content, own_content(table))))


def schema_of(table: str) -> dict[str, Any]:
    """The JSON schema of a table's file, as others may use it too."""
    text = resources.files("resources").joinpath("rules", "schema", f"{table}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def line_of(text: str, path: Path) -> int:
    """The line on which the value at `path` begins, or what holds it; 0 if neither is found."""
    wanted = [str(part) for part in path if isinstance(part, str)]
    best, best_line, above = 0, 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if re.match(r"\[[^\[]", stripped):
            above = _keys(f"{stripped.partition('#')[0]}")
            here = above
        elif match := re.match(r"""((?:[\w.-]|"[^"]*"|'[^']*')+)\s*=""", stripped):
            here = [*above, *_keys(f"{match[1]} = 0")]
        else:
            continue
        if here == wanted[: len(here)] and len(here) > best:
            best, best_line = len(here), number
    return best_line


def _keys(text: str) -> list[str]:
    try:
        found: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return ["?"]
    keys = []
    while isinstance(found, dict) and len(found) == 1:
        (key, found) = next(iter(found.items()))
        keys.append(key)
    return keys


def _parsed(data: bytes) -> tuple[str, dict[str, Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadRuleFileError([Problem("", "This is no text in UTF-8.", line)]) from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1  # "at end of document"
        reason = re.sub(r"\s*\(at [^)]*\)$", "", str(error))
        raise BadRuleFileError([Problem("", f"This is not TOML: {reason}.", line)]) from error


def _foreign(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Path, str]]:
    """What TOML can say and these tables cannot hold."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _foreign(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _foreign(each, (*path, number))
    elif isinstance(value, float) and not math.isfinite(value):
        yield path, f"is {value}; it must be a number."
    elif not isinstance(value, str | int | float | bool):
        yield path, f"is {value} without quotes; put it in quotes."


@cache
def _validator(table: str) -> jsonschema_rs.Draft202012Validator:
    common = schema_of(_COMMON)
    registry = jsonschema_rs.Registry([(common["$id"], common)], draft=jsonschema_rs.Draft202012)
    return jsonschema_rs.Draft202012Validator(schema_of(table), registry=registry)


def _path(error: jsonschema_rs.ValidationError) -> Path:
    """Of what is missing or too much, the thing itself."""
    path, kind = list(error.instance_path), error.kind
    extra = getattr(kind, "unexpected", None)
    return [*path, extra[0]] if extra and len(extra) == 1 else path


def _sentence(error: jsonschema_rs.ValidationError) -> str:
    kind: Any = error.kind  # each kind has attributes of its own
    value = _shown(error.instance)
    match kind.name:
        case "required":
            return f"lacks {kind.property}."
        case "additionalProperties" | "unevaluatedProperties":
            names = ", ".join(map(str, kind.unexpected))
            return "is not known here." if len(kind.unexpected) == 1 else f"holds what is not known here: {names}."
        case "type":
            return f"is {value}; it must be {' or '.join(_TYPES.get(each, each) for each in kind.types)}."
        case "minimum":
            return f"is {value}; it must be at least {kind.limit:,}."
        case "maximum":
            return f"is {value}; it must be at most {kind.limit:,}."
        case "exclusiveMinimum":
            return f"is {value}; it must be above {kind.limit:,}."
        case "enum":
            return f"is {value}; it can be {', '.join(map(_shown, kind.options))}."
        case "constant" | "const":
            return f"is {value}; it must be {_shown(kind.expected_value)}."
        case "pattern" if error.instance_path[-1:] == ["as_of"]:
            return f"is {value}; it must be a date such as 2026-05-05."
        case "pattern":
            return f"is {value}, which is not in the form that is needed here."
        case "propertyNames":
            return f"has a name that is not known here: {error.message}."
        case "minItems" | "minProperties" | "minLength":
            return "is too short, or empty."
        case "maxItems" | "maxLength" | "maxProperties":
            return "is too long."
        case "uniqueItems":
            return "says the same thing twice."
        case _:
            return f"is not right: {error.message}."


def _unsound(table: str, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the schema cannot say: dates, sources, profiles, and figures that contradict each other."""
    documents: Mapping[str, Any] = content["documents"]
    dated = [("source", content["source"]), *((f"documents/{key}", each) for key, each in documents.items())]
    profiles: Mapping[str, Any] = content.get("profiles", {})
    dated += [(f"profiles/{name}/source", each["source"]) for name, each in profiles.items() if "source" in each]
    for place, document in dated:
        if not _is_date(document["as_of"]):
            yield f"{place}/as_of", f"is {document['as_of']}, which is no date."
    for missing in (each for each in own_content(table).get("profiles", {}) if each not in profiles):
        yield f"profiles/{missing}", "is missing; begin with a copy of the built-in file, which has it."
    for above, part in (("", content), *((f"profiles/{name}/", each) for name, each in profiles.items())):
        sources: Mapping[str, str] = part.get("sources", {})
        for rule, key in sources.items():
            if key not in documents:
                yield f"{above}sources/{rule}", f"is “{key}”, which is none of the documents."
        for rule in rules_named_in(table, part):
            if not any(rule == name or rule.startswith(f"{name}.") for name in sources):
                yield f"{above}{rule.replace('.', '/')}", f"has no source; name one in sources, as {rule}."
    problems = dict[tuple[str, str], None]()
    for profile in PROFILES:
        try:
            rules: Rules = assemble(profile, {table: content})
        except (ValueError, KeyError, msgspec.ValidationError) as error:
            yield "", f"The profile {profile} can’t be made from it: {error}"
            continue
        problems |= dict.fromkeys(nonsense_in(table, rules))
    yield from problems


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _place(path: Path) -> str:
    """`profiles.2026-09.data_disks_max`, `rows no. 3`: in lists people count from 1."""
    text = ""
    for part in path:
        text += f" no. {part + 1}" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
