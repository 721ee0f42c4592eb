//! Tokens: no answer without one, none that its grant does not cover.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use mnemon::engine::{Grant, NewToken, Scope};
use mnemon::model::{AccountId, NamespaceName};
use serde_json::json;

use super::{Api, BASE, TOKEN, p};

pub(super) fn request(method: &str, path: &str, token: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(Body::empty()).unwrap()
}

pub(super) fn grant(account: Option<&str>, namespace: Option<&str>, scope: Scope) -> Grant {
    Grant {
        account: account.map(|id| AccountId::parse(id).unwrap()),
        namespace: namespace.map(|name| NamespaceName::parse(name).unwrap()),
        scope,
    }
}

impl Api {
    pub(super) fn token(&self, grant: Grant) -> String {
        let (_, secret) = self.engine.create_token(NewToken { label: "test".into(), grant }).unwrap();
        secret.reveal().to_owned()
    }

    async fn status(&self, token: &str, method: &str, path: &str, body: serde_json::Value) -> u16 {
        let mut request = request(method, &format!("{BASE}{path}"), Some(token));
        *request.body_mut() = Body::from(body.to_string());
        let answer = self.send(request).await;
        if answer.status.as_u16() == 403 {
            answer.fails(403, 10013);
        }
        answer.status.as_u16()
    }
}

#[tokio::test]
async fn nothing_under_an_account_answers_without_a_valid_token() {
    let api = Api::with_profile().await;
    for path in ["/namespaces", "/namespaces/n", "/nowhere", "/namespaces/BAD", "/namespaces/%ff", "//"] {
        for token in [None, Some("wrong"), Some(""), Some("an administrator's toke")] {
            for method in ["GET", "POST", "DELETE", "PATCH"] {
                let answer = api.send(request(method, &format!("{BASE}{path}"), token)).await;
                assert_eq!(answer.fails(401, 10000), "Authentication error", "{method} {path}");
            }
        }
    }
    let mut basic = request("GET", &format!("{BASE}/namespaces"), None);
    basic.headers_mut().insert(AUTHORIZATION, format!("Basic {TOKEN}").parse().unwrap());
    api.send(basic).await.fails(401, 10000);
    api.send(request("GET", "/metrics", None)).await.fails(401, 10000);
}

#[tokio::test]
async fn the_open_routes_need_no_token_and_the_unknown_tell_nothing() {
    let api = Api::new();
    assert_eq!(api.send(request("GET", "/healthz", None)).await.ok(), json!({"status": "ok"}));
    let ready = json!({"status": "ok", "indexesBeingBuilt": 0, "damagedProfiles": 0});
    assert_eq!(api.send(request("GET", "/readyz", None)).await.ok(), ready);
    assert_eq!(api.raw(request("GET", "/openapi.json", None)).await.status.as_u16(), 200);
    for path in ["/", "/favicon.ico", "/client", "/healthz/", "//healthz", "/%68ealthz"] {
        assert_eq!(api.send(request("GET", path, None)).await.fails(404, 10003), "Endpoint is unknown", "{path}");
    }
}

#[tokio::test]
async fn a_grant_covers_its_account_namespace_and_scope_only() {
    let api = Api::with_profile().await;
    api.post("/namespaces", json!({"name": "other"})).await.is(201);
    let reader = api.token(grant(Some("local"), None, Scope::Read));
    let writer_of_n = api.token(grant(Some("local"), Some("n"), Scope::Write));
    let stranger = api.token(grant(Some("elsewhere"), None, Scope::Write));
    let anywhere = api.token(grant(None, None, Scope::Write));
    let (content, query) = (json!({"content": "a b c"}), json!({"query": "a b c"}));
    for (method, path, body, statuses) in [
        ("GET", "/namespaces".to_owned(), json!(null), [200, 403, 403, 200]),
        ("POST", "/namespaces".to_owned(), json!({"name": "n"}), [403, 403, 403, 409]),
        ("GET", "/namespaces/n".to_owned(), json!(null), [200, 200, 403, 200]),
        ("GET", "/namespaces/other".to_owned(), json!(null), [200, 403, 403, 200]),
        ("DELETE", "/namespaces/missing".to_owned(), json!(null), [403, 403, 403, 404]),
        ("GET", "/namespaces/n/profiles".to_owned(), json!(null), [200, 200, 403, 200]),
        ("DELETE", "/namespaces/n/profiles/missing".to_owned(), json!(null), [403, 404, 403, 404]),
        ("POST", p("/remember"), content.clone(), [403, 200, 403, 200]),
        ("POST", "/namespaces/other/profiles/p/remember".to_owned(), content, [403, 403, 403, 200]),
        ("POST", p("/ingest"), json!({}), [403, 400, 403, 400]),
        ("POST", p("/recall"), query, [200, 200, 403, 200]),
        ("POST", p("/summary"), json!({}), [200, 200, 403, 200]),
        ("GET", p("/memories"), json!(null), [200, 200, 403, 200]),
        ("GET", p("/memories/x"), json!(null), [404, 404, 403, 404]),
        ("DELETE", p("/memories/x"), json!(null), [403, 404, 403, 404]),
        ("DELETE", p("/sessions/x"), json!(null), [403, 200, 403, 200]),
        ("GET", "/nowhere".to_owned(), json!(null), [404, 404, 404, 404]),
    ] {
        for (token, status) in [&reader, &writer_of_n, &stranger, &anywhere].into_iter().zip(statuses) {
            assert_eq!(api.status(token, method, &path, body.clone()).await, status, "{method} {path}");
        }
    }
    for (token, status) in [(&reader, 403), (&writer_of_n, 403), (&anywhere, 200)] {
        assert_eq!(api.raw(request("GET", "/metrics", Some(token))).await.status.as_u16(), status);
    }
}

#[tokio::test]
async fn a_revoked_token_is_no_token() {
    let api = Api::new();
    let new = NewToken { label: "test".into(), grant: grant(None, None, Scope::Write) };
    let (token, secret) = api.engine.create_token(new).unwrap();
    assert_eq!(api.status(secret.reveal(), "GET", "/namespaces", json!(null)).await, 200);
    assert!(api.engine.revoke_token(token.id).unwrap());
    assert_eq!(api.status(secret.reveal(), "GET", "/namespaces", json!(null)).await, 401);
}
