"""Whom to trust: the authorities of the system, and those that the user names in a file. Never nobody."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path

import truststore

from app.domain.line_trouble import LineTrouble, Trouble
from app.network_settings import BadCaFile, ca_data


class UntrustworthyFile(Exception):
    """The CA file cannot be used."""

    def __init__(self, trouble: LineTrouble) -> None:
        super().__init__(trouble.said)
        self.trouble = trouble


class Trust:
    """Makes each TLS context once: connections are shared by those who have the same."""

    def __init__(self, ca: Path | None = None) -> None:
        self._ca = ca
        self._contexts: dict[Path | None, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def use(self, ca: Path | None) -> None:
        """Trust this file from now on, in place of an earlier one; its content is read anew."""
        with self._lock:
            self._ca = ca
            self._contexts = {}

    def context(self, own: Path | None = None) -> ssl.SSLContext:
        """
        Args:
            own: one more file, of a connection.

        Raises:
            UntrustworthyFile: a file cannot be used.
        """
        with self._lock:
            if own not in self._contexts:
                self._contexts[own] = _context([file for file in (self._ca, own) if file is not None])
            return self._contexts[own]


def _context(files: list[Path]) -> ssl.SSLContext:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for file in files:
        try:
            context.load_verify_locations(cadata=ca_data(file))
        except (BadCaFile, ssl.SSLError, ValueError) as error:
            raise UntrustworthyFile(LineTrouble(Trouble.CA_FILE, file.name, said=f"{file}: {error}")) from error
    return context
