"""The composition root: one application, one window, then one loop with the program on it.

The window shows first, by Qt alone. Then the rest is imported, and nothing of `azure.*` until a connection opens.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from app.kept_log import KeptLog
from app.paths import HOME_VARIABLE, UserPaths, make_private_folder, user_paths
from ui.first_frame import FirstFrame
from ui.options import read_options
from ui.qt_messages import log_qt_messages
from ui.theme.theme import STYLE_ARGUMENTS

if TYPE_CHECKING:
    from app.connection import ConnectionSpec
    from app.live.services import Services
    from app.runtime.progress import Report

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
        return 0

    from app.logs import start_logging, stop_logging
    from ui.program import Program, run

    log = start_logging(paths.log_file)
    said.hand_on(log)
    try:
        return run(app, Program(frame, options, open_connection))
    finally:
        stop_logging(log)


async def open_connection(spec: ConnectionSpec, report: Report, *, looks_only: bool = False) -> Services:
    """Everything that talks to Azure, or to a practice vault, is loaded and made here."""
    from app import bootstrap

    return await bootstrap.open_connection(spec, report=report, looks_only=looks_only)


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
