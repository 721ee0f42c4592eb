//! How often one caller may call: off unless asked for, but for wrong tokens.

use std::num::NonZeroU32;

use mnemon::engine::Scope;
use mnemon::http::{ApiOptions, Rates};
use serde_json::json;

use super::access::{grant, request};
use super::{Answer, Api, BASE, TOKEN, api_options};
use crate::support::WordEmbedder;

const NONE: Rates = Rates { token: None, address: None, failed_logins: None };

fn limited(rates: Rates) -> Api {
    Api::with(WordEmbedder::named("words"), |clock| ApiOptions { rates, ..api_options(clock) })
}

async fn list(api: &Api, token: &str) -> Answer {
    api.send(request("GET", &format!("{BASE}/namespaces"), Some(token))).await
}

/// Holds a refusal to the contract; gives its words.
fn too_often(answer: &Answer) -> String {
    let message = answer.fails(429, 10012);
    let seconds: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds) && message.contains(&format!("{seconds} s")), "{message}");
    message
}

#[tokio::test]
async fn a_token_has_its_own_rate() {
    let api = limited(Rates { token: NonZeroU32::new(3), ..NONE });
    let other = api.token(grant(None, None, Scope::Read));
    for _ in 0..3 {
        list(&api, TOKEN).await.ok();
    }
    let message = too_often(&list(&api, TOKEN).await);
    assert!(message.contains("more than 3 requests a minute with one token"), "{message}");
    too_often(&api.post("/namespaces", json!({"name": "n"})).await);
    assert_eq!(list(&api, &other).await.ok(), json!([]), "another token is not concerned, and nothing was written");
    list(&api, "wrong").await.fails(401, 10000);
}

#[tokio::test]
async fn an_address_has_its_rate_whatever_its_tokens_and_the_probes_are_free() {
    let api = limited(Rates { address: NonZeroU32::new(3), ..NONE });
    list(&api, TOKEN).await.ok();
    list(&api, "wrong").await.fails(401, 10000);
    api.send(request("GET", "/nowhere", None)).await.fails(404, 10003);
    let message = too_often(&list(&api, TOKEN).await);
    assert!(message.contains("more than 3 requests a minute from one address"), "{message}");
    too_often(&api.send(request("GET", "/openapi.json", None)).await);
    for _ in 0..10 {
        api.send(request("GET", "/healthz", None)).await.ok();
        api.send(request("GET", "/readyz", None)).await.ok();
    }
}

#[tokio::test]
async fn guessing_stops_while_tokens_that_worked_go_on_working() {
    let api = limited(Rates { failed_logins: NonZeroU32::new(3), ..NONE });
    let fresh = api.token(grant(None, None, Scope::Read));
    list(&api, TOKEN).await.ok();
    for guess in 0..3 {
        list(&api, &format!("guess-{guess}")).await.fails(401, 10000);
    }
    let message = too_often(&list(&api, "guess-3").await);
    assert!(message.contains("more than 3 wrong tokens a minute"), "{message}");
    assert_eq!(too_often(&list(&api, &fresh).await), message, "a right guess is told from a wrong one no more");
    list(&api, TOKEN).await.ok();
    api.send(request("GET", &format!("{BASE}/namespaces"), None)).await.fails(401, 10000);
}

#[tokio::test]
async fn a_revoked_token_is_no_token_though_it_worked() {
    let api = limited(Rates { failed_logins: NonZeroU32::new(3), ..NONE });
    let new = mnemon::engine::NewToken { label: "test".into(), grant: grant(None, None, Scope::Write) };
    let (token, secret) = api.engine.create_token(new).unwrap();
    list(&api, secret.reveal()).await.ok();
    assert!(api.engine.revoke_token(token.id).unwrap());
    for _ in 0..5 {
        list(&api, secret.reveal()).await.fails(401, 10000);
    }
}

#[tokio::test]
async fn nothing_is_limited_unless_asked_for() {
    let api = limited(Rates::default());
    for _ in 0..1_000 {
        list(&api, TOKEN).await.ok();
    }
}
