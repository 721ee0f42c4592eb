//! How often one token and one address may call, and how often an address may present a token that is none.
//!
//! Kept in memory and bounded: who has not called for a minute is forgotten, and nothing is lost by it, since by then all
//! of a minute's calls are there again. Knows only the address of the other end of the connection: behind a proxy, that is
//! the proxy's.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::error::Failure;

/// Calls a minute; none is no limit.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// With one token.
    pub token: Option<NonZeroU32>,
    /// From one address, whatever its token; the health checks are not counted.
    pub address: Option<NonZeroU32>,
    /// From one address with a token that is none.
    pub failed_logins: Option<NonZeroU32>,
}

impl Rates {
    /// Guesses a minute: far more than people mistype, far fewer than guessing needs.
    pub const FAILED_LOGINS: u32 = 300;
}

impl Default for Rates {
    /// Only failed logins are limited.
    fn default() -> Self {
        Self { token: None, address: None, failed_logins: NonZeroU32::new(Self::FAILED_LOGINS) }
    }
}

/// The address at the other end of a request's connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// One caller as far as an address tells: of IPv6, the network, because one caller has the whole of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Origin(u128);

impl From<Option<Peer>> for Origin {
    fn from(peer: Option<Peer>) -> Self {
        match peer.map(|Peer(address)| address.to_canonical()) {
            None => Self(0),
            Some(IpAddr::V4(v4)) => Self(u128::from(v4.to_bits())),
            Some(IpAddr::V6(v6)) => Self(v6.to_bits() >> 64 << 64),
        }
    }
}

/// SHA-256 of what was presented as a token.
type Digest = [u8; 32];

/// Counts callers' calls.
pub(super) struct Limiter {
    by_token: Option<Meter<Digest>>,
    by_address: Option<Meter<Origin>>,
    failed: Option<Meter<Origin>>,
    /// Tokens that were good once. They go on working from an address at which another guesses.
    proven: Mutex<HashSet<Digest>>,
}

impl Limiter {
    /// Nobody has called yet.
    pub(super) fn new(rates: Rates) -> Self {
        Self {
            by_token: rates.token.map(Meter::new),
            by_address: rates.address.map(Meter::new),
            failed: rates.failed_logins.map(Meter::new),
            proven: Mutex::default(),
        }
    }

    /// Counts a call from an address.
    pub(super) fn at_address(&self, peer: Option<Peer>) -> Result<(), Failure> {
        take(self.by_address.as_ref(), peer.into(), "requests a minute from one address")
    }

    /// Whether what was presented may be looked at: not where others have guessed too often, unless it was good before.
    pub(super) fn before_login(&self, peer: Option<Peer>, token: &Digest) -> Result<(), Failure> {
        let Some(failed) = &self.failed else { return Ok(()) };
        match failed.wait(&peer.into(), Instant::now()) {
            Some(wait) if !self.proven.lock().contains(token) => {
                Err(failed.exceeded("wrong tokens a minute from one address", wait))
            }
            _ => Ok(()),
        }
    }

    /// Counts a token that is none.
    pub(super) fn failed_login(&self, peer: Option<Peer>) {
        if let Some(failed) = &self.failed {
            // One too many is refused before it is looked at.
            let _counted = failed.take(peer.into(), Instant::now());
        }
    }

    /// Counts a call with a token that is good.
    pub(super) fn with_token(&self, token: &Digest) -> Result<(), Failure> {
        if self.failed.is_some() {
            let mut proven = self.proven.lock();
            if proven.len() >= MOST && !proven.contains(token) {
                proven.clear();
            }
            proven.insert(*token);
        }
        take(self.by_token.as_ref(), *token, "requests a minute with one token")
    }
}

fn take<K: Eq + Hash>(meter: Option<&Meter<K>>, key: K, what: &str) -> Result<(), Failure> {
    let Some(meter) = meter else { return Ok(()) };
    meter.take(key, Instant::now()).map_err(|wait| meter.exceeded(what, wait))
}

const MINUTE: Duration = Duration::from_mins(1);
/// Callers that are kept in each of two generations. More at once, and those that were silent the longest start anew.
const MOST: usize = 16_384;

/// Lets so many through a minute for each key, all at once or spread, and tells the rest how long to wait.
struct Meter<K> {
    a_minute: NonZeroU32,
    spent: Mutex<Spent<K>>,
}

/// For each key, when all of its minute's calls will be there again.
struct Spent<K> {
    young: HashMap<K, Instant>,
    old: HashMap<K, Instant>,
    since: Option<Instant>,
}

impl<K: Eq + Hash> Meter<K> {
    fn new(a_minute: NonZeroU32) -> Self {
        Self { a_minute, spent: Mutex::new(Spent { young: HashMap::new(), old: HashMap::new(), since: None }) }
    }

    /// Takes one call; when there is none left, how long until there is.
    fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let mut spent = self.spent.lock();
        spent.age(now);
        let full = spent.full_at(&key).map_or(now, |at| at.max(now));
        let then = full + MINUTE / self.a_minute.get();
        if let Some(wait) = too_early(then, now) {
            return Err(wait);
        }
        spent.young.insert(key, then);
        Ok(())
    }

    /// How long until there is a call to take, if there is none.
    fn wait(&self, key: &K, now: Instant) -> Option<Duration> {
        let then = self.spent.lock().full_at(key)? + MINUTE / self.a_minute.get();
        too_early(then, now)
    }

    fn exceeded(&self, what: &str, wait: Duration) -> Failure {
        let seconds = wait.as_secs() + 1;
        let message = format!("more than {} {what}, that is the limit: come back in {seconds} s", self.a_minute);
        Failure::TooOften { message, seconds }
    }
}

/// How long until a call that leaves a caller whole at `then` may be made.
fn too_early(then: Instant, now: Instant) -> Option<Duration> {
    then.checked_duration_since(now + MINUTE).filter(|wait| !wait.is_zero())
}

impl<K: Eq + Hash> Spent<K> {
    fn full_at(&self, key: &K) -> Option<Instant> {
        self.young.get(key).or_else(|| self.old.get(key)).copied()
    }

    /// Forgets who was silent for a minute.
    fn age(&mut self, now: Instant) {
        let since = *self.since.get_or_insert(now);
        if now.duration_since(since) >= MINUTE || self.young.len() >= MOST {
            self.old = std::mem::take(&mut self.young);
            self.since = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(a_minute: u32) -> Meter<u32> {
        Meter::new(NonZeroU32::new(a_minute).unwrap())
    }

    #[test]
    fn a_minutes_calls_may_come_at_once_and_come_back_one_by_one() {
        let (meter, start) = (meter(6), Instant::now());
        for _ in 0..6 {
            assert_eq!(meter.take(1, start), Ok(()));
        }
        assert_eq!(meter.take(1, start), Err(Duration::from_secs(10)));
        assert_eq!(meter.wait(&1, start), Some(Duration::from_secs(10)));
        assert_eq!(meter.take(2, start), Ok(()), "another caller is not concerned");
        let later = start + Duration::from_secs(10);
        assert_eq!((meter.wait(&1, later), meter.take(1, later)), (None, Ok(())));
        assert_eq!(meter.take(1, later), Err(Duration::from_secs(10)), "what is refused costs nothing");
        let much_later = start + MINUTE * 10;
        for _ in 0..6 {
            assert_eq!(meter.take(1, much_later), Ok(()));
        }
        assert!(meter.take(1, much_later).is_err(), "silence saves up no more than a minute's");
    }

    #[test]
    fn being_forgotten_gives_nobody_more() {
        let (meter, start) = (meter(60), Instant::now());
        let taken = (0..600_u32).filter(|s| meter.take(1, start + Duration::from_millis(500) * *s).is_ok()).count();
        assert_eq!(taken, 60 + 299, "a minute's at once, then one a second for 299.5 s");
    }

    #[test]
    fn memory_is_bounded_however_many_call() {
        let (meter, start) = (meter(1), Instant::now());
        for key in 0..100_000 {
            assert!(meter.take(key, start).is_ok());
        }
        let spent = meter.spent.lock();
        assert!(spent.young.len() + spent.old.len() <= 2 * MOST);
        drop(spent);
        assert!(meter.take(99_999, start).is_err(), "the newest are known");
    }

    #[test]
    fn guesses_are_stopped_and_good_tokens_are_not() {
        let one = NonZeroU32::new(2);
        let limiter = Limiter::new(Rates { failed_logins: one, ..Rates::default() });
        let peer = |text: &str| Some(Peer(text.parse().unwrap()));
        let (here, there) = (peer("10.0.0.1"), peer("10.0.0.2"));
        assert!(limiter.with_token(&[7; 32]).is_ok());
        for guess in 0..2 {
            assert!(limiter.before_login(here, &[guess; 32]).is_ok());
            limiter.failed_login(here);
        }
        assert!(matches!(limiter.before_login(here, &[9; 32]), Err(Failure::TooOften { seconds: 30..=31, .. })));
        assert!(limiter.before_login(here, &[7; 32]).is_ok(), "it was good before");
        assert!(limiter.before_login(there, &[9; 32]).is_ok(), "another address");
        assert!(limiter.before_login(peer("::ffff:10.0.0.1"), &[9; 32]).is_err(), "the same address, mapped");
    }

    #[test]
    fn one_network_is_one_caller() {
        let origin = |text: &str| Origin::from(Some(Peer(text.parse().unwrap()))).0;
        assert_eq!(origin("2001:db8::1"), origin("2001:db8::ffff:1"));
        assert_ne!(origin("2001:db8::1"), origin("2001:db8:0:1::1"));
        assert_ne!(origin("10.0.0.1"), origin("10.0.0.2"));
    }
}
