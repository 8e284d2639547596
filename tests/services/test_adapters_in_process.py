"""The door in this process, where azure-core's older pipeline and the waits of the SDK meet it."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from azure.core.exceptions import IncompleteReadError, ResponseNotReadError, StreamConsumedError
from azure.core.pipeline import AsyncPipeline
from azure.core.pipeline.policies import ContentDecodePolicy, HeadersPolicy
from azure.core.pipeline.transport import HttpRequest as OlderRequest
from azure.core.rest import HttpRequest

from app.adapters.azure.in_process import ARM_BASE, InProcessTransport
from app.simulator import certificates
from app.simulator.clock import SimulatorClock
from app.simulator.messages import Request, Response
from app.simulator.service import Simulator
from tests.support.practice import manual_simulator

LOCATIONS = "/subscriptions/{}/locations?api-version=2022-12-01"


class Echo:
    """A simulator that answers with what it was sent, or with the body it was given."""

    def __init__(self, body: bytes | Iterator[bytes] | None = None, **headers: str) -> None:
        self.clock = SimulatorClock(manual_simulator().clock.now(), 0)
        self._body = body
        self._headers = headers

    def catch_up(self) -> bool:
        return True

    def handle(self, request: Request) -> Response:
        headers = {name.replace("_", "-"): value for name, value in self._headers.items()}
        return Response(200, headers, request.body if self._body is None else self._body)


def door_to(simulator: Any) -> InProcessTransport:
    return InProcessTransport(simulator)


def get_locations(simulator: Simulator) -> str:
    return ARM_BASE + LOCATIONS.format(simulator.subscription_id)


async def test_the_older_pipeline_reads_an_answer_too() -> None:
    simulator = manual_simulator()
    policies: list[Any] = [HeadersPolicy({"Authorization": "Bearer any"}), ContentDecodePolicy()]
    async with AsyncPipeline(door_to(simulator), policies) as pipeline:
        answer = await pipeline.run(OlderRequest("GET", get_locations(simulator)), stream=False)

        decoded = ContentDecodePolicy.deserialize_from_http_generics(answer.http_response)
        streamed = await pipeline.run(OlderRequest("GET", get_locations(simulator)), stream=True)
        chunks = [chunk async for chunk in streamed.http_response.stream_download(pipeline)]

    assert decoded["value"]
    assert json.loads(b"".join(chunks)) == decoded
    assert answer.http_response.status_code == 200
    assert answer.http_response.reason == "OK"


async def _in_pieces() -> AsyncIterator[bytes]:
    yield b"in "
    yield b"pieces"


@pytest.mark.parametrize(
    ("body", "arrives"),
    [
        ("text", b"text"),
        (b"bytes", b"bytes"),
        (io.BytesIO(b"a file"), b"a file"),
        ([b"in ", b"parts"], b"in parts"),
        (_in_pieces(), b"in pieces"),
    ],
    ids=["text", "bytes", "file", "parts", "pieces"],
)
async def test_a_request_body_of_any_form_arrives_whole(body: Any, arrives: bytes) -> None:
    request = HttpRequest("PUT", f"{ARM_BASE}/x", content=body)

    response = await door_to(Echo()).send(request)

    assert response.content == arrives


async def test_a_body_made_while_it_is_read_lets_others_work(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(1000))
    monkeypatch.setattr("app.adapters.azure.slices.monotonic", lambda: float(next(now)))
    turns: list[int] = []

    async def somebody_else() -> None:
        while True:
            turns.append(len(turns))
            await asyncio.sleep(0)

    other = asyncio.get_running_loop().create_task(somebody_else())
    response = await door_to(Echo(iter([b"x"] * 20))).send(HttpRequest("GET", f"{ARM_BASE}/x"))
    other.cancel()

    assert len(response.content) == 20
    assert len(turns) >= 20


async def test_a_body_shorter_than_promised_was_cut() -> None:
    transport = door_to(Echo(b"half", Content_Length="8"))

    with pytest.raises(IncompleteReadError):
        await transport.send(HttpRequest("GET", f"{ARM_BASE}/x"))


async def test_a_head_answer_has_a_length_and_no_body() -> None:
    response = await door_to(Echo(b"", Content_Length="8")).send(HttpRequest("HEAD", f"{ARM_BASE}/x"))

    assert response.content == b""


async def test_a_stream_is_read_once() -> None:
    response = await door_to(Echo(b"once")).send(HttpRequest("GET", f"{ARM_BASE}/x"), stream=True)
    with pytest.raises(ResponseNotReadError):
        _ = response.content

    assert [chunk async for chunk in response.iter_bytes()] == [b"once"]
    assert response.is_stream_consumed
    assert response.is_closed
    with pytest.raises(StreamConsumedError):
        await response.read()


async def test_an_answer_is_decoded_as_it_says() -> None:
    transport = door_to(Echo("grün".encode("latin-1"), Content_Type="text/plain; charset=latin-1"))

    response = await transport.send(HttpRequest("GET", f"{ARM_BASE}/x"))

    assert response.text() == "grün"


async def test_a_wait_of_the_sdk_moves_a_manual_clock() -> None:
    simulator = manual_simulator()
    before = simulator.clock.now()

    await door_to(simulator).sleep(30)

    assert (simulator.clock.now() - before).total_seconds() == 30


@pytest.mark.parametrize(("speed", "waits_s"), [(1.0, 30.0), (10.0, 3.0), (3600.0, 0.2)])
async def test_a_wait_of_the_sdk_is_as_long_as_the_speed_makes_it(
    speed: float, waits_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    simulator = Simulator.open("contoso")
    simulator.clock.set_speed(speed)
    monkeypatch.setattr("app.adapters.azure.in_process.asyncio.sleep", sleep)

    await door_to(simulator).sleep(30)

    assert waits == [waits_s]


async def test_the_key_of_a_certificate_is_drawn_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_in: list[threading.Thread] = []
    draw = certificates.draw_key

    def draw_key() -> None:
        drawn_in.append(threading.current_thread())
        draw()

    monkeypatch.setattr(certificates, "draw_key", draw_key)
    simulator = manual_simulator()
    vault = f"/subscriptions/{simulator.subscription_id}/resourceGroups/{simulator.resource_group}/providers"
    vault += f"/Microsoft.RecoveryServices/vaults/{simulator.vault_name}"
    url = f"{ARM_BASE}{vault}/certificates/mine?api-version=2024-04-01"
    made = []
    for _ in range(2):
        request = HttpRequest("PUT", url, json={}, headers={"Authorization": "Bearer any"})
        response = await door_to(simulator).send(request)
        assert response.status_code == 200
        made.append(response.json()["properties"]["thumbprint"])
    assert len(set(made)) == 2
    assert len(drawn_in) == 2
    assert threading.main_thread() not in drawn_in
