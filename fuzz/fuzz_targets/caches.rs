//! Parts of a cache, whatever they say: read as an index or refused. An index that is read agrees with itself, answers questions, and
//! is the same when it is written and read again. An input is six parts, each behind its length in two bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mnemon::Result;
use mnemon::index::{Part, ProfileIndex};
use mnemon::model::{Memory, MemoryId, Message, Packer, Place, UnitVector};
use mnemon::recall::{RecallQuery, Rows, recall};
use mnemon_fuzz::moment;

const DIMENSION: usize = 40;

/// No row is there: what is asked of an index alone.
struct NoRows;

impl Rows for NoRows {
    fn memory(&self, _: MemoryId) -> Result<Option<Memory>> {
        Ok(None)
    }

    fn message(&self, _: Place) -> Result<Option<Message>> {
        Ok(None)
    }
}

fn parts(mut input: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    while let (Some((length, rest)), true) = (input.split_first_chunk(), parts.len() < Part::ALL.len()) {
        let (part, rest) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
        parts.push(part.to_vec());
        input = rest;
    }
    parts.resize(Part::ALL.len(), Vec::new());
    parts
}

fn unpack(parts: &[Vec<u8>]) -> Result<ProfileIndex> {
    let at = |part| Part::ALL.iter().position(|other| *other == part).expect("it is one of all");
    ProfileIndex::unpack(DIMENSION, &mut |part| Ok(parts[at(part)].clone()))
}

fn pack(index: &ProfileIndex, part: Part) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.pack(part, &mut Packer::new(&mut |some| bytes.extend_from_slice(some)));
    bytes
}

fuzz_target!(|input: &[u8]| {
    let Ok(index) = unpack(&parts(input)) else { return };
    assert_eq!(index.verify(), Vec::<String>::new());
    let again = unpack(&Part::ALL.map(|part| pack(&index, part))).expect("what was read can be written and read again");
    assert_eq!(index.difference(&again), None);
    let vector = UnitVector::normalise(vec![1.0; DIMENSION]).expect("it has a direction");
    for text in ["Where does Ana work?", "heron boat"] {
        let query = RecallQuery { evidence_limit: 5, ..RecallQuery::new(text, moment("2026-06-01")) };
        let unread = |_: &str, _: &[&str]| Ok(Vec::new());
        let found = recall(&query, &vector, &index, (&NoRows, &unread)).expect("there are no rows to fail");
        assert!(found == recall(&query, &vector, &again, (&NoRows, &unread)).expect("there are no rows to fail"));
    }
});
