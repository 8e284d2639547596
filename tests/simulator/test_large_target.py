"""A subscription with thousands of storage accounts and networks beside those of the scenario."""

from __future__ import annotations

from app.simulator.replies import ITEMS_PER_CHUNK
from tests.simulator.client import Client


def test_two_thousand_accounts_and_five_hundred_networks_are_listed_in_small_pieces() -> None:
    client = Client("large-target")
    under = f"{client.group.partition('/resourceGroups')[0]}/providers"
    accounts = client.values(f"{under}/Microsoft.Storage/storageAccounts")
    networks = client.values(f"{under}/Microsoft.Network/virtualNetworks")
    named = Client("contoso")
    assert len(accounts) == 2000 + len(named.values(f"{under}/Microsoft.Storage/storageAccounts"))
    assert len(networks) == 500 + len(named.values(f"{under}/Microsoft.Network/virtualNetworks"))
    assert {account["location"] for account in accounts} > {"westeurope", "northeurope"}
    assert {account["kind"] for account in accounts} > {"Storage", "StorageV2", "BlobStorage", "FileStorage"}
    assert {account["properties"]["networkAcls"]["defaultAction"] for account in accounts} == {"Allow", "Deny"}
    assert max(len(network["properties"]["subnets"]) for network in networks) == 40
    assert client.values(f"{under}/Microsoft.Authorization/locks")
    listed = client.raw("GET", f"{under}/Microsoft.Storage/storageAccounts?api-version=2024-01-01")
    assert len(list(listed.body)) > len(accounts) // ITEMS_PER_CHUNK
