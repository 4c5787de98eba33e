"""Words of other parts that these pages show; marked here so that they are translated."""

from __future__ import annotations

from service.pages.language import N_

SHOWN = (
    N_("queued"),
    N_("running"),
    N_("done"),
    N_("failed"),
    N_("cancelled"),
    N_("proposed"),
    N_("active"),
    N_("ended"),
    N_("customs"),
    N_("marketplace"),
    N_("brand"),
)
