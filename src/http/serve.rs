//! The socket: accepts a bounded number of connections, and lets go of them in time.
//!
//! hyper directly, because `axum::serve` neither bounds the time of a request's head nor ever gives up on a connection.

use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use super::app::ApiOptions;
use super::routes::router;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};

/// How long the head of a request may take to arrive, and so how long a connection may be idle.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);
/// How long what was accepted may take to finish after a stop: ten seconds, less what it takes to return.
const GRACE: Duration = Duration::from_secs(9);
/// Connections that are open at once; the next ones wait in the socket's own queue.
const CONNECTIONS: usize = 1024;

/// A server with its socket open.
pub struct Server {
    listener: StdListener,
    stop: watch::Sender<bool>,
    grace: Duration,
}

/// Stops a server from another thread, as a signal would.
#[derive(Clone, Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Asks the server to finish what it accepted and return.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Server {
    /// Opens the socket. Clients may connect from now on; they are answered when the server runs.
    ///
    /// # Errors
    /// `Io` when the address cannot be had.
    pub fn bind(listen: SocketAddr) -> Result<Self> {
        let failed = |error| Error::new(ErrorKind::Io, format!("cannot listen on {listen}")).caused_by(error);
        let listener = StdListener::bind(listen).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        Ok(Self { listener, stop: watch::Sender::new(false), grace: GRACE })
    }

    /// Where the socket is: the port that was given when port 0 was asked for.
    ///
    /// # Errors
    /// `Io` when the system does not say.
    pub fn address(&self) -> Result<SocketAddr> {
        self.listener.local_addr().map_err(|error| Error::new(ErrorKind::Io, "socket has no address").caused_by(error))
    }

    /// The same server, which gives what was accepted `grace` to finish after a stop, instead of nine seconds.
    #[must_use]
    pub fn with_grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// A handle that stops the server.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.stop.clone())
    }

    /// Serves until SIGTERM, SIGINT or a [`Stopper`] says stop; then finishes what was accepted, within its grace, and
    /// returns. Blocks the thread.
    ///
    /// # Errors
    /// `Io` when there can be no threads, no signals or no socket.
    pub fn run(self, engine: Arc<Engine>, options: ApiOptions) -> Result<()> {
        let failed = |error| Error::new(ErrorKind::Io, "cannot serve").caused_by(error);
        let runtime = runtime::Builder::new_multi_thread().thread_name("http").enable_all().build().map_err(failed)?;
        let router = router(engine, options);
        let deadline = runtime.block_on(self.serve(router)).map_err(failed)?;
        // Writes whose clients hung up may still run.
        runtime.shutdown_timeout(deadline.saturating_duration_since(Instant::now()));
        Ok(())
    }

    /// Serves, stops, drains. Answers when the grace ends.
    async fn serve(self, router: Router) -> io::Result<Instant> {
        let listener = TcpListener::from_std(self.listener)?;
        let mut stop = pin!(stopped(self.stop.subscribe())?);
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let (drain, draining) = watch::channel(());
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = &mut stop => break,
                Some(_) = connections.join_next() => {}
                Some((stream, place)) = accept(&listener, &places) => {
                    connections.spawn(connection(stream, place, router.clone(), draining.clone()));
                }
            }
        }
        let deadline = Instant::now() + self.grace;
        drop(listener);
        tracing::info!(connections = connections.len(), "stopping");
        drain.send_replace(());
        let drained = timeout_at(deadline, async { while connections.join_next().await.is_some() {} }).await;
        if drained.is_err() {
            tracing::warn!(
                connections = connections.len(),
                "connections were cut off after {} s",
                self.grace.as_secs()
            );
        }
        Ok(deadline)
    }
}

/// Ends when a signal or a stopper says stop. The signals are caught from this call on, not from the first poll.
fn stopped(mut stopper: watch::Receiver<bool>) -> io::Result<impl Future<Output = ()>> {
    let mut signals = Signals::caught()?;
    Ok(async move {
        tokio::select! {
            () = signals.next() => {}
            // The server holds a sender: this cannot fail while it serves.
            _ = stopper.wait_for(|stop| *stop) => {}
        }
    })
}

#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn caught() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn caught() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

/// The next connection, when there is a place for it; nothing when it was gone before it was here.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(error) => {
            tracing::warn!(%error, "cannot accept a connection");
            // Most likely out of file descriptors: asking again at once would spin.
            sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

/// Serves one connection; once draining, closes it behind the request that it is in, or at once when it is idle.
async fn connection(
    stream: TcpStream,
    _place: OwnedSemaphorePermit,
    router: Router,
    mut draining: watch::Receiver<()>,
) {
    // An answer is one small write: it should not wait for more.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_PATIENCE)
            .serve_connection(TokioIo::new(stream), service)
    );
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = draining.changed() => {}
    }
    connection.as_mut().graceful_shutdown();
    // What goes wrong with a connection is between the two ends of it.
    let _ = connection.await;
}
