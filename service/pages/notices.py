"""What a page says at its top after something was done: one of these sentences, named in the address."""

from __future__ import annotations

from enum import StrEnum

from service.pages.language import N_


class Notice(StrEnum):
    SAVED = "saved"
    REMOVED = "removed"
    SENT = "sent"
    VERDICT_GIVEN = "verdict-given"
    APPEAL_RESOLVED = "appeal-resolved"
    SWITCH_PROPOSED = "switch-proposed"
    SWITCH_SIGNED = "switch-signed"
    SIGNED_OUT = "signed-out"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of a sentence
    FACTOR_SET = "factor-set"
    FACTOR_DROPPED = "factor-dropped"


NOTICES: dict[str, str] = {
    Notice.SAVED: N_("Saved."),
    Notice.REMOVED: N_("Removed."),
    Notice.SENT: N_("Sent."),
    Notice.VERDICT_GIVEN: N_("Your verdict is recorded."),
    Notice.APPEAL_RESOLVED: N_("The appeal is resolved; the marketplace is told."),
    Notice.SWITCH_PROPOSED: N_("Proposed. Another administrator has to sign."),
    Notice.SWITCH_SIGNED: N_("Signed."),
    Notice.SIGNED_OUT: N_("You are signed out."),
    Notice.PASSWORD_CHANGED: N_("Your password is changed; your other sessions have ended."),
    Notice.FACTOR_SET: N_("From now on you are asked for a code when you sign in."),
    Notice.FACTOR_DROPPED: N_("You are not asked for a code any more."),
}
