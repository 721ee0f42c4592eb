//! What each command does when all is well, for people and for programs.

use super::Place;

fn some(place: &Place) -> String {
    let memory = place.json(&["remember", "Ana is allergic to peanuts", "--session", "s/1"]);
    memory["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_remembered_statement_is_there_in_the_next_command() {
    let place = Place::new();
    let made = place.ok(&["remember", "Ana is allergic to peanuts"]);
    assert!(made.stderr.contains("created namespace default"), "{}", made.stderr);
    let again = place.ok(&["remember", "Ana is allergic to peanuts"]);
    assert_eq!((again.stdout, again.stderr.as_str()), (made.stdout, ""), "the same content is the same memory");
    assert!(place.ok(&["memories"]).stdout.contains("Ana is allergic to peanuts"));
}

#[test]
fn recall_finds_what_was_remembered() {
    let place = Place::new();
    let id = some(&place);
    let recalled = place.json(&["recall", "What is Ana allergic to?", "--date", "2026-05-01", "--evidence", "3"]);
    assert_eq!(recalled["candidates"][0]["id"], id);
    assert_eq!(recalled["count"], recalled["candidates"].as_array().unwrap().len());
    assert!(recalled["answer"].is_string() && recalled["evidence"].is_array());
    let plain = place.json(&["recall", "What is Ana allergic to?", "--level", "high", "--length", "short"]);
    assert!(plain.get("evidence").is_none(), "evidence only when it is asked for");
    assert!(place.ok(&["recall", "What is Ana allergic to?"]).stdout.contains(&id));
}

#[test]
fn recall_shows_its_channels_when_asked() {
    let place = Place::new();
    some(&place);
    let shown = place.ok(&["recall", "What is Ana allergic to?", "--explain"]).stdout;
    let header = shown.lines().find(|line| line.starts_with("#  SCORE")).unwrap();
    let row = shown.lines().find(|line| line.starts_with("1  ")).unwrap();
    assert!(header.contains("VECTOR") && header.contains("WORDS"), "{shown}");
    assert_eq!(header.split_whitespace().count(), row.split_whitespace().count(), "{shown}");
    assert!(!place.ok(&["recall", "What is Ana allergic to?"]).stdout.contains("VECTOR"));
}

#[test]
fn lists_are_filtered_and_limited() {
    let place = Place::new();
    some(&place);
    place.ok(&["remember", "Bo moved to Oslo"]);
    let count = |args: &[&str]| place.json(&[&["memories"], args].concat()).as_array().unwrap().len();
    assert_eq!(count(&["--session", "s/1"]), 1);
    assert_eq!(count(&["--limit", "1"]), 1);
    assert_eq!(count(&["--all", "--superseded"]), 2);
    let limited = place.ok(&["memories", "--limit", "1"]);
    assert!(limited.stderr.contains("--all"), "says that there is more: {}", limited.stderr);
    let list = place.json(&["memories"]);
    assert!(list[0].get("content").is_none(), "content is not listed");
}

#[test]
fn get_shows_a_memory_with_its_sources() {
    let place = Place::new();
    let id = some(&place);
    let memory = place.json(&["get", &id, "--sources"]);
    assert_eq!(
        (memory["content"].as_str(), memory["sessionId"].as_str()),
        (Some("Ana is allergic to peanuts"), Some("s/1"))
    );
    assert_eq!(memory["sources"].as_array().map(Vec::len), Some(0), "a remembered one has no source messages");
    assert!(place.ok(&["get", &id]).stdout.contains("Ana is allergic to peanuts"));
}

#[test]
fn deletes_hide_at_once() {
    let place = Place::new();
    let id = some(&place);
    place.ok(&["delete", "memory", &id, "--yes"]);
    assert_eq!(place.run(&["get", &id]).code, 3);
    let id = some(&place);
    place.ok(&["delete", "session", "s/1", "--yes"]);
    assert_eq!(place.run(&["get", &id]).code, 3);
    some(&place);
    place.ok(&["delete", "profile", "default", "--yes"]);
    assert_eq!(place.run(&["memories"]).code, 3);
    some(&place);
    place.ok(&["delete", "namespace", "default", "--yes"]);
    assert_eq!(place.json(&["namespaces", "list"]).as_array().map(Vec::len), Some(0));
    place.ok(&["check"]);
}

#[test]
fn nothing_is_deleted_without_a_yes() {
    let place = Place::new();
    some(&place);
    let asked = place.run(&["delete", "profile", "default"]);
    assert_eq!(asked.code, 2);
    assert!(asked.stderr.contains("--yes"), "{}", asked.stderr);
    assert_eq!(place.json(&["profiles"])[0]["name"], "default");
}

#[test]
fn namespaces_and_profiles_are_listed() {
    let place = Place::new();
    let created = place.json(&["namespaces", "create", "support"]);
    assert_eq!((created["name"].as_str(), created["account_id"].as_str()), (Some("support"), Some("local")));
    place.ok(&["remember", "Bo likes tea", "--namespace", "support", "--profile", "bo"]);
    assert!(place.ok(&["namespaces", "list"]).stdout.contains("support"));
    assert_eq!(place.json(&["profiles", "-n", "support"])[0]["name"], "bo");
    let elsewhere = place.json(&["namespaces", "list", "--account", "other"]);
    assert_eq!(elsewhere.as_array().map(Vec::len), Some(0), "accounts never see each other");
}

#[test]
fn summary_is_markdown() {
    let place = Place::new();
    some(&place);
    assert!(place.json(&["summary"])["summary"].is_string());
    place.ok(&["summary", "--session", "s/1"]);
}

#[test]
fn completions_name_every_command() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = place.ok(&["completions", shell]).stdout;
        assert!(script.contains("reindex") && script.contains("namespaces"), "{shell}");
    }
}

#[test]
fn output_to_a_pipe_has_no_colour_and_survives_its_reader() {
    use std::process::Stdio;
    let place = Place::new();
    some(&place);
    assert!(!place.ok(&["memories"]).stdout.contains('\u{1b}'));
    let mut child = place.command(&["memories"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ran = super::Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}
