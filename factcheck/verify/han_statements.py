"""Statements about numbers alone in Chinese, Traditional and Simplified: "五十一比六十二大", "三十的一半是十五".

    statement   := 並非? operand relation ((且 | 但) relation)* (是對的 | 是錯的)?
    relation    := denial? 比 operand denial? (大 | 小 | …) operand? | denial? (大於 | 等於 | 至少是 | …) operand
                 | (和 | 與 | 跟) operand denial? (相等 | 一樣大) | denial? 是 (偶數 | 質數 | operand 的 倍數 | …)
    operand     := term ((加 | 減 | 乘以 | …) term)*
    term        := number (的 (一半 | number 倍 | 平方 | share | …))* | number (和 | 與) number 的 (和 | 差 | 積 | 商)

Words that hold numerals ("一樣", "一半") are cut out before numbers are looked for.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from fractions import Fraction

from factcheck.types import Span
from factcheck.verify.cursor import Cursor
from factcheck.verify.operands import Operand, Relation, Token, Unreadable, calculate, computed, numbers_of, power

_SIMPLE = str.maketrans(
    "於為與個還減並數質負積對錯話說實確當約無這樣倍總過開乘嗎誤條週鐘時間兩們沒餘須處",
    "于为与个还减并数质负积对错话说实确当约无这样倍总过开乘吗误条周钟时间两们没余须处",
)
"""Traditional characters of the words below, one for one, so that spans hold; numbers read both."""

_ORDERS = {
    **dict.fromkeys(
        "大于等于 大于或等于 不小于 不少于 不低于 至少是 至少为 至少有 至少 最少是 最少 >= ≥".split(), ">="
    ),
    **dict.fromkeys(
        "小于等于 小于或等于 不大于 不多于 不高于 不超过 最多是 最多为 最多 至多是 至多为 至多 <= ≤".split(), "<="
    ),
    **dict.fromkeys("大于 多于 高于 超过 > ＞".split(), ">"),
    **dict.fromkeys("小于 少于 低于 不到 不足 < ＜".split(), "<"),
    **dict.fromkeys("不等于 不相等于 ≠".split(), "!="),
}
_EQUALS = frozenset("等于 相等于 就等于 等同于 就是 即是 即 是 为 得 = ＝ == 共有 有".split())
_OPERATORS = {
    **dict.fromkeys("加上 加 + ＋".split(), "+"),
    **dict.fromkeys("减去 减 - − －".split(), "-"),
    **dict.fromkeys("乘以 乘上 乘 × * x".split(), "*"),
    **dict.fromkeys("除以 ÷ /".split(), "/"),
}
_MORE, _LESS = frozenset(("大", "多", "高", "长", "重")), frozenset(("小", "少", "低", "短", "轻"))
_DENIALS = frozenset(("不", "并不", "并非", "不是", "没有", "并没有"))
_TOGETHER = frozenset(("和", "与", "跟", "同", "及"))
_SAME = frozenset(("相等", "一样大", "同样大", "一样", "相同", "一样多"))
_APART = frozenset(("不同", "不相等", "不等", "不一样", "不一样大", "不相同"))
_KINDS = {
    "偶数": "even", "双数": "even", "奇数": "odd", "单数": "odd", "质数": "prime", "素数": "prime", "合数": "composite",
    "平方数": "square", "完全平方数": "square", "立方数": "cube", "正数": "positive", "负数": "negative",
    "整数": "whole",
}  # fmt: skip
_RESULTS = {"和": "+", "总和": "+", "差": "-", "积": "*", "乘积": "*", "商": "/"}
_TRUE = frozenset("真的 对的 正确的 没错的 事实".split())
_FALSE = frozenset("错的 假的 不对的 错误的 不正确的 不实的".split())
_STEPS = frozenset("更 还 还要 要 来得 得多 很多 一点 一些 明显 确实 其实 的确 也 都 则".split())
_SKIPPED = frozenset(' \t\u3000「」『』“”"，,、的')
_OTHERS = (
    "比 一半 倍 平方 平方根 立方 次方 倍数 因数 约数 能被 可以被 可被 不能被 整除 介于 之间 这句话 而且 且 但 但是 平均"
)
_WORDS = sorted(
    {
        *_ORDERS, *_EQUALS, *_OPERATORS, *_MORE, *_LESS, *_DENIALS, *_TOGETHER, *_SAME, *_APART, *_KINDS, *_RESULTS,
        *_TRUE, *_FALSE, *_STEPS, *_OTHERS.split(), "平均数", "平均值", "数字", "的",
    },
    key=len,
    reverse=True,
)  # fmt: skip
_KEYWORD = re.compile("|".join(map(re.escape, _WORDS)))
_WITH_NUMERALS = re.compile("一样|一半|一点|一些|" + "百分之?百(?!分)")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def is_han(text: str) -> bool:
    """Say whether a text has Chinese characters."""
    return _HAN.search(text) is not None


def lex_han(text: str) -> list[Token] | None:
    """Cut a Chinese statement into numbers and words; None where something is neither."""
    body = text.rstrip(" .!。！").translate(_SIMPLE)
    masked = _WITH_NUMERALS.sub(lambda m: "□" * len(m[0]), body)
    tokens: list[Token] = []
    at = 0
    for number in [*numbers_of(masked, text), None]:
        end = len(body) if number is None else number.span.start
        while at < end:
            match = _KEYWORD.match(body, at, end)
            if match is not None:
                tokens.append(Token(match[0], Span(start=at, end=match.end())))
                at = match.end()
            elif body[at] in _SKIPPED:
                at += 1
            else:
                return None
        if number is not None:
            tokens.append(number)
            at = number.span.end
    return tokens if any(token.operand for token in tokens) else None


class HanReader(Cursor):
    """Reads the tokens of one statement from left to right."""

    def statement(self) -> list[Relation]:
        """Read all of it; every relation must hold for the statement to hold."""
        outer = False
        while self._take("并非", "不是"):
            outer = not outer
        self._take("数字")
        left = self._operand()
        relations = [*self._relation(left)]
        while self._take("且", "而且", "但", "但是") and len(relations) < 8:
            relations += self._relation(left)
        self._take("这句话")
        if self._take("是"):
            word = self._next_word()
            if word not in _TRUE | _FALSE:
                raise Unreadable
            outer ^= word in _FALSE
        if not self._done:
            raise Unreadable
        return [replace(relation, outer_denied=outer) for relation in relations]

    # ----------------------------------------------------------------------------------------------------- relation

    def _relation(self, left: Operand) -> list[Relation]:
        self._steps()
        denied = self._denied()
        self._steps()
        if self._take("比"):
            return [self._comparison(left, denied)]
        if self._peek() in _TOGETHER:
            return [self._together(left, denied)]
        if self._take("能被", "可以被", "可被", "不能被"):
            denied ^= self._peek(-1) == "不能被"
            right = self._operand()
            self._expect("整除")
            return [Relation(left=left, kind="divisible", rights=(right,), denied=denied)]
        if self._take("介于"):
            low = self._operand()
            self._expect(*_TOGETHER)
            high = self._operand()
            self._take("的")
            self._expect("之间")
            return [Relation(left=left, kind="between", rights=(low, high), denied=denied)]
        word = self._next_word()
        order = _ORDERS.get(word)
        if order is not None:
            denied, kind = (not denied, "=") if order == "!=" else (denied, order)
            return [Relation(left=left, kind=kind, rights=(self._operand(),), denied=denied)]
        if word not in _EQUALS or (word in {"有", "共有"} and not left.dimension):
            raise Unreadable
        said = _KINDS.get(self._peek())
        if said is not None:
            self._at += 1
            return [Relation(left=left, kind=said, rights=(), denied=denied)]
        right = self._operand()
        self._take("的")
        if self._take("倍数"):
            return [Relation(left=left, kind="divisible", rights=(right,), denied=denied)]
        if self._take("因数", "约数"):
            return [Relation(left=left, kind="factor", rights=(right,), denied=denied)]
        return [Relation(left=left, kind="=", rights=(right,), denied=denied)]

    def _comparison(self, left: Operand, denied: bool) -> Relation:
        right = self._operand()
        self._steps()
        denied ^= self._denied()
        self._steps()
        span = None if self._done else self._tokens[self._at].span
        word = self._next_word()
        if word not in _MORE | _LESS:
            raise Unreadable
        more = word in _MORE
        self._steps()
        if self._peek() == "#":
            by = self._operand()
            right = calculate(right, "+" if more else "-", by, "加" if more else "減")
            return Relation(left=left, kind="=", rights=(right,), denied=denied)
        return Relation(left=left, kind=">" if more else "<", rights=(right,), denied=denied, word=span)

    def _together(self, left: Operand, denied: bool) -> Relation:
        """Read "五和六不相等"."""
        self._at += 1
        right = self._operand()
        self._take("都", "是")
        denied ^= self._denied()
        word = self._next_word()
        if word not in _SAME | _APART:
            raise Unreadable
        self._take("的")
        return Relation(left=left, kind="=", rights=(right,), denied=denied ^ (word in _APART))

    # ------------------------------------------------------------------------------------------------------ operand

    def _operand(self) -> Operand:
        value = self._term()
        while (sign := _OPERATORS.get(self._peek())) is not None:
            word = self._next_word()
            value = calculate(value, sign, self._term(), word)
        return value

    def _term(self) -> Operand:
        self._take("数字")
        if self._take("负"):
            inner = self._term()
            return replace(inner, value=-inner.value, text=f"負{inner.text}", number=None)
        if self._take("一半"):
            return Operand(value=Fraction(1, 2), step=Fraction(1, 2), dimension="", text="一半", share=True)
        found = self._number().operand
        if found is None:
            raise Unreadable
        joined = self._joined(found)
        if joined is not None:
            return joined
        while True:
            at = self._at
            of = self._take("的")
            changed = self._of(found, of)
            if changed is None:
                self._at = at
                return found
            found = changed

    def _of(self, found: Operand, of: bool) -> Operand | None:
        """Read what follows a number: "的一半", "的三倍", "的平方"; None where nothing of the kind does."""
        token = None if self._done else self._tokens[self._at]
        if not of:
            return None
        if self._take("一半"):
            return computed(found.value / 2, found.dimension, f"{found.text}的一半")
        if self._take("平方"):
            return power(found, 2, f"{found.text}的平方")
        if self._take("立方"):
            return power(found, 3, f"{found.text}的立方")
        if self._take("平方根"):
            if found.value.denominator != 1 or found.value < 0 or math.isqrt(int(found.value)) ** 2 != found.value:
                raise Unreadable
            return computed(Fraction(math.isqrt(int(found.value))), "", f"{found.text}的平方根")
        if token is None or token.operand is None:
            return None
        following = self._peek(1)
        self._at += 1
        if following == "倍":
            self._at += 1
            return computed(found.value * token.operand.value, found.dimension, f"{found.text}的{token.operand.text}倍")
        if following == "次方" and token.operand.value.denominator == 1:
            self._at += 1
            return power(found, int(token.operand.value), f"{found.text}的{token.operand.text}次方")
        if token.operand.share or found.share:
            text = f"{found.text}的{token.operand.text}"
            return computed(found.value * token.operand.value, found.dimension or token.operand.dimension, text)
        return None

    def _joined(self, first: Operand) -> Operand | None:
        """Read the rest of "三與四的和"; None where no such thing follows."""
        at = self._at
        if not self._take(*_TOGETHER) or self._peek() != "#":
            self._at = at
            return None
        second = self._number().operand
        self._take("的")
        word = self._next_word()
        if second is None or word not in {*_RESULTS, "平均", "平均数", "平均值"}:
            self._at = at
            return None
        text = f"{first.text}和{second.text}的{word}"
        if word not in _RESULTS:
            total = calculate(first, "+", second, word)
            return computed(total.value / 2, total.dimension, text)
        result = calculate(first, _RESULTS[word], second, word)
        return replace(result, value=abs(result.value) if word == "差" else result.value, text=text)

    # -------------------------------------------------------------------------------------------------------- words

    def _steps(self) -> None:
        while self._peek() in _STEPS:
            self._at += 1

    def _denied(self) -> bool:
        denied = False
        while self._peek() in _DENIALS:
            word = self._next_word()
            denied = not denied
            if word == "不是" and self._peek() not in {"比", *_ORDERS, *_EQUALS}:
                self._at -= 1
                self._tokens[self._at] = replace(self._tokens[self._at], word="是")
                break
        return denied
