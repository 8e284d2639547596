"""Reads what a failed request's body says, whichever of Azure's shapes it has.

A body can be ARM's `error` object, nested in `details`, JSON inside a JSON string, the older vault service's
`ErrorCode` and `Message`, storage's XML, a proxy's web page, plain words, or nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_DEEPEST = 8
"""Error bodies nest; a hostile or broken one must not nest without end."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What the service said, most precise first: the innermost code that it gave, and its own sentences."""

    code: str = ""
    outer_code: str = ""
    message: str = ""
    possible_causes: str = ""
    recommended_action: str = ""
    activity_id: str = ""
    is_web_page: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code in (self.code, self.outer_code) if code)

    @property
    def words(self) -> str:
        """The service's own words, for the folded details."""
        parts = (f"[{self.code}]" if self.code else "", self.message, self.possible_causes, self.recommended_action)
        return "\n".join(part for part in parts if part)


def read_fault(body: bytes) -> Fault:
    text = body.decode("utf-8-sig", errors="replace").strip()
    if not text:
        return Fault()
    if text.startswith("<"):
        return _from_markup(text)
    value = _unfold(text)
    if isinstance(value, Mapping):
        return _from_mapping(value, 0)
    return Fault(message=str(value))


def _unfold(text: Any) -> Any:
    """The JSON value in `text`, opened again while it is a string that holds JSON."""
    value: Any = text
    for _ in range(_DEEPEST):
        if not isinstance(value, str) or not value.strip().startswith(("{", '"')):
            return value
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _from_mapping(value: Mapping[str, Any], depth: int) -> Fault:
    fields = {key.lower(): field for key, field in value.items()}
    inner = _unfold(fields.get("error", fields.get("odata.error")))
    if isinstance(inner, Mapping) and depth < _DEEPEST:
        return _from_mapping(inner, depth + 1)
    outer = Fault(
        code=_text(fields.get("code") or fields.get("errorcode") or (inner if isinstance(inner, str) else "")),
        message=_text(fields.get("message") or fields.get("error_description")),
        possible_causes=_text(fields.get("possiblecauses")),
        recommended_action=_text(fields.get("recommendedaction")),
        activity_id=_text(fields.get("activityid")),
    )
    deeper = _deeper(fields, depth)
    if deeper is None:
        return outer
    return Fault(
        code=deeper.code or outer.code,
        outer_code=outer.code,
        message=deeper.message or outer.message,
        possible_causes=deeper.possible_causes or outer.possible_causes,
        recommended_action=deeper.recommended_action or outer.recommended_action,
        activity_id=deeper.activity_id or outer.activity_id,
    )


def _deeper(fields: Mapping[str, Any], depth: int) -> Fault | None:
    """The more precise error inside this one: its first detail, or an error that its message holds as JSON."""
    if depth >= _DEEPEST:
        return None
    details = fields.get("details")
    for candidate in details if isinstance(details, list) else [details]:
        opened = _unfold(candidate)
        if isinstance(opened, Mapping) and opened:
            return _from_mapping(opened, depth + 1)
    message = fields.get("message")
    opened = _unfold(message) if isinstance(message, str) else None
    if isinstance(opened, Mapping) and opened:
        return _from_mapping(opened, depth + 1)
    return None


def _text(value: Any) -> str:
    """A sentence of the service: a string, or an object that holds it with its language."""
    if isinstance(value, Mapping):
        fields = {key.lower(): field for key, field in value.items()}
        value = fields.get("value") or fields.get("message")
    if value is None or isinstance(value, Mapping | list):
        return ""
    text = str(value)
    return "" if text.strip().startswith("{") else text


def _from_markup(text: str) -> Fault:
    if "<html" in text[:2000].lower() or text[:9].lower() == "<!doctype":
        return Fault(is_web_page=True, message=_title_of(text))
    # Storage's errors are small and flat. A real parser would also read entities, which nobody here should send.
    code, message = _element(text, "Code"), _element(text, "Message")
    return Fault(code=code, message=message or ("" if code else text[:500]))


def _element(text: str, name: str) -> str:
    found = re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
    return found.group(1).strip() if found else ""


def _title_of(page: str) -> str:
    found = re.search(r"<title[^>]*>(.*?)</title>", page, re.DOTALL | re.IGNORECASE)
    return " ".join(found.group(1).split()) if found else ""
