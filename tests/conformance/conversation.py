"""A client's conversation with the practice vault, in process: what a recorded session is replayed through.

It knows nothing of the simulator but its door: requests go in, answers come out, and the clock is moved by hand.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from app.simulator.clock import SimulatorClock
from app.simulator.messages import Headers, Request
from app.simulator.scenario_data import ScenarioData
from app.simulator.service import Simulator

API_VERSION = "2022-08-01"
OVER = frozenset({"Succeeded", "Failed", "Cancelled", "Canceled"})

_LONGEST_WAIT_S = 24 * 3600
_START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names are lower case, the body is decoded JSON or None."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def operation(self) -> str:
        """What names an accepted operation: in Site Recovery the GUID of its job."""
        return unquote(urlsplit(self.headers["azure-asyncoperation"]).path.rsplit("/", 1)[-1])


class Conversation:
    """A vault that stands still; `scenario` is the name of one or the data of one, which then says when it begins."""

    def __init__(self, scenario: str | ScenarioData = "empty") -> None:
        start = _START if isinstance(scenario, str) else scenario.start
        self.clock = SimulatorClock(start, speed=0)
        self.simulator = Simulator.open(scenario, clock=self.clock)

    def send(self, method: str, target: str, body: Any = None) -> Answer:
        """Send one request; `target` is a path with its query, or a whole address."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {self.simulator.token}",
            "Content-Type": "application/json",
            "Host": "management.practice.invalid",
            "x-ms-client-request-id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{method} {target}")),
        }
        response = self.simulator.handle(Request(method, target, Headers(headers), content))
        text = response.read()
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            json.loads(text) if text else None,
        )

    def get(self, arm_id: str) -> Any:
        """The body of something that must be there."""
        answer = self.send("GET", _with_version(arm_id))
        assert answer.status == 200, f"GET {arm_id} answered {answer.status}: {answer.body}"
        return answer.body

    def do(self, method: str, target: str, body: Any = None) -> Answer:
        """Send a write, wait for its end, and insist that it succeeded. Returns the answer to the write itself."""
        answer = self.send(method, _with_version(target), body)
        assert answer.status < 300, f"{method} {target} answered {answer.status}: {answer.body}"
        if "azure-asyncoperation" in answer.headers:
            ended = self.wait_for(answer.headers["azure-asyncoperation"])
            assert ended["status"] == "Succeeded", f"{method} {target} ended {ended}"
        return answer

    def wait_for(self, status_address: str, words: frozenset[str] = OVER, *, step_s: float = 10.0) -> Any:
        """Let time go by until an operation's status is one of `words`; returns that status."""
        waited = 0.0
        while (status := self.send("GET", status_address).body)["status"] not in words:
            assert waited < _LONGEST_WAIT_S, f"{status_address} does not become {words} within a day: {status}"
            self.clock.advance(step_s)
            waited += step_s
        return status


def _with_version(target: str) -> str:
    return target if "?" in target else f"{target}?api-version={API_VERSION}"
