"""The documents of support limits against the table of rows: what is not judged, and where each rule is."""

from __future__ import annotations

from app.domain.profiles import PROFILES

NOT_JUDGED = {
    "6 encryption at rest SSE": "every account encrypts at rest; customer’s keys are not asked for",
    "6 encryption at host": "nothing that the set-up makes or Azure tells before a failover",
    "6 change target account after enabling": "no such change is offered; told where the account is chosen",
    "6 availability sets / zones": "the set-up puts no machine into either",
    "6 unmanaged target disks": "a failover makes managed disks whatever the data was replicated to",
    "6 failback of managed disks": "told with the choice of the replica: which agent it takes",
    "6 deployment model": "only Resource Manager can be chosen; the classic model is shown with the dates of its end",
    "6 move": "told where somebody would try, not judged",
    "8.2 one network": "all cards are shown in one network; that another is set is told, which harms nothing",
    "8.8 public address": "told by the preview of where machines land, which harms nothing",
    "9 recovery plans per vault": "there is no limit",
    "9 machines per recovery plan": "recovery plans are not made here",
    "9 groups per plan": "recovery plans are not made here",
    "9 Deployment Planner VMs per run": "the planner is run outside; it says so itself",
}
"""Rules that are told, or that concern what the program does not do."""

NO_ADDRESS = "8.4 no address given"
NO_LIMIT_THEN = {"6 refused regions": ("seed-2017",), "6 managed disks": ("2026-05", "2026-09"), NO_ADDRESS: PROFILES}
"""Rules that have one side only, and in which profiles."""

WHERE: dict[tuple[str, str], tuple[str, ...]] = {
    ("6", "account kind / tier"): ("6 kind", "6 premium"),
    ("6", "redundancy"): ("6 redundancy",),
    ("6", "cool / hot tier, block blobs, Import/Export"): ("6 access tier", "6 kind"),
    ("6", "encryption at rest SSE"): ("6 encryption at rest SSE",),
    ("6", "encryption at host"): ("6 encryption at host",),
    ("6", "storage firewall"): ("6 firewall",),
    ("6", "change target account after enabling"): ("6 change target account after enabling",),
    ("6", "region"): ("6 region",),
    ("6", "replica and target disk"): ("6 managed disks", "6 disks in an account"),
    ("6", "unmanaged target disks"): ("6 unmanaged target disks",),
    ("6", "failback of managed disks"): ("6 failback of managed disks",),
    ("6", "unsupported target regions"): ("6 refused regions",),
    ("6", "availability sets / zones"): ("6 availability sets / zones",),
    ("6", "deployment model"): ("6 deployment model",),
    ("6", "churn per VM"): ("6 churn",),
    ("6", "move vault, storage, VNet, failed-over VMs across RG/subscription"): ("6 move",),
    ("6", "premium + 30-second copy frequency"): ("6 premium every 30 s",),
    ("8", "1"): ("8.1 number of cards",),
    ("8", "2"): ("8.2 one network",),
    ("8", "3"): ("8.3 one primary card",),
    ("8", "4"): ("8.4 no address given",),
    ("8", "5"): ("8.5 address taken",),
    ("8", "6"): ("8.6 subnet of a test",),
    ("8", "7"): ("8.7 kept addresses", "8.7 address range"),
    ("8", "8"): ("8.8 public address",),
    ("8", "9"): ("8.9 data disks", "8.9 premium disks", "8.9 generation 2"),
    ("9", "vaults per subscription"): ("9 vaults per subscription",),
    ("9", "servers/appliances per vault"): ("9 servers/appliances per vault",),
    ("9", "recovery plans per vault"): ("9 recovery plans per vault",),
    ("9", "machines per recovery plan"): ("9 machines per recovery plan",),
    ("9", "groups per plan"): ("9 groups per plan",),
    ("9", "Deployment Planner VMs per run"): ("9 Deployment Planner VMs per run",),
    ("9", "recovery point retention"): ("9 recovery point retention",),
    ("9", "app-consistent interval"): ("9 app-consistent interval",),
    ("policy", "1"): ("policy 1 copy frequency",),
    ("policy", "2"): ("6 premium every 30 s", "policy 2 premium every 30 s"),
    ("policy", "3"): ("policy 3 retention",),
    ("policy", "4"): ("policy 4 app-consistent",),
    ("policy", "5"): ("policy 5 dynamic disks",),
    ("policy", "6"): ("policy 6 start",),
    ("policy", "7"): ("policy 7 hourly points",),
}
"""Which rows judge a rule of the documents: a line of a table, or a number of a list."""
