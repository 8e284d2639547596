"""What the tables of limits and figures are called, and what is in them."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_CONTEXT = "limits"

TITLES = {
    "machines": QT_TRANSLATE_NOOP("limits", "Machines and disks"),
    "storage": QT_TRANSLATE_NOOP("limits", "Storage accounts"),
    "replica": QT_TRANSLATE_NOOP("limits", "Kinds of replica"),
    "new_storage": QT_TRANSLATE_NOOP("limits", "New storage accounts"),
    "network": QT_TRANSLATE_NOOP("limits", "Networks"),
    "policy": QT_TRANSLATE_NOOP("limits", "Replication policies"),
    "limits": QT_TRANSLATE_NOOP("limits", "Vaults, servers and plans"),
    "names": QT_TRANSLATE_NOOP("limits", "Names"),
    "capacity": QT_TRANSLATE_NOOP("limits", "Capacity"),
    "regions": QT_TRANSLATE_NOOP("limits", "Regions"),
    "sizes": QT_TRANSLATE_NOOP("limits", "Machine sizes"),
    "vaults": QT_TRANSLATE_NOOP("limits", "Storage of a vault"),
    "tags": QT_TRANSLATE_NOOP("limits", "Tags"),
    "prices": QT_TRANSLATE_NOOP("limits", "Prices"),
}

CONTENTS = {
    "machines": QT_TRANSLATE_NOOP("limits", "Sizes and number of disks, generations, Secure Boot"),
    "storage": QT_TRANSLATE_NOOP("limits", "Kinds, redundancy, access tiers, premium, firewalls"),
    "replica": QT_TRANSLATE_NOOP("limits", "Managed disks, and the agent that failback takes"),
    "new_storage": QT_TRANSLATE_NOOP("limits", "Kinds that Azure still makes, copies, TLS"),
    "network": QT_TRANSLATE_NOOP("limits", "Address ranges, addresses that Azure keeps"),
    "policy": QT_TRANSLATE_NOOP("limits", "Copy frequency, retention, app-consistent points"),
    "limits": QT_TRANSLATE_NOOP("limits", "How many there can be of each"),
    "names": QT_TRANSLATE_NOOP("limits", "Lengths, characters, reserved words"),
    "capacity": QT_TRANSLATE_NOOP("limits", "What a machine may write, space on hosts"),
    "regions": QT_TRANSLATE_NOOP("limits", "Paired regions, zones, where nothing can fail over to"),
    "sizes": QT_TRANSLATE_NOOP("limits", "Cores, memory, disks, network cards"),
    "vaults": QT_TRANSLATE_NOOP("limits", "Redundancies, and which regions offer them"),
    "tags": QT_TRANSLATE_NOOP("limits", "Number, lengths, characters"),
    "prices": QT_TRANSLATE_NOOP("limits", "Licence, storage and disks a month"),
}

PROFILES = {
    "seed-2017": QT_TRANSLATE_NOOP("limits", "As the first article and the documents of its time said."),
    "2026-05": QT_TRANSLATE_NOOP("limits", "The default: the newest documents that are surely in force."),
    "2026-09": QT_TRANSLATE_NOOP("limits", "A later edition, perhaps not in force yet: to see what would change."),
}


def title_of(table: str) -> str:
    """`Machines and disks`."""
    return QCoreApplication.translate(_CONTEXT, TITLES[table])


def contents_of(table: str) -> str:
    """What is in a table, in a few words."""
    return QCoreApplication.translate(_CONTEXT, CONTENTS[table])


def about_profile(profile: str) -> str:
    """Whose limits these are, and what for."""
    return QCoreApplication.translate(_CONTEXT, PROFILES[profile])
