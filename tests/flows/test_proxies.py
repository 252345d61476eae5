"""A house with a proxy: what is asked past it all the same, and that the operator is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from flows import doctor
from flows.doctor import Verdict
from flows.fetching import Fetcher, Limits
from flows.local_server import environment
from flows.settings import Channel, Settings


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"<rss/>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def servers() -> Iterator[list[ThreadingHTTPServer]]:
    """A proxy, and a server that is to be asked past it."""
    made = [ThreadingHTTPServer(("127.0.0.1", 0), Answering) for _ in range(2)]
    for each in made:
        each.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=each.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield made
    for each in made:
        each.shutdown()
        each.server_close()


def in_the_house_of(monkeypatch: pytest.MonkeyPatch, proxy: ThreadingHTTPServer) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://us:geheim@127.0.0.1:{proxy.server_address[1]}")


def test_the_flows_look_for_a_server_of_this_machine_on_this_machine(servers, monkeypatch):
    """`make demo` and `make run` ended with "Failed to reach API": Prefect's client asked the proxy for 127.0.0.1."""
    proxy, server = servers
    in_the_house_of(monkeypatch, proxy)
    monkeypatch.setenv("no_proxy", "intern.example")

    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    with httpx.Client() as client:  # as Prefect's
        assert client.get(f"http://127.0.0.1:{server.server_address[1]}/api/health").status_code == 200

    assert (proxy.asked, server.asked) == ([], ["/api/health"])
    assert environment()["no_proxy"].startswith("intern.example,")


async def test_feeds_are_asked_past_a_proxy_and_the_doctor_says_so(servers, monkeypatch):
    proxy, server = servers
    in_the_house_of(monkeypatch, proxy)
    where = f"127.0.0.1:{server.server_address[1]}"

    async with Fetcher(contact="a@b.example", limits=Limits(allow=(where,))) as fetcher:
        await fetcher.fetch(f"http://{where}/feed")

    assert (proxy.asked, server.asked) == ([], ["/feed"])
    (told,) = doctor.CHECKS["proxies"](Settings())
    assert told.verdict is Verdict.NOTE
    assert told.found.startswith("HTTPS_PROXY, HTTP_PROXY, http_proxy, https_proxy: feeds, pages, webhooks")
    assert "geheim" not in told.found


@pytest.mark.parametrize(
    ("url", "excepted", "warned"),
    [
        ("http://prefect.haus.example:4200/api", "", True),
        ("http://prefect.haus.example:4200/api", "haus.example", False),
        ("http://127.0.0.1:4200/api", "", False),
    ],
)
def test_a_prefect_server_that_would_be_looked_for_behind_the_proxy_is_named(monkeypatch, url, excepted, warned):
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", excepted)
    monkeypatch.setenv("PREFECT_API_URL", url)

    advice = [one.advice for one in doctor.CHECKS["proxies"](Settings())]
    assert ("name prefect.haus.example in NO_PROXY" in advice) is warned


def test_without_a_proxy_nothing_is_said_of_one(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "")
    assert list(doctor.CHECKS["proxies"](Settings())) == []
    assert "NO_PROXY" not in environment()


def test_a_file_of_authorities_that_cannot_be_used_is_told(monkeypatch, tmp_path):
    """OpenSSL passes over it without a word, and each https fails as if nobody were trusted."""
    (tmp_path / "empty.pem").write_text("nothing\n", "utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "empty.pem"))

    told = list(doctor.CHECKS["certificates"](Settings()))
    assert [one.verdict for one in told] == [Verdict.WRONG] * 2
    assert told[0].found == f"SSL_CERT_FILE: {tmp_path}/gone.pem: No such file or directory"
    assert told[1].found == f"REQUESTS_CA_BUNDLE: {tmp_path}/empty.pem: there is no certificate in it"


def test_that_apprise_goes_by_a_list_of_its_own_is_told_where_it_matters(monkeypatch, house):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(house.trusted))
    post = Settings(channels={"post": Channel(kind="apprise", url="jsons://x.example")})  # type: ignore[arg-type]

    assert list(doctor.CHECKS["certificates"](Settings())) == []
    (told,) = doctor.CHECKS["certificates"](post)
    assert (told.verdict, "REQUESTS_CA_BUNDLE" in told.advice) == (Verdict.NOTE, True)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(house.trusted))
    assert list(doctor.CHECKS["certificates"](post)) == []
