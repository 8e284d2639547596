"""Holding tags to Azure's limits. Follows "Use tags to organize your Azure resources"; the codes are best guesses."""

from __future__ import annotations

from app.simulator.replies import arm_error
from app.simulator.wire import Json

_MOST = 50
_LONGEST_NAME, _LONGEST_VALUE = 512, 256
_NOT_IN_NAMES = frozenset("<>%&\\?/")
_KEPT_PREFIXES = ("microsoft", "azure", "windows")


def checked_tags(body: Json) -> dict[str, str] | None:
    """The tags that a request's body gives; None when it says nothing of them.

    Raises:
        Refusal: there are too many, or one of them cannot be.
    """
    given = body.get("tags")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise arm_error(400, "InvalidRequestContent", "tags must be an object of names and texts.")
    if len(given) > _MOST:
        raise arm_error(400, "InvalidTagCount", f"A resource has {_MOST} tags at most; {len(given)} were sent.")
    seen: set[str] = set()
    for name, value in given.items():
        if not isinstance(value, str):
            raise arm_error(400, "InvalidTagValue", f"The value of the tag '{name}' must be a text.")
        if not name or len(name) > _LONGEST_NAME:
            raise arm_error(400, "InvalidTagNameLength", f"A tag's name has 1 to {_LONGEST_NAME} characters.")
        if _NOT_IN_NAMES & set(name) or not name.isprintable():
            raise arm_error(400, "InvalidTagNameCharacters", f"The tag name '{name}' has reserved characters.")
        if name.lower().startswith(_KEPT_PREFIXES):
            raise arm_error(400, "ReservedTagName", f"The tag name '{name}' begins with a word that Azure keeps.")
        if len(value) > _LONGEST_VALUE:
            raise arm_error(400, "InvalidTagValueLength", f"The value of '{name}' exceeds {_LONGEST_VALUE} characters.")
        if name.lower() in seen:
            raise arm_error(400, "InvalidRequestContent", f"The tag name '{name}' was sent twice.")
        seen.add(name.lower())
    return dict(given)
