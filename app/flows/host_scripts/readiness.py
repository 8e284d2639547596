"""The readiness script: one file to run on a host or on any node of a cluster before anything is installed there.

It is the same for everybody: names of hosts and machines come from the host into the file it writes, never from here
into the script.
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

SCRIPT_VERSION = "1.0"
SCHEMA = "site-recovery-desk/readiness"
SCHEMA_VERSION = "1.0"
FILE_NAME = "Test-HostReadiness.ps1"

_PLACE = re.compile(r"^( *)\{\{(\w+)\}\}$", re.MULTILINE)
_WORD = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class ReadinessScript:
    """A script as a file: plain ASCII, lines ended as Windows does."""

    file_name: str
    text: str


@cache
def readiness_script() -> ReadinessScript:
    """The script as it is handed out. Reads three small files the first time."""
    limits = tomllib.loads(_read("readiness", "limits.toml"))
    blocks = {
        "text_functions": _read("powershell", "readiness_text.ps1"),
        "host_checks": _read("powershell", "host_checks.ps1"),
    }
    words = {
        "script_version": SCRIPT_VERSION,
        "schema": SCHEMA,
        "version": SCHEMA_VERSION,
        "max_bytes": str(limits["max_script_bytes"]),
        "run_checks": "Invoke-HostChecks",
    }
    text = _PLACE.sub(lambda found: _block(blocks[found[2]], found[1]), _read("powershell", "readiness.ps1"))
    text = _WORD.sub(lambda found: words[found[1]], text)
    return ReadinessScript(FILE_NAME, text.replace("\n", "\r\n"))


def _block(text: str, before: str) -> str:
    """A block has four columns more than where it stands only inside a script block; its lines keep their order."""
    return textwrap.indent(text.strip("\n"), before)


def _read(*path: str) -> str:
    return resources.files("resources").joinpath(*path).read_text(encoding="ascii")
