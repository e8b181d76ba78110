"""Try the reader of statements that need no evidence on wordings of its own: calculations, order, units.

    python scripts/eval_statements.py [--draws N] [--half odd|even|all] [--seed N] [--show N]

No wording is shared with the tests. Each wording is drawn N times with true and false values, in digits and in words,
plain and denied. Wordings are split by their SHA-1; the grammar was developed on the even half, so report the odd one.
"wrong" must be none; "undecided" falls to the reading of evidence.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator

from eval_swaps import in_half

from factcheck.text.numerals import spell_english
from factcheck.verify.arithmetic import decide_arithmetic

# {a}, {b} are drawn, {r} is their result or near it.
_SUM = (
    "If you add {a} and {b}, you get {r}.", "If you add {a} to {b} you get {r}.", "Adding {a} to {b} gives {r}.",
    "Adding {a} and {b} yields {r}.", "{a} added to {b} makes {r}.", "{a} and {b} make {r}.",
    "{a} and {b} add up to {r}.", "When {a} is added to {b}, the result is {r}.", "Add {a} to {b} and you get {r}.",
    "The sum of {a} and {b} is {r}.", "Together, {a} and {b} make {r}.", "The total of {a} and {b} is {r}.",
    "{r} is the sum of {a} and {b}.", "{r} is what you get when you add {a} and {b}.",
    "{a} plus {b} comes to {r}.", "{a} plus {b} makes {r}.", "{r} results from adding {a} and {b}.",
    "If {b} is added to {a}, the total is {r}.", "{a} increased by {b} gives {r}.",
    "The result of adding {a} and {b} is {r}.",
)  # fmt: skip
_DIFFERENCE = (
    "If you subtract {b} from {a}, you get {r}.", "If you take {b} away from {a}, {r} is left.",
    "Subtracting {b} from {a} gives {r}.", "Taking {b} from {a} leaves {r}.", "{a} take away {b} leaves {r}.",
    "{a} minus {b} leaves {r}.", "{b} subtracted from {a} is {r}.", "{b} taken from {a} leaves {r}.",
    "Subtract {b} from {a} and you get {r}.", "The difference between {a} and {b} is {r}.",
    "{a} less {b} is {r}.", "{a} decreased by {b} is {r}.", "If you take {b} from {a}, you are left with {r}.",
    "When {b} is subtracted from {a}, the answer is {r}.", "{a} exceeds {b} by {r}.", "{a} is {r} more than {b}.",
    "{b} is {r} less than {a}.", "The result of subtracting {b} from {a} is {r}.",
)  # fmt: skip
_PRODUCT = (
    "If you multiply {a} by {b}, you get {r}.", "Multiplying {a} by {b} gives {r}.",
    "{a} multiplied by {b} equals {r}.", "{a} times {b} makes {r}.", "The product of {a} and {b} is {r}.",
    "When {a} is multiplied by {b}, the result is {r}.", "Multiply {a} by {b} and you get {r}.",
    "{a} times {b} comes to {r}.", "{r} is the product of {a} and {b}.",
    "The result of multiplying {a} and {b} is {r}.",
    "If {a} is multiplied by {b}, the product is {r}.",
)  # fmt: skip
_QUOTIENT = (
    "If you divide {r} by {b}, you get {a}.", "Dividing {r} by {b} gives {a}.", "{r} divided by {b} equals {a}.",
    "When {r} is divided by {b}, the answer is {a}.", "Divide {r} by {b} and you get {a}.",
    "{b} goes into {r} {a} times.", "The quotient of {r} and {b} is {a}.", "The result of dividing {r} by {b} is {a}.",
)  # fmt: skip
_TWICE = (
    "If you double {a} you get {r}.", "If you double {a}, you get {r}.", "Doubling {a} gives {r}.",
    "{a} doubled is {r}.", "The double of {a} is {r}.", "Twice {a} is {r}.", "Double {a} and you get {r}.",
    "{r} is double {a}.", "{r} is twice as much as {a}.", "When {a} is doubled, the result is {r}.",
    "Half of {r} is {a}.", "Halving {r} gives {a}.", "If you halve {r}, you get {a}.", "{a} is half of {r}.",
    "{a} is half as much as {r}.", "One half of {r} is {a}.", "Half of {r} equals {a}.",
)  # fmt: skip
_AFTER = (
    "{r} comes right after {a}.", "{a} comes right before {r}.", "The number after {a} is {r}.",
    "The number that comes after {a} is {r}.", "{r} is one more than {a}.",
    "{a} is one less than {r}.", "The next number after {a} is {r}.", "{r} comes directly after {a}.",
    "{a} is immediately followed by {r}.", "The number before {r} is {a}.", "{r} is the successor of {a}.",
)  # fmt: skip
_GREATER = (
    "{a} is more than {b}.", "{a} is a larger number than {b}.", "{a} is greater than {b}.", "{b} is below {a}.",
    "Counting upwards, {b} comes before {a}.", "When counting, you reach {b} before {a}.",
    "{a} beats {b} in size.", "Of {a} and {b}, {a} is the greater number.", "{a} is the larger of {a} and {b}.",
    "Between {a} and {b}, the larger number is {a}.", "The larger of {a} and {b} is {a}.",
    "The smaller of {a} and {b} is {b}.", "{b} is the smaller one of {a} and {b}.", "{b} has a lower value than {a}.",
    "You would rather call {a} larger than {b}.", "It is a fact that {a} is greater than {b}.",
    "{a} is a higher figure than {b}.", "{b} is outnumbered by {a}.",
)  # fmt: skip
# Wording, how many of the one make one of the other.
_PARTS = (
    ("hour", "minutes", 60), ("minute", "seconds", 60), ("day", "hours", 24), ("week", "days", 7),
    ("kilometre", "metres", 1000), ("metre", "centimetres", 100), ("kilogram", "grams", 1000),
    ("century", "years", 100), ("decade", "years", 10), ("foot", "inches", 12), ("yard", "feet", 3),
    ("litre", "millilitres", 1000), ("millennium", "years", 1000), ("fortnight", "days", 14), ("year", "months", 12),
)  # fmt: skip
_HAS = (
    "{One} has {n} {parts}.", "There are {n} {parts} in {one}.", "{One} is {n} {parts}.",
    "{One} consists of {n} {parts}.",
    "{One} equals {n} {parts}.", "{One} is made up of {n} {parts}.", "{n} {parts} make {one}.",
    "{n} {parts} are {one}.", "{One} is equal to {n} {parts}.", "{One} contains {n} {parts}.",
    "It takes {n} {parts} to make {one}.",
)  # fmt: skip
# The first is more than the second.
_UNITS = (
    ("longer", "shorter", "mile", "kilometre"), ("heavier", "lighter", "kilogram", "pound"),
    ("longer", "shorter", "century", "decade"), ("longer", "shorter", "hour", "minute"),
    ("longer", "shorter", "metre", "yard"), ("longer", "shorter", "inch", "centimetre"),
    ("longer", "shorter", "week", "day"), ("heavier", "lighter", "tonne", "kilogram"),
    ("larger", "smaller", "gallon", "litre"), ("longer", "shorter", "month", "week"),
    ("larger", "smaller", "hectare", "acre"), ("heavier", "lighter", "pound", "ounce"),
)  # fmt: skip
_LONGER = (
    "{One} is {more} than {other}.", "{Other} is {less} than {one}.", "{One} is not {less} than {other}.",
    "{Other} is not as {plain} as {one}.", "{Other} is not {more} than {one}.", "{One} is much {more} than {other}.",
    "Compared with {other}, {one} is {more}.", "Of {one} and {other}, {one} is the {more}.",
)  # fmt: skip
_PLAIN = {"longer": "long", "heavier": "heavy", "larger": "large"}
_DENIED = ("It is not true that {}.", "It is false that {}.", "It is not the case that {}.")


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeio" or noun == "hour" else f"a {noun}"


def _written(value: int, chance: random.Random) -> str:
    return (
        spell_english(value)
        if chance.random() < 0.5 and value < 10_000
        else f"{value:,}"
        if chance.random() < 0.3
        else str(value)
    )


def _results(kind: str, a: int, b: int) -> tuple[int, int, int]:
    """Return the values and the right result."""
    match kind:
        case "sum":
            return a, b, a + b
        case "difference":
            return a + b, b, a
        case "product" | "quotient":
            a, b = a % 40 + 1, b % 12 + 1
            return a, b, a * b
        case "twice":
            return a, b, 2 * a
        case _:
            return a, b, a + 1


_CALCULATED = {
    "sum": _SUM, "difference": _DIFFERENCE, "product": _PRODUCT, "quotient": _QUOTIENT, "twice": _TWICE,
    "after": _AFTER,
}  # fmt: skip


def draw(draws: int, half: str, chance: random.Random) -> Iterator[tuple[str, str, str, bool]]:
    """Yield kind, wording, statement and truth."""
    for kind, wordings in _CALCULATED.items():
        for wording in wordings:
            for _ in range(draws if in_half(wording, half) else 0):
                a, b, r = _results(kind, chance.randint(2, 300), chance.randint(2, 90))
                truth = chance.random() < 0.5
                said = r if truth else r + chance.choice([-10, -2, 2, 5, 10, 100])
                if said < 1:
                    said, truth = r, True
                values = {name: _written(value, chance) for name, value in (("a", a), ("b", b), ("r", said))}
                yield (kind, wording, *_denied(wording.format(**values), truth, chance))
    for wording in _GREATER:
        for _ in range(draws if in_half(wording, half) else 0):
            a, b = chance.sample(range(1, 2000), 2)
            dozen = chance.random() < 0.1
            here = "a dozen" if dozen else _written(a, chance)
            yield (
                "order",
                wording,
                *_denied(wording.format(a=here, b=_written(b, chance)), (12 if dozen else a) > b, chance),
            )
    for wording in _HAS:
        for _ in range(draws if in_half(wording, half) else 0):
            one, parts, n = chance.choice(_PARTS)
            said = n if chance.random() < 0.5 else n + chance.choice([-1, 1, 5, 10])
            text = wording.format(
                One=_article(one).capitalize(), one=_article(one), n=_written(said, chance), parts=parts
            )
            yield ("parts", wording, *_denied(text, said == n, chance))
    for wording in _LONGER:
        for _ in range(draws if in_half(wording, half) else 0):
            more, less, large, small = chance.choice(_UNITS)
            truth = chance.random() < 0.5
            one, other = (large, small) if truth else (small, large)
            text = wording.format(
                One=_article(one).capitalize(), one=_article(one), Other=_article(other).capitalize(),
                other=_article(other), more=more, less=less, plain=_PLAIN[more],
            )  # fmt: skip
            yield ("units", wording, *_denied(text, truth, chance))


def _denied(text: str, truth: bool, chance: random.Random) -> tuple[str, bool]:
    """Deny one statement of five as a whole."""
    if chance.random() >= 0.2:
        return f"{text[:1].upper()}{text[1:]}", truth
    return chance.choice(_DENIED).format(f"{text[:1].lower()}{text[1:].rstrip('.')}"), not truth


def main() -> None:
    """Parse the command line, draw, decide, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=40, help="statements of each wording (default 40)")
    parser.add_argument("--half", choices=("odd", "even", "all"), default="odd", help="of the wordings, by SHA-1")
    parser.add_argument("--seed", type=int, default=1, help="of the draw (default 1)")
    parser.add_argument(
        "--show", type=int, default=0, metavar="N", help="print N undecided of a wording, and all wrong"
    )
    arguments = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    undecided: Counter[str] = Counter()
    for kind, wording, text, truth in draw(arguments.draws, arguments.half, random.Random(arguments.seed)):  # noqa: S311 - the same draw every time
        found = decide_arithmetic(text)
        said = "undecided" if found is None else "right" if found.holds is truth else "wrong"
        for name in (kind, "all"):
            counts[name][said] += 1
        undecided[wording] += said == "undecided"
        if said == "wrong" or (said == "undecided" and undecided[wording] <= arguments.show):
            print(f"{said}: {text} ({truth})", file=sys.stderr)
    for name, counted in counts.items():
        print(json.dumps({"kind": name, "half": arguments.half, "statements": counted.total(), **counted}))


if __name__ == "__main__":
    main()
