"""The reading room in a real browser: on a phone and a desk, by keyboard, in the dark, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from room_matter import MET, NOW, RUS, TOKEN, addresses, article, event, keep, met, request_uid, unsure_ones

from extractors.model import Actor, Place
from extractors.ontology import EventType
from flows.web.app import Room
from storage import queries
from storage.archive import opened
from storage.engine import reading
from storage.queries import EventFilter
from storage.tracking import Change, Meeting, Story

CHROMIUM = Path("/usr/bin/chromium")
QUIET = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync"


@pytest.fixture(scope="module")
def browser():
    """Debian's chromium, started once for the tests of this file."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: install the dev dependencies")
    if not CHROMIUM.exists():
        pytest.skip("no /usr/bin/chromium: apt-get install chromium")
    with playwright.sync_playwright() as running:
        opened_browser = running.chromium.launch(executable_path=str(CHROMIUM), args=QUIET.split())
        yield opened_browser
        opened_browser.close()


@pytest.fixture
def served(room: Room) -> Iterator[str]:
    """The room on a port of its own."""
    from benchmarks.pictures import served as serving

    with serving(room) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways_or_complains_in_a_browser(browser, served, engine, width):
    """Phone and desk: nothing wider than the window, nothing blocked by the policy, nothing asked of anybody else."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    complaints, asked = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for address in addresses(engine):
        page.goto(served + address)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, (address, wide)
    page.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(served)] == []


CUT = """() => {
  const pen = document.createElement("canvas").getContext("2d"), cut = [];
  for (const field of document.querySelectorAll("select")) {
    const style = getComputedStyle(field), arrow = 20;
    pen.font = style.font;
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
    cut.push(...[...field.options].map(each => each.text).filter(text => pen.measureText(text).width > room));
  }
  for (const label of document.querySelectorAll("svg text")) {
    const at = label.getBoundingClientRect(), drawing = label.ownerSVGElement.getBoundingClientRect();
    if (at.width && (at.left < drawing.left || at.right > drawing.right)) cut.push(label.textContent);
  }
  return [...new Set(cut)];
}"""


@pytest.mark.browser
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("width", [320, 700, 1280])
def test_no_choice_and_no_label_of_a_chart_is_cut(browser, room, engine, width, language):
    from benchmarks.pictures import served as serving

    page = browser.new_page(viewport={"width": width, "height": 800})
    narrowed = ("/acts?party=RUS", "/demands?party=RUS", "/dyads/NATO/RUS?step=week&since=2031-02-20")
    with serving(replace(room, language=language)) as served:
        for address in (*addresses(engine), *narrowed):
            page.goto(served + address)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert page.evaluate(CUT) == [], address
    page.close()


@pytest.mark.browser
def test_a_name_that_does_not_end_is_broken_and_not_the_page(browser, served, engine):
    """German makes one word of many: of a title, an office, a place."""
    word = "Bundesverteidigungsministerinnenkonferenzvorbereitungsgruppenvorsitzende"
    of = article(95, headline=f"{word} tagt")
    who = Actor(code="NATO", name=word, office=word)
    keep(engine, 95, of, met(of, actors=(who, RUS), speaker=who, place=Place(name=word, country="CHE")))
    with opened(engine) as archive:
        meeting = Meeting(uid="meeting_9", state="announced", title=word, parties=(), day_first=NOW.date(), place=word)
        archive.tracking.save_meeting(meeting, [Change(at=NOW, state="announced", quote=word)], NOW)
        archive.tracking.save_story(Story(uid="story_9", title=word), NOW)
        archive.tracking.add_to_story("story_9", 4, "same words", NOW)
    page = browser.new_page(viewport={"width": 390, "height": 800})
    for address in (*addresses(engine), "/articles/4", "/stories/story_9"):
        page.goto(served + address)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, address
    page.close()


@pytest.mark.browser
def test_the_room_works_without_javascript_by_keyboard(browser, served):
    """Tab reaches the skip link first; Enter jumps to the content; a search is a form."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#main")
    page.goto(served)
    page.get_by_role("searchbox").fill("Verzicht")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=Verzicht")
    assert page.locator("mark", has_text="Verzicht").count() > 0
    context.close()


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (colour, under) => {
    canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const bad = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || element.closest(".skip, .hidden, svg, details:not([open])") || !element.getClientRects().length) continue;
    const chain = [];
    for (let at = element; at; at = at.parentElement) chain.unshift(getComputedStyle(at).backgroundColor);
    const back = chain.reduce((under, colour) => `rgb(${rgb(colour, under)})`, "white");
    const [a, b] = [light(rgb(getComputedStyle(element).color, back)), light(rgb(back, "white"))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push([element.tagName, element.className, ratio.toFixed(2)].join(" "));
  }
  return [...new Set(bad)];
}"""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_that_wcag_aa_asks_for(browser, served, engine, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for address in [*addresses(engine), "/nichts"]:
        page.goto(served + address)
        assert page.evaluate(CONTRAST) == [], (scheme, address)
    context.close()


@pytest.mark.browser
def test_what_is_folded_on_the_screen_is_printed(browser, served):
    """The figures behind a chart, the steps of a meeting: paper cannot be unfolded. What only a click does is left out."""
    page = browser.new_page()
    page.goto(served)
    figures = page.locator("figure details table").first
    assert not figures.is_visible()
    page.emulate_media(media="print")
    assert figures.is_visible()
    assert page.locator("summary", has_text="Zahlen und Belege").first.is_visible()
    for gone in (".top nav", ".foot .sign-in", ".quick", ".more"):
        assert not page.locator(gone).first.is_visible(), gone
    page.close()


@pytest.mark.browser
def test_no_table_is_cut_by_the_edge_of_the_paper(browser, served, engine):
    """The matrix with as many parties as it shows: its right third was not printed."""
    parties = "RUS NATO UKR OSCE IAEA ICRC USA DEU FRA GBR POL EST LVA LTU TUR BLR UN EU".split()
    everybody = tuple(Actor(code=code) for code in parties)
    of = article(96, house="sechstes")
    keep(engine, 96, of, event(of, MET, EventType.THREATEN, actors=everybody, recipients=everybody))
    page = browser.new_page(viewport={"width": 718, "height": 1000})
    page.emulate_media(media="print")
    for address in (*addresses(engine), "/dyads/matrix"):
        page.goto(served + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 718, address
        assert page.locator(".wide").evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length") == 0
    assert page.locator(".matrix tbody tr").count() > 15
    page.close()


@pytest.mark.browser
def test_a_reviewer_signs_in_and_corrects_an_event_in_the_browser(browser, served, engine):
    uid = request_uid(engine)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served}/login")
    page.get_by_label("Ihr Name").fill("Ada Prüferin")
    page.get_by_label("Zugangswort").fill(TOKEN)
    page.get_by_role("button", name="Anmelden").click()
    page.goto(f"{served}/events/{uid}")
    page.get_by_label("Typ").select_option("ACCUSE")
    page.get_by_role("button", name="Änderung speichern").click()
    page.wait_for_url("**done=1")
    context.close()
    with reading(engine) as connection:
        assert [str(each.event.type) for each in queries.events(connection, EventFilter(actor="UKR"))] == ["ACCUSE"]


@pytest.mark.browser
def test_what_is_touched_is_high_enough_for_a_finger_and_what_scrolls_is_reached_by_keyboard(browser, served, engine):
    """WCAG 2.2, 2.5.8 (24 pixels) and 2.1.1."""
    unsure_ones(engine)
    page = browser.new_page(viewport={"width": 390, "height": 800})
    low = "all => all.filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 24).map(e => e.innerText)"
    stuck = "all => all.filter(e => e.scrollWidth > e.clientWidth && e.tabIndex < 0 && !e.querySelector('a')).length"
    for address in addresses(engine):
        page.goto(served + address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.eval_on_selector_all("summary, .meta a, button, nav a", low) == [], address
        assert page.eval_on_selector_all(".wide", stuck) == 0, address
    page.close()
