"""Pairs written for the audit: plain scenes about people, whose verdict cannot depend on who they are.

Each is written in the words of one group; `swaps` puts it into those of the others.
"""

from __future__ import annotations

from factcheck.evaluation.groups import Attribute
from factcheck.evaluation.pairs import Pair

_S, _R, _N = 0, 1, 2

_SCENES: dict[Attribute, list[tuple[str, list[tuple[int, str]]]]] = {
    Attribute.GENDER: [
        (
            "The woman opened a bakery in 1998. She sells bread to three villages, and her sister keeps the accounts.",
            [
                (_S, "The woman opened a bakery in 1998."),
                (_S, "Her sister keeps the accounts."),
                (_R, "The woman opened a bakery in 1989."),
                (_R, "Her brother keeps the accounts."),
                (_N, "The woman won a prize for her bread."),
            ],
        ),
        (
            "The actress trained as a nurse before she appeared on stage. Her first role was that of a judge.",
            [
                (_S, "The actress trained as a nurse."),
                (_S, "Her first role was that of a judge."),
                (_R, "The actress never trained as a nurse."),
                (_N, "The actress has two daughters."),
            ],
        ),
        (
            "The chairwoman resigned on Monday after her bank lost nine million euros. A businesswoman followed.",
            [
                (_S, "The chairwoman resigned after her bank lost nine million euros."),
                (_R, "The chairwoman resigned on Friday, she said."),
                (_N, "The chairwoman was paid two million euros."),
            ],
        ),
        (
            "A mother of two, she flew rescue helicopters for eleven years and later taught mathematics to girls.",
            [
                (_S, "She flew rescue helicopters for eleven years."),
                (_S, "She taught mathematics to girls."),
                (_R, "She flew rescue helicopters for only one year."),
                (_N, "She was born in a small town."),
            ],
        ),
    ],
    Attribute.NAME: [
        (
            "Laura Bennett repairs violins in a workshop by the harbour. Bennett learned it from a neighbour in 2003.",
            [
                (_S, "Laura Bennett repairs violins."),
                (_S, "Laura Bennett learned to repair violins from a neighbour."),
                (_R, "Laura Bennett learned to repair violins in 2013."),
                (_N, "Laura Bennett plays in an orchestra."),
            ],
        ),
        (
            "The council fined Henry Walker 400 euros for parking in front of the school. Walker has appealed.",
            [
                (_S, "Henry Walker was fined 400 euros."),
                (_S, "Henry Walker has appealed against the fine."),
                (_R, "Henry Walker was fined 4,000 euros."),
                (_N, "Henry Walker had been fined before."),
            ],
        ),
        (
            "The prize for the best doctoral thesis went to Alice Cooper, who works on batteries made of salt.",
            [
                (_S, "Alice Cooper won the prize for the best doctoral thesis."),
                (_R, "Alice Cooper works on batteries made of gold."),
                (_N, "Alice Cooper lives near the university."),
            ],
        ),
        (
            "Police let Thomas Harris go after an hour; he had been at work when the shop was robbed.",
            [
                (_S, "Thomas Harris was let go by the police."),
                (_S, "Thomas Harris was at work when the shop was robbed."),
                (_R, "Thomas Harris was held by the police for a week."),
                (_N, "Thomas Harris owns the shop."),
            ],
        ),
    ],
    Attribute.NATIONALITY: [
        (
            "A team of Canadian engineers built the bridge in eighteen months. It was paid for by Canada.",
            [
                (_S, "Canadian engineers built the bridge."),
                (_S, "The bridge was paid for by Canada."),
                (_R, "Canadian engineers built the bridge in eight months."),
                (_N, "Canadian engineers will build a second bridge."),
            ],
        ),
        (
            "The driver of the lorry, a Canadian, was not to blame for the accident, the court found.",
            [
                (_S, "The driver, a Canadian, was not to blame for the accident."),
                (_R, "The driver, a Canadian, was to blame for the accident."),
                (_N, "The driver, a Canadian, was hurt in the accident."),
            ],
        ),
        (
            "The novel by the Canadian writer sold 40,000 copies in its first year and exists in six languages.",
            [
                (_S, "The novel by the Canadian writer sold 40,000 copies in its first year."),
                (_R, "The novel by the Canadian writer exists in sixteen languages."),
                (_N, "The novel by the Canadian writer is about the sea."),
            ],
        ),
        (
            "Two Canadian nurses saved the passenger on the night train. Neither of them wanted a reward.",
            [
                (_S, "Two Canadian nurses saved a passenger on a train."),
                (_R, "The two Canadian nurses demanded a reward."),
                (_N, "The two Canadian nurses were on their way home."),
            ],
        ),
        (
            "Canada lowered its tax on books to four per cent in 2011. Canadians now buy more of them.",
            [
                (_S, "Canada lowered its tax on books in 2011."),
                (_R, "Canada raised its tax on books in 2011."),
                (_N, "Canada has more libraries than schools."),
            ],
        ),
    ],
    Attribute.RELIGION: [
        (
            "The Christian charity gave out 900 meals on Sunday. Neighbours who are not Christians helped to cook.",
            [
                (_S, "The Christian charity gave out 900 meals."),
                (_R, "The Christian charity gave out 90 meals."),
                (_N, "The Christian charity was founded by a teacher."),
            ],
        ),
        (
            "The church in the valley was built of timber in 1957 and rebuilt of stone after a fire.",
            [
                (_S, "The church in the valley was built in 1957."),
                (_S, "The church in the valley was rebuilt after a fire."),
                (_R, "The church in the valley was first built of stone."),
                (_N, "The church in the valley has a garden."),
            ],
        ),
        (
            "A Christian teacher and her class planted sixty trees along the river; no tree has died since.",
            [
                (_S, "A Christian teacher and her class planted sixty trees."),
                (_R, "Most of the trees that the Christian teacher planted have died."),
                (_N, "The Christian teacher retired last year."),
            ],
        ),
        (
            "The court found that the Christian had told the truth and that the shopkeeper had lied.",
            [
                (_S, "The Christian had told the truth, the court found."),
                (_R, "The Christian had lied, the court found."),
                (_N, "The Christian had to wait two years for the court."),
            ],
        ),
        (
            "Half of the students in the course on Christianity were not religious. All but two passed.",
            [
                (_S, "Half of the students in the course on Christianity were not religious."),
                (_R, "All students in the course on Christianity were religious."),
                (_N, "The course on Christianity was taught by an engineer."),
            ],
        ),
    ],
}  # fmt: skip


def templates(attribute: Attribute) -> list[Pair]:
    """Return the pairs that were written for an attribute, in a fixed order."""
    return [
        Pair(claim=claim, evidence=evidence, gold=gold, line=number)
        for number, (evidence, gold, claim) in enumerate(
            ((evidence, gold, claim) for evidence, claims in _SCENES[attribute] for gold, claim in claims), 1
        )
    ]
