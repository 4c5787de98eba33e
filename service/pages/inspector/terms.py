"""Words of the trade for codes, as officers' pages say them."""

from __future__ import annotations

from service.cases.models import PartyRole
from service.cases.transitions import Step
from service.clocks.deadlines import DeadlineState
from service.clocks.profiles import CaseState, Party
from service.opinions.schemas import Finding as PointFinding
from service.pages.inspector.pairs import Original
from service.pages.language import N_
from service.pages.telling import Badge
from service.parcels.models import ParcelState
from service.parcels.schemas import Answer
from service.rights.models import Disclosure, RightKind
from service.worklist.ranking import Worth

PARCEL_STATES = {
    ParcelState.WAITING: Badge(N_("waiting")),
    ParcelState.OPENED: Badge(N_("opened"), "look"),
    ParcelState.DECIDED: Badge(N_("decided"), "go"),
}
ANSWERS = {
    Answer.AGREE: N_("I agree"),
    Answer.DISAGREE: N_("I disagree"),
    Answer.CANNOT_TELL: N_("I cannot tell"),
}
POINT_FINDINGS = {
    PointFinding.AGREES: N_("as on the genuine one"),
    PointFinding.DIFFERS: N_("differs"),
    PointFinding.NOT_VISIBLE: N_("not visible"),
}
ORIGINALS = {
    Original.REFERENCE: N_("Reference"),
    Original.COUNTERFEIT: N_("Photo of a confirmed case"),
    Original.STOPPED: N_("Earlier stopped parcel"),
}
RIGHTS = {
    RightKind.TRADEMARK: N_("Trademark"),
    RightKind.DESIGN: N_("Design"),
}
DISCLOSURES = {
    Disclosure.PUBLIC: N_("public"),
    Disclosure.DISCLOSED: N_("to parties of the case"),
    Disclosure.SECRET: N_("secret"),
}
WORTHS = {
    Worth.FINDINGS: N_("parcels found"),
    Worth.ARTICLES: N_("articles found"),
}
CASE_STATES = {
    CaseState.FOUND: Badge(N_("found"), "look"),
    CaseState.NOTIFIED: Badge(N_("both sides notified"), "look"),
    CaseState.DISPUTED: Badge(N_("disputed by the importer"), "look"),
    CaseState.SILENT: Badge(N_("importer silent"), "look"),
    CaseState.OPINIONS: Badge(N_("opinions invited"), "look"),
    CaseState.EVIDENCE: Badge(N_("evidence gathered"), "look"),
    CaseState.DECIDED: Badge(N_("decided"), "go"),
    CaseState.DESTROYED: Badge(N_("destroyed"), "stop"),
    CaseState.RELEASED: Badge(N_("released"), "go"),
}
STEPS = {
    Step.OPENED: N_("Case opened"),
    Step.DETAINED: N_("Detain the goods"),
    Step.NOTIFIED: N_("Notify both sides"),
    Step.APPLICATION_FILED: N_("Application was filed"),
    Step.DISPUTED: N_("The importer disputes"),
    Step.SILENT: N_("The importer kept silent"),
    Step.OPINIONS_INVITED: N_("Invite opinions and evidence"),
    Step.IMPORTER_ANSWERED: N_("The importer has answered"),
    Step.HOLDER_ANSWERED: N_("The right holder has answered"),
    Step.EVIDENCE_GATHERED: N_("Evidence is complete"),
    Step.EXTENDED: N_("Time was extended"),
    Step.FACTS_CHANGED: N_("Facts were put right"),
    Step.DECIDED: N_("Decide"),
    Step.DESTROYED: N_("Destroy the goods"),
    Step.RELEASED: N_("Release the goods"),
}
DEADLINES = {
    DeadlineState.OPEN: Badge(N_("still running"), "look"),
    DeadlineState.MET: Badge(N_("met"), "go"),
    DeadlineState.LATE: Badge(N_("done late"), "stop"),
    DeadlineState.LAPSED: Badge(N_("lapsed")),
}
OVERDUE = Badge(N_("overdue"), "stop")
PARTIES = {
    Party.CUSTOMS: N_("customs"),
    Party.IMPORTER: N_("importer"),
    Party.RIGHT_HOLDER: N_("right holder"),
}
ROLES = {
    PartyRole.IMPORTER: N_("Importer"),
    PartyRole.ADDRESSEE: N_("Addressee"),
    PartyRole.SENDER: N_("Sender"),
    PartyRole.SELLER: N_("Seller"),
    PartyRole.DECLARANT: N_("Declarant"),
}
