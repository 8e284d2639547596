"""What the practice vault does not know, and what stands in for it: regions of Microsoft's own, sizes that are gone.

Names that a request gives are replaced before it is sent, and names that were read before they become part of a
scenario; by shape the answers stay the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from tests.conformance.conversation import API_VERSION, Conversation
from tests.conformance.estate_seen import HOME
from tests.support.session_files import Exchange

_REGION_KEYS = frozenset({"location"})
_SIZE_KEYS = frozenset({"recoveryazurevmsize", "targetvmsize"})


def with_standins(exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """The exchanges with everything replaced that the practice vault would refuse to know."""
    return tuple(
        replace(exchange, request_body=_replaced(exchange.request_body), body=_replaced(exchange.body))
        for exchange in exchanges
    )


def _replaced(value: Any, key: str = "") -> Any:
    if isinstance(value, Mapping):
        made = {name: _replaced(inner, name.lower()) for name, inner in value.items()}
        return type(value)(made)  # type: ignore[call-arg]
    if isinstance(value, list):
        return [_replaced(inner, key) for inner in value]
    if isinstance(value, str) and value:
        if key in _REGION_KEYS and value.lower().replace(" ", "") not in _regions():
            return HOME
        if key in _SIZE_KEYS and value not in _sizes():
            return _sizes()[0]
    return value


@cache
def _regions() -> frozenset[str]:
    return frozenset(region["name"] for region in _listed("/locations"))


@cache
def _sizes() -> tuple[str, ...]:
    return tuple(size["name"] for size in _listed(f"/providers/Microsoft.Compute/locations/{HOME}/vmSizes"))


def _listed(path: str) -> list[dict[str, Any]]:
    conversation = Conversation()
    subscription = conversation.simulator.subscription_id
    answer = conversation.send("GET", f"/subscriptions/{subscription}{path}?api-version={API_VERSION}")
    found: list[dict[str, Any]] = answer.body["value"]
    return found
