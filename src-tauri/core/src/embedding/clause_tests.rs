use super::*;
use proptest::prelude::*;

const BACKENDS: [&str; 12] = [
    "sqlite",
    "postgresql",
    "mysql",
    "mssql",
    "oracle",
    "bigquery",
    "clickhouse",
    "snowflake",
    "redshift",
    "hive",
    "trino",
    "nobody-knows-it",
];

fn of(backend: &str) -> Dialect {
    Dialect::of(Some(backend))
}

fn refused(clause: &str, backend: &str) -> Option<ClauseProblem> {
    lint(clause, &[of(backend)]).err()
}

#[test]
fn what_people_write_passes_everywhere() {
    for backend in BACKENDS {
        for clause in [
            "org = 1",
            " org_id IN (1, 2, 3) ",
            "region = 'North' AND (tier = 'a' OR tier = 'b')",
            "name = 'O''Brien'",
            "created >= CAST('2026-01-01' AS date)",
            "org IN (SELECT MIN(org) FROM sales)",
            "\"My Column\" = 'x (y'",
            "note <> 'a -- b; c /* d'",
            "org =\n\t1",
        ] {
            assert_eq!(refused(clause, backend), None, "{clause} for {backend}");
        }
    }
}

#[test]
fn what_breaks_out_is_refused_everywhere() {
    use ClauseProblem as P;
    for backend in BACKENDS {
        for (clause, problem) in [
            ("", P::Empty),
            (" \n ", P::Empty),
            ("org = 1) OR (1=1", P::Brackets),
            ("org IN (1, 2", P::Brackets),
            ("org = 1)", P::Brackets),
            ("(org = 1]", P::Brackets),
            ("name = 'x", P::Quotes),
            ("name = 'x' OR 'y", P::Quotes),
            ("\"org = 1", P::Quotes),
            ("org = 1 --", P::Comment),
            ("org = 1 /* x */", P::Comment),
            ("1=1; DROP TABLE sales", P::Semicolon),
            ("org = {{ 1 + 1 }}", P::Template),
            ("org = '{% if x %}'", P::Template),
            ("org = '{# x #}'", P::Template),
            ("org = 1\u{0}", P::Unprintable),
            ("org\u{200b} = 1", P::Unprintable),
            ("org = 1 \u{202e}", P::Unprintable),
        ] {
            assert_eq!(refused(clause, backend), Some(problem), "{clause:?} for {backend}");
        }
        assert_eq!(refused(&"x".repeat(CLAUSE_LIMIT + 1), backend), Some(P::TooLong));
    }
}

/// What one database takes for a text, another does not.
#[test]
fn each_database_has_its_own_ways_out() {
    use ClauseProblem as P;
    for (clause, backend, problem) in [
        // A stroke before the quotation mark.
        (r"name = '\' OR 1=1 OR name = '", "mysql", Some(P::Quotes)),
        (r"name = '\'' ) OR (1=1) AND (x='", "postgresql", Some(P::Brackets)),
        (r"name = E'\'' ) OR (1=1) AND (x='", "postgresql", Some(P::Brackets)),
        (r"path = 'C:\'", "sqlite", None),
        (r"path = 'C:\'", "mysql", Some(P::Quotes)),
        (r"path = 'C:\'", "nobody-knows-it", Some(P::Quotes)),
        (r"path = 'C:\\x'", "mysql", None),
        // `#` begins a comment, or is an operator.
        ("org = 1 # x", "mysql", Some(P::Comment)),
        ("org = 1 # x", "nobody-knows-it", Some(P::Comment)),
        ("flags # 3 = 1", "postgresql", None),
        ("org = 1 // x", "snowflake", Some(P::Comment)),
        // Dollars quote.
        ("name = $$x$$", "postgresql", Some(P::Quotes)),
        ("name = $a$ ) OR (1=1 $a$", "snowflake", Some(P::Quotes)),
        ("a$b$c = 1", "mysql", None),
        // Names in square brackets may hold anything.
        ("[a'] ) OR ([b'] = 1", "mssql", Some(P::Brackets)),
        ("[a(b] = 1", "mssql", None),
        ("tags[1] = 'x'", "postgresql", None),
        ("[a'] ) OR ([b'] = 1", "nobody-knows-it", Some(P::Brackets)),
        // Oracle's own quotation marks.
        ("name = q'!it's!'", "oracle", Some(P::Quotes)),
        // Three of them are one in BigQuery.
        ("name = '''x' OR y = '''", "bigquery", Some(P::Quotes)),
        ("name = '''x'", "trino", None),
    ] {
        assert_eq!(refused(clause, backend), problem, "{clause} for {backend}");
    }
    // A rule for datasets of two databases has to hold in both.
    assert!(lint(r"path = 'C:\'", &[of("sqlite"), of("mysql")]).is_err());
}

#[test]
fn what_widens_is_told_and_what_narrows_is_not() {
    use RuleWarning as W;
    let columns = ["org".to_owned(), "City".to_owned(), "date".to_owned()];
    let told = |clause: &str| warnings(clause, of("postgresql"), &[&columns]);
    for clause in [
        "org = 1",
        "org = 1 AND city = 'a'",
        "(org = 1 OR org = 2) AND city = 'b'",
        "lower(city) = 'x'",
        "\"City\" = 'x'",
        "sales.org = 1",
        "org::text = '1'",
        "CAST(org AS varchar) = '1'",
        "date > DATE '2026-01-01'",
        "org = :org",
        "org IN (SELECT org_id FROM members WHERE member = 'x')",
        "city = CURRENT_USER",
        "date > now() - interval '1 day'",
    ] {
        assert_eq!(told(clause), [], "{clause}");
    }
    for (clause, expected) in [
        ("org = 1 OR org = 2", vec![W::OrAtTop]),
        ("((org = 1) or (org = 2))", vec![W::OrAtTop]),
        ("org = 1 OR 1=1", vec![W::OrAtTop, W::Constant]),
        ("city = 'x' AND (org = 1 OR TRUE)", vec![W::Constant]),
        ("1=1", vec![W::Constant]),
        ("'a' = 'a'", vec![W::Constant]),
        ("TRUE", vec![W::Constant]),
        (":a = :a", vec![W::Constant]),
        ("tenant = 1", vec![W::NoSuchColumn]),
        ("\"org \" = 1", vec![W::NoSuchColumn]),
    ] {
        assert_eq!(told(clause), expected, "{clause}");
    }
    assert_eq!(warnings("\"a\" = \"a\"", of("bigquery"), &[]), [W::Constant], "these are texts there");
    assert_eq!(warnings("org = 1 || org = 2", of("mysql"), &[]), [W::OrAtTop]);
    assert_eq!(warnings("tenant = 1 AND date = '2026-01-01'", of("mysql"), &[]), [], "no dataset is known");
    let other = ["org".to_owned()];
    assert_eq!(warnings("city = 'x'", of("sqlite"), &[&columns, &other]), [W::NoSuchColumn]);
}

/// How many brackets stay open, or none where one closes what it did not open, by a reader that knows nothing but this.
fn open_at_end(clause: &str, stroke: bool) -> Option<i32> {
    let (mut open, mut quote, mut letters) = (0, None, clause.chars());
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some('\''), '\\') if stroke => drop(letters.next()),
            (Some(mark), _) if mark == letter => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (None, '(') => open += 1,
            (None, ')') => open -= 1,
            _ => {}
        }
        if open < 0 {
            return None;
        }
    }
    (quote.is_none()).then_some(open)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_clause_that_passes_is_balanced(clause in r#"([a'"`\\()\[\]$:;#/*= -]|''|--|OR |x = 1){0,24}"#) {
        for backend in BACKENDS {
            if refused(&clause, backend).is_some() {
                continue;
            }
            // Names that a stroke stands in, and names in brackets, are read by the linter alone.
            if clause.contains('[') || (clause.contains('\\') && clause.contains(['"', '`'])) {
                continue;
            }
            let strokes: &[bool] = match of(backend).writing() {
                crate::embedding::dialect::Writing::Doubled => &[false],
                crate::embedding::dialect::Writing::Neither => &[false, true],
                _ => &[true],
            };
            for stroke in strokes {
                prop_assert_eq!(open_at_end(&clause, *stroke), Some(0), "{} for {}", clause, backend);
            }
            prop_assert!(!clause.trim().is_empty());
        }
    }

    #[test]
    fn any_text_is_judged_without_panic(clause in "\\PC{0,60}", columns in proptest::collection::vec("\\PC{0,5}", 0..3)) {
        for backend in BACKENDS {
            let _ = lint(&clause, &[of(backend)]);
            let _ = warnings(&clause, of(backend), &[&columns]);
        }
    }
}
