//! Patterns for names.

use std::fmt;

/// `*` stands for any letters, also none; `?` for one letter; everything else for itself, capitals included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(String);

impl Glob {
    #[must_use]
    pub fn new(pattern: impl Into<String>) -> Self {
        Self(pattern.into())
    }

    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let (pattern, name): (Vec<char>, Vec<char>) = (self.0.chars().collect(), name.chars().collect());
        let (mut at, mut read) = (0, 0);
        // The last star, and how far into the name it reaches: what follows it is tried one letter further on.
        let mut star = None;
        while read < name.len() {
            match pattern.get(at) {
                Some('*') => {
                    star = Some((at, read));
                    at += 1;
                }
                Some(letter) if *letter == '?' || *letter == name[read] => {
                    at += 1;
                    read += 1;
                }
                _ => {
                    let Some((behind, reached)) = star else { return false };
                    star = Some((behind, reached + 1));
                    at = behind + 1;
                    read = reached + 1;
                }
            }
        }
        pattern[at..].iter().all(|letter| *letter == '*')
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, name, matches) in [
            ("CI *", "CI nightly", true),
            ("CI *", "ci nightly", false),
            ("CI", "CI nightly", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("?", "é", true),
            ("?", "", false),
            ("*-old", "a-old-old", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("[ab]", "[ab]", true),
            ("[ab]", "a", false),
        ] {
            assert_eq!(Glob::new(pattern).matches(name), matches, "{pattern:?} {name:?}");
        }
    }

    #[test]
    fn many_stars_end() {
        let pattern = "a*".repeat(200) + "b";
        assert!(!Glob::new(pattern).matches(&"a".repeat(20_000)));
    }

    /// The same by its definition.
    fn by_definition(pattern: &[char], name: &[char]) -> bool {
        match (pattern, name) {
            ([], name) => name.is_empty(),
            (['*', pattern @ ..], name) => {
                (0..=name.len()).any(|taken| by_definition(pattern, &name[taken..]))
            }
            ([letter, pattern @ ..], [read, name @ ..]) => {
                (*letter == '?' || letter == read) && by_definition(pattern, name)
            }
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn as_defined(pattern in "[ab*?]{0,8}", name in "[ab]{0,8}") {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            let expected = by_definition(&letters(&pattern), &letters(&name));
            prop_assert_eq!(Glob::new(pattern).matches(&name), expected);
        }
    }
}
