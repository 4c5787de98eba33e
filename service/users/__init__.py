"""People who sign in to the pages: their passwords, second factors and sessions."""
