"""The two signals that ask a program to end: Ctrl-C and what a service is stopped with."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["ending"]


@contextmanager
def ending(end: Callable[[], object]) -> Iterator[None]:
    """Have SIGINT and SIGTERM call `end`, and do nothing else; outside the main thread, leave them as they are."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        end()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
