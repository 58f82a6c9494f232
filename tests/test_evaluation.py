"""`alliances eval`: questions are read or refused in one line, answers judged, sentences held against their sources."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tiny_index import FORUM, WordEmbedder, write_library

from assistant import Assistant, Settings
from assistant.errors import AlliancesError, BadQuestionFile, ModelCrashed
from assistant.evaluation.ask_all import evaluate, measures, read_results, write_results
from assistant.evaluation.judge import judge
from assistant.evaluation.questions import MAX_FILE_BYTES, Question, read_questions
from assistant.evaluation.run import Run
from assistant.evaluation.support import Support
from assistant.types import Answer, CheckedSentence, Citation
from index.articles import load_library
from index.build import open_index, rebuild

QUESTIONS = """\
- {kind: founders, ask: "Who founded the Example Forum?", all: [blue labs], cites: [forum]}
- {kind: followup, turns: ["Who founded the Example Forum?", "and when?"], any: ["July 26, 2023"], cites: [network]}
- {kind: founded, ask: "When was the Example Forum founded?", all: [2024-07-26]}
- {kind: off, ask: "What is the capital of Zanzibar?", abstain: true}
- {kind: about_assistant, ask: hello, smalltalk: true}
"""
FOUNDED = "The Example Forum was founded on 26 July 2023 by Blue Labs."


class Silent:
    """A language model that writes nothing, or that fails."""

    name = "silent"

    def __init__(self):
        self.failure = None

    def stream(self, messages, *, max_tokens, seed=0, asker=None):
        if self.failure:
            raise self.failure
        return (piece for piece in ())

    def start(self): ...

    def close(self): ...


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """An assistant over three tiny articles."""
    folder = tmp_path_factory.mktemp("evaluation")
    settings = Settings.load(home=folder / "home", library=write_library(folder / "library"))
    rebuild(settings.libraries, settings.index_folder, WordEmbedder())
    with Assistant(open_index(settings.index_folder, WordEmbedder()), WordEmbedder(), Silent(), settings) as assistant:
        yield assistant


@pytest.fixture
def write(tmp_path):
    def write(text, name="questions.yaml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def said(text, *, kind="open", quotes=(FOUNDED,), abstained=False, slug="forum"):
    """An answer of one sentence that cites all quotes."""
    citations = tuple(Citation(i, "Example Forum", slug, None, None, q, "p") for i, q in enumerate(quotes, 1))
    numbers = tuple(citation.number for citation in citations)
    sentences = () if abstained else (CheckedSentence(text, numbers),)
    shown = " ".join([text, *(f"[{number}]" for number in numbers)])
    return Answer(shown, abstained, kind, citations, sentences, {"total": 0.5})


DECLINED = said("The articles do not tell.", kind="abstain", quotes=(), abstained=True)
HELLO = said("Hello!", kind="smalltalk", quotes=())


# -- reading


def test_a_file_gives_questions_with_what_is_right(write):
    first, second, third, *_ = read_questions([write(QUESTIONS)])
    assert first == Question(
        ("Who founded the Example Forum?",), "founders", "answer", ("blue labs",), cites=("forum",), place=first.place
    )
    assert second.turns == ("Who founded the Example Forum?", "and when?")
    assert third.holds_all == ("2024-07-26",)
    assert first.place.endswith("questions.yaml, item 1")


def test_words_that_yaml_takes_for_something_else_stay_words(write):
    (question,) = read_questions([write("- {ask: Is it, any: [no, 1.10, 2023-12-05, null]}")])
    assert question.holds_any == ("no", "1.10", "2023-12-05", "null")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("ask: What", "is no list"),
        ("- {ask: What, all: [a}", "line 1 is not valid YAML"),
        ("[" * 20_000, "nested too deeply"),
        ("- What", "item 1 is no mapping"),
        ("- {ask: What, al: [a]}", "unknown key 'al'"),
        ("- {all: [a]}", "either `ask`"),
        ("- {ask: What, turns: [What], all: [a]}", "either `ask`"),
        ("- {turns: [], all: [a]}", "asks nothing"),
        ("- {ask: ' ', all: [a]}", "The question is empty"),
        ("- {ask: What, all: a}", "`all` must be a list of texts"),
        ("- {ask: What, any: [['a']]}", "`any` must be a list of texts"),
        ("- {ask: What}", "does not say what is right"),
        ("- {ask: What, abstain: perhaps}", "must be true or false"),
        ("- {ask: What, abstain: true, says_no: true}", "only one can be true"),
        ("- {ask: What, abstain: true, all: [a]}", "is to be declined"),
        ("- {ask: What, all: [a], kind: []}", "`kind` must be a word"),
        ("- {ask: What, all: [a]}\n- {ask: what, all: [b]}", "item 2 asks the same as"),
        ("- {ask: Où, all: [a]}".encode("latin-1"), "is not in UTF-8"),
        (b"#" * (MAX_FILE_BYTES + 1), "at most 2,000,000 are read"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_that_names_it(write, text, says):
    with pytest.raises(BadQuestionFile) as refused:
        read_questions([write(text)])
    assert says in str(refused.value) and "questions.yaml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(BadQuestionFile, match="cannot be read"):
            read_questions([path])


# -- judging


@pytest.mark.parametrize(
    ("expected", "answer", "verdict"),
    [
        ({"holds_all": ("blue LABS", "2023")}, said(FOUNDED), "right"),
        ({"holds_all": ("Blue Labs", "Acme")}, said(FOUNDED), "wrong"),
        ({"holds_any": ("Acme", "2023-07-26")}, said(FOUNDED), "right"),
        ({"holds_any": ("Jul. 26, 2023",)}, said(FOUNDED), "right"),
        ({"holds_any": ("26 June 2023",)}, said(FOUNDED), "wrong"),
        ({"holds_all": ("2023",), "holds_none": ("Blue",)}, said(FOUNDED), "wrong"),
        ({"holds_all": ("54",)}, said("There are 54,000 and 154 and 5.54."), "wrong"),
        ({"holds_all": ("1",)}, said("It is one."), "wrong"),  # the [1] behind it is no part of what is told
        ({"holds_all": ('Schölkopf\'s "non-binding"',)}, said("Scholkopf’s “non‑binding”"), "right"),
        ({"holds_all": ("Blue",)}, DECLINED, "declined"),
        ({"holds_all": ("Blue",)}, HELLO, "declined"),
        ({"holds_none": ("Blue",)}, HELLO, "declined"),
        ({"holds_none": ("Acme",)}, said(FOUNDED), "right"),
        ({"cites": ("forum", "other")}, said(FOUNDED), "right"),
        ({"cites": ("other",)}, said(FOUNDED), "wrong"),
        ({"task": "decline"}, DECLINED, "right"),
        ({"task": "decline"}, HELLO, "right"),
        ({"task": "decline"}, said(FOUNDED), "wrong"),
        ({"task": "decline", "holds_none": ("tell",)}, DECLINED, "wrong"),
        ({"task": "deny"}, DECLINED, "right"),
        ({"task": "deny"}, said("Acme did not found it."), "right"),
        ({"task": "deny"}, said(FOUNDED), "wrong"),
        ({"task": "deny", "holds_all": ("Blue",)}, said("Acme did not found it."), "wrong"),
        ({"task": "chat"}, HELLO, "right"),
        ({"task": "chat"}, said(FOUNDED), "wrong"),
        ({"task": "chat"}, DECLINED, "declined"),
    ],
)
def test_an_answer_is_judged_by_what_it_holds(expected, answer, verdict):
    assert judge(Question(("?",), **expected), answer) == verdict


# -- what a sentence says beyond what it cites


@pytest.mark.parametrize(
    ("text", "kind", "missing"),
    [
        (FOUNDED, "open", ()),
        (f"“{FOUNDED}”", "quote", ()),
        ("The EF was founded in July 2023 by Blue Labs.", "open", ("EF",)),
        ("Blue Laboratories founded it in 2023.", "open", ("Laboratories",)),
        ("Founded on 27 July 2023 by Blue Labs.", "open", ("27 July 2023",)),
        ("It has twelve members and 3.5 million dollars.", "open", ("3.5", "twelve", "million")),
        ("Red Labs joined it.", "open", ("Red",)),
        ("The articles do not name Acme among the founders; they name Blue Labs.", "exact", ()),
        ("The articles do not name Acme among the founders; they name Acme.", "exact", ("Acme",)),
        ("The articles name 2 founders of the Example Forum: Blue Labs and Example Forum.", "exact", ()),
        ("The articles name 3 founders of the Example Forum: Blue Labs and Example Forum.", "exact", ("3",)),
        ("The articles name 1 founder of the Example Forum.", "exact", ()),
        ("The articles name 1 founder of the Example Forum.", "open", ("1",)),
    ],
)
def test_names_numbers_and_dates_must_be_in_what_is_cited(tiny, text, kind, missing):
    support = Support(load_library(tiny.settings.libraries))
    found = support.unsupported(said(text, kind=kind))
    assert sum((item.missing for item in found), ()) == missing


def test_facts_of_the_front_matter_count_for_exact_answers_only(tiny):
    support = Support(load_library(tiny.settings.libraries))
    answer = said("It was founded on 26 July 2023.", quotes=("It is a body.",))
    assert support.unsupported(answer)
    assert not support.unsupported(replace(answer, kind="exact"))


@pytest.mark.parametrize(
    ("heading", "missing"),
    [
        ("The articles name 2 of 9 bodies since Easter 1999:", ()),
        ("The articles name 9 bodies since Easter 1999:", ("9",)),
        ("The articles name 2 bodies since Easter 1998:", ("1998",)),
        ("The articles name 2 bodies of Red Labs and Blue Labs:", ("Red",)),
    ],
)
def test_the_heading_of_a_list_counts_what_it_shows_and_may_repeat_the_question(tiny, heading, missing):
    support = Support(load_library(tiny.settings.libraries))
    lines = ["- Example Forum: founded.", "- fast.zoo: founder."]
    citations = said(FOUNDED, quotes=("It is a body.", FOUNDED)).citations
    sentences = tuple(CheckedSentence(text, (1,)) for text in (heading, *lines))
    answer = Answer("\n".join([heading, *lines]), False, "exact", citations, sentences, {"total": 0.5})
    asked = ("What came since Easter 1999?",)
    assert [part for item in support.unsupported(answer, asked) for part in item.missing] == [*missing]
    assert not support.unsupported(said("It came in 1999.", quotes=("It came in 1999.",)), asked)
    assert support.unsupported(said("It came in 1999."), asked)


def test_a_sentence_without_a_citation_and_text_outside_of_sentences_are_seen(tiny):
    support = Support(load_library(tiny.settings.libraries))
    bare = replace(said(FOUNDED), sentences=(CheckedSentence(FOUNDED, ()),))
    assert [item.missing for item in support.unsupported(bare)] == [("a citation",)]
    answer = said(FOUNDED)
    assert not support.unsupported(answer)
    outside = replace(answer, text=f"{answer.text} Acme agreed.")
    assert [item.missing for item in support.unsupported(outside)] == [("Acme",)]


def test_what_articles_say_verbatim_is_never_held_against_them(tiny):
    library = load_library(tiny.settings.libraries)
    for article in library.articles:
        for sentence in article.sentences:
            assert not Support(library).unsupported(said(sentence.text, quotes=(sentence.text,), slug=article.slug))


# -- a run


def test_each_question_is_asked_and_judged(tiny, write):
    judged = evaluate(tiny, read_questions([write(QUESTIONS)])).judged
    assert [item.verdict for item in judged] == ["right", "right", "wrong", "right", "right"]
    told = {measure.name: (measure.part, measure.whole) for measure in measures(judged)}
    assert told == {
        "Right": (4, 5),
        "False statements": (1, 5),
        "Answerable, but declined": (0, 4),
        "Not answerable, and declined": (1, 1),
        "Answers with a citation": (3, 3),
        "Answers with a citation that supports": (1, 2),
        "Sentences not in what they cite": (0, 3),
    }


def test_results_are_read_as_they_were_written(tiny, write, tmp_path):
    evaluation = evaluate(tiny, read_questions([write(QUESTIONS)]))
    write_results(tmp_path / "results.json", evaluation)
    assert read_results(tmp_path / "results.json") == evaluation
    kept = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert kept["model"] == "silent" and kept["judged"][0]["verdict"] == "right"
    assert "Blue Labs" in kept["judged"][0]["answer"]["text"]


def test_the_digest_of_the_library_changes_with_an_article(tiny, write):
    questions = read_questions([write(QUESTIONS)])[:1]
    before = evaluate(tiny, questions).library
    article = tiny.settings.library / "forum.md"
    article.write_text(f"{FORUM}\nIt goes on.\n", encoding="utf-8")
    try:
        assert evaluate(tiny, questions).library != before
    finally:
        article.write_text(FORUM, encoding="utf-8")
    assert evaluate(tiny, questions).library == before


def test_the_command_shows_tables_failures_and_what_has_changed(tiny, write, tmp_path, capsys):
    files = [write(QUESTIONS)]
    assert Run.prepare(files, out=tmp_path / "old.json", compare=None, failures=False).ask(tiny)
    assert "expected" not in capsys.readouterr().out
    changed = [write(QUESTIONS.replace("2024-07-26", "2023-07-26").replace("blue labs", "acme"), "new.yaml")]
    assert Run.prepare(changed, out=None, compare=tmp_path / "old.json", failures=True).ask(tiny)
    out = capsys.readouterr().out
    for words in ("followup", "4 of 5 (80.0%)", "expected: all: acme; cites: forum", "item 1"):
        assert words in out
    assert "right -> wrong: Who founded the Example Forum?" in out
    assert "wrong -> right: When was the Example Forum founded?" in out


def test_ctrl_c_and_a_crash_keep_and_show_what_was_done(tiny, write, tmp_path, capsys, monkeypatch):
    run = Run.prepare([write(QUESTIONS)], out=tmp_path / "part.json", compare=None, failures=False)
    whole = tiny.conversation

    def fails_at_third(failure):
        left = iter([whole, whole, whole])  # the first loads the models

        def conversation():
            if (make := next(left, None)) is None:
                raise failure
            return make()

        return conversation

    monkeypatch.setattr(tiny, "conversation", fails_at_third(KeyboardInterrupt()))
    assert not run.ask(tiny)
    assert "Stopped after 2 of 5 questions." in capsys.readouterr().err
    assert len(read_results(tmp_path / "part.json").judged) == 2
    monkeypatch.setattr(tiny, "conversation", fails_at_third(ModelCrashed("It crashed.")))
    with pytest.raises(ModelCrashed):
        run.ask(tiny)
    assert "2 of 2 (100.0%)" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": 99}'])
def test_what_holds_no_results_is_refused_before_anything_is_asked(write, text):
    with pytest.raises(BadQuestionFile, match="holds no results"):
        Run.prepare([write(QUESTIONS)], out=None, compare=write(text, "old.json"), failures=False)


def test_results_that_could_not_be_written_are_refused_before_anything_is_asked(write, tmp_path):
    for out in (tmp_path, tmp_path / "none" / "results.json"):
        with pytest.raises(AlliancesError, match="cannot be written"):
            Run.prepare([write(QUESTIONS)], out=out, compare=None, failures=False)
