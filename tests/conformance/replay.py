"""Replays a recorded session against the practice vault, request by request, and holds every answer against its own.

The vault is opened in the state the session found (`start_state`), and its clock is moved by hand: when a recording
shows that something went on or ended, time goes by until it does so here too, or until it is plain that it never will.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from msgspec import ValidationError, convert

from app.simulator.scenario_data import ScenarioData
from tests.conformance.arm import is_arm_id, is_list, strings_in, target_of
from tests.conformance.compare import Translate, compare, pairs_of
from tests.conformance.conversation import Answer, Conversation
from tests.conformance.foreign import Foreign, operation_in
from tests.conformance.names import Names
from tests.conformance.pace import is_behind, is_over
from tests.conformance.shapes import Difference
from tests.conformance.standins import with_standins
from tests.conformance.start_state import COMPUTED, infer
from tests.conformance.today import in_todays_words, is_of_2017
from tests.conformance.touched import READS
from tests.support.session_files import Exchange, Session, in_order_of_time

LONGEST_WAIT_S = 3 * 24 * 3600.0
"""Nothing that a session waited for takes longer."""

BUSY = "532"
"""The error of an operation that another one keeps from beginning."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One exchange that was replayed, and where the answers differ."""

    exchange: Exchange
    origin: str
    differences: tuple[Difference, ...]


@dataclass(slots=True)
class Replayed:
    """What a session came to."""

    name: str
    compared: list[Compared] = field(default_factory=list)
    skipped: dict[int, str] = field(default_factory=dict)


def replay(session: Session) -> Replayed:
    """Replay one session; nothing in it can end the replay."""
    result = Replayed(session.name, skipped={i: f"cannot be read: {why}" for i, why in session.unreadable.items()})
    own = _own(session.exchanges, result)
    if own:
        result.compared.extend(_Run(own, is_old=is_of_2017(session.exchanges)).run())
    return result


def own_exchanges(session: Session) -> tuple[Exchange, ...]:
    """The exchanges of a session that are compared, in today's words."""
    return _own(session.exchanges, Replayed(session.name))


def _own(exchanges: Iterable[Exchange], result: Replayed) -> tuple[Exchange, ...]:
    """The exchanges that are compared, in today's words and without other products' entries."""
    exchanges = in_order_of_time(exchanges)
    foreign = Foreign(exchanges)
    own: list[Exchange] = []
    for exchange in exchanges:
        reason = foreign.reason(exchange)
        if reason is not None:
            result.skipped[exchange.index] = reason
            continue
        body, _ = foreign.own_part(exchange.body)
        own.append(in_todays_words(replace(exchange, body=body)))
    return with_standins(own)


class _Run:
    """One replay on its way."""

    def __init__(self, exchanges: tuple[Exchange, ...], is_old: bool) -> None:
        self._exchanges = exchanges
        start = infer(exchanges, is_old)
        self._origins = start.origins
        self._names = Names()
        for subscription in _subscriptions(exchanges):
            self._names.add(subscription, start.scenario["subscription"])
        self._problem = ""
        try:
            self._conversation = Conversation(
                convert(self._names.in_all_of(start.scenario), ScenarioData, strict=False)
            )
        except (ValueError, ValidationError) as error:
            self._problem = f"the start state cannot be made: {error}"
            self._conversation = Conversation()
        self._kept_headers = {
            is_read: frozenset(n for e in exchanges if (e.method in READS) is is_read for n in e.headers)
            for is_read in (True, False)
        }
        self._unfinished = _last_unfinished_polls(exchanges)
        self._pending: dict[str, str] = {}

    def run(self) -> Iterator[Compared]:
        for exchange in self._exchanges:
            origin = self._origins.get(exchange.index, COMPUTED)
            yield Compared(exchange, origin, tuple(self._differences(exchange)))

    def _differences(self, exchange: Exchange) -> Iterator[Difference]:
        if self._problem:
            yield Difference("start", "as the session found it", self._problem)
        if exchange.method not in READS:
            self._let_earlier_work_end(exchange)
        answer = self._answer(exchange)
        self._learn(exchange, answer)
        yield from compare(exchange, answer, self._names.ours_for, self._kept_headers[exchange.method in READS])

    # Sending

    def _send(self, exchange: Exchange) -> Answer:
        body = exchange.request_body
        if isinstance(body, (dict, list)):
            body = json.loads(self._names.ours_for(json.dumps(body)))
        return self._conversation.send(exchange.method, self._target(exchange), body)

    def _target(self, exchange: Exchange) -> str:
        path = quote(self._names.ours_for(unquote(exchange.path)))
        query = {name: self._names.ours_for(value) for name, value in exchange.query.items()}
        return f"{path}?{urlencode(query, safe='$')}"

    def _answer(self, exchange: Exchange) -> Answer:
        """Our answer, once time has gone by as the recording shows."""
        answer = self._send(exchange)
        if exchange.method not in READS:
            return answer
        if self._pending and _is_elsewhere(exchange, answer):
            self._let_earlier_work_end(exchange)
            answer = self._send(exchange)
        waited = 0.0
        while _has_not_come_so_far(exchange, answer, self._names.ours_for) and waited < LONGEST_WAIT_S:
            step = _step(waited) if _is_poll(exchange) else max(_step(waited), 2.0)
            self._conversation.clock.advance(step)
            waited += step
            answer = self._send(exchange)
        return answer

    # Operations under way

    def _learn(self, exchange: Exchange, answer: Answer) -> None:
        for name in ("azure-asyncoperation", "location"):
            recorded, ours = exchange.headers.get(name), answer.headers.get(name)
            if recorded and ours:
                self._names.learn_address(recorded, ours)
        self._names.learn(exchange.body, answer.body)
        status_address = answer.headers.get("azure-asyncoperation")
        if exchange.method not in READS and status_address and answer.status < 300:
            self._pending[_operation_of(exchange.headers)] = status_address

    def _let_earlier_work_end(self, exchange: Exchange) -> None:
        """A client goes on when its work is done, whether or not it was recorded asking.

        Work that is still seen going on later is left alone, and so is all of it when the recorded request came too
        early for the service as well.
        """
        if BUSY in _codes_of(self._exchanges, _operation_of(exchange.headers)):
            return
        for name, address in list(self._pending.items()):
            if self._unfinished.get(name, -1) > exchange.index:
                continue
            del self._pending[name]
            waited = 0.0
            while waited < LONGEST_WAIT_S:
                status = self._conversation.send("GET", address)
                if status.status != 200 or is_over(status.body):
                    break
                self._conversation.clock.advance(_step(waited))
                waited += _step(waited)


def _is_poll(exchange: Exchange) -> bool:
    """Whether the steps of a job show in the answer, some of which take only a moment."""
    return bool(operation_in(target_of(exchange.path)))


def _subscriptions(exchanges: Iterable[Exchange]) -> set[str]:
    """Every subscription that a session names: what is read of others lies in its own here."""
    texts = [exchange.path for exchange in exchanges]
    texts += [text for exchange in exchanges for _, text in strings_in([exchange.request_body, exchange.body])]
    return {name for text in texts if is_arm_id(text) and (name := target_of(text).named("subscriptions"))}


def _step(waited: float) -> float:
    """A hundredth of the time that went by, so that no step of a job is passed over: the short ones come first."""
    return max(0.1, waited / 100) if waited < 1200 else 30.0 if waited < 6 * 3600 else 600.0


def _has_not_come_so_far(exchange: Exchange, answer: Answer, ours_for: Translate) -> bool:
    if answer.status == 202 and exchange.status in (200, 204):
        return True
    if answer.status != exchange.status or answer.status >= 300:
        return False
    if is_list(exchange.body) and is_list(answer.body):
        pairs = pairs_of(exchange.body["value"], answer.body["value"], ours_for)
        return any(is_behind(now, then) for then, now in pairs)
    if is_over(answer.body):
        return False
    return is_behind(answer.body, exchange.body)


def _is_elsewhere(exchange: Exchange, answer: Answer) -> bool:
    """Whether something is missing here, or there, that work under way may bring or take."""
    if answer.status != exchange.status:
        return answer.status != 202
    both_lists = is_list(exchange.body) and is_list(answer.body)
    return both_lists and len(exchange.body["value"]) != len(answer.body["value"])


def _operation_of(headers: Any) -> str:
    address = headers.get("azure-asyncoperation") or headers.get("location") or ""
    return operation_in(target_of(urlsplit(address).path))


def _last_unfinished_polls(exchanges: Iterable[Exchange]) -> dict[str, int]:
    """For each operation, by name: where it was last seen not to be over."""
    return {
        operation_in(target_of(exchange.path)): exchange.index
        for exchange in exchanges
        if exchange.method in READS and isinstance(exchange.body, dict) and not is_over(exchange.body)
    }


def _codes_of(exchanges: Iterable[Exchange], name: str) -> set[str]:
    """The error codes that polls of an operation told."""
    return {
        code
        for exchange in exchanges
        if name and operation_in(target_of(exchange.path)) == name and BUSY in json.dumps(exchange.body)
        for code in (BUSY,)
    }
