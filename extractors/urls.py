"""What a URL is about: its clean form, the article it names, and whether that article should be fetched (again).

Identity is the publisher's own key in the URL (`stem`), never the title: newspapers retitle, move and duplicate articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from extractors.model import FeedEntry

MAX_URL = 2000
"""characters; longer ones are refused: no publisher needs them, logs and indexes suffer"""


class UrlError(ValueError):
    """The URL cannot be fetched by anyone honest; `reason` is a row name such as `scheme` or `credentials`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# --- the clean form ---------------------------------------------------------------------------------------------------

TRACKING = re.compile(
    r"""^(?:
      utm_\w+ | mtm_\w+ | pk_\w+ | at_\w+ | hsa_\w+ | ns_\w+ | vero_\w+ | oly_\w+    # campaign families
      | wt_(?:mc|zmc|ref|t) | maca | xtor | cmpid | cmp | campaign | ocid | icid     # analytics of German houses
      | fbclid | gclid | dclid | msclkid | twclid | yclid | igshid | gbraid | wbraid | mc_[ce]id | srsltid
      | ref | ref_src | ref_url | referrer | refsrc | reduced | source | feed | rss | from_?rss | sara_(?:ref|ecid|rref)
      | share | shared | smid | sc_src | sc_[cl]id | s_cid | linkid | link_?source | partner | zanpid | ftag | ito
      | eref | kxref | r | xing_share | socialshare | cid_source | nlid | newsletter | code_src
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
"""Query parameters that say how a reader came here, not what is shown."""

AMP_VALUES = frozenset({("outputtype", "amp"), ("amp", ""), ("amp", "1"), ("amp", "true"), ("view", "amp")})
VARIANT_HOST = re.compile(r"^(?:m|mobil|mobile|amp|touch)\.(?=[\w-]+\.\w+$)")
"""`m.faz.net` is `www.faz.net` on a telephone. Only before a bare domain: `m.example.co.uk` is left alone."""
AMP_TAIL = re.compile(r"(?:/amp/?|\.amp)$|[.~]amp(?=\.html$)", re.IGNORECASE)
AMP_HEAD = re.compile(r"^/amp(?=/)", re.IGNORECASE)
SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
"""A path parameter that is another one for each visitor (Java Servlet Specification 4.0, 7.1.3)."""
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\\ud800-\udfff]")
_SCHEMELESS = re.compile(r"www\.[\w-]+(?:\.[\w-]+)+/", re.IGNORECASE)
_ASCII = "".join(map(chr, range(33, 127)))
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.?$")


def checked(url: str) -> SplitResult:
    """The parts of a URL that may be asked for at all; raises UrlError with the reason.

    The host comes back lower-case and in ASCII (IDNA); whether its address is public is seen when connecting.
    """
    if len(url) > MAX_URL:
        raise UrlError("too long")
    if _FORBIDDEN.search(url):
        raise UrlError("forbidden character")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlError("malformed") from None
    if parts.scheme.lower() not in _DEFAULT_PORTS:
        raise UrlError("scheme")
    if parts.username is not None or parts.password is not None:
        raise UrlError("credentials")
    if not re.fullmatch(r"(?:[^\[\]]*|.*\](?::\d*)?)", parts.netloc):
        raise UrlError("malformed")
    host = _ascii_host(parts.hostname or "")
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme.lower()]:
        netloc = f"{netloc}:{port}"
    return parts._replace(scheme=parts.scheme.lower(), netloc=netloc)


def redacted(told: str) -> str:
    """A URL, or a sentence with one, for logs and readers: without credentials and the values of parameters that hold secrets.

    >>> redacted("lives at https://haus.example/feed?key=geheim now")
    'lives at https://haus.example/feed?key=*** now'
    """
    told = re.sub(r"//[^/?#@\s]*@", "//***@", told[:500])
    held = r"[\w-]*(?:token|secret|passw\w*|key|sig|signature|auth|code)"
    return re.sub(rf"(?i)([?&]{held}=)[^&#\s;]*", r"\1***", told)


def _ascii_host(host: str) -> str:
    if not host:
        raise UrlError("no host")
    if ":" in host:
        try:
            return str(IPv6Address(host))  # in one of its many spellings
        except ValueError:
            raise UrlError("malformed") from None
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            raise UrlError("malformed") from None
    if len(host) > 253 or not _HOST.match(host):
        raise UrlError("malformed")
    return host.rstrip(".")


def host_and_port(text: str) -> tuple[str, int]:
    """A host and the port beside it, as `checked` gives them; raises ValueError for what is no such pair.

    >>> host_and_port("Alerts.intern:8080"), host_and_port("[0:0:0::1]:80")
    (('alerts.intern', 8080), ('::1', 80))
    """
    named = re.fullmatch(r"(?P<host>[\w.-]+|\[(?P<six>[\w.:]+)\]):(?P<port>\d{1,5})", text.strip().lower())
    if named is None or not 0 < int(named["port"]) < 65536:
        raise ValueError(f"{text!r} is not an exact host:port pair such as 'alerts.intern:8080' or '[::1]:8080'")
    try:
        return _ascii_host(named["six"]) if named["six"] else named["host"], int(named["port"])
    except UrlError:
        raise ValueError(f"{text!r} has no address of IPv6 in its brackets, as '[::1]:8080' has") from None


def absolute(base: str, link: str) -> str:
    """A link of a document as an absolute http(s) URL that may be asked for; raises UrlError with the reason.

    >>> absolute("https://example.org/feed.xml", " a/1?x=1 ")
    'https://example.org/a/1?x=1'
    """
    url = joined(base, link)
    checked(url)
    return url


def joined(base: str, link: str) -> str:
    """`absolute` for a caller that goes on to `canonical`, which checks the same."""
    link = link.strip().replace(" ", "%20")
    if not link:
        raise UrlError("no link")
    if len(link) > MAX_URL:
        raise UrlError("too long")
    if link.startswith(("https://", "http://")):
        return link
    try:
        if _SCHEMELESS.match(link):  # a link that should be absolute, of which no path makes sense
            link = f"//{link}"
        return urljoin(base, link)
    except ValueError:
        raise UrlError("malformed") from None


def canonical(url: str) -> str:
    """The form of a URL by which it is compared: no tracking, no session, no fragment, no AMP or telephone variant.

    Raises UrlError. The scheme stays as it is: not every server answers on both.

    >>> canonical("HTTPS://M.Example.org:443/a/1?utm_source=rss&id=7#c")
    'https://www.example.org/a/1?id=7'
    """
    parts = checked(url)
    path = AMP_HEAD.sub("", AMP_TAIL.sub("", SESSION.sub("", _encoded(parts.path))))
    netloc = VARIANT_HOST.sub("www.", parts.netloc)
    clean = SplitResult(parts.scheme, netloc, path or "/", _kept(parts.query), "").geturl()
    if len(clean) > MAX_URL:
        raise UrlError("too long")
    return clean


def _encoded(path: str) -> str:
    """One spelling of a path: what need not be escaped is not, what must be is (RFC 3986, 6.2.2)."""
    if path.isascii() and "%" not in path:
        return path
    return "/".join(quote(unquote(piece, errors="surrogateescape"), safe="!$&'()*+,;=:@~-._", errors="surrogateescape")
                    for piece in path.split("/"))  # fmt: skip


def _kept(query: str) -> str:
    if not query:
        return ""
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = [(k, v) for k, v in pairs if not TRACKING.match(k) and (k.lower(), v.lower()) not in AMP_VALUES]
    return quote(query, safe=_ASCII) if kept == pairs else urlencode(kept, errors="surrogateescape")


# --- the article it names ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StemRule:
    """How a house writes its article key into a URL: `pattern` is searched in the path, group 1 is the key.

    House `*` is a system that several publishers use, each with numbers of its own: the host stands for the house.
    """

    house: str
    hosts: tuple[str, ...]
    pattern: re.Pattern[str]


def _rule(house: str, hosts: str, pattern: str) -> StemRule:
    return StemRule(house, tuple(hosts.split()), re.compile(pattern))


_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
STEM_RULES = (
    # Sophora: the last part of the path, a name with a number, is unique in the house; the folders before it change.
    _rule("tagesschau", "tagesschau.de", r"/([\w.-]+-\d{2,})(?:~\w+)?\.html$"),
    _rule("zdf", "zdf.de zdfheute.de heute.de", r"/([\w.-]+-\d{2,})(?:~\w+)?\.html$"),
    _rule("deutschlandfunk", "deutschlandfunk.de deutschlandfunkkultur.de deutschlandfunknova.de",
          r"/([\w.-]+-\d{2,})\.html$"),
    _rule("deutschlandfunk-alt", "deutschlandfunk.de deutschlandfunkkultur.de", r"dram:article_id=(\d+)"),
    _rule("*", "swr.de mdr.de wdr.de www1.wdr.de br.de hr.de hessenschau.de sportschau.de sr.de",
          r"/([\w.,-]+-\d{3,})(?:~\w+)?\.html$"),
    _rule("ndr", "ndr.de", r",([a-z]+-?\d+)\.html$"),
    _rule("br", "br.de", r",(\w{7})$"),
    _rule("dw", "dw.com", r"/((?:a|av|g|live|t|video)-\d+)/?$"),
    _rule("spiegel", "spiegel.de manager-magazin.de", rf"-(a-(?:{_UUID}|\d+))(?:\.html|-druck\.html)?/?$"),
    _rule("n-tv", "n-tv.de", r"(?:article|id)(\d{5,})\.html$"),
    _rule("standard", "derstandard.at derstandard.de", r"/(?:story|jetzt/livebericht)/(\d+)(?:/|$)"),
    _rule("orf", "orf.at news.orf.at", r"/stories/(\d+)(?:/|$)"),
    _rule("nzz", "nzz.ch", r"[.-]ld\.(\d+)(?:$|[/.])"),
    _rule("sz", "sueddeutsche.de sz.de", r"[-/.]((?:li\.|1\.)\d+|lux\.\w{16,30}|dpa\.urn-newsml-[\w.-]+)(?:$|/|!)"),
    _rule("faz", "faz.net", r"[-.](\d{7,})(?:-p\d+)?\.html$"),
    _rule("srf", "srf.ch", r"/([\w-]+-\d{6,})$"),
    _rule("welt", "welt.de", r"/(?:article|plus|video|live)?(?:article|plus|video|live)?([0-9a-f]{24}|\d{7,})(?:/|$)"),
    _rule("*", "stern.de geo.de capital.de", r"-(\d{6,})\.html$"),
    _rule("t-online", "t-online.de", r"/id_(\d+)(?:/|$)"),
    _rule("*", "fr.de merkur.de hna.de tz.de", r"-(\d{6,})\.html$"),
    _rule("heise", "heise.de", r"-(\d{6,})\.html$"),
    _rule("golem", "golem.de", r"-(\d{4}-\d{5,})(?:-\d+|-rss)?\.html$"),
    _rule("*", "rnd.de haz.de lvz.de", r"-([A-Z0-9]{26})\.html$"),
    _rule("*", "morgenpost.de waz.de abendblatt.de braunschweiger-zeitung.de nrz.de wp.de thueringer-allgemeine.de otz.de tlz.de",
          r"(?:article|id)(\d{6,})(?:/|\.html)"),
    _rule("focus", "focus.de", r"_id_(\d+)\.html$"),
    _rule("berliner-zeitung", "berliner-zeitung.de", r"-((?:li\.)?\d{6,})$"),
    _rule("rp-online", "rp-online.de", r"_(aid-\d+)$"),
    _rule("*", "mz.de volksstimme.de", r"-(\d{7,})$"),
    _rule("20min", "20min.ch", r"-(\d{9,})$"),
    _rule("*", "tagesanzeiger.ch bernerzeitung.ch bazonline.ch derbund.ch", r"-(\d{12})$"),
    _rule("kleinezeitung", "kleinezeitung.at", r"/(\d{7,})/"),
    _rule("wort", "wort.lu", r"/(\d{7,})\.html$"),
    _rule("kurier", "kurier.at", r"/(\d{9})(?:/|$)"),
    _rule("krone", "krone.at", r"^/(\d{5,})(?:/|$)"),
    _rule("presse", "diepresse.com", r"^/(\d{5,})(?:/|$)"),
    _rule("*", "nd-aktuell.de jungewelt.de", r"/artikel/(\d+)\."),
    _rule("taz", "taz.de", r"/!(\d+)/?$"),
    _rule("tagesspiegel", "tagesspiegel.de", r"-(\d{6,})\.html$"),
    _rule("bild", "bild.de", r"-(\d{7,}|[0-9a-f]{24})(?:\.bild\.html)?$"),
)  # fmt: skip
"""In order; the first whose host and pattern fit wins. What no row knows is identified by its canonical path."""

# Pages of one article: the second page, the printed one, all on one page.
_PAGE_TAIL = re.compile(r"/(?:komplettansicht|seite-\d+|index\.html?|druckansicht)$", re.IGNORECASE)
_BY_HOST: dict[str, tuple[StemRule, ...]] = {
    host: tuple(rule for rule in STEM_RULES if host in rule.hosts) for rule in STEM_RULES for host in rule.hosts
}


def stem(url: str) -> str:
    """What identifies the article behind a URL: the publisher's key if a row knows it, else host and canonical path.

    Raises UrlError. Scheme, `www.`, trailing slash, tracking, AMP and telephone variants make no difference.

    >>> stem("https://www.tagesschau.de/ausland/gespraeche-genf-101.html?utm_source=x")
    'tagesschau:gespraeche-genf-101'
    >>> stem("http://example.org/a/1/")
    'example.org/a/1'
    """
    parts = urlsplit(canonical(url))
    host = parts.netloc.removeprefix("www.")
    path = _PAGE_TAIL.sub("", parts.path.rstrip("/"))
    for rule in _BY_HOST.get(host, ()):
        found = rule.pattern.search(path)
        if found:
            house = host if rule.house == "*" else rule.house.removesuffix("-alt")
            return f"{house}:{found[1]}"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{host}{path}?{query}" if query else f"{host}{path}"


# --- whether to fetch it ----------------------------------------------------------------------------------------------

LADDER = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=24),
    timedelta(days=7),
)
"""Ages at which an article is read again. Four of five changes of text fall into the first day."""
SETTLE = timedelta(minutes=10)
"""Least time between two readings of one article: a live ticker touches its feed entry every minute."""
GIVE_UP = 5
"""attempts that failed in a row, after which an article is left alone until its feed says it changed"""
CLOCK_SKEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the archive knows of an article when its entry comes along again."""

    first_seen: datetime
    fetched_at: datetime | None = None
    """last time that the page was read; None if it never was"""
    tried_at: datetime | None = None
    """last time that we asked, whatever came"""
    headline: str = ""
    """as the feed had it when we last read the page; empty: not kept"""
    failures: int = 0
    retry_at: datetime | None = None
    gone: bool = False


TOO_OLD = "too old"
"""Why an entry is not read that its feed dates before `max_age`."""


@dataclass(frozen=True, slots=True)
class Fetch:
    reason: str


@dataclass(frozen=True, slots=True)
class Skip:
    reason: str


def decide(seen: Seen | None, entry: FeedEntry, now: datetime, *, max_age: timedelta | None = None) -> Fetch | Skip:
    """What to do about an entry. No I/O: every branch is a row in the tests.

    `max_age`: a never seen entry that the feed itself dates older than this is not fetched.
    """
    if not entry.url:
        return Skip("no link")
    if seen is None:
        dated = entry.updated_at or entry.published_at
        if max_age is not None and dated is not None and now - dated > max_age:
            return Skip(TOO_OLD)
        return Fetch("new")
    if seen.fetched_at is None:
        return _again(seen, entry, now)
    if seen.gone:
        return Skip("gone")
    if now - seen.fetched_at < SETTLE:
        return Skip("just read")
    if _newer(entry, seen.fetched_at, now):
        return Fetch("changed in the feed")
    if seen.headline and entry.headline and entry.headline != seen.headline:
        return Fetch("retitled")
    return recheck(seen, now)


def _newer(entry: FeedEntry, read: datetime, now: datetime) -> bool:
    """A change dated in the future would be one for ever; it says nothing."""
    return entry.updated_at is not None and read < entry.updated_at <= now + CLOCK_SKEW


def _again(seen: Seen, entry: FeedEntry, now: datetime) -> Fetch | Skip:
    """An article that we never could read."""
    changed = seen.tried_at is not None and _newer(entry, seen.tried_at, now)
    if seen.retry_at is not None and now < seen.retry_at:
        return Skip("waits for its retry")
    if changed:
        return Fetch("changed in the feed")
    if seen.gone:
        return Skip("gone")
    if seen.failures >= GIVE_UP:
        return Skip("given up")
    return Fetch("retry" if seen.failures else "new")


def recheck(seen: Seen, now: datetime) -> Fetch | Skip:
    """Whether a known article is due on the ladder, also when no feed lists it any more."""
    if seen.gone or seen.fetched_at is None:
        return Skip("gone" if seen.gone else "never read")
    due = [rung for rung in LADDER if seen.fetched_at < seen.first_seen + rung <= now]
    return Fetch(f"recheck after {_words(due[-1])}") if due else Skip("unchanged")


def next_recheck(seen: Seen) -> datetime | None:
    """When `recheck` will next say Fetch; None after the last rung, or when the article is gone or was never read."""
    if seen.gone or seen.fetched_at is None:
        return None
    return next((seen.first_seen + rung for rung in LADDER if seen.fetched_at < seen.first_seen + rung), None)


def _words(rung: timedelta) -> str:
    minutes = int(rung.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 7 * 24 * 60 else f"{minutes // 1440} d"
