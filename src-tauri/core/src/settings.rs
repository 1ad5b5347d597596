//! What a person has set for this program as a whole.
//!
//! Each setting has a name that people type, a value that is used where nobody set one, and bounds.

use crate::transport::Timeouts;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::ops::RangeInclusive;
use std::time::Duration;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What can be set: whole numbers, and what is on (1) or off (0).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Setting {
    /// After how many minutes without its person the app locks; 0 for never.
    LockAfterMinutes,
    /// Whether the app locks when the computer goes to sleep.
    LockOnSuspend,
    /// Whether the app locks when the screen is locked.
    LockWithScreen,
    /// Whether AI clients are served while what serves them is locked. A bridge that reads the keychain by itself asks
    /// nobody.
    BridgesWhenLocked,
    /// How long a copied key stays on the clipboard.
    ClipboardSeconds,
    /// How long to wait for a connection.
    ConnectTimeout,
    /// How long to wait for a whole answer.
    CallTimeout,
    /// From when on an audit calls a key quiet.
    AuditQuietDays,
    /// From when on before its end an audit says so.
    AuditEndsSoonDays,
    /// From how many on an audit says that somebody has many keys.
    AuditManyKeys,
    /// Whether what went through the bridge is noted.
    KeepActivity,
    /// Whether the desktop tells of keys that end soon.
    NotifyOfEnds,
}

/// What a setting's number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum SettingUnit {
    Seconds,
    Minutes,
    Days,
    Keys,
    /// 1 for on, 0 for off.
    Switch,
}

impl Setting {
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    #[must_use]
    pub fn unit(self) -> SettingUnit {
        match self {
            Self::LockAfterMinutes => SettingUnit::Minutes,
            Self::ClipboardSeconds | Self::ConnectTimeout | Self::CallTimeout => SettingUnit::Seconds,
            Self::AuditQuietDays | Self::AuditEndsSoonDays => SettingUnit::Days,
            Self::AuditManyKeys => SettingUnit::Keys,
            Self::LockOnSuspend
            | Self::LockWithScreen
            | Self::BridgesWhenLocked
            | Self::KeepActivity
            | Self::NotifyOfEnds => SettingUnit::Switch,
        }
    }

    /// Where nobody set it.
    #[must_use]
    pub fn default_value(self) -> u32 {
        match self {
            Self::LockAfterMinutes => 10,
            Self::ClipboardSeconds | Self::CallTimeout => 30,
            Self::ConnectTimeout | Self::AuditManyKeys => 5,
            Self::AuditQuietDays => 90,
            Self::AuditEndsSoonDays => 14,
            Self::LockOnSuspend | Self::LockWithScreen | Self::KeepActivity => 1,
            Self::BridgesWhenLocked | Self::NotifyOfEnds => 0,
        }
    }

    #[must_use]
    pub fn bounds(self) -> RangeInclusive<u32> {
        match self {
            Self::LockAfterMinutes => 0..=1440,
            Self::ClipboardSeconds => 5..=600,
            Self::ConnectTimeout | Self::CallTimeout => 1..=3600,
            Self::AuditQuietDays | Self::AuditEndsSoonDays => 1..=3650,
            Self::AuditManyKeys => 2..=1000,
            Self::LockOnSuspend
            | Self::LockWithScreen
            | Self::BridgesWhenLocked
            | Self::KeepActivity
            | Self::NotifyOfEnds => 0..=1,
        }
    }
}

/// What was set, by name; settings of tomorrow are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(Map<String, Value>);

impl Settings {
    /// What holds. A value that a person wrote into the file by hand is kept within its bounds.
    #[must_use]
    pub fn get(&self, setting: Setting) -> u32 {
        let bounds = setting.bounds();
        let set = self.0.get(setting.name()).and_then(Value::as_u64);
        let fitting =
            set.map(|set| u32::try_from(set).unwrap_or(u32::MAX).clamp(*bounds.start(), *bounds.end()));
        fitting.unwrap_or_else(|| setting.default_value())
    }

    /// Whether a person set it.
    #[must_use]
    pub fn is_set(&self, setting: Setting) -> bool {
        self.0.contains_key(setting.name())
    }

    /// Sets it, or with `None` lets the default hold again. Answers whether the value is within its bounds; else nothing
    /// is changed.
    #[must_use]
    pub fn set(&mut self, setting: Setting, value: Option<u32>) -> bool {
        match value {
            None => {
                self.0.shift_remove(setting.name());
            }
            Some(value) if setting.bounds().contains(&value) => {
                self.0.insert(setting.name().to_owned(), value.into());
            }
            Some(_) => return false,
        }
        true
    }

    #[must_use]
    pub fn timeouts(&self) -> Timeouts {
        let seconds = |setting| Duration::from_secs(u64::from(self.get(setting)));
        Timeouts { connect: seconds(Setting::ConnectTimeout), call: seconds(Setting::CallTimeout) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_the_default_and_what_does_not_fit_changes_nothing() {
        let mut settings = Settings::default();
        assert_eq!(settings.timeouts(), Timeouts::default());
        assert!(settings.set(Setting::ConnectTimeout, Some(60)));
        assert!(!settings.set(Setting::ConnectTimeout, Some(0)));
        assert_eq!(settings.timeouts().connect, Duration::from_secs(60));
        assert!(settings.set(Setting::ConnectTimeout, None));
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn what_was_written_by_hand_is_kept_within_its_bounds_and_what_is_unknown_stays() {
        let written = r#"{"call-timeout":0,"tomorrow":[1]}"#;
        let settings: Settings = serde_json::from_str(written).unwrap();
        assert_eq!(settings.get(Setting::CallTimeout), 1);
        assert_eq!(serde_json::to_string(&settings).unwrap(), written);
    }

    #[test]
    fn each_setting_has_a_name_that_can_be_typed() {
        for setting in Setting::VARIANTS {
            assert_eq!(setting.name().parse(), Ok(*setting));
            assert!(setting.bounds().contains(&setting.default_value()));
        }
    }
}
