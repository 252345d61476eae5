"""`depesche doctor`: what is wrong is found and told with what to do; what is right is no alarm."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import FileHash, PackagePath
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from extractors.events.weighing import judge, network
from extractors.language import contextual
from flows import doctor
from flows.desk import open_archive
from flows.doctor import Checked, Verdict
from flows.settings import Channel, Fetching, Settings, Watch
from storage.archive import opened
from storage.runs import Accounts


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)


def checked(name: str, settings: Settings | None = None) -> tuple[Checked, ...]:
    found = Settings(contact="a@example.org", database="sqlite:///archive.sqlite") if settings is None else settings
    return tuple(doctor.CHECKS[name](found))


@pytest.mark.parametrize("database", ["sqlite:///garbage.sqlite", "postgresql://x@127.0.0.1:1/y"])
def test_an_archive_that_cannot_be_used_is_told_once_with_what_to_do(database):
    Path("garbage.sqlite").write_bytes(b"no database at all\n" * 500)
    settings = Settings(database=database)

    (told,) = (*checked("archive", settings), *checked("operation", settings))
    assert told.verdict is Verdict.WRONG
    assert "cannot be reached or used" in told.found
    assert "is the database up" in told.advice


@pytest.mark.parametrize(
    ("version", "found", "advice"),
    [
        ("0005", "sqlite: has schema 0005, this version needs", "run 'depesche db upgrade'"),
        ("9999", "sqlite: has schema 9999, which this version", "it was written by a newer version. Install that"),
    ],
)
def test_of_an_archive_of_another_version_the_advice_is_one_that_helps(version, found, advice):
    """Of one that a newer version had written it was to upgrade, which refuses."""
    engine = open_archive("sqlite:///archive.sqlite")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    engine.dispose()

    (told,) = checked("archive", Settings(database="sqlite:///archive.sqlite"))
    assert told.verdict is Verdict.WRONG
    assert told.found.startswith(found)
    assert told.advice.startswith(advice)


@pytest.mark.parametrize("address", ["sqlite:///archive.sqlite", "archive.sqlite"])
def test_the_doctor_makes_no_archive(address):
    (told,) = (*checked("archive", Settings(database=address)), *checked("operation", Settings(database=address)))
    assert (told.verdict, told.found) == (Verdict.NOTE, "not made yet: archive.sqlite")
    assert not Path("archive.sqlite").exists()


def as_no_root(path: Path, mode: int) -> bool:
    """As `os.access` says to one of the others: the tests may run as root, who may do everything."""
    return not mode & os.W_OK or bool(Path(path).stat().st_mode & 0o002)


@pytest.mark.parametrize(
    ("closed", "found"),
    [
        ("var/archive.sqlite", "sqlite: var/archive.sqlite: may not be written"),
        ("var", "sqlite: var/archive.sqlite-journal: nothing can be made in {here}/var"),
    ],
)
def test_an_archive_that_nobody_can_write_is_told(tmp_path, monkeypatch, closed, found):
    """It was "ok", and each pass failed."""
    database = "sqlite:///var/archive.sqlite"
    open_archive(database).dispose()
    for path in ("var", "var/archive.sqlite"):
        Path(path).chmod(0o777)
    monkeypatch.setattr("os.access", as_no_root)
    assert [one.verdict for one in checked("archive", Settings(database=database))] == [Verdict.FINE]
    Path(closed).chmod(0o755)

    (told,) = checked("archive", Settings(database=database))
    assert (told.verdict, told.found) == (Verdict.WRONG, found.format(here=tmp_path))
    assert told.advice.startswith("let the user of the flows write")


def test_a_first_archive_that_cannot_be_made_is_told():
    """It was "the first run makes it"."""
    Path("x").write_text("a file", "utf-8")

    (told,) = checked("archive", Settings(database="sqlite:///x/archive.sqlite"))
    assert told.verdict is Verdict.WRONG
    assert "nothing can be made" in told.found


@pytest.mark.parametrize(
    ("written", "verdict", "found"),
    [("geheim", Verdict.FINE, "whoever has the token"), (" ", Verdict.NOTE, "token is empty: the room only shows")],
)
def test_the_token_of_the_room_is_looked_at(written, verdict, found):
    Path("token").write_text(written, "utf-8")

    (told,) = checked("corrections", Settings(room_token_file="token"))
    assert told.verdict is verdict
    assert found in told.found


def test_a_token_file_that_is_not_there_is_told():
    """The doctor found nothing, and the room did not start."""
    told = [one for one in doctor.examine(Settings(room_token_file="nirgends")) if "nirgends" in one.found]
    assert [(one.name, one.verdict, one.advice) for one in told] == [
        ("corrections", Verdict.WRONG, "correct the settings")
    ]


BENT = {"kind": "webhook", "url": "https://hook.example/", "secret": "whsec_?"}


@pytest.mark.parametrize(
    ("name", "setting", "found", "advice"),
    [
        ("feeds", {"feeds": Path("nirgends.toml")}, "nirgends.toml: No such file", "`feeds` in the settings"),
        ("dossiers", {"dossiers": ("nix",)}, "nix.toml: no such dossier", "`dossiers` in the settings"),
        ("archive", {"database": "mysql://x/y"}, "the archive lives in SQLite", "`database` in the settings"),
        ("channels", {"channels": {"a": BENT}}, "channel a: the secret behind whsec_ is not base64", "correct it"),
        ("channels", {"channels": {"a": {"kind": "file", "path": "."}}}, "a: .: a folder", "name another path"),
        (
            "channels",
            {"channels": {"a": {"kind": "file", "path": "x/y"}}},
            "a: x/y: nothing can be made",
            "name another",
        ),
    ],
)
def test_what_cannot_be_used_of_the_settings_is_said_in_its_own_words_with_what_to_do(name, setting, found, advice):
    """Where it was the name of our exception, and that the check itself had failed."""
    Path("x").write_text("a file", "utf-8")
    told = next(one for one in doctor.examine(Settings(**setting)) if one.name == name)
    assert told.verdict is Verdict.WRONG
    assert found in told.found
    assert advice in told.advice
    assert "Error" not in told.found


def test_a_file_of_the_settings_that_cannot_be_read_is_told_once():
    """Three checks need the archive's address."""
    found = doctor.examine(Settings(contact="a@example.org", database_file=Path("nirgends")))
    (told,) = (one for one in found if "nirgends" in one.found)
    assert told.verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("ingest", "minutes", "verdict"),
    [
        ("*/10 * * * *", 40, Verdict.FINE),
        ("*/10 * * * *", 50, Verdict.WRONG),
        ("0 */2 * * *", 110, Verdict.FINE),
        ("0 */2 * * *", 430, Verdict.WRONG),
        ("*/10 * * * *", -60, Verdict.WRONG),
    ],
)
def test_a_pass_is_late_by_its_own_schedule(ingest, minutes, verdict):
    """At a schedule of two hours every look but the first half of each was an alarm."""
    settings = Settings(database="sqlite:///archive.sqlite", schedule={"ingest": ingest})
    engine = open_archive(settings.database_url)
    ended = datetime.now(UTC) - timedelta(minutes=minutes)
    with opened(engine) as archive:
        archive.log.keep_run("ingest", Accounts(entries=0), ended, ended, state="completed")
    engine.dispose()

    (told,) = checked("operation", settings)
    assert (told.name, told.verdict) == ("last pass", verdict)


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ([], [(Verdict.NOTE, "none yet")]),
        (["failed"], [(Verdict.WRONG, "failed: 13 feeds (13 failed)")]),
        (["completed", "failed"], [(Verdict.WRONG, "failed: 13 feeds (13 failed)"), (Verdict.FINE, "UTC")]),
        (["failed", "completed"], [(Verdict.FINE, "UTC")]),
    ],
)
def test_a_pass_that_failed_and_one_that_never_came_are_told(states, found):
    """Where no pass had ever ended well all was said to be fine."""
    settings = Settings(database="sqlite:///archive.sqlite")
    engine = open_archive(settings.database_url)
    for minutes, state in zip((30, 20), states, strict=False):
        at = datetime.now(UTC) - timedelta(minutes=minutes)
        with opened(engine) as archive:
            note = "13 feeds (13 failed), 0 articles"
            archive.log.keep_run("ingest", Accounts(entries=0), at, at, state=state, note=note)
    engine.dispose()

    told = checked("operation", settings)
    assert [(one.name, one.verdict) for one in told] == [("last pass", verdict) for verdict, _ in found]
    assert all(words in one.found for one, (_, words) in zip(told, found, strict=True))


def test_a_watch_of_a_dossier_that_is_not_read_is_told():
    settings = Settings(watches=(Watch(name="Diplomatie"), Watch(name="Atom", dossier="iran-atom")))

    assert [(one.name, one.verdict) for one in checked("dossiers", settings)] == [
        ("dossier", Verdict.FINE),
        ("watch", Verdict.WRONG),
    ]


def test_a_dossier_that_nobody_watches_is_told():
    """The first watch that is written down takes the place of the one that is there by default."""
    both = ("russland-nato-ukraine", "iran-atom")
    plan = Settings(dossiers=both, watches=(Watch(name="Iran", dossier="iran-atom"),))
    told = [(one.verdict, one.found) for one in checked("dossiers", plan) if one.name == "watch"]

    assert told == [(Verdict.NOTE, "nobody watches russland-nato-ukraine: what it finds is kept, and alerts nobody")]


def test_actor_codes_that_nobody_has_are_told():
    """What is narrowed to one would hear of nothing."""
    channel = Channel(kind="console", parties=("usa", "nato", "deu-opp"))
    watches = (Watch(name="Dyade", parties=("RUS", "Ukraine")), Watch(name="Berlin", parties=("DEU",)))

    (told,) = checked("parties", Settings(watches=watches, channels={"console": channel}))
    assert told.verdict is Verdict.WRONG
    assert told.found == "Dyade waits for acts of UKRAINE, and no actor has that code"


def test_modes_that_no_rule_codes_are_told():
    """The scheme has them; a channel that waits for one alone would hear of nothing."""
    channel = Channel(kind="console", modes=("consult/visit", "THREATEN/territory"))

    (told,) = checked("modes", Settings(channels={"console": channel}))
    assert told.verdict is Verdict.WRONG
    assert told.found == "console waits for THREATEN/territory, and no rule codes that"
    assert "CONSULT/visit" in told.advice


def test_addresses_that_our_own_rules_refuse_are_told():
    """A monitor in the house was never asked, and only the log of each pass said so."""
    hook = Channel(kind="webhook", url="https://hook.example:8443/geheim", secret="geheim")
    inside = "http://10.1.2.3:8000/ping"
    refused = checked("addresses", Settings(channels={"hook": hook}, heartbeat_url=inside))
    allowed = Fetching(allow=("hook.example:8443", "10.1.2.3:8000"))

    assert [one.found for one in refused] == [
        "channel hook may not be reached: port 8443",
        "heartbeat_url may not be reached: port 8000",
    ]
    assert checked("addresses", Settings(channels={"hook": hook}, heartbeat_url=inside, fetching=allowed)) == ()
    assert checked("addresses", Settings(heartbeat_url="https://monitor.example/ping")) == ()


@pytest.mark.parametrize("contact", ["", "Hans", "hans@", "example.org"])
def test_a_contact_that_nobody_could_write_to_is_told(contact):
    (told,) = checked("contact", Settings(contact=contact))
    assert told.verdict is Verdict.WRONG
    assert "nothing will be fetched" in told.found


def test_a_misspelt_variable_is_told(monkeypatch):
    monkeypatch.setenv("DEPESCHE_KONTAKT", "a@example.org")
    monkeypatch.setenv("DEPESCHE_FETCHING__CONCURRENCY", "3")

    (told,) = checked("variables")
    assert (told.verdict, told.found) == (Verdict.NOTE, "not ours: DEPESCHE_KONTAKT")


def test_a_data_file_that_was_changed_is_told(monkeypatch, tmp_path):
    def listed(name: str, body: bytes) -> PackagePath:
        path = PackagePath("extractors", "data", name)
        path.hash = FileHash("sha256=" + base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip("="))
        path.dist = SimpleNamespace(locate_file=lambda it: tmp_path / it)
        (tmp_path / "extractors" / "data").mkdir(parents=True, exist_ok=True)
        return path

    same, other, gone = listed("same", b"a"), listed("other", b"b"), listed("gone", b"c")
    (tmp_path / same).write_bytes(b"a")
    (tmp_path / other).write_bytes(b"changed")
    monkeypatch.setattr(doctor.configured, "distribution", lambda _: SimpleNamespace(files=[same, other, gone]))

    (told,) = checked("weights")
    assert told.verdict is Verdict.WRONG
    assert told.found == "2 data files are not those of the package: other, gone"


class Answering:
    """A server that answers as Prefect's does, with these settings; and to what else is asked, with what `told` has for it."""

    def __init__(
        self, settings: object, *, secret: str = "", told: Mapping[str, object] | None = None, guarded: bool = True
    ) -> None:
        wanted = "Basic " + base64.b64encode(secret.encode()).decode() if secret else ""
        known = {"/api/health": True, "/api/admin/settings": settings, **(told or {})}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                public = self.path == "/api/health" or not wanted or self.headers.get("Authorization") == wanted
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                found = known.get(self.path, 404)
                if guarded and not self.headers["Host"].startswith("127.0.0.1:"):
                    public, found = True, 421
                self.send_response((found if type(found) is int else 200) if public else 401)
                self.end_headers()
                self.wfile.write(json.dumps(known.get(self.path)).encode())

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/api"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def prefect() -> Iterator[tuple[str, str]]:
    for one in (*checked("prefect"), *checked("prefect settings")):
        yield one.verdict.value, one.found


def server(*, analytics: bool, vacuum: list[str], ordering: str = "flows.ordering") -> dict[str, object]:
    services = {"db_vacuum": {"enabled": vacuum}}
    return {"server": {"analytics_enabled": analytics, "services": services, "events": {"causal_ordering": ordering}}}


def test_the_settings_of_a_prefect_server_are_looked_at(monkeypatch):
    with Answering(server(analytics=True, vacuum=["events"], ordering="prefect.server.events.ordering.memory")) as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        assert list(prefect())[1:] == [
            ("note", "the server asks a telemetry host at start"),
            ("note", "run rows stay for ever"),
            ("note", "a crash soon after a start of flows is told a quarter of an hour late"),
        ]
    with Answering(server(analytics=False, vacuum=["events", "flow_runs"])) as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        assert [verdict for verdict, _ in prefect()] == ["fine", "fine"]


def test_a_prefect_server_that_answers_to_any_name_is_told(monkeypatch):
    """Not where it has a password, which no page of others knows."""
    told = server(analytics=False, vacuum=["flow_runs"])
    with Answering(told, guarded=False) as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        told_of = "the server answers to any name that is pointed at it, and asks for no password"
        assert list(prefect())[1:] == [("note", told_of)]
    with Answering(told, guarded=False, secret="wer:was") as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        monkeypatch.setenv("PREFECT_API_AUTH_STRING", "wer:was")
        assert [verdict for verdict, _ in prefect()] == ["fine", "fine"]


def test_a_prefect_server_that_is_asked_by_a_name_it_does_not_have_says_where_to_give_it_one(monkeypatch):
    with Answering(server(analytics=False, vacuum=["flow_runs"])) as url:
        monkeypatch.setenv("PREFECT_API_URL", url.replace("127.0.0.1", "localhost"))
        (answered,) = checked("prefect")
    assert answered.verdict is Verdict.WRONG
    assert "PREFECT_SERVER_CORS_ALLOWED_ORIGINS" in answered.advice


def test_a_prefect_server_that_refuses_us_is_told(monkeypatch):
    with Answering(server(analytics=False, vacuum=["flow_runs"]), secret="wer:was") as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        assert list(prefect())[1:] == [("wrong", "the server refuses us (401)")]
        monkeypatch.setenv("PREFECT_API_AUTH_STRING", "wer:was")
        assert [verdict for verdict, _ in prefect()] == ["fine", "fine"]


def test_a_prefect_server_that_refuses_us_ends_serve_flows_with_what_to_do(monkeypatch):
    from flows import serve

    with Answering({}, secret="wer:was") as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        with pytest.raises(ConnectionError, match=r"refuses us \(401\): set PREFECT_API_AUTH_STRING"):
            serve.keep_automations(Settings())


def test_a_login_in_the_address_of_prefect_is_used_and_not_told(monkeypatch):
    """As Prefect's client does; ours took it for a part of the host, and printed the password."""
    with Answering(server(analytics=False, vacuum=["flow_runs"]), secret="wer:ge@heim") as url:
        monkeypatch.setenv("PREFECT_API_URL", url.replace("://", "://wer:ge%40heim@"))
        told = list(prefect())
    assert [verdict for verdict, _ in told] == ["fine", "fine"]
    assert "heim" not in str([*told, *prefect()])


@pytest.mark.parametrize(
    "url", ["localhost:4200/api", "127.0.0.1:4200", "http://localhost:vier/api", "http://[::1/api"]
)
def test_an_address_of_prefect_without_http_is_told(url, monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", url)

    assert list(prefect()) == [("wrong", "PREFECT_API_URL is no http address")]


def deployment(name: str, cron: str = "", zone: str = "UTC", **more: object) -> dict[str, object]:
    """As the server lists one that is well."""
    plan = [{"active": True, "schedule": {"cron": cron, "timezone": zone}}] if cron else []
    return {"name": name, "paused": False, "status": "READY", "last_polled": None, "schedules": plan} | more


def well() -> dict[str, dict[str, object]]:
    berlin = "Europe/Berlin"
    rows = (
        deployment("ingest", "*/10 * * * *"),
        deployment("notify", "* * * * *"),
        deployment("tend", "20 3 * * *", berlin),
        deployment("digest", "0 7 * * *", berlin),
        deployment("lage", "30 7 * * 1", berlin),
        deployment("recode"),
    )
    return {str(one["name"]): one for one in rows}


def automation(name: str, action: str = "send-notification", *, enabled: bool = True) -> dict[str, object]:
    return {"name": f"depesche: {name}", "enabled": enabled, "actions": [{"type": action}]}


AUTOMATIONS = (
    automation("zombie runs", "change-flow-run-state"),
    automation("trouble in a run"),
    automation("dead man's switch"),
)
BLOCK = "/api/block_types/slug/slack-webhook/block_documents/name/oncall"


def on_the_server(
    monkeypatch: pytest.MonkeyPatch,
    deployments: Iterable[object],
    automations: Iterable[object] = AUTOMATIONS,
    settings: Settings | None = None,
    **blocks: object,
) -> list[tuple[str, str, str]]:
    told = {"/api/deployments/filter": list(deployments), "/api/automations/filter": list(automations), **blocks}
    with Answering({}, told=told) as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        found = doctor.CHECKS["flows"](settings or Settings())
        return [(one.name, one.verdict.value, one.found) for one in found]


def test_the_automations_are_looked_for_by_the_names_that_they_are_given():
    from flows.operate import TAG, automations

    assert [one.name for one in automations()] == [f"{TAG}: {name}" for name in doctor.server.WATCHING]


def test_what_is_registered_as_it_should_be_is_fine(monkeypatch):
    assert on_the_server(monkeypatch, well().values()) == [
        ("flows", "fine", "6 deployments and 3 automations on the Prefect server")
    ]


def test_a_prefect_server_whose_database_is_away_is_told(monkeypatch):
    """It says that it is healthy, and answers nothing else."""
    with Answering({}, told={"/api/deployments/filter": 500, "/api/automations/filter": 500}) as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        assert [(one.name, one.verdict, one.found) for one in checked("flows")] == [
            ("flows", Verdict.WRONG, "the Prefect server answers 500")
        ]


def test_deployments_that_are_not_there_are_told(monkeypatch):
    rows = [one for name, one in well().items() if name not in ("notify", "lage")]
    assert on_the_server(monkeypatch, rows) == [("flows", "wrong", "not on the Prefect server: lage, notify")]


def test_deployments_that_nobody_serves_are_told(monkeypatch):
    away = {"status": "NOT_READY", "last_polled": "2026-11-27T19:12:32.3Z"}
    rows = [one | away for one in well().values()]
    [(_, verdict, found)] = on_the_server(monkeypatch, rows)
    assert verdict == "wrong"
    assert (
        found
        == "no process takes up runs of digest, ingest, lage, notify, recode, tend (last seen 2026-11-27 19:12 UTC)"
    )


def test_what_is_paused_is_told(monkeypatch):
    rows = well()
    rows["digest"]["paused"] = True
    assert on_the_server(monkeypatch, rows.values()) == [("flows", "note", "paused: digest")]


def test_a_schedule_that_is_not_the_settings_is_told(monkeypatch):
    """As that of a work pool, which stands in another file."""
    rows = well()
    plan = Settings(schedule={"ingest": "*/5 * * * *"})
    assert on_the_server(monkeypatch, rows.values(), settings=plan) == [
        ("flows", "note", "ingest runs by '*/10 * * * *' (UTC), the settings say '*/5 * * * *' (UTC)")
    ]
    rows["ingest"]["schedules"] = []
    [(_, _, found)] = on_the_server(monkeypatch, rows.values())
    assert found == "ingest runs by nothing, the settings say '*/10 * * * *' (UTC)"


def test_automations_that_are_not_there_or_off_or_tell_nobody_are_told(monkeypatch):
    assert on_the_server(monkeypatch, well().values(), AUTOMATIONS[1:]) == [
        ("automations", "wrong", "not on the Prefect server: zombie runs")
    ]
    off = (*AUTOMATIONS[:2], automation("dead man's switch", enabled=False))
    assert on_the_server(monkeypatch, well().values(), off) == [
        ("automations", "note", "switched off: dead man's switch")
    ]
    silent = (
        AUTOMATIONS[0],
        automation("trouble in a run", "do-nothing"),
        automation("dead man's switch", "do-nothing"),
    )
    assert on_the_server(monkeypatch, well().values(), silent) == [
        ("automations", "note", "trouble in a run and silence are told to nobody")
    ]


def test_a_notification_block_that_is_not_there_is_told(monkeypatch):
    plan = Settings(schedule={"notify_block": "slack-webhook/oncall"})
    rows = well().values()
    assert on_the_server(monkeypatch, rows, settings=plan) == [
        ("automations", "wrong", "the Prefect server has no block slack-webhook/oncall")
    ]
    [(_, verdict, _)] = on_the_server(monkeypatch, rows, settings=plan, **{BLOCK: {"id": "1"}})
    assert verdict == "fine"


def test_the_doctor_names_by_which_names_the_room_is_asked_and_warns_of_any():
    named = Settings(room_url="https://depesche.haus.example", room_hosts=("lesesaal.haus.example",))
    (told,) = checked("reading room", named)
    assert (told.verdict, "depesche.haus.example, lesesaal.haus.example" in told.found) == (Verdict.FINE, True)
    assert "room_hosts" in told.advice

    (told,) = checked("reading room", Settings(room_hosts=("*",)))
    assert (told.verdict, "any name" in told.found) == (Verdict.NOTE, True)


@pytest.fixture
def weights(monkeypatch: pytest.MonkeyPatch):
    """What the doctor says of the weights of the package, and of nothing else."""
    monkeypatch.setattr(doctor, "CHECKS", {"weights": doctor.CHECKS["weights"]})
    return lambda: doctor.examine(Settings())


def test_a_whole_package_is_fine(weights):
    (found,) = weights()

    assert found.verdict is Verdict.FINE
    assert "sha256" in found.found


def test_a_missing_network_is_said(weights, monkeypatch, tmp_path):
    """Articles are then coded by the linear models alone, without a word."""
    monkeypatch.setattr(network, "PATH", tmp_path / "network.npz")

    assert [(found.verdict, found.found) for found in weights()] == [
        (Verdict.WRONG, "the network's weights are missing")
    ]


def test_a_missing_encoder_is_said(weights, monkeypatch):
    monkeypatch.setattr(contextual, "encoder", lambda: None)

    assert [(found.verdict, found.found) for found in weights()] == [
        (Verdict.WRONG, "the encoder's weights are missing")
    ]


def of_another_version(path: Path) -> None:
    np.savez(path, layout="another")


def half_copied(path: Path) -> None:
    path.write_bytes(judge.PATH.read_bytes()[:100_000])


@pytest.mark.parametrize(
    ("module", "load", "broken"),
    [(network, network._weights, of_another_version), (judge, judge.judge, half_copied)],
    ids=["network", "judge"],
)
def test_weights_that_cannot_be_used_are_said(weights, monkeypatch, tmp_path, module, load, broken):
    """Each article of the matter would break."""
    broken(tmp_path / module.PATH.name)
    monkeypatch.setattr(module, "PATH", tmp_path / module.PATH.name)
    load.cache_clear()
    found: list[Checked] = list(weights())
    load.cache_clear()

    assert [one.verdict for one in found] == [Verdict.WRONG]
    assert found[0].found.startswith("they cannot be used: ")
    assert found[0].advice.startswith("reinstall the package")


def test_of_weights_that_were_changed_and_cannot_be_used_the_file_is_named(weights, monkeypatch, tmp_path):
    """The check ended at the library's error before it asked which file is not the package's."""
    half_copied(tmp_path / "judge.npz")
    monkeypatch.setattr(judge, "PATH", tmp_path / "judge.npz")
    monkeypatch.setattr(doctor.configured, "_changed_data", lambda: ["judge.npz"])
    judge.judge.cache_clear()
    (found,) = weights()
    judge.judge.cache_clear()

    assert found.found == "1 data files are not those of the package: judge.npz"
    assert found.advice.startswith("reinstall the package")
