"""Asks a PAC file which proxies lead to an address. Blocks: for a thread.

pypac is never imported here: it runs in `pac_child`, which is ended when it takes too long.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from app.adapters.network.faults import kind_of, words_of
from app.adapters.network.trust import Trust, UntrustworthyFile
from app.domain.line_trouble import Trouble
from app.neutral_text import one_line

T = TypeVar("T")

FETCH_WITHIN_S = 5.0
RUN_WITHIN_S = 10.0
_KEPT_S, _RETRIED_AFTER_S = 600.0, 30.0
_LARGEST = 1 << 20
_REDIRECTS = 3
_LATE = "it does not come in time"
_CHILD = Path(__file__).with_name("pac_child.py")
_SYSTEM_VARIABLES = ("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP")
"""Without these Windows opens no socket. Nothing else of the environment is a script's business."""


class PacFailed(Exception):
    """The PAC file cannot be used; the text says why, for the second half of a sentence."""


@dataclass(frozen=True, slots=True)
class _Script:
    text: str
    failure: str
    read_at: float


class Pac:
    """Remembers each file for some minutes, and each answer of it as long."""

    def __init__(
        self, trust: Trust, *, fetch_within_s: float = FETCH_WITHIN_S, run_within_s: float = RUN_WITHIN_S
    ) -> None:
        self._trust = trust
        self._fetch_within_s = fetch_within_s
        self._run_within_s = run_within_s
        self._lock = threading.Lock()
        self._scripts: dict[str, _Script] = {}
        self._answers: dict[tuple[str, str], tuple[tuple[str, ...], float]] = {}

    def forget(self) -> None:
        """At once: whoever is asking now fills what is thrown away."""
        self._scripts, self._answers = {}, {}

    def known(self, address: str, url: str) -> tuple[str, ...] | None:
        """What is remembered."""
        found = self._answers.get((address, question(url)["url"]))
        return found[0] if found is not None and time.monotonic() - found[1] < _KEPT_S else None

    def find(self, address: str, url: str) -> tuple[str, ...]:
        """`DIRECT` and proxies by their addresses, in the order in which they are to be tried.

        Raises:
            PacFailed: it cannot be read, does not parse, or takes too long.
        """
        with self._lock:
            scripts, answers = self._scripts, self._answers
            known = self.known(address, url)
            if known is not None:
                return known
            asked = question(url)
            script = self._script(address, scripts)
            (answer,) = self._run({"do": "find", "script": script, "questions": [asked]})
            answers[address, asked["url"]] = tuple(answer), time.monotonic()
            return tuple(answer)

    def of_system(self) -> list[str]:
        """Where the system says that a PAC file is."""
        return [str(address) for address in self._run({"do": "system"})]

    def _script(self, address: str, scripts: dict[str, _Script]) -> str:
        kept = scripts.get(address)
        age = time.monotonic() - kept.read_at if kept is not None else 0.0
        if kept is None or age > (_RETRIED_AFTER_S if kept.failure else _KEPT_S):
            try:
                text, failure = within(self._fetch_within_s, lambda: self._fetch(address)), ""
            except TimeoutError:
                text, failure = "", _LATE
            except PacFailed as error:
                text, failure = "", str(error)
            kept = scripts[address] = _Script(text, failure, time.monotonic())
        if kept.failure:
            raise PacFailed(kept.failure)
        return kept.text

    def _fetch(self, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https"):
            path = Path(url2pathname(unquote(parts.path)) if parts.scheme == "file" else address)
            try:
                with path.open("rb") as stream:
                    return _text(stream.read(_LARGEST + 1))
            except OSError as error:
                raise PacFailed(f"{path} cannot be read ({(error.strerror or 'unknown').lower()})") from error
        return self._fetch_far(address)

    def _fetch_far(self, address: str) -> str:
        import urllib3

        host = urlsplit(address).netloc.rpartition("@")[2]
        try:
            context = self._trust.context()
            timeout = urllib3.Timeout(connect=self._fetch_within_s, read=self._fetch_within_s)
            retries = urllib3.Retry(total=_REDIRECTS, redirect=_REDIRECTS, connect=0, read=0)
            with urllib3.PoolManager(ssl_context=context, timeout=timeout, retries=retries) as pool:
                response = pool.request("GET", address, preload_content=False)
                try:
                    if response.status != 200:
                        raise PacFailed(f"{host} answers HTTP {response.status}")
                    return _text(response.read(_LARGEST + 1))
                finally:
                    response.close()
        except UntrustworthyFile as error:
            raise PacFailed("the CA file cannot be used") from error
        except urllib3.exceptions.HTTPError as error:
            if kind_of(error) is Trouble.TIMED_OUT:
                raise PacFailed(_LATE) from error
            raise PacFailed(f"{host} does not give it ({words_of(error)})") from error

    def _run(self, asked: dict[str, Any]) -> Any:
        command = [sys.executable, "-I", "-X", "utf8", str(_CHILD)]
        environment = {name: os.environ[name] for name in _SYSTEM_VARIABLES if name in os.environ}
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        try:
            done = subprocess.run(
                command,
                input=json.dumps(asked).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=self._run_within_s,
                check=False,
                creationflags=flags,
            )
            told = json.loads(done.stdout)
        except subprocess.TimeoutExpired as error:
            raise PacFailed("it takes too long to run") from error
        except (OSError, ValueError) as error:
            raise PacFailed("it cannot be run") from error
        if "error" in told:
            raise PacFailed(f"it is no script that works: {one_line(str(told['error']))[:200]}")
        return told["answer"]


def question(url: str) -> dict[str, str]:
    """What a script is told of an address: no path, which is nobody else's business."""
    parts = urlsplit(url)
    return {"url": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/", "host": parts.hostname or ""}


def within(seconds: float, call: Callable[[], T]) -> T:
    """The call's result.

    Raises:
        TimeoutError: it took longer; it goes on unheard.
    """
    results: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            results.put((call(), None))
        except BaseException as error:
            results.put((None, error))

    threading.Thread(target=work, name="network", daemon=True).start()
    try:
        result, error = results.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]


def _text(data: bytes) -> str:
    if len(data) > _LARGEST:
        raise PacFailed("it is larger than 1 MB")
    return data.decode("utf-8-sig", errors="replace")
