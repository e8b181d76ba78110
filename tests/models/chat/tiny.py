"""A tiny causal model with a tokenizer of its own, both trained when a test asks for them, saved as safetensors."""

from collections.abc import Sequence
from pathlib import Path

TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
ROLES = ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<|pad|>"]


def tiny_causal(
    folder: Path, answers: Sequence[str], *, template: bool = True, steps: int = 120, positions: int = 2048
) -> Path:
    """Train a model of two layers until it answers, whatever it is asked, with one of `answers`.

    With one answer it is as good as certain; with several it chooses among them when it samples.
    """
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=ROLES, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator([*answers, "Who? What? Where? When? capital of"], trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|pad|>", model_max_length=positions
    )
    if template:
        fast.chat_template = TEMPLATE
    config = LlamaConfig(
        vocab_size=len(fast),
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=positions,
        eos_token_id=fast.eos_token_id,
        pad_token_id=fast.pad_token_id,
        bos_token_id=None,
        tie_word_embeddings=True,
    )
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # steps this small wait for each other on more
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(11)
        model = LlamaForCausalLM(config)
        optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3)
        start, end = fast.convert_tokens_to_ids("<|assistant|>"), fast.eos_token_id
        targets = [[start, *fast(answer, add_special_tokens=False)["input_ids"], end] for answer in answers]
        for step in range(steps):
            answer = targets[step % len(targets)]
            before = torch.randint(len(ROLES), len(fast), (4, 24))  # any prompt
            ids = torch.cat([before, torch.tensor([answer] * 4)], dim=1)
            labels = ids.clone()
            labels[:, : before.shape[1] + 1] = -100
            loss = model(input_ids=ids, labels=labels).loss
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    torch.set_num_threads(threads)
    model.save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder
