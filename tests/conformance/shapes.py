"""Compares two JSON bodies by shape: the same keys, JSON types, constants and forms of text; values may differ.

`differences(recorded, ours)` yields one entry per place, with its path, so that a failure reads as a list of what to
mend. Text is compared by its form: GUID, time (and how it is written), ARM id (its types and their casing), number,
empty, plain. Where the protocol fixes the word itself, as in `protectionState`, the words must be equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

_FORMS = (
    ("lower-case GUID", re.compile(rf"{_GUID}\Z")),
    ("upper-case GUID", re.compile(rf"{_GUID.replace('a-f', 'A-F')}\Z")),
    ("time, fraction, Z", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,7}Z\Z")),
    ("time, whole seconds, Z", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")),
    ("time, whole seconds, no zone", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\Z")),
    ("HTTP date", re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\Z")),
    ("entity tag", re.compile(r'W/"[^"]*"\Z')),
    ("digits", re.compile(r"\d+\Z")),
    ("address", re.compile(r"\d{1,3}(\.\d{1,3}){3}\Z")),
    ("version", re.compile(r"\d+(\.\d+){2,3}\Z")),
    ("address range", re.compile(r"\d+\.\d+\.\d+\.\d+/\d+\Z")),
    ("disk id", re.compile(rf"{_GUID.replace('a-f', 'A-F')}_{_GUID.replace('a-f', 'A-F')}_\d+_\d+\Z")),
    ("job and correlation ids", re.compile(rf".+ ActivityId: {_GUID}\Z")),
)

_ID = re.compile(r"(/|[a-z]+://)\S*\Z")

CONSTANT_KEYS = frozenset(
    {
        *("activeLocation", "allowedActions", "allowedOperations", "allowedScenarios", "bcdrState", "category"),
        *("connectionStatus", "encryption", "errorCategory", "errorCode", "errorLevel", "errorSource", "errorType"),
        *("customerResolvability", "failoverDeploymentModel", "fabricType", "groupType"),
        *("failoverHealth", "health", "instanceType", "initialReplicationType", "ipAddressType", "kekState"),
        *("isSeletedForFailover", "pairingStatus", "primaryFabricProvider", "protectedItemType", "protectionState"),
        *("protectionStateDescription", "protectionStatus", "provisioningState", "recoveryFabricFriendlyName"),
        *("recoveryFabricId", "recoveryIPAddressType", "replicationHealth", "replicationProviders", "role"),
        *("recoveryProtectionContainerFriendlyName", "scenarioName", "severity", "state", "stateDescription"),
        *("status", "supportedReplicationProviders", "switchProviderState", "targetFabricFriendlyName"),
        *("targetInstanceType", "targetProtectionContainerFriendlyName", "targetProtectionContainerId", "taskType"),
        *("testFailoverState", "testFailoverStateDescription", "type", "vmProtectionState"),
        *("vmProtectionStateDescription", "useManagedDisks", "vhdType", "selectionType", "licenseType"),
        *("sqlServerLicenseType", "productType", "osType"),
    }
)
"""Keys whose text is a word of the protocol, equal in every conversation of the same course."""


class Partly(dict[str, Any]):
    """A recorded object of which only these keys are known; ours may have more."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the two bodies differ. Lists are written `[]` in the path, whatever the index."""

    path: str
    recorded: str
    ours: str

    def __str__(self) -> str:
        return f"{self.path}: recorded {self.recorded}, ours {self.ours}"


def differences(
    recorded: Any, ours: Any, path: str = "$", *, key: str = "", counts: bool = False
) -> Iterator[Difference]:
    """Every place where `ours` has another shape than `recorded`.

    Lists of objects are compared item by item; where ours is longer, the rest is held against the last recorded one.
    Lists of constants must be equal, in order.

    Args:
        counts: lists must be equally long, too.
    """
    if isinstance(recorded, Mapping) and isinstance(ours, Mapping):
        yield from _object_differences(recorded, ours, path, counts)
    elif isinstance(recorded, list) and isinstance(ours, list):
        yield from _list_differences(recorded, ours, path, key, counts)
    elif form(recorded, key) != form(ours, key):
        yield Difference(path, form(recorded, key), form(ours, key))


def _object_differences(
    recorded: Mapping[str, Any], ours: Mapping[str, Any], path: str, counts: bool
) -> Iterator[Difference]:
    unknown = () if isinstance(recorded, Partly) else tuple(name for name in ours if name not in recorded)
    for name in (*recorded, *unknown):
        where = f"{path}.{name}"
        if name not in ours:
            yield Difference(where, form(recorded[name], name), "no such key")
        elif name not in recorded:
            yield Difference(where, "no such key", form(ours[name], name))
        else:
            yield from differences(recorded[name], ours[name], where, key=name, counts=counts)


def _list_differences(recorded: list[Any], ours: list[Any], path: str, key: str, counts: bool) -> Iterator[Difference]:
    if key in CONSTANT_KEYS:
        if recorded != ours:
            yield Difference(path, str(recorded), str(ours))
        return
    if bool(recorded) != bool(ours) or (counts and len(recorded) != len(ours)):
        yield Difference(path, f"{len(recorded)} items", f"{len(ours)} items")
    if not recorded:
        return
    seen = set()
    for index, item in enumerate(ours):
        for difference in differences(
            recorded[min(index, len(recorded) - 1)], item, f"{path}[]", key=key, counts=counts
        ):
            if difference not in seen:
                seen.add(difference)
                yield difference


def form(value: Any, key: str = "") -> str:
    """What a value is, without its content: `null`, `number`, `time, fraction, Z`, `id /Subscriptions/*/...`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"boolean {value}" if key in CONSTANT_KEYS else "boolean"
    if isinstance(value, int):
        return "whole number"
    if isinstance(value, float):
        return "number"
    if isinstance(value, list):
        return "list"
    if isinstance(value, Mapping):
        return "object"
    return text_form(value, key)


def text_form(text: str, key: str = "") -> str:
    if key in CONSTANT_KEYS and not text.startswith("/"):
        return f"the word {text!r}"
    if not text:
        return "empty text"
    if _ID.match(text):
        return f"id {id_form(text)}"
    for name, pattern in _FORMS:
        if pattern.match(text):
            return name
    return "text"


def id_form(text: str) -> str:
    """An ARM id or address with its names starred out: types, their casing and the query's keys stay.

    `/Subscriptions/s/resourceGroups/g` becomes `/Subscriptions/*/resourceGroups/*`. Other addresses are all alike.
    """
    address, _, query = text.partition("?")
    scheme, separator, rest = address.rpartition("://")
    path = rest[rest.find("/") :] if separator else address
    if not path.lower().startswith("/subscriptions/"):
        return f"{scheme}{separator}elsewhere" if separator else path
    parts = path.strip("/").split("/")
    starred: list[str] = []
    is_name = False
    for part in parts:
        is_namespace = is_name and starred[-1] == "providers"
        starred.append("*" if _FORMS[0][1].match(part) or (is_name and not is_namespace) else part)
        is_name = not is_name
    keys = sorted(pair.partition("=")[0].replace("%24", "$") for pair in query.split("&")) if query else []
    shown = "/" + "/".join(starred) + ("?" + "&".join(keys) if keys else "")
    return f"{scheme}://host{shown}" if separator else shown
