"""How a new set-up begins: with what the connection leaves no choice about already chosen."""

from __future__ import annotations

from app.domain.arm_id import ArmId
from app.domain.estate import Estate
from app.flows.draft import SetUpDraft, SiteChoice, TargetChoice, VaultChoice


def begin_draft(estate: Estate, subscription: str, home_vault: ArmId | None) -> SetUpDraft:
    """A draft in `subscription`, on the connection's own vault and that vault's only site where there are such."""
    vault = estate.vault_at(home_vault) if home_vault is not None else None
    if vault is None:
        return SetUpDraft(vault=VaultChoice(subscription), target=TargetChoice(subscription))
    chosen = VaultChoice(vault.id.subscription, vault.resource_group, vault.name, vault.location)
    sites = estate.sites if estate.is_of(vault.id) else ()
    site = SiteChoice(sites[0].friendly_name) if len(sites) == 1 else SiteChoice()
    name = site.name or SetUpDraft().name
    return SetUpDraft(
        name=name, vault=chosen, site=site, target=TargetChoice(chosen.subscription, chosen.resource_group)
    )
