//! Calls in any order, with crashes between them: what is kept is what a plain model says. An input is two bytes a call.
//! A crash opens a copy of the file as it is at that moment.

#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use libfuzzer_sys::fuzz_target;
use mnemon::engine::{Engine, ProfileAddress};
use mnemon::model::{MemoryId, NewMessage, Role};
use mnemon::recall::RecallQuery;
use mnemon_fuzz::{address, export, is_clean, moment, open, session};
use serde_json::Value;
use tempfile::TempDir;

/// Calls of one input: the rest is left.
const CALLS: usize = 24;

/// One profile: notes by id, and what was said by session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Kept {
    notes: BTreeMap<String, String>,
    messages: BTreeSet<(String, String)>,
}

struct World {
    folder: TempDir,
    engine: Option<Engine>,
    model: BTreeMap<&'static str, Kept>,
}

const PROFILES: [&str; 2] = ["ana", "bo"];
const SAID: [&str; 8] = [
    "I live in Oslo.",
    "I live in Bergen now.",
    "Please answer in short sentences.",
    "I have to call the dentist on Friday.",
    "My sister Ida is a nurse.",
    "I don't like fish any more.",
    "hello there",
    "We bought a blue kayak for $400 yesterday.",
];

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let engine = open(folder.path());
        let at = address("ana");
        engine.create_namespace(&at.account, &at.namespace).expect("a namespace");
        Self { folder, engine: Some(engine), model: BTreeMap::new() }
    }

    fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("it is open")
    }

    fn call(&mut self, call: u8, about: u8) {
        let profile = PROFILES[usize::from(about >> 7)];
        let at = address(profile);
        let about = usize::from(about & 0x7F);
        let name = format!("s{}", about / 8 % 4);
        let text = SAID[about % 8];
        match call % 10 {
            0..=2 => {
                let said = NewMessage::new(Role::User, text, Some(moment("2026-05-04"))).expect("a message");
                self.engine().ingest(&at, Some(&session(&name)), &[said]).expect("it is kept");
                self.model.entry(profile).or_default().messages.insert((name, text.to_owned()));
            }
            3..=4 => {
                // Words that are about nothing, so that no note replaces another.
                let note = format!("{}{}", ["qwv", "xkz", "jhp", "vbf"][about % 4], "mn".repeat(1 + about / 4));
                let id = self.engine().remember(&at, None, &note).expect("it is kept").id.to_string();
                self.model.entry(profile).or_default().notes.insert(id, note);
            }
            5 => {
                let Some(kept) = self.model.get_mut(profile) else { return };
                let Some(id) = kept.notes.keys().nth(about % kept.notes.len().max(1)).cloned() else { return };
                kept.notes.remove(&id);
                self.engine().delete_memory(&at, MemoryId::parse(&id).expect("an id")).expect("it was there");
            }
            6 => self.delete_session(profile, &at, &name),
            7 if about.is_multiple_of(8) => {
                let there = self.model.remove(profile).is_some();
                assert_eq!(self.engine().delete_profile(&at).is_ok(), there);
            }
            7 => {
                let asked = self.engine().recall(&at, &RecallQuery::new(text, moment("2026-06-01")));
                assert_eq!(asked.is_ok(), self.model.contains_key(profile));
            }
            8 => {
                self.engine.take().expect("it is open").close().expect("nothing failed");
                self.engine = Some(open(self.folder.path()));
            }
            _ => self.crash(),
        }
    }

    fn delete_session(&mut self, profile: &'static str, at: &ProfileAddress, name: &str) {
        let done = self.engine().delete_session(at, &session(name));
        assert_eq!(done.is_ok(), self.model.contains_key(profile));
        if let Some(kept) = self.model.get_mut(profile) {
            kept.messages.retain(|(of, _)| of != name);
        }
    }

    /// What the disk has at this moment is all that is left.
    fn crash(&mut self) {
        let copy = tempfile::tempdir().expect("a temporary folder");
        let file = |folder: &TempDir| folder.path().join("mnemon.redb");
        std::fs::copy(file(&self.folder), file(&copy)).expect("a copy");
        // Caches as they are now, which may be newer than the data; one may go while it is copied.
        let caches = |folder: &TempDir| folder.path().join("cache");
        std::fs::create_dir(caches(&copy)).expect("a folder");
        for entry in std::fs::read_dir(caches(&self.folder)).into_iter().flatten().flatten() {
            let _gone_or_not = std::fs::copy(entry.path(), caches(&copy).join(entry.file_name()));
        }
        self.engine = None;
        self.engine = Some(open(copy.path()));
        self.folder = copy;
        self.agrees();
    }

    fn agrees(&self) {
        let mut found: BTreeMap<&str, Kept> = BTreeMap::new();
        let (mut profile, mut session) = ("", String::new());
        for line in export(self.engine()).lines() {
            let line: Value = serde_json::from_str(line).expect("JSON");
            let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
            match line["record"].as_str() {
                Some("profile") => {
                    profile = PROFILES[usize::from(line["name"] == "bo")];
                    found.insert(profile, Kept::default());
                }
                Some("session") => session = text("name"),
                Some("message") => {
                    found.entry(profile).or_default().messages.insert((session.clone(), text("content")));
                }
                Some("memory") if line["sources"].as_array().is_some_and(Vec::is_empty) => {
                    found.entry(profile).or_default().notes.insert(text("id"), text("content"));
                }
                _ => {}
            }
        }
        assert_eq!(found, self.model);
        is_clean(self.engine());
    }
}

fuzz_target!(|input: &[u8]| {
    let mut world = World::new();
    for call in input.chunks_exact(2).take(CALLS) {
        world.call(call[0], call[1]);
    }
    world.crash();
});
