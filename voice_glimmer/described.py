"""The settings described: as the file that a person begins with, and as a page of the docs."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any, get_args

import tomlkit

from voice_glimmer.settings import PREFIX, Settings, checked

FILE_HEAD = """\
# Your settings. What begins with # is only a hint: take the # away, and change the value.
# To see what holds: voice-glimmer settings show --origin
"""

PAGE_HEAD = f"""\
# Settings

They are in `~/.config/voice-glimmer/settings.toml`, which need not be there:

```
voice-glimmer settings show --origin     # what holds, and where it comes from
voice-glimmer settings edit              # in your editor; a mistake is told before it is saved
voice-glimmer settings set rate 130      # one of them; all else in the file stays as it is
voice-glimmer settings unset rate        # the default again
```

The environment wins over the file: `{PREFIX}RATE=130`, a list as JSON. Some are flags, too, such as
`voice-glimmer listen --input Yeti`, and those win over both. Restart what listens, so that it
learns of a change.

| setting | default | what it is |
| --- | --- | --- |
"""


def written(value: Any) -> str | None:  # noqa: ANN401
    """Return a setting's value as it is written in TOML; None for None."""
    return None if value is None else tomlkit.item(plain(value)).as_string()


def plain(value: Any) -> Any:  # noqa: ANN401
    """Return a setting's value as a person writes it: of JSON's kinds, times as "9:00"."""
    match value:
        case Path():
            return str(value)
        case time():
            return f"{value.hour}:{value:%M}"
        case (time() as since, time() as until):
            return f"{plain(since)}-{plain(until)}"
        case list():
            return [plain(each) for each in value]
        case _:
            return value


def template(home: Path) -> str:
    """Return a settings file in which every setting is commented out, below its sentence.

    Args:
        home: The person's, which is written as ~.
    """
    parts = [FILE_HEAD]
    for key, value in _defaults(home).items():
        parts.append(f"# {_sentence(key)}\n# {key} = {value or ''}".rstrip() + "\n")
    return "\n".join(parts)


def page(home: Path) -> str:
    """Return the page of the docs.

    Args:
        home: The person's, which is written as ~.
    """
    rows = []
    others = [
        code for code in get_args(Settings.model_fields["language"].annotation) if code != "en"
    ]
    for key, value in _defaults(home).items():
        default = f"`{value}`" if value else "none"
        for code in others:
            other = _defaults(home, code)[key]
            if key != "language" and other != value:
                default += f"; with `{code}` `{other}`"
        rows.append(f"| `{key}` | {default} | {_sentence(key)} |\n")
    return PAGE_HEAD + "".join(rows)


def _defaults(home: Path, language: str = "en") -> dict[str, str | None]:
    settings = checked({"language": language}, str)
    return {key: _under(home, written(getattr(settings, key))) for key in Settings.model_fields}


def _under(home: Path, text: str | None) -> str | None:
    return text and text.replace(f'"{home}/', '"~/')


def _sentence(key: str) -> str:
    description = Settings.model_fields[key].description or ""
    return description[:1].upper() + description[1:]
