"""Words that tell groups of people apart: the lists behind `factcheck audit`, written for it.

They are made to swap words in texts, not to sort people: a name is no proof of where somebody is from. Words with
another common meaning (Turkey, Jordan, Georgia; Will, Mark, Grace) are left out, since swapping them changes what is
said.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Attribute(StrEnum):
    """What is swapped."""

    GENDER = "gender"
    NAME = "name"
    NATIONALITY = "nationality"
    RELIGION = "religion"


@dataclass(frozen=True, slots=True)
class Nation:
    """A country, its adjective and its people."""

    country: str
    adjective: str
    people: str


@dataclass(frozen=True, slots=True)
class Faith:
    """A religion, its adjective, who follows it (one and many), and where they pray (one and many)."""

    name: str
    adjective: str
    follower: str
    followers: str
    building: str
    buildings: str


@dataclass(frozen=True, slots=True)
class Names:
    """Given names and family names of one origin."""

    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]


FEMALE, MALE = "female", "male"

GENDERED: tuple[tuple[str, str], ...] = (
    ("she", "he"),
    ("herself", "himself"),
    ("woman", "man"),
    ("women", "men"),
    ("girl", "boy"),
    ("girls", "boys"),
    ("mother", "father"),
    ("mothers", "fathers"),
    ("daughter", "son"),
    ("daughters", "sons"),
    ("sister", "brother"),
    ("sisters", "brothers"),
    ("wife", "husband"),
    ("wives", "husbands"),
    ("aunt", "uncle"),
    ("niece", "nephew"),
    ("grandmother", "grandfather"),
    ("granddaughter", "grandson"),
    ("actress", "actor"),
    ("actresses", "actors"),
    ("queen", "king"),
    ("queens", "kings"),
    ("princess", "prince"),
    ("princesses", "princes"),
    ("empress", "emperor"),
    ("duchess", "duke"),
    ("heroine", "hero"),
    ("waitress", "waiter"),
    ("businesswoman", "businessman"),
    ("chairwoman", "chairman"),
    ("spokeswoman", "spokesman"),
    ("congresswoman", "congressman"),
    ("policewoman", "policeman"),
    ("sportswoman", "sportsman"),
    ("widow", "widower"),
    ("bride", "groom"),
    ("girlfriend", "boyfriend"),
    ("stepmother", "stepfather"),
    ("stepdaughter", "stepson"),
    ("female", "male"),
    ("females", "males"),
    ("feminine", "masculine"),
    ("lady", "gentleman"),
    ("ladies", "gentlemen"),
    ("Mrs", "Mr"),
    ("Mrs.", "Mr."),
    ("nun", "monk"),
    ("nuns", "monks"),
)
"""Words in pairs, female first; `her`, `his`, `him` and `hers` need grammar and are swapped by `swaps`."""

KNOWN_NAMES = Names(
    female=tuple(
        "Mary Anna Elizabeth Emma Margaret Sarah Alice Helen Ruth Catherine Katherine Julia Laura Maria Linda "
        "Barbara Susan Jessica Karen Nancy Lisa Betty Sandra Ashley Emily Donna Michelle Carol Amanda Melissa "
        "Deborah Stephanie Rebecca Sharon Cynthia Kathleen Amy Angela Shirley Brenda Pamela Nicole Samantha "
        "Christine Rachel Carolyn Janet Heather Diane Olivia Julie Victoria Lauren Judith Megan Andrea Cheryl "
        "Hannah Jacqueline Martha Gloria Teresa Sara Madison Frances Kathryn Janice Jean Abigail Judy Sophia "
        "Charlotte Isabella Natalie Scarlett Jennifer Patricia Dorothy Kate Anne Jane Claire Eleanor Lucy "
        "Marie Taylor Britney Madonna Beyonce Meryl".split()
    ),
    male=tuple(
        "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew "
        "Anthony Steven Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward Jason Jeffrey "
        "Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory "
        "Alexander Patrick Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Zachary Douglas Peter Kyle "
        "Noah Ethan Jeremy Walter Christian Keith Roger Terry Austin Sean Gerald Carl Harold Dylan Arthur "
        "Lawrence Jesse Bryan Billy Bruce Gabriel Joe Logan Alan Juan Albert Willie Elijah Wayne Randy "
        "Vincent Mason Roy Ralph Bobby Russell Bradley Philip Eugene Leonardo Steve Tom".split()
    ),
    family=(),
)
"""Given names that are looked for in rows; the family name is the word behind."""


def _names(female: str, male: str, family: str) -> Names:
    return Names(tuple(female.split()), tuple(male.split()), tuple(family.split()))


NAMES: dict[str, Names] = {
    "english": _names("Emily Hannah Alice Laura", "Thomas Edward Andrew Henry", "Walker Bennett Harris Cooper"),
    "arabic": _names("Fatima Layla Amina Noor", "Ahmed Omar Khalid Yusuf", "Haddad Mansour Khoury Saleh"),
    "chinese": _names("Meiling Xiuying Lihua Yan", "Jianguo Haoran Wei Minghao", "Zhang Liu Chen Huang"),
    "west_african": _names(
        "Ngozi Adaeze Aminata Yetunde", "Chinedu Kwame Oluwaseun Mamadou", "Okafor Mensah Diallo Adeyemi"
    ),
    "hispanic": _names("Lucia Carmen Ximena Pilar", "Diego Javier Alejandro Mateo", "Herrera Castillo Vargas Navarro"),
    "slavic": _names(
        "Katarzyna Svetlana Milena Ludmila", "Vladimir Piotr Bogdan Miroslav", "Kowalski Novak Petrenko Horvat"
    ),
}
"""Those that rows are rewritten to."""

NATIONS: tuple[Nation, ...] = tuple(
    Nation(*line.split(", "))
    for line in (
        "Canada, Canadian, Canadians|Nigeria, Nigerian, Nigerians|China, Chinese, Chinese|"
        "Iran, Iranian, Iranians|Mexico, Mexican, Mexicans|Germany, German, Germans|"
        "Italy, Italian, Italians|Spain, Spanish, Spaniards|Japan, Japanese, Japanese|"
        "Russia, Russian, Russians|Brazil, Brazilian, Brazilians|India, Indian, Indians|"
        "Australia, Australian, Australians|France, French, Frenchmen|Sweden, Swedish, Swedes|"
        "Norway, Norwegian, Norwegians|Poland, Polish, Poles|Greece, Greek, Greeks|"
        "Egypt, Egyptian, Egyptians|Argentina, Argentine, Argentines|Ireland, Irish, Irishmen|"
        "Scotland, Scottish, Scots|England, English, Englishmen|Britain, British, Britons|"
        "the United States, American, Americans|Austria, Austrian, Austrians|Belgium, Belgian, Belgians|"
        "Denmark, Danish, Danes|Finland, Finnish, Finns|Hungary, Hungarian, Hungarians|"
        "Portugal, Portuguese, Portuguese|Romania, Romanian, Romanians|Ukraine, Ukrainian, Ukrainians|"
        "Israel, Israeli, Israelis|Iraq, Iraqi, Iraqis|Pakistan, Pakistani, Pakistanis|"
        "Kenya, Kenyan, Kenyans|Ghana, Ghanaian, Ghanaians|Cuba, Cuban, Cubans|"
        "Colombia, Colombian, Colombians|Peru, Peruvian, Peruvians|Vietnam, Vietnamese, Vietnamese|"
        "Thailand, Thai, Thais|Indonesia, Indonesian, Indonesians|Korea, Korean, Koreans|"
        "Iceland, Icelandic, Icelanders"
    ).split("|")
)
"""Those that are looked for in rows."""

NATION_GROUPS: dict[str, Nation] = {nation.country.lower(): nation for nation in NATIONS[:5]}
"""Those that rows are rewritten to: one a continent, none with an article."""

FAITHS: dict[str, Faith] = {
    "christian": Faith("Christianity", "Christian", "Christian", "Christians", "church", "churches"),
    "muslim": Faith("Islam", "Muslim", "Muslim", "Muslims", "mosque", "mosques"),
    "jewish": Faith("Judaism", "Jewish", "Jew", "Jews", "synagogue", "synagogues"),
    "hindu": Faith("Hinduism", "Hindu", "Hindu", "Hindus", "mandir", "mandirs"),
    "buddhist": Faith("Buddhism", "Buddhist", "Buddhist", "Buddhists", "vihara", "viharas"),
}
