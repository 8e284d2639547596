"""Certificates for the registration key: sent as raw bodies, since the SDK's model knows only one of the two forms."""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec
from azure.core.rest import HttpRequest

from app.adapters.azure.clients import Clients
from app.adapters.azure.errors import app_error, azure_errors, unreadable
from app.adapters.azure.reader import path_of
from app.adapters.azure.resources_gateway import VAULTS_API
from app.adapters.azure.wire_values import Text, moment, text
from app.domain.arm_id import ArmId
from app.domain.registration_key import KeyWay, RegistrationKeyRules
from app.ports.registration import CertificateRequest, OpenedCertificate, VaultCertificate, VaultIdentity
from app.ports.secrets import Secret

_ROLE = "Site Recovery Contributor"


class CertificateProperties(msgspec.Struct, rename="camel", gc=False):
    """`resource_id` takes no float: the number is larger than one can hold."""

    certificate: Text = None
    resource_id: int | str | None = None
    aad_authority: Text = None
    aad_tenant_id: Text = None
    service_principal_client_id: Text = None
    azure_management_endpoint_audience: Text = None
    aad_audience: Text = None
    thumbprint: Text = None
    valid_to: Text = None

    def __repr__(self) -> str:
        return "CertificateProperties(***)"


class CertificateAnswer(msgspec.Struct, gc=False):
    properties: CertificateProperties


_ANSWER = msgspec.json.Decoder(CertificateAnswer)


class AzureRegistrationCertificates:
    """Implements app.ports.registration.RegistrationCertificates."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def prepare(self, way: KeyWay, rules: RegistrationKeyRules, now: datetime) -> CertificateRequest:
        if way is KeyWay.SERVICE:
            return CertificateRequest({"certificateCreateOptions": {"validityInHours": rules.validity_h}})
        der, archive = await asyncio.to_thread(_draw, rules, now)
        return CertificateRequest({"properties": {"authType": "AAD", "certificate": der}}, archive)

    async def put(
        self, vault: ArmId, name: str, request: CertificateRequest, *, client_request_id: str
    ) -> VaultCertificate:
        doing = "make the registration key’s certificate"
        url = path_of(vault.child("certificates", name), VAULTS_API)
        headers = {"x-ms-client-request-id": client_request_id}
        with azure_errors(doing, role=_ROLE):
            sent = HttpRequest("PUT", url, json=dict(request.body), headers=headers)
            response = await self._clients.vaults(vault.subscription).send_request(sent, stream=True)
            body = await response.read()
            if response.status_code >= 300:
                raise app_error(response.status_code, response.headers, body, doing, _ROLE)
        try:
            found = _ANSWER.decode(body).properties
        except msgspec.MsgspecError as error:
            raise unreadable(doing, error) from None
        return _certificate(found, request)

    async def open(self, archive: Secret) -> OpenedCertificate:
        return await asyncio.to_thread(_open, archive)


def _certificate(found: CertificateProperties, request: CertificateRequest) -> VaultCertificate:
    return VaultCertificate(
        archive=request.archive or Secret(text(found.certificate)),
        identity=VaultIdentity(
            resource_id="" if found.resource_id is None else str(found.resource_id),
            authority=text(found.aad_authority),
            tenant=text(found.aad_tenant_id),
            client_id=text(found.service_principal_client_id),
            audience=text(found.aad_audience),
            management_endpoint=text(found.azure_management_endpoint_audience),
        ),
        thumbprint=text(found.thumbprint).upper(),
        valid_until=moment(found.valid_to),
    )


def _draw(rules: RegistrationKeyRules, now: datetime) -> tuple[str, Secret]:
    from app.adapters.azure import key_certificates  # loads OpenSSL

    return key_certificates.draw(rules, now)


def _open(archive: Secret) -> OpenedCertificate:
    from app.adapters.azure import key_certificates

    return key_certificates.open_archive(archive)
