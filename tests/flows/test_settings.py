"""Settings: a broken one is an error that names its line; a variable wins over the file; secrets stay unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import settings
from flows.settings import SettingsError, load


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("DEPESCHE_CONFIG", "DEPESCHE_CONTACT"):
        monkeypatch.delenv(name, raising=False)


def write(text: str) -> Path:
    path = Path("depesche.toml")
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_the_defaults_serve():
    assert load().database_url == "sqlite:///var/depesche.sqlite"
    assert [watch.name for watch in load().watches] == ["Diplomatie"]


def test_a_named_file_that_is_missing_is_an_error():
    with pytest.raises(SettingsError, match=r"nirgends\.toml: there is no such settings file"):
        load(Path("nirgends.toml"))


def test_the_environment_wins_over_the_file(monkeypatch):
    write('contact = "datei@example.org"\n[fetching]\ndeadline_seconds = 9\nconcurrency = 3\n')
    monkeypatch.setenv("DEPESCHE_CONTACT", "umgebung@example.org")
    monkeypatch.setenv("DEPESCHE_FETCHING__DEADLINE_SECONDS", "4")

    assert load().contact == "umgebung@example.org"
    assert (load().fetching.deadline_seconds, load().fetching.concurrency) == (4, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("contact = 'a'\nkontakt = 'b'\n", "depesche.toml:2: kontakt: Extra inputs"),
        ("[fetching]\nconcurrency = 3\ndeadline_seconds = 0\n", "depesche.toml:3: fetching.deadline_seconds"),
        ("[channels.ops]\nkind = 'brieftaube'\n", "depesche.toml:2: channels.ops.kind"),
        ("[fetching]\nallow = ['127.0.0.1']\n", "depesche.toml:2: fetching.allow.*exact host:port"),
        ("[channels.x]\nkind = 'console'\nquiet = 'nachts'\n", "depesche.toml:1: channels.x.*22:00-06:30"),
        ("contact = \n", "depesche.toml: Invalid value.*line 1"),
    ],
)
def test_an_error_names_the_line(text, message):
    write(text)

    with pytest.raises(SettingsError, match=message):
        load()


def test_an_error_does_not_show_the_secret():
    write('[channels.hook]\nkind = "webhook"\nurl = "https://hook.example/geheim"\nsecrets = "whsec_geheim"\n')

    with pytest.raises(SettingsError) as caught:
        load()
    assert "geheim" not in str(caught.value)


def test_settings_do_not_print_their_secrets():
    write('[channels.hook]\nkind = "webhook"\nurl = "https://hook.example/geheim"\nsecret = "whsec_geheim"\n')

    assert "geheim" not in repr(load())
    assert load().channels["hook"].signing_secret == "whsec_geheim"


def test_a_secret_can_come_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("whsec_aus_der_datei\n", "utf-8")
    write('[channels.hook]\nkind = "webhook"\nurl = "https://hook.example/"\nsecret_file = "secret"\n')

    assert load().channels["hook"].signing_secret == "whsec_aus_der_datei"


def test_every_setting_is_described():
    missing = [
        f"{model.__name__}.{name}"
        for model in (
            settings.Settings,
            settings.Fetching,
            settings.Channel,
            settings.Watch,
            settings.Retention,
            settings.Schedule,
        )
        for name, info in model.model_fields.items()
        if not info.description
    ]
    assert missing == []
