"""One action on its way to Azure: which gateway takes it, and in which form."""

from __future__ import annotations

from app.flows.action import PATCH, PURGE, RESOURCE_KINDS, Action, ActionKind
from app.ports.operation import Accepted
from app.services.gateways import Gateways


async def send(action: Action, gateways: Gateways, client_request_id: str) -> Accepted:
    """Send it once, and return as soon as Azure has answered."""
    target, body = action.target, action.body
    if action.verb == PURGE:
        return await gateways.site_recovery.begin_purge(target, client_request_id=client_request_id)
    if action.verb == PATCH:
        return await gateways.site_recovery.begin_patch(target, body or {}, client_request_id=client_request_id)
    if action.is_post:
        return await gateways.site_recovery.begin_post(target, action.verb, body, client_request_id=client_request_id)
    if action.kind is ActionKind.REGISTER_PROVIDER:
        return await gateways.subscriptions.begin_register(
            target.subscription, target.name, client_request_id=client_request_id
        )
    if action.kind in RESOURCE_KINDS:
        return await gateways.resources.begin_put(target, body or {}, client_request_id=client_request_id)
    return await gateways.site_recovery.begin_put(target, body or {}, client_request_id=client_request_id)
