"""Scripts for hosts, made of plain choices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.domain.host_set_up import HostKind, HostProxy, HostSetUp, ProxyKind
from app.domain.rules import Rules
from app.flows.host_scripts import (
    CleanUpKind,
    HostScript,
    ReplicatedMachine,
    ScriptPlace,
    clean_up_script,
    host_scripts,
)
from app.rules import load_rules

RULES = load_rules()
GUID = "5f2f1c9a-0000-4000-8000-00000000beef"
PLACE = ScriptPlace("contoso-vault", "HQ", storage=("contosoasr.blob.core.windows.net",))
CUSTOM = HostProxy(ProxyKind.CUSTOM, "http://proxy.contoso.com", "8080", "CONTOSO\\svc-proxy")
PROXIES = (HostProxy(), HostProxy(ProxyKind.EXISTING), CUSTOM, replace(CUSTOM, user=""))


def set_up(names: tuple[str, ...] = ("HV-1", "HV-2"), **choice: Any) -> HostSetUp:
    return HostSetUp(HostKind.CLUSTER, **{"cluster": "HV-CL", "names": names, "proxy": CUSTOM, **choice})


def all_scripts(name: str = "HV-1", place: ScriptPlace = PLACE, rules: Rules = RULES) -> tuple[HostScript, ...]:
    """One of each kind."""
    made = host_scripts(set_up((name, "HV-2"), cluster=name), place, rules)
    machine = ReplicatedMachine(name, GUID)
    return (*made[:2], *(clean_up_script(kind, name, rules.hosts, [machine]) for kind in CleanUpKind))
