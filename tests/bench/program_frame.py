"""`python -m ui` as it is, with an ear at its first frame. Prints when the loop comes to rest after it.

At that moment the window is whole and answers: pointer, keys and focus move in it, its theme can be changed, and
what is pressed is acknowledged. The loop is Qt's own. Asyncio, the log and all that opens a connection are loaded after
it, in pieces between which the window goes on answering; a scenario that is chosen meanwhile opens when they are there.
"""

from time import monotonic

import ui.first_frame
import ui.main
from tests.bench.bare_window import FirstPaint


class Ear(FirstPaint):
    def __init__(self, window):
        super().__init__(window)
        self._window = window

    def _tell(self) -> None:
        print(monotonic(), flush=True)
        self._window.close()


def _listen_and_run(loading: ui.first_frame._Loading) -> None:
    ear = Ear(loading._window)
    loading._window.installEventFilter(ear)  # after the program's own, so that it hears the paint before it
    _run(loading)


if __name__ == "__main__":
    _run = ui.first_frame._Loading.run
    ui.first_frame._Loading.run = _listen_and_run
    ui.main.main([])
