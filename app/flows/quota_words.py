"""Azure's limits in words that people use."""

from __future__ import annotations

from app.domain.quota import Limit

_NAMES = {
    Limit.CORES: "cores",
    Limit.MACHINES: "virtual machines",
    Limit.NICS: "network interfaces",
}


def limit_words(kind: Limit, label: str) -> str:
    """As it reads within a sentence: `cores`, `Standard DSv5 Family cores`."""
    return _NAMES.get(kind) or label.replace(" vCPUs", " cores")


def limit_title(kind: Limit, label: str) -> str:
    """As it begins one."""
    words = limit_words(kind, label)
    return words[:1].upper() + words[1:]
