"""The names on the wire: namespaces, algorithms and operations of Digipoort's WUS interface 1.2."""

from dataclasses import dataclass

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
"""Of faults by machines in between; Digipoort itself speaks SOAP 1.1."""
WSA = "http://www.w3.org/2005/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DS = "http://www.w3.org/2000/09/xmldsig#"
KV = "http://logius.nl/digipoort/koppelvlakservices/1.2/"
"""The payload's namespace (koppelvlak)."""

ANONYMOUS = "http://www.w3.org/2005/08/addressing/anonymous"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
X509V3 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
BASE64 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"

SIGNATURE_METHODS = {
    "sha1": "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "sha256": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
}
DIGEST_METHODS = {
    "sha1": "http://www.w3.org/2000/09/xmldsig#sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
}
"""By the value of the setting `algorithm`. Digipoort's own policy and recorded answers use SHA-1."""

DELIVERY_PATH = "/wus/2.0/aanleverservice/1.2"
STATUS_PATH = "/wus/2.0/statusinformatieservice/1.2"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one service; the actions go into wsa:Action and in the HTTP header SOAPAction."""

    path: str
    port: str
    name: str
    payload: str
    fault: str

    @property
    def _base(self) -> str:
        return f"http://logius.nl/digipoort{self.path}/{self.port}/{self.name}"

    @property
    def request_action(self) -> str:
        """The action of the question."""
        return f"{self._base}Request"

    @property
    def response_action(self) -> str:
        """The action of the signed answer."""
        return f"{self._base}Response"

    @property
    def fault_action(self) -> str:
        """The action of the unsigned fault."""
        return f"{self._base}/Fault/"

    @property
    def request_tag(self) -> str:
        """Clark name of the question's payload."""
        return f"{{{KV}}}{self.payload}Request"

    @property
    def response_tag(self) -> str:
        """Clark name of the answer's payload."""
        return f"{{{KV}}}{self.payload}Response"

    @property
    def fault_tag(self) -> str:
        """Clark name of the detail of a fault."""
        return f"{{{KV}}}{self.fault}"


def _status(name: str) -> Operation:
    return Operation(STATUS_PATH, "StatusinformatieService", name, name, "statusinformatieFault")


DELIVER = Operation(DELIVERY_PATH, "AanleverService", "aanleveren", "aanlever", "aanleverFault")
STATUSES = _status("getStatussenProces")
PROCESSES = _status("getProcessen")
