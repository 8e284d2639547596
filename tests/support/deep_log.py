"""Logs as deep as they go, the libraries' too, for those who look for secrets in them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from app.logs import start_logging, stop_logging
from app.paths import user_paths

_LIBRARIES = ("azure", "msal", "urllib3", "aiohttp", "keyring")


@contextmanager
def deep_log() -> Iterator[None]:
    """Everything goes to the user's log file meanwhile."""
    handler = start_logging(user_paths().log_file, logging.DEBUG)
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield
    finally:
        for name in _LIBRARIES:
            logging.getLogger(name).setLevel(logging.NOTSET)
        logging.getLogger().setLevel(logging.WARNING)
        stop_logging(handler)
