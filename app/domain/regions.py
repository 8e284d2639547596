"""Azure regions. Azure writes the same one as `westeurope` and as `West Europe`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    name: str
    display_name: str
    pair: str = ""
    """The region that holds the second copy of geo-redundant data; empty where there is none."""
    has_zones: bool = False


def location_key(location: str) -> str:
    """The form in which two spellings of a location are compared."""
    return location.replace(" ", "").lower()


def same_location(left: str, right: str) -> bool:
    return location_key(left) == location_key(right)
