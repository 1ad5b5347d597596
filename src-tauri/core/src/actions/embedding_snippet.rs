//! The code that a host page and its backend need, for one dashboard.

use crate::Core;
use crate::embedding::snippets::{self, Embedded, Shown};
use crate::error::Result;
use crate::ids::InstanceId;
use serde::{Deserialize, Serialize};

/// Which code.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::VariantArray,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EmbeddingCode {
    /// The host page, plain.
    Html,
    /// The host page, as a component.
    React,
    Python,
    Node,
    Curl,
    Rust,
}

/// How the page shows the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FrameLook {
    pub hide_title: bool,
    pub filters_open: bool,
}

/// Code, and what goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EmbeddingSnippetView {
    pub code: EmbeddingCode,
    /// `guest_token.py`
    pub file: String,
    pub text: String,
    /// What installs what it stands on: `npm install @superset-ui/embedded-sdk@0.4.0`.
    pub install: Option<String>,
    /// The variable that holds the minter's key, for a backend.
    pub variable: Option<String>,
}

impl Core {
    /// The code, with this dashboard's ids in it and no key.
    ///
    /// # Errors
    /// [`crate::Error::NoSuchDashboard`], [`crate::Error::NotEmbedded`]
    pub async fn embedding_snippet(
        &self,
        id: &InstanceId,
        dashboard: i32,
        code: EmbeddingCode,
        look: FrameLook,
    ) -> Result<EmbeddingSnippetView> {
        let instance = self.instance(id)?;
        let (dashboard, embedding) = self.embedded(&instance, dashboard).await?;
        let superset = instance.url.to_string();
        let of = Embedded { superset: &superset, dashboard: &embedding.uuid };
        let shown =
            Shown { title: &dashboard.title, hide_title: look.hide_title, filters_open: look.filters_open };
        let (file, text, install) = match code {
            EmbeddingCode::Html => ("embedded.html", snippets::html(of, shown), Some(snippets::SDK)),
            EmbeddingCode::React => ("Dashboard.jsx", snippets::react(of, shown), Some(snippets::SDK)),
            EmbeddingCode::Python => ("guest_token.py", snippets::python(of), None),
            EmbeddingCode::Node => ("guest-token.mjs", snippets::node(of), None),
            EmbeddingCode::Curl => ("guest-token.sh", snippets::curl(of), None),
            EmbeddingCode::Rust => ("guest_token.rs", snippets::rust(of), Some(snippets::CRATES)),
        };
        let is_page = matches!(code, EmbeddingCode::Html | EmbeddingCode::React);
        Ok(EmbeddingSnippetView {
            code,
            file: file.to_owned(),
            text,
            install: install.map(str::to_owned),
            variable: (!is_page).then(|| snippets::KEY_VARIABLE.to_owned()),
        })
    }
}
