"""Other spellings of a name: from another alphabet, without a letter's marks, and as sounds are written differently.

`romanised` gives the Latin forms under which a name is also found: "Владимир Путин" as Vladimir Putin, "Łódź" as Lodz,
"Müller" as Mueller. `canonical` brings the common spellings of one name together, whichever the graph has:
Mohammed and Muhammad, Dmitri and Dmitry, al-Assad and Assad. Both give way to names that the graph states.

Scripts that do not write their vowels (Arabic, Hebrew) and Chinese characters are left alone: letter by letter gives no
name that anybody writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TABLE = """
muhammad: mohammed mohammad mohamed mohamad muhammed muhamed mohamet mahomet mohd
ahmad: ahmed achmed achmad
hussein: husayn hussain husain hossein hosein houssein
hassan: hasan hassane
abdullah: abdallah abdulla abdalla
yusuf: yousef youssef yousuf yusef yussef yousaf
khalid: khaled
umar: omar omer
usman: osman othman uthman ousmane
ibrahim: ebrahim ibraheem
mustafa: mustapha moustafa mostafa
saeed: sayeed saied
rashid: rasheed rachid
mahmud: mahmoud mahmood
faisal: faysal feisal
fatima: fatimah fatema
aisha: ayesha aysha aicha
usama: osama oussama
qaddafi: gaddafi gadhafi kadafi kaddafi qadhafi
quran: koran qoran
makkah: mecca
laden: ladin
vladimir: wladimir wladimyr
dmitri: dmitry dmitriy dmitrii dimitri dimitry
sergei: sergey sergej
alexei: alexey aleksei aleksey alexej alexeï
alexander: aleksandr alexandr aleksander
andrei: andrey andrej
nikolai: nikolay nikolaj nicolai
yuri: yury yuriy iouri jurij juri
yevgeny: evgeny yevgeni evgeni evgenii eugeny evgueni
mikhail: michail mikhael
pyotr: piotr
ekaterina: yekaterina jekaterina
yelena: jelena
fyodor: fedor feodor
dostoevsky: dostoyevsky dostoevski dostojewski dostoevskii dostoyevski
tchaikovsky: chaikovsky chaykovskiy tschaikowski tchaikovski chaikovskii
khrushchev: khrushchov chruschtschow khruschev krushchev
rachmaninoff: rachmaninov rakhmaninov
prokofiev: prokofieff prokofyev
shostakovich: schostakowitsch chostakovitch
kiev: kyiv
kharkov: kharkiv
odessa: odesa
lvov: lviv
peking: beijing
bombay: mumbai
calcutta: kolkata
"""
_ARTICLES = frozenset({"al", "el", "ul", "ibn", "bin"})
"""Particles of Arabic names, which texts write, join or leave out: dropped within a name, never at its end."""
_LEFT_ALONE = re.compile(r"[\u0590-\u08ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "Å": "Aa", "ø": "oe", "Ø": "Oe"}
)
_MOST = 400


def _table() -> dict[str, str]:
    found = {}
    for line in _TABLE.strip().splitlines():
        chosen, _, others = line.partition(": ")
        found.update(dict.fromkeys((chosen, *others.split()), chosen))
    return found


_CANONICAL = _table()


def romanised(name: str) -> Iterator[str]:
    """Yield the Latin spellings of a name that is not in plain Latin letters; none of one that is."""
    if name.isascii() or len(name) > _MOST or _LEFT_ALONE.search(name):
        return
    from anyascii import anyascii

    given = {name}
    for form in (anyascii(name), anyascii(name.translate(_UMLAUTS))):
        if form not in given and any(c.isalpha() for c in form):
            given.add(form)
            yield form


def canonical(key: str) -> str | None:
    """Return the key with every word spelt as one of its spellings is; None where that changes nothing.

    Args:
        key: as `factcheck.graph.names.key_of` makes it.
    """
    words = key.split(" ")
    if len(words) == 1:
        found = _CANONICAL.get(key)
        return found if found is not None and found != key else None
    if not any(word in _CANONICAL or word in _ARTICLES for word in words):
        return None
    last = len(words) - 1
    kept = [_CANONICAL.get(word, word) for at, word in enumerate(words) if not 0 < at < last or word not in _ARTICLES]
    made = " ".join(kept)
    return made if made != key else None
