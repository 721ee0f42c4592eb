//! One question at a time, three ways in turns, so that what else the machine does meanwhile falls on all three alike.

use std::time::{Duration, Instant};

use super::client::Client;
use super::latency::Recorder;
use super::material::Material;
use super::report::{Alone, Named};
use super::run::{Opened, asking_failed, refused};
use crate::error::Result;
use crate::recall::{RecallQuery, Stage, Stages};

/// One round in so many comes first and does not count.
const WARM_UP_SHARE: usize = 10;

/// Times of one recall's stages.
struct Watch {
    last: Instant,
    times: [Duration; Stage::ALL.len()],
}

impl Watch {
    fn start() -> Self {
        Self { last: Instant::now(), times: Default::default() }
    }
}

impl Stages for Watch {
    fn ended(&mut self, stage: Stage) {
        let now = Instant::now();
        if let Some(place) = Stage::ALL.iter().position(|known| *known == stage)
            && let Some(time) = self.times.get_mut(place)
        {
            *time += now - self.last;
        }
        self.last = now;
    }
}

/// What is timed.
struct Rounds<'a> {
    opened: &'a Opened<'a>,
    client: Client,
    embedding: Recorder,
    recall: Recorder,
    http: Recorder,
    stages: Vec<Recorder>,
}

/// Asks `rounds` questions each way, none twice, from question `first` on.
pub(super) fn alternate(opened: &Opened<'_>, material: &Material, rounds: usize, first: usize) -> Result<Alone> {
    let client = opened.client()?;
    let stages = Stage::ALL.iter().map(|_| Recorder::new()).collect::<Result<_>>()?;
    let (embedding, recall, http) = (Recorder::new()?, Recorder::new()?, Recorder::new()?);
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
    let stages = named.map(|(stage, times)| Named { name: stage.name().to_owned(), latency: times.latency() });
    Ok(Alone {
        embedding: timed.embedding.latency(),
        recall: timed.recall.latency(),
        http: timed.http.latency(),
        stages: stages.collect(),
    })
}

impl Rounds<'_> {
    fn ask(&mut self, way: usize, question: &str, counts: bool) -> Result<()> {
        let began = Instant::now();
        match way {
            0 => drop(self.opened.embedder.embed_query(question)?),
            1 => return self.recall(question, counts),
            _ => match self.client.recall(question).map_err(asking_failed)? {
                200 => {}
                status => return Err(refused(status)),
            },
        }
        if counts {
            let times = if way == 0 { &mut self.embedding } else { &mut self.http };
            times.add(began.elapsed());
        }
        Ok(())
    }

    fn recall(&mut self, question: &str, counts: bool) -> Result<()> {
        let query = RecallQuery::new(question, Material::today());
        let mut watch = Watch::start();
        let began = watch.last;
        drop(self.opened.engine.recall_in_stages(&self.opened.at, &query, &mut watch)?);
        if counts {
            self.recall.add(began.elapsed());
            self.stages.iter_mut().zip(watch.times).for_each(|(times, time)| times.add(time));
        }
        Ok(())
    }
}
