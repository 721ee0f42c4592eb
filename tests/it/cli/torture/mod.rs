//! The real server, killed again and again at random moments under mixed load, and the commands that rewrite its folder.
//! After each kill what was acknowledged is there, what was deleted is gone, nothing is there by half, and all agrees.
//!
//! `make torture CYCLES=500` for a long one. The moment of a kill is a matter of timing; what must hold afterwards is not.

mod client;
mod ledger;

use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use client::{Client, Dice, Op, create_namespace};
use ledger::read_export;
use mnemon::embed::{LocalModel, LocalOptions};
use mnemon::engine::{Engine, EngineOptions};

use super::Place;
use super::serve::{Serving, TOKEN};

const CLIENTS: u64 = 3;
/// Messages and memories from which a profile has a cache: every write is due to make one.
const CACHE_FROM: usize = 1;
/// Cycles after which a new folder is begun, so that first starts are killed too.
const CYCLES_A_FOLDER: usize = 40;

/// One data folder, and what its clients know of it.
struct Torture {
    place: Place,
    model: Arc<LocalModel>,
    clients: Vec<Client>,
    dice: Dice,
    problems: Vec<String>,
    /// Files of caches that were there after a kill.
    caches: usize,
}

#[test]
fn acknowledged_writes_survive_kills_at_any_moment() {
    let cycles = std::env::var("CYCLES").ok().and_then(|n| n.parse().ok()).unwrap_or(25);
    let model = Arc::new(LocalModel::built_in(LocalOptions::default()).unwrap());
    let (mut acknowledged, mut unanswered, mut lost, mut caches) = (0, 0, 0, 0);
    for first in (0..cycles).step_by(CYCLES_A_FOLDER) {
        let mut torture = Torture::new(Arc::clone(&model), first as u64);
        for cycle in first..cycles.min(first + CYCLES_A_FOLDER) {
            unanswered += torture.cycle(cycle);
            let problems = std::mem::take(&mut torture.problems);
            if !problems.is_empty() {
                println!("cycle {cycle}: {problems:#?}");
                lost += 1;
            }
        }
        acknowledged += torture.clients.iter().map(|client| client.acknowledged).sum::<usize>();
        torture.place.ok(&["check"]);
        caches += torture.caches;
    }
    println!(
        "{cycles} cycles killed, {acknowledged} writes acknowledged, {unanswered} calls unanswered; \
         {caches} caches left behind; cycles with something lost: {lost}"
    );
    assert_eq!(lost, 0, "what was lost is printed above");
}

impl Torture {
    fn new(model: Arc<LocalModel>, seed: u64) -> Self {
        let clients = (0..CLIENTS).map(|n| Client::new(seed * CLIENTS + n)).collect();
        Self { place: Place::new(), model, clients, dice: Dice(seed), problems: Vec::new(), caches: 0 }
    }

    /// Kills what the cycle's number says; the number of calls that nobody answered.
    fn cycle(&mut self, cycle: usize) -> usize {
        let rewriting = if cycle % 10 == 5 && self.has_data() { cycle / 10 % 3 } else { 3 };
        match rewriting {
            0 => self.kill_after(&["compact"], 300),
            1 => {
                self.kill_after(&["reindex"], 900);
                // Until it has been finished nothing else opens the data.
                self.place.ok(&["reindex"]);
            }
            2 => self.kill_after(&["repair"], 900),
            _ if cycle.is_multiple_of(10) => self.kill_after(&["serve", "--listen", "127.0.0.1:0"], 400),
            _ => return self.kill_under_load(),
        }
        self.verify(&[]);
        0
    }

    /// A command that is killed after a part of `within` milliseconds, wherever it is.
    fn kill_after(&mut self, args: &[&str], within: usize) {
        let mut command = self.place.command(args);
        command.env("MNEMON_CACHE_FROM", CACHE_FROM.to_string());
        let child = command.env("MNEMON_API_TOKEN", TOKEN).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        self.pass(within);
        kill(child);
    }

    fn kill_under_load(&mut self) -> usize {
        let server = Serving::start_with(&self.place, Some(TOKEN), &["--cache-from", &CACHE_FROM.to_string()]);
        create_namespace(server.url());
        let url = server.url().to_owned();
        let mut clients = std::mem::take(&mut self.clients);
        let unanswered: Vec<Op> = thread::scope(|scope| {
            let working: Vec<_> = clients.iter_mut().map(|client| scope.spawn(|| client.work(&url))).collect();
            self.pass(700);
            drop(server);
            working.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        self.clients = clients;
        self.verify(&unanswered);
        unanswered.len()
    }

    /// Lets up to so many milliseconds pass.
    fn pass(&mut self, within: usize) {
        let (_held, never) = channel::<()>();
        let _timeout = never.recv_timeout(Duration::from_millis(self.dice.below(within) as u64));
    }

    fn has_data(&self) -> bool {
        Engine::has_data(&self.place.path("mnemon-data"))
    }

    /// Opens what is left, and holds it against every client's ledger.
    fn verify(&mut self, unanswered: &[Op]) {
        if !self.has_data() {
            let silent = self.clients.iter().all(|client| client.acknowledged == 0);
            self.problems.extend((!silent).then(|| "the data file is gone".to_owned()));
            return;
        }
        let mut options = EngineOptions::new(self.place.path("mnemon-data"), self.model.clone());
        options.check_pages = true;
        options.cache_from = CACHE_FROM;
        let engine = Engine::open(options).unwrap();
        self.caches += fs_err::read_dir(self.place.path("mnemon-data/cache")).into_iter().flatten().count();
        let report = engine.check(&|_, _| ()).unwrap();
        self.problems.extend(report.findings.iter().map(|finding| format!("{}: {}", finding.place, finding.what)));
        let mut export = Vec::new();
        engine.export(&mut export, &|_, _| ()).unwrap();
        engine.close().unwrap();
        let mut found = read_export(&String::from_utf8(export).unwrap());
        for (n, client) in self.clients.iter_mut().enumerate() {
            let now = found.remove(&client.profile);
            client.there = now.is_some();
            self.problems.extend(client.ledger.settle(&now.unwrap_or_default(), unanswered.get(n)));
        }
    }
}

fn kill(mut child: Child) {
    // SIGKILL, on a system that has it.
    let _gone_already = child.kill();
    child.wait().unwrap();
}
