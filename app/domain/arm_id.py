"""Azure resource ids: parse, build, compare.

Site Recovery writes `/Subscriptions/...` and everybody else `/subscriptions/...`; ids are compared without regard to
case, so `ArmId` is equal and hashes by its lower-case form while it keeps the spelling it was given.
"""

from __future__ import annotations

from app.domain.bulk import Bulk

RECOVERY_SERVICES = "Microsoft.RecoveryServices"


class ArmId(Bulk, frozen=True, eq=False):
    """An absolute ARM id such as `/subscriptions/s/resourceGroups/g/providers/P/type/name`."""

    text: str

    @property
    def key(self) -> str:
        """The form to compare and to use as a dictionary key."""
        return self.text.rstrip("/").lower()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ArmId) and (self.text == other.text or self.key == other.key)

    def __ne__(self, other: object) -> bool:
        return not self == other  # the base has one of its own, which compares identities

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.text

    @property
    def name(self) -> str:
        return self.text.rstrip("/").rsplit("/", 1)[-1]

    @property
    def subscription(self) -> str:
        return self.segment("subscriptions")

    @property
    def resource_group(self) -> str:
        return self.segment("resourceGroups")

    @property
    def vault_name(self) -> str:
        return self.segment("vaults")

    def segment(self, kind: str) -> str:
        """The name that follows the segment `kind`, whatever its case; empty when there is none."""
        parts = self.text.strip("/").split("/")
        wanted = kind.lower()
        for index in range(len(parts) - 1):
            if parts[index].lower() == wanted:
                return parts[index + 1]
        return ""

    def up_to(self, kind: str) -> ArmId:
        """The id of the ancestor of type `kind`: `item.up_to("vaults")` is the vault. Raises ValueError when absent."""
        parts = self.text.strip("/").split("/")
        wanted = kind.lower()
        for index in range(len(parts) - 1):
            if parts[index].lower() == wanted:
                return ArmId("/" + "/".join(parts[: index + 2]))
        raise ValueError(f"{self.text!r} has no segment {kind!r}")

    def child(self, *parts: str) -> ArmId:
        return ArmId("/".join((self.text.rstrip("/"), *parts)))


def same(left: str, right: str) -> bool:
    """Whether two ids name the same resource."""
    return left.rstrip("/").lower() == right.rstrip("/").lower()


def key(text: str) -> str:
    return text.rstrip("/").lower()


def subscription_id(subscription: str) -> ArmId:
    return ArmId(f"/subscriptions/{subscription}")


def resource_group_id(subscription: str, group: str) -> ArmId:
    return subscription_id(subscription).child("resourceGroups", group)


def vault_id(subscription: str, group: str, vault: str) -> ArmId:
    return resource_group_id(subscription, group).child("providers", RECOVERY_SERVICES, "vaults", vault)


def fabric_id(vault: ArmId, fabric: str) -> ArmId:
    return vault.child("replicationFabrics", fabric)


def container_id(fabric: ArmId, container: str) -> ArmId:
    return fabric.child("replicationProtectionContainers", container)


def policy_id(vault: ArmId, policy: str) -> ArmId:
    return vault.child("replicationPolicies", policy)


def mapping_id(container: ArmId, mapping: str) -> ArmId:
    return container.child("replicationProtectionContainerMappings", mapping)


def protected_item_id(container: ArmId, item: str) -> ArmId:
    return container.child("replicationProtectedItems", item)


def job_id(vault: ArmId, job: str) -> ArmId:
    return vault.child("replicationJobs", job)


def storage_account_id(subscription: str, group: str, account: str) -> ArmId:
    return resource_group_id(subscription, group).child("providers", "Microsoft.Storage", "storageAccounts", account)


def virtual_network_id(subscription: str, group: str, network: str) -> ArmId:
    return resource_group_id(subscription, group).child("providers", "Microsoft.Network", "virtualNetworks", network)
