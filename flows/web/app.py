"""The reading room's routes. Reads by GET; writes only by POST, with the token's session and a form of our own."""

from __future__ import annotations

import gc
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from zoneinfo import ZoneInfo

import jinja2
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractors.model import BERLIN, SURE
from extractors.ontology import EventType, Status, modes, quad
from extractors.urls import redacted
from flows.alerts import links
from flows.guarding import ANY, guarded
from flows.web import answering, answers, asking, between, downloads, matrices, reviews, searching, sessions
from flows.web.asking import Elsewhere, Look, NotFound, Unreadable
from flows.web.wording import QUADS, Words
from storage.engine import NoArchive, SchemaError, reading, require_current

log = logging.getLogger("depesche.room")

HERE = Path(__file__).parent
LONGEST_FORM = 16_384
"""Bytes; a review form has a few hundred."""
HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: a browser would then call the origin of our own forms "null". Publishers learn nothing either way.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "private, no-cache",
}
"""On every answer. Nothing is loaded from elsewhere and no script runs, so a headline cannot do harm even if escaping failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What the reading room works with. Without a token nobody can write."""

    engine: Engine
    token: str = field(default="", repr=False)
    language: str = "de"
    zone: ZoneInfo = BERLIN
    link_secret: str = field(default="", repr=False)
    """signs the links in alerts; without one nobody can answer them"""
    address: str = ""
    """where the public reaches it; for links in the feed and the cookie's Secure flag"""
    hosts: frozenset[str] = frozenset({ANY})
    """names by which it may be asked, beside addresses and names without a dot; see `guarding`"""
    printed: bool = False
    """a static copy: no forms"""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def create_app(room: Room) -> Starlette:
    """The reading room as an ASGI application."""
    desk = _Desk(room)
    routes = [
        *(Route(path, desk.page(template, answer), methods=["GET"]) for path, template, answer in PAGES),
        *(
            Route(path, desk.download(path, media, write), methods=["GET"])
            for path, media, _, write in downloads.DOWNLOADS
        ),
        Route("/health", desk.health, methods=["GET"]),
        Route("/login", desk.login_page, methods=["GET"]),
        Route("/login", desk.login, methods=["POST"]),
        Route("/logout", desk.logout, methods=["POST"]),
        Route("/review", desk.review_page, methods=["GET"]),
        Route("/people", desk.people_page, methods=["GET"]),
        *(Route(path, desk.form(do), methods=["POST"]) for path, do in FORMS),
        Route("/answers/{ticket}", desk.answer_page, methods=["GET"]),
        Route("/answers/{ticket}", desk.answer, methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(_Headers),
            Middleware(guarded, names=room.hosts, setting="room_url and room_hosts"),
        ],
        exception_handlers={
            HTTPException: desk.refused,
            SQLAlchemyError: desk.broken,
            SchemaError: desk.broken,
            Exception: desk.failed,
        },
    )


YOUNG = 20_000
"""objects after which the collector looks for circles: a page makes many times as many, and hardly a circle"""


def settle() -> None:
    """For a process that serves the room and does nothing else: what is loaded stays, and is not walked over time and again.

    That took a quarter of the time of a page that reads thousands of events.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


PAGES: tuple[tuple[str, str, Any], ...] = (
    ("/", "overview.html", answers.overview),
    ("/acts", "acts.html", answers.acts),
    ("/acts/{uid}", "act.html", answers.act),
    ("/articles", "articles.html", answers.articles),
    ("/articles/{article_id:int}", "article.html", answers.article),
    ("/events/{uid}", "event.html", answers.event),
    ("/actors", "actors.html", answers.actors),
    ("/actors/{code}", "actor.html", answers.actor),
    ("/dyads", "dyads.html", between.dyad_list),
    ("/dyads/matrix", "matrix.html", matrices.matrix),
    ("/dyads/{one}/{other}", "dyad.html", between.dyad),
    ("/calendar", "calendar.html", answers.calendar),
    ("/demands", "demands.html", answers.demands),
    ("/stories", "stories.html", answers.stories),
    ("/stories/{uid}", "story.html", answers.story),
    ("/search", "search.html", searching.search),
    ("/lage", "week.html", answers.week),
    ("/voices", "voices.html", answers.voices),
    ("/barometer", "barometer.html", answers.barometer),
    ("/feeds", "feeds.html", answers.feeds),
    ("/exports", "exports.html", downloads.page),
)
"""Every page that is only read: path, template, and what it shows."""

FORMS: tuple[tuple[str, Callable[..., str]], ...] = (
    ("/people", reviews.said_of),
    ("/events/{uid}/review", reviews.correct),
    ("/samples/{number:int}", reviews.sampled),
    ("/acts/{uid}/merge", reviews.merge),
    ("/corrections/{number:int}/withdraw", reviews.withdraw),
)
"""What may be written by who is signed in: path, and what does it and tells the page to show then."""


class _Desk:
    """The room with its templates, and the few things that are remembered between requests."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.words = Words(room.language, room.zone)
        self.throttle = sessions.Throttle()
        self.templates = templates(self.words)

    def reading(self) -> AbstractContextManager[Connection]:
        return reading(self.room.engine)

    @contextmanager
    def looking(self, request: Request) -> Iterator[Look]:
        """What a page or a file is made of. Raises HTTPException for what is not there, and for what cannot be read."""
        with self.reading() as connection:
            try:
                yield asking.look(connection, self.words, self.room.now(), dict(request.query_params))
            except NotFound:
                raise HTTPException(404) from None
            except Unreadable as error:
                raise HTTPException(400, str(error)) from None

    def page(self, template: str, answer: Any) -> Callable[[Request], Response]:
        def respond(request: Request) -> Response:
            _may_be_there(request)
            with self.looking(request) as at:
                try:
                    context = answer(at, **request.path_params)
                except Elsewhere as moved:
                    asked = request.url.query
                    return RedirectResponse(f"{moved.path}?{asked}" if asked else moved.path, 301)
            return self.render(request, template, day=at.day, at=at, **context)

        return respond

    def download(self, path: str, media: str, write: Any) -> Callable[[Request], Response]:
        def respond(request: Request) -> Response:
            with self.looking(request) as at:
                downloads.refuse_others(at, path)
                downloads.refuse_strangers(at)
                pieces = list(write(at, self.room.address))
            body = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
            # Of the bytes: a last change that the archive noted would move with each pass, or miss a recode or a review.
            tag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
            if _has_it(request, tag):
                return Response(status_code=304, headers={"etag": tag})
            return Response(body, media_type=media, headers={"etag": tag})

        return respond

    def render(self, request: Request, template: str, status: int = 200, **context: Any) -> Response:
        now = self.room.now()
        session = self.session(request)
        context = {
            "path": request.url.path,
            "now": now,
            "session": session,
            "writable": bool(self.room.token) and not self.room.printed,
            "printed": self.room.printed,
            "address": self.room.address,
            "done": request.query_params.get("done", ""),
            "detail": "",
            "note": "",
            "retry": "",
            "day": now.astimezone(self.room.zone).date(),
            **context,
        }
        return HTMLResponse(self.templates.get_template(template).render(context), status)

    def session(self, request: Request) -> sessions.Session | None:
        cookie = request.cookies.get(sessions.COOKIE, "")
        return sessions.session_of(cookie, self.room.token, self.room.now()) if cookie else None

    # Trouble

    def refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        message = {
            400: "Diese Anfrage ist so nicht lesbar.",
            401: "Bitte zuerst anmelden.",
            403: "Die Anmeldung ist abgelaufen oder das Formular stammt nicht von hier. Bitte neu laden.",
            404: "Das gibt es hier nicht.",
            405: "Das ist hier nicht erlaubt.",
            409: "Dieses Ereignis gilt nicht mehr.",
        }.get(error.status_code, "Diese Anfrage ist so nicht lesbar.")
        detail = error.detail if error.status_code == 400 else ""
        note = self.words(error.detail) if isinstance(error, _DeadLink) else ""
        asked = error.status_code == 400 and request.method == "GET" and request.url.query
        retry = request.url.path if asked else ""
        answer = self.render(
            request,
            "trouble.html",
            error.status_code,
            message=self.words(message),
            detail=detail,
            note=note,
            retry=retry,
        )
        answer.headers.update(error.headers or {})  # 405 names the methods that are allowed
        return answer

    def broken(self, request: Request, error: Exception) -> Response:
        """The archive is away, or was upgraded under this room, which reads and writes it as it was."""
        if told := self._of_another_version():
            log.error("%s", told)
            note = self.words("Es gehört zu einer anderen Fassung von Depesche als dieser Lesesaal.")
        else:
            log.error("the archive does not answer: %s", type(error).__name__, exc_info=error)
            note = ""
        message = self.words("Das Archiv antwortet nicht.")
        return self.render(request, "trouble.html", 503, message=message, note=note)

    def _of_another_version(self) -> str:
        """What to say of an archive whose schema is not this version's; nothing of one that has it, or does not answer."""
        try:
            require_current(self.room.engine)
        except SchemaError as error:
            return "" if isinstance(error, NoArchive) else str(error)
        except SQLAlchemyError:
            return ""
        return ""

    def failed(self, request: Request, error: Exception) -> Response:
        """A fault of ours. Told outside the middleware, and so with the headers put on here."""
        log.error("a page failed: %s", request.url.path, exc_info=error)
        answer = self.render(request, "trouble.html", 500, message=self.words("Hier ist etwas schiefgegangen."))
        answer.headers.update(HEADERS)
        return answer

    def health(self, request: Request) -> Response:
        """For probes: whether the archive answers and has our schema, and when the last pass ended."""
        from storage.runs import Logbook

        if told := self._of_another_version():
            log.error("%s", told)
            return JSONResponse({"status": "the archive is of another version than this reading room"}, 503)
        try:
            with self.reading() as connection:
                book = Logbook(connection)
                last, incidents = book.last_finished("ingest"), book.incidents(limit=None)
        except SQLAlchemyError as error:
            log.error("the archive does not answer: %s", error)
            return JSONResponse({"status": "the archive does not answer"}, 503)
        return JSONResponse(
            {"status": "ok", "last_pass": last.isoformat() if last else None, "open_incidents": len(incidents)}
        )

    # Writing

    def login_page(self, request: Request) -> Response:
        self._writable()
        return self.render(request, "login.html", problem="")

    async def login(self, request: Request) -> Response:
        self._writable()
        now = self.room.now()
        if not self._from_here(request):
            raise HTTPException(403)
        form = await _form(request)
        author = " ".join(form.get("author", "").split())[:60]
        status, problem = self._problem(form.get("token", ""), author, now)
        if problem:
            return self.render(request, "login.html", status, problem=self.words(problem))
        answer = RedirectResponse("/review", 303)
        secure = request.url.scheme == "https" or self.room.address.startswith("https:")
        answer.set_cookie(
            sessions.COOKIE,
            sessions.issue(author, self.room.token, now),
            max_age=int(sessions.LASTS.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=secure,
        )
        return answer

    def _problem(self, token: str, author: str, now: datetime) -> tuple[int, str]:
        """Why nobody is let in, or nothing."""
        if self.throttle.closed(now):
            return 429, "Zu viele Versuche. Bitte eine Minute warten."
        if not sessions.right_token(token, self.room.token):
            self.throttle.missed(now)
            return 403, "Das Zugangswort stimmt nicht."
        return (303, "") if author else (400, "Bitte einen Namen angeben.")

    async def logout(self, request: Request) -> Response:
        await self._signed(request)
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(sessions.COOKIE, httponly=True, samesite="strict")
        return answer

    def review_page(self, request: Request) -> Response:
        return self._for_reviewers(request, "review.html", reviews.queue)

    def people_page(self, request: Request) -> Response:
        return self._for_reviewers(request, "people.html", reviews.people_known)

    def _for_reviewers(self, request: Request, template: str, answer: Callable[[Look], dict[str, Any]]) -> Response:
        self._writable()
        if self.session(request) is None:
            return RedirectResponse("/login", 303)
        with self.looking(request) as at:
            context = answer(at)
        return self.render(request, template, **context)

    def form(self, do: Callable[..., str]) -> Callable[[Request], Awaitable[Response]]:
        """A form for who is signed in: `do` gets the archive, what the path names, the fields, the author and the time."""

        async def respond(request: Request) -> Response:
            session, fields = await self._signed(request)
            named = request.path_params.values()
            return await self._written(lambda: do(self.room.engine, *named, fields, session.author, self.room.now()))

        return respond

    # Answers to alerts

    def answer_page(self, request: Request) -> Response:
        """What a link in an alert opens. It changes nothing: mail scanners and chat previews open it too."""
        ticket = self._ticket(request)
        with self.reading() as connection:
            context = answering.page(connection, ticket, request.query_params.get("do", ""), self.room.now())
        if context is None:
            raise _DeadLink
        return self.render(request, "answer.html", **context)

    async def answer(self, request: Request) -> Response:
        ticket = self._ticket(request)
        if not self._from_here(request):
            raise HTTPException(403)
        form = await _form(request)

        def write() -> str:
            answering.answer(self.room.engine, ticket, form, self.room.now())
            return f"{request.url.path}?done=1"

        return await self._written(write)

    async def _written(self, write: Callable[[], str]) -> Response:
        from storage.reviewing import NotThere

        try:
            where = await run_in_threadpool(write)
        except NotThere:
            raise HTTPException(409) from None
        except Unreadable as error:
            raise HTTPException(400, self.words.reason(str(error))) from None
        return RedirectResponse(where, 303)

    def _ticket(self, request: Request) -> links.Ticket:
        try:
            return links.read(request.path_params["ticket"], self.room.link_secret, self.room.now())
        except links.BadLink:
            raise _DeadLink from None

    def _from_here(self, request: Request) -> bool:
        return sessions.from_here(request.headers.items(), request.headers.get("host", ""), self.room.hosts)

    def _writable(self) -> None:
        if not self.room.token or self.room.printed:
            raise HTTPException(404)

    async def _signed(self, request: Request) -> tuple[sessions.Session, dict[str, str]]:
        """The session and the form of a POST that may write. Raises HTTPException 401 or 403."""
        self._writable()
        _may_be_there(request)
        session = self.session(request)
        if session is None:
            raise HTTPException(401)
        form = await _form(request)
        if not self._from_here(request) or not sessions.right_form(form.get("csrf", ""), session):
            raise HTTPException(403)
        return session, form


class _DeadLink(HTTPException):
    """A link of an alert that opens nothing. The same is told of one that is old, forged, or of an alert that is gone."""

    def __init__(self) -> None:
        super().__init__(404, "Der Link einer Meldung gilt dreißig Tage. Dieser ist älter, oder er kam nicht ganz an.")


def _has_it(request: Request, tag: str) -> bool:
    """Whether who asks has these bytes already. A proxy that compresses makes a tag weak (RFC 9110, 13.1.2)."""
    given = ",".join(request.headers.getlist("if-none-match")).split(",")
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in given)


def _may_be_there(request: Request) -> None:
    """Raises HTTPException 404 for a path that names what no database can be asked for."""
    for value in request.path_params.values():
        if value >= 2**63 if isinstance(value, int) else "\x00" in value:
            raise HTTPException(404)


async def _form(request: Request) -> dict[str, str]:
    """A form's fields. Raises HTTPException for anything longer or other than our forms."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        raise HTTPException(400)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            raise HTTPException(413)
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=40))
    except ValueError:
        raise HTTPException(400) from None
    if any("\x00" in value for value in fields.values()):  # PostgreSQL cannot keep it
        raise HTTPException(400)
    return fields


class _Headers:
    """Puts the security headers on every answer, refusals and static files too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if scope["path"].startswith("/static/"):
                    headers["cache-control"] = "public, max-age=3600"
            await send(message)

        handler: Callable[[Message], Awaitable[None]] = with_headers
        await self.app(scope, receive, handler)


def templates(words: Words) -> jinja2.Environment:
    """The templates. Everything is escaped unless it is Markup, which only `charts` makes."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(w=words, types=tuple(EventType), statuses=tuple(Status), modes=modes, SURE=SURE)
    environment.filters.update(segment=_segment, outside=outside, tone=tone, host=_host, redacted=redacted)
    return environment


def _segment(value: object) -> str:
    """A value as one segment of a path."""
    return quote(str(value), safe="")


def outside(url: str) -> str:
    """The address if it is one that a browser may follow to a publisher, else nothing.

    >>> outside("https://example.org/a"), outside("javascript:alert(1)"), outside("//evil")
    ('https://example.org/a', '', '')
    """
    return url if url.lower().startswith(("http://", "https://")) else ""


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def tone(type_: EventType | str) -> str:
    """The name of an event type's colour in room.css: its quad class."""
    return QUADS[quad(EventType(type_))]
