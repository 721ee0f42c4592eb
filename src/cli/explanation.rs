//! How `mnemon extract` shows what it found: the memories, or every sentence and what became of it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::failure::Failure;
use super::output::{Entry, List, Output, Tone, counted, one_line};
use crate::ingest::{Draft, Extraction, SentenceVerdict, Verdict};
use crate::model::{MemoryType, Moment, Role, SessionId};

/// Characters that people see of a sentence: pasted output counts as one, of any length.
const SHOWN_CHARS: usize = 400;
/// Where texts start: behind the longest type's name.
const TEXT: usize = 16;
/// Where the words of a memory's details start, and their texts.
const DETAIL: (usize, usize) = (TEXT, TEXT + 7);

/// A message of the transcript.
pub(super) struct Said {
    /// Which one it is, counted from 1.
    pub(super) number: usize,
    pub(super) role: Role,
    pub(super) content: String,
    pub(super) at: Moment,
}

/// A batch that was read.
pub(super) struct Reading<'a> {
    pub(super) session: &'a SessionId,
    /// The turns of the extraction.
    pub(super) said: &'a [Said],
    /// How many of them were read before.
    pub(super) context: usize,
    /// Messages of the batch that the conversation had before: they are kept once, and are no turns.
    pub(super) repeated: usize,
    /// Who speaks in each, where it is said.
    pub(super) speakers: Vec<Option<&'a str>>,
    pub(super) extraction: Extraction,
}

/// Shows readings, one after another.
pub(super) struct Explanation<'a> {
    out: &'a Output,
    /// Every sentence, instead of the memories alone.
    sentences: bool,
    /// For a program.
    list: Option<List<'a>>,
    /// Whose messages were shown last.
    session: Option<SessionId>,
    tally: Tally,
}

impl<'a> Explanation<'a> {
    pub(super) fn new(out: &'a Output, sentences: bool) -> Self {
        Self { out, sentences, list: out.is_json().then(|| out.list()), session: None, tally: Tally::default() }
    }

    pub(super) fn add(&mut self, reading: &Reading<'_>) -> Result<(), Failure> {
        self.tally.add(reading);
        let Extraction { drafts, verdicts, .. } = &reading.extraction;
        match (&mut self.list, self.sentences) {
            (Some(list), true) => verdicts.iter().try_for_each(|verdict| list.push(&reading.sentence(verdict))),
            (Some(list), false) => drafts.iter().try_for_each(|draft| list.push(&reading.memory(draft))),
            (None, true) => self.explain(reading),
            (None, false) => drafts.iter().try_for_each(|draft| show_memory(self.out, 0, draft)),
        }
    }

    /// Ends the list, or says what there was in all.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.list {
            Some(list) => list.finish()?,
            None => self.tally.show(self.out, self.sentences),
        }
        Ok(())
    }

    fn explain(&mut self, reading: &Reading<'_>) -> Result<(), Failure> {
        if self.session.as_ref() != Some(reading.session) {
            if self.session.replace(reading.session.clone()).is_some() {
                self.out.text("")?;
            }
            self.out.heading(&format!("session {}", reading.session.as_str()))?;
        }
        let verdicts = &reading.extraction.verdicts;
        let mut drafts_shown = 0;
        for (turn, said) in reading.said.iter().enumerate().skip(reading.context) {
            let name = reading.speakers.get(turn).copied().flatten().map_or(String::new(), |name| format!(" {name}"));
            let time = said.at.local().strftime("%Y-%m-%d %H:%M");
            self.out.text("")?;
            self.out.heading(&format!("{}  {}{name}, {time}", said.number, said.role.as_str()))?;
            // Verdicts stand in the order of their turns.
            let first = verdicts.partition_point(|verdict| verdict.turn < turn);
            for verdict in verdicts.iter().skip(first).take_while(|verdict| verdict.turn == turn) {
                self.sentence(reading, verdict, &mut drafts_shown)?;
            }
        }
        Ok(())
    }

    fn sentence(&self, reading: &Reading<'_>, verdict: &SentenceVerdict, shown: &mut usize) -> Result<(), Failure> {
        let sentence = clipped(&verdict.sentence);
        let aside = |word, why: &str| {
            let text = format!("{sentence} — {why}");
            self.out.entry(&Entry { indent: 3, word, column: TEXT, text: &text, tone: Tone::Quiet })
        };
        let (draft, because) = match verdict.verdict {
            Verdict::Dropped(why) => return aside("left out", &why.to_string()),
            // Several sentences can make one memory; it is shown with the first.
            Verdict::Kept { draft, because } if draft < *shown => return aside("with it", because),
            Verdict::Kept { draft, because } => (draft, because),
        };
        let Some(memory) = reading.extraction.drafts.get(draft) else { return Ok(()) };
        *shown = draft + 1;
        show_memory(self.out, 3, memory)?;
        for (word, text) in details(reading, memory, &sentence, because) {
            let (indent, column) = DETAIL;
            self.out.entry(&Entry { indent, word, column, text: &text, tone: Tone::Quiet })?;
        }
        Ok(())
    }
}

fn show_memory(out: &Output, indent: usize, draft: &Draft) -> Result<(), Failure> {
    let (word, text) = (draft.kind.as_str(), draft.content.as_str());
    out.entry(&Entry { indent, word, column: TEXT - 3 + indent, text, tone: Tone::Strong })
}

fn details(reading: &Reading<'_>, memory: &Draft, sentence: &str, because: &str) -> Vec<(&'static str, String)> {
    let mut details = vec![("said", sentence.to_owned())];
    if memory.sources.len() > 1 {
        let numbers: Vec<_> = reading.numbers(memory).iter().map(ToString::to_string).collect();
        details.push(("from", format!("messages {}", numbers.join(", "))));
    }
    details.push(("why", because.to_owned()));
    details.extend(memory.topic.iter().map(|topic| ("topic", topic.text.clone())));
    details.extend(memory.ends.iter().map(|done| ("ends", format!("open tasks about {}", done.terms.join(", ")))));
    details
}

/// The beginning of a long sentence, on one line.
fn clipped(sentence: &str) -> String {
    let line = one_line(sentence);
    match line.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// A memory, for a program.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MemoryItem<'a> {
    session_id: &'a str,
    /// The messages it is made from, counted from 1 in the transcript.
    messages: Vec<usize>,
    #[serde(rename = "type")]
    kind: &'a str,
    content: &'a str,
    summary: &'a str,
    topic: Option<&'a str>,
    /// What was done, as word stems, when it says so: an open task about it ends.
    ends: Option<&'a [String]>,
    said_at: String,
}

/// A sentence, for a program.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SentenceItem<'a> {
    session_id: &'a str,
    /// The message it stands in, counted from 1 in the transcript.
    message: Option<usize>,
    role: Option<&'a str>,
    speaker: Option<&'a str>,
    sentence: &'a str,
    kept: bool,
    why: String,
    memory: Option<MemoryItem<'a>>,
}

impl Reading<'_> {
    fn numbers(&self, draft: &Draft) -> Vec<usize> {
        draft.sources.iter().filter_map(|&turn| self.said.get(turn)).map(|said| said.number).collect()
    }

    fn memory<'r>(&'r self, draft: &'r Draft) -> MemoryItem<'r> {
        MemoryItem {
            session_id: self.session.as_str(),
            messages: self.numbers(draft),
            kind: draft.kind.as_str(),
            content: &draft.content,
            summary: &draft.summary,
            topic: draft.topic.as_ref().map(|topic| topic.text.as_str()),
            ends: draft.ends.as_ref().map(|done| done.terms.as_slice()),
            said_at: draft.said_at.instant.to_string(),
        }
    }

    fn sentence<'r>(&'r self, verdict: &'r SentenceVerdict) -> SentenceItem<'r> {
        let said = self.said.get(verdict.turn);
        let (draft, why) = match verdict.verdict {
            Verdict::Kept { draft, because } => (self.extraction.drafts.get(draft), because.to_owned()),
            Verdict::Dropped(why) => (None, why.to_string()),
        };
        SentenceItem {
            session_id: self.session.as_str(),
            message: said.map(|said| said.number),
            role: said.map(|said| said.role.as_str()),
            speaker: self.speakers.get(verdict.turn).copied().flatten(),
            sentence: &verdict.sentence,
            kept: draft.is_some(),
            why,
            memory: draft.map(|draft| self.memory(draft)),
        }
    }
}

/// What there was in all.
#[derive(Default)]
struct Tally {
    messages: usize,
    repeated: usize,
    sentences: usize,
    memories: BTreeMap<&'static str, usize>,
    left_out: BTreeMap<String, usize>,
}

impl Tally {
    fn add(&mut self, reading: &Reading<'_>) {
        self.messages += reading.said.len() - reading.context + reading.repeated;
        self.repeated += reading.repeated;
        self.sentences += reading.extraction.verdicts.len();
        for draft in &reading.extraction.drafts {
            *self.memories.entry(draft.kind.as_str()).or_default() += 1;
        }
        for verdict in &reading.extraction.verdicts {
            if let Verdict::Dropped(why) = verdict.verdict {
                *self.left_out.entry(why.to_string()).or_default() += 1;
            }
        }
    }

    fn show(&self, out: &Output, sentences: bool) {
        let of_type = |kind: MemoryType| {
            let (one, n) = (kind.as_str(), *self.memories.get(kind.as_str())?);
            Some(counted(n as u64, one, &format!("{one}s")))
        };
        let types: Vec<_> = MemoryType::ALL.into_iter().filter_map(of_type).collect();
        let types = if types.is_empty() { String::new() } else { format!(" ({})", types.join(", ")) };
        let memories = counted(self.memories.values().sum::<usize>() as u64, "memory", "memories");
        let messages = counted(self.messages as u64, "message", "messages");
        let again = if self.repeated == 0 { String::new() } else { format!(" ({} sent again)", self.repeated) };
        let read = counted(self.sentences as u64, "sentence", "sentences");
        out.note(&format!("\n{messages}{again}, {read}: {memories}{types}"));
        if !sentences || self.left_out.is_empty() {
            return;
        }
        let mut reasons: Vec<_> = self.left_out.iter().collect();
        reasons.sort_by_key(|&(_, &count)| std::cmp::Reverse(count));
        let rows: Vec<_> = reasons.iter().map(|(why, count)| format!("\n{count:>6}  {why}")).collect();
        out.note(&format!("left out:{}", rows.concat()));
    }
}
