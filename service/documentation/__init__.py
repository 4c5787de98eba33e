"""The API's documentation as a page, with nothing loaded from outside: customs networks are closed."""
