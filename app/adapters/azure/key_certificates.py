"""Certificates as they are drawn, opened and compared here. Everything in it holds a processor: call it in a thread."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.domain.registration_key import RegistrationKeyRules
from app.ports.registration import OpenedCertificate
from app.ports.secrets import Secret


def draw(rules: RegistrationKeyRules, now: datetime) -> tuple[str, Secret]:
    """A self-signed certificate as DER, and the archive with its private key; both base64."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=rules.key_bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, rules.subject)])
    moment = now.replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - rules.slack)
        .not_valid_after(moment + rules.validity)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    archive = pkcs12.serialize_key_and_certificates(None, key, certificate, None, serialization.NoEncryption())
    der = certificate.public_bytes(serialization.Encoding.DER)
    return b64encode(der).decode(), Secret(b64encode(archive).decode())


def open_archive(archive: Secret) -> OpenedCertificate:
    """
    Raises:
        ValueError: as app.ports.registration says.
    """
    try:
        content = b64decode("".join(archive.reveal().split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("The certificate is not in base64.") from None
    key, certificate = _load(content)
    if key is None or certificate is None:
        raise ValueError("The certificate or its private key is missing.")
    if _public(key.public_key()) != _public(certificate.public_key()):
        raise ValueError("The private key belongs to another certificate.")
    return OpenedCertificate(
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        # As Windows names a certificate; nothing relies on it being hard to forge.
        thumbprint=certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303
        is_for_clients=_is_for_clients(certificate),
        public=certificate.public_bytes(serialization.Encoding.DER),
    )


def _load(content: bytes) -> tuple[PrivateKeyTypes | None, x509.Certificate | None]:
    for password in (None, b""):  # two ways in which an archive has no password
        try:
            key, certificate, _ = pkcs12.load_key_and_certificates(content, password)
        except ValueError:
            continue
        return key, certificate
    raise ValueError("The certificate cannot be opened.")


def _public(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _is_for_clients(certificate: x509.Certificate) -> bool:
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in usages
