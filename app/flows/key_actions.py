"""What making a registration key sends to Azure, as the one action that it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.fabric import Fabric
from app.domain.registration_key import KeyWay
from app.domain.rules import Rules
from app.flows.action import Action, ActionKind
from app.flows.planning_vault import planned

_HOURS_A_DAY = 24


def key_action(site: Fabric, way: KeyWay, rules: Rules, now: datetime) -> Action:
    """For the list before it is done, and for the journal. Its body says what is asked for, without the certificate."""
    vault = site.id.up_to("vaults")
    name = certificate_name(vault.vault_name, vault.subscription, way, now)
    hours = rules.registration_key.validity_h
    lasts = f"{hours // _HOURS_A_DAY} days" if hours % _HOURS_A_DAY == 0 else f"{hours} hours"
    made = "made by Azure" if way is KeyWay.SERVICE else "made on this computer"
    return planned(
        ActionKind.CREATE_REGISTRATION_KEY,
        vault.child("certificates", name),
        _body(way, hours),
        rules,
        label="Make registration key",
        subject=site.friendly_name,
        after=f"Certificate {made}, valid for {lasts}",
    )


def certificate_name(vault: str, subscription: str, way: KeyWay, now: datetime) -> str:
    """As the portal names what Azure makes, and Microsoft's PowerShell module what it makes itself."""
    if way is KeyWay.SERVICE:
        return f"CN=CB_{vault}-{now.day}-{now:%m-%Y}-vaultcredentials"
    return f"{vault}{subscription}-{now.month}-{now.day}-{now.year}-vaultcredentials"


def _body(way: KeyWay, hours: int) -> Mapping[str, Any]:
    if way is KeyWay.SERVICE:
        return {"certificateCreateOptions": {"validityInHours": hours}}
    return {"properties": {"authType": "AAD"}}
