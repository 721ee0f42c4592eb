//! The reader: a small model that reads two texts together. It marks the words of a passage which answer a question, or says that none
//! do; and it tells whether a statement makes an older one untrue.
//!
//! It is the body of the built-in embedding model, its upper layers trained anew on questions and pairs of statements written for this
//! project (`assets/README.md`). It only ever points at words of the passage, and it works on one pair of texts a call, as embedding does.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;
use std::thread;

use ort::ep;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::Tensor;
use parking_lot::Mutex;
use tokenizers::{Encoding, Tokenizer, TruncationDirection, TruncationParams, TruncationStrategy};

use super::Reader;
use super::builtin::{self, Assets};
use super::error::EmbedError;
use super::pool::{Lane, Pool};
use super::{runtime, section};
use crate::error::Result;
use crate::model::Marked;

/// The longest question and passage together, in tokens: about 120 words. What is beyond is not read.
const LONGEST: usize = 160;
/// The most tokens that are marked.
const MOST_MARKED: usize = 20;
/// Passages read at the same time, each on one thread. A session takes some 30 MiB, and is opened when it is needed.
const AT_ONCE: usize = 2;

/// The reader in this binary. It is opened by the first passage, in about 0.2 s.
pub struct LocalReader {
    opened: Mutex<Option<Arc<Opened>>>,
    assets: &'static Assets,
}

struct Opened {
    tokenizer: Tokenizer,
    sessions: Pool<Session, EmbedError>,
}

impl LocalReader {
    /// The reader in this binary.
    ///
    /// # Errors
    /// [`crate::ErrorKind::AssetsMissing`] when it was built without.
    pub fn built_in() -> Result<Self> {
        Ok(Self { opened: Mutex::default(), assets: builtin::assets()? })
    }

    fn opened(&self) -> Result<Arc<Opened>, EmbedError> {
        let mut opened = self.opened.lock();
        if let Some(opened) = &*opened {
            return Ok(Arc::clone(opened));
        }
        let assets = self.assets;
        let sessions = Pool::new(AT_ONCE, move || open_session(assets))?;
        let new = Arc::new(Opened { tokenizer: tokenizer(assets)?, sessions });
        Ok(Arc::clone(opened.insert(new)))
    }
}

impl Reader for LocalReader {
    fn read(&self, question: &str, passages: &[&str]) -> Result<Vec<Option<Marked>>> {
        let opened = self.opened()?;
        let read =
            |some: &[&str]| some.iter().map(|passage| opened.read(question, passage)).collect::<Result<Vec<_>, _>>();
        let half = passages.len().div_ceil(AT_ONCE);
        let Some((first, rest)) = passages.split_at_checked(half).filter(|(_, rest)| !rest.is_empty()) else {
            return Ok(read(passages)?);
        };
        // The question waits for all of them: the other half is read beside, or behind where no thread can be had.
        let (first, rest) = thread::scope(|scope| {
            let beside = thread::Builder::new().name("reader".into()).spawn_scoped(scope, || read(rest));
            let first = read(first);
            let rest = match beside {
                Ok(beside) => beside.join().unwrap_or(Err(EmbedError::ReaderStopped)),
                Err(_) => read(rest),
            };
            (first, rest)
        });
        let mut marked = first?;
        marked.extend(rest?);
        Ok(marked)
    }

    fn outdates(&self, newer: &str, older: &[&str]) -> Result<Vec<f32>> {
        let opened = self.opened()?;
        Ok(older.iter().map(|older| opened.outdates(newer, older)).collect::<Result<_, _>>()?)
    }
}

/// What the reader says of one pair of texts.
struct Scores {
    /// For each token how much speaks for it as the first word of the answer, and as the last.
    bounds: Vec<(f32, f32)>,
    /// How much speaks for the second text making the first untrue: its log-odds.
    outdates: f32,
}

impl Opened {
    fn read(&self, question: &str, passage: &str) -> Result<Option<Marked>, EmbedError> {
        let (encoding, scores) = self.scores(question, passage)?;
        Ok(mark(&encoding, &scores.bounds).filter(|marked| passage.get(marked.bytes.clone()).is_some()))
    }

    fn outdates(&self, newer: &str, older: &str) -> Result<f32, EmbedError> {
        let (_, scores) = self.scores(older, newer)?;
        Ok(1.0 / (1.0 + (-scores.outdates).exp()))
    }

    fn scores(&self, first: &str, second: &str) -> Result<(Encoding, Scores), EmbedError> {
        let failed = |reason: String| EmbedError::Read { bytes: second.len(), reason };
        let texts = (Cow::Borrowed(first), Cow::Borrowed(second));
        let encoding = self.tokenizer.encode(texts, true).map_err(|error| failed(error.to_string()))?;
        let scores = self.run(&encoding).map_err(|error| failed(error.to_string()))?;
        Ok((encoding, scores))
    }

    fn run(&self, encoding: &Encoding) -> Result<Scores, ort::Error> {
        let row = |values: &[u32]| {
            let values: Vec<i64> = values.iter().map(|value| i64::from(*value)).collect();
            Tensor::from_array(([1, values.len()], values))
        };
        let inputs = ort::inputs![
            "input_ids" => row(encoding.get_ids())?,
            "attention_mask" => row(encoding.get_attention_mask())?,
            "token_type_ids" => row(encoding.get_type_ids())?,
        ];
        let mut session = self.sessions.take(Lane::Passage).map_err(|error| ort::Error::new(error.to_string()))?;
        let outputs = session.run(inputs)?;
        let values = |name: &str| {
            let missing = || Err(ort::Error::new("it has no output of that name"));
            outputs.get(name).map_or_else(missing, |value| Ok(value.try_extract_tensor::<f32>()?.1))
        };
        let pairs = values("bounds")?.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
        let outdates = values("outdates")?.first().copied();
        let outdates = outdates.ok_or_else(|| ort::Error::new("it says nothing"))?;
        Ok(Scores { bounds: pairs.collect(), outdates })
    }
}

/// The best run of the passage's tokens. The first token of all stands for no answer.
fn mark(encoding: &Encoding, scores: &[(f32, f32)]) -> Option<Marked> {
    let (none_first, none_last) = scores.first()?;
    let words = passage_of(encoding).filter(|words| words.end <= scores.len())?;
    let mut best: Option<(f32, usize, usize)> = None;
    for first in words.clone() {
        for last in first..words.end.min(first + MOST_MARKED) {
            let score = scores.get(first)?.0 + scores.get(last)?.1;
            if best.is_none_or(|(most, _, _)| score > most) {
                best = Some((score, first, last));
            }
        }
    }
    let (score, first, last) = best?;
    let offsets = encoding.get_offsets();
    let bytes = offsets.get(first)?.0..offsets.get(last)?.1;
    Some(Marked { bytes, margin: score - none_first - none_last })
}

/// The tokens of the passage: the second of the two texts.
fn passage_of(encoding: &Encoding) -> Option<Range<usize>> {
    let of_passage: Vec<bool> = encoding.get_sequence_ids().into_iter().map(|text| text == Some(1)).collect();
    let first = of_passage.iter().position(|is| *is)?;
    let last = of_passage.iter().rposition(|is| *is)?;
    Some(first..last + 1)
}

fn tokenizer(assets: &Assets) -> Result<Tokenizer, EmbedError> {
    let broken = |reason: String| EmbedError::AssetsBroken { what: "tokenizer.json", reason };
    let mut tokenizer = Tokenizer::from_bytes(assets.tokenizer).map_err(|error| broken(error.to_string()))?;
    let truncation = TruncationParams {
        max_length: LONGEST,
        strategy: TruncationStrategy::LongestFirst,
        stride: 0,
        direction: TruncationDirection::Right,
    };
    tokenizer.with_truncation(Some(truncation)).map_err(|error| broken(error.to_string()))?;
    tokenizer.with_padding(None);
    Ok(tokenizer)
}

fn open_session(assets: &'static Assets) -> Result<Session, EmbedError> {
    let failed = |reason: String| EmbedError::OpenReader { reason };
    let mut onnx = Vec::with_capacity(assets.reader.len());
    section::reader(assets.reader).read_to_end(&mut onnx).map_err(|error| failed(error.to_string()))?;
    let environment = runtime::environment()?;
    let open = || -> Result<Session, ort::Error> {
        Session::builder(&environment)?
            .with_execution_providers([ep::CPU::default().with_arena_allocator(false).build()])?
            .with_optimization_level(GraphOptimizationLevel::Level3)?
            .with_intra_threads(1)?
            .with_config_entry("session.intra_op.allow_spinning", "0")?
            .commit_from_memory(&onnx)
    };
    open().map_err(|error| failed(error.to_string()))
}

impl fmt::Debug for LocalReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalReader").finish_non_exhaustive()
    }
}
