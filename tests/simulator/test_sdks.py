"""Microsoft's own SDKs, as they come, against the served practice vault: blocking and asynchronous, http and https."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ResourceNotFoundError
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.recoveryservices import RecoveryServicesClient
from azure.mgmt.recoveryservices.aio import RecoveryServicesClient as AsyncVaultsClient
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient
from azure.mgmt.recoveryservicessiterecovery.aio import SiteRecoveryManagementClient as AsyncSiteRecoveryClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources.aio import ResourceManagementClient as AsyncResourcesClient
from azure.storage.blob import BlobServiceClient
from azure.storage.blob.aio import BlobServiceClient as AsyncBlobServiceClient

from tests.simulator.served import Served

pytestmark = pytest.mark.slow

Clients = tuple[AsyncResourcesClient, AsyncVaultsClient, AsyncSiteRecoveryClient]
MACHINES = 1200
POLICY = {"properties": {"providerSpecificInput": {"instanceType": "HyperVReplicaAzure"}}}
MIB = 1 << 20


class Token:
    """A fixed token, for the blocking pipelines."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        return AccessToken(self._token, int(time.time()) + 3600)


class AsyncToken(Token):
    """The same for the asynchronous ones."""

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:  # type: ignore[override]
        return super().get_token(*scopes)

    async def close(self) -> None:
        """Nothing to close."""

    async def __aenter__(self) -> AsyncToken:
        return self

    async def __aexit__(self, *details: object) -> None:
        """Nothing to close."""


class WithoutTls(SansIOHTTPPolicy[Any, Any]):
    """What a client needs that speaks plain http: the SDKs send no token there by themselves."""

    def on_request(self, request: PipelineRequest[Any]) -> None:
        request.context["enforce_https"] = False


@pytest.fixture(scope="module", params=["http", "https"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    options = ("--tls", str(tmp_path_factory.mktemp("tls"))) if request.param == "https" else ()
    vault = Served("--scenario", f"fleet {MACHINES}", "--speed", "3600", *options)
    yield vault
    vault.let_go()


def options_for(served: Served) -> dict[str, Any]:
    arm, ca = str(served.info["arm"]), served.info["ca"]
    only_http: dict[str, Any] = {} if ca else {"per_call_policies": [WithoutTls()]}
    trust: dict[str, Any] = {"connection_verify": ca} if ca else {}
    return {"base_url": arm, "credential_scopes": [f"{arm}/.default"], "polling_interval": 0} | only_http | trust


def blob_options_for(served: Served) -> dict[str, Any]:
    """The blob SDK sends no token over http at all, so there it is put on by a hook."""
    ca, token = served.info["ca"], served.info["token"]
    sizes = {"max_single_put_size": MIB // 4, "max_block_size": MIB // 4, "max_single_get_size": MIB // 4}
    if ca:
        return {"connection_verify": ca, **sizes}

    def sign(request: PipelineRequest[Any]) -> None:
        request.http_request.headers["Authorization"] = f"Bearer {token}"

    return {"raw_request_hook": sign, **sizes}


# Blocking


def test_the_blocking_sdks_read_write_and_wait(served: Served) -> None:
    credential, options, info = Token(served.info["token"]), options_for(served), served.info
    group, vault = info["resource_group"], info["vault"]
    with ResourceManagementClient(credential, info["subscription"], **options) as resources:
        assert group in [each.name for each in resources.resource_groups.list()]
        made = resources.resource_groups.create_or_update("rg-blocking", {"location": "westeurope"})
        assert made.name == "rg-blocking"
        with pytest.raises(ResourceNotFoundError):
            resources.resource_groups.get("rg-nowhere")
    with RecoveryServicesClient(credential, info["subscription"], **options_for(served)) as vaults:
        assert [each.name for each in vaults.vaults.list_by_resource_group(group)] == [vault]
    with SiteRecoveryManagementClient(credential, info["subscription"], **options_for(served)) as client:
        items = list(client.replication_protected_items.list(group, vault))
        assert len({item.id for item in items}) == MACHINES
        poller = client.replication_policies.begin_create(group, vault, "blocking", POLICY)
        assert poller.result().name == "blocking"


def test_the_blocking_blob_sdk_reads_back_what_it_wrote(served: Served) -> None:
    endpoint = f"{served.info['blob']}/stfleetasrweu01/"
    credential = Token(served.info["token"]) if served.info["ca"] else None
    with BlobServiceClient(endpoint, credential=credential, **blob_options_for(served)) as service:
        container = service.create_container("blocking")
        content = bytes(range(256)) * 4096
        container.upload_blob("large", content, metadata={"made": "here"})
        assert container.download_blob("large").readall() == content
        assert [blob.name for blob in container.list_blobs()] == ["large"]
        assert container.get_blob_client("large").get_blob_properties().metadata == {"made": "here"}
        container.delete_blob("large")
        with pytest.raises(ResourceNotFoundError):
            container.download_blob("large")
        service.delete_container("blocking")


def test_a_wrong_token_is_an_authentication_error(served: Served) -> None:
    with (
        ResourceManagementClient(Token("wrong"), served.info["subscription"], **options_for(served)) as resources,
        pytest.raises(ClientAuthenticationError),
    ):
        list(resources.resource_groups.list())


# Asynchronous


@asynccontextmanager
async def clients(
    served: Served,
) -> AsyncIterator[Clients]:
    credential, subscription = AsyncToken(served.info["token"]), served.info["subscription"]
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(AsyncResourcesClient(credential, subscription, **options_for(served))),
            await stack.enter_async_context(AsyncVaultsClient(credential, subscription, **options_for(served))),
            await stack.enter_async_context(AsyncSiteRecoveryClient(credential, subscription, **options_for(served))),
        )


async def test_the_asynchronous_sdks_read_write_and_wait(served: Served) -> None:
    info = served.info
    group, vault = info["resource_group"], info["vault"]
    async with clients(served) as (resources, vaults, site_recovery):
        assert group in [each.name async for each in resources.resource_groups.list()]
        assert [each.name async for each in vaults.vaults.list_by_resource_group(group)] == [vault]
        items = [item async for item in site_recovery.replication_protected_items.list(group, vault)]
        assert len({item.id for item in items}) == MACHINES
        poller = await site_recovery.replication_policies.begin_create(group, vault, "asynchronous", POLICY)
        assert (await poller.result()).name == "asynchronous"


async def test_the_asynchronous_blob_sdk_reads_back_what_it_wrote(served: Served) -> None:
    endpoint = f"{served.info['blob']}/stfleetasrweu01/"
    credential = AsyncToken(served.info["token"]) if served.info["ca"] else None
    async with AsyncBlobServiceClient(endpoint, credential=credential, **blob_options_for(served)) as service:
        container = await service.create_container("asynchronous")
        content = bytes(range(256)) * 4096
        await container.upload_blob("large", content)
        assert await (await container.download_blob("large")).readall() == content
        await service.delete_container("asynchronous")
