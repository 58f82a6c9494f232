"""An assistant with prepared answers, for what the real one does not do at will: wait, fail, be hostile."""

import queue
import threading

from assistant.errors import ModelCrashed
from assistant.types import Answer, Citation, Delta, Finished, Retrieved
from index.types import Passage, Sentence, Source

HOSTILE = (
    "<script>window.hacked = 1</script> <img src=x onerror='window.hacked = 1'> "
    "![image](http://198.51.100.7/pixel.png) [click](javascript:window.hacked=1) http://198.51.100.7/bare "
    "${window.hacked = 1} {{constructor.constructor('window.hacked = 1')()}} $$x$$ # heading **bold**"
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
    """Answers by the question's first word: wait, fail, break, hostile; anything else is answered plainly.

    A question that begins with `wait` is held after its first sentence, like by a model that computes, until
    `release` is set. `ended` gets each question whose generator is over, and whether it came to its end.
    """

    def __init__(self):
        self.release = threading.Event()
        self.ended = queue.SimpleQueue()

    def articles(self):
        return [object()] * 3

    def examples(self):
        return ["Who founded the Frontier Model Forum?", "hostile <b>example</b>"]

    def passage(self, passage_id):
        return PASSAGES.get(passage_id)

    def conversation(self):
        return Conversation(self)


class Conversation:
    def __init__(self, assistant):
        self._assistant = assistant
        self._asked = 0

    def stream(self, question):
        self._asked += 1
        complete = False
        try:
            yield from self._events(question.split()[0])
            complete = True
        finally:
            self._assistant.ended.put((question, complete))

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
