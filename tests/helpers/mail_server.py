"""A mail server for the tests, with a memory: it takes what comes, but for the recipients that it does not know."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import MappingProxyType

REPLIES = MappingProxyType(
    {b"EHLO": b"250-here\r\n250 AUTH PLAIN LOGIN", b"HELO": b"250 here", b"AUTH": b"235 in", b"QUIT": b"221 bye"}
)


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, certificate: Path | None = None, *, mode: str = "insecure") -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mode = mode
        """as Apprise calls it: insecure, starttls or ssl (from the first byte on)"""
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if certificate else None
        if self.tls is not None and certificate is not None:
            self.tls.load_cert_chain(certificate)
        self.unknown = set[str]()
        self.forgets = 0
        """so many mails are taken and not answered"""
        self.got: list[tuple[str, EmailMessage]] = []
        self.longest_line = 0
        """bytes of the longest line of all mails"""

    def channel_url(self, *recipients: str) -> str:
        scheme = "mailto" if self.tls is None else "mailtos"
        where = f"127.0.0.1:{self.server_address[1]}?smtp=127.0.0.1&mode={self.mode}"
        return f"{scheme}://us:secret@{where}&from=us@haus.example&to={','.join(recipients)}"

    @property
    def recipients(self) -> list[str]:
        return [name for name, _ in self.got]


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        try:
            if self.server.mode == "ssl":
                self._encrypt()
            self._talk()
        except OSError:  # whoever does not trust the certificate hangs up
            return
        finally:
            self.connection.close()

    def _encrypt(self) -> None:
        assert self.server.tls is not None
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb", -1), self.connection.makefile("wb", 0)

    def _talk(self) -> None:
        self._say(b"220 here")
        to: list[str] = []
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"STAR":
                self._say(b"220 go ahead")
                self._encrypt()
            elif verb == b"EHLO" and self.server.mode == "starttls" and not isinstance(self.connection, ssl.SSLSocket):
                self._say(b"250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN")
            elif verb == b"RCPT":
                name = line.decode("ascii").partition("<")[2].partition(">")[0]
                known = name not in self.server.unknown
                to += [name] if known else []
                self._say(b"250 yes" if known else b"550 no such user")
            elif verb == b"DATA":
                self._say(b"354 go on")
                lines = list(self._lines())
                self.server.longest_line = max(self.server.longest_line, *(len(each.rstrip(b"\r\n")) for each in lines))
                mail = message_from_bytes(b"".join(lines), policy=policy.default)
                self.server.got += [(name, mail) for name in to]
                to = []
                if self.server.forgets:
                    self.server.forgets -= 1
                    return
                self._say(b"250 taken")
            else:
                self._say(REPLIES.get(verb, b"250 well"))

    def _lines(self) -> Iterator[bytes]:
        for line in iter(self.rfile.readline, b".\r\n"):
            yield line.removeprefix(b".") if line.startswith(b"..") else line

    def _say(self, reply: bytes) -> None:
        self.wfile.write(reply + b"\r\n")


@contextmanager
def mail_server(certificate: Path | None = None, *, mode: str = "insecure") -> Iterator[MailServer]:
    with MailServer(certificate, mode=mode) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()
