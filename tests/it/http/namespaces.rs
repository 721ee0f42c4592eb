//! Operations 1 to 4.

use serde_json::{Value, json};

use super::access::request;
use super::{Api, BASE, TOKEN, assert_timestamp, assert_ulid, fields};

#[tokio::test]
async fn a_namespace_is_created_got_listed_and_deleted() {
    let api = Api::new();
    let created = api.post("/namespaces", json!({"name": "support-agent"})).await.is(201);
    assert_eq!(fields(&created), ["account_id", "created_at", "id", "name", "updated_at"]);
    assert_ulid(&created["id"]);
    assert_timestamp(&created["created_at"]);
    assert_eq!(created["created_at"], json!("2026-06-01T12:00:00.000Z"));
    assert_eq!((&created["name"], &created["account_id"]), (&json!("support-agent"), &json!("local")));
    assert_eq!(api.get("/namespaces/support-agent").await.ok(), created);
    assert_eq!(api.get("/namespaces").await.ok(), json!([created]));
    assert_eq!(api.delete("/namespaces/support-agent").await.ok(), Value::Null);
    assert_eq!(api.get("/namespaces/support-agent").await.fails(404, 1003), "namespace not found");
    assert_eq!(api.delete("/namespaces/support-agent").await.fails(404, 1003), "namespace not found");
    assert_eq!(api.get("/namespaces").await.ok(), json!([]));
}

#[tokio::test]
async fn a_name_is_taken_once_and_free_again_at_once() {
    let api = Api::with_profile().await;
    let again = api.post("/namespaces", json!({"name": "n"})).await;
    assert_eq!(again.fails(409, 10008), "Namespace name already exists");
    let first = api.get("/namespaces/n").await.ok();
    api.delete("/namespaces/n").await.ok();
    let second = api.post("/namespaces", json!({"name": "n"})).await.is(201);
    assert_ne!(first["id"], second["id"]);
    assert_eq!(api.get("/namespaces/n/profiles").await.ok(), json!([]), "nothing of the first is in the second");
    api.get("/namespaces/n/profiles/p/memories").await.fails(404, 1004);
}

#[tokio::test]
async fn names_follow_the_rule() {
    let api = Api::new();
    for good in ["a", "0", "a-b", "a--b", "x".repeat(32).as_str()] {
        api.post("/namespaces", json!({"name": good})).await.is(201);
    }
    let rule = "name must only contain lowercase alphanumeric characters and embedded hyphens";
    for bad in ["", "-a", "a-", "A", "a_b", "a b", "ä", "a/b", "a\0"] {
        let answer = api.post("/namespaces", json!({"name": bad})).await;
        assert_eq!(answer.fails(400, 10002), rule, "{bad:?}");
        assert_eq!(answer.json["errors"][0]["source"]["pointer"], json!("/name"));
    }
    let long = api.post("/namespaces", json!({"name": "x".repeat(33)})).await.fails(400, 10002);
    assert!(long.contains("33") && long.contains("32"), "{long}");
    for (path, code) in [("/namespaces/BAD", 10002), ("/namespaces/n/profiles/BAD/memories", 10002)] {
        assert_eq!(api.get(path).await.fails(400, code), rule, "{path}");
    }
}

#[tokio::test]
async fn creating_points_to_what_is_wrong() {
    let api = Api::new();
    for (body, pointer) in [
        (json!({}), "/name"),
        (json!({"name": null}), "/name"),
        (json!({"name": 7}), "/name"),
        (json!({"name": ["n"]}), "/name"),
        (json!([]), ""),
        (json!("n"), ""),
    ] {
        api.post("/namespaces", body).await.points_to(pointer);
    }
}

#[tokio::test]
async fn lists_are_ordered_as_asked() {
    let api = Api::new();
    for name in ["b", "c", "a"] {
        api.post("/namespaces", json!({"name": name})).await.is(201);
    }
    for (query, names) in [
        ("", ["b", "c", "a"]),
        ("?order=id", ["b", "c", "a"]),
        ("?order=id&direction=desc", ["a", "c", "b"]),
        ("?order=name", ["a", "b", "c"]),
        ("?order=name&direction=asc", ["a", "b", "c"]),
        ("?order=name&direction=desc", ["c", "b", "a"]),
        ("?direction=desc", ["a", "c", "b"]),
        ("?order=&direction=&cursor=&unknown=1", ["b", "c", "a"]),
    ] {
        assert_eq!(api.get(&format!("/namespaces{query}")).await.column("name"), names, "{query}");
    }
    for (query, pointer) in [("order=size", "/order"), ("direction=up", "/direction")] {
        let message = api.get(&format!("/namespaces?{query}")).await.points_to(pointer);
        assert!(message.contains("must be one of"), "{message}");
    }
}

#[tokio::test]
async fn accounts_never_see_each_other() {
    let api = Api::with_profile().await;
    let other = BASE.replace("local", "other");
    for path in ["/namespaces/n", "/namespaces/n/profiles", "/namespaces/n/profiles/p/memories"] {
        api.send(request("GET", &format!("{other}{path}"), Some(TOKEN))).await.fails(404, 1003);
    }
    let list = api.send(request("GET", &format!("{other}/namespaces"), Some(TOKEN))).await;
    assert_eq!(list.ok(), json!([]));
    for bad in ["a%20b", "%C3%A9", "x".repeat(65).as_str()] {
        let path = format!("{}/namespaces", BASE.replace("local", bad));
        api.send(request("GET", &path, Some(TOKEN))).await.fails(400, 10002);
    }
}
