"""A stand-in for the Provider's installer, for rehearsing its download: a text that says that it does nothing.

Served as a web server serves a file: whole or in parts, with an ETag, by RFC 9110 (Range, If-Range). One range at most;
conditional requests without a range are left out. No part of Azure.
"""

from __future__ import annotations

import re

from app.simulator.messages import Response
from app.simulator.router import Call, Route

NAME = "PracticeProviderSetup.txt"
_LINE = b"Practice installer. It installs nothing, does nothing, and is no program: it stands in for the real one.\r\n"
CONTENT = _LINE + b"\r\n" + b"It is this long so that a download can be watched.\r\n" * 640
_ETAG = '"practice-installer-1"'
_MODIFIED = "Thu, 01 Jan 2026 00:00:00 GMT"
_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})", re.ASCII)


def get_installer(call: Call) -> Response:
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Accept-Ranges": "bytes",
        "ETag": _ETAG,
        "Last-Modified": _MODIFIED,
        "Content-Disposition": f'attachment; filename="{NAME}"',
    }
    asked = _RANGE.fullmatch(call.headers.get("range").strip())
    if asked is None or asked.groups() == ("", "") or call.headers.get("if-range") not in ("", _ETAG, _MODIFIED):
        return Response(200, headers, CONTENT)
    size = len(CONTENT)
    first, last = asked.groups()
    begin = int(first) if first else max(size - int(last), 0)
    end = min(int(last) if first and last else size - 1, size - 1)
    if begin >= size or end < begin:
        return Response(416, headers | {"Content-Range": f"bytes */{size}"})
    return Response(206, headers | {"Content-Range": f"bytes {begin}-{end}/{size}"}, CONTENT[begin : end + 1])


ROUTES = (Route("GET", f"/simulator/files/{NAME}", get_installer),)
