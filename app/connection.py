"""Which Azure to talk to: a practice vault in this process, one that serves on a port, or a cloud that is signed in to.

The second is described by the JSON line that `serve-simulator` prints; a file with that line is what `--connection`
takes. For the third the file says `sign_in` in place of `token`: how, never with what secret.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.clouds import DEFAULT_CLOUD, cloud_named
from app.domain.arm_id import ArmId
from app.errors import InvalidInput
from app.ports.secrets import Secret
from app.ports.sign_in import SignedIn, SignInMethod


@dataclass(frozen=True, slots=True)
class PracticeSpec:
    """The built-in practice vault.

    Attributes:
        count: how many machines a `fleet` has.
        keeps_state: whether it goes on where it was left; otherwise it begins anew each time and leaves nothing.
        speed: vault seconds per real second when it begins; later as it was left.
    """

    scenario: str = "contoso"
    count: int | None = None
    seed: int = 0
    keeps_state: bool = True
    speed: float = 1.0

    @property
    def key(self) -> str:
        """Names the connection: its journal, drafts and lock stand under it."""
        return f"practice {self.scenario} {self.count or ''} {self.seed or ''}".strip()


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """A practice vault in another process, or any ARM endpoint that takes a fixed token.

    Attributes:
        vault: empty where there is none yet.
        ca: a certificate file to trust besides the system's own.
    """

    arm: str
    subscription: str
    token: Secret
    resource_group: str = ""
    vault: str = ""
    ca: Path | None = None

    @property
    def key(self) -> str:
        return f"{self.arm} {self.subscription}"


@dataclass(frozen=True, slots=True)
class AzureSpec:
    """A cloud that is signed in to. It holds no secret: that is kept elsewhere, or asked for.

    Attributes:
        cloud: the name of a known cloud, or the address of another one.
        reached_by: the tenant whose tokens open the vault, where the account is a guest; empty is that of the sign-in.
        certificate, ca: files; `ca` is trusted besides the system's own.
        account: the person whose sign-in it stands on, where several sign in the same way; empty is the last one.
    """

    cloud: str
    subscription: str
    method: SignInMethod
    tenant: str = ""
    client_id: str = ""
    username: str = ""
    certificate: Path | None = None
    resource_group: str = ""
    vault: str = ""
    ca: Path | None = None
    reached_by: str = ""
    account: str = ""

    @property
    def arm(self) -> str:
        known = cloud_named(self.cloud)
        return self.cloud if known is None else known.arm

    @property
    def key(self) -> str:
        """Two vaults of one subscription are two connections, each with a journal of its own."""
        return " ".join(filter(None, (self.arm, self.subscription, self.resource_group, self.vault))).lower()


ConnectionSpec = PracticeSpec | ServerSpec | AzureSpec


def read_connection(file: Path) -> ServerSpec | AzureSpec:
    """Read a connection file.

    Raises:
        InvalidInput: there is no such file, or it holds neither what `serve-simulator` prints nor how to sign in.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
        fields = json.loads(next((line for line in lines if line.strip()), ""))
    except (OSError, ValueError) as error:
        raise _refused(file, str(error)) from error
    if not isinstance(fields, dict):
        raise _refused(file, "it is not a JSON object")
    if isinstance(fields.get("sign_in"), dict):
        try:
            return azure_spec(fields)
        except ValueError as error:
            raise _refused(file, str(error)) from error
    missing = [name for name in ("arm", "subscription", "token") if not _text(fields, name)]
    if missing:
        raise _refused(file, f"it does not say: {', '.join(missing)}")
    if urlsplit(_text(fields, "arm")).scheme not in ("http", "https"):
        raise _refused(file, "`arm` is not a web address")
    ca = _text(fields, "ca")
    return ServerSpec(
        arm=_text(fields, "arm").rstrip("/"),
        subscription=_text(fields, "subscription"),
        token=Secret(_text(fields, "token")),
        resource_group=_text(fields, "resource_group"),
        vault=_text(fields, "vault"),
        ca=Path(ca) if ca else None,
    )


def azure_spec(fields: Mapping[str, Any]) -> AzureSpec:
    """Read what `azure_fields` wrote, or a person.

    Raises:
        ValueError: it does not say how to sign in to what; the text says what is wrong.
    """
    how = fields.get("sign_in")
    if not isinstance(how, Mapping):
        raise ValueError("it does not say: sign_in")
    cloud = _text(fields, "cloud") or _text(fields, "arm").rstrip("/") or DEFAULT_CLOUD
    if cloud_named(cloud) is None and urlsplit(cloud).scheme != "https":
        raise ValueError("`cloud` is neither a known cloud nor an address that begins with https://")
    if not _text(fields, "subscription"):
        raise ValueError("it does not say: subscription")
    secrets = [name for name in ("secret", "password", "client_secret") if name in how]
    if secrets:
        raise ValueError(f"a secret does not belong into a file: take out {', '.join(secrets)}")
    if _text(how, "method") not in tuple(SignInMethod):
        raise ValueError(f"`method` is one of {', '.join(SignInMethod)}")
    certificate, ca = _text(how, "certificate"), _text(fields, "ca")
    return AzureSpec(
        cloud=cloud,
        subscription=_text(fields, "subscription"),
        method=SignInMethod(_text(how, "method")),
        tenant=_text(how, "tenant"),
        client_id=_text(how, "client_id"),
        username=_text(how, "username"),
        certificate=Path(certificate) if certificate else None,
        resource_group=_text(fields, "resource_group"),
        vault=_text(fields, "vault"),
        ca=Path(ca) if ca else None,
        reached_by=_text(how, "reached_by"),
        account=_text(how, "account"),
    )


def azure_fields(spec: AzureSpec) -> dict[str, Any]:
    """As it stands in a file. There is no secret in it."""
    how = {
        "method": spec.method.value,
        "tenant": spec.tenant,
        "client_id": spec.client_id,
        "username": spec.username,
        "certificate": str(spec.certificate or ""),
        "reached_by": spec.reached_by,
        "account": spec.account,
    }
    fields = {
        "cloud": spec.cloud,
        "subscription": spec.subscription,
        "resource_group": spec.resource_group,
        "vault": spec.vault,
        "ca": str(spec.ca or ""),
    }
    return {"sign_in": _given(how), **_given(fields)}


def spec_for(signed_in: SignedIn, vault: ArmId, reached_by: str) -> AzureSpec:
    """The connection to a vault that a sign-in has found, with the tokens of the tenant `reached_by`."""
    wish = signed_in.wish
    return AzureSpec(
        cloud=wish.cloud.name,
        subscription=vault.subscription,
        method=wish.method,
        tenant=wish.tenant,
        client_id=wish.client_id,
        username=wish.username,
        certificate=wish.certificate,
        resource_group=vault.resource_group,
        vault=vault.vault_name,
        ca=wish.ca,
        account=wish.account,
        reached_by="" if reached_by.lower() == signed_in.account.tenant.lower() else reached_by,
    )


def _given(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _refused(file: Path, reason: str) -> InvalidInput:
    return InvalidInput(
        "ConnectionFile",
        f"The connection file {file.name} cannot be used",
        "Start `python -m app serve-simulator` and save the line that it prints in this file, or a way to sign in.",
        details=reason,
    )
