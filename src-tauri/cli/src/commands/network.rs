//! `superset-keys instances network`, and the same words of `instances add`.

use super::Context;
use crate::args::NetworkArgs;
use crate::failure::{Failure, Outcome};
use crate::{input, words};
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{
    CertificateChange, NetworkChange, NetworkView, ProxyChange, TimeoutChange, TrustedChange,
};
use superset_keys_core::ids::InstanceId;
use superset_keys_core::secret::Secret;

/// What is taken back, which only an instance on the list has.
#[derive(Default, Clone, Copy)]
pub struct TakenBack {
    pub ca: bool,
    pub certificate: bool,
    pub timeouts: bool,
}

pub fn network(context: &Context, id: &InstanceId, args: &NetworkArgs, back: TakenBack) -> Outcome {
    let name = context.core.show_instance(id)?.name;
    let view = changed(context, args, back, |change| {
        if change.is_empty() {
            return context.wait(context.core.show_network(id));
        }
        context.open_keychain()?;
        context.wait(context.core.set_network(id, change))
    })?;
    remarks(context, &view);
    context.out.answer(&view, || words::network(&name, &view))
}

/// Hands what the arguments say to `act`. A passphrase that turns out to be needed is asked for where somebody is there.
pub fn changed<T>(
    context: &Context,
    args: &NetworkArgs,
    back: TakenBack,
    act: impl Fn(NetworkChange) -> Outcome<T>,
) -> Outcome<T> {
    let passphrase = || "Passphrase of the PKCS#12 file".to_owned();
    let given = args.passphrase_stdin.then(|| context.read_secret(passphrase())).transpose()?;
    let password = proxy_password(context, args)?;
    let change = |passphrase: Option<&Secret>| change(args, back, passphrase, password.as_ref());
    match act(change(given.as_ref())) {
        Err(failure) if given.is_none() && input::is_terminal() && wants_passphrase(&failure) => {
            let asked = context.ask_secret(passphrase())?;
            act(change(Some(&asked)))
        }
        done => done,
    }
}

fn wants_passphrase(failure: &Failure) -> bool {
    failure.is(ErrorCode::CertificateFileUnusable)
        && failure.params.get("problem").is_some_and(|problem| problem == "wrong_passphrase")
}

fn change(
    args: &NetworkArgs,
    back: TakenBack,
    passphrase: Option<&Secret>,
    password: Option<&Secret>,
) -> NetworkChange {
    let pem = args.client_certificate.as_ref().map(|certificate| CertificateChange::Pem {
        certificate: certificate.clone(),
        key: args.client_key.clone(),
    });
    let pkcs12 = args.pkcs12.as_ref().map(|file| CertificateChange::Pkcs12 {
        file: file.clone(),
        passphrase: passphrase.map(Secret::duplicate),
    });
    let general = back.timeouts.then_some(TimeoutChange::General);
    let connect = args.connect_timeout.and_then(|seconds| u32::try_from(seconds).ok());
    NetworkChange {
        trusted: args
            .ca
            .clone()
            .map(TrustedChange::File)
            .or_else(|| back.ca.then_some(TrustedChange::Nobody)),
        certificate: pem.or(pkcs12).or_else(|| back.certificate.then_some(CertificateChange::None)),
        proxy: args.proxy.as_deref().map(|proxy| match proxy {
            "system" => ProxyChange::System,
            "none" => ProxyChange::None,
            url => ProxyChange::Given { url: url.to_owned(), password: password.map(Secret::duplicate) },
        }),
        connect_timeout: connect.map(TimeoutChange::Seconds).or(general),
        call_timeout: args.call_timeout.map(TimeoutChange::Seconds).or(general),
    }
}

/// Asked for where a name stands in the address, and somebody is there.
fn proxy_password(context: &Context, args: &NetworkArgs) -> Outcome<Option<Secret>> {
    let Some(proxy) = &args.proxy else { return Ok(None) };
    let (before, host) = proxy.rsplit_once('@').unwrap_or(("", proxy));
    let name = before.rsplit('/').next().unwrap_or_default();
    let asks = !name.is_empty() && !name.contains(':') && input::is_terminal();
    if !args.proxy_password_stdin && !asks {
        return Ok(None);
    }
    context.read_secret(format!("Password of {name} at the proxy {host}")).map(Some)
}

/// What will stand in the way, said now.
fn remarks(context: &Context, view: &NetworkView) {
    let Some(own) = &view.certificate else { return };
    match (own.days, own.problem) {
        (_, Some(_)) => context.out.note("Servers will hardly take this client certificate: see above."),
        (Some(days), None) if days < 30 => {
            context.out.note(&format!("The client certificate ends in {days} days."));
        }
        _ => {}
    }
}
