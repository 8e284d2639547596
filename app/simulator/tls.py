"""A certificate for the served practice vault, and the CA that clients are told to trust.

The CA's key is thrown away as soon as it has signed that one certificate: nobody who finds the folder can sign another,
so trusting the CA means trusting this server on this computer and nothing else. When the certificate has run out, both
are made anew.
"""

from __future__ import annotations

import os
import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_FILE, CERTIFICATE_FILE, KEY_FILE = "ca.pem", "server.pem", "server-key.pem"

_VALID = timedelta(days=365)
_SLACK = timedelta(hours=1)
_LEAST_LEFT = timedelta(days=1)
"""So that no certificate runs out while somebody works."""
_NAMES = ("localhost",)
_ADDRESSES = ("127.0.0.1", "::1")


class TlsFolder:
    """The three files in a folder.

    Raises:
        OSError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        now = datetime.fromtimestamp(time.time(), UTC)  # certificates live in real time, not in the vault's
        if not self._is_good(now):
            self._make(now)

    @property
    def ca(self) -> Path:
        return (self._folder / CA_FILE).absolute()

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self._folder / CERTIFICATE_FILE, self._folder / KEY_FILE)
        return context

    def _is_good(self, now: datetime) -> bool:
        """Whether the files are there, belong together, and last for another while."""
        try:
            ca = x509.load_pem_x509_certificate((self._folder / CA_FILE).read_bytes())
            certificate = x509.load_pem_x509_certificate((self._folder / CERTIFICATE_FILE).read_bytes())
            key = serialization.load_pem_private_key((self._folder / KEY_FILE).read_bytes(), None)
            certificate.verify_directly_issued_by(ca)
        except (OSError, ValueError, TypeError, InvalidSignature):
            return False
        belongs = key.public_key() == certificate.public_key()
        ends = min(ca.not_valid_after_utc, certificate.not_valid_after_utc)
        return belongs and certificate.not_valid_before_utc <= now < ends - _LEAST_LEFT

    def _make(self, now: datetime) -> None:
        ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        ca_name = _name(f"Practice vault on this computer, made {now:%Y-%m-%d %H:%M:%S}")
        ca_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
        ca = (
            _builder(ca_name, ca_name, ca_key.public_key(), now)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(ca_id, critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        names = [x509.DNSName(name) for name in _NAMES]
        addresses = [x509.IPAddress(ip_address(address)) for address in _ADDRESSES]
        certificate = (
            _builder(_name("localhost"), ca_name, key.public_key(), now)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([*names, *addresses]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_id), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        pem = serialization.Encoding.PEM
        key_format, unencrypted = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        _write(self._folder / KEY_FILE, key.private_bytes(pem, key_format, unencrypted), mode=0o600)
        _write(self._folder / CERTIFICATE_FILE, certificate.public_bytes(pem), mode=0o644)
        _write(self._folder / CA_FILE, ca.public_bytes(pem), mode=0o644)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + _VALID)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Put it where it belongs in one step, never readable to others if it must not be."""
    passing = path.with_suffix(".new")
    passing.unlink(missing_ok=True)
    with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    passing.replace(path)
