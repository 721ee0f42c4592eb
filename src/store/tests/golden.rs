//! Every version of every record, byte for byte as it was released. A file here is never changed: a record that changes
//! is a new version with a file of its own, and this release still reads the old one.

use std::fmt::Write;

use super::*;
use crate::model::{
    AccountId, Memory, MemoryType, ModelIdentity, NamespaceName, Pooling, ProfileName, Scope, TopicKey, Ulid,
    UnitVector, hex,
};
use crate::store::rows::*;
use crate::store::{checksum, key};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/records");
/// What format 2 has behind each record under its key, a line each.
const CHECKSUMS: &str = include_str!("../../../tests/golden/checksums.txt");

/// Encodes the row to exactly the bytes in the file, with exactly that checksum, and decodes these back to it.
fn golden<R: Row + PartialEq + std::fmt::Debug>(file: &str, at: &R::Key, row: &R) {
    let path = format!("{FOLDER}/{file}.hex");
    let (key, value) = (key::row_key(SpaceId::from_number(7), R::KIND, at), row.encode().unwrap());
    let now = format!("key\n{}value\n{}", hex_lines(&key), hex_lines(&value));
    let Ok(released) = fs_err::read_to_string(&path) else {
        fs_err::write(&path, now).unwrap();
        panic!("{path} was not there and is written: read it, and commit it with the new record");
    };
    assert_eq!(released, now, "{path} holds other bytes than this release writes");
    let bytes = parse(released.split_once("value\n").unwrap().1);
    assert_eq!(&R::decode(&bytes).unwrap(), row, "{path} is read as something else");
    let sealed = checksum::seal(&key, bytes);
    let sum = hex(&sealed[value.len()..]);
    assert!(CHECKSUMS.lines().any(|line| line == format!("{file} {sum}").trim()), "no line `{file} {sum}`");
    assert_eq!(&read::<R>(&key, at, &sealed).unwrap(), row);
}

/// Sixteen bytes a line, with their letters for people.
fn hex_lines(bytes: &[u8]) -> String {
    let mut out = String::new();
    for line in bytes.chunks(16) {
        let hex: Vec<_> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        let letters: String =
            line.iter().map(|&byte| if byte.is_ascii_graphic() { char::from(byte) } else { '.' }).collect();
        writeln!(out, "{:<47}  {letters}", hex.join(" ")).unwrap();
    }
    out
}

fn parse(lines: &str) -> Vec<u8> {
    let hex = |line: &str| line.chars().take(47).collect::<String>();
    let bytes = lines.lines().map(hex).collect::<Vec<_>>().join(" ");
    bytes.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

fn ulid(text: &str) -> Ulid {
    Ulid::parse(text).unwrap()
}

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn model() -> ModelIdentity {
    let name = "all-MiniLM-L6-v2".to_owned();
    ModelIdentity { name, sha256: [0xA5; 32], dimension: 384, pooling: Pooling::Mean }
}

#[test]
fn catalog_records_are_the_bytes_that_were_released() {
    let id = ulid("01JSGCEXAMPP1E000000000000");
    let created = at("2026-05-01T10:00:00.123Z").instant;
    let account = AccountId::parse("local").unwrap();
    let namespace = NamespaceName::parse("support-agent").unwrap();
    let updated = at("2026-05-02T00:00:00Z").instant;
    golden("namespace-1", &(account.clone(), namespace.clone()), &NamespaceRow { id, created, updated });
    let profile = ProfileName::parse("user-1234").unwrap();
    golden("profile-1", &(id, profile), &ProfileRow { space: SpaceId::from_number(300), created });
    let token = TokenRow {
        hash: [0x5A; 32],
        label: "laptop".to_owned(),
        account: Some(account),
        namespace: Some(namespace),
        scope: Scope::Write,
        created,
        last_used: None,
    };
    golden("token-1", &id, &token);
    golden("token-2", &id, &TokenRow { last_used: Some(updated), ..token.clone() });
    let unbound = TokenRow { account: None, namespace: None, scope: Scope::Read, ..token };
    golden("token-unbound-1", &id, &unbound);
    golden("doomed-namespace-1", &DoomedKey::Namespace(id), &DoomedRow { since: created });
    golden("doomed-space-1", &DoomedKey::Space(SpaceId::from_number(300)), &DoomedRow { since: created });
}

#[test]
fn settings_are_the_bytes_that_were_released() {
    golden("format-1", &(), &FormatRow { version: 1 });
    golden("model-1", &(), &ModelRow(model()));
    golden("model-cls-1", &(), &ModelRow(ModelIdentity { pooling: Pooling::Cls, ..model() }));
    golden("reindex-begun-1", &(), &ReindexRow { target: model(), last: None });
    golden("migrating-1", &(), &MigratingRow { last: vec![0, 0, 0, 0, 0, 0, 0, 7, 16] });
    let space = SpaceId::from_number(300);
    let last = Some(Reindexed::Message(space, place(1, 2)));
    golden("reindex-message-1", &(), &ReindexRow { target: model(), last });
    let last = Some(Reindexed::Memory(space, ulid("01JSGCEXAMPP1E000000000000")));
    golden("reindex-memory-1", &(), &ReindexRow { target: model(), last });
}

#[test]
fn session_records_are_the_bytes_that_were_released() {
    let name = session_name("tuesday ☂");
    golden("sequence-1", &(), &SequenceRow(70_000));
    golden("session-1", &2, &SessionRow { name: name.clone(), next_position: 41 });
    golden("session-name-1", &SessionNameKey::of(&name), &SessionNameRow { session: 2 });
    let content = "My cat Søren lives in Bergen.";
    let id = MessageId::of(&name, Role::User, content);
    golden("message-place-1", &id, &MessagePlaceRow(place(2, 40)));
    for (role, file) in Role::ALL.into_iter().zip(["message-system-1", "message-user-1", "message-assistant-1"]) {
        let row = MessageRow { id, role, content: content.to_owned(), at: at("2026-05-01T23:30:00-05:00") };
        golden(file, &place(2, 40), &row);
    }
}

#[test]
fn memories_are_the_bytes_that_were_released() {
    let id = ulid("01JSGCEXAMPP1E000000000000");
    let whole = Memory {
        id,
        kind: MemoryType::Fact,
        summary: "Cat Søren".to_owned(),
        content: "The user's cat Søren lives in Bergen.".to_owned(),
        session: Some(session_name("tuesday")),
        created_at: at("2026-05-01T10:00:00.123Z").instant,
        updated_at: at("2026-05-02T00:00:00Z").instant,
        said_at: at("1969-12-31T23:30:00-05:00"),
        topic: Some(TopicKey([0x11; 16])),
        sources: vec![MessageId([0x22; 16]), MessageId([0x33; 16])],
        superseded_by: Some(ulid("01JSGCEXAMPP1E000000000001")),
    };
    golden("memory-1", &id, &MemoryRow(whole.clone()));
    for (kind, file) in [
        (MemoryType::Event, "memory-event-1"),
        (MemoryType::Instruction, "memory-instruction-1"),
        (MemoryType::Task, "memory-task-1"),
    ] {
        let bare = Memory { kind, session: None, topic: None, sources: vec![], superseded_by: None, ..whole.clone() };
        golden(file, &id, &MemoryRow(bare));
    }
}

#[test]
fn vectors_are_the_bytes_that_were_released() {
    // 0.5 four times over is exact in half precision, so what is read back is what was written.
    let vector = UnitVector::normalise(vec![1.0, -1.0, 1.0, 1.0]).unwrap();
    golden("message-vector-1", &place(2, 40), &MessageVectorRow(vector.clone()));
    golden("memory-vector-1", &ulid("01JSGCEXAMPP1E000000000000"), &MemoryVectorRow(vector));
}

#[test]
fn records_about_caches_are_the_bytes_that_were_released() {
    golden("cache-announced-1", &(), &CacheRow { sequence: 70_000, head: None });
    golden("cache-1", &(), &CacheRow { sequence: 70_000, head: Some([0xC4; 32]) });
    let memories = vec![ulid("01JSGCEXAMPP1E000000000000")];
    golden("change-1", &70_001, &ChangeRow { places: vec![place(2, 40), place(300, 1)], memories });
}

#[test]
fn every_kind_has_golden_bytes() {
    let files = fs_err::read_dir(FOLDER).unwrap();
    let mut kinds: Vec<_> = files
        .map(|file| {
            let released = fs_err::read_to_string(file.unwrap().path()).unwrap();
            let (key, value) = released.strip_prefix("key\n").unwrap().split_once("value\n").unwrap();
            let key = parse(key);
            check_row(&key, &checksum::seal(&key, parse(value))).unwrap();
            key::split_row_key(&key).unwrap().1
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, Kind::ALL.iter().map(|kind| kind.number()).collect::<Vec<_>>());
}

#[test]
fn a_vector_read_back_points_where_it_did() {
    let vector = UnitVector::normalise((1..=384_u16).map(|n| f32::from(n % 17) - 8.0).collect()).unwrap();
    let back = MemoryVectorRow::decode(&MemoryVectorRow(vector.clone()).encode().unwrap()).unwrap().0;
    assert_eq!(back.dimension(), 384);
    assert!(back.dot(&vector) > 0.999_999, "{}", back.dot(&vector));
    assert!((back.dot(&back) - 1.0).abs() < 1e-6, "its length is one");
}
