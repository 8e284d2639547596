"""Every published example's request is taken, in a vault that holds what it names, and answered as described."""

from __future__ import annotations

import copy
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import msgspec
import pytest

from app.simulator.scenario_data import ScenarioData
from tests.conformance.conversation import Answer, Conversation
from tests.conformance.start_state import infer
from tests.published.examples import Example, examples
from tests.published.judge import the_judge
from tests.support.recordings import needs_recordings
from tests.support.session_files import Exchange
from tests.support.tables import Tell

_DATA: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("examples.toml").read_text("utf-8"))
FOUND = {entry["example"]: entry for entry in _DATA["found"]}
ENDS = {entry["example"]: entry["status"] for entry in _DATA["ends"]}
SKIPPED = {name: entry["reason"] for entry in _DATA["skipped"] for name in entry["examples"]}

pytestmark = needs_recordings


def each_of(chosen: Iterable[Example]) -> Any:
    return pytest.mark.parametrize("example", list(chosen), ids=lambda example: example.name)


def before(example: Example) -> Iterator[Exchange]:
    """What was done and read before the request."""
    entry = FOUND.get(example.name)
    if entry is None:
        return
    path = example.exchange.path.rpartition("/")[0] if entry.get("above") else example.exchange.path
    common = replace(example.exchange, path=path, index=-1, request_body=None, status=200)
    if "written" in entry:
        yield replace(common, method="PUT", request_body=entry["written"], body=None)
    else:
        yield replace(common, method="GET", body={"id": path, "name": path.rpartition("/")[2], **entry["body"]})


def answer_to(example: Example) -> tuple[Conversation, Answer]:
    if example.name == "ReplicationJobs_Resume":
        return answer_to_resuming(example)
    earlier = tuple(before(example))
    conversation = vault_of((*earlier, example.exchange))
    for exchange in earlier:
        if exchange.method != "GET":
            assert sent(conversation, exchange).status < 300
    return conversation, sent(conversation, example.exchange)


def vault_of(exchanges: tuple[Exchange, ...]) -> Conversation:
    """A vault that holds what requests and answers name, under their names."""
    scenario = infer(exchanges, is_old=False).scenario
    return Conversation(msgspec.convert(scenario, ScenarioData, strict=False))


def answer_to_resuming(example: Example) -> tuple[Conversation, Answer]:
    """The job that waits for the user is the drill of the published recovery plan, which was given a manual action."""
    make, drill = (named(f"ReplicationRecoveryPlans_{name}").exchange for name in ("Create", "TestFailover"))
    conversation = vault_of((make, drill))
    action = {
        "actionName": "Look",
        "failoverTypes": ["TestFailover"],
        "failoverDirections": ["PrimaryToRecovery"],
        "customDetails": {"instanceType": "ManualActionDetails", "description": "Look at the machine."},
    }
    body = copy.deepcopy(make.request_body)
    body["properties"]["groups"][0]["startGroupActions"] = [action]
    conversation.do("PUT", make.path, body)
    job = sent(conversation, drill).headers["x-ms-request-id"]
    for _ in range(200):
        if conversation.get(job)["properties"]["state"] == "Suspended":
            break
        conversation.clock.advance(10)
    name = example.exchange.path.split("/")[-2]
    path = example.exchange.path.replace(name, job.rpartition("/")[2])
    return conversation, sent(conversation, replace(example.exchange, path=path))


def named(name: str) -> Example:
    return next(example for example in examples() if example.name == name)


def sent(conversation: Conversation, exchange: Exchange) -> Answer:
    target = f"{exchange.path}?{urlencode(exchange.query, safe='$')}"
    return conversation.send(exchange.method, target, exchange.request_body)


@each_of(example for example in examples() if example.name not in SKIPPED)
def test_request_of_an_example_is_taken_and_its_work_ends_well(example: Example) -> None:
    conversation, answer = answer_to(example)
    assert answer.status < 300, answer.body
    operation = the_judge().find(example.exchange.method, example.exchange.path)
    assert operation is not None
    assert operation.id == example.operation
    assert not the_judge().violations(operation, answer.status, answer.body)
    if "azure-asyncoperation" in answer.headers:
        assert conversation.wait_for(answer.headers["azure-asyncoperation"])["status"] == ENDS.get(
            example.name, "Succeeded"
        )
    if "location" in answer.headers:
        result = conversation.send("GET", answer.headers["location"])
        described = the_judge().find("GET", unquote(urlsplit(answer.headers["location"]).path))
        assert described is not None
        assert not the_judge().violations(described, result.status, result.body)


@each_of(example for example in examples() if SKIPPED.get(example.name, "").startswith("not simulated"))
def test_what_is_left_out_as_not_simulated_is_not(example: Example) -> None:
    assert answer_to(example)[1].status == 501


def test_which_examples_are_left_out(tell: Tell) -> None:
    names = {example.name for example in examples()}
    assert set(SKIPPED) | set(FOUND) | set(ENDS) <= names
    counts = Counter(SKIPPED.values())
    rows = [("taken", len(names) - len(SKIPPED)), *sorted(counts.items())]
    tell(f"Published examples: {len(names)}", ("", "examples"), rows)
