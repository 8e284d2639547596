"""The blob service of a storage account, as far as measuring an upload needs it.

Containers; block blobs put whole or in blocks; reading (ranges too), listing, properties, deletion. Content is kept up
to 1 MiB for each account; beyond that a blob keeps its size and MD5 alone, and reading it gives zeros of that length:
a measurement moves hundreds of megabytes that nobody reads back, and they must not fill the memory.
Left out: snapshots, leases, append and page blobs, conditional requests, keys (any credential is let in).
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterator
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from app.simulator import records as rec
from app.simulator.exports import EXPORT_ACCOUNT
from app.simulator.handlers.storage import account_named, blob_endpoint, is_closed_to
from app.simulator.messages import Response
from app.simulator.router import PRACTICE_DOMAIN, Call
from app.simulator.wire import guid, http_date
from app.simulator.world import World

KEPT_PER_ACCOUNT = 1024 * 1024
CHUNK = 256 * 1024
CALLERS_ADDRESS = "203.0.113.10"
"""Where every caller comes from, as a firewall sees it: an address of the documentation's."""
VERSION = "2025-11-05"

_MAX_LISTED = 5000
_XML = '<?xml version="1.0" encoding="utf-8"?>'


class BlobRefusal(Exception):
    """A refusal in the blob service's own shape."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        text = f"{_XML}<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        self.response = Response(status, {"Content-Type": "application/xml", "x-ms-error-code": code}, text.encode())


class BlockStore:
    """Blocks put and not yet committed; they do not outlive the process, as the service's do not outlive a week."""

    def __init__(self) -> None:
        self.blocks: dict[str, dict[str, tuple[int, bytes]]] = {}


def account_in(call: Call) -> tuple[str, list[str]] | None:
    """The storage account a call addresses and the rest of its path; None when the call is not for the blob service."""
    if call.host.endswith(PRACTICE_DOMAIN):
        account, _, service = call.host.removesuffix(PRACTICE_DOMAIN).partition(".")
        return (account, call.segments) if service == "blob" else None
    if call.segments[:1] == ["blob"] and len(call.segments) > 1:
        return call.segments[1], call.segments[2:]
    return None


def handle_blob(call: Call, account: str, path: list[str], store: BlockStore) -> Response:
    """Answer a call to the blob service of `account`."""
    try:
        response = _answer(call, account, path, store)
    except BlobRefusal as refusal:
        response = refusal.response
    response.headers.setdefault("x-ms-version", call.headers.get("x-ms-version") or VERSION)
    response.headers.setdefault("x-ms-request-id", call.correlation_id)
    if call.method == "HEAD":
        response.body = b""
    return response


def _answer(call: Call, account: str, path: list[str], store: BlockStore) -> Response:
    if not call.headers.get("authorization") and "sig" not in call.query:
        raise BlobRefusal(401, "NoAuthenticationInformation", "The request carries no credential.")
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
        return _blob(call, account, path[0], "/".join(path[1:]), component, store)
    raise BlobRefusal(501, "NotImplemented", f"Not simulated: {call.method} {call.path}")


# Containers


def _existing_container(world: World, account: str, name: str) -> rec.BlobContainer:
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
        container = rec.BlobContainer(account, name, _etag(call, key), call.now)
        world.blob_containers.put(key, container)
        return Response(201, _stamp(container.etag, container.modified))
    container = _existing_container(world, account, name)
    if call.method == "DELETE":
        for blob_key in world.blobs.keys(f"{key}/"):
            world.blobs.remove(blob_key)
        world.blob_containers.remove(key)
        return Response(202)
    if call.method == "GET" and component == "list":
        return _list_blobs(call, account, name)
    if call.method in ("GET", "HEAD") and not component:
        return Response(200, _stamp(container.etag, container.modified))
    raise BlobRefusal(501, "NotImplemented", f"Not simulated: {call.method} {call.path} comp={component}")


def _is_container_name(name: str) -> bool:
    plain = name.replace("-", "a")
    return 3 <= len(name) <= 63 and plain.isascii() and plain.isalnum() and name == name.lower() and "--" not in name


def _list_containers(call: Call, account: str) -> Response:
    prefix = call.query.get("prefix", "")
    found = [c for c in call.world.blob_containers.records(f"{account}/") if c.name.startswith(prefix)]
    entries = "".join(
        f"<Container><Name>{escape(c.name)}</Name><Properties>{_dates(c.etag, c.modified)}</Properties></Container>"
        for c in sorted(found, key=lambda c: c.name)
    )
    return _listing(call, account, "", f"<Containers>{entries}</Containers>")


# Blobs


def _list_blobs(call: Call, account: str, container: str) -> Response:
    prefix = f"{account}/{container}/"
    wanted = call.query.get("prefix", "")
    keys = sorted(key for key in call.world.blobs.keys(prefix + wanted))
    marker = call.query.get("marker", "")
    keys = [key for key in keys if key.removeprefix(prefix) >= marker]
    size = min(int(call.query.get("maxresults") or _MAX_LISTED), _MAX_LISTED)
    entries = "".join(
        f"<Blob><Name>{escape(key.removeprefix(prefix))}</Name><Properties>"
        f"<Creation-Time>{http_date(blob.created)}</Creation-Time>{_dates(blob.etag, blob.modified)}"
        f"<Content-Length>{blob.size}</Content-Length><Content-Type>{escape(blob.content_type)}</Content-Type>"
        f"<Content-MD5>{blob.md5 or ''}</Content-MD5><BlobType>BlockBlob</BlobType></Properties></Blob>"
        for key in keys[:size]
        if (blob := call.world.blobs.get(key)) is not None
    )
    following = keys[size].removeprefix(prefix) if len(keys) > size else ""
    attribute = f" ContainerName={quoteattr(container)}"
    return _listing(
        call, account, attribute, f"<Blobs>{entries}</Blobs>", f"<NextMarker>{escape(following)}</NextMarker>"
    )


def _listing(call: Call, account: str, attribute: str, inner: str, marker: str = "<NextMarker />") -> Response:
    endpoint = quoteattr(blob_endpoint(call, account))
    text = f"{_XML}<EnumerationResults ServiceEndpoint={endpoint}{attribute}>{inner}{marker}</EnumerationResults>"
    return Response(200, {"Content-Type": "application/xml"}, text.encode())


def _blob(call: Call, account: str, container: str, name: str, component: str, store: BlockStore) -> Response:
    key = f"{account}/{container}/{name}"
    if call.method == "PUT":
        return _put(call, account, key, component, store)
    blob = call.world.blobs.get(key)
    if blob is None:
        raise BlobRefusal(404, "BlobNotFound", f"No blob is named {name}.")
    if call.method == "DELETE" and not component:
        call.world.blobs.remove(key)
        return Response(202)
    if call.method in ("GET", "HEAD") and not component:
        return _read(call, blob)
    raise BlobRefusal(501, "NotImplemented", f"Not simulated: {call.method} {call.path} comp={component}")


def _put(call: Call, account: str, key: str, component: str, store: BlockStore) -> Response:
    body = call.request.body
    if component == "block":
        block = call.query.get("blockid", "")
        try:
            b64decode(block, validate=True)
        except (Base64Error, ValueError):
            raise BlobRefusal(400, "InvalidQueryParameterValue", "blockid is not base64.") from None
        digest = _checked_md5(call, body)
        kept = body if len(body) <= KEPT_PER_ACCOUNT else b""
        store.blocks.setdefault(key, {})[block] = (len(body), kept)
        return Response(201, {"Content-MD5": digest})
    if component == "blocklist":
        return _commit(call, account, key, store)
    if component:
        raise BlobRefusal(501, "NotImplemented", f"Not simulated: PUT {call.path} comp={component}")
    if call.headers.get("x-ms-blob-type") != "BlockBlob":
        raise BlobRefusal(400, "InvalidHeaderValue", "x-ms-blob-type must be BlockBlob.")
    digest = _checked_md5(call, body)
    return _store(call, account, key, len(body), digest, body)


def _commit(call: Call, account: str, key: str, store: BlockStore) -> Response:
    try:
        # Entities are not expanded by this parser beyond XML's own five.
        names = [entry.text or "" for entry in ET.fromstring(call.request.body)]  # noqa: S314
    except ET.ParseError:
        raise BlobRefusal(400, "InvalidXmlDocument", "The block list cannot be read.") from None
    blocks = store.blocks.pop(key, {})
    if any(name not in blocks for name in names):
        raise BlobRefusal(400, "InvalidBlockList", "The list names a block that was not put.")
    size = sum(blocks[name][0] for name in names)
    content = b"".join(blocks[name][1] for name in names)
    # As with the service, the MD5 of a blob made of blocks is what the client says it is.
    return _store(call, account, key, size, call.headers.get("x-ms-blob-content-md5"), content)


def _store(call: Call, account: str, key: str, size: int, digest: str | None, content: bytes) -> Response:
    world = call.world
    existing = world.blobs.get(key)
    used = sum(len(b.content or b"") for k in world.blobs.keys(f"{account}/") if k != key and (b := world.blobs.get(k)))
    keeps = len(content) == size and used + size <= KEPT_PER_ACCOUNT
    blob = rec.Blob(
        size=size,
        md5=digest,
        content_type=call.headers.get("x-ms-blob-content-type") or "application/octet-stream",
        etag=_etag(call, key),
        created=existing.created if existing else call.now,
        modified=call.now,
        content=content if keeps else None,
        metadata={n.removeprefix("x-ms-meta-"): v for n, v in call.headers.items() if n.startswith("x-ms-meta-")},
    )
    world.blobs.put(key, blob)
    headers = {"x-ms-request-server-encrypted": "true"} | ({"Content-MD5": digest} if digest else {})
    return Response(201, _stamp(blob.etag, blob.modified) | headers)


def _checked_md5(call: Call, body: bytes) -> str:
    digest = b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    sent = call.headers.get("content-md5")
    if sent and sent != digest:
        raise BlobRefusal(400, "Md5Mismatch", "The content does not match its MD5.")
    return digest


def _read(call: Call, blob: rec.Blob) -> Response:
    headers = _stamp(blob.etag, blob.modified) | {
        "Content-Type": blob.content_type,
        "x-ms-blob-type": "BlockBlob",
        "x-ms-creation-time": http_date(blob.created),
        "x-ms-lease-state": "available",
        "x-ms-lease-status": "unlocked",
        "x-ms-server-encrypted": "true",
        "Accept-Ranges": "bytes",
        **{f"x-ms-meta-{name}": value for name, value in blob.metadata.items()},
    }
    asked = call.headers.get("x-ms-range") or call.headers.get("range")
    if call.method == "HEAD" or not asked:
        headers |= {"Content-Length": str(blob.size)} | ({"Content-MD5": blob.md5} if blob.md5 else {})
        return Response(200, headers, b"" if call.method == "HEAD" else _content(blob, 0, blob.size))
    first, last = _range(asked, blob.size)
    headers |= {"Content-Range": f"bytes {first}-{last - 1}/{blob.size}", "Content-Length": str(last - first)}
    if blob.md5:
        headers["x-ms-blob-content-md5"] = blob.md5
    return Response(206, headers, _content(blob, first, last))


def _range(text: str, size: int) -> tuple[int, int]:
    """First and one past the last byte of `bytes=a-b`."""
    start, _, end = text.partition("=")[2].partition("-")
    if not start.isdigit() or (end and not end.isdigit()) or int(start) >= size:
        raise BlobRefusal(416, "InvalidRange", "The range lies outside the blob.")
    return int(start), min(int(end) + 1, size) if end else size


def _content(blob: rec.Blob, first: int, last: int) -> Iterator[bytes]:
    for begin in range(first, last, CHUNK):
        end = min(begin + CHUNK, last)
        yield blob.content[begin:end] if blob.content is not None else bytes(end - begin)


# Headers


def _etag(call: Call, key: str) -> str:
    return f'"0x8D{guid(key, call.now, call.world.next_number()).replace("-", "")[:13].upper()}"'


def _stamp(etag: str, modified: float) -> dict[str, str]:
    return {"ETag": etag, "Last-Modified": http_date(modified)}


def _dates(etag: str, modified: float) -> str:
    return f"<Last-Modified>{http_date(modified)}</Last-Modified><Etag>{escape(etag)}</Etag>"
