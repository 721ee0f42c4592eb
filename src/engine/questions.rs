//! Vectors of the questions asked lately: asked again, a question costs no embedding.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::embed::Embedder;
use crate::error::Result;
use crate::model::UnitVector;

/// How many are kept; about 2 MB with a model of 384 numbers.
pub(super) const KEPT: usize = 1_024;
/// Longer questions are not kept, in bytes: they are texts, and nobody sends one twice.
const LONGEST: usize = 512;

/// The latest questions of one engine, whose model stays the same for as long as it is open.
pub(super) struct Questions {
    known: Mutex<Known>,
    kept: usize,
}

#[derive(Default)]
struct Known {
    vectors: HashMap<Arc<str>, (u64, UnitVector)>,
    by_use: BTreeMap<u64, Arc<str>>,
    uses: u64,
}

impl Questions {
    /// Keeps the latest `kept`.
    pub(super) fn new(kept: usize) -> Self {
        Self { known: Mutex::default(), kept }
    }

    /// The vector of a question. Two callers that ask the same at once both embed it: nobody waits for another's model.
    pub(super) fn embed(&self, embedder: &dyn Embedder, text: &str) -> Result<UnitVector> {
        if text.len() > LONGEST || self.kept == 0 {
            return embedder.embed_query(text);
        }
        if let Some(vector) = self.known.lock().find(text) {
            return Ok(vector);
        }
        let vector = embedder.embed_query(text)?;
        self.known.lock().keep(text, vector.clone(), self.kept);
        Ok(vector)
    }
}

impl Known {
    fn find(&mut self, text: &str) -> Option<UnitVector> {
        let (used, vector) = self.vectors.get_mut(text)?;
        let name = self.by_use.remove(used)?;
        self.uses += 1;
        *used = self.uses;
        self.by_use.insert(self.uses, name);
        Some(vector.clone())
    }

    fn keep(&mut self, text: &str, vector: UnitVector, most: usize) {
        self.uses += 1;
        let name: Arc<str> = text.into();
        if let Some((used, _)) = self.vectors.insert(Arc::clone(&name), (self.uses, vector)) {
            self.by_use.remove(&used);
        }
        self.by_use.insert(self.uses, name);
        if self.vectors.len() > most
            && let Some((_, oldest)) = self.by_use.pop_first()
        {
            self.vectors.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::model::{ModelIdentity, Pooling};

    /// Counts what it is asked.
    struct Counting(ModelIdentity, AtomicUsize);

    impl Counting {
        fn new() -> Self {
            let identity =
                ModelIdentity { name: "n".to_owned(), sha256: [0; 32], dimension: 2, pooling: Pooling::Mean };
            Self(identity, AtomicUsize::new(0))
        }

        fn asked(&self) -> usize {
            self.1.load(Ordering::Relaxed)
        }
    }

    impl Embedder for Counting {
        fn identity(&self) -> &ModelIdentity {
            &self.0
        }

        fn embed_passage(&self, text: &str) -> Result<UnitVector> {
            self.1.fetch_add(1, Ordering::Relaxed);
            Ok(UnitVector::normalise(vec![1.0, text.len() as f32]).unwrap())
        }

        fn embed_query(&self, text: &str) -> Result<UnitVector> {
            self.embed_passage(text)
        }
    }

    #[test]
    fn a_question_is_embedded_once_and_has_its_own_vector() {
        let (questions, model) = (Questions::new(KEPT), Counting::new());
        for text in ["Where is Ana?", "Where is Benedict?", "Where is Ana?", "Where is Benedict?"] {
            let expected = UnitVector::normalise(vec![1.0, text.len() as f32]).unwrap();
            assert!(questions.embed(&model, text).unwrap() == expected);
        }
        assert_eq!(model.asked(), 2);
    }

    #[test]
    fn the_least_recently_asked_go_and_both_maps_stay_bounded() {
        let (questions, model) = (Questions::new(KEPT), Counting::new());
        let ask = |text: &str| drop(questions.embed(&model, text).unwrap());
        ask("first");
        for number in 0..3 * KEPT {
            ask(&format!("question {number}"));
            ask("first");
        }
        assert_eq!(model.asked(), 3 * KEPT + 1, "what is asked again and again stays");
        let known = questions.known.lock();
        assert_eq!((known.vectors.len(), known.by_use.len()), (KEPT, KEPT));
    }

    #[test]
    fn long_texts_are_not_kept() {
        let (questions, model) = (Questions::new(KEPT), Counting::new());
        let text = "a".repeat(LONGEST + 1);
        for _ in 0..2 {
            questions.embed(&model, &text).unwrap();
        }
        assert_eq!(model.asked(), 2);
        assert!(questions.known.lock().vectors.is_empty());
    }
}
