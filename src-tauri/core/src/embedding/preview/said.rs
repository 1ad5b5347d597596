//! What became of the frame, and the words for it.

use serde::{Deserialize, Serialize};

/// What the frame said, as far as a page of another site can tell, and what the server said to the same guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FrameSaid {
    /// Superset's page runs in it, and its guest gets the dashboard and its charts' data.
    Shown,
    Refused {
        reason: FrameRefusal,
    },
    /// Nothing, though nothing seen from here holds it back: a browser that keeps storage from frames, or a proxy.
    Silent,
}

/// Why no dashboard is in the frame (Superset 6.1.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::VariantArray)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum FrameRefusal {
    /// 404: `EMBEDDED_SUPERSET` is off, or the embedding has ended.
    NotThere,
    /// 403: this site is not on the dashboard's list.
    SiteNotListed,
    /// `frame-ancestors` does not name this site.
    FrameAncestors,
    /// `X-Frame-Options`, and no `frame-ancestors` in its place.
    FrameOptions,
    /// The server answers with something else: an error, or the way to another page.
    PageMissing,
    /// The server does not take the token.
    TokenRefused,
    /// There is no role of the name in `GUEST_ROLE_NAME`.
    RoleMissing,
    /// The guests' role lacks `can_read` on `CurrentUserRestApi`.
    RoleLacksUser,
    /// … on `Dashboard`.
    RoleLacksDashboard,
    /// … on `Chart`.
    RoleLacksChart,
}

/// What the page says; whoever serves it has the words. `{site}` is where it is served, `{dashboard}` the title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PreviewWords {
    pub heading: String,
    /// That it is for this computer alone, and for how long.
    pub note: String,
    pub waiting: String,
    pub shown: String,
    pub silent: String,
    /// The page came, and a token did not.
    pub no_token: String,
    pub refused: RefusalWords,
}

/// A sentence or two for each reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RefusalWords {
    pub not_there: String,
    pub site_not_listed: String,
    pub frame_ancestors: String,
    pub frame_options: String,
    pub page_missing: String,
    pub token_refused: String,
    pub role_missing: String,
    pub role_lacks_user: String,
    pub role_lacks_dashboard: String,
    pub role_lacks_chart: String,
}

impl PreviewWords {
    #[must_use]
    pub fn of(&self, said: FrameSaid) -> &str {
        let refused = &self.refused;
        match said {
            FrameSaid::Shown => &self.shown,
            FrameSaid::Silent => &self.silent,
            FrameSaid::Refused { reason } => match reason {
                FrameRefusal::NotThere => &refused.not_there,
                FrameRefusal::SiteNotListed => &refused.site_not_listed,
                FrameRefusal::FrameAncestors => &refused.frame_ancestors,
                FrameRefusal::FrameOptions => &refused.frame_options,
                FrameRefusal::PageMissing => &refused.page_missing,
                FrameRefusal::TokenRefused => &refused.token_refused,
                FrameRefusal::RoleMissing => &refused.role_missing,
                FrameRefusal::RoleLacksUser => &refused.role_lacks_user,
                FrameRefusal::RoleLacksDashboard => &refused.role_lacks_dashboard,
                FrameRefusal::RoleLacksChart => &refused.role_lacks_chart,
            },
        }
    }

    /// With what only whoever serves the page knows.
    #[must_use]
    pub fn at(mut self, site: &str, dashboard: &str) -> Self {
        let refused = &mut self.refused;
        for text in [
            &mut self.heading,
            &mut self.note,
            &mut self.waiting,
            &mut self.shown,
            &mut self.silent,
            &mut self.no_token,
            &mut refused.not_there,
            &mut refused.site_not_listed,
            &mut refused.frame_ancestors,
            &mut refused.frame_options,
            &mut refused.page_missing,
            &mut refused.token_refused,
            &mut refused.role_missing,
            &mut refused.role_lacks_user,
            &mut refused.role_lacks_dashboard,
            &mut refused.role_lacks_chart,
        ] {
            // The title last: what it says is no name of ours.
            *text = text.replace("{site}", site).replace("{dashboard}", dashboard);
        }
        self
    }
}
