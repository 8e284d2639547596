"""A preview of a failover in words: the cells of its table, and the whole of it as text or for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

from app.domain.issue import Suitability
from app.flows.landing_machines import CardsKnown
from app.flows.landing_values import Counted, LandedCard, Landing, Preview
from app.flows.step import counted
from app.neutral_text import neutral_text, one_line

AZURE_CHOOSES = "Azure chooses"
NEXT_FREE = "Next free"
NOTHING = "–"
_HEADS = ("Machine", "Name in Azure", "Size", "Network cards", "Subnet", "Address", "Result", "Remarks")
_RESULTS = {Suitability.OK: "Lands", Suitability.WARNING: "Lands otherwise", Suitability.BLOCKED: "Fails"}


def size_cell(landing: Landing) -> str:
    return landing.size or AZURE_CHOOSES


def size_words(landing: Landing) -> str:
    """The same with what is known of the choice that Azure will make."""
    if landing.size or not landing.likely_size:
        return size_cell(landing)
    return f"{AZURE_CHOOSES}: {landing.likely_size} is the smallest that takes it now"


def cards_cell(landing: Landing) -> str:
    """`2`, `2 of 3`, `1 assumed`."""
    created, machine = len(landing.cards), landing.machine
    if machine.cards_known is CardsKnown.ASSUMED:
        return f"{created} assumed"
    return str(created) if created == len(machine.cards) else f"{created} of {len(machine.cards)}"


def subnet_cell(landing: Landing) -> str:
    return ", ".join(dict.fromkeys(card.subnet for card in landing.cards if card.subnet)) or NOTHING


def address_cell(landing: Landing) -> str:
    """`10.60.3.20`, `Next free`, `Next free (.4 to .9)`: of those that it may be, what differs in a subnet."""
    return _addresses(landing, lambda address: f".{address.rpartition('.')[2]}")


def address_text(landing: Landing) -> str:
    """The same with whole addresses."""
    return _addresses(landing, lambda address: address)


def _addresses(landing: Landing, shown: Callable[[str], str]) -> str:
    words = (_address_words(card, shown) for card in landing.cards if card.subnet)
    return ", ".join(dict.fromkeys(words)) or NOTHING


def _address_words(card: LandedCard, shown: Callable[[str], str]) -> str:
    if card.address or not card.likely:
        return card.address or NEXT_FREE
    first, last = card.likely
    likely = shown(first) if first == last else f"{shown(first)} to {shown(last)}"
    return f"{NEXT_FREE} ({likely})"


def remark_cell(landing: Landing) -> str:
    """The worst remark in one to three words, and how many more there are."""
    if not landing.remarks:
        return ""
    word = landing.remarks[0].verdict.word
    return word if len(landing.remarks) == 1 else f"{word} +{len(landing.remarks) - 1}"


def remarks_text(landing: Landing) -> str:
    """All of them, as sentences."""
    return " ".join(
        sentence
        for remark in landing.remarks
        for sentence in (remark.verdict.reason, remark.verdict.remedy)
        if sentence
    )


def summary(preview: Preview) -> str:
    """The whole in a line or two."""
    count, network = len(preview.landings), preview.place.network
    if not count:
        return "There is no machine to look at yet."
    what = "test failover" if preview.place.is_test else "failover"
    if network is None:
        return f"{counted(count, 'machine')}, and no network to put {'it' if count == 1 else 'them'} in."
    subnets = counted(len(preview.loads), "subnet")
    text = f"{counted(count, 'machine')} with {counted(preview.cards, 'network card')} in {subnets} of {network.name}."
    if preview.failing:
        text += f" The {what} of {preview.failing:,} would fail."
    if preview.differing:
        look = "needs" if preview.differing == 1 else "need"
        text += f" {preview.differing:,} would land otherwise than set, or {look} a look."
    if preview.without_address:
        finds = "finds" if preview.without_address == 1 else "find"
        text += f" {counted(preview.without_address, 'network card')} {finds} no address."
    elif not preview.failing and not preview.differing:
        text += " Nothing stands against it."
    return text


def left_out(preview: Preview) -> str:
    """Who is not in it; empty where nobody is left out."""
    if not preview.in_azure:
        return ""
    is_one = preview.in_azure == 1
    verbs = ("runs", "is") if is_one else ("run", "are")
    return f"{counted(preview.in_azure, 'machine')} of the vault {verbs[0]} in Azure already and {verbs[1]} left out."


def told_text(told: Counted) -> str:
    return f"{told.text} {told.remedy}".strip()


def as_text(preview: Preview) -> str:
    """Summary and warnings, then rows with tabs between cells."""
    lines = [title(preview), summary(preview), left_out(preview), *map(told_text, preview.told), ""]
    lines = [one_line(line) for line in lines[:-1] if line] + [""]
    return "\n".join(lines) + "\n" + "".join("\t".join(row) + "\n" for row in _rows(preview))


def as_csv(preview: Preview) -> str:
    """One row for each machine; no cell begins a formula."""
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(_rows(preview))
    return stream.getvalue()


def title(preview: Preview) -> str:
    name = preview.place.network.name if preview.place.network is not None else "no network"
    return f"{'Test failover' if preview.place.is_test else 'Failover'} to {name}"


def _rows(preview: Preview) -> Iterable[list[str]]:
    yield list(_HEADS)
    for landing in preview.landings:
        cells = (
            landing.machine.name,
            landing.name,
            size_cell(landing),
            cards_cell(landing),
            subnet_cell(landing),
            address_text(landing),
            _RESULTS[landing.status],
            remarks_text(landing),
        )
        yield [neutral_text(cell) for cell in cells]
