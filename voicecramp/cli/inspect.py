"""`voicecramp devices` and `config`: what there is, and what can be set."""

from rich.table import Table

from voicecramp import config
from voicecramp.audio.devices import Kind, choose, list_devices
from voicecramp.cli.app import ConfigOption, app, console
from voicecramp.cli.files import need_output
from voicecramp.errors import VoiceCrampError

__all__ = ["devices", "print_config"]


@app.command()
def devices(settings: ConfigOption = None) -> None:
    """Show microphones and speakers, which one would be used, and why."""
    chosen = config.read(settings)
    for kind, wanted in ((Kind.MICROPHONE, chosen.audio.input), (Kind.SPEAKER, chosen.audio.output)):
        found = list_devices(kind)
        if not found:
            console.print(f"No {kind.value} was found.", style="yellow")
            continue
        try:
            choice = choose(kind, wanted)
            used, verdict = choice.device.index, f"used: {choice.why}"
        except VoiceCrampError as error:
            used, verdict = -1, str(error)
        table = Table(
            "",
            "",
            "name",
            "system",
            "channels",
            "rate",
            title=f"{kind.value}s",
            title_justify="left",
            box=None,
        )
        for device in found:
            mark = "➜" if device.index == used else ""
            table.add_row(
                mark, str(device.index), device.name, device.host, str(device.channels), f"{device.rate:.0f}"
            )
        console.print(table)
        console.print(f"  {verdict}\n", soft_wrap=True)


@app.command("config")
def print_config() -> None:
    """Print the default configuration, every key explained; save it and change what you like."""
    need_output()
    console.out(config.rendered(), highlight=False, end="")
