"""A `serve-simulator` in a process of its own, asked without any SDK."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Served:
    """A `serve-simulator` under way."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "app", "serve-simulator", "--port", "0", *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.info: dict[str, Any] = json.loads(line)
        self.tls = ssl.create_default_context(cafile=self.info["ca"]) if self.info["ca"] else None

    def ask(
        self, method: str, path: str, body: bytes | None = None, *, token: str | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body; `token` empty sends none."""
        url = path if path.startswith("http") else self.info["arm"] + path
        request = urllib.request.Request(url, body, method=method)
        token = self.info["token"] if token is None else token
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=20, context=self.tls) as reply:
                return reply.status, dict(reply.headers), reply.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()

    @property
    def vault(self) -> str:
        info = self.info
        group = f"/subscriptions/{info['subscription']}/resourceGroups/{info['resource_group']}"
        return f"{group}/providers/Microsoft.RecoveryServices/vaults/{info['vault']}"

    def end(self, number: int) -> int:
        os.kill(self.process.pid, number)
        self.process.communicate(timeout=20)
        return self.process.returncode

    def let_go(self) -> None:
        """End it if need be, and close its pipes."""
        if self.process.poll() is None:
            self.end(signal.SIGKILL)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
