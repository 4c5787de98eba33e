"""Rules, what they are and how they stand, in words that have translations."""

from __future__ import annotations

from service.control.rights import RuleVerdict, Verdict
from service.pages.language import N_
from service.pages.telling import Badge
from service.policies.models import SwitchState
from service.screening.findings import RuleStatus

STATUSES: dict[str, Badge] = {
    RuleStatus.LIVE: Badge(N_("live"), "go"),
    RuleStatus.SHADOW: Badge(N_("in shadow"), "look"),
}
STATES: dict[str, str] = {
    SwitchState.PROPOSED: N_("proposed"),
    SwitchState.IN_FORCE: N_("in force"),
    SwitchState.SUPERSEDED: N_("superseded"),
    SwitchState.WITHDRAWN: N_("withdrawn"),
}
VERDICTS: dict[str, str] = {
    RuleVerdict.PROPOSE: N_("Measurement proposes to put it live."),
    RuleVerdict.WITHDRAW: N_("Measurement puts it back in shadow."),
    RuleVerdict.STAYS: N_("It stays as it is."),
}
STANDINGS: dict[str, Badge] = {
    Verdict.EARNS: Badge(N_("earns the right"), "go"),
    Verdict.KEEPS: Badge(N_("keeps the right"), "go"),
    Verdict.LOSES: Badge(N_("loses the right"), "stop"),
    Verdict.WAITS: Badge(N_("not proven yet"), "look"),
    Verdict.TAKEN: Badge(N_("taken away by an administrator"), "stop"),
}
"""Of a brand's right that its rules block without a person."""
SHIPPED_TITLES: tuple[str, ...] = (
    N_("The check was not done in time, or the index is not ready"),
    N_("No picture can be judged and the text names a protected brand"),
    N_("No picture can be judged"),
    N_("The seller is authorised and no picture is a verified copy of a known counterfeit"),
    N_("The seller is authorised, yet a picture is a verified copy of a known counterfeit"),
    N_("A verified copy of a known counterfeit, and the brand is seen"),
    N_("Several confirmed cases of this seller for the brand that is seen, and a telling price or text"),
    N_("The brand is seen, with strong signals of two or more other families"),
    N_("A verified copy of the brand's own photo"),
    N_("The brand is seen, with one strong signal of another family"),
    N_("A verified copy of a known counterfeit, and no brand is seen"),
    N_("The brand is seen, but not in every rendering of the picture"),
    N_("A telling text, and the brand is not clearly seen"),
    N_("The brand is seen, and the marketplace asks for documents for the brand or category"),
    N_("The brand is seen and nothing else, or signals that are not enough for more"),
    N_("Nothing was found"),
)
"""Of the rules of the policy that is shipped; those of other files are shown as they are written."""
