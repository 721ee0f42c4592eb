//! What the server streams to whoever runs it.

use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use mnemon::engine::{Engine, Grant, NewToken, Scope};
use mnemon::model::{AccountId, NamespaceName};
use serde_json::json;
use tower::ServiceExt;

use super::access::request;
use super::{Api, TOKEN, p};

#[tokio::test]
async fn a_backup_needs_a_token_that_may_do_everything() {
    let api = Api::with_profile().await;
    let (account, namespace) = (AccountId::parse("local").unwrap(), NamespaceName::parse("n").unwrap());
    let write = Grant { account: None, namespace: None, scope: Scope::Write };
    for (grant, status) in [
        (write.clone(), 200),
        (Grant { scope: Scope::Read, ..write.clone() }, 403),
        (Grant { account: Some(account.clone()), ..write.clone() }, 403),
        (Grant { account: Some(account), namespace: Some(namespace), ..write }, 403),
    ] {
        let (_, secret) = api.engine.create_token(NewToken { label: "test".into(), grant }).unwrap();
        for path in ["/admin/backup", "/admin/export"] {
            let answer = api.raw(request("GET", path, Some(secret.reveal()))).await;
            assert_eq!(answer.status.as_u16(), status, "{path}");
        }
    }
    for path in ["/admin/backup", "/admin/export", "/admin/nowhere"] {
        api.send(request("GET", path, None)).await.fails(401, 10000);
    }
    api.send(request("GET", "/admin/nowhere", Some(TOKEN))).await.fails(404, 10003);
}

#[tokio::test]
async fn one_backup_runs_at_a_time_and_is_whole() {
    let api = Api::with_profile().await;
    // More than fits in what is sent ahead: the first stream waits for its reader.
    let message = |n| json!({"role": "system", "content": format!("{n} {}", "x".repeat(30_000))});
    let body = json!({"messages": (0..60).map(message).collect::<Vec<_>>()});
    api.post(&p("/ingest"), body).await.ok();
    let first = api.router.clone().oneshot(request("GET", "/admin/backup", Some(TOKEN))).await.unwrap();
    assert_eq!(first.headers()[CONTENT_TYPE], "application/octet-stream");
    api.send(request("GET", "/admin/backup", Some(TOKEN))).await.fails(429, 10012);
    api.remember("The user plays the flute").await;
    let bytes = first.into_body().collect().await.unwrap().to_bytes();
    let summary = Engine::verify_backup(&*bytes, &|_, _| ()).unwrap();
    assert_eq!(summary.damaged, 0);

    // A reader that hangs up frees the turn.
    let second = api.router.clone().oneshot(request("GET", "/admin/backup", Some(TOKEN))).await.unwrap();
    drop(second);
    for _ in 0..200 {
        if api.raw(request("GET", "/admin/backup", Some(TOKEN))).await.status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the turn never came back");
}
