"""Every setting of every process, read once by `cli.py` and `worker.py`, passed on as values.

A blank variable means unset. Names are the field names in upper case, for example `API_PORT`;
`DATABASE_URL` and the `TEMPORAL_*` family keep the names that other tools use for them.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings with working defaults for one machine."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    env: Literal["prod", "dev"] = Field(
        "prod", description="Only `dev`, on loopback, knows the built-in token issuer."
    )
    oidc_issuer: str | None = Field(
        None, description="Issuer of the access tokens; unset in `dev` means the built-in one."
    )
    oidc_audience: str = Field("occupier-platform", description="What tokens must be meant for.")
    oidc_client_id: str = Field(
        "occupier-console", description="Name of the console at the issuer, for logins in browsers."
    )
    oidc_client_secret: SecretStr | None = Field(
        None, description="Its secret, where the issuer wants one besides PKCE."
    )
    public_url: str | None = Field(
        None, description="Where browsers find the console, for example https://occupier.example."
    )
    login_max_age_s: int = Field(
        300, gt=0, description="Oldest login with which a decommission may be started."
    )
    starts_per_minute: int = Field(10, ge=1, description="Starts that one caller may ask for.")

    occupier_as: str = Field(
        "super-admin", description="Persona that the command line asks the built-in issuer for."
    )
    occupier_token: SecretStr | None = Field(
        None, description="Access token of the command line, instead of a persona's."
    )

    data_dir: Path = Field(Path(".data"), description="Where the local stack keeps data and logs.")
    bind: str = Field("127.0.0.1", description="Address that the API and the estate listen on.")
    api_port: int = Field(8400, ge=1, le=65535)
    estate_port: int = Field(8401, ge=1, le=65535)
    worker_health_port: int = Field(8402, ge=1, le=65535)
    worker_metrics_port: int = Field(8403, ge=1, le=65535)
    sweeper_health_port: int = Field(8404, ge=1, le=65535)
    postgres_port: int = Field(8405, ge=1, le=65535)
    temporal_port: int = Field(8406, ge=1, le=65535)
    temporal_ui_port: int = Field(8407, ge=1, le=65535)

    database_url: SecretStr | None = Field(
        None, description="PostgreSQL to use; unset starts an embedded server."
    )
    database_pool: int = Field(20, ge=2, le=200, description="Connections per process.")
    temporal_address: str | None = Field(
        None, description="host:port of a Temporal cluster; unset starts the dev server."
    )
    temporal_namespace: str = "default"
    temporal_ui_url: str | None = Field(None, description="Where people open the Temporal Web UI.")

    api_url: str | None = Field(None, description="Where the command line finds the API.")
    estate_url: str | None = Field(None, description="Base URL of the outside systems.")
    outside_timeout_s: float = Field(30.0, gt=0, description="Longest wait for one outside call.")

    code_version: str | None = Field(
        None, description="What the running code calls itself; unset means its commit or release."
    )

    patience: float = Field(
        1.0, gt=0, le=1, description="Scales the waits between attempts; below 1 only in tests."
    )

    stuck_floor_s: float = Field(
        60.0, gt=0, description="No task counts as stuck before so many active seconds."
    )
    stuck_look_s: float = Field(
        5.0, gt=0, description="How often the sweeper looks for stuck tasks, in seconds."
    )
    breaker_tasks: int = Field(
        5, ge=2, description="So many tasks that fail in a row let the breaker hold a system."
    )
    breaker_probe_s: float = Field(
        60.0, gt=0, description="How long a breaker waits before it lets one task through."
    )
    hold_spread_s: float = Field(
        30.0, ge=0, description="Over how long the tasks of a released hold go on at most."
    )

    desk_url: str | None = Field(
        None, description="Where an outside support desk takes webhooks; unset means none."
    )
    desk_secret: SecretStr | None = Field(
        None, description="Secret of the webhooks that we send, in the form `whsec_...`."
    )
    desk_answer_secret: SecretStr | None = Field(
        None, description="Secret of the webhooks that the desk sends us."
    )

    log_level: str = "INFO"
    log_format: str = Field("json", pattern="^(json|console)$")

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @property
    def sqlalchemy_url(self) -> str:
        """`DATABASE_URL` with the driver that this project uses."""
        if self.database_url is None:
            raise ValueError("DATABASE_URL is not set; `occupier up` sets it for its children")
        url = self.database_url.get_secret_value()
        _, _, rest = url.partition("://")
        return f"postgresql+psycopg://{rest}"

    @property
    def libpq_url(self) -> str:
        """`DATABASE_URL` for plain psycopg connections."""
        return self.sqlalchemy_url.replace("postgresql+psycopg://", "postgresql://", 1)

    @property
    def api_base_url(self) -> str:
        """Where the API answers."""
        return self.api_url or f"http://{self.bind}:{self.api_port}"

    @property
    def public_base_url(self) -> str:
        """Where browsers find the console."""
        return (self.public_url or self.api_base_url).rstrip("/")

    @property
    def is_public_url_secure(self) -> bool:
        """Whether browsers come by TLS, so that cookies may demand it."""
        return self.public_base_url.startswith("https://")

    @property
    def sign_in_callback(self) -> str:
        """Where the issuer sends browsers back to."""
        return f"{self.public_base_url}/session/callback"

    @property
    def has_dev_issuer(self) -> bool:
        """Whether the API itself hands out tokens; `api/identity` refuses it where it must not."""
        return self.env == "dev" and self.oidc_issuer is None

    @property
    def issuer(self) -> str | None:
        """Who issues the access tokens; `None` when nobody was named."""
        return f"{self.api_base_url}/dev-issuer" if self.has_dev_issuer else self.oidc_issuer

    @property
    def estate_base_url(self) -> str:
        """Where the outside systems answer."""
        return self.estate_url or f"http://{self.bind}:{self.estate_port}"

    @property
    def temporal_target(self) -> str:
        """Where the Temporal frontend answers."""
        return self.temporal_address or f"{self.bind}:{self.temporal_port}"

    @property
    def temporal_web_url(self) -> str:
        """Where the Temporal Web UI answers."""
        return self.temporal_ui_url or f"http://{self.bind}:{self.temporal_ui_port}"
