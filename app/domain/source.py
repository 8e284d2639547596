"""Where figures come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on


def day_text(iso_date: str) -> str:
    """An ISO date as people say it: `6 September 2023`."""
    year, month, day = iso_date.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from: a public document's name and its date."""

    document: str
    as_of: str
    """ISO date."""

    @property
    def month(self) -> str:
        """The date as people say it: `May 2026`."""
        year, month, _ = self.as_of.split("-")
        return f"{_MONTHS[int(month) - 1]} {year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A table of rules that says where it comes from, and where each of its rules does.

    Attributes:
        source: the document that most of it comes from.
        sources: by the dotted name of a rule, such as `data_disks_max` or `os_disk_max_gib.2`.
    """

    source: Source
    sources: Mapping[str, Source] = field(default_factory=dict)

    def source_of(self, rule: str) -> Source:
        """Of a rule that is not named by itself, what it is a part of; of an unknown one the table's own source."""
        while rule:
            if rule in self.sources:
                return self.sources[rule]
            rule = rule.rpartition(".")[0]
        return self.source
