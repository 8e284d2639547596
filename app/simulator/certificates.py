"""X.509 certificates as a vault makes and reads them for the registration key.

A key is drawn anew each time and kept nowhere: what can be read back of a vault holds no secret. It is the one thing
in the practice vault that the seed does not decide.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import deque
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.simulator.wire import Json

KEY_BITS = 2048
COMMON_NAME = "Windows Azure Tools"
CLOCK_SLACK = timedelta(minutes=10)
"""A certificate is valid from a little before it was made, since hosts' clocks differ."""


_drawn: deque[rsa.RSAPrivateKey] = deque(maxlen=4)
"""Keys that wait for the certificate they were drawn for."""


def draw_key() -> None:
    """Draw the next certificate's key, for some fifty milliseconds; other threads can work meanwhile."""
    _drawn.append(rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS))


def make(validity_h: int, at: float) -> Json:
    """A self-signed certificate for client authentication; `certificate` is a PKCS#12 with its private key, base64."""
    if not _drawn:
        draw_key()
    key = _drawn.popleft()
    moment = datetime.fromtimestamp(int(at), UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, COMMON_NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - CLOCK_SLACK)
        .not_valid_after(moment + timedelta(hours=validity_h))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    archive = pkcs12.serialize_key_and_certificates(None, key, certificate, None, serialization.NoEncryption())
    return _facts(certificate, archive)


def read(text: str) -> Json:
    """What a certificate says that was sent, DER in base64; `certificate` is the same DER again.

    Raises:
        ValueError: it is not one.
    """
    der = b64decode(text, validate=True)
    if der[:3] == b"MII":  # encoded twice, as some clients do
        der = b64decode(der, validate=True)
    return _facts(x509.load_der_x509_certificate(der), der)


def _facts(certificate: x509.Certificate, shown: bytes) -> Json:
    return {
        "certificate": b64encode(shown).decode(),
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "from": certificate.not_valid_before_utc.isoformat(),
        "to": certificate.not_valid_after_utc.isoformat(),
        # A name for the certificate by its bytes, as Windows forms it; nothing relies on it being hard to forge.
        "thumbprint": certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303
    }
