"""What was sent, held against what a reading gives back: everything that was asked for has to be there as asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ID = "/subscriptions/"


def differences(sent: Any, kept: Any, where: str = "") -> list[str]:
    """Each place in `sent` at which `kept` has nothing, or something else; it may have more besides."""
    if isinstance(sent, Mapping):
        if not isinstance(kept, Mapping):
            return [f"{where}: {sent!r} was sent, {kept!r} is kept"]
        return [
            found for name, value in sent.items() for found in differences(value, kept.get(name), f"{where}/{name}")
        ]
    if isinstance(sent, list | tuple):
        if not isinstance(kept, list) or len(kept) != len(sent):
            return [f"{where}: {sent!r} was sent, {kept!r} is kept"]
        pairs = enumerate(zip(sent, kept, strict=True))
        return [found for index, (one, other) in pairs for found in differences(one, other, f"{where}/{index}")]
    is_same = sent == kept and type(sent) is type(kept)
    if isinstance(sent, str) and isinstance(kept, str) and sent.lower().startswith(_ID):
        is_same = sent.lower() == kept.lower()
    return [] if is_same else [f"{where}: {sent!r} was sent, {kept!r} is kept"]
