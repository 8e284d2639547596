"""The addresses to let through, as a text that a network team can work with."""

from __future__ import annotations

from app.domain.prerequisites import AddressRule, Cloud, PrerequisiteRules

_INDENT = "    "
CLOUD_NAMES = {Cloud.COMMERCIAL: "Azure", Cloud.GOVERNMENT: "Azure Government"}


def address_text(rules: PrerequisiteRules, cloud: Cloud) -> str:
    """A request as plain text: what to let through, from where, and why."""
    needed = [rule for rule in rules.addresses if rule.today(cloud) and not rule.is_range]
    ranges = [rule for rule in rules.addresses if rule.today(cloud) and rule.is_range]
    width = max(len(address) for rule in needed for address in rule.today(cloud)) + 2
    parts = [
        f"Outbound connections for Azure Site Recovery ({CLOUD_NAMES[cloud]})",
        "From every Hyper-V host and every node of a Hyper-V cluster, directly or through the proxy.\n"
        "All connections begin at the host; nothing has to be let in.",
        "Needed:\n" + "\n".join(_lines(rule, cloud, width) for rule in needed if not rule.is_optional),
    ]
    optional = [_lines(rule, cloud, width) for rule in needed if rule.is_optional]
    if optional:
        parts.append("Optional:\n" + "\n".join(optional))
    parts += [f"{rule.purpose} ({rule.port}):\n" + "\n".join(_INDENT + t for t in rule.today(cloud)) for rule in ranges]
    parts.append(
        "A proxy that is itself reached by HTTPS is not supported. The certificates of these addresses must arrive\n"
        "unchanged: leave them out of any inspection of encrypted traffic."
    )
    used = {rules.source_of(rule) for rule in (*needed, *ranges)}
    parts.append("Sources:\n" + "\n".join(sorted(f"{_INDENT}{source.document} ({source.month})" for source in used)))
    return "\n\n".join(parts) + "\n"


def _lines(rule: AddressRule, cloud: Cloud, width: int) -> str:
    return "\n".join(f"{_INDENT}{address:<{width}}{rule.port:<9}{rule.purpose}" for address in rule.today(cloud))
