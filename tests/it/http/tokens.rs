//! Tokens that are made, listed and revoked while the server serves.

use axum::body::Body;
use mnemon::engine::Scope;
use serde_json::{Value, json};

use super::access::{grant, request};
use super::{Answer, Api, BASE, TOKEN, assert_timestamp, assert_ulid, fields};

async fn admin(api: &Api, method: &str, path: &str, body: Value) -> Answer {
    let mut request = request(method, &format!("/admin/tokens{path}"), Some(TOKEN));
    *request.body_mut() = Body::from(body.to_string());
    api.send(request).await
}

async fn namespaces(api: &Api, token: &str) -> Answer {
    api.send(request("GET", &format!("{BASE}/namespaces"), Some(token))).await
}

#[tokio::test]
async fn a_token_is_made_used_listed_and_refused_from_the_moment_it_is_revoked() {
    let api = Api::with_namespace().await;
    let body = json!({"label": "dashboard", "account": "local", "scope": "read"});
    let made = admin(&api, "POST", "", body).await.is(201);
    assert_eq!(fields(&made), ["account", "createdAt", "id", "label", "lastUsedAt", "namespace", "scope", "secret"]);
    assert_ulid(&made["id"]);
    assert_timestamp(&made["createdAt"]);
    assert_eq!((&made["lastUsedAt"], &made["namespace"]), (&Value::Null, &Value::Null));
    let secret = made["secret"].as_str().unwrap();
    namespaces(&api, secret).await.ok();
    api.send(request("DELETE", &format!("{BASE}/namespaces/n"), Some(secret))).await.fails(403, 10013);

    let list = admin(&api, "GET", "", json!(null)).await;
    assert!(!list.text.contains(secret), "the secret is shown once");
    let listed = &list.ok()[0];
    assert_eq!((&listed["id"], &listed["label"], &listed["scope"]), (&made["id"], &json!("dashboard"), &json!("read")));
    assert_timestamp(&listed["lastUsedAt"]);

    let path = format!("/{}", made["id"].as_str().unwrap());
    assert_eq!(admin(&api, "DELETE", &path, json!(null)).await.ok(), Value::Null);
    namespaces(&api, secret).await.fails(401, 10000);
    for gone in [path.as_str(), "/x", "/01KB3V5W7ZJ8M4Q2N6T9R1XCFH"] {
        assert_eq!(admin(&api, "DELETE", gone, json!(null)).await.fails(404, 1006), "token not found");
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_is_refused() {
    let api = Api::new();
    for (body, pointer) in [
        (json!({"label": "x".repeat(101)}), "/label"),
        (json!({"label": 7}), "/label"),
        (json!({"scope": "all"}), "/scope"),
    ] {
        admin(&api, "POST", "", body).await.points_to(pointer);
    }
    for body in [json!({"account": "a/b"}), json!({"account": "a", "namespace": "N"})] {
        admin(&api, "POST", "", body).await.fails(400, 10002);
    }
    assert_eq!(admin(&api, "GET", "", json!(null)).await.ok(), json!([]));
    let of_a_namespace = admin(&api, "POST", "", json!({"namespace": "n"})).await.is(201);
    assert_eq!(of_a_namespace["account"], "local", "a namespace is one of an account");
    let owner_of_all = api.token(grant(None, None, Scope::Write));
    api.send(request("GET", "/admin/tokens", Some(&owner_of_all))).await.ok();
}
