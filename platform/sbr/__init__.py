"""Standard Business Reporting: identity, the VAT return, Digipoort."""
