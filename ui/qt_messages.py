"""What Qt has to say goes to the log, as everything does: a terminal is for what its user can act on."""

from __future__ import annotations

import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_WANTING = "This plugin does not support "
"""How a platform without a desktop answers each time a menu or a window opens; nothing is wrong."""

_log = logging.getLogger("qt")


def log_qt_messages() -> None:
    """Begin once the application exists: what keeps it from starting is for the terminal."""
    qInstallMessageHandler(_take)


def _take(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    level = logging.DEBUG if message.startswith(_WANTING) else _LEVELS[kind]
    _log.log(level, "%s%s", f"{context.category}: " if context.category not in (None, "default") else "", message)
