//! Embedding many texts at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{Embedder, stand_back};
use crate::error::{Error, ErrorKind, Result};
use crate::model::UnitVector;

/// Texts for which a further thread is worth starting: a few milliseconds of work.
const TEXTS_PER_THREAD: usize = 4;

/// Embeds `texts`, one a call, on as many threads as pay. The vectors are in the order of the texts.
pub(crate) fn embed_all(embedder: &dyn Embedder, texts: &[&str]) -> Result<Vec<UnitVector>> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = texts.len().div_ceil(TEXTS_PER_THREAD).min(cores);
    if threads <= 1 {
        return texts.iter().map(|text| embedder.embed_passage(text)).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, UnitVector)>> {
        stand_back();
        let mut made = Vec::new();
        while let Some((index, text)) = take_next(&next, texts) {
            made.push((index, embedder.embed_passage(text)?));
        }
        Ok(made)
    };
    let mut made = thread::scope(|scope| -> Result<Vec<(usize, UnitVector)>> {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::with_capacity(texts.len());
        for worker in workers {
            all.extend(worker.join().map_err(|_| Error::new(ErrorKind::Internal, "embedding panicked"))??);
        }
        Ok(all)
    })?;
    made.sort_unstable_by_key(|(index, _)| *index);
    Ok(made.into_iter().map(|(_, vector)| vector).collect())
}

fn take_next<'a>(next: &AtomicUsize, texts: &[&'a str]) -> Option<(usize, &'a str)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    texts.get(index).map(|text| (index, *text))
}
