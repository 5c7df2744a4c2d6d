"""Settings: environment `KANTOOR_…` over `kantoor.toml` over defaults, one typed model.

A setting `smtp.port` is `KANTOOR_SMTP_PORT` in the environment and `port` under `[smtp]` in the file. The
file is `kantoor.toml` in the current folder, or else the one in the home folder. `docs/settings.md` is
generated from the descriptions here.
"""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from .hosts import is_loopback
from .suggest import nearest

PREFIX = "KANTOOR_"
FILE = "kantoor.toml"
NO_SETTINGS = frozenset({"KANTOOR_AS", "KANTOOR_CACHE"})
"""Read from the environment by commands, but no settings: they differ per person, not per office."""

Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0)]


class SettingsError(Exception):
    """One or more settings are wrong; one sentence each, without any secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Section(BaseModel):
    """A group of settings; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Temporal(Section):
    """The Temporal server: the embedded one, or any cluster (R43)."""

    address: str = Field(
        "127.0.0.1:7233", pattern=r"^[^\s:/]+:\d{1,5}$", description="Host and port of the server."
    )
    namespace: str = Field(
        "default", min_length=1, description="Namespace in which the office's workflows live."
    )
    task_queue: str = Field("kantoor", min_length=1, description="Task queue of the worker.")
    answer_seconds: Seconds = Field(
        10,
        description="How long a command waits for a filing's answer before it reports the outcome "
        "of the act as unknown.",
    )
    retention_days: int = Field(
        30,
        ge=1,
        le=3650,
        description="How many days the embedded server keeps the histories of what has ended, from which an "
        "older copy of the database is made whole. Of any other server this is a setting of its namespace.",
    )
    tls: bool = Field(False, description="Use TLS; also switched on by an API key or any of the files below.")
    tls_ca: Path | None = Field(
        None, description="PEM file with the CA certificates to verify the server with."
    )
    tls_certificate: Path | None = Field(None, description="PEM file with the client certificate.")
    tls_key: Path | None = Field(None, description="PEM file with the client certificate's key.")
    api_key: SecretStr | None = Field(None, description="API key of the namespace.")

    @property
    def uses_tls(self) -> bool:
        """Say whether the connection is to be encrypted."""
        return self.tls or self.api_key is not None or any((self.tls_ca, self.tls_certificate, self.tls_key))

    @model_validator(mode="after")
    def _check_certificate_pair(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key go together: set both or neither")
        return self


class Smtp(Section):
    """The mail server that messages go out by."""

    host: str = Field("127.0.0.1", min_length=1, description="Host of the SMTP server.")
    port: Port = Field(2525, description="Port of the SMTP server.")
    security: Literal["none", "starttls", "tls"] = Field(
        "none", description="Encryption: none, starttls (usually port 587) or tls (usually port 465)."
    )
    user: str | None = Field(None, description="Name to log in with; default: no login.")
    password: SecretStr | None = Field(None, description="Password to log in with.")
    sender: str = Field(
        "kantoor@kantoor.invalid", pattern=r"^\S+@\S+$", description="Address that messages are sent from."
    )
    seconds: Seconds = Field(10, description="How long the server may take over one step.")

    @model_validator(mode="after")
    def _check_password(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together: set both or neither")
        if self.password is not None and self.security == "none" and not is_loopback(self.host):
            raise ValueError("a password is not sent without encryption: set security to starttls or tls")
        return self


class Digipoort(Section):
    """Digipoort, or its simulator. The client certificate opens the channel and signs."""

    delivery_url: str = Field(
        "https://localhost:8443/wus/2.0/aanleverservice/1.2",
        pattern=r"^https://\S+$",
        description="Address of the Aanleverservice.",
    )
    status_url: str = Field(
        "https://localhost:8443/wus/2.0/statusinformatieservice/1.2",
        pattern=r"^https://\S+$",
        description="Address of the Statusinformatieservice.",
    )
    certificate: Path = Field(
        Path("certificates/client.pem"), description="PEM file with the office's PKIoverheid certificate."
    )
    key: Path = Field(Path("certificates/client-key.pem"), description="PEM file with its key.")
    key_password: SecretStr | None = Field(None, description="Password of the key file.")
    certificate_name: str | None = Field(
        None, description="Name that our own certificate must contain; default: any."
    )
    authority: Path = Field(
        Path("certificates/authority.pem"),
        description="PEM file with the CA certificates that the server and the signers of answers must "
        "chain to: for Digipoort the root of PKIoverheid's private services.",
    )
    intermediates: Path | None = Field(
        None,
        description="PEM file with the CA certificates between that authority and the signers of answers, "
        "which an answer does not bring along: for Digipoort the domain's and the issuing CA's. They are "
        "believed only as far as the authority issued them.",
    )
    signer_name: str = Field(
        "digipoort-simulator.invalid",
        min_length=1,
        description="Name in the certificate that signs the answers (Digipoort's differs from its server's).",
    )
    algorithm: Literal["sha1", "sha256"] = Field(
        "sha1", description="Hash of our signatures; Digipoort's published policy asks for sha1."
    )
    identity_type: Literal["BTW", "Fi"] = Field(
        "Fi", description="Type of the identity in the metadata (identiteitBelanghebbende)."
    )
    role: str = Field(
        "Bedrijf", min_length=1, max_length=40, description="rolBelanghebbende in the metadata."
    )
    authorisation_address: str | None = Field(
        "http://geenausp.nl", description="autorisatieAdres in the metadata."
    )
    acknowledgement_names: Literal["aanleverkenmerk", "nothing"] = Field(
        "aanleverkenmerk",
        description="What RefersToMessageId of the authority's acknowledgement names: our aanleverkenmerk, "
        "or nothing that we know. By it a delivery whose answer was lost is told from those of others.",
    )
    judgement_hours: float = Field(
        72,
        ge=1,
        description="How long (office time) a return that Digipoort took may be without a final status "
        "before somebody is told; Digipoort itself gives up after 72 hours. From the filing's last day on an "
        "hour is enough.",
    )


class Worker(Section):
    """What one worker takes on. A practice office has no other values: a busy machine is as slow there."""

    task_seconds: float = Field(
        10,
        ge=5,
        description="How long one workflow task may take before the server gives it to another worker. "
        "After a worker is killed, a filing whose task it had taken waits this long.",
    )
    tasks_at_once: int | None = Field(
        None,
        ge=2,
        description="How many workflow tasks a worker takes on at once; default: 4 on one core, 8 on two, 16 "
        "on four or more, in proportion to `task_seconds`. With more of them a worker that has to replay its "
        "filings answers none in time.",
    )
    cached_workflows: int = Field(
        2000,
        ge=2,
        description="How many filings and recurrences a worker keeps in memory; any other is replayed "
        "from its history at each event. Set it above the number open at once, as far as memory allows: each "
        "takes about 0.3 MB.",
    )


class Transport(Section):
    """How long the outside world gets; all in real seconds."""

    sticky_queue_seconds: Seconds = Field(
        10, description="How long a workflow waits for the worker that had it before another may take it."
    )
    activity_seconds: Seconds = Field(
        30, description="How long one activity may take, except a delivery or a record."
    )
    record_seconds: Seconds = Field(5, description="How long one record into the database may take.")
    delivery_seconds: Seconds = Field(90, description="How long one delivery to Digipoort may take.")
    retry_seconds: Seconds = Field(1, description="Wait before the first retry; it doubles each time.")
    retry_most_seconds: Seconds = Field(300, description="Longest wait between two retries.")
    poll_seconds: Seconds = Field(
        10, description="Wait before Digipoort's status is asked again; it doubles each time."
    )
    poll_most_seconds: Seconds = Field(3600, description="Longest wait between two status questions.")
    connect_seconds: Seconds = Field(10, description="How long a connection to Digipoort may take.")
    answer_seconds: Seconds = Field(60, description="How long Digipoort may take to answer.")
    lifetime_seconds: Seconds = Field(
        300,
        description="How long a message to Digipoort stays acceptable. After a lost answer a delivery may "
        "still show up until then, and nothing is sent again before.",
    )
    skew_seconds: Seconds = Field(60, description="How far Digipoort's clock and ours may differ.")
    sendings_most: int = Field(
        10,
        ge=1,
        description="How often a return is sent to Digipoort before a person is told that it is not taken; "
        "each time only after the message before has expired.",
    )


PRACTICE = Transport(
    sticky_queue_seconds=3,
    activity_seconds=5,
    record_seconds=5,
    delivery_seconds=10,
    retry_seconds=0.2,
    retry_most_seconds=1,
    poll_seconds=0.2,
    poll_most_seconds=0.2,
    connect_seconds=2,
    answer_seconds=3,
    lifetime_seconds=5,
    skew_seconds=1,
    sendings_most=5,
)
"""The short settings of a practice office, where a second may be a day and a killed worker costs many."""


class Portal(Section):
    """The web pages of office and clients."""

    host: str = Field("127.0.0.1", min_length=1, description="Address on which the pages listen.")
    port: Port = Field(8080, description="Port on which the pages listen.")
    base_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/]+)?$",
        description="What links in mails begin with, such as https://mijn.kantoor.nl: where people reach the "
        "pages, through whatever stands before them. Empty: http://host:port, for this machine alone.",
    )
    proxies: str = Field(
        "",
        description="Addresses of reverse proxies before the pages, separated by commas: these are believed "
        "about where a visitor comes from (X-Forwarded-For). Empty: nobody is.",
    )
    link_days: int = Field(30, ge=1, le=365, description="How long a link in a mail signs its reader in.")
    client_hours: Seconds = Field(12, description="How long a client stays signed in, in hours.")
    team_hours: Seconds = Field(10, description="How long a team member stays signed in, in hours.")
    second_factor: bool = Field(
        True,
        description="Ask team members for a code of their authenticator besides the link in their mail. A "
        "practice office never does.",
    )

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, base_url: str) -> str:
        if base_url.startswith("http://") and not is_loopback(urlsplit(base_url).hostname or ""):
            raise ValueError("links go out encrypted: it must begin with https://")
        return base_url

    @model_validator(mode="after")
    def _check_address(self) -> Self:
        if not self.base_url and not is_loopback(self.host):
            raise ValueError("base_url is needed where the pages listen to others than this machine")
        return self


class Local(Section):
    """What `kantoor up` runs on this machine."""

    server: bool = Field(True, description="Run the embedded Temporal server (at temporal.address).")
    server_web_port: Port = Field(8233, description="Port of the Temporal server's own web page.")
    mail: bool = Field(True, description="Run the mail catcher (at smtp.host and smtp.port).")
    portal: bool = Field(True, description="Run the web pages (at portal.host and portal.port).")
    digipoort: bool = Field(
        True, description="Run the Digipoort simulator (at the port of digipoort.delivery_url)."
    )
    script: Path | None = Field(
        None, description="The simulator's script, as for `kantoor digipoort-simulator --script`."
    )
    ready_seconds: Seconds = Field(
        300,
        description="How long a program may take to become ready. One that exits is noticed at once; only "
        "one that hangs takes this long.",
    )
    stop_seconds: Seconds = Field(10, description="How long a program may take to stop before it is killed.")
    restart_seconds: Seconds = Field(
        0.5, description="Wait before a crashed program is started again; it doubles up to 30 seconds."
    )
    steady_seconds: Seconds = Field(
        60, description="How long a program must have run for its next crash to count as its first."
    )


class Settings(BaseSettings):
    """Everything that can be set. Relative paths, except `home`, are relative to the home folder."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_ignore_empty=True,
        nested_model_default_partial_update=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    home: Path = Field(
        Path(".kantoor"), description="Folder with the office's state; relative to the current folder."
    )
    database_url: str = Field(
        "",
        repr=False,
        description="SQLAlchemy address of the office database; empty: SQLite in the home folder.",
    )
    keys: Path = Field(
        Path("keys"), description="Folder with the key files. Without them nothing can be read."
    )
    documents: Path = Field(Path("documents"), description="Folder with the encrypted documents.")
    mailbox: Path = Field(Path("mail"), description="Folder in which the mail catcher keeps its messages.")
    machine: str = Field(
        "",
        max_length=200,
        description="Name of the machine, by which a home that was copied to another one is known; empty: "
        "/etc/machine-id. Set it, in the environment, where that differs at each start (containers), and "
        "the same on machines that take turns with one home (shared storage, fail-over).",
    )
    temporal: Temporal = Temporal()
    smtp: Smtp = Smtp()
    portal: Portal = Portal()
    digipoort: Digipoort = Digipoort()
    worker: Worker = Worker()
    transport: Transport = Transport()
    practice: Transport = PRACTICE
    local: Local = Local()

    @model_validator(mode="after")
    def _place_files(self) -> Self:
        self.home = self.home.expanduser().absolute()
        for name, value in self:
            if isinstance(value, Section):
                setattr(self, name, value.model_copy(update=_files(value, self.home)))
        for name, file in _files(self, self.home).items():
            setattr(self, name, file)
        if not self.database_url:
            self.database_url = own_database(self.home)
        return self

    @property
    def server_is_embedded(self) -> bool:
        """Say whether the Temporal server is the one that `kantoor up` runs on this machine."""
        return self.local.server and is_loopback(self.temporal.address.rpartition(":")[0])

    @property
    def mail_is_caught(self) -> bool:
        """Say whether mail goes to the catcher of `kantoor up`, which gives it to nobody."""
        return self.local.mail and is_loopback(self.smtp.host)

    @property
    def digipoort_is_simulated(self) -> bool:
        """Say whether returns go to the simulator of `kantoor up` instead of Digipoort."""
        return self.local.digipoort and is_loopback(urlsplit(self.digipoort.delivery_url).hostname or "")

    @property
    def base_url(self) -> str:
        """Return what links to the pages begin with, without a slash at the end."""
        return self.portal.base_url or f"http://{self.portal.host}:{self.portal.port}"

    def timing(self, practice: bool) -> Transport:
        """Return how long the outside world gets: in a practice office, or in a real one."""
        return self.practice if practice else self.transport

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what was passed over the environment over the file; nothing else."""
        file = settings_file()
        content = tomllib.loads(file.read_text("utf-8")) if file else {}
        return init_settings, env_settings, InitSettingsSource(settings_cls, content)


def load_settings(**given: Any) -> Settings:
    """Return the settings; `given` ones win over environment and file.

    Raises SettingsError with a sentence for each setting that is wrong or unknown.
    """
    problems = _unknown_names()
    try:
        settings = Settings(**given)
    except ValidationError as error:
        found = [(tuple(map(str, e["loc"])), e["msg"], e["type"]) for e in error.errors()]
        unknown = [
            environment_name(path) in os.environ and kind == "extra_forbidden" for path, _, kind in found
        ]
        problems += [_sentence(*one) for one, told in zip(found, unknown, strict=True) if not told]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{settings_file()} cannot be read as TOML: {error}")
    except OSError as error:
        problems.append(f"{settings_file()} cannot be read: {error.strerror}")
    if problems:
        raise SettingsError(problems)
    return settings


def settings_file() -> Path | None:
    """Return the `kantoor.toml` that counts: the current folder's, or else the home folder's."""
    home = Path(os.environ.get(PREFIX + "HOME") or ".kantoor").expanduser()
    return next((file for file in (Path(FILE), home / FILE) if file.is_file()), None)


def own_database(home: Path) -> str:
    """Return the address of the database in the home folder, which counts when none is set."""
    return f"sqlite:///{home / 'kantoor.db'}"


def setting_names() -> Iterator[tuple[tuple[str, ...], FieldInfo, Any]]:
    """Yield path, declaration and default of every setting, in the order of the model."""
    for name, field in Settings.model_fields.items():
        if not isinstance(field.default, Section):
            yield (name,), field, field.default
            continue
        for inner, declared in type(field.default).model_fields.items():
            yield (name, inner), declared, getattr(field.default, inner)


def environment_name(path: tuple[str, ...]) -> str:
    """Return the environment variable of a setting, such as KANTOOR_SMTP_PORT."""
    return PREFIX + "_".join(path).upper()


def _files(part: BaseModel, home: Path) -> dict[str, Path]:
    """Return the paths among the settings of a part, relative ones placed in the home folder."""
    return {name: home / value.expanduser() for name, value in part if isinstance(value, Path)}


def _unknown_names() -> list[str]:
    known = {environment_name(path) for path, _, _ in setting_names()}
    problems = []
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known | NO_SETTINGS:
            problems.append(_no_setting(name, nearest(name, known)))
    return problems


def _unknown(path: tuple[str, ...]) -> str:
    """Say that a name in the file is none, with the one that looks like it or that has it in a section."""
    name = ".".join(path)
    settings = [".".join(known) for known, _, _ in setting_names()]
    sections = [known for known in Settings.model_fields if known not in settings]
    within = next((known for known in settings if known.endswith(f".{path[-1]}")), None)
    near = within or nearest(name, [*sections, *settings])
    return f"{settings_file() or 'the command'}: {_no_setting(name, near)}"


def _no_setting(name: str, near: str | None) -> str:
    return f"unknown setting {name}" + (f"; did you mean {near}?" if near else "")


def _sentence(path: tuple[str, ...], message: str, kind: str) -> str:
    if kind == "extra_forbidden":
        return _unknown(path)
    name = environment_name(path)
    if path and isinstance(Settings.model_fields[path[0]].default, Section) and len(path) == 1:
        where = f"{path[0]} ({name}_…)"
    elif name in os.environ:
        where = f"{name} (from the environment)"
    else:
        source = settings_file() or "the command"
        where = f"{'.'.join(path)} (from {source}; in the environment {name})"
    said = message.removeprefix("Value error, ").removeprefix("Input ")
    return f"invalid value for {where}: {said}"
