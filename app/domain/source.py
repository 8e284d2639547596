"""Where figures come from."""

from __future__ import annotations

from dataclasses import dataclass

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
