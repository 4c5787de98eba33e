"""What `mizugiwa evaluate all` measures, in the order of the report."""

from __future__ import annotations

from dataclasses import dataclass

from model.evaluation.attacks import Family


@dataclass(frozen=True)
class Bars:
    """One bar for each figure of one name, told apart by what follows it: `recall_at_p90_blur`, `…_mirror`."""

    title: str
    figure: str
    variants: tuple[str, ...] = ()
    """All that are there, if none is named."""


@dataclass(frozen=True)
class Curve:
    """One line for each figure whose name ends in a number: `found_at_10`, `found_at_20` and so on."""

    title: str
    across: str
    up: str
    figures: tuple[tuple[str, str], ...]
    """Name of the figure up to the number, and the line's label."""


@dataclass(frozen=True)
class Part:
    """One command of the product, and what of its figures is worth a look."""

    name: str
    title: str
    says: str
    command: tuple[str, ...]
    """Words after `mizugiwa`; `{data}` stands for the folder of pictures."""
    quick: tuple[str, ...] = ()
    """Options of a run that only shows that it works."""
    main: tuple[str, ...] = ()
    """Figures that are shown first, in this order; those that a run does not give are left out."""
    charts: tuple[Bars | Curve, ...] = ()

    @property
    def needs_data(self) -> bool:
        return any("{data}" in word for word in self.command)


PARTS = (
    Part(
        "retrieval",
        "Which product is it?",
        "Phone photos of packaged goods against one catalogue picture each; then again with a brand, and with "
        "siblings of enrolled products, left out, so that unknown must be said.",
        ("evaluate", "retrieval", "{data}/grocery/manifest.csv"),
        ("--split", "val"),
        ("r_at_1", "r_at_5", "map", "auroc_unknown", "auroc_unknown_brand", "auroc_unknown_siblings", "ece"),
    ),
    Part(
        "copy",
        "Is it the same photo?",
        "Photos cropped, mirrored, turned, written over, pasted small and more, and as many that copy nothing.",
        ("evaluate", "copy", "{data}/clothing", "--curve"),
        ("--references", "20", "--queries", "12", "--background", "10", "--no-service"),
        ("micro_ap", "recall_at_p90", "recall_at_p99", "p50_ms", "p95_ms"),
        (
            Bars("Recall at precision 0.90, by attack", "recall_at_p90", tuple(str(each) for each in Family)),
            Bars("µAP, by the way candidates are found", "micro_ap"),
        ),
    ),
    Part(
        "artwork",
        "The same photo, or another photo of the same print?",
        "Different photos of one carton, as they are and edited: none may be called a copy.",
        ("evaluate", "artwork", "{data}/grocery/manifest.csv"),
        ("--pairs", "20"),
        ("recall", "random_called_copies", "edited_called_copies", "nearest_called_copies"),
    ),
    Part(
        "clutter",
        "Small things among others",
        "Products of the synthetic kit pasted at 8 to 15 % of a photo's area.",
        ("evaluate", "clutter", "--count", "100"),
        ("--count", "4"),
        ("r_at_1", "precision", "ratio"),
    ),
    Part(
        "marks",
        "Marks of brands inside pictures",
        "Word and figure marks of the kit on its products and on cloth, and altered ones.",
        ("evaluate", "marks", "{data}/clothing"),
        ("--pictures", "4"),
        ("precision", "recall", "cloth_recall", "product_recall", "cloth_altered", "product_altered"),
    ),
    Part(
        "text",
        "What is written",
        "Look-alike spellings of the kit in words and pictures; brands printed on cartons.",
        ("evaluate", "text", "{data}/grocery/manifest.csv"),
        ("--texts", "100", "--pictures", "4", "--photos", "4"),
        ("text_recall", "text_precision", "picture_recall", "picture_precision", "read", "wrong"),
    ),
    Part(
        "anomaly",
        "What differs from the genuine?",
        "Circuit boards against their templates: every alteration boxed, and templates themselves moved, turned, "
        "relit and encoded again.",
        ("evaluate", "anomaly", "{data}/deeppcb/manifest.csv", "--skip", "50"),
        ("--most", "4"),
        ("box_recall", "box_precision", "false_alarm", "auroc"),
    ),
)
