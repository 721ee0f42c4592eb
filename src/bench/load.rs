//! Load: many clients at once, as fast as they are answered, and then on a schedule.
//!
//! The schedule is drawn before the first question is asked. A client that is late does not put off the questions behind
//! it: their times run from when they were due. Measuring only from when a question is sent would leave out just those that
//! had to wait (coordinated omission).

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::client::Client;
use super::dice::Dice;
use super::latency::Recorder;
use super::material::Material;
use super::report::Load;
use super::run::{Opened, asking_failed};
use crate::error::Result;

/// The shares of what the server can answer that arrive on a schedule.
const SHARES: [f64; 4] = [0.25, 0.5, 0.75, 0.9];
/// Purpose of the dice: arrivals.
const ARRIVALS: u64 = 0x0A77;

/// Where the next question comes from, and when it is due after the beginning; `None` when it is due at once.
struct Schedule<'a> {
    material: &'a Material,
    first: usize,
    next: AtomicUsize,
    due: Option<Vec<Duration>>,
    length: Duration,
    failed: AtomicBool,
}

/// Measures one number of clients: first how much they get answered, then at shares of that.
pub(super) fn loads(
    opened: &Opened<'_>,
    material: &Material,
    (clients, length): (usize, Duration),
    first: &mut usize,
) -> Result<Vec<Load>> {
    let mut measured = Vec::with_capacity(1 + SHARES.len());
    let most = run(opened, material, (clients, length), (None, first))?;
    let capacity = most.answered;
    measured.push(most);
    for share in SHARES {
        measured.push(run(opened, material, (clients, length), (Some(capacity * share), first))?);
    }
    Ok(measured)
}

fn run(
    opened: &Opened<'_>,
    material: &Material,
    (clients, length): (usize, Duration),
    (rate, first): (Option<f64>, &mut usize),
) -> Result<Load> {
    let due = rate.map(|rate| arrivals(rate, length));
    let schedule =
        Schedule { material, first: *first, next: AtomicUsize::new(0), due, length, failed: AtomicBool::new(false) };
    let connections = (0..clients).map(|_| opened.client()).collect::<Result<Vec<_>>>()?;
    let began = Instant::now();
    let done: Vec<Result<(Recorder, u64)>> = thread::scope(|scope| {
        let ask = |client| scope.spawn(|| schedule.ask(client, began));
        let threads: Vec<_> = connections.into_iter().map(ask).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    let took = began.elapsed().as_secs_f64();
    *first += schedule.next.load(Ordering::Relaxed);
    let (mut all, mut refused) = (Recorder::new()?, 0);
    for outcome in done {
        let (own, own_refused) = outcome?;
        all.merge(&own);
        refused += own_refused;
    }
    let latency = all.latency();
    Ok(Load { clients, offered: rate.unwrap_or(0.0), answered: latency.count as f64 / took, refused, latency })
}

impl Schedule<'_> {
    /// Asks what is due until there is nothing more. Gives the times, and how many were refused.
    fn ask(&self, mut client: Client, began: Instant) -> Result<(Recorder, u64)> {
        let (mut times, mut refused) = (Recorder::new()?, 0);
        while let Some((number, due)) = self.take(began) {
            let from = due.unwrap_or_else(Instant::now);
            thread::sleep(from.saturating_duration_since(Instant::now()));
            let asked = client.recall(&self.material.question(self.first + number));
            match asked.inspect_err(|_| self.failed.store(true, Ordering::Relaxed)).map_err(asking_failed)? {
                200 => times.add(from.elapsed()),
                _ => refused += 1,
            }
        }
        Ok((times, refused))
    }

    /// The next question's number, and when it is due.
    fn take(&self, began: Instant) -> Option<(usize, Option<Instant>)> {
        if self.failed.load(Ordering::Relaxed) || (self.due.is_none() && began.elapsed() >= self.length) {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        match &self.due {
            Some(due) => due.get(number).map(|after| (number, Some(began + *after))),
            None => Some((number, None)),
        }
    }
}

/// When questions arrive that come at random, `rate` a second on average: never fewer than one.
fn arrivals(rate: f64, length: Duration) -> Vec<Duration> {
    let mut dice = Dice::new(rate.to_bits(), ARRIVALS);
    let mut at = 0.0;
    let mut arrivals = Vec::new();
    while at < length.as_secs_f64() {
        arrivals.push(Duration::from_secs_f64(at));
        at += -(1.0 - dice.share()).ln() / rate.max(0.1);
    }
    arrivals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_arrive_at_random_and_as_many_as_were_asked_for() {
        let due = arrivals(500.0, Duration::from_secs(10));
        assert!((4_700..5_300).contains(&due.len()), "{}", due.len());
        assert!(due.windows(2).all(|pair| pair[0] <= pair[1]));
        let gaps: Vec<f64> = due.windows(2).map(|pair| pair[1].saturating_sub(pair[0]).as_secs_f64()).collect();
        let short = gaps.iter().filter(|gap| **gap < 0.002).count();
        let share = short as f64 / gaps.len() as f64;
        assert!((share - (1.0 - (-1.0_f64).exp())).abs() < 0.03, "{share} of the gaps are shorter than the mean");
    }
}
