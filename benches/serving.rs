//! What serving costs beside the work, and what refusals tell by their time: `cargo bench --bench serving`.
//!
//! A server with TLS and one without stand on the same engine, in this process, on 127.0.0.1. One client asks them in turns:
//! - on connections that are kept, for a page of memories and for a recall, and for health on a new connection each time;
//! - for what it may not have, or what is not there, in pairs that must not be told apart: the difference of the medians is
//!   shown beside that of the same request asked twice, which is what the machine's noise makes of nothing.
//!
//! `ROUNDS=4000` is how often each is asked.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark reports to whoever runs it"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use mnemon::clock::SystemClock;
use mnemon::embed::{LocalModel, LocalOptions};
use mnemon::engine::{Engine, EngineOptions, Grant, NewToken, ProfileAddress, Scope};
use mnemon::http::{ApiOptions, Capacity, Rates, Server, Tls, use_ring};
use mnemon::model::{AccountId, NamespaceName, ProfileName};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

const ADMIN: &str = "a-token-for-the-bench";
const MEMORIES: u32 = 200;
const RECALLS: usize = 400;

/// Where to ask, and how.
#[derive(Clone)]
struct Place {
    server: SocketAddr,
    tls: Option<Arc<ClientConfig>>,
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

impl Place {
    fn connect(&self) -> Box<dyn Stream> {
        let socket = TcpStream::connect(self.server).unwrap();
        socket.set_nodelay(true).unwrap();
        let Some(tls) = &self.tls else { return Box::new(socket) };
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(Arc::clone(tls), name).unwrap();
        Box::new(StreamOwned::new(connection, socket))
    }
}

fn main() {
    use_ring();
    let rounds = std::env::var("ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(4000);
    let folder = tempfile::tempdir().unwrap();
    let model = Arc::new(LocalModel::built_in(LocalOptions::default()).unwrap());
    let engine = Arc::new(Engine::open(EngineOptions::new(folder.path().join("data"), model)).unwrap());
    for namespace in ["n", "m"] {
        let at = address(namespace);
        engine.create_namespace(&at.account, &at.namespace).unwrap();
        for n in 0..MEMORIES {
            engine.remember(&at, None, &format!("The code of locker {n} is {}", n * 7919 % 10_000)).unwrap();
        }
    }
    let (plain, secured) = (serve(&engine, None), serve_tls(&engine, folder.path()));
    tls(&plain, &secured, rounds);
    refusals(&engine, &plain, rounds);
}

fn tls(plain: &Place, secured: &Place, rounds: usize) {
    println!(
        "median microseconds of one request after another, and how many a second; {rounds} rounds, recalls {RECALLS}"
    );
    let profile = "/client/v4/accounts/local/agent-memory/namespaces/n/profiles/p";
    let page = get(&format!("{profile}/memories?per_page=20"), ADMIN);
    let questions: Vec<_> = (0..RECALLS).map(|n| recall(profile, n)).collect();
    let mut kept = [plain.connect(), secured.connect()];
    for (name, asked) in [("a page of 20 memories", vec![page; rounds]), ("a recall, asked before", questions)] {
        let mut times = [Vec::new(), Vec::new()];
        for (round, request) in asked.iter().enumerate() {
            // Whoever is first embeds the question: nobody who is timed.
            assert_eq!(ask(&mut kept[round % 2], request), 200);
            for which in [round % 2, 1 - round % 2] {
                times[which].push(timed(|| assert_eq!(ask(&mut kept[which], request), 200)));
            }
        }
        tell(name, &mut times);
    }
    let health = get("/healthz", ADMIN);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..rounds / 4 {
        for (times, place) in times.iter_mut().zip([plain, secured]) {
            times.push(timed(|| assert_eq!(ask(&mut place.connect(), &health), 200)));
        }
    }
    tell("health on a new connection", &mut times);
}

fn tell(name: &str, times: &mut [Vec<f64>; 2]) {
    let [plain, secured] = times.each_mut().map(|times| median(times));
    println!(
        "{name:28} plain {plain:7.1} ({:6.0} /s)   TLS {secured:7.1} ({:6.0} /s)   {:.2} x, {:+.1} us",
        1e6 / plain,
        1e6 / secured,
        secured / plain,
        secured - plain
    );
}

/// Pairs of requests that are refused alike, whether or not what they ask for is there.
fn refusals(engine: &Engine, plain: &Place, rounds: usize) {
    let token = |namespace: &str| {
        let at = address(namespace);
        let grant = Grant { account: Some(at.account), namespace: Some(at.namespace), scope: Scope::Read };
        engine.create_token(NewToken { label: namespace.to_owned(), grant }).unwrap().1.reveal().to_owned()
    };
    let (mine, theirs) = (token("n"), token("m"));
    let wrong_secret = format!("{}{}", &theirs[..theirs.len() - 64], "0".repeat(64));
    let unknown_id = wrong_secret.replacen(&theirs[7..33], "01KB3V5W7ZJ8M4Q2N6T9R1XCFH", 1);
    let id = engine.memories(&address("m"), &one()).unwrap().items[0].id;
    let at = |namespace: &str, profile: &str, rest: &str| {
        format!("/client/v4/accounts/local/agent-memory/namespaces/{namespace}/profiles/{profile}{rest}")
    };
    let memory = |id: &str| get(&at("n", "p", &format!("/memories/{id}")), &mine);
    let cursor = |id: &str| get(&at("n", "p", &format!("/memories?per_page=1&cursor={id}")), &mine);
    let next = mnemon::model::Ulid::from_bits(id.bits() ^ 1).to_string();
    let pairs = [
        ("the same request twice", get(&at("m", "p", "/memories"), &mine), get(&at("m", "p", "/memories"), &mine)),
        (
            "a token's id with another secret, an id of none",
            get(&at("n", "p", "/memories"), &wrong_secret),
            get(&at("n", "p", "/memories"), &unknown_id),
        ),
        ("another's namespace, none", get(&at("m", "p", "/memories"), &mine), get(&at("x", "p", "/memories"), &mine)),
        ("another's profile, none", get(&at("m", "p", "/memories"), &mine), get(&at("m", "x", "/memories"), &mine)),
        ("another profile's memory, none", memory(&id.to_string()), memory(&next)),
        ("another profile's cursor, none", cursor(&id.to_string()), cursor(&next)),
    ];
    println!("\nmedian microseconds until the answer: what is there, what is not, the difference");
    let mut stream = plain.connect();
    for (name, there, absent) in &pairs {
        let status = ask(&mut stream, there);
        assert_eq!(ask(&mut stream, absent), status, "{name}");
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..2 * rounds {
            let way = round % 2;
            // First one, then the other first: none always follows the same request.
            let which = if round / 2 % 2 == 0 { way } else { 1 - way };
            let request = if which == 0 { there } else { absent };
            times[which].push(timed(|| assert_eq!(ask(&mut stream, request), status)));
        }
        let [there, absent] = times.each_mut().map(|times| median(times));
        println!("{status} {name:48} {there:7.2} {absent:7.2} {:+6.2}", there - absent);
    }
}

fn one() -> mnemon::engine::MemoryQuery {
    mnemon::engine::MemoryQuery { include_superseded: true, per_page: 1, cursor: None, session: None, kind: None }
}

fn address(namespace: &str) -> ProfileAddress {
    ProfileAddress {
        account: AccountId::parse("local").unwrap(),
        namespace: NamespaceName::parse(namespace).unwrap(),
        profile: ProfileName::parse("p").unwrap(),
    }
}

/// Starts a server that runs until the process ends.
fn serve(engine: &Arc<Engine>, tls: Option<Tls>) -> Place {
    let server = Server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let place = Place { server: server.address().unwrap(), tls: None };
    let server = match tls {
        Some(tls) => server.with_tls(tls),
        None => server,
    };
    let rates = Rates { failed_logins: None, ..Rates::default() };
    let options = ApiOptions {
        admin_token: Some(ADMIN.to_owned()),
        clock: Arc::new(SystemClock),
        capacity: Capacity::default(),
        rates,
    };
    let engine = Arc::clone(engine);
    thread::spawn(move || server.run(engine, options).unwrap());
    place
}

fn serve_tls(engine: &Arc<Engine>, folder: &std::path::Path) -> Place {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    fs_err::write(&certificate, made.cert.pem()).unwrap();
    fs_err::write(&key, made.signing_key.serialize_pem()).unwrap();
    let mut trusted = RootCertStore::empty();
    trusted.add(CertificateDer::from(made.cert.der().to_vec())).unwrap();
    let mut config = ClientConfig::builder().with_root_certificates(trusted).with_no_client_auth();
    // Every new connection is a whole handshake.
    config.resumption = tokio_rustls::rustls::client::Resumption::disabled();
    Place { tls: Some(Arc::new(config)), ..serve(engine, Some(Tls::from_files(&certificate, &key).unwrap())) }
}

fn get(path: &str, token: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n")
}

fn recall(profile: &str, n: usize) -> String {
    let body = format!("{{\"query\": \"What is the code of locker {n}?\"}}");
    format!(
        "POST {profile}/recall HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {ADMIN}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Asks, reads the answer to its end, and gives the status.
fn ask(stream: &mut Box<dyn Stream>, request: &str) -> u16 {
    stream.write_all(request.as_bytes()).unwrap();
    stream.flush().unwrap();
    let (mut received, mut chunk) = (Vec::with_capacity(1 << 14), [0; 1 << 14]);
    loop {
        let n = stream.read(&mut chunk).unwrap();
        assert!(n > 0, "the server hung up");
        received.extend_from_slice(&chunk[..n]);
        let Some(end) = received.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&received[..end]).unwrap().to_ascii_lowercase();
        let length: usize = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
        if received.len() >= end + 4 + length {
            return head[9..12].parse().unwrap();
        }
    }
}

/// Microseconds.
fn timed(act: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    act();
    begun.elapsed().as_secs_f64() * 1e6
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
