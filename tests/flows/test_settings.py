"""Settings: a broken one is an error that names its line; a variable wins over the file; secrets stay unseen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import settings
from flows.cron import check_cron
from flows.desk import retention_of
from flows.settings import Settings, SettingsError, load


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


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_name_of_a_file_is_none_and_not_the_current_folder(monkeypatch, empty):
    """As documented; it was read as the folder: "cannot be read: Is a directory"."""
    hook = f"[channels.hook]\nkind = 'webhook'\nurl = 'https://hook.example/'\nsecret = 's'\nurl_file = '{empty}'\nsecret_file = '{empty}'\n"
    write("".join(f"{name} = '{empty}'\n" for name in FILES) + hook)
    for _ in range(2):
        found = load()
        assert [getattr(found, name) for name in FILES] == [None] * len(FILES)
        assert (found.database_url, found.correcting, found.signing_links) == ("sqlite:///var/depesche.sqlite", "", "")
        assert (found.channels["hook"].address, found.channels["hook"].signing_secret) == ("https://hook.example/", "s")
        write(hook)
        for name in FILES:
            monkeypatch.setenv(f"DEPESCHE_{name.upper()}", empty)


FILES = ("feeds", "database_file", "link_secret_file", "room_token_file")


@pytest.mark.parametrize(
    ("file", "variable", "value"),
    [
        ("database_file = 'one'", "DEPESCHE_DATABASE", "two"),
        ("database = 'one'", "DEPESCHE_DATABASE_FILE", "is-two"),
        ("room_token_file = 'one'", "DEPESCHE_ROOM_TOKEN", "two"),
        ("link_secret_file = 'one'", "DEPESCHE_LINK_SECRET", "two" * 9),
        ("[channels.hook]\nkind = 'webhook'\nsecret = 's'\nurl_file = 'one'", "DEPESCHE_CHANNELS__HOOK__URL", "two"),
        ("[channels.hook]\nkind = 'webhook'\nurl = 'u'\nsecret_file = 'one'", "DEPESCHE_CHANNELS__HOOK__SECRET", "two"),
        (
            "[channels.hook]\nkind = 'webhook'\nsecret = 's'\nurl_file = 'one'",
            "DEPESCHE_CHANNELS",
            '{"hook": {"url": "two"}}',
        ),
    ],
)
def test_a_variable_wins_over_the_file_in_whichever_form_either_has_it(monkeypatch, file, variable, value):
    """The archive that the file named was used, without a word."""
    Path("one").write_text("one" * 9)
    Path("is-two").write_text("two")
    write(file + "\n")
    monkeypatch.setenv(variable, value)

    found = load()
    hook = found.channels.get("hook")
    said = [
        found.database_url,
        found.correcting,
        found.signing_links,
        *([hook.address, hook.signing_secret] if hook else []),
    ]
    assert [one for one in said if "two" in one]
    assert not [one for one in said if "one" in one]


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
        ("contact = 'a'\nkontakt = 'b'\n", "depesche.toml:2: kontakt: there is no such setting; is contact meant?"),
        ("[fetching]\nconcurrency = 3\ndeadline_seconds = 0\n", "depesche.toml:3: fetching.deadline_seconds"),
        ("[channels.ops]\nkind = 'brieftaube'\n", "depesche.toml:2: channels.ops.kind"),
        ("[fetchin]\nrobots = true\n", "depesche.toml:1: fetchin: there is no such setting; is fetching meant?"),
        ("[channels.ops]\nkind = 'console'\nlimits = 9\n", "toml:3: channels.ops.limits: .* is limit meant?"),
        ("[[watches]]\nname = 'a'\nzzz = 9\n", "toml:3: watches.0.zzz: .* there are name, dossier, types"),
        ("[retention]\ncontact = 'a'\n", "toml:2: retention.contact: it belongs above the first .table. of the file"),
        ("[channels.Ops]\nkind = 'console'\n", "toml:1: channels.Ops.*names of channels are small letters"),
        ("[fetching]\nrobots = true\n[fetching]\n", "toml:3: no TOML: Cannot declare"),
        ("[fetching]\nallow = ['127.0.0.1']\n", "depesche.toml:2: fetching.allow.*exact host:port"),
        ("[fetching]\nallow = ['::1:8000']\n", r"fetching.allow.*as .*'\[::1\]:8080'"),
        ("[fetching]\nallow = ['[::g]:80']\n", "fetching.allow.*no address of IPv6"),
        ("room_url = 'http://[::1'\n", r"depesche.toml:1: room_url.*malformed.*http://\[::1\]:8000"),
        ("room_url = 'http://::1:8000'\n", "room_url: not an address that can be asked"),
        ("room_url = 'http://[::1]x'\n", "room_url: not an address that can be asked"),
        ("room_url = 'http://haus.example:99999'\n", "room_url: not an address that can be asked"),
        ("room_url = 'http://haus.example:0'\n", "room_url: no server listens on port 0"),
        (
            "room_url = 'https://anna:geheim@haus.example'\n",
            "room_url: not an address .*credentials.*without a password",
        ),
        ("heartbeat_url = 'https://'\n", "heartbeat_url: an address begins with"),
        ("room_hosts = ['https://a.example']\n", "depesche.toml:1: room_hosts.*no name of a host; write it without"),
        ("room_hosts = ['a.example:8080']\n", "room_hosts: 'a.example:8080' is no name of a host"),
        ("room_hosts = ['*.example']\n", "no name of a host"),
        ("room_hosts = ['']\n", "no name of a host"),
        ("[channels.x]\nkind = 'console'\nquiet = 'nachts'\n", "depesche.toml:3: channels.x.quiet.*22:00-06:30"),
        ("contact = \n", "depesche.toml:1: no TOML: Invalid value"),
        (
            "[schedule]\ntimezone = 'Europe/Berln'\n",
            "depesche.toml:2: schedule.timezone.*'Europe/Berln' is no time zone",
        ),
        ("[schedule]\ntimezone = 'Europe'\n", "depesche.toml:2: schedule.timezone"),
        ("[schedule]\ningest = 'alle zehn Minuten'\n", "depesche.toml:2: schedule.ingest.*five fields"),
        ("[schedule]\nnotify = '*/1 * * *'\n", "depesche.toml:2: schedule.notify.*five fields"),
        ("[schedule]\ndigest = '0 25 * * *'\n", "depesche.toml:2: schedule.digest.*'25' is no hour"),
        ("[schedule]\nweekly = '30 7 * * Mo'\n", "depesche.toml:2: schedule.weekly.*'mo' is no weekday"),
        ("[schedule]\nnotify_block = 'slack'\n", "depesche.toml:2: schedule.notify_block.*type and name"),
        (
            "[[watches]]\nname = 'a'\nmin_confidence = 0.5\n[[watches]]\nname = 'b'\nmin_confidence = 7\n",
            "toml:6: watches.1",
        ),
        ("[[watches]]\nname = 'a'\n[[watches]]\ntypes = []\n", "depesche.toml:3: watches.1.name: Field required"),
        ("[channels.x]\nkind = 'console'\nwatches = ['Nix']\n", "toml:3: channels.x.watches: no watch is named 'Nix'"),
        (
            "[[watches]]\nname = 'A'\n[[watches]]\nname = 'B'\n[[watches]]\nname = 'A'\n",
            "toml:6: watches.2.name: 'A' is the name of another watch",
        ),
        ("[[watches]]\nname = 'Betrieb'\n", "toml:2: watches.0.name: 'Betrieb' is the name of messages of ours"),
        ("[[watches]]\nname = 'Lage'\n", "toml:2: watches.0.name: 'Lage' is the name of messages of ours"),
        ("[[watches]]\nname = 'a'\nstatuses = []\n", "toml:3: watches.0.statuses: .*at least 1"),
        (
            "[channels.x]\nkind = 'console'\nwatches = ['Betrieb']\n",
            "toml:3: channels.x.watches: 'Betrieb' is told where",
        ),
        ("[channels.x]\nkind = 'console'\nlimit = 39\n", "toml:1: channels.x: limit is 0 or at least 40"),
        (
            "[channels.x]\nkind = 'console'\nquiet = '22:00-22:00'\n",
            "toml:3: channels.x.quiet: quiet hours that end as they begin",
        ),
        ("[channels.x]\nkind = 'console'\nquiet = '22-6'\n", "toml:3: channels.x.quiet: quiet hours are written"),
        ("[channels.x]\nkind = 'console'\nquiet = '25:00-06:00'\n", "toml:3: channels.x.quiet: .* not '25:00-06:00'"),
        ("[channels.x]\nkind = 'console'\nquiet = '23:00-06:60'\n", "toml:3: channels.x.quiet: .* not '23:00-06:60'"),
        ("contact = 'a'\n[channel.oncall]\nkind = 'console'\n", "^depesche.toml:2: channel: .* is channels meant?"),
        ("contact = 'a'\n[[watch]]\nname = 'a'\n", "^depesche.toml:2: watch: .* is watches meant?"),
        ("contact = 'a'\n[[channels]]\nkind = 'console'\n", "^depesche.toml:2: channels: "),
        ("channel.oncall.kind = 'console'\n", "^depesche.toml:1: channel: "),
        ("[channels.x]\nkind = 'console'\nalarms = ['ASSAULT']\n", "toml:1: channels.x: alarms .*no quiet hours"),
        (
            "[channels.x]\nkind = 'console'\nleast_score = 3\nmost_score = -3\n",
            "toml:1: channels.x: least_score is above",
        ),
        (
            "[channels.x]\nkind = 'console'\nmodes = ['visit']\n",
            "toml:3: channels.x.modes: .*no mode 'visit'.*CONSULT/visit",
        ),
        (
            "[channels.x]\nkind = 'console'\nmodes = ['SANCTION/visit']\n",
            "toml:3: channels.x.modes: .*SANCTION/convict, SANCTION/expel",
        ),
        (
            "[channels.x]\nkind = 'console'\ntypes = ['AID']\nmodes = ['CONSULT/visit']\n",
            "toml:1: channels.x: none of the modes",
        ),
        ("dossiers = []\n", "depesche.toml:1: dossiers"),
        ("heartbeat_url = 'ping.example'\n", "depesche.toml:1: heartbeat_url.*http"),
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


@pytest.mark.parametrize(
    ("written", "told"),
    [(b"\xef\xbb\xbfsqlite:///a.sqlite\r\n", ""), (b"sqlite:///\xe4", "^url: .* it cannot be read: not UTF-8 text$")],
)
def test_a_secret_that_another_editor_wrote_is_read_or_named(written, told):
    """A byte order mark is no part of it; what is no text is said with the name of the file."""
    Path("url").write_bytes(written)
    write('database_file = "url"\n')

    if told:
        with pytest.raises(SettingsError, match=told):
            load().database_url  # noqa: B018
    else:
        assert load().database_url == "sqlite:///a.sqlite"


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


@pytest.mark.parametrize("cron", ["*/10 * * * *", "* * * * *", "5,35 6-22/2 1-15 jan,jul mon-fri", "0 7 * * 7"])
def test_what_prefect_takes_for_a_cron_expression_is_one_for_us(cron):
    from prefect.server.schemas.schedules import CronSchedule

    assert CronSchedule(cron=cron).cron == cron
    check_cron(cron)


@pytest.mark.parametrize(
    "setting",
    [
        "fetching.page_spacing_seconds = inf",
        "fetching.feed_interval_minutes = 1e12",
        "fetching.max_age_days = 99999999999",
        "fetching.allow = ['alerts.intern:99999']",
        "schedule.silent_minutes = inf",
        "retention.text_days = 99999999999",
        "retention.runs_days = 1000000",
    ],
)
def test_what_no_calendar_and_no_port_can_hold_is_refused(setting):
    """It was taken, and each pass ended with an OverflowError."""
    write(setting + "\n")

    with pytest.raises(SettingsError, match=f"^depesche.toml:1: {setting.partition(' ')[0]}"):
        load()


def test_texts_may_be_kept_for_ever():
    write("retention.text_days = 36525\n")

    assert retention_of(load()).text == timedelta(days=36525)


@pytest.mark.parametrize(
    ("cron", "comes"),
    [
        ("0 0 31 2 *", False),
        ("0 0 30,31 feb *", False),
        ("0 0 31 4,6 *", False),
        ("0 0 29 2 *", True),
        ("0 0 30 2 mon", False),
        ("0 0 31 11-12 *", True),
        ("0 0 31-1 2 *", True),
        ("0 0 */30 2 *", True),
    ],
)
def test_a_schedule_that_never_comes_is_refused(cron, comes):
    """Prefect's server takes it, and fails at it whenever it schedules; where it is the passes', the flows do not start."""
    from prefect.server.schemas.schedules import CronSchedule

    dates = CronSchedule(cron=cron)._get_dates_generator(n=1, start=datetime(2028, 1, 10, tzinfo=UTC))
    write(f"[schedule]\ntend = '{cron}'\n")
    if comes:
        assert len(list(dates)) == 1
        assert load().schedule.tend == cron
    else:
        with pytest.raises(ValueError, match="failed to find next date"):
            list(dates)
        with pytest.raises(SettingsError, match=r"^depesche.toml:2: schedule.tend: .* never comes"):
            load()


@pytest.mark.parametrize(
    ("named", "fields"),
    [("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@weekly", "0 0 * * 0"), ("@monthly", "0 0 1 * *")],
)
def test_the_names_that_cron_has_for_schedules_are_taken(named, fields):
    """As the five fields that they stand for, so that who looks at the fields need not know the names."""
    from prefect.server.schemas.schedules import CronSchedule

    start = datetime(2028, 1, 10, 5, 30, tzinfo=UTC)
    ours, prefects = (CronSchedule(cron=cron)._get_dates_generator(n=5, start=start) for cron in (fields, named))
    assert list(ours) == list(prefects)
    write(f"[schedule]\ndigest = '{named}'\n")
    assert load().schedule.digest == fields


def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load(tmp_path)
    Path("depesche.toml").write_bytes(b'contact = "a"\nroom_url = "\xe4"\n')
    with pytest.raises(SettingsError, match=r"depesche\.toml:2: not UTF-8"):
        load()


def test_a_byte_order_mark_is_no_fault():
    Path("depesche.toml").write_text('contact = "a@example.org"\n', "utf-8-sig")

    assert load().contact == "a@example.org"


def test_an_error_names_the_variable_that_is_at_fault(monkeypatch):
    write("[fetching]\nconcurrency = 3\n")
    monkeypatch.setenv("DEPESCHE_FETCHING__CONCURRENCY", "viele")

    with pytest.raises(SettingsError, match=r"^DEPESCHE_FETCHING__CONCURRENCY: fetching.concurrency"):
        load()


def test_a_variable_that_is_no_json_is_said_with_its_name(monkeypatch):
    monkeypatch.setenv("DEPESCHE_DOSSIERS", "geheim")

    with pytest.raises(SettingsError, match=r"DEPESCHE_DOSSIERS.*not JSON") as caught:
        load()
    assert "geheim" not in str(caught.value)


def test_actor_codes_may_be_written_small():
    write("[[watches]]\nname = 'a'\nparties = ['rus', 'NATO']\n")

    assert load().watches[0].parties == ("RUS", "NATO")


@pytest.mark.parametrize(
    "url",
    ["", "http://[::1]:8000", "http://[2001:db8:0::5]/", "https://Prüfstand.example/raum", "http://depesche:8000"],
)
def test_addresses_that_a_browser_can_ask_are_taken_as_they_are_written(url):
    assert (Settings(room_url=url).room_url, Settings(heartbeat_url=url).heartbeat_url) == (url, url)
