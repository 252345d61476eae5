"""Mail and https with certificates of a house's own: trusted as an operator would, and what is said where they are wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from certificates import House
from mail_server import mail_server
from tiny_site import Clock

from extractors.model import Alert
from flows import doctor, steps
from flows.alerts.channels import AppriseChannel, Failed, Message
from flows.desk import open_desk
from flows.settings import Channel, Settings
from flows.web.reasons import in_german
from storage.archive import opened

# A module that Apprise imports itself.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


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
        outcome = await channel.send(Message(key="k", title="T", body="B"), datetime(2028, 1, 10, tzinfo=UTC))
    assert outcome == Failed(reason=f"the service did not take the message; {reason}")
    assert in_german(outcome.reason).startswith("der Dienst nahm die Meldung nicht an; Zertifikat: unable")
