"""Tell whether a paragraph is in the language whose rules are about to run on it."""

from __future__ import annotations

import re

_WORD = re.compile(r"(?<![\w/'’-])[^\W\d_]+(?![\w/])")

# Function words that are frequent in one language and rare in running text of the others; words that
# two of these languages share ("die", "on", "in", "me") are left out or count for both.
_STOP_WORDS = {
    "en": "the of and to is was that for with are this be from have has had were which their they been its would "
    "an not by at as it he she you we his her or but will can there what when who if about more than them "
    "a in on i me my your our us so no do does did how all any one two up out into over after before only some such "
    "new each may must should could see use also between these those other",
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
    "cs": "a je v na se že s z do o to si ve nebo pro není být který jako není jsou pokud ze po bez aby při podle",
    "da": "og at det er en den til af ikke for der som med på de et har kan fra eller skal være denne hvis kunne",
    "fi": "ja on ei se että tai oli joka ovat kun jos myös mutta voi sen olla tämä tämän käytä",
    "hr": "i je u na se da nije za s od su ili nije ne to kao koji nema iz može će po ako",
    "ca": "de la el i que no en per els un amb les una es del al ha és són aquest aquesta com però o",
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
    if lang in _SETS and 2 * len(_LATIN.findall(text)) < sum(map(len, words)):
        return False
    if len(words) < _ENOUGH:
        return True
    own = _count(words, lang)
    if lang == "en" and sum(not word.isascii() for word in words) > max(own, len(words) // 4):
        return False
    return not any(_is_running(words, other, own) for other in _SETS if other != lang)


def _is_running(words: list[str], lang: str, own: int) -> bool:
    """True if one word in eight is a function word of a language, more than `own`, and not all of them initials."""
    if _count(words, lang) <= own or 8 * _count(words, lang) < len(words):
        return False
    different = _SETS[lang].intersection(words)
    return len(different) > 1 and max(map(len, different)) > 1


def _count(words: list[str], lang: str) -> int:
    known = _SETS.get(lang, frozenset())
    return sum(word in known for word in words)
