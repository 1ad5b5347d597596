use super::*;
use proptest::prelude::*;

fn of(backend: &str) -> Dialect {
    Dialect::of(Some(backend))
}

fn value(name: &str, value: &str) -> RuleValue {
    RuleValue { name: name.into(), value: value.into(), is_number: false }
}

fn filled(clause: &str, values: &[(&str, &str)], backend: &str) -> Result<String, Problem> {
    let values: Vec<_> = values.iter().map(|(name, text)| value(name, text)).collect();
    fill(clause, &values, &[of(backend)])
}

/// `PostgreSQL`'s `standard_conforming_strings` may be off, and then a stroke at the end swallows the quotation mark.
#[test]
fn a_value_that_ends_elsewhere_by_a_setting_is_refused() {
    for value in ["/\\", "\\", "a\\'", "\\' OR 1=1 OR a = '"] {
        let refused = filled("org = :v AND x = 1", &[("v", value)], "postgresql");
        assert_eq!(refused, Err(Problem::ValueUnwritable), "{value}");
        assert!(filled("org = :v AND x = 1", &[("v", value)], "mysql").is_ok(), "{value}");
    }
    let two = [("v", "\\"), ("w", " OR 1=1 OR a = ")];
    assert_eq!(filled("org = :v AND x = :w", &two, "postgresql"), Err(Problem::ValueUnwritable));
    assert_eq!(filled("org = :v", &[("v", "a\\b")], "postgresql").as_deref(), Ok("org = 'a\\b'"));
}

#[test]
fn a_value_takes_the_place_of_its_name_outside_quotes() {
    for (clause, expected) in [
        ("org = :org", "org = 'a'"),
        ("org=:org AND (x = :org)", "org='a' AND (x = 'a')"),
        ("org = :org::text", "org = 'a'::text"),
        ("org = :org AND t = '12:org'", "org = 'a' AND t = '12:org'"),
        ("\":org\" = :org", "\":org\" = 'a'"),
        ("f(:org)", "f('a')"),
        ("a::org = :org", "a::org = 'a'"),
    ] {
        assert_eq!(filled(clause, &[("org", "a")], "postgresql").as_deref(), Ok(expected), "{clause}");
    }
}

#[test]
fn without_values_a_clause_is_as_it_was_typed() {
    for clause in [" org = 1 ", "a::text = 'x'", "t = '12:30'", "src:org = 1", "tags[1:2] = 'x'"] {
        assert_eq!(filled(clause, &[], "postgresql").as_deref(), Ok(clause));
    }
}

#[test]
fn names_and_values_have_to_meet() {
    assert_eq!(filled("org = :org", &[], "sqlite"), Err(Problem::ValueMissing));
    assert_eq!(filled("org = :org AND b = :b", &[("org", "a")], "sqlite"), Err(Problem::ValueMissing));
    assert_eq!(filled("org = 1", &[("org", "a")], "sqlite"), Err(Problem::ValueUnused));
    assert_eq!(filled("org = ':org'", &[("org", "a")], "sqlite"), Err(Problem::ValueUnused));
    assert_eq!(filled("org = :org", &[("org", "a"), ("org", "b")], "sqlite"), Err(Problem::ValueUnused));
    // Glued to a text it would become a part of it.
    assert_eq!(filled("org = :org'x'", &[("org", "a")], "sqlite"), Err(Problem::ValueUnused));
    assert_eq!(filled("org = 'x':org", &[("org", "a")], "sqlite"), Err(Problem::ValueUnused));
}

#[test]
fn a_value_is_escaped_as_its_database_has_it() {
    let nasty = r"O'Brien \ ' OR 1=1";
    for (backend, expected) in [
        ("sqlite", r"x = 'O''Brien \ '' OR 1=1'"),
        ("postgresql", r"x = 'O''Brien \ '' OR 1=1'"),
        ("mssql", r"x = 'O''Brien \ '' OR 1=1'"),
        ("mysql", r"x = 'O''Brien \\ '' OR 1=1'"),
        ("mariadb", r"x = 'O''Brien \\ '' OR 1=1'"),
        ("clickhouse", r"x = 'O''Brien \\ '' OR 1=1'"),
        ("snowflake", r"x = 'O''Brien \\ '' OR 1=1'"),
        ("bigquery", r"x = 'O\'Brien \\ \' OR 1=1'"),
        ("databricks", r"x = 'O\'Brien \\ \' OR 1=1'"),
    ] {
        assert_eq!(filled("x = :v", &[("v", nasty)], backend).as_deref(), Ok(expected), "{backend}");
    }
    // What is not known is not guessed.
    assert_eq!(filled("x = :v", &[("v", "North")], "nobody-knows-it").as_deref(), Ok("x = 'North'"));
    for text in ["O'Brien", r"a\b"] {
        assert_eq!(filled("x = :v", &[("v", text)], "nobody-knows-it"), Err(Problem::ValueUnwritable));
    }
    // Nor is a rule written for two databases that differ.
    let both = [of("postgresql"), of("mysql")];
    assert_eq!(fill("x = :v", &[value("v", r"a\b")], &both), Err(Problem::ValueUnwritable));
    assert_eq!(fill("x = :v", &[value("v", "O'B")], &both).as_deref(), Ok("x = 'O''B'"));
    for (text, problem) in [("{{ 1 }}", Problem::Template), ("a\u{0}", Problem::Unprintable)] {
        assert_eq!(filled("x = :v", &[("v", text)], "sqlite"), Err(problem));
    }
}

#[test]
fn numbers_are_numbers() {
    let filled = |text: &str| {
        fill("x = :n", &[RuleValue { name: "n".into(), value: text.into(), is_number: true }], &[of("mysql")])
    };
    for (text, expected) in
        [("12", "x = 12"), ("-5", "x = (-5)"), ("1.50", "x = 1.50"), ("2e-3", "x = 2e-3"), (" 7 ", "x = 7")]
    {
        assert_eq!(filled(text).as_deref(), Ok(expected));
    }
    for text in ["", "-", "1 OR 1=1", "0x10", "1.", ".5", "1e", "--1", "١", "1_000", "NaN", "1;", "+1"] {
        assert_eq!(filled(text), Err(Problem::ValueNotANumber), "{text}");
    }
}

/// What a database reads between the first quotation mark and the one that ends it, and what it leaves behind.
fn read(literal: &str, strokes: bool, doubles: bool) -> Option<(String, &str)> {
    let mut letters = literal.char_indices();
    assert_eq!(letters.next()?.1, '\'');
    let mut text = String::new();
    loop {
        let (at, letter) = letters.next()?;
        match letter {
            '\\' if strokes => text.push(letters.next()?.1),
            '\'' if doubles && literal[at + 1..].starts_with('\'') => {
                letters.next();
                text.push('\'');
            }
            '\'' => return Some((text, &literal[at + 1..])),
            _ => text.push(letter),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Its database reads exactly the value, and behind it what was typed behind it.
    #[test]
    fn any_value_stays_inside_its_literal(text in r#"([a'"`\\()\[\]$:;#/*={%} \-\n]|''|\\'|OR 1=1|\PC){0,30}"#) {
        for (backend, strokes, doubles) in [
            ("sqlite", false, true),
            ("postgresql", false, true),
            ("mssql", false, true),
            ("oracle", false, true),
            ("trino", false, true),
            ("mysql", true, true),
            ("clickhouse", true, true),
            ("snowflake", true, true),
            ("redshift", true, true),
            ("bigquery", true, false),
            ("hive", true, false),
            ("databricks", true, false),
            ("nobody-knows-it", false, true),
            ("nobody-knows-it", true, false),
        ] {
            let Ok(filled) = filled("org = :v AND x = 1", &[("v", &text)], backend) else { continue };
            // In each way that this database may be set to read it.
            prop_assert_eq!(lint(&filled, &[of(backend)]), Ok(()), "{} for {}", filled, backend);
            let literal = filled.strip_prefix("org = ").unwrap();
            let found = read(literal, strokes, doubles);
            prop_assert_eq!(found, Some((text.clone(), " AND x = 1")), "{} for {}", filled, backend);
        }
        // Where strokes may escape or not, by a setting, it ends in the same place.
        if let Ok(filled) = filled("org = :v AND x = 1", &[("v", &text)], "mysql") {
            let behind = read(filled.strip_prefix("org = ").unwrap(), false, true).map(|(_, behind)| behind);
            prop_assert_eq!(behind, Some(" AND x = 1"));
        }
    }

    #[test]
    fn any_number_is_one(text in "[-+0-9.eE() x]{0,12}") {
        if let Some(number) = number(&text) {
            let bare = number.trim_matches(['(', ')']);
            prop_assert!(bare.parse::<f64>().is_ok() && !number.contains("--"), "{}", number);
        }
    }
}
