//! Bytes that are not what was written: they are told, and they never panic.

use proptest::prelude::*;

use super::*;
use crate::store::rows::{Kind, Row, check_row, stored};
use crate::store::{RowReport, StoreOptions, checksum, key};

#[test]
fn a_damaged_record_is_named_and_never_quoted() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
    let space = store.allocate_space();
    store.commit(put_message(space, place(0, 0), "whole")).unwrap();
    drop(store);
    let (key, mut value) = stored(space, &place(0, 1), &message("a secret")).unwrap();
    value[9] ^= 1;
    put_raw(&dir, &key, &value);

    let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
    let snapshot = store.read().unwrap();
    let error = snapshot.get::<MessageRow>(space, &place(0, 1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);
    for part in ["Message record 0000000000000001 of space 1", "its checksum does not agree", "mnemon check"] {
        assert!(error.message().contains(part), "{}", error.message());
    }
    assert!(!format!("{error:?}").contains("secret"));
    let scanned: Vec<_> = snapshot.scan::<MessageRow>(space, &Range::all()).unwrap().map(|row| row.is_ok()).collect();
    assert_eq!(scanned, [true, false], "what is whole is still read");
}

#[test]
fn every_record_of_the_file_is_verified() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
    store.commit(put_message(SpaceId::from_number(1), place(0, 0), "whole")).unwrap();
    drop(store);
    put_raw(&dir, &[1, 2, 3], b"a key too short");
    put_raw(&dir, &[0, 0, 0, 0, 0, 0, 0, 2, 200, 1], b"an unknown kind");
    put_raw(&dir, &[0, 0, 0, 0, 0, 0, 0, 2, Kind::Message.number(), 1], b"a key of another width");
    let sequence = key::row_key(SpaceId::from_number(2), Kind::Sequence, &());
    put_raw(&dir, &sequence, &checksum::seal(&sequence, vec![9]));
    let name = key::row_key(SpaceId::from_number(2), Kind::Session, &7_u32);
    put_raw(&dir, &name, &[1, 2, 3, 4, 5]);

    let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
    let (mut whole, mut broken) = (vec![], vec![]);
    let visit = &mut |report: RowReport<'_>| match report.problem {
        None => whole.push(report.kind.unwrap()),
        Some(problem) => broken.push(problem.to_string()),
    };
    store.read().unwrap().verify_records(visit).unwrap();
    assert_eq!(whole, [Kind::Format, Kind::Sequence, Kind::Message]);
    assert_eq!(
        broken,
        [
            "its version is 9, which this release does not know",
            "its checksum does not agree: it was changed, or it is another one",
            "its key is not one of its kind",
            "its kind is 200, which this release does not know",
            "its key is not one of its kind",
        ]
    );
}

#[test]
fn a_damaged_page_is_found_when_pages_are_checked() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
    store.commit(put_message(SpaceId::from_number(1), place(0, 0), &"whole ".repeat(1000))).unwrap();
    store.close().unwrap();
    let path = dir.path().join("mnemon.redb");
    let mut bytes = fs_err::read(&path).unwrap();
    let at = bytes.windows(6).position(|text| text == b"whole ").unwrap();
    bytes[at + 600] ^= 1;
    fs_err::write(&path, bytes).unwrap();
    let options = StoreOptions { check_pages: true, ..StoreOptions::default() };
    assert_eq!(kind_of(Store::open(dir.path(), &options)), ErrorKind::Damaged);
}

/// Overwrites a stretch of the file at a time, wherever the seed says, and opens what is left of it.
#[test]
fn overwritten_pages_are_told_and_never_panic() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), &StoreOptions::default()).unwrap();
    for space in 1..10 {
        let mut batch = Batch::new();
        for position in 0..50 {
            batch.put(SpaceId::from_number(space), &place(0, position), &message(&"text ".repeat(20)));
        }
        store.commit(batch).unwrap();
    }
    let rows = store.stats().unwrap().rows;
    store.close().unwrap();
    let path = dir.path().join("mnemon.redb");
    let whole = fs_err::read(&path).unwrap();

    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let mut damaged = 0;
    for round in 0..60 {
        let mut bytes = whole.clone();
        let start = random(bytes.len() - 4096);
        bytes[start..start + 1 + random(4095)].iter_mut().for_each(|byte| *byte ^= u8::try_from(random(256)).unwrap());
        fs_err::write(&path, &bytes).unwrap();
        let check_pages = round % 2 == 0;
        match read_all(&dir, check_pages) {
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Damaged, "{error:?}");
                damaged += 1;
            }
            Ok(read) if check_pages => assert_eq!(read, (rows, 0), "a checked file is whole"),
            Ok(_) => {}
        }
    }
    assert!(damaged > 10, "only {damaged} of the overwritten files were damaged where it matters");
}

/// The rows of a file, and how many of them are no records.
fn read_all(dir: &tempfile::TempDir, check_pages: bool) -> crate::Result<(u64, u64)> {
    let store = Store::open(dir.path(), &StoreOptions { check_pages, ..StoreOptions::default() })?;
    let (mut rows, mut broken) = (0, 0);
    store.read()?.verify_records(&mut |report| {
        rows += 1;
        broken += u64::from(report.problem.is_some());
    })?;
    Ok((rows, broken))
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(kind: u8, fields: Vec<u8>, version in 0..3_u8, body: Vec<u8>) {
        let value = [&[version], &body[..]].concat();
        for kind in [kind].into_iter().chain(Kind::ALL.iter().map(|kind| kind.number())) {
            let key = [&[0; 8], &[kind][..], &fields].concat();
            let _ = check_row(&key, &value);
            let _ = check_row(&key, &checksum::seal(&key, value.clone()));
        }
    }

    #[test]
    fn a_record_that_is_cut_or_flipped_never_panics(content in ".{1,200}", cut: u16, bit: u16) {
        let whole = message(&content).encode().unwrap();
        let cut = usize::from(cut) % whole.len();
        prop_assert!(MessageRow::decode(&whole[..cut]).is_err(), "no record is the beginning of another");
        let mut flipped = whole.clone();
        let bit = usize::from(bit) % (whole.len() * 8);
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(row) = MessageRow::decode(&flipped) {
            prop_assert_ne!(row, message(&content), "a flipped bit is not lost");
        }
    }
}
