"""What an action sends, value by value, in words: nothing is written that could not be read before.

Whatever has no word here is shown by Azure's own name, so that a value can never go unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.flows.action import PATCH, PURGE, Action, ActionKind

Line = tuple[str, str]

_ENVELOPES = (
    "properties",
    "providerSpecificInput",
    "providerSpecificDetails",
    "replicationProviderSettings",
)
"""Names of what only holds the values."""

_WORDS = {
    "location": "Region",
    "kind": "Kind of account",
    "sku.name": "Tier and copies",
    "sku.tier": "Tier",
    "accessTier": "Access tier",
    "allowBlobPublicAccess": "Anonymous access to blobs",
    "minimumTlsVersion": "Lowest TLS version",
    "supportsHttpsTrafficOnly": "HTTPS only",
    "publicNetworkAccess": "Access from public networks",
    "redundancySettings.standardTierStorageRedundancy": "Copies of backups",
    "addressSpace.addressPrefixes": "Address space",
    "subnets": "Subnet",
    "dhcpOptions.dnsServers": "DNS servers",
    "instanceType": "Kind of replication",
    "recoveryPointHistoryDuration": "Recovery points kept, hours",
    "applicationConsistentSnapshotFrequencyInHours": "App-consistent points every, hours",
    "replicationInterval": "Copy frequency, seconds",
    "onlineReplicationStartTime": "First copy starts at, UTC",
    "storageAccounts": "Storage account",
    "policyId": "Replication policy",
    "targetProtectionContainerId": "Goes to",
    "protectableItemId": "Virtual machine",
    "hvHostVmId": "Its id on the host",
    "vmName": "Its name on the host",
    "osType": "Operating system",
    "vhdId": "OS disk",
    "disksToInclude": "Disks",
    "disksToIncludeForManagedDisks": "Disk",
    "targetAzureVmName": "Name in Azure",
    "targetVmSize": "Size in Azure",
    "targetAzureNetworkId": "Network",
    "targetAzureSubnetId": "Subnet",
    "targetAzureV2ResourceGroupId": "Resource group",
    "targetStorageAccountId": "Storage account",
    "logStorageAccountId": "Account for change logs",
    "useManagedDisks": "Managed disks after a failover",
    "useManagedDisksForReplication": "Replicates to managed disks",
    "enableRdpOnTargetOption": "Remote Desktop after a failover",
}
_SPEAK_FOR_THEMSELVES = frozenset({"name", "addressPrefix", "diskId", "logStorageAccountId", "diskType"})
"""Values of a list's entry that need no name beside them."""
_TAG = "tags."
_TAG_WORD = "Tag "


def sent_lines(action: Action) -> tuple[Line, ...]:
    """Every value of the request as a name and what it is set to, and where it is written.

    Tags come first, which stand nowhere else in full; ids, which fill the lines, come last.
    """
    lines = ((_word(path), told) for path, told in _values("", action.body or {}))
    return (*sorted(lines, key=_place), ("Written to", _written_to(action)))


def sent_text(action: Action) -> str:
    """The same, a line each."""
    return "\n".join(f"{name}: {value}" for name, value in sent_lines(action))


def named_values(body: Mapping[str, Any]) -> tuple[Line, ...]:
    """Every value of a request, each name once: values of the same name, and all tags, are lines of one value."""
    found: dict[str, list[str]] = {}
    for path, value in _values("", body):
        name = _word(path)
        if name.startswith(_TAG_WORD):
            found.setdefault("Tags", []).append(f"{name.removeprefix(_TAG_WORD)}: {value}")
        else:
            found.setdefault(name, []).append(value)
    return tuple((name, "\n".join(values)) for name, values in found.items())


def _place(line: Line) -> int:
    name, value = line
    if name.startswith(_TAG_WORD):
        return 0
    return 2 if value.lower().startswith("/subscriptions/") else 1


def _written_to(action: Action) -> str:
    if action.kind is ActionKind.REGISTER_PROVIDER:
        return f"{action.target.text}, register"
    if not action.verb or action.verb == PATCH:
        return action.target.text
    return f"{action.target.text}, {'delete' if action.verb == PURGE else action.verb}"


def _values(path: str, value: Any) -> Iterator[Line]:
    """Each with where it stands in the body."""
    if isinstance(value, Mapping) and (value or not path):
        for name, inner in value.items():
            yield from _values(path if not path and name in _ENVELOPES else _joined(path, name), inner)
    elif isinstance(value, Sequence) and any(isinstance(each, Mapping) for each in value):
        for each in value:
            yield path, ", ".join(_in_entry(path, *found) for found in _values(path, each))
    elif isinstance(value, Mapping | Sequence) and not isinstance(value, str):
        yield path, ", ".join(map(_told, value)) or "none"
    else:
        yield path, _told(value)


def _in_entry(entry: str, path: str, told: str) -> str:
    name = path.rpartition(".")[2]
    return told if path == entry or name in _SPEAK_FOR_THEMSELVES else f"{name} {told}"


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _word(path: str) -> str:
    tag = path.removeprefix(_TAG)
    return f"{_TAG_WORD}{tag}" if tag != path else _WORDS.get(path, path)


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in ("", None) else "empty"
