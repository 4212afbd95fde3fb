"""Tell whether a paragraph is in the language whose rules are about to run on it."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")

# Function words that are frequent in one language and rare in running text of the others; words that
# two of these languages share ("die", "on", "in", "me") are left out or count for both.
_STOP_WORDS = {
    "en": "the of and to is was that for with are this be from have has had were which their they been its would "
    "an not by at as it he she you we his her or but will can there what when who if about more than them",
    "de": "der und das den von mit ist nicht ein eine des dem sich für auf als auch wird sind aus bei nach wurde "
    "einen einer oder aber noch über wie zum zur im ich sie wir haben hat werden durch",
    "fr": "le la les des et est une du que qui dans pour pas sur avec plus par ce au aux sont ont ne se été mais "
    "nous vous il elle leur cette ces être fait",
    "es": "el la los las que y en una por con para se del es un no su al lo más como pero sus este ha son entre "
    "también fue está hay ser desde",
    "it": "il la che di e un una per non con del della sono si è gli le nel alla dei anche più come ma ha dal questo "
    "nella essere delle",
    "pt": "o a os as que e do da em um uma para com não por mais dos das como mas ao foi ele são sua ou quando muito "
    "nos já está também pelo",
    "nl": "de het een van en dat niet zijn op te met voor er aan ook als maar om dan bij nog uit wordt naar heeft "
    "hebben deze worden",
    "pl": "w i na z że się nie do jest to po jak przez od dla o za ale czy tym był tego są które który oraz",
    "ro": "și în de la pe cu nu este din că pentru un o mai care sunt fost prin dar fi după a ale această",
    "sv": "och att det som en är på för av med den till inte har om ett var jag men från vi så kan de när ska",
    "hu": "a az és hogy nem egy is volt meg csak de ha már mint ez ezt még kell vagy lesz azt amely",
    "tr": "ve bir bu için ile da de çok olarak daha olan gibi kadar ama ise sonra en var ne",
    "et": "ja on ei see et oli ka kui aga mis oma ning või seda ta nii siis kes",
    "id": "yang dan di dengan untuk pada dari ini itu tidak dalam adalah akan oleh ke juga",
}
_SETS = {lang: frozenset(words.split()) for lang, words in _STOP_WORDS.items()}
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_ENOUGH = 6  # words; a shorter paragraph says too little about its language


def is_in(text: str, lang: str) -> bool:
    """True unless a paragraph is clearly written in another language or script than `lang`."""
    words = _WORD.findall(text.lower())
    if not words:
        return True
    letters = sum(map(len, words))
    if lang in _SETS and 2 * len(_LATIN.findall(text)) < letters:
        return False
    if len(words) < _ENOUGH:
        return True
    own = _count(words, lang)
    best = max((_count(words, other), other) for other in _SETS if other != lang)[0]
    # One word in eight of running text and more than the language itself has.
    return not (best > own and 8 * best >= len(words))


def _count(words: list[str], lang: str) -> int:
    known = _SETS.get(lang, frozenset())
    return sum(word in known for word in words)
