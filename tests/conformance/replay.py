"""Replays a recorded session against the practice vault and tells where the answers differ in shape.

The requests are the recorded ones, with the names that the practice vault chose itself put in the place of the recorded
ones. Every state they meet was made by requests before them. Nothing is tolerated silently: an allowed difference is an
`Allowance` with its reason, and one that was not needed is told as well.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from tests.conformance.conversation import OVER, Answer, Conversation
from tests.conformance.shapes import differences, form, id_form
from tests.support.recordings import Exchange

COMPARED_HEADERS = (
    "azure-asyncoperation",
    "cache-control",
    "content-type",
    "date",
    "etag",
    "expires",
    "location",
    "pragma",
)
"""What the recorder kept and a client reads. The rest tells of the infrastructure: servers, transport, quotas left."""

_EQUAL_HEADERS = ("cache-control", "content-type", "expires", "pragma")

Adjust = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Exchanges that are not compared, and why.

    Attributes:
        pattern: found in `METHOD host/path`.
        indexes: where in the session, if not everywhere.
        is_refused: the practice vault answers 501, which is insisted on; otherwise nothing is sent.
    """

    name: str
    reason: str
    pattern: str = ""
    indexes: range | None = None
    is_refused: bool = False

    def covers(self, exchange: Exchange) -> bool:
        line = f"{exchange.method} {exchange.host}{exchange.path}"
        return (self.indexes is None or exchange.index in self.indexes) and re.search(self.pattern, line) is not None


@dataclass(frozen=True, slots=True)
class Allowance:
    """A difference that is known and meant, and why: `pattern` is found in the request line, `place` in the answer."""

    name: str
    reason: str
    pattern: str
    place: str

    def covers(self, exchange: Exchange, place: str) -> bool:
        return self.place == place and re.search(self.pattern, _request_line(exchange)) is not None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change to our answer's body before it is compared, where the recording presupposes another estate."""

    name: str
    reason: str
    pattern: str
    adjust: Adjust


@dataclass(slots=True)
class Outcome:
    """What a replay found."""

    complaints: list[str] = field(default_factory=list)
    compared: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    used: set[str] = field(default_factory=set)


class Replay:
    """One run through a session. `names` maps recorded names to ours; operation ids are added as they are met."""

    def __init__(
        self,
        conversation: Conversation,
        names: Mapping[str, str],
        *,
        not_applicable: Iterable[NotApplicable] = (),
        allowances: Iterable[Allowance] = (),
        adjustments: Iterable[Adjustment] = (),
    ) -> None:
        self._conversation = conversation
        self._names = dict(names)
        self._not_applicable = tuple(not_applicable)
        self._allowances = tuple(allowances)
        self._adjustments = tuple(adjustments)
        self.outcome = Outcome()

    def run(self, exchanges: Iterable[Exchange]) -> Outcome:
        for exchange in exchanges:
            rule = next((rule for rule in self._not_applicable if rule.covers(exchange)), None)
            if rule is None:
                self._compare(exchange)
                continue
            self.outcome.left_out[rule.name] += 1
            self.outcome.used.add(rule.name)
            if rule.is_refused and self._send(exchange).status != 501:
                self.outcome.complaints.append(f"#{exchange.index} is simulated by now, and can be compared")
        return self.outcome

    def unused(self) -> list[str]:
        """Names of rules that nothing needed: they would hide a later mistake."""
        rules: list[NotApplicable | Allowance | Adjustment] = [
            *self._not_applicable,
            *self._allowances,
            *self._adjustments,
        ]
        return [rule.name for rule in rules if rule.name not in self.outcome.used]

    def _compare(self, exchange: Exchange) -> None:
        answer = self._send(exchange)
        if _is_status(exchange.body):
            answer = self._wait_as_recorded(exchange, answer)
        self._learn(exchange, answer)
        self.outcome.compared[_sort_of(exchange)] += 1
        for place, told in self._all_differences(exchange, answer):
            allowance = next((a for a in self._allowances if a.covers(exchange, place)), None)
            if allowance is None:
                self.outcome.complaints.append(f"#{exchange.index} {_request_line(exchange)}: {told}")
            else:
                self.outcome.used.add(allowance.name)

    def _send(self, exchange: Exchange) -> Answer:
        body = json.loads(self._ours(json.dumps(exchange.request_body))) if exchange.request_body else None
        return self._conversation.send(exchange.method, self._target(exchange), body)

    def _target(self, exchange: Exchange) -> str:
        return quote(self._ours(exchange.path)) + "?" + self._ours(urlencode(exchange.query, safe="$"))

    def _wait_as_recorded(self, exchange: Exchange, answer: Answer) -> Answer:
        """A poll is told what was recorded, if time alone brings it about; one that told the end waits for the end."""
        told = exchange.body["status"]
        if answer.status != exchange.status or told == "NotStarted":
            return answer
        words = OVER if told in OVER else OVER | {told}
        self._conversation.wait_for(self._target(exchange), words, step_s=0.1)
        return self._send(exchange)

    def _learn(self, exchange: Exchange, answer: Answer) -> None:
        """An accepted operation is polled by the name we gave it."""
        recorded = exchange.headers.get("azure-asyncoperation")
        if recorded and "azure-asyncoperation" in answer.headers:
            self._names[recorded.split("?")[0].rsplit("/", 1)[-1]] = answer.operation

    def _ours(self, text: str) -> str:
        for recorded, ours in self._names.items():
            text = text.replace(recorded, ours)
        return text

    def _all_differences(self, exchange: Exchange, answer: Answer) -> Iterable[tuple[str, str]]:
        if exchange.status != answer.status:
            yield "status", f"status: recorded {exchange.status}, ours {answer.status} {answer.body}"
            return
        for name in COMPARED_HEADERS:
            recorded, ours = exchange.headers.get(name), answer.headers.get(name)
            same = recorded == ours if name in _EQUAL_HEADERS else form(recorded) == form(ours)
            if not same:
                yield f"header {name}", f"header {name}: recorded {recorded}, ours {ours}"
        body = answer.body
        for adjustment in self._adjustments:
            if re.search(adjustment.pattern, _request_line(exchange)):
                body = adjustment.adjust(body)
                self.outcome.used.add(adjustment.name)
        for difference in differences(exchange.body, body):
            yield difference.path, str(difference)


def _request_line(exchange: Exchange) -> str:
    return f"{exchange.method} {exchange.path}"


def _is_status(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("status"), str)


def _sort_of(exchange: Exchange) -> str:
    """What was done to which type of thing, for the table."""
    return f"{exchange.method} {[part for part in id_form(exchange.path).split('/') if part != '*'][-1]}"
