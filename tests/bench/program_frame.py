"""`python -m ui` as it is, with an ear at its first frame. Prints when the loop comes to rest after it."""

from time import monotonic

import ui.main


async def _show_and_tell(program: ui.main.Program) -> None:
    from PySide6.QtCore import QTimer

    await _show_first_frame(program)
    QTimer.singleShot(0, lambda: _tell(program))  # after what the program does next, and all that waits already


def _tell(program: ui.main.Program) -> None:
    print(monotonic(), flush=True)
    program._closing.set()


if __name__ == "__main__":
    _show_first_frame = ui.main.Program._show_first_frame
    ui.main.Program._show_first_frame = _show_and_tell
    ui.main.main([])
