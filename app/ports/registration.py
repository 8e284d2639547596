"""Certificates for the registration key: made by Azure or here, taken by Azure, opened and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from app.domain.arm_id import ArmId
from app.domain.registration_key import KeyWay, RegistrationKeyRules
from app.ports.secrets import Secret


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """What is sent to have a certificate.

    Attributes:
        body: holds no secret.
        archive: the certificate made here with its private key, PKCS#12 in base64; None where Azure makes it.
    """

    body: Mapping[str, Any]
    archive: Secret | None = None


@dataclass(frozen=True, slots=True)
class VaultIdentity:
    """How a holder of the certificate signs in to the vault, as Azure's answer says."""

    resource_id: str
    """A whole number of 64 bits, as text: more than a float can hold."""
    authority: str
    tenant: str
    client_id: str
    audience: str
    """Empty where Azure does not tell it."""
    management_endpoint: str


@dataclass(frozen=True, slots=True)
class VaultCertificate:
    """A certificate that the vault knows, with the private key to it."""

    archive: Secret
    identity: VaultIdentity
    thumbprint: str
    """As Azure says; upper case."""
    valid_until: datetime | None
    """As Azure says."""


@dataclass(frozen=True, slots=True)
class OpenedCertificate:
    """What is in a PKCS#12 archive. Its private key has been found to belong to its certificate."""

    valid_from: datetime
    valid_until: datetime
    thumbprint: str
    is_for_clients: bool
    """It may be used to sign in with."""
    public: bytes = field(repr=False)
    """DER."""


class RegistrationCertificates(Protocol):
    async def prepare(self, way: KeyWay, rules: RegistrationKeyRules, now: datetime) -> CertificateRequest:
        """What to send. With `KeyWay.OWN` this draws a key, which takes some fifty milliseconds, beside the loop."""
        ...

    async def put(
        self, vault: ArmId, name: str, request: CertificateRequest, *, client_request_id: str
    ) -> VaultCertificate:
        """PUT `{vault}/certificates/{name}`. Answered at once; raises AppError."""
        ...

    async def open(self, archive: Secret) -> OpenedCertificate:
        """
        Raises:
            ValueError: it is no archive that opens without a password, or its private key is missing or another's.
                The text holds nothing of the archive.
        """
        ...


class FileRights(Protocol):
    def keep_to_user(self, path: str) -> None:
        """Let only the user who runs this program read the file. It is empty still; called beside the loop.

        Raises:
            OSError: the system does not do it.
        """
        ...
