"""The one stylesheet, made from the tokens.

Widgets choose their look by dynamic properties, never by colours of their own:
`textStyle` and `tone` on labels, `kind` and `dense` on buttons, `surface` on frames, `state` on fields.
"""

from ui.theme.tokens import FACES, Colors, Height, Radius, Role, Space, Status, TextStyle, Width

_SURFACES = ("chrome", "content", "card", "raised", "well")


def build_stylesheet(colors: Colors, text_scale: float = 1.0) -> str:
    """All rules for `colors`, with text at `text_scale`."""
    parts = (
        _labels(colors, text_scale),
        _surfaces(colors),
        _buttons(colors),
        _fields(colors),
        _lists(colors, text_scale),
        _scrolling(colors),
        _menus(colors),
    )
    return "\n".join(parts)


def _labels(c: Colors, scale: float) -> str:
    rules = [
        f'*[textStyle="{style}"] {{ font-size: {round(face.px * scale)}px; font-weight: {face.weight}; }}'
        for style, face in FACES.items()
        if style is not TextStyle.BODY
    ]
    rules += [f'QLabel[tone="{role}"] {{ color: {c.role(role)}; }}' for role in Role]
    rules.append("QLabel { background: transparent; }")
    return "\n".join(rules)


def _surfaces(c: Colors) -> str:
    rules = [f'QWidget[surface="{name}"] {{ background: {getattr(c, name)}; }}' for name in _SURFACES]
    rules.append(
        f"""
        QFrame[surface="card"], QFrame[surface="raised"] {{
            border: 1px solid {c.border}; border-radius: {Radius.CARD}px;
        }}
        QFrame[surface="well"] {{ border: 1px solid {c.divider}; border-radius: {Radius.CARD}px; }}
        QFrame[surface="fixed"] {{
            background: {c.well}; border: 1px solid {c.control_border}; border-radius: {Radius.CONTROL}px;
        }}
        QFrame[surface="sheet_footer"] {{
            background: transparent; border-bottom-left-radius: {Radius.CARD}px;
            border-bottom-right-radius: {Radius.CARD}px;
        }}
        QFrame[surface="docked"] {{ background: {c.raised}; border: 0; border-left: 1px solid {c.border}; }}
        QFrame[line="horizontal"] {{ background: {c.divider}; border: 0; max-height: 1px; min-height: 1px; }}
        QFrame[surface="raised"] QFrame[line="horizontal"], QFrame[surface="docked"] QFrame[line="horizontal"] {{
            background: {c.border};
        }}
        QFrame[line="vertical"] {{ background: {c.divider}; border: 0; max-width: 1px; min-width: 1px; }}
        """
    )
    for status in Status:
        tint = c.statuses[status]
        rules.append(
            f'QFrame[surface="{status}"] {{ background: {tint.ground}; border: 1px solid {tint.border};'
            f" border-radius: {Radius.CARD}px; }}"
            f'QFrame[surface="card"][edge="{status}"] {{ border-color: {tint.border}; }}'
        )
    return "\n".join(rules)


def _buttons(c: Colors) -> str:
    tall, small = Height.CONTROL - 2, Height.SMALL_BUTTON - 2
    idle = c.text3 if c.high_contrast else c.border
    return f"""
    QPushButton {{
        background: {c.control}; color: {c.text}; border: 1px solid {c.control_border};
        border-radius: {Radius.CONTROL}px; padding: 0 {Space.M}px; min-height: {tall}px; outline: 0;
    }}
    QPushButton[dense="true"] {{ min-height: {small}px; }}
    QPushButton[kind="icon"] {{ padding: 0; min-width: {tall}px; max-width: {tall}px; }}
    QPushButton[kind="icon"][dense="true"] {{ min-width: {small}px; max-width: {small}px; }}
    QPushButton:hover {{ background: {c.hover}; border-color: {c.control_strong}; }}
    QPushButton:pressed {{ background: {c.press}; }}
    QPushButton:disabled, QPushButton[refused="true"] {{
        background: {c.well}; color: {c.text3}; border-color: {idle};
    }}
    QPushButton[kind="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent};
        font-weight: 600; }}
    QPushButton[kind="primary"]:hover {{ background: {c.accent_hover}; border-color: {c.accent_hover}; }}
    QPushButton[kind="primary"]:pressed {{ background: {c.accent_press}; border-color: {c.accent_press}; }}
    QPushButton[kind="primary"]:disabled, QPushButton[kind="primary"][refused="true"] {{
        background: {c.well}; color: {c.text3}; border-color: {idle};
    }}
    QPushButton[kind="primary"][resting="true"] {{ background: {c.accent}; color: {c.on_accent};
        border-color: {c.accent}; }}
    QPushButton[resting="true"]:disabled {{
        background: {c.control}; color: {c.text}; border-color: {c.control_border};
    }}
    QPushButton[kind="primary"][resting="true"]:disabled {{
        background: {c.accent}; color: {c.on_accent}; border-color: {c.accent};
    }}
    QPushButton[kind="quiet"], QPushButton[kind="icon"] {{ background: transparent; border-color: transparent; }}
    QPushButton[kind="quiet"]:hover, QPushButton[kind="icon"]:hover {{
        background: {c.press}; border-color: {c.control_border if c.high_contrast else c.press};
    }}
    QPushButton[kind="link"] {{
        background: transparent; border: 0; padding: 0; color: {c.accent_text}; min-height: 20px;
        text-align: left;
    }}
    QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
    QPushButton[kind="choice"]:checked {{
        background: {c.selection}; color: {c.selection_text}; border-color: {c.accent}; font-weight: 600;
    }}
    """


def _fields(c: Colors) -> str:
    inner = Height.CONTROL - 2
    critical = c.statuses[Status.CRITICAL].text
    return f"""
    QLineEdit, QComboBox, QPlainTextEdit, QTextEdit {{
        background: {c.control}; color: {c.text}; border: 1px solid {c.control_border};
        border-bottom-color: {c.control_strong}; border-radius: {Radius.CONTROL}px;
        selection-background-color: {c.accent}; selection-color: {c.on_accent};
    }}
    QLineEdit, QComboBox {{ min-height: {inner}px; padding: 0 {Space.CELL}px; }}
    QPlainTextEdit, QTextEdit {{ padding: {Space.XS}px {Space.S}px; }}
    QLineEdit:hover, QComboBox:hover {{ background: {c.hover}; }}
    QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {{
        background: {c.control}; border-color: {c.accent};
    }}
    QLineEdit[state="invalid"], QComboBox[state="invalid"],
    QPlainTextEdit[state="invalid"] {{ border-color: {critical}; }}
    QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled {{
        background: {c.well}; color: {c.text3}; border-color: {c.border};
    }}
    QComboBox {{ combobox-popup: 0; }}
    QComboBox::drop-down {{ border: 0; width: {Height.CONTROL}px; }}
    QComboBox::down-arrow {{ image: none; }}
    QComboBox QAbstractItemView {{
        background: {c.raised}; border: 1px solid {c.border}; border-radius: {Radius.CONTROL}px;
        padding: {Space.XS}px; outline: 0;
    }}
    QCheckBox, QRadioButton {{ spacing: {Space.S}px; outline: 0; }}
    """


def _lists(c: Colors, scale: float) -> str:
    head = FACES[TextStyle.TABLE_HEAD]
    return f"""
    QAbstractItemView {{
        background: {c.card}; border: 0; outline: 0; gridline-color: {c.divider};
        selection-background-color: {c.selection}; selection-color: {c.selection_text};
    }}
    QHeaderView {{ background: {c.card}; border: 0; }}
    QHeaderView::section {{
        background: {c.card}; color: {c.text2}; border: 0; border-bottom: 1px solid {c.border};
        padding: 0 {Space.CELL}px; font-size: {round(head.px * scale)}px; font-weight: {head.weight};
        min-height: {Height.ROW - 1}px;
    }}
    QHeaderView::section:hover {{ background: {c.hover}; color: {c.text}; }}
    QHeaderView::up-arrow, QHeaderView::down-arrow {{ width: 0; height: 0; }}
    QTableCornerButton::section {{ background: {c.card}; border: 0; }}
    QTabBar {{ background: transparent; border: 0; outline: 0; }}
    QTabBar::tab {{
        background: transparent; color: {c.text2}; border: 0; border-bottom: 3px solid transparent;
        min-height: {Height.TAB - 3}px; padding: 0; margin-right: {Space.L}px;
    }}
    QTabBar[dense="true"]::tab {{ margin-right: {Space.M}px; }}
    QTabBar::tab:hover {{ color: {c.text}; }}
    QTabBar::tab:selected {{ color: {c.text}; font-weight: 600; border-bottom-color: {c.accent}; }}
    QTabWidget::pane {{ border: 0; border-top: 1px solid {c.divider}; }}
    QTabWidget::tab-bar {{ left: 0; }}
    """


def _scrolling(c: Colors) -> str:
    return f"""
    QScrollArea, QScrollArea > QWidget > QWidget[surface="none"] {{ background: transparent; border: 0; }}
    QScrollBar:vertical {{ background: transparent; width: {Width.SCROLL_BAR}px; margin: 0; border: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: {Width.SCROLL_BAR}px; margin: 0; border: 0; }}
    QScrollBar::handle {{ background: {c.control_strong}; border: 3px solid transparent; border-radius: 6px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; margin: 2px 4px; border: 0; border-radius: 2px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; margin: 4px 2px; border: 0; border-radius: 2px; }}
    QScrollBar::handle:vertical:hover {{ margin: 2px; border-radius: 4px; }}
    QScrollBar::handle:horizontal:hover {{ margin: 2px; border-radius: 4px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _menus(c: Colors) -> str:
    return f"""
    QMenu {{
        background: {c.raised}; color: {c.text}; border: 1px solid {c.border}; padding: {Space.XS}px;
    }}
    QMenu::item {{ padding: 6px {Space.XXL}px 6px {Space.M}px; border-radius: {Radius.CONTROL}px; }}
    QMenu::item:selected {{ background: {c.selection if c.high_contrast else c.press};
        color: {c.selection_text}; }}
    QMenu::item:disabled {{ color: {c.text3}; }}
    QMenu::icon {{ padding-left: {Space.S}px; }}
    QMenu::separator {{ height: 1px; background: {c.divider}; margin: {Space.XS}px {Space.S}px; }}
    QToolTip {{
        background: {c.raised}; color: {c.text}; border: 1px solid {c.border}; padding: {Space.XS}px;
    }}
    """
