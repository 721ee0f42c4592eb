//! Operations 7, 9 and 14: what is told can be asked for.

use serde_json::{Value, json};

use super::{Api, assert_timestamp, assert_ulid, fields, p};
use crate::support::instant;

async fn recall(api: &Api, body: Value) -> Value {
    api.post(&p("/recall"), body).await.ok()
}

#[tokio::test]
async fn what_was_ingested_is_found_by_the_next_call() {
    let api = Api::with_namespace().await;
    api.ingest("s", &["I am allergic to peanuts.", "hello there"]).await;
    let found = recall(&api, json!({"query": "What is the user allergic to?", "evidenceLimit": 10})).await;
    assert_eq!(fields(&found), ["answer", "candidates", "count", "evidence"]);
    assert!(found["answer"].as_str().unwrap().contains("peanuts"), "{found}");
    let candidates = found["candidates"].as_array().unwrap();
    assert_eq!(found["count"], json!(candidates.len()));
    for candidate in candidates {
        assert_eq!(fields(candidate), ["id", "score", "sessionId", "summary"]);
        assert_ulid(&candidate["id"]);
    }
    let evidence = &found["evidence"][0];
    assert_eq!(fields(evidence), ["content", "messageId", "role", "score", "sessionId", "timestamp"]);
    assert_eq!((&evidence["content"], &evidence["role"]), (&json!("I am allergic to peanuts."), &json!("user")));
    assert_timestamp(&evidence["timestamp"]);
    for list in ["candidates", "evidence"] {
        let scores: Vec<f64> = found[list].as_array().unwrap().iter().map(|c| c["score"].as_f64().unwrap()).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "best first: {scores:?}");
    }
}

#[tokio::test]
async fn channels_are_told_when_asked_for_and_sum_to_the_score() {
    let api = Api::with_namespace().await;
    api.ingest("s", &["I am allergic to peanuts.", "hello there"]).await;
    let body = json!({"query": "What is the user allergic to?", "evidenceLimit": 10, "explain": true});
    let found = recall(&api, body).await;
    for list in ["candidates", "evidence"] {
        for item in found[list].as_array().unwrap() {
            let parts = item["explanation"].as_array().unwrap();
            assert!(!parts.is_empty() && parts.iter().all(|part| fields(part) == ["channel", "score"]), "{item}");
            let sum: f64 = parts.iter().map(|part| part["score"].as_f64().unwrap()).sum();
            assert!((sum - item["score"].as_f64().unwrap()).abs() < 1e-4, "{item}");
        }
    }
    let plain = recall(&api, json!({"query": "What is the user allergic to?", "explain": false})).await;
    assert_eq!(fields(&plain["candidates"][0]), ["id", "score", "sessionId", "summary"]);
}

#[tokio::test]
async fn nothing_that_matches_is_an_empty_answer() {
    let api = Api::with_profile().await;
    let found = recall(&api, json!({"query": "zyzzyva qwertyuiop"})).await;
    assert_eq!(fields(&found), ["answer", "candidates", "count"], "no evidence unless it is asked for");
    assert_eq!(found["answer"], json!(""));
}

#[tokio::test]
async fn more_thinking_finds_more_candidates() {
    let api = Api::with_namespace().await;
    for n in 0..45 {
        api.remember(&format!("The user owns a lamp numbered {n}")).await;
    }
    for (level, most) in [(json!(null), 10), (json!("low"), 10), (json!("medium"), 20), (json!("high"), 40)] {
        let found = recall(&api, json!({"query": "Which lamp does the user own?", "thinkingLevel": level})).await;
        assert_eq!(found["candidates"].as_array().unwrap().len(), most, "{level}");
        assert_eq!(found["count"], json!(most));
    }
}

#[tokio::test]
async fn evidence_is_messages_whether_or_not_memories_were_made() {
    let api = Api::with_namespace().await;
    let messages: Vec<String> = (0..12).map(|n| format!("hello lamp {n}")).collect();
    api.ingest("s", &messages.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for (limit, most) in [(1, 1), (5, 5), (100, 12)] {
        let found = recall(&api, json!({"query": "lamp", "evidenceLimit": limit})).await;
        let evidence = found["evidence"].as_array().unwrap();
        assert!(!evidence.is_empty() && evidence.len() <= most, "{limit}: {}", evidence.len());
        assert!(evidence.iter().all(|e| messages.iter().any(|m| e["content"] == json!(m))));
    }
    let bare = recall(&api, json!({"query": "lamp", "evidenceLimit": 0})).await;
    assert_eq!(fields(&bare), ["answer", "candidates", "count"]);
}

#[tokio::test]
async fn recall_takes_its_options_and_points_to_what_is_wrong() {
    let api = Api::with_profile().await;
    for good in [
        json!({"query": "x"}),
        json!({"query": "ä".repeat(512)}),
        json!({"query": "x", "referenceDate": "2026-05-01", "thinkingLevel": "high", "responseLength": "short"}),
        json!({"query": "x", "referenceDate": "2026-05-01T10:00:00+05:30", "responseLength": "long"}),
        json!({"query": "x", "referenceDate": null, "thinkingLevel": null, "responseLength": null, "evidenceLimit": null}),
        json!({"query": "x", "evidenceLimit": 100, "unknown": {"a": [1]}}),
    ] {
        recall(&api, good).await;
    }
    for (bad, pointer) in [
        (json!({}), "/query"),
        (json!({"query": ""}), "/query"),
        (json!({"query": "x".repeat(1025)}), "/query"),
        (json!({"query": "ä".repeat(513)}), "/query"),
        (json!({"query": 7}), "/query"),
        (json!({"query": "x", "referenceDate": "yesterday"}), "/referenceDate"),
        (json!({"query": "x", "referenceDate": "2026-02-30"}), "/referenceDate"),
        (json!({"query": "x", "referenceDate": 1_780_000_000}), "/referenceDate"),
        (json!({"query": "x", "thinkingLevel": "deep"}), "/thinkingLevel"),
        (json!({"query": "x", "thinkingLevel": 2}), "/thinkingLevel"),
        (json!({"query": "x", "responseLength": "LONG"}), "/responseLength"),
        (json!({"query": "x", "evidenceLimit": 101}), "/evidenceLimit"),
        (json!({"query": "x", "evidenceLimit": -1}), "/evidenceLimit"),
        (json!({"query": "x", "evidenceLimit": 0.5}), "/evidenceLimit"),
        (json!({"query": "x", "evidenceLimit": "5"}), "/evidenceLimit"),
    ] {
        api.post(&p("/recall"), bad).await.points_to(pointer);
    }
    let message =
        api.post(&p("/recall"), json!({"query": "x", "thinkingLevel": "deep"})).await.points_to("/thinkingLevel");
    assert!(message.contains("`deep`") && message.contains("low, medium, high"), "{message}");
}

#[tokio::test]
async fn ingesting_again_adds_only_what_is_new() {
    let api = Api::with_namespace().await;
    let said = ["I am allergic to peanuts.", "My sister is called Mara."];
    api.ingest("s", &said[..1]).await;
    let one = api.get(&p("/memories")).await.column("id");
    api.ingest("s", &said[..1]).await;
    assert_eq!(api.get(&p("/memories")).await.column("id"), one);
    api.ingest("s", &said).await;
    let found = recall(&api, json!({"query": "allergic peanuts sister Mara", "evidenceLimit": 100})).await;
    assert_eq!(found["evidence"].as_array().unwrap().len(), 2, "{found}");
}

#[tokio::test]
async fn a_messages_time_is_no_part_of_its_identity() {
    let api = Api::with_namespace().await;
    for timestamp in [json!("2026-05-01T10:00:00Z"), json!("2026-05-02"), json!(null)] {
        let message = json!({"role": "user", "content": "I am allergic to peanuts.", "timestamp": timestamp});
        api.post(&p("/ingest"), json!({"messages": [message], "sessionId": "s"})).await.ok();
    }
    let found = recall(&api, json!({"query": "peanuts", "evidenceLimit": 100})).await;
    let [evidence] = found["evidence"].as_array().unwrap().as_slice() else { panic!("{found}") };
    assert_eq!(evidence["timestamp"], json!("2026-05-01T10:00:00.000Z"));
}

#[tokio::test]
async fn a_conversation_without_a_name_gets_one_from_its_content() {
    let api = Api::with_namespace().await;
    let message = json!({"role": "user", "content": "I am allergic to peanuts."});
    for _ in 0..2 {
        api.post(&p("/ingest"), json!({"messages": [message], "sessionId": null})).await.ok();
    }
    let found = recall(&api, json!({"query": "peanuts", "evidenceLimit": 100})).await;
    assert_eq!(found["evidence"].as_array().unwrap().len(), 1, "{found}");
    assert!(found["evidence"][0]["sessionId"].as_str().is_some_and(|id| !id.is_empty()));
}

#[tokio::test]
async fn ingest_takes_up_to_five_hundred_messages_of_every_role() {
    let api = Api::with_namespace().await;
    let messages: Vec<_> = (0..500)
        .map(|n| (["system", "user", "assistant"][n % 3], format!("m {n}")))
        .map(|(role, content)| json!({"role": role, "content": content}))
        .collect();
    api.post(&p("/ingest"), json!({"messages": messages})).await.ok();
    let long = json!({"role": "user", "content": "x".repeat(32_768)});
    api.post(&p("/ingest"), json!({"messages": [long]})).await.ok();
    for (messages, pointer) in [
        (json!([]), "/messages"),
        (json!(vec![json!({"role": "user", "content": "x"}); 501]), "/messages"),
        (json!(vec![1; 10_000]), "/messages"),
        (json!("hello"), "/messages"),
        (json!({"role": "user"}), "/messages"),
        (json!([{"role": "user", "content": "x"}, 1]), "/messages/1"),
        (json!([{"role": "user", "content": "x".repeat(32_769)}]), "/messages/0/content"),
        (json!([{"role": "user", "content": ""}]), "/messages/0/content"),
        (json!([{"role": "user"}]), "/messages/0/content"),
        (json!([{"content": "x"}]), "/messages/0/role"),
        (json!([{"role": "tool", "content": "x"}]), "/messages/0/role"),
        (json!([{"role": "user", "content": "x", "timestamp": "soon"}]), "/messages/0/timestamp"),
    ] {
        api.post(&p("/ingest"), json!({"messages": messages})).await.points_to(pointer);
    }
    api.post(&p("/ingest"), json!({})).await.points_to("/messages");
}

#[tokio::test]
async fn relative_dates_are_relative_to_the_reference_date() {
    let api = Api::with_namespace().await;
    for (day, what) in [
        ("2026-05-01T10:00:00Z", "I visited the museum today."),
        ("2026-05-20T10:00:00Z", "I visited the aquarium today."),
    ] {
        let message = json!({"role": "user", "content": what, "timestamp": day});
        api.post(&p("/ingest"), json!({"messages": [message], "sessionId": day})).await.ok();
    }
    api.clock.set(instant("2026-05-21T09:00:00Z"));
    let query = "What did the user visit yesterday?";
    let now = recall(&api, json!({"query": query})).await;
    assert!(now["answer"].as_str().unwrap().contains("aquarium"), "{now}");
    let then = recall(&api, json!({"query": query, "referenceDate": "2026-05-02"})).await;
    assert!(then["answer"].as_str().unwrap().contains("museum"), "{then}");
}

#[tokio::test]
async fn a_summary_is_markdown_under_the_known_headings() {
    let api = Api::with_namespace().await;
    api.ingest("a", &["I am allergic to peanuts."]).await;
    let summary = api.post(&p("/summary"), json!({})).await.ok();
    assert_eq!(fields(&summary), ["summary"]);
    let text = summary["summary"].as_str().unwrap();
    assert!(text.contains("peanuts"), "{text}");
    let known = ["Key Facts", "Recent Events", "Active Tasks", "Last Session", "Instructions"];
    let headings: Vec<&str> =
        text.lines().filter(|l| l.starts_with('#')).map(|l| l.trim_start_matches(['#', ' '])).collect();
    assert!(!headings.is_empty() && headings.iter().all(|h| known.contains(h)), "{headings:?}");
    assert!(!headings.contains(&"Active Tasks"), "empty ones are dropped");
    let other = api.post(&p("/summary"), json!({"sessionId": "b"})).await.ok();
    assert!(!other["summary"].as_str().unwrap().contains("Last Session"), "nothing was said in that one: {other}");
    api.post(&p("/summary"), json!({"sessionId": null})).await.ok();
    api.post(&p("/summary"), json!({"sessionId": ""})).await.points_to("/sessionId");
    api.call("POST", &p("/summary"), axum::body::Body::empty()).await.fails(400, 10001);
}
