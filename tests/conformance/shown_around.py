"""What the window shows of what lies around Site Recovery: vaults, groups, storage and networks."""

from __future__ import annotations

from collections.abc import Mapping

from tests.conformance.readings import (
    after_underscore,
    before_underscore,
    how_many,
    is_deny,
    issues,
    number,
    or_succeeded,
    pairs,
    texts,
)
from tests.conformance.shown import HEALTH_ERROR, ID, NAME, Kind, Shown

FIELDS_AROUND: Mapping[Kind, tuple[Shown, ...]] = {
    Kind.VAULT: (
        ID,
        NAME,
        Shown("location", "location"),
        Shown("provisioning_state", "properties.provisioningState", or_succeeded),
        Shown("sku", "sku.name"),
        Shown("redundancy", "properties.redundancySettings.standardTierStorageRedundancy"),
    ),
    Kind.VAULT_HEALTH: (
        *(
            field
            for part, raw in (
                ("protected_items", "protectedItemsHealth"),
                ("fabrics", "fabricsHealth"),
                ("containers", "containersHealth"),
            )
            for field in (
                Shown(f"{part}.count", f"properties.{raw}.resourceCount", number),
                Shown(f"{part}.issues", f"properties.{raw}.issues", issues),
            )
        ),
        Shown("errors", "properties.vaultErrors", parts=HEALTH_ERROR),
    ),
    Kind.RESOURCE_GROUP: (ID, NAME, Shown("location", "location")),
    Kind.STORAGE_ACCOUNT: (
        ID,
        NAME,
        Shown("location", "location"),
        Shown("kind", "kind"),
        Shown("tier", "sku.name", before_underscore),
        Shown("redundancy", "sku.name", after_underscore),
        Shown("access_tier", "properties.accessTier"),
        Shown("firewall_denies", "properties.networkAcls.defaultAction", is_deny),
        Shown("provisioning_state", "properties.provisioningState", or_succeeded),
        Shown("blob_endpoint", "properties.primaryEndpoints.blob"),
        Shown("tags", "tags", pairs),
    ),
    Kind.VIRTUAL_NETWORK: (
        ID,
        NAME,
        Shown("location", "location"),
        Shown("address_prefixes", "properties.addressSpace.addressPrefixes", texts),
        Shown("provisioning_state", "properties.provisioningState", or_succeeded),
        Shown("tags", "tags", pairs),
        Shown(
            "subnets",
            "properties.subnets",
            parts=(
                Shown("name", "name"),
                Shown("prefix", "properties.addressPrefix|properties.addressPrefixes.0"),
                Shown("used_addresses", "properties.ipConfigurations", how_many),
            ),
        ),
    ),
}
