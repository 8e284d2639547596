"""Judges answers by the published description, but for what recorded traffic is known to do otherwise."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from tests.published.answers import Answer, Count
from tests.published.spec import Operation, Specification, Violation, read_specification

_FILE = Path(__file__).with_name("exceptions.toml")
_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that the service itself breaks."""

    operation: str
    rule: str
    pointer: str
    value: str
    reason: str

    def covers(self, operation: Operation, status: int, violation: Violation) -> bool:
        value = str(status) if violation.rule == "status" else str(violation.value)
        return (
            fnmatchcase(operation.id, self.operation)
            and violation.rule == self.rule
            and re.fullmatch(self.pointer, violation.pointer) is not None
            and re.fullmatch(self.value, value) is not None
        )


class Judge:
    """Holds answers against the description.

    Args:
        exceptions: what the service itself does otherwise.
        alike: for addresses that are not described, patterns of them and the operations whose answers they give.
    """

    def __init__(
        self, specification: Specification, exceptions: Sequence[Rule], alike: Mapping[str, str] | None = None
    ) -> None:
        self.specification = specification
        self._exceptions = exceptions
        by_id = {operation.id: operation for operation in specification.operations}
        self._alike = [(re.compile(path, re.IGNORECASE), by_id[id_]) for path, id_ in (alike or {}).items()]

    def find(self, method: str, path: str) -> Operation | None:
        """The operation by whose description an answer is judged."""
        found = self.specification.find(method, path)
        if found is None and method == "GET":
            return next((operation for pattern, operation in self._alike if pattern.fullmatch(path)), None)
        return found

    def judge(self, answers: Iterable[tuple[Answer, int]], count: Count) -> list[str]:
        """What is wrong with these answers, each of which came that many times: a text for each place."""
        told: dict[str, None] = {}
        for answer, times in answers:
            operation = self.find(answer.method, answer.path)
            if operation is None:
                count.undescribed[f"{answer.method} {_shape(answer.path)} {answer.status}"] += times
                continue
            count.judged[f"{operation.id} {answer.status}"] += times
            count.sampled += answer.is_sample
            for violation in self.violations(operation, answer.status, _decoded(answer.body)):
                told[_text(answer, violation)] = None
        return list(told)

    def violations(self, operation: Operation, status: int, body: Any) -> list[Violation]:
        found = [
            violation
            for violation in self.specification.violations(operation, status, body)
            if not any(exception.covers(operation, status, violation) for exception in self._exceptions)
        ]
        # A base is looked at by itself and as a part of its subtype.
        return list({(each.pointer, each.rule, each.message): each for each in found}.values())


@cache
def rules() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def exceptions() -> list[Rule]:
    return [Rule(**entry) for entry in rules()["exception"]]


@cache
def the_judge() -> Judge:
    return Judge(read_specification(), exceptions(), {each["path"]: each["operation"] for each in rules()["alike"]})


def _decoded(body: bytes) -> Any:
    if not body:
        return None
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body.decode(errors="replace")


def _text(answer: Answer, violation: Violation) -> str:
    value = json.dumps(violation.value, default=str)
    if len(value) > _LONGEST_VALUE:
        value = f"{value[:_LONGEST_VALUE]}..."
    return (
        f"{answer.method} {answer.path} {answer.status}\n"
        f"  at {violation.pointer or 'the whole answer'}: {value}\n"
        f"  {violation.rule}: {violation.message[:_LONGEST_VALUE]}"
    )


def _shape(path: str) -> str:
    """A path that no operation has, told by its fixed parts."""
    segments = [segment for segment in path.split("/") if segment]
    return "/".join(segment if number % 2 == 0 else "*" for number, segment in enumerate(segments))
