//! Secrets with a mark go through every flow there is, and then everything is searched for them: what was said, what is
//! on disk, what stood in the arguments and the environment of every process. `./dev test canary` starts what it needs.
//!
//! A store or a door for secrets that comes later is one line in `FLOWS`, and one in `MEANT` where it is meant to hold one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on says so"
)]

#[allow(dead_code, reason = "shared with the flows")]
#[path = "../flows/dashboard.rs"]
mod dashboard;
mod flows;
mod in_one_process;
mod room;
#[allow(dead_code, reason = "shared with the flows")]
#[path = "../flows/server.rs"]
mod server;
mod watch;

use room::{Meant, Room};

/// Where a secret is meant to be, and why. Each must hold one, or it has no business here.
const MEANT: &[Meant] = &[
    Meant {
        place: "said/*-print.out",
        secret: "key*",
        why: "keys print: a person asked for it, not on a terminal",
    },
    Meant { place: "said/*-print-json.out", secret: "key*", why: "the same, as JSON" },
    Meant { place: "said/*-create-show.out", secret: "key*", why: "keys create --show" },
    Meant {
        place: "said/*-headers.out",
        secret: "key*",
        why: "the header that a client asks its helper for",
    },
    Meant { place: "said/*-headers-oauth.out", secret: "oauth access token", why: "the same, of OAuth" },
    Meant {
        place: "said/*-snippet-plaintext-*.out",
        secret: "key*",
        why: "a text that was asked for with the key in it",
    },
    Meant { place: "said/*-mint.out", secret: "minted token", why: "tokens mint" },
    Meant { place: "said/*-guest-minted.out", secret: "minted guest token", why: "guest-token mint" },
    Meant {
        place: "said/*-signing-lines.out",
        secret: "signing secret",
        why: "signing config --with-secret",
    },
    Meant {
        place: "seen/sleep-*-environ",
        secret: "key*",
        why: "exec: the key in the environment of one command",
    },
    Meant {
        place: "with plaintext/*",
        secret: "key*",
        why: "a client's file, connected with --delivery plaintext",
    },
];

type Flow = fn(&mut Room);

/// The flows, in the order in which they are gone through by one person on one computer.
const FLOWS: &[(&str, Flow)] = &[
    ("sign in with a password", flows::password),
    ("create, print, copy", flows::keys),
    ("hand out: helper, exec, bridge", flows::handed_out),
    ("texts for every client in every way", flows::snippets),
    ("connect, undo, disconnect in every way", flows::clients),
    ("look for keys in files, and move them", flows::scan),
    ("check-up, audit, report, record, activity", flows::looked_at),
    ("replace", flows::rotation),
    ("die in the middle", flows::deaths),
    ("sign tokens", flows::signing),
    ("guests' tokens", flows::guests),
    ("OAuth", flows::oauth),
    ("sign in with a key", flows::sign_in_with_key),
    ("sign in with a browser's session", flows::cookie),
    ("vault and agent", flows::vault),
    ("the server away, and wrong answers", flows::errors),
    ("revoke, forget, remove", flows::ends),
];

#[test]
#[ignore = "needs the real Superset: ./dev test canary"]
fn no_secret_is_anywhere_but_where_it_is_meant_to_be() {
    let mut room = Room::new();
    for (name, flow) in FLOWS {
        room.begin(name);
        flow(&mut room);
    }
    let told = room.search(MEANT);
    eprintln!("{told}");
}
