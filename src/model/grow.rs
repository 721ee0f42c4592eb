//! Lists that hold most of the memory.

/// Makes room for `more` in a list that grows to the size of a profile: by an eighth of what is there rather than as much again, of which half
/// would be unused on average. An entry is moved some eight times more often for it.
pub(crate) fn grow<T>(list: &mut Vec<T>, more: usize) {
    if list.capacity() - list.len() < more {
        list.reserve_exact(more.max(list.len() / 8));
    }
}
