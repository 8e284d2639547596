"""Which Azure to talk to: a practice vault in this process, or one that serves on a port.

The second is described by the JSON line that `serve-simulator` prints; a file with that line is what `--connection`
takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.errors import InvalidInput
from app.ports.secrets import Secret


@dataclass(frozen=True, slots=True)
class PracticeSpec:
    """The built-in practice vault.

    Attributes:
        count: how many machines a `fleet` has.
        keeps_state: whether it goes on where it was left; otherwise it begins anew each time and leaves nothing.
        speed: vault seconds per real second when it begins; later as it was left.
    """

    scenario: str = "contoso"
    count: int | None = None
    seed: int = 0
    keeps_state: bool = True
    speed: float = 1.0

    @property
    def key(self) -> str:
        """Names the connection: its journal, drafts and lock stand under it."""
        return f"practice {self.scenario} {self.count or ''} {self.seed or ''}".strip()


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """A practice vault in another process, or any ARM endpoint that takes a fixed token.

    Attributes:
        vault: empty where there is none yet.
        ca: a certificate file to trust besides the system's own.
    """

    arm: str
    subscription: str
    token: Secret
    resource_group: str = ""
    vault: str = ""
    ca: Path | None = None

    @property
    def key(self) -> str:
        return f"{self.arm} {self.subscription}"


ConnectionSpec = PracticeSpec | ServerSpec


def read_connection(file: Path) -> ServerSpec:
    """Read a connection file.

    Raises:
        InvalidInput: there is no such file, or it does not hold what `serve-simulator` prints.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
        fields = json.loads(next((line for line in lines if line.strip()), ""))
    except (OSError, ValueError) as error:
        raise _refused(file, str(error)) from error
    if not isinstance(fields, dict):
        raise _refused(file, "it is not a JSON object")
    missing = [name for name in ("arm", "subscription", "token") if not _text(fields, name)]
    if missing:
        raise _refused(file, f"it does not say: {', '.join(missing)}")
    if urlsplit(_text(fields, "arm")).scheme not in ("http", "https"):
        raise _refused(file, "`arm` is not a web address")
    ca = _text(fields, "ca")
    return ServerSpec(
        arm=_text(fields, "arm").rstrip("/"),
        subscription=_text(fields, "subscription"),
        token=Secret(_text(fields, "token")),
        resource_group=_text(fields, "resource_group"),
        vault=_text(fields, "vault"),
        ca=Path(ca) if ca else None,
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _refused(file: Path, reason: str) -> InvalidInput:
    return InvalidInput(
        "ConnectionFile",
        f"The connection file {file.name} cannot be used",
        "Start `python -m app serve-simulator` and save the line that it prints in this file.",
        details=reason,
    )
