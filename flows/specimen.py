"""The settings written out, each with its description and default: deploy/depesche.example.toml."""

from __future__ import annotations

from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticUndefined

from flows.settings import DEFAULTS, Channel, Section, Settings, Watch


def example() -> str:
    """Every setting with its description and default, as TOML: what deploy/depesche.example.toml holds."""
    tables = {name: value for name, value in DEFAULTS.items() if isinstance(value, Section)}
    plain = [name for name in DEFAULTS if name not in (*tables, "channels", "watches")]
    parts = [_EXAMPLE_HEAD, *(_setting(Settings, name) for name in plain)]
    for name, section in tables.items():
        parts.append(f"\n# {_doc(type(section))}\n[{name}]")
        parts += [_setting(type(section), field) for field in type(section).model_fields]
    parts.append(
        f"\n# {_doc(Channel)}\n# As many as you like, each with a name of its own; these two are there by default."
    )
    parts += ['[channels.console]\nkind = "console"\n', '[channels.file]\nkind = "file"\noperators = true\n']
    parts.append("# [channels.name] all that a channel can have:")
    parts += [_setting(Channel, field, comment=True) for field in Channel.model_fields]
    parts.append(f"\n# {_doc(Watch)}\n# Once for each interest; this one is there by default.\n[[watches]]")
    parts.append('name = "Diplomatie"')
    parts += [_setting(Watch, field) for field in Watch.model_fields if field != "name"]
    return "\n".join(parts) + "\n"


_EXAMPLE_HEAD = """\
# All settings of Depesche with their defaults. Copy, keep what you change, set `contact`.
# A variable of the environment wins: DEPESCHE_CONTACT, DEPESCHE_FETCHING__CONCURRENCY, DEPESCHE_CHANNELS__ONCALL__URL.
# Secrets come from the environment or from files (…_file), not from here. Generated from flows/settings.
"""


def _doc(section: type[BaseModel]) -> str:
    return (section.__doc__ or "").strip().splitlines()[0]


def _setting(section: type[BaseModel], name: str, *, comment: bool = False) -> str:
    """A setting with its description above it; as a comment where its default is nothing, or a secret."""
    field = section.model_fields[name]
    default = field.get_default(call_default_factory=True)
    written = _toml_value(default)
    hidden = comment or default is None or isinstance(default, SecretStr) or field.is_required()
    return f"# {field.description}\n{'# ' if hidden else ''}{name} = {written}\n"


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml_value(one) for one in value) + "]"
    if isinstance(value, SecretStr):
        return f'"{value.get_secret_value()}"'
    return '""' if value is None or value is PydanticUndefined else f'"{value}"'
