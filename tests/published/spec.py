"""The published description of the service as validators: one per operation and status, compiled when first needed.

Read are the service's own OpenAPI files and the common types they refer to. What OpenAPI 2 says differently from JSON
Schema is carried over so:

* a property that is not required may be null, as the service sends it; a required one, an entry of a list and the
  answer itself may not;
* where a type has a discriminator, its value chooses the subtype, and a value that no subtype has is a fault;
* of an enum that admits values to come, only a listed value written in another case is a fault;
* an answer whose status is not described is a fault when it tells of success; a refusal then has the common shape.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs

from tests.support.recordings import wire_folder

Json = dict[str, Any]

SERVICE = (
    "description/specification/recoveryservicessiterecovery/resource-manager/Microsoft.RecoveryServices"
    "/stable/2024-04-01/service.json"
)
VAULTS = tuple(
    f"recoveryservices-2024-04-01/{name}.json"
    for name in ("vaults", "registeredidentities", "vaultusages", "replicationusages")
)
COMMON = "description/specification/common-types/"
COMMON_ERROR = f"{COMMON}resource-management/v5/types.json"

_METHODS = ("get", "put", "patch", "post", "delete", "head")
_INTEGERS = {"int32": 2**31, "int64": 2**63}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_CARRIED = ("minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "uniqueItems", "pattern")
_NOT_NULL = {"not": {"type": "null"}}
_BASE = "urn:published"


class Violation(NamedTuple):
    """One place at which an answer is not as described."""

    pointer: str
    value: Any
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, and the schema of each status; a status without a body has none."""

    id: str
    method: str
    template: str
    responses: Mapping[str, Json | None]

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"


@dataclass(slots=True)
class _Node:
    fixed: dict[str, _Node] = field(default_factory=dict)
    named: _Node | None = None
    operations: dict[str, Operation] = field(default_factory=dict)


class Listed:
    """The keyword `listed`: a text is one of these, or, of an enum that is open, at least none of them misspelt."""

    def __init__(self, parent: Json, value: Any, path: list[str | int]) -> None:
        self._values: list[str] = value["values"]
        self._is_open: bool = value["open"]
        self._spelling = {each.lower(): each for each in self._values}

    def validate(self, instance: Any) -> None:
        if not isinstance(instance, str) or instance in self._values:
            return
        spelt = self._spelling.get(instance.lower())
        if spelt is not None:
            raise ValueError(f"{instance!r} is written {spelt!r}")
        if not self._is_open:
            raise ValueError(f"{instance!r} is none of {', '.join(self._values)}")


class Specification:
    """All operations of the files read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._documents: dict[str, Json] = {}
        self._met: set[str] = set()
        self._root = _Node()
        self._validators: dict[tuple[str, str], Any] = {}
        self.operations: list[Operation] = []
        for file in (SERVICE, *VAULTS):
            self._read_paths(file)

    # Operations

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a request asks for; fixed segments are compared without regard to case."""
        segments = [segment.lower() for segment in path.split("/") if segment]
        found = self._walk(self._root, segments, 0, method.upper())
        if found is None and method.upper() == "GET" and segments[-2:-1] == ["operationresults"]:
            return self._result_of(segments[:-2])
        return found

    def violations(self, operation: Operation, status: int, body: Any) -> Iterator[Violation]:
        """Where an answer is not as described; `body` is None where there is none."""
        described = operation.responses.get(str(status))
        if str(status) not in operation.responses:
            if status < 400:
                known = ", ".join(operation.responses)
                yield Violation("", status, "status", f"{status} is not described, but {known}")
                return
            described = operation.responses.get("default") or self._ref(COMMON_ERROR, "#/definitions/ErrorResponse")
        if described is None or body is None:
            if body is not None:
                yield Violation("", body, "body", f"{status} has no body")
            elif described is not None:
                yield Violation("", None, "body", f"{status} has a body")
            return
        for error in self._validator(operation.name, str(status), described).iter_errors(body):
            pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error.instance_path)
            rule = getattr(error.kind, "keyword", error.kind.name)
            yield Violation(pointer, error.instance, rule, error.message)

    def _result_of(self, segments: list[str]) -> Operation | None:
        """What an operation has led to: the resource as it is read, nothing yet, or nothing any more if it can go."""
        read = self._walk(self._root, segments, 0, "GET")
        if read is None:
            return None
        removals = (
            self._walk(self._root, segments, 0, "DELETE"),
            self._walk(self._root, [*segments, "remove"], 0, "POST"),
        )
        can_go = any(removal is not None and "204" in removal.responses for removal in removals)
        responses = {**read.responses, "202": None, **({"204": None} if can_go else {})}
        return Operation(f"{read.id}.result", "GET", f"{read.template}/operationresults/{{operation}}", responses)

    def _validator(self, name: str, status: str, schema: Json) -> Any:
        known = self._validators.get((name, status))
        if known is None:
            known = self._validators[name, status] = jsonschema_rs.Draft202012Validator(
                {"allOf": [schema, _NOT_NULL]},
                registry=self._registry,
                keywords={"listed": Listed},
                formats={"date-time": lambda text: _TIME.fullmatch(text) is not None},
                validate_formats=True,
                offline=True,
            )
        return known

    @cached_property
    def _registry(self) -> Any:
        definitions: Json = {}
        pending = [SERVICE, *VAULTS, COMMON_ERROR, *self._met]
        done: set[str] = set()
        while pending:
            file = pending.pop()
            if file in done:
                continue
            done.add(file)
            converter = _Converter(self, file)
            for name in self._document(file).get("definitions", {}):
                definitions |= converter.definition(name)
            pending += converter.met
        return jsonschema_rs.Registry([(_BASE, {"$defs": definitions})], draft=jsonschema_rs.Draft202012)

    def _read_paths(self, file: str) -> None:
        converter = _Converter(self, file)
        for template, methods in self._document(file)["paths"].items():
            for method in _METHODS:
                described = methods.get(method)
                if described is None:
                    continue
                responses = {
                    status: converter.value(response["schema"]) if "schema" in response else None
                    for status, response in described["responses"].items()
                }
                self._add(Operation(described["operationId"], method.upper(), template, responses))
        self._met |= converter.met

    def _add(self, operation: Operation) -> None:
        node = self._root
        for segment in operation.template.strip("/").split("/"):
            if segment.startswith("{"):
                node.named = node.named or _Node()
                node = node.named
            else:
                node = node.fixed.setdefault(segment.lower(), _Node())
        node.operations[operation.method] = operation
        self.operations.append(operation)

    def _walk(self, node: _Node, segments: list[str], depth: int, method: str) -> Operation | None:
        if depth == len(segments):
            return node.operations.get(method)
        fixed = node.fixed.get(segments[depth])
        if fixed is not None and (found := self._walk(fixed, segments, depth + 1, method)):
            return found
        return None if node.named is None else self._walk(node.named, segments, depth + 1, method)

    # Files

    def _document(self, file: str) -> Json:
        if file not in self._documents:
            self._documents[file] = json.loads((self._folder / file).read_text("utf-8-sig"))
        return self._documents[file]

    def _ref(self, file: str, pointer: str) -> Json:
        return _Converter(self, file).value({"$ref": pointer})


class _Converter:
    """From the schemas of one file to JSON Schema.

    Attributes:
        met: the files referred to.
    """

    def __init__(self, specification: Specification, file: str) -> None:
        self._file = file
        self._definitions: Json = specification._document(file).get("definitions", {})
        self._specification = specification
        self.met: set[str] = set()

    def definition(self, name: str) -> Json:
        """A definition as `$defs`: as a part of its subtypes, and as a value of itself or any of its subtypes."""
        plain = self.schema(self._definitions[name])
        found = {self._key(self._file, name): plain}
        if self._has_subtypes(name):
            found[self._key(self._file, name) + ".any"] = self._any_subtype(name)
        return found

    def value(self, described: Json) -> Json:
        """The schema of a value: any subtype of what is named."""
        if "$ref" not in described:
            return self.schema(described)
        file, name = self._target(described["$ref"])
        suffix = ".any" if file == self._file and self._has_subtypes(name) else ""
        return {"$ref": f"{_BASE}#/$defs/{self._key(file, name)}{suffix}"}

    def schema(self, described: Json) -> Json:
        if "$ref" in described:
            file, name = self._target(described["$ref"])
            return {"$ref": f"{_BASE}#/$defs/{self._key(file, name)}"}
        made: Json = {key: described[key] for key in _CARRIED if key in described}
        kind = described.get("type") or ("object" if "properties" in described else None)
        if kind is not None:
            made["type"] = [kind, "null"]
        required = described.get("required", [])
        if properties := described.get("properties"):
            made["properties"] = {
                name: {"allOf": [self.value(inner), _NOT_NULL]} if name in required else self.value(inner)
                for name, inner in properties.items()
            }
        if required:
            made["required"] = required
        if "items" in described:
            made["items"] = {"allOf": [self.value(described["items"]), _NOT_NULL]}
        if isinstance(described.get("additionalProperties"), dict):
            made["additionalProperties"] = self.value(described["additionalProperties"])
        if "allOf" in described:
            made["allOf"] = [self.schema(each) for each in described["allOf"]]
        if "enum" in described:
            is_open = bool(described.get("x-ms-enum", {}).get("modelAsString"))
            made["listed"] = {"values": described["enum"], "open": is_open}
        made |= _format(described.get("format"))
        return made

    def _any_subtype(self, name: str) -> Json:
        by = self._definitions[name]["discriminator"]
        subtypes = dict(self._subtypes(name))
        chosen = [
            {
                "if": {"type": "object", "properties": {by: {"const": value}}, "required": [by]},
                "then": {"$ref": f"{_BASE}#/$defs/{self._key(self._file, subtype)}"},
            }
            for value, subtype in subtypes.items()
        ]
        known = {"properties": {by: {"listed": {"values": [*subtypes, name], "open": False}}}}
        return {"allOf": [{"$ref": f"{_BASE}#/$defs/{self._key(self._file, name)}"}, known, *chosen]}

    def _subtypes(self, name: str) -> Iterator[tuple[str, str]]:
        for other, described in self._definitions.items():
            for base in described.get("allOf", ()):
                if base.get("$ref") == f"#/definitions/{name}":
                    yield described.get("x-ms-discriminator-value", other), other
                    yield from self._subtypes(other)

    def _has_subtypes(self, name: str) -> bool:
        return "discriminator" in self._definitions[name]

    def _target(self, ref: str) -> tuple[str, str]:
        where, _, name = ref.partition("#/definitions/")
        if not where:
            return self._file, name
        if "common-types/" in where:  # wherever the file itself lies
            file = COMMON + where.rpartition("common-types/")[2]
        else:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(self._file), where))
        self.met.add(file)
        return file, name

    @staticmethod
    def _key(file: str, name: str) -> str:
        return f"{re.sub(r'[^a-z0-9-]+', '.', file.lower())}.{name}"


def _format(name: str | None) -> Json:
    if name in _INTEGERS:
        return {"minimum": -_INTEGERS[name], "maximum": _INTEGERS[name] - 1}
    if name == "byte":
        return {"contentEncoding": "base64"}
    return {"format": name} if name in ("date-time", "uuid", "uri") else {}


def read_specification() -> Specification:
    return Specification(wire_folder() / "spec")
