"""Mail and https with certificates of a house's own: trusted as an operator would, and what is said where they are wrong."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiohttp.connector import _make_ssl_context
from mail_server import mail_server
from tiny_site import Clock

from extractors.model import Alert
from flows import doctor, steps
from flows.alerts.channels import AppriseChannel, Delivered, Failed, Message, WebhookChannel
from flows.desk import open_desk
from flows.fetching import Fetcher, FetchError, Limits
from flows.settings import Channel, Settings
from flows.web.reasons import in_german
from storage.archive import opened

NOW = datetime(2028, 1, 10, tzinfo=UTC)

# A module that Apprise imports itself.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def hurried(channel: AppriseChannel) -> AppriseChannel:
    """It does not wait between two messages, as Apprise would, on the machine's clock."""
    for service in channel._services.values():
        service.request_rate_per_sec = 0
    return channel


def mailing(tmp_path: Path, url: str) -> Settings:
    archive = f"sqlite:///{tmp_path}/archive.sqlite"
    channel = Channel(kind="apprise", url=url)  # type: ignore[arg-type]
    return Settings(contact="test@depesche.example", database=archive, channels={"mail": channel})  # type: ignore[arg-type]


@pytest.mark.usefixtures("quick_desks")
@pytest.mark.parametrize("mode", ["starttls", "ssl"])
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("elsewhere", "certificate: IP address mismatch, certificate is not valid for '127.0.0.1'"),
        ("expired", "certificate: certificate has expired"),
    ],
)
async def test_a_mail_waits_while_the_servers_certificate_is_wrong_and_says_why(
    tmp_path, monkeypatch, house, mode, kind, reason
):
    """It said that the service did not take the message, to the operator and to the doctor alike."""
    monkeypatch.setenv("SSL_CERT_FILE", str(house.trusted))
    clock = Clock()
    with mail_server(house.server(kind), mode=mode) as server:
        settings = mailing(tmp_path, server.channel_url("a@haus.example"))
        async with open_desk(settings, now=clock) as desk:
            hurried(desk.channels["mail"])
            with opened(desk.engine) as archive:
                archive.outbox.queue([Alert(key="w:1", watch="w", title="T", body="B")], ["mail"], clock())
            assert (await steps.deliver(desk)).delivery_trouble == 1
            (found,) = doctor.CHECKS["deliveries"](settings)
            assert (found.verdict, server.got) == (doctor.Verdict.WRONG, [])
            assert (
                f"mail does not take what waits for it: the service did not take the message; {reason}" in found.found
            )

            server.tls.load_cert_chain(house.server())  # the operator of the mail server mends it
            clock.advance(hours=1)
            assert (await steps.deliver(desk)).delivered == 1
            assert list(doctor.CHECKS["deliveries"](settings)) == []
    assert server.recipients == ["a@haus.example"]


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("starttls", "certificate: unable to get local issuer certificate"),
        ("ssl", "certificate: unable to get local issuer certificate"),
    ],
)
async def test_a_certificate_of_nobody_whom_we_trust_is_named_as_the_reason(house, mode, reason):
    with mail_server(house.server(), mode=mode) as server:
        channel = AppriseChannel(server.channel_url("a@haus.example"))
        outcome = await channel.send(Message(key="k", title="T", body="B"), NOW)
    assert outcome == Failed(reason=f"the service did not take the message; {reason}")
    assert in_german(outcome.reason).startswith("der Dienst nahm die Meldung nicht an; Zertifikat: unable")


class Taking(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._said(b"<rss/>")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._said(b"")

    def _said(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def https(certificate: Path) -> Iterator[str]:
    """Host and port of a server that answers everything."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # whoever does not trust it hangs up
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(
    ("kind", "trusted", "reason"),
    [
        ("good", True, ""),
        ("good", False, "unable to get local issuer certificate"),
        ("elsewhere", True, "IP address mismatch, certificate is not valid for '127.0.0.1'."),
        ("expired", True, "certificate has expired"),
    ],
)
async def test_feeds_and_webhooks_over_https_go_by_the_authorities_that_the_operator_names(
    monkeypatch, house, kind, trusted, reason
):
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(house.trusted))
    # Once for a process and from its variables: aiohttp's context is a program's that starts now.
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", _make_ssl_context(True))
    with https(house.server(kind)) as where:
        async with Fetcher(contact="a@b.example", limits=Limits(allow=(where,))) as fetcher:
            hook = WebhookChannel(f"https://{where}/hook", "geheim", fetcher.post)
            outcome = await hook.send(Message(key="k", title="T", body="B"), NOW)
            try:
                told = str((await fetcher.fetch(f"https://{where}/feed")).url)
            except FetchError as error:
                told = str(error)
    assert outcome == (Failed(reason=f"tls: {reason}") if reason else Delivered())
    assert told == (f"tls: {reason}" if reason else f"https://{where}/feed")
