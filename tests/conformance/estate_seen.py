"""The estate that a session found in place, as far as the session tells, in the form of the practice vault's scenarios.

Things are put down under their ids as they are met. What nothing tells is invented, plainly: a host for a site whose
machines are known, a policy for a machine that replicates.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.conformance.arm import Target, target_of

Json = dict[str, Any]
Table = dict[str, Json]
"""Entries of a scenario by the ids, in lower case, of what they describe."""

HOME = "westeurope"
"""Where things are whose region is not told."""

_TENANT = "c0de7a11-3b5d-4e2f-8a61-7d9405b2c6e8"

_NOTES = frozenset({"is_read", "asked", "allowed", "was_running"})
"""What is noted about machines, plans and jobs while the session is read, and is no part of a scenario."""

_FABRIC = "replicationfabrics"
_CONTAINER = "replicationprotectioncontainers"


_A_SUBNET = ({"name": "default", "prefix": "10.255.0.0/16"},)
"""What a network has of which no more is told."""


def invented_guid(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(parts).lower()))


class Estate:
    """What stands in the subscription."""

    def __init__(self, subscription: str, start: datetime) -> None:
        self.subscription = subscription
        self.start = start
        self.groups: Table = {}
        self.vaults: Table = {}
        self.accounts: Table = {}
        self.networks: Table = {}
        self.sites: Table = {}
        self.hosts: Table = {}
        self.machines: Table = {}
        self.policies: Table = {}
        self.mappings: Table = {}
        self.items: Table = {}
        self.plans: Table = {}
        self.jobs: Table = {}
        self.events: Table = {}
        self.operations: Table = {}
        self.paired: set[str] = set()
        """Sites that are said to be associated with a policy."""
        self.associated: set[str] = set()
        """Sites that the session itself associates with a policy."""
        self.asked_pairs: list[tuple[str, str]] = []
        """Sites and policies by which the session protects a machine without associating them."""
        self.removed: set[str] = set()
        """What the session removes, so that nothing invented may depend on it."""

    # Things by their ids, made when they are first met

    def meet(self, target: Target) -> None:
        """Put down that the thing is there, and with it all that it lies in."""
        for kind, find in (
            ("recoverypoints", self.point),
            ("replicationprotecteditems", self.item),
            ("replicationprotectableitems", self.machine),
            ("replicationprotectioncontainermappings", self.mapping),
            ("replicationrecoveryservicesproviders", self.host),
            (_FABRIC, self.site),
            ("replicationpolicies", self.policy),
            ("replicationrecoveryplans", self.plan),
            ("vaults", self.vault),
            ("virtualnetworks", self.network),
            ("storageaccounts", self.account),
            ("resourcegroups", self.group),
        ):
            if target.named(kind):
                find(target)
                return

    def group(self, target: Target) -> Json:
        name = target.named("resourcegroups")
        return self.groups.setdefault(target.up_to("resourcegroups"), {"name": name, "location": HOME})

    def vault(self, target: Target) -> Json:
        self.group(target)
        made = {"group": target.named("resourcegroups"), "name": target.named("vaults")}
        return self.vaults.setdefault(target.vault, made)

    def account(self, target: Target) -> Json:
        self.group(target)
        kind = "storageaccounts"
        made = {"group": target.named("resourcegroups"), "name": target.named(kind), "location": HOME}
        return self.accounts.setdefault(target.up_to(kind), made | {"sku": "Standard_LRS"})

    def network(self, target: Target) -> Json:
        self.group(target)
        kind = "virtualnetworks"
        made = {"group": target.named("resourcegroups"), "name": target.named(kind), "location": HOME}
        made |= {"prefixes": ["10.0.0.0/8"], "subnets": list(_A_SUBNET)}
        return self.networks.setdefault(target.up_to(kind), made)

    def site(self, target: Target) -> Json:
        """A site; the name of its container tells what the site is called inside."""
        self.vault(target)
        site = self.sites.setdefault(target.fabric, {"name": target.named(_FABRIC), "vault": vault_name(target)})
        container = target.named(_CONTAINER)
        if container.lower().startswith("cloud_"):
            site["identifier"] = container[len("cloud_") :]
        return site

    def host(self, target: Target) -> Json:
        """A host by its Provider; what it is called is invented until it is told."""
        kind = "replicationrecoveryservicesproviders"
        provider = target.named(kind)
        made = self._at_site(target, name=f"host-{provider[:8]}.practice.example", provider=provider)
        return self.hosts.setdefault(target.up_to(kind), made)

    def any_host(self, target: Target) -> Json:
        """A host of the site; invented if none is known."""
        known = _within(self.hosts, target.fabric)
        provider = invented_guid(target.fabric, "provider")
        return known or self.host(target_of(f"{target.fabric}/replicationRecoveryServicesProviders/{provider}"))

    def machine(self, target: Target) -> Json:
        return self.machine_called(target, target.named("replicationprotectableitems"))

    def machine_called(self, target: Target, guid: str) -> Json:
        """A machine of the site that `target` lies in, by its GUID."""
        self.site(target)
        made = {"id": guid.lower(), "name": f"machine-{guid[:8]}", "generation": 1, "cores": 1, "memory_gib": 1.0}
        made |= {"disks": [], "nics": []}
        return self.machines.setdefault(f"{target.fabric}/replicationprotectableitems/{guid}".lower(), made)

    def policy(self, target: Target) -> Json:
        self.vault(target)
        kind = "replicationpolicies"
        made = {"name": target.named(kind), "vault": vault_name(target)}
        made |= {"history_hours": 24, "app_consistent_hours": 1, "interval_s": 300}
        return self.policies.setdefault(target.up_to(kind), made)

    def any_policy(self, target: Target) -> Json:
        """A policy the site is associated with, or one of the vault that stays; invented if none is known."""
        mapping = _within(self.mappings, target.fabric)
        staying = {key: policy for key, policy in self.policies.items() if key not in self.removed}
        known = _within(staying, target.vault)
        name = (mapping and mapping["policy"]) or (known and known["name"]) or "practice-policy"
        return self.policy(target_of(f"{target.vault}/replicationPolicies/{name}"))

    def mapping(self, target: Target) -> Json:
        kind = "replicationprotectioncontainermappings"
        key = f"{target.fabric}/{kind}/{target.named(kind)}".lower()
        return self.mappings.setdefault(key, self._at_site(target, name=target.named(kind), policy=""))

    def item(self, target: Target) -> Json:
        kind = "replicationprotecteditems"
        key = f"{target.fabric}/{kind}/{target.named(kind)}".lower()
        made = self._at_site(target, name=target.named(kind), machine="", policy="")
        return self.items.setdefault(key, made)

    def point(self, target: Target) -> Json:
        """A recovery point; when it was taken is invented until it is told."""
        points = self.item(target).setdefault("points", [])
        name = target.named("recoverypoints")
        known = next((point for point in points if point["name"] == name), None)
        if known is None:
            known = {"name": name, "at": None}
            points.append(known)
        return known

    def plan(self, target: Target) -> Json:
        self.vault(target)
        kind = "replicationrecoveryplans"
        made = {"name": target.named(kind), "vault": vault_name(target), "site": "", "groups": None}
        return self.plans.setdefault(target.up_to(kind), made)

    def _at_site(self, target: Target, **entry: Any) -> Json:
        site = self.site(target)
        return {"vault": site["vault"], "site": site["name"], **entry}

    # The whole

    def forget(self, things: Iterable[str]) -> None:
        """Take out what was not there at the beginning, with all that would lie in it."""
        for thing in map(without_container, things):
            for table in self._tables():
                for key in [key for key in table if key == thing or key.startswith(thing + "/")]:
                    del table[key]

    def scenario(self) -> Json:
        """The estate as a scenario of the practice vault."""
        home = next(iter(self.groups.values()), {"name": "practice"})["name"]
        machines = [{**machine, "host": machine["host"]["name"]} for machine in self.machines.values()]
        items, plans, jobs = (
            [{key: value for key, value in entry.items() if key not in _NOTES} for entry in table.values()]
            for table in (self.items, self.plans, self.jobs)
        )
        kinds = (
            *("groups", "vaults", "accounts", "networks", "sites", "hosts", "machines", "policies", "mappings"),
            *("items", "plans", "jobs", "events", "operations"),
        )
        return {
            "start": self.start,
            "subscription": self.subscription,
            "tenant": _TENANT,
            "resource_group": home,
            "upload_mib_s": 0.2,
            **{kind: list(table.values()) for kind, table in zip(kinds, self._tables(), strict=True)},
            "machines": machines,
            "items": items,
            "plans": plans,
            "jobs": sorted(jobs, key=lambda job: job["started"]),
            "events": sorted(self.events.values(), key=lambda event: event["at"]),
        }

    def _tables(self) -> tuple[Table, ...]:
        return (
            *(self.groups, self.vaults, self.accounts, self.networks, self.sites, self.hosts, self.machines),
            *(self.policies, self.mappings, self.items, self.plans, self.jobs, self.events, self.operations),
        )


def vault_name(target: Target) -> str:
    """The vault as scenarios name it."""
    return f"{target.named('resourcegroups')}/{target.named('vaults')}"


def without_container(thing: str) -> str:
    """An id without its container: a Hyper-V site has one, whose name is not always known."""
    parts = thing.split("/")
    if _CONTAINER in parts[:-2]:
        place = parts.index(_CONTAINER)
        del parts[place : place + 2]
    return "/".join(parts)


def _within(table: Table, thing: str) -> Json | None:
    return next((entry for key, entry in table.items() if key.startswith(thing + "/")), None)
