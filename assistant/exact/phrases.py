"""Ways of saying the same: phrases of several words, and politeness, brought to the words that the readers know.

"What made X walk out of Y?" asks what "Why did X leave Y?" asks. Applied where names stand as marks.
"""

from __future__ import annotations

import re

_NAMES = r"(?:[@#](?:,? and (?:the )?[@#])?)"
# A replacement, and the patterns that it takes the place of; in this order, each on what the ones before it left.
_SAME = (
    (
        " ",
        r"\b(?:could|can|would|will) you (?:please |kindly )?(?:tell|show|give|list|name|say|remind)"
        r"(?: (?:me|us))?(?: (?:about|again))?\b",
        r"\b(?:do|did) you (?:happen to )?know\b",
        r"\bi(?:['’]d| would) like to know\b",
        r"\bi (?:want|need) to know\b",
        r"\b(?:tell|remind) me\b",
        r"\bany idea\b",
        r"\b(?:please|pls|kindly|thanks)\b,?",
        r"\b(?:that|which)? ?you (?:know|have|list|cover)(?: of| about)?\b",
        r"\b(?:these days|right now|at the moment|at present|so far|to date|as things stand|in all|in total|altogether"
        r"|all told|nowadays)\b",
    ),
    # "TRAIN, the health AI network": what a body is called besides its name.
    (
        "@",
        r"@, (?:the|a|an) (?:[\w'’-]+ ){0,4}(?:network|process|group|alliance|body|consortium|forum|coalition"
        r"|initiative|summit|declaration|treaty|pact|institute|foundation|organi[sz]ation|framework|project|partnership|agreement"
        r"|campaign)\b,?",
    ),
    (" not", r"(?<=\w)n['’]t\b"),
    (
        r"why did \1 ",
        rf"^(?:so |and |but )*what (?:made|caused|led|drove|prompted|pushed|got) (?:the )?({_NAMES}) (?:to )?",
    ),
    (r"why did \1", rf"^(?:so |and |but )*(?:how come|for what reasons? (?:did|has)) (?:the )?({_NAMES})"),
    (
        "start",
        r"\b(?:gets?|got|getting|gotten) (?:going|started|off the ground|under ?way|rolling|launched|founded)\b",
        r"\bc[ao]me (?:into (?:being|existence|life)|about|to life)\b",
        r"\bsaw the light(?: of day)?\b",
    ),
    (
        "leave",
        r"\b(?:walk|pull|drop|back|opt|step|move|bow)(?:ed|s|ing|ped)? (?:(?:out|away|down) (?:of|from)|out)\b",
        r"\bturn(?:ed)? (?:its|their) backs? on\b",
        r"\bpart(?:ed)? (?:ways|company) with\b",
        r"\bcut ties with\b",
        r"\bg[ai]ven? up (?:its |their )?(?:membership|seat) (?:in|of|on)\b",
    ),
    (
        "sign",
        r"\b(?:put|set) (?:its |their |his |her |the )?(?:names?|signatures?) (?:to|under|on)\b",
        r"\bsign(?:ed|s|ing)? (?:up|on)(?: to| for| with)?\b",
        r"\b(?:subscribed?|adhered?) to\b",
    ),
    (
        "who hosts ",
        r"\bunder (?:whose|which|what) (?:\w+ )?(?:roof|umbrella|wing|aegis|auspices)\b",
        r"\bwho (?:houses|gives? a home to|is the home of)\b",
        r"\bwhat(?: is|['’]s) the (?:legal )?home of\b",
    ),
    (r"who hosts \1 ", r"\bwhere (?:is|does|are) (?:the )?(@) (?:housed|hosted|live)\b"),
    (r"\1", r"(who hosts .*?)\b(?:lives?|sits?|stands?|operates?|runs?|housed|hosted|placed)\b"),
    (r"founded \1", r"\bgot (@) (?:going|started|off the ground|rolling)\b"),
    ("found", r"\b(?:put on|got together|call(?:ed)? into (?:life|being))\b"),
    ("member", r"\b(?:takes?|took|taking|taken) part\b", r"\bon board\b", r"\bon the (?:list|roster|rolls)\b"),
    (" ", r"\bplay(?:s|ed)?\b"),
)
_COMPILED = tuple((re.compile("|".join(patterns), re.IGNORECASE), to) for to, *patterns in _SAME)


def plain(masked: str) -> str:
    """A masked question in the words that the readers know."""
    for pattern, replacement in _COMPILED:
        masked = pattern.sub(replacement, masked)
    return " ".join(masked.split()).lstrip(" ,")
