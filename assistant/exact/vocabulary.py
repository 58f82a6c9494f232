"""The words of exact questions, as stems: of relations, of kinds, and those that say nothing by themselves."""

from __future__ import annotations

import re

from assistant.words import word_set

FOUNDING = word_set(
    """found founder founding co co-found co-founder cofound creat creator establish launch start set form
    begin began begun origin initi initiat behind unveil came come born birth creation inaugur incept"""
)
MEMBER = word_set(
    """member membership join belong particip part consist compos compris includ signatori sign side involv
    sit sat appear serv made up adher subscrib line-up lineup roster"""
)
HELPING = word_set("help")
HOSTING = word_set("host hous umbrella")
RUNNING = word_set("run oper manag")  # a body runs another, but a person runs it, too
REFUSING = word_set("refus declin reject shun snub")
LEAVING = word_set(
    "leav left quit withdrew withdraw withdrawn exit drop depart resign pull former abandon ditch desert"
)
SHARING = word_set(
    """both common share overlap also well too joint jointli same time simultan intersect alongsid togeth
    between either cross-memb mutual alik"""
)
ROLE = word_set("part role status capac level tier posit categori type")
GENERAL = word_set(
    """ai artifici intellig allianc organis organiz bodi group coalit consortium consortia initi forum
    partnership entiti peopl parti full complet current original first origin all year date day month
    old time ago please list involv side work role still now exact offici altogeth total number count
    mani player actor outfit big major one thing librari articl say anyon anybodi everyon everybodi someon possibl sort
    kind pleas quick quickli mean know name ever effort network institut associ project programm program summit treati
    pact agreement go already alreadi declar communiti undertak campaign call differ new
    foundat agenc ministri author two three four five six seven eight nine ten back
    appear collect shelv specif specifi describ overview dedic continent appeal code retrospect need topic"""
)
BODY_KINDS = {
    "civil-society": word_set("civil societi civil-societi civilsocieti ngo campaign"),
    "health": word_set("health healthcar medic medicin hospit"),
    "infrastructure": word_set("infrastructur hardwar chip compute comput"),
    "intergovernmental": word_set("intergovernment govern multilater international intern diplomat treati summit"),
    "open-source": word_set("open sourc open-sourc opensourc"),
    "partnership": word_set("commerci corpor busi"),
    "policy": word_set("polici"),
    "research": word_set("research scientif academ scienc"),
    "safety": word_set("safeti secur"),
    "standards": word_set("standard technic"),
}
ORGANISATION_KINDS = {
    "company": word_set("compani startup firm busi corpor vendor tech big"),
    "university": word_set("univers universiti academ school colleg"),  # stemmers differ
    "government": word_set("countri govern state nation place"),
    "nonprofit": word_set("nonprofit non-profit non profit ngo chariti"),
    "person": word_set("person peopl individu"),
}
COUNTED_STEMS = {  # what a figure counts
    "company": frozenset({"compani"}),
    "university": frozenset({"univers"}),
    "government": frozenset({"countri"}),
}
MEMBER_ROLES = {
    "founder": word_set("found founder"),
    "steering": word_set("steer committe"),
    "board": word_set("board"),
    "premier": word_set("premier"),
    "platinum": word_set("platinum"),
    "gold": word_set("gold"),
    "general": word_set("general"),
    "associate": word_set("associ"),
    "sponsor": word_set("sponsor"),
    "signatory": word_set("signatori signer"),
    "participant": word_set("particip"),
    "backer": word_set("backer back"),
    "partner": word_set("partner"),
    "supporter": word_set("support"),
    "ratified": word_set("ratifi ratif"),
}
# What a part of the world is called: in small letters, too, but for what would be another word ("us").
REGIONS = {
    "Africa": r"(?i:africa\w*)",
    "Asia": r"(?i:asia\w*)|ASEAN",
    "Europe": r"(?i:europe\w*)|EU\b",
    "Latin America": r"(?i:(?:latin|south) america\w*)",
    "China": r"(?i:china|chinese)",
    "Japan": r"(?i:japan\w*)",
    "Korea": r"(?i:korea\w*)",
    "India": r"(?i:indian?\b)",
    "Singapore": r"(?i:singapor\w*)",
    "Canada": r"(?i:canad(?:a|ian)\w*)",
    "Germany": r"(?i:german\w*)",
    "Switzerland": r"(?i:switzerland|swiss)",
    "France": r"(?i:france|french)",
    "Russia": r"(?i:russia\w*)",
    "the United Kingdom": r"UK\b|(?i:united kingdom|brit(?:ish|ain)\b)",
    "the United States": r"US\b|USA\b|U\.S\.|(?i:united states|(?<!latin )(?<!south )america\w*)",
}
# The countries that lie in a part of the world, of those above.
COUNTRIES = {
    "Asia": ("China", "Japan", "Korea", "India", "Singapore"),
    "Europe": ("Germany", "Switzerland", "France", "the United Kingdom"),
}
BODY_STATUS = {
    "dormant": word_set("dormant dead inactiv inact asleep sleep fallen fell quiet gone silent defunct"),
    "superseded": word_set("supersed"),
    "proposed": word_set("propos plan"),
}
OVER = word_set("end over longer activ stop close dissolv ceas finish")  # dormant, or superseded

WHEN = re.compile(
    r"\bwhen\b|\b(?:what|which) (?:year|date|day|month)\b|\bhow old\b|\bsince when\b|\bhow long (?:has|have|ago)\b"
    r"|\b(?:founding|launch|creation|start) (?:dates?|years?)\b|\bdates? of\b|\b(?:start|launch|foundation) year\b",
    re.IGNORECASE,
)
WHO = re.compile(r"\b(?:who|whom|whose|which|what|list|name|show|give|tell|how many|count|number of)\b", re.IGNORECASE)
YES_NO = re.compile(r"^(?:so |and |but )*(?:is|are|was|were|does|do|did|has|have)(?:n['’]?t)?\b", re.IGNORECASE)
OTHER_QUESTION = re.compile(r"\b(?:why|how(?! many)|where)\b", re.IGNORECASE)
# What may, must or would be is not what the catalogue holds.
MODAL = re.compile(r"\b(?:may|might|must|should|could|would|will|shall|can|cannot)\b", re.IGNORECASE)
JOINING = re.compile(r"\b(?:join\w*|sign\w*|be(?:came|come)|added|admitted|entered|new\w*|later)\b", re.IGNORECASE)
FIRST = re.compile(r"\b(?:first|earliest)\b", re.IGNORECASE)
LAST = re.compile(r"\b(?:last|latest|newest|new|(?:most )?recent(?:ly)?)\b", re.IGNORECASE)
ORDER = word_set("first earliest last latest newest new recent")
# "Which projects do A and B have in common?": neither members nor bodies.
OTHER_THING = re.compile(
    r"\b(?:which|what|how many) (?:[\w-]+ )?(?:projects?|program\w*|efforts?|agreements?|declarations?|summits?"
    r"|campaigns?|working groups?|work|initiatives?|undertakings?)\b",
    re.IGNORECASE,
)
COUNTING = re.compile(
    r"\bhow many\b|\b(?:the )?(?:total )?number of\b|\bcount\b"
    r"|\bhow (?:big|large) (?:is|was|are|were|has|did)\b|\bsize\b",
    re.IGNORECASE,
)
SIZE = word_set("size big larg strong grow grown")
STATUS = re.compile(
    r"\bstill (?:running|active|alive|going|around|exist\w*|operat\w*|in (?:business|operation|force|existence|use)"
    r"|meeting|working|up|a thing)\b"
    r"|\b(?:is|are|was|has|does|do|did)\b.*@.*\b(?:active|dormant|defunct|dead|alive|inactive|over|dissolved|disbanded"
    r"|ended|stopped|closed|wound up|shut down|exist|asleep)\b"
    r"|\bstatus of (?:the )?@|@['’]s? (?:current )?status\b|\bwhat (?:became|has become|happened) of (?:the )?@",
    re.IGNORECASE,
)
ENDING = word_set(
    """run activ aliv exist oper busi forc use meet work dormant defunct dead inactiv dissolv disband end stop
    close wound shut status becam happen sleep asleep gone still up around strong go"""
)
INSIDE = re.compile(r"\b(?:in|inside|within|of|behind)\s+(?:the\s+)?@", re.IGNORECASE)
BODY_NOUN = re.compile(
    r"\b(?:alliances?|bodies|body|groups?|coalitions?|consorti(?:a|um)|initiatives?|forums?|partnerships?|pacts?"
    r"|networks?|organi[sz]ations?|institutes?|foundations?|associations?|efforts?|projects?|outfits?|summits?|treat(?:y|ies)"
    r"|agreements?|declarations?|campaigns?|communities|undertakings?"
    r"|member of|part of|founder of|join(?:ed)?|belongs? to|sign(?:ed)?"
    r"|co-?found(?:ed)?|found(?:ed)?)\b",
    re.IGNORECASE,
)
