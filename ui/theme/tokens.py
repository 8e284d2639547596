"""The design tokens: every colour and measure of the program, as plain data.

Nothing here knows Qt, so that tests can compute contrast and colour-blind distances from it. Colours go by role,
not by hue; the palette, the one stylesheet and everything painted by hand read them from here. The measures lie in
`measures` and can be had from here as well.

Named tuples, here and wherever the first frame needs plain data: a frozen dataclass takes five times as long to define.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from ui.theme.measures import ChartSize as ChartSize
from ui.theme.measures import Height as Height
from ui.theme.measures import IconSize as IconSize
from ui.theme.measures import Motion as Motion
from ui.theme.measures import Radius as Radius
from ui.theme.measures import Space as Space
from ui.theme.measures import Stroke as Stroke
from ui.theme.measures import Width as Width


class Status(StrEnum):
    """What a thing wants from the reader. `WAITING` (waits for you) shares its violet with the practice vault."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    INFO = "info"
    NEUTRAL = "neutral"
    WAITING = "waiting"

    @property
    def wants_action(self) -> bool:
        """Healthy is quiet: only what wants action, or tells something new, gets a filled chip."""
        return self not in (Status.OK, Status.NEUTRAL)


class Role(StrEnum):
    """The colours in which text and icons are drawn. Every `Status` is a role of the same value."""

    TEXT = "text"
    TEXT2 = "text2"
    TEXT3 = "text3"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    INFO = "info"
    NEUTRAL = "neutral"
    WAITING = "waiting"
    HIGHLIGHTED = "highlighted"


class Connection(StrEnum):
    """The colour by which one connection is told from another. `PRACTICE` is also hatched and never chosen."""

    TEAL = "teal"
    INDIGO = "indigo"
    MAGENTA = "magenta"
    OLIVE = "olive"
    SLATE = "slate"
    PRACTICE = "practice"


class TextStyle(StrEnum):
    """The ten sizes and weights in which text is set."""

    AXIS = "axis"
    CAPTION = "caption"
    LABEL = "label"
    TABLE_HEAD = "table_head"
    BODY = "body"
    STRONG = "strong"
    SECTION = "section"
    PANEL_TITLE = "panel_title"
    PAGE_TITLE = "page_title"
    ANSWER = "answer"
    NUMBER = "number"


class StatusColors(NamedTuple):
    """One status: text and icon, tinted ground with its border, and the fill of bars and rings."""

    text: str
    ground: str
    border: str
    fill: str


class ConnectionColors(NamedTuple):
    """One connection: the stripe on top of the window, and its active tab."""

    stripe: str
    text: str
    ground: str
    border: str


class Colors(NamedTuple):
    """All colours of one theme, `#RRGGBB`. `scrim` is laid over the window at `scrim_percent`."""

    dark: bool
    high_contrast: bool
    chrome: str
    content: str
    card: str
    raised: str
    well: str
    border: str
    divider: str
    control: str
    control_border: str
    control_strong: str
    hover: str
    press: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_hover: str
    accent_press: str
    on_accent: str
    accent_text: str
    selection: str
    selection_text: str
    current_row: str
    focus: str
    focus_inner: str
    scrim: str
    scrim_percent: int
    chart1: str
    chart2: str
    track: str
    statuses: Mapping[Status, StatusColors]
    connections: Mapping[Connection, ConnectionColors]

    def role(self, role: Role) -> str:
        """The colour of text or an icon drawn in `role`."""
        match role:
            case Role.TEXT:
                return self.text
            case Role.TEXT2:
                return self.text2
            case Role.TEXT3:
                return self.text3
            case Role.ACCENT:
                return self.accent_text
            case Role.ON_ACCENT:
                return self.on_accent
            case Role.HIGHLIGHTED:
                return self.selection_text
            case _:
                return self.statuses[Status(role.value)].text


LIGHT = Colors(
    dark=False,
    high_contrast=False,
    chrome="#F0F2F5",
    content="#F8F9FB",
    card="#FFFFFF",
    raised="#FFFFFF",
    well="#F3F5F8",
    border="#DDE2E8",
    divider="#E8EBEF",
    control="#FFFFFF",
    control_border="#CDD3DA",
    control_strong="#7B8490",
    hover="#F1F4F7",
    press="#E6EAEF",
    text="#1A1E23",
    text2="#525A64",
    text3="#737B85",
    accent="#0F5CB3",
    accent_hover="#0C4F9B",
    accent_press="#0A4283",
    on_accent="#FFFFFF",
    accent_text="#0B56AA",
    selection="#E3EEFA",
    selection_text="#1A1E23",
    current_row="#EDF0F3",
    focus="#1A1E23",
    focus_inner="#FFFFFF",
    scrim="#141A22",
    scrim_percent=32,
    chart1="#1F6FC4",
    chart2="#B4540A",
    track="#E1E6EC",
    statuses={
        Status.OK: StatusColors("#0D6A2D", "#E6F4E9", "#B5DCC0", "#2E9B5B"),
        Status.WARNING: StatusColors("#7A4A00", "#FFF2D3", "#E9C77B", "#BC7F05"),
        Status.CRITICAL: StatusColors("#B0131D", "#FDEAEB", "#F0B6BA", "#BF1E2B"),
        Status.INFO: StatusColors("#0B56AA", "#E5F0FB", "#B3D1F0", "#2F7FD1"),
        Status.NEUTRAL: StatusColors("#4C545E", "#EAEDF1", "#D3D9E0", "#828C98"),
        Status.WAITING: StatusColors("#6437A8", "#F0E9FA", "#D2BDEE", "#8656CC"),
    },
    connections={
        Connection.TEAL: ConnectionColors("#12857C", "#0A6E66", "#E0F3F1", "#A6D6D1"),
        Connection.INDIGO: ConnectionColors("#4A58C4", "#3A47A8", "#E8EAFA", "#BFC5F0"),
        Connection.MAGENTA: ConnectionColors("#A8327E", "#8A2465", "#FAE6F2", "#EBB9D6"),
        Connection.OLIVE: ConnectionColors("#76730F", "#5C590A", "#F3F2D9", "#D3D08F"),
        Connection.SLATE: ConnectionColors("#586674", "#475464", "#E8ECF1", "#C3CBD5"),
        Connection.PRACTICE: ConnectionColors("#8656CC", "#6437A8", "#F0E9FA", "#D2BDEE"),
    },
)

DARK = Colors(
    dark=True,
    high_contrast=False,
    chrome="#1B1E22",
    content="#212529",
    card="#2A2F35",
    raised="#2F343B",
    well="#24292E",
    border="#3A4149",
    divider="#343A42",
    control="#31373E",
    control_border="#485059",
    control_strong="#939CA7",
    hover="#323840",
    press="#3A4149",
    text="#F3F5F7",
    text2="#BDC5CE",
    text3="#939CA6",
    accent="#6BB3FF",
    accent_hover="#88C2FF",
    accent_press="#A3D0FF",
    on_accent="#05203B",
    accent_text="#8CC5FF",
    selection="#213A54",
    selection_text="#F3F5F7",
    current_row="#363C44",
    focus="#FFFFFF",
    focus_inner="#14171A",
    scrim="#000000",
    scrim_percent=55,
    chart1="#6BB3FF",
    chart2="#F2A65A",
    track="#3F464F",
    statuses={
        Status.OK: StatusColors("#82D695", "#1D3726", "#33613F", "#3FBF8F"),
        Status.WARNING: StatusColors("#F4C86C", "#3D3013", "#6B5422", "#E0A83A"),
        Status.CRITICAL: StatusColors("#FFA3A8", "#462126", "#7D373D", "#E5484D"),
        Status.INFO: StatusColors("#8CC5FF", "#1C364F", "#30587D", "#5AA6F2"),
        Status.NEUTRAL: StatusColors("#C5CCD4", "#3A4048", "#505862", "#7F8995"),
        Status.WAITING: StatusColors("#CDAEFF", "#37294F", "#60478C", "#A07BE0"),
    },
    connections={
        Connection.TEAL: ConnectionColors("#3FB0A6", "#7FD6CD", "#17393A", "#2F6663"),
        Connection.INDIGO: ConnectionColors("#8F9BF5", "#B9C1FA", "#252B52", "#454F96"),
        Connection.MAGENTA: ConnectionColors("#E07ABB", "#F0AFD3", "#45203A", "#7A3E64"),
        Connection.OLIVE: ConnectionColors("#B9B54A", "#D6D27E", "#35341A", "#66642F"),
        Connection.SLATE: ConnectionColors("#9AA8B5", "#C3CED9", "#2C3540", "#505D6B"),
        Connection.PRACTICE: ConnectionColors("#A07BE0", "#CDAEFF", "#37294F", "#60478C"),
    },
)


class SystemColors(NamedTuple):
    """What a high contrast scheme of the system gives us to draw with."""

    window: str
    window_text: str
    highlight: str
    highlighted_text: str
    link: str
    disabled_text: str


def contrast_colors(system: SystemColors) -> Colors:
    """The theme of a high contrast scheme: the system's colours alone, no tint among them.

    Meaning then rests on icon, word, outline and hatch, since all statuses look alike.
    """
    ground, text = system.window, system.window_text
    status = StatusColors(text, ground, text, text)
    connection = ConnectionColors(text, text, ground, text)
    return Colors(
        dark=_is_dark(ground),
        high_contrast=True,
        chrome=ground,
        content=ground,
        card=ground,
        raised=ground,
        well=ground,
        border=text,
        divider=text,
        control=ground,
        control_border=text,
        control_strong=text,
        hover=ground,
        press=ground,
        text=text,
        text2=text,
        text3=system.disabled_text,
        accent=system.highlight,
        accent_hover=system.highlight,
        accent_press=system.highlight,
        on_accent=system.highlighted_text,
        accent_text=system.link,
        selection=system.highlight,
        selection_text=system.highlighted_text,
        current_row=ground,
        focus=text,
        focus_inner=ground,
        scrim=ground,
        scrim_percent=70,
        chart1=system.highlight,
        chart2=text,
        track=ground,
        statuses=dict.fromkeys(Status, status),
        connections=dict.fromkeys(Connection, connection),
    )


def _is_dark(color: str) -> bool:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return red * 299 + green * 587 + blue * 114 < 128_000


class Face(NamedTuple):
    """Size in px at 100 % and weight of one text style."""

    px: int
    weight: int = 400


FACES: Mapping[TextStyle, Face] = {
    TextStyle.AXIS: Face(11),
    TextStyle.CAPTION: Face(12),
    TextStyle.LABEL: Face(12, 500),
    TextStyle.TABLE_HEAD: Face(12, 600),
    TextStyle.BODY: Face(13),
    TextStyle.STRONG: Face(13, 600),
    TextStyle.SECTION: Face(14, 600),
    TextStyle.PANEL_TITLE: Face(16, 600),
    TextStyle.PAGE_TITLE: Face(20, 600),
    TextStyle.ANSWER: Face(22, 600),
    TextStyle.NUMBER: Face(28, 600),
}

FONT_FAMILIES = ("Segoe UI Variable Text", "Segoe UI Variable", "Segoe UI", "Inter", "Noto Sans")
MONOSPACE_FAMILIES = ("Cascadia Mono", "Consolas", "DejaVu Sans Mono", "Noto Sans Mono")
