"""Draws every shared widget, to be looked at: `python tests/support/specimen.py DIR [light] [dark] [contrast]`.

Run it with `QT_SCALE_FACTOR=1.5` as well: thin lines and icons have to stay sharp there.
"""

import math
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.notices import Notice, NoticeAction, NoticeHub
from ui.shell.activity_panel import Activity
from ui.shell.connection_tabs import ConnectionTab
from ui.shell.main_window import MainWindow
from ui.shell.room import RoomSign
from ui.theme.icons import GLYPHS
from ui.theme.theme import Appearance, Theme
from ui.theme.tokens import Connection, IconSize, Role, Status, TextStyle
from ui.widgets.banner import BannerStack
from ui.widgets.buttons import Button, IconButton, Kind
from ui.widgets.callout import Callout, Refusal, Way
from ui.widgets.card import Card, SectionHead
from ui.widgets.charts import Donut, HealthBar, Legend, Segment
from ui.widgets.chip import Chip
from ui.widgets.choice import CheckBox, ChoiceCard, RadioButton
from ui.widgets.curves import BarChart, Curve, Sparkline, Target
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.empty_state import EmptyState
from ui.widgets.facts_box import FactsBox, Pairs
from ui.widgets.fixed_value import FixedValue
from ui.widgets.focus_ring import FocusRing, focus_by_keyboard
from ui.widgets.footer import Footer
from ui.widgets.form_field import FormField, TextField
from ui.widgets.labels import IconLabel, RunningIcon, StatusLine, Text
from ui.widgets.line_edit import SearchBox
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.numbered_steps import NumberedStep, NumberedSteps
from ui.widgets.page import Page
from ui.widgets.picker import Option, Picker
from ui.widgets.progress_line import ProgressLine
from ui.widgets.reasoned_button import ReasonedButton
from ui.widgets.side_summary import SideSummary
from ui.widgets.step_rail import RailStep, StepRail, StepState
from ui.widgets.surface import horizontal_line
from ui.widgets.tile import Tile

SEGMENTS = (
    Segment(Status.OK, 18, "ready"),
    Segment(Status.WARNING, 3, "with a loss or a gap"),
    Segment(Status.CRITICAL, 2, "can’t right now"),
    Segment(Status.NEUTRAL, 1, "already runs in Azure"),
)
WAITS = Refusal(
    "Planned failover has to wait",
    "WEB-03 runs on HV-HQ-02, and that host is being refreshed (job started 09:41). It usually takes 90 seconds. "
    "WEB-01 and WEB-02 are free to go.",
    (Way("Watch the job", lambda: None), Way("Go on with 2 of 3…", lambda: None)),
)


def contrast_palette() -> QPalette:
    """A black scheme such as those that Windows has."""
    palette = QPalette(QColor("#000000"))
    for role, color in (
        (QPalette.ColorRole.Window, "#000000"),
        (QPalette.ColorRole.WindowText, "#FFFFFF"),
        (QPalette.ColorRole.Highlight, "#8EE3F0"),
        (QPalette.ColorRole.HighlightedText, "#000000"),
        (QPalette.ColorRole.Link, "#FFFF00"),
    ):
        palette.setColor(role, QColor(color))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText, QColor("#A6A6A6"))
    return palette


def row(*widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    if stretch:
        layout.addStretch(1)
    return layout


def buttons_card(theme: Theme) -> Card:
    card = Card("Buttons and chips", "six kinds")
    refused = ReasonedButton(theme, "Planned failover…", icon="planned_failover")
    refused.setObjectName("refused")
    refused.refuse(WAITS)
    off = Button(theme, "Disabled")
    off.setEnabled(False)
    choice = Button(theme, "All machines", kind=Kind.CHOICE, small=True)
    choice.setChecked(True)
    card.body.addLayout(
        row(
            Button(theme, "Next", kind=Kind.PRIMARY),
            Button(theme, "Start test failover", icon="test_failover", kind=Kind.PRIMARY),
            Button(theme, "Refresh", icon="refresh"),
            Button(theme, "Export", icon="export", caret=True),
            off,
        )
    )
    card.body.addLayout(
        row(
            Button(theme, "Clean up…", small=True),
            refused,
            choice,
            Button(theme, "By host", kind=Kind.CHOICE, small=True),
            IconButton(theme, "settings", "Settings"),
            IconButton(theme, "close", "Close", small=True),
            RunningIcon(theme),
        )
    )
    card.body.addWidget(Button(theme, "See all 24, with reasons", kind=Kind.LINK), 0, Qt.AlignmentFlag.AlignLeft)
    words = ("Healthy", "High churn", "OS disk too large", "Update advised", "Not applicable", "Clean-up waiting")
    chips = [Chip(theme, status, word) for status, word in zip(Status, words, strict=True)]
    card.body.addLayout(row(*chips[:4]))
    card.body.addLayout(row(*chips[4:]))
    tabs = []
    for connection in Connection:
        tab = ConnectionTab(theme)
        sign = RoomSign(connection.value.title(), "asr-contoso-weu", connection, is_read_only=True)
        tab.show_sign(sign, is_open=connection in (Connection.TEAL, Connection.PRACTICE))
        tabs.append(tab)
    card.body.addLayout(row(*tabs[:3]))
    card.body.addLayout(row(*tabs[3:]))
    return card


def form_card(theme: Theme) -> Card:
    card = Card("Form")
    name = TextField(theme, "Name", check=lambda text: None if text.isalnum() else "Use 3 to 24 letters and digits.")
    name.set_text("contosohqasr03")
    name.set_issue("Free. 3 to 24 lower-case letters and digits.", Status.OK)
    tags = TextField(theme, "Tags", check=lambda _: "“owner” has no value. Write name=value.", optional=True)
    tags.set_text("Cost Center=4711; owner")
    tags.reveal()
    group = Picker(theme)
    group.set_options(
        [
            Option("a", "vnet-dr-weu", "10.60.0.0/16", icon="network"),
            Option("b", "vnet-drill-neu", "10.61.0.0/16", icon="network", reason="In North Europe"),
        ]
    )
    group.set_current("a")
    empty = Picker(theme, placeholder="Choose a subnet")
    fixed = FormField(theme, "Region", FixedValue(theme, "West Europe"), hint="Fixed: storage and vault share one.")
    left, right = QVBoxLayout(), QVBoxLayout()
    for layout, fields in ((left, (name, tags)), (right, (FormField(theme, "Network", group), fixed))):
        layout.setSpacing(12)
        for field in fields:
            layout.addWidget(field)
        layout.addStretch(1)
    columns = QHBoxLayout()
    columns.setSpacing(16)
    columns.addLayout(left, 1)
    columns.addLayout(right, 1)
    card.body.addLayout(columns)
    card.body.addLayout(row(SearchBox(theme, "Name, host or state"), empty))
    checked = CheckBox(theme, "SQL-PROD-01 changes 21 MB/s at night. Its RPO may pass 15 min between 01:00 and 03:00.")
    checked.setChecked(True)
    card.body.addWidget(checked)
    card.body.addWidget(CheckBox(theme, "The tempdb disk stays behind"))
    grs = RadioButton(theme, "Geo-redundant (GRS)", "A second copy in North Europe. Advised.")
    grs.setChecked(True)
    card.body.addLayout(row(grs, RadioButton(theme, "Locally redundant (LRS)", "About half the price.")))
    cards = QHBoxLayout()
    chosen = ChoiceCard(theme, "machine", "Hyper-V", "Machines on Hyper-V hosts, with or without a cluster.")
    chosen.setChecked(True)
    cards.addWidget(chosen)
    cards.addWidget(ChoiceCard(theme, "hosts", "VMware", "Served by another product; this says which."))
    card.body.addLayout(cards)
    return card


def picture_card(theme: Theme) -> Card:
    card = Card("Could we fail over now?")
    card.body.addWidget(Text("Yes, for 18 of 24 machines", TextStyle.ANSWER))
    bar, legend, donut, column = HealthBar(theme), Legend(theme), Donut(theme), Legend(theme, column=True)
    bar.set_segments(SEGMENTS)
    legend.set_segments(SEGMENTS)
    donut.set_segments(SEGMENTS, "items")
    column.set_segments(SEGMENTS)
    card.body.addWidget(bar)
    card.body.addWidget(legend)
    card.body.addLayout(row(donut, column))
    line = ProgressLine(theme)
    line.set_title_style(TextStyle.STRONG)
    line.set_progress("Waiting for HV-HQ-04 to register", 0.37, "11 min of up to 30 min", "You can close the program.")
    card.body.addWidget(line)
    spark = Sparkline(theme)
    values = [5 + math.sin(i) + (20 if 14 < i < 18 else 0) for i in range(30)]
    spark.set_values(values, "Data you could lose, last 24 hours")
    card.body.addLayout(row(spark, Text("4 min")))
    return card


def tiles(theme: Theme) -> QHBoxLayout:
    values = [4 + math.sin(i / 2) + (26 * math.exp(-((i - 60) ** 2) / 18)) for i in range(96)]
    curve = Curve(theme)
    curve.set_values(
        values,
        labels=("yesterday 09:40", "21:40", "now"),
        words="Between 3 and 30 minutes",
        target=Target(15, "target 15 min"),
    )
    rpo = Tile(theme, "rpo", "Data you could lose (RPO)", link="Show who is above target")
    rpo.set_answer("4 min", "typical now · 3 of 24 above 15 min")
    rpo.set_period("last 24 h")
    rpo.body.addWidget(curve)
    chart = BarChart(theme)
    columns = [
        {Status.INFO: 2 + i % 3, Status.WARNING: int(i in (4, 5, 13)), Status.CRITICAL: int(i == 17)} for i in range(24)
    ]
    chart.set_columns(columns, labels=("yesterday 09:40", "21:40", "now"), words="3 critical, 3 warnings")
    events = Tile(theme, "events", "Events", link="Show events")
    events.set_answer("3", "critical · 3 warnings · 36 for information")
    events.body.addWidget(chart)
    hosts = Tile(theme, "hosts", "Hosts", link="Show hosts")
    hosts.set_answer("3", "of 4 connected")
    hosts.set_lines([(Status.WARNING, "HV-HQ-03 silent for 14 min"), (Status.INFO, "HV-BR-01 has an older Provider")])
    layout = QHBoxLayout()
    layout.setSpacing(12)
    for tile in (rpo, events, hosts):
        layout.addWidget(tile, 1)
    return layout


def rail(theme: Theme) -> StepRail:
    widget = StepRail(theme, "Set up replication")
    widget.set_name("Contoso head office")
    widget.set_progress(3, 6)
    done, later = StepState.DONE, StepState.LATER
    widget.set_steps(
        [
            RailStep("connect", "Connect", done, lines=("asr-contoso-weu, West Europe",)),
            RailStep("goal", "Protection goal", done, 1, lines=("Hyper-V, no VMM, to Azure",)),
            RailStep("source", "Source", later, 2, lines=("Contoso-HQ · 3 of 4 hosts ready",)),
            RailStep(
                "target",
                "Target",
                StepState.NEEDS_WORK,
                3,
                lines=("Storage is in North Europe,", "but the vault in West Europe"),
            ),
            RailStep("settings", "Replication settings", done, 4, lines=("HQ-5min · every 5 min, keep 12 h",)),
            RailStep("capacity", "Capacity planning", later, 5),
            RailStep("enable", "Enable replication", later, 6, is_open_to=False),
            RailStep("review", "Review and run", later, is_open_to=False),
        ]
    )
    widget.set_current("source")
    widget.set_saved("Draft saved at 09:41")
    return widget


def notices() -> NoticeHub:
    hub = NoticeHub()
    action = NoticeAction("Check the connection…", lambda: None)
    hub.post(
        Notice(
            "silent",
            Status.WARNING,
            "HV-HQ-03 has been silent for 14 minutes",
            "Azure hears nothing of its 7 machines, and a planned failover of them would be refused. On the host, "
            "start the service “Microsoft Azure Site Recovery Provider”, then check that port 443 is open.",
            (action, NoticeAction("Copy the check script", lambda: None)),
        )
    )
    hub.post(Notice("update", Status.INFO, "HV-BR-01 has an older Provider"))
    return hub


def first_sheet(theme: Theme) -> QWidget:
    window = QWidget()
    window.resize(1500, 1040)
    hub = notices()
    hub.setParent(window)
    page = Page("Specimen of the shared parts", "Everything that a page is built of, in one look.")
    page.header.add_button(Button(theme, "Refresh", icon="refresh"))
    page.header.set_freshness("Updated 09:42:10")
    page.header.add_beside_title(Chip(theme, Status.CRITICAL, "Failed"))
    page.set_banners(BannerStack(theme, hub))
    columns = QHBoxLayout()
    columns.setSpacing(12)
    left = QVBoxLayout()
    left.setSpacing(12)
    left.addWidget(buttons_card(theme))
    left.addWidget(picture_card(theme))
    left.addStretch(1)
    columns.addLayout(left, 1)
    columns.addWidget(form_card(theme), 1)
    page.body.addLayout(columns, 1)
    footer = Footer(theme)
    footer.add_left(Button(theme, "Save and close"))
    footer.add_right(Button(theme, "Back"))
    following = Button(theme, "Next", kind=Kind.PRIMARY)
    following.setObjectName("next")
    footer.add_right(following)
    footer.set_worst(Status.WARNING, "1 warning. Nothing stops you from going on.")
    right = QVBoxLayout()
    right.setSpacing(0)
    right.addWidget(page, 1)
    right.addWidget(footer)
    outer = QHBoxLayout(window)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    outer.addWidget(rail(theme))
    outer.addLayout(right, 1)
    return window


def second_sheet(theme: Theme) -> QWidget:
    window = QWidget()
    window.resize(1360, 760)
    page = Page("Tiles and states", top=16)
    page.body.addLayout(tiles(theme))
    empty = EmptyState(
        theme,
        "not_protected",
        "Nothing is protected yet",
        "The vault has a site and four hosts with 31 machines. Choose which of them to protect.",
    )
    empty.add_button(Button(theme, "Enable replication…", icon="replicated_items", kind=Kind.PRIMARY))
    empty.add_button(Button(theme, "Learn it in the practice vault", kind=Kind.LINK))
    card = Card("Empty", "0 items", flush=True)
    card.body.addWidget(empty)
    failed = Card("Error", flush=False)
    failed.set_edge(theme, Status.CRITICAL)
    failed.body.addWidget(StatusLine(theme, Status.CRITICAL, "Not enough cores for the test machine", tinted=True))
    failed.body.addWidget(
        Pairs([("Machine", "APP-CRM on HV-HQ-01"), ("Left behind", ""), ("Next", "The drill does not count.")])
    )
    failed.body.addWidget(horizontal_line())
    failed.body.addLayout(row(*(IconLabel(theme, name, Role.TEXT, IconSize.NAV) for name in list(GLYPHS)[:18])))
    failed.body.addLayout(row(*(IconLabel(theme, name, Role.TEXT2, IconSize.SMALL) for name in list(GLYPHS)[18:40])))
    failed.body.addStretch(1)
    below = QHBoxLayout()
    below.setSpacing(12)
    below.addWidget(card, 1)
    below.addWidget(failed, 1)
    page.body.addLayout(below, 1)
    sheet = DockedSheet(theme, "New storage account", "in rg-contoso-dr · created when you run the review")
    sheet.body.addWidget(TextField(theme, "Name", hint="3 to 24 lower-case letters and digits"))
    summary = SideSummary()
    for title in ("In short", "Agree to before running"):
        summary.add_section(title).addWidget(Text("Storage account and region stay fixed per machine.", wrap=True))
    outer = QHBoxLayout(window)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    outer.addWidget(page, 1)
    outer.addWidget(sheet)
    return window


def modal(theme: Theme, window: QWidget) -> ModalSheet:
    sheet = ModalSheet(
        theme,
        "Test failover: WEB-01",
        "Starts a copy in Azure. WEB-01 itself keeps running and replicating.",
        submit="Start test failover",
        submit_icon="test_failover",
    )
    sheet.set_connection("Practice vault", Connection.PRACTICE)
    sheet.body.addWidget(SectionHead("Before", "4 checks passed, 1 warning · checked just now"))
    for status, words in ((Status.OK, "First copy is finished"), (Status.WARNING, "Subnet “snet-web” is missing")):
        sheet.body.addWidget(StatusLine(theme, status, words))
    sheet.body.addWidget(horizontal_line())
    sheet.body.addWidget(SectionHead("Your choices"))
    sheet.body.addWidget(TextField(theme, "Reason or ticket", optional=True))
    sheet.body.addWidget(horizontal_line())
    sheet.body.addWidget(SectionHead("What will happen"))
    steps = [NumberedStep("Check the prerequisites", "about 10 s"), NumberedStep("Start WEB-01-test", "about 4 min")]
    sheet.body.addWidget(NumberedSteps(steps))
    sheet.body.addWidget(
        FactsBox(
            [
                ("Usual time", "12 min, 9 to 17"),
                ("Replication", "goes on undisturbed"),
                ("Cost", "about 0.11 € an hour"),
            ]
        )
    )
    sheet.footer.set_worst(Status.WARNING, "1 warning: the subnet is not the usual one.")
    sheet.open_over(window)
    return sheet


def shell(theme: Theme) -> MainWindow:
    window = MainWindow(theme)
    places = (
        ("overview", "Overview", "overview", None, None),
        ("items", "Replicated items", "replicated_items", 24, None),
        ("not_protected", "Not protected", "not_protected", 6, None),
        ("jobs", "Jobs", "jobs", 1, Status.CRITICAL),
        ("hosts", "Sites and hosts", "hosts", 1, Status.WARNING),
    )
    for view_id, title, icon, count, care in places:
        page = Page(title, "asr-contoso-demo · West Europe · 24 replicated items on 4 hosts", top=16, scrolls=True)
        page.header.add_button(Button(theme, "Refresh", icon="refresh"))
        if view_id == "overview":
            page.body.addWidget(picture_card(theme))
            page.body.addLayout(tiles(theme))
        page.body.addStretch(1)
        window.room.add_view(view_id, title, icon, page)
        window.room.set_count(view_id, count, care)
    window.room.add_view("set_up", "Set up", "set_up", Page("Set up"), "bottom")
    window.room.set_count("set_up", "4 of 6")
    window.room.add_view("practice", "Practice controls", "practice", Page("Practice controls"), "bottom")
    window.room.set_sign("Practice vault", "contoso", Connection.PRACTICE)
    window.room.set_status("Practice vault: nothing here is real and nothing costs money", "next refresh in 18 s")
    window.room.set_clock("Practice clock 26 Aug, 09:42 at 60 times speed")
    window.room.set_activities(
        [
            Activity("a", "First copy of FS02", 0.43, "43 % · 2 h left"),
            Activity("b", "Test failover of WEB-01", None, "2 min of 12 min"),
        ]
    )
    window.room.show_view("overview")
    return window


def draw_shell(folder: Path, theme: Theme, suffix: str) -> None:
    window = shell(theme)
    window.show()
    window.grab().save(str(folder / f"shell-{suffix}.png"))
    window.header.running_button.click()
    window.resize(1024, 680)
    window.header.running_button.click()
    window.grab().save(str(folder / f"narrow-{suffix}.png"))
    window.allow_close()
    window.close()


def draw(folder: Path, theme: Theme, suffix: str) -> None:
    first = first_sheet(theme)
    FocusRing(theme, first)
    first.show()
    first.activateWindow()
    QTest.qWaitForWindowActive(first)
    button = first.findChild(Button, "next")
    assert button is not None
    focus_by_keyboard(button)
    refused = first.findChild(ReasonedButton, "refused")
    assert refused is not None
    callout = Callout(theme, refused, WAITS)
    callout.open()
    first.grab().save(str(folder / f"parts-{suffix}.png"))
    callout.dismiss()
    second = second_sheet(theme)
    second.show()
    second.grab().save(str(folder / f"tiles-{suffix}.png"))
    sheet = modal(theme, second)
    second.grab().save(str(folder / f"modal-{suffix}.png"))
    sheet.close_sheet()
    for window in (first, second):
        window.close()


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/specimen")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:] or ["light", "dark", "contrast"]
    app = QApplication([])
    theme = Theme(app, Appearance(wanted[0]), motion=False, contrast_palette=contrast_palette())
    scale = round(app.devicePixelRatio() * 100)
    for name in wanted:
        theme.set_appearance(Appearance(name))
        draw(folder, theme, f"{name}-{scale}")
        draw_shell(folder, theme, f"{name}-{scale}")


if __name__ == "__main__":
    main()
