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
        r"\bi (?:was|am|['’]m) (?:just )?(?:wondering|curious|asking)(?: about)?\b",
        r"\b(?:i (?:would|['’]d) be|i am|i['’]m) interested (?:in knowing|to know|to learn|in learning|in)\b",
        r"\b(?:can|could|may|might) i (?:please )?(?:ask|know|have|get|see)(?: you)?\b",
        r"\b(?:would|do|did) you happen to know\b",
        r"\bi (?:need|want|would like|['’]d like|am looking for|['’]m looking for) (?=(?:the )?(?:names?|list|date)\b)",
        r"\b(?:do|does) (?:anyone|anybody|someone|somebody) know\b",
        r"\b(?:tell|remind) me\b",
        r"\bany idea\b",
        r"\bin (?:a few|few|simple|plain|your own|other) words\b|\bin (?:short|brief|a nutshell)\b|\bbriefly\b",
        r"\b(?:please|pls|kindly|thanks)\b,?",
        r"\b(?:that|which)? ?you (?:know|have|list|cover)(?: of| about)?\b",
        r"\b(?:these days|right now|at the moment|at present|so far|to date|as things stand|in all|in total|altogether"
        r"|all told|nowadays)\b",
    ),
    # "... whether # has signed @", "# belongs to @, right?", "Since # founded @, how has it grown?"
    (
        r"\2 \1 ",
        rf"^\W*(?:(?:so|and|but|whether|if) )*(?:the )?({_NAMES}) (is|are|was|were|has|have|had)(?= .*@\W*$)",
    ),
    (
        r"did \1 \2",
        rf"^\W*(?:(?:so|and|but|whether|if) )*(?:the )?({_NAMES}) ((?:belong|join|sign|found|start|launch|host)(?:s|ed)?"
        r"|left|leaves?)(?= .*@\W*$)",
    ),
    (
        r"why did \1 \2",
        r"^(?:since|given that|seeing that|now that|considering that|as|because) (?:the )?(#) ([^,]*@[^,@#]*),[^@#]*$",
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
        "when ",
        r"\b(?:at|on|in|from) (?:what|which) (?:point(?: in time)?|moment|time|date|day|month|year)\b",
    ),
    # "Since when does @ exist?"
    (
        r"when was \1 founded",
        r"\b(?:since when|(?:for )?how long) (?:does|did|do|has|have) (?:the )?(@) (?:exist\w*|been (?:around|there|going|running|active))",
    ),
    ("since when has ", r"\b(?:for )?how long (?:has|have) (?=(?:the )?#)"),
    (
        r"when was \1 founded",
        r"\bwhen (?:was|were|is|are) (?:the )?(@) (?:made|agreed|signed|concluded|incepted|born)\b",
    ),
    (
        "start",
        r"\bkick(?:s|ed|ing)?[- ]?off\b",
        r"\bkicked (?=(?:the )?@ off\b)",
        r"\b(?:gets?|got|getting|gotten) (?:going|started|off the ground|under ?way|rolling|launched|founded)\b",
        r"\bc[ao]me (?:into (?:being|existence|life)|about|to life)\b",
        r"\bsaw the light(?: of day)?\b",
    ),
    (" ", r"\b(?:teamed|joined|banded|came|got|put) (?:up|together|forces|their heads together)? ?to (?=\w)"),
    (" ", r"\bco-?(?=(?:creat|launch|establish|initiat|start|set up)\w*)"),
    ("founders", r"\bfounding (?:fathers|mothers|parents|team)\b"),
    (r"who founded \1", r"\bfrom (?:whom|who) (?:does|did|do) (?:the )?(@) (?:originate|come|stem|spring)\b"),
    (r"founded \1", r"\b(?:brought|called|conjured) (?:the )?(@) into (?:being|life|existence)\b"),
    ("behind", r"\b(?:stands?|stood) behind\b"),
    ("join", r"\b(?:comes?|came|coming|gets?|got) (?:on ?board|aboard|in on|into)(?: (?:of|at|with))?\b"),
    ("standards ", r"\bstandards?[- ]setting\b"),
    # "in the FMF's board", "got" at the end of "has @ got?"
    ("", r"\bgot(?=\W*$)"),
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
        r"\b(?:subscribe|adhere)[sd]? to\b",
        r"\bendors(?:e|ed|es|ing)\b",
    ),
    (
        "who hosts ",
        r"\bunder (?:whose|which|what) (?:\w+ )?(?:roof|umbrella|wing|aegis|auspices)\b",
        r"\bwho (?:houses|gives? a home to|is the home of)\b",
        r"\bwhat(?: is|['’]s) the (?:legal )?home of\b",
        r"\b(?:who|(?:which|what) \w+) (?:provides?|offers?|is) (?:the |a )?home (?:for|of|to)\b",
        r"\bunder (?:which|what) (?:organi[sz]ation|body|foundation|institution|umbrella)(?: does| is)?",
    ),
    (
        r"who hosts \1",
        r"\b(?:what|which) (?:organi[sz]ation|body|foundation|institution|umbrella)(?: \w+)? (?:is|does) (?:the )?(@)"
        r" (?:an? )?(?:part of|belongs? to|under)\b",
    ),
    (r"who hosts \1 ", r"\bwhere (?:is|does|are) (?:the )?(@) (?:housed|hosted|live)\b"),
    (r"\1", r"(who hosts .*?)\b(?:lives?|sits?|stands?|operates?|runs?|housed|hosted|placed)\b"),
    (r"founded \1", r"\bgot (?:the )?(@) (?:going|started|off the ground|rolling)\b"),
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
