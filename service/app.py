"""The application: what is opened at start-up, which routes there are, how errors are answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from service.documentation.endpoints import install_documentation
from service.middleware import install_middleware
from service.pages.install import install_pages
from service.problems import install_problem_answers
from service.routes import ROUTERS
from service.runtime import Runtime
from service.security.gate import Gate

DESCRIPTION = """\
Scores listing pictures by how similar they are to protected brands and by signals of counterfeiting.
It never says *fake*: it tells people which few pictures deserve a look, why, and with what proof.
"""


def create_app(open_runtime: Callable[[], Runtime]) -> FastAPI:
    """An application that opens its runtime when it starts and closes it when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.runtime = await run_in_threadpool(open_runtime)
        app.state.gate = Gate(app.state.runtime.settings.requests_per_minute)
        app.state.runtime.start()
        yield
        await run_in_threadpool(app.state.runtime.close)

    app = FastAPI(
        title="mizugiwa",
        version="0.1.0",
        description=DESCRIPTION,
        # As they are: to include a router is to build each of its routes once more, at the first request that asks.
        routes=[route for router in ROUTERS for route in router.routes],
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    install_problem_answers(app)
    install_middleware(app, lambda: app.state.runtime.settings.max_request_bytes)
    install_documentation(app)
    install_pages(app)
    return app
