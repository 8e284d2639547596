"""What the practice vault remembers of blobs; saved as the other records are."""

from __future__ import annotations

from msgspec import Struct, field


class Blob(Struct):
    """A stored blob; its content is kept only while the account's share of memory lasts."""

    size: int
    md5: str | None
    content_type: str
    etag: str
    created: float
    modified: float
    content: bytes | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[str, int]] = field(default_factory=list)


class Block(Struct):
    """A block that was put and waits for the list that makes a blob of it."""

    name: str
    size: int
    at: float
    content: bytes | None = None


class BlobContainer(Struct):
    account: str
    name: str
    etag: str
    modified: float
