//! Words: from text to terms, and from terms to a ranked keyword search.
//!
//! - [`words`] cuts text into surface words with their places; an identifier such as `hrn-stg-04.lan` is one word.
//! - [`terms`] normalises words to what is indexed: without case, accents, possessives and English endings.
//! - [`spoken`] tells a speaker's name from what was said: `Ana: I moved`.
//! - [`KeywordIndex`] ranks documents by BM25, with exact removal.
//!
//! This room knows nothing of memories or messages, keeps no text beyond single terms, and never fails: any string has
//! words, possibly none. The same input always gives the same output.

mod bm25;
mod check;
mod index;
mod packed;
mod search;
mod speaker;
mod stop;
mod term;
mod word;

pub use crate::model::Hit;
pub use bm25::Bm25;
pub use check::BrokenIndex;
pub use index::KeywordIndex;
pub use speaker::{Spoken, spoken};
pub use stop::is_stop_word;
pub use term::{Term, terms};
pub use word::{Word, words};
