"""Models that write: any OpenAI-compatible endpoint, or a Hugging Face causal model in this process.

`load_chat` opens one by its specification; `Meter` puts the response cache, the budget and the prices around it.
"""

from factcheck.models.chat.load import is_writer, load_chat
from factcheck.models.chat.meter import Meter
from factcheck.models.chat.prices import Prices
from factcheck.models.chat.settings import Limits, Sampling

__all__ = ["Limits", "Meter", "Prices", "Sampling", "is_writer", "load_chat"]
