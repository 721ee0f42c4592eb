//! `mnemon ingest`: nothing lost, nothing twice.

use super::Place;

const CHAT: &str = r#"{"role":"user","content":"I live in Oslo and work as a marine biologist.","timestamp":"2026-05-01T10:00:00Z"}
{"role":"assistant","content":"Nice to meet you!"}
{"role":"user","content":"My sister Bo moved to Bergen last week.","timestamp":"2026-05-01T10:01:00+02:00"}
"#;

#[test]
fn a_transcript_is_kept_once_however_often_it_is_ingested() {
    let place = Place::new();
    place.file("chat.jsonl", CHAT);
    let first = place.json(&["ingest", "chat.jsonl"]);
    assert_eq!((&first["messages"], &first["messagesAdded"]), (&3.into(), &3.into()));
    let longer = format!("{CHAT}{}", r#"{"role":"user","content":"Please always answer in short sentences."}"#);
    place.file("chat.jsonl", &longer);
    let second = place.json(&["ingest", "chat.jsonl"]);
    assert_eq!((&second["messages"], &second["messagesAdded"]), (&4.into(), &1.into()));
    place.ok(&["check"]);
}

#[test]
fn every_layout_holds_the_same_conversation() {
    let lines: Vec<&str> = CHAT.lines().collect();
    let list = format!("[{}]", lines.join(",\n"));
    let place = Place::new();
    place.file("lines.jsonl", CHAT);
    place.file("list.json", &list);
    place.file("talk.json", &format!(r#"{{"messages": {list}}}"#));
    place.file("talks.json", &format!(r#"[{{"messages": {list}, "sessionId": null}}]"#));
    assert_eq!(place.json(&["ingest", "lines.jsonl"])["messagesAdded"], 3);
    for same in ["list.json", "talk.json", "talks.json"] {
        assert_eq!(place.json(&["ingest", same])["messagesAdded"], 0, "{same}");
    }
    let piped = place.run_with_input(&["ingest", "-", "--json"], CHAT);
    assert_eq!(piped.json()["messagesAdded"], 0);
}

#[test]
fn more_messages_than_one_batch_are_one_session() {
    let place = Place::new();
    let lines: Vec<_> = (0..603).map(|n| format!("{{\"role\":\"assistant\",\"content\":\"line {n}\"}}")).collect();
    place.file("long.jsonl", &lines.join("\n"));
    assert_eq!(place.json(&["ingest", "long.jsonl"])["messagesAdded"], 603);
    let recalled = place.json(&["recall", "line 602", "--evidence", "100"]);
    let sessions: std::collections::BTreeSet<_> =
        recalled["evidence"].as_array().unwrap().iter().map(|e| e["sessionId"].as_str().unwrap()).collect();
    assert_eq!(sessions.len(), 1, "{sessions:?}");
}

#[test]
fn sessions_of_the_file_are_kept_apart_unless_one_is_named() {
    let talk = |session: &str| {
        format!(
            r#"{{"sessionId":"{session}","messages":[{{"role":"user","content":"I live in Oslo with my sister."}}]}}"#
        )
    };
    let place = Place::new();
    place.file("talks.jsonl", &format!("{}\n{}\n", talk("one"), talk("two")));
    assert_eq!(place.json(&["ingest", "talks.jsonl"])["messagesAdded"], 2);
    assert_eq!(place.json(&["ingest", "talks.jsonl", "--session", "three"])["messagesAdded"], 1);
}

#[test]
fn a_wrong_line_is_named_and_the_lines_before_it_are_kept() {
    let place = Place::new();
    let good: Vec<&str> = CHAT.lines().collect();
    place.file(
        "bad.jsonl",
        &format!("{}\n{}\n{{\"role\":\"human\",\"content\":\"secret\"}}\n{}\n", good[0], good[1], good[2]),
    );
    let ran = place.run(&["ingest", "bad.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("bad.jsonl: line 3 has another role"), "{}", ran.stderr);
    assert!(ran.stderr.contains("2 messages before it kept") && !ran.stderr.contains("secret"), "{}", ran.stderr);
    place.file("bad.jsonl", CHAT);
    assert_eq!(place.json(&["ingest", "bad.jsonl"])["messagesAdded"], 1);
}

#[test]
fn a_file_that_is_no_transcript_is_refused() {
    let place = Place::new();
    for (name, content) in
        [("a.json", "{\"role\": \"user\""), ("b.json", "hello"), ("c.json", "[1]"), ("d.jsonl", "\"x\"")]
    {
        place.file(name, content);
        let ran = place.run(&["ingest", name, "--json"]);
        assert_eq!(ran.code, 2, "{name}");
        assert!(ran.error()["message"].as_str().unwrap().contains("line 1"), "{name}: {}", ran.stderr);
    }
    let missing = place.run(&["ingest", "nothing.json"]);
    assert_eq!(missing.code, 1);
    assert!(missing.stderr.contains("nothing.json"), "{}", missing.stderr);
}
