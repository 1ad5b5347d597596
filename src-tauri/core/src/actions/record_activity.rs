//! Note what goes through: one line for each message of a bridge, and for each key that is handed out.

use crate::Core;
use crate::activity::{self, Call, Caller, Line, Outcome};
use crate::credential::AccessKind;
use crate::ids::{ApiKeyId, InstanceId};
use crate::mcp::{Began, Passed, Record};
use crate::settings::Setting;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a bridge may go on as it was told before.
const ASKED_AGAIN: Duration = Duration::from_secs(5);

/// Where a bridge goes, as last looked up.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub instance: Option<InstanceId>,
    pub key: Option<ApiKeyId>,
}

/// Notes what goes through one bridge.
pub(super) struct Recorder {
    core: Arc<Core>,
    /// As the client's file names it.
    instance: String,
    started_by: Caller,
    known: Arc<Mutex<Known>>,
    /// Whether activity is kept, and when that was last asked.
    wanted: Mutex<Option<(bool, Instant)>>,
}

impl Recorder {
    /// Of a bridge to this instance, as the client's file names it.
    pub(super) fn new(
        core: Arc<Core>,
        instance: &str,
        started_by: Option<&str>,
        known: Arc<Mutex<Known>>,
    ) -> Self {
        let started_by = started_by.map(Caller::started_by).unwrap_or_default();
        Self { core, instance: instance.to_owned(), started_by, known, wanted: Mutex::default() }
    }

    fn is_wanted(&self) -> bool {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        match *wanted {
            Some((is_on, asked)) if asked.elapsed() < ASKED_AGAIN => is_on,
            _ => {
                let is_on = self.core.keeps_activity();
                *wanted = Some((is_on, Instant::now()));
                is_on
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record for Recorder {
    fn begin(&self) -> Began {
        Began { at: self.core.now.now(), key: self.known().key.clone() }
    }

    fn note(&self, passed: &Passed<'_>) {
        if !self.is_wanted() {
            return;
        }
        let Known { instance, key } = self.known().clone();
        // What was refused at once was refused before anything was looked up.
        let Some(instance) = instance.or_else(|| self.core.find_instance(&self.instance).ok()) else {
            return;
        };
        let said = passed.caller.cloned().unwrap_or_default();
        let access = passed.access.filter(|access| *access != AccessKind::ApiKey);
        let before = passed.began.key.clone();
        let is_other = (access.is_some() || key.is_some()) && key != before;
        let call = Call {
            at: passed.began.at,
            instance,
            also: before.clone().filter(|_| is_other),
            key: key.or(before).filter(|_| access.is_none()),
            access,
            caller: Caller { program: self.started_by.program.clone(), ..said },
            method: activity::shown(passed.method, 64).unwrap_or_default(),
            tool: passed.tool.and_then(activity::shown_tool),
            outcome: passed.outcome,
            ms: (passed.outcome != Outcome::Refused)
                .then(|| u64::try_from(passed.took.as_millis()).unwrap_or(u64::MAX)),
            bytes: passed.bytes.map(|bytes| bytes as u64),
        };
        self.core.note_line(call);
    }
}

impl Core {
    /// Whether what goes through is noted.
    pub(super) fn keeps_activity(&self) -> bool {
        self.setting(Setting::KeepActivity) == 1
    }

    /// Notes that a key, or a token, is handed to a program, which then uses it out of our sight. `method` is
    /// [`activity::HEADERS`] or [`activity::EXEC`].
    pub fn note_handed_out(
        &self,
        instance: &InstanceId,
        key: Option<&str>,
        access: AccessKind,
        method: &'static str,
        started_by: Option<&str>,
    ) {
        if !self.keeps_activity() {
            return;
        }
        let is_key = access == AccessKind::ApiKey;
        self.note_line(Call {
            at: self.now.now(),
            instance: instance.clone(),
            key: is_key.then(|| self.find_usable_key(instance, key).ok()).flatten(),
            access: (!is_key).then_some(access),
            caller: started_by.map(Caller::started_by).unwrap_or_default(),
            method: method.to_owned(),
            tool: None,
            outcome: Outcome::Done,
            ms: None,
            bytes: None,
            also: None,
        });
    }

    /// Losing a line costs little, so a full disk is only logged.
    fn note_line(&self, call: Call) {
        if let Err(error) = self.store.note_activity(&Line::Call(call)) {
            tracing::warn!(%error, "the record of activity could not be written");
        }
    }
}
