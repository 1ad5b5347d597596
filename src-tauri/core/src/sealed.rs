//! What this process holds stays in it: no core dump, and no look into its memory for other processes of the
//! same person.

/// What was taken from this process and is another program's to have.
#[derive(Debug, Clone, Copy)]
pub struct Sealed {
    #[cfg(unix)]
    core: rustix::process::Rlimit,
}

/// To be called before any secret is read. Where a system has no such thing, nothing happens.
pub fn seal() -> Sealed {
    #[cfg(unix)]
    let core = {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        // The lower limit alone: nobody may raise the other one again.
        let before = getrlimit(Resource::Core);
        if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), ..before }) {
            tracing::info!(%error, "core dumps stay as they are");
        }
        before
    };
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // The kernel lifts it from the command that `exec` becomes.
        if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
            tracing::info!(%error, "other processes may look into this one");
        }
    }
    Sealed {
        #[cfg(unix)]
        core,
    }
}

impl Sealed {
    /// For a program that this process becomes: a limit goes along, and this one is not its own.
    pub fn lift(self) {
        #[cfg(unix)]
        let _ = rustix::process::setrlimit(rustix::process::Resource::Core, self.core);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, dumpable_behavior, getrlimit, setrlimit};

    #[test]
    fn nothing_is_dumped() {
        // Where none is allowed at all, there is nothing to take away.
        let allowed = getrlimit(Resource::Core);
        setrlimit(Resource::Core, Rlimit { current: allowed.maximum, ..allowed }).unwrap();
        let before = getrlimit(Resource::Core);
        let sealed = super::seal();
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        sealed.lift();
        assert_eq!(getrlimit(Resource::Core), before);
    }
}
