//! Whose a process is, on Windows, where a pipe tells which process is at its other end and not whose that is.

use std::io;
use winsafe::{HPROCESS, TokenInfo, co};

/// The user of this process, as Windows writes a SID: `S-1-5-…`.
pub(super) fn own() -> io::Result<String> {
    of(&HPROCESS::GetCurrentProcess())
}

/// The user of another one. Windows may refuse to tell of somebody else's.
pub(super) fn of_process(id: u32) -> io::Result<String> {
    of(&*HPROCESS::OpenProcess(co::PROCESS::QUERY_LIMITED_INFORMATION, false, id).map_err(failed)?)
}

fn of(process: &HPROCESS) -> io::Result<String> {
    let token = process.OpenProcessToken(co::TOKEN::QUERY).map_err(failed)?;
    let told = token.GetTokenInformation(co::TOKEN_INFORMATION_CLASS::User).map_err(failed)?;
    let TokenInfo::User(user) = told else { return Err(io::ErrorKind::Unsupported.into()) };
    user.User.Sid().as_deref().map(ToString::to_string).ok_or_else(|| io::ErrorKind::NotFound.into())
}

fn failed(error: co::ERROR) -> io::Error {
    i32::try_from(error.raw()).map_or_else(|_| io::ErrorKind::Other.into(), io::Error::from_raw_os_error)
}
