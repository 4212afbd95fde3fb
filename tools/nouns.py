"""Write the table of nouns that rules of number use: `python tools/nouns.py > rules/en/words/nouns.csv`.

Needs lemminflect (MIT), whose forms come from the NIH's SPECIALIST lexicon, and wordfreq. The table is committed. It
holds frequent nouns that are neither verbs nor adjectives, whose plural is frequent too: where one of them stands,
it is the noun, and a number before it tells which form it should have.
"""

from __future__ import annotations

import csv
import sys

FREQUENT = 3.2  # Zipf frequency of the singular
PLURAL = 3.0
SHORTEST = 4
# Pronouns and other function words, mass nouns, proper names, and words that mostly stand before other nouns.
LEFT_OUT = frozenset(
    [
        *("something", "someone", "everything", "anything", "nothing", "everyone", "anyone", "them", "they", "these"),
        *("those", "what", "that", "their", "your", "other", "this", "mine", "ours", "yours", "none", "same", "data"),
        *("media", "people", "news", "music", "money", "health", "water", "food", "information", "power", "person"),
        *("energy", "education", "security", "research", "knowledge", "freedom", "violence", "percent", "police"),
        *("property", "industry", "justice", "quality", "safety", "traffic", "weather", "technology", "software"),
        *("management", "marketing", "science", "trade", "history", "culture", "society", "nature", "time", "fish"),
        *("today", "tomorrow", "yesterday", "tonight", "morning", "evening", "afternoon", "night", "half", "dozen"),
        *("hundred", "thousand", "million", "billion", "trillion", "north", "south", "east", "west", "baby", "super"),
        *("home", "business", "government", "college", "army"),
        *("economy", "silver", "gold", "glass", "paper", "metal", "wood"),
        *("stone", "steel", "plastic", "cotton", "leather", "rubber", "wine", "beer", "coffee", "sugar", "rice"),
        "meat",
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "april"),
        *("june", "july", "september", "october", "november", "december", "german", "american", "english", "british"),
        *("african", "indian", "russian", "european", "christian", "muslim", "asian", "mexican", "italian", "israeli"),
        *("jewish", "chinese", "canadian", "australian", "republican", "democrat", "catholic", "king", "queen"),
        "saint",
    ]
)


def main() -> None:
    from lemminflect import getAllLemmas, getInflection
    from wordfreq import top_n_list, zipf_frequency

    writer = csv.writer(sys.stdout, lineterminator="\n")
    sys.stdout.write("# Nouns that are neither verbs nor adjectives. Written by tools/nouns.py.\n")
    writer.writerow(("singular", "plural"))
    for word in sorted(top_n_list("en", 20_000)):
        lemmas = getAllLemmas(word)
        plain = word.isascii() and word.isalpha() and len(word) >= SHORTEST and word not in LEFT_OUT
        if plain and zipf_frequency(word, "en") >= FREQUENT and word in lemmas.get("NOUN", ()) and len(lemmas) == 1:
            plural = getInflection(word, "NNS")[0]
            if plural != word and zipf_frequency(plural, "en") >= PLURAL:
                writer.writerow((word, plural))


if __name__ == "__main__":
    main()
