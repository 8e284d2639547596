"""How many vaults and servers there can be: what to say where one more would be too many."""

from __future__ import annotations

from app.domain.rules import Rules


def check_vault_count(there: int, rules: Rules) -> str | None:
    """The sentence to show where one more vault is to be made in a subscription that has `there`; None when it can."""
    most = rules.limits.vaults_per_subscription
    if there < most:
        return None
    return (
        f"This subscription has {there:,} vaults; Azure makes at most {most:,}. Choose another one, or a vault in it."
    )


def check_server_count(there: int, rules: Rules) -> str | None:
    """The same for servers in a vault, of which `there` are registered, when no further one can be; they go on."""
    most = rules.limits.servers_per_vault
    if there < most:
        return None
    return f"{there:,} servers are registered in this vault, and it takes {most:,}. Register further ones in another."
