"""Who can sign in: tenants, users and applications, as a scenario tells them and a state keeps them."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files

from msgspec import Struct, convert, field


class TenantData(Struct, forbid_unknown_fields=True):
    """A directory besides the scenario's own.

    Attributes:
        asks: what it asks of people who signed in elsewhere: `mfa` for one more proof, `device` for a managed computer,
            `blocked` for nothing that they could give; empty is nothing more.
    """

    id: str
    name: str
    domain: str = ""
    asks: str = ""


class UserData(Struct, forbid_unknown_fields=True):
    """A person. Nobody is asked for a password: whoever sits at the practice page says who they are.

    Attributes:
        tenant: a tenant's id; empty is the scenario's own.
        guest_of: ids of other tenants that have invited them.
        roles: names of built-in roles over the whole subscription.
        is_you: whether this is the one whom the printed bearer token stands for.
    """

    name: str
    display: str = ""
    id: str = ""
    tenant: str = ""
    guest_of: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    is_enabled: bool = True
    is_you: bool = False


class SecretData(Struct, forbid_unknown_fields=True):
    text: str
    expires: datetime | None = None


class CertificateData(Struct, forbid_unknown_fields=True):
    """A certificate in PEM; it counts as long as it says itself."""

    pem: str


class ApplicationData(Struct, forbid_unknown_fields=True):
    """A registered application.

    Attributes:
        id: the client id.
        principal: the object id of its service principal.
        everywhere: whether each tenant knows it, as Microsoft's own clients.
        public: whether people sign in with it and it holds no secret of its own.
    """

    id: str
    name: str
    principal: str = ""
    tenant: str = ""
    everywhere: bool = False
    public: bool = False
    secrets: list[SecretData] = field(default_factory=list)
    certificates: list[CertificateData] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)


class IdentityData(Struct, forbid_unknown_fields=True):
    """
    Attributes:
        with_usual: whether the usual tenants, users and applications are there too.
    """

    with_usual: bool = False
    tenants: list[TenantData] = field(default_factory=list)
    users: list[UserData] = field(default_factory=list)
    applications: list[ApplicationData] = field(default_factory=list)


def usual_identities() -> IdentityData:
    """Those of every scenario that names none of its own; a copy that may be changed."""
    return convert(tomllib.loads(_text()), IdentityData)


@cache
def _text() -> str:
    return (files("resources") / "simulator" / "identities.toml").read_text("utf-8")
