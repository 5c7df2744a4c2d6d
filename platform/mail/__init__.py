"""Mail: sending over real SMTP, and a catcher for the embedded mode. Of kantoor it imports `tls` alone."""
