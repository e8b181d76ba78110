"""What is said around a statement about numbers without changing it: "as everyone knows", "by far", "of course".

Each phrase is a sequence of words in lower case, commas left out. What denies or supposes stands in none of these
tables: "perhaps" and "hardly" leave a statement unread.
"""

from __future__ import annotations


def _phrases(*written: str) -> tuple[tuple[str, ...], ...]:
    """Cut phrases into words, the longest first."""
    return tuple(sorted((tuple(phrase.split()) for phrase in written), key=len, reverse=True))


OPENINGS = _phrases(
    "in fact", "mathematically", "clearly", "of course", "obviously", "numerically", "indeed", "in value", "certainly",
    "arithmetically", "in mathematics", "in arithmetic", "in maths", "in math", "surely", "definitely", "evidently",
    "we know that", "we all know that", "by definition", "undoubtedly", "there is no doubt that", "no doubt",
    "as a number", "as numbers", "as everyone knows", "as everybody knows", "as we all know", "as we know",
    "as is well known", "as is known", "everyone knows that", "everybody knows that", "it holds that",
    "it is well known that", "it is widely known that", "it is generally known that", "the truth is that",
    "the fact is that", "the truth is", "the fact is", "no # doubts that", "nobody doubts that", "without a doubt",
    "without doubt", "without any doubt", "without question", "beyond doubt", "mathematics tells us that",
    "maths tells us that", "math tells us that", "arithmetic tells us that", "mathematics says that", "math says that",
    "according to mathematics", "according to arithmetic", "according to math", "according to maths",
    "in terms of value", "in terms of size", "in terms of magnitude", "by value", "by size", "so", "thus", "hence",
    "therefore", "contrary to popular belief", "contrary to what some say", "contrary to what many think",
    "when counting", "when counting up", "when counting upwards", "in counting", "on the number line",
    "mathematically speaking", "numerically speaking", "strictly speaking", "generally speaking", "note that",
    "remember that", "# can say that", "we can say that", "you can say that", "it can be said that", "i know that",
    "i claim that", "i say that", "it follows that", "as it happens", "actually", "yes", "simply put", "in reality",
    "in truth", "needless to say", "naturally", "truly", "really", "to be precise", "to be exact", "for the record",
)  # fmt: skip

ENDINGS = _phrases(
    "mathematically speaking", "numerically speaking", "strictly speaking", "is n't it", "of course", "for sure",
    "without doubt", "without a doubt", "without any doubt", "no doubt", "in size", "in value", "in magnitude",
    "in number", "in numerical value", "on the number line", "when counting", "when counting up",
    "when counting upwards", "in counting", "indeed", "in fact", "obviously", "clearly", "certainly", "definitely",
    "mathematically", "numerically", "arithmetically", "in mathematics", "in arithmetic", "in math", "in maths",
    "by definition", "contrary to what some say", "contrary to what many think", "contrary to popular belief",
    "in comparison", "by comparison", "in reality", "in truth", "as everyone knows", "as everybody knows",
    "as we all know", "as is well known", "exactly", "precisely", "too", "as well", "in all", "altogether",
    "after all", "at all", "by any measure", "to be precise", "to be exact", "always", "right",
)  # fmt: skip

WITHIN = _phrases(
    "in fact", "of course", "by far", "without doubt", "without a doubt", "without any doubt", "no doubt", "for sure",
    "as everyone knows", "as everybody knows", "as we all know", "a bit", "a lot", "a little", "a good deal",
    "a great deal", "known to be", "well known to be", "said to be", "considered to be", "considered", "found to be",
    "in any way", "in any respect", "at all", "quite", "rather", "in truth",
    "in reality", "in value", "in size", "mathematically speaking",
)  # fmt: skip

CLAIMED = _phrases(
    "to say that", "to claim that", "to state that", "saying that", "claiming that", "saying", "claiming"
)
"""What opens a statement that is only complete with what is thought of it: "Saying that ten is odd is wrong"."""

SEEMS = (
    ("turns", "out", "to", "be"),
    ("happens", "to", "be"),
    ("proves", "to", "be"),
    ("can", "be", "said", "to", "be"),
)
HAS_BEEN = (("has", "been"), ("has", "always", "been"))
LINE = (("on", "the", "number", "line"),)

OTHER_WORDS: tuple[tuple[tuple[tuple[str, ...], ...], str], ...] = (
    ((("in", "excess", "of"), ("superior", "to"), ("to", "the", "right", "of"), ("of", "greater", "value", "than"),
      ("of", "higher", "value", "than"), ("of", "larger", "value", "than")), ">"),
    ((("inferior", "to"), ("to", "the", "left", "of"), ("prior", "to"), ("of", "lower", "value", "than"),
      ("of", "smaller", "value", "than"), ("of", "lesser", "value", "than"), ("short", "of")), "<"),
    ((("nothing", "but"), ("nothing", "other", "than"), ("none", "other", "than"), ("of", "the", "same", "value", "as"),
      ("of", "equal", "value", "to"), ("another", "way", "of", "writing"), ("another", "name", "for"),
      ("another", "way", "to", "write"), ("one", "and", "the", "same", "as"), ("no", "different", "from")), "="),
    ((("at", "least", "as", "large", "as"), ("at", "least", "as", "great", "as"), ("at", "least", "as", "big", "as"),
      ("at", "least", "as", "high", "as"), ("minimally",)), ">="),
    ((("at", "most", "as", "large", "as"), ("at", "most", "as", "great", "as"), ("at", "most", "as", "big", "as"),
      ("at", "most", "as", "high", "as"), ("maximally",)), "<="),
)  # fmt: skip
NOT_EQUAL = (("other", "than"), ("anything", "but"))
OR_EQUAL = (
    ("than", "or", "equal", "to"), ("or", "equal", "to"), ("or", "equal", "than"), ("than", "or", "identical", "to"),
    ("than", "nor", "equal", "to"), ("than", "or", "the", "same", "as"),
)  # fmt: skip
OR_ELSE_EQUAL = (("or", "equal", "to"), ("or", "the", "same", "as"), ("or", "identical", "to"))
