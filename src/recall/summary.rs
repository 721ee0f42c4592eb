//! What an agent should know before it starts, as Markdown.
//!
//! Only as many rows are read as are shown, so that a summary costs the same over a hundred memories and over a hundred thousand.

use std::collections::HashSet;

use super::Rows;
use crate::error::Result;
use crate::index::ProfileIndex;
use crate::model::{Memory, MemoryId, MemoryType, SessionId};
use crate::text::{Term, terms};

/// The most entries of each section.
const FACTS: usize = 15;
const EVENTS: usize = 10;
const TASKS: usize = 10;
const LAST_SESSION: usize = 8;
const INSTRUCTIONS: usize = 12;
/// How many memories are read for one entry, at most: near-repeats are left out.
const READ_PER_ENTRY: usize = 3;
/// Two memories that share so much of the shorter one's words say the same.
const SAME: f32 = 0.8;

/// A profile in short: the headings Key Facts, Recent Events, Active Tasks, Last Session and Instructions, each with its newest
/// memories, repeats and empty sections left out. `session` is the one that Last Session tells of; without it, the session of the
/// newest memory that has one. A profile without memories gives the empty text.
///
/// # Errors
/// Whatever `rows` fails with.
pub fn summary(session: Option<&SessionId>, index: &ProfileIndex, rows: &dyn Rows) -> Result<String> {
    let memories = &index.memories;
    let last = session.or_else(|| memories.last_session());
    let of_session = last.into_iter().flat_map(|session| memories.of_session(session).rev());
    let sections = [
        ("Key Facts", FACTS, newest(index, MemoryType::Fact, FACTS)),
        ("Recent Events", EVENTS, newest(index, MemoryType::Event, EVENTS)),
        ("Active Tasks", TASKS, newest(index, MemoryType::Task, TASKS)),
        ("Last Session", LAST_SESSION, of_session.take(LAST_SESSION * READ_PER_ENTRY).collect()),
        ("Instructions", INSTRUCTIONS, newest(index, MemoryType::Instruction, INSTRUCTIONS)),
    ];
    let mut text = String::new();
    let (mut told, mut told_of_session) = (Vec::new(), Vec::new());
    for (heading, most, ids) in sections {
        // It tells of a session, whole: what is known besides may repeat it.
        let told = if heading == "Last Session" { &mut told_of_session } else { &mut told };
        let entries = entries(rows, &ids, most, told)?;
        if !entries.is_empty() {
            text.push_str(if text.is_empty() { "## " } else { "\n## " });
            text.extend([heading, "\n", &entries]);
        }
    }
    Ok(text)
}

fn newest(index: &ProfileIndex, kind: MemoryType, most: usize) -> Vec<MemoryId> {
    index.memories.of_kind(kind).rev().take(most * READ_PER_ENTRY).collect()
}

/// One line for each of the first `most` memories that say something that was not `told` before, in this section or another.
fn entries(rows: &dyn Rows, ids: &[MemoryId], most: usize, told: &mut Vec<HashSet<Term>>) -> Result<String> {
    let mut lines = String::new();
    let mut count = 0;
    for id in ids {
        let Some(memory) = rows.memory(*id)? else { continue };
        let words: HashSet<Term> = terms(&memory.content).into_iter().collect();
        let repeats = |known: &HashSet<Term>| {
            known.intersection(&words).count() as f32 >= SAME * known.len().min(words.len()).max(1) as f32
        };
        if told.iter().any(repeats) {
            continue;
        }
        lines.extend(["- ", &line(&memory), "\n"]);
        told.push(words);
        count += 1;
        if count == most {
            break;
        }
    }
    Ok(lines)
}

/// A memory on one line, whatever line breaks it has.
fn line(memory: &Memory) -> String {
    memory.content.split_whitespace().collect::<Vec<_>>().join(" ")
}
