//! Where a message stands in its profile.

/// A session's number and a position in it. Orders messages as they were said, session by session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The session's number within its profile, counted from 0 in order of first use.
    pub session: u32,
    /// The message's position within the session, counted from 0; gaps are where messages were deleted.
    pub position: u32,
}
