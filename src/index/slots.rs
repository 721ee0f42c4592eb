//! Small numbers for things that come and go: the documents of keyword and vector indexes.

use crate::model::grow;

/// Values under dense numbers from 0; the number of a value that left is given to the next that comes.
pub(crate) struct Slots<T> {
    values: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Slots<T> {
    pub(crate) fn new() -> Self {
        Self { values: Vec::new(), free: Vec::new() }
    }

    /// Values by their numbers; those that nothing has are free.
    pub(crate) fn of(values: Vec<Option<T>>) -> Self {
        let free = (0..).zip(&values).filter(|(_, value)| value.is_none()).map(|(doc, _)| doc).collect();
        Self { values, free }
    }

    /// A number for `value`. Beyond 2^32 values, which no machine holds, the last number is used again.
    pub(crate) fn insert(&mut self, value: T) -> u32 {
        let doc = self.free.pop().unwrap_or_else(|| u32::try_from(self.values.len()).unwrap_or(u32::MAX));
        let at = doc as usize;
        if at >= self.values.len() {
            grow(&mut self.values, 1);
            self.values.push(Some(value));
        } else if let Some(slot) = self.values.get_mut(at) {
            *slot = Some(value);
        }
        doc
    }

    pub(crate) fn remove(&mut self, doc: u32) -> Option<T> {
        let value = self.values.get_mut(doc as usize)?.take()?;
        self.free.push(doc);
        Some(value)
    }

    pub(crate) fn get(&self, doc: u32) -> Option<&T> {
        self.values.get(doc as usize)?.as_ref()
    }

    /// The values, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.values.iter().flatten()
    }

    /// By number, with what is free.
    pub(crate) fn slots(&self) -> &[Option<T>] {
        &self.values
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len() - self.free.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.values.capacity() * size_of::<Option<T>>() + self.free.capacity() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dense_and_used_again() {
        let mut slots = Slots::new();
        assert_eq!((slots.insert('a'), slots.insert('b'), slots.insert('c')), (0, 1, 2));
        assert_eq!((slots.remove(1), slots.remove(1), slots.remove(9)), (Some('b'), None, None));
        assert_eq!(slots.len(), 2);
        assert_eq!((slots.insert('d'), slots.len()), (1, 3));
        assert_eq!(slots.get(1), Some(&'d'));
    }
}
