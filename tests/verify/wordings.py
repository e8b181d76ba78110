"""Statements about numbers in many wordings, with their truth: what the reader of arithmetic is tried on.

Each wording is a frame with the truth of its values; numbers are drawn near each other and far apart, equal ones
included, and written in digits, with separators, in words, and in Chinese. No frame is shared with the grammar.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction

from factcheck.text.numerals import spell_chinese, spell_english

Truth = Callable[[int, int], bool]

MORE = ("larger", "greater", "bigger", "higher", "more")
LESS = ("smaller", "less", "lower", "fewer")

ORDER: dict[str, tuple[str, ...]] = {
    ">": (
        "{a} is {more} than {b}.", "The number {a} is {more} than the number {b}.", "{a} exceeds {b}.",
        "{a} is a {more} number than {b}.", "{a} is much {more} than {b}.", "{a} is above {b}.",
        "{a} comes after {b}.",
        "{a} is, in fact, {more} than {b}.", "As everyone knows, {a} is {more} than {b}.", "{a} is in excess of {b}.",
        "{a} is {more} than {b}, mathematically speaking.", "{a} is {more} than {b} is.", "{b} falls short of {a}.",
        "{a}'s value is {more} than {b}'s.", "{a} is to the right of {b} on the number line.",
        "{a} turns out to be {more} than {b}.", "{a} ranks higher than {b}.", "{b} comes earlier than {a}.",
        "{a}, compared to {b}, is {more}.",
        "That {a} is not {more} than {b} is a lie.", "{a} is a bit {more} than {b}.", "{b} is not so large as {a}.",
        "Without a doubt, {a} is {more} than {b}.", "{a} is neither {less} than nor equal to {b}.",
        "Saying that {a} is {more} than {b} is right.", "Compared with {b}, {a} is {more}.",
        "{a} is clearly {more} than {b}.",
        "{b} is exceeded by {a}.",
        "The value of {a} is {more} than the value of {b}.", "{a} is {more} in value than {b}.", "{a} > {b}",
        "Numerically, {a} is {more} than {b}.", "{a} is definitely {more} than {b}.",
        "{a} has a greater value than {b}.",
        "It is true that {a} is {more} than {b}.", "It's true that {a} is {more} than {b}.",
        "It is not false that {a} is {more} than {b}.", "It is not true that {a} is not {more} than {b}.",
        "It is false that {a} is not {more} than {b}.", "The statement that {a} is {more} than {b} is true.",
        "There is no doubt that {a} is {more} than {b}.", "It is not the case that {a} isn't {more} than {b}.",
    ),
    "<": (
        "{a} is {less} than {b}.", "The number {a} is {less} than {b}.",
        "{a} is a {less} number than the number {b}.",
        "{a} is below {b}.", "{a} comes before {b}.", "{a} precedes {b}.", "{a} is under {b}.", "{a} < {b}",
        "Compared to {b}, {a} is {less}.", "{a} is slightly {less} than {b}.", "{b} is preceded by {a}.",
        "In value, {a} is {less} than {b}.", "It is the case that {a} is {less} than {b}.",
        "It isn't false that {a} is {less} than {b}.", "The claim that {a} is {less} than {b} is correct.",
        "It is wrong to say that {a} is not {less} than {b}.",
    ),
    "<=": (
        "{a} is not {more} than {b}.", "{a} isn't {more} than {b}.", "{a} is no {more} than {b}.",
        "{a} is at most {b}.",
        "{a} is never {more} than {b}.", "{a} cannot be {more} than {b}.", "{a} can't be {more} than {b}.",
        "{a} does not exceed {b}.", "{a} doesn't exceed {b}.", "{a} is less than or equal to {b}.", "{a} ≤ {b}",
        "It is not true that {a} is {more} than {b}.", "It's not true that {a} exceeds {b}.",
        "It is false that {a} is {more} than {b}.", "It is not the case that {a} is {more} than {b}.",
        "{a} is by no means {more} than {b}.", "{a} is in no way {more} than {b}.",
        "{a} is not a {more} number than {b}.",
        "It is untrue that {a} is {more} than {b}.", "It is incorrect to say that {a} is {more} than {b}.",
        "The statement that {a} is {more} than {b} is false.", "{a} is as small as {b}.",
        "{a} is {less} or equal to {b}.",
        "The claim that {a} is {more} than {b} is not true.", "{a} is not above {b}.",
        "{a} fails to exceed {b}.", "It is impossible for {a} to be {more} than {b}.",
        "To say that {a} is {more} than {b} is false.", "{b} is at least as large as {a}.",
        "{a} is not in any way {more} than {b}.", "{a} is {less} than or identical to {b}.",
        "It is simply not true that {a} is {more} than {b}.", "{a} is at most as large as {b}.",
    ),
    ">=": (
        "{a} is not {less} than {b}.", "{a} isn't {less} than {b}.", "{a} is no {less} than {b}.",
        "{a} is at least {b}.",
        "{a} is never {less} than {b}.", "{a} is greater than or equal to {b}.", "{a} ≥ {b}",
        "{a} is as large as {b}.",
        "It is not true that {a} is {less} than {b}.", "It is wrong to say that {a} is {less} than {b}.",
        "It is a myth that {a} is {less} than {b}.", "{a} is not below {b}.", "{a} is equal to or greater than {b}.",
        "The idea that {a} is {less} than {b} is wrong.",
    ),
    "=": (
        "{a} equals {b}.", "{a} is equal to {b}.", "{a} is the same as {b}.", "{a} is the same number as {b}.",
        "{a} = {b}",
        "{a} and {b} are equal.", "{a} and {b} are the same.", "{a} is not different from {b}.",
        "{a} has the same value as {b}.", "{a} is neither larger nor smaller than {b}.", "{a} is nothing but {b}.",
        "{a} and {b} have the same value.", "There is no difference between {a} and {b}.", "{a} matches {b}.",
        "{a} and {b} are one and the same number.",
        "{a} is exactly {b}.",
        "{a} does not differ from {b}.", "It is not true that {a} is different from {b}.",
    ),
    "!=": (
        "{a} is not equal to {b}.", "{a} does not equal {b}.", "{a} doesn't equal {b}.", "{a} differs from {b}.",
        "{a} ≠ {b}",
        "{a} and {b} are not equal.", "{a} and {b} are different.", "{a} is different from {b}.",
        "{a} is not the same as {b}.",
        "It is false that {a} equals {b}.", "{a} is unequal to {b}.",
        "{a} and {b} differ.", "{a} is distinct from {b}.", "{a} is either more or less than {b}.",
        "{a} and {b} are two different numbers.", "{a} and {b} do not have the same value.",
    ),
}  # fmt: skip

HAN_ORDER: dict[str, tuple[str, ...]] = {
    ">": ("{a}比{b}大。", "{a}大於{b}。", "{a}大于{b}。", "{a}超過{b}。", "{a}比{b}還大。", "{a}比{b}更大。",
          "{a}高於{b}。",
          "{a}比{b}大是對的。", "並非{a}不大於{b}。", "数字{a}比{b}大。", "{a}明显比{b}大。"),
    "<": ("{a}比{b}小。", "{a}小於{b}。", "{a}小于{b}。", "{a}不到{b}。", "{a}少於{b}。", "{a}比{b}少。",
          "{a}比{b}小，是真的。"),
    "<=": ("{a}不大於{b}。", "{a}不大于{b}。", "{a}不比{b}大。", "{a}並不比{b}大。", "{a}沒有比{b}大。",
           "{a}至多是{b}。",
           "{a}最多是{b}。", "{a}不超過{b}。", "並非{a}比{b}大。", "{a}比{b}大是錯的。", "{a}小於或等於{b}。"),
    ">=": ("{a}不小於{b}。", "{a}不小于{b}。", "{a}不比{b}小。", "{a}至少是{b}。", "{a}至少為{b}。",
           "{a}大於等於{b}。",
           "并非{a}小于{b}。", "{a}比{b}小是错的。"),
    "=": ("{a}等於{b}。", "{a}等于{b}。", "{a}和{b}相等。", "{a}跟{b}一樣大。", "{a}與{b}相同。", "{a}就是{b}。"),
    "!=": ("{a}不等於{b}。", "{a}不等于{b}。", "{a}和{b}不相等。", "{a}與{b}不同。", "{a}不是{b}。",
           "{a}和{b}並不相等。"),
}  # fmt: skip

HOLDS: dict[str, Truth] = {
    ">": lambda a, b: a > b, "<": lambda a, b: a < b, ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip

# What is calculated, and how it is said; `c` is the result, right or not.
RESULTS: tuple[tuple[Callable[[int, int], Fraction], tuple[str, ...]], ...] = (
    (lambda a, b: Fraction(a + b), (
        "{a} plus {b} is {c}.", "{a} plus {b} equals {c}.", "{a} + {b} = {c}", "The sum of {a} and {b} is {c}.",
        "{a} and {b} make {c}.", "{a} added to {b} is {c}.", "{a} plus {b} makes {c}.", "{a} more than {b} is {c}.",
        "{c} is {a} more than {b}.", "{a}加{b}等於{c}。", "{a}加上{b}是{c}。", "{a}和{b}的和是{c}。",
        "{c}比{b}大{a}。",
    )),
    (lambda a, b: Fraction(a * b), (
        "{a} times {b} is {c}.", "{a} multiplied by {b} equals {c}.", "{a} × {b} = {c}",
        "The product of {a} and {b} is {c}.",
        "{a} times {b} makes {c}.", "{a}乘以{b}等於{c}。", "{a}乘{b}等于{c}。", "{c}是{a}的{b}倍。",
        "{a}與{b}的積是{c}。",
    )),
    (lambda a, b: Fraction(a - b), (
        "{a} minus {b} is {c}.", "{a} - {b} = {c}", "{b} subtracted from {a} is {c}.", "{b} less than {a} is {c}.",
        "{a}減{b}等於{c}。", "{a}减去{b}是{c}。", "{c} is {b} less than {a}.",
    )),
    (lambda a, b: Fraction(a, 2), (
        "Half of {a} is {c}.", "Half of {a} equals {c}.", "{c} is half of {a}.", "{c} is half as large as {a}.",
        "One half of {a} is {c}.", "{a}的一半是{c}。", "{c}是{a}的一半。", "{a}的二分之一是{c}。",
    )),
    (lambda a, b: Fraction(2 * a), (
        "{c} is twice {a}.", "Twice {a} is {c}.", "{c} is twice as large as {a}.", "{c} is double {a}.",
        "{c}是{a}的兩倍。",
        "{c} is two times {a}.", "{c} is twice as much as {a}.",
    )),
    (lambda a, b: Fraction(max(a, b)), (
        "The larger of {a} and {b} is {c}.", "The maximum of {a} and {b} is {c}.",
        "Of {a} and {b}, {c} is the larger.",
        "Between {a} and {b}, {c} is the larger number.",
    )),
    (lambda a, b: Fraction(a + b, 2), (
        "The average of {a} and {b} is {c}.", "The mean of {a} and {b} is {c}.", "{a}和{b}的平均是{c}。",
    )),
)  # fmt: skip
EXACT: tuple[tuple[int, int, str], ...] = (
    (1, 2, "50%"), (1, 4, "25%"), (3, 4, "75%"), (1, 5, "20%"), (2, 5, "40%"), (3, 5, "60%"), (4, 5, "80%"),
    (1, 10, "10%"), (3, 10, "30%"), (1, 8, "12.5%"), (7, 10, "70%"), (9, 10, "90%"),
)  # fmt: skip
SHARES = (
    "{top}/{bottom} is {share}.", "{top}/{bottom} equals {share}.", "{share} is {top}/{bottom}.",
    "{share} of {n} is {part}.",
    "{top}/{bottom} of {n} is {part}.", "{words} of {n} is {part}.", "{words} is {share}.", "{han}是{share}。",
    "{n}的{han}是{part}。", "{n}的{share}是{part}。",
)  # fmt: skip


def written(value: int, draw: random.Random, *, han: bool, joined: bool) -> str:
    """Write a number in one of the ways that people do.

    Args:
        value: not negative.
        draw: source of chance.
        han: in Chinese.
        joined: "and" follows: "one hundred and nine" must not come of a hundred and nine.
    """
    if han:
        return draw.choice((spell_chinese(value), spell_chinese(value), str(value)))
    if joined and value % 100 == 0:
        return f"{value:,}"
    words = spell_english(value)
    return draw.choice((words, words, words.replace("-", " "), str(value), f"{value:,}"))


def statements(count: int, seed: int) -> Iterator[tuple[str, bool]]:
    """Draw statements with their truth."""
    draw = random.Random(seed)
    for number in range(count):
        kind = number % 3
        text, truth = (_order, _result, _share)[kind](draw)
        yield text[:1].upper() + text[1:], truth


def _order(draw: random.Random) -> tuple[str, bool]:
    top = draw.choice((20, 100, 1000, 10**6, 10**12))
    a = draw.randint(0, top)
    b = draw.choice((a, a + 1, max(a - 1, 0), draw.randint(0, top), draw.randint(0, top)))
    frames = draw.choice((ORDER, ORDER, HAN_ORDER))
    kind = draw.choice(tuple(frames))
    frame = draw.choice(frames[kind])
    joined = "{a} and {b}" in frame
    shown = {name: written(v, draw, han=frames is HAN_ORDER, joined=joined) for name, v in (("a", a), ("b", b))}
    return frame.format(**shown, more=draw.choice(MORE), less=draw.choice(LESS)), HOLDS[kind](a, b)


def _result(draw: random.Random) -> tuple[str, bool]:
    calculate, frames = draw.choice(RESULTS)
    b = draw.randint(2, 60)
    a = b + 2 * draw.randint(1, 400) if draw.random() < 0.5 else b + 2 * draw.randint(1, 20)
    result = calculate(a, b)
    while result.denominator != 1 or result < 0:
        a += 1
        result = calculate(a, b)
    frame = draw.choice(frames)
    han = not frame.isascii() and "×" not in frame
    said = int(result) if draw.random() < 0.5 else int(result) + draw.choice((1, 2, 10))
    if "larger" in frame or "maximum" in frame:
        said = draw.choice((a, b))  # of the two, and no third
    joined = "{a} and {b}" in frame
    shown = {name: written(v, draw, han=han, joined=joined) for name, v in (("a", a), ("b", b), ("c", said))}
    return frame.format(**shown), said == result


def _share(draw: random.Random) -> tuple[str, bool]:
    top, bottom, share = draw.choice(EXACT)
    right = draw.random() < 0.5
    said = (top, bottom) if right else (top + 1, bottom)
    if said[0] >= said[1]:
        said, right = (top, bottom), True
    n = bottom * draw.randint(1, 50)
    frame = draw.choice(SHARES)
    own = f"{Fraction(*said).numerator}/{Fraction(*said).denominator}"
    part = n * top // bottom if right else n * top // bottom + draw.choice((1, 3))
    of_part = "{part}" in frame
    numerator, denominator = (top, bottom) if of_part else (int(own.split("/")[0]), int(own.split("/")[1]))
    words = _in_words(numerator, denominator)
    han = f"{spell_chinese(denominator)}分之{spell_chinese(numerator)}"
    text = frame.format(top=numerator, bottom=denominator, share=share, n=n, part=part, words=words, han=han)
    return text, right


def _in_words(top: int, bottom: int) -> str:
    names = {2: "half", 4: "quarter", 5: "fifth", 8: "eighth", 10: "tenth"}
    return f"{spell_english(top)} {names[bottom]}{'s' if top > 1 else ''}"
