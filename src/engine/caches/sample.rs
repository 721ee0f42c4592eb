//! How a release tells its own caches: by the bytes that it makes of a sample. Whatever changes in how words are cut, names are
//! found, vectors are coded or all of it is written down changes them too, and older caches are built anew.

use sha2::{Digest, Sha256};

use crate::engine::edit::entry;
use crate::index::{Part, ProfileIndex};
use crate::model::{
    Memory, MemoryType, Message, MessageId, ModelIdentity, Moment, Packer, Place, Role, SessionId, Timestamp, TopicKey,
    Ulid, UnitVector,
};

const SAID: [&str; 4] = [
    "Ana Lopez: Wasn't José's herons' re-election on 2024-05-17 at 10:30, near hrn-stg-04.lan? [laughs]",
    "She'd moved 1,200 boxes; running faster – than İstanbul’s ferries, 東京都 and naïve Straße!",
    "update: nobody asked user@host for v1.22. IT told us so in the US.",
    "",
];

/// What this release makes of the sample.
pub(super) fn stamp() -> [u8; 32] {
    let index = sample();
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    for part in Part::ALL {
        index.pack(part, &mut Packer::new(&mut |bytes| hash.update(bytes)));
    }
    hash.finalize().into()
}

/// Everything that tells a model from others.
pub(super) fn hash_of(model: &ModelIdentity) -> [u8; 32] {
    let ModelIdentity { name, sha256, dimension, pooling } = model;
    let mut hash = Sha256::new();
    hash.update(sha256);
    hash.update(format!("{dimension} {pooling:?} {name}"));
    hash.finalize().into()
}

fn sample() -> ProfileIndex {
    let mut index = ProfileIndex::new(SIZE);
    let at = Moment { instant: Timestamp::from_millis(1_780_315_200_123), offset_minutes: -330 };
    let session = SessionId::derived(Role::User, "sample");
    for (number, content) in (0..).zip(SAID) {
        let id = MessageId::of(&session, Role::User, content);
        let role = Role::ALL.get(number as usize).copied().unwrap_or(Role::User);
        let message = Message { id, session: session.clone(), role, content: content.to_owned(), at };
        index.add_message(Place { session: number, position: number * 200 }, &message, vector(number).as_ref());
        let memory = Memory {
            id: Ulid::from_bits(u128::from(number) << 70),
            kind: MemoryType::ALL.get(number as usize).copied().unwrap_or(MemoryType::Fact),
            summary: String::new(),
            content: content.to_owned(),
            session: (number != 1).then(|| session.clone()),
            created_at: at.instant,
            updated_at: at.instant,
            said_at: at,
            topic: (number != 2).then(|| TopicKey::of("user|live-in")),
            sources: vec![id],
            superseded_by: (number == 3).then(|| Ulid::from_bits(1)),
        };
        index.put_memory(entry(&memory, vector(number + 9).as_ref()));
    }
    index
}

/// Numbers in a vector of the sample: more than one block, and not whole ones.
const SIZE: usize = 70;

fn vector(seed: u32) -> Option<UnitVector> {
    let number = |at: u32| (((seed + 1) * 977 + at * at * 31) % 1_009) as f32 - 504.5;
    UnitVector::normalise((0..70).map(number).collect()).ok()
}
