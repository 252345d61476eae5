"""KURIER (Wien): the text goes on inside an element called paywall."""

from extractors.publishers.profile import Layout, Profile

PROFILE = Profile(
    house="kurier",
    hosts=("kurier.at",),
    names=("kurier.at", "KURIER"),
    zone="Europe/Vienna",
    layouts=(
        Layout(
            version="1",
            mark=".article-main",
            body=".article-main",
            headline=".article-header-title, h1",
            teaser=".headerComp-intro, .article-header-leadText",
            drop="article.teaser, .shareComponent, .headerComp-footer, .newsletter, .embed, .imageComponent, .relatedArticles",
        ),
    ),
    junk=(
        r"Der KURIER (?:berichtet|hält Sie)\b.{0,80}(?:verstärkt|Laufenden)\b",
        r"(?:➤|>>|→)?\s?(?:Weiterlesen|Mehr dazu|Mehr lesen|Lesen Sie (?:hier|auch))\b.{0,160}$",
        r"\(?Agenturen",
    ),
)
