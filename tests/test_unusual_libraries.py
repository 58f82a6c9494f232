"""Libraries and questions that nobody plans for: built and searched, or refused in one line."""

import pytest
from tiny_index import WordEmbedder, write_library

from index.build import open_index, rebuild
from index.errors import LibraryError
from index.search.hybrid import search

ODD_QUESTIONS = [
    "a",
    "?",
    " ",
    "cable " * 3_300,
    "x" * 20_000,
    'cable "standard" OR NOT (rack* AND title:cable) NEAR/3 ^rack',
    "🙂 cable 🏴‍☠️",
    "cable\0standard\x1b[31m\u202e",
    "'; DROP TABLE passages; --",
    "Какой стандарт связывает ускорители?",
    "人工智能",
]


def build(folder, index_folder):
    embedder = WordEmbedder()
    return rebuild([folder], index_folder, embedder), embedder


def found(index_folder, question, top_k=5):
    with open_index(index_folder, WordEmbedder()) as index:
        vector = WordEmbedder().embed([question if question.strip() else "nothing"])[0]
        return search(index.catalogue, index.store, question, vector, top_k=top_k)


def write(folder, slug, text):
    folder.mkdir(exist_ok=True)
    (folder / f"{slug}.md").write_text(f"---\ntitle: {slug}\n---\n{text}\n", encoding="utf-8")
    return folder


def test_empty_library_is_refused(tmp_path):
    (tmp_path / "library").mkdir()
    with pytest.raises(LibraryError, match="no articles") as error:
        build(tmp_path / "library", tmp_path / "index")
    assert "\n" not in str(error.value)


def test_article_of_one_word_is_found(tmp_path):
    build(write(tmp_path / "library", "note", "Zebra."), tmp_path / "index")
    assert found(tmp_path / "index", "zebra")[0].passage.text == "Zebra."


def test_article_of_two_megabytes_is_found_at_its_end(tmp_path):
    text = " ".join(f"Sentence {i} tells of thing number {i} among many." for i in range(42_000))
    assert len(text) > 2_000_000
    report, _ = build(write(tmp_path / "library", "long", f"{text} The zebra came last."), tmp_path / "index")
    assert report.counts["passages"] > 1_500
    assert "zebra came last" in found(tmp_path / "index", "zebra")[0].passage.text


def test_text_without_an_end_of_a_sentence_is_found(tmp_path):
    build(write(tmp_path / "library", "endless", "word " * 50_000 + "zebra"), tmp_path / "index")
    assert "zebra" in found(tmp_path / "index", "zebra")[0].passage.text


def test_five_thousand_tiny_articles_are_found_each(tmp_path):
    for i in range(5_000):
        write(tmp_path / "library", f"n{i}", f"Number{i} is here.")
    report, _ = build(tmp_path / "library", tmp_path / "index")
    assert report.counts["articles"] == report.counts["passages"] == 5_000
    for i in (0, 1234, 4999):
        assert found(tmp_path / "index", f"number{i}")[0].passage.slug == f"n{i}"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Die Allianz wurde am 5. Dezember 2023 gegründet. Sie hat fünfzig Mitglieder.", "gegründet Mitglieder"),
        ("Альянс был основан в 2023 году. В него входят пятьдесят организаций.", "альянс организаций"),
        ("该联盟成立于2023年。它有五十个成员。", "该联盟成立于2023年"),
        ("تأسس التحالف في عام 2023. لديه خمسون عضوا.", "التحالف"),
    ],
)
def test_article_in_another_language_is_found_by_its_words(tmp_path, text, question):
    write(tmp_path / "library", "other", text)
    build(write(tmp_path / "library", "note", "Something else stands here."), tmp_path / "index")
    assert found(tmp_path / "index", question)[0].passage.slug == "other"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    build(write_library(folder / "library"), folder / "index")
    return folder / "index"


@pytest.mark.parametrize("question", ODD_QUESTIONS, ids=lambda q: repr(q[:12]))
def test_odd_question_is_searched_like_any_other(index, question):
    hits = found(index, question)
    if "cable" in question:
        assert hits[0].passage.slug == "consortium"
    if not any(char.isalnum() for char in question):
        assert hits == []
