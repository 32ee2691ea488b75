"""The last layer of a trained `spancat`: log odds of labels, learned by cross-entropy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spacy.util import registry
from thinc.api import Linear, Model, chain, zero_init
from thinc.types import Floats2d

_LOWEST, _HIGHEST = -20.0, 20.0


def _forward(
    model: Model[Floats2d, Floats2d], logits: Floats2d, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    gain: float = model.attrs["gain"]
    weight: float = model.attrs["positive_weight"]
    xp = model.ops.xp
    scores = xp.clip(gain * logits + model.attrs["start"], _LOWEST, _HIGHEST)

    def backprop(errors: Floats2d) -> Floats2d:
        # `spancat` gives probability - truth, which is the gradient of the cross-entropy
        # already; the logistic function's own derivative would make it that of the squared
        # error, which all but vanishes for a rare label that is taken for improbable.
        return xp.where(errors < 0, weight * errors, errors) * gain  # type: ignore[no-any-return]

    return 1 / (1 + xp.exp(-scores)), backprop


@registry.layers("imr_nlp.cross_entropy_scorer.v1")
def make_cross_entropy_scorer(
    nO: int | None = None,  # noqa: N803  thinc names dimensions so
    nI: int | None = None,  # noqa: N803
    *,
    gain: float = 10.0,
    start: float = -3.0,
    positive_weight: float = 2.0,
) -> Model[Floats2d, Floats2d]:
    """Make a linear layer with logistic output for `spancat`.

    Parameters
    ----------
    nO, nI
        Numbers of labels and of inputs.
    gain
        The output is multiplied by it, so that this layer, which starts at nothing,
        learns faster than a pretrained encoder under the same learning rate.
    start
        Log odds of every label before training: most sentences state none of them.
    positive_weight
        How many times a sentence that states a reason weighs more than one that does not.
    """
    attrs: dict[str, Any] = {"gain": gain, "start": start, "positive_weight": positive_weight}
    output: Model[Floats2d, Floats2d] = Model("cross_entropy", _forward, attrs=attrs)
    return chain(Linear(nO=nO, nI=nI, init_W=zero_init), output)
