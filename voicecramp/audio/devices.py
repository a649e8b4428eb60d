"""Which microphone and which speaker: what there is, which one is used, and why."""

import ctypes
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE

__all__ = ["Choice", "Device", "Kind", "choose", "fault", "hushed", "list_devices", "look_again", "portaudio"]

_LOGGER = logging.getLogger(__name__)
_Found = TypeVar("_Found")


_LOOKING = 10.0
"""Seconds that a look for devices may take, some fifty times what it does; a driver that hangs never answers."""


class Kind(Enum):
    """What a device is for."""

    MICROPHONE = "microphone"
    SPEAKER = "speaker"


@dataclass(frozen=True)
class Device:
    """A microphone or a speaker, as PortAudio knows it."""

    kind: Kind
    index: int
    """PortAudio's number for it. It changes when something is plugged in, so a name is better to configure."""
    name: str
    host: str
    """The system it belongs to: ALSA, JACK Audio Connection Kit, ..."""
    channels: int
    rate: float
    """Its own samples a second; it is used at 16,000 all the same."""
    default: bool
    """Whether the system prefers it."""


@dataclass(frozen=True)
class Choice:
    """A device and the reason for it."""

    device: Device
    why: str
    """A clause for the screen: "the system's default"."""


def portaudio() -> Any:
    """Return the sounddevice module, loaded only where sound is wanted.

    Raises:
        VoiceCrampError: PortAudio, the C library that it needs, is not installed or does not start.
    """
    # ALSA devices are opened through its `plug` layer, so that a USB microphone which knows nothing but
    # 48 kHz stereo gives us 16 kHz mono too. PortAudio reads this when it is loaded.
    os.environ.setdefault("PA_ALSA_PLUGHW", "1")
    try:
        import sounddevice  # noqa: PLC0415 - the text interface and the tests do without any sound library
    except OSError as error:
        raise VoiceCrampError(
            f"The sound library PortAudio cannot be used ({error}): install it with "
            "'sudo apt install libportaudio2'."
        ) from error
    except Exception as error:
        # Its own error is in the very module that could not be imported.
        raise VoiceCrampError(
            f"The sound library PortAudio does not start ({error}): restart the sound server or the computer."
        ) from error
    with suppress(OSError):  # no ALSA on this system
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_ALSA_HANDLER)
    return sounddevice


def _log_alsa(_file: bytes, _line: int, function: bytes, _code: int, message: bytes) -> None:
    """Take the place of ALSA's habit of printing every trifle on the terminal, at any time."""
    _LOGGER.debug("%s: %s", function, message)


_ALSA_HANDLER = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)(_log_alsa)
"""What ALSA calls; kept here because ALSA does not keep it alive."""


@contextmanager
def hushed() -> Iterator[None]:
    """Keep what PortAudio prints while a device is tried from the terminal.

    It writes to file descriptor 2 behind Python's back, lines that worry people and help nobody. What
    goes wrong also comes back as an error. Held only while opening, for it hushes the whole process.
    """
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def list_devices(kind: Kind) -> list[Device]:
    """Return every microphone or every speaker, in PortAudio's order; none is opened for it."""
    sounddevice = portaudio()
    side = "input" if kind is Kind.MICROPHONE else "output"
    hosts = sounddevice.query_hostapis()
    # The first host API with a default is PortAudio's own choice.
    defaults = [host[f"default_{side}_device"] for host in hosts if host[f"default_{side}_device"] >= 0]
    return [
        Device(
            kind=kind,
            index=index,
            name=found["name"],
            host=hosts[found["hostapi"]]["name"],
            channels=found[f"max_{side}_channels"],
            rate=found["default_samplerate"],
            default=defaults[:1] == [index],
        )
        for index, found in enumerate(sounddevice.query_devices())
        if found[f"max_{side}_channels"] > 0
    ]


def fault(device: Device) -> str:
    """Say why the device cannot be used at 16 kHz, mono, 16 bit; empty if it can. Opens it for a moment."""
    sounddevice = portaudio()
    check = (
        sounddevice.check_input_settings
        if device.kind is Kind.MICROPHONE
        else sounddevice.check_output_settings
    )
    try:
        with hushed():
            check(device=device.index, channels=1, dtype="int16", samplerate=RATE)
    except sounddevice.PortAudioError as error:
        _LOGGER.debug("%s is not usable", device, exc_info=error)
        return str(error.args[0])
    return ""


def choose(kind: Kind, wanted: str | int | None = None) -> Choice:
    """Find the microphone or speaker to use.

    Args:
        kind: Which of the two.
        wanted: A device's number, or a part of its name in any case; None for the system's default, or
            the first that works if the default does not.

    Raises:
        VoiceCrampError: There is none, none is called that, or none of them works.
    """
    devices = list_devices(kind)
    if not devices:
        raise VoiceCrampError(
            f"No {kind.value} was found: plug one in, and close other programs that may be using it."
        )
    if wanted is None or wanted == "":
        named = sorted(devices, key=lambda device: not device.default)
        reason = "the first that works"
    else:
        named = _matching(devices, wanted)
        reason = f'asked for as "{wanted}"'
    if not named:
        raise VoiceCrampError(
            f'There is no {kind.value} "{wanted}"; there is: '
            + "; ".join(f'{device.index} "{device.name}"' for device in devices)
            + "."
        )
    faults: list[str] = []
    for device in named:
        trouble = fault(device)
        if not trouble:
            why = "the system's default" if wanted in (None, "") and device.default else reason
            return Choice(device, "; ".join([why, *faults]))
        faults.append(f'"{device.name}" does not work ({trouble})')
    raise VoiceCrampError(
        f"No {kind.value} can be used: {'; '.join(faults)}. Close other programs that may be using it, or "
        "choose another with 'voicecramp devices'."
    )


def look_again(find: Callable[[], _Found]) -> _Found:
    """Let PortAudio look for devices anew, for its list is as old as its start, and return what `find` chooses then.

    No stream may be open.

    Raises:
        VoiceCrampError: What `find` raises, or PortAudio does not start for lack of anything to start with.
        TimeoutError: A driver hangs. PortAudio is of no use to this process any more.
    """
    sounddevice = portaudio()
    found: list[_Found | VoiceCrampError] = []

    def look() -> None:
        with suppress(sounddevice.PortAudioError):  # it did not start the last time
            sounddevice._terminate()
        try:
            sounddevice._initialize()
            found.append(find())
        except sounddevice.PortAudioError as error:
            found.append(VoiceCrampError(f"PortAudio does not start: {error}"))
        except VoiceCrampError as error:
            found.append(error)

    looking = threading.Thread(target=look, name="look", daemon=True)
    with hushed():
        looking.start()
        looking.join(_LOOKING)
    if not found:
        raise TimeoutError
    (result,) = found
    if isinstance(result, VoiceCrampError):
        raise result
    return result


def _matching(devices: list[Device], wanted: str | int) -> list[Device]:
    """Return the devices with this number or, the exact name first, with this in their name."""
    text = str(wanted).casefold()
    if text.isdecimal():
        return [device for device in devices if device.index == int(text)]
    matches = [device for device in devices if text in device.name.casefold()]
    return sorted(matches, key=lambda device: device.name.casefold() != text)
