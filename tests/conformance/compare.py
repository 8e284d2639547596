"""Holds one answer of the practice vault against the recorded one: status, headers, and body by shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.conformance.arm import is_arm_id, is_list, target_of
from tests.conformance.conversation import Answer
from tests.conformance.rules import HeaderRule, header_rules, volatile_rules
from tests.conformance.shapes import Difference, differences, form
from tests.conformance.today import added_later, is_blank_of_then
from tests.support.session_files import Exchange

Translate = Callable[[str], str]
"""A recorded text with the names that the practice vault chose itself in the place of the recorded ones."""

_NO_KEY = "no such key"


def compare(
    exchange: Exchange, answer: Answer, ours_for: Translate, kept_headers: frozenset[str]
) -> Iterator[Difference]:
    """Every place where our answer differs.

    Args:
        exchange: in today's words, without other products' entries.
        kept_headers: the headers that the session's recorder keeps.
    """
    if exchange.status != answer.status:
        yield Difference("status", str(exchange.status), f"{answer.status}{_told(answer.body)}")
        return
    for rule in header_rules().header:
        yield from _header_difference(rule, exchange.headers, answer.headers, kept_headers)
    kind = target_of(exchange.path).kind
    if is_list(exchange.body) and is_list(answer.body):
        yield from _list_differences(exchange.body, answer.body, ours_for)
    else:
        yield from _thing_differences(kind, exchange.body, answer.body, "$")


def _told(body: Any) -> str:
    error = body.get("error") if isinstance(body, dict) else None
    return f" {error.get('code')}: {error.get('message')}" if isinstance(error, dict) else ""


# Headers


def _header_difference(
    rule: HeaderRule, recorded: Mapping[str, str], ours: Mapping[str, str], kept: frozenset[str]
) -> Iterator[Difference]:
    then, now = recorded.get(rule.name), ours.get(rule.name)
    if then is None and (now is None or not rule.both or rule.name not in kept):
        return
    shown = _SHOWN[rule.how]
    if then is None or now is None or shown(then) != shown(now):
        yield Difference(f"header {rule.name}", then or "none", now or "none")


_SHOWN: Mapping[str, Callable[[str], str]] = {
    "equal": str,
    "form": form,
    "media": lambda text: text.partition(";")[0].strip().lower(),
    "present": lambda text: "",
}


# Bodies


def _list_differences(
    recorded: Mapping[str, Any], ours: Mapping[str, Any], ours_for: Translate
) -> Iterator[Difference]:
    """The envelope, and each entry against ours of the same id; those without an id in order."""
    envelope = [{key: value for key, value in body.items() if key != "value"} for body in (recorded, ours)]
    yield from differences(*envelope)
    pairs = list(pairs_of(recorded["value"], ours["value"], ours_for))
    types = {target_of(entry["id"]).type for entry in (*recorded["value"], *ours["value"]) if _has_id(entry)}
    kind = types.pop() if len(types) == 1 else ""
    counts = Difference("$", *(f"{len(body['value'])} items" for body in (recorded, ours)))
    if len(recorded["value"]) != len(ours["value"]) and not _is_volatile(kind, counts):
        yield Difference("$.value", counts.recorded, counts.ours)
    seen: set[Difference] = set()
    for then, now in pairs:
        for difference in _thing_differences(kind, then, now, "$.value[]"):
            if difference not in seen:
                seen.add(difference)
                yield difference


def pairs_of(recorded: list[Any], ours: list[Any], ours_for: Translate) -> Iterator[tuple[Any, Any]]:
    """The entries of two lists that are the same thing; what is left over goes in order."""
    left = list(ours)
    unmatched: list[Any] = []
    for then in recorded:
        wanted = ours_for(then["id"]).lower() if _has_id(then) else None
        now = next((entry for entry in left if _has_id(entry) and entry["id"].lower() == wanted), None)
        if now is None:
            unmatched.append(then)
        else:
            left.remove(now)
            yield then, now
    yield from zip(unmatched, left, strict=False)


def _has_id(entry: Any) -> bool:
    return isinstance(entry, dict) and is_arm_id(entry.get("id"))


def _thing_differences(kind: str, recorded: Any, ours: Any, prefix: str) -> Iterator[Difference]:
    kind = target_of(recorded["id"]).type if _has_id(recorded) else kind
    later = {path for path, _ in added_later(kind, recorded)}
    for difference in differences(recorded, ours, counts=True):
        came_later = difference.recorded == _NO_KEY and difference.path in later
        is_blank = difference.ours == "null" and is_blank_of_then(kind, recorded, difference.recorded)
        if came_later or is_blank or _is_volatile(kind, difference):
            continue
        yield Difference(prefix + difference.path[1:], difference.recorded, difference.ours)


def _sort(difference: Difference) -> str:
    if _NO_KEY in (difference.recorded, difference.ours):
        return "presence"
    return "count" if difference.recorded.endswith(" items") else "value"


def _is_volatile(kind: str, difference: Difference) -> bool:
    what = _sort(difference)
    return any(
        rule.what == what
        and rule.type in ("*", kind)
        and fnmatchcase(_literal(difference.path), _literal(rule.path))
        and fnmatchcase(difference.recorded, rule.recorded)
        and fnmatchcase(difference.ours, rule.ours)
        for rule in volatile_rules().place
    )


def _literal(path: str) -> str:
    """Brackets stand for themselves in our paths, not for a choice of characters."""
    return path.replace("[]", "<>")
