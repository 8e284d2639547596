"""The composition root: one application, one window, then one loop with the program on it.

The window shows first, by Qt alone. Then the rest is imported, and nothing of `azure.*` until a connection opens.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from app.kept_log import KeptLog
from app.paths import HOME_VARIABLE, UserPaths, make_private_folder, user_paths
from ui.first_frame import FirstFrame
from ui.interrupts import INTERRUPTED
from ui.options import read_options
from ui.qt_messages import log_qt_messages
from ui.theme.theme import STYLE_ARGUMENTS

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from app.connection import AzureSpec, ConnectionSpec
    from app.live.services import Services
    from app.ports.sign_in import SignedIn, SignIn, SignInWish
    from app.runtime.progress import Report
    from app.services.account import Account
    from app.services.connection_check import ConnectionCheck
    from app.services.limits import Limits
    from app.services.network import Network

_AFTER_FIRST_FRAME = (
    "app.logs",
    "ssl",
    "concurrent.futures",
    "subprocess",
    "asyncio",
    "qasync",
    "ui.calls",
    "app.connection",
    "ui.program",
)
"""In this order, so that none takes long by itself."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program until its window is closed; the exit status is 0 unless a tour failed or an interrupt came."""
    options = read_options(arguments)
    if options.tour is not None and not _has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([sys.argv[0], *STYLE_ARGUMENTS])
    app.setApplicationName("Site Recovery Desk")
    app.setQuitOnLastWindowClosed(False)
    paths = user_paths()
    _claim_log_file(paths)
    said = KeptLog()
    log_qt_messages()

    frame = FirstFrame(app, paths, motion=False if options.tour else None)
    if options.opens_at_once:
        frame.welcome.set_busy(options.practice or "practice")
    if not frame.show_and_load(_AFTER_FIRST_FRAME):
        return INTERRUPTED + frame.interrupt if frame.interrupt else 0

    from app.logs import start_logging, stop_logging
    from ui.program import Program, run

    log = start_logging(paths.log_file)
    said.hand_on(log)
    try:
        return run(app, Program(frame, options, BootstrapDoors(lambda: int(frame.window.winId()))))
    finally:
        stop_logging(log)


class BootstrapDoors:
    """Everything that talks to Azure, or to a practice vault, is loaded and made by `app.bootstrap`."""

    def __init__(self, window: Callable[[], int | None] = lambda: None) -> None:
        """`window` is the handle of the window in front of which Windows asks for an account."""
        self._window = window
        self._sign_in: SignIn | None = None
        self._network: Network | None = None
        self._limits: Limits | None = None
        self._opening: asyncio.Lock | None = None

    async def connection(self, spec: ConnectionSpec, report: Report, *, looks_only: bool = False) -> Services:
        from app import bootstrap
        from app.connection import AzureSpec, PracticeSpec

        limits = await self.limits()
        if isinstance(spec, PracticeSpec):
            return await bootstrap.open_connection(spec, report=report, looks_only=looks_only, limits=limits)
        network = await self.network()
        sign_in = await self.sign_in() if isinstance(spec, AzureSpec) else None
        return await bootstrap.open_connection(
            spec, report=report, sign_in=sign_in, looks_only=looks_only, network=network, limits=limits
        )

    async def limits(self) -> Limits:
        from app import bootstrap

        async with self._one_at_a_time():
            if self._limits is None:
                self._limits = await bootstrap.open_limits()
            return self._limits

    async def network(self) -> Network:
        from app import bootstrap

        async with self._one_at_a_time():
            if self._network is None:
                self._network = await bootstrap.open_network()
            return self._network

    async def sign_in(self) -> SignIn:
        from app import bootstrap

        network = await self.network()
        async with self._one_at_a_time():
            if self._sign_in is None:
                self._sign_in = await bootstrap.open_sign_in(window=self._window, network=network)
            return self._sign_in

    async def connection_check(self, ca: Path | None = None) -> ConnectionCheck:
        from app import bootstrap

        return await bootstrap.open_connection_check(await self.network(), ca=ca)

    async def wish(self, spec: AzureSpec) -> SignInWish:
        from app import bootstrap

        return await bootstrap.wish_of(spec, await self.sign_in())

    async def account(self, signed_in: SignedIn, report: Report) -> Account:
        from app import bootstrap

        network, limits = await self.network(), await self.limits()
        return await bootstrap.open_catalogue(
            signed_in.wish, await self.sign_in(), report=report, network=network, limits=limits
        )

    def _one_at_a_time(self) -> asyncio.Lock:
        """Two who ask at once get the same one. Made late: at the first frame there is no asyncio yet."""
        import asyncio

        if self._opening is None:
            self._opening = asyncio.Lock()
        return self._opening

    async def aclose(self) -> None:
        sign_in, self._sign_in = self._sign_in, None
        if sign_in is not None:
            await sign_in.aclose()


def _claim_log_file(paths: UserPaths) -> None:
    """Find out before there is a window whether the log can be written."""
    try:
        make_private_folder(paths.logs)
        paths.log_file.open("ab").close()
    except OSError as error:
        sys.exit(
            f"{paths.logs} can’t be written: {error.strerror}. "
            f"Give yourself the right to write there, or name another folder in {HOME_VARIABLE}."
        )


def _has_display() -> bool:
    """Whether Qt can open a window; on Windows and macOS it always can."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
