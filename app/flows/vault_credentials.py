"""The registration key's file: XML, element by element in the order that its reader on the host relies on.

A file that somebody gives us is a stranger's: no document type is taken, so no entity can be defined in it, and nothing
of it is kept that is longer than what a real one holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from xml.etree import ElementTree as ET
from xml.parsers import expat

from app.ports.secrets import Secret

ROOT = "RSVaultAsrCreds"
NAMESPACE = "http://schemas.datacontract.org/2004/07/Microsoft.Azure.Portal.RecoveryServices.Models.Common"
MAX_BYTES = 256 * 1024

_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_VERSION = "2.0"
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_LONGEST_TEXT = 2048
_LONGEST_ARCHIVE = 128 * 1024
# A carriage return could be in it, but would come back as another line end.
_NOT_IN_XML = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NotVaultCredentials(ValueError):
    """The text is a sentence that tells why, and nothing of what is in the file but its root's name."""


@dataclass(frozen=True, slots=True)
class VaultCredentials:
    """What the file holds. Empty site: it is for VMM, not for a Hyper-V site."""

    subscription: str
    resource_group: str
    vault: str
    resource_id: str
    location: str
    certificate: Secret
    """PKCS#12 with the private key, base64."""
    authority: str
    tenant: str
    client_id: str
    audience: str
    management_endpoint: str
    site_id: str
    site: str
    private_endpoints: str
    """`None` or `Enabled`."""


def write_credentials(given: VaultCredentials) -> bytes:
    """
    Raises:
        ValueError: a value holds a character that XML cannot.
    """
    root = ET.Element(ROOT, {"xmlns:i": _INSTANCE, "xmlns": NAMESPACE})
    vault = ET.SubElement(root, "VaultDetails")
    _add(vault, "SubscriptionId", given.subscription)
    _add(vault, "ResourceGroup", given.resource_group)
    _add(vault, "ResourceName", given.vault)
    _add(vault, "ResourceId", given.resource_id)
    _add(vault, "Location", given.location)
    _add(vault, "ResourceType", "Vaults")
    _add(vault, "ProviderNamespace", "Microsoft.RecoveryServices")
    _add(root, "ManagementCert", given.certificate.reveal())
    _add(root, "Version", _VERSION)
    aad = ET.SubElement(root, "AadDetails")
    _add(aad, "AadAuthority", given.authority)
    _add(aad, "AadTenantId", given.tenant)
    _add(aad, "ServicePrincipalClientId", given.client_id)
    _add(aad, "AadVaultAudience", given.audience)
    _add(aad, "ArmManagementEndpoint", given.management_endpoint)
    _add(root, "ChannelIntegrityKey", "")  # the portal leaves it empty, too
    _add(root, "SiteId", given.site_id)
    _add(root, "SiteName", given.site)
    _add(root, "PrivateEndpointStateForSiteRecovery", given.private_endpoints)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=False, short_empty_elements=False)
    return _DECLARATION + body + b"\n"


def read_credentials(content: bytes) -> VaultCredentials:
    """
    Raises:
        NotVaultCredentials: it is something else, or not whole.
    """
    if len(content) > MAX_BYTES:
        raise NotVaultCredentials("The file is far too large for a registration key.")
    found = _texts(content)
    version = found.get("Version", "")
    if version != _VERSION:
        raise NotVaultCredentials("The file is of another version than this program knows. Make a new key.")
    return VaultCredentials(
        **{name: _text(found, path) for name, path in _PATHS.items()},
        certificate=Secret(_text(found, "ManagementCert", longest=_LONGEST_ARCHIVE)),
        site_id=found.get("SiteId", ""),
        site=found.get("SiteName", ""),
        # Files from before 2019 do not have it.
        private_endpoints=found.get("PrivateEndpointStateForSiteRecovery", "") or "None",
    )


_PATHS = {
    "subscription": "VaultDetails/SubscriptionId",
    "resource_group": "VaultDetails/ResourceGroup",
    "vault": "VaultDetails/ResourceName",
    "resource_id": "VaultDetails/ResourceId",
    "location": "VaultDetails/Location",
    "authority": "AadDetails/AadAuthority",
    "tenant": "AadDetails/AadTenantId",
    "client_id": "AadDetails/ServicePrincipalClientId",
    "audience": "AadDetails/AadVaultAudience",
    "management_endpoint": "AadDetails/ArmManagementEndpoint",
}
assert _PATHS.keys() < {field.name for field in fields(VaultCredentials)}


def _add(parent: ET.Element, name: str, text: str) -> None:
    if _NOT_IN_XML.search(text):
        raise ValueError(f"{name} holds a character that cannot be in the file")
    ET.SubElement(parent, name).text = text


def _text(found: dict[str, str], path: str, *, longest: int = _LONGEST_TEXT) -> str:
    value = found.get(path, "")
    if not value.strip():
        raise NotVaultCredentials(f"The file is not whole: {path.rpartition('/')[2]} is missing in it. Make a new key.")
    if len(value) > longest:
        raise NotVaultCredentials("The file is no registration key: its values are far too long.")
    return value


def _texts(content: bytes) -> dict[str, str]:
    """The text of each element by its path below the root, which must be ours."""
    found: dict[str, list[str]] = {}
    path: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if not path:
            _check_root(local, namespace)
        path.append(local if namespace == NAMESPACE else f"{{{namespace}}}{local}")
        if len(path) > 3 or "/".join(path[1:]) in found:
            raise NotVaultCredentials("The file is no registration key: it is built another way.")
        found["/".join(path[1:])] = []

    def end(name: str) -> None:
        path.pop()

    def read(text: str) -> None:
        found["/".join(path[1:])].append(text)

    def refuse(*declaration: object) -> None:
        raise NotVaultCredentials("The file is no registration key: it declares a document type.")

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = read, refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, UnicodeError) as error:
        raise NotVaultCredentials("The file is no registration key, or damaged: it is no XML.") from error
    return {name: "".join(texts) for name, texts in found.items()}


def _check_root(local: str, namespace: str) -> None:
    if local == ROOT and namespace == NAMESPACE:
        return
    if local == "ASRVaultCreds":
        raise NotVaultCredentials("The file is a key of an older kind, which Azure takes no more. Make a new key.")
    if "backup" in local.lower():
        raise NotVaultCredentials("The file is a key for Azure Backup. Site Recovery needs a key of its own.")
    raise NotVaultCredentials("The file is no registration key for Site Recovery.")
