"""The component that says how sure the category of an item is."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from imr_nlp.components.categories.model import UNKNOWN, CategoryModel
from imr_nlp.components.findings import findings, probabilities_of, value_of
from imr_nlp.components.modelled import Modelled


class LetterCategories(Modelled[CategoryModel]):
    """Gives the category of each item its probability, and one where no rule knew any.

    The rules decide wherever they know a service or a drug in the item. Where
    they say `other`, the category that is more likely than not is taken. Sets
    the findings' `category` and the probabilities of all categories.
    """

    model_type = CategoryModel

    def __call__(self, doc: Doc) -> Doc:
        """Weigh the categories of one letter."""
        if self.model is None:
            return doc
        issues = [issue for issue in findings(doc)["issues"] if "item" in issue["fields"]]
        items = [
            (str(value_of(issue, "item")), value_of(issue, "category") or UNKNOWN)
            for issue in issues
        ]
        if not items:
            return doc
        table = self.model.probabilities(self.model.scores(items), [rule for _, rule in items])
        for issue, (_, rule), row in zip(issues, items, table, strict=True):
            probabilities_of(issue)["category"] = {
                label: float(p) for label, p in zip(self.model.labels, row, strict=True)
            }
            if field := issue["fields"].get("category"):
                field["value"] = self.model.choose(row, rule)
        return doc


@Language.factory("imr_categories", requires=["doc.spans"])
def make_categories(nlp: Language, name: str) -> LetterCategories:
    """Make the `imr_categories` component; its model is read from disk or set by training."""
    return LetterCategories()
