"""`mizugiwa demo`: the whole way from enrolment to decisions, on invented brands, through the public API."""
