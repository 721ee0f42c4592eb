//! Operations 8 and 10 to 13: memories one by one, and what a delete takes with it.

use serde_json::{Value, json};

use super::{Answer, Api, assert_timestamp, assert_ulid, fields, p};

const WHOLE: [&str; 7] = ["content", "createdAt", "id", "sessionId", "summary", "type", "updatedAt"];
const TYPES: [&str; 4] = ["fact", "event", "instruction", "task"];

#[tokio::test]
async fn what_is_remembered_is_got_and_listed_at_once() {
    let api = Api::with_namespace().await;
    let body = json!({"content": "The user plays the cello", "sessionId": "s1"});
    let memory = api.post(&p("/remember"), body).await.ok();
    assert_eq!(fields(&memory), WHOLE);
    assert_ulid(&memory["id"]);
    assert_timestamp(&memory["createdAt"]);
    assert_timestamp(&memory["updatedAt"]);
    assert!(TYPES.contains(&memory["type"].as_str().unwrap()));
    assert_eq!((&memory["content"], &memory["sessionId"]), (&json!("The user plays the cello"), &json!("s1")));
    let id = memory["id"].as_str().unwrap();
    assert_eq!(api.get(&p(&format!("/memories/{id}"))).await.ok(), memory);
    let mut entry = memory.clone();
    entry.as_object_mut().unwrap().remove("content");
    assert_eq!(api.get(&p("/memories")).await.ok(), json!([entry]));
}

#[tokio::test]
async fn no_session_is_null_and_null_is_no_session() {
    let api = Api::with_namespace().await;
    let bare = api.post(&p("/remember"), json!({"content": "The user plays the cello"})).await.ok();
    assert_eq!((fields(&bare).as_slice(), &bare["sessionId"]), (WHOLE.as_slice(), &Value::Null));
    let null = api.post(&p("/remember"), json!({"content": "The user plays the cello", "sessionId": null})).await.ok();
    assert_eq!(null, bare);
}

#[tokio::test]
async fn remembering_again_gives_the_memory_that_is_there() {
    let api = Api::with_namespace().await;
    let body = json!({"content": "The user plays the cello", "sessionId": "s"});
    let first = api.post(&p("/remember"), body.clone()).await.ok();
    assert_eq!(api.post(&p("/remember"), body).await.ok()["id"], first["id"]);
    assert_eq!(api.get(&p("/memories")).await.ok().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn content_is_measured_in_bytes() {
    let api = Api::with_namespace().await;
    for good in ["x".to_owned(), "x".repeat(32_768), "é".repeat(16_384)] {
        let memory = api.remember(&good).await;
        assert_eq!(memory["content"], json!(good));
    }
    for bad in ["x".repeat(32_769), "é".repeat(16_384) + "x"] {
        let message = api.post(&p("/remember"), json!({"content": bad})).await.points_to("/content");
        assert!(message.contains("32769") && message.contains("32768"), "{message}");
    }
    for bad in [json!(""), json!(null), json!(1), json!({"text": "x"})] {
        api.post(&p("/remember"), json!({"content": bad})).await.points_to("/content");
    }
    api.post(&p("/remember"), json!({})).await.points_to("/content");
}

#[tokio::test]
async fn session_ids_are_measured_in_characters() {
    let api = Api::with_namespace().await;
    for good in ["s".to_owned(), "ä".repeat(64), "a/b:c d?e#f%20".to_owned(), "🦊".repeat(64)] {
        let body = json!({"content": format!("The user likes {good}"), "sessionId": good});
        assert_eq!(api.post(&p("/remember"), body).await.ok()["sessionId"], json!(good));
    }
    for bad in [json!(""), json!("x".repeat(65)), json!(7), json!({})] {
        api.post(&p("/remember"), json!({"content": "x", "sessionId": bad})).await.points_to("/sessionId");
    }
}

#[tokio::test]
async fn an_unknown_or_malformed_id_is_not_found() {
    let api = Api::with_profile().await;
    let lower = api.get(&p("/memories")).await.column("id").remove(0).to_lowercase();
    for id in [
        "01JSGCEXAMPP1E000000000000",
        "01JSGCEXAMPLE0000000000000",
        "x",
        "0",
        "00000000000000000000000000",
        &lower,
        "%2F",
        "a%20b",
    ] {
        let path = p(&format!("/memories/{id}"));
        assert_eq!(api.get(&path).await.fails(404, 1005), "memory not found", "{id}");
        assert_eq!(api.delete(&path).await.fails(404, 1005), "memory not found", "{id}");
        assert_eq!(api.get(&format!("{path}?include=sources")).await.fails(404, 1005), "memory not found", "{id}");
    }
    assert_eq!(api.get(&p("/memories")).await.ok().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_deleted_memory_is_shown_once_more_and_is_gone() {
    let api = Api::with_profile().await;
    let kept = api.remember("The user rides a bicycle").await;
    let gone = api.remember("The user collects stamps").await;
    let path = p(&format!("/memories/{}", gone["id"].as_str().unwrap()));
    assert_eq!(api.delete(&path).await.ok(), gone);
    api.get(&path).await.fails(404, 1005);
    api.delete(&path).await.fails(404, 1005);
    assert!(!api.get(&p("/memories")).await.column("id").contains(&gone["id"].as_str().unwrap().to_owned()));
    let found = api.post(&p("/recall"), json!({"query": "stamps", "evidenceLimit": 100})).await.ok();
    assert!(!found.to_string().contains("stamps"), "{found}");
    assert!(api.post(&p("/recall"), json!({"query": "bicycle"})).await.ok().to_string().contains("bicycle"));
    assert_eq!(api.get(&p(&format!("/memories/{}", kept["id"].as_str().unwrap()))).await.ok(), kept);
}

/// An ingested sentence that is sure to become a memory, and the memory.
async fn ingested(api: &Api) -> Value {
    api.ingest("talk", &["I am allergic to peanuts."]).await;
    let list = api.get(&p("/memories?session_id=talk")).await;
    let id = list.column("id").into_iter().next().expect("a memory was made");
    api.get(&p(&format!("/memories/{id}?include=sources"))).await.ok()
}

#[tokio::test]
async fn sources_are_shown_when_asked_for() {
    let api = Api::with_namespace().await;
    let memory = ingested(&api).await;
    assert_eq!(fields(&memory), ["content", "createdAt", "id", "sessionId", "sources", "summary", "type", "updatedAt"]);
    let [source] = memory["sources"].as_array().unwrap().as_slice() else { panic!("{memory}") };
    assert_eq!(fields(source), ["content", "messageId", "role", "sessionId", "timestamp"]);
    assert_eq!((&source["content"], &source["role"]), (&json!("I am allergic to peanuts."), &json!("user")));
    assert_eq!((&source["sessionId"], source["messageId"].as_str().unwrap().len()), (&json!("talk"), 32));
    assert_timestamp(&source["timestamp"]);
    let path = p(&format!("/memories/{}", memory["id"].as_str().unwrap()));
    assert_eq!(fields(&api.get(&path).await.ok()), WHOLE);
    let remembered = api.remember("The user plays the cello").await["id"].as_str().unwrap().to_owned();
    let remembered = api.get(&p(&format!("/memories/{remembered}?include=sources"))).await.ok();
    assert_eq!(remembered["sources"], json!([]));
    api.get(&format!("{path}?include=everything")).await.points_to("/include");
    api.get(&p("/memories?include=sources")).await.points_to("/include");
}

#[tokio::test]
async fn a_deleted_memorys_messages_leave_the_search_too() {
    let api = Api::with_namespace().await;
    let memory = ingested(&api).await;
    let evidence = || async { api.post(&p("/recall"), json!({"query": "peanuts", "evidenceLimit": 10})).await.ok() };
    assert_eq!(evidence().await["evidence"].as_array().unwrap().len(), 1);
    let deleted = api.delete(&p(&format!("/memories/{}", memory["id"].as_str().unwrap()))).await.ok();
    assert_eq!(fields(&deleted), WHOLE);
    let found = evidence().await;
    assert_eq!((&found["evidence"], &found["candidates"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_deleted_session_takes_messages_and_memories_along() {
    let api = Api::with_profile().await;
    let session = "chat/2026:06 ü";
    api.ingest(session, &["I am allergic to peanuts.", "ok"]).await;
    let encoded = "chat%2F2026%3A06%20%C3%BC";
    assert_eq!(api.get(&p(&format!("/memories?session_id={encoded}"))).await.ok().as_array().unwrap().len(), 1);
    assert_eq!(api.delete(&p("/sessions/chat")).await.ok(), Value::Null, "another session: nothing to do");
    assert_eq!(api.get(&p(&format!("/memories?session_id={encoded}"))).await.ok().as_array().unwrap().len(), 1);
    assert_eq!(api.delete(&p(&format!("/sessions/{encoded}"))).await.ok(), Value::Null);
    assert_eq!(api.get(&p(&format!("/memories?session_id={encoded}"))).await.ok(), json!([]));
    let found = api.post(&p("/recall"), json!({"query": "peanuts ok", "evidenceLimit": 100})).await.ok();
    assert!(!found.to_string().contains("peanuts"), "{found}");
    assert_eq!(api.delete(&p(&format!("/sessions/{encoded}"))).await.ok(), Value::Null, "no rows is a no-op");
    assert_eq!(api.get(&p("/memories")).await.ok().as_array().unwrap().len(), 1, "the rest stays");
    api.delete(&p(&format!("/sessions/{}", "x".repeat(65)))).await.points_to("/session_id");
}

#[tokio::test]
async fn history_is_hidden_but_can_be_read() {
    let api = Api::with_namespace().await;
    api.ingest("s", &["I live in Oslo."]).await;
    let [old] = api.get(&p("/memories")).await.column("id").try_into().unwrap();
    api.clock.set(crate::support::instant("2026-06-02T12:00:00Z"));
    api.ingest("s", &["I live in Bergen now."]).await;
    let current = api.get(&p("/memories")).await.column("id");
    assert!(current.len() == 1 && current[0] != old, "{current:?}");
    let history = api.get(&p("/memories?include=superseded")).await;
    assert_eq!(history.column("id"), [&current[0], &old].map(Clone::clone));
    let rows = history.ok();
    assert_eq!(rows[1]["supersededBy"], json!(current[0]));
    assert!(!fields(&rows[0]).contains(&"supersededBy"));
    let got = api.get(&p(&format!("/memories/{old}"))).await.ok();
    assert_eq!(got["supersededBy"], json!(current[0]));
    assert!(got["content"].as_str().unwrap().contains("Oslo"));
    let found = api.post(&p("/recall"), json!({"query": "Where does the user live?"})).await.ok();
    assert_eq!(found["candidates"].as_array().unwrap().iter().filter(|c| c["id"] == json!(old)).count(), 0);
    let summary = api.post(&p("/summary"), json!({})).await.ok();
    assert!(!summary["summary"].as_str().unwrap().contains("Oslo"), "{summary}");
}

#[tokio::test]
async fn lists_are_filtered_by_session_and_type() {
    let api = Api::with_namespace().await;
    for (content, session) in [("The user plays the cello", "a"), ("The user rides a bicycle", "b")] {
        api.post(&p("/remember"), json!({"content": content, "sessionId": session})).await.ok();
    }
    let list = |query: &'static str| {
        let api = &api;
        async move { api.get(&p(&format!("/memories{query}"))).await }
    };
    assert_eq!(list("?session_id=a").await.column("sessionId"), ["a"]);
    assert_eq!(list("?session_id=").await.column("sessionId"), ["b", "a"], "newest first");
    assert_eq!(list("?session_id=none").await.ok(), json!([]));
    let mut by_type = 0;
    for kind in TYPES {
        let found: Answer = api.get(&p(&format!("/memories?type={kind}"))).await;
        assert!(found.column("type").iter().all(|found| found == kind));
        by_type += found.ok().as_array().unwrap().len();
    }
    assert_eq!(by_type, 2);
    let message = list("?type=opinion").await.points_to("/type");
    assert!(message.contains("`opinion`") && message.contains("fact, event, instruction, task"), "{message}");
    list(concat!("?session_id=", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"))
        .await
        .points_to("/session_id");
}
