"""What the caller may do, what is withheld from them, and what is locked, over the resource SDK's own pipeline."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

import msgspec

from app.adapters.azure.clients import Clients
from app.adapters.azure.errors import azure_errors
from app.adapters.azure.kind import Kind
from app.adapters.azure.reader import Reader, path_of
from app.adapters.azure.wire_values import Text, text
from app.domain.arm_id import ArmId, subscription_id
from app.domain.rights import Caller, Denial, Lock, LockLevel, Permission

AUTHORIZATION_API = "2022-04-01"
LOCKS_API = "2020-05-01"
PROVIDERS_API = "2025-04-01"

_AUTHORIZATION = "providers/Microsoft.Authorization"
_AT_SCOPE = {"$filter": "atScope()"}


class PermissionRecord(msgspec.Struct, rename="camel", gc=False):
    actions: list[str] | None = None
    not_actions: list[str] | None = None
    data_actions: list[str] | None = None
    not_data_actions: list[str] | None = None


def _permission(record: PermissionRecord) -> Permission:
    return Permission(
        tuple(record.actions or ()),
        tuple(record.not_actions or ()),
        tuple(record.data_actions or ()),
        tuple(record.not_data_actions or ()),
    )


class PrincipalRecord(msgspec.Struct, gc=False):
    id: Text = None


class DenialProperties(msgspec.Struct, rename="camel", gc=False):
    deny_assignment_name: Text = None
    permissions: list[PermissionRecord] | None = None
    scope: Text = None
    do_not_apply_to_child_scopes: bool | None = None
    principals: list[PrincipalRecord] | None = None
    exclude_principals: list[PrincipalRecord] | None = None


class DenialRecord(msgspec.Struct, gc=False):
    properties: DenialProperties
    name: Text = None


def _denials(record: DenialRecord) -> tuple[Denial, ...]:
    """One for each of its permissions, since the exceptions of one do not lessen another."""
    its = record.properties
    return tuple(
        Denial(
            name=text(its.deny_assignment_name) or text(record.name),
            scope=text(its.scope),
            what=_permission(permission),
            principals=_ids(its.principals),
            excluded=_ids(its.exclude_principals),
            stays=bool(its.do_not_apply_to_child_scopes),
        )
        for permission in its.permissions or ()
    )


def _ids(records: list[PrincipalRecord] | None) -> frozenset[str]:
    return frozenset(text(record.id).lower() for record in records or ())


class LockProperties(msgspec.Struct, gc=False):
    level: Text = None
    notes: Text = None


class LockRecord(msgspec.Struct, gc=False):
    id: str
    properties: LockProperties
    name: Text = None


def _lock(record: LockRecord) -> Lock | None:
    """None for the level that means no lock at all."""
    wanted = text(record.properties.level).lower()
    level = next((level for level in LockLevel if level.value.lower() == wanted), None)
    at = record.id.lower().rfind("/providers/microsoft.authorization/locks/")
    if level is None or at < 0:
        return None
    return Lock(text(record.name), ArmId(record.id[:at]), level, text(record.properties.notes))


class ProviderRecord(msgspec.Struct, rename="camel", gc=False):
    registration_state: Text = None


PERMISSION = Kind("permission", PermissionRecord, _permission)
DENIAL = Kind("deny assignment", DenialRecord, _denials)
LOCK = Kind("lock", LockRecord, _lock)
REGISTRATION = Kind("resource provider", ProviderRecord, lambda record: text(record.registration_state))


class ClaimsRecord(msgspec.Struct, gc=False):
    """As much of an access token as tells who has it."""

    oid: Text = None
    upn: Text = None
    unique_name: Text = None
    preferred_username: Text = None
    groups: list[str] | None = None


class AzureRightsGateway:
    """Implements app.ports.arm.RightsGateway."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def list_permissions(self, scope: ArmId) -> tuple[Permission, ...]:
        url = path_of(scope.child(_AUTHORIZATION, "permissions"), AUTHORIZATION_API)
        return await self._reader(scope).list(url, PERMISSION, f"read what you may do in {scope.name}")

    async def list_denials(self, scope: ArmId) -> tuple[Denial, ...]:
        found = await self._list_denials(scope, _AT_SCOPE)
        return tuple(denial for denial in found if not denial.stays or ArmId(denial.scope) == scope)

    async def list_denials_within(self, scope: ArmId) -> tuple[Denial, ...]:
        return await self._list_denials(scope, {})

    async def _list_denials(self, scope: ArmId, query: Mapping[str, str]) -> tuple[Denial, ...]:
        url = path_of(scope.child(_AUTHORIZATION, "denyAssignments"), AUTHORIZATION_API, **query)
        found = await self._reader(scope).list(url, DENIAL, f"read the deny assignments of {scope.name}")
        return tuple(denial for denials in found for denial in denials)

    async def list_locks(self, scope: ArmId) -> tuple[Lock, ...]:
        return await self._list_locks(scope, _AT_SCOPE)

    async def list_locks_within(self, scope: ArmId) -> tuple[Lock, ...]:
        return await self._list_locks(scope, {})

    async def _list_locks(self, scope: ArmId, query: Mapping[str, str]) -> tuple[Lock, ...]:
        url = path_of(scope.child(_AUTHORIZATION, "locks"), LOCKS_API, **query)
        found = await self._reader(scope).list(url, LOCK, f"read the locks of {scope.name}")
        return tuple(lock for lock in found if lock is not None)

    async def is_registered(self, subscription: str, provider: str) -> bool:
        url = path_of(subscription_id(subscription).child("providers", provider), PROVIDERS_API)
        state = await self._reader(subscription_id(subscription)).get(url, REGISTRATION, f"look for {provider}")
        return state.lower() in ("registered", "registering")

    async def get_caller(self) -> Caller:
        endpoint = self._clients.endpoint
        with azure_errors("sign in"):
            token = await endpoint.credential.get_token(*endpoint.scopes)
        return caller_of(token.token)

    def _reader(self, scope: ArmId) -> Reader:
        return Reader(self._clients.resources(scope.subscription))


def caller_of(token: str) -> Caller:
    """Whom an access token was given to. Only read, never trusted: Azure itself judges by it."""
    claims = _claims(token)
    object_id = text(claims.oid).lower()
    name = text(claims.upn) or text(claims.preferred_username) or text(claims.unique_name)
    ids = frozenset(filter(None, (object_id, *(group.lower() for group in claims.groups or ()))))
    return Caller(object_id, name, ids, knows_groups=claims.groups is not None)


def _claims(token: str) -> ClaimsRecord:
    parts = token.split(".")
    if len(parts) != 3:
        return ClaimsRecord()
    try:
        body = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        return msgspec.json.decode(body, type=ClaimsRecord, strict=False)
    except (ValueError, binascii.Error):
        return ClaimsRecord()
