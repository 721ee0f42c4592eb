//! What every handler shares.

use std::sync::Arc;

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use super::body::BodyBudget;
use super::error::Failure;
use super::lanes::{Capacity, Lanes};
use super::metrics::Metrics;
use super::rates::{Limiter, Rates};
use super::streaming::Streams;
use crate::clock::Clock;
use crate::engine::Engine;
use crate::error::Result;

/// How the API is offered, whatever socket it is behind.
pub struct ApiOptions {
    /// An administrator's token besides those that the engine knows.
    pub admin_token: Option<String>,
    /// Tells what "today" is when a recall does not say, and dates request ids.
    pub clock: Arc<dyn Clock>,
    /// How much work is let in.
    pub capacity: Capacity,
    /// How often one caller may call.
    pub rates: Rates,
}

/// Shared by all handlers; cloning is cheap.
#[derive(Clone)]
pub(super) struct App(Arc<Shared>);

/// The parts of an [`App`].
pub(super) struct Shared {
    /// What the calls are made on.
    pub(super) engine: Arc<Engine>,
    /// Today.
    pub(super) clock: Arc<dyn Clock>,
    /// SHA-256 of the administrator's token.
    pub(super) admin: Option<[u8; 32]>,
    /// Where calls wait and run.
    pub(super) lanes: Lanes,
    /// Who has called how often.
    pub(super) limiter: Limiter,
    /// What bodies may hold together.
    pub(super) bodies: BodyBudget,
    /// Long answers.
    pub(super) streams: Streams,
    /// What has been served.
    pub(super) metrics: Metrics,
    /// The API's description, printed.
    pub(super) openapi: Bytes,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// An app over `engine`.
    pub(super) fn new(engine: Arc<Engine>, options: ApiOptions, openapi: Bytes) -> Self {
        let admin = options.admin_token.map(|token| Sha256::digest(token.as_bytes()).into());
        Self(Arc::new(Shared {
            engine,
            clock: options.clock,
            admin,
            lanes: Lanes::new(options.capacity),
            limiter: Limiter::new(options.rates),
            bodies: BodyBudget::default(),
            streams: Streams::default(),
            metrics: Metrics::default(),
            openapi,
        }))
    }

    /// Runs a call that changes nothing.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let engine = Arc::clone(&self.engine);
        self.lanes.reads.run(move || call(&engine)).await
    }

    /// Runs a call that changes something. Once begun it ends, even when nobody waits for it any more.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let engine = Arc::clone(&self.engine);
        self.lanes.writes.run(move || call(&engine)).await
    }
}
