from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.blocks import BlockKind, split_blocks

MARKED = """# Title

Some prose
goes on.

Sub
---

- first
- second
  goes on

1. one
2. two

> said
> more

| a | b |
|---|---|
| 1 | 2 |

```python
# no heading
x = 1. Y
```

***
"""


def test_kinds_of_blocks() -> None:
    found = [(block.kind, block.content.of(MARKED)) for block in split_blocks(MARKED)]
    assert found == [
        (BlockKind.HEADING, "Title"),
        (BlockKind.PROSE, "Some prose\ngoes on."),
        (BlockKind.HEADING, "Sub"),
        (BlockKind.LIST_ITEM, "first"),
        (BlockKind.LIST_ITEM, "second\n  goes on"),
        (BlockKind.LIST_ITEM, "one"),
        (BlockKind.LIST_ITEM, "two"),
        (BlockKind.QUOTE, "said\n> more"),
        (BlockKind.TABLE, "| a | b |\n|---|---|\n| 1 | 2 |"),
        (BlockKind.CODE, "```python\n# no heading\nx = 1. Y\n```"),
        (BlockKind.RULE, "***"),
    ]


def _kinds(text: str) -> list[BlockKind]:
    return [block.kind for block in split_blocks(text)]


def test_list_markers() -> None:
    text = "1.Abigail Adams\n2) Luci\n(3) Hillary\n• one\n•two\n一、甲\n（二）乙\na) x\nb. Yes\niv) z"
    assert set(_kinds(text)) == {BlockKind.LIST_ITEM}
    assert [b.content.of(text) for b in split_blocks(text)][:5] == ["Abigail Adams", "Luci", "Hillary", "one", "two"]


def test_what_is_no_list() -> None:
    assert _kinds("3.14 is pi") == [BlockKind.PROSE]
    assert _kinds("*emphasis* is text") == [BlockKind.PROSE]
    assert _kinds("-5 degrees") == [BlockKind.PROSE]
    assert _kinds("as told on page\n12. The next") == [BlockKind.PROSE]
    assert _kinds("1999. A year") == [BlockKind.PROSE]


def test_a_fence_that_is_never_closed_hides_nothing() -> None:
    text = "```\nThe sky is blue.\n\nThe sea is green."
    assert _kinds(text) == [BlockKind.PROSE, BlockKind.PROSE]


def test_a_list_may_follow_its_lead_in_at_once() -> None:
    assert _kinds("They are:\n1. one\n2. two") == [BlockKind.PROSE, BlockKind.LIST_ITEM, BlockKind.LIST_ITEM]


def test_pipes_alone_are_no_table() -> None:
    assert _kinds("a | b is a choice\nof two") == [BlockKind.PROSE]
    assert _kinds("| a | b |\n| 1 | 2 |") == [BlockKind.TABLE]


def test_indent_tells_the_level_of_an_item() -> None:
    assert [block.level for block in split_blocks("- a\n  - b\n    - c")] == [0, 2, 4]


def test_line_ends_of_all_kinds() -> None:
    for end in ("\r\n", "\r", "\n"):
        assert len(split_blocks(f"one{end}{end}two{end}goes on")) == 2


@given(st.text(alphabet="ab1.#-=*|`~>:() \t\n\r「。\u3000\u2029", max_size=60) | st.text(max_size=60))
def test_every_visible_character_is_in_one_block(text: str) -> None:
    covered = [0] * len(text)
    for block in split_blocks(text):
        assert block.span.contains(block.content)
        for i in range(block.span.start, block.span.end):
            covered[i] += 1
    assert all(n == 1 for n, c in zip(covered, text, strict=True) if not c.isspace())
    assert max(covered, default=0) <= 1
