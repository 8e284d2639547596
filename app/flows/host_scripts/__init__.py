"""PowerShell for Hyper-V hosts: what installs the Provider and registers a host, and what clears a registration.

Pure text, made from templates in `resources/powershell` and the rules; nothing here runs anything.
"""

from app.flows.host_scripts.checks import host_checks
from app.flows.host_scripts.clean_up import CleanUpKind, ReplicatedMachine, clean_up_script
from app.flows.host_scripts.scripts import HostScript, ScriptPlace, host_script, host_scripts

__all__ = [
    "CleanUpKind",
    "HostScript",
    "ReplicatedMachine",
    "ScriptPlace",
    "clean_up_script",
    "host_checks",
    "host_script",
    "host_scripts",
]
