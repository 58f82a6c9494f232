"""Each sentence of the library leads back to rows of the fact base that share its sources.

Every number, date and organisation of a sentence stands in such a row, every capitalised word somewhere in the
body's facts: what nobody recorded, no article tells. The fact base is not part of the project; without it, skipped.
"""

import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from index.articles import article_files, read_article
from index.fact_sentences import names_pattern

LIBRARY = Path(__file__).parent.parent / "articles"
FACTS = Path(__file__).parents[2] / "shared" / "facts"
# Where one file of facts tells of several bodies.
FACTS_OF = {
    "africa-ai-council": "africa-ai",
    "africa-declaration-on-ai": "africa-ai",
    "african-union-continental-ai-strategy": "africa-ai",
    "ai-alliance-network": "brics-ai",
    "ai-seoul-summit": "seoul-frontier-ai-safety-commitments",
    "alignment-project": "uk-ai-security-institute",
    "apply-ai-alliance": "european-ai-alliance",
    "c2pa": "c2pa-cai",
    "technology-prosperity-deal": "us-uk-ai-partnership",
    "content-authenticity-initiative": "c2pa-cai",
    "un-scientific-panel-on-ai": "un-ai-governance",
}
# Sources that were read beside the fact base.
READ_BESIDE = {("ai-alliance", "s26"), ("gpai", "s19")}
MONTHS = "January February March April May June July August September October November December".split()
DATE = re.compile(rf"(?:(\d{{1,2}})(?: (?:to|and|or) \d{{1,2}}|[-–]\d{{1,2}})? )?({'|'.join(MONTHS)}) (\d{{4}})")
SHORT_MONTH = re.compile(r"\b(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?")
# Words that begin with a capital in any English text about bodies of several countries.
ORDINARY = frozenset(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday English French German Chinese Portuguese Spanish
    Korean Japanese Russian African European American British Canadian Indian United States Kingdom Union Europe
    Africa Asia Western Eastern Southern Northern Prime Minister President Foreign Director Professor""".lower().split()
    + [month.lower() for month in MONTHS]
)

pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason="the fact base is not beside this checkout")
SLUGS = [
    path.stem for path in article_files(LIBRARY) if (FACTS / f"{FACTS_OF.get(path.stem, path.stem)}.yaml").is_file()
]
SLUGS = [slug for slug in SLUGS if slug in os.environ.get("FACT_SLUGS", slug).split(",")]


@cache
def facts_of(slug):
    return yaml.load((FACTS / f"{FACTS_OF.get(slug, slug)}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


@cache
def files():
    """Slug -> facts, of every body."""
    return {path.stem: facts_of(path.stem) for path in FACTS.glob("*.yaml") if path.stem != "organisations"}


@cache
def vocabulary():
    """Every word of the fact base."""
    return frozenset(re.findall(r"\w+", flat([*files().values(), organisations()]).lower()))


def related(slug, sentence):
    """The facts of the other bodies that a sentence names."""
    return [
        facts
        for other, facts in files().items()
        if other != FACTS_OF.get(slug, slug)
        and names_pattern([re.split(r" \(|[,;:/]", facts["name"])[0], *facts.get("aliases", [])]).search(sentence)
    ]


@cache
def organisations():
    return yaml.load((FACTS / "organisations.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def flat(value):
    """All texts of a row, one after the other."""
    if isinstance(value, dict):
        return " | ".join(flat(item) for key, item in value.items() if key != "url")
    if isinstance(value, list):
        return " | ".join(map(flat, value))
    value = re.sub(r"\bNZ\b", "New Zealand", str(value))
    return SHORT_MONTH.sub(lambda match: next(month for month in MONTHS if month.startswith(match[1])), value)


def rows(facts):
    """Every row of fact, each with the ids of its sources."""
    for section, value in facts.items():
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, dict) and section != "sources":
                yield row, set(row.get("sources", ()))
            elif section == "sources":
                yield row, {row["id"]}


def pool(article, sentence):
    """The text of the rows that share a source with the sentence, and of what belongs to the whole body."""
    facts = facts_of(article.slug)
    by_url = {row["url"]: row["id"] for row in facts["sources"]}
    urls = {source.id: source.url for source in article.sources}
    ids = {by_url.get(urls[source_id]) for source_id in sentence.source_ids}
    shared = [row for row, sources in rows(facts) if sources & ids or not sources]
    others = related(article.slug, sentence.text)
    return flat([facts["name"], facts.get("aliases", []), *shared, *others]), shared


def numbers(text):
    text = re.sub(r"(?<=\d)[,\u00a0\u202f](?=\d{3}(?!\d))", "", text)
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def as_iso(match):
    day, month, year = match[1], MONTHS.index(match[2]) + 1, match[3]
    return f"{year}-{month:02}" + (f"-{int(day):02}" if day else "")


def counts(shared):
    """How many rows there are of each kind: a list's length may be told."""
    groups = Counter()
    for row in shared:
        groups.update({("role", row.get("role")), ("as_of", row.get("role"), row.get("as_of"))})
        groups.update({("note", row.get("role"), row.get("note"))})
    return {str(count) for count in groups.values()}


def problems(article, sentence):
    text, shared = pool(article, sentence)
    dates = {as_iso(match) for match in DATE.finditer(sentence.text)}
    iso = set(re.findall(r"\d{4}(?:-\d\d){0,2}", text)) | {as_iso(match) for match in DATE.finditer(text)}
    for date in sorted(dates):
        if not any(known.startswith(date) for known in iso):
            yield f"date {date}"
    rest = DATE.sub(" ", sentence.text)
    listed = names_pattern(list(organisations())).findall(sentence.text)
    years = set(re.findall(r"\b(?:19|20)\d\d\b", flat(facts_of(article.slug))))
    known = years | numbers(text) | {part.lstrip("0") for part in numbers(text)} | counts(shared) | {str(len(listed))}
    for number in sorted(numbers(rest) - known):
        yield f"number {number}"
    lower = text.lower()
    for name in sorted(set(listed)):
        spellings = (name, *organisations()[name].get("aliases", []))
        if not any(spelling.lower() in lower for spelling in spellings):
            yield f"organisation {name}"
    for word in re.findall(r"(?<=[\w,;:(“\"] )[A-Z]\w+|(?<=[\w,;:(“\"] [“\"(])[A-Z]\w+", rest):
        # "Slovenian" stands for "Slovenia", "Commissions" for "Commission"
        if word.lower() not in ORDINARY and not vocabulary() & {word.lower(), word.lower()[:-1], word.lower()[:-2]}:
            yield f"word {word}"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_sentence_leads_back_to_the_facts(slug):
    article = read_article(LIBRARY / f"{slug}.md")
    found = [
        (sentence.text, what)
        for sentence in article.sentences
        if not {(slug, source_id) for source_id in sentence.source_ids} & READ_BESIDE
        for what in problems(article, sentence)
    ]
    assert found == []
