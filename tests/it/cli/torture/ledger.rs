//! What a client was told is kept, and what is found to be kept: the same, or something is lost.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::client::Op;

/// One profile: what was remembered in it by id, and every message by session and text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    pub memories: BTreeMap<String, Note>,
    pub messages: BTreeSet<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub content: String,
    pub superseded_by: Option<String>,
}

impl Ledger {
    /// Enters what was done; `id` is that of a memory that was made.
    pub fn apply(&mut self, op: &Op, id: Option<String>) {
        match op {
            Op::Ingest { session, texts } => {
                self.messages.extend(texts.iter().map(|text| (session.clone(), text.clone())));
            }
            Op::Remember { content, replaces, .. } => {
                let id = id.expect("a memory that was made has an id");
                if let Some(old) = replaces.as_ref().and_then(|old| self.memories.get_mut(old)) {
                    old.superseded_by = Some(id.clone());
                }
                self.memories.insert(id, Note { content: content.clone(), superseded_by: None });
            }
            Op::DeleteMemory { id } => drop(self.memories.remove(id)),
            Op::DeleteSession { session } => self.messages.retain(|(of, _)| of != session),
            Op::DeleteProfile => *self = Self::default(),
            Op::Recall => {}
        }
    }

    /// Holds this against what was found: it must be that, or that with the call that nobody answered. Gives what is
    /// wrong, and becomes what was found.
    pub fn settle(&mut self, found: &Self, unanswered: Option<&Op>) -> Vec<String> {
        let mut with = self.clone();
        if let Some(op) = unanswered {
            let new = found.memories.keys().find(|id| !self.memories.contains_key(*id)).cloned();
            if new.is_some() || !matches!(op, Op::Remember { .. }) {
                with.apply(op, new);
            }
        }
        let problems = if found == self || *found == with { Vec::new() } else { self.differences(found, unanswered) };
        *self = found.clone();
        problems
    }

    fn differences(&self, found: &Self, unanswered: Option<&Op>) -> Vec<String> {
        let mut all = vec![format!("in flight: {unanswered:?}")];
        let lost = self.memories.iter().filter(|(id, note)| found.memories.get(*id) != Some(*note));
        all.extend(lost.map(|(id, note)| format!("memory {id}: {note:?}, found {:?}", found.memories.get(id))));
        let extra = found.memories.iter().filter(|(id, _)| !self.memories.contains_key(*id));
        all.extend(extra.map(|(id, note)| format!("memory {id} should not be there: {note:?}")));
        all.extend(self.messages.difference(&found.messages).map(|message| format!("message lost: {message:?}")));
        all.extend(found.messages.difference(&self.messages).map(|m| format!("message should not be there: {m:?}")));
        all
    }
}

/// Every profile of an export, by name. Of memories only those that were remembered: the others follow from messages.
pub fn read_export(lines: &str) -> BTreeMap<String, Ledger> {
    let mut all = BTreeMap::new();
    let (mut profile, mut session) = (String::new(), String::new());
    let text = |line: &Value, field: &str| line[field].as_str().unwrap_or_default().to_owned();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        match line["record"].as_str() {
            Some("profile") => profile = text(&line, "name"),
            Some("session") => session = text(&line, "name"),
            _ => {}
        }
        let ledger: &mut Ledger = all.entry(profile.clone()).or_default();
        match line["record"].as_str() {
            Some("message") => drop(ledger.messages.insert((session.clone(), text(&line, "content")))),
            Some("memory") if line["sources"].as_array().is_some_and(Vec::is_empty) => {
                let superseded_by = line["supersededBy"].as_str().map(str::to_owned);
                ledger.memories.insert(text(&line, "id"), Note { content: text(&line, "content"), superseded_by });
            }
            _ => {}
        }
    }
    all
}
