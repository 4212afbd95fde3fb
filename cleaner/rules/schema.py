"""What a rule file holds, as types: they check it, they document it, and editors get them as JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1)]
Examples = Annotated[list[Text], Meta(min_length=1)]


class Rule(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, tag_field="kind"):
    """What every rule has, whatever its kind."""

    message: Annotated[Text, Meta(description="The fault in a sentence; {old} and {new} stand for the texts.")]
    why: Annotated[Text, Meta(description="Where the fault comes from, and why the repair is right.")]
    bad: Annotated[Examples, Meta(description="Texts with the fault, marked [-old-]{+new+} as the rule marks them.")]
    good: Annotated[Examples, Meta(description="Texts that look like the fault and are right.")]
    level: Annotated[
        Literal["safe", "unsafe", "display"],
        Meta(description="Applied by default, applied with --unsafe-fixes, or only shown."),
    ] = "unsafe"
    unless: Annotated[
        list[Text], Meta(description="Regular expressions; a match that meets the finding takes it back.")
    ] = []
    may_change: Annotated[list[Literal["numbers"]], Meta(description="What the repair may change besides prose.")] = []
    source: Annotated[str, Meta(description="A work that names the fault.")] = ""


class PhraseRule(Rule, frozen=True, kw_only=True, tag="phrase"):
    """Fixed phrases: whole words, in any letter case, which the replacement takes over."""

    phrases: Annotated[dict[Text, str], Meta(description="What stands there: what should.")] = {}
    table: Annotated[str, Meta(description="A CSV file beside the rule file, with the columns old and new.")] = ""
    at_least: Annotated[
        Annotated[int, Meta(ge=1)], Meta(description="Report only where a document holds so many different ones.")
    ] = 1


class PatternRule(Rule, frozen=True, kw_only=True, tag="pattern"):
    """Regular expressions (RE2) with what is to be changed marked in them: `on [-a the-]{+the+}`."""

    pattern: Annotated[
        Text | Examples,
        Meta(description="One or more expressions. {name} is a word class; unmarked text is context."),
    ]
    case: Annotated[
        Literal["any", "exact"],
        Meta(description="any: capitals and small letters alike, and the new text takes over the old one's case."),
    ] = "any"


class MarkupRule(PatternRule, frozen=True, kw_only=True, tag="markup"):
    """Broken syntax, mended into the node that it was: a pattern on the source, line by line, without working markup.

    Working emphasis and HTML are left out there, links and code spans stand as they are written; `^` and `$` are the
    ends of a line. The repair is only kept if the text then parses to exactly the node that is named.
    """

    makes: Annotated[
        Literal[
            "admonition",
            "code",
            "definition",
            "emphasis",
            "entity",
            "footnote",
            "front-matter",
            "heading",
            "html",
            "image",
            "item",
            "link",
            "reference",
            "strong",
            "table",
            "task",
            "text",
        ],
        Meta(
            description="What the broken text becomes: the whole match, or the group `whole`. The group `text` is what "
            "is read of it (by default as much as that kind of node shows), `target` where a link goes."
        ),
    ]
    formats: Annotated[
        list[Literal["text", "markdown", "html"]],
        Meta(description="In texts of which kinds; if none is named, Markdown."),
    ] = []
    elsewhere: Annotated[
        bool, Meta(description="Only if what the repair makes of the match stands elsewhere in the document.")
    ] = False


class CatalogueRule(Rule, frozen=True, kw_only=True, tag="catalogue"):
    """A placeholder in a translation of a gettext catalogue that is not one of its original."""

    fault: Literal["spaced", "renamed", "lost"]


class FrameRule(Rule, frozen=True, kw_only=True, tag="frame"):
    """Verbs that do not take their object or preposition: `<discuss>[- about-]`, whatever form the verb stands in."""

    frame: Annotated[
        Text | Examples,
        Meta(
            description="One or more expressions as in a pattern, of which the first that fits a place counts. "
            "<tell> is any form of the verb, <marry.past,participle> some, <tell|ask> of either, <verb.lemma> of any. "
            "In the new text <say> is that verb in the form found, <verb.gerund> another form of the one found. "
            "{modifiers} is what may stand between an article and its noun, {np} a whole noun phrase."
        ),
    ]


class QuotesRule(Rule, frozen=True, kw_only=True, tag="quotes"):
    """Quotation marks that face the wrong way, stand on the wrong side, or lack their partner."""

    fault: Literal["misplaced", "backward", "spaced", "spaced-last", "unopened", "unclosed"]


class LookalikeRule(Rule, frozen=True, kw_only=True, tag="lookalike"):
    """A word that is a near miss of the word its neighbours call for."""

    pairs: Annotated[
        Literal["", "document", "language"],
        Meta(description="For words no dictionary knows: pairs that the document repeats, or that English has."),
    ] = ""
    pattern: Annotated[str, Meta(description="Or: the context of the word, which is marked as [-{word}-], …")] = ""
    like: Annotated[str, Meta(description="… and the word list of which it is one letter off.")] = ""
    allow: Annotated[list[Text], Meta(description="Words that are right there although one letter off.")] = []


class ConsistencyRule(Rule, frozen=True, kw_only=True, tag="consistency"):
    """One thing spelt two ways in one document: the spelling that stands less often gives way."""

    names: Annotated[
        Literal["", "diacritics", "joint", "letter", "sound"],
        Meta(
            description="Capitalised words that are alike but for diacritics, a hyphen or apostrophe, one letter, or "
            "letters that sound alike."
        ),
    ] = ""
    forms: Annotated[
        list[list[Text]],
        Meta(description="Or: spellings of one thing each; words in small letters, abbreviations as they are written."),
    ] = []
    first: Annotated[str, Meta(description="Or: a table whose rows hold the first halves of compounds …")] = ""
    second: Annotated[str, Meta(description="… and a list of the second halves, after a hyphen.")] = ""


class RepeatRule(Rule, frozen=True, kw_only=True, tag="repeat"):
    """A word, a number, a phrase or a sentence said twice in a row, or a word joined to itself (views and views)."""

    unit: Literal["word", "number", "phrase", "sentence"]
    allow: Annotated[list[Text], Meta(description="Words that may stand twice.")] = []
    words: Annotated[list[Text], Meta(description="If given: only these words are looked at.")] = []
    copies: Annotated[int, Meta(ge=2, description="How often it must stand in a row.")] = 2
    longest: Annotated[int, Meta(ge=1, description="The longest phrase, in words.")] = 8
    joined: Annotated[
        list[Text], Meta(description="For words: what stands between the two, such as `and` or a comma.")
    ] = []


class TokenisedRule(Rule, frozen=True, kw_only=True, tag="tokenised"):
    """Spaces left in a paragraph that was cut into words and marks: all its commas and stops stand off."""


class MixedRule(Rule, frozen=True, kw_only=True, tag="mixed"):
    """A letter of another script inside a Latin word, which it looks like."""


class HyphenatedRule(Rule, frozen=True, kw_only=True, tag="hyphenated"):
    """A word parted at the end of a line of print, hyphen and space still in it: mod- ern."""


class TermRule(Rule, frozen=True, kw_only=True, tag="term"):
    """A technical term whose words were replaced by synonyms: counterfeit consciousness."""

    terms: Annotated[Text, Meta(description="A table in words/ with the columns first and second: terms of two words.")]
    synonyms: Annotated[Text, Meta(description="A table in words/ with the columns word and synonym.")]


AnyRule = (
    CatalogueRule
    | ConsistencyRule
    | FrameRule
    | HyphenatedRule
    | LookalikeRule
    | MarkupRule
    | MixedRule
    | PhraseRule
    | PatternRule
    | QuotesRule
    | RepeatRule
    | TermRule
    | TokenisedRule
)
RULE_TYPES: dict[str, type[Rule]] = {
    "phrase": PhraseRule,
    "pattern": PatternRule,
    "catalogue": CatalogueRule,
    "markup": MarkupRule,
    "mixed": MixedRule,
    "frame": FrameRule,
    "lookalike": LookalikeRule,
    "quotes": QuotesRule,
    "repeat": RepeatRule,
    "tokenised": TokenisedRule,
    "consistency": ConsistencyRule,
    "hyphenated": HyphenatedRule,
    "term": TermRule,
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a rule file, for editors that complete and check YAML."""
    _, components = msgspec.json.schema_components(RULE_TYPES.values(), ref_template="#/$defs/{name}")
    files = [
        {
            "properties": {
                "kind": {"const": kind},
                "rules": {"type": "object", "additionalProperties": {"$ref": f"#/$defs/{rule.__name__}"}},
            },
        }
        for kind, rule in RULE_TYPES.items()
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule file of cleaner",
        "type": "object",
        "required": ["kind", "rules"],
        "properties": {"kind": {"enum": list(RULE_TYPES)}},
        "oneOf": files,
        "$defs": components,
    }


if __name__ == "__main__":
    import sys

    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2) + b"\n")
