"""Imports every feature's tables, so that migrations and tests see the whole schema."""

from __future__ import annotations

import service.audit.models
import service.background.models
import service.brands.models
import service.cases.models
import service.control.models
import service.counterfeits.models
import service.decisions.models
import service.exchange.models
import service.jobs.models
import service.listings.models
import service.marks.models
import service.opinions.models
import service.parcels.models
import service.points.models
import service.policies.models
import service.products.models
import service.references.models
import service.referrals.models
import service.rights.models
import service.security.models
import service.sellers.models
import service.users.models
import service.vectors.models
import service.verdicts.models
import service.webhooks.models  # noqa: F401
from service.database import Base

METADATA = Base.metadata
