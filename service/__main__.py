"""`python -m service` is `mizugiwa`, where no script is installed."""

from __future__ import annotations

from service.cli import main

if __name__ == "__main__":
    main()
