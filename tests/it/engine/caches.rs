//! Indexes on disk: a cache answers as the rows do, and one that is not to be believed is not.

use std::path::{Path, PathBuf};

use mnemon::engine::{Engine, IndexLoads, ProfileAddress};
use mnemon::recall::{RecallQuery, Recalled, ThinkingLevel};
use tempfile::TempDir;

use super::repair::{KIND_AT, change};
use super::writes::question;
use crate::support::{Bench, WordEmbedder, address, said, session};

/// The kind of a memory's record.
const MEMORY: u8 = 22;
const MAY: &str = "2026-05-04T09:00:00Z";

/// Says so many things in a session, some of which are remembered, and some replace others.
fn say(engine: &Engine, at: &ProfileAddress, name: &str, count: usize) {
    let cities = ["Oslo", "Bergen", "Rome", "Lima", "Kyiv"];
    let text = |n: usize| match n % 4 {
        0 => format!("I live in {} now.", cities[n / 4 % 5]),
        1 => format!("Ana: My sister number {n} in {name} keeps {} herons.", n * 3),
        2 => format!("I have to call dentist {n} by Friday."),
        _ => format!("Always mention {} when we talk about boats.", cities[n % 5]),
    };
    let messages: Vec<_> = (0..count).map(|n| said(MAY, &text(n))).collect();
    engine.ingest(at, Some(&session(name)), &messages).unwrap();
}

fn filled() -> (Bench, ProfileAddress) {
    let mut bench = Bench::new();
    let at = bench.profile("ana");
    say(bench.engine(), &at, "first", 60);
    say(bench.engine(), &at, "second", 40);
    bench.close();
    (bench, at)
}

fn folder(bench: &Bench) -> PathBuf {
    bench.folder.path().join("cache")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The one cache of a folder.
fn only_file(bench: &Bench) -> PathBuf {
    let files = files(&folder(bench));
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

fn answers(engine: &Engine, at: &ProfileAddress) -> Vec<Recalled> {
    let asked = ["Where do I live?", "herons of Ana's sister number 33", "What about boats?", "dentist", "nothing"];
    let ask = |text: &&str| {
        let (thinking, evidence_limit) = (ThinkingLevel::High, 30);
        engine.recall(at, &RecallQuery { thinking, evidence_limit, explain: true, ..question(text) }).unwrap()
    };
    asked.iter().map(ask).collect()
}

/// Opens the folder, and tells how its index came into memory and what it answers.
fn opened(bench: &Bench, at: &ProfileAddress) -> (IndexLoads, Vec<Recalled>) {
    opened_at(bench, bench.folder.path(), at)
}

fn opened_at(bench: &Bench, data: &Path, at: &ProfileAddress) -> (IndexLoads, Vec<Recalled>) {
    let mut options = bench.options(WordEmbedder::named("words"));
    data.clone_into(&mut options.data);
    let engine = Engine::open(options).unwrap();
    let answers = answers(&engine, at);
    let loads = engine.index_loads();
    assert!(engine.check(&|_, _| ()).unwrap().findings.is_empty());
    engine.close().unwrap();
    (loads, answers)
}

fn from_cache(loads: IndexLoads) -> bool {
    assert_eq!((loads.being_built, loads.from_rows + loads.from_caches), (0, 1), "{loads:?}");
    loads.from_caches == 1
}

/// What is on the disk at this moment, elsewhere.
fn copied(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for from in [folder.to_owned(), folder.join("cache")] {
        let to = copy.path().join(from.strip_prefix(folder).unwrap());
        fs_err::create_dir_all(&to).unwrap();
        for file in files(&from).into_iter().filter(|file| file.is_file()) {
            fs_err::copy(&file, to.join(file.file_name().unwrap())).unwrap();
        }
    }
    copy
}

#[test]
fn a_cache_answers_as_the_rows_do_and_nobody_else_can_read_it() {
    let (bench, at) = filled();
    let file = only_file(&bench);
    #[cfg(unix)]
    for (path, mode) in [(&file, 0o600), (&folder(&bench), 0o700)] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs_err::metadata(path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
    }
    let (loads, cached) = opened(&bench, &at);
    assert!(from_cache(loads));
    assert_eq!(only_file(&bench), file, "nothing has changed");
    fs_err::remove_dir_all(folder(&bench)).unwrap();
    let (loads, built) = opened(&bench, &at);
    assert!(!from_cache(loads));
    assert_eq!(cached, built);
    assert!(from_cache(opened(&bench, &at).0), "it was written again");
}

#[test]
fn a_crash_leaves_a_cache_that_is_brought_up_to_date_from_the_rows() {
    let (mut bench, at) = filled();
    bench.reopen();
    let engine = bench.engine();
    engine.recall(&at, &question("herons")).unwrap();
    let before = only_file(&bench);
    // Fewer than are worth a new cache: one that is added, one that replaces, some that go.
    engine.remember(&at, None, "I live in Quito now.").unwrap();
    say(engine, &at, "third", 2);
    engine.delete_session(&at, &session("third")).unwrap();
    let gone = engine.recall(&at, &question("dentist")).unwrap().candidates[0].id;
    engine.delete_memory(&at, gone).unwrap();
    assert_eq!(only_file(&bench), before);
    let crashed = copied(bench.folder.path());
    let expected = answers(engine, &at);
    let (loads, answers) = opened_at(&bench, crashed.path(), &at);
    assert!(from_cache(loads));
    assert_eq!(answers, expected);
}

#[test]
fn a_write_that_changes_nothing_is_no_commit_that_a_cache_knows() {
    let (bench, at) = filled();
    let before = only_file(&bench);
    let mut options = bench.options(WordEmbedder::named("words"));
    // So that what is added is worth a new cache at the end, and not before.
    options.cache_from = 60;
    let engine = Engine::open(options).unwrap();
    answers(&engine, &at);
    say(&engine, &at, "third", 8);
    engine.delete_session(&at, &session("never-there")).unwrap();
    engine.close().unwrap();
    assert_ne!(only_file(&bench), before);
    let engine = Engine::open(bench.options(WordEmbedder::named("words"))).unwrap();
    engine.remember(&at, None, "I live in Quito now.").unwrap();
    let crashed = copied(bench.folder.path());
    let expected = answers(&engine, &at);
    engine.close().unwrap();
    let (loads, answers) = opened_at(&bench, crashed.path(), &at);
    assert!(from_cache(loads));
    assert_eq!(answers, expected);
}

#[test]
fn damage_of_a_cache_is_told_mended_and_never_believed() {
    let (mut bench, at) = filled();
    let expected = opened(&bench, &at).1;
    let bytes = fs_err::read(only_file(&bench)).unwrap().len();
    for at_byte in (0..bytes).step_by(bytes / 17).chain([20, 100, 108, bytes - 1]) {
        for what in ["flipped", "cut"] {
            let file = only_file(&bench);
            let mut damaged = fs_err::read(&file).unwrap();
            assert_eq!(damaged.len(), bytes, "it was written again");
            if what == "cut" {
                damaged.truncate(at_byte);
            } else {
                damaged[at_byte] ^= 1 << (at_byte % 8);
            }
            fs_err::write(&file, damaged).unwrap();
            bench.reopen();
            let report = bench.engine().check(&|_, _| ()).unwrap();
            assert_eq!(report.findings.len(), 1, "{what} at {at_byte}: {:?}", report.findings);
            assert!(report.findings[0].what.contains("its cache is damaged"), "{:?}", report.findings);
            assert_eq!(answers(bench.engine(), &at), expected, "{what} at {at_byte}");
            assert!(!from_cache(bench.engine().index_loads()));
            bench.close();
        }
    }
    fs_err::write(only_file(&bench), "shopping list").unwrap();
    let report = Engine::repair(&bench.options(WordEmbedder::named("words")), &|_, _| ()).unwrap();
    assert!(report.mended.len() == 1 && report.lost.is_empty(), "{:?} {:?}", report.mended, report.lost);
    assert!(files(&folder(&bench)).is_empty());
    let report = Engine::repair(&bench.options(WordEmbedder::named("words")), &|_, _| ()).unwrap();
    assert!(report.mended.is_empty());
    assert_eq!(opened(&bench, &at).1, expected);
}

#[test]
fn an_index_built_without_damaged_records_is_told_of_and_is_not_kept() {
    let (bench, at) = filled();
    change(bench.folder.path(), |key, value| {
        let told = "herons".as_bytes();
        let is_of_herons = key[KIND_AT] == MEMORY && value.windows(told.len()).any(|bytes| bytes == told);
        is_of_herons.then(|| value[..value.len() - 1].to_vec())
    });
    let asked = |engine: &Engine| engine.recall(&at, &question("herons of Ana's sister number 33")).unwrap();
    let open = || Engine::open(bench.options(WordEmbedder::named("words"))).unwrap();

    let engine = open();
    let quoted = asked(&engine).candidates;
    assert!(quoted.iter().all(|candidate| !candidate.summary.contains("herons")), "its cache knows of them still");
    assert_eq!(engine.index_loads().from_caches, 1);
    engine.close().unwrap();

    fs_err::remove_dir_all(folder(&bench)).unwrap();
    let engine = open();
    assert!(!asked(&engine).evidence.is_empty(), "messages are whole");
    let loads = engine.index_loads();
    assert_eq!((loads.from_rows, loads.damaged_profiles), (1, 1));
    engine.close().unwrap();
    assert!(files(&folder(&bench)).is_empty());

    let report = Engine::repair(&bench.options(WordEmbedder::named("words")), &|_, _| ()).unwrap();
    assert!(!report.lost.is_empty());
    let engine = open();
    asked(&engine);
    assert_eq!(engine.index_loads().damaged_profiles, 0);
    engine.close().unwrap();
    only_file(&bench);
}

#[test]
fn what_was_not_finished_or_is_not_named_is_deleted() {
    let (bench, at) = filled();
    let file = only_file(&bench);
    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
    let space = name.split('-').next().unwrap();
    // Killed while one was written, and between its name and the row that names it.
    let left = [format!("{space}.part"), name.replace('-', "-0"), "99-00ff.cache".to_owned()];
    for name in left {
        fs_err::copy(&file, folder(&bench).join(name)).unwrap();
    }
    fs_err::write(folder(&bench).join("notes.txt"), "not ours").unwrap();
    assert!(from_cache(opened(&bench, &at).0));
    assert_eq!(files(&folder(&bench)), [file, folder(&bench).join("notes.txt")]);
}

#[test]
fn the_cache_of_other_data_or_of_another_time_is_not_believed() {
    let (mut bench, at) = filled();
    let (mut other, _) = filled();
    let (own, expected) = (only_file(&bench), opened(&bench, &at).1);
    say_more(&mut other, &at);
    fs_err::copy(only_file(&other), &own).unwrap();
    let (loads, found) = opened_with_findings(&bench, &at);
    assert!(!from_cache(loads), "of another folder, under the name of the own");
    assert_eq!(found, expected);

    // The data is put back as it was, by hand and from a backup; the cache is of what came after.
    let old = copied(bench.folder.path());
    let mut backup = Vec::new();
    Engine::backup_folder(bench.folder.path(), &mut backup, &|_, _| ()).unwrap();
    for by_hand in [true, false] {
        say_more(&mut bench, &at);
        let newer = only_file(&bench);
        if by_hand {
            fs_err::copy(old.path().join("mnemon.redb"), bench.folder.path().join("mnemon.redb")).unwrap();
        } else {
            Engine::restore(bench.folder.path(), backup.as_slice(), &|_, _| ()).unwrap();
            assert!(files(&folder(&bench)).is_empty());
        }
        let (loads, found) = opened(&bench, &at);
        assert!(!from_cache(loads));
        assert_eq!(found, expected);
        assert_ne!(only_file(&bench), newer);
    }
}

/// So much more that the cache is written anew.
fn say_more(bench: &mut Bench, at: &ProfileAddress) {
    let before = files(&folder(bench));
    bench.reopen();
    say(bench.engine(), at, "more", 40);
    bench.close();
    assert_ne!(files(&folder(bench)), before);
}

fn opened_with_findings(bench: &Bench, at: &ProfileAddress) -> (IndexLoads, Vec<Recalled>) {
    let engine = Engine::open(bench.options(WordEmbedder::named("words"))).unwrap();
    let answers = answers(&engine, at);
    let loads = engine.index_loads();
    engine.close().unwrap();
    (loads, answers)
}

#[test]
fn a_cache_goes_with_its_profile_with_its_model_and_when_space_is_given_back() {
    let (mut bench, at) = filled();
    bench.reopen();
    bench.engine().delete_profile(&at).unwrap();
    while !files(&folder(&bench)).is_empty() {
        std::thread::yield_now();
    }
    say(bench.engine(), &at, "again", 50);
    bench.close();
    let options = bench.options(WordEmbedder::named("other words"));
    Engine::reindex(&options, &|_, _| ()).unwrap();
    assert!(files(&folder(&bench)).is_empty(), "the model is another");
    let engine = Engine::open(options).unwrap();
    answers(&engine, &at);
    assert_eq!(engine.index_loads().from_rows, 1);
    engine.close().unwrap();

    let file = only_file(&bench);
    Engine::compact(bench.folder.path(), &*bench.clock, &|_, _| ()).unwrap();
    assert_eq!(only_file(&bench), file, "nothing is outdated");
    let engine = Engine::open(bench.options(WordEmbedder::named("other words"))).unwrap();
    engine.recall(&at, &question("herons")).unwrap();
    engine.remember(&at, None, "I live in Quito now.").unwrap();
    engine.close().unwrap();
    Engine::compact(bench.folder.path(), &*bench.clock, &|_, _| ()).unwrap();
    assert!(!file.exists(), "it may hold words that were deleted since");
    let engine = Engine::open(bench.options(WordEmbedder::named("other words"))).unwrap();
    assert!(engine.check(&|_, _| ()).unwrap().findings.is_empty());
    engine.close().unwrap();
}

#[test]
fn a_cache_that_cannot_be_written_hurts_nobody() {
    let mut bench = Bench::new();
    fs_err::write(folder(&bench), "a file in the place of the folder").unwrap();
    let at = bench.profile("ana");
    say(bench.engine(), &at, "first", 60);
    let before = answers(bench.engine(), &at);
    for _ in 0..2 {
        bench.reopen();
        assert_eq!(answers(bench.engine(), &at), before);
        assert_eq!(bench.engine().index_loads().from_rows, 1);
    }
    fs_err::remove_file(folder(&bench)).unwrap();
    bench.reopen();
    answers(bench.engine(), &at);
    bench.close();
    assert!(from_cache(opened(&bench, &at).0));
}

#[test]
fn small_profiles_have_no_cache_and_one_that_became_small_loses_its_own() {
    let (bench, at) = filled();
    let with = |from: usize| {
        let mut options = bench.options(WordEmbedder::named("words"));
        options.cache_from = from;
        Engine::open(options).unwrap()
    };
    let engine = with(20);
    answers(&engine, &at);
    for name in ["first", "second"] {
        engine.delete_session(&at, &session(name)).unwrap();
    }
    engine.close().unwrap();
    assert!(files(&folder(&bench)).is_empty());
    let engine = with(20);
    say(&engine, &at, "third", 4);
    engine.close().unwrap();
    assert!(files(&folder(&bench)).is_empty());
    let engine = with(1);
    answers(&engine, &at);
    engine.close().unwrap();
    only_file(&bench);
    let engine = with(usize::MAX);
    answers(&engine, &at);
    assert!(from_cache(engine.index_loads()));
    engine.close().unwrap();
    assert!(files(&folder(&bench)).is_empty(), "none is wanted any more");
}

#[test]
fn profiles_that_come_and_go_are_read_from_their_caches() {
    let mut bench = Bench::with_budget(0);
    let names: Vec<_> = (0..4).map(|n| bench.profile(&format!("p{n}"))).collect();
    for at in &names {
        say(bench.engine(), at, "first", 40);
    }
    bench.reopen();
    let expected: Vec<_> = names.iter().map(|at| answers(bench.engine(), at)).collect();
    for round in 0..3 {
        for (at, expected) in names.iter().zip(&expected) {
            assert_eq!(&answers(bench.engine(), at), expected, "round {round}");
        }
    }
    assert!(bench.engine().index_loads().from_caches > 0, "{:?}", bench.engine().index_loads());
    let other = address("local", "tests", "p0");
    bench.engine().delete_profile(&other).unwrap();
}
