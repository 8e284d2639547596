"""From method and path to the function that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import msgspec

from app.simulator import records as rec
from app.simulator.messages import AnyCase, Headers, Request, Response, in_any_case
from app.simulator.replies import arm_error, group_missing, missing, resource_missing
from app.simulator.wire import Json, guid, site_recovery_id
from app.simulator.world import World

VAULT = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.RecoveryServices/vaults/{vault}"
FABRIC = f"{VAULT}/replicationFabrics/{{fabric}}"
CONTAINER = f"{FABRIC}/replicationProtectionContainers/{{container}}"
ITEM = f"{CONTAINER}/replicationProtectedItems/{{item}}"

PRACTICE_DOMAIN = ".practice.invalid"
PRACTICE_ARM_HOST = f"management{PRACTICE_DOMAIN}"

OLDEST_SITE_RECOVERY_VERSION = "2022-08-01"
RETRY_AFTER_S = 30


class Call:
    """One request on its way through a handler: what was asked, of which world, and as of when.

    Attributes:
        principal: the object id of whoever signed in for it, with `principal_name`; empty for the vault's own token.
        tenant: the tenant that the caller's token is of; empty for the vault's own token, which opens every one.
    """

    def __init__(self, world: World, request: Request, number: int) -> None:
        self.world = world
        self.now = world.now
        self.request = request
        self.method = request.method.upper()
        self.headers = request.headers if isinstance(request.headers, Headers) else Headers(request.headers)
        parts = urlsplit(request.url)
        self.host = parts.netloc or self.headers.get("host") or PRACTICE_ARM_HOST
        self.scheme = parts.scheme or ("https" if self.host.endswith(PRACTICE_DOMAIN) else "http")
        self.raw_path = parts.path
        self.segments = [unquote(segment) for segment in parts.path.split("/") if segment]
        self.query = {name.lower(): value for name, value in parse_qsl(parts.query, keep_blank_values=True)}
        self.params: dict[str, str] = {}
        self.principal = ""
        self.principal_name = ""
        self.tenant = ""
        self.correlation_id = guid(world.settings.seed, "request", world.settings.counter, number)
        self.client_request_id = self.headers.get("x-ms-client-request-id") or self.correlation_id

    @property
    def path(self) -> str:
        return "/" + "/".join(self.segments)

    @property
    def base(self) -> str:
        """What the URLs handed out begin with: the host the client used."""
        return f"{self.scheme}://{self.host}"

    @property
    def is_in_process(self) -> bool:
        return self.host.endswith(PRACTICE_DOMAIN)

    @property
    def version(self) -> str:
        return self.query.get("api-version", "")

    def url(self, arm_id: str) -> str:
        """An absolute URL of the same api-version."""
        return f"{self.base}{quote(arm_id)}?api-version={self.version}"

    @property
    def retry_after(self) -> str:
        """Seconds: the service's own figure in process, where the door divides it by the speed; divided on a port."""
        if self.is_in_process:
            return str(RETRY_AFTER_S)
        return str(max(1, round(RETRY_AFTER_S / max(self.world.clock.speed, 1.0))))

    def json(self) -> AnyCase:
        """The body as an object, its keys in any case; an empty body is an empty object.

        Raises:
            Refusal: the body is not a JSON object.
        """
        if not self.request.body.strip():
            return AnyCase()
        try:
            body = msgspec.json.decode(self.request.body)
        except msgspec.DecodeError as error:
            raise arm_error(400, "InvalidRequestContent", f"The request content is not valid JSON: {error}") from None
        if not isinstance(body, dict):
            raise arm_error(400, "InvalidRequestContent", "The request content must be a JSON object.")
        found: AnyCase = in_any_case(body)
        return found

    def properties(self) -> Json:
        """The body's `properties` object; empty when there is none."""
        properties = self.json().get("properties")
        return properties if isinstance(properties, dict) else {}

    # The resources the path names

    def check_subscription(self) -> None:
        name = self.params["subscription"]
        if not self.world.knows_subscription(name):
            raise arm_error(404, "SubscriptionNotFound", f"No subscription '{name}' could be found.")

    def under_subscription(self) -> str:
        """What the keys of everything begin with that is in the subscription of the path."""
        self.check_subscription()
        return f"/subscriptions/{self.params['subscription']}/".lower()

    def group_id(self) -> str:
        """The id of the resource group in the path, as it was written when it was made."""
        self.check_subscription()
        name = self.params["group"]
        group = self.world.resources.get(f"/subscriptions/{self.params['subscription']}/resourcegroups/{name}".lower())
        if group is None:
            raise group_missing(name)
        return group.id

    def vault(self) -> str:
        """The vault's id as Site Recovery writes it."""
        group = self.group_id()
        name = self.params["vault"]
        key = f"{group}/providers/microsoft.recoveryservices/vaults/{name}".lower()
        vault = self.world.resources.get(key)
        if vault is None:
            raise resource_missing("Microsoft.RecoveryServices/vaults", name, self.params["group"])
        return site_recovery_id(vault.id)

    def fabric(self) -> rec.Fabric:
        name = self.params["fabric"]
        fabric = self.world.fabrics.get(f"{self.vault()}/replicationfabrics/{name}".lower())
        if fabric is None:
            raise missing(self, name)
        return fabric

    def container(self) -> rec.Fabric:
        """The site whose container the path names; a Hyper-V site has only one."""
        fabric = self.fabric()
        name = self.params["container"]
        if name.lower() != fabric.container_name.lower() or not fabric.has_container:
            raise missing(self, name)
        return fabric

    def item(self) -> rec.Item:
        name = self.params["item"]
        item = self.world.items.get(f"{self.container().container_id}/replicationprotecteditems/{name}".lower())
        if item is None:
            raise missing(self, name)
        return item


Handler = Callable[[Call], Response]


class Route(NamedTuple):
    """A method, a path with {names}, and who answers. Fixed segments are compared without regard to case."""

    method: str
    template: str
    handler: Handler


class _Node:
    __slots__ = ("fixed", "handlers", "name", "named")

    def __init__(self) -> None:
        self.fixed: dict[str, _Node] = {}
        self.named: _Node | None = None
        self.name = ""
        self.handlers: dict[str, tuple[Handler, tuple[str, ...]]] = {}


class Router:
    """All routes as a tree of path segments."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        names: list[str] = []
        for segment in route.template.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.named = node.named or _Node()
                node = node.named
            else:
                node = node.fixed.setdefault(segment.lower(), _Node())
        assert route.method not in node.handlers, f"two answers to {route.method} {route.template}"
        node.handlers[route.method] = (route.handler, tuple(names))

    def find(self, call: Call) -> Handler | None:
        """The handler for the call's method and path, with the named segments put into `call.params`."""
        found = self._walk(self._root, call.segments, 0, call.method, [])
        if found is None:
            return None
        handler, names, values = found
        call.params = dict(zip(names, values, strict=True))
        return handler

    def _walk(
        self, node: _Node, segments: list[str], depth: int, method: str, values: list[str]
    ) -> tuple[Handler, tuple[str, ...], list[str]] | None:
        if depth == len(segments):
            entry = node.handlers.get(method)
            return None if entry is None else (entry[0], entry[1], values)
        fixed = node.fixed.get(segments[depth].lower())
        if fixed is not None and (found := self._walk(fixed, segments, depth + 1, method, values)):
            return found
        if node.named is not None:
            return self._walk(node.named, segments, depth + 1, method, [*values, segments[depth]])
        return None
