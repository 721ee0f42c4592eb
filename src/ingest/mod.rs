//! Conversations → memories, without a language model.
//!
//! Messages become sentences, sentences become statements that stand alone, statements get a type, absolute dates and,
//! when it is certain, a topic; then they are held against what is known: add, confirm, replace, end. Everything here is
//! pure: the same turns give the same drafts, no clock is read and nothing is stored. It never invents: every word of a
//! draft comes from its sources, apart from the grammar that makes it stand alone and the dates it resolves.
//!
//! When a rule is not certain it does nothing: a stale statement beside a new one is better than a truth lost.
//! Start at [`extract`], which is the pipeline, then [`reconcile`].

mod answers;
mod asked;
mod attribute;
mod beside;
mod change;
mod choice;
mod claim;
mod clauses;
mod compose;
mod date_words;
mod dates;
mod draft;
mod duty;
mod extract;
mod fingerprint;
mod fragment;
mod given_up;
mod kin;
mod kind;
mod learn;
mod lexicon;
mod likeness;
mod material;
mod name_given;
mod person;
mod presupposed;
mod progress;
mod question;
mod quoted;
mod reconcile;
mod render;
mod repair;
mod rule_topic;
mod scene;
mod secrets;
mod select;
mod sentences;
mod slot;
mod speaker;
mod talk;
mod tense;
mod topic;
mod topics_asked;
pub mod types;
mod update;
mod verbs;
mod weight;
mod words;
pub mod worth;
mod yes_no;

pub use draft::{Completion, Doubt, Doubtful, Draft, Dropped, Extraction, SentenceVerdict, Topic, Verdict};
pub use extract::{CONTEXT_TURNS, ExtractOptions, Turn, extract, remembered};
pub use fingerprint::{Fingerprint, fingerprint};
pub use reconcile::{Change, Judge, Known, KnownMemory, Target, reconcile};
pub use speaker::speakers;
pub use topics_asked::topics_asked;
pub use types::settle_types;

#[cfg(test)]
mod conversations;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod update_tests;
