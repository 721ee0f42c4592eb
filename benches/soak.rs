//! Whether a server stays as it is under mixed load: `make soak MINUTES=30`, or `cargo bench --bench soak`.
//!
//! The real binary on a folder of its own; two clients ingest, remember, delete and give whole profiles back, so that what
//! is kept stays about the same, and two others recall, list and ask for summaries. Every few seconds: resident memory and
//! open handles of the server, the size of the data file, and how long calls took since. It ends with the medians of the
//! second and the last quarter beside each other, and `target/soak.html` has the curves.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark reports to whoever runs it"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use mnemon::bench::{Curves, curves_page};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

const TOKEN: &str = "a-token-for-the-soak";
const BASE: &str = "/client/v4/accounts/local/agent-memory/namespaces";
const WRITERS: u64 = 2;
const READERS: u64 = 2;
/// Profiles a writer has at a time, and calls after which one is given back and begun anew.
const PROFILES: u64 = 3;
const CALLS_A_PROFILE: u64 = 150;
const PACE: Duration = Duration::from_secs(5);

/// What was seen at one moment.
struct Sample {
    minutes: f64,
    resident_mib: f64,
    handles: f64,
    file_mib: f64,
    /// Milliseconds, sorted: of reads and of writes.
    reads: Vec<f64>,
    writes: Vec<f64>,
}

/// Times of calls since the last sample.
#[derive(Default)]
struct Times {
    reads: Vec<f64>,
    writes: Vec<f64>,
}

struct Server {
    child: Child,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn main() {
    let minutes: f64 = std::env::var("MINUTES").ok().and_then(|n| n.parse().ok()).unwrap_or(30.0);
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path());
    let agent = agent();
    call(&agent, "POST", &format!("{}{BASE}", server.url), Some(&json!({"name": "soak"})), 201);
    let (stop, times) = (AtomicBool::new(false), Mutex::new(Times::default()));
    let samples = thread::scope(|scope| {
        for n in 0..WRITERS {
            let (url, stop, times) = (&server.url, &stop, &times);
            scope.spawn(move || write(url, n, stop, times));
        }
        for n in 0..READERS {
            let (url, stop, times) = (&server.url, &stop, &times);
            scope.spawn(move || read(url, n, stop, times));
        }
        let samples = watch(&server, folder.path(), minutes, &times);
        stop.store(true, Ordering::Relaxed);
        samples
    });
    report(&samples);
}

fn start(folder: &Path) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mnemon"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--json", "--log-level", "warn", "--data"]).arg(folder);
    let mut child = command.env("MNEMON_API_TOKEN", TOKEN).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    while serde_json::from_str::<Value>(&line).is_err() {
        assert!(out.read_line(&mut line).unwrap() > 0, "the server did not start");
    }
    let url = serde_json::from_str::<Value>(&line).unwrap()["url"].as_str().unwrap().to_owned();
    Server { child, url }
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).proxy(None).build().into()
}

/// Calls, and gives the result; busy servers are asked again.
fn call(agent: &Agent, method: &str, url: &str, body: Option<&Value>, wanted: u16) -> Value {
    loop {
        let request = Request::builder().method(method).uri(url).header("authorization", format!("Bearer {TOKEN}"));
        let answer = match body {
            Some(body) => agent.run(request.header("content-type", "application/json").body(body.to_string()).unwrap()),
            None => agent.run(request.body(()).unwrap()),
        };
        let mut answer = answer.unwrap();
        let (status, text) = (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap());
        if matches!(status, 429 | 503) {
            thread::sleep(Duration::from_millis(100));
            continue;
        }
        assert!(status == wanted || status == 404, "{status}: {text}");
        return serde_json::from_str::<Value>(&text).unwrap()["result"].take();
    }
}

/// How long something took, in milliseconds.
fn timed(act: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    act();
    begun.elapsed().as_secs_f64() * 1000.0
}

fn profile(url: &str, writer: u64, n: u64) -> String {
    format!("{url}{BASE}/soak/profiles/w{writer}-{n}")
}

fn write(url: &str, writer: u64, stop: &AtomicBool, times: &Mutex<Times>) {
    let agent = agent();
    let mut last = None;
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let at = profile(url, writer, n / CALLS_A_PROFILE % PROFILES);
        let took = timed(|| match n % CALLS_A_PROFILE {
            0 => drop(call(&agent, "DELETE", &at, None, 200)),
            turn if turn % 4 == 1 => {
                let text = |i: u64| format!("I bought {i} apples for {n} euros in Town{} and live there now.", n % 97);
                let messages: Vec<_> = (0..4).map(|i| json!({"role": "user", "content": text(i)})).collect();
                let body = json!({"messages": messages, "sessionId": format!("s{}", n % 10)});
                call(&agent, "POST", &format!("{at}/ingest"), Some(&body), 200);
            }
            turn if turn % 4 == 2 => {
                let body = json!({"content": format!("The code of locker {n} is {}", n * 7919 % 10_000)});
                last =
                    call(&agent, "POST", &format!("{at}/remember"), Some(&body), 200)["id"].as_str().map(str::to_owned);
            }
            turn if turn % 4 == 3 => {
                let id = last.take().unwrap_or_default();
                call(&agent, "DELETE", &format!("{at}/memories/{id}"), None, 200);
            }
            _ => drop(call(&agent, "DELETE", &format!("{at}/sessions/s{}", n % 10), None, 200)),
        });
        times.lock().unwrap().writes.push(took);
    }
}

fn read(url: &str, reader: u64, stop: &AtomicBool, times: &Mutex<Times>) {
    let agent = agent();
    for n in reader.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let at = profile(url, n % WRITERS, n / 7 % PROFILES);
        let took = timed(|| match n % 8 {
            0 => drop(call(&agent, "POST", &format!("{at}/summary"), Some(&json!({})), 200)),
            1 => drop(call(&agent, "GET", &format!("{at}/memories?per_page=50"), None, 200)),
            _ => {
                let query = format!("How many apples did I buy in Town{}, and for {n} euros?", n % 97);
                call(&agent, "POST", &format!("{at}/recall"), Some(&json!({"query": query, "evidenceLimit": 5})), 200);
            }
        });
        times.lock().unwrap().reads.push(took);
    }
}

fn watch(server: &Server, folder: &Path, minutes: f64, times: &Mutex<Times>) -> Vec<Sample> {
    let (begun, mut samples) = (Instant::now(), Vec::new());
    while begun.elapsed().as_secs_f64() < minutes * 60.0 {
        thread::sleep(PACE);
        let Times { mut reads, mut writes } = std::mem::take(&mut *times.lock().unwrap());
        reads.sort_by(f64::total_cmp);
        writes.sort_by(f64::total_cmp);
        samples.push(Sample {
            minutes: begun.elapsed().as_secs_f64() / 60.0,
            resident_mib: resident_mib(server.child.id()),
            handles: handles(server.child.id()),
            file_mib: fs_err::metadata(folder.join("mnemon.redb")).unwrap().len() as f64 / f64::from(1 << 20),
            reads,
            writes,
        });
    }
    samples
}

/// Where the system has no `/proc`, 0.
fn resident_mib(process: u32) -> f64 {
    let status = fs_err::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn handles(process: u32) -> f64 {
    fs_err::read_dir(format!("/proc/{process}/fd")).map_or(0.0, |all| all.count() as f64)
}

/// The value below which so many of a thousand sorted values are; 0 when there are none.
fn percentile(sorted: &[f64], per_mille: usize) -> f64 {
    sorted.get((sorted.len() * per_mille / 1000).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

type Figure = (&'static str, fn(&Sample) -> f64);

const FIGURES: [Figure; 7] = [
    ("resident memory, MiB", |s| s.resident_mib),
    ("open handles", |s| s.handles),
    ("data file, MiB", |s| s.file_mib),
    ("reads p50, ms", |s| percentile(&s.reads, 500)),
    ("reads p99, ms", |s| percentile(&s.reads, 990)),
    ("writes p50, ms", |s| percentile(&s.writes, 500)),
    ("writes p99, ms", |s| percentile(&s.writes, 990)),
];

fn report(samples: &[Sample]) {
    let median = |samples: &[Sample], of: fn(&Sample) -> f64| {
        let mut values: Vec<f64> = samples.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        percentile(&values, 500)
    };
    let quarter = samples.len() / 4;
    let (second, last) = (&samples[quarter..2 * quarter], &samples[3 * quarter..]);
    let calls = |of: fn(&Sample) -> &Vec<f64>| samples.iter().map(|s| of(s).len()).sum::<usize>();
    let (reads, writes) = (calls(|s| &s.reads), calls(|s| &s.writes));
    println!("{reads} reads and {writes} writes; medians of the second and the last quarter:");
    for (name, of) in FIGURES {
        println!("{name:24} {:10.2} {:10.2}", median(second, of), median(last, of));
    }
    let series = |figures: &[usize]| {
        let curve = |n: &usize| {
            let (name, of) = FIGURES[*n];
            (name.to_owned(), samples.iter().map(|s| (s.minutes, of(s))).collect())
        };
        figures.iter().map(curve).collect()
    };
    let curves =
        |title: &str, y, figures: &[usize]| Curves { title: title.into(), x: "minutes", y, series: series(figures) };
    let page = curves_page(
        "A soak of Mnemon",
        &format!("{reads} reads and {writes} writes by {} clients, {WRITERS} of them writing.", WRITERS + READERS),
        &[
            curves("Memory and disk", "MiB", &[0, 2]),
            curves("Open handles", "handles", &[1]),
            curves("Reads", "milliseconds", &[3, 4]),
            curves("Writes", "milliseconds", &[5, 6]),
        ],
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/soak.html");
    fs_err::write(&path, page).unwrap();
    println!("curves: {}", path.display());
}
