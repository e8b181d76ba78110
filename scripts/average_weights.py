"""Average fine-tuned verifiers with the encoder that they came from, and fit the head to the average.

    python scripts/average_weights.py ENCODER --tuned RUN1=0.36 --tuned RUN2=0.4 --head RUN2 --refit rows.jsonl --out D

Encoder weights become `encoder + sum(share * (tuned - encoder))`. Fine-tuning on much data forgets what the encoder
knew of other texts; between the ends there are weights that keep both. Shares are chosen on development rows. `--refit`
then trains the head alone, four passes over the rows' features. Sources: Wortsman et al. 2022, "Robust fine-tuning of
zero-shot models", section 4, and "Model soups", section 2.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck.errors import FactCheckError
from factcheck.train.batches import TokenizedRows, epoch_batches, load_tokenizer, tokenize
from factcheck.train.classifier import load_classifier, save_classifier
from factcheck.train.objective import pair_loss
from factcheck.train.rows import read_rows

if TYPE_CHECKING:
    from torch import Tensor, nn

_RATE = 3e-4
_PASSES = 4


def average(encoder: Path, tuned: Mapping[Path, float], head: Path) -> nn.Module:
    """Return the average of encoders under the head of one of them.

    Args:
        encoder: Hugging Face folder that the training started from.
        tuned: Folders that it became, with their shares in [0, 1].
        head: The one whose head is kept.
    """
    start = load_classifier(encoder).state_dict()
    mixed = {name: value.clone() for name, value in start.items()}
    for folder, share in tuned.items():
        for name, value in load_classifier(folder).state_dict().items():
            if name.startswith("encoder.") and value.is_floating_point():
                mixed[name] += share * (value - start[name])
    model = load_classifier(head)
    kept = {name: value for name, value in model.state_dict().items() if not name.startswith("encoder.")}
    model.load_state_dict(mixed | kept)
    return model


def features(model: nn.Module, rows: TokenizedRows) -> Tensor:
    """Return what the head sees of each row, (rows, 4 * width)."""
    import torch

    seen: dict[str, Tensor] = {}
    found: list[Tensor] = []
    places: list[int] = []
    part: Any = model.hidden
    hook = part.register_forward_pre_hook(lambda _, given: seen.__setitem__("x", given[0].detach().float()))
    model.eval()
    with torch.no_grad():
        for batch in epoch_batches(rows.lengths, 64, 0, 0):
            ids, mask, types, _ = (torch.from_numpy(array) for array in rows.batch(batch, 0))
            model(input_ids=ids, attention_mask=mask, token_type_ids=types)
            found.append(seen["x"])
            places.extend(batch.tolist())
    hook.remove()
    gathered = torch.cat(found)
    ordered = torch.empty_like(gathered)
    ordered[torch.tensor(places)] = gathered
    return ordered


def refit(model: nn.Module, rows: Path, folder: Path, most: int) -> None:
    """Train the head in place on the features of at most `most` rows."""
    import torch

    torch.manual_seed(0)
    tokens = tokenize(read_rows(rows)[:most], load_tokenizer(folder, 224))
    x, gold = features(model, tokens), torch.from_numpy(tokens.labels)
    part: Any = model
    head = torch.nn.Sequential(part.hidden, torch.nn.GELU(), part.classifier)
    optimizer = torch.optim.AdamW(head.parameters(), lr=_RATE, weight_decay=0.05)
    steps = _PASSES * -(-len(x) // 128)
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = _RATE * (1 - step / steps)
        pick = torch.randint(0, len(x), (128,))
        loss = pair_loss(head(x[pick]), gold[pick])
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()


def _share(text: str) -> tuple[Path, float]:
    folder, separator, share = text.rpartition("=")
    if not separator:
        raise argparse.ArgumentTypeError("write FOLDER=SHARE")
    return Path(folder), float(share)


def main() -> int:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("--tuned", type=_share, action="append", required=True, metavar="FOLDER=SHARE")
    parser.add_argument("--head", type=Path, required=True, help="folder whose head is kept")
    parser.add_argument("--refit", type=Path, help="rows to train the head on")
    parser.add_argument("--rows", type=int, default=22_000, help="of --refit at most")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        model = average(arguments.encoder, dict(arguments.tuned), arguments.head)
        if arguments.refit is not None:
            refit(model, arguments.refit, arguments.encoder, arguments.rows)
        arguments.out.mkdir(parents=True, exist_ok=True)
        save_classifier(model, arguments.out)
        shutil.copy(arguments.encoder / "tokenizer.json", arguments.out / "tokenizer.json")
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
