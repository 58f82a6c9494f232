"""Dropping from an HTML tree what a reader of the page would not see.

Text that only machines read has no place in an answer: it is often meant to instruct them. What the markup itself
hides is recognised, by its tags, attributes and inline styles; style sheets are not applied.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

LD_JSON = "application/ld+json"  # the scripts of this type stay: they hold a page's author and date
_NEVER_SHOWN = frozenset({"style", "template", "noscript"})
_WHOLE_PAGE = frozenset({"html", "head", "body"})  # often hidden until a script has loaded
_MARK = "hidden-from-readers"
_COMMENT = re.compile(r"/\*[^*]*(?:\*(?!/)[^*]*)*(?:\*/|$)")
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\")
_LENGTH = re.compile(r"(-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?)([a-z%]*)")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ch": 8.0, "ex": 8.0, "vw": 13.0, "vh": 8.0}
_OFF_SCREEN_PIXELS = -500.0  # pages shift what they show by less
_UNREADABLE_PIXELS = 1.5
_UNREADABLE_OPACITY = 0.05
_MOVING = ("left", "top", "right", "bottom", "text-indent", "margin", "margin-left", "margin-top", "transform")
_FONT_OF_NO_SIZE = re.compile(r"(?:^|\s)0(?:\.0*)?[a-z%]*(?:/|\s)")
_CLIPPED = re.compile(r"rect\( ?[01](?:px)?[ ,]|(?:inset|circle)\( ?(?:50%|100%|0)")


def drop_hidden(tree: HtmlElement) -> None:
    """Remove the hidden elements of a page in place, and all scripts but those that hold metadata."""
    for element in tree.iter(etree.Element):
        if _is_hidden(element):
            element.tag = _MARK
    etree.strip_elements(tree, _MARK, etree.Comment, etree.ProcessingInstruction, with_tail=False)


def _is_hidden(element: HtmlElement) -> bool:
    tag, attributes = element.tag, element.attrib
    if tag in _WHOLE_PAGE:
        return False
    if tag == "script":
        return str(attributes.get("type", "")).strip().lower() != LD_JSON
    return (
        tag in _NEVER_SHOWN
        or "hidden" in attributes
        or str(attributes.get("aria-hidden", "")).strip().lower() == "true"
        or ("style" in attributes and _style_hides(str(attributes["style"])))
    )


def _style_hides(style: str) -> bool:
    declared = _declarations(style)
    no_room = any(_pixels(declared.get(name, "")) == 0 for name in ("height", "max-height", "width", "max-width"))
    colour = declared.get("color")
    return (
        declared.get("display") == "none"
        or declared.get("visibility") in ("hidden", "collapse")
        or declared.get("content-visibility") == "hidden"
        or colour == "transparent"
        or (colour is not None and colour in (declared.get("background-color"), declared.get("background")))
        or _is_tiny(declared)
        or (no_room and declared.get("overflow") in ("hidden", "clip"))
        or any((_pixels(declared.get(name, "")) or 0.0) <= _OFF_SCREEN_PIXELS for name in _MOVING)
        or "scale(0)" in declared.get("transform", "")
        or any(_CLIPPED.search(declared.get(name, "")) for name in ("clip", "clip-path"))
    )


def _is_tiny(declared: dict[str, str]) -> bool:
    size = _pixels(declared.get("font-size", ""))
    opacity = _LENGTH.match(declared.get("opacity", ""))
    return (
        (size is not None and size <= _UNREADABLE_PIXELS)
        or bool(_FONT_OF_NO_SIZE.search(declared.get("font", "")))
        or bool(opacity and float(opacity[1]) / (100 if opacity[2] == "%" else 1) <= _UNREADABLE_OPACITY)
    )


def _declarations(style: str) -> dict[str, str]:
    """Property -> value, both in small letters, free of comments and escapes."""
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", style.lower()))
    pairs = (declaration.partition(":") for declaration in plain.split(";"))
    return {name.strip(): " ".join(value.replace("!important", "").split()) for name, _, value in pairs}


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1] or "0", 16)
    return chr(code) if 0 < code <= 0x10FFFF else ""


def _pixels(value: str) -> float | None:
    """The first length in a value, about; None when there is none that can be told in pixels."""
    found = _LENGTH.search(value)
    if not found:
        return None
    number = float(found[1])
    return 0.0 if number == 0 else number * _PIXELS[found[2]] if found[2] in _PIXELS else None
