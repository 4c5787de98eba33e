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
class Trade:
    """One point for each variant that both figures have: what is paid, and what it gives."""

    title: str
    paid: tuple[str, str]
    """Name of the figure, and what the axis says."""
    given: tuple[str, str]


@dataclass(frozen=True)
class Curve:
    """One line for each figure that has a number in its name: `found_at_10`, `found_at_20` and so on."""

    title: str
    across: str
    up: str
    figures: tuple[tuple[str, str, str], ...]
    """Name of the figure up to the number, and after it; the line's label."""


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
    main: tuple[tuple[str, str], ...] = ()
    """Figures that are shown first, with their words; those that a run does not give are left out."""
    charts: tuple[Bars | Trade | Curve, ...] = ()

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
        (
            ("r_at_1", "the right product first"),
            ("r_at_5", "among the first five"),
            ("map", "mean average precision"),
            ("auroc_unknown_brand", "AUROC, known against unknown: brands left out"),
            ("auroc_unknown_siblings", "AUROC, known against unknown: siblings left out"),
            ("ece", "expected calibration error"),
        ),
    ),
    Part(
        "copy",
        "Is it the same photo?",
        "Photos cropped, mirrored, turned, written over, pasted small and more, and as many that copy nothing.",
        ("evaluate", "copy", "{data}/clothing", "--curve"),
        ("--references", "20", "--queries", "12", "--background", "10", "--no-service"),
        (
            ("micro_ap", "µAP"),
            ("recall_at_p90", "recall at precision 0.90"),
            ("recall_at_p99", "recall at precision 0.99"),
            ("p50_ms", "time of a picture, median, ms"),
            ("p95_ms", "time of a picture, 95th percentile, ms"),
        ),
        (
            Bars("Recall at precision 0.90, by attack", "recall_at_p90", tuple(str(each) for each in Family)),
            Bars("µAP, by the way candidates are found", "micro_ap"),
            Trade("What a better answer costs", ("p50_ms", "ms a picture"), ("micro_ap", "µAP")),
        ),
    ),
    Part(
        "artwork",
        "The same photo, or another photo of the same print?",
        "Different photos of one carton, as they are and edited: none may be called a copy.",
        ("evaluate", "artwork", "{data}/grocery/manifest.csv"),
        ("--pairs", "20"),
        (
            ("recall", "copies told"),
            ("other_photos", "other photos of the same carton"),
            ("other_photos_called_copies", "of these called copies"),
            ("other_photos_edited", "the same, both edited"),
            ("other_photos_edited_called_copies", "of these called copies"),
            ("nearest", "the most similar pairs"),
            ("nearest_called_copies", "of these called copies"),
        ),
    ),
    Part(
        "clutter",
        "Small things among others",
        "Products of the synthetic kit pasted at 8 to 15 % of a photo's area.",
        ("evaluate", "clutter", "--count", "100"),
        ("--count", "4"),
        (
            ("r_at_1", "the right product first"),
            ("precision", "precision of what is named"),
            ("ratio", "time against a search by the whole picture"),
        ),
    ),
    Part(
        "marks",
        "Marks of brands inside pictures",
        "Word and figure marks of the kit on its products and on cloth, and altered ones.",
        ("evaluate", "marks", "{data}/clothing"),
        ("--pictures", "4"),
        (
            ("recall_cloth", "marks on cloth found"),
            ("precision_cloth", "of what is told on cloth, right"),
            ("recall_product", "marks on products found"),
            ("precision_product", "of what is told on products, right"),
            ("altered_told_cloth", "altered marks on cloth told to be altered"),
            ("altered_told_product", "altered marks on products told to be altered"),
            ("genuine_called_altered_product", "genuine marks on products called altered"),
            ("cpu_ms", "ms of one processor a picture"),
        ),
    ),
    Part(
        "text",
        "What is written",
        "Look-alike spellings of the kit in words and pictures; brands printed on cartons.",
        ("evaluate", "text", "{data}/grocery/manifest.csv"),
        ("--texts", "100", "--pictures", "4", "--photos", "4"),
        (
            ("text_recall", "look-alikes in words found"),
            ("text_precision", "of these, right"),
            ("picture_recall", "look-alikes in pictures found"),
            ("picture_precision", "of these, right"),
            ("read", "brands on cartons read"),
            ("wrong", "another brand read"),
        ),
    ),
    Part(
        "anomaly",
        "What differs from the genuine?",
        "Circuit boards against their templates: every alteration boxed, and templates themselves moved, turned, "
        "relit and encoded again.",
        ("evaluate", "anomaly", "{data}/deeppcb/manifest.csv", "--skip", "50"),
        ("--most", "4"),
        (
            ("box_recall", "alterations found"),
            ("box_precision", "boxes that are alterations"),
            ("false_alarm", "genuine pictures called altered"),
        ),
    ),
    Part(
        "calibration",
        "Does a probability come true?",
        "Days of the synthetic kit, halved at random: calibrated on one half, held against the other, where "
        "counterfeits are rare, common and half of all.",
        ("evaluate", "calibration"),
        ("--listings", "100", "--halves", "2"),
        (("ece", "expected calibration error, the worst"),),
        (Bars("Expected calibration error, by how frequent findings are", "ece"),),
    ),
    Part(
        "risk",
        "Is a promise kept?",
        "Thresholds that promise at most so many wrong blocks, proven on one half and held against the other.",
        ("evaluate", "risk"),
        ("--listings", "100", "--splits", "20"),
        (("risk_broken", "splits in which it was broken"), ("risk_given", "splits in which it was given")),
        (Bars("Promises broken", "risk_broken"), Bars("Promises given", "risk_given")),
    ),
    Part(
        "triage",
        "Which parcel to open first?",
        "Simulated traffic with two counterfeits in a hundred parcels, opened in the order of the work list.",
        ("evaluate", "triage"),
        ("--counterfeits", "4", "--others", "10", "--brands", "2"),
        (("found_at_10", "counterfeits found in the first tenth"),),
        (
            Curve(
                "Counterfeits found",
                "parcels opened, percent",
                "share of counterfeits found",
                (
                    ("found_at_", "", "the work list's order"),
                    ("found_at_", "_by_value", "dearest first"),
                    ("found_at_", "_random", "at random"),
                ),
            ),
        ),
    ),
    Part(
        "xray",
        "What X-ray captures show",
        "Captures told from photos; categories learnt from single things and sought inside bags; alike items "
        "counted in rendered parcels.",
        ("evaluate", "xray", "{data}"),
        ("--photos", "20", "--captures", "12", "--scenes", "6", "--parcels", "1"),
        (
            ("auroc", "AUROC, X-ray against photo"),
            ("macro_f1", "macro-F1 of four categories"),
            ("macro_f1_nearest", "the same, by the nearest example alone"),
            ("count_within_one_upto_10", "parcels of up to ten alike items counted to within one"),
        ),
    ),
    Part(
        "check",
        "How long a check takes",
        "A two-megapixel picture against many references, through HTTP, from one client and from four.",
        ("bench", "check"),
        ("--references", "200", "--checks", "3"),
        (
            ("p50_ms", "median, ms"),
            ("p95_ms", "95th percentile, ms"),
            ("per_second_clients_4", "checks a second, four clients"),
            ("start_to_ready_s", "from start to ready, s"),
        ),
        (Bars("Where a check's time goes, ms", "ms"),),
    ),
)
