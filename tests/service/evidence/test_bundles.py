"""A bundle verifies anywhere, names what was changed in it, and reads well."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from typer.testing import CliRunner

from service.cli import app
from service.evidence.verification import NotABundle, verify_bundle
from service.evidence.wording import Language, words
from service.house_key import HouseKeyUnusable, NotAPublicKey, house_key
from service.runtime import Runtime
from service.security.principals import Role

from .conftest import Decided


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def rewritten(path: Path, changes: dict[str, bytes | None]) -> Path:
    """The bundle with some files replaced, added, or (None) left out."""
    held = contents(path) | changes
    changed = path.with_suffix(".changed.zip")
    with zipfile.ZipFile(changed, "w") as file:
        for name, data in held.items():
            if data is not None:
                file.writestr(name, data)
    return changed


def test_a_bundle_holds_what_was_received_and_what_it_was_compared_with(decided: Decided) -> None:
    held = contents(decided.bundle())

    assert held["pictures/00.png"] == decided.picture
    assert [data for name, data in held.items() if name.startswith("originals/")] == [decided.picture]
    record = json.loads(held["record.json"])
    assert record["id"] == decided.decision_id
    assert record["pictures"][0]["sha256"] == hashlib.sha256(decided.picture).hexdigest()
    assert json.loads(held["verdicts.json"])[0]["note"] == "縫い目が違う"
    actions = [each["action"] for each in json.loads(held["manifest.json"])["audit"]["entries"]]
    assert actions == ["listing.checked", "verdict.given", "evidence.exported"]


def test_a_bundle_as_it_was_made_verifies_with_the_houses_key(decided: Decided) -> None:
    found = verify_bundle(decided.bundle(), decided.key())

    assert found.problems == ()
    assert found.decision_id == decided.decision_id


def test_every_single_changed_file_is_named(decided: Decided) -> None:
    path = decided.bundle()
    for name, data in contents(path).items():
        middle = len(data) // 2
        changed = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        try:
            problems = verify_bundle(rewritten(path, {name: changed})).problems
        except NotABundle as error:
            problems = (str(error),)
        assert any(name in problem for problem in problems), f"{name}: {problems}"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pictures/00.png": None}, "pictures/00.png: missing"),
        ({"extra.txt": b"x"}, "extra.txt: added"),
    ],
)
def test_what_is_missing_or_added_is_named(
    decided: Decided, change: dict[str, bytes | None], told: str
) -> None:
    problems = verify_bundle(rewritten(decided.bundle(), change)).problems

    assert any(problem.startswith(told) for problem in problems)


def test_a_bundle_signed_anew_by_another_is_not_trusted(decided: Decided, tmp_path: Path) -> None:
    path, trusted = decided.bundle(), decided.key()
    manifest = contents(path)["manifest.json"].replace(b"C-17", b"C-18")
    stranger = house_key(tmp_path / "stranger")
    signature = json.dumps({"public_key": stranger.public, "signature": stranger.sign(manifest)}).encode()
    forged = rewritten(path, {"manifest.json": manifest, "signature.json": signature})

    assert verify_bundle(forged).problems == ()
    assert any("not with the one that is trusted" in each for each in verify_bundle(forged, trusted).problems)


def test_an_audit_entry_signed_but_altered_is_found(decided: Decided, runtime: Runtime) -> None:
    path = decided.bundle()
    manifest = contents(path)["manifest.json"].replace(b"verdict.given", b"verdict.taken")
    key = house_key(runtime.settings.data_dir)
    signature = json.dumps({"public_key": key.public, "signature": key.sign(manifest)}).encode()

    problems = verify_bundle(
        rewritten(path, {"manifest.json": manifest, "signature.json": signature})
    ).problems

    assert any("does not give its own hash" in each for each in problems)


def test_pictures_of_another_decision_do_not_pass(decided: Decided, runtime: Runtime) -> None:
    path = decided.bundle()
    held = contents(path)
    manifest = json.loads(held["manifest.json"])
    del manifest["files"]["pictures/01.png"]
    changed = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    key = house_key(runtime.settings.data_dir)
    signature = json.dumps({"public_key": key.public, "signature": key.sign(changed)}).encode()

    forged = rewritten(path, {"manifest.json": changed, "signature.json": signature, "pictures/01.png": None})

    assert any("picture 1" in each for each in verify_bundle(forged).problems)


@pytest.mark.parametrize(
    "data", [b"", b"no zip", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "empty zip"]
)
def test_what_is_no_bundle_is_refused_by_name(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)

    with pytest.raises(NotABundle):
        verify_bundle(path)


@pytest.mark.parametrize("manifest", [b"[]", b"{", b"{}", b'{"format": "mizugiwa-evidence-1"}', b"[" * 9999])
def test_a_hostile_manifest_is_refused_by_name(manifest: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("manifest.json", manifest)
        file.writestr("signature.json", b'{"public_key": "", "signature": ""}')

    with pytest.raises(NotABundle):
        verify_bundle(path)


def test_the_command_verifies_offline_and_names_the_changed_file(decided: Decided) -> None:
    path, key = decided.bundle(), decided.key()

    good = CliRunner().invoke(app, ["evidence", "verify", str(path), "--key", key])
    bad = CliRunner().invoke(
        app, ["evidence", "verify", str(rewritten(path, {"report.pdf": b"%PDF"})), "--key", key]
    )
    odd = CliRunner().invoke(app, ["evidence", "verify", str(path), "--key", "abc"])

    assert good.exit_code == 0
    assert decided.decision_id in good.output
    assert bad.exit_code == 1
    assert "report.pdf: changed" in bad.output
    assert odd.exit_code == 1


@pytest.mark.parametrize("language", list(Language))
def test_the_report_reads_in_its_language_on_two_pages_at_most(decided: Decided, language: Language) -> None:
    report = pypdfium2.PdfDocument(BytesIO(contents(decided.bundle(language.value))["report.pdf"]))

    shown = "".join(page.get_textpage().get_text_range() for page in report)
    assert 1 <= len(report) <= 2
    for part in (
        words(language)["title"],
        words(language)["notice"],
        decided.decision_id,
        "雲 Kumoru",
        "縫い目",
    ):
        assert part.replace(" ", "") in "".join(shown.split())


def test_both_languages_have_every_word() -> None:
    assert words(Language.EN).keys() == words(Language.JA).keys()


def test_only_officers_of_the_house_may_take_a_bundle(
    decided: Decided, key_for: Callable[..., dict[str, str]]
) -> None:
    path = f"/v1/decisions/{decided.decision_id}/evidence"
    answers = {
        role: decided.client.get(path, headers=key_for(role, "Market")).status_code
        for role in (Role.PLATFORM, Role.BRAND_OWNER, Role.AGENT)
    }
    elsewhere = decided.client.get(path, headers=key_for(Role.INSPECTOR, "X", tenant="elsewhere"))

    assert set(answers.values()) == {403}
    assert elsewhere.status_code == 404


def test_a_lost_picture_is_said_and_not_left_out(decided: Decided, runtime: Runtime) -> None:
    runtime.blobs.delete(hashlib.sha256(decided.picture).hexdigest())

    answer = decided.client.get(f"/v1/decisions/{decided.decision_id}/evidence", headers=decided.inspector)

    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/picture-lost")


def test_a_key_file_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "house-key.pem").write_text("not a key")

    with pytest.raises(HouseKeyUnusable):
        house_key(tmp_path)


def test_the_key_is_kept_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = house_key(tmp_path)

    assert house_key(tmp_path).public == first.public
    assert (tmp_path / "house-key.pem").stat().st_mode & 0o077 == 0
    with pytest.raises(NotAPublicKey):
        verify_bundle_with_nonsense(tmp_path)


def verify_bundle_with_nonsense(folder: Path) -> None:
    from service.house_key import is_signed

    is_signed("AAAA", "", b"")


def test_the_report_comes_by_itself_and_to_those_who_may_have_the_bundle(decided: Decided) -> None:
    path = f"/v1/decisions/{decided.decision_id}/report"
    answer = decided.client.get(f"{path}?language=ja", headers=decided.inspector)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert decided.client.get(path).status_code == 401


def test_a_decisions_pictures_are_shown_by_their_digest_and_no_other_is(decided: Decided) -> None:
    path = f"/v1/decisions/{decided.decision_id}/pictures"
    digest = hashlib.sha256(decided.picture).hexdigest()
    small = decided.client.get(f"{path}/{digest}?side=100", headers=decided.inspector)
    assert small.headers["content-type"] == "image/jpeg"
    with Image.open(BytesIO(small.content)) as shown:
        assert shown.size == (100, 100)
    assert decided.client.get(f"{path}/{'0' * 64}", headers=decided.inspector).status_code == 404
