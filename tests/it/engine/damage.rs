//! Damage of every kind: bytes of the file flipped or cut off, and records flipped, moved, cut, gone or another profile's.
//! It is found and named, it touches nothing beside it, and repair loses nothing without saying so.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use mnemon::ErrorKind;
use mnemon::Result;
use mnemon::engine::{Engine, EngineOptions, MemoryQuery, RepairReport};
use mnemon::model::Moment;
use mnemon::recall::RecallQuery;

use super::repair::{KIND_AT, change, move_row};
use crate::support::{Bench, WordEmbedder, address, said, session};

const QUIET: &dyn Fn(u64, u64) = &|_, _| {};

/// Two profiles in two namespaces, who said other things, and two tokens.
fn two_profiles() -> Bench {
    let bench = Bench::without_caches();
    let engine = bench.engine();
    for (name, home, work) in [("ana", "Oslo", "nurse"), ("bo", "Lyon", "baker")] {
        let at = address("local", &format!("of-{name}"), name);
        engine.create_namespace(&at.account, &at.namespace).unwrap();
        let first = said("2026-05-01T10:00:00Z", &format!("I live in {home}. I work as a {work}."));
        let second = said("2026-05-02T10:00:00Z", &format!("My sister {name}lina lives near {home}."));
        engine.ingest(&at, Some(&session(&format!("{name}-monday"))), &[first]).unwrap();
        engine.ingest(&at, Some(&session(&format!("{name}-tuesday"))), &[second]).unwrap();
        engine.remember(&at, None, &format!("{name} keeps the spare key at {home} harbour")).unwrap();
        engine.ensure_first_token().unwrap();
    }
    bench
}

/// Every line of an export that says something, by the profile that says it.
fn said_by(engine: &Engine) -> BTreeMap<String, BTreeSet<String>> {
    let mut out = Vec::new();
    engine.export(&mut out, QUIET).unwrap();
    let (mut owner, mut all) = (String::new(), BTreeMap::<String, BTreeSet<String>>::new());
    for line in String::from_utf8(out).unwrap().lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        match value["record"].as_str() {
            Some("profile") => value["name"].as_str().unwrap().clone_into(&mut owner),
            Some("message" | "memory") => {
                all.entry(owner.clone()).or_default().insert(value["content"].as_str().unwrap().to_owned());
            }
            _ => {}
        }
    }
    all
}

fn options(bench: &Bench, check_pages: bool) -> EngineOptions {
    let mut options = bench.options(WordEmbedder::named("words"));
    options.check_pages = check_pages;
    options
}

/// What check says, or why the folder does not open.
fn found(bench: &Bench) -> Result<Vec<String>> {
    let engine = Engine::open(options(bench, true))?;
    let report = engine.check(QUIET)?;
    Ok(report.findings.into_iter().map(|finding| format!("{}: {}", finding.place, finding.what)).collect())
}

/// What is done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    Flipped(usize),
    /// Put under another key, by a flip of one bit of its own.
    Moved(usize),
    Cut,
    Gone,
    Swapped,
}

/// A key and a value.
type Row = (Vec<u8>, Vec<u8>);

/// A folder that is damaged and put back again and again.
struct Victim {
    bench: Bench,
    whole: Vec<u8>,
    rows: Vec<Row>,
    before: BTreeMap<String, BTreeSet<String>>,
}

/// The kind of which a row can vanish and all that is left fits together.
const TOKEN: u8 = 3;
/// The kind without a checksum. It is made again; where a stray row of it belonged is not known.
const FORMAT: u8 = 5;
/// The kind without which nothing is written to a profile.
const SEQUENCE: u8 = 16;

/// The profile that a row of the other one's space is not in; nothing for a row of the catalog.
fn beside(key: &[u8]) -> Option<&'static str> {
    match key[KIND_AT - 1] {
        1 => Some("bo"),
        2 => Some("ana"),
        _ => None,
    }
}

impl Victim {
    fn new() -> Self {
        let mut bench = two_profiles();
        let before = said_by(bench.engine());
        bench.close();
        // Without pages that nothing leads to any more.
        Engine::compact(bench.folder.path(), &*bench.clock, QUIET).unwrap();
        let rows = RefCell::new(Vec::new());
        change(bench.folder.path(), |key, value| {
            rows.borrow_mut().push((key.to_vec(), value.to_vec()));
            None
        });
        let whole = fs_err::read(bench.folder.path().join("mnemon.redb")).unwrap();
        Self { bench, whole, rows: rows.into_inner(), before }
    }

    /// Makes the folder what it was, with these bytes in its file.
    fn put(&self, bytes: &[u8]) {
        for entry in fs_err::read_dir(self.bench.folder.path()).unwrap() {
            fs_err::remove_file(entry.unwrap().path()).unwrap();
        }
        fs_err::write(self.bench.folder.path().join("mnemon.redb"), bytes).unwrap();
    }

    /// The record as the damage leaves it; empty when it is gone; nothing when the damage cannot be done to it.
    fn damaged(&self, (key, value): &Row, damage: Damage) -> Option<Vec<u8>> {
        let anothers = |row: &&Row| row.0[KIND_AT] == key[KIND_AT] && row.0 != *key && row.1 != *value;
        let is_far = |row: &&Row| row.0[..KIND_AT] != key[..KIND_AT];
        match damage {
            Damage::Flipped(bit) => {
                let mut value = value.clone();
                value[bit / 8] ^= 1 << (bit % 8);
                Some(value)
            }
            Damage::Cut => Some(value[..value.len() - 1].to_vec()).filter(|value| !value.is_empty()),
            Damage::Gone | Damage::Moved(_) => Some(Vec::new()),
            Damage::Swapped => {
                let same_kind = || self.rows.iter().filter(anothers);
                same_kind().find(is_far).or_else(|| same_kind().next()).map(|row| row.1.clone())
            }
        }
    }

    /// Leaves the folder with one record damaged; nothing when that damage cannot be done to it.
    fn damage(&self, row: &Row, damage: Damage) -> Option<()> {
        let new = self.damaged(row, damage)?;
        let key = &row.0;
        self.put(&self.whole);
        if let Damage::Moved(bit) = damage {
            let mut to = key.clone();
            to[bit / 8] ^= 1 << (bit % 8);
            if self.rows.iter().any(|(key, _)| *key == to) {
                return None;
            }
            move_row(self.bench.folder.path(), key, &to);
        } else {
            assert_eq!(change(self.bench.folder.path(), |at, _| (at == key.as_slice()).then(|| new.clone())), 1);
        }
        Some(())
    }

    /// Damages one record; whether it was found. What must hold then, holds.
    fn hit(&self, row: &Row, damage: Damage) -> Option<bool> {
        self.damage(row, damage)?;
        let (key, kind) = (&row.0, row.0[KIND_AT]);
        if beside(key).is_some() {
            self.serves_the_rest(row, damage);
            self.damage(row, damage);
        }
        let what = found(&self.bench);
        let is_found = !matches!(&what, Ok(findings) if findings.is_empty());
        assert!(is_found || (kind == TOKEN && damage == Damage::Gone), "{kind} {damage:?} is not found");
        if let (Ok(findings), Some(beside)) = (&what, beside(key)) {
            let strays = |finding: &String| finding.starts_with(&format!("local/of-{beside}"));
            assert!(!findings.iter().any(strays), "{kind} {damage:?} is not contained: {findings:?}");
        }
        match Engine::repair(&options(&self.bench, false), QUIET) {
            Ok(report) => self.mended(row, damage, &report),
            Err(error) => {
                let kinds = [ErrorKind::Damaged, ErrorKind::NewerFormat, ErrorKind::OtherModel];
                assert!(kinds.contains(&error.kind()) && is_found, "{kind} {damage:?}: {error}");
            }
        }
        Some(is_found)
    }

    /// Both profiles answer, list and take what is new, without what is damaged and without what another said.
    fn serves_the_rest(&self, (key, _): &Row, damage: Damage) {
        let engine = Engine::open(options(&self.bench, false)).unwrap();
        let kind = key[KIND_AT];
        let everything =
            MemoryQuery { per_page: 100, cursor: None, session: None, kind: None, include_superseded: true };
        for name in ["ana", "bo"] {
            let what = format!("{name}, {kind} {damage:?}");
            let at = address("local", &format!("of-{name}"), name);
            let query = RecallQuery::new("Where is the spare key?", Moment::parse("2026-06-01").unwrap());
            let recalled = engine.recall(&at, &query).unwrap_or_else(|error| panic!("{what}: {error}"));
            let listed = engine.memories(&at, &everything).unwrap_or_else(|error| panic!("{what}: {error}"));
            let quoted = recalled.evidence.iter().map(|evidence| &evidence.message.content);
            for content in listed.items.iter().map(|memory| &memory.content).chain(quoted) {
                assert!(self.before[name].contains(content), "{what}: {content}");
            }
            let all = self.before[name].len();
            assert!(listed.items.len() + 2 >= all / 2, "{what}: {} of {all} are listed", listed.items.len());
            if kind == SEQUENCE {
                continue;
            }
            let new = said("2026-06-01T10:00:00Z", "I bought a red canoe in Bergen yesterday.");
            let added = engine.ingest(&at, Some(&session("afterwards")), &[new]);
            assert_eq!(added.unwrap_or_else(|error| panic!("{what}: {error}")).messages_added, 1, "{what}");
            let query = RecallQuery::new("What did the user buy in Bergen?", Moment::parse("2026-06-01").unwrap());
            let recalled = engine.recall(&at, &query).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(recalled.candidates.iter().any(|one| one.summary.contains("canoe")), "{what}");
        }
    }

    /// After a repair everything agrees, nobody reads what another said, and what is gone was told.
    fn mended(&self, (key, _): &Row, damage: Damage, report: &RepairReport) {
        let kind = key[KIND_AT];
        let is_a_flip = matches!(damage, Damage::Flipped(_) | Damage::Moved(_));
        let may_lose = !is_a_flip || kind == FORMAT;
        assert!(may_lose || report.lost.is_empty(), "{kind} {damage:?}: one bit is put right: {report:?}");
        assert_eq!(found(&self.bench).unwrap(), Vec::<String>::new(), "{kind} {damage:?}");
        let now = said_by(&Engine::open(options(&self.bench, false)).unwrap());
        for name in ["ana", "bo"] {
            let (before, now) = (&self.before[name], now.get(name).cloned().unwrap_or_default());
            let (lost, new) = (before.difference(&now).count(), now.difference(before).count());
            let is_beside = beside(key) == Some(name);
            assert_eq!(new, 0, "{kind} {damage:?}: {name} reads another's");
            assert!(lost == 0 || !(is_beside || is_a_flip), "{kind} {damage:?} is not contained: {name}");
            assert!(lost == 0 || !report.lost.is_empty(), "{kind} {damage:?}: lost without a word: {report:?}");
        }
    }
}

#[test]
fn damage_to_a_record_is_found_contained_and_mended_or_told() {
    let victim = Victim::new();
    let mut tally: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in &victim.rows {
        let bits = row.1.len().max(2) * 8;
        let flips = [bits / 4 + 1, bits - 9].map(|bit| Damage::Flipped(bit % (row.1.len() * 8)));
        let moves = [7, 58, KIND_AT * 8, KIND_AT * 8 + 2, row.0.len() * 8 - 1].map(Damage::Moved);
        for damage in flips.into_iter().chain(moves).chain([Damage::Cut, Damage::Gone, Damage::Swapped]) {
            let Some(is_found) = victim.hit(row, damage) else { continue };
            let name = match damage {
                Damage::Flipped(_) => "flipped",
                Damage::Moved(_) => "moved",
                Damage::Cut => "cut",
                Damage::Gone => "gone",
                Damage::Swapped => "swapped",
            };
            let (done, seen) = tally.entry(name).or_default();
            *done += 1;
            *seen += usize::from(is_found);
        }
    }
    println!("{} records; done and found: {tally:?}", victim.rows.len());
    victim.put(&victim.whole);
}

#[test]
fn a_flipped_byte_of_the_file_is_found_or_touches_nothing() {
    let victim = Victim::new();
    let used: Vec<usize> = (0..victim.whole.len()).filter(|at| victim.whole[*at] != 0).collect();
    let flips = std::env::var("FLIPS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let (mut seed, mut noticed, mut repaired) = (11_usize, 0, 0);
    for n in 0..flips {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut bytes = victim.whole.clone();
        bytes[used[(seed >> 33) % used.len()]] ^= 1 << (n % 8);
        victim.put(&bytes);
        match found(&victim.bench) {
            Ok(findings) => {
                assert_eq!(findings, Vec::<String>::new());
                let engine = Engine::open(options(&victim.bench, false)).unwrap();
                assert_eq!(said_by(&engine), victim.before, "what is not found changes nothing");
            }
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::Damaged | ErrorKind::NewerFormat), "{error:?}");
                noticed += 1;
                repaired += usize::from(victim.is_saved());
            }
        }
    }
    println!("{flips} bytes flipped, {noticed} found, the others in pages without rows; {repaired} repaired");
    assert!(noticed > flips / 10 && repaired > noticed / 2, "{noticed} of {flips} found, {repaired} repaired");
    victim.put(&victim.whole);
}

#[test]
fn a_file_that_is_cut_off_is_found() {
    let victim = Victim::new();
    for part in 0..24 {
        victim.put(&victim.whole[..victim.whole.len() * part / 24]);
        match found(&victim.bench) {
            // An empty file is a new one.
            Ok(_) => assert_eq!(part, 0),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Damaged, "{error:?}");
                victim.is_saved();
            }
        }
    }
    victim.put(&victim.whole);
}

impl Victim {
    /// Repairs a file with damaged pages: whether it could be. What is left was said, and what is not was told to be lost.
    fn is_saved(&self) -> bool {
        match Engine::repair(&options(&self.bench, false), QUIET) {
            Ok(report) => {
                assert_eq!(found(&self.bench).unwrap(), Vec::<String>::new());
                let now = said_by(&Engine::open(options(&self.bench, false)).unwrap());
                let lost = self.before.iter().any(|(name, all)| now.get(name) != Some(all));
                assert!(!lost || !report.lost.is_empty(), "lost without a word: {report:?}");
                let kept = report.salvage.expect("pages were damaged").kept;
                assert!(fs_err::metadata(kept).unwrap().len() > 0, "the damaged file is kept");
                true
            }
            Err(error) => {
                // A flip within the record of the format makes another sound one: what to do is told.
                let told = if error.kind() == ErrorKind::Damaged { "backup" } else { "use the release that wrote it" };
                assert!(error.message().contains(told), "{error:?}");
                false
            }
        }
    }
}
