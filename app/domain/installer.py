"""The Provider's installer: where it comes from, and what is known of a copy of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.domain.source import Source


@dataclass(frozen=True, slots=True)
class Installer:
    """What is to be downloaded.

    Attributes:
        begins_with: the first characters of every such file; another file is not it.
        signer: the organisation in the certificate that it must be signed with; empty where nothing is signed.
        is_practice: a stand-in that does nothing, from the practice vault.
    """

    name: str
    link: str
    begins_with: str
    signer: str
    source: Source
    is_practice: bool = False


class SignatureVerdict(StrEnum):
    VALID = "valid"
    REFUSED = "refused"
    """Not signed, signed by somebody else, or changed since."""
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Signature:
    """What looking at a file's Authenticode signature came to.

    Attributes:
        signer: the organisation that signed it; empty where that is not known.
        text: one sentence for people.
    """

    verdict: SignatureVerdict
    text: str
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A whole file, checked as far as this computer can check it. `sha256` is in lower-case hexadecimal."""

    path: Path
    size: int
    sha256: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A download that can go on: what has arrived of how much."""

    path: Path
    done: int
    total: int
