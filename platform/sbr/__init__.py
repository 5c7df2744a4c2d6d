"""Standard Business Reporting: reports, identity of who reports, Digipoort."""
