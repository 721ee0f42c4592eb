//! What nobody should send, and some will: every answer is an envelope, none is a 500, and nothing is written.

use axum::body::{Body, Bytes};
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::json;

use super::access::request;
use super::{Api, BASE, TOKEN, p};

#[tokio::test]
async fn unknown_routes_and_other_methods_are_unknown_endpoints() {
    let api = Api::with_profile().await;
    let base = BASE.to_owned();
    for path in [
        "",
        "/",
        "/namespace",
        "/namespaces/",
        "/namespaces//",
        "//namespaces",
        "/namespaces//profiles",
        "/namespaces/n/",
        "/namespaces/n/profiles/",
        "/namespaces/n/profiles/p/",
        "/namespaces/n%2Fprofiles",
        "/namespaces/n/profiles/p/memories/",
        "/namespaces/n/profiles/p/memories/x/y",
        "/namespaces/n/profiles/p/sessions",
        "/namespaces/n/profiles/p/sessions/",
        "/namespaces/n/profiles/p/sessions/a/b",
        "/namespaces/n/profiles/p/Recall",
        "/./namespaces",
        "/namespaces/../namespaces",
        "/namespaces;x",
        "/%6Eamespaces",
    ] {
        let unknown = api.send(request("GET", &format!("{base}{path}"), Some(TOKEN))).await;
        if path == "/namespaces/n%2Fprofiles" {
            unknown.fails(400, 10002);
        } else {
            assert_eq!((path, unknown.status.as_u16()), (path, 404));
            assert_eq!(unknown.fails(404, 10003), "Endpoint is unknown", "{path}");
        }
    }
    for (path, known) in [
        ("/namespaces".to_owned(), &["GET", "POST"][..]),
        ("/namespaces/n".to_owned(), &["GET", "DELETE"]),
        ("/namespaces/n/profiles".to_owned(), &["GET"]),
        (p(""), &["DELETE"]),
        (p("/ingest"), &["POST"]),
        (p("/remember"), &["POST"]),
        (p("/recall"), &["POST"]),
        (p("/summary"), &["POST"]),
        (p("/memories"), &["GET"]),
        (p("/memories/x"), &["GET", "DELETE"]),
        (p("/sessions/x"), &["DELETE"]),
    ] {
        for method in ["GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "INVENTED"] {
            if !known.contains(&method) {
                let answer = api.send(request(method, &format!("{base}{path}"), Some(TOKEN))).await;
                assert_eq!(answer.fails(404, 10003), "Endpoint is unknown", "{method} {path}");
            }
        }
    }
    for method in ["POST", "OPTIONS"] {
        api.send(request(method, "/healthz", None)).await.fails(404, 10003);
    }
    for path in ["/healthz".to_owned(), format!("{base}/namespaces")] {
        let answer = api.raw(request("HEAD", &path, Some(TOKEN))).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (404, ""), "HEAD has no body, not even an envelope");
    }
}

#[tokio::test]
async fn paths_that_are_not_encoded_are_refused() {
    let api = Api::with_profile().await;
    for session in ["%", "%2", "%zz", "100%", "%ff", "%c3", "%ed%a0%80"] {
        let answer = api.delete(&p(&format!("/sessions/{session}"))).await;
        answer.points_to("/path");
    }
    for session in ["%25", "%00", "a%2Fb%3Ac", "..", "%2E%2E", "a+b", "%F0%9F%A6%8A"] {
        api.delete(&p(&format!("/sessions/{session}"))).await.ok();
    }
    for (name, code) in [("n%00", 10002), ("n%20", 10002), ("%E2%80%AE", 10002), ("%6E", 0)] {
        let answer = api.get(&format!("/namespaces/{name}")).await;
        if code == 0 {
            assert_eq!(answer.ok()["name"], json!("n"), "an encoded letter is that letter");
        } else {
            answer.fails(400, code);
        }
    }
}

#[tokio::test]
async fn bodies_that_are_not_json_are_refused() {
    let api = Api::with_profile().await;
    let deep = "[".repeat(100_000);
    let deep_object = "{\"a\":".repeat(5_000);
    for body in [
        "",
        " ",
        "{",
        "}",
        "nul",
        "{\"query\"",
        "{\"query\": \"x\",}",
        "{'query': 'x'}",
        "query=x",
        "<x/>",
        "{} {}",
        "\u{feff}{}",
        "{\"query\": \"\\ud800\"}",
        "{\"query\": \"\\udc00\\ud800\"}",
        "{\"query\": \"a\nb\"}",
        "{\"query\": 1e999}",
        "{\"query\": 01}",
        "{\"query\": NaN}",
        "{\"query\": \"\\x41\"}",
        "\0",
        &deep,
        &deep_object,
    ] {
        for path in ["/recall", "/remember", "/ingest", "/summary"] {
            let answer = api.call("POST", &p(path), Body::from(body.to_owned())).await;
            let message = answer.fails(400, 10001);
            assert!(message.len() < 200, "{message}");
        }
        api.call("POST", "/namespaces", Body::from(body.to_owned())).await.fails(400, 10001);
    }
    for bytes in
        [&b"\xff\xfe"[..], b"{\"query\": \"\xff\"}", b"{\"query\": \"\xc3\"}", b"{\"query\": \"\xed\xa0\x80\"}"]
    {
        api.call("POST", &p("/recall"), Body::from(Bytes::copy_from_slice(bytes))).await.fails(400, 10001);
    }
}

#[tokio::test]
async fn values_of_the_wrong_type_are_named_but_never_repeated() {
    let api = Api::with_profile().await;
    for (value, word) in [
        (json!("my diary"), "string"),
        (json!(7), "number"),
        (json!(true), "boolean"),
        (json!(["my diary"]), "array"),
        (json!({"my diary": 1}), "object"),
    ] {
        for (path, field, wants) in [("/remember", "content", "string"), ("/ingest", "messages", "array")] {
            if word == wants {
                continue;
            }
            let message = api.post(&p(path), json!({field: value})).await.points_to(&format!("/{field}"));
            assert!(message.contains(word) && !message.contains("diary"), "{message}");
        }
    }
    let message =
        api.post(&p("/recall"), json!({"query": "x", "thinkingLevel": "my diary"})).await.points_to("/thinkingLevel");
    assert!(!message.contains("diary"), "{message}");
}

#[tokio::test]
async fn bodies_of_very_many_values_are_refused_before_they_are_built() {
    let api = Api::with_profile().await;
    for many in [vec!["0"; 1_000_000].join(","), vec!["[]"; 1_000_000].join(","), vec!["{}"; 1_000_000].join(",")] {
        let message = api.call("POST", &p("/ingest"), Body::from(format!("{{\"messages\":[{many}]}}"))).await;
        let message = message.fails(400, 10001);
        assert!(message.contains("50000"), "{message}");
    }
    let commas = json!({"content": ",[{".repeat(10_000)});
    api.post(&p("/remember"), commas).await.ok();
}

#[tokio::test]
async fn huge_numbers_are_out_of_range() {
    let api = Api::with_profile().await;
    for number in ["1e308", "-0", "99999999999999999999999999", "0.0000001", "4294967297"] {
        let body = format!("{{\"query\": \"x\", \"evidenceLimit\": {number}}}");
        let answer = api.call("POST", &p("/recall"), Body::from(body)).await;
        answer.points_to("/evidenceLimit");
    }
    for number in ["3", "3.0", "30e-1", "1e2", "0.0", "1e-400"] {
        let body = format!("{{\"query\": \"x\", \"evidenceLimit\": {number}}}");
        api.call("POST", &p("/recall"), Body::from(body)).await.ok();
    }
}

#[tokio::test]
async fn a_body_may_have_any_content_type_or_none() {
    let api = Api::with_profile().await;
    for content_type in
        [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/json; charset=utf-8")]
    {
        let mut post = Request::builder().method("POST").uri(format!("{BASE}{}", p("/recall")));
        post = post.header(AUTHORIZATION, format!("Bearer {TOKEN}"));
        if let Some(content_type) = content_type {
            post = post.header(CONTENT_TYPE, content_type);
        }
        api.send(post.body(Body::from(r#"{"query": "cello"}"#)).unwrap()).await.ok();
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large() {
    let api = Api::with_profile().await;
    let padded = |bytes: usize| Body::from(format!("{{\"query\": \"cello\"{}}}", " ".repeat(bytes - 18)));
    api.call("POST", &p("/recall"), padded(mnemon::http::BODY_BYTES)).await.ok();
    let message = api.call("POST", &p("/recall"), padded(mnemon::http::BODY_BYTES + 1)).await.fails(413, 10011);
    assert!(message.contains(&mnemon::http::BODY_BYTES.to_string()), "{message}");
}

#[tokio::test]
async fn a_million_words_are_refused_with_the_limit() {
    let api = Api::with_profile().await;
    let million = "word ".repeat(1_000_000);
    let one = json!({ "messages": [{ "role": "user", "content": million }] });
    let message = api.call("POST", &p("/ingest"), Body::from(one.to_string())).await.fails(400, 10001);
    assert!(message.contains("32768") || message.contains("32 KiB"), "{message}");
}

#[tokio::test]
async fn the_largest_ingest_fits_however_it_is_escaped() {
    let escaped = "\\u0001".repeat(mnemon::model::limits::CONTENT_BYTES);
    let message = format!(
        "{{\"role\": \"assistant\", \"content\": \"{escaped}\", \"timestamp\": \"2026-05-01T10:00:00.000+05:30\"}}"
    );
    assert!(message.len() * 500 + 1000 < mnemon::http::BODY_BYTES);
}

#[tokio::test]
async fn nul_bytes_and_odd_characters_are_kept_as_they_are() {
    let api = Api::with_namespace().await;
    for content in ["a\0b", "\u{202e}x", "🦊", "e\u{301}", "a\r\n\tb", "\u{feff}", "{\"a\": 1}"] {
        assert_eq!(api.remember(content).await["content"], json!(content), "{content:?}");
        api.ingest("odd \0 session", &[content]).await;
        api.post(&p("/recall"), json!({"query": content, "evidenceLimit": 100})).await.ok();
    }
    let listed = api.get(&p("/memories?session_id=odd%20%00%20session")).await;
    listed.ok();
    api.delete(&p("/sessions/odd%20%00%20session")).await.ok();
}

#[tokio::test]
async fn duplicate_fields_are_read_as_json_reads_them() {
    let api = Api::with_profile().await;
    let body = r#"{"query": 7, "query": "cello"}"#;
    assert!(api.call("POST", &p("/recall"), Body::from(body)).await.ok()["answer"].is_string(), "the last one holds");
}

#[tokio::test]
async fn bodies_where_none_is_expected_are_not_looked_at() {
    let api = Api::with_profile().await;
    api.call("GET", &p("/memories"), Body::from("{nonsense")).await.ok();
    api.call("DELETE", &p("/sessions/x"), Body::from("{nonsense")).await.ok();
}

#[tokio::test]
async fn what_is_refused_writes_nothing() {
    let api = Api::with_namespace().await;
    let messages = json!([{"role": "user", "content": "I am allergic to peanuts."}, {"role": "user", "content": ""}]);
    api.post(&p("/ingest"), json!({"messages": messages})).await.points_to("/messages/1/content");
    assert_eq!(api.get("/namespaces/n/profiles").await.ok(), json!([]));
}
