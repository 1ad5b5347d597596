//! The switches of embedding, and what can be found of each. The sentences for it are one file for both faces:
//! `ui/src/messages/embedding-check.json`.

use crate::error::ErrorParams;
use serde::{Deserialize, Serialize};

/// A switch of embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::VariantArray)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum EmbeddingSwitch {
    /// `EMBEDDED_SUPERSET`
    EmbeddedSuperset,
    /// `GUEST_TOKEN_JWT_SECRET`
    GuestTokenSecret,
    /// `GUEST_TOKEN_JWT_EXP_SECONDS`
    GuestTokenLifetime,
    /// `GUEST_ROLE_NAME`
    GuestRole,
    /// `ENABLE_CORS`
    EnableCors,
    /// `CORS_OPTIONS`
    CorsOptions,
    /// `TALISMAN_CONFIG`
    Talisman,
    /// `X-Frame-Options`
    FrameOptions,
    /// The dashboard's own list of sites.
    AllowedDomains,
    /// Not one of the seed's nine: permissions on the Public role.
    PublicRole,
    /// The page's and Superset's scheme: a page over https shows no frame over http.
    Scheme,
    /// What the host page tells of itself: its referrer policy.
    HostPage,
}

/// What was found of a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SwitchState {
    Right,
    /// It shows, and is not safe or not sound.
    Doubtful,
    Wrong,
    /// It shows, and lets strangers in.
    Critical,
    CannotTell,
    NotNeeded,
}

/// What was found of a switch, by the name of its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::VariantArray)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum EmbeddingFinding {
    EmbeddingOn,
    EmbeddingOff,
    /// The sign-in page does not tell.
    FlagUntold,
    SecretOwn,
    SecretShipped,
    SecretPublished,
    SecretIsSecretKey,
    SecretUntold,
    LifetimeFine,
    LifetimeShort,
    LifetimeLong,
    RoleFine,
    /// It is the one that strangers have.
    RoleOfStrangers,
    /// It is one of Superset's own for people.
    RoleOfPeople,
    RoleMissing,
    RoleLacks,
    /// The server takes the guest for nobody.
    GuestRefused,
    /// Something else came than could be told apart.
    GuestOdd,
    /// No token could be had.
    NotMinted,
    /// Without an embedding there is nothing to ask about.
    NotTried,
    CorsForHost,
    CorsNotNeeded,
    CorsNone,
    CorsOfOthers,
    CorsForAll,
    /// An origin that was made up is let in with whatever its visitor is signed in with.
    CorsForAllWithCredentials,
    AncestorsFine,
    AncestorsAnybody,
    AncestorsOthers,
    AncestorsMissing,
    /// No header says who may frame it.
    FramingOpen,
    /// `X-Frame-Options` decides, since nothing else does.
    PolicyAbsent,
    FrameOptionsAbsent,
    FrameOptionsIgnored,
    FrameOptionsUnknown,
    FrameOptionsOwn,
    FrameOptionsBlock,
    SitesClosed,
    SitesOpen,
    SitesWithoutHost,
    NotEmbedded,
    /// Whether it is embedded is not told to whoever asks.
    EmbeddingUntold,
    /// Another page answers in its place.
    PageElsewhere,
    PageOdd,
    PublicEmpty,
    PublicOpen,
    SchemesFine,
    SchemesOpen,
    MixedContent,
    HostPageFine,
    HostPageHidesReferrer,
    HostPageNotNamed,
    HostPageOfAnotherSite,
    HostPageUnreachable,
}

/// One line of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SwitchView {
    pub switch: EmbeddingSwitch,
    pub state: SwitchState,
    /// What was found, by the name of its sentence.
    pub found: EmbeddingFinding,
    /// The values that the sentence needs.
    pub params: ErrorParams,
    /// What was asked: `GET /embedded/…, from https://app.example.com`.
    pub asked: String,
    /// What came: `200, frame-ancestors 'self'`.
    pub answered: String,
    pub fix: Option<SwitchFix>,
}

/// What mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SwitchFix {
    /// `superset_config.py`, `nginx.conf`, or nothing where it is mended in Superset itself.
    pub file: Option<String>,
    pub lines: String,
}
