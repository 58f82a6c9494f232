"""Short, fitting replies to what is no question to the library: greetings, thanks, the assistant itself, other work."""

from __future__ import annotations

import re

from index.vectors.embed import Embedder

ABSTENTION = "The articles do not tell."
WHICH_ONE = "Which alliance do you mean? Please name it."
OUT_OF_SCOPE = "I only answer questions about AI alliances, from the articles in my library."

MIN_LIKENESS = 0.45  # cosine to an example from which a question to "you" is about the assistant

_HELLO = (
    r"(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings)"
    r"(?: (?:there|everyone|all|again|assistant))*"
)
_THANKS = (
    r"(?:(?:many )?(?:thanks|thank you|thx|cheers|great|perfect|nice|ok|okay|cool|awesome|excellent|wonderful|brilliant"
    r"|got it|well done|good (?:job|work|answer))"
    r"(?: (?:so much|very much|a lot|you|again|for (?:that|this|(?:your|the) help)|(?:that|this)(?: is|'s| was)?"
    r" (?:all|it|great|(?:very |really )?helpful|what i needed)|(?:very |really )?helpful))*(?: |$))+"
)
_BYE = r"(?:good ?)?(?:bye|goodbye|see you|take care)(?: (?:later|soon|then|now))*"
_REPLIES = (
    (_HELLO, "Hello! Ask me about an AI alliance: who is in it, who founded it, what it has done."),
    (rf"{_THANKS}(?:{_BYE})?", "You're welcome."),
    (_BYE, "Goodbye."),
    (
        rf"(?:{_HELLO} )?how (?:are you|is it going)(?: doing)?(?: today)?",
        "Ready for your questions.",
    ),
)
_COMPILED = tuple((re.compile(pattern), reply) for pattern, reply in _REPLIES)

_MAX_COURTESY_WORDS = 9
_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|when|where|which|why|how|list|name|show|tell|give|compare|members?|founders?|founded|about)\b"
)
# What begins so and asks nothing is a courtesy, whatever follows: "thanks, that was really useful".
_COURTESIES = (
    (
        re.compile(
            r"(?:ok(?:ay)? |great |perfect |cool |super |wow |alright |many )*(?:thanks|thank you|thx|cheers|ta)\b"
        ),
        _REPLIES[1][1],
    ),
    (re.compile(r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings)\b(?!-)"), _REPLIES[0][1]),
    (re.compile(r"(?:ok(?:ay)? )?(?:bye|goodbye|see you|that's all|that is all|that will be all)\b"), _REPLIES[2][1]),
)

_WHAT = (
    "I answer questions about AI alliances from a library of articles on this machine: who is in them, who founded "
    "them, when, and what they do. Every sentence I show is backed by a sentence in an article, which stands beside "
    "it; what the articles do not tell, I say I do not know."
)
_SOURCES = (
    "My answers come from the articles of the library on this machine, and from nowhere else: every sentence I show is "
    "backed by a sentence in an article, quoted beside it with its sources. I look nothing up on the internet."
)
_MACHINE = (
    "I am the Alliance Assistant, a program that runs wholly on your machine: a search over a library of articles, and "
    "an open language model that only puts into words what the articles say. Nothing you type leaves the machine."
)
# What people ask an assistant about itself, and the reply; compared by meaning, so other wordings are understood.
_ABOUT_ITSELF = {
    _WHAT: (
        "What can you do?",
        "What can I ask you?",
        "What do you know?",
        "What can you help me with?",
        "Which topics do you cover?",
        "What are you good at?",
        "What are you for?",
        "What is this assistant about?",
        "Help",
        "How do I use you?",
        "Tell me about yourself.",
        "What sort of questions can I ask here?",
    ),
    _SOURCES: (
        "Where do your answers come from?",
        "Where do you get your information?",
        "Where are your facts from?",
        "What are your sources?",
        "Can I trust your answers?",
        "Why should I believe you?",
        "How reliable are you?",
        "How do you know that?",
        "How do you work?",
        "Do you make things up?",
        "Do you search the internet?",
        "How up to date are you?",
        "What happens when you do not know the answer?",
        "What do you do if the articles do not tell something?",
        "Do you ever get things wrong?",
        "How do you come up with your answers?",
        "Are you able to browse the web?",
    ),
    _MACHINE: (
        "Who are you?",
        "What are you?",
        "What is your name?",
        "Are you a robot?",
        "Am I talking to a human or to a machine?",
        "Are you ChatGPT?",
        "Who made you?",
        "Who is behind you?",
        "Which language model do you use?",
        "Is there a person behind this chat?",
        "Are you an artificial intelligence?",
        "Is what I type to you sent to a server?",
        "Do you work offline?",
        "Do you store my questions?",
        "Are my questions sent anywhere?",
    ),
}
_TO_YOU = re.compile(
    r"\b(?:you|your|yours|yourself|u|ur)\b|\bthis (?:assistant|chatbot|bot|tool|app|program)\b|\bmodel is this\b"
    r"|\bmy (?:questions?|data)\b|\bcan (?:i|we) (?:ask|do)\b|^\W*help\W*$"
    r"|\bam i (?:talking|speaking|chatting|writing) (?:to|with)\b"
)
# "How many alliances for health do your articles describe?" asks the library.
_ASKS_FOR_BODIES = re.compile(
    r"\b(?:which|what|how many|list|name|any)\b[^?]*\b(?:alliances?|bodies|body|initiatives?|networks?)\b"
)
_OTHER_WORK = re.compile(
    r"^\W*(?:(?:please|now|so|and|can you|could you|would you|will you|i want you to|i need you to|help me|hey|hi"
    r"|hello)\b[\s,]*)*(?:write|compose|translate|paint|sing|calculate|compute|solve|generate|imagine|pretend|act as"
    r"|buy|ignore|disregard|forget|repeat|reveal|tell (?:me )?a (?:joke|story)"
    # "Code of Practice: who signed?", "Order of founding?": these are nouns as well.
    r"|(?:code|draw|play|book|order) (?:an?|me|us|my|some|something))\b",
    re.IGNORECASE,
)


def small_talk(text: str) -> str | None:
    """The reply to a greeting, thanks or goodbye; None for anything else."""
    plain = " ".join(re.sub(r"[^\w' -]+", " ", text.lower().replace("’", "'")).split())
    is_courtesy = "?" not in text and len(plain.split()) <= _MAX_COURTESY_WORDS and not _ASKS.search(plain)
    patterns = _COURTESIES if is_courtesy else ()
    courtesy = next((reply for pattern, reply in patterns if pattern.match(plain)), None)
    return courtesy or next((reply for pattern, reply in _COMPILED if pattern.fullmatch(plain)), None)


def about_itself(text: str, embedder: Embedder) -> str | None:
    """The reply to a question about the assistant, recognised by its likeness to examples; None for anything else.

    Args:
        text: A question that names nothing of the library.
        embedder: Embeds it and the examples, which a remembering embedder does once.
    """
    if not _TO_YOU.search(text.lower()) or _ASKS_FOR_BODIES.search(text.lower()):
        return None
    examples = [(example, reply) for reply, group in _ABOUT_ITSELF.items() for example in group]
    asked, *known = embedder.embed([text, *(example for example, _ in examples)])  # (1 + n, dim)
    likeness, reply = max((float(asked @ vector), reply) for vector, (_, reply) in zip(known, examples, strict=True))
    return reply if likeness >= MIN_LIKENESS else None


def asks_for_other_work(text: str) -> bool:
    """True for an order that no article can answer: to write, to translate, to compute, to drop the rules."""
    return _OTHER_WORK.match(text) is not None
