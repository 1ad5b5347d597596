//! What a person has set for this program as a whole.

use crate::activity::{Line, Mark};
use crate::settings::{Setting, SettingUnit, Settings};
use crate::{Core, Error, Result};
use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// One setting as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SettingView {
    pub name: Setting,
    pub unit: SettingUnit,
    pub value: u32,
    /// What holds where nobody set it.
    pub default: u32,
    pub is_set: bool,
    pub least: u32,
    pub most: u32,
}

impl SettingView {
    fn of(settings: &Settings, name: Setting) -> Self {
        let bounds = name.bounds();
        Self {
            name,
            unit: name.unit(),
            value: settings.get(name),
            default: name.default_value(),
            is_set: settings.is_set(name),
            least: *bounds.start(),
            most: *bounds.end(),
        }
    }
}

impl Core {
    /// All settings.
    pub fn settings(&self) -> Result<Vec<SettingView>> {
        let settings = self.store.read()?.settings;
        Ok(Setting::VARIANTS.iter().map(|name| SettingView::of(&settings, *name)).collect())
    }

    /// Sets one, or with `None` lets its default hold again.
    ///
    /// # Errors
    /// [`Error::SettingOutOfBounds`]
    pub async fn set_setting(&self, name: Setting, value: Option<u32>) -> Result<SettingView> {
        let before = self.setting(name);
        let set = self
            .change(move |state| {
                if !state.settings.set(name, value) {
                    let (least, most) = name.bounds().into_inner();
                    return Err(Error::SettingOutOfBounds { name: name.name(), least, most });
                }
                Ok(SettingView::of(&state.settings, name))
            })
            .await?;
        if name == Setting::KeepActivity && set.value != before {
            // From when on the record says nothing, or something again.
            let mark = Mark { at: self.now.now(), recording: set.value == 1 };
            self.keep(move |store| {
                if let Err(error) = store.note_activity(&Line::Mark(mark)) {
                    tracing::warn!(%error, "the record of activity could not be marked");
                }
            })
            .await;
        }
        Ok(set)
    }

    /// What holds now. A state that cannot be read has nothing set.
    #[must_use]
    pub fn setting(&self, name: Setting) -> u32 {
        self.store.read().map_or_else(|_| name.default_value(), |state| state.settings.get(name))
    }
}
