"""An assistant with prepared answers, for what the real one does not do at will: wait, fail, be hostile."""

import queue
import threading
from pathlib import Path
from types import SimpleNamespace

from assistant.errors import ModelCrashed
from assistant.settings import Settings
from assistant.types import Answer, Citation, Delta, Finished, Retrieved
from index.types import ArticleRecord, Passage, Sentence, SentenceRecord, Source

HOSTILE = (
    "<script>window.hacked = 1</script> <img src=x onerror='window.hacked = 1'> "
    "![image](http://198.51.100.7/pixel.png) [click](javascript:window.hacked=1) http://198.51.100.7/bare "
    "${window.hacked = 1} {{constructor.constructor('window.hacked = 1')()}} $$x$$ # heading **bold** "
    "<svg onload='window.hacked = 1'> <iframe srcdoc='<script>parent.hacked = 1</script>'></iframe> "
    "<details open ontoggle='window.hacked = 1'> <style>body { display: none }</style> `code` \\(y\\) "
    "<form action='http://198.51.100.7/'> [a]: javascript:window.hacked=1 &lt;b&gt; \" onmouseover='window.hacked = 1'"
)
PLAIN = "The Frontier Model Forum was founded by Anthropic, Google, Microsoft and OpenAI."
CRASHED = "The language model stopped. Ask again; if it happens again, run `alliances doctor`."
PASSAGES = {
    "plain": Passage(
        "plain",
        "forum",
        "Frontier Model Forum",
        "Founding",
        (Sentence(0, PLAIN, ""), Sentence(1, "It is in the USA.", "")),
    ),
    "hostile": Passage("hostile", "hostile", HOSTILE, HOSTILE, (Sentence(0, HOSTILE, ""), Sentence(1, "More.", ""))),
}
HOSTILE_SOURCES = (
    Source("a", HOSTILE, HOSTILE, HOSTILE, "javascript:window.hacked=1"),
    Source("b", "Good source", "Publisher", "2024-07-18", "https://example.org/?a=1&b='\"><script>"),
)


class StandIn:
    """Answers by the question's first word: wait, fail, break, decline, hostile; anything else is answered plainly.

    A question that begins with `wait` is held after its first sentence, like by a model that computes, until
    `release` is set. `ended` gets each question whose generator is over, and whether it came to its end.
    """

    def __init__(self):
        self.release = threading.Event()
        self.ended = queue.SimpleQueue()
        self.settings = Settings.load()
        self.catalogue = SimpleNamespace(articles={}, alliances=())

    generation = 1

    def changed_articles(self):
        return []

    def articles(self):
        return [
            ArticleRecord(slug, title, Path(f"{slug}.md"), "2024-07-18", title, "javascript:window.hacked=1", None, ())
            for slug, title in (("forum", "Frontier Model Forum"), ("hostile", HOSTILE), ("other", "Other"))
        ]

    def examples(self):
        return ["Who founded the Frontier Model Forum?", "hostile <b>example</b>"]

    def passage(self, passage_id):
        return PASSAGES.get(passage_id)

    def article_text(self, slug):
        passages = [passage for passage in PASSAGES.values() if passage.slug == slug]
        return [SentenceRecord(s.number, slug, p.title, p.id, s) for p in passages for s in p.sentences]

    def suggestions(self, question, slugs, **filters):
        return iter(["also " + HOSTILE, "another"])

    def conversation(self):
        return Conversation(self)


class Conversation:
    def __init__(self, assistant):
        self._assistant = assistant
        self._asked = 0

    def stream(self, question, **filters):
        self._asked += 1
        complete = False
        try:
            yield from self._events(question.split()[0])
            complete = True
        finally:
            self._assistant.ended.put((question, complete))

    def resume(self, said):
        self._asked = len(list(said))

    def stop(self):
        """Takes effect at the next event, like the slowest moment of the real one."""

    def _events(self, word):
        if word == "fail":
            raise ModelCrashed(CRASHED)
        if word == "break":
            raise ZeroDivisionError("a bug")
        name = "hostile" if word == "hostile" else "plain"
        text = HOSTILE if word == "hostile" else PLAIN
        yield Retrieved((PASSAGES[name],))
        if word == "decline":
            yield Finished(Answer("The articles do not tell.", True, "abstain"))
            return
        yield Delta(f"{text} [1]")
        if word == "wait":
            self._assistant.release.wait(timeout=30)
        closing = f" This is question {self._asked} of its conversation."
        yield Delta(closing)
        sources = HOSTILE_SOURCES if word == "hostile" else ()
        title = PASSAGES[name].title
        citation = Citation(
            1, title, name, "https://example.org/article", "2024-07-18", text, name, "Publisher", sources
        )
        yield Finished(Answer(f"{text} [1]{closing}", False, "open", (citation,), model="stand-in"))
