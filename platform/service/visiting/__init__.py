"""Who comes in over the pages: links, sessions, second factors, and who gives them."""
