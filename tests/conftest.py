"""What every test stands on: no network, no user's folders, no real keyring, nothing left behind.

Coroutines under `tests/ui` and `tests/window` run on the Qt loop, all others on asyncio's own.
"""

from __future__ import annotations

import asyncio
import gc
import ipaddress
import itertools
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

import pytest
from pytest_asyncio import is_async_test

from app.paths import HOME_VARIABLE
from tests.published import plugin as published
from tests.support.tables import pytest_terminal_summary, tell  # noqa: F401 - pytest finds them by name

UI_TESTS = tuple(Path(__file__).parent / folder for folder in ("ui", "window"))


def on_qt_loop(item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(folder) for folder in UI_TESTS)


_qt_loops: list[asyncio.AbstractEventLoop] = []
"""Kept, though closed: Qt still holds timers of theirs, such as the limit of a wait that ended early. A loop that the
collector takes in some worker thread cannot take them back, and the next one to fire ends the process."""


def new_qt_loop() -> asyncio.AbstractEventLoop:
    import qasync
    from PySide6.QtWidgets import QApplication

    loop = qasync.QEventLoop(QApplication.instance() or QApplication(["tests"]))
    _qt_loops.append(loop)
    return loop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"qt": new_qt_loop} if on_qt_loop(item) else {"asyncio": asyncio.new_event_loop}


# --- no network --------------------------------------------------------------------------------------------------


class NetworkForbidden(Exception):
    """A test reached for something that is not on this machine."""


def is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: it hears of every connection, by whatever library, and cannot be taken off again."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not is_local(address[0]):
            raise NetworkForbidden(f"connection to {address[0]}")
    elif event == "socket.getaddrinfo" and not is_local(arguments[0]):
        raise NetworkForbidden(f"look-up of {arguments[0]}")


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(refuse_network)
    config.pluginmanager.register(_Collecting())
    published.register(config)


# --- nothing of the user's ---------------------------------------------------------------------------------------

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def _user_homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def user_home(_user_homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test's own; created only by what writes there."""
    home = _user_homes / str(next(_numbers))
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    return home


# --- processes that tests start ---------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _byte_code_of_children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where Python may keep no byte code, processes that tests start share what the first one compiled.

    It stays out of the checkout. Each of more than a hundred processes would compile the whole program otherwise.
    """
    if not sys.dont_write_bytecode:
        yield
        return
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(shared / "byte-code"))
        yield


# --- reference cycles --------------------------------------------------------------------------------------------

gc.disable()
"""As in the program (`ui.collector`): a widget or timer that a worker thread collects ends the process."""

_FULL_EVERY = 20
_SURVIVORS_AT_MOST = 200_000


class _Collecting:
    """Collects on the main thread, after each test, and everything now and then.

    Where much is left it looks no more at that: modules, the tests themselves, the service's description. They are
    most of what there is, never end, and would be gone through again each time; what tests make is looked at on and on.
    """

    def __init__(self) -> None:
        self._tests = 0

    def pytest_collection_finish(self) -> None:
        self._collect_all()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Iterator[None]:
        try:
            return (yield)
        finally:
            self._tests += 1
            if self._tests % _FULL_EVERY:
                gc.collect(1)
            else:
                self._collect_all()

    def _collect_all(self) -> None:
        gc.collect()
        if len(gc.get_objects()) > _SURVIVORS_AT_MOST:
            gc.freeze()


# --- nothing left behind -----------------------------------------------------------------------------------------


@pytest.fixture
async def _no_task_left() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    await asyncio.sleep(0)  # a task cancelled by the test's last line ends in the next turn
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    assert not left, "tasks left running: " + ", ".join(str(task.get_coro()) for task in left)


def _windows() -> list[Any]:
    from PySide6.QtWidgets import QApplication

    # Qt keeps one label for all tool tips, for as long as the program runs.
    return [each for each in QApplication.topLevelWidgets() if each.metaObject().className() != "QTipLabel"]


def _delete_deferred() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def _no_window_left() -> Iterator[None]:
    before = {id(window) for window in _windows()}
    yield
    _delete_deferred()
    if any(id(window) not in before for window in _windows()):
        gc.collect()  # a widget that only a reference cycle still holds is not left behind
    left = [window for window in _windows() if id(window) not in before]
    names = ", ".join(f"{type(window).__name__} {window.objectName()!r}" for window in left)
    for window in left:
        window.close()
        window.deleteLater()
    _delete_deferred()
    assert not left, "windows left open: " + names


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> None:
    if is_async_test(request.node):
        request.getfixturevalue("_no_task_left")
    if on_qt_loop(request.node):
        request.getfixturevalue("_no_window_left")
