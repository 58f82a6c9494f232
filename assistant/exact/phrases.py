"""Ways of saying the same: phrases of several words, and politeness, brought to the words that the readers know.

"What made X walk out of Y?" asks what "Why did X leave Y?" asks. Applied where names stand as marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.names.finder import Mention

_NAMES = r"(?:[@#](?:,? and (?:the )?[@#])?)"
# A replacement, and the patterns that it takes the place of; in this order, each on what the ones before it left.
_SAME = (
    (r"\1 you", r"\b(can|could|do|did|would|will) u\b"),
    ("how many", r"\bwhat number of\b"),
    ("who is", r"\bwhos\b"),
    ("organisations", r"\borgs\b"),
    ("which", r"\b(?:whcih|wich|whihc|whitch)\b"),
    ("what", r"\b(?:waht|wat|whta)\b"),
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
        r"\bdo you have\b",
        r"\bi(?:['’]m| am) trying to (?:find out|learn|understand)\b",
        r"\bis there (?:a |any )?(?=list\b)",
        r"\bholds? (?:a |the )?(?=(?:\w+ )?(?:membership|seat)\b)",
        r"-(?:level|tier)\b",
        r"\bis it (?:known|true|correct|right|the case)(?: that)?\b",
        r"\b(?:can|could) you (?:please )?confirm(?: that)?\b",
        r"^\W*(?:hi|hello|hey|good (?:morning|day|afternoon|evening))(?: there)?\b\W*",
        r",? (?:right|correct|is it not|isn['’]t (?:it|that so)|wasn['’]t it)(?=\W*$)",
        r"\ba (?:full |complete )?(?:rundown|list|listing|overview) of (?=who\b)",
        r"\b(?:instrumental|involved|active) in (?=(?:found|creat|launch|start|establish|form|sett)\w*)",
        r"\b(?:tell|remind) me\b",
        r"\bany idea\b",
        r",? yes or no(?=\W*$)",
        r"\bin (?:a few|few|simple|plain|your own|other) words\b|\bin (?:short|brief|a nutshell)\b|\bbriefly\b",
        r"\b(?:please|pls|kindly|thanks)\b,?",
        r"\b(?:that|which)? ?you (?:know|have|list|cover)(?: of| about)?\b",
        r"\b(?:these days|right now|at the moment|at present|so far|to date|as things stand"
        r"|in all(?! (?:of|the|two|three|four)\b)|in total|altogether"
        r"|all told|nowadays)\b",
    ),
    # "... whether # has signed @", "# belongs to @, right?", "Since # founded @, how has it grown?"
    (
        r"\2 \1 ",
        rf"^\W*(?:(?:so|and|but|whether|if) )*(?:the )?({_NAMES}) (is|are|was|were|has|have|had)(?= .*@\W*$)",
    ),
    (
        r"\2 \1 ",
        r"^\W*(?:(?:so|and|but|whether|if) )*(?:the )?(@) (was|were)(?= \w+)(?!.*\b(?:by|wh\w+)\b)",
    ),
    (r"\1 \2", r"\b(has|have) (?:the )?([@#]) got\b"),
    (
        r"did \1 \2",
        rf"^\W*(?:(?:so|and|but|whether|if) )*(?:the )?({_NAMES})"
        r" ((?:belong|join|sign|found|start|launch|host)(?:s|ed)?|left|leaves?)(?= .*@\W*$)",
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
    ("@", r"@ (?:pledges?|commitments?|accord|code|convention)\b"),
    (" not", r"(?<=\w)n['’]t\b"),
    (
        "refuse to ",
        r"\b(?:decid(?:e|ed)|opt(?:ed)?|cho(?:o)?se|chosen|vot(?:e|ed)) (?:not to|against) ",
        r"\b(?:say|said) no to (?=joining|signing|becoming)",
    ),
    (
        "refuse to join ",
        r"\b(?:stay|stays|stayed|staying|remain|remained|kept|keep) (?:out|outside|away)(?: of| from)? ",
        r"\bturn(?:ed)? down (?:membership in |an invitation to |a seat (?:in|on) )?(?=(?:the )?@)",
    ),
    (
        r"why did \1 ",
        rf"^(?:so |and |but )*what (?:made|caused|led|drove|prompted|pushed|got) (?:the )?({_NAMES}) (?:to )?",
    ),
    (
        r"why did \1",
        rf"^(?:so |and |but )*what (?:is|was|were) the reasons? (?:for|behind) (?:the )?({_NAMES})(?:['’]s?)?",
    ),
    (r"why did \1", rf"^(?:so |and |but )*(?:how come|for what reasons? (?:did|has)) (?:the )?({_NAMES})"),
    (
        "when ",
        r"\b(?:at|on|in|from) (?:what|which) (?:point(?: in time)?|moment|time|date|day|month|year)\b",
    ),
    (r"when \1", r"\b(?:the )?date (?:on which |when |that )?(?:the )?([@#])(?= (?:was|were|joined|left|signed))"),
    ("founding date", r"\bbirthday\b", r"\bdate of birth\b"),
    ("founded", r"\binitiated\b"),
    ("founders", r"\binitiators?\b"),
    ("compose", r"\bmakes? up\b"),
    ("former ", r"\bex-(?=(?:member|founder|partner|signator|sponsor)\w*)"),
    ("ended", r"\bc[ao]me to an end\b"),
    (" ", r"\bacts? as (?:the |a )?(?=host)"),
    (r"who founded \1", r"\bwhose (?:idea|brainchild|baby|creation|initiative) (?:is|was) (?:the )?(@)"),
    # "Since when does @ exist?"
    (
        r"when was \1 founded",
        r"\b(?:since when|how many years|(?:for )?how long) (?:does|did|do|has|have) (?:the )?(@)"
        r" (?:exist\w*|been (?:around|there|going|running|active))",
    ),
    ("since when has ", r"\b(?:for )?how long (?:has|have) (?=(?:the )?#)"),
    (
        r"when was \1 founded",
        r"\bwhen (?:was|were|is|are) (?:the )?(@) (?:made|incepted|born)\b",
    ),
    (
        "start",
        r"\bkick(?:s|ed|ing)?[- ]?off\b",
        r"\b(?:gets?|got|getting|gotten) (?:going|started|off the ground|under ?way|rolling|launched|founded)\b",
        r"\bc[ao]me (?:into (?:being|existence|life)|about|to life)\b",
        r"\bsaw the light(?: of day)?\b",
        r"\b(?:begin|began|start(?:ed)?) (?:its|their) (?:life|work|existence)\b",
    ),
    (" ", r"\b(?:teamed|joined|banded|came|got|put) (?:up|together|forces|hands|their heads together)? ?to (?=\w)"),
    (" ", r"\bco-?(?=(?:creat|launch|establish|initiat|start|set up)\w*)"),
    ("founders", r"\bfounding (?:fathers|mothers|parents|team)\b"),
    (r"who founded \1", r"\bfrom (?:whom|who) (?:does|did|do) (?:the )?(@) (?:originate|come|stem|spring)\b"),
    (r"founded \1", r"\b(?:kicked|got|set) (?:the )?(@) (?:off the ground|off|up|in motion)\b"),
    (r"founded \1", r"\b(?:brought|called|conjured) (?:the )?(@) into (?:being|life|existence)\b"),
    ("behind", r"\b(?:master ?minds?|brains|minds|driving forces?|architects?) behind\b"),
    (r"who founded \1", r"\bwho (?:made|gave birth to) (?:the )?(@)(?=\W*$)"),
    (r"founding \1", r"\b(date|year|day) of (?:its |the )?foundation\b"),
    (r"which \1 ", r"\bis there (?:an?|any) (\w+) (?:that|which|who)\b"),
    ("member ", r"\brepresented (?=(?:in|on|at)\b)"),
    ("on", r"\bat the table of\b"),
    ("behind", r"\b(?:stands?|stood) behind\b"),
    (
        "join",
        r"\b(?:comes?|came|coming|gets?|got) (?:on ?board|aboard|in on|into)(?: (?:of|at|with))?\b",
        r"\bg[eo]ts? on(?:to)?(?= (?:the )?(?:[\w-]+ )?(?:board|committee|@))",
        r"\benter(?:ed|s)?\b(?= (?:the )?@)",
    ),
    ("standards ", r"\bstandards?[- ]setting\b"),
    # "How many members has @ got?"
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
        r"\b(?:put|set|add|added|lent) (?:its |their |his |her |the )?(?:names?|signatures?) (?:to|under|on)\b",
        r"\bsign(?:ed|s|ing)? (?:up|on)(?: to| for| with)?\b",
        r"\b(?:subscribe|adhere)[sd]? to\b",
        r"\bendors(?:e|ed|es|ing)\b",
    ),
    (
        "who hosts ",
        r"\bunder (?:whose|which|what) (?:\w+(?:['’]s)? )?(?:roof|umbrella|wing|aegis|auspices)\b",
        r"\bwho (?:houses|gives? a home to|is the home of)\b",
        r"\bwhat(?: is|['’]s) the (?:legal )?home of\b",
        r"\b(?:who|(?:which|what) \w+) (?:provides?|offers?|is) (?:the |a )?home (?:for|of|to)\b",
        r"\bunder (?:which|what) (?:organi[sz]ation|body|foundation|institution|umbrella)(?: does| is)?",
    ),
    (
        r"who hosts \1",
        r"^(?:the )?(@) (?:lives?|sits?|is (?:housed|hosted|located)) (?:at|in|under|by|with) (?:what|which) \w+",
    ),
    (
        r"who hosts \1",
        r"\b(?:what|which) (?:organi[sz]ation|body|foundation|institution|umbrella)(?: \w+)? (?:is|does) (?:the )?(@)"
        r" (?:an? )?(?:part of|belongs? to|under)\b",
    ),
    (r"who hosts \1 ", r"\bwhere (?:is|does|are) (?:the )?(@) (?:housed|hosted|live)\b"),
    (
        "hosted by ",
        r"\b(?:(?:live|sit|stand|operate|run|work)s? )?under (?:the )?(?:\w+ )?"
        r"(?:roof|umbrella|wing|aegis|auspices) of\b",
    ),
    ("host", r"\b(?:give|gave|offer|provide)s? (?:a |its )?home(?: to)?\b"),
    ("hosted by", r"(?<=\w )under(?= (?:the )?#)"),
    (r"\1", r"(who hosts .*?)\b(?:lives?|sits?|stands?|operates?|runs?|housed|hosted|placed)\b"),
    (r"founded \1", r"\bgot (?:the )?(@) (?:going|started|off the ground|rolling)\b"),
    ("found", r"\b(?:put on|got together|call(?:ed)? into (?:life|being))\b"),
    (
        "member",
        r"\bparticipat(?:e|es|ed|ing)\b",
        r"\b(?:takes?|took|taking|taken) part\b",
        r"\bon board\b",
        r"\bon the (?:list|roster|rolls)\b",
    ),
    (r"how does \1 differ from ", r"\bwhat (?:sets?|distinguishes|separates|tells) (?:the )?(@) (?:apart )?from\b"),
    (
        r"compare \1 and \2\3",
        r"^(?:is|are) (?:the )?(@) (?:and (?:the )?(@) )?(?:the |one and the )?same"
        r"(?: thing| body| organi[sz]ation| one)?(?: as (?:the )?(@))?\W*$",
    ),
    (r"what role has \1 in \2", r"\bwhat (?:has|does|did|have) (?:the )?(#) (?:got |have )?to do with (?:the )?(@)"),
    ("membership in", r"\b(?:involvement|participation|engagement) in\b"),
    ("also", r"\bat the same time\b", r"\bin the same time\b", r"\balike\b"),
    (
        "oldest",
        r"\b(?:goes|go|going) back (?:the )?(?:furthest|farthest|longest)\b",
        r"\blongest[- ](?:standing|running|lived)\b",
    ),
    (r"a founder of", r"\ba hand in (?:founding|creating|starting|setting up)\b"),
    ("tell", r"\b(?:walk|take|run|guide|lead) me through\b"),
    ("latest event of", r"\b(?:the )?last thing (?:that )?happened (?:to|at|with|in)\b"),
    (" ", r",? step by step\b"),
    ("refuse", r"\b(?:says?|said|saying) no to\b", r"\bturn(?:ed|s|ing)? down\b"),
    ("published", r"\b(?:put|bring|brought|puts|brings) out\b", r"\bcame out with\b"),
    ("in force", r"\b(?:take[ns]?|took|come|came|gone|went) (?:into )?(?:legal )?effect\b"),
    (" ", r"\bplay(?:s|ed)?\b"),
)
# Words long enough that another one is hardly a letter away.
_LONG: tuple[str, ...] = (
    "established",
    "membership",
    "memberships",
    "signatories",
    "participants",
    "companies",
    "countries",
)
_LONG += ("organisations", "organizations", "universities", "governments", "initiatives")
_LONG += ("organisation", "organization", "university", "government", "initiative", "participant", "signatory")
_MIN_CHARS = 9
_GREETING = re.compile(
    r"^\W*(?:(?:good (?:morning|afternoon|evening|day)|hi|hello|hey|dear \w+|thanks|thank you|ok|okay)\b[\s,.!:;-]*)+",
    re.IGNORECASE,
)
_COMPILED = tuple((re.compile("|".join(patterns), re.IGNORECASE), to) for to, *patterns in _SAME)


def plain(masked: str) -> str:
    """A masked question in the words that the readers know, the long ones spelled right."""
    masked = re.sub(rf"[a-z]{{{_MIN_CHARS},}}", lambda match: _spelled(match[0]), masked)
    for pattern, replacement in _COMPILED:
        masked = pattern.sub(replacement, masked)
    return " ".join(masked.split()).lstrip(" ,")


def _spelled(word: str) -> str:
    found = process.extractOne(word, _LONG, scorer=OSA.distance, score_cutoff=1)
    return found[0] if found else word


def plain_question(question: str, mentions: Sequence[Mention]) -> str:
    """A whole question in plain words, its names as they were; as it was if a name would be lost.

    Args:
        question: Made whole.
        mentions: The names in it, in its order.
    """
    masked = question
    for mention in reversed(mentions):
        masked = f"{masked[: mention.start]}{'@' if mention.alliances else '#'}{masked[mention.end :]}"
    said = plain(_GREETING.sub("", masked)) or masked
    parts = re.split("[@#]", said)
    if len(parts) != len(mentions) + 1:
        return question
    names = [mention.text for mention in mentions]
    text = parts[0] + "".join(name + part for name, part in zip(names, parts[1:], strict=True))
    return text[:1].upper() + text[1:]
