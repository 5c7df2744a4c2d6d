"""Mail: sending over real SMTP, and a catcher for the embedded mode. Imports nothing else of kantoor."""
