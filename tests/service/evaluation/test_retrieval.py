from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from model.evaluation.kit import build_kit, write_retrieval
from model.products import Verdict
from service.cli import app
from service.evaluation.manifest import ManifestInvalid, PictureUse, Row, read_retrieval
from service.evaluation.retrieval import left_out_brands, left_out_siblings
from service.evaluation.retrieval_report import Answer, LeftOut, report
from tests.service.listings.conftest import png, textured


def manifest(folder: Path, *lines: str) -> Path:
    (folder / "p.png").write_bytes(png(textured(1, 100)))
    path = folder / "manifest.csv"
    path.write_text("\n".join(["path,role,product", *lines]))
    return path


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("p.png,picture,A", "role is 'picture'"),
        ("q.png,query,A", "there is no picture"),
        ("p.png,reference,", "needs a product"),
    ],
)
def test_a_wrong_line_is_named_with_its_number(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(ManifestInvalid, match=f":3:.*{complaint}"):
        read_retrieval(manifest(tmp_path, "p.png,reference,A", line))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("path,role\n")
    with pytest.raises(ManifestInvalid, match="lacks product"):
        read_retrieval(path)


def reference(name: str) -> Row:
    return Row(Path(name), PictureUse.REFERENCE, name, "", name.partition("-")[0])


def answer(product: str, *ranked: str, verdict: Verdict = Verdict.PRODUCT, known: float = 0.9) -> Answer:
    return Answer(product, ranked, verdict, True, known, known, 10.0)


def test_the_brand_is_a_column_or_the_products_name_up_to_the_hyphen(tmp_path: Path) -> None:
    assert read_retrieval(manifest(tmp_path, "p.png,reference,Arla-Milk"))[0].brand == "Arla"
    (tmp_path / "b.csv").write_text("path,role,product,brand\np.png,reference,Arla-Milk,Dairy\n")
    assert read_retrieval(tmp_path / "b.csv")[0].brand == "Dairy"


def test_siblings_left_out_leave_their_brand_another_product() -> None:
    shelf = [reference(name) for name in ("a-1", "a-2", "a-3", "b-1", "c-1", "c-2")]
    assert left_out_siblings(shelf) == {"a-2", "c-2"}


def test_every_third_brand_is_left_out_whole_and_a_lone_brand_never() -> None:
    shelf = [reference(name) for name in ("a-1", "a-2", "b-1", "c-1", "d-1")]
    assert left_out_brands(shelf) == {"a-1", "a-2", "d-1"}
    assert left_out_brands(shelf[:2]) == frozenset()


def test_the_report_says_how_often_the_brand_alone_is_named_and_how_often_rightly() -> None:
    known = [answer("a-1", "a-1"), answer("a-2", "a-1", "a-2", verdict=Verdict.BRAND_ONLY)]
    stranger = answer("a-3", "a-1", verdict=Verdict.BRAND_ONLY, known=0.2)
    figures = report(2, known, {"siblings": LeftOut(known, [stranger])}, seed=0).figures()
    assert figures["r_at_1"] == 0.5
    assert figures["brand_only"] == 0.5
    assert figures["auroc_unknown_siblings"] == figures["auroc_unknown"] == 1
    assert figures["brand_only_right_unknown_siblings"] == 1


@pytest.mark.long
def test_the_command_enrols_checks_and_writes_its_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(tmp_path / "data"))
    kit = write_retrieval(build_kit(seed=2, brands=6), tmp_path / "kit", queries=24, hardness=0.2)
    figures = tmp_path / "figures.json"
    result = CliRunner().invoke(
        app,
        ["evaluate", "retrieval", str(kit), "--split", "", "--json", str(figures)],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    found = json.loads(figures.read_text())
    assert found["r_at_1"] >= 0.5
    assert found["r_at_5"] >= found["r_at_1"]
    assert found["map_low"] <= found["map"] <= found["map_high"]
    assert {
        "seed",
        "encoder",
        "commit",
        "machine",
        "command",
        "auroc_unknown",
        "ece",
        "p95_ms",
    } <= found.keys()
