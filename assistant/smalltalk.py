"""Short, fitting replies to what is no question to the library: greetings, thanks, who the assistant is."""

from __future__ import annotations

import re

ABSTENTION = "The articles do not tell."
WHICH_ONE = "Which alliance do you mean? Please name it."

_ABOUT = (
    "I answer questions about AI alliances from a library of articles on this machine. Every sentence I "
    "show is backed by a sentence in an article, which stands beside it; what the articles do not tell, I say I do "
    "not know."
)
_REPLIES = (
    (
        r"(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings)(?: there| everyone)?",
        "Hello! Ask me about an AI alliance: who is in it, who founded it, what it has done.",
    ),
    (
        r"(?:many )?(?:thanks|thank you|thx|cheers|great|perfect|nice|ok|okay|cool)"
        r"(?: (?:so much|very much|a lot|you|for (?:that|your help)))*",
        "You're welcome.",
    ),
    (r"(?:good ?)?(?:bye|goodbye|see you)(?: later| soon)?", "Goodbye."),
    (
        r"(?:who|what) are you|what(?:'s| is) your name|what can (?:you|i) (?:do|ask)(?: you)?|how do you work"
        r"|what do you (?:do|know)|help|are you (?:a (?:ro)?bot|an ai|human|chatgpt)",
        _ABOUT,
    ),
    (r"how are you(?: doing)?(?: today)?", "Ready for your questions about AI alliances."),
)


def small_talk(text: str) -> str | None:
    """The reply to a greeting, thanks or a question about the assistant; None for anything else."""
    said = re.sub(r"[^\w' ]+", " ", text.lower()).split()
    plain = " ".join(said)
    return next((reply for pattern, reply in _REPLIES if re.fullmatch(pattern, plain)), None)
