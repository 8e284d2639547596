"""Asks a cloud at an address of its own where everything is. Blocks: for a thread."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from azure.core.rest import HttpRequest

from app.adapters.azure.errors import azure_errors
from app.adapters.azure.identity_transport import IdentityTransport
from app.adapters.network.ways import Ways
from app.domain.cloud import Cloud
from app.errors import FieldProblem, InvalidInput, NotSupported
from app.network_settings import BadCaFile, read_authorities

_VERSION = "2022-09-01"
_FEDERATED = "adfs"


def ask(address: str, ca: Path | None, ways: Ways) -> Cloud:
    """What the cloud says of itself at `/metadata/endpoints`.

    Raises:
        InvalidInput: the address is none, or no cloud answers there.
        NotSupported: people sign in there with AD FS.
        Unreachable: nobody answers, or somebody whom this computer does not trust.
    """
    base = address.strip().rstrip("/")
    if urlsplit(base).scheme != "https" or not urlsplit(base).hostname:
        raise _no_cloud(base, "The address has to begin with https://, because signing in needs an encrypted line.")
    told = _told(base, ca, ways)
    if isinstance(told, list):
        told = next(
            (each for each in told if _text(each, "resourceManager").rstrip("/") == base), told[0] if told else {}
        )
    return _cloud(base, told)


def _told(base: str, ca: Path | None, ways: Ways) -> Any:
    if ca is not None:
        try:
            read_authorities(ca)
        except BadCaFile as error:
            problem = FieldProblem("ca", str(error))
            title = "The certificate to trust cannot be used"
            raise InvalidInput("CertificateToTrust", title, str(error), problems=(problem,)) from error
    with (
        azure_errors("ask the cloud what it is"),
        IdentityTransport(ways, ca=ca, is_sure=False) as transport,
    ):
        response = transport.send(HttpRequest("GET", f"{base}/metadata/endpoints?api-version={_VERSION}"))
        if response.status_code != 200:
            raise _no_cloud(base, f"HTTP {response.status_code}")
        return response.json()


def _cloud(base: str, told: Any) -> Cloud:
    signing = told.get("authentication") if isinstance(told, Mapping) else None
    if not isinstance(signing, Mapping):
        raise _no_cloud(base, "What it says names no place to sign in.")
    login, audiences = urlsplit(_text(signing, "loginEndpoint")), signing.get("audiences")
    if login.path.strip("/").lower() == _FEDERATED or _text(signing, "identityProvider").lower() == _FEDERATED:
        advice = "Only clouds that sign in through Microsoft Entra ID can be used."
        raise NotSupported("FederatedCloud", "This cloud signs in with AD FS", advice)
    if login.scheme != "https" or not isinstance(audiences, list) or not audiences:
        raise _no_cloud(base, "Its place to sign in is not an encrypted one, or it names no audience.")
    suffixes = told.get("suffixes")
    return Cloud(
        name=base,
        title=_text(told, "name") or urlsplit(base).netloc,
        arm=_text(told, "resourceManager").rstrip("/") or base,
        authority=f"https://{login.netloc}",
        audience=str(audiences[0]),
        portal=_text(told, "portal"),
        storage=_text(suffixes, "storage") if isinstance(suffixes, Mapping) else "",
        is_custom=True,
    )


def _text(fields: Any, name: str) -> str:
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return value if isinstance(value, str) else ""


def _no_cloud(base: str, reason: str) -> InvalidInput:
    return InvalidInput(
        "NoCloud",
        "No cloud answers at this address",
        "Give the address of its resource manager, such as https://management.local.example.",
        details=f"{base}: {reason}",
    )
