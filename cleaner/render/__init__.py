"""Renderers: from what came of a document to the bytes or text that a person or a program reads."""

from cleaner.render import counts, findings, reviews, sarif, words
from cleaner.render.report import Form

FORMATS: dict[str, Form] = {
    "text": findings.text,
    "json": findings.json,
    "jsonl": findings.jsonl,
    "words": words.words,
    "sarif": sarif.sarif,
    "github": reviews.github,
    "gitlab": reviews.gitlab,
    "rdjson": reviews.rdjson,
}

# What --statistics shows instead, in the forms that have room for it.
STATISTICS: dict[str, Form] = {"text": counts.text, "json": counts.json}
