"""What one account reaches: tenants, their subscriptions, the vaults in them, and what a vault holds.

Each tenant has tokens of its own, and may refuse one. All raise `app.errors.AppError` and nothing else (besides
cancellation); `SignInRequired` where the tenant gives no token.
"""

from __future__ import annotations

from typing import Protocol

from app.domain.arm_id import ArmId
from app.domain.azure import Subscription, Tenant
from app.domain.vault import Vault
from app.domain.vault_contents import VaultContents
from app.ports.sign_in import SignInWish


class CatalogueGateway(Protocol):
    async def list_tenants(self) -> tuple[Tenant, ...]:
        """The tenants that the account is at home in, which comes first, or a guest of."""
        ...

    async def list_subscriptions(self, tenant: str) -> tuple[Subscription, ...]: ...

    async def list_vaults(self, tenant: str, subscription: str) -> tuple[Vault, ...]:
        """`tenant` is the one with whose token the subscription was listed."""
        ...

    async def get_contents(self, tenant: str, vault: ArmId) -> VaultContents:
        """Two small requests, whatever the vault holds."""
        ...

    def use_sign_in(self, tenant: str, wish: SignInWish) -> None:
        """From now on take tokens for the tenant from another sign-in, one that was made to it."""
        ...
