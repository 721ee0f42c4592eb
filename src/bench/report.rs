//! What was measured: a file that can be compared with another.

use serde::{Deserialize, Serialize};

use super::latency::Latency;

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Mnemon's own version.
    pub version: String,
    /// What was kept and asked.
    pub material: String,
    /// Where.
    pub machine: Machine,
    /// One for each size, in the order they were asked for.
    pub sizes: Vec<Sized>,
}

/// Where it was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Cores that this process may use.
    pub cores: usize,
    /// For example `linux x86_64`.
    pub system: String,
    /// The processor's name, where the system says it.
    pub processor: String,
    /// The embedding model's name.
    pub model: String,
    /// Whether the program was built with optimisations.
    pub optimised: bool,
}

/// One profile's figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sized {
    /// Active memories in the profile.
    pub memories: u64,
    /// Messages in it.
    pub messages: u64,
    /// How it was filled.
    pub fill: Fill,
    /// What the first questions after opening cost.
    pub cold: Cold,
    /// What it takes in memory and on disk.
    pub bytes: Bytes,
    /// One question at a time.
    pub alone: Alone,
    /// Many questions at a time.
    pub loads: Vec<Load>,
    /// Vector search by itself.
    pub search: Vec<Search>,
}

/// How a profile was filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fill {
    /// Seconds it took; kept from the run that did it.
    pub seconds: f64,
    /// Messages a second.
    pub messages_per_second: f64,
}

/// Times after opening the data folder, in milliseconds. The system still has the file in its cache, and the model is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cold {
    /// Until it was open.
    pub open_ms: f64,
    /// The first recall.
    pub first_ms: f64,
    /// The second.
    pub second_ms: f64,
}

/// What a profile takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bytes {
    /// Its index in memory, as the engine counts it.
    pub index: u64,
    /// The process's resident memory beyond what it was before opening the folder; 0 where the system does not say.
    pub resident: u64,
    /// The data file.
    pub file: u64,
    /// Keys and values in it.
    pub stored: u64,
}

/// One question at a time, no two alike, in turns: one embedded, one recalled in process, one over HTTP.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Alone {
    /// The bare embedding of a question.
    pub embedding: Latency,
    /// What its thread worked for it, whatever else the machine did.
    pub embedding_worked: Latency,
    /// A recall in process.
    pub recall: Latency,
    /// What its thread worked for it.
    pub recall_worked: Latency,
    /// A recall over HTTP.
    pub http: Latency,
    /// The stages of the recalls in process.
    pub stages: Vec<StageTimes>,
}

impl Alone {
    /// How many bare embeddings a recall over HTTP takes, at the median and at the 99th percentile.
    #[must_use]
    pub fn ratios(&self) -> (f64, f64) {
        (ratio(self.http.p50, self.embedding.p50), ratio(self.http.p99, self.embedding.p99))
    }

    /// How many times the work of a bare embedding that of a recall in process is, at the median.
    #[must_use]
    pub fn work(&self) -> f64 {
        ratio(self.recall_worked.p50, self.embedding_worked.p50)
    }
}

/// `of / to`, and 0 when there is nothing to compare with.
#[must_use]
pub(super) fn ratio(of: f64, to: f64) -> f64 {
    if to > 0.0 { of / to } else { 0.0 }
}

/// How long something took, and what its thread worked meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Worked {
    /// From beginning to end.
    pub took: Latency,
    /// Without what the thread had to wait; empty where the system does not say.
    pub worked: Latency,
}

/// A stage's times.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StageTimes {
    /// Which stage.
    pub name: String,
    /// How long it takes.
    #[serde(flatten)]
    pub times: Worked,
}

/// Questions over HTTP that arrive on a schedule, whether or not earlier ones are answered. A time runs from when a question
/// was due, so that waiting for slow answers counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// Connections.
    pub clients: usize,
    /// Questions a second that were due; 0 when each client asked again as soon as it was answered.
    pub offered: f64,
    /// Questions a second that were answered.
    pub answered: f64,
    /// Answers other than 200, such as 429 when the server is busy; not in the latency.
    pub refused: u64,
    /// The rest.
    pub latency: Latency,
}

/// A way to search vectors, on one thread: ten hits for each of some questions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// Which way.
    pub way: String,
    /// The share of the true ten nearest, by an exact scan in floats, that it finds.
    pub recall: f64,
    /// How long a search takes.
    pub latency: Latency,
}
