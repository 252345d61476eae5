"""Stories: articles of one matter gather, and what is new in them is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from story_matter import DAY, NOON

from extractors.model import Article, PartKind
from extractors.stories import matters


def article(
    key: str, headline: str, text: str, *, at: datetime = NOON, told: frozenset[str] = frozenset()
) -> matters.Features:
    page = Article.compose(url=key, headline=headline, body=((PartKind.PARAGRAPH, text),), publisher=f"Haus {key}")
    return matters.features(page, key=key, told_at=at, acts=told)


GENEVA = article(
    "a", "Gespräche in Genf", "Unterhändler sprechen in Genf über Sicherheitsgarantien und Raketen in Osteuropa."
)


GENEVA_2 = article(
    "b",
    "Genfer Gespräche ohne Ergebnis",
    "Die Unterhändler haben in Genf keine Einigung über Raketen und Sicherheitsgarantien erzielt.",
    at=NOON + DAY,
)


GRAIN = article(
    "c",
    "Getreidefrachter verlässt Hafen",
    "Ein Frachter mit Mais hat den Hafen verlassen, das Getreide geht nach Afrika.",
)


def test_articles_of_one_matter_gather_and_another_matter_begins_its_own_story():
    story = matters.begin(GENEVA)
    found = matters.assign(GENEVA_2, [story])
    assert (found.story, found.new) == (story.id, False)
    assert "words: " in found.reason
    assert matters.assign(GRAIN, [story]).new


def test_clustering_is_the_same_whatever_the_order_of_the_open_stories():
    one, other = matters.begin(GENEVA), matters.begin(GRAIN)
    assert matters.assign(GENEVA_2, [one, other]) == matters.assign(GENEVA_2, [other, one])


def test_a_story_closes_after_a_week_of_silence():
    late = replace(GENEVA_2, told_at=NOON + 9 * DAY)
    assert matters.assign(late, [matters.begin(GENEVA)]).new


def test_a_new_version_stays_in_its_story():
    story = matters.begin(GENEVA)
    rewritten = replace(GRAIN, article="a")
    assert matters.assign(rewritten, [story]).story == story.id
    assert len(matters.join(story, rewritten, matters.assign(rewritten, [story])).members) == 1


def test_what_is_new_since_leaves_out_copies_and_acts_told_before():
    first, second = frozenset({"act_1"}), frozenset({"act_1", "act_2"})
    story = matters.begin(replace(GENEVA, acts=first))
    for key, hours, told, copy_of in (
        ("b", 1, first, ""),
        ("d", 2, second, "a"),
        ("e", 3, second, ""),
        ("f", 4, second, ""),
    ):
        one = replace(GENEVA_2, article=key, told_at=NOON + timedelta(hours=hours), acts=told)
        story = matters.join(story, one, matters.Assigned(story=story.id, new=False, likeness=1, reason=""))
        *others, last = story.members
        story = replace(story, members=(*others, replace(last, copy_of=copy_of)))
    assert [member.article for member in matters.new_since(story, NOON)] == []
    story = replace(story, members=tuple(m for m in story.members if m.article != "d"))
    assert [member.article for member in matters.new_since(story, NOON)] == ["e"]


def test_an_act_that_every_article_of_a_war_tells_joins_no_two_of_them():
    war = frozenset({"act_war"})
    story = matters.begin(replace(GENEVA, acts=war))
    assert matters.assign(replace(GRAIN, acts=war), [story]).new


def test_an_act_told_again_within_days_says_that_an_article_goes_on_with_a_story_of_like_words():
    story = matters.begin(replace(GENEVA, words=(("rakete", 1.0),), acts=frozenset({"act_1", "act_2"})))
    near = replace(GENEVA_2, words=(("fracht", 0.9927), ("rakete", 0.12)), acts=frozenset({"act_1"}))
    found = matters.assign(near, [story])
    assert (found.story, found.reason.split(";")[0]) == (story.id, "acts in common: act_1")
    assert matters.assign(replace(near, acts=frozenset()), [story]).new, "so few words do not say it by themselves"
    assert matters.assign(replace(near, told_at=NOON + 5 * DAY), [story]).new, "by then it is a look back"
    much = replace(near, acts=near.acts | {f"act_{n}" for n in range(3, 9)})
    one_of_many = replace(story, members=(replace(story.members[0], acts=frozenset({"act_1", *"abcdefgh"})),))
    assert matters.assign(much, [one_of_many]).new, "one act of many is what both say in passing"


def test_stories_that_grew_into_one_are_named_with_the_older_staying():
    one = matters.begin(GENEVA)
    other = replace(matters.begin(replace(GENEVA, article="z", told_at=NOON + DAY)))
    assert [(gone, into) for gone, into, _ in matters.merges([other, one])] == [(other.id, one.id)]


def test_a_words_rarity_decides_between_two_matters_of_one_war():
    """What every report of the war says joins nothing; the table holds no empty word, and no weight below nothing."""
    rare = matters.rarities()
    assert len(rare) > 1000
    assert all(stem and 0.0 <= weight < 5.0 for stem, weight in rare.items())
    assert rare["krieg"] < 1.0 < rare["getreid"]
