//! What a reader marks in the best messages.
//!
//! It reads a message whole, behind the question that it replies to, and marks the words that answer or says that none do. It sees what no
//! sum of views does, who does what to whom and why; it takes milliseconds a message, so only a few are read.

use std::collections::HashSet;

use super::passage::{Passage, Quotable, Sources, last_question};
use crate::error::Result;
use crate::index::ProfileIndex;
use crate::model::{MessageId, Role};
use crate::recall::Reader;
use crate::recall::analyse::Asked;
use crate::text::{Term, spoken, terms};

/// How much better a mark must be to be preferred to one in the message read before.
const LATER: f32 = 1.0;
/// How much below the best a further item of a list may be, and how sure of it the reader must be.
const ITEM: f32 = 2.0;
const SURE: f32 = -1.0;
/// The most items of a list.
const ITEMS: usize = 6;

/// Words that the reader marked.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// The words.
    pub text: String,
    /// The place of the passage that has them.
    pub passage: usize,
    /// By how much the reader prefers them to no answer.
    pub margin: f32,
    /// The same, for comparing messages.
    score: f32,
}

/// What is read at once.
pub(crate) struct Page {
    text: String,
    /// The bytes of the question before it.
    lead: usize,
    /// The places of its passages.
    passages: Vec<usize>,
}

/// The marks in the pages, best first.
///
/// # Errors
/// Whatever the reader fails with.
pub(crate) fn marks(question: &str, passages: &[Passage], pages: &[Page], reader: Reader<'_>) -> Result<Vec<Mark>> {
    let mut found = Vec::new();
    let texts: Vec<&str> = pages.iter().map(|page| page.text.as_str()).collect();
    let marked = if texts.is_empty() { Vec::new() } else { reader(question, &texts)? };
    for (order, (page, marked)) in pages.iter().zip(marked).enumerate() {
        let Some(marked) = marked else { continue };
        let text = page.text.get(marked.bytes.clone()).unwrap_or_default().trim();
        let has = |place: &&usize| passages.get(**place).is_some_and(|passage| passage.text.contains(text));
        let place = page.passages.iter().find(has).or(page.passages.first());
        if let Some(passage) = place.filter(|_| marked.bytes.start >= page.lead && !text.is_empty()) {
            let score = marked.margin - LATER * order as f32;
            found.push(Mark { text: text.to_owned(), passage: *passage, margin: marked.margin, score });
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(found)
}

/// The short answer that the marks are: the best, or the best few when several things are asked for.
pub(super) fn joined(asked: &Asked, marks: &[Mark]) -> Option<(String, usize)> {
    let best = marks.first()?;
    let mut items = vec![best];
    let says = |mark: &Mark| terms(&mark.text).into_iter().collect::<HashSet<Term>>();
    let further = |mark: &&Mark| mark.score >= best.score - ITEM && mark.margin >= SURE;
    for mark in marks.iter().skip(1).filter(|_| asked.several).filter(further) {
        let words = says(mark);
        let known = items.iter().map(|item| says(item)).any(|item| item.is_subset(&words) || words.is_subset(&item));
        if !known && items.len() < ITEMS {
            items.push(mark);
        }
    }
    let text = items.iter().map(|mark| mark.text.as_str()).collect::<Vec<_>>().join(", ");
    Some((text, best.passage))
}

/// The best messages, `limit` at most, and of one that said something which has been replaced since, the best statement that still holds;
/// then memories whose messages are not among them.
pub(crate) fn pages(index: &ProfileIndex, passages: &[Passage], sources: &Sources, limit: usize) -> Vec<Page> {
    let of = |id: MessageId| {
        (0..passages.len()).filter(move |at| passages.get(*at).is_some_and(|p| p.sources.contains(&id)))
    };
    let whole = |quotable: &Quotable| {
        let lead = lead(quotable);
        let passages = of(quotable.message.id).collect();
        Page { lead: lead.len(), text: lead + &quotable.message.content, passages }
    };
    let statement = |at: usize| Some((at, passages.get(at).filter(|passage| passage.is_memory)?));
    let alone = |(at, passage): (usize, &Passage)| Page { lead: 0, text: passage.text.clone(), passages: vec![at] };
    let mut read: HashSet<MessageId> = HashSet::new();
    let (mut pages, mut whole_read) = (Vec::new(), 0);
    for quotable in sources.messages.iter().filter(|quotable| quotable.message.role == Role::User) {
        let id = quotable.message.id;
        if whole_read == limit {
            break;
        }
        let is_whole = !index.memories.is_replaced(id);
        let page = if is_whole { Some(whole(quotable)) } else { of(id).find_map(statement).map(alone) };
        whole_read += usize::from(is_whole);
        if let Some(page) = page {
            pages.push(page);
            read.insert(id);
        }
    }
    let unread = |(_, passage): &(usize, &Passage)| !passage.sources.iter().any(|id| read.contains(id));
    let memories = (0..passages.len()).filter_map(statement).filter(unread).take(limit.saturating_sub(pages.len()));
    pages.extend(memories.map(alone));
    pages
}

/// The question that a message replies to, and who asks it.
fn lead(quotable: &Quotable) -> String {
    let question = quotable.reply_to.as_ref().and_then(|asking| {
        let question = last_question(&asking.content)?;
        let speaker = spoken(&asking.content).speaker.map_or(String::new(), |name| format!("{name}: "));
        Some(format!("{speaker}{question} "))
    });
    question.unwrap_or_default()
}
