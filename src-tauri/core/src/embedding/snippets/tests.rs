use super::*;

/// What a dashboard may be called.
const NASTY: &str =
    "Q\"1'\\ </script><script>alert(1)</script>\n«dashboard» --> */ {x} ${y} `z` $(id) \u{2028}";
const OF: Embedded<'static> =
    Embedded { superset: "https://bi.example.com/it's", dashboard: "7e2d2a8c-7f3b-4a0b-9a33-0d1f0f6f4f10" };

fn all(title: &str) -> Vec<String> {
    let shown = Shown { title, hide_title: true, filters_open: false };
    vec![html(OF, shown), react(OF, shown), python(OF), node(OF), curl(OF), rust(OF)]
}

#[test]
fn every_text_names_the_dashboard_and_leaves_no_gap() {
    for text in all("Sales") {
        assert!(text.contains(OF.dashboard), "{text}");
        assert!(!text.contains('«') && !text.contains('»'), "{text}");
    }
    for backend in &all("Sales")[2..] {
        assert!(backend.contains(KEY_VARIABLE), "{backend}");
    }
}

#[test]
fn a_page_s_look_is_as_it_was_asked_for() {
    let shown = Shown { title: "Sales", hide_title: true, filters_open: false };
    for page in [html(OF, shown), react(OF, shown)] {
        assert!(page.contains("hideTitle: true") && page.contains("expanded: false"), "{page}");
    }
    let shown = Shown { hide_title: false, filters_open: true, ..shown };
    for page in [html(OF, shown), react(OF, shown)] {
        assert!(page.contains("hideTitle: false") && page.contains("expanded: true"), "{page}");
        assert!(page.contains("referrerPolicy: \"strict-origin-when-cross-origin\""), "{page}");
    }
}

/// That the languages read them as they were meant is seen by their own programs, in tests/embedding.
#[test]
fn a_title_stays_text() {
    let [html, react, ..] = &all(NASTY)[..] else { unreachable!() };
    for page in [html, react] {
        assert!(!page.contains("<script>alert"), "{page}");
        assert!(page.contains(r#""Q\"1'\\ \u003c/script\u003e"#), "{page}");
        // What it says is no name of ours.
        assert_eq!(page.matches(OF.dashboard).count(), 1, "{page}");
    }
    assert_eq!(html.matches("</script>").count(), 2);
}

#[test]
fn values_are_one_word_of_their_language() {
    assert_eq!(quote::shell("it's $(id)\n"), "'it'\\''s $(id)\n'");
    assert_eq!(quote::python("a\"b\\\n\u{0}é"), "\"a\\\"b\\\\\\n\\u0000é\"");
    assert_eq!(quote::rust("a\"b\\\n{"), "\"a\\\"b\\\\\\n{\"");
    assert_eq!(quote::javascript("</script>&\u{2028}"), "\"\\u003c/script\\u003e\\u0026\\u2028\"");
    assert_eq!(quote::html("<b a=\"x\" c='y'>&"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;");
}
