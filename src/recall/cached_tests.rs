//! An index that is read again knows what it knew, and answers alike, whatever came and went before.

use proptest::prelude::*;

use super::*;
use crate::index::{MemoryEntry, Part};
use crate::model::{MemoryType, MessageId, Moment, Packer, Role, Timestamp, TopicKey};

const DIMENSION: usize = 40;
const WORDS: [&str; 9] = ["heron", "boat", "Oslo", "lamp", "works at the harbour", "hrn-07", "tea", "the", "?"];
const SPEAKERS: [&str; 4] = ["", "Ana: ", "Bo: ", "Cleo Ruiz: "];

/// Something that happens to an index, drawn as numbers.
type Step = (u8, u32, u64);

fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0..8_u8, 0..40_u32, any::<u64>()), 0..most)
}

fn at() -> Moment {
    Moment { instant: Timestamp::from_millis(1_780_315_200_000), offset_minutes: 120 }
}

fn vector(seed: u64) -> UnitVector {
    let number = |at: u64| ((seed % 7 + 1) * 977 + at * at * 31) % 1_009;
    UnitVector::normalise((0..40).map(|at| f32::from(u16::try_from(number(at)).unwrap()) - 504.5).collect()).unwrap()
}

fn text(seed: u64) -> String {
    let words = (0..=(seed % 5)).map(|at| WORDS[usize::try_from(seed >> (at * 4)).unwrap() % WORDS.len()]);
    words.collect::<Vec<_>>().join(" ")
}

fn session(number: u32) -> SessionId {
    SessionId::parse(&format!("s{}", number % 5)).unwrap()
}

fn message(number: u32, seed: u64) -> (Place, Message) {
    let place = Place { session: number % 5, position: number / 5 };
    let content = format!("{}{} {number}", SPEAKERS[usize::try_from(seed % 4).unwrap()], text(seed));
    let (session, role) = (session(number), Role::ALL[usize::try_from(seed % 3).unwrap()]);
    (place, Message { id: MessageId::of(&session, role, &content), session, role, content, at: at() })
}

fn memory(number: u32, seed: u64) -> Memory {
    Memory {
        id: MemoryId::from_bits(u128::from(number) << 80),
        kind: MemoryType::ALL[usize::try_from(seed % 4).unwrap()],
        summary: String::new(),
        content: text(seed),
        session: (!seed.is_multiple_of(3)).then(|| session(number)),
        created_at: at().instant,
        updated_at: at().instant,
        said_at: at(),
        topic: seed.is_multiple_of(2).then(|| TopicKey::of(&text(seed >> 9))),
        sources: (0..seed % 3).map(|more| message(number + u32::try_from(more).unwrap(), seed).1.id).collect(),
        superseded_by: seed.is_multiple_of(5).then(|| MemoryId::from_bits(1)),
    }
}

fn take(index: &mut ProfileIndex, (what, number, seed): Step) {
    let with_vector = (!seed.is_multiple_of(11)).then(|| vector(seed));
    match what {
        0..=2 => {
            let (place, message) = message(number, seed);
            index.add_message(place, &message, with_vector.as_ref());
        }
        3 => index.remove_message(message(number, seed).0),
        4..=6 => {
            let memory = memory(number, seed);
            let fingerprint = [u8::try_from(memory.content.len() % 7).unwrap(); 16];
            index.put_memory(MemoryEntry { memory: &memory, fingerprint, vector: with_vector.as_ref() });
        }
        _ => index.remove_memory(memory(number, seed).id),
    }
}

fn parts(index: &ProfileIndex) -> Vec<Vec<u8>> {
    let pack = |part| {
        let mut bytes = Vec::new();
        index.pack(part, &mut Packer::new(&mut |some| bytes.extend_from_slice(some)));
        bytes
    };
    Part::ALL.into_iter().map(pack).collect()
}

fn unpacked(parts: &[Vec<u8>]) -> Result<ProfileIndex> {
    ProfileIndex::unpack(DIMENSION, &mut |part| Ok(parts[Part::ALL.iter().position(|p| *p == part).unwrap()].clone()))
}

/// Rows of everything that the steps can make: what is recalled depends on the index alone.
struct AllRows;

impl Rows for AllRows {
    fn memory(&self, id: MemoryId) -> Result<Option<Memory>> {
        Ok(Some(memory(u32::try_from(id.bits() >> 80).unwrap_or_default(), 1)))
    }

    fn message(&self, place: Place) -> Result<Option<Message>> {
        Ok(Some(message(place.position.wrapping_mul(5).wrapping_add(place.session), 1).1))
    }
}

fn recalled(index: &ProfileIndex) -> Vec<Recalled> {
    let ask = |text: &str| {
        let query = RecallQuery { evidence_limit: 20, explain: true, ..RecallQuery::new(text, at()) };
        recall(&query, &vector(3), index, (&AllRows, &|_, _| Ok(Vec::new()))).unwrap()
    };
    ["Where does Ana work?", "heron boat", "What did Cleo Ruiz say about tea?", "lamp"].into_iter().map(ask).collect()
}

proptest! {
    #[test]
    fn what_is_read_again_knows_and_answers_the_same(before in steps(120), after in steps(20)) {
        let mut index = ProfileIndex::new(DIMENSION);
        for step in &before {
            take(&mut index, *step);
        }
        let Ok(mut again) = unpacked(&parts(&index)) else {
            // Two messages that are alike stand in two places: no engine lets that be.
            prop_assert!(!index.verify().is_empty());
            return Ok(());
        };
        for round in 0..2 {
            prop_assert_eq!(again.verify(), Vec::<String>::new());
            prop_assert_eq!(index.difference(&again), None);
            prop_assert_eq!(recalled(&again), recalled(&index));
            if round == 0 {
                for index in [&mut index, &mut again] {
                    for step in &after {
                        take(index, *step);
                    }
                }
            }
        }
    }

    #[test]
    fn other_bytes_are_refused_or_agree(
        steps in steps(30),
        part in 0..6_usize,
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut index = ProfileIndex::new(DIMENSION);
        for step in &steps {
            take(&mut index, *step);
        }
        let mut parts = parts(&index);
        let at = at.index(parts[part].len());
        let whole = parts[part].clone();
        parts[part].truncate(at);
        prop_assert!(unpacked(&parts).is_err(), "it is cut");
        parts[part] = whole;
        parts[part][at] = byte;
        if let Ok(index) = unpacked(&parts) {
            prop_assert_eq!(index.verify(), Vec::<String>::new());
            drop(recalled(&index));
        }
    }
}

#[test]
fn an_index_that_is_another_is_told() {
    let mut index = ProfileIndex::new(DIMENSION);
    for step in [(0, 1, 1), (0, 2, 2), (4, 1, 7), (4, 2, 5)] {
        take(&mut index, step);
    }
    let differs = |step: Step| {
        let mut other = unpacked(&parts(&index)).unwrap();
        take(&mut other, step);
        index.difference(&other).is_some()
    };
    for step in [(0, 3, 1), (0, 1, 9), (3, 1, 1), (4, 1, 13), (4, 9, 1), (7, 1, 7), (7, 2, 5)] {
        assert!(differs(step), "{step:?}");
    }
    assert!(!differs((7, 30, 1)), "it was not there");
}

#[test]
fn parts_that_are_not_of_one_index_are_refused() {
    let (mut small, mut large) = (ProfileIndex::new(DIMENSION), ProfileIndex::new(DIMENSION));
    take(&mut small, (0, 1, 1));
    take(&mut small, (4, 1, 7));
    large.add_message(message(1, 1).0, &message(1, 1).1, Some(&vector(1)));
    take(&mut large, (0, 2, 1));
    take(&mut large, (4, 1, 7));
    take(&mut large, (4, 2, 7));
    for part in 0..6 {
        let mut mixed = parts(&small);
        mixed[part] = parts(&large)[part].clone();
        assert!(unpacked(&mixed).is_err(), "part {part}");
    }
}
