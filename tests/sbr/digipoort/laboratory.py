"""Certificates made once, and deliveries to play with."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from kantoor.sbr.digipoort.certificates import Credentials, make_credentials
from kantoor.sbr.digipoort.messages import Delivery, Identity
from kantoor.sbr.digipoort.practice_certificates import (
    CLIENT_NAME,
    SIGNER_NAME,
    Authority,
    CertificateFolder,
    Issued,
    issue_roles,
)
from kantoor.sbr.digipoort.trust import Trust

IDENTITY = "001000044B37"


def instance(identity: str = IDENTITY, end: str = "2026-01-31") -> bytes:
    """A small VAT return over one month, written by hand."""
    taxonomy = "http://www.nltaxonomie.nl/nt20/bd/20251210"
    euro = 'contextRef="Msg" decimals="INF" unitRef="EUR"'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<xbrli:xbrl xml:lang="nl" xmlns:xbrli="http://www.xbrl.org/2003/instance"
xmlns:b="{taxonomy}/dictionary/bd-data" xmlns:link="http://www.xbrl.org/2003/linkbase" xmlns:xlink="http://www.w3.org/1999/xlink"
xmlns:iso4217="http://www.xbrl.org/2003/iso4217">
<link:schemaRef xlink:type="simple" xlink:href="{taxonomy}/entrypoints/bd-rpt-ob-aangifte-{end[:4]}.xsd"/>
<xbrli:context id="Msg"><xbrli:entity>
<xbrli:identifier
scheme="www.belastingdienst.nl/omzetbelastingnummer">{identity}</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:startDate>{end[:8]}01</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate></xbrli:period>
</xbrli:context><xbrli:unit id="EUR"><xbrli:measure>iso4217:EUR</xbrli:measure></xbrli:unit>
<b:DateTimeCreation contextRef="Msg">202602241000</b:DateTimeCreation>
<b:MessageReferenceSupplierVAT contextRef="Msg">OB-1</b:MessageReferenceSupplierVAT>
<b:SoftwareVendorAccountNumber contextRef="Msg">SWO00000</b:SoftwareVendorAccountNumber>
<b:ValueAddedTaxSuppliesServicesGeneralTariff {euro}>210</b:ValueAddedTaxSuppliesServicesGeneralTariff>
<b:ValueAddedTaxOwed {euro}>210</b:ValueAddedTaxOwed>
<b:ValueAddedTaxOnInput {euro}>10</b:ValueAddedTaxOnInput>
<b:ValueAddedTaxOwedToBePaidBack {euro}>200</b:ValueAddedTaxOwedToBePaidBack>
</xbrli:xbrl>""".encode()


def delivery(**changes: Any) -> Delivery:
    """A VAT return over January 2026."""
    return replace(
        Delivery(
            message_kind="Omzetbelasting",
            identity=Identity(IDENTITY),
            aanleverkenmerk="attempt-1",
            content=instance(),
            file_name="Omzetbelasting.xbrl",
        ),
        **changes,
    )


@dataclass
class Laboratory:
    """Certificates of one authority, in a folder and as values; and those of another, foreign one."""

    folder: Path
    authority: Authority
    foreign: Authority
    roles: dict[str, Issued]
    foreign_roles: dict[str, Issued]
    client: Credentials
    signer: Credentials
    foreign_client: Credentials

    @property
    def files(self) -> CertificateFolder:
        return CertificateFolder(self.folder)

    @property
    def trust_in_client(self) -> Trust:
        return Trust((self.authority.issued.certificate,), CLIENT_NAME)

    @property
    def trust_in_signer(self) -> Trust:
        return Trust((self.authority.issued.certificate,), SIGNER_NAME)


def _credentials(issued: Issued) -> Credentials:
    return make_credentials(issued.certificate, issued.key)


def make_laboratory(folder: Path) -> Laboratory:
    authority, foreign = Authority.make("laboratory"), Authority.make("somebody else")
    roles, foreign_roles = issue_roles(authority), issue_roles(foreign)
    files = CertificateFolder(folder)
    for role, issued in roles.items():
        issued.write(files.certificate(role), files.key(role))
    files.authority.write_bytes(authority.issued.certificate.public_bytes(Encoding.PEM))
    return Laboratory(
        folder=files.folder,
        authority=authority,
        foreign=foreign,
        roles=roles,
        foreign_roles=foreign_roles,
        client=_credentials(roles["client"]),
        signer=_credentials(roles["signer"]),
        foreign_client=_credentials(foreign_roles["client"]),
    )
