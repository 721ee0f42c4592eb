//! Request bodies: read within bounds, then parsed as JSON whatever the content type says.
//!
//! The bounds are there so that no body, however built, costs more memory than its kind deserves: bytes of one body, bytes
//! of all bodies together, values in one body, and time.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::app::App;
use super::error::Failure;
use super::wire::FromJson;
use crate::error::{Error, ErrorKind, Result};

/// Bytes of one body: 500 messages of 32,768 bytes, each byte escaped as six (`\u0001`), come to 98,304,000.
pub const BODY_BYTES: usize = 100 * 1024 * 1024;
/// Bytes that all bodies being read or served may take together: one of the largest, or many of the usual ones.
const BUDGET_BYTES: usize = 160 * 1024 * 1024;
/// The unit in which the budget is lent.
const LOAN_BYTES: usize = 4096;
/// JSON values in one body: 500 messages of five fields are 3,001. A parsed value is larger than its shortest text, so bytes
/// alone would not bound memory.
const VALUES: usize = 50_000;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_mins(1);
/// Bodies up to this size are parsed at once, larger ones on a thread that may block.
const INLINE_BYTES: usize = 256 * 1024;

/// Lends memory to bodies.
pub(super) struct BodyBudget(Arc<Semaphore>);

impl Default for BodyBudget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BUDGET_BYTES / LOAN_BYTES)))
    }
}

/// A body, parsed. What it borrowed of the budget is given back when this is dropped.
pub(super) struct Parsed<T> {
    /// What it says.
    pub(super) value: T,
    /// What its bytes borrowed; a long call holds it to its end.
    pub(super) loan: Loan,
}

impl<T: FromJson + Send + 'static> FromRequest<App> for Parsed<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let reading = read(request.into_body(), Loan::of(&app.bodies));
        let Ok(read) = timeout(PATIENCE, reading).await else {
            let message = format!("body did not arrive within {} s", PATIENCE.as_secs());
            return Err(Error::new(ErrorKind::InvalidInput, message).into());
        };
        let (bytes, loan) = read?;
        let value = if bytes.len() <= INLINE_BYTES {
            parse(&bytes)
        } else {
            spawn_blocking(move || parse(&bytes)).await.map_err(|_| Failure::Panicked)?
        };
        Ok(Self { value: value?, loan })
    }
}

/// Reads a body to its end. One that is too long is read on and thrown away, so that a client that sends everything before it
/// listens hears why it is refused instead of a broken connection.
async fn read(mut body: Body, mut loan: Loan) -> Result<(Vec<u8>, Loan)> {
    let mut bytes = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let broken = |error| Error::new(ErrorKind::InvalidInput, "body broke off").caused_by(error);
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        length += data.len();
        if length > 4 * BODY_BYTES {
            break;
        } else if length > BODY_BYTES {
            bytes = Vec::new();
        } else {
            loan.cover(length)?;
            bytes.extend_from_slice(&data);
        }
    }
    if length > BODY_BYTES {
        let message = format!("body has more than {BODY_BYTES} bytes, that is the limit");
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    Ok((bytes, loan))
}

/// A part of the budget.
pub(super) struct Loan {
    budget: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
}

impl Loan {
    fn of(budget: &BodyBudget) -> Self {
        Self { budget: Arc::clone(&budget.0), held: None }
    }

    /// Borrows until `bytes` are covered.
    fn cover(&mut self, bytes: usize) -> Result<()> {
        let held = self.held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let wanted = bytes.div_ceil(LOAN_BYTES).saturating_sub(held);
        if wanted == 0 {
            return Ok(());
        }
        let permits = u32::try_from(wanted).ok().and_then(|n| Arc::clone(&self.budget).try_acquire_many_owned(n).ok());
        let permits = permits.ok_or_else(|| {
            let message = format!("busy: the bodies being read take {BUDGET_BYTES} bytes already, that is the limit");
            Error::new(ErrorKind::Busy, message)
        })?;
        match &mut self.held {
            Some(held) => held.merge(permits),
            none => *none = Some(permits),
        }
        Ok(())
    }
}

fn parse<T: FromJson>(bytes: &[u8]) -> Result<T> {
    if values_at_most(bytes) > VALUES {
        let message = format!("body has more than {VALUES} JSON values, that is the limit");
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    let not_json = |error: serde_json::Error| Error::new(ErrorKind::InvalidInput, format!("body is not JSON: {error}"));
    T::from_json(serde_json::from_slice::<Value>(bytes).map_err(not_json)?)
}

/// An upper bound of the number of values: each but the first stands behind a comma or a bracket outside of strings.
fn values_at_most(json: &[u8]) -> usize {
    let (mut values, mut in_string, mut escaped) = (1, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_outside_of_strings() {
        for (json, values) in
            [("", 1), ("{}", 2), ("[1,2,3]", 4), (r#"{"a":"[,,\",\\","b":[[]]}"#, 5), (r#""\\,[""#, 1)]
        {
            assert_eq!(values_at_most(json.as_bytes()), values, "{json}");
        }
    }

    #[test]
    fn the_budget_is_lent_and_given_back() {
        let budget = BodyBudget::default();
        let mut first = Loan::of(&budget);
        first.cover(BODY_BYTES).unwrap();
        first.cover(BODY_BYTES).unwrap();
        let mut second = Loan::of(&budget);
        assert_eq!(second.cover(BODY_BYTES).unwrap_err().kind(), ErrorKind::Busy);
        second.cover(1).unwrap();
        drop(first);
        second.cover(BODY_BYTES).unwrap();
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_and_one_at_the_limit_is_read() {
        let budget = BodyBudget::default();
        let (bytes, loan) = read(Body::from(vec![b' '; BODY_BYTES]), Loan::of(&budget)).await.unwrap();
        assert_eq!(bytes.len(), BODY_BYTES);
        drop((bytes, loan));
        let Err(error) = read(Body::from(vec![b' '; BODY_BYTES + 1]), Loan::of(&budget)).await else {
            panic!("it was read");
        };
        assert_eq!(error.kind(), ErrorKind::TooLarge);
    }
}
