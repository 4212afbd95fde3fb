"""What English at large says: its words, and which word follows which.

From tables that two packages carry, which are read, not imported: symspellpy's (82,765 words; 243,342 word
pairs with their counts on the web) and wordfreq's (words with their frequencies in many sources), and from
`lexicon.txt`, which `tools/lexicon.py` writes: 130,000 words of larger dictionaries and of trades that these lack.
They are compiled once into files in the cache folder that are read, or mapped, where a doubtful word is met.
"""

from __future__ import annotations

import functools
import gzip
import importlib.util
import math
import mmap
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import msgspec

from cleaner import cache
from cleaner.model import ConfigError

_WORDS = ("symspellpy", "frequency_dictionary_en_82_765.txt")
_PAIRS = ("symspellpy", "frequency_bigramdictionary_en_243_342.txt")
_FREQUENCIES = ("wordfreq", "data/large_en.msgpack.gz")
_LEXICON = Path(__file__).with_name("lexicon.txt")

# Words of wordfreq from this frequency on count as words: once in ten million (Zipf 2). Below, names and slips
# of the pen prevail.
_CENTIBELS = 700
_COMMON_CENTIBELS = 530  # Zipf 3.7: some 12,000 words
_RARE_CENTIBELS = 760  # Zipf 1.4: technical words, and still few slips
_FREQUENT = 250  # words without a meaning of their own are among the most frequent ones


@functools.cache
def words() -> frozenset[bytes]:
    """Return the words of English, in lower case and UTF-8."""
    return frozenset(_compiled(_WORDS, "words", _all_words).read_bytes().split())


def unknown(candidates: Collection[bytes]) -> set[bytes]:
    """Return those that are no words of English.

    All words are loaded only once there is enough to ask: that takes longer than a few hundred searches.
    """
    # The common words first: they are most of any text, and few enough to stay near the processor.
    return _lacking(candidates, _is_word, common, words)


def _lacking(
    candidates: Collection[bytes],
    search: functools._lru_cache_wrapper[bool],
    *tables: Callable[[], frozenset[bytes]],
) -> set[bytes]:
    """Return those that are in none of some tables: few are searched for, and from `_MANY` on the tables are loaded."""
    if search.cache_info().misses + len(candidates) < _MANY:
        return {word for word in candidates if not search(word)}
    left = set(candidates)
    for table in tables:
        left = left - table()  # looks up those that are left; `-=` may walk through the table
    return left


_MANY = 400


@functools.lru_cache(maxsize=512)
def _is_word(word: bytes) -> bool:
    return _searched().holds(word)


@functools.cache
def _searched() -> Table:
    return Table(_compiled(_WORDS, "words", _all_words))


def is_known(word: bytes) -> bool:
    """True if anything at all knows a word: for the few that `words` does not hold."""
    return _rare().holds(word)


@functools.cache
def common() -> frozenset[bytes]:
    """Return the words that everybody uses: all their forms are on record, so that one that is not is none."""
    return frozenset(_compiled(_FREQUENCIES, "common", _common_words).read_bytes().split())


@functools.cache
def frequent() -> frozenset[bytes]:
    """Return the most frequent words: what stands beside them says little."""
    return frozenset(_compiled(_WORDS, "frequent", _most_frequent).read_bytes().split())


class Table:
    """Sorted lines in a mapped file, looked up by their first word."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def holds(self, word: bytes) -> bool:
        at = self._first(word)
        return self._map[at : at + len(word) + 1] == word + b"\n"

    def of(self, word: bytes) -> dict[bytes, int]:
        """Return the words that stand beside a word, with their counts."""
        key = word + b" "
        at = self._first(key)
        found = {}
        while self._map[at : at + len(key)] == key:
            end = self._map.find(b"\n", at)
            other, count = self._map[at + len(key) : end].split(b" ")
            found[other] = int(count)
            at = end + 1
        return found

    def _first(self, key: bytes) -> int:
        """Offset of the first line that is not less than a key."""
        low, high = 0, len(self._map)
        while low < high:
            start = max(low, self._map.rfind(b"\n", 0, (low + high) // 2) + 1)
            end = self._map.find(b"\n", start)
            if self._map[start:end] < key:
                low = end + 1
            else:
                high = start
        return low

    def line(self, key: bytes) -> bytes:
        """Return what follows a key on its line; empty if there is none."""
        at = self._first(key + b" ")
        end = self._map.find(b"\n", at)
        line = self._map[at:end]
        return line[len(key) + 1 :] if line.startswith(key + b" ") else b""


@functools.cache
def dictionary() -> frozenset[bytes]:
    """Return the words that are beyond doubt: what this lacks may be right and is worth a question."""
    return frozenset(_compiled(_WORDS, "dictionary", _undoubted_words).read_bytes().split())


@functools.cache
def undoubted() -> frozenset[bytes]:
    """Return the words of the dictionary without those rare ones that are one slip away from an everyday word."""
    return frozenset(_compiled(_WORDS, "undoubted", _words_like_no_other).read_bytes().split())


def doubted(candidates: frozenset[bytes]) -> frozenset[bytes]:
    """Return those that are not `undoubted`, which is loaded only once there is enough to ask."""
    return frozenset(_lacking(candidates - _undoubted_and_common(), _is_undoubted, undoubted))


@functools.lru_cache(maxsize=512)
def _is_undoubted(word: bytes) -> bool:
    return _searched_for_doubts().holds(word)


@functools.cache
def _searched_for_doubts() -> Table:
    return Table(_compiled(_WORDS, "undoubted", _words_like_no_other))


@functools.cache
def _undoubted_and_common() -> frozenset[bytes]:
    return frozenset(_compiled(_WORDS, "undoubted-common", _undoubted_common_words).read_bytes().split())


@functools.lru_cache(maxsize=1 << 12)
def is_in_lexicon(word: str) -> bool:
    """True for a word that only larger dictionaries have, or a term of some trade."""
    return _lexicon().holds(word.encode())


@functools.cache
def _lexicon() -> Table:
    return Table(_compiled(_WORDS, "lexicon", _words_of_lexicon))


def _words_of_lexicon(_table: bytes) -> Iterable[bytes]:
    return _LEXICON.read_bytes().split()


@functools.lru_cache(maxsize=512)
def meant(initial: str, length: int) -> list[str]:
    """Return the words of a length that open with a letter and that somebody may have meant: no slips, no names."""
    return _meant().line(f"{initial}{length:02}".encode()).decode().split()


@functools.cache
def _meant() -> Table:
    return Table(_compiled(_FREQUENCIES, "meant", _words_to_mean))


@functools.lru_cache(maxsize=1 << 14)
def rarity(word: str) -> int:
    """Return how rare a word is, in hundredths of a power of ten below the most frequent word there could be.

    `UNHEARD` if nobody uses it.
    """
    return int(_rarity().line(word.encode()) or UNHEARD)


@functools.cache
def _rarity() -> Table:
    return Table(_compiled(_FREQUENCIES, "rarity", _words_with_rarities))


UNHEARD = 900


def strangeness(word: str) -> float:
    """Return how strange the strangest three letters of a word are: 0 for the most usual ones, 7 for unheard ones.

    As a logarithm, by the words of the dictionary; beginning and end count as letters.
    """
    usual = _letters()
    framed = f"^{word}$"
    return max(_UNSEEN - usual.get(framed[i : i + 3], 0.0) for i in range(len(framed) - 2))


_UNSEEN = 7.0


@functools.cache
def _letters() -> dict[str, float]:
    lines = _compiled(_WORDS, "letters", _letters_of_words).read_text(encoding="utf-8").split("\n")
    return {letters: math.log1p(int(count)) for letters, _, count in (line.partition(" ") for line in lines) if letters}


def used() -> list[str]:
    """Return the words that are not `UNHEARD`; read anew at each call."""
    return [word for _, word in _rarities(_table(_FREQUENCIES).read_bytes())]


@functools.cache
def everyday() -> dict[str, int]:
    """Return the words that are no rarer than `EVERYDAY`, and how rare they are."""
    lines = _compiled(_FREQUENCIES, "everyday", _everyday_words).read_text(encoding="utf-8").split("\n")
    return {word: int(rarity) for word, _, rarity in (line.partition(" ") for line in lines) if word}


EVERYDAY = 560


@functools.cache
def _rare() -> Table:
    return Table(_compiled(_FREQUENCIES, "rare", _rare_words))


@functools.cache
def following() -> Table:
    """Return the words that follow a word."""
    return Table(_compiled(_PAIRS, "following", _by_first))


@functools.cache
def preceding() -> Table:
    """Return the words that precede a word."""
    return Table(_compiled(_PAIRS, "preceding", _by_second))


def _compiled(table: tuple[str, str], name: str, compile_table: Callable[[bytes], Iterable[bytes]]) -> Path:
    source = _table(table)
    # Another release of the package, or of this one, brings another file.
    of, own = source.stat(), _LEXICON.stat()
    path = cache.place("statistics", f"{name}-{_FORMAT}-{of.st_size:x}-{of.st_mtime_ns:x}-{own.st_size:x}")
    return cache.made(path, lambda: b"".join(line + b"\n" for line in compile_table(source.read_bytes())))


_FORMAT = 5  # to be raised when a function below compiles otherwise


def _table(table: tuple[str, str]) -> Path:
    package = importlib.util.find_spec(table[0])
    if package is None or package.origin is None:
        raise ConfigError(f"the package {table[0]} is not installed: pip install {table[0]}")
    return Path(package.origin).parent / table[1]


def _dictionary_words(table: bytes) -> Iterable[bytes]:
    return sorted(line.split(b" ")[0].lower() for line in table.removeprefix(b"\xef\xbb\xbf").splitlines() if line)


def _undoubted_words(table: bytes) -> Iterable[bytes]:
    bins = msgspec.msgpack.decode(gzip.decompress(_table(_FREQUENCIES).read_bytes()))[1:]
    common = {word.encode() for words in bins[:_UNDOUBTED_CENTIBELS] for word in words if word.isalpha()}
    return sorted(common.union(_dictionary_words(table)))


_UNDOUBTED_CENTIBELS = 560  # Zipf 3.4: rarer words may be slips that many make


def _words_like_no_other(table: bytes) -> Iterable[bytes]:
    bins = msgspec.msgpack.decode(gzip.decompress(_table(_FREQUENCIES).read_bytes()))[1:]
    used = {word for words in bins[:_DOUBTED_CENTIBELS] for word in words}
    everyday = {w for words in bins[:_EVERYDAY_CENTIBELS] for w in words if w.isascii() and len(w) >= _LONG_ENOUGH}
    shortened: dict[str, set[str]] = {}
    for word in everyday:
        for short in _shortened(word):
            shortened.setdefault(short, set()).add(word)
    known = (word.decode() for word in {*_undoubted_words(table), *_words_of_lexicon(table)})
    beyond = (w for w in known if w in used or len(w) < _LONG_ENOUGH or not _is_like(w, everyday, shortened))
    return sorted(word.encode() for word in beyond)


def _undoubted_common_words(_table: bytes) -> Iterable[bytes]:
    return sorted(common() & undoubted())


_DOUBTED_CENTIBELS = 590
_EVERYDAY_CENTIBELS = 520
_LONG_ENOUGH = 5  # letters


def _is_like(word: str, others: set[str], shortened: dict[str, set[str]]) -> bool:
    """True if a word lacks, adds, swaps or changes a letter of another, and is no plural of it."""
    near = {other for short in _shortened(word) for other in shortened.get(short, ())} | shortened.get(word, set())
    near |= others.intersection(_shortened(word))
    return any(_one_slip(word, other) for other in near)


def _one_slip(word: str, other: str) -> bool:
    if word + "s" == other or other + "s" == word or word[0] != other[0]:
        return False
    differing = [i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b]
    same_length = len(word) == len(other)
    swapped = same_length and len(differing) == 2 and differing[1] == differing[0] + 1
    return not same_length or len(differing) == 1 or (swapped and sorted(word) == sorted(other))


def _shortened(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def _words_to_mean(table: bytes) -> Iterable[bytes]:
    known = {*_undoubted_words(_table(_WORDS).read_bytes()), *_words_of_lexicon(table)}
    shelves: dict[str, list[str]] = {}
    for rarity, word in _rarities(table):
        if rarity < _HEARD or word.encode() in known:
            shelves.setdefault(f"{word[0]}{len(word):02}", []).append(word)
    return sorted(f"{shelf} {' '.join(sorted(words))}".encode() for shelf, words in shelves.items())


_HEARD = 640  # rarer words that no dictionary has are slips themselves, or names


def _words_with_rarities(table: bytes) -> Iterable[bytes]:
    return sorted(f"{word} {rarity}".encode() for rarity, word in _rarities(table))


def _rarities(table: bytes) -> list[tuple[int, str]]:
    """Return the words of both tables, each with its rarity."""
    rarities = dict.fromkeys((line.decode() for line in _dictionary_words(_table(_WORDS).read_bytes())), UNHEARD - 1)
    bins = msgspec.msgpack.decode(gzip.decompress(table))[1:]
    rarities |= {word: rarity for rarity, words in enumerate(bins) for word in words if word[0].isalpha()}
    return [(rarity, word) for word, rarity in rarities.items() if ":" not in word and " " not in word]


def _letters_of_words(table: bytes) -> Iterable[bytes]:
    counts: Counter[str] = Counter()
    for word in _undoubted_words(table):
        framed = f"^{word.decode()}$"
        counts.update(framed[i : i + 3] for i in range(len(framed) - 2))
    return [f"{letters} {count}".encode() for letters, count in sorted(counts.items())]


def _everyday_words(table: bytes) -> Iterable[bytes]:
    bins = msgspec.msgpack.decode(gzip.decompress(table))[1:]
    words = ((word, rarity) for rarity, words in enumerate(bins[:EVERYDAY]) for word in words)
    return [f"{word} {rarity}".encode() for word, rarity in words if word.isalpha()]


def _all_words(dictionary: bytes) -> Iterable[bytes]:
    bins = msgspec.msgpack.decode(gzip.decompress(_table(_FREQUENCIES).read_bytes()))[1:]
    frequent = {word.encode() for words in bins[:_CENTIBELS] for word in words}
    known = {line.split(b" ")[0] for line in dictionary.removeprefix(b"\xef\xbb\xbf").splitlines() if line}
    return sorted(word for word in frequent | known if word.isalpha() or b"'" in word)


def _common_words(_dictionary: bytes) -> Iterable[bytes]:
    bins = msgspec.msgpack.decode(gzip.decompress(_table(_FREQUENCIES).read_bytes()))[1:]
    return sorted({word.encode() for words in bins[:_COMMON_CENTIBELS] for word in words})


def _rare_words(_dictionary: bytes) -> Iterable[bytes]:
    bins = msgspec.msgpack.decode(gzip.decompress(_table(_FREQUENCIES).read_bytes()))[1:]
    return sorted({word.encode() for words in bins[_CENTIBELS:_RARE_CENTIBELS] for word in words})


def _most_frequent(dictionary: bytes) -> Iterable[bytes]:
    lines = dictionary.removeprefix(b"\xef\xbb\xbf").splitlines()
    return [line.split(b" ")[0] for line in lines[:_FREQUENT]]


def _by_first(table: bytes) -> Iterable[bytes]:
    return sorted(line for line in table.splitlines() if line.count(b" ") == 2)


def _by_second(table: bytes) -> Iterable[bytes]:
    parts = (line.split(b" ") for line in table.splitlines() if line.count(b" ") == 2)
    return sorted(b" ".join((second, first, count)) for first, second, count in parts)
