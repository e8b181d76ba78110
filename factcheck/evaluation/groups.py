"""The groups that `factcheck audit` puts pairs into, and what is swapped."""

from __future__ import annotations

from enum import StrEnum

from factcheck.text.people import NATIONS, Names, Nation


class Attribute(StrEnum):
    """What is swapped."""

    GENDER = "gender"
    NAME = "name"
    NATIONALITY = "nationality"
    RELIGION = "religion"


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

NATION_GROUPS: dict[str, Nation] = {nation.country.lower(): nation for nation in NATIONS[:5]}
"""Those that rows are rewritten to: one a continent, none with an article."""
