"""The front matter of an article: its schema, and errors that name file, line and field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from index.sentences import clean_text
from index.types import Alliance, Event, Figure, Membership, Source

KINDS = (
    *("open-source", "standards", "infrastructure", "safety", "partnership", "policy", "intergovernmental"),
    *("research", "health", "civil-society"),
)
ROLES = (
    *("founder", "member", "steering", "board", "premier", "platinum", "gold", "general", "associate"),
    *("sponsor", "signatory", "ratified", "participant", "partner", "backer", "supporter", "agency"),
    "co-chair",
)
STATUSES = ("active", "dormant", "superseded", "proposed", "unknown")
MAX_FRONT_MATTER_CHARS = 200_000
MAX_DEPTH = 20  # lists and mappings within each other; the schema has five


def _check_date(text: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise ValueError("is not a date: write 2024, 2024-07 or 2024-07-18")
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        raise ValueError("is not a day of the calendar") from None
    return text


def _check_url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]+", text) or clean_text(text) != text:
        raise ValueError("is not a web address: it starts with https:// or http:// and holds no blanks")
    return text


def _one_of(choices: tuple[str, ...]) -> AfterValidator:
    def check(text: str) -> str:
        if text not in choices:
            raise ValueError(f"is not one of {', '.join(choices)}{_did_you_mean(text, choices)}")
        return text

    return AfterValidator(check)


def _did_you_mean(word: str, choices: tuple[str, ...] | list[str]) -> str:
    close = get_close_matches(word, choices, n=1)
    return f" (did you mean '{close[0]}'?)" if close else ""


def _check_text(text: str) -> str:
    text = clean_text(text)  # as the body's: else a name could hide characters, or be spelt otherwise there
    if not text:
        raise ValueError("shows no character")
    return text


Text = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_check_text)]
IsoDate = Annotated[str, AfterValidator(_check_date)]
WebAddress = Annotated[str, AfterValidator(_check_url)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SourceFields(_Schema):
    """One entry of `sources`."""

    id: Annotated[str, Field(pattern=r"^s\d+$")]
    title: Text
    publisher: Text
    date: IsoDate | None = None
    url: WebAddress | None = None
    article: Slug | None = None


class MemberGroup(_Schema):
    """One entry of `alliance.members`: organisations that share role and dates."""

    role: Annotated[str, _one_of(ROLES)]
    names: Annotated[list[Text], Field(min_length=1)]
    since: IsoDate | None = None
    as_of: IsoDate | None = None
    until: IsoDate | None = None
    note: Text | None = None


class EventFields(_Schema):
    """One entry of `alliance.events`."""

    date: IsoDate
    what: Text


class FigureFields(_Schema):
    """One entry of `alliance.figures`."""

    what: Text
    value: Text
    as_of: IsoDate | None = None


class AllianceFields(_Schema):
    """The mapping `alliance`."""

    name: Text
    aliases: list[Text] = []
    called: list[Text] = []
    kind: Annotated[str, _one_of(KINDS)]
    status: Annotated[str, _one_of(STATUSES)]
    founded: IsoDate | None = None
    founders: list[Text] = []
    members: list[MemberGroup] = []
    host: list[Text] = []
    events: list[EventFields] = []
    figures: list[FigureFields] = []

    def facts(self) -> Alliance:
        """The same as a plain value, one membership per organisation and role."""
        members = tuple(
            Membership(name, group.role, group.since, group.as_of, group.until, group.note)
            for group in self.members
            for name in group.names
        )
        return Alliance(
            self.name,
            tuple(self.aliases),
            self.kind,
            self.status,
            self.founded,
            tuple(self.founders),
            members,
            tuple(self.host),
            tuple(Event(event.date, event.what) for event in self.events),
            tuple(Figure(figure.what, figure.value, figure.as_of) for figure in self.figures),
            tuple(self.called),
        )


class ArticleFields(_Schema):
    """The whole front matter. Only `title` is required; `alliance` is for articles about one body."""

    title: Text
    slug: Slug | None = None
    author: Text | None = None
    publisher: Text | None = None
    published: IsoDate | None = None
    url: WebAddress | None = None
    added: IsoDate | None = None
    file: Text | None = None
    language: Text | None = None
    alliance: AllianceFields | None = None
    sources: list[SourceFields] = []

    def source_values(self) -> tuple[Source, ...]:
        """The sources as plain values, in the order of the file."""
        return tuple(Source(s.id, s.title, s.publisher, s.date, s.url, s.article) for s in self.sources)


class OrganisationFields(_Schema):
    """One entry of `organisations.yaml`."""

    aliases: list[Text] = []
    kind: Literal["company", "university", "government", "nonprofit", "body", "person"] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place in a file, said in one line."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class InvalidYaml(Exception):
    """Carries the problems of one YAML text."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def parse_article_fields(text: str, path: Path, first_line: int = 2) -> ArticleFields:
    """Read and check a front matter.

    Args:
        text: The YAML between the `---` lines.
        path: The file, for messages.
        first_line: Line number of the text's first line in the file.

    Raises:
        InvalidYaml: With one problem per mistake, each with its line and field.
    """
    data, lines = read_yaml(text, path, first_line)
    try:
        return ArticleFields.model_validate(data)
    except ValidationError as exc:
        raise InvalidYaml(list(_problems(exc, ArticleFields, path, lines, first_line))) from exc


def parse_organisations(text: str, path: Path) -> dict[str, OrganisationFields]:
    """Read and check an `organisations.yaml`: canonical name -> aliases and kind.

    Raises:
        InvalidYaml: With one problem per mistake, each with its line and field.
    """
    data, lines = read_yaml(text, path, 1)
    checked: dict[str, OrganisationFields] = {}
    problems: list[Problem] = []
    for name, fields in data.items():
        try:
            checked[name] = OrganisationFields.model_validate(fields or {})
        except ValidationError as exc:
            problems += _problems(exc, OrganisationFields, path, lines, 1, prefix=(name,))
    if problems:
        raise InvalidYaml(problems)
    return checked


Lines = dict[tuple[str | int, ...], int]
# libyaml's, eight times as quick, where PyYAML was built with it.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml(text: str, path: Path, first_line: int) -> tuple[dict[str, Any], Lines]:
    """Parse a YAML mapping of strings, lists and mappings; remember the line of each field.

    Every scalar stays text (`2024-07` is no date here, `no` no boolean), aliases (`*x`) and repeated fields
    are refused.

    Raises:
        InvalidYaml: Not such a mapping.
    """
    if len(text) > MAX_FRONT_MATTER_CHARS:
        raise InvalidYaml([Problem(path, first_line, f"front matter is over {MAX_FRONT_MATTER_CHARS} characters")])
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            line = first_line + (event.start_mark.line if event.start_mark else 0)
            if isinstance(event, yaml.AliasEvent):
                raise InvalidYaml([Problem(path, line, "YAML aliases (*name) are not allowed here")])
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:  # the time to read it grows with the square of the depth
                raise InvalidYaml([Problem(path, line, "not valid YAML: nested too deeply")])
        root = yaml.compose(text, Loader=_LOADER)
    except UnicodeEncodeError as exc:
        raise InvalidYaml([Problem(path, first_line, "not valid YAML: half a character (a lone surrogate)")]) from exc
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = first_line + (mark.line if mark else text.count("\n", 0, getattr(exc, "position", 0)))
        what = getattr(exc, "problem", None) or getattr(exc, "reason", "cannot be read")
        raise InvalidYaml([Problem(path, line, f"not valid YAML: {what}")]) from exc
    if not isinstance(root, yaml.MappingNode):
        raise InvalidYaml([Problem(path, first_line, "expected lines of the form 'field: value'")])
    lines: Lines = {}
    data = _plain(root, (), path, first_line, lines)
    return data, lines


def _plain(node: yaml.Node, where: tuple[str | int, ...], path: Path, first_line: int, lines: Lines) -> Any:
    lines[where] = first_line + node.start_mark.line
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*where, i), path, first_line, lines) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        for key, value in node.value:
            line = first_line + key.start_mark.line
            if not isinstance(key, yaml.ScalarNode):
                raise InvalidYaml([Problem(path, line, "a field's name must be a plain word")])
            if key.value in values:
                raise InvalidYaml([Problem(path, line, f"field '{key.value}' stands here twice")])
            values[key.value] = _plain(value, (*where, key.value), path, first_line, lines)
            lines[(*where, key.value)] = line
        return values
    return node.value or None  # an empty value is the same as leaving the field out


# Where pydantic speaks of Python's types.
_REASONS = {
    "model_type": "is not a group of lines 'field: value'",
    "list_type": "is not a list: write [one, another]",
    "string_type": "is not a plain text",
    "too_short": "names nothing",
}


def _problems(
    exc: ValidationError,
    schema: type[_Schema],
    path: Path,
    lines: Lines,
    first_line: int,
    prefix: tuple[str, ...] = (),
) -> Iterator[Problem]:
    for error in exc.errors():
        where = (*prefix, *error["loc"])
        known = where
        while known and known not in lines:
            known = known[:-1]
        field = ".".join(str(part + 1) if isinstance(part, int) else part for part in where)
        if error["type"] == "extra_forbidden":
            names = _field_names(schema, error["loc"])
            hint = _did_you_mean(str(where[-1]), names) or f"; known here: {', '.join(names)}"
            message = f"unknown field '{field}'{hint}"
        elif error["type"] == "missing":
            message = f"field '{field}' is missing"
        elif error["input"] is None:
            message = f"field '{field}' is empty"
        else:
            reason = _REASONS.get(error["type"]) or error["msg"].removeprefix("Value error, ")
            message = f"field '{field}': {str(error['input'])[:60]!r} {reason[:1].lower()}{reason[1:]}"
        yield Problem(path, lines.get(known, first_line), message)


def _field_names(schema: type[_Schema], loc: tuple[str | int, ...]) -> list[str]:
    """The fields allowed at the place that `loc` names."""
    parts: dict[str, type[_Schema]] = {
        "alliance": AllianceFields,
        "members": MemberGroup,
        "events": EventFields,
        "figures": FigureFields,
        "sources": SourceFields,
    }
    for part in loc[:-1]:
        schema = parts.get(str(part), schema)
    return list(schema.model_fields)
