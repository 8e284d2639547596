"""Answers and refusals in the shapes of the blob service."""

from __future__ import annotations

from xml.sax.saxutils import escape

from app.simulator.messages import Response
from app.simulator.router import Call
from app.simulator.wire import guid, http_date

_XML = '<?xml version="1.0" encoding="utf-8"?>'


class BlobRefusal(Exception):
    """A refusal in the blob service's own shape; one of 304 has no body."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        text = f"{_XML}<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        body = b"" if status == 304 else text.encode()
        self.response = Response(status, {"Content-Type": "application/xml", "x-ms-error-code": code}, body)


def not_simulated(call: Call, component: str) -> BlobRefusal:
    return BlobRefusal(501, "NotImplemented", f"Not simulated: {call.method} {call.path} comp={component}")


def xml_response(text: str, headers: dict[str, str] | None = None) -> Response:
    return Response(200, {"Content-Type": "application/xml", **(headers or {})}, f"{_XML}{text}".encode())


def new_etag(call: Call, key: str) -> str:
    return f'"0x8D{guid(key, call.now, call.world.next_number()).replace("-", "")[:13].upper()}"'


def stamp(etag: str, modified: float) -> dict[str, str]:
    return {"ETag": etag, "Last-Modified": http_date(modified)}


def dates(etag: str, modified: float) -> str:
    return f"<Last-Modified>{http_date(modified)}</Last-Modified><Etag>{escape(etag)}</Etag>"
