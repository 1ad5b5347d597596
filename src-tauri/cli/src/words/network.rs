//! The way to a server: client certificates, and what is set of proxies.

use crate::table::facts;
use crate::times;
use jiff::tz::TimeZone;
use superset_keys_core::actions::{CertificateView, NetworkView, OwnCertificateView, ProxyView, TimeoutView};
use superset_keys_core::error::ClientCertificateProblem as Problem;

/// Why a server does not take a client certificate, behind its name; and what to do about it.
pub(super) fn refused(problem: &str) -> (&'static str, &'static str) {
    match problem {
        "missing" => (
            "asks for a client certificate, and none is set",
            "Whoever runs it gives you one. `superset-keys instances network {instance} --client-certificate FILE --client-key FILE` sets it, or --pkcs12 FILE.",
        ),
        "expired" => (
            "does not take your client certificate (“{subject}”): it ended at {ends}",
            "Get a new one from “{issuer}”, and set it with `superset-keys instances network`. Is this computer's clock right?",
        ),
        "not_yet_valid" => (
            "does not take your client certificate (“{subject}”): it begins at {starts}",
            "Is the clock right, here and there? Else wait until then.",
        ),
        "other_authority" => (
            "does not take your client certificate: it takes none from “{issuer}”",
            "Ask whoever runs the server for one of the authority that it takes.",
        ),
        "other_purpose" => (
            "does not take your client certificate (“{subject}”): it is not made for clients",
            "Ask “{issuer}” for one with the use clientAuth.",
        ),
        "revoked" => (
            "does not take your client certificate (“{subject}”): its issuer has withdrawn it",
            "Get a new one from “{issuer}”.",
        ),
        _ => (
            "does not take your client certificate (“{subject}”), and does not say why; nothing is wrong with its dates",
            "Most often it is of an authority that the server does not take: this one is from “{issuer}”. Whoever runs the server finds the reason in its log.",
        ),
    }
}

/// Why a file is of no use, behind its name.
pub(super) fn file(problem: &str) -> (&'static str, &'static str) {
    match problem {
        "missing" => ("is not there", ""),
        "denied" => ("may not be read by you", ""),
        "too_large" => ("is larger than any certificate", ""),
        "not_a_certificate" => (
            "holds no certificate",
            "PEM begins with -----BEGIN CERTIFICATE-----. PKCS#12, in files that end with p12 or pfx, goes by --pkcs12.",
        ),
        "only_a_key" => {
            ("holds a private key and no certificate", "Name the certificate's file in its place.")
        }
        "no_key" => (
            "holds no private key",
            "Name the key's file by --client-key. PEM begins with -----BEGIN PRIVATE KEY-----, or RSA or EC before PRIVATE.",
        ),
        "key_encrypted" => (
            "holds a key that is encrypted with a passphrase",
            "Make PKCS#12 of both: `openssl pkcs12 -export -in CERTIFICATE -inkey KEY -out both.p12`, and give that by --pkcs12.",
        ),
        "key_unusable" => (
            "holds a private key of a kind that cannot be used",
            "RSA of 2048 bits or more, EC on P-256, P-384 or P-521, and Ed25519 can.",
        ),
        "key_of_another" => {
            ("holds the private key of another certificate", "Name the one that belongs to it.")
        }
        "not_pkcs12" => (
            "is no PKCS#12, or is damaged",
            "A certificate in PEM goes by --client-certificate, its key by --client-key.",
        ),
        "pkcs12_unsupported" => (
            "is encrypted with a method that is not known here",
            "`openssl pkcs12 -in {path} -nodes | openssl pkcs12 -export -out new.p12` writes it anew.",
        ),
        "wrong_passphrase" => (
            "does not open with this passphrase",
            "On a terminal it is asked for; elsewhere --passphrase-stdin reads it.",
        ),
        "pkcs7" => (
            "is PKCS#7",
            "`openssl pkcs7 -print_certs -in {path} -out certificates.pem` takes the certificates out.",
        ),
        "too_many" => (
            "holds the certificates of a whole computer",
            "Those are trusted by themselves where the system trusts them. Name the one of your company.",
        ),
        _ => ("cannot be read", ""),
    }
}

pub(super) fn proxy_setting(problem: &str) -> (&'static str, &'static str) {
    match problem {
        "scheme" => (
            "its address begins with what is not spoken here",
            "http://, https://, socks5:// and socks5h:// are; with socks5h the proxy looks names up.",
        ),
        "holds_password" => (
            "its address holds a password, where other programs and the shell's history see it",
            "Leave it out, as in http://NAME@HOST:PORT: it is asked for, or read by --proxy-password-stdin. Take it out of the history, or change it.",
        ),
        "no_name" => {
            ("there is a password and no name", "The name stands in the address: http://NAME@HOST:PORT")
        }
        "in_the_open" => (
            "the instance is reached by plain http, so keys would travel to the proxy in the open",
            "Reach the instance by https. A proxy on this computer is fine.",
        ),
        _ => ("it is no address of a proxy", "Such as http://proxy.example.com:3128, `system` or `none`."),
    }
}

/// What is set, as facts.
pub fn network(name: &str, view: &NetworkView) -> String {
    let zone = times::zone();
    let trusted: Vec<_> = view.trusted.iter().map(|one| certificate(one, &zone)).collect();
    let trusted = Some(trusted.join("; ")).filter(|all| !all.is_empty());
    let rows = facts(&[
        ("Trusted as well", trusted.or(Some("nobody".into()))),
        (
            "Certificate",
            Some(view.certificate.as_ref().map_or("none".into(), |own| own_certificate(own, &zone))),
        ),
        ("Its key", view.certificate.as_ref().map(|_| view.store.clone())),
        ("Proxy", Some(proxy(&view.proxy, &view.store))),
        ("Connect within", Some(timeout(view.connect_timeout))),
        ("Answer within", Some(timeout(view.call_timeout))),
    ]);
    format!("The way to {name}\n{rows}")
}

fn certificate(view: &CertificateView, zone: &TimeZone) -> String {
    let Some(ends) = &view.ends else { return view.subject.clone() };
    let verb = if view.has_ended { "ended" } else { "until" };
    format!("{}, {verb} {}", view.subject, times::here_utc(ends, zone))
}

fn own_certificate(own: &OwnCertificateView, zone: &TimeZone) -> String {
    let shown = certificate(&own.shown, zone);
    match own.problem {
        Some(Problem::NotYetValid) => {
            let starts = own.shown.starts.as_deref().unwrap_or_default();
            format!("{shown}, not before {}", times::here_utc(starts, zone))
        }
        Some(Problem::OtherPurpose) => format!("{shown}, not made for clients"),
        _ => shown,
    }
}

fn proxy(view: &ProxyView, store: &str) -> String {
    match view {
        ProxyView::System => "as this computer has it".into(),
        ProxyView::None => "none".into(),
        ProxyView::Given { url, username, has_password } => {
            let name = username.as_ref().map(|name| format!(", as {name}")).unwrap_or_default();
            let password = if *has_password { format!(", password in {store}") } else { String::new() };
            format!("{url}{name}{password}")
        }
    }
}

fn timeout(view: TimeoutView) -> String {
    let seconds = format!("{} s", view.seconds);
    if view.is_set { seconds } else { format!("{seconds} (as for all)") }
}
