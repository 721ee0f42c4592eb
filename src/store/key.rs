//! Keys: `space (8 bytes) · kind (1) · fields`, all numbers big-endian and every field of a fixed width, so that bytes
//! sort as the fields do and every key of a kind has one width.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Bound;

use super::rows::Kind;
use crate::model::limits::{ACCOUNT_ID_CHARS, NAMESPACE_NAME_CHARS, PROFILE_NAME_CHARS};
use crate::model::{AccountId, MessageId, NamespaceName, Place, ProfileName, Ulid};

/// The number that every row of one profile starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpaceId(u64);

impl SpaceId {
    /// Where namespaces, profiles, tokens and settings are; no profile's.
    pub const CATALOG: Self = Self(0);

    /// The space of that number.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for SpaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What identifies a row within its space and kind, as bytes of one width that sort as the value does.
pub trait Key: Sized {
    /// The number of bytes of every key of this type.
    const WIDTH: usize;

    /// Appends exactly [`Key::WIDTH`] bytes.
    fn write(&self, out: &mut Vec<u8>);

    /// Takes exactly [`Key::WIDTH`] bytes off the front; nothing when they are no such key.
    fn read(from: &mut &[u8]) -> Option<Self>;
}

/// The leading part of a `K`: all rows that share it stand together.
pub trait Prefix<K> {
    /// Appends the bytes that every key with this prefix starts with.
    fn write_prefix(&self, out: &mut Vec<u8>);
}

impl<A: Key, B: Key> Prefix<(A, B)> for A {
    fn write_prefix(&self, out: &mut Vec<u8>) {
        self.write(out);
    }
}

/// A session's number: all its messages.
impl Prefix<Place> for u32 {
    fn write_prefix(&self, out: &mut Vec<u8>) {
        self.write(out);
    }
}

impl Key for () {
    const WIDTH: usize = 0;

    fn write(&self, _: &mut Vec<u8>) {}

    fn read(_: &mut &[u8]) -> Option<Self> {
        Some(())
    }
}

impl<A: Key, B: Key> Key for (A, B) {
    const WIDTH: usize = A::WIDTH + B::WIDTH;

    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

impl<const N: usize> Key for [u8; N] {
    const WIDTH: usize = N;

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        let (key, rest) = from.split_first_chunk::<N>()?;
        *from = rest;
        Some(*key)
    }
}

/// Keys that are an array of bytes in disguise: `type, its bytes, and back`.
macro_rules! key_as_bytes {
    ($($type:ty, $width:literal, $to:expr, $from:expr;)+) => {$(
        impl Key for $type {
            const WIDTH: usize = $width;

            fn write(&self, out: &mut Vec<u8>) {
                let bytes: [u8; $width] = ($to)(*self);
                out.extend_from_slice(&bytes);
            }

            fn read(from: &mut &[u8]) -> Option<Self> {
                <[u8; $width]>::read(from).map($from)
            }
        }
    )+};
}
key_as_bytes! {
    u32, 4, u32::to_be_bytes, u32::from_be_bytes;
    u64, 8, u64::to_be_bytes, u64::from_be_bytes;
    SpaceId, 8, |space: SpaceId| space.0.to_be_bytes(), |bytes| SpaceId(u64::from_be_bytes(bytes));
    Ulid, 16, |id: Ulid| id.bits().to_be_bytes(), |bytes| Ulid::from_bits(u128::from_be_bytes(bytes));
    MessageId, 16, |id: MessageId| id.0, MessageId;
}

impl Key for Place {
    const WIDTH: usize = 8;

    fn write(&self, out: &mut Vec<u8>) {
        self.session.write(out);
        self.position.write(out);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(Self { session: u32::read(from)?, position: u32::read(from)? })
    }
}

/// Names are ASCII without NUL: padded with zero bytes they sort as text, a name before its continuations.
macro_rules! key_as_padded_text {
    ($($type:ty, $width:expr;)+) => {$(
        impl Key for $type {
            const WIDTH: usize = $width;

            fn write(&self, out: &mut Vec<u8>) {
                let padded = self.as_str().bytes().chain(std::iter::repeat(0)).take($width);
                out.extend(padded);
            }

            fn read(from: &mut &[u8]) -> Option<Self> {
                let padded = <[u8; $width]>::read(from)?;
                let text = std::str::from_utf8(&padded).ok()?;
                <$type>::parse(text.trim_end_matches('\0')).ok()
            }
        }
    )+};
}
key_as_padded_text! {
    AccountId, ACCOUNT_ID_CHARS;
    NamespaceName, NAMESPACE_NAME_CHARS;
    ProfileName, PROFILE_NAME_CHARS;
}

/// Which rows of a kind: all, those with a prefix, those beyond a key.
///
/// ```
/// use mnemon::model::Place;
/// use mnemon::store::Range;
/// let whole_session: Range<Place> = Range::within(&3);
/// let next_page = Range::within(&3).after(&Place { session: 3, position: 41 });
/// let page_before = Range::all().before(&Place { session: 3, position: 0 });
/// ```
#[derive(Clone, Debug)]
pub struct Range<K> {
    prefix: Vec<u8>,
    after: Option<Vec<u8>>,
    before: Option<Vec<u8>>,
    key: PhantomData<fn(K)>,
}

impl<K: Key> Range<K> {
    /// Every row.
    #[must_use]
    pub fn all() -> Self {
        Self { prefix: Vec::new(), after: None, before: None, key: PhantomData }
    }

    /// The rows whose key starts with `prefix`.
    #[must_use]
    pub fn within<P: Prefix<K>>(prefix: &P) -> Self {
        let mut range = Self::all();
        prefix.write_prefix(&mut range.prefix);
        range
    }

    /// Of these, the rows that sort after `key`, which need not exist.
    #[must_use]
    pub fn after(self, key: &K) -> Self {
        Self { after: Some(encode(key)), ..self }
    }

    /// Of these, the rows that sort before `key`, which need not exist.
    #[must_use]
    pub fn before(self, key: &K) -> Self {
        Self { before: Some(encode(key)), ..self }
    }

    /// The range in whole keys; nothing when no key can lie in it.
    pub(super) fn bounds(&self, space: SpaceId, kind: Kind) -> Option<Bounds> {
        let whole = |fields: &[u8]| [&row_prefix(space, kind), fields].concat();
        let Bounds { mut from, mut to } = Bounds::of_prefix(whole(&self.prefix));
        if let Some(after) = self.after.as_deref().map(whole)
            && from.as_ref().is_none_or(|(start, _)| after >= *start)
        {
            from = Some((after, Edge::Excluded));
        }
        if let Some(before) = self.before.as_deref().map(whole)
            && to.as_ref().is_none_or(|end| before < *end)
        {
            to = Some(before);
        }
        Bounds { from, to }.if_not_inverted()
    }
}

/// Whether a bound belongs to the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    Included,
    Excluded,
}

/// A range of whole keys: from a key, included or not, up to and without another; unbounded where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    from: Option<(Vec<u8>, Edge)>,
    to: Option<Vec<u8>>,
}

impl Bounds {
    /// Every key that starts with `prefix`.
    pub(super) fn of_prefix(prefix: Vec<u8>) -> Self {
        let to = successor(&prefix);
        Self { from: Some((prefix, Edge::Included)), to }
    }

    /// Every key of a space.
    pub(super) fn of_space(space: SpaceId) -> Self {
        Self::of_prefix(encode(&space))
    }

    /// Every key of a space and of those after it.
    pub(super) fn starting_at(space: SpaceId) -> Self {
        Self { from: Some((encode(&space), Edge::Included)), to: None }
    }

    /// The same range, ending before `key`.
    pub(super) fn up_to(self, key: &[u8]) -> Self {
        Self { to: Some(key.to_vec()), ..self }
    }

    /// As redb takes it.
    pub(super) fn as_range(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        let from = match &self.from {
            None => Bound::Unbounded,
            Some((key, Edge::Included)) => Bound::Included(key.as_slice()),
            Some((key, Edge::Excluded)) => Bound::Excluded(key.as_slice()),
        };
        (from, self.to.as_deref().map_or(Bound::Unbounded, Bound::Excluded))
    }

    fn if_not_inverted(self) -> Option<Self> {
        match (&self.from, &self.to) {
            (Some((from, _)), Some(to)) if from >= to => None,
            _ => Some(self),
        }
    }
}

/// The first bytes that sort after everything that starts with `prefix`; nothing when it is all 0xFF.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let kept = prefix.iter().rposition(|&byte| byte != u8::MAX)?;
    let mut next = prefix.get(..=kept)?.to_vec();
    if let Some(last) = next.last_mut() {
        *last += 1;
    }
    Some(next)
}

/// A key's bytes.
pub(super) fn encode<K: Key>(key: &K) -> Vec<u8> {
    let mut out = Vec::with_capacity(K::WIDTH);
    key.write(&mut out);
    out
}

/// The key that `bytes` is, when it is one and nothing is left over.
pub(super) fn decode<K: Key>(mut bytes: &[u8]) -> Option<K> {
    K::read(&mut bytes).filter(|_| bytes.is_empty())
}

/// What every key of a kind in a space starts with.
fn row_prefix(space: SpaceId, kind: Kind) -> [u8; 9] {
    let mut prefix = [kind.number(); 9];
    if let Some(first) = prefix.first_chunk_mut() {
        *first = space.0.to_be_bytes();
    }
    prefix
}

/// A row's whole key.
pub(super) fn row_key<K: Key>(space: SpaceId, kind: Kind, key: &K) -> Vec<u8> {
    let mut out = Vec::with_capacity(9 + K::WIDTH);
    out.extend(row_prefix(space, kind));
    key.write(&mut out);
    out
}

/// A whole key's space, the number of its kind, and its fields; nothing when it is too short.
pub(super) fn split_row_key(whole: &[u8]) -> Option<(SpaceId, u8, &[u8])> {
    let (space, rest) = whole.split_first_chunk()?;
    let (kind, fields) = rest.split_first()?;
    Some((SpaceId(u64::from_be_bytes(*space)), *kind, fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_of_a_prefix_is_past_all_that_starts_with_it() {
        for (prefix, next) in [
            (&[][..], None),
            (&[0xFF, 0xFF], None),
            (&[1], Some(vec![2])),
            (&[1, 0xFF, 0xFF], Some(vec![2])),
            (&[1, 0xFE, 0xFF], Some(vec![1, 0xFF])),
        ] {
            assert_eq!(successor(prefix), next, "{prefix:?}");
        }
    }

    #[test]
    fn every_key_has_the_width_it_says_and_reads_back() {
        fn check<K: Key + PartialEq + fmt::Debug>(key: &K) {
            let bytes = encode(key);
            assert_eq!(bytes.len(), K::WIDTH);
            assert_eq!(decode::<K>(&bytes).as_ref(), Some(key));
            assert!(decode::<K>(&[&bytes[..], &[0]].concat()).is_none(), "something is left over");
            assert!(K::WIDTH == 0 || decode::<K>(&bytes[1..]).is_none(), "something is missing");
        }
        check(&());
        check(&u32::MAX);
        check(&SpaceId(7));
        check(&Ulid::from_bits(1));
        check(&MessageId([9; 16]));
        check(&Place { session: 1, position: u32::MAX });
        check(&(AccountId::parse("Local_1").unwrap(), NamespaceName::parse("a-b").unwrap()));
        check(&(Ulid::from_bits(u128::MAX), ProfileName::parse(&"p".repeat(100)).unwrap()));
    }

    #[test]
    fn keys_sort_as_their_values_do() {
        let account = |text: &str| AccountId::parse(text).unwrap();
        let namespace = |text: &str| NamespaceName::parse(text).unwrap();
        let names = [("A", "z"), ("a", "a"), ("a", "a-b"), ("a", "ab"), ("a", "b"), ("a-", "a"), ("aa", "a")];
        let mut keys: Vec<_> = names.iter().map(|(a, n)| encode(&(account(a), namespace(n)))).collect();
        assert!(keys.is_sorted());
        keys = [(0, 0), (0, 1), (0, 256), (1, 0), (255, 9), (256, 0), (u32::MAX, 0)]
            .iter()
            .map(|&(session, position)| encode(&Place { session, position }))
            .collect();
        assert!(keys.is_sorted());
    }

    #[test]
    fn bytes_that_are_no_name_are_no_key() {
        assert!(decode::<NamespaceName>(&[0; NAMESPACE_NAME_CHARS]).is_none());
        assert!(decode::<NamespaceName>(&[0xFF; NAMESPACE_NAME_CHARS]).is_none());
        let mut inner_nul = [0; NAMESPACE_NAME_CHARS];
        (inner_nul[0], inner_nul[2]) = (b'a', b'b');
        assert!(decode::<NamespaceName>(&inner_nul).is_none());
    }

    #[test]
    fn a_range_that_nothing_can_lie_in_has_no_bounds() {
        let place = |session, position| Place { session, position };
        let bounds = |range: Range<Place>| range.bounds(SpaceId(1), Kind::Message);
        assert!(bounds(Range::all().after(&place(2, 0)).before(&place(1, 0))).is_none());
        assert!(bounds(Range::within(&1).after(&place(2, 0))).is_none());
        assert!(bounds(Range::within(&1).before(&place(0, 7))).is_none());
        assert_eq!(bounds(Range::within(&1).after(&place(0, 7))), bounds(Range::within(&1)), "the bound is outside");
        assert_eq!(bounds(Range::within(&1).before(&place(2, 7))), bounds(Range::within(&1)), "the bound is outside");
    }
}
