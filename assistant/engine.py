"""The Python API: open the assistant, ask, converse, search."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Unpack

from assistant.answering import Answering
from assistant.conversation import Conversation, check_question
from assistant.described import DescribedBodies
from assistant.errors import IndexProblem
from assistant.explorer import Explorer, explore
from assistant.followups.make_whole import with_article
from assistant.models.language_model import LanguageModel, open_model
from assistant.open.drafting import Drafting
from assistant.search_filters import FilterWords
from assistant.settings import Settings
from assistant.suggestions import suggest
from assistant.types import Answer, Event
from assistant.whole_questions import WholeQuestions
from index.articles import changed_articles
from index.build import OpenIndex, Step, open_index
from index.catalogue import Catalogue
from index.healing import open_or_build
from index.names.finder import Mention, NameFinder
from index.search.reranker import Reranker
from index.types import ArticleRecord, Hit, Passage, SentenceRecord
from index.vectors.embed import MiniLM, TokenEmbedder
from index.vectors.remembered import RememberingEmbedder

_EXAMPLES = (
    "Who founded {}?",
    "What is {}?",
    "When was {} founded?",
    "Who are the members of {}?",
    "What does {} do?",
)
_EXAMPLE_CHARS = 30


def _ignore(_: Step | str) -> None:
    """Nothing shown."""


class Assistant:
    """Answers questions from the index. Safe to use from several threads: drafts queue for the one model."""

    def __init__(self, index: OpenIndex, embedder: TokenEmbedder, model: LanguageModel, settings: Settings) -> None:
        """Put finished parts together; `Assistant.open()` makes them."""
        self.settings = settings
        self._index = index
        self._embedder = embedder
        self._model = model
        self._reranker = Reranker(Path(settings.reranker).expanduser()) if settings.reranker else None
        self._answering = self._assemble(index)
        self._explored: tuple[Answering, Explorer] | None = None
        self._reopening = threading.Lock()

    @classmethod
    def open(
        cls,
        settings: Settings | None = None,
        *,
        on_step: Callable[[Step], None] = _ignore,
        on_notice: Callable[[str], None] = _ignore,
    ) -> Assistant:
        """Open the index, built first if there is none that can be used; the model loads when it is first needed.

        Args:
            settings: By default, from the environment.
            on_step: Told of each step of a build, for a progress bar.
            on_notice: Told in one line what is wrong with the index and what is done about it.

        Raises:
            LibraryError: The index has to be built and an article is wrong.
            IndexNotWritten: It has to be built and the disk is full or read-only.
            IndexBusy: Another process has been building it for more than a minute.
            IndexUnreachable: The Chroma server does not answer.
            ModelMissing: There is no such model file.
            ModelDamaged: The file is no model.
        """
        settings = settings or Settings.load()
        model = open_model(settings)
        embedder = RememberingEmbedder(MiniLM())
        index = open_or_build(
            settings.libraries,
            settings.index_folder,
            embedder,
            on_step=on_step,
            on_notice=on_notice,
            chroma_url=settings.chroma_url or None,
        )
        return cls(index, embedder, model, settings)

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the model's process and close the index."""
        self._model.close()
        self._index.close()

    def warm_up(self) -> None:
        """Load the language model and the embedding model in the background, before the first question."""
        self._model.start()
        threading.Thread(target=self._embedder.embed, args=(["warm up"],), daemon=True).start()

    def ask(self, question: str, **filters: Unpack[FilterWords]) -> Answer:
        """Answer one question on its own; with filters, only from passages that pass.

        Example: `assistant.ask("What happened?", alliances=["CoSAI"], since="2025")`.

        An exact answer is told where all that it quotes passes; else it is said that the articles tell it only without
        the filter. With one alliance, a question that names nothing is about it.

        That the language model fails, or has too many questions before this one, is no error: the articles are
        quoted, and `Answer.model_failure` tells what happened.

        Raises:
            BadQuestion: Empty, or over 2,000 characters.
            BadFilter: A filter names what the articles do not know, or is no date.
        """
        return self.conversation().ask(question, **filters)

    def stream(self, question: str, **filters: Unpack[FilterWords]) -> Generator[Event, None, None]:
        """Answer one question on its own, event by event; see `Conversation.stream`."""
        return self.conversation().stream(question, **filters)

    def conversation(self) -> Conversation:
        """A conversation that remembers its turns."""
        return Conversation(self._current)

    def search(self, query: str, top_k: int = 5, **filters: Unpack[FilterWords]) -> list[Hit]:
        """The passages that match a query best, best first; with filters, of those that pass.

        Example: `assistant.search("evaluation", kinds=["safety"], since="2025")`.

        Raises:
            BadQuestion: Empty, or over 2,000 characters.
            BadFilter: A filter names what the articles do not know, or is no date.
        """
        return self._current().search(check_question(query), top_k, filters)

    def articles(self) -> list[ArticleRecord]:
        """The articles of the index, by slug."""
        self._current()
        return list(self._index.catalogue.articles.values())

    @property
    def generation(self) -> int:
        """The number of the index that answers now; a rebuild makes a higher one."""
        return self._current().index.number

    @property
    def catalogue(self) -> Catalogue:
        """The facts and texts of the index that answers now; hold it for one task, not for good."""
        self._current()
        return self._index.catalogue

    def names_in(self, text: str) -> list[Mention]:
        """The alliances and organisations of the library that a text names, in its order."""
        return self._current().names.find(text)

    def article_text(self, slug: str) -> list[SentenceRecord]:
        """The sentences of an article, in its order; none when the index has no such article."""
        self._current()
        return self._index.catalogue.sentences_of_article(slug)

    def changed_articles(self) -> list[str]:
        """Slugs of articles that are new, changed or gone since the index was built; a rebuild takes them in."""
        return changed_articles(self._index.manifest.articles, self.settings.libraries)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id, or None when the index no longer has it."""
        return next(iter(self._index.catalogue.passages([passage_id])), None)

    @property
    def model_name(self) -> str:
        """Name of the language model."""
        return self._model.name

    def examples(self) -> list[str]:
        """Questions that the library can answer, to start with."""
        alliances = [a.name for a in self._index.catalogue.alliances if a.founded_in and len(a.name) <= _EXAMPLE_CHARS]
        return [form.format(with_article(name)) for form, name in zip(_EXAMPLES, alliances, strict=False)]

    def suggestions(self, question: str, slugs: Iterable[str] = (), **filters: Unpack[FilterWords]) -> Iterator[str]:
        """Questions to go on with after this one, best first; each is known to be answered from the facts.

        Args:
            question: As asked, or made whole.
            slugs: Articles that its answer cites or was looked for in, best first.
            filters: With which it was asked.
        """
        answering = self._current()
        for offered in suggest(answering.index.catalogue, question, answering.names.find(question), slugs):
            if self.ask(offered, **filters).kind == "exact":
                yield offered

    def explorer(self) -> Explorer:
        """Every body and organisation with its facts, to look at; made once for each index."""
        answering, explored = self._current(), self._explored
        if explored is None or explored[0] is not answering:
            self._explored = explored = (answering, explore(answering.index.catalogue, answering.index.number))
        return explored[1]

    def _current(self) -> Answering:
        """What answers now: a rebuild that has finished since the last question is taken up first.

        A new index that cannot be used is left alone: the one that is open is whole.
        """
        with self._reopening, suppress(IndexProblem):
            if self._index.is_superseded():
                url = self.settings.chroma_url or None
                old, self._index = self._index, open_index(self.settings.index_folder, self._embedder, url)
                self._answering = self._assemble(self._index)
                self._explored = None  # it holds the old index open
                old.retire()
        return self._answering

    def _assemble(self, index: OpenIndex) -> Answering:
        catalogue = index.catalogue
        names = NameFinder(
            catalogue.alliances,
            catalogue.organisations,
            is_known_word=lambda word: catalogue.passages_with(word) > 0,
            is_everyday_word=lambda word: word in catalogue.everyday_words,
        )
        drafting = Drafting(self._model, self._embedder, self.settings.answer_tokens)
        questions = WholeQuestions(names, DescribedBodies(catalogue, names, self._embedder))
        return Answering(index, names, self._embedder, drafting, questions, self._reranker)
