"""A reviewer's day, from the queue to an appeal: with keyboard and scripts in English, without either in Japanese."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Page

from service.security.principals import Role
from tests.service.pages.reviewing import FAKE, GENUINE, Market

from .conftest import Open, Site

Violations = Callable[[Page], list[str]]


@contextmanager
def market_of(site: Site, tenant: str) -> Iterator[Market]:
    with ExitStack() as stack:
        owner = stack.enter_context(site.api(Role.BRAND_OWNER, "Ohashi", tenant))
        platform = stack.enter_context(site.api(Role.PLATFORM, "Market", tenant))
        market = Market(owner, platform, {}, {})
        market.enrol()
        yield market


def test_a_day_with_the_keyboard(site: Site, open_as: Open, violations: Violations) -> None:
    with market_of(site, "house") as market:
        decisions = [market.check(f"L-{number}", FAKE) for number in (1, 2)]
        market.check("L-3", GENUINE, "shop-2")
        page = open_as("one", site.person(Role.PLATFORM, "Market", "one"))
        page.goto("/review")
        found = violations(page)
        page.keyboard.press("?")
        assert page.locator("#keys").get_attribute("open") is not None
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/review/dec_*")
        found += violations(page)
        assert page.locator(".compare .picture").first.evaluate("each => each.naturalWidth") > 0
        judged = page.url.split("/review/")[1].split("?")[0]
        page.keyboard.press("b")
        page.keyboard.type("The seams differ from the genuine.")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**notice=verdict-given*")
        assert "Your verdict is recorded." in page.inner_text("#notice")
        page.keyboard.press("d")
        page.keyboard.type("Ask for the invoice.")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url: "notice=verdict-given" in url and judged not in url)
        assert judged in decisions or judged.startswith("dec_")
        appeal = market.appeal(judged, "I bought it in the shop in Kyoto.")
        other = open_as("two", site.person(Role.PLATFORM, "Market", "two"))
        other.goto("/review?state=second_look")
        found += violations(other)
        assert other.locator("[data-row]").count() == 1
        other.goto(f"/appeals/{appeal}")
        found += violations(other)
        other.check("[name=upheld][value=yes]")
        other.fill("#f-answer", "The receipt shows where it comes from.")
        other.click("text=Resolve the appeal")
        other.wait_for_url("**notice=appeal-resolved*")
        for path in ("/appeals?state=all", "/rules", "/rules/6", "/rules/9/replay?status=shadow", "/drift"):
            other.goto(path)
            found += violations(other)
        assert not found


def test_a_day_without_scripts_in_japanese(site: Site, open_as: Open) -> None:
    with market_of(site, "ja-house") as market:
        decision = market.check("L-1", FAKE)
        page = open_as(
            "ichi",
            site.person(Role.PLATFORM, "Market", "ichi", "ja-house"),
            language="ja",
            scripts=False,
            phone=True,
        )
        page.goto("/review")
        assert page.inner_text("h1") == "審査"
        page.click("text=L-1")
        assert page.inner_text("h1") == "L-1"
        page.check("[name=outcome][value=counterfeit]")
        page.fill("#f-note", "縫い目が真正品と異なる。")
        page.click("text=判断を記録して次へ")
        assert "判断を記録しました。" in page.inner_text("#notice")
        appeal = market.appeal(decision, "正規店で購入しました。")
        other = open_as(
            "ni", site.person(Role.PLATFORM, "Market", "ni", "ja-house"), language="ja", scripts=False
        )
        other.goto("/appeals")
        other.click("text=L-1")
        assert other.url.endswith(f"/appeals/{appeal}")
        other.check("[name=upheld][value=no]")
        other.fill("#f-answer", "領収書が確認できませんでした。")
        other.click("text=異議申立てを処理する")
        assert "異議申立てを処理し" in other.inner_text("#notice")


def test_every_page_is_accessible_in_japanese_and_fits_a_phone(
    site: Site, open_as: Open, violations: Violations
) -> None:
    with market_of(site, "phones") as market:
        decision, stock = market.check("L-1", FAKE), market.check("L-2", GENUINE)
        appeal = market.appeal(decision, "正規店で購入しました。" * 20)
        page = open_as(
            "kanri", site.person(Role.ADMIN, "Operator", "kanri", "phones"), language="ja", phone=True
        )
        mine = ["/review", f"/review/{decision}", f"/review/{stock}", "/appeals", f"/appeals/{appeal}"]
        paths = [*mine, "/rules", "/rules/8", "/rules/9/replay?status=shadow", "/drift"]
        found, wide = [], []
        for path in paths:
            page.goto(path)
            found += violations(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(path)
        assert not found
        assert not wide
