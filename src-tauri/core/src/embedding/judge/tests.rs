use super::super::seen::Listed;
use super::super::site::HostSite;
use super::*;

type Alarm = (S, State, F);

const HOST: &str = "https://app.example.com";

fn reached(status: u16) -> Reached {
    Reached {
        status,
        content_security: vec![format!("default-src 'self'; frame-ancestors {HOST}")],
        frame_options: vec!["SAMEORIGIN".to_owned()],
        ..Reached::default()
    }
}

/// All as it should be, as 6.1.0 answers it.
fn right() -> Seen {
    Seen {
        host: HostSite::parse(HOST).unwrap(),
        other: "https://other.example".to_owned(),
        made_up: "https://0123456789abcdef.example".to_owned(),
        address: Url::parse("https://bi.example.com/").unwrap(),
        is_on: Some(true),
        public_role: false,
        embedding: Some(Listed { uuid: "u".to_owned(), sites: vec![HOST.to_owned()] }),
        untold: false,
        frame: Some(Frame { from_host: reached(200), from_other: reached(403), from_nowhere: reached(403) }),
        guest: minted(|_| {}),
        cors: Some(Cors {
            host: Reached::default(),
            host_preflight: Reached::default(),
            made_up: Reached::default(),
            made_up_preflight: Reached::default(),
        }),
        page: None,
    }
}

fn minted(change: impl FnOnce(&mut GuestCalls)) -> Guest {
    let role = Some("Embedded".to_owned());
    let mut calls = GuestCalls { roles: 200, role, dashboard: 200, chart: Some(200) };
    change(&mut calls);
    Guest::Minted { secret: GuestSecretState::Own, seconds: Some(300), calls }
}

/// What is not right, of all switches.
fn alarms(seen: &Seen) -> Vec<Alarm> {
    let quiet = |view: &SwitchView| {
        matches!(view.state, State::Right | State::NotNeeded) || view.found == F::HostPageNotNamed
    };
    let all = judge(seen);
    assert_eq!(all.len(), 12);
    all.into_iter().filter(|view| !quiet(view)).map(|view| (view.switch, view.state, view.found)).collect()
}

fn changed(change: impl FnOnce(&mut Seen)) -> Seen {
    let mut seen = right();
    change(&mut seen);
    seen
}

fn with_frame(change: impl Fn(&mut Reached)) -> Seen {
    changed(|seen| {
        let frame = seen.frame.as_mut().unwrap();
        for reached in [&mut frame.from_host, &mut frame.from_other, &mut frame.from_nowhere] {
            change(reached);
        }
    })
}

#[test]
fn what_is_right_raises_no_alarm() {
    assert_eq!(alarms(&right()), []);
    assert_eq!(verdict(&judge(&right())), State::Right);
    // The embed works without CORS, and with it for the host.
    let with_cors = changed(|seen| {
        let cors = seen.cors.as_mut().unwrap();
        cors.host.allow_origin = Some(HOST.to_owned());
        cors.host.allow_credentials = true;
    });
    assert_eq!(alarms(&with_cors), []);
    // An invalid word in X-Frame-Options forbids nothing, where frame-ancestors is there.
    assert_eq!(alarms(&with_frame(|reached| reached.frame_options = vec!["ALLOWALL".to_owned()])), []);
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table: one row per switch")]
fn each_wrong_switch_is_named() {
    let frameless = |reached: &mut Reached| reached.content_security = vec!["default-src 'self'".to_owned()];
    let cases: Vec<(Seen, Vec<Alarm>)> = vec![
        (
            changed(|seen| {
                seen.is_on = Some(false);
                seen.guest = minted(|calls| {
                    *calls = GuestCalls { roles: 401, role: None, dashboard: 401, chart: Some(401) };
                });
                let frame = seen.frame.as_mut().unwrap();
                for reached in [&mut frame.from_host, &mut frame.from_other, &mut frame.from_nowhere] {
                    reached.status = 404;
                }
            }),
            vec![
                (S::EmbeddedSuperset, State::Wrong, F::EmbeddingOff),
                (S::GuestRole, State::CannotTell, F::NotTried),
                (S::AllowedDomains, State::CannotTell, F::NotTried),
            ],
        ),
        (
            changed(|seen| {
                seen.guest = Guest::Minted {
                    secret: GuestSecretState::Shipped,
                    seconds: Some(5),
                    calls: GuestCalls {
                        roles: 200,
                        role: Some("Embedded".into()),
                        dashboard: 200,
                        chart: None,
                    },
                };
            }),
            vec![
                (S::GuestTokenSecret, State::Critical, F::SecretShipped),
                (S::GuestTokenLifetime, State::Wrong, F::LifetimeShort),
            ],
        ),
        (
            changed(|seen| {
                seen.guest = minted(|calls| {
                    *calls = GuestCalls { roles: 500, role: None, dashboard: 500, chart: Some(500) };
                });
            }),
            vec![(S::GuestRole, State::Wrong, F::RoleMissing)],
        ),
        (
            changed(|seen| seen.guest = minted(|calls| calls.chart = Some(403))),
            vec![(S::GuestRole, State::Wrong, F::RoleLacks)],
        ),
        (
            changed(|seen| seen.guest = minted(|calls| calls.role = Some("Gamma".into()))),
            vec![(S::GuestRole, State::Doubtful, F::RoleOfPeople)],
        ),
        (
            changed(|seen| {
                let made_up = seen.made_up.clone();
                let cors = seen.cors.as_mut().unwrap();
                cors.made_up.allow_origin = Some(made_up);
                cors.made_up.allow_credentials = true;
            }),
            vec![(S::CorsOptions, State::Wrong, F::CorsForAllWithCredentials)],
        ),
        (
            with_frame(frameless),
            vec![
                (S::Talisman, State::Wrong, F::AncestorsMissing),
                (S::FrameOptions, State::Wrong, F::FrameOptionsBlock),
            ],
        ),
        (
            with_frame(|reached| {
                reached.content_security = vec!["frame-ancestors https://other.example".into()];
            }),
            vec![(S::Talisman, State::Wrong, F::AncestorsOthers)],
        ),
        (
            with_frame(|reached| reached.content_security.clear()),
            vec![(S::FrameOptions, State::Wrong, F::FrameOptionsBlock)],
        ),
        (
            with_frame(|reached| {
                reached.content_security.clear();
                reached.frame_options.clear();
            }),
            vec![(S::Talisman, State::Doubtful, F::FramingOpen)],
        ),
        (
            changed(|seen| seen.frame.as_mut().unwrap().from_host.status = 403),
            vec![(S::AllowedDomains, State::Wrong, F::SitesWithoutHost)],
        ),
        (
            changed(|seen| {
                let frame = seen.frame.as_mut().unwrap();
                (frame.from_other.status, frame.from_nowhere.status) = (200, 200);
            }),
            vec![(S::AllowedDomains, State::Doubtful, F::SitesOpen)],
        ),
        (changed(|seen| seen.public_role = true), vec![(S::PublicRole, State::Wrong, F::PublicOpen)]),
        (
            changed(|seen| seen.address = Url::parse("http://bi.example.com/").unwrap()),
            vec![(S::Scheme, State::Wrong, F::MixedContent)],
        ),
    ];
    for (seen, expected) in cases {
        assert_eq!(alarms(&seen), expected);
        for view in judge(&seen) {
            let mended = matches!(view.state, State::Wrong | State::Critical | State::Doubtful);
            let has_lines = view.fix.as_ref().is_some_and(|fix| !fix.lines.is_empty());
            assert!(!mended || has_lines || view.switch == S::Scheme, "{view:?}");
        }
    }
}

#[test]
fn lifetimes() {
    let found = |seconds| {
        let seen = changed(|seen| {
            let Guest::Minted { seconds: lives, .. } = &mut seen.guest else { panic!() };
            *lives = Some(seconds);
        });
        judge(&seen).into_iter().find(|view| view.switch == S::GuestTokenLifetime).unwrap().state
    };
    assert_eq!(
        [5, 15, 60, 3600, 3601, 86_400, 86_401].map(found),
        [
            State::Wrong,
            State::Doubtful,
            State::Right,
            State::Right,
            State::Doubtful,
            State::Doubtful,
            State::Wrong
        ]
    );
}

#[test]
fn a_host_page_that_hides_where_it_is_breaks_a_list_of_sites() {
    let found = |page: &str, header: Option<&str>, meta: Option<&str>| {
        let seen = changed(|seen| {
            seen.page = Some(HostPage::Answered {
                url: Url::parse(page).unwrap(),
                status: 200,
                header: header.map(str::to_owned),
                meta: meta.map(str::to_owned),
            });
        });
        let view = judge(&seen).pop().unwrap();
        (view.state, view.found)
    };
    let page = "https://app.example.com/sales?token=1";
    assert_eq!(found(page, None, None), (State::Right, F::HostPageFine));
    assert_eq!(found(page, Some("same-origin"), None), (State::Wrong, F::HostPageHidesReferrer));
    assert_eq!(found(page, Some("no-referrer, bogus"), None), (State::Wrong, F::HostPageHidesReferrer));
    assert_eq!(found(page, Some("no-referrer"), Some("origin")), (State::Right, F::HostPageFine));
    assert_eq!(found(page, Some("origin"), Some("no-referrer")), (State::Wrong, F::HostPageHidesReferrer));
    let other = found("https://www.example.com/", Some("no-referrer"), None);
    assert_eq!(other, (State::Doubtful, F::HostPageOfAnotherSite));
    let seen = changed(|seen| seen.page = Some(HostPage::Unreachable("unreachable".to_owned())));
    assert_eq!(verdict(&judge(&seen)), State::Doubtful);
}

#[test]
fn without_an_embedding_or_a_token_nothing_is_called_right_that_was_not_asked() {
    let bare = changed(|seen| {
        seen.embedding = None;
        seen.frame = None;
        seen.guest = Guest::NotMinted(String::new());
    });
    let all = judge(&bare);
    let of = |switch| all.iter().find(|view| view.switch == switch).unwrap();
    assert_eq!(of(S::AllowedDomains).found, F::NotEmbedded);
    for switch in [S::GuestTokenSecret, S::GuestTokenLifetime, S::GuestRole, S::Talisman, S::FrameOptions] {
        assert_eq!((of(switch).state, of(switch).found), (State::CannotTell, F::NotTried), "{switch:?}");
    }
    let refused = changed(|seen| seen.guest = Guest::NotMinted("set_up_forbidden".to_owned()));
    assert_eq!(verdict(&judge(&refused)), State::Doubtful);
}

#[test]
fn a_server_s_text_stays_in_its_quotes_in_lines_that_are_copied() {
    let seen = with_frame(|reached| {
        reached.content_security = vec!["frame-ancestors https://a\"];import('os')#".to_owned()];
    });
    let lines = judge(&seen).into_iter().find(|view| view.switch == S::Talisman).unwrap().fix.unwrap().lines;
    assert!(lines.contains(r#"["https://a\"]", "https://app.example.com"]"#), "{lines}");
}
