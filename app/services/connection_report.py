"""What a connection check found, as a text for the network team: plain, neutral, without anything secret.

Whatever comes from outside (an issuer's name, an address) is one harmless line.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.address_list import CLOUD_NAMES, address_text
from app.domain.connection_check import User, listed_cloud
from app.domain.line_trouble import clock_words
from app.domain.prerequisites import Cloud, PrerequisiteRules
from app.network_settings import NetworkSettings, ProxyMode
from app.neutral_text import one_line
from app.services.connection_check import CheckResult, Finding, Outcome

_INDENT = "    "
_WORDS = {
    Outcome.FINE: "reached",
    Outcome.CARE: "reached, with a remark",
    Outcome.TROUBLE: "NOT reached",
    Outcome.WAITING: "not tried yet",
    Outcome.NOT_TRIED: "not tried",
}


def way_words(settings: NetworkSettings) -> str:
    """How the program goes out, without name or password."""
    if settings.mode is ProxyMode.PAC:
        return f"by the PAC file {settings.pac}"
    if settings.mode is ProxyMode.FIXED:
        besides = ", ".join(settings.exceptions)
        return f"through the proxy {settings.proxy_url}" + (f"; directly to {besides}" if besides else "")
    return "directly, without a proxy" if settings.mode is ProxyMode.NONE else "as the system says"


def network_text(result: CheckResult, rules: PrerequisiteRules, settings: NetworkSettings, computer: str) -> str:
    """The whole text."""
    title = result.cloud.title if result.cloud is not None else "a cloud that did not answer"
    tried = [finding for finding in result.findings if finding.address.url]
    parts = [
        f"Connection check for Azure Site Recovery: {one_line(title)}",
        f"Computer: {one_line(computer) or 'not known'}\nTime: {_time(result.at)}\n"
        f"Way out: {one_line(way_words(settings))}",
        "Tried from this computer, HTTPS (TCP 443) where no port is named:\n\n" + "\n\n".join(map(_told, tried)),
    ]
    listed = listed_cloud(result.cloud) if result.cloud is not None else None
    if listed is not None:
        parts += [address_text(rules, listed).rstrip(), changes_text(rules, listed)]
    return "\n\n".join(parts) + "\n"


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at is not None else "not run yet"


def changes_text(rules: PrerequisiteRules, cloud: Cloud) -> str:
    """Addresses and address ranges of the article of 2017 beside today's, for rules that were made then."""
    lines = [
        f"Rules that were made after {rules.article.document} ({rules.article.month}), beside today’s"
        f" ({CLOUD_NAMES[cloud]}):"
    ]
    for rule in rules.addresses:
        lines.append(f"{_INDENT}{rule.purpose} ({rule.port})")
        lines.append(f"{_INDENT * 2}2017:  {', '.join(rule.in_2017) or 'none'}")
        lines.append(f"{_INDENT * 2}today: {', '.join(rule.today(cloud)) or 'none'}")
    return "\n".join(lines)


def _told(finding: Finding) -> str:
    address, facts = finding.address, finding.facts
    who = " (the hosts need it too)" if address.user is User.BOTH else ""
    lines = [f"{address.address}: {_WORDS[finding.outcome]}", f"For: {address.purpose}{who}"]
    if facts is not None:
        if facts.proxy:
            lines.append(f"Proxy: {facts.proxy}")
        if facts.addresses:
            lines.append(f"Address: {', '.join(facts.addresses[:4])}")
        if facts.issuer:
            lines.append(f"Certificate issued by: {facts.issuer}")
        if facts.status:
            lines.append(f"Answer: HTTP {facts.status}")
        if facts.ahead_s is not None and abs(facts.ahead_s) >= 60:
            lines.append(f"Clock of this computer: {clock_words(facts.ahead_s)}")
    if finding.outcome in (Outcome.TROUBLE, Outcome.CARE):
        lines.append(f"What happened: {finding.sentence}")
        lines.append(f"What helps: {finding.remedy}")
    first, *others = map(one_line, lines)
    return "\n".join([_INDENT + first, *(_INDENT * 2 + line for line in others)])
