"""What can go wrong in the practice vault, from the wire to domain values."""

from __future__ import annotations

import msgspec

from app.adapters.azure.errors import azure_errors
from app.adapters.azure.wire_values import Number, Text, moment, text, whole
from app.domain.practice import RunningTrouble, TroubleChoice, TroubleKind, TroubleParameter, Troubles


class ChoiceRecord(msgspec.Struct, gc=False):
    key: Text = None
    title: Text = None


class ParameterRecord(msgspec.Struct, rename="camel", gc=False):
    name: Text = None
    title: Text = None
    is_number: bool = False
    default: Text = None
    minimum: Number = None
    maximum: Number = None
    choices: list[ChoiceRecord] = []


class RunningRecord(msgspec.Struct, gc=False):
    about: Text = None
    since: Text = None
    until: Text = None
    left: Number = None


class KindRecord(msgspec.Struct, gc=False):
    key: Text = None
    group: Text = None
    title: Text = None
    sees: Text = None
    why: Text = None
    remedy: Text = None
    look: list[str] = []
    limits: list[str] = []
    counts: list[int] = []
    parameters: list[ParameterRecord] = []
    running: list[RunningRecord] = []


class FaultsRecord(msgspec.Struct, gc=False):
    groups: list[ChoiceRecord] = []
    kinds: list[KindRecord] = []
    coming: list[msgspec.Raw] = []


def troubles_from(body: bytes) -> Troubles:
    with azure_errors("read what can go wrong"):
        record = msgspec.json.decode(body, type=FaultsRecord, strict=False)
    return Troubles(
        groups=tuple(_choice(group) for group in record.groups),
        kinds=tuple(_kind(kind) for kind in record.kinds),
        coming=len(record.coming),
    )


def _kind(record: KindRecord) -> TroubleKind:
    return TroubleKind(
        key=text(record.key),
        group=text(record.group),
        title=text(record.title),
        sees=text(record.sees),
        why=text(record.why),
        remedy=text(record.remedy),
        look=tuple(record.look),
        can_last="for" in record.limits,
        counts=tuple(record.counts) if "count" in record.limits else (),
        parameters=tuple(_parameter(parameter) for parameter in record.parameters),
        running=tuple(_running(running) for running in record.running),
    )


def _parameter(record: ParameterRecord) -> TroubleParameter:
    return TroubleParameter(
        name=text(record.name),
        title=text(record.title),
        is_number=record.is_number,
        default=None if record.default is None else text(record.default),
        minimum=whole(record.minimum) or 0,
        maximum=whole(record.maximum) or 0,
        choices=tuple(_choice(choice) for choice in record.choices),
    )


def _running(record: RunningRecord) -> RunningTrouble:
    since = moment(record.since)
    if since is None:
        raise ValueError("a trouble that is on has no beginning")
    return RunningTrouble(text(record.about), since, moment(record.until), whole(record.left))


def _choice(record: ChoiceRecord) -> TroubleChoice:
    return TroubleChoice(text(record.key), text(record.title))
