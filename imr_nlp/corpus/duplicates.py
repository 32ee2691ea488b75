"""Near-duplicates among texts, by the runs of words that they share."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+")
_RUN = 5
_COMMONEST = 200


def shingles(text: str, size: int = _RUN) -> set[tuple[str, ...]]:
    """Give the runs of `size` words of a text, lower case."""
    words = _WORD.findall(text.lower())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def near_duplicates(
    texts: Sequence[str], *, threshold: float = 0.6, size: int = _RUN
) -> Iterator[tuple[int, int, float]]:
    """Find pairs of texts that share much of their wording.

    The share is the shared runs of words over those of the shorter text, so that
    a paragraph within a longer text counts. It is computed exactly, by an index
    of the runs: the corpora of this project are small enough, and a hash such as
    MinHash would estimate the Jaccard index, which a long text around a copied
    paragraph lowers.

    Parameters
    ----------
    texts
        The texts.
    threshold
        Smallest share that makes a pair, between 0 and 1.
    size
        Words in a run.

    Yields
    ------
    first, second, share
        Positions in `texts` with `first < second`, and the share.
    """
    runs = [shingles(text, size) for text in texts]
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, own in enumerate(runs):
        for run in own:
            holders[run].append(position)
    shared: Counter[tuple[int, int]] = Counter()
    for positions in holders.values():
        # A run that so many texts hold is printed form, not a reviewer's wording.
        if len(positions) > _COMMONEST:
            continue
        for place, first in enumerate(positions):
            for second in positions[place + 1 :]:
                shared[first, second] += 1
    for (first, second), count in sorted(shared.items()):
        share = count / min(len(runs[first]), len(runs[second]))
        if share >= threshold:
            yield first, second, share
