//! Parts of recall by themselves, over files: for measuring them beside other programs on the same texts and vectors.

use std::collections::HashSet;
use std::path::Path;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::folder::io_error;
use super::latency::{Latency, Recorder};
use super::material::Material;
use super::npy;
use super::search::{HITS, found, index_of};
use crate::embed::{Embedder, embed_all};
use crate::error::Result;
use crate::model::{Role, UnitVector};
use crate::text::{Bm25, KeywordIndex, Term, terms};
use crate::vector::Effort;

/// What searching a file gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartReport {
    /// How many there are to be found.
    pub documents: usize,
    /// Until all could be searched, in milliseconds, without reading the file.
    pub build_ms: f64,
    /// Bytes of the index, as it counts them.
    pub bytes: u64,
    /// A search, on one thread.
    pub latency: Latency,
    /// For each question, the numbers of the best ten lines or rows, from 0, best first.
    pub hits: Vec<Vec<u32>>,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Dumped {
    /// Lines of `texts.txt` and rows of `texts.npy`.
    pub texts: usize,
    /// Lines of `questions.txt` and rows of `questions.npy`.
    pub questions: usize,
}

/// Searches the rows of one NumPy file for each row of another, as recall searches by vector.
///
/// # Errors
/// `Io`, or `InvalidInput` when a file is not as it should be.
pub fn vectors(base: &Path, questions: &Path, effort: Effort) -> Result<PartReport> {
    let (base, questions) = (npy::read(base)?, npy::read(questions)?);
    let began = Instant::now();
    let index = index_of(&base);
    let build_ms = began.elapsed().as_secs_f64() * 1e3;
    let (latency, hits) = searched(&questions, |question: &UnitVector| found(&index, question, effort))?;
    Ok(PartReport { documents: base.len(), build_ms, bytes: index.bytes() as u64, latency, hits })
}

/// Searches the lines of one text file for the words of each line of another.
///
/// # Errors
/// `Io`.
pub fn words(base: &Path, questions: &Path) -> Result<PartReport> {
    let read = |path: &Path| fs_err::read_to_string(path).map_err(io_error);
    let (base, questions) = (read(base)?, read(questions)?);
    let began = Instant::now();
    let mut index = KeywordIndex::new(Bm25::default());
    (0..).zip(base.lines()).for_each(|(doc, line)| index.insert(doc, terms(line).iter().map(|term| (term, 1.0))));
    let build_ms = began.elapsed().as_secs_f64() * 1e3;
    let questions: Vec<&str> = questions.lines().collect();
    // Cutting the question into words is a part of searching for them.
    let (latency, hits) = searched(&questions, |question: &&str| {
        let query: Vec<(Term, f32)> = terms(question).into_iter().map(|term| (term, 1.0)).collect();
        index.search(&query, HITS, |_| true).into_iter().map(|hit| hit.doc).collect()
    })?;
    Ok(PartReport { documents: index.len(), build_ms, bytes: index.bytes() as u64, latency, hits })
}

/// Times each search; the first tenth is done once before it counts.
fn searched<Q>(questions: &[Q], search: impl Fn(&Q) -> Vec<u32>) -> Result<(Latency, Vec<Vec<u32>>)> {
    let mut times = Recorder::new()?;
    questions.iter().take(questions.len() / 10).for_each(|question| drop(search(question)));
    let ask = |question: &Q| {
        let began = Instant::now();
        let hits = search(question);
        times.add(began.elapsed());
        hits
    };
    let hits = questions.iter().map(ask).collect();
    Ok((times.latency(), hits))
}

/// Writes `texts` different things that people say, and as many `questions`, drawn from `seed`, with their vectors into the folder
/// `to`: `texts.txt`, `texts.npy`, `questions.txt`, `questions.npy`.
///
/// # Errors
/// `Io`; whatever the embedder fails with.
pub fn dump(seed: u64, embedder: &dyn Embedder, (texts, questions): (usize, usize), to: &Path) -> Result<Dumped> {
    let material = Material::Synthetic { seed };
    let texts = said(&material, texts)?;
    let vectors = embed_all(embedder, &texts.iter().map(String::as_str).collect::<Vec<_>>())?;
    let asked: Vec<String> = (0..questions).map(|number| material.question(number)).collect();
    let near = asked.iter().map(|question| embedder.embed_query(question)).collect::<Result<Vec<_>>>()?;
    fs_err::create_dir_all(to).map_err(io_error)?;
    let lines = |lines: &[String]| lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>();
    fs_err::write(to.join("texts.txt"), lines(&texts)).map_err(io_error)?;
    fs_err::write(to.join("questions.txt"), lines(&asked)).map_err(io_error)?;
    npy::write(&to.join("texts.npy"), &vectors)?;
    npy::write(&to.join("questions.npy"), &near)?;
    Ok(Dumped { texts: texts.len(), questions: asked.len() })
}

/// The first things that users say, no text twice; fewer when the material has no more.
fn said(material: &Material, most: usize) -> Result<Vec<String>> {
    let (mut texts, mut known) = (Vec::new(), HashSet::new());
    for number in 0.. {
        let Some((_, messages)) = material.talk(number)? else { break };
        for message in messages.into_iter().filter(|message| message.role == Role::User) {
            if texts.len() == most {
                return Ok(texts);
            }
            let text = message.content.replace('\n', " ");
            if known.insert(text.clone()) {
                texts.push(text);
            }
        }
    }
    Ok(texts)
}
