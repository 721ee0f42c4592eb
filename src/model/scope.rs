//! What a token may do.

/// What a token may do with what it reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Read, recall and summarise.
    Read,
    /// Everything.
    Write,
}
