"""How rights are told: chips, the answer, and a sentence for each thing that stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.domain.rights import Finding, Gap, Instead, Lock, LockLevel, PurposeKind, Standing, Stopped, Withheld
from app.flows.rights_request import listed, scope_words
from ui.theme.tokens import Status

_BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class ChipWords:
    status: Status
    word: str
    icon: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The page's answer; `status` colours nothing but the icon of the line below it."""

    title: str
    text: str
    status: Status


def chip_words(finding: Finding) -> ChipWords:
    """How one purpose stands, in one to three words."""
    standing = finding.standing
    if standing is Standing.READY:
        return ChipWords(Status.OK, _tr("Ready"))
    if finding.purpose.optional:
        return ChipWords(Status.NEUTRAL, _tr("Optional"))
    if standing is Standing.UNKNOWN:
        return ChipWords(Status.NEUTRAL, _tr("Not known"), "unknown")
    if standing is Standing.LOCKED:
        return ChipWords(Status.WARNING, _tr("Locked"), "fixed")
    count = finding.missing_count
    return ChipWords(Status.CRITICAL, _tr("1 right missing") if count == 1 else _tr("{} rights missing").format(count))


def answer_words(findings: Sequence[Finding]) -> Answer:
    """The answer for all that one does not get along without."""
    of = {standing: [each for each in findings if each.standing is standing] for standing in Standing}
    missing, locked, unknown = of[Standing.MISSING], of[Standing.LOCKED], of[Standing.UNKNOWN]
    if missing:
        title = _tr("Not yet: rights are missing for {}").format(_counted(missing, findings))
        return Answer(title, _tr("Missing for {}.").format(_titles(missing)), Status.CRITICAL)
    if locked:
        title = _tr("Not yet: a lock stops {}").format(_counted(locked, findings))
        return Answer(title, _tr("Locked: {}.").format(_titles(locked)), Status.WARNING)
    if unknown:
        title = _tr("Not known for {}").format(_counted(unknown, findings))
        return Answer(title, _tr("Not known: {}.").format(_titles(unknown)), Status.NEUTRAL)
    title = _tr("Yes, for all {}").format(_counted(findings))
    return Answer(title, _tr("Nothing is missing, and no lock stops anything."), Status.OK)


def _counted(some: Sequence[Finding], of: Sequence[Finding] | None = None) -> str:
    """`7 operations`, or `3 of 6 steps and 1 of 7 operations`; a kind of which there is none is left out."""
    words = {
        PurposeKind.STEP: (_tr("step"), _tr("steps")),
        PurposeKind.OPERATION: (_tr("operation"), _tr("operations")),
    }
    parts = []
    for kind, (one, many) in words.items():
        count = sum(finding.purpose.kind is kind for finding in some)
        total = sum(finding.purpose.kind is kind for finding in of or some)
        if count:
            figures = str(count) if of is None else _tr("{0} of {1}").format(count, total)
            parts.append(f"{figures} {one if total == 1 else many}")
    return listed(parts)


def remedy_line(finding: Finding) -> str:
    """The shortest way out, for the line below a purpose; empty where nothing stands in the way."""
    parts: dict[str, None] = {}
    for gap in finding.gaps:
        if gap.instead is not Instead.NOTHING:
            parts[instead_line(gap)] = None
        elif gap.roles:
            parts[role_line(gap)] = None
        if gap.withheld or gap.doubtful:
            names = {each.denial.name for each in (*gap.withheld, *gap.doubtful)}
            parts[_tr("Deny assignment {}").format(listed([f"“{name}”" for name in sorted(names)]))] = None
        for stopped in gap.stopped:
            parts[_tr("Lock “{0}” on {1}").format(stopped.lock.name, scope_words(stopped.lock.scope))] = None
        if gap.unread:
            parts[gap.unread.rstrip(".")] = None
    return "\u00a0· ".join(parts)


def role_line(gap: Gap) -> str:
    roles = listed([role.name for role in gap.roles]) or _tr("none of the built-in ones")
    return _tr("{0} on {1}").format(roles, scope_words(gap.scope))


def instead_line(gap: Gap) -> str:
    if gap.instead is Instead.REGISTER_PROVIDER:
        return _tr("An owner registers the provider once")
    return _tr("An owner creates the resource group once")


def denial_line(withheld: Withheld, *, is_sure: bool) -> str:
    name = withheld.denial.name
    if is_sure:
        text = _tr("The deny assignment “{}” withholds this. No role helps: whoever made it has to exclude you.")
    else:
        text = _tr("The deny assignment “{}” may concern you: the sign-in does not tell which groups you are in.")
    return text.format(name)


def lock_line(lock: Lock) -> str:
    """What a lock is and where."""
    levels = {
        LockLevel.CAN_NOT_DELETE: _tr("nothing can be deleted"),
        LockLevel.READ_ONLY: _tr("nothing can be changed"),
    }
    notes = f" {_tr('Its note: {}').format(lock.notes)}" if lock.notes else ""
    text = _tr("The lock “{0}” on {1}: {2} there.").format(lock.name, scope_words(lock.scope), levels[lock.level])
    return text + notes


def stopped_line(stopped: Stopped) -> str:
    lock = stopped.lock
    if stopped.by_service:
        text = _tr("The lock “{0}” on {1} would stop what Azure does there. Have it taken away for that time.")
    else:
        text = _tr("The lock “{0}” on {1} stops this. Have it taken away for that time.")
    return text.format(lock.name, scope_words(lock.scope))


def breakable(text: str) -> str:
    """An action or an id that may be broken after each slash, so that it fits a narrow page."""
    return text.replace("/", f"/{_BREAK}")


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def purposes_line(titles: Sequence[str]) -> str:
    """Titles as they read within a sentence: all of them begin with an ordinary word."""
    return listed([title[:1].lower() + title[1:] for title in titles])


def _titles(findings: Sequence[Finding]) -> str:
    return purposes_line([finding.purpose.title for finding in findings])


def _tr(text: str) -> str:
    return QCoreApplication.translate("Rights", text)
