"""Block blobs: put whole or in blocks, read in parts, described, removed, each under conditions.

Content is kept up to 1 MiB for each account, blocks that wait for their list included; beyond that a blob keeps its
size and MD5 alone, and reading it gives zeros of that length: a measurement moves hundreds of megabytes that nobody
reads back, and they must not fill the memory. Blocks that nobody commits are dropped after a week.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

from app.simulator.blob_records import Blob, Block
from app.simulator.blob_replies import BlobRefusal, new_etag, not_simulated, stamp, xml_response
from app.simulator.messages import Response
from app.simulator.router import Call
from app.simulator.wire import http_date
from app.simulator.world import World

KEPT_PER_ACCOUNT = 1024 * 1024
CHUNK = 256 * 1024
BLOCKS_LAST_S = 7 * 86_400.0

_COMPONENTS = ("", "block", "blocklist", "metadata", "properties")
_LONGEST_BLOCK_ID = 64
_META = "x-ms-meta-"
_SETTABLE = {
    "x-ms-blob-content-type": "content_type",
    "x-ms-blob-content-md5": "md5",
}


def handle(call: Call, account: str, container: str, name: str, component: str) -> Response:
    """Answer a call to one blob, whose container exists."""
    if component not in _COMPONENTS:
        raise not_simulated(call, component)
    key = f"{account}/{container}/{name}"
    blob = call.world.blobs.get(key)
    if call.method == "PUT" and component in ("", "block", "blocklist"):
        return _put(call, account, key, component, blob)
    if call.method == "GET" and component == "blocklist":
        return _list_blocks(call, key, blob)
    if blob is None:
        raise BlobRefusal(404, "BlobNotFound", f"No blob is named {name}.")
    _check_conditions(call, blob)
    if call.method == "DELETE" and not component:
        call.world.blobs.remove(key)
        _drop_blocks(call.world, key)
        return Response(202)
    if call.method in ("GET", "HEAD") and component in ("", "metadata"):
        return _read(call, blob, only_metadata=bool(component))
    if call.method == "PUT" and component in ("metadata", "properties"):
        return _describe(call, key, blob, component)
    raise not_simulated(call, component)


# Conditions


def _check_conditions(call: Call, blob: Blob | None) -> None:
    """
    Raises:
        Refusal: the request was to be carried out only if the blob were as it is not.
    """
    wanted, unwanted = call.headers.get("if-match"), call.headers.get("if-none-match")
    if unwanted == "*" and blob is not None and call.method == "PUT":
        raise BlobRefusal(409, "BlobAlreadyExists", "A blob of that name exists.")
    matches = blob is not None and unwanted == blob.etag
    since = _since(call, "if-modified-since")
    is_old = blob is not None and since is not None and int(blob.modified) <= since
    if (matches or is_old) and call.method in ("GET", "HEAD"):
        raise BlobRefusal(304, "ConditionNotMet", "")
    unmodified = _since(call, "if-unmodified-since")
    is_new = blob is not None and unmodified is not None and int(blob.modified) > unmodified
    if matches or is_old or is_new or (wanted and (blob is None or wanted not in ("*", blob.etag))):
        raise BlobRefusal(412, "ConditionNotMet", "The blob is not as the condition wants it.")


def _since(call: Call, header: str) -> float | None:
    text = call.headers.get(header)
    if not text:
        return None
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        raise BlobRefusal(400, "InvalidHeaderValue", f"{header} is no date.") from None


# Writing


def _put(call: Call, account: str, key: str, component: str, blob: Blob | None) -> Response:
    body = call.request.body
    if component == "block":
        return _put_block(call, account, key)
    _check_conditions(call, blob)
    if component == "blocklist":
        return _commit(call, account, key, blob)
    if call.headers.get("x-ms-blob-type") != "BlockBlob":
        raise BlobRefusal(400, "InvalidHeaderValue", "x-ms-blob-type must be BlockBlob.")
    digest = _checked_md5(call, body)
    return _store(call, account, key, len(body), digest, body, [])


def _put_block(call: Call, account: str, key: str) -> Response:
    name, body, world = call.query.get("blockid", ""), call.request.body, call.world
    try:
        length = len(b64decode(name, validate=True))
    except (Base64Error, ValueError):
        length = 0
    if not 1 <= length <= _LONGEST_BLOCK_ID:
        raise BlobRefusal(400, "InvalidQueryParameterValue", "blockid is not base64 of 1 to 64 bytes.")
    if not body:
        raise BlobRefusal(400, "InvalidHeaderValue", "A block has at least one byte.")
    waiting = _waiting(call, key)
    if any(len(b64decode(other)) != length for other in waiting):
        raise BlobRefusal(400, "InvalidBlobOrBlock", "The ids of a blob's blocks are all of one length.")
    digest = _checked_md5(call, body)
    keeps = _kept(world, account) + len(body) <= KEPT_PER_ACCOUNT
    block = Block(name=name, size=len(body), at=call.now, content=body if keeps else None)
    world.blocks.put(f"{key}\n{name}", block)
    return Response(201, {"Content-MD5": digest, "x-ms-request-server-encrypted": "true"})


def _waiting(call: Call, key: str) -> dict[str, Block]:
    """The blocks put and not committed, by id; those that are too old are dropped."""
    world = call.world
    for block_key in world.blocks.keys(f"{key}\n"):
        if world.blocks[block_key].at < call.now - BLOCKS_LAST_S:
            world.blocks.remove(block_key)
    return {block.name: block for block in world.blocks.records(f"{key}\n")}


def _drop_blocks(world: World, key: str) -> None:
    for block_key in world.blocks.keys(f"{key}\n"):
        world.blocks.remove(block_key)


def _kept(world: World, account: str) -> int:
    """How much content of the account is in memory."""
    blobs = sum(len(blob.content or b"") for blob in world.blobs.records(f"{account}/"))
    return blobs + sum(len(block.content or b"") for block in world.blocks.records(f"{account}/"))


def _commit(call: Call, account: str, key: str, blob: Blob | None) -> Response:
    try:
        # Entities are not expanded by this parser beyond XML's own five.
        entries = [(entry.tag, entry.text or "") for entry in ET.fromstring(call.request.body)]  # noqa: S314
    except ET.ParseError:
        raise BlobRefusal(400, "InvalidXmlDocument", "The block list cannot be read.") from None
    waiting, committed = _waiting(call, key), _committed(blob)
    chosen: list[Block] = []
    for tag, name in entries:
        places = {"Uncommitted": (waiting,), "Committed": (committed,), "Latest": (waiting, committed)}.get(tag, ())
        block = next((place[name] for place in places if name in place), None)
        if block is None:
            raise BlobRefusal(400, "InvalidBlockList", "The list names a block that was not put.")
        chosen.append(block)
    _drop_blocks(call.world, key)
    known = [block.content for block in chosen if block.content is not None]
    content = b"".join(known) if len(known) == len(chosen) else b""
    size = sum(block.size for block in chosen)
    # As with the service, the MD5 of a blob made of blocks is what the client says it is.
    digest = call.headers.get("x-ms-blob-content-md5") or None
    return _store(call, account, key, size, digest, content, [(block.name, block.size) for block in chosen])


def _committed(blob: Blob | None) -> dict[str, Block]:
    """The blocks that the blob consists of already."""
    found: dict[str, Block] = {}
    begin = 0
    for name, size in blob.blocks if blob else ():
        content = blob.content[begin : begin + size] if blob and blob.content is not None else None
        found[name] = Block(name=name, size=size, at=0.0, content=content)
        begin += size
    return found


def _store(
    call: Call, account: str, key: str, size: int, digest: str | None, content: bytes, blocks: list[tuple[str, int]]
) -> Response:
    world = call.world
    existing = world.blobs.get(key)
    used = _kept(world, account) - len((existing.content if existing else None) or b"")
    keeps = len(content) == size and used + size <= KEPT_PER_ACCOUNT
    blob = Blob(
        size=size,
        md5=digest,
        content_type=call.headers.get("x-ms-blob-content-type") or "application/octet-stream",
        etag=new_etag(call, key),
        created=existing.created if existing else call.now,
        modified=call.now,
        content=content if keeps else None,
        metadata=_metadata(call),
        blocks=blocks,
    )
    world.blobs.put(key, blob)
    headers = {"x-ms-request-server-encrypted": "true"} | ({"Content-MD5": digest} if digest else {})
    return Response(201, stamp(blob.etag, blob.modified) | headers)


def _metadata(call: Call) -> dict[str, str]:
    return {name.removeprefix(_META): value for name, value in call.headers.items() if name.startswith(_META)}


def _checked_md5(call: Call, body: bytes) -> str:
    digest = b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    sent = call.headers.get("content-md5")
    if sent and sent != digest:
        raise BlobRefusal(400, "Md5Mismatch", "The content does not match its MD5.")
    return digest


def _describe(call: Call, key: str, blob: Blob, component: str) -> Response:
    """Replace the metadata, or the properties that are sent; the content stays."""
    if component == "metadata":
        blob.metadata = _metadata(call)
    else:
        for header, field in _SETTABLE.items():
            setattr(blob, field, call.headers.get(header) or ("application/octet-stream" if "type" in header else None))
    blob.etag, blob.modified = new_etag(call, key), call.now
    call.world.blobs.put(key, blob)
    return Response(200, stamp(blob.etag, blob.modified))


def _list_blocks(call: Call, key: str, blob: Blob | None) -> Response:
    waiting = _waiting(call, key)
    if blob is None and not waiting:
        raise BlobRefusal(404, "BlobNotFound", "There is no such blob, and no block of it.")
    asked = call.query.get("blocklisttype", "committed").lower()
    if asked not in ("committed", "uncommitted", "all"):
        raise BlobRefusal(400, "InvalidQueryParameterValue", "blocklisttype is committed, uncommitted or all.")

    def entries(blocks: list[tuple[str, int]]) -> str:
        return "".join(f"<Block><Name>{name}</Name><Size>{size}</Size></Block>" for name, size in blocks)

    inner = ""
    if asked != "uncommitted":
        inner += f"<CommittedBlocks>{entries(blob.blocks if blob else [])}</CommittedBlocks>"
    if asked != "committed":
        inner += f"<UncommittedBlocks>{entries([(b.name, b.size) for b in waiting.values()])}</UncommittedBlocks>"
    headers = stamp(blob.etag, blob.modified) if blob else {}
    return xml_response(
        f"<BlockList>{inner}</BlockList>", headers | {"x-ms-blob-content-length": str(blob.size if blob else 0)}
    )


# Reading


def _read(call: Call, blob: Blob, *, only_metadata: bool) -> Response:
    metadata = {f"{_META}{name}": value for name, value in blob.metadata.items()}
    headers = stamp(blob.etag, blob.modified) | metadata
    if only_metadata:
        return Response(200, headers)
    headers |= {
        "Content-Type": blob.content_type,
        "x-ms-blob-type": "BlockBlob",
        "x-ms-creation-time": http_date(blob.created),
        "x-ms-lease-state": "available",
        "x-ms-lease-status": "unlocked",
        "x-ms-server-encrypted": "true",
        "Accept-Ranges": "bytes",
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


def _content(blob: Blob, first: int, last: int) -> Iterator[bytes]:
    for begin in range(first, last, CHUNK):
        end = min(begin + CHUNK, last)
        yield blob.content[begin:end] if blob.content is not None else bytes(end - begin)
