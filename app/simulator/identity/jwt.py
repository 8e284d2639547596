"""JSON web tokens: written and checked, RSA alone. Loads OpenSSL, so it is imported when the first one is met."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import deque
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from app.simulator.wire import Json

_KEY_BITS = 2048
_LONGEST = 64 * 1024

_drawn: deque[rsa.RSAPrivateKey] = deque(maxlen=1)
"""A key that waits for the directory it was drawn for."""


def draw_key() -> None:
    """Draw the next signing key, for some fifty milliseconds; other threads can work meanwhile."""
    if not _drawn:
        _drawn.append(rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS))


def new_key() -> str:
    draw_key()
    unencrypted = serialization.NoEncryption()
    pem = _drawn.popleft().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted)
    return pem.decode()


def key_of(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey), "only such keys are drawn"
    return key


def key_id(key: rsa.RSAPublicKey) -> str:
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    return b64(digest.finalize())[:27]


def public_numbers(key: rsa.RSAPublicKey) -> tuple[str, str]:
    """Modulus and exponent as a key set has them."""
    numbers = key.public_numbers()
    size = (numbers.n.bit_length() + 7) // 8
    return b64(numbers.n.to_bytes(size, "big")), b64(numbers.e.to_bytes(3, "big"))


def sign(claims: Json, key: rsa.RSAPrivateKey, kid: str) -> str:
    header = {"typ": "JWT", "alg": "RS256", "kid": kid, "x5t": kid}
    signed = f"{b64(msgspec.json.encode(header))}.{b64(msgspec.json.encode(claims))}"
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{b64(signature)}"


def read(token: str) -> tuple[Json, Json] | None:
    """Header and claims as they stand, not verified; None when it is no such token."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > _LONGEST:
        return None
    try:
        header, claims = (msgspec.json.decode(from_b64(part)) for part in parts[:2])
    except (ValueError, msgspec.DecodeError):
        return None
    return (header, claims) if isinstance(header, dict) and isinstance(claims, dict) else None


def is_signed_by(token: str, key: rsa.RSAPublicKey, algorithm: str) -> bool:
    """Whether the key's owner signed it; RS256 and PS256 are known, and the header alone never chooses another."""
    signed, _, signature = token.rpartition(".")
    scheme: Any
    if algorithm == "RS256":
        scheme = padding.PKCS1v15()
    elif algorithm == "PS256":
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO)
    else:
        return False
    try:
        key.verify(from_b64(signature), signed.encode(), scheme, hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_b64(text: str) -> bytes:
    """
    Raises:
        ValueError: it is not base64.
    """
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
