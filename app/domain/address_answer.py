"""Azure's own word on whether an address of a network can be had."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AddressAnswer:
    """One address at one moment.

    Attributes:
        is_kept: Azure keeps it for itself.
        others: some that are free, if this one is not.
    """

    is_free: bool
    is_kept: bool = False
    others: tuple[str, ...] = ()
