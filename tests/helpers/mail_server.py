"""A mail server for the tests, with a memory: it takes what comes, but for the recipients that it does not know."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import MappingProxyType

REPLIES = MappingProxyType(
    {b"EHLO": b"250-here\r\n250 AUTH PLAIN LOGIN", b"HELO": b"250 here", b"AUTH": b"235 in", b"QUIT": b"221 bye"}
)


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.unknown = set[str]()
        self.forgets = 0
        """so many mails are taken and not answered"""
        self.got: list[tuple[str, EmailMessage]] = []
        self.longest_line = 0
        """bytes of the longest line of all mails"""

    def channel_url(self, *recipients: str) -> str:
        where = f"127.0.0.1:{self.server_address[1]}?smtp=127.0.0.1&mode=insecure"
        return f"mailto://us:secret@{where}&from=us@haus.example&to={','.join(recipients)}"

    @property
    def recipients(self) -> list[str]:
        return [name for name, _ in self.got]


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say(b"220 here")
        to: list[str] = []
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT":
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
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()
