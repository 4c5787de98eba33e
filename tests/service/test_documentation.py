from __future__ import annotations

import re

from fastapi.testclient import TestClient


def test_the_documentation_page_loads_everything_from_this_service(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert [address for address in loaded if "://" in address or address.startswith("//")] == []
    for address in loaded:
        if address.startswith("/"):
            assert client.get(address).status_code == 200, address


def test_no_script_from_elsewhere_may_run_on_the_documentation_page(client: TestClient) -> None:
    policy = client.get("/docs").headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "script-src" not in policy


def test_nothing_beside_the_assets_is_served_from_their_folder(client: TestClient) -> None:
    assert client.get("/docs/assets/../core.py").status_code == 404
    assert client.get("/docs/assets/%2e%2e/core.py").status_code == 404
