//! What was measured.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use jiff::civil::Date;

use super::dataset::Question;
use crate::dates::spoken_day;
use crate::model::MessageId;
use crate::recall::Recalled;
use crate::text::{is_stop_word, words};

/// How many of the first messages are looked at, for one figure each.
pub(super) const EVIDENCE_AT: [usize; 3] = [5, 10, 50];
/// How many of the first memories are looked at.
pub(super) const MEMORIES_AT: usize = 5;

/// The mean of what was added.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    sum: f64,
    count: usize,
}

/// Figures of some questions; each a share, 0 to 1, or none where nothing was wanted that it measures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// How many questions.
    pub questions: usize,
    /// The share of the wanted messages among the first 5, 10 and 50 of the evidence.
    pub evidence: [Mean; 3],
    /// The share of the wanted texts that one of the first 5 candidates contains.
    pub memories: Mean,
    /// Questions with an answer that got one.
    pub answered: Mean,
    /// How much the words of short answers are those wanted: the F1 of precision and recall, stop words left out.
    pub answer_f1: Mean,
    /// Questions without an answer that got none.
    pub abstained: Mean,
}

/// What all questions gave, asked one way.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// All questions. Those that have no answer count for `abstained` only.
    pub all: Group,
    /// By category.
    pub categories: BTreeMap<String, Group>,
    /// Time of each recall, without embedding the question; sorted.
    pub recalls: Vec<Duration>,
    /// Time of embedding each question; sorted.
    pub embeddings: Vec<Duration>,
}

impl Mean {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    /// The mean, if anything was added.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

impl Figures {
    /// Adds a question's outcome.
    pub(super) fn add(&mut self, question: &Question, recalled: &Recalled) {
        self.all.add(question, recalled);
        self.categories.entry(question.category.clone()).or_default().add(question, recalled);
    }

    /// The time that so many of a hundred recalls take at most, without embedding.
    #[must_use]
    pub fn recall_percentile(&self, percent: usize) -> Duration {
        percentile(&self.recalls, percent)
    }

    /// The time that so many of a hundred embeddings of a question take at most.
    #[must_use]
    pub fn embedding_percentile(&self, percent: usize) -> Duration {
        percentile(&self.embeddings, percent)
    }
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).copied().unwrap_or_default()
}

impl Group {
    fn add(&mut self, question: &Question, recalled: &Recalled) {
        self.questions += 1;
        let wanted = &question.wanted;
        let given = !recalled.answer.trim().is_empty();
        let share = |holds: bool| f64::from(u8::from(holds));
        match wanted.answer.as_deref() {
            Some("") => return self.abstained.add(share(!given)),
            Some(answer) => {
                self.answered.add(share(given));
                self.answer_f1.add(f1(&recalled.answer, answer));
            }
            None => {}
        }
        if !wanted.evidence.is_empty() {
            for (mean, k) in self.evidence.iter_mut().zip(EVIDENCE_AT) {
                let found: HashSet<MessageId> = recalled.evidence.iter().take(k).map(|e| e.message.id).collect();
                let hit = wanted.evidence.iter().filter(|id| found.contains(id)).count();
                mean.add(hit as f64 / wanted.evidence.len() as f64);
            }
        }
        if !wanted.memories.is_empty() {
            let first = || recalled.candidates.iter().take(MEMORIES_AT);
            let found = |text: &&String| first().any(|c| c.summary.to_lowercase().contains(&text.to_lowercase()));
            self.memories.add(wanted.memories.iter().filter(found).count() as f64 / wanted.memories.len() as f64);
        }
    }
}

/// The F1 of an answer's words against those wanted, each as often as it stands there; ISO dates as they are spoken.
fn f1(answer: &str, wanted: &str) -> f64 {
    let (answer, mut wanted) = (content_words(answer), content_words(wanted));
    let all = answer.len() + wanted.len();
    let same = answer.iter().filter(|word| {
        let place = wanted.iter().position(|other| other == *word);
        place.map(|place| wanted.swap_remove(place)).is_some()
    });
    2.0 * same.count() as f64 / all.max(1) as f64
}

fn content_words(text: &str) -> Vec<String> {
    let spoken = |word: &str| word.parse::<Date>().map_or_else(|_| word.to_owned(), spoken_day);
    let text: Vec<String> = words(text).map(|word| spoken(word.text).to_lowercase()).collect();
    let words = text.iter().flat_map(|text| text.split(' '));
    words.filter(|word| !is_stop_word(word)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::dataset::Wanted;
    use super::*;

    #[test]
    fn an_answer_is_held_against_the_words_that_are_wanted() {
        for (answer, wanted, expected) in [
            ("Oslo", "Oslo", 1.0),
            ("to Oslo", "Oslo!", 1.0),
            ("the red kayak", "a kayak", 2.0 / 3.0),
            ("kayak kayak", "kayak", 2.0 / 3.0),
            ("2023-05-07", "7 May 2023", 1.0),
            ("Bergen", "Oslo", 0.0),
            ("", "Oslo", 0.0),
        ] {
            assert!((f1(answer, wanted) - expected).abs() < 1e-9, "{answer} for {wanted}: {}", f1(answer, wanted));
        }
    }

    #[test]
    fn what_is_not_wanted_is_not_measured() {
        let question = |answer: Option<&str>| Question {
            text: "Where?".to_owned(),
            category: "where".to_owned(),
            reference: None,
            wanted: Wanted { answer: answer.map(str::to_owned), ..Wanted::default() },
        };
        let mut figures = Figures::default();
        let said = Recalled { answer: "Oslo".to_owned(), ..Recalled::default() };
        figures.add(&question(Some("Oslo")), &said);
        figures.add(&question(Some("")), &said);
        figures.add(&question(None), &said);
        let all = &figures.all;
        assert_eq!((all.questions, all.answered.value(), all.abstained.value()), (3, Some(1.0), Some(0.0)));
        assert_eq!((all.memories.value(), all.evidence[0].value()), (None, None));
    }

    #[test]
    fn a_percentile_is_a_time_that_was_measured() {
        let figures = Figures { recalls: (1..=200).map(Duration::from_micros).collect(), ..Figures::default() };
        assert_eq!(figures.recall_percentile(50), Duration::from_micros(100));
        assert_eq!(figures.recall_percentile(99), Duration::from_micros(198));
        assert_eq!(Figures::default().recall_percentile(50), Duration::ZERO);
    }
}
