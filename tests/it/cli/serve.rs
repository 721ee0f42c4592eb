//! `mnemon serve`, and the commands that talk to it.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::NamedTempFile;

use super::{Place, Ran};

pub(super) const TOKEN: &str = "a-token-for-tests";

/// A server that is stopped with the test.
pub(super) struct Serving {
    child: Child,
    /// What it announced when it was ready for connections.
    started: Value,
    log: NamedTempFile,
}

impl Serving {
    pub(super) fn start(place: &Place, token: Option<&str>) -> Self {
        Self::start_with(place, token, &[])
    }

    pub(super) fn start_with(place: &Place, token: Option<&str>, options: &[&str]) -> Self {
        Self::run(place.command(&[&["serve", "--listen", "127.0.0.1:0", "--json"], options].concat()), token)
    }

    /// The same in a process that the shell has limited.
    pub(super) fn start_limited(place: &Place, limit: &str) -> Self {
        let mut command = Command::new("/bin/sh");
        command.env_clear().current_dir(place.dir.path()).stdin(Stdio::null());
        let script = format!("{limit}; exec \"$0\" serve --listen 127.0.0.1:0 --json");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_mnemon")]);
        Self::run(command, Some(TOKEN))
    }

    fn run(mut command: Command, token: Option<&str>) -> Self {
        command.envs(token.map(|token| ("MNEMON_API_TOKEN", token)));
        let log = NamedTempFile::new().unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log.reopen().unwrap()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let started = serde_json::Deserializer::from_reader(stdout).into_iter().next().unwrap().unwrap();
        Self { child, started, log }
    }

    pub(super) fn url(&self) -> &str {
        self.started["url"].as_str().unwrap()
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged so far.
    pub(super) fn log(&self) -> String {
        fs_err::read_to_string(self.log.path()).unwrap()
    }

    fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    fn end(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command against the server.
pub(super) fn ask(place: &Place, server: &Serving, args: &[&str]) -> Ran {
    let mut command = place.command(&[args, &["--url", server.url()]].concat());
    Ran::from(command.env("MNEMON_API_TOKEN", TOKEN).output().unwrap())
}

#[test]
fn every_command_does_the_same_over_a_server() {
    let place = Place::new();
    let server = Serving::start(&place, Some(TOKEN));
    let json = |args: &[&str]| {
        let ran = ask(&place, &server, &[args, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        ran.json()
    };
    let chat = r#"{"role":"user","content":"I live in Oslo and work as a marine biologist.","timestamp":"2026-05-01T23:00:00-05:00"}"#;
    place.file("chat.jsonl", chat);
    assert_eq!(json(&["ingest", "chat.jsonl", "--session", "a/b: c"])["messages"], 1);
    let id = json(&["remember", "Ana is allergic to peanuts", "--session", ".."])["id"].clone();
    assert_eq!(json(&["get", id.as_str().unwrap()])["content"], "Ana is allergic to peanuts");
    let recalled = json(&["recall", "Where do I live?", "--evidence", "1"]);
    assert_eq!(recalled["evidence"][0]["timestamp"], "2026-05-02T04:00:00.000Z");
    assert_eq!(recalled["evidence"][0]["sessionId"], "a/b: c");
    assert_eq!(json(&["memories", "--session", ".."])[0]["id"], id);
    assert!(json(&["summary"])["summary"].is_string());
    json(&["namespaces", "create", "second"]);
    assert_eq!(json(&["namespaces", "list"]).as_array().map(Vec::len), Some(2));
    assert_eq!(json(&["profiles"])[0]["name"], "default");
    json(&["delete", "session", "a/b: c", "--yes"]);
    json(&["delete", "memory", id.as_str().unwrap(), "--yes"]);
    json(&["delete", "profile", "default", "--yes"]);
    json(&["delete", "namespace", "second", "--yes"]);
    let gone = ask(&place, &server, &["memories", "--json"]);
    assert_eq!((gone.code, gone.error()["kind"].as_str()), (3, Some("profile_not_found")));
}

#[test]
fn what_was_acknowledged_is_there_after_sigterm() {
    let place = Place::new();
    let server = Serving::start(&place, Some(TOKEN));
    ask(&place, &server, &["remember", "Ana likes tea"]);
    let idle = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    server.signal("TERM");
    assert_eq!(server.end(), Some(0), "an idle connection does not hold it up");
    drop(idle);
    assert_eq!(place.json(&["memories"])[0]["summary"], "Ana likes tea");
}

#[test]
fn acknowledged_memory_survives_kill() {
    let place = Place::new();
    let server = Serving::start(&place, Some(TOKEN));
    assert_eq!(ask(&place, &server, &["remember", "Ana likes tea"]).code, 0);
    server.signal("KILL");
    server.end();
    assert_eq!(place.json(&["memories"])[0]["summary"], "Ana likes tea");
    place.ok(&["check"]);
}

#[test]
fn the_first_token_is_shown_once_and_works() {
    let place = Place::new();
    let first = Serving::start(&place, None);
    let token = first.started["token"].as_str().unwrap().to_owned();
    let with = |token: &str, server: &Serving| {
        let mut command = place.command(&["namespaces", "list", "--url", server.url()]);
        command.env("MNEMON_API_TOKEN", token).output().unwrap().status.code()
    };
    assert_eq!(with(&token, &first), Some(0));
    assert_eq!(with("another", &first), Some(1));
    first.signal("TERM");
    assert_eq!(first.end(), Some(0));
    let second = Serving::start(&place, None);
    assert_eq!(second.started["token"], Value::Null, "it is shown once");
    assert_eq!(with(&token, &second), Some(0));
}

#[test]
fn people_are_told_the_token_ready_to_be_pasted() {
    let place = Place::new();
    let mut child = place
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("  export MNEMON_API_TOKEN=mnemon_")));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_folder_in_use_leads_to_the_server() {
    let place = Place::new();
    let _server = Serving::start(&place, Some(TOKEN));
    let ran = place.run(&["memories", "--json"]);
    assert_eq!((ran.code, ran.error()["kind"].as_str()), (1, Some("in_use")), "{}", ran.stderr);
    assert!(ran.error()["hint"].as_str().unwrap().contains("--url"));
}

#[test]
fn other_machines_are_let_in_only_when_that_is_asked_for() {
    let place = Place::new();
    for address in ["0.0.0.0:0", "[::]:0"] {
        let ran = place.run(&["serve", "--listen", address]);
        assert_eq!(ran.code, 2, "{address}");
        assert!(ran.stderr.contains("--allow-remote") && ran.stderr.contains("TLS"), "{}", ran.stderr);
    }
    assert!(!place.path("mnemon-data").exists());
    let mut command = place.command(&["serve", "--listen", "0.0.0.0:0", "--json"]);
    let mut child =
        command.env("MNEMON_ALLOW_REMOTE", "1").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    assert_eq!(&first, b"{", "it announces itself");
    child.kill().unwrap();
    child.wait().unwrap();
}
