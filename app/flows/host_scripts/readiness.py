"""The readiness script: one file to run on a host or on any node of a cluster before anything is installed there.

It is the same for everybody: names of hosts and machines come from the host into the file it writes, never from here
into the script.
"""

from __future__ import annotations

import tomllib
from importlib import resources

from app.domain.host_rules import HostRules
from app.flows.host_scripts.checks import host_checks
from app.flows.host_scripts.scripts import HostScript
from app.flows.host_scripts.template import fill, template

SCRIPT_VERSION = "1.0"
SCHEMA = "site-recovery-desk/readiness"
SCHEMA_VERSION = "1.0"
FILE_NAME = "Test-HostReadiness.ps1"


def readiness_script(rules: HostRules) -> HostScript:
    """The script as it is handed out, with the figures of `rules`."""
    parts = {
        "host_checks": host_checks(rules),
        "text_functions": template("readiness_text.ps1"),
        "script_version": SCRIPT_VERSION,
        "schema": SCHEMA,
        "version": SCHEMA_VERSION,
        "max_bytes": str(_largest()),
    }
    return HostScript(
        FILE_NAME,
        "Ask hosts what stands against it",
        "Reads only, and installs nothing. Run it on a host, or on one node for its whole cluster, in Windows "
        "PowerShell as an administrator; then import the file it writes.",
        fill(template("readiness.ps1"), parts),
    )


def _largest() -> int:
    """Where the script ends its measurement: its file shall be taken in again."""
    text = resources.files("resources").joinpath("readiness", "limits.toml").read_text(encoding="utf-8")
    return int(tomllib.loads(text)["max_script_bytes"])
