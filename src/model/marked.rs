//! Words that were marked in a passage.

use std::ops::Range;

/// The words of a passage that answer a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked {
    /// Where they stand in the passage, in bytes; on boundaries of characters.
    pub bytes: Range<usize>,
    /// How much more the passage seems to answer with them than not to answer at all: a difference of logarithms of probabilities,
    /// above 0 when answering is the likelier.
    pub margin: f32,
}
