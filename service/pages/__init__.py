"""HTML for the people who decide: rendered on the server, working without JavaScript and better with it."""
