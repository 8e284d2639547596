"""The registration key: the file with which a host's Provider registers in a site, and how long it is good for.

The values here hold no secret. The file does: a certificate with its private key.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from app.domain.arm_id import ArmId
from app.domain.source import Source

SUFFIX = ".VaultCredentials"

_LONGEST_FILE_NAME = 255
_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)\s*\.", re.IGNORECASE)


class KeyWay(StrEnum):
    """Who makes the certificate."""

    SERVICE = "service"
    """Azure, as in its portal: the private key comes with the answer."""
    OWN = "own"
    """This program: Azure gets the certificate, and the private key never leaves the computer but in the file."""


@dataclass(frozen=True, slots=True)
class RegistrationKeyRules:
    source: Source
    validity_h: int
    clock_slack_min: int
    """A certificate is valid from so much before it was made."""
    reminder_before_h: int
    key_bits: int
    subject: str

    @property
    def validity(self) -> timedelta:
        return timedelta(hours=self.validity_h)

    @property
    def slack(self) -> timedelta:
        return timedelta(minutes=self.clock_slack_min)

    @property
    def reminder_before(self) -> timedelta:
        return timedelta(hours=self.reminder_before_h)

    def ends(self, valid_from: datetime, valid_until: datetime) -> datetime:
        """Until when a key is good: no longer than its validity, whatever its certificate says."""
        return min(valid_until, valid_from + self.slack + self.validity)


@dataclass(frozen=True, slots=True)
class RegistrationKey:
    """What a key file says of itself.

    Attributes:
        site_id: the site's internal identifier, by which the Provider finds it.
        site, vault: names as the file gives them.
        thumbprint: SHA-1 of the certificate, upper-case hex, as Windows shows it.
        path: where the file is, or was when it was made.
        made_at: None for a file of somebody else's.
    """

    site_id: str
    site: str
    vault: str
    subscription: str
    resource_group: str
    location: str
    valid_from: datetime
    valid_until: datetime
    thumbprint: str
    path: Path
    made_at: datetime | None = None

    def is_expired(self, now: datetime) -> bool:
        return now >= self.valid_until

    def left(self, now: datetime) -> timedelta:
        """How long it is still good for; nothing when it is expired."""
        return max(self.valid_until - now, timedelta())

    def is_for(self, site_id: str, vault: ArmId) -> bool:
        """Whether it registers hosts in the site with this internal identifier in this vault."""
        ours = (self.site_id, self.vault, self.subscription, self.resource_group)
        wanted = (site_id, vault.vault_name, vault.subscription, vault.resource_group)
        return [each.lower() for each in ours] == [each.lower() for each in wanted]


def suggested_name(site: str, vault: str, at: datetime) -> str:
    """The file's usual name, `{site}_{vault}_{time}.VaultCredentials` in UTC, as any system lets a file be named."""
    ending = f"_{_safe(vault)[:60]}_{at.astimezone(UTC):%Y-%m-%dT%H-%M-%S}{SUFFIX}"
    name = _safe(site).lstrip(". ") or "site"
    if _DEVICES.match(name):
        name = f"_{name}"
    return _cut(name, _LONGEST_FILE_NAME - len(ending.encode())) + ending


def _safe(name: str) -> str:
    """Without what Windows forbids in names of files, and without characters that cannot be seen."""
    shown = "".join(" " if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") else each for each in name)
    return _NOT_IN_FILE_NAMES.sub("_", " ".join(shown.split()))


def _cut(name: str, most: int) -> str:
    return name.encode()[:most].decode(errors="ignore").rstrip()
