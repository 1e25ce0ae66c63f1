"""Time as a value that is passed in: `Clock` is any callable that returns Unix seconds."""

import time
from collections.abc import Callable

Clock = Callable[[], float]

system_clock: Clock = time.time
