"""What a subscription may use in each region, beside its cores."""

from __future__ import annotations

from msgspec import Struct, field


class Quota(Struct):
    """As somebody changed it.

    Attributes:
        family_cores: of size families, by their names in lower case, where it is not the regional number.
        machines, nics: how many of them a region may have; 0 for the usual numbers.
        restricted_sizes: sizes that the subscription is not offered, in lower case.
    """

    family_cores: dict[str, int] = field(default_factory=dict)
    machines: int = 0
    nics: int = 0
    restricted_sizes: list[str] = field(default_factory=list)
