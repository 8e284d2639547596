"""The published examples as exchanges: one request each, with the answer that is published for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.support.recordings import shared_folder, wire_folder
from tests.support.session_files import MANAGEMENT_HOST, Exchange

_METHODS = ("GET", "PUT", "PATCH", "POST", "DELETE")


@dataclass(frozen=True, slots=True)
class Example:
    """One example of one operation.

    Attributes:
        name: its file's name and, where several operations share it, the method.
    """

    name: str
    operation: str
    exchange: Exchange


@cache
def examples() -> tuple[Example, ...]:
    """Every example that belongs to an operation, in the order of their names; none where they are not at hand."""
    if shared_folder() is None:
        return ()
    found = [
        example
        for folder in ("siterecovery-2024-04-01", "recoveryservices-2024-04-01")
        for file in (wire_folder() / "spec" / folder).glob("*.json")
        for example in _of_file(file)
    ]
    return tuple(sorted(found, key=lambda example: example.name))


def _of_file(file: Path) -> Iterator[Example]:
    document = json.loads(file.read_text("utf-8-sig"))
    shared_by: dict[str, int] = {}
    found: list[tuple[str, str, str, Mapping[str, Any]]] = []
    for template, methods in document["paths"].items():
        for method, described in methods.items():
            for reference in described.get("x-ms-examples", {}).values():
                name = Path(reference["$ref"]).stem
                if method.upper() in _METHODS and (file.parent / reference["$ref"]).is_file():
                    shared_by[name] = shared_by.get(name, 0) + 1
                    found.append((name, template, method.upper(), described))
    for name, template, method, described in found:
        given = json.loads((file.parent / "examples" / f"{name}.json").read_text("utf-8-sig"))
        label = f"{name} ({method})" if shared_by[name] > 1 else name
        exchange = _exchange(label, template, method, described, given, document)
        yield Example(label, described["operationId"], exchange)


def _exchange(
    name: str, template: str, method: str, described: Mapping[str, Any], given: Mapping[str, Any], document: Any
) -> Exchange:
    parameters = {
        each["name"]: each
        for each in (_resolved(entry, document) for entry in described.get("parameters", ()))
        if each is not None
    }
    path, query, body = template, {}, None
    for key, value in given["parameters"].items():
        place = parameters.get(key, {}).get("in")
        if f"{{{key}}}" in path:
            path = path.replace(f"{{{key}}}", quote(str(value), safe="="))
        elif place == "body":
            body = value
        elif place == "query" or key in ("api-version", "$filter"):
            query[key] = str(value)
    status = _answered(given["responses"], method)
    return Exchange(
        session=name,
        index=0,
        method=method,
        host=MANAGEMENT_HOST,
        path=path,
        query=query,
        request_body=body,
        status=status,
        headers={},
        body=given["responses"][str(status)].get("body"),
    )


def _answered(responses: Mapping[str, Any], method: str) -> int:
    """The first answer to the request: 201 or 202 where it is published, as what it asks for takes its time."""
    statuses = sorted(int(status) for status in responses if status.isdigit())
    return statuses[0] if method == "GET" else next((each for each in (201, 202) if each in statuses), statuses[0])


def _resolved(parameter: Mapping[str, Any], document: Any) -> Mapping[str, Any] | None:
    reference = parameter.get("$ref", "")
    if reference.startswith("#/parameters/"):
        return document["parameters"][reference.rpartition("/")[2]]  # type: ignore[no-any-return]
    return None if reference else parameter
