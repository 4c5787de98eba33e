"""Every router of the application; a feature is reachable once its line stands here."""

from __future__ import annotations

from fastapi import APIRouter

from service import health, problems
from service.audit.endpoints import router as audit
from service.background.endpoints import router as background
from service.brands.endpoints import router as brands
from service.cases.endpoints import router as cases
from service.clocks.endpoints import router as clocks
from service.comparisons.endpoints import router as comparisons
from service.control.endpoints import router as control
from service.counterfeits.endpoints import router as counterfeits
from service.coverage.endpoints import router as coverage
from service.decisions.endpoints import router as decisions
from service.differences.endpoints import router as differences
from service.embeddings.endpoints import router as embeddings
from service.encoders.endpoints import router as encoders
from service.enrolment.endpoints import router as enrolment
from service.evidence.endpoints import router as evidence
from service.exchange.endpoints import router as exchange
from service.exchange.peer_endpoints import router as exchange_peers
from service.jobs import endpoints as jobs
from service.listings.endpoints import router as listings
from service.marks.endpoints import router as marks
from service.opinions.endpoints import router as opinions
from service.opinions.holder_endpoints import router as opinion_requests
from service.parcels.endpoints import router as parcels
from service.points.endpoints import router as points
from service.policies.endpoints import router as policies
from service.products.endpoints import router as products
from service.readings.endpoints import router as readings
from service.references.endpoints import router as references
from service.referrals.endpoints import router as referrals
from service.rights.endpoints import router as rights
from service.rings.endpoints import router as rings
from service.security.endpoints import router as security
from service.sellers.endpoints import router as sellers
from service.users.endpoints import router as users
from service.verdicts.endpoints import router as verdicts
from service.webhooks import endpoints as webhooks
from service.worklist.endpoints import router as worklist

ROUTERS: tuple[APIRouter, ...] = (
    listings,
    embeddings,
    health.router,
    problems.router,
    jobs.router,
    webhooks.router,
    security,
    encoders,
    users,
    audit,
    brands,
    rights,
    products,
    references,
    counterfeits,
    marks,
    sellers,
    enrolment,
    coverage,
    decisions,
    verdicts,
    referrals,
    opinions,
    opinion_requests,
    clocks,
    cases,
    comparisons,
    differences,
    readings,
    points,
    parcels,
    worklist,
    rings,
    policies,
    control,
    evidence,
    background,
    exchange,
    exchange_peers,
)
"""Matched from the top, each in its turn, so those that are asked most stand first."""
