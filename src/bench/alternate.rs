//! One question at a time, three ways in turns, so that what else the machine does meanwhile falls on all three alike.

use std::time::Instant;

use super::client::Client;
use super::clocks::{Both, Lap, Spent};
use super::latency::Recorder;
use super::material::Material;
use super::report::{Alone, StageTimes};
use super::run::{Opened, asking_failed, refused};
use crate::error::Result;
use crate::recall::{RecallQuery, Stage, Stages};

/// One round in so many comes first and does not count.
const WARM_UP_SHARE: usize = 10;

/// Times of one recall's stages.
struct Watch {
    began: Lap,
    last: Lap,
    times: [Spent; Stage::ALL.len()],
}

impl Watch {
    fn start() -> Self {
        let began = Lap::now();
        Self { began, last: began, times: Default::default() }
    }
}

impl Stages for Watch {
    fn ended(&mut self, stage: Stage) {
        let now = Lap::now();
        if let Some(place) = Stage::ALL.iter().position(|known| *known == stage)
            && let Some(time) = self.times.get_mut(place)
        {
            time.add(now.since(self.last));
        }
        self.last = now;
    }
}

/// What is timed.
struct Rounds<'a> {
    opened: &'a Opened<'a>,
    client: Client,
    embedding: Both,
    recall: Both,
    http: Recorder,
    stages: Vec<Both>,
}

/// Asks `rounds` questions each way, none twice, from question `first` on.
pub(super) fn alternate(opened: &Opened<'_>, material: &Material, rounds: usize, first: usize) -> Result<Alone> {
    let client = opened.client()?;
    let stages = Stage::ALL.iter().map(|_| Both::new()).collect::<Result<_>>()?;
    let (embedding, recall, http) = (Both::new()?, Both::new()?, Recorder::new()?);
    let mut timed = Rounds { opened, client, embedding, recall, http, stages };
    let warm_up = rounds.div_ceil(WARM_UP_SHARE);
    for round in 0..warm_up + rounds {
        // Each way comes first, second and third equally often.
        for turn in 0..3 {
            let question = material.question(first + 3 * round + turn);
            timed.ask((round + turn) % 3, &question, round >= warm_up)?;
        }
    }
    let named = Stage::ALL.iter().zip(&timed.stages);
    let stages = named.map(|(stage, times)| StageTimes { name: stage.name().to_owned(), times: times.worked() });
    let (embedding, recall) = (timed.embedding.worked(), timed.recall.worked());
    Ok(Alone {
        embedding: embedding.took,
        embedding_worked: embedding.worked,
        recall: recall.took,
        recall_worked: recall.worked,
        http: timed.http.latency(),
        stages: stages.collect(),
    })
}

impl Rounds<'_> {
    fn ask(&mut self, way: usize, question: &str, counts: bool) -> Result<()> {
        match way {
            0 => self.embed(question, counts),
            1 => self.recall(question, counts),
            _ => self.over_http(question, counts),
        }
    }

    fn embed(&mut self, question: &str, counts: bool) -> Result<()> {
        let began = Lap::now();
        drop(self.opened.embedder.embed_query(question)?);
        if counts {
            self.embedding.add(Lap::now().since(began));
        }
        Ok(())
    }

    fn recall(&mut self, question: &str, counts: bool) -> Result<()> {
        let query = RecallQuery::new(question, Material::today());
        let mut watch = Watch::start();
        drop(self.opened.engine.recall_in_stages(&self.opened.at, &query, &mut watch)?);
        if counts {
            self.recall.add(Lap::now().since(watch.began));
            self.stages.iter_mut().zip(watch.times).for_each(|(times, time)| times.add(time));
        }
        Ok(())
    }

    fn over_http(&mut self, question: &str, counts: bool) -> Result<()> {
        let began = Instant::now();
        match self.client.recall(question).map_err(asking_failed)? {
            200 if counts => self.http.add(began.elapsed()),
            200 => {}
            status => return Err(refused(status)),
        }
        Ok(())
    }
}
