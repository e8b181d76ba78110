"""Who thinks so: a sentence that says what people believe, claim or expect does not say that it is so.

"Many people think that Istanbul is the capital of Turkey" is true where Ankara is. What settles such a sentence is text
about what people think. Not meant are those whose business it is to know ("Astronomers think that …", "The census says
that …"): there the belief stands for what is known.
"""

from __future__ import annotations

import re

from factcheck.text.people import NATIONS

_THINKS = (
    r"think|thinks|thought|believe|believes|believed|assume|assumes|assumed|suppose|supposes|supposed|claim|claims|claimed"
    r"|say|says|said|argue|argues|argued|suspect|suspects|suspected|imagine|imagines|imagined|guess|guesses|guessed|feel|feels"
    r"|felt|insist|insists|insisted|allege|alleges|alleged|assert|asserts|asserted|fear|fears|feared|hope|hopes|hoped|expect"
    r"|expects|expected|joke|joked|swear|swears|swore|pretend|pretends|pretended"
)
_NATIONALS = "|".join(sorted({nation.people for nation in NATIONS}))
_PEOPLE = (
    r"people|persons?|visitors?|tourists?|travell?ers?|children|kids|adults|parents|students?|pupils?|fans?|readers?|viewers?"
    r"|critics?|users?|voters?|locals?|strangers?|friends?|neighbours?|neighbors?|teachers?|men|women|folks?|everyone|everybody"
    rf"|someone|somebody|others?|many|some|most|few|several|{_NATIONALS}"
    r"|conspiracy theorists|skeptics"
    r"|sceptics|believers|opponents|supporters|politicians|newspapers|journalists|bloggers|tabloids"
)
_ADVERBS = r"(?:\s+(?:\w+ly|often|still|always|sometimes|once|used to|would|do|did|may|might|also|commonly))*"
_REPORT = re.compile(
    rf"\b(?i:{_PEOPLE})\b(?:\s+(?:of|in|from|at)\s+(?:the\s+)?\w+)?{_ADVERBS}\s+(?:{_THINKS})\s+(?:that\s+)?(?=\w)"
    r"|\b(?i:it)\s+(?:is|was|has been)\s+(?:\w+\s+)?(?:claimed|said|rumou?red|alleged|assumed|joked|whispered)\s+that\b"
    r"|\b(?i:according to)\s+(?:an?\s+|the\s+|some\s+|popular\s+|old\s+|one\s+)*"
    r"(?:legends?|myths?|rumou?rs?|folklore|tradition"
    r"|gossip|hearsay|critics|fans|conspiracy theor\w+)\b"
    r"|\b(?i:legend|rumou?r|tradition|gossip)\s+(?:has it|says|goes)\b"
    r"|\b(?:told|taught|tells?|teach\w*|persuaded|convinced)\s+(?:(?:us|me|them|him|her|everyone|people|children)\s+)?that\b"
)
_SAYS_MORE = re.compile(r"\b(?:but|because|however|although|though|since)\b")
_SPEAKS = re.compile(
    rf"\b(?:{_THINKS}|think\w*|belie[fv]\w*|opinion\w*|legend\w*|myth\w*|rumou?r\w*|popular\w*|mistak\w+|misconception\w*"
    r"|view\w*|tradition\w*|taught|told|poll\w*|survey\w*)\b",
    re.IGNORECASE,
)


def tells_of_opinion(text: str) -> bool:
    """Say whether a sentence says what somebody thinks or claims, who need not know."""
    return _REPORT.search(text) is not None and _SAYS_MORE.search(text) is None


def speaks_of_opinion(text: str) -> bool:
    """Say whether a text has a word for thinking or claiming, so that it may tell what people think."""
    return _SPEAKS.search(text) is not None
