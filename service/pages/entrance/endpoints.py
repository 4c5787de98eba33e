"""The pages that everybody meets first."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

from service.errors import NotFound, Problem
from service.pages.entrance.elsewhere import router as elsewhere
from service.pages.entrance.signing import sign_in_with
from service.pages.forms import Form, refused
from service.pages.language import COOKIE, LANGUAGES, N_, cookie_age
from service.pages.navigation import offered
from service.pages.notices import Notice
from service.pages.page import AnyPage, OpenPage, Page, within
from service.pages.routing import page_router
from service.users import browsers, repository, service, sessions, signing_in
from service.users.models import User
from service.users.second_factor import FactorSeal, address, fresh_secret, qr_code
from service.users.sessions import Stage

router = page_router()
router.include_router(elsewhere)


@router.get("/")
def home(page: OpenPage) -> Response:
    """The first page of the visitor's own menu."""
    if page.visitor is None:
        return page.go("/sign-in")
    return page.go(offered(page.principal.role)[0].path)


@router.post("/language")
def choose_language(page: OpenPage) -> Response:
    """Remembers the choice and goes back to where it was made."""
    answer = page.go(within(page.text("next")))
    chosen = page.text("language")
    if chosen in LANGUAGES:
        answer.set_cookie(COOKIE, chosen, max_age=cookie_age(), samesite="lax", httponly=True)
    return answer


@router.get("/sign-in")
def ask_to_sign_in(page: OpenPage, next: str = "/") -> Response:
    if page.visitor is not None:
        return page.go(within(next))
    return _sign_in_form(page, Form({"next": within(next)}))


@router.post("/sign-in")
def sign_in(page: OpenPage) -> Response:
    try:
        begun = sign_in_with(page)
    except Problem as problem:
        status = problem.status if problem.status != 401 else 403
        return _sign_in_form(page, refused(page, problem.title), status)
    onward = within(page.text("next"))
    answer = page.go(onward if begun.stage is Stage.OPEN else f"/sign-in/code?next={onward}")
    browsers.keep(page.request, answer, begun.token)
    return answer


@router.get("/sign-in/code")
def ask_for_code(page: OpenPage, next: str = "/") -> Response:
    return page.show("entrance/code.html", form=Form({"next": within(next)}))


@router.post("/sign-in/code")
def sign_in_with_code(page: OpenPage) -> Response:
    try:
        begun = signing_in.with_code(page.runtime, browsers.session_cookie(page.request), page.text("code"))
    except sessions.SessionEnded:
        return page.go("/sign-in")
    except Problem as problem:
        status = problem.status if problem.status != 401 else 403
        return page.show("entrance/code.html", status, form=refused(page, problem.title, "code"))
    answer = page.go(within(page.text("next")))
    browsers.keep(page.request, answer, begun.token)
    return answer


@router.post("/sign-out")
def sign_out(page: AnyPage) -> Response:
    with page.runtime.database.write() as session:
        sessions.end(session, browsers.session_cookie(page.request))
    answer = page.go("/sign-in", Notice.SIGNED_OUT)
    browsers.forget(answer)
    return answer


@router.get("/account")
def show_account(page: AnyPage) -> Response:
    return _account(page, Form())


@router.post("/account/password")
def change_password(page: AnyPage) -> Response:
    if page.secret("new") != page.secret("again"):
        return _account(page, Form({}, {"again": N_("The two new passwords differ.")}), 422)
    old, new = page.secret("old"), page.secret("new")
    try:
        with page.runtime.database.write() as session:
            service.change_password(session, _person(page, session), old, new, _session_id(page))
    except service.SignInRefused:
        return _account(page, Form({}, {"old": N_("This is not your present password.")}), 403)
    except Problem as problem:
        return _account(page, Form({}, {"new": problem.help}), problem.status)
    return page.go("/account", Notice.PASSWORD_CHANGED)


@router.get("/account/second-factor")
def show_second_factor(page: AnyPage) -> Response:
    with page.runtime.database.read() as session:
        return _factor(page, _person(page, session), fresh_secret(), Form())


@router.post("/account/second-factor")
def set_second_factor(page: AnyPage) -> Response:
    secret = page.text("secret")
    seal = FactorSeal(page.runtime.settings.signing_key())
    try:
        with page.runtime.database.write() as session:
            service.set_second_factor(session, seal, _person(page, session), secret, page.text("code"))
    except service.SignInRefused:
        wrong = N_("That is not the code that the app shows for this secret now.")
        with page.runtime.database.read() as session:
            return _factor(page, _person(page, session), secret, Form({}, {"code": wrong}), 422)
    return page.go("/account", Notice.FACTOR_SET)


@router.post("/account/second-factor/removal")
def drop_second_factor(page: AnyPage) -> Response:
    try:
        with page.runtime.database.write() as session:
            service.drop_second_factor(session, _person(page, session), page.secret("password"))
    except service.SignInRefused:
        return _account(page, Form({}, {"password": N_("This is not your present password.")}), 403)
    return page.go("/account", Notice.FACTOR_DROPPED)


def _sign_in_form(page: Page, form: Form, status: int = 200) -> Response:
    elsewhere = bool(page.runtime.settings.oidc_issuer)
    return page.show("entrance/sign_in.html", status, form=form, elsewhere=elsewhere)


def _account(page: Page, form: Form, status: int = 200) -> Response:
    with page.runtime.database.read() as session:
        person = _person(page, session) if page.visitor and page.visitor.user_id else None
        return page.show("entrance/account.html", status, form=form, person=person)


def _factor(page: Page, person: User, secret: str, form: Form, status: int = 200) -> Response:
    code = qr_code(address(person.login, secret))
    return page.show("entrance/second_factor.html", status, form=form, secret=secret, qr_code=code)


def _person(page: Page, session: Session) -> User:
    """
    Raises:
        NotFound: it is a key that signed in, not a person.
    """
    user_id = page.visitor.user_id if page.visitor else None
    person = repository.user(session, page.principal.tenant_id, user_id or "")
    if person is None:
        raise NotFound("You signed in with an API key, which has no account of its own.")
    return person


def _session_id(page: Page) -> str:
    return page.visitor.session_id if page.visitor else ""
