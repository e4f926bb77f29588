"""Who types German reads German."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from voice_glimmer.cli.talk import talk
from voice_glimmer.settings import Settings


def test_all_that_is_written_is_german(tmp_path: Path):
    written = StringIO()
    settings = Settings(journal=tmp_path, language="de")
    lines = ["Die Sonne war warm.", "Ja!", "hallo glimmer", "lies meinen letzten Glimmer vor", ""]
    talk(settings, lines, Console(file=written))
    said = written.getvalue().splitlines()
    assert said[0] == "Schreib einen Glimmer, oder was du hören möchtest."
    assert said.count("die sonne war warm") == 2
    assert "Ja, nein, nochmal, füg etwas hinzu?" in said
    assert "Hier ist dein letzter Glimmer." in said
    assert any(line.startswith("Enter geht weiter.") for line in said)
