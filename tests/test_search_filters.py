"""A person's words become filters, or one line says which of them the articles do not know."""

import pytest

from assistant.errors import BadFilter


def slugs(hits):
    return {hit.passage.slug for hit in hits}


def test_alliances_are_found_by_slug_alias_and_typo(assistant):
    for name in ("frontier-model-forum", "FMF", "Fronteir Model Forum"):
        hits = assistant.search("members", alliances=[name])
        assert all("Frontier Model Forum" in hit.passage.embedded_text for hit in hits)
        assert "frontier-model-forum" in slugs(hits)


def test_filters_are_taken_together(assistant):
    hits = assistant.search("What happened?", 20, kinds=["safety"], since="2025")
    kinds = {alliance.slug: alliance.kind for alliance in assistant._index.catalogue.alliances}
    assert hits
    assert all("2025" in hit.passage.embedded_text or "2026" in hit.passage.embedded_text for hit in hits)
    assert {kinds[slug] for slug in slugs(hits) if slug in kinds} == {"safety"}


def test_an_organisations_other_name_will_do(assistant):
    hits = assistant.search("open models", organisations=["Facebook"])
    assert hits and all("Meta" in hit.passage.text or "Facebook" in hit.passage.text for hit in hits)


def test_publishers_are_those_of_the_sources(assistant):
    assert assistant.search("standards", publishers=["reuters"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"alliances": ["Zebra Club of Nowhere"]}, "no alliance 'Zebra Club of Nowhere'"),
        ({"organisations": ["Zebra Works"]}, "no organisation 'Zebra Works'"),
        ({"kinds": ["zebra"]}, "Kinds: .*safety"),
        ({"publishers": ["Zebra Press"]}, "published by 'Zebra Press'"),
        ({"since": "yesterday"}, "yesterday"),
        ({"since": "2025", "until": "2024"}, "before it begins"),
        ({"published_since": "2025-13-40"}, "2025-13-40"),
    ],
)
def test_what_is_not_known_is_named(assistant, words, message):
    with pytest.raises(BadFilter, match=message) as error:
        assistant.search("members", **words)
    assert "\n" not in str(error.value)


def test_nothing_that_passes_is_an_empty_result(assistant):
    assert assistant.search("members", published_until="1990") == []
