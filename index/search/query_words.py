"""The words of a query that BM25 looks for. A leaf: imports nothing of ours."""

from __future__ import annotations

import re

MAX_WORDS = 200  # of a query; a page of text as a query is cut
# Words that tell nothing of what is asked; the most frequent ones weigh next to nothing in BM25, but the words of a
# question ("when", "did", "you") are rare in articles and would weigh much.
STOP_WORDS = frozenset(
    """a about am an and any are as at be been being but by can could did do does for from had has have he her
    him his how i if in into is it its just me my no not of on or our out please she should so some such than
    that the their them then there these they this those to us was we were what when where which who whom whose
    why will with would you your""".split()
)


def query_words(text: str) -> list[str]:
    """The distinct words to look for, in lower case; the stop words, too, where there are no others."""
    words = list(dict.fromkeys(re.findall(r"\w+", text.lower())[:MAX_WORDS]))
    return [word for word in words if word not in STOP_WORDS] or words
