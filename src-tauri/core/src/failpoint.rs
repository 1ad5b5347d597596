//! Places where a test lets this process die, as if the power went. Nothing at all without the `failpoints`
//! feature, which no released build has.

#[macro_export]
macro_rules! failpoint {
    ($name:literal) => {
        #[cfg(feature = "failpoints")]
        $crate::failpoint::reached($name);
    };
}

/// Aborts if the test named this place: no destructor runs, nothing is flushed.
#[cfg(feature = "failpoints")]
pub fn reached(name: &str) {
    if std::env::var_os("SUPERSET_KEYS_DIE_AT").is_some_and(|place| place == name) {
        std::process::abort();
    }
}
