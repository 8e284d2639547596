"""An action as text, for the journal: JSON with every field, so that it can be carried out from the journal alone."""

from __future__ import annotations

import json
from typing import Any

from app.domain.arm_id import ArmId
from app.flows.action import Action, ActionGroup, ActionKind


def write_action(action: Action) -> str:
    fields = {
        "kind": action.kind.value,
        "target": action.target.text,
        "verb": action.verb,
        "body": action.body,
        "label": action.label,
        "subject": action.subject,
        "before": action.before,
        "after": action.after,
        "group": action.group.value,
        "usual_s": action.usual_s,
        "needs": action.needs,
        "occasion": action.occasion,
        "expects": action.expects,
    }
    return json.dumps(fields, ensure_ascii=False)


def read_action(text: str) -> Action:
    fields: dict[str, Any] = json.loads(text)
    return Action(
        kind=ActionKind(fields["kind"]),
        target=ArmId(fields["target"]),
        verb=fields["verb"],
        body=fields["body"],
        label=fields["label"],
        subject=fields["subject"],
        before=fields["before"],
        after=fields["after"],
        group=ActionGroup(fields["group"]),
        usual_s=fields["usual_s"],
        needs=tuple(fields["needs"]),
        occasion=fields["occasion"],
        expects=fields.get("expects"),
    )
