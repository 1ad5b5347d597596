use super::*;
use crate::chain::{BreakKind, Checked, check};
use crate::deed::{Deed, DeedKind};
use crate::ids::ApiKeyId;
use crate::places::Places;
use crate::random::SystemRandom;
use crate::secret::Secret;
use jiff::Timestamp;
use proptest::prelude::*;

struct World {
    _home: tempfile::TempDir,
    store: Store,
    /// As the secret store keeps it between two programs.
    kept: Secret,
}

impl World {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let store = Store::new(Places::under(home.path()));
        Self { _home: home, store, kept: Chain::random(&SystemRandom).text() }
    }

    fn chain(&self) -> Chain {
        Chain::read(&self.kept).unwrap()
    }

    /// As one of our programs does.
    fn note(&mut self, name: &str) {
        let _lock = self.store.lock_deeds().unwrap();
        let mut chain = self.chain();
        if let Some(last) = self.store.deeds_let_go_next() {
            chain.let_go(last);
        }
        self.store.note_deed(&mut line(name), Some(&mut chain)).unwrap();
        self.kept = chain.text();
    }

    fn note_unchained(&self, name: &str) {
        let _lock = self.store.lock_deeds().unwrap();
        self.store.note_deed(&mut line(name), None).unwrap();
    }

    fn check(&self) -> Checked {
        let files = self.store.deeds().unwrap();
        check(files.iter().map(|(name, content)| (name.as_str(), content.as_slice())), Some(&self.chain()))
    }

    fn lines(&self) -> Vec<String> {
        let content = std::fs::read_to_string(self.store.record_path()).unwrap();
        content.lines().map(str::to_owned).collect()
    }

    fn put(&self, lines: &[String]) {
        std::fs::write(self.store.record_path(), lines.concat()).unwrap();
    }

    fn put_lines(&self, lines: &[String]) {
        self.put(&lines.iter().map(|line| format!("{line}\n")).collect::<Vec<_>>());
    }
}

fn line(name: &str) -> Line {
    Line {
        number: None,
        at: Timestamp::from_second(1_800_000_000).unwrap(),
        by: "superset-keys".to_owned(),
        instance: None,
        called: Some("production".to_owned()),
        deed: Deed::of_key(DeedKind::KeyCopied, &ApiKeyId::new("k")).named(name),
        after: None,
    }
}

fn kinds(checked: &Checked) -> Vec<(BreakKind, Option<u64>, Option<u64>)> {
    checked.breaks.iter().map(|found| (found.kind, found.number, found.to)).collect()
}

#[test]
fn what_many_programs_write_at_once_is_one_chain() {
    let world = std::sync::Mutex::new(World::new());
    let store = world.lock().unwrap().store.clone();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (store, world) = (&store, &world);
            scope.spawn(move || {
                for number in 0..25 {
                    let _lock = store.lock_deeds().unwrap();
                    // Both are read anew, as another program would.
                    let mut chain = world.lock().unwrap().chain();
                    store.note_deed(&mut line(&format!("{writer}-{number}")), Some(&mut chain)).unwrap();
                    world.lock().unwrap().kept = chain.text();
                }
            });
        }
    });
    let checked = world.lock().unwrap().check();
    assert_eq!((checked.proven, checked.broken, checked.past_head), (100, 0, 0));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = store.record_path().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn the_chain_goes_on_in_the_next_file_and_past_what_is_let_go() {
    let mut world = World::new();
    let size = BYTES / u64::from(FILES);
    for file in 0..FILES + 2 {
        world.note(&format!("first of {file}"));
        world.note(&format!("second of {file}"));
        // Filled up by lines that nobody has to write here.
        let mut content = std::fs::read(world.store.record_path()).unwrap();
        content.resize(usize::try_from(size).unwrap(), b'\n');
        std::fs::write(world.store.record_path(), content).unwrap();
    }
    world.note("the last");
    let files = world.store.deeds().unwrap();
    assert_eq!(files.len(), usize::try_from(FILES).unwrap());
    assert!(files.iter().map(|(_, content)| content.len() as u64).sum::<u64>() <= BYTES);
    let checked = world.check();
    assert_eq!((checked.proven, kinds(&checked)), (7, vec![]));
    // What is let go for its age is known. What somebody takes away is not that.
    std::fs::remove_file(world.store.deeds_path(FILES - 1)).unwrap();
    assert_eq!(kinds(&world.check()), [(BreakKind::Missing, Some(7), Some(8))]);
}

#[test]
fn a_death_over_a_change_of_files_breaks_nothing() {
    let mut world = World::new();
    let size = usize::try_from(BYTES / u64::from(FILES)).unwrap();
    for file in 0..=FILES {
        world.note(&format!("{file}"));
        let mut content = std::fs::read(world.store.record_path()).unwrap();
        content.resize(size, b'\n');
        std::fs::write(world.store.record_path(), content).unwrap();
    }
    // The store was told, and no file was renamed.
    let mut chain = world.chain();
    chain.let_go(world.store.deeds_let_go_next().unwrap());
    world.kept = chain.text();
    assert_eq!(kinds(&world.check()), []);
    // One was, and the others were not.
    std::fs::rename(world.store.deeds_path(FILES - 2), world.store.deeds_path(FILES - 1)).unwrap();
    assert_eq!(kinds(&world.check()), []);
    assert_eq!(world.store.deeds_let_go_next(), None, "nothing is written over now");
    world.note("after it");
    let checked = world.check();
    assert_eq!((checked.proven, kinds(&checked)), (4, vec![]));
    // All were, and no line came.
    let mut world = World::new();
    world.note("one");
    std::fs::rename(world.store.deeds_path(0), world.store.deeds_path(1)).unwrap();
    world.note("two");
    let checked = world.check();
    assert_eq!((checked.proven, kinds(&checked)), (2, vec![]));
}

#[test]
fn other_ends_of_lines_are_no_ends() {
    for end in ['\u{b}', '\u{c}', '\r', '\u{85}', '\u{2028}', ' '] {
        let mut world = World::new();
        (1..=4).for_each(|number| world.note(&number.to_string()));
        let text = std::fs::read_to_string(world.store.record_path()).unwrap();
        let at = text.find('\n').unwrap();
        std::fs::write(world.store.record_path(), format!("{}{end}{}", &text[..at], &text[at + 1..]))
            .unwrap();
        let checked = world.check();
        assert!(checked.broken > 0 && checked.proven == 2, "{end:?}: {checked:?}");
        world.note("five");
        let checked = world.check();
        assert!(checked.broken > 0 && checked.proven == 3, "{end:?}: what comes hides nothing: {checked:?}");
    }
}

#[test]
fn a_number_that_nobody_reaches_is_not_gone_on_from() {
    let mut world = World::new();
    world.note("one");
    let line = world.lines()[0].replace("\"number\":1,", &format!("\"number\":{},", u64::MAX));
    world.put_lines(&[line]);
    world.kept = Chain::random(&SystemRandom).text();
    world.note("of a new key");
    world.note("and one more");
    assert_eq!(world.chain().head.unwrap().number, 2);
}

#[test]
fn a_death_over_a_line_breaks_nothing() {
    let mut world = World::new();
    world.note("one");
    world.note("two");
    let before = world.kept.duplicate();
    world.note("three");
    // The store was not told, and half of the line was not written.
    world.kept = before.duplicate();
    let mut lines = world.lines();
    lines[2].truncate(60);
    world.put(&[format!("{}\n{}\n{}", lines[0], lines[1], lines[2])]);
    world.note("three again");
    let checked = world.check();
    assert_eq!((checked.proven, checked.torn, kinds(&checked)), (3, 1, vec![]));
    // The line was written, and the store was not told.
    world.kept = before;
    let checked = world.check();
    assert_eq!((checked.past_head, checked.broken), (1, 0));
    world.note("four");
    let checked = world.check();
    assert_eq!((checked.proven, checked.past_head, kinds(&checked)), (4, 0, vec![]));
}

#[test]
fn an_end_that_was_cut_off_stays_missing() {
    let mut world = World::new();
    (1..=5).for_each(|number| world.note(&number.to_string()));
    let lines = world.lines();
    world.put_lines(&lines[..3]);
    assert_eq!(kinds(&world.check()), [(BreakKind::CutOff, Some(4), Some(5))]);
    world.note("six");
    assert_eq!(kinds(&world.check()), [(BreakKind::Missing, Some(4), Some(5))]);
    std::fs::remove_file(world.store.record_path()).unwrap();
    assert_eq!(kinds(&world.check()), [(BreakKind::CutOff, Some(1), Some(6))]);
}

#[test]
fn one_place_is_named_and_the_rest_is_proven() {
    let mut world = World::new();
    (1..=5).for_each(|number| world.note(&number.to_string()));
    let lines = world.lines();
    let told = |lines: &[String]| {
        world.put_lines(lines);
        let checked = world.check();
        (checked.proven, kinds(&checked))
    };
    let mut altered = lines.clone();
    altered[2] = altered[2].replace("production", "sandbox");
    assert_eq!(told(&altered), (4, vec![(BreakKind::Altered, Some(3), None)]));
    let mut without = lines.clone();
    without.remove(2);
    assert_eq!(told(&without), (4, vec![(BreakKind::Missing, Some(3), Some(3))]));
    let mut twice = lines.clone();
    twice.insert(3, lines[1].clone());
    assert_eq!(told(&twice), (6, vec![(BreakKind::OutOfPlace, Some(2), None)]));
    let mut added = lines.clone();
    added.insert(3, altered[2].replace("\"number\":3", "\"number\":99"));
    assert_eq!(told(&added), (5, vec![(BreakKind::Altered, Some(99), None)]));
    let mut bare = lines.clone();
    bare[2] = format!("{}}}", lines[2].split(",\"chain\"").next().unwrap());
    assert_eq!(told(&bare), (4, vec![(BreakKind::Altered, Some(3), None)]));
    let mut nonsense = lines.clone();
    nonsense.insert(0, "hello".to_owned());
    assert_eq!(told(&nonsense), (5, vec![(BreakKind::NotALine, None, None)]));
}

#[test]
fn without_a_store_it_is_said_that_nothing_is_proven() {
    let mut world = World::new();
    world.note_unchained("one");
    world.note("two");
    world.note_unchained("three");
    world.note("four");
    let checked = world.check();
    assert_eq!((checked.proven, checked.unchained, kinds(&checked)), (2, 2, vec![]));
    // Another key: the old lines say nothing, the new ones follow them.
    world.kept = Chain::random(&SystemRandom).text();
    let checked = world.check();
    assert_eq!((checked.proven, checked.of_another_key, checked.has_head), (0, 2, false));
    world.note("five");
    let checked = world.check();
    assert_eq!((checked.proven, checked.of_another_key, kinds(&checked)), (1, 2, vec![]));
    assert_eq!(check([("f", b"" as &[u8])].into_iter(), None), Checked::default());
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_whole_is_taken_back() {
    let mut world = World::new();
    world.note("one");
    let before = world.lines();
    let mut chain = world.chain();
    let mut long = line("");
    long.by = "a".repeat(LONGEST);
    assert!(world.store.note_deed(&mut long, Some(&mut chain)).is_err());
    assert_eq!((world.lines(), chain.head), (before, world.chain().head));
}

#[test]
fn what_the_store_keeps_reads_back_and_shows_nothing() {
    let mut world = World::new();
    assert!(world.chain().head.is_none());
    world.note("one");
    assert_eq!(world.chain().head.as_ref().map(|head| (head.number, head.first)), Some((1, 1)));
    // EXPOSE: to see that it is not shown.
    let key = world.kept.expose().split(' ').next().unwrap().to_owned();
    assert!(!format!("{:?}", world.chain()).contains(&key));
    for other in ["", "short", "a b c d", &format!("{key} 1 x"), &format!("{key} x y z")] {
        assert!(Chain::read(&Secret::new(other)).is_none(), "{other}");
    }
}

/// What somebody without the key may do to a file.
#[derive(Debug, Clone)]
enum Tampering {
    Drop(usize),
    Swap(usize, usize),
    Twice(usize, usize),
    Byte(usize, usize, u8),
    Bare(usize),
    Rename(usize),
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let line = 0_usize..12;
    prop_oneof![
        line.clone().prop_map(Tampering::Drop),
        (line.clone(), line.clone()).prop_map(|(one, other)| Tampering::Swap(one, other)),
        (line.clone(), line.clone()).prop_map(|(one, other)| Tampering::Twice(one, other)),
        (line.clone(), 0_usize..400, 1_u8..=255).prop_map(|(at, byte, by)| Tampering::Byte(at, byte, by)),
        line.clone().prop_map(Tampering::Bare),
        line.prop_map(Tampering::Rename),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_done_without_the_key_is_seen(done in tampering()) {
        let mut world = World::new();
        (1..=12).for_each(|number| world.note(&number.to_string()));
        let before = std::fs::read(world.store.record_path()).unwrap();
        let mut lines: Vec<Vec<u8>> = world.lines().into_iter().map(String::into_bytes).collect();
        match &done {
            Tampering::Drop(at) => { lines.remove(*at); }
            Tampering::Swap(one, other) => lines.swap(*one, *other),
            Tampering::Twice(one, other) => { let line = lines[*one].clone(); lines.insert(*other, line); }
            Tampering::Byte(at, byte, by) => {
                let length = lines[*at].len();
                lines[*at][byte % length] ^= by;
            }
            Tampering::Bare(at) => {
                let text = String::from_utf8(lines[*at].clone()).unwrap();
                let (_number, rest) = text.split_once(',').unwrap();
                let body = rest.split(",\"after\"").next().unwrap().split(",\"chain\"").next().unwrap();
                lines[*at] = format!("{{{body}}}").into_bytes();
            }
            Tampering::Rename(at) => {
                let text = String::from_utf8(lines[*at].clone()).unwrap();
                lines[*at] = text.replace("\"chain\":\"", "\"chain\":\"x").into_bytes();
            }
        }
        let after: Vec<u8> = lines.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect();
        std::fs::write(world.store.record_path(), &after).unwrap();
        let checked = world.check();
        prop_assert_eq!(checked.broken == 0, before == after, "{:?}", checked);
    }

    #[test]
    fn any_bytes_are_looked_at_without_panic(content in proptest::collection::vec(any::<u8>(), 0..400)) {
        let chain = Chain::random(&SystemRandom);
        let _ = check([("record.jsonl", content.as_slice())].into_iter(), Some(&chain));
        let _ = Chain::read(&Secret::new(String::from_utf8_lossy(&content)));
    }
}
