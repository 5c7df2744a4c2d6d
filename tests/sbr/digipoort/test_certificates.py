"""Our own certificate: read, checked, and said what is wrong with it."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from kantoor.sbr.digipoort.certificates import (
    check_certificate,
    days_left,
    first_error,
    load_authorities,
    load_credentials,
    subject_names,
)
from kantoor.sbr.digipoort.practice_certificates import CLIENT_NAME, SIGNER_NAME, make_test_authority
from kantoor.sbr.digipoort.problems import NotSent, Problem

from .laboratory import Laboratory

NOW = datetime.now(UTC)


def test_a_good_certificate_brings_no_findings(lab: Laboratory) -> None:
    assert check_certificate(lab.client.certificate, NOW, name=CLIENT_NAME) == ()


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (NOW - timedelta(days=10), "not_yet_valid"),
        (NOW + timedelta(days=5 * 365 + 1), "expired"),
    ],
)
def test_a_certificate_outside_its_dates_is_of_no_use(moment: datetime, code: str, lab: Laboratory) -> None:
    trouble = first_error(check_certificate(lab.client.certificate, moment))
    assert trouble is not None
    assert trouble.code == code


def test_a_certificate_that_ends_soon_is_a_warning_with_the_days_left(lab: Laboratory) -> None:
    moment = lab.client.certificate.not_valid_after_utc - timedelta(days=12, hours=3)
    (finding,) = check_certificate(lab.client.certificate, moment)
    assert finding.severity == "warning"
    assert finding.trouble.dutch == "het certificaat verloopt over 12 dagen: vraag nu een nieuw aan"
    assert finding.trouble.english == "the certificate expires in 12 days: ask for a new one now"
    assert days_left(lab.client.certificate, moment) == 12


def test_a_certificate_for_a_server_is_refused_as_a_client(lab: Laboratory) -> None:
    trouble = first_error(check_certificate(lab.roles["server"].certificate, NOW))
    assert trouble is not None
    assert trouble.english == "the certificate is not valid for client authentication"


def test_a_certificate_of_an_issuer_may_not_sign_messages(lab: Laboratory) -> None:
    codes = [finding.trouble.english for finding in check_certificate(lab.authority.issued.certificate, NOW)]
    assert codes == ["the certificate is not valid for signing"]


def test_a_certificate_in_another_name_is_refused(lab: Laboratory) -> None:
    trouble = first_error(check_certificate(lab.client.certificate, NOW, name="kantoor.example"))
    assert trouble is not None
    assert trouble.code == "wrong_name"


def test_both_common_name_and_dns_names_are_names(lab: Laboratory) -> None:
    purposes = [ExtendedKeyUsageOID.CLIENT_AUTH]
    names = subject_names(lab.authority.issue("a.example", purposes=purposes).certificate)
    assert names == {"a.example"}
    assert subject_names(lab.authority.issued.certificate) == {"laboratory"}


def test_the_first_certificate_of_a_bundle_is_ours(lab: Laboratory, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(lab.files.certificate("client").read_bytes() + lab.files.authority.read_bytes())
    assert load_credentials(bundle, lab.files.key("client")).certificate == lab.client.certificate
    assert len(load_authorities(bundle)) == 2


def test_a_key_with_a_password_opens_with_it_alone(lab: Laboratory, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    secret = BestAvailableEncryption(b"geheim")
    key.write_bytes(lab.roles["client"].key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))
    certificate = lab.files.certificate("client")
    assert load_credentials(certificate, key, "geheim").certificate == lab.client.certificate
    for password in (None, "", "fout", _password_that_seems_to_fit(key)):
        with pytest.raises(NotSent, match="wrong or missing password") as refused:
            load_credentials(certificate, key, password)
        assert refused.value.lasting


def _password_that_seems_to_fit(key: Path) -> str:
    """A wrong password after which the padding is right by chance, about one in 200."""
    for number in count():
        with pytest.raises(ValueError, match=r".") as refused:
            load_pem_private_key(key.read_bytes(), str(number).encode())
        if "password" not in str(refused.value):
            return str(number)
    raise AssertionError


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\xff\xfe", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_that_is_no_certificate_or_key_is_said_to_be_so(
    content: bytes, lab: Laboratory, tmp_path: Path
) -> None:
    file = tmp_path / "file.pem"
    file.write_bytes(content)
    with pytest.raises(NotSent, match="the certificate cannot be read"):
        load_credentials(file, lab.files.key("client"))
    with pytest.raises(NotSent, match="the key of the certificate cannot be read"):
        load_credentials(lab.files.certificate("client"), file)
    with pytest.raises(NotSent, match="authority cannot be read"):
        load_authorities(file)


def test_a_file_that_is_absent_is_said_to_be_so(lab: Laboratory, tmp_path: Path) -> None:
    with pytest.raises(NotSent, match="No such file") as refused:
        load_credentials(tmp_path / "none.pem", lab.files.key("client"))
    assert refused.value.trouble.problem is Problem.CERTIFICATE_UNREADABLE


def test_the_key_of_another_certificate_is_refused(lab: Laboratory) -> None:
    with pytest.raises(NotSent, match="the key does not belong to the certificate"):
        load_credentials(lab.files.certificate("client"), lab.files.key("server"))


def test_a_key_of_another_kind_or_too_short_is_refused(lab: Laboratory, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    for key in (generate_ec_key(SECP256R1()), generate_private_key(65537, 1024)):
        file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        with pytest.raises(NotSent, match="RSA key of at least 2048 bits"):
            load_credentials(lab.files.certificate("client"), file)


def test_the_practice_authority_is_made_once_and_its_keys_are_for_the_owner_alone(tmp_path: Path) -> None:
    files = make_test_authority(tmp_path / "certificates")
    client = files.certificate("client").read_bytes()
    assert make_test_authority(tmp_path / "certificates") == files
    assert files.certificate("client").read_bytes() == client
    assert {file.stat().st_mode & 0o777 for file in files.folder.glob("*-key.pem")} == {0o600}
    assert not list(files.folder.glob("authority-key*"))
    signer = load_credentials(files.certificate("signer"), files.key("signer"))
    assert subject_names(signer.certificate) == {SIGNER_NAME}
    assert days_left(signer.certificate, NOW) > 4 * 365


def test_a_folder_that_was_left_half_made_is_made_again(tmp_path: Path) -> None:
    files = make_test_authority(tmp_path)
    files.authority.unlink()
    make_test_authority(tmp_path)
    assert load_credentials(files.certificate("client"), files.key("client"))
