"""The window: Qt only. Nothing here knows Azure; what it shows comes from the services and feeds of `app`.

Importing it stops automatic collecting, for the reason that `ui.collector` gives and because a start that collects
takes a tenth longer.
"""

import gc

from ui.import_hook import load_pyside_without_hook

gc.disable()
load_pyside_without_hook()
