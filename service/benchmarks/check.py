"""A whole check of a listing among many references: how long, where the time goes, how soon a service is ready."""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from index.base import Library
from index.faiss import FaissIndex
from model.copies import REFERENCE_WINDOWS
from model.copies.hashes import BITS, PerceptualHash
from model.encoders.bundled import NAME as BUNDLED
from model.evaluation.figures import Figures
from service.benchmarks.load import NUMBER, Plan, Seen
from service.benchmarks.picture_vectors import PictureVectors
from service.benchmarks.pictures import jpeg, numbered
from service.benchmarks.report import show
from service.benchmarks.serving import TENANT, Service, load, new_key, served, settings_in
from service.brands.models import Brand
from service.clock import now
from service.database import Database
from service.decisions.repository import decision
from service.ids import new_id
from service.opening import open_runtime
from service.products.models import Product
from service.references.models import Reference
from service.runtime import Runtime
from service.security.principals import Role
from service.security.service import known_tenant, organisation_named, tenant_named
from service.settings import Settings
from service.vectors.serving import EnrolledFeatures, NewItem, Serving

_SIZE = (1732, 1155)
"""Two megapixels."""
_PICTURES = 8
_AT_ONCE = 1000
_CLIENTS = (1, 4)
_BOUNDARY = "benchmark-boundary-7f3a"


@dataclass(frozen=True)
class _Place:
    """Where references of one brand go."""

    tenant_id: str
    brand_id: str
    product_id: str


def run(
    references: int = 10_000,
    brands: int = 200,
    checks: int = 100,
    seed: int = 0,
    encoders: Path | None = None,
) -> Figures:
    """Time `POST /v1/listings/checks` of one new two-megapixel JPEG with the bundled encoder.

    The references' vectors are drawn as pictures' lie (`PictureVectors`), their hashes at random; they are put into
    the database as enrolment puts them, and the indexes have settled.

    Args:
        checks: for each number of clients.
        encoders: folder where exported encoders are kept from run to run; a temporary one if not given.

    Returns:
        `p50_ms`, `p95_ms` and `per_second` of a whole check with one client and, with `_clients_4`, with four;
        `ms_<stage>` medians of one client's stages, `ms_rest` being HTTP and storing; `start_to_ready_s` with a
        snapshot of the index and, with `_rebuild`, without.
    """
    figures: Figures = {"references": references, "brands": brands, "checks": checks}
    with tempfile.TemporaryDirectory(prefix="mizugiwa-bench-") as temporary:
        folder = Path(temporary) / "data"
        folder.mkdir()
        if encoders is not None:
            encoders.mkdir(parents=True, exist_ok=True)
            (folder / "encoders").symlink_to(encoders.resolve(), target_is_directory=True)
        settings = settings_in(folder, BUNDLED)
        headers = _prepare(settings, references, brands, seed)
        body = _body(Path(temporary), seed)
        with served(settings) as service:
            figures["start_to_ready_s"] = service.ready_seconds
            figures |= _checked(service, settings, headers, body, checks)
        shutil.rmtree(folder / "index")
        with served(settings) as service:
            figures["start_to_ready_s_rebuild"] = service.ready_seconds
    show(f"Checks among {references:,} references", figures)
    return figures


def _prepare(settings: Settings, references: int, brands: int, seed: int) -> dict[str, str]:
    runtime = open_runtime(settings)
    try:
        headers = new_key(runtime, Role.PLATFORM)
        with runtime.database.write() as session:
            places = [_place(session, name) for name in islice(_names(), brands)]
        _enrol(runtime, places, references, seed)
    finally:
        runtime.close()
    return headers


def _names() -> Sequence[str]:
    syllables = ("ka", "mo", "ri", "su", "te", "no", "ha", "yu")
    return ["".join(parts).capitalize() for parts in product(syllables, repeat=4)]


def _place(session: Session, name: str) -> _Place:
    tenant = tenant_named(session, TENANT).id
    owner = organisation_named(session, tenant, f"owner of {name}").id
    brand = Brand(id=new_id("brd"), tenant_id=tenant, owner_id=owner, name=name, created_at=now())
    brand.spellings, brand.gated, brand.auto_block = [], False, False
    session.add(brand)
    session.flush()
    made = Product(id=new_id("prd"), tenant_id=tenant, brand_id=brand.id, sku="1", name=f"{name} 1")
    made.category, made.created_at = "things", now()
    session.add(made)
    session.flush()
    return _Place(tenant, brand.id, made.id)


def _enrol(runtime: Runtime, places: Sequence[_Place], count: int, seed: int) -> None:
    """Until nothing is left to do in the background either: a partition that is large is a trained one."""
    serving = runtime.vectors.serving()
    random = np.random.default_rng(seed)
    each = 1 + len(REFERENCE_WINDOWS)
    world = PictureVectors(count * each, serving.encoder.info.dimension, seed)
    for at, numbers in enumerate(_chunks(count)):
        vectors = world.piece(at, each * len(numbers)).vectors.reshape(len(numbers), each, -1)
        chosen = [places[number % len(places)] for number in numbers]
        with runtime.database.write() as session:
            made = [_item(*one, serving, random) for one in zip(chosen, vectors, strict=True)]
            session.add_all(_row(*one) for one in zip(chosen, made, strict=True))
            session.flush()
            runtime.vectors.record(session, made)
    for index in serving.indexes.values():
        if isinstance(index, FaissIndex):
            index.settle()


def _item(
    place: _Place, vectors: NDArray[np.float32], serving: Serving, random: np.random.Generator
) -> NewItem:
    """Its embedding, then its views."""
    hashed = PerceptualHash(random.bytes(BITS // 8), quality=100)
    features = EnrolledFeatures(
        serving.fingerprint, vectors[0], hashed, vectors[1:], serving.copy_fingerprint
    )
    blob = random.bytes(32).hex()
    return NewItem(new_id("ref"), place.tenant_id, Library.GENUINE, place.brand_id, blob, features)


def _row(place: _Place, item: NewItem) -> Reference:
    return Reference(
        id=item.id,
        tenant_id=place.tenant_id,
        brand_id=place.brand_id,
        product_id=place.product_id,
        blob=item.blob,
        view="",
        width=_SIZE[0],
        height=_SIZE[1],
        format="jpeg",
        pdq=item.features.hash.hex,
        pdq_quality=item.features.hash.quality,
        warnings=[],
        created_at=now(),
    )


def _chunks(count: int) -> Sequence[range]:
    return [range(first, min(first + _AT_ONCE, count)) for first in range(0, count, _AT_ONCE)]


def _body(folder: Path, seed: int) -> list[str]:
    """Forms with a listing and a picture, both new in every request."""
    listing = {
        "reference": f"L-{NUMBER.decode()}",
        "seller": "shop-1",
        "title": "A bag of leather, worn twice, with its box",
        "description": "Bought two years ago, a few scratches on the buckle. Sent within two days.",
        "price": "4200",
        "currency": "JPY",
    }
    paths = []
    for number in range(_PICTURES):
        path = folder / f"form-{number}"
        path.write_bytes(_form(json.dumps(listing), numbered(jpeg(*_SIZE, seed + number))))
        paths.append(str(path))
    return paths


def _form(listing: str, picture: bytes) -> bytes:
    start = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; name="
    return (
        f'{start}"listing"\r\n\r\n{listing}\r\n'
        f'{start}"pictures"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    ).encode() + (picture + f"\r\n--{_BOUNDARY}--\r\n".encode())


def _checked(
    service: Service, settings: Settings, headers: dict[str, str], bodies: list[str], checks: int
) -> Figures:
    headers = headers | {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    figures: Figures = {}
    first = _PICTURES
    load(Plan(service.port, "/v1/listings/checks", headers, bodies, 1, first))
    for clients in _CLIENTS:
        seen = load(Plan(service.port, "/v1/listings/checks", headers, bodies, clients, checks, first))
        first += checks
        suffix = "" if clients == 1 else f"_clients_{clients}"
        figures |= _latencies(seen, suffix)
        if clients == 1:
            figures |= _stages(settings, seen)
    return figures


def _latencies(seen: Seen, suffix: str) -> Figures:
    return {
        f"p50_ms{suffix}": float(np.percentile(seen.milliseconds, 50)),
        f"p95_ms{suffix}": float(np.percentile(seen.milliseconds, 95)),
        f"per_second{suffix}": len(seen.milliseconds) / seen.seconds,
    }


def _stages(settings: Settings, seen: Seen) -> Figures:
    """Medians of what the decision records say, and what is left of the whole: reading, storing, answering."""
    timings = _timings(settings, [json.loads(answer)["id"] for answer in seen.answers])
    figures: Figures = {}
    rest = statistics.median(seen.milliseconds)
    for stage in timings[0]:
        median = statistics.median(each[stage] for each in timings)
        figures[f"ms_{stage}"] = median
        rest -= median
    return figures | {"ms_rest": rest}


def _timings(settings: Settings, ids: Sequence[str]) -> list[dict[str, float]]:
    database = Database(settings.resolved_database_url)
    try:
        with database.read() as session:
            tenant = known_tenant(session, TENANT).id
            found = [decision(session, tenant, each) for each in ids]
    finally:
        database.close()
    return [each.record["timings_ms"] for each in found if each is not None]
