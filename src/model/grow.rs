//! Lists that hold most of the memory.

/// Shorter lists grow as all do: in small steps they would leave holes between each other.
const LONG: usize = 1_024;

/// Makes room for `more` in a list that may grow to the size of a profile: once it is long, by an eighth of what is there rather than as much again, of
/// which half would be unused on average. An entry is moved some eight times more often for it.
pub(crate) fn grow<T>(list: &mut Vec<T>, more: usize) {
    if list.len() >= LONG && list.capacity() - list.len() < more {
        list.reserve_exact(more.max(list.len() / 8));
    }
}
