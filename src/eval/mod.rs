//! How well recall works on somebody's own data, and what each part of it is worth.
//!
//! A [`Dataset`] is conversations with questions about them. [`Evaluation`] keeps the conversations in a folder of its own, asks
//! every question the ways it is told to ([`Variant`]), and holds what comes back against what is wanted: [`Figures`]. Nothing is
//! judged by a model: evidence is compared by message, answers by their words. Used by `mnemon eval`.

mod dataset;
mod figures;
mod lines;
mod locomo;
mod run;

pub use dataset::{Dataset, DatasetError, Dialog, Question, Session, Wanted};
pub use figures::{Figures, Group, Mean};
pub use run::{Evaluation, Variant};
