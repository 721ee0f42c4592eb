//! A vector index as bytes, and back: `vectors (4) · their documents · their scales · their codes`.
//!
//! Signs are made again from the codes, which takes less than reading them, and a graph is built anew where one is worth it.

use super::VectorIndex;
use super::code::{BLOCK, Bytes};
use super::flat::Flat;
use crate::model::{Malformed, Packer, Unpacker};

impl VectorIndex {
    /// Writes it down.
    pub fn pack(&self, out: &mut Packer<'_>) {
        let Flat { documents, scales, codes, .. } = &self.flat;
        out.count(documents.len());
        for doc in documents {
            out.u32(*doc);
        }
        for scale in scales {
            out.u32(scale.to_bits());
        }
        for block in codes {
            out.bytes(&block.map(i8::cast_unsigned));
        }
    }

    /// Reads one of vectors of that dimension again, to its end. Its documents' numbers must be below `numbers`.
    ///
    /// # Errors
    /// When it is no such index, or one that does not agree with itself.
    pub fn unpack(dimension: usize, numbers: usize, mut from: Unpacker<'_>) -> Result<Self, Malformed> {
        let mut index = Self::new(dimension);
        let flat = &mut index.flat;
        let count = from.count(2 * size_of::<u32>() + flat.width * BLOCK)?;
        flat.reserve(count, numbers);
        let documents = from.bytes(count * size_of::<u32>())?;
        let scales = from.bytes(count * size_of::<f32>())?;
        let codes = from.bytes(count * flat.width * BLOCK)?;
        from.end()?;
        let (documents, scales) = (documents.as_chunks().0.iter(), scales.as_chunks().0.iter());
        let codes = codes.chunks_exact((flat.width * BLOCK).max(1));
        for ((doc, scale), code) in documents.zip(scales).zip(codes) {
            let (doc, scale) = (u32::from_le_bytes(*doc), f32::from_le_bytes(*scale));
            if doc as usize >= numbers || flat.place(doc).is_some() {
                return Err(Malformed("a vector is of no document, or of one that has another"));
            }
            if !scale.is_finite() || scale <= 0.0 {
                return Err(Malformed("a vector has no scale"));
            }
            flat.append(doc, scale, code.as_chunks().0.iter().map(|block| block.map(u8::cast_signed)));
        }
        Ok(index)
    }

    /// The numbers of a document's vector and their scale, as they are kept.
    pub fn code(&self, doc: u32) -> Option<(f32, &[Bytes])> {
        Some((*self.flat.scales.get(self.flat.place(doc)?)?, self.flat.code(doc)?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::UnitVector;
    use crate::vector::Effort;

    const DIMENSION: usize = 70;

    fn packed(index: &VectorIndex) -> Vec<u8> {
        let mut bytes = Vec::new();
        index.pack(&mut Packer::new(&mut |some| bytes.extend_from_slice(some)));
        bytes
    }

    fn unit(seed: u32) -> UnitVector {
        let number = |at: u32| f32::from(u16::try_from((seed * 977 + at * at * 31) % 1_009).unwrap()) - 504.5;
        UnitVector::normalise((0..70).map(number).collect()).unwrap()
    }

    fn unpacked(bytes: &[u8]) -> Result<VectorIndex, Malformed> {
        VectorIndex::unpack(DIMENSION, 900, Unpacker::new(bytes))
    }

    proptest! {
        #[test]
        fn what_is_read_again_agrees_and_finds_the_same(
            docs in prop::collection::vec(0..900_u32, 0..700),
            gone in prop::collection::vec(0..900_u32, 0..60),
        ) {
            let mut index = VectorIndex::new(DIMENSION);
            for doc in &docs {
                index.insert(*doc, &unit(doc % 300));
            }
            for doc in &gone {
                index.remove(*doc);
            }
            let mut again = unpacked(&packed(&index)).unwrap();
            for round in 0..2 {
                prop_assert_eq!(again.verify(), Ok(()));
                for effort in [Effort::Usual, Effort::Exact] {
                    let find = |index: &VectorIndex| index.search(&unit(7), 5, &|_| true, effort);
                    prop_assert_eq!(find(&again), find(&index));
                }
                for index in [&mut index, &mut again] {
                    index.insert(5 + round, &unit(7));
                    index.remove(6);
                }
            }
        }

        #[test]
        fn other_bytes_are_refused_or_agree(at in any::<prop::sample::Index>(), byte in any::<u8>(), end in any::<prop::sample::Index>()) {
            let mut index = VectorIndex::new(DIMENSION);
            (0..9).for_each(|doc| index.insert(doc * 3, &unit(doc)));
            let mut bytes = packed(&index);
            prop_assert!(unpacked(&bytes[..end.index(bytes.len())]).is_err(), "it is cut");
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(index) = unpacked(&bytes) {
                prop_assert_eq!(index.verify(), Ok(()));
                prop_assert!(index.search(&unit(7), 9, &|_| true, Effort::Usual).iter().all(|hit| hit.score.is_finite()));
            }
        }
    }
}
