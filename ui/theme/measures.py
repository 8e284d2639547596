"""Spaces, radii, heights, widths, icon sizes, times and strokes: in px at 100 %, by what they are for."""


class Space:
    """The 4 px grid. `CARD_*` lie inside a card, `PAGE` around a page, `COLUMN` between columns."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 20
    XXL = 24
    CARD_X = 16
    CARD_Y = 12
    PAGE = 24
    PAGE_TOP = 16
    CELL = 10
    CHIP_OVERHANG = 6


class Radius:
    """Corner radii; `FOCUS` is that of the ring around a control."""

    BAR = 2
    CONTROL = 4
    FOCUS = 6
    CARD = 8


class Height:
    """Heights in px at 100 %."""

    CONNECTION_STRIP = 4
    PROGRESS = 4
    HEALTH_BAR = 9
    CHECK = 16
    STEP_RING = 20
    CHIP = 22
    SMALL_BUTTON = 28
    STATUS_STRIP = 28
    GROUP_HEAD = 30
    ROW = 32
    CONTROL = 32
    NAV_ITEM = 36
    TAB = 36
    BULK_BAR = 44
    CARD_HEAD = 48
    HEADER = 52
    FOOTER = 57


class Width:
    """Widths in px at 100 %; the `*_BELOW` ones are the window widths at which the layout narrows."""

    NAV = 216
    NAV_FOLDED = 56
    STEP_RAIL = 264
    DETAILS = 368
    DOCKED_SHEET = 440
    MODAL_SHEET = 720
    WIDE_SHEET = 960
    SIDE_SUMMARY = 288
    CALLOUT = 372
    POPOVER = 400
    PAIR_LABEL = 112
    SCROLL_BAR = 12
    SEARCH = 260
    PICKER = 160
    PICKER_LEAST = 96
    ROW_BUTTON = 128
    FOOTER_BUTTON = 96
    READING = 400
    WELCOME = 1248
    PAGE_LEAST = 560
    FOLD_NAV_BELOW = 1280
    FLOAT_DETAILS_BELOW = 1180
    STACK_BELOW = 1120
    WINDOW = 1360
    WINDOW_HEIGHT = 860
    WINDOW_LEAST = 1024
    WINDOW_LEAST_HEIGHT = 680


class IconSize:
    """Sizes at which icons are drawn."""

    CHIP = 14
    SMALL = 16
    NAV = 20
    CARD = 24
    EMPTY = 40


class Motion:
    """Times in milliseconds. All movement is off when the theme says so."""

    CALLOUT_FADE = 120
    SHEET_SLIDE = 160
    PICTURE_MOVE = 160
    CALLOUT_DELAY = 300
    VEIL_DELAY = 200
    VEIL_WORDS_DELAY = 2000
    RUNNING_TURN = 2000


class Stroke:
    """Line widths in px at 100 %, and the hatch of the practice vault."""

    HAIRLINE = 1
    CURVE = 1.5
    FOCUS = 2
    FOCUS_OFFSET = 3
    ACCENT_BAR = 3
    SEGMENT_GAP = 2
    HATCH_STRIPE = 3
    HATCH_PITCH = 12


class ChartSize:
    """Measures of the small charts on tiles and in rows."""

    WIDTH = 240
    LEAST_WIDTH = 120
    HEIGHT = 64
    AXIS = 18
    SPARK_WIDTH = 62
    SPARK_HEIGHT = 18
    DONUT = 116
    RING = 14
    LEAST_SEGMENT = 4
