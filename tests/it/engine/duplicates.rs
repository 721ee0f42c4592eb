//! What is said again in other words is one memory, with the vectors of the built-in model; what only looks alike is two.

use std::sync::Arc;

use mnemon::embed::{Embedder, LocalModel, LocalOptions};
use mnemon::engine::{Engine, EngineOptions};

use super::writes::every;
use crate::support::{address, said, session};

/// The same thing said twice.
const SAME: &[(&str, &str)] = &[
    ("I really like dark chocolate.", "I like dark chocolate a lot."),
    ("I am allergic to peanuts.", "I'm allergic to peanuts, by the way."),
    ("My sister works as a nurse.", "My sister is working as a nurse."),
    ("I play the cello in an orchestra.", "In an orchestra, I play the cello."),
    ("Our office is on the third floor.", "The office of ours is on the third floor."),
    ("We keep bees behind the barn.", "Behind the barn we keep bees."),
    ("I usually drink tea in the morning.", "In the morning I usually drink tea."),
    ("I drive an old red van.", "I'm driving an old red van."),
    ("I collect antique maps.", "I'm a collector of antique maps."),
];

/// Two things that differ in a name, a number, a denial, or a word.
const ALIKE: &[(&str, &str)] = &[
    ("The service listens on port 8080.", "The cache listens on port 8081."),
    ("My cousin Ana plays chess.", "My cousin Ben plays chess."),
    ("I water the ferns on Mondays.", "I water the cacti on Mondays."),
    ("My brother repairs clocks.", "My sister repairs clocks."),
    ("My red van runs on diesel.", "My blue van runs on diesel."),
    ("I play tennis with my uncle.", "I play tennis with my aunt."),
    ("I am allergic to peanuts.", "I am allergic to walnuts."),
    ("We keep two goats.", "We keep two geese."),
    ("My left knee hurts when I run.", "My right knee hurts when I run."),
    ("I like hot tea.", "I like iced tea."),
    ("The front door sticks in winter.", "The back door sticks in winter."),
];

/// What words do not show and the reader does: the second takes the first one's place, since it says the same or takes it back.
const RETOLD: &[(&str, &str)] = &[
    ("I like dark chocolate.", "I don't like dark chocolate."),
    ("The staging server runs Debian.", "Debian runs on the staging server."),
    ("My neighbour Otto repairs clocks.", "My neighbour Otto repairs clocks for a living."),
    ("My dog is afraid of thunder.", "Thunder scares my dog."),
];

/// What is current of the memories that the two statements make.
fn memories(model: &Arc<dyn Embedder>, (one, other): (&str, &str)) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineOptions::new(folder.path(), Arc::clone(model))).unwrap();
    let at = address("local", "tests", "ana");
    engine.create_namespace(&at.account, &at.namespace).unwrap();
    engine.ingest(&at, Some(&session("s1")), &[said("2026-05-04T09:00:00Z", one)]).unwrap();
    engine.ingest(&at, Some(&session("s2")), &[said("2026-05-05T09:00:00Z", other)]).unwrap();
    let found = engine.memories(&at, &every()).unwrap().items;
    engine.close().unwrap();
    found.into_iter().filter(mnemon::model::Memory::is_active).map(|memory| memory.content).collect()
}

#[test]
fn the_same_in_other_words_is_one_memory_and_look_alikes_are_two() {
    let model: Arc<dyn Embedder> = Arc::new(LocalModel::built_in(LocalOptions::default()).unwrap());
    let apart: Vec<_> = SAME.iter().filter(|pair| memories(&model, **pair).len() != 1).collect();
    let lost: Vec<_> = ALIKE.iter().filter(|pair| memories(&model, **pair).len() != 2).collect();
    for pair in RETOLD {
        let current = memories(&model, *pair);
        let last_word = pair.1.trim_end_matches('.').rsplit(' ').next().unwrap();
        assert!(current.len() == 1 && current[0].contains(last_word), "{pair:?}: {current:?}");
    }
    assert!(apart.is_empty(), "{apart:#?}");
    assert!(lost.is_empty(), "{lost:#?}");
}
