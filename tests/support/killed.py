"""Kills a program at the worst moments of a run, on a practice vault in another process whose log tells the truth."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.bootstrap import open_connection
from app.connection import read_connection
from app.domain.protected_item import Operation
from app.flows.draft import NetworkChoice, SetUpDraft, StorageChoice
from app.flows.draft_file import load_draft, new_draft_path, save_draft
from app.paths import user_paths
from tests.support.killing_proxy import Fits, KillingProxy, Moment, Passed, Trap
from tests.support.practice import contoso_draft, open_practice
from tests.support.served import Served, output_of, start_python

MACHINES = ("DC01", "WEB-01", "WEB-02")
ITEMS = "/replicationProtectedItems/"
_STEPS = ("vault", "goal", "source", "target", "settings", "capacity", "enable")


def has_passed(method: str, path: str, passed: list[Passed]) -> bool:
    return any(before.method == method and before.path.lower() == path.lower() for before in passed)


def when_it_is_enabled(method: str, path: str, passed: list[Passed]) -> bool:
    return method == "PUT" and ITEMS in path


def when_it_is_read_back(method: str, path: str, passed: list[Passed]) -> bool:
    """Between its PUT and its read-back the item itself is not read."""
    return method == "GET" and ITEMS in path and has_passed("PUT", path, passed)


def when_it_is_tested(method: str, path: str, passed: list[Passed]) -> bool:
    return method == "POST" and path.endswith("/testFailover")


def when_the_drill_is_read_back(method: str, path: str, passed: list[Passed]) -> bool:
    return method == "GET" and ITEMS in path and has_passed("POST", f"{path}/testFailover", passed)


def worst_moments(sending: Fits, reading_back: Fits) -> pytest.MarkDecorator:
    """Runs a test at each moment (`moment`, `fits`): before the request, after its answer, before the read-back."""
    return pytest.mark.parametrize(
        ("moment", "fits"),
        [
            pytest.param(Moment.BEFORE_FORWARDING, sending, id="before-the-request"),
            pytest.param(Moment.BEFORE_ANSWERING, sending, id="after-the-202"),
            pytest.param(Moment.BEFORE_FORWARDING, reading_back, id="before-the-read-back"),
        ],
    )


async def save_contoso_draft(path: Path, *, makes_target: bool = False) -> Path:
    """`makes_target`: its storage account and its network are still to be made."""
    async with open_practice() as practice:
        draft = contoso_draft(await practice.estate(), *MACHINES)
    if makes_target:
        network = NetworkChoice(
            name="vnet-new", subnet="servers", address_space="10.9.0.0/16", subnet_prefix="10.9.1.0/24", create=True
        )
        storage = StorageChoice(name="stcontosonew01", create=True)
        draft = replace(draft, target=replace(draft.target, storage=storage, network=network))
    save_draft(path, draft, saved_at=datetime(2026, 3, 2, tzinfo=UTC), steps_done=6)
    return path


async def leave_at_review(connection: Path) -> SetUpDraft:
    """Leave a draft where the window of this connection finds it: every step answered, the review open."""
    folder = user_paths().connection_folder(read_connection(connection).key)
    folder.mkdir(parents=True)
    saved = load_draft(await save_contoso_draft(folder.parent / "contoso.setup.json"))
    draft = replace(saved.draft, position="review", visited=(*_STEPS, "review"))
    save_draft(new_draft_path(folder, draft.name), draft, saved_at=saved.saved_at, steps_done=len(_STEPS))
    return draft


@asynccontextmanager
async def killed_program(
    served: Served,
    folder: Path,
    moment: Moment,
    fits: Fits,
    *command: str,
    prepare: Callable[[Path], Awaitable[object]] | None = None,
) -> AsyncIterator[Path]:
    """Run a command until it is killed; gives the connection file, which leads through the same proxy as before.

    `CONNECTION` in the command stands for that file; `prepare` gets it before the command starts. The user's folders
    are in `folder / "home"`.
    """
    proxy = KillingProxy(served.arm)
    async with proxy.serving():
        connection = served.connection_file(folder / "connection.json", arm=proxy.arm)
        if prepare is not None:
            await prepare(connection)
        victim = await start_python(*with_connection(command, connection), home=folder / "home")
        proxy.trap = Trap(moment, fits, lambda: os.kill(victim.pid, signal.SIGKILL))
        said = await output_of(victim)
        assert victim.returncode == -signal.SIGKILL, said
        assert proxy.trap.has_sprung
        yield connection


def with_connection(command: tuple[str, ...], connection: Path) -> list[str]:
    return [str(connection) if part == "CONNECTION" else part for part in command]


async def protected_machines(served: Served, folder: Path) -> set[str]:
    """The machines of the vault whose first copy has begun or is complete."""
    return {name for name, _ in await _read_items(served, folder)}


async def machine_to_test(served: Served, folder: Path) -> str:
    return next(name for name, may_be_tested in await _read_items(served, folder) if may_be_tested)


async def _read_items(served: Served, folder: Path) -> list[tuple[str, bool]]:
    services = await open_connection(read_connection(served.connection_file(folder / "direct.json")))
    try:
        assert services.home_vault is not None
        items = await services.gateways.site_recovery.list_protected_items(services.home_vault)
        return [(item.friendly_name, item.allows(Operation.TEST_FAILOVER)) for item in items]
    finally:
        await services.aclose()
