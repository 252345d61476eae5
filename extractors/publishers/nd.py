"""nd (neues deutschland). The linked data states when the page was changed; the page itself, when the article appeared."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="nd",
    hosts=("nd-aktuell.de", "neues-deutschland.de"),
    names=("nd-aktuell.de", "nd"),
    layouts=(
        Layout(
            version="1",
            mark="article .Infoline",
            body="article > .Content",
            headline="article > h1",
            kicker="article > .Deck .Kicker:last-child",
            published=".Infoline .Date time",
            byline=".Infoline .Author",
            drop="article > h2, .Infobox, .Image, #PutMeSomewhere, .Artikel-Spende",
        ),
    ),
)
