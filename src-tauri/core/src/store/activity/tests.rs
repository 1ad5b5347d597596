use super::*;
use crate::activity::{Call, Caller, Outcome, TOOLS_CALL};
use crate::places::Places;
use std::collections::HashSet;

fn line(number: u64) -> Line {
    Line::Call(Call {
        at: Timestamp::from_second(1_800_000_000 + i64::try_from(number).unwrap()).unwrap(),
        instance: InstanceId::from_random(7),
        key: None,
        caller: Caller::named("client", Some("1.0")),
        method: TOOLS_CALL.to_owned(),
        tool: Some("execute_sql".to_owned()),
        outcome: Outcome::Done,
        ms: Some(number),
        bytes: Some(1),
        also: None,
        access: None,
    })
}

fn store() -> (tempfile::TempDir, Store) {
    let home = tempfile::tempdir().unwrap();
    let store = Store::new(Places::under(home.path()));
    (home, store)
}

fn numbers(store: &Store) -> Vec<u64> {
    store.activity(None, true).calls.iter().map(|call| call.ms.unwrap()).collect()
}

#[test]
fn all_lines_of_many_writers_are_there_across_a_change_of_files() {
    let (_home, store) = store();
    // Almost full: the change comes while all of them write.
    store.note_activity(&line(0)).unwrap();
    let path = store.activity_path(0);
    let mut filling = std::fs::read(&path).unwrap();
    let room = usize::try_from(BYTES / u64::from(FILES)).unwrap() - 400_000;
    filling.resize(room, b'\n');
    std::fs::write(&path, filling).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8_u64 {
            let store = &store;
            scope.spawn(move || {
                (1..=1000).for_each(|number| store.note_activity(&line(writer * 1000 + number)).unwrap());
            });
        }
    });
    let noted = numbers(&store);
    assert!(store.activity_path(1).exists() && !store.activity_path(2).exists());
    assert_eq!(noted.len(), 8001);
    assert_eq!(noted.iter().collect::<HashSet<_>>().len(), 8001);
}

/// A process that moves on to another file has no file of that name for a moment.
#[test]
fn who_reads_while_the_files_change_sees_every_line() {
    let (_home, store) = store();
    (0..3).for_each(|number| store.note_activity(&line(number)).unwrap());
    let lock = store.lock_activity().unwrap();
    lock.lock().unwrap();
    let aside = store.activity_path(0).with_extension("aside");
    std::fs::rename(store.activity_path(0), &aside).unwrap();
    let (told, read) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| told.send(numbers(&store)).unwrap());
        let early = read.recv_timeout(std::time::Duration::from_millis(200));
        std::fs::rename(&aside, store.activity_path(1)).unwrap();
        lock.unlock().unwrap();
        assert!(early.is_err(), "it was read half-way: {early:?}");
        assert_eq!(read.recv_timeout(std::time::Duration::from_secs(10)).unwrap(), [0, 1, 2]);
    });
}

#[test]
fn all_files_together_stay_within_their_size() {
    let (_home, store) = store();
    let bytes = serde_json::to_vec(&line(0)).unwrap().len() as u64 + 1;
    let lines = 2 * BYTES / bytes;
    for number in 0..lines {
        store.note_activity(&line(number)).unwrap();
    }
    let sizes: Vec<u64> = (0..=FILES)
        .filter_map(|number| std::fs::metadata(store.activity_path(number)).ok())
        .map(|file| file.len())
        .collect();
    assert_eq!(sizes.len(), 4);
    assert!(sizes.iter().sum::<u64>() <= BYTES, "{sizes:?}");
    let noted = numbers(&store);
    assert_eq!(noted.last(), Some(&(lines - 1)));
    assert!(noted.windows(2).all(|pair| pair[1] == pair[0] + 1), "the newest, without a gap");
    assert!(noted.len() as u64 > BYTES / bytes / 2);
}

#[test]
fn damaged_lines_are_passed_over_and_half_ones_take_nothing_along() {
    let (_home, store) = store();
    store.note_activity(&line(1)).unwrap();
    let mut file = OpenOptions::new().append(true).open(store.activity_path(0)).unwrap();
    file.write_all(b"\xff\0garbage\n{}\n[1]\n{\"at\":\"2026-11-29T12:00:00Z\",\"inst").unwrap();
    store.note_activity(&line(2)).unwrap();
    assert_eq!(numbers(&store), [1, 2]);
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_home, store) = store();
    store.note_activity(&line(1)).unwrap();
    let mode = std::fs::metadata(store.activity_path(0)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// `cargo test --release -p superset-keys-core --lib activity -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout, reason = "what a measurement is for")]
fn how_long_a_line_takes() {
    let (_home, store) = store();
    let mut took: Vec<_> = (0..20_000)
        .map(|number| {
            let line = line(number);
            let began = std::time::Instant::now();
            store.note_activity(&line).unwrap();
            began.elapsed()
        })
        .collect();
    took.sort_unstable();
    println!("p50 {:?}, p99 {:?}", took[took.len() / 2], took[took.len() * 99 / 100]);
    assert!(took[took.len() / 2] < std::time::Duration::from_micros(50));
}
