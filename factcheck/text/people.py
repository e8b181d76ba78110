"""Words that tell groups of people apart: genders, given names, nations, religions.

They are made to swap words in texts, not to sort people: a name is no proof of where somebody is from. Words with
another common meaning (Turkey, Jordan, Georgia; Will, Mark, Grace) are left out, since swapping them changes what is
said. The verifier reads in neutral words by them (`models.neutral`), and `factcheck audit` swaps by them.
"""

from __future__ import annotations

from dataclasses import dataclass


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
        "Iceland, Icelandic, Icelanders|the Netherlands, Dutch, Dutchmen|Switzerland, Swiss, Swiss|"
        "Wales, Welsh, Welshmen|South Africa, South African, South Africans|Saudi Arabia, Saudi, Saudis|"
        "Syria, Syrian, Syrians|Lebanon, Lebanese, Lebanese|Afghanistan, Afghan, Afghans|"
        "Bangladesh, Bangladeshi, Bangladeshis|Sri Lanka, Sri Lankan, Sri Lankans|Nepal, Nepalese, Nepalese|"
        "Malaysia, Malaysian, Malaysians|Singapore, Singaporean, Singaporeans|the Philippines, Filipino, Filipinos|"
        "Mongolia, Mongolian, Mongolians|Kazakhstan, Kazakh, Kazakhs|Serbia, Serbian, Serbs|"
        "Croatia, Croatian, Croats|Slovenia, Slovenian, Slovenes|Slovakia, Slovak, Slovaks|"
        "Bulgaria, Bulgarian, Bulgarians|Albania, Albanian, Albanians|Bosnia, Bosnian, Bosnians|"
        "Estonia, Estonian, Estonians|Latvia, Latvian, Latvians|Lithuania, Lithuanian, Lithuanians|"
        "Belarus, Belarusian, Belarusians|Moldova, Moldovan, Moldovans|Armenia, Armenian, Armenians|"
        "Cyprus, Cypriot, Cypriots|Malta, Maltese, Maltese|Morocco, Moroccan, Moroccans|"
        "Algeria, Algerian, Algerians|Tunisia, Tunisian, Tunisians|Libya, Libyan, Libyans|"
        "Sudan, Sudanese, Sudanese|Ethiopia, Ethiopian, Ethiopians|Somalia, Somali, Somalis|"
        "Uganda, Ugandan, Ugandans|Tanzania, Tanzanian, Tanzanians|Rwanda, Rwandan, Rwandans|"
        "Zambia, Zambian, Zambians|Zimbabwe, Zimbabwean, Zimbabweans|Angola, Angolan, Angolans|"
        "Cameroon, Cameroonian, Cameroonians|Senegal, Senegalese, Senegalese|Chile, Chilean, Chileans|"
        "Bolivia, Bolivian, Bolivians|Ecuador, Ecuadorian, Ecuadorians|Venezuela, Venezuelan, Venezuelans|"
        "Paraguay, Paraguayan, Paraguayans|Uruguay, Uruguayan, Uruguayans|Haiti, Haitian, Haitians|"
        "Jamaica, Jamaican, Jamaicans|Honduras, Honduran, Hondurans|Guatemala, Guatemalan, Guatemalans|"
        "Nicaragua, Nicaraguan, Nicaraguans|Panama, Panamanian, Panamanians|Taiwan, Taiwanese, Taiwanese|"
        "Cambodia, Cambodian, Cambodians|Laos, Laotian, Laotians"
    ).split("|")
)
"""Those that are looked for in rows."""

FAITHS: dict[str, Faith] = {
    "christian": Faith("Christianity", "Christian", "Christian", "Christians", "church", "churches"),
    "muslim": Faith("Islam", "Muslim", "Muslim", "Muslims", "mosque", "mosques"),
    "jewish": Faith("Judaism", "Jewish", "Jew", "Jews", "synagogue", "synagogues"),
    "hindu": Faith("Hinduism", "Hindu", "Hindu", "Hindus", "mandir", "mandirs"),
    "buddhist": Faith("Buddhism", "Buddhist", "Buddhist", "Buddhists", "vihara", "viharas"),
}
