"""The settings: one TOML file, overlaid by `DEPESCHE_*` variables. Read once, at the edge.

Everything below the command line and the flow files gets plain values. Secrets come from the environment or from files
named `<setting>_file`; a settings file that holds one works too, and it is for the operator to keep it from others.
"""

from flows.settings.reading import load, path_of
from flows.settings.sections import (
    DEFAULTS,
    LAGE,
    OPERATORS,
    Channel,
    Fetching,
    Retention,
    Schedule,
    Section,
    Settings,
    SettingsError,
    Watch,
)

__all__ = [
    "DEFAULTS",
    "LAGE",
    "OPERATORS",
    "Channel",
    "Fetching",
    "Retention",
    "Schedule",
    "Section",
    "Settings",
    "SettingsError",
    "Watch",
    "load",
    "path_of",
]
