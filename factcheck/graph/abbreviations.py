"""Short and long forms of names that texts use for one another, whatever a graph calls the thing.

Forms are keys as `factcheck.graph.names.key_of` makes them: `U.S.` and `US` are both `us`. A short form counts only
where it is written in capitals, and only if the graph has no name that is spelt so.
"""

from __future__ import annotations

_TABLE = """
us: united states, united states of america
usa: united states, united states of america
united states: united states of america, usa
united states of america: united states
uk: united kingdom
gb: great britain, united kingdom
great britain: united kingdom
uae: united arab emirates
ussr: soviet union
prc: china
people's republic of china: china
drc: democratic republic of the congo
dr congo: democratic republic of the congo
eu: european union
un: united nations
uno: united nations
nz: new zealand
nyc: new york city
new york city: new york
la: los angeles
dc: washington dc
washington: washington dc
holland: netherlands
the netherlands: netherlands
ireland: republic of ireland
republic of ireland: ireland
czechia: czech republic
czech republic: czechia
burma: myanmar
ivory coast: côte d'ivoire
côte d'ivoire: ivory coast
swaziland: eswatini
cape verde: cabo verde
east timor: timor-leste
turkey: türkiye
macedonia: north macedonia
vatican: vatican city
gdr: east germany
frg: west germany
nasa: national aeronautics and space administration
usaf: united states air force
us air force: united states air force
us navy: united states navy
us army: united states army
raf: royal air force
mit: massachusetts institute of technology
ucla: university of california los angeles
"""


def _table() -> dict[str, tuple[str, ...]]:
    from factcheck.graph.names import key_of

    forms: dict[str, tuple[str, ...]] = {}
    for line in _TABLE.strip().splitlines():
        short, _, long = line.partition(": ")
        keys = [key_of(part) for part in long.split(", ")]
        forms[key_of(short) or short] = tuple(key for key in keys if key is not None)
    return forms


OTHER_FORMS: dict[str, tuple[str, ...]] = _table()
"""From a key to the keys under which the same thing may be known, the likeliest first."""

SHORT_FORMS = frozenset("us usa uk gb uae ussr prc drc eu un uno nz nyc la dc gdr frg nasa usaf raf mit ucla".split())
"""Forms that are written in capitals."""


def initials_of(name: str) -> str | None:
    """Return the initials of a name of several words, or None where nobody would abbreviate it so.

    "United Nations Educational, Scientific and Cultural Organization" gives UNESCO.
    """
    words = [word for word in name.replace("-", " ").replace(",", " ").split() if word[0].isalpha()]
    letters = [word[0] for word in words if word[0].isupper()]
    small = [word for word in words if word[0].islower()]
    if len(letters) < 3 or len(letters) > 8 or len(small) > len(letters) or len(letters) + len(small) != len(words):
        return None
    return "".join(letters)
