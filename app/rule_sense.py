"""What makes sense in tables of limits and figures beyond the form of each value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from app.domain.rules import NameKind, Rules

Found = Iterator[tuple[str, str]]
"""The place, with slashes between its parts, and what is wrong there."""

_DISK_KINDS = ("StandardSSD_LRS", "Premium_LRS")
"""What replicas are billed in; the limits on replicas name one of them, also where another file stands in for them."""

_HEADS = ("source", "sources", "documents", "profiles", "columns")


def rules_named_in(table: str, part: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """The dotted names of the rules that a file, or a profile in it, states; a list is one rule."""
    for name, value in part.items():
        if name in _HEADS:
            continue
        path = f"{above}{table if name == 'rows' else name}"
        if isinstance(value, dict):
            yield from rules_named_in(table, value, f"{path}.")
        else:
            yield path


def nonsense_in(table: str, rules: Rules) -> Found:
    """What contradicts itself in one table."""
    judge = _JUDGES.get(table)
    if judge is not None:
        yield from judge(rules)


def doubts_of(content: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[str]:
    """What does not stop a file that is to stand in for the program's own, and should be known."""
    given, known = content["source"]["as_of"], own["source"]["as_of"]
    if given < known:
        yield f"Its source is of {given}; the built-in file is newer, of {known}."


def _order(low: str, high: str, least: float, most: float) -> Found:
    if least > most:
        yield low, f"is {least:,}, more than {high}, which is {most:,}."


def _machines(rules: Rules) -> Found:
    machines = rules.machines
    yield from _order("data_disk_min_gib", "data_disk_max_gib", machines.data_disk_min_gib, machines.data_disk_max_gib)
    for generation in ("1", "2"):
        most = machines.os_disk_max_gib.get(generation)
        if most is None:
            yield "os_disk_max_gib", f"lacks generation {generation}."
        elif most == 0:
            yield f"os_disk_max_gib/{generation}", "is 0; no machine could be protected."
        elif (care := machines.os_disk_care_gib.get(generation)) is not None:
            yield from _order(f"os_disk_care_gib/{generation}", f"os_disk_max_gib.{generation}", care, most)
    if machines.data_disk_max_gib == 0:
        yield "data_disk_max_gib", "is 0; no disk could be replicated."


def _storage(rules: Rules) -> Found:
    storage = rules.storage
    for name in ("advised_redundancies", "offered_redundancies"):
        beyond = [each for each in getattr(storage, name) if each not in storage.redundancies]
        if beyond:
            yield name, f"has {', '.join(beyond)}, which redundancies lacks."


def _replica(rules: Rules) -> Found:
    kind, kinds = rules.replica.managed_disk_type, rules.replica.managed_disk_types
    if kind not in rules.prices.disk_steps:
        yield "managed_disk_type", f"is {kind}, of which the prices know no sizes."
    elif kind not in kinds:
        yield "managed_disk_type", f"is {kind}, which managed_disk_types lacks."
    unpriced = [each for each in kinds if each not in rules.prices.disk_steps]
    if unpriced:
        yield "managed_disk_types", f"has {', '.join(unpriced)}, of which the prices know no sizes."


def _network(rules: Rules) -> Found:
    network = rules.network
    yield from _order("shortest_prefix", "longest_prefix", network.shortest_prefix, network.longest_prefix)
    if network.reserved_addresses >= 2 ** (32 - network.longest_prefix):
        yield "reserved_first", f"leaves no address in a subnet of /{network.longest_prefix}."


def _policy(rules: Rules) -> Found:
    policy = rules.policy
    yield from _order("retention_min_h", "retention_max_h", policy.retention_min_h, policy.retention_max_h)
    least, most = policy.app_consistent_min_h, policy.app_consistent_max_h
    yield from _order("app_consistent_min_h", "app_consistent_max_h", least, most)


def _names(rules: Rules) -> Found:
    for kind in NameKind:
        rule = rules.names.kinds.get(kind)
        if rule is None:
            yield "kinds", f"lacks {kind.value}."
            continue
        place = f"kinds/{kind.value}"
        yield from _order(f"{place}/minimum", "maximum", rule.minimum, rule.maximum)
        for name in ("allowed", "first", "last"):
            characters = getattr(rule, name)
            try:
                re.compile(f"[{characters}]+" if characters else "")
            except re.error as error:
                yield f"{place}/{name}", f"is no set of characters: {error}."


def _prices(rules: Rules) -> Found:
    lacking = [kind for kind in _DISK_KINDS if kind not in rules.prices.disk_steps]
    if lacking:
        yield "disk_steps", f"lacks {', '.join(lacking)}."
    for kind, steps in rules.prices.disk_steps.items():
        for smaller, larger in pairwise(steps):
            if smaller.gib >= larger.gib:
                yield f"disk_steps/{kind}", f"is not in order: {larger.name} is no larger than {smaller.name}."


def _regions(rules: Rules) -> Found:
    names = [region.name for region in rules.regions.regions]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield "rows", f"has {', '.join(twice)} twice."


def _sizes(rules: Rules) -> Found:
    names = [size.name.lower() for size in rules.sizes.sizes]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield "rows", f"has {', '.join(twice)} twice."


def _vaults(rules: Rules) -> Found:
    if all(each.needs for each in rules.vaults.redundancies):
        yield "redundancies", "has none that every region offers, with needs empty."


def _new_storage(rules: Rules) -> Found:
    if all(each.closed_on for each in rules.new_storage.kinds):
        yield "kinds", "has none that Azure still makes, with closed_on empty."


_JUDGES: Mapping[str, Callable[[Rules], Found]] = {
    "machines": _machines,
    "storage": _storage,
    "replica": _replica,
    "new_storage": _new_storage,
    "network": _network,
    "policy": _policy,
    "names": _names,
    "regions": _regions,
    "sizes": _sizes,
    "vaults": _vaults,
    "prices": _prices,
}
