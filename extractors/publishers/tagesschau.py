"""tagesschau.de (ARD). Four layouts; the lead is a bold first paragraph, "Stand:" is the time of last change."""

from extractors.publishers.profile import Layout, Profile

_DROP = (
    ".teaser-absatz, .copytext__embed, .v-instance, .absatzbild, .absatzbild__info, .authorline, .infobox, .liveblog__datetime, "
    ".meldungsfooter, .sendungsbezug, .metatextline, .seitenkopf, .taglist, .mediaplayer, .external-embed"
)
_HEAD = {
    "headline": ".seitenkopf__headline",
    "kicker": ".seitenkopf__topline",
    "byline": ".authorline__author",
    "stand": ".metatextline",
    "teaser": "article > p.textabsatz:first-of-type > strong:only-child",
    "entries": ".liveblog--anchor",
}

PROFILE = Profile(
    house="tagesschau",
    hosts=("tagesschau.de",),
    names=("tagesschau.de", "tagesschau"),
    layouts=(
        Layout(
            version="current",
            mark="main#content .seitenkopf, main.layout-content .seitenkopf",
            body="article.container",
            drop=_DROP,
            **_HEAD,
        ),
        Layout(
            version="2023", mark="article .seitenkopf p.metatextline", body="article.container", drop=_DROP, **_HEAD
        ),
        Layout(version="2022", mark=".seitenkopf", body="article.container", drop=_DROP, **_HEAD),
        Layout(
            version="2020",
            mark=".meldungHead",
            body=".sectionZ .modParagraph, .storywrapper .sectionArticle .modParagraph",
            drop=".meldungHead, .infokasten, .mediaCon, .linklist, .autorenzeile, .sendungsbezug, .socialMedia, .modSharing, .teaser",
            headline=".meldungHead .headline",
            kicker=".meldungHead .dachzeile",
            teaser=".modParagraph p.text > strong:first-child",
            byline=".autorenzeile",
            stand=".stand",
        ),
    ),
    junk=(
        r"Dieses (?:Thema|Element) (?:im Programm|stammt)\b",
        r"Über dieses Thema berichtete\b",
        r"Nutzungsbedingungen Embedding",
    ),
    video=".mediaplayer--video, .media-page, .seitenkopf--video",
)
