"""What tests of signing in stand on: a practice vault with its identity service over TLS, and the panel in a window."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.adapters.azure.sign_in import AzureSignIn
from tests.support.identity import ServedIdentity, served_identity
from tests.support.sign_in import SmallStore, use_home
from tests.support.sign_in_panel import PanelBench
from ui.theme.theme import Theme

Show = Callable[[QWidget], Awaitable[None]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose system encrypts."""
    use_home(monkeypatch, tmp_path / "home", can_encrypt=True)
    return tmp_path / "home"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedIdentity]:
    async with served_identity(tmp_path / "server") as identity:
        yield identity


@pytest.fixture
def store() -> SmallStore:
    return SmallStore()


@pytest.fixture
async def port(store: SmallStore) -> AsyncIterator[AzureSignIn]:
    made = AzureSignIn(store)
    yield made
    await made.aclose()


@pytest.fixture
async def bench(theme: Theme, shown: Show, served: ServedIdentity, port: AzureSignIn) -> AsyncIterator[PanelBench]:
    """The panel, with the served cloud typed in."""
    made = PanelBench(theme, port)
    await shown(made.window)
    await made.is_prepared()
    made.name_cloud(served.arm, served.ca)
    yield made
    await made.leave()
