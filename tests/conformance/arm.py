"""What a request path names: the thing, its vault, and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

VAULTS = "Microsoft.RecoveryServices"


@dataclass(frozen=True, slots=True)
class Target:
    """A path taken apart.

    Attributes:
        pairs: type and name, from the subscription down to the thing; `providers` is left out.
        namespace: the resource provider that answers; empty for subscriptions and groups.
        tail: a last segment without a name: a collection that is read, or an action that is asked for.
    """

    pairs: tuple[tuple[str, str], ...]
    namespace: str
    tail: str
    path: str

    @property
    def kind(self) -> str:
        """The type of what is named, in lower case: of the collection, or of the thing."""
        return (self.tail or (self.pairs[-1][0] if self.pairs else "")).lower()

    @property
    def type(self) -> str:
        """The type of the thing itself, in lower case, whatever is asked of it."""
        return self.pairs[-1][0].lower() if self.pairs else ""

    @property
    def name(self) -> str:
        return self.pairs[-1][1] if self.pairs else ""

    @property
    def thing(self) -> str:
        """The id of the thing, in lower case, without the tail."""
        path = self.path[: -len(self.tail) - 1] if self.tail else self.path
        return path.lower()

    @property
    def vault(self) -> str:
        """The id of the vault it lies in, in lower case; empty when it lies in none."""
        return self.up_to("vaults")

    @property
    def fabric(self) -> str:
        """The id of the fabric it lies in, in lower case; empty when it lies in none."""
        return self.up_to("replicationfabrics")

    def up_to(self, kind: str) -> str:
        """The id of the part that has this type (in lower case), in lower case; empty when there is none."""
        parts = self.path.lower().split("/")
        return "/".join(parts[: parts.index(kind) + 2]) if kind in parts[:-1] else ""

    def named(self, kind: str) -> str:
        """The name of the part that has this type (in lower case), or nothing."""
        return next((name for type_, name in self.pairs if type_.lower() == kind), "")


@cache
def target_of(path: str) -> Target:
    parts = [unquote(part) for part in path.split("/") if part]
    pairs: list[tuple[str, str]] = []
    namespace = tail = ""
    position = 0
    while position < len(parts):
        if parts[position].lower() == "providers" and position + 1 < len(parts):
            namespace = parts[position + 1]
            position += 2
        elif position + 1 < len(parts):
            pairs.append((parts[position], parts[position + 1]))
            position += 2
        else:
            tail = parts[position]
            position += 1
    return Target(tuple(pairs), namespace, tail, "/" + "/".join(parts))


def is_arm_id(text: Any) -> bool:
    return isinstance(text, str) and text.lower().startswith("/subscriptions/") and text.count("/") > 2


def strings_in(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a body, with the key it stands under."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from strings_in(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner, key)


def records_in(body: Any) -> list[dict[str, Any]]:
    """The things an answer shows: the entries of a list, or the one thing."""
    if not isinstance(body, dict):
        return []
    value = body.get("value")
    entries = value if isinstance(value, list) else [body]
    return [entry for entry in entries if isinstance(entry, dict) and is_arm_id(entry.get("id"))]


def is_list(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("value"), list)


def dig(value: Any, path: str) -> Any:
    """What stands at a dotted path, or None; the case of keys does not matter."""
    for step in path.split("."):
        if not isinstance(value, dict):
            return None
        value = next((inner for key, inner in value.items() if key.lower() == step.lower()), None)
    return value
