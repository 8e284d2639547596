"""Which exchanges of a session are not a Hyper-V site's business: other services, VMM, VMware, other products.

What a thing is, is told by the session itself: by words in answers and requests, or by names that only one product
gives. A fabric that is another product's takes everything in it along; an operation goes with what began it; a vault
in which nothing but other products was found goes as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.conformance.arm import Target, dig, is_arm_id, is_list, records_in, target_of
from tests.conformance.rules import WordRule, foreign_rules
from tests.support.session_files import Exchange

_WHOLE_VAULT = frozenset({"replicationjobs", "replicationevents", "replicationvaulthealth", "replicationusages"})
"""Types whose entries are about everything in a vault."""


class Foreign:
    """The verdicts on one session."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self._rules = foreign_rules()
        self._things: dict[str, str] = {}
        self._own: set[str] = set()
        self._vaults: dict[str, str] = {}
        self._operations: dict[str, str] = {}
        exchanges = tuple(exchanges)
        for exchange in exchanges:
            self._note(exchange)
        for exchange in exchanges:
            self._note_operation(exchange)

    def reason(self, exchange: Exchange) -> str | None:
        """Why an exchange is left out; None when it is compared."""
        target = target_of(exchange.path)
        return (
            self._service(exchange, target)
            or self._of_path(exchange)
            or self._of_thing(target)
            or self._operations.get(operation_in(target))
            or self._of_vault(target)
            or self._of_answer(exchange)
        )

    def own_part(self, body: Any) -> tuple[Any, int]:
        """A list without the entries of other products, and how many those were."""
        if not is_list(body):
            return body, 0
        kept = [entry for entry in body["value"] if not self._is_foreign_entry(entry)]
        return body | {"value": kept}, len(body["value"]) - len(kept)

    # What the session tells

    def _note(self, exchange: Exchange) -> None:
        target = target_of(exchange.path)
        for rule in self._rules.name:
            name = target.named(rule.type)
            if name and not re.search(rule.ours, name):
                self._condemn(target, rule.type, rule.of, rule.reason)
            elif name and rule.of == "fabric" and re.search(rule.ours, name):
                self._own.add(target.fabric)
        if exchange.request_body is not None and not target.tail:
            self._note_words(target, exchange.request_body)
        for record in records_in(exchange.body) if exchange.status < 300 else []:
            self._note_words(target_of(record["id"]), record)
        if target.vault and {target.kind, target.type} & _WHOLE_VAULT and isinstance(exchange.body, dict):
            self._note_sentences(target.vault, exchange.body)

    def _note_words(self, target: Target, body: Mapping[str, Any]) -> None:
        for rule in self._rules.word:
            if rule.type != target.type:
                continue
            for word in (found for place in rule.places if isinstance(found := dig(body, place), str)):
                if _is_other(rule, word):
                    product = self._rules.products.get(word, word)
                    self._condemn(target, rule.type, rule.of, f"{product} is not simulated")
                elif target.fabric and (rule.of == "fabric" or rule.type == "replicationfabrics"):
                    self._own.add(target.fabric)
        primary = dig(body, "properties.primaryFabricId") or dig(body, "properties.fabricId")
        if is_arm_id(primary) and (reason := self._of_thing(target_of(primary))):
            self._things.setdefault(target.thing, reason)

    def _note_sentences(self, vault: str, body: Mapping[str, Any]) -> None:
        text = json.dumps(body)
        for rule in self._rules.sentence:
            if re.search(rule.pattern, text):
                self._vaults.setdefault(vault, rule.reason)

    def _condemn(self, target: Target, kind: str, of: str, reason: str) -> None:
        thing = target.fabric if of == "fabric" else target.up_to(kind)
        if thing:
            self._things.setdefault(thing, reason)
            if target.vault and kind != "replicationpolicies":
                self._vaults.setdefault(target.vault, f"all that is known of the vault is another product's: {reason}")

    def _note_operation(self, exchange: Exchange) -> None:
        started = exchange.headers.get("azure-asyncoperation") or exchange.headers.get("location")
        name = operation_in(target_of(urlsplit(started or "").path))
        if exchange.method != "GET" and name and (reason := self.reason(exchange)):
            self._operations.setdefault(name, reason)

    # Verdicts

    def _service(self, exchange: Exchange, target: Target) -> str | None:
        for rule in self._rules.service:
            by_host = rule.host and re.search(rule.host, exchange.host, re.IGNORECASE)
            by_path = rule.path and re.search(rule.path, exchange.path, re.IGNORECASE)
            if by_host or by_path:
                return rule.reason
        for kept in self._rules.kept:
            if kept.namespace.lower() == target.namespace.lower():
                return (
                    None
                    if "*" in kept.types or target.kind in kept.types or target.type in kept.types
                    else _other(target)
                )
        return _other(target)

    def _of_path(self, exchange: Exchange) -> str | None:
        return next(
            (rule.reason for rule in self._rules.path if re.search(rule.pattern, exchange.path, re.IGNORECASE)), None
        )

    def _of_thing(self, target: Target) -> str | None:
        parts = target.path.lower().split("/")
        return next(
            (reason for length in range(len(parts), 8, -1) if (reason := self._things.get("/".join(parts[:length])))),
            None,
        )

    def _of_vault(self, target: Target) -> str | None:
        if target.vault and {target.kind, target.type} & _WHOLE_VAULT:
            is_own = any(fabric.startswith(target.vault + "/") for fabric in self._own - self._things.keys())
            return None if is_own else self._vaults.get(target.vault)
        return None

    def _of_answer(self, exchange: Exchange) -> str | None:
        """A list in which nothing is left once other products' entries are out."""
        if exchange.method == "GET" and is_list(exchange.body) and exchange.body["value"]:
            reasons = [self._is_foreign_entry(entry) for entry in exchange.body["value"]]
            return reasons[0] if all(reasons) else None
        return None

    def _is_foreign_entry(self, entry: Any) -> str | None:
        if not (isinstance(entry, dict) and is_arm_id(entry.get("id"))):
            return None
        return self._of_thing(target_of(entry["id"]))


def _is_other(rule: WordRule, word: str) -> bool:
    return word in rule.not_ours or bool(rule.ours and word and word not in rule.ours)


def _other(target: Target) -> str:
    return f"{target.namespace or 'this part of Resource Manager'} is another service"


def operation_in(target: Target) -> str:
    """What names an operation in a path that polls it or asks for its result."""
    parts = target.path.lower().split("/")
    for kind in ("operationresults", "replicationoperationstatus", "replicationjobs", "operationstatus", "operations"):
        if kind in parts and parts.index(kind) + 1 < len(parts):
            return parts[len(parts) - 1]
    return ""


def in_order(exchanges: Iterable[Exchange]) -> Iterator[tuple[Exchange, str | None]]:
    """Every exchange with the reason why it is left out."""
    exchanges = tuple(exchanges)
    foreign = Foreign(exchanges)
    for exchange in exchanges:
        yield exchange, foreign.reason(exchange)
