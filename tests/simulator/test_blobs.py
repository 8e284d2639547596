"""The blob service: what an upload measurement needs, and its refusals."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from app.simulator.blob_content import KEPT_PER_ACCOUNT
from tests.simulator.client import Client, Reply

BLOB = "https://stcontosoasrweu.blob.practice.invalid"


@pytest.fixture
def client() -> Client:
    made = Client()
    assert made.send("PUT", f"{BLOB}/probe?restype=container").status == 201
    return made


def put(client: Client, name: str, content: bytes) -> Reply:
    return client.send("PUT", f"{BLOB}/probe/{name}", content, x_ms_blob_type="BlockBlob")


def names(reply: Reply) -> list[str | None]:
    return [entry.text for entry in ET.fromstring(reply.body).iter("Name")]


def test_what_was_put_can_be_read_whole_and_in_part(client: Client) -> None:
    made = put(client, "a.txt", b"hello world")
    assert made.status == 201
    whole = client.send("GET", f"{BLOB}/probe/a.txt")
    assert (whole.status, whole.body) == (200, b"hello world")
    part = client.send("GET", f"{BLOB}/probe/a.txt", x_ms_range="bytes=6-8")
    assert (part.status, part.body, part.headers["Content-Range"]) == (206, b"wor", "bytes 6-8/11")
    head = client.send("HEAD", f"{BLOB}/probe/a.txt")
    assert (head.status, head.headers["Content-Length"], head.body) == (200, "11", b"")
    assert head.headers["ETag"] == made.headers["ETag"]
    assert client.send("GET", f"{BLOB}/probe/a.txt", x_ms_range="bytes=11-").status == 416


def test_blocks_become_a_blob_in_the_order_of_the_list(client: Client) -> None:
    blocks = {b64encode(name).decode(): content for name, content in ((b"1", b"one "), (b"2", b"two "))}
    for block, content in blocks.items():
        url = f"{BLOB}/probe/b?comp=block&blockid={block.replace('=', '%3D')}"
        assert client.send("PUT", url, content).status == 201
    listed = "".join(f"<Latest>{block}</Latest>" for block in reversed(blocks))
    body = f"<?xml version='1.0' encoding='utf-8'?><BlockList>{listed}</BlockList>".encode()
    assert client.send("PUT", f"{BLOB}/probe/b?comp=blocklist", body).status == 201
    assert client.send("GET", f"{BLOB}/probe/b").body == b"two one "


def test_a_block_that_was_not_put_is_refused(client: Client) -> None:
    body = b"<BlockList><Latest>MQ==</Latest></BlockList>"
    reply = client.send("PUT", f"{BLOB}/probe/b?comp=blocklist", body)
    assert (reply.status, reply.headers["x-ms-error-code"]) == (400, "InvalidBlockList")


def test_large_content_is_measured_and_not_kept(client: Client) -> None:
    content = b"x" * (KEPT_PER_ACCOUNT + 1)
    made = put(client, "large", content)
    read = client.send("GET", f"{BLOB}/probe/large")
    assert made.headers["Content-MD5"] == b64encode(hashlib.md5(content).digest()).decode()
    assert read.headers["Content-MD5"] == made.headers["Content-MD5"]
    assert read.body == bytes(len(content))


def test_blobs_are_listed_by_prefix_and_in_pages(client: Client) -> None:
    for name in ("b1", "a2", "a1"):
        put(client, name, b"x")
    listing = f"{BLOB}/probe?restype=container&comp=list"
    assert names(client.send("GET", listing)) == ["a1", "a2", "b1"]
    assert names(client.send("GET", f"{listing}&prefix=a")) == ["a1", "a2"]
    first = client.send("GET", f"{listing}&maxresults=2")
    marker = ET.fromstring(first.body).findtext("NextMarker")
    assert names(client.send("GET", f"{listing}&marker={marker}")) == ["b1"]
    assert names(client.send("GET", f"{BLOB}/?comp=list")) == ["probe"]


def test_a_removed_container_takes_its_blobs_with_it(client: Client) -> None:
    put(client, "a", b"x")
    assert client.send("DELETE", f"{BLOB}/probe/a").status == 202
    assert client.send("GET", f"{BLOB}/probe/a").headers["x-ms-error-code"] == "BlobNotFound"
    put(client, "a", b"x")
    assert client.send("DELETE", f"{BLOB}/probe?restype=container").status == 202
    assert put(client, "a", b"x").headers["x-ms-error-code"] == "ContainerNotFound"
    client.send("PUT", f"{BLOB}/probe?restype=container")
    assert names(client.send("GET", f"{BLOB}/probe?restype=container&comp=list")) == []


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PUT", "/probe?restype=container", 409, "ContainerAlreadyExists"),
        ("PUT", "/Bad_Name?restype=container", 400, "InvalidResourceName"),
        ("GET", "/none?restype=container", 404, "ContainerNotFound"),
        ("GET", "/probe/none", 404, "BlobNotFound"),
        ("PUT", "/probe/x", 400, "InvalidHeaderValue"),
        ("PUT", "/probe/x?comp=appendblock", 501, "NotImplemented"),
    ],
)
def test_refusals(client: Client, method: str, path: str, status: int, code: str) -> None:
    reply = client.send(method, f"{BLOB}{path}", b"" if method == "PUT" else None)
    assert (reply.status, reply.headers["x-ms-error-code"]) == (status, code)


def test_content_that_was_changed_on_the_way_is_refused(client: Client) -> None:
    wrong = b64encode(hashlib.md5(b"other").digest()).decode()
    reply = client.send("PUT", f"{BLOB}/probe/x", b"this", x_ms_blob_type="BlockBlob", Content_MD5=wrong)
    assert reply.headers["x-ms-error-code"] == "Md5Mismatch"


def test_a_credential_and_an_account_are_needed(client: Client) -> None:
    client.headers = {}
    assert client.send("GET", f"{BLOB}/?comp=list").headers["x-ms-error-code"] == "NoAuthenticationInformation"
    assert client.send("GET", f"{BLOB}/?comp=list&sig=abc").status == 200
    assert client.send("GET", "https://nobody.blob.practice.invalid/?comp=list&sig=abc").status == 404


def test_blocks_outlive_the_process_and_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    first = Client(state_file=path)
    first.send("PUT", f"{BLOB}/probe?restype=container")
    for name, content in (("MQ==", b"one "), ("Mg==", b"two ")):
        first.send("PUT", f"{BLOB}/probe/b?comp=block&blockid={name.replace('=', '%3D')}", content)
    again = Client(state_file=path)
    listing = f"{BLOB}/probe/b?comp=blocklist&blocklisttype=all"
    waiting = ET.fromstring(again.send("GET", listing).body)
    assert [entry.text for entry in waiting.iterfind("UncommittedBlocks/Block/Name")] == ["MQ==", "Mg=="]
    assert commit(again, "<Latest>MQ==</Latest><Latest>Mg==</Latest>").status == 201
    assert again.send("GET", f"{BLOB}/probe/b").body == b"one two "

    again.send("PUT", f"{BLOB}/probe/b?comp=block&blockid=Mw%3D%3D", b"three")
    assert commit(again, "<Committed>MQ==</Committed><Uncommitted>Mw==</Uncommitted>").status == 201
    assert again.send("GET", f"{BLOB}/probe/b").body == b"one three"
    listed = ET.fromstring(again.send("GET", listing).body)
    assert [entry.text for entry in listed.iterfind("CommittedBlocks/Block/Size")] == ["4", "5"]
    assert list(listed.iterfind("UncommittedBlocks/Block")) == []


def commit(client: Client, entries: str) -> Reply:
    return client.send("PUT", f"{BLOB}/probe/b?comp=blocklist", f"<BlockList>{entries}</BlockList>".encode())


def test_blocks_that_nobody_commits_are_dropped_after_a_week(client: Client) -> None:
    client.send("PUT", f"{BLOB}/probe/b?comp=block&blockid=MQ%3D%3D", b"x")
    client.clock.advance(8 * 24 * 3600)
    assert commit(client, "<Latest>MQ==</Latest>").headers["x-ms-error-code"] == "InvalidBlockList"
    assert client.send("GET", f"{BLOB}/probe/b?comp=blocklist").headers["x-ms-error-code"] == "BlobNotFound"


@pytest.mark.parametrize(
    ("block", "content", "code"),
    [
        ("not base64", b"x", "InvalidQueryParameterValue"),
        ("", b"x", "InvalidQueryParameterValue"),
        ("bG9uZ2Vy", b"x", "InvalidBlobOrBlock"),
        ("Mg%3D%3D", b"", "InvalidHeaderValue"),
    ],
)
def test_a_block_that_cannot_be_is_refused(client: Client, block: str, content: bytes, code: str) -> None:
    client.send("PUT", f"{BLOB}/probe/b?comp=block&blockid=MQ%3D%3D", b"x")
    reply = client.send("PUT", f"{BLOB}/probe/b?comp=block&blockid={block}", content)
    assert (reply.status, reply.headers["x-ms-error-code"]) == (400, code)


def test_metadata_and_properties_are_replaced(client: Client) -> None:
    made = client.send("PUT", f"{BLOB}/probe/a", b"hello", x_ms_blob_type="BlockBlob", x_ms_meta_colour="red")
    path = f"{BLOB}/probe/a"
    changed = client.send("PUT", f"{path}?comp=metadata", b"", x_ms_meta_size="small")
    assert changed.status == 200
    assert changed.headers["ETag"] != made.headers["ETag"]
    head = client.send("HEAD", f"{path}?comp=metadata")
    assert head.headers["x-ms-meta-size"] == "small"
    assert "x-ms-meta-colour" not in head.headers
    client.send("PUT", f"{path}?comp=properties", b"", x_ms_blob_content_type="text/plain")
    read = client.send("GET", path)
    assert (read.headers["Content-Type"], read.body) == ("text/plain", b"hello")
    listed = client.send("GET", f"{BLOB}/probe?restype=container&comp=list&include=metadata").body
    assert b"<Metadata><size>small</size></Metadata>" in listed


def test_a_condition_that_does_not_hold_is_told(client: Client) -> None:
    etag = put(client, "a", b"x").headers["ETag"]
    path = f"{BLOB}/probe/a"
    refused = client.send("PUT", path, b"y", x_ms_blob_type="BlockBlob", If_None_Match="*")
    assert (refused.status, refused.headers["x-ms-error-code"]) == (409, "BlobAlreadyExists")
    unchanged = client.send("GET", path, If_None_Match=etag)
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert client.send("DELETE", path, If_Match='"other"').status == 412
    assert client.send("GET", path, If_Modified_Since="Mon, 02 Mar 2026 08:00:00 GMT").status == 304
    assert client.send("GET", path, If_Unmodified_Since="Mon, 02 Mar 2026 07:00:00 GMT").status == 412
    assert client.send("GET", path, If_Modified_Since="yesterday").status == 400
    assert client.send("DELETE", path, If_Match=etag).status == 202
    assert client.send("PUT", path, b"y", x_ms_blob_type="BlockBlob", If_None_Match="*").status == 201


def test_what_lies_deeper_is_told_by_its_beginning(client: Client) -> None:
    for name in ("a/1", "a/2", "b", "c/d/3"):
        put(client, name, b"x")
    listing = f"{BLOB}/probe?restype=container&comp=list&delimiter=/"
    assert names(client.send("GET", listing)) == ["a/", "b", "c/"]
    assert names(client.send("GET", f"{listing}&prefix=c/")) == ["c/d/"]
    prefixes = ET.fromstring(client.send("GET", listing).body).iterfind("Blobs/BlobPrefix/Name")
    assert [entry.text for entry in prefixes] == ["a/", "c/"]
    refused = client.send("GET", f"{listing}&maxresults=0")
    assert refused.headers["x-ms-error-code"] == "OutOfRangeQueryParameterValue"


def test_containers_are_listed_in_pages(client: Client) -> None:
    for name in ("alpha", "beta"):
        client.send("PUT", f"{BLOB}/{name}?restype=container")
    first = client.send("GET", f"{BLOB}/?comp=list&maxresults=2")
    assert names(first) == ["alpha", "beta"]
    marker = ET.fromstring(first.body).findtext("NextMarker")
    assert names(client.send("GET", f"{BLOB}/?comp=list&marker={marker}")) == ["probe"]
