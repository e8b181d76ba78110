"""What tokens cost, from a table of the user's own: prices change, so none ship with the package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from factcheck.errors import SettingsError
from factcheck.types import Usage

_EXAMPLE = '["MODEL"] with input = 0.15 and output = 0.6, for a million tokens each'


class Price(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a million tokens of the prompt and of the answer."""

    input: float
    output: float


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by the name of the model; without one for a model its cost is unknown, which is not nothing."""

    table: Mapping[str, Price] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Prices:
        """Read a TOML table: a section for each model, prices for a million tokens.

        Raises:
            SettingsError: the file cannot be read, or is no such table.
        """
        try:
            table = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[str, Price])
        except OSError as error:
            raise SettingsError(
                f"cannot be read ({error.strerror})", where=file, remedy="name a price table"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
            raise SettingsError(f"is not a price table ({error})", where=file, remedy=f"write {_EXAMPLE}") from error
        for model, price in table.items():
            if not (0 <= price.input < float("inf") and 0 <= price.output < float("inf")):
                raise SettingsError(f"the price of '{model}' is not a number of at least 0", where=file)
        return cls(table)

    def knows(self, model: str) -> bool:
        """Say whether there is a price for a model, by its name or its specification."""
        return self._price(model) is not None

    def cost(self, model: str, usage: Usage) -> float | None:
        """Return what an exchange cost; None where the table has no price."""
        price = self._price(model)
        if price is None:
            return None
        return (usage.prompt_tokens * price.input + usage.completion_tokens * price.output) / 1_000_000

    def _price(self, model: str) -> Price | None:
        return self.table.get(model) or self.table.get(model.partition(":")[2])
