"""Names in a text: where capitalised names stand, and what their words say about who bears them.

No model and no gazetteer beyond a few closed lists: enough to tell that "she" is not George Washington and that
"Bosnia and Herzegovina" is one country. What no list knows is UNKNOWN, never guessed. English; in Chinese, names have
no outward sign, and only titles in 《》 are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from factcheck.types import Span


class Gender(StrEnum):
    """Which third-person pronouns a name takes, as far as its words tell."""

    MALE = "male"
    FEMALE = "female"
    NEUTER = "neuter"
    UNKNOWN = "unknown"


class Name(NamedTuple):
    """A name in a text; a tuple, since texts hold many.

    Attributes:
        gender: NEUTER for what is surely no person.
        certain: False for a single capitalised word at the start of a sentence, which may be any word.
    """

    text: str
    span: Span
    gender: Gender = Gender.UNKNOWN
    certain: bool = True


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_MALE_TITLES = _words("mr sir king prince emperor tsar lord duke baron pope sultan")
_FEMALE_TITLES = _words("mrs ms miss queen princess empress lady duchess baroness countess dame madame mme")
_TITLES = _words(
    "dr prof professor president senator governor general judge justice saint st captain colonel chancellor"
)
_MALE = _words(
    "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony "
    "mark donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan "
    "jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander "
    "raymond patrick jack dennis jerry tyler aaron jose adam henry nathan douglas peter zachary kyle walter "
    "harold jeremy ethan carl keith roger gerald christian terry sean arthur lawrence jesse joe bryan billy "
    "albert isaac galileo ludwig wolfgang johann johannes friedrich karl otto max ernst werner niels enrico "
    "guglielmo marco leonardo nikola ivan dmitri leo fyodor anton alexandre louis pierre antoine jacques rené "
    "claude vincent pablo salvador juan carlos luis miguel diego fernando antonio francisco simon winston "
    "franklin theodore abraham barack bill lyndon woodrow herbert calvin ulysses martin malcolm nelson mahatma "
    "neil buzz elon steve jeff tim alan ernest mohammed muhammad ali ahmed omar hassan hiroshi akira kenji igor "
    "sergei vladimir boris yuri oscar stanley ralph philip phillip harry hugh edgar edwin eugene fred frederick "
    "glenn gordon graham howard ian jim jimmy tom tommy tony victor wayne mike matt chris dan ben sam bob rob ken "
    "greg ray roy napoleon julius augustus plato aristotle socrates shakespeare beethoven"
)
_FEMALE = _words(
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret "
    "ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura sharon cynthia "
    "kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel "
    "carolyn janet maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly christina "
    "joan evelyn judith andrea hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann "
    "kathryn abigail sophia frances jean alice judy isabella julia grace amber denise danielle marilyn beverly "
    "charlotte natalie theresa diana brittany doris kayla alexis lori marie jane agatha hillary margot indira "
    "benazir cleopatra joanna rosa rosalind ada florence harriet eleanor jacinda kamala malala oprah taylor "
    "beyoncé ellen lucy claire clara edith esther eva eve fiona irene irma jill josephine kate katie louise lydia "
    "mabel maya meryl nora pauline penelope rose sally sheryl simone stella susanna sylvia tina ursula valentina "
    "vera wilma yoko zoe marianne luci ingrid astrid frida"
)
COUNTRIES = _phrases(
    "Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahrain|"
    "Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia and Herzegovina|Botswana|Brazil|"
    "Brunei|Bulgaria|Burkina Faso|Burundi|Cambodia|Cameroon|Canada|Cape Verde|Central African Republic|Chad|"
    "Chile|China|Colombia|Comoros|Costa Rica|Croatia|Cuba|Cyprus|Czech Republic|Czechia|Denmark|Djibouti|"
    "Dominica|Dominican Republic|Ecuador|Egypt|El Salvador|Equatorial Guinea|Eritrea|Estonia|Eswatini|Ethiopia|"
    "Fiji|Finland|France|Gabon|Gambia|Germany|Ghana|Greece|Grenada|Guatemala|Guinea|Guinea-Bissau|Guyana|Haiti|"
    "Honduras|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|"
    "Kazakhstan|Kenya|Kiribati|Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|"
    "Lithuania|Luxembourg|Madagascar|Malawi|Malaysia|Maldives|Mali|Malta|Mauritania|Mauritius|Mexico|Micronesia|"
    "Moldova|Monaco|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nauru|Nepal|Netherlands|New Zealand|"
    "Nicaragua|Niger|Nigeria|North Korea|North Macedonia|Norway|Oman|Pakistan|Palau|Panama|Papua New Guinea|"
    "Paraguay|Peru|Philippines|Poland|Portugal|Qatar|Romania|Russia|Rwanda|Samoa|San Marino|Saudi Arabia|Senegal|"
    "Serbia|Seychelles|Sierra Leone|Singapore|Slovakia|Slovenia|Somalia|South Africa|South Korea|South Sudan|"
    "Spain|Sri Lanka|Sudan|Suriname|Sweden|Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Timor-Leste|"
    "Togo|Tonga|Trinidad and Tobago|Tunisia|Turkey|Turkmenistan|Tuvalu|Uganda|Ukraine|United Arab Emirates|"
    "United Kingdom|United States|United States of America|Uruguay|Uzbekistan|Vanuatu|Vatican City|Venezuela|"
    "Vietnam|Yemen|Zambia|Zimbabwe"
)
# Words that show that a name is of a thing.
_THINGS = _words(
    "university college school institute museum company inc corp corporation ltd llc group bank party agency "
    "department ministry commission committee council court association society union league club team band act treaty "
    "war battle revolution river lake sea ocean mount mountain mountains island islands city county state states "
    "republic kingdom empire bridge tower building church cathedral park street airport station times post journal "
    "prize award cup games festival system program project theory law convention protocol accord agreement church "
    "desert valley canyon strait gulf bay peninsula forest dam canal olympics foundation organization organisation"
)
# Names that hold "and": no two things.
_JOINED = re.compile(
    r"\b(?:Bosnia and Herzegovina|Trinidad and Tobago|Antigua and Barbuda|Saint Kitts and Nevis|St\. Kitts and Nevis|"
    r"Saint Vincent and the Grenadines|S[ãa]o Tom[ée] and Pr[íi]ncipe|Turks and Caicos|Tyne and Wear|"
    r"Newfoundland and Labrador|Castile and León|Schleswig and Holstein|Romeo and Juliet|Antony and Cleopatra|"
    r"Troilus and Cressida|War and Peace|Crime and Punishment|Pride and Prejudice|Sense and Sensibility|"
    r"Sons and Lovers|Beauty and the Beast|Tom and Jerry|Johnson and Johnson|Procter and Gamble|Marks and Spencer|"
    r"Ernst and Young|Standard and Poor|Simon and Schuster|Simon and Garfunkel|Rolls and Royce|Black and Decker)\b"
    # The Securities and Exchange Commission: what comes after "and" ends in a word for a body or a rule.
    r"|\b[A-Z]\w+(?:, [A-Z]\w+)*,? and [A-Z]\w+(?: [A-Z]\w+)? (?:Commission|Administration|Agency|Act|Department|"
    r"Ministry|Bureau|Institute|Museum|Association|Organi[sz]ation|Service|Council|Authority|Committee|Centre|Center|"
    r"Society|Fund|Board|Office|Corporation|Company|University|College)\b"
)
_AND_NAME = re.compile(r" and (?:the )?[A-Z]")  # in each of them
_FUNCTION_WORDS = _words(
    "The A An In On At It Its He She They We You I This That These Those There Here His Her Their Our My Your However "
    "But And Or So Then Thus Therefore Moreover Furthermore Additionally Also Although While When Where After Before "
    "Since If As For From By With Another Both Each Some Many Most Several All Such One Two Three Because Despite "
    "During Finally Meanwhile Nevertheless Not No Other Others Overall Today What Who Why How Is Are Was "
    "Were Do Does Did Can Could Would Should Will Unlike Until Upon Under According Later Once Only Even To Through "
    "Though Which Whose Whom Tell Explain Describe Give List Write Born Yes Sure Certainly Please Let According Early "
    "Like Despite Among Between Within Without Over Of Into Due Based Known Located Founded Every Any Few More Much"
)

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶŁŃŇŌŐŒŘŚŞŠŤŪŮŰŹŻŽ"
_PART = rf"(?:[A-Z]\.(?:[A-Z]\.)*(?=[ ]?[A-Z]|\W)|[{_UPPER}](?:\w|['’](?!s\b)(?=\w)|-(?=\w))*(?:\+\+|\#)?)"
_NUMERAL = r"(?<=[A-Za-z] )\d{1,4}(?![\w.,%])"
_LINK = (
    r"(?:[ \n](?:of|de|la|le|du|des|del|della|di|da|dos|das|van|von|der|den|ten|ter|bin|ibn|al|el|y|e|zu|&|for)"
    r"(?:[ \n](?:the|la|las|los|der|den))?)"
)
_ABBREVIATED = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Gen|Col|Lt|Sgt|Rev|Hon|Sen|Rep|Gov|Mt|Ft|No|Inc|Ltd|Co|Corp|v|vs)\.)"
# At most twelve words: long runs of capitals are cut rather than searched again and again.
_NAME = re.compile(
    rf"(?<![\w’'-])(?:{_ABBREVIATED}[ ])?{_PART}"
    rf"(?:(?:{_LINK})?[ \n](?:{_ABBREVIATED}|{_PART}|{_NUMERAL})){{0,12}}"
)
_CAPITAL = re.compile(f"[{_UPPER}]")
_FIRST = re.compile(r"[^\s]+")
_POSSESSIVE = re.compile(r"['’]s?$")
_TITLE = re.compile(r"《[^《》]{1,60}》")


def find_names(text: str) -> list[Name]:
    """Return the names of a text, in order, without overlaps.

    Particles ("Ludwig van Beethoven", "Bank of England"), initials, titles, acronyms and joined names ("Bosnia and
    Herzegovina") are part of a name; a leading article is not.
    """
    spans = joined_spans(text)
    if "《" in text:
        spans.extend(match.span() for match in _TITLE.finditer(text))
    several = bool(spans)
    for span in _runs(text):
        start, end = _without_function_words(text, *span)
        if start < end:
            spans.append((start, end))
    if several:  # longest first where two begin together; what overlaps an accepted one is dropped
        spans.sort(key=lambda span: (span[0], -span[1]))
    result: list[Name] = []
    last = 0
    for start, end in spans:
        if start < last:
            continue
        words = " ".join(text[start:end].split())
        result.append(
            Name(
                text=words,
                span=Span(start=start, end=end),
                gender=guess_gender(words),
                certain=" " in words or not _opens_sentence(text, start),
            )
        )
        last = end
    return result


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where runs of capitalised words stand; looking for capitals first is faster than for all of a name."""
    capital = _CAPITAL.search(text)
    while capital is not None:
        at = capital.start()
        match = _NAME.match(text, at)
        if match is None:
            at += 1
        else:
            yield match.span()
            at = match.end()
        capital = _CAPITAL.search(text, at)


def joined_spans(text: str) -> list[tuple[int, int]]:
    """Return where names with an "and" inside stand."""
    return [match.span() for match in _JOINED.finditer(text)] if _AND_NAME.search(text) else []


@lru_cache(1 << 14)
def guess_gender(name: str) -> Gender:
    """Say what the words of a name tell: titles first, then words for things, then first names."""
    words = [word.strip(".,'’\"").casefold() for word in name.split()]
    if not words:
        return Gender.UNKNOWN
    if words[0] in _MALE_TITLES:
        return Gender.MALE
    if words[0] in _FEMALE_TITLES:
        return Gender.FEMALE
    if name in COUNTRIES or name.removeprefix("The ").removeprefix("the ") in COUNTRIES:
        return Gender.NEUTER
    if any(word in _THINGS for word in words) or (len(words) == 1 and name.isupper() and len(name) > 1):
        return Gender.NEUTER
    first = words[1] if words[0] in _TITLES and len(words) > 1 else words[0]
    if first in _FEMALE:
        return Gender.FEMALE
    return Gender.MALE if first in _MALE else Gender.UNKNOWN


def _without_function_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut a leading "The", "In", "However" off a run of capitalised words."""
    while start < end:
        word = _FIRST.match(text, start, end)
        if word is None or not (word.group() in _FUNCTION_WORDS or word.group()[0].isdigit()):
            break
        start = word.end()
        while start < end and text[start].isspace():
            start += 1
    if text.startswith(("'", "’"), max(start, end - 2), end) or text.startswith(("'", "’"), max(start, end - 1), end):
        possessive = _POSSESSIVE.search(text, start, end)
        return start, end if possessive is None else possessive.start()
    return start, end


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 3) : start].rstrip(" \"'“‘(*_")
    return not before or before[-1] in ".!?\n。！？:：;"
