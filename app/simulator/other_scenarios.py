"""What a vault holds that is protected by other scenarios of Site Recovery, or by Backup: told, not carried out.

Its fabrics and its counts answer as the service's own; its machines are a number and nothing else. Left out: their
containers, policies, jobs and health, and that the two fabrics of Azure machines lie in two regions.
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.crowd_data import HoldsData
from app.simulator.wire import Json, guid, site_recovery_id

FABRIC_TYPE = "Microsoft.RecoveryServices/vaults/replicationFabrics"
_NAMES = {
    "VMM": "vmm-01.contoso.local",
    "VMware": "ASR-CONFIG-01",
    "VMwareV2": "asr-appliance-01",
    "InMageRcm": "asr-appliance-01",
    "Azure": "asr-a2a-default-{location}",
}


def held_by(vault: rec.Resource) -> Json:
    """Kind, machines, servers and backups; zeros for a vault of which nothing of the sort is told."""
    none: Json = {"kind": "", "machines": 0, "servers": 0, "backups": 0}
    return none | (vault.extra.get("holds") or {})


def holds_record(held: HoldsData) -> Json:
    """What a vault's record keeps of it."""
    return {"kind": held.kind, "machines": held.machines, "servers": held.servers, "backups": held.backups}


def foreign_fabrics(vault: rec.Resource) -> list[Json]:
    """The bodies of the vault's fabrics that are no Hyper-V sites."""
    kind, location = str(held_by(vault)["kind"]), str(vault.body["location"])
    if not kind:
        return []
    friendly = _NAMES.get(kind, kind).format(location=location)
    internal = guid(vault.id.lower(), "fabric", kind)
    name = friendly if kind == "Azure" else guid(vault.id.lower(), "name", kind).replace("-", "") * 2
    encryption = {"kekState": "None", "kekCertThumbprint": None}
    return [
        {
            "name": name,
            "type": FABRIC_TYPE,
            "id": f"{site_recovery_id(vault.id)}/replicationFabrics/{name}",
            "properties": {
                "friendlyName": friendly,
                "encryptionDetails": encryption,
                "rolloverEncryptionDetails": encryption,
                "internalIdentifier": internal,
                "bcdrState": "Valid",
                "customDetails": {"instanceType": kind} | ({"location": location} if kind == "Azure" else {}),
                "healthErrorDetails": [],
                "health": "Normal",
            },
        }
    ]
