//! `mnemon extract`: what would be remembered, shown and not kept.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Place;

fn line(session: &str, role: &str, content: &str) -> String {
    let time = "2026-04-20T09:00:00Z";
    json!({ "sessionId": session, "role": role, "content": content, "timestamp": time }).to_string() + "\n"
}

fn monday() -> String {
    [
        line("monday", "user", "hi! I moved to Oslo yesterday. What's the weather?"),
        line("monday", "assistant", "Congratulations! What is your favourite colour?"),
        line("monday", "user", "Blue. Please always answer in short sentences."),
    ]
    .concat()
}

fn texts(items: &Value, field: &str) -> Vec<String> {
    items.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

#[test]
fn it_shows_what_ingest_keeps_and_keeps_nothing_itself() {
    let place = Place::new();
    // The answer stands in the second batch, its question in the first.
    let mut chat: String = (0..499).map(|n| line("long", "assistant", &format!("Line {n}."))).collect();
    chat += &line("long", "assistant", "What is your favourite colour?");
    chat += &line("long", "user", "Blue. I moved to Oslo yesterday. I work as a marine biologist.");
    place.file("chat.jsonl", &chat);
    let shown = place.json(&["extract", "chat.jsonl"]);
    assert!(!place.path("mnemon-data").exists());
    place.ok(&["ingest", "chat.jsonl"]);
    let kept = place.json(&["memories", "--all"]);
    let kept: BTreeSet<String> = kept
        .as_array()
        .unwrap()
        .iter()
        .map(|memory| {
            let id = memory["id"].as_str().unwrap();
            place.json(&["get", id])["content"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(texts(&shown, "content").into_iter().collect::<BTreeSet<_>>(), kept);
    assert_eq!(shown[0]["messages"], json!([500, 501]), "{shown}");
}

#[test]
fn every_sentence_is_explained_in_order() {
    let place = Place::new();
    place.file("chat.jsonl", &monday());
    let all = place.json(&["extract", "chat.jsonl", "--explain"]);
    let wanted = [
        ("hi!", "small talk"),
        ("I moved to Oslo yesterday.", "an event: it happened"),
        ("What's the weather?", "a question"),
        ("Congratulations!", "the assistant's own words, not confirmed"),
        ("What is your favourite colour?", "the assistant's own words, not confirmed"),
    ];
    let pairs: Vec<_> = texts(&all, "sentence").into_iter().zip(texts(&all, "why")).collect();
    for ((sentence, why), wanted) in pairs.iter().zip(wanted) {
        assert_eq!((sentence.as_str(), why.as_str()), wanted);
    }
    assert_eq!(all[1]["memory"]["content"], "The user moved to Oslo on 2026-04-19.");
    assert_eq!((&all[0]["kept"], &all[0]["memory"], &all[1]["kept"]), (&json!(false), &Value::Null, &json!(true)));
}

#[test]
fn people_see_texts_in_one_column_without_colour_in_a_pipe() {
    let place = Place::new();
    place.file("chat.jsonl", &(monday() + &line("monday", "user", "I live in \u{1b}[31mBergen with Bo.")));
    let ran = place.ok(&["extract", "chat.jsonl", "--explain"]);
    assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
    let entries: Vec<&str> = ran.stdout.lines().filter(|l| l.starts_with("   ") && !l.starts_with("    ")).collect();
    assert!(entries.len() >= 7, "{}", ran.stdout);
    for entry in entries {
        let (word, text) = entry.split_at(16);
        assert!(word.ends_with("  ") && !text.starts_with(' '), "{entry}");
    }
    assert!(ran.stdout.contains("\n   event        The user moved to Oslo on 2026-04-19.\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n                from   messages 2, 3\n"), "{}", ran.stdout);
    assert!(ran.stderr.contains("4 messages") && ran.stderr.contains("left out"), "{}", ran.stderr);

    let plain = place.ok(&["extract", "chat.jsonl"]).stdout;
    assert!(plain.starts_with("event        The user moved to Oslo on 2026-04-19.\n"), "{plain}");
}

#[test]
fn the_same_transcript_gives_the_same_bytes() {
    let place = Place::new();
    let undated = monday().replace("\"timestamp\":\"2026-04-20T09:00:00Z\"", "\"timestamp\":null");
    for explain in
        [&["extract", "-", "--date", "2026-04-20", "--explain"][..], &["extract", "-", "--date", "2026-04-20"]]
    {
        let (first, second) = (place.run_with_input(explain, &undated), place.run_with_input(explain, &undated));
        assert_eq!((first.stdout.as_str(), first.stderr), (second.stdout.as_str(), second.stderr));
        assert!(first.stdout.contains("2026-04-19"), "{}", first.stdout);
    }
}

#[test]
fn conversations_that_are_mixed_keep_their_questions_and_their_speakers() {
    let place = Place::new();
    let chat = [
        line("a", "assistant", "What is your favourite colour?"),
        line("b", "user", "Ana: I sold the red bicycle to Priya yesterday."),
        line("a", "user", "Blue."),
        line("b", "user", "Ana: I sold the red bicycle to Priya yesterday."),
    ]
    .concat();
    place.file("chat.jsonl", &chat);
    let all = place.json(&["extract", "chat.jsonl", "--explain"]);
    let kept: Vec<&Value> = all.as_array().unwrap().iter().filter(|item| item["kept"] == true).collect();
    let of = |item: &Value| (item["sessionId"].clone(), item["speaker"].clone(), item["memory"]["messages"].clone());
    assert_eq!(
        kept.into_iter().map(of).collect::<Vec<_>>(),
        [(json!("b"), json!("Ana"), json!([2])), (json!("a"), Value::Null, json!([1, 3]))],
        "what is sent again is shown once"
    );
    assert!(place.ok(&["extract", "chat.jsonl"]).stderr.contains("4 messages (1 sent again)"));
}

#[test]
fn what_stands_before_a_wrong_line_is_shown_whole() {
    let place = Place::new();
    place.file("bad.jsonl", &(monday() + "{\"role\":\"human\",\"content\":\"secret\"}\n"));
    let ran = place.run(&["extract", "bad.jsonl", "--json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.error()["message"].as_str().unwrap().contains("bad.jsonl: line 4 has another role"), "{}", ran.stderr);
    assert_eq!(ran.json().as_array().unwrap().len(), 3);
    let empty = place.run_with_input(&["extract", "-", "--json"], "");
    assert_eq!((empty.code, empty.stdout.as_str()), (0, "[]\n"));
}

#[test]
fn secrets_are_shown_only_when_they_would_be_kept() {
    let place = Place::new();
    place.file("chat.jsonl", &line("s", "user", "The alarm's PIN is 4821. I live in Oslo."));
    let extract = ["extract", "chat.jsonl"];
    assert!(!place.ok(&extract).stdout.contains("4821"));
    assert!(place.ok(&[&extract[..], &["--keep-secrets"]].concat()).stdout.contains("4821"));
    let told = place.command(&extract).env("MNEMON_KEEP_SECRETS", "yes").output().unwrap();
    assert!(String::from_utf8_lossy(&told.stdout).contains("4821"));

    place.ok(&["ingest", "chat.jsonl"]);
    assert!(!place.ok(&["memories"]).stdout.contains("4821"));
    place.ok(&["ingest", "chat.jsonl", "--keep-secrets", "--profile", "other"]);
    assert!(place.ok(&["memories", "--profile", "other"]).stdout.contains("4821"));
    let remote = place.run(&["ingest", "chat.jsonl", "--keep-secrets", "--url", "http://127.0.0.1:1"]);
    assert_eq!(remote.code, 2, "a server has its own setting: {}", remote.stderr);
}

#[test]
fn the_newest_word_on_a_topic_is_never_taken_for_junk() {
    let place = Place::new();
    let said = [
        "my phone is a Pixel 6",
        "upgraded! my phone is a Pixel 8 now",
        "my phone is a Fairphone 5 now. repairability ftw",
    ];
    place.file("chat.jsonl", &said.map(|content| line("phones", "user", content)).concat());
    let shown = texts(&place.json(&["extract", "chat.jsonl"]), "content");
    assert!(
        ["Pixel 6", "Pixel 8", "Fairphone 5"].iter().all(|phone| shown.iter().any(|kept| kept.contains(phone))),
        "{shown:?}"
    );
}
