"""The log file: small, rotating, without secrets and without the chatter of libraries.

Redaction happens as a line is formatted, so that it covers messages, arguments and tracebacks alike.
"""

from __future__ import annotations

import logging
import re
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.paths import make_private_folder
from app.ports.secrets import known_secret_texts

HIDDEN = "***"

_MAX_BYTES = 1_000_000
_KEPT_FILES = 3

# Libraries whose INFO is a line per request or per connection.
_QUIET_LIBRARIES = ("azure", "msal", "urllib3", "aiohttp", "asyncio", "qasync", "keyring")

# What gives access wherever it appears, registered or not: bearer tokens, shared access signatures, account keys.
_ALWAYS_HIDDEN = re.compile(r"(?i)(?<=bearer )[\w.~+/=-]{8,}|(?<=[?&]sig=)[^&\s\"']+|(?<=accountkey=)[^;\s\"']+")


def redact(text: str) -> str:
    """The text without any secret that the program holds or that can be told by its form."""
    for secret in known_secret_texts():
        text = text.replace(secret, HIDDEN)
    return _ALWAYS_HIDDEN.sub(HIDDEN, text)


class _RedactingFormatter(logging.Formatter):
    converter = staticmethod(time.gmtime)  # lines of several machines can be put side by side
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def start_logging(log_file: Path, level: int = logging.INFO) -> logging.Handler:
    """Send the program's log to `log_file` and return the handler, for `stop_logging`.

    Raises:
        OSError: the folder cannot be written; the program can go on without a log.
    """
    make_private_folder(log_file.parent)
    handler = RotatingFileHandler(log_file, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="utf-8")
    handler.setFormatter(_RedactingFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.setLevel(level)
    root.addHandler(handler)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    return handler


def stop_logging(handler: logging.Handler) -> None:
    logging.captureWarnings(False)
    logging.getLogger().removeHandler(handler)
    handler.close()
