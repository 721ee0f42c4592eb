//! The socket: accepts a bounded number of connections, and lets go of them in time.
//!
//! hyper directly, because `axum::serve` neither bounds the time of a request's head nor ever gives up on a connection.
//! `places.rs` says who may stay when there are too many, `patient.rs` how long a client may take nothing.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::app::ApiOptions;
use super::patient::Patient;
use super::places::{Place, Places, Sending};
use super::rates::Peer;
use super::routes::router;
use super::tls::Tls;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};

/// How long a connection that is asked to leave has for it.
const LEAVING: Duration = Duration::from_millis(100);
/// File descriptors that are not for connections: the data file, the log, the runtime, what commands open.
const OTHER_FILES: usize = 64;

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long the head of a request may take to arrive, and so how long a connection may be idle.
    pub head: Duration,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// How long a client may take nothing of its answer.
    pub stall: Duration,
    /// Connections that are open at once. For the next one, the connection that idles the longest is closed; when all are
    /// at work, it waits in the socket's own queue.
    pub connections: usize,
    /// How long what was accepted may take to finish after a stop.
    pub grace: Duration,
}

impl Default for Patience {
    /// The grace is ten seconds, less what it takes to return and to write caches. Connections leave room for other files.
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            head_bytes: 32 << 10,
            stall: Duration::from_mins(1),
            connections: open_files().saturating_sub(OTHER_FILES).clamp(16, 1024),
            grace: Duration::from_secs(7),
        }
    }
}

/// How many files the process may have open, after asking for as many as the system lets it have.
#[cfg(unix)]
fn open_files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(65_536, |most| most.min(65_536));
    // Refused, the limit is what it was.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    getrlimit(Resource::Nofile).current.map_or(usize::MAX, |now| usize::try_from(now).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
fn open_files() -> usize {
    usize::MAX
}

/// A server with its socket open.
pub struct Server {
    listener: StdListener,
    stop: watch::Sender<bool>,
    patience: Patience,
    tls: Option<Tls>,
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
        Ok(Self { listener, stop: watch::Sender::new(false), patience: Patience::default(), tls: None })
    }

    /// Where the socket is: the port that was given when port 0 was asked for.
    ///
    /// # Errors
    /// `Io` when the system does not say.
    pub fn address(&self) -> Result<SocketAddr> {
        self.listener.local_addr().map_err(|error| Error::new(ErrorKind::Io, "socket has no address").caused_by(error))
    }

    /// The same server with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// The same server, which speaks TLS and nothing else.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Self {
        Self { tls: Some(tls), ..self }
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
        let places = Places::new(self.patience.connections);
        let acceptor = self.tls.as_ref().map(Tls::acceptor);
        let (drain, draining) = watch::channel(());
        let mut connections = JoinSet::new();
        {
            // Kept over the rounds: one that is dropped would ask a second connection to make room.
            let mut next = pin!(accept(&listener, &places));
            loop {
                tokio::select! {
                    () = &mut stop => break,
                    Some(_) = connections.join_next() => {}
                    accepted = &mut next => {
                        if let Some(accepted) = accepted {
                            let terms = Terms { patience: self.patience, draining: draining.clone() };
                            connections.spawn(connection(accepted, acceptor.clone(), router.clone(), terms));
                        }
                        next.set(accept(&listener, &places));
                    }
                }
            }
        }
        let deadline = Instant::now() + self.patience.grace;
        drop(listener);
        tracing::info!(connections = connections.len(), "stopping");
        drain.send_replace(());
        let drained = timeout_at(deadline, async { while connections.join_next().await.is_some() {} }).await;
        if drained.is_err() {
            tracing::warn!(
                connections = connections.len(),
                "connections were cut off after {} s",
                self.patience.grace.as_secs()
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
    /// Caught so that a write past the limit on a file's length fails instead of ending the process.
    _file_too_long: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn caught() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let file_too_long = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            _file_too_long: signal(file_too_long)?,
        })
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

/// A connection that has a place.
struct Accepted {
    stream: TcpStream,
    peer: Peer,
    place: Place,
}

/// The next connection, when there is a place for it; nothing when it was gone before it was here.
async fn accept(listener: &TcpListener, places: &Arc<Places>) -> Option<Accepted> {
    match listener.accept().await {
        Ok((stream, address)) => Some(Accepted { stream, peer: Peer(address.ip()), place: places.take().await }),
        Err(error) => {
            tracing::warn!(%error, "cannot accept a connection");
            // Most likely out of file descriptors: one comes free soon, and asking again at once would spin.
            places.make_room();
            sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

/// How long a connection may last.
struct Terms {
    patience: Patience,
    draining: watch::Receiver<()>,
}

/// Serves one connection, behind TLS where there is a certificate.
async fn connection(accepted: Accepted, acceptor: Option<TlsAcceptor>, router: Router, mut terms: Terms) {
    let Accepted { stream, peer, place } = accepted;
    // An answer is one small write: it should not wait for more.
    let _ = stream.set_nodelay(true);
    let (stream, place) = (Patient::new(stream, terms.patience.stall), Arc::new(place));
    let service = service(&place, peer, router);
    let Some(acceptor) = acceptor else { return converse(stream, service, &place, terms).await };
    let shaken = tokio::select! {
        shaken = timeout(terms.patience.head, acceptor.accept(stream)) => shaken,
        () = place.wanted() => return,
        _ = terms.draining.changed() => return,
    };
    // Who cannot or will not speak TLS learns that from the handshake.
    if let Ok(Ok(stream)) = shaken {
        converse(stream, service, &place, terms).await;
    }
}

/// Serves one connection. Once draining, or when its place is wanted, closes it behind the request that it is in, or at
/// once when it is idle.
async fn converse<S>(stream: impl AsyncRead + AsyncWrite + Unpin, service: S, place: &Place, mut terms: Terms)
where
    S: Service<Request<Incoming>, Response = Response<Sending>, Error = Infallible>,
{
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(terms.patience.head)
            .max_header_size(terms.patience.head_bytes)
            .serve_connection(TokioIo::new(stream), service)
    );
    tokio::select! {
        _ = connection.as_mut() => {}
        () = place.wanted() => {
            connection.as_mut().graceful_shutdown();
            // Half a head is no request: it is dropped.
            let _ = timeout(LEAVING, connection).await;
        }
        _ = terms.draining.changed() => {
            connection.as_mut().graceful_shutdown();
            // What goes wrong with a connection is between the two ends of it.
            let _ = connection.await;
        }
    }
}

/// The router, told who asks, with its connection at work until the answer has been sent.
fn service(
    place: &Arc<Place>,
    peer: Peer,
    router: Router,
) -> impl Service<Request<Incoming>, Response = Response<Sending>, Error = Infallible, Future: Send> + use<> {
    let place = Arc::clone(place);
    service_fn(move |mut request: Request<Incoming>| {
        let (working, router) = (place.works(), router.clone());
        request.extensions_mut().insert(peer);
        async move {
            let response = router.oneshot(request).await?;
            Ok(response.map(|body| Sending { body, _working: working }))
        }
    })
}
