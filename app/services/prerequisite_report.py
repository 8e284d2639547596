"""The prerequisites as files for people who have no window: a spreadsheet, a page that prints, a text for a wiki.

Whatever comes from people or from Azure (notes, names) is made harmless for what reads the file.
"""

from __future__ import annotations

import asyncio
import csv
import html
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.domain.address_list import CLOUD_NAMES
from app.domain.prerequisite_checks import Finding, Outcome
from app.domain.prerequisites import AddressRule, Check, Cloud, Prerequisite, PrerequisiteRules, Table
from app.errors import AppError
from app.neutral_text import neutral_text, one_line
from app.services.checklist import Mark, Marks

TABLE_TITLES = {Table.AZURE: "In Azure", Table.HOSTS: "Hyper-V hosts", Table.MACHINES: "Machines"}
ADDRESSES = "Addresses"
SAME = "the same"
_COLUMNS = ("Needed", "Today", "In 2017", "Why", "State", "Seen", "Note", "Source")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~])")


@dataclass(frozen=True, slots=True)
class PrerequisiteReport:
    """What stands on the page at one moment. `place` is the vault's name, or says that there is none yet."""

    place: str
    at: datetime
    rules: PrerequisiteRules
    marks: Marks
    findings: Mapping[Check, Finding] = field(default_factory=dict)
    cloud: Cloud = Cloud.COMMERCIAL

    def counts(self, table: Table) -> tuple[int, int]:
        """How many lines of a table are in order, and how many there are."""
        lines = self.rules.of(table)
        return sum(self.is_in_order(line) for line in lines), len(lines)

    def is_in_order(self, line: Prerequisite) -> bool:
        if line.check is not None:
            finding = self.findings.get(line.check)
            return finding is not None and finding.outcome is Outcome.OK
        return self.mark(line).is_done

    def mark(self, line: Prerequisite) -> Mark:
        return self.marks.get(line.id, Mark())

    def state(self, line: Prerequisite) -> str:
        """One to three words."""
        if line.check is not None:
            finding = self.findings.get(line.check)
            return finding.word if finding is not None else "Not looked at"
        return "Done" if self.mark(line).is_done else "Open"

    def seen(self, line: Prerequisite) -> str:
        """By whom and when, or what was found in Azure."""
        if line.check is not None:
            finding = self.findings.get(line.check)
            return f"{finding.text} {finding.remedy}".strip() if finding is not None else ""
        mark = self.mark(line)
        if not mark.is_done:
            return ""
        return ", ".join(part for part in (mark.by, _local(mark.at) if mark.at else "") if part)

    def cells(self, line: Prerequisite) -> tuple[str, ...]:
        source = self.rules.source_of(line)
        note = self.mark(line).note
        told = f"{source.document}, {source.month}"
        return line.need, line.today, line.in_2017 or SAME, line.why, self.state(line), self.seen(line), note, told

    def address_cells(self, rule: AddressRule) -> tuple[str, ...]:
        """An address under the same columns."""
        source = self.rules.source_of(rule)
        need = f"{rule.purpose} ({rule.port}{', optional' if rule.is_optional else ''})"
        today, before = (", ".join(addresses) or "–" for addresses in (rule.today(self.cloud), rule.in_2017))
        return need, today, before, rule.why, "", "", "", f"{source.document}, {source.month}"

    @property
    def head(self) -> str:
        counts = "; ".join(
            f"{TABLE_TITLES[table]}: {done} of {count} in order"
            for table, (done, count) in ((table, self.counts(table)) for table in Table)
        )
        return f"{self.place}, {_local(self.at)}. {counts}."


def as_csv(report: PrerequisiteReport) -> str:
    """One row for each line; no cell begins a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(("Table", *_COLUMNS))
    for table in Table:
        for line in report.rules.of(table):
            writer.writerow([neutral_text(cell) for cell in (TABLE_TITLES[table], *report.cells(line))])
    for rule in report.rules.addresses:
        writer.writerow([neutral_text(cell) for cell in (ADDRESSES, *report.address_cells(rule))])
    return stream.getvalue()


def as_markdown(report: PrerequisiteReport) -> str:
    """A table for each section."""
    parts = ["# Prerequisites of Site Recovery for Hyper-V", _escaped(report.head)]
    for table in Table:
        rows = [f"## {TABLE_TITLES[table]}", "", _row(_COLUMNS), _row(["---"] * len(_COLUMNS))]
        rows += [_row([_escaped(cell) for cell in report.cells(line)]) for line in report.rules.of(table)]
        parts.append("\n".join(rows))
    rows = [f"## {ADDRESSES} ({CLOUD_NAMES[report.cloud]})", "", _row(_COLUMNS[:4]), _row(["---"] * 4)]
    rows += [_row([_escaped(cell) for cell in report.address_cells(rule)[:4]]) for rule in report.rules.addresses]
    parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def as_html(report: PrerequisiteReport) -> str:
    """A page that needs nothing from elsewhere and prints well: heads come again on each sheet, no row is cut."""
    body = [f"<h1>Prerequisites of Site Recovery for Hyper-V</h1><p>{html.escape(one_line(report.head))}</p>"]
    for table in Table:
        rows = "".join(_html_row(report, line) for line in report.rules.of(table))
        body.append(
            f"<h2>{TABLE_TITLES[table]}</h2><table border='1' cellspacing='0' cellpadding='4' width='100%'><thead><tr>"
            "<th width='4%'></th><th width='24%' align='left'>Needed</th><th width='30%' align='left'>Today</th>"
            "<th width='18%' align='left'>In 2017</th><th width='24%' align='left'>State, note</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )
    addresses = "".join(_html_address(report, rule) for rule in report.rules.addresses)
    body.append(
        f"<h2>{ADDRESSES} ({CLOUD_NAMES[report.cloud]})</h2>"
        "<table border='1' cellspacing='0' cellpadding='4' width='100%'><thead><tr>"
        "<th width='34%' align='left'>For</th>"
        "<th width='33%' align='left'>Today</th><th width='33%' align='left'>In 2017</th></tr></thead>"
        f"<tbody>{addresses}</tbody></table>"
    )
    used = sorted(set(report.rules.sources.values()), key=lambda source: source.document)
    sources = "".join(f"<li>{html.escape(f'{source.document}, {source.month}')}</li>" for source in used)
    body.append(f"<h2>Sources</h2><ul>{sources}</ul>")
    head = f"<head><meta charset='utf-8'><title>Prerequisites</title>{_STYLE}</head>"
    return f"<!DOCTYPE html><html lang='en'>{head}<body>{''.join(body)}</body></html>\n"


def _html_address(report: PrerequisiteReport, rule: AddressRule) -> str:
    need, today, before, why, *_ = (html.escape(one_line(cell)) for cell in report.address_cells(rule))
    return (
        f"<tr><td><b>{need}</b><br><span class='why'>{why}</span></td><td>{today.replace(', ', '<br>')}</td>"
        f"<td>{before.replace(', ', '<br>')}</td></tr>"
    )


_STYLE = (
    "<style>body{font-family:'Segoe UI',Arial,sans-serif;font-size:10pt}h1{font-size:16pt}h2{font-size:12pt}"
    "table{border-collapse:collapse}td,th{vertical-align:top}thead{display:table-header-group}"
    "tr{page-break-inside:avoid}@page{margin:15mm}.why{color:#444444;font-size:9pt}</style>"
)


async def save_text(path: Path, text: str) -> None:
    """Write a text to a file that somebody chose. A spreadsheet is told that it is UTF-8.

    Raises:
        AppError: it cannot be written.
    """
    encoding = "utf-8-sig" if path.suffix.lower() == ".csv" else "utf-8"
    try:
        await asyncio.to_thread(path.write_text, text, encoding=encoding, newline="")
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise AppError(
            "FileNotSaved", f"{path.name} can’t be saved: {reason}.", "Choose another folder, or another name."
        ) from error


def _html_row(report: PrerequisiteReport, line: Prerequisite) -> str:
    need, today, before, why, state, seen, note, _ = (html.escape(one_line(cell)) for cell in report.cells(line))
    box = "&#9745;" if report.is_in_order(line) else "&#9744;"
    told = "<br>".join(part for part in (f"<b>{state}</b>", seen, f"Note: {note}" if note else "") if part)
    return (
        f"<tr><td align='center'>{box}</td><td><b>{need}</b><br><span class='why'>{why}</span></td>"
        f"<td>{today}</td><td>{before}</td><td>{told}</td></tr>"
    )


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}".strip()
