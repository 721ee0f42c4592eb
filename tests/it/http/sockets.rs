//! The server on a real socket: connections that linger, and stopping in spite of them.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mnemon::http::{Patience, Server, Stopper};
use serde_json::{Value, json};

use super::{Api, BASE, TOKEN, api_options};

struct Running {
    api: Api,
    address: SocketAddr,
    stopper: Stopper,
    thread: JoinHandle<mnemon::Result<()>>,
}

impl Running {
    fn start() -> Self {
        Self::start_with(Patience::default())
    }

    fn start_with(patience: Patience) -> Self {
        let api = Api::new();
        let server = Server::bind("127.0.0.1:0".parse().unwrap()).unwrap().with_patience(patience);
        let (address, stopper) = (server.address().unwrap(), server.stopper());
        let (engine, options) = (api.engine.clone(), api_options(api.clock.clone()));
        let thread = thread::spawn(move || server.run(engine, options));
        Self { api, address, stopper, thread }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Stops the server; gives what it kept and how long it took.
    fn stop(self) -> (Api, Duration) {
        let begun = Instant::now();
        self.stopper.stop();
        self.thread.join().unwrap().unwrap();
        (self.api, begun.elapsed())
    }
}

fn head(method: &str, path: &str, length: usize) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\ncontent-length: {length}\r\n\r\n")
}

fn create(name: &str) -> (String, String) {
    let body = json!({"name": name}).to_string();
    (head("POST", &format!("{BASE}/namespaces"), body.len()), body)
}

/// Reads one answer: its status and its body.
fn answer(stream: &mut TcpStream) -> (u16, Value) {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        text.push(byte[0]);
    }
    let text = String::from_utf8(text).unwrap().to_lowercase();
    let length = text.split("content-length: ").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    (text.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_slice(&body).unwrap())
}

#[test]
fn a_stop_does_not_wait_for_idle_connections() {
    let server = Running::start();
    let fresh = server.connect();
    let mut used = server.connect();
    used.write_all(head("GET", "/healthz", 0).as_bytes()).unwrap();
    assert_eq!(answer(&mut used).0, 200);
    let (_, took) = server.stop();
    assert!(took < Duration::from_secs(3), "{took:?}");
    drop((fresh, used));
}

#[test]
fn a_stop_gives_up_on_a_request_that_never_ends() {
    let server = Running::start_with(Patience { grace: Duration::from_millis(300), ..Patience::default() });
    let mut slow = server.connect();
    let (head, _) = create("n");
    slow.write_all(head.as_bytes()).unwrap();
    // Answered on another connection: the slow one's head was read before, or will never be.
    let mut other = server.connect();
    other.write_all(self::head("GET", "/healthz", 0).as_bytes()).unwrap();
    assert_eq!(answer(&mut other).0, 200);
    let (_, took) = server.stop();
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn what_was_accepted_is_finished_after_a_stop() {
    let server = Running::start();
    let mut stream = server.connect();
    let (head, body) = create("n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body.as_bytes()[..3]).unwrap();
    // A second connection shows that the server has come as far as the first one's body.
    let mut other = server.connect();
    other.write_all(self::head("GET", "/healthz", 0).as_bytes()).unwrap();
    assert_eq!(answer(&mut other).0, 200);
    let address = server.address;
    let stopping = thread::spawn(move || server.stop());
    let mut probe = [0];
    assert_eq!(other.read(&mut probe).unwrap(), 0, "the idle connection is closed, so the stop has begun");
    stream.write_all(&body.as_bytes()[3..]).unwrap();
    let (status, json) = answer(&mut stream);
    assert_eq!((status, &json["result"]["name"]), (201, &json!("n")));
    let (api, took) = stopping.join().unwrap();
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
    assert_eq!(tokio::runtime::Runtime::new().unwrap().block_on(api.get("/namespaces")).column("name"), ["n"]);
}

#[test]
fn connections_are_kept_and_requests_may_be_pipelined() {
    let server = Running::start();
    let mut stream = server.connect();
    let requests: String = ["a", "b"].map(create).into_iter().map(|(head, body)| head + &body).collect();
    stream.write_all(requests.as_bytes()).unwrap();
    for name in ["a", "b"] {
        let (status, json) = answer(&mut stream);
        assert_eq!((status, &json["result"]["name"]), (201, &json!(name)));
    }
    stream.write_all(head("GET", "/readyz", 0).as_bytes()).unwrap();
    assert_eq!(answer(&mut stream).0, 200);
    server.stop();
}

#[test]
fn a_body_that_is_too_large_is_answered_though_it_is_sent_first() {
    let server = Running::start();
    let mut stream = server.connect();
    let length = mnemon::http::BODY_BYTES + 1;
    stream.write_all(head("POST", &format!("{BASE}/namespaces"), length).as_bytes()).unwrap();
    let chunk = vec![b' '; 1 << 20];
    let mut sent = 0;
    while sent < length {
        let n = chunk.len().min(length - sent);
        stream.write_all(&chunk[..n]).unwrap();
        sent += n;
    }
    assert_eq!(answer(&mut stream).0, 413);
    server.stop();
}

#[test]
fn an_address_that_is_taken_is_named() {
    let server = Running::start();
    let error = Server::bind(server.address).err().expect("the address is taken");
    assert!(error.message().contains(&server.address.to_string()), "{error}");
    server.stop();
}

/// Whether the server closed the connection instead of leaving it.
fn is_closed(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0]) {
        Ok(read) => read == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

fn asks(server: &Running) -> u16 {
    let mut stream = server.connect();
    stream.write_all(head("GET", "/healthz", 0).as_bytes()).unwrap();
    answer(&mut stream).0
}

#[test]
fn a_head_that_never_ends_is_given_up() {
    let server = Running::start_with(Patience { head: Duration::from_millis(50), ..Patience::default() });
    let mut slow = server.connect();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-drop: ").unwrap();
    assert!(is_closed(&mut slow));
    assert!(is_closed(&mut server.connect()), "nor does one wait for a head that never begins");
    assert_eq!(asks(&server), 200);
    server.stop();
}

#[test]
fn a_head_that_is_too_long_is_refused() {
    let server = Running::start();
    let mut stream = server.connect();
    let long = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "x".repeat(40_000));
    stream.write_all(long.as_bytes()).unwrap();
    let mut text = [0; 12];
    stream.read_exact(&mut text).unwrap();
    assert_eq!(&text, b"HTTP/1.1 431");
    assert_eq!(asks(&server), 200);
    server.stop();
}

#[test]
fn a_client_that_takes_no_answers_is_given_up() {
    let server = Running::start_with(Patience { stall: Duration::from_millis(50), ..Patience::default() });
    let mut slow = server.connect();
    slow.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    let ask = head("GET", "/openapi.json", 0).repeat(100);
    // Answers fill what lies between, then nobody reads what is asked, then the connection breaks.
    let error = loop {
        if let Err(error) = slow.write_all(ask.as_bytes()) {
            break error;
        }
    };
    assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error:?}");
    assert_eq!(asks(&server), 200);
    server.stop();
}

#[test]
fn many_idle_connections_keep_nobody_out() {
    let server = Running::start_with(Patience { connections: 8, ..Patience::default() });
    // At work, as it says itself: its body is not there yet.
    let mut working = server.connect();
    let (head, body) = create("n");
    working.write_all(head.replacen("\r\n", "\r\nexpect: 100-continue\r\n", 1).as_bytes()).unwrap();
    let mut goes_on = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    working.read_exact(&mut goes_on).unwrap();
    assert!(goes_on.starts_with(b"HTTP/1.1 100 "), "{}", String::from_utf8_lossy(&goes_on));
    working.write_all(&body.as_bytes()[..3]).unwrap();
    let mut first = server.connect();
    let mut idle: Vec<_> = (0..200).map(|_| server.connect()).collect();
    for (n, stream) in idle.iter_mut().enumerate().filter(|(n, _)| n % 2 == 0) {
        // Those that were closed meanwhile take nothing.
        let _ = stream.write_all(&self::head("GET", "/healthz", n).as_bytes()[..20]);
    }
    assert!(is_closed(&mut first), "whoever idled the longest made room");
    for _ in 0..20 {
        assert_eq!(asks(&server), 200);
    }
    working.write_all(&body.as_bytes()[3..]).unwrap();
    assert_eq!(answer(&mut working).0, 201, "one at work is left alone");
    server.stop();
}
