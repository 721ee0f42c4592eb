//! Answers that are as long as the data: written by a thread that blocks, sent as the client takes them.
//!
//! A stream that fails half-way breaks its connection, so that the client cannot take it for whole. One runs at a time:
//! each holds a snapshot, and old pages of the data file wait for it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::channel::{Channel, Sender};
use hyper::body::Frame;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::error::Failure;
use crate::error::{Error, ErrorKind, Result};

/// How long a client may leave the next piece waiting.
const PATIENCE: Duration = Duration::from_mins(1);
/// Pieces that are ready before the client has asked for them.
const PIECES: usize = 2;

/// Lets one stream run at a time.
pub(super) struct Streams(Arc<Semaphore>);

impl Default for Streams {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Streams {
    /// A body of what `write` writes. Answers when there is something to send.
    ///
    /// # Errors
    /// `Busy` while another stream runs; what `write` answers when it has written nothing.
    pub(super) async fn body(
        &self,
        write: impl FnOnce(&mut dyn io::Write) -> Result<()> + Send + 'static,
    ) -> Result<Body, Failure> {
        let Ok(turn) = Arc::clone(&self.0).try_acquire_owned() else {
            return Err(Error::new(ErrorKind::Busy, "a backup or an export is running already: one at a time").into());
        };
        let (sender, body) = Channel::new(PIECES);
        let (began, begins) = oneshot::channel();
        let pieces = Pieces { _turn: turn, sender, began: Some(began), runtime: Handle::current() };
        let written = spawn_blocking(move || pieces.run(write));
        if begins.await.is_ok() {
            return Ok(Body::new(body));
        }
        match written.await {
            Ok(Err(error)) => Err(error.into()),
            Ok(Ok(())) => Ok(Body::empty()),
            Err(panicked) => Err(Error::new(ErrorKind::Internal, "a stream panicked").caused_by(panicked).into()),
        }
    }
}

/// Sends what is written to it, a piece a write.
struct Pieces {
    // Dropped before the sender: whoever has read a stream to its end may ask for the next.
    _turn: OwnedSemaphorePermit,
    sender: Sender<Bytes, Error>,
    began: Option<oneshot::Sender<()>>,
    runtime: Handle,
}

impl Pieces {
    fn run(mut self, write: impl FnOnce(&mut dyn io::Write) -> Result<()>) -> Result<()> {
        match write(&mut self) {
            Err(error) if self.began.is_none() => {
                tracing::warn!(%error, "a stream broke off");
                self.sender.abort(error);
                Ok(())
            }
            done => done,
        }
    }
}

impl io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(began) = self.began.take() {
            // Whoever asked may have gone away; sending will say so.
            let _asked = began.send(());
        }
        let piece = Frame::data(Bytes::copy_from_slice(bytes));
        match self.runtime.block_on(timeout(PATIENCE, self.sender.send(piece))) {
            Ok(Ok(())) => Ok(bytes.len()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the client has gone away")),
            Err(_) => {
                let message = format!("the client took nothing for {} s", PATIENCE.as_secs());
                Err(io::Error::new(io::ErrorKind::TimedOut, message))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
