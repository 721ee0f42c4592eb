//! Two runs side by side: what became faster, what slower, and what is within the noise.

use super::latency::Latency;
use super::report::{Report, Sized, ratio};

/// A figure of both runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Memories in the profile.
    pub memories: u64,
    /// Which figure.
    pub what: String,
    /// Of the first run.
    pub before: f64,
    /// Of the second.
    pub after: f64,
}

impl Change {
    /// How many times the first the second is.
    #[must_use]
    pub fn times(&self) -> f64 {
        ratio(self.after, self.before)
    }
}

/// The figures of sizes that both runs have, in the order of the first. Milliseconds, but for questions a second, recall
/// (a share) and bytes, which say so.
#[must_use]
pub fn compare(before: &Report, after: &Report) -> Vec<Change> {
    let mut changes = Vec::new();
    for (place, own) in before.sizes.iter().enumerate() {
        // A material of the user's own has one size; synthetic sizes may be a memory or two apart.
        let near = |other: &&Sized| {
            ratio(other.memories as f64, own.memories as f64) > 0.9
                && ratio(own.memories as f64, other.memories as f64) > 0.9
        };
        let other = after.sizes.iter().find(near).or_else(|| after.sizes.get(place).filter(|other| near(other)));
        let Some(other) = other else { continue };
        let (first, second) = (figures(own), figures(other));
        for (what, before) in first {
            let Some((_, after)) = second.iter().find(|(name, _)| *name == what) else { continue };
            changes.push(Change { memories: own.memories, what, before, after: *after });
        }
    }
    changes
}

fn figures(sized: &Sized) -> Vec<(String, f64)> {
    let mut all = Vec::new();
    let mut add = |what: &str, latency: &Latency| {
        all.push((format!("{what} p50"), latency.p50));
        all.push((format!("{what} p99"), latency.p99));
    };
    add("embedding", &sized.alone.embedding);
    add("embedding, work", &sized.alone.embedding_worked);
    add("recall in process", &sized.alone.recall);
    add("recall in process, work", &sized.alone.recall_worked);
    add("recall over HTTP", &sized.alone.http);
    for stage in &sized.alone.stages {
        add(&format!("stage {}, work", stage.name), &stage.times.worked);
    }
    for search in &sized.search {
        add(&format!("search, {}", search.way), &search.latency);
    }
    let (p50, p99) = sized.alone.ratios();
    all.push(("HTTP / embedding p50, times".to_owned(), p50));
    all.push(("HTTP / embedding p99, times".to_owned(), p99));
    all.push(("work of recall / embedding, times".to_owned(), sized.alone.work()));
    all.push(("first recall after opening".to_owned(), sized.cold.first_ms));
    for load in sized.loads.iter().filter(|load| load.offered <= 0.0) {
        all.push((format!("answered to {} clients, a second", load.clients), load.answered));
    }
    for search in &sized.search {
        all.push((format!("search, {}, recall", search.way), search.recall));
    }
    all.push(("index, bytes a memory".to_owned(), ratio(sized.bytes.index as f64, sized.memories as f64)));
    all.push(("file, bytes a memory".to_owned(), ratio(sized.bytes.file as f64, sized.memories as f64)));
    all
}
