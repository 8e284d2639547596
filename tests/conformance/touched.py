"""What the writes of a session, so far, could have touched."""

from __future__ import annotations

from tests.conformance.arm import Target
from tests.conformance.rules import touch_rules

READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Touched:
    """Grows with every write; a read of something touched must be answered from handlers and time alone."""

    def __init__(self) -> None:
        self._things: dict[str, bool] = {}
        self._lists: set[tuple[str, str]] = set()
        self._types: set[tuple[str, str]] = set()

    def write(self, target: Target, *, with_all_inside: bool) -> None:
        """Note a write; what comes new or goes takes all that lies in it along."""
        self._things[target.thing] = with_all_inside or self._things.get(target.thing, False)
        scope = _scope(target)
        self._lists.add((scope, target.type))
        for rule in touch_rules().touch:
            if rule.write == target.type or (rule.write == "*" and target.vault):
                self._types |= {(scope, kind) for kind in rule.reads}

    def covers(self, target: Target) -> bool:
        """Whether an earlier write could have touched what is read here."""
        for thing, with_all_inside in self._things.items():
            if target.thing.startswith(thing + "/") and (with_all_inside or target.type == "operationresults"):
                return True
        if not target.tail and target.thing in self._things:
            return True
        scopes = {_scope(target), ""} if target.vault else {scope for scope, _ in self._types | self._lists}
        if any((scope, target.kind) in self._types for scope in scopes):
            return True
        return bool(target.tail) and any((scope, target.kind) in self._lists for scope in scopes)


def _scope(target: Target) -> str:
    """Writes are felt within their vault; those outside of vaults anywhere."""
    return target.vault if target.type != "vaults" or target.tail else ""
