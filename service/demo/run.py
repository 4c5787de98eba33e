"""The demo from beginning to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from model.encoders.bundled import NAME as BUNDLED
from model.evaluation.kit import Kit, build_kit
from service.demo.catalogue import Archive, write_archives
from service.demo.checking import Checked, check
from service.demo.folder import DemoFolder, begin_anew
from service.demo.names import Names, read_names
from service.demo.onward import Onward, write_keys, write_onward
from service.demo.parcels import Inspected, inspect
from service.demo.people import Person, let_in
from service.demo.preparing import House, enrol
from service.demo.report import Enrolled, write_report
from service.demo.scenes import Scene, Story, scenes
from service.demo.serving import served
from service.opening import open_runtime
from service.screening.findings import RuleStatus
from service.settings import Settings

Step = Callable[[str, int], Callable[[int], None]]
"""Begins a step of that name and length, and gives the function that is told how far it has come."""
RULES_TAKEN_LIVE = {"counterfeit-copy-alone": RuleStatus.LIVE}
"""The rule starts in shadow; this house has seen what it would have done, and lets it act."""
_REQUESTS_PER_MINUTE = 10_000
_BUDGET_SECONDS = 60.0
"""Generous, so that a slow machine gets the same decisions."""


@dataclass(frozen=True, eq=False)
class Ran:
    checked: Sequence[Checked]
    names: Names
    enrolled: Enrolled
    onward: Onward
    folder: DemoFolder
    people: Sequence[Person]
    parcels: Sequence[Inspected]


def run(root: Path, *, seed: int, count: int, step: Step) -> Ran:
    """Enrol the kit and check listings, in a service of its own whose data stays in the folder.

    Raises:
        FolderInUse: the folder holds other things.
        EnrolmentFailed, RequestRefused: the service did not do what the demo asks of it.
    """
    folder = begin_anew(root)
    kit = build_kit(seed)
    with ThreadPoolExecutor(2) as painters:
        drawn = painters.submit(_draw, kit, folder, step)
        staged = painters.submit(scenes, kit, count)
        runtime = open_runtime(_settings(folder))
        with served(runtime) as client:
            house = House.opened(runtime, client)
            enrolled = _enrol(house, kit, drawn.result(), step)
            people = let_in(house, kit)
            write_keys(folder.keys, house, people)
            checked = _check(house, staged.result(), folder, step)
            parcels = inspect(house, checked)
            names = read_names(house.admin)
            write_report(folder.report, checked, names, house.admin, enrolled, seed)
    onward = write_onward(folder, RULES_TAKEN_LIVE, _to_repeat(checked))
    return Ran(checked, names, enrolled, onward, folder, people, parcels)


def _settings(folder: DemoFolder) -> Settings:
    """Nothing of an installation that the environment may name is used or changed."""
    return Settings(
        data_dir=folder.data,
        database_url="",
        encoder=BUNDLED,
        rule_status=RULES_TAKEN_LIVE,
        job_workers=1,
        requests_per_minute=_REQUESTS_PER_MINUTE,
        check_budget_seconds=_BUDGET_SECONDS,
    )


def _draw(kit: Kit, folder: DemoFolder, step: Step) -> list[Archive]:
    advanced = step("drawing invented brands", len(kit.brands))
    archives = []
    for archive in write_archives(kit, folder.archives):
        archives.append(archive)
        advanced(len(archives))
    return archives


def _enrol(house: House, kit: Kit, archives: Sequence[Archive], step: Step) -> Enrolled:
    advanced = step("enrolling, one ZIP a brand owner", sum(archive.rows for archive in archives))
    before = 0
    for archive in archives:
        enrol(house.owner(archive.brand), archive, partial(_advance, advanced, before))
        before += archive.rows
    pictures = sum(archive.pictures for archive in archives)
    return Enrolled(len(kit.brands), len(kit.products), pictures)


def _advance(advanced: Callable[[int], None], before: int, done: int) -> None:
    advanced(before + done)


def _check(house: House, staged: Sequence[Scene], folder: DemoFolder, step: Step) -> list[Checked]:
    advanced = step("checking listings", len(staged))
    checked = []
    for scene in staged:
        checked.append(check(house, scene, folder.listings))
        advanced(len(checked))
    return checked


def _to_repeat(checked: Sequence[Checked]) -> Checked:
    return next(each for each in checked if each.story is Story.STOLEN_UNTOUCHED)
