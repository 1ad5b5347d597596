//! What was asked about an embedded dashboard, and what came: as it came, not what it means.

use super::secret_state::GuestSecretState;
use super::site::HostSite;
use url::Url;

/// Everything that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The site that is to show the dashboard.
    pub host: HostSite,
    /// Another one, for comparison.
    pub other: String,
    /// An origin that was made up.
    pub made_up: String,
    /// Superset, as it was asked.
    pub address: Url,
    /// `EMBEDDED_SUPERSET`
    pub is_on: Option<bool>,
    /// A stranger is asked who it is, and answered: the Public role has permissions.
    pub public_role: bool,
    /// None where it is not embedded.
    pub embedding: Option<Listed>,
    /// Whether it is embedded was not told.
    pub untold: bool,
    /// None without an embedding.
    pub frame: Option<Frame>,
    pub guest: Guest,
    pub cors: Option<Cors>,
    pub page: Option<HostPage>,
}

/// A dashboard's embedding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub uuid: String,
    pub sites: Vec<String>,
}

/// The headers by which a browser decides, and the status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reached {
    pub status: u16,
    /// Where it leads, if that is elsewhere.
    pub elsewhere: Option<String>,
    pub content_security: Vec<String>,
    pub frame_options: Vec<String>,
    pub allow_origin: Option<String>,
    pub allow_credentials: bool,
}

/// `GET /embedded/<uuid>`, as pages of three sites make a browser ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub from_host: Reached,
    pub from_other: Reached,
    /// Of a page that does not say where it is.
    pub from_nowhere: Reached,
}

/// A guest, if there was one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guest {
    /// The reason's name.
    NotMinted(String),
    Minted {
        secret: GuestSecretState,
        /// For how long the token is good; none where it does not tell.
        seconds: Option<u32>,
        calls: GuestCalls,
    },
}

/// How the guest was answered: statuses; 0 where no answer of Superset came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuestCalls {
    /// `GET /api/v1/me/roles/`
    pub roles: u16,
    /// The role in force, as the server says.
    pub role: Option<String>,
    /// `GET /api/v1/dashboard/<id>`
    pub dashboard: u16,
    /// `POST /api/v1/chart/data`; none where the dashboard has no chart that could be asked for.
    pub chart: Option<u16>,
}

/// What pages of two origins may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    pub host: Reached,
    pub host_preflight: Reached,
    pub made_up: Reached,
    pub made_up_preflight: Reached,
}

/// The page that is to show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostPage {
    Unreachable(String),
    Answered {
        url: Url,
        status: u16,
        /// `Referrer-Policy`
        header: Option<String>,
        /// `<meta name="referrer">`
        meta: Option<String>,
    },
}
