"""Whoever ends the program is heard; whoever wants it to go on is, too."""

import signal

from voicecramp.audio.signals import ending


def test_a_terminal_that_is_closed_ends_nothing_that_is_to_outlive_it() -> None:
    told: list[None] = []
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending(lambda: told.append(None)):
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    assert len(told) == 1
