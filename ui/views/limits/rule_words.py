"""What single rules are called, and how their values are said."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from app.domain.policy_rules import copy_frequency_text

_CONTEXT = "limits"

RULES = {
    "machines.os_disk_max_gib.1": QT_TRANSLATE_NOOP("limits", "OS disk of generation 1, at most"),
    "machines.os_disk_max_gib.2": QT_TRANSLATE_NOOP("limits", "OS disk of generation 2, at most"),
    "machines.os_disk_care_gib.1": QT_TRANSLATE_NOOP("limits", "OS disk of generation 1, warned above"),
    "machines.os_disk_care_gib.2": QT_TRANSLATE_NOOP("limits", "OS disk of generation 2, warned above"),
    "machines.data_disk_min_gib": QT_TRANSLATE_NOOP("limits", "Data disk, at least"),
    "machines.data_disk_max_gib": QT_TRANSLATE_NOOP("limits", "Data disk, at most"),
    "machines.data_disks_max": QT_TRANSLATE_NOOP("limits", "Data disks of one machine, at most"),
    "machines.large_disk_gib": QT_TRANSLATE_NOOP("limits", "Data disks that need a newer agent, above"),
    "machines.generation_2_linux": QT_TRANSLATE_NOOP("limits", "Generation 2 with Linux"),
    "machines.secure_boot": QT_TRANSLATE_NOOP("limits", "Secure Boot"),
    "storage.redundancies": QT_TRANSLATE_NOOP("limits", "Redundancies of a storage account"),
    "storage.advised_redundancies": QT_TRANSLATE_NOOP("limits", "Redundancies that are advised"),
    "storage.offered_redundancies": QT_TRANSLATE_NOOP("limits", "Redundancies of a new account"),
    "storage.allows_premium": QT_TRANSLATE_NOOP("limits", "Premium storage accounts"),
    "storage.allows_firewall": QT_TRANSLATE_NOOP("limits", "Storage accounts behind a firewall"),
    "policy.copy_frequencies_s": QT_TRANSLATE_NOOP("limits", "Copy frequency"),
    "policy.retention_max_h": QT_TRANSLATE_NOOP("limits", "Retention, at most"),
    "policy.app_consistent_min_h": QT_TRANSLATE_NOOP("limits", "App-consistent points, at least every"),
    "policy.app_consistent_max_h": QT_TRANSLATE_NOOP("limits", "App-consistent points, at most every"),
    "capacity.churn.max_of_small": QT_TRANSLATE_NOOP("limits", "Changes of one machine in small writes, at most"),
    "capacity.churn.max_of_large": QT_TRANSLATE_NOOP("limits", "Changes of one machine in large writes, at most"),
    "replica.allows_managed_disks": QT_TRANSLATE_NOOP("limits", "Replication to managed disks"),
    "replica.failback_agent": QT_TRANSLATE_NOOP("limits", "Agent that failing back takes, at least"),
    "regions.refused_targets": QT_TRANSLATE_NOOP("limits", "Regions to which nothing can fail over"),
}
"""A rule that is not here is shown by its name in the file, which is better than not at all."""


def rule_title(name: str) -> str:
    """`Data disks of one machine, at most`."""
    return QCoreApplication.translate(_CONTEXT, RULES[name]) if name in RULES else name


def value_text(name: str, value: Any) -> str:
    """A value with its unit: `2,048 GiB`, `30 s, 5 min`, `Yes`."""
    match value:
        case None | () | "":
            return "–"
        case bool():
            return _tr("Yes") if value else _tr("No")
        case tuple():
            return ", ".join(value_text(name, each) for each in value)
        case int() if "_gib" in name:
            return _tr("{:,} GiB").format(value) if value else "–"  # 4,095 and 4,096 are told apart
        case int() if name.endswith("_s"):
            return copy_frequency_text(value)
        case int() if name.endswith("_h"):
            return _tr("{} h").format(value)
        case int() | float() if ".churn.max" in name:
            return _tr("{:g} MiB/s").format(value)
        case int() | float():
            return f"{value:,g}"
        case _:
            return str(value)


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
