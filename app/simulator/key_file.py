"""A registration key as a Provider reads it: strictly, as a data-contract reader does, element by element in order.

Of its certificate only what can be seen is kept, never the private key.
"""

from __future__ import annotations

from base64 import b64decode
from collections import OrderedDict
from hashlib import sha256
from xml.parsers import expat

from msgspec import Struct

ROOT = "RSVaultAsrCreds"
NAMESPACE = "http://schemas.datacontract.org/2004/07/Microsoft.Azure.Portal.RecoveryServices.Models.Common"
LONGEST = 200_000

_ORDER = (
    "VaultDetails",
    "VaultDetails/SubscriptionId",
    "VaultDetails/ResourceGroup",
    "VaultDetails/ResourceName",
    "VaultDetails/ResourceId",
    "VaultDetails/Location",
    "VaultDetails/ResourceType",
    "VaultDetails/ProviderNamespace",
    "ManagementCert",
    "Version",
    "AadDetails",
    "AadDetails/AadAuthority",
    "AadDetails/AadTenantId",
    "AadDetails/ServicePrincipalClientId",
    "AadDetails/AadVaultAudience",
    "AadDetails/ArmManagementEndpoint",
    "ChannelIntegrityKey",
    "SiteId",
    "SiteName",
    "PrivateEndpointStateForSiteRecovery",
)
_FIXED = {
    "VaultDetails/ResourceType": "Vaults",
    "VaultDetails/ProviderNamespace": "Microsoft.RecoveryServices",
    "Version": "2.0",
    "ChannelIntegrityKey": "",
}
_MAY_BE_EMPTY = frozenset({"VaultDetails", "AadDetails", "ChannelIntegrityKey", "SiteId", "SiteName"})
_KEPT = 8


class KeyFile(Struct, frozen=True):
    """What a Provider takes from the file. Times are seconds since 1970."""

    vault: str
    """As the end of its id, lower case: subscription, group and name."""
    number: str
    site_id: str
    site: str
    thumbprint: str
    valid_from: float
    valid_until: float


_read: OrderedDict[str, KeyFile | str] = OrderedDict()
"""Of files that were read ahead: what they hold, or what is wrong with them, by their hash."""


def read_ahead(text: str) -> None:
    """Read it, for some sixty milliseconds; `read` then knows. Other threads can work meanwhile."""
    _read[_hash(text)] = _outcome(text)
    while len(_read) > _KEPT:
        _read.popitem(last=False)


def read(text: str) -> KeyFile:
    """
    Raises:
        ValueError: a Provider would not take it; the text is a sentence.
    """
    outcome = _read.get(_hash(text)) or _outcome(text)
    if isinstance(outcome, str):
        raise ValueError(outcome)
    return outcome


def _hash(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()


def _outcome(text: str) -> KeyFile | str:
    try:
        return _opened(_elements(text))
    except ValueError as error:
        return str(error)


def _elements(text: str) -> dict[str, str]:
    if len(text) > LONGEST:
        raise ValueError("The key file is too large.")
    if not text.lstrip("\ufeff").startswith("<?xml "):
        raise ValueError("The key file does not begin as XML.")
    order: list[str] = []
    texts: dict[str, str] = {}
    path: list[str] = []
    parser = expat.ParserCreate(namespace_separator="|")

    def begin(name: str, attributes: dict[str, str]) -> None:
        if not name.startswith(f"{NAMESPACE}|") or attributes:
            raise ValueError("The key file has an element of another namespace, or one with attributes.")
        local = name.removeprefix(f"{NAMESPACE}|")
        if not path and local != ROOT:
            raise ValueError(f"The key file is no {ROOT}.")
        path.append(local)
        if len(path) > 1:
            order.append("/".join(path[1:]))
            texts["/".join(path[1:])] = ""

    def end(name: str) -> None:
        path.pop()

    def data(characters: str) -> None:
        if len(path) > 1:
            texts["/".join(path[1:])] += characters

    def refuse(*declared: object) -> None:
        raise ValueError("The key file declares a document type.")

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = data, refuse
    try:
        parser.Parse(text.lstrip("\ufeff").encode(errors="replace"), True)
    except expat.ExpatError as error:
        raise ValueError(f"The key file is no XML: {error}.") from None
    if tuple(order) != _ORDER:
        wrong = next((have for have, want in zip(order, _ORDER, strict=False) if have != want), "its end")
        raise ValueError(f"The key file's elements are not as they should be, at {wrong}.")
    for name, value in texts.items():
        if _FIXED.get(name, value) != value or not (value.strip() or name in _MAY_BE_EMPTY):
            raise ValueError(f"The key file's {name.rpartition('/')[2]} is not as it should be.")
    return texts


def _opened(texts: dict[str, str]) -> KeyFile:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509 import ExtendedKeyUsage, ExtensionNotFound
    from cryptography.x509.oid import ExtendedKeyUsageOID

    number = texts["VaultDetails/ResourceId"]
    if not (number.isascii() and number.isdigit() and 0 < int(number) < 2**64):
        raise ValueError("The key file's ResourceId is no number of a vault.")
    try:
        archive = b64decode(texts["ManagementCert"], validate=True)
        key, certificate, _ = pkcs12.load_key_and_certificates(archive, None)
    except ValueError:
        raise ValueError("The key file's certificate cannot be opened.") from None
    if key is None or certificate is None or key.public_key() != certificate.public_key():
        raise ValueError("The key file's certificate has no private key, or another one's.")
    try:
        usage = certificate.extensions.get_extension_for_class(ExtendedKeyUsage).value
    except ExtensionNotFound:
        usage = ExtendedKeyUsage([])
    if ExtendedKeyUsageOID.CLIENT_AUTH not in usage:
        raise ValueError("Nobody can sign in with the key file's certificate.")
    parts = (texts[f"VaultDetails/{name}"] for name in ("SubscriptionId", "ResourceGroup", "ResourceName"))
    return KeyFile(
        vault="/".join(parts).lower(),
        number=number,
        site_id=texts["SiteId"],
        site=texts["SiteName"],
        thumbprint=certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303  # its name, as Windows forms it
        valid_from=certificate.not_valid_before_utc.timestamp(),
        valid_until=certificate.not_valid_after_utc.timestamp(),
    )
