//! Operations 5 and 6, and which calls create a profile.

use axum::body::Body;
use serde_json::{Value, json};

use super::{Api, assert_timestamp, fields, p};

#[tokio::test]
async fn the_first_write_creates_a_profile() {
    let api = Api::with_namespace().await;
    assert_eq!(api.get("/namespaces/n/profiles").await.ok(), json!([]));
    api.remember("The user plays the cello").await;
    api.post("/namespaces/n/profiles/chatty/ingest", json!({"messages": [{"role": "user", "content": "hi"}]}))
        .await
        .ok();
    let list = api.get("/namespaces/n/profiles").await;
    assert_eq!(list.column("name"), ["chatty", "p"]);
    let rows = list.ok();
    assert_eq!(fields(&rows[0]), ["createdAt", "name"]);
    assert_timestamp(&rows[0]["createdAt"]);
}

/// Every call on a profile, with a body that is right.
fn calls() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("POST", "/recall", json!({"query": "cello"})),
        ("GET", "/memories", Value::Null),
        ("GET", "/memories/01JSGCEXAMPP1E000000000000", Value::Null),
        ("DELETE", "/memories/01JSGCEXAMPP1E000000000000", Value::Null),
        ("DELETE", "/sessions/s", Value::Null),
        ("POST", "/summary", json!({})),
        ("DELETE", "", Value::Null),
    ]
}

#[tokio::test]
async fn every_other_call_on_an_unwritten_profile_finds_none() {
    let api = Api::with_namespace().await;
    for (method, path, body) in calls() {
        let answer = api.call(method, &p(path), Body::from(body.to_string())).await;
        assert_eq!(answer.fails(404, 1004), "profile not found", "{method} {path}");
    }
    assert_eq!(api.get("/namespaces/n/profiles").await.ok(), json!([]), "and creates none");
}

#[tokio::test]
async fn every_call_in_a_missing_namespace_finds_none() {
    let api = Api::new();
    let writes = [
        ("POST", "/remember", json!({"content": "x"})),
        ("POST", "/ingest", json!({"messages": [{"role": "user", "content": "x"}]})),
    ];
    for (method, path, body) in calls().into_iter().chain(writes) {
        let answer = api.call(method, &p(path), Body::from(body.to_string())).await;
        assert_eq!(answer.fails(404, 1003), "namespace not found", "{method} {path}");
    }
    api.get("/namespaces/n/profiles").await.fails(404, 1003);
}

#[tokio::test]
async fn a_deleted_profile_is_gone_at_once_and_may_begin_again() {
    let api = Api::with_profile().await;
    assert_eq!(api.delete(&p("")).await.ok(), Value::Null);
    api.get(&p("/memories")).await.fails(404, 1004);
    api.delete(&p("")).await.fails(404, 1004);
    assert_eq!(api.get("/namespaces/n/profiles").await.ok(), json!([]));
    api.remember("The user rides a bicycle").await;
    assert_eq!(api.get(&p("/memories")).await.ok().as_array().unwrap().len(), 1);
    let found = api.post(&p("/recall"), json!({"query": "cello", "evidenceLimit": 100})).await.ok();
    assert!(!found.to_string().contains("cello"), "{found}");
}

#[tokio::test]
async fn profile_names_may_have_a_hundred_characters() {
    let api = Api::with_namespace().await;
    let path = |n| format!("/namespaces/n/profiles/{}/remember", "x".repeat(n));
    api.post(&path(100), json!({"content": "x y z"})).await.ok();
    let message = api.post(&path(101), json!({"content": "x y z"})).await.fails(400, 10002);
    assert!(message.contains("101") && message.contains("100"), "{message}");
}
