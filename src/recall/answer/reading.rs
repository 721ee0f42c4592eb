//! What the words of a text are to a question: its own, or new; rare, of the kind that is asked for.
//!
//! A word stands in many sentences of what may answer and is looked up once a question.

use std::collections::HashMap;

use super::focus::{Focus, Form};
use crate::grammar::{Sentence, is_a};
use crate::index::ProfileIndex;
use crate::recall::analyse::is_filler;
use crate::recall::memories::rarity_in;
use crate::text::terms;

/// What a word is to the question.
#[derive(Clone, Copy, Default)]
pub(super) struct Known {
    /// What it has to do with the question's words.
    pub role: Role,
    /// How rare it is in the profile.
    pub rarity: f32,
    /// How surely it names what is asked for.
    pub kind: f32,
    /// Whether it names a person, or a feeling, when the question is who, or how.
    pub fits: bool,
}

/// What a word has to do with the question's words.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing: it may answer.
    #[default]
    New,
    /// It says nothing by itself.
    Filler,
    /// The question has it.
    Shared,
    /// It is the noun that is asked for.
    Noun,
}

impl Known {
    /// Whether the question has it.
    pub(super) fn is_shared(self) -> bool {
        matches!(self.role, Role::Shared | Role::Noun)
    }
}

/// A sentence, and what its words are to the question.
pub(super) struct Reading<'a> {
    /// The words.
    pub sentence: Sentence<'a>,
    /// What each is.
    pub known: Vec<Known>,
    /// The places of the words that the question has.
    pub shared: Vec<usize>,
    /// Where it starts to tell of a photo.
    pub photo: Option<usize>,
}

impl Reading<'_> {
    /// What the word at a place is.
    pub(super) fn known(&self, at: usize) -> Known {
        self.known.get(at).copied().unwrap_or_default()
    }
}

/// Reads texts for one question.
pub(super) struct Words<'a> {
    /// The question, read closely.
    pub focus: &'a Focus,
    index: &'a ProfileIndex,
    /// The words read so far.
    known: HashMap<String, Known>,
}

impl<'a> Words<'a> {
    /// For a question to a profile.
    pub(super) fn of(focus: &'a Focus, index: &'a ProfileIndex) -> Self {
        Self { focus, index, known: HashMap::new() }
    }

    /// Reads a text.
    pub(super) fn read<'t>(&mut self, text: &'t str) -> Reading<'t> {
        let sentence = Sentence::read(text);
        let mut known = Vec::with_capacity(sentence.low.len());
        for low in &sentence.low {
            if let Some(word) = self.known.get(low) {
                known.push(*word);
                continue;
            }
            let word = self.word(low);
            self.known.insert(low.clone(), word);
            known.push(word);
        }
        let photo = sentence.low.iter().position(|low| low == "photo" || low == "photography");
        let shared = known.iter().enumerate().filter(|(_, word)| word.is_shared()).map(|(at, _)| at).collect();
        Reading { sentence, known, shared, photo }
    }

    fn word(&self, low: &str) -> Known {
        if is_filler(low) {
            return Known { role: Role::Filler, ..Known::default() };
        }
        let fits = match self.focus.form {
            Form::Who => is_a(low, "person"),
            Form::How => is_a(low, "feeling"),
            _ => 0.0,
        };
        let role = match &self.focus.noun {
            Some(noun) if same_word(noun, low) => Role::Noun,
            _ if self.focus.has(low) => Role::Shared,
            _ => Role::New,
        };
        Known {
            role,
            rarity: terms(low).iter().map(|term| rarity_in(self.index, term)).fold(0.0, f32::max),
            kind: self.focus.includes(low),
            fits: role == Role::New && fits > 0.0,
        }
    }
}

fn same_word(a: &str, b: &str) -> bool {
    let (a, b) = (terms(a), terms(b));
    !a.is_empty() && a == b
}
