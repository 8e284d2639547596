"""The blob service of a storage account, as far as measuring an upload needs it.

Containers and lists; what is done to one blob is in `blob_content`. Left out: snapshots, versions, leases, copies,
append and page blobs, keys (any credential is let in).
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from app.simulator import blob_content
from app.simulator.blob_records import Blob, BlobContainer
from app.simulator.blob_replies import BlobRefusal, dates, new_etag, not_simulated, stamp, xml_response
from app.simulator.exports import EXPORT_ACCOUNT
from app.simulator.handlers.storage import account_named, blob_endpoint, is_closed_to
from app.simulator.messages import Response
from app.simulator.router import PRACTICE_DOMAIN, Call
from app.simulator.wire import http_date
from app.simulator.world import World

CALLERS_ADDRESS = "203.0.113.10"
"""Where every caller comes from, as a firewall sees it: an address of the documentation's."""
VERSION = "2025-11-05"

_MAX_LISTED = 5000


def account_in(call: Call) -> tuple[str, list[str]] | None:
    """The storage account a call addresses and the rest of its path; None when the call is not for the blob service."""
    if call.host.endswith(PRACTICE_DOMAIN):
        account, _, service = call.host.removesuffix(PRACTICE_DOMAIN).partition(".")
        return (account, call.segments) if service == "blob" else None
    if call.segments[:1] == ["blob"] and len(call.segments) > 1:
        return call.segments[1], call.segments[2:]
    return None


def handle_blob(call: Call, account: str, path: list[str], *, is_known: bool) -> Response:
    """Answer a call to the blob service of `account`; `is_known` says that it carries the right bearer token."""
    try:
        response = _answer(call, account, path, is_known=is_known)
    except BlobRefusal as refusal:
        response = refusal.response
    response.headers.setdefault("x-ms-version", call.headers.get("x-ms-version") or VERSION)
    response.headers.setdefault("x-ms-request-id", call.correlation_id)
    if call.method == "HEAD":
        response.body = b""
    return response


def _answer(call: Call, account: str, path: list[str], *, is_known: bool) -> Response:
    if not call.headers.get("authorization") and "sig" not in call.query:
        raise BlobRefusal(401, "NoAuthenticationInformation", "The request carries no credential.")
    if not is_known and "sig" not in call.query:
        raise BlobRefusal(401, "InvalidAuthenticationInfo", "The credential is not the bearer token asked for here.")
    resource = account_named(call.world, account)
    if resource is None and account != EXPORT_ACCOUNT:
        raise BlobRefusal(404, "ResourceNotFound", f"No storage account is named {account}.")
    if resource is not None and is_closed_to(resource, CALLERS_ADDRESS):
        raise BlobRefusal(403, "AuthorizationFailure", "The account's firewall does not let this address in.")
    component, restype = call.query.get("comp", ""), call.query.get("restype", "")
    if not path:
        if call.method == "GET" and component == "list":
            return _list_containers(call, account)
    elif len(path) == 1 and restype == "container":
        return _container(call, account, path[0], component)
    elif len(path) > 1:
        _existing_container(call.world, account, path[0])
        return blob_content.handle(call, account, path[0], "/".join(path[1:]), component)
    raise not_simulated(call, component)


# Containers


def _existing_container(world: World, account: str, name: str) -> BlobContainer:
    container = world.blob_containers.get(f"{account}/{name}")
    if container is None:
        raise BlobRefusal(404, "ContainerNotFound", f"No container is named {name}.")
    return container


def _container(call: Call, account: str, name: str, component: str) -> Response:
    world, key = call.world, f"{account}/{name}"
    if call.method == "PUT" and not component:
        if not _is_container_name(name):
            raise BlobRefusal(400, "InvalidResourceName", f"'{name}' cannot be the name of a container.")
        if key in world.blob_containers:
            raise BlobRefusal(409, "ContainerAlreadyExists", f"A container named {name} exists.")
        container = BlobContainer(account, name, new_etag(call, key), call.now)
        world.blob_containers.put(key, container)
        return Response(201, stamp(container.etag, container.modified))
    container = _existing_container(world, account, name)
    if call.method == "DELETE":
        for table in (world.blobs, world.blocks):
            for inner in table.keys(f"{key}/"):
                table.remove(inner)
        world.blob_containers.remove(key)
        return Response(202)
    if call.method == "GET" and component == "list":
        return _list_blobs(call, account, name)
    if call.method in ("GET", "HEAD") and not component:
        return Response(200, stamp(container.etag, container.modified))
    raise not_simulated(call, component)


def _is_container_name(name: str) -> bool:
    plain = name.replace("-", "a")
    is_plain = plain.isascii() and plain.isalnum() and name == name.lower()
    return 3 <= len(name) <= 63 and is_plain and "--" not in name and name[0] != "-" and name[-1] != "-"


# Lists


def _list_containers(call: Call, account: str) -> Response:
    prefix, marker = call.query.get("prefix", ""), call.query.get("marker", "")
    names = sorted(c.name for c in call.world.blob_containers.records(f"{account}/") if c.name.startswith(prefix))
    page, following = _page(call, [name for name in names if name >= marker])
    entries = "".join(
        f"<Container><Name>{escape(c.name)}</Name><Properties>{dates(c.etag, c.modified)}</Properties></Container>"
        for name in page
        if (c := call.world.blob_containers.get(f"{account}/{name}")) is not None
    )
    return _listing(call, account, "", f"<Containers>{entries}</Containers>", following)


def _list_blobs(call: Call, account: str, container: str) -> Response:
    """By name; with a delimiter, what lies deeper is told by its common beginning alone."""
    under, wanted = f"{account}/{container}/", call.query.get("prefix", "")
    marker, delimiter = call.query.get("marker", ""), call.query.get("delimiter", "")
    names = (key.removeprefix(under) for key in call.world.blobs.keys(under + wanted))
    shown = {_cut(name, wanted, delimiter) for name in names}
    page, following = _page(call, sorted(name for name in shown if name >= marker))
    with_metadata = "metadata" in call.query.get("include", "").split(",")
    entries = []
    for name in page:
        blob = call.world.blobs.get(under + name)
        if blob is None or (delimiter and name.endswith(delimiter)):
            entries.append(f"<BlobPrefix><Name>{escape(name)}</Name></BlobPrefix>")
        else:
            entries.append(_blob_entry(name, blob, with_metadata=with_metadata))
    attribute = f" ContainerName={quoteattr(container)}"
    return _listing(call, account, attribute, f"<Blobs>{''.join(entries)}</Blobs>", following)


def _cut(name: str, prefix: str, delimiter: str) -> str:
    at = name.find(delimiter, len(prefix)) if delimiter else -1
    return name if at < 0 else name[: at + len(delimiter)]


def _blob_entry(name: str, blob: Blob, *, with_metadata: bool) -> str:
    metadata = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in blob.metadata.items())
    return (
        f"<Blob><Name>{escape(name)}</Name><Properties>"
        f"<Creation-Time>{http_date(blob.created)}</Creation-Time>{dates(blob.etag, blob.modified)}"
        f"<Content-Length>{blob.size}</Content-Length><Content-Type>{escape(blob.content_type)}</Content-Type>"
        f"<Content-MD5>{blob.md5 or ''}</Content-MD5><BlobType>BlockBlob</BlobType></Properties>"
        f"{f'<Metadata>{metadata}</Metadata>' if with_metadata else ''}</Blob>"
    )


def _page(call: Call, names: list[str]) -> tuple[list[str], str]:
    """As many names as are asked for, and the one at which the next page begins."""
    text = call.query.get("maxresults") or str(_MAX_LISTED)
    if not text.isdigit() or int(text) < 1:
        raise BlobRefusal(400, "OutOfRangeQueryParameterValue", "maxresults must be a number, 1 or more.")
    size = min(int(text), _MAX_LISTED)
    return names[:size], names[size] if len(names) > size else ""


def _listing(call: Call, account: str, attribute: str, inner: str, following: str) -> Response:
    endpoint = quoteattr(blob_endpoint(call, account))
    marker = f"<NextMarker>{escape(following)}</NextMarker>" if following else "<NextMarker />"
    return xml_response(
        f"<EnumerationResults ServiceEndpoint={endpoint}{attribute}>{inner}{marker}</EnumerationResults>"
    )
