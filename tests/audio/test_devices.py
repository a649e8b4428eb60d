"""Which devices there are and which is chosen."""

import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

import pytest
from soundcard import SoundCard

from voicecramp.audio.again import FoundAgain
from voicecramp.audio.devices import Kind, choose, fault, hushed, list_devices
from voicecramp.errors import VoiceCrampError


@dataclass
class FakeSoundDevice:
    """A sound library with these devices: name, input channels, output channels."""

    class PortAudioError(Exception):
        pass

    devices: list[tuple[str, int, int]]
    default: tuple[int, int] = (-1, -1)
    faults: dict[int, str] = field(default_factory=dict)
    checked: list[dict[str, Any]] = field(default_factory=list)

    def query_hostapis(self) -> tuple[dict[str, Any], ...]:
        return (
            {"name": "JACK", "default_input_device": -1, "default_output_device": -1},
            {
                "name": "ALSA",
                "default_input_device": self.default[0],
                "default_output_device": self.default[1],
            },
        )

    def query_devices(self) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "hostapi": 1,
                "max_input_channels": inputs,
                "max_output_channels": outputs,
                "default_samplerate": 48_000.0,
            }
            for name, inputs, outputs in self.devices
        ]

    def _check(self, **settings: Any) -> None:
        self.checked.append(settings)
        if settings["device"] in self.faults:
            raise self.PortAudioError(self.faults[settings["device"]])

    check_input_settings = check_output_settings = _check


@pytest.fixture
def pi(monkeypatch: pytest.MonkeyPatch) -> FakeSoundDevice:
    """What a Raspberry Pi with a USB microphone may show."""
    library = FakeSoundDevice(
        [
            ("bcm2835 Headphones: - (hw:0,0)", 0, 8),
            ("USB PnP Sound Device: Audio (hw:1,0)", 1, 0),
            ("pulse", 32, 32),
            ("default", 32, 32),
        ],
        default=(3, 3),
    )
    monkeypatch.setitem(sys.modules, "sounddevice", library)  # type: ignore[arg-type]  # a stand-in, no module
    return library


def test_lists_what_can_hear_and_what_can_speak(pi: FakeSoundDevice) -> None:
    microphones = list_devices(Kind.MICROPHONE)
    assert [device.index for device in microphones] == [1, 2, 3]
    assert [device.index for device in list_devices(Kind.SPEAKER)] == [0, 2, 3]
    assert [device.default for device in microphones] == [False, False, True]
    assert (microphones[0].name, microphones[0].host) == ("USB PnP Sound Device: Audio (hw:1,0)", "ALSA")
    assert (microphones[0].channels, microphones[0].rate) == (1, 48_000.0)
    assert pi.checked == []


def test_takes_the_default(pi: FakeSoundDevice) -> None:
    choice = choose(Kind.MICROPHONE)
    assert (choice.device.name, choice.why) == ("default", "the system's default")
    assert pi.checked == [{"device": 3, "channels": 1, "dtype": "int16", "samplerate": 16_000}]


def test_takes_the_first_that_works_if_the_default_does_not(pi: FakeSoundDevice) -> None:
    pi.faults = {3: "Device unavailable", 0: "Invalid sample rate"}
    choice = choose(Kind.SPEAKER)
    assert choice.device.name == "pulse"
    assert choice.why == (
        'the first that works; "default" does not work (Device unavailable); '
        '"bcm2835 Headphones: - (hw:0,0)" does not work (Invalid sample rate)'
    )


def test_takes_the_first_that_works_if_there_is_no_default(pi: FakeSoundDevice) -> None:
    pi.default = (-1, -1)
    choice = choose(Kind.MICROPHONE)
    assert (choice.device.index, choice.why) == (1, "the first that works")


@pytest.mark.usefixtures("pi")
@pytest.mark.parametrize("wanted", ["usb pnp", "USB", 1, "1"])
def test_takes_what_is_asked_for(wanted: str | int) -> None:
    choice = choose(Kind.MICROPHONE, wanted)
    assert (choice.device.index, choice.why) == (1, f'asked for as "{wanted}"')


def test_prefers_the_whole_name(pi: FakeSoundDevice) -> None:
    pi.devices.insert(0, ("sysdefault", 8, 8))
    assert choose(Kind.SPEAKER, "default").device.name == "default"


def test_a_digit_that_is_no_number_is_a_name(pi: FakeSoundDevice) -> None:
    pi.devices.append(("I²S microphone", 2, 0))
    assert choose(Kind.MICROPHONE, "²").device.name == "I²S microphone"


@pytest.mark.usefixtures("pi")
def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(VoiceCrampError) as caught:
        choose(Kind.SPEAKER, "usb")
    assert str(caught.value) == (
        'There is no speaker "usb"; there is: 0 "bcm2835 Headphones: - (hw:0,0)"; 2 "pulse"; 3 "default".'
    )


def test_a_busy_device_is_said_to_be_one(pi: FakeSoundDevice) -> None:
    pi.faults = {1: "Device unavailable"}
    with pytest.raises(VoiceCrampError, match=r'"USB .*" does not work \(Device unavailable\). Close other'):
        choose(Kind.MICROPHONE, "usb")


def test_no_microphone_at_all(pi: FakeSoundDevice) -> None:
    pi.devices = pi.devices[:1]
    with pytest.raises(VoiceCrampError, match="No microphone was found: plug one in"):
        choose(Kind.MICROPHONE)


def test_no_sound_library(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(VoiceCrampError, match=r"PortAudio library not found.*apt install libportaudio2"):
        choose(Kind.MICROPHONE)


def test_a_sound_library_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise RuntimeError("Error initializing PortAudio")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(VoiceCrampError, match=r"does not start \(Error initializing PortAudio\): restart"):
        choose(Kind.MICROPHONE)


def test_hushes_what_c_code_prints_and_nothing_after_it(capfd: pytest.CaptureFixture[str]) -> None:
    shout = "import os; os.write(2, b'Expression failed')"
    with hushed():
        subprocess.run([sys.executable, "-c", shout], check=True)
    assert capfd.readouterr().err == ""
    subprocess.run([sys.executable, "-c", shout], check=True)
    assert capfd.readouterr().err == "Expression failed"


def test_on_a_sound_card(card: SoundCard) -> None:
    program = (
        "from voicecramp.audio.devices import *\n"
        "print([(d.name, d.host, d.default, fault(d)) for d in list_devices(Kind.SPEAKER)])\n"
        "print([choose(kind).device.name for kind in Kind], choose(Kind.MICROPHONE, 'VA_').device.name)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env=card.environment, capture_output=True, text=True, check=True
    )
    devices, chosen = result.stdout.splitlines()
    assert "('va_spk', 'ALSA', False, '')" in devices
    assert "('default', 'ALSA', True, '')" in devices
    assert chosen == "['default', 'default'] va_mic"
    assert result.stderr == ""


def test_a_device_that_cannot_do_it_says_why(pi: FakeSoundDevice) -> None:
    pi.faults = {1: "Invalid sample rate [PaErrorCode -9997]"}
    assert [fault(device) for device in list_devices(Kind.MICROPHONE)] == [
        "Invalid sample rate [PaErrorCode -9997]",
        "",
        "",
    ]


def test_devices_that_were_lost_are_the_same_ones_for_some_time(pi: FakeSoundDevice) -> None:
    microphone, speaker = (
        choose(Kind.MICROPHONE, "USB PnP").device,
        choose(Kind.SPEAKER, "Headphones").device,
    )
    others = choose(Kind.MICROPHONE).device, choose(Kind.SPEAKER).device
    find = FoundAgain(microphone, speaker, lambda: others)
    pi.devices = pi.devices[2:]
    for _ in range(5):
        with pytest.raises(VoiceCrampError, match="There is no microphone"):
            find()
    assert find() == others
    # Plugged in again, the card has another number; and how often was looked before is forgotten.
    pi.devices = [*pi.devices, ("USB PnP Sound Device: Audio (hw:3,0)", 1, 0)]
    with pytest.raises(VoiceCrampError, match="There is no speaker"):
        find()
    pi.devices = [*pi.devices, ("bcm2835 Headphones: - (hw:2,0)", 0, 8)]
    assert [device.name for device in find()] == [
        "USB PnP Sound Device: Audio (hw:3,0)",
        "bcm2835 Headphones: - (hw:2,0)",
    ]
