"""Checks of what the settings name: contact, feeds, dossiers, weights, channels, addresses, links."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

from flows.doctor.checked import Checked, Verdict
from flows.doctor.machine import unwritable
from flows.guarding import ANY, names_of
from flows.settings import Settings


def contact(settings: Settings) -> Iterator[Checked]:
    """Whether a publisher could reach whoever runs this: without, nothing is fetched."""
    from flows.fetching import NoContact, user_agent

    try:
        user_agent(settings.contact)
    except NoContact:
        told = f"{settings.contact!r} is neither a mail address nor a page" if settings.contact else "none"
        advice = 'set contact = "you@example.org" in the settings file, or DEPESCHE_CONTACT'
        yield Checked(name="contact", verdict=Verdict.WRONG, found=f"{told}; nothing will be fetched", advice=advice)
    else:
        yield Checked(name="contact", verdict=Verdict.FINE, found=settings.contact)


def feeds(settings: Settings) -> Iterator[Checked]:
    """The list of feeds, and whether any is switched on."""
    from extractors.feeds import load_feeds

    feeds = load_feeds(settings.feeds) if settings.feeds else load_feeds()
    on = [feed for feed in feeds if feed.enabled]
    verdict = Verdict.FINE if on else Verdict.WRONG
    advice = "" if on else "enable a feed in the list; 'depesche feeds list' shows it"
    yield Checked(name="feeds", verdict=verdict, found=f"{len(on)} of {len(feeds)} switched on", advice=advice)


def weights(_: Settings) -> Iterator[Checked]:
    """Whether the models are there, can be used and are those of the package."""
    changed = _changed_data()
    if changed:
        advice = "reinstall the package; what is read with them is not what was measured"
        told = f"{len(changed)} data files are not those of the package: {', '.join(changed[:3])}"
        yield Checked(name="weights", verdict=Verdict.WRONG, found=told, advice=advice)
    try:
        missing = _missing_weights()
    except Exception as error:  # noqa: BLE001  of whichever library cannot read what is half there
        if not changed:  # else that is why
            told = f"they cannot be used: {type(error).__name__}: {str(error).partition(chr(10))[0]}"
            advice = "reinstall the package; until then no article of a matter can be read"
            yield Checked(name="weights", verdict=Verdict.WRONG, found=told, advice=advice)
        return
    digest = hashlib.sha256()
    folder = files("extractors").joinpath("data", "weights")
    count = 0
    for path in sorted(Path(str(folder)).rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
            count += 1
    found = f"{count} files, sha256 {digest.hexdigest()[:12]}"
    if not missing and not changed:
        yield Checked(name="weights", verdict=Verdict.FINE, found=found)
    for whose in missing:
        advice = "reinstall the package; until then patterns and linear models serve, less exactly"
        yield Checked(name="weights", verdict=Verdict.WRONG, found=f"{whose} weights are missing", advice=advice)


def _missing_weights() -> list[str]:
    """Whose weights are not there. Raises what reading them raises, for those that are there and cannot be used."""
    from extractors.events.coding import decided
    from extractors.events.weighing import network
    from extractors.language import contextual
    from extractors.model import Article, PartKind

    # Coded for a test: it is told here, and not with each article.
    said = (PartKind.PARAGRAPH, "Die NATO lehnt Garantien für Russland ab.")
    reading = decided(Article.compose(url="https://depesche.example/", headline="NATO", body=(said,))).read
    missing = [] if reading.document.parsed else ["the parser's"]
    missing += [] if contextual.encoder() is not None else ["the encoder's"]
    return missing + ([] if network.PATH.exists() else ["the network's"])


def _changed_data() -> list[str]:
    """Data files whose digest is not the one that the installed package lists; none for a checkout, which lists none."""
    try:
        listed = distribution("depesche").files or []
    except PackageNotFoundError:
        return []
    changed = []
    for path in listed:
        if path.hash is None or not str(path).startswith("extractors/data/"):
            continue
        try:
            found = hashlib.new(path.hash.mode, Path(path.locate()).read_bytes()).digest()
        except OSError:
            found = b""
        if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != path.hash.value:
            changed.append(path.name)
    return changed


def dossiers(settings: Settings) -> Iterator[Checked]:
    """Whether each dossier still finds the article made for it, and whether watches, feeds and dossiers know each other."""
    from extractors.relevance import assess, canary
    from flows.desk import dossiers_of

    found = dossiers_of(settings)
    known = {dossier.name for dossier in found}
    for dossier in found:
        if assess(canary(dossier), dossier).relevant:
            yield Checked(name="dossier", verdict=Verdict.FINE, found=f"{dossier.name}: the canary matches")
        else:
            advice = "the rules or weights are broken; depesche dossier check"
            yield Checked(
                name="dossier", verdict=Verdict.WRONG, found=f"{dossier.name}: the canary does not match", advice=advice
            )
    for name in sorted(known - {watch.dossier for watch in settings.watches}):
        advice = f'add a watch with dossier = "{name}"; or leave it at that'
        told = f"nobody watches {name}: what it finds is kept, and alerts nobody"
        yield Checked(name="watch", verdict=Verdict.NOTE, found=told, advice=advice)
    for watch in settings.watches:
        if watch.dossier not in known:
            advice = f"give it one of {', '.join(sorted(known))}, or add {watch.dossier!r} to dossiers"
            told = f"{watch.name} waits for the dossier {watch.dossier!r}, which is not read"
            yield Checked(name="watch", verdict=Verdict.WRONG, found=told, advice=advice)
    yield from _idle_feeds(settings, known)


def _idle_feeds(settings: Settings, known: set[str]) -> Iterator[Checked]:
    """Feeds that are switched on and never asked, as they are worth it only for dossiers that are not read: perhaps misspelt."""
    from extractors.feeds import FeedListError, load_feeds

    with suppress(FeedListError):  # told where the feeds are looked at
        for feed in load_feeds(settings.feeds) if settings.feeds else load_feeds():
            if feed.enabled and feed.dossiers and not known & set(feed.dossiers):
                told = (
                    f"{feed.id} is followed only for {', '.join(feed.dossiers)}, which is not read: it is never asked"
                )
                advice = f"write one of {', '.join(sorted(known))}; or leave it at that"
                yield Checked(name="feed", verdict=Verdict.NOTE, found=told, advice=advice)


def parties(settings: Settings) -> Iterator[Checked]:
    """Actor codes that no act has: what is narrowed to one would hear of nothing, without a word."""
    from extractors.actors import is_code

    asked = [*((watch.name, watch.parties) for watch in settings.watches)]
    asked += [(name, channel.parties) for name, channel in settings.channels.items()]
    for name, codes in asked:
        unknown = [code for code in codes if not is_code(code)]
        if unknown:
            advice = "write codes as alerts show them: RUS, UKR, USA, DEU, NATO, EU …"
            told = f"{name} waits for acts of {', '.join(unknown)}, and no actor has that code"
            yield Checked(name="parties", verdict=Verdict.WRONG, found=told, advice=advice)


def modes(settings: Settings) -> Iterator[Checked]:
    """Modes that no rule codes: a channel for these alone would hear of nothing, without a word."""
    from extractors.events.lexicon import lexicon

    coded = {f"{row.type}/{row.mode}" for row in lexicon().rows() if row.mode}
    for name, channel in settings.channels.items():
        if missing := sorted(set(channel.modes) - coded):
            advice = f"these are coded: {', '.join(sorted(coded))}"
            told = f"{name} waits for {', '.join(missing)}, and no rule codes that"
            yield Checked(name="modes", verdict=Verdict.WRONG, found=told, advice=advice)


def variables(_: Settings) -> Iterator[Checked]:
    """Variables that begin as ours and are none: nobody reads a misspelt one. Kubernetes sets some, so a note."""
    known = tuple(f"DEPESCHE_{name.upper()}" for name in (*Settings.model_fields, "config", "work_pool"))
    unknown = sorted(
        name
        for name in os.environ
        if name.upper().startswith("DEPESCHE_") and name.upper().partition("__")[0] not in known
    )
    if unknown:
        advice = "unset or correct what is misspelt: the names of the settings are in docs/operate.md"
        yield Checked(name="variables", verdict=Verdict.NOTE, found=f"not ours: {', '.join(unknown)}", advice=advice)


def channels(settings: Settings) -> Iterator[Checked]:
    """The channels, and whether one of them tells operators."""
    from flows.desk import channels_of

    class Nobody:
        async def post(self, *_: object) -> None: ...

    try:
        channels_of(settings, Nobody())  # type: ignore[arg-type]  # nothing is sent: only the configuration is read
    except ValueError as error:
        yield Checked(name="channels", verdict=Verdict.WRONG, found=str(error), advice="correct it in the settings")
        return
    for name, channel in settings.channels.items():
        if channel.kind == "file" and (why := unwritable(channel.path)):
            advice = "name another path, or let the user of the flows write there; until then nothing arrives"
            yield Checked(name="channels", verdict=Verdict.WRONG, found=f"{name}: {channel.path}: {why}", advice=advice)
    told = ", ".join(f"{name} ({channel.kind})" for name, channel in settings.channels.items())
    yield Checked(
        name="channels",
        verdict=Verdict.FINE,
        found=told or "none",
        advice="depesche alerts test sends a message to each",
    )
    if not any(channel.operators for channel in settings.channels.values()):
        advice = "set operators = true for one channel: it hears when a feed dies or the outbox is stuck"
        yield Checked(
            name="operators", verdict=Verdict.NOTE, found="no channel gets what operators must know", advice=advice
        )


def addresses(settings: Settings) -> Iterator[Checked]:
    """Addresses that our own rules refuse: what is sent there would fail each time, and a heartbeat almost without a word."""
    from flows.fetching import FetchError, allowed_url, pairs

    hooks = [(f"channel {name}", hook.address) for name, hook in settings.channels.items() if hook.kind == "webhook"]
    for what, url in (*hooks, ("heartbeat_url", settings.heartbeat_url)):
        try:
            if url:
                allowed_url(url, pairs(settings.fetching.allow))
        except FetchError as error:
            advice = "correct it; of a receiver of your own name host:port in fetching.allow, as alerts.intern:8080"
            told = f"{what} may not be reached: {error.message or error}"
            yield Checked(name="addresses", verdict=Verdict.WRONG, found=told, advice=advice)


def names(settings: Settings) -> Iterator[Checked]:
    """By which names the reading room may be asked: by any other, as a new proxy's, its readers are refused."""
    ours = sorted({*settings.room_hosts, *names_of([settings.room_url])})
    if ANY in ours:
        advice = "name its names in room_hosts in place of it: docs/operate.md, Privacy"
        told = "it answers to any name that is pointed at it"
        yield Checked(name="reading room", verdict=Verdict.NOTE, found=told, advice=advice)
        return
    told = ", ".join(["it answers to addresses, names without a dot, this machine's own", *ours])
    advice = "behind a proxy name the proxy's host in room_url, further ones in room_hosts: other names get 421"
    yield Checked(name="reading room", verdict=Verdict.FINE, found=told, advice=advice)


def corrections(settings: Settings) -> Iterator[Checked]:
    """Whether the room takes corrections; a token's file that cannot be read raises, and is told as any broken check."""
    token, file = settings.correcting, settings.room_token_file
    verdict, found, advice = Verdict.FINE, "the room takes them from whoever has the token", ""
    if file is not None and not token:
        verdict, found = Verdict.NOTE, f"{file} is empty: the room only shows"
        advice = "write a token into it, or leave it at that"
    elif not token:
        found = "no token is set: the room only shows"
    yield Checked(name="corrections", verdict=verdict, found=found, advice=advice)


def links(settings: Settings) -> Iterator[Checked]:
    """Whether alerts can be answered; a secret that could be guessed raises, and is told as any broken check.

    A secret without an address is how Compose and Kubernetes start: nothing is broken, alerts go out without links.
    """
    secret = bool(settings.signing_links)
    if secret and settings.room_url:
        yield Checked(name="links", verdict=Verdict.FINE, found=f"alerts are answered at {settings.room_url}")
    elif secret:
        advice = "set room_url to the address at which your readers reach the reading room"
        yield Checked(name="links", verdict=Verdict.NOTE, found="link_secret is set, room_url is not", advice=advice)
    else:
        advice = "set link_secret and room_url, for the flows and the room, and alerts can be answered from where they arrive"
        yield Checked(name="links", verdict=Verdict.NOTE, found="alerts carry no links to answer them", advice=advice)
