//! English: which part of speech a word is, what kind of thing it names, and which phrases a sentence has.
//!
//! - [`is_a`] and [`Forms`] read the table of words (`words.txt`, from WordNet): a clarinet is an instrument, `went` is a form of `go`.
//! - [`Sentence`] cuts a text into words with their parts of speech.
//! - [`phrases`] finds what a sentence could answer with: noun phrases, names, titles, lists, clauses.
//!
//! This room knows nothing of memories or questions and never fails: what is not in the table is judged by its ending and its
//! neighbours. The same input always gives the same output.

mod phrases;
mod sentence;
mod synonyms;
mod table;

pub(crate) use phrases::{Phrase, Shape, phrases};
pub(crate) use sentence::{Gap, Part, Sentence};
pub(crate) use synonyms::{are_synonyms, synonyms};
pub(crate) use table::{is_a, is_unknown, noun_base, verb_base};
