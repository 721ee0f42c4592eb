//! Lists a page at a time, also while rows come and go between the pages.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Api, p};

/// Every row's `field`, page by page.
async fn walk(api: &Api, path: &str, field: &str) -> Vec<String> {
    let (mut rows, mut seen, mut next) = (Vec::new(), BTreeSet::new(), path.to_owned());
    loop {
        let answer = api.get(&next).await;
        rows.extend(answer.column(field));
        let Some(cursor) = answer.cursor() else { return rows };
        assert!(seen.insert(cursor.clone()), "a cursor came twice");
        assert!(!answer.ok().as_array().unwrap().is_empty(), "an empty page with a cursor");
        next = format!("{path}&cursor={cursor}");
    }
}

async fn with_namespaces(names: &[&str]) -> Api {
    let api = Api::new();
    for name in names {
        api.post("/namespaces", json!({"name": name})).await.is(201);
    }
    api
}

async fn with_profiles(names: &[&str]) -> Api {
    let api = Api::with_namespace().await;
    for name in names {
        let path = format!("/namespaces/n/profiles/{name}/remember");
        api.post(&path, json!({"content": "The user plays the cello"})).await.ok();
    }
    api
}

async fn with_memories(count: usize) -> (Api, Vec<String>) {
    let api = Api::with_namespace().await;
    let mut ids = Vec::new();
    for n in 0..count {
        ids.insert(0, api.remember(&format!("The user owns lamp number {n}")).await["id"].as_str().unwrap().to_owned());
    }
    (api, ids)
}

#[tokio::test]
async fn every_page_size_walks_the_whole_list_once() {
    let names = ["e", "b", "d", "a", "c"];
    let api = with_namespaces(&names).await;
    for per_page in [1, 2, 4, 5, 6, 1000] {
        for (order, wanted) in [
            ("order=id", ["e", "b", "d", "a", "c"]),
            ("order=id&direction=desc", ["c", "a", "d", "b", "e"]),
            ("order=name", ["a", "b", "c", "d", "e"]),
            ("order=name&direction=desc", ["e", "d", "c", "b", "a"]),
        ] {
            let found = walk(&api, &format!("/namespaces?per_page={per_page}&{order}"), "name").await;
            assert_eq!(found, wanted, "{per_page} {order}");
        }
    }
    let api = with_profiles(&names).await;
    for per_page in [1, 2, 5, 500] {
        let found = walk(&api, &format!("/namespaces/n/profiles?per_page={per_page}"), "name").await;
        assert_eq!(found, ["a", "b", "c", "d", "e"], "{per_page}");
    }
    let (api, ids) = with_memories(7).await;
    for per_page in [1, 3, 7, 500] {
        assert_eq!(walk(&api, &p(&format!("/memories?per_page={per_page}")), "id").await, ids, "{per_page}");
    }
}

#[tokio::test]
async fn the_last_page_has_no_cursor_and_a_full_one_is_no_exception() {
    let (api, _) = with_memories(4).await;
    let first = api.get(&p("/memories?per_page=2")).await;
    assert_eq!(first.json["result_info"]["per_page"], json!(2));
    let last = api.get(&p(&format!("/memories?per_page=2&cursor={}", first.cursor().unwrap()))).await;
    assert_eq!((last.cursor(), last.json["result_info"]["count"].clone()), (None, json!(2)));
    assert_eq!(last.json["result_info"].get("cursor"), None, "left out, not null");
    let api = Api::new();
    let empty = api.get("/namespaces").await;
    assert_eq!(empty.json["result_info"], json!({"count": 0, "per_page": 20}));
}

#[tokio::test]
async fn pages_have_twenty_rows_unless_asked_otherwise() {
    let (api, ids) = with_memories(21).await;
    let first = api.get(&p("/memories")).await;
    assert_eq!(first.column("id"), ids[..20]);
    assert_eq!(first.json["result_info"]["per_page"], json!(20));
    assert!(first.cursor().is_some());
}

#[tokio::test]
async fn page_sizes_out_of_range_are_refused() {
    let api = Api::with_profile().await;
    for (path, most) in [("/namespaces", 1000), ("/namespaces/n/profiles", 500), (&p("/memories"), 500)] {
        for good in [1, most] {
            api.get(&format!("{path}?per_page={good}")).await.ok();
        }
        for bad in ["0", "-1", "x", "1.5", "99999999999999999999999", &(most + 1).to_string()] {
            let message = api.get(&format!("{path}?per_page={bad}")).await.points_to("/per_page");
            assert!(message.contains(&most.to_string()) && message.contains(bad), "{message}");
        }
        api.get(&format!("{path}?per_page=2&per_page=3")).await.points_to("/per_page");
    }
}

#[tokio::test]
async fn cursors_that_no_page_gave_are_refused() {
    let api = Api::with_profile().await;
    for bad in
        ["x", "01jsgcexampp1e000000000000", "01JSGCEXAMPP1E00000000000", "%00", "..%2F..", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ"]
    {
        api.get(&p(&format!("/memories?cursor={bad}"))).await.points_to("/cursor");
        api.get(&format!("/namespaces?cursor={bad}")).await.points_to("/cursor");
    }
    for bad in ["-", "A", "%00", "..%2F.."] {
        api.get(&format!("/namespaces/n/profiles?cursor={bad}")).await.points_to("/cursor");
        api.get(&format!("/namespaces?order=name&cursor={bad}")).await.points_to("/cursor");
    }
    assert_eq!(api.get(&p("/memories?cursor=00000000000000000000000000")).await.ok(), json!([]), "any ULID is a place");
}

#[tokio::test]
async fn rows_that_come_and_go_between_pages_spoil_no_page() {
    let (api, ids) = with_memories(6).await;
    let first = api.get(&p("/memories?per_page=2")).await;
    assert_eq!(first.column("id"), ids[..2]);
    // The row that the cursor names, one of the next page, and a new one at the front.
    for gone in [&ids[1], &ids[2]] {
        api.delete(&p(&format!("/memories/{gone}"))).await.ok();
    }
    api.remember("The user plays the cello").await;
    let second = api.get(&p(&format!("/memories?per_page=2&cursor={}", first.cursor().unwrap()))).await;
    assert_eq!(second.column("id"), ids[3..5]);
    for gone in &ids[3..] {
        api.delete(&p(&format!("/memories/{gone}"))).await.ok();
    }
    let last = api.get(&p(&format!("/memories?per_page=2&cursor={}", second.cursor().unwrap()))).await;
    assert_eq!((last.cursor(), last.ok()), (None, json!([])));
}

#[tokio::test]
async fn names_that_come_and_go_between_pages_spoil_no_page() {
    for (order, first, added, then) in
        [("order=name", ["b", "d"], "c", ["f", "h"]), ("order=id&direction=desc", ["h", "f"], "c", ["d", "b"])]
    {
        let api = with_namespaces(&["b", "d", "f", "h"]).await;
        let path = format!("/namespaces?per_page=2&{order}");
        let page = api.get(&path).await;
        assert_eq!(page.column("name"), first);
        api.delete(&format!("/namespaces/{}", first[1])).await.ok();
        api.post("/namespaces", json!({"name": added})).await.is(201);
        let rest = walk(&api, &format!("{path}&cursor={}", page.cursor().unwrap()), "name").await;
        assert_eq!(rest, then, "{order}");
    }
    let api = with_profiles(&["b", "d", "f", "h"]).await;
    let page = api.get("/namespaces/n/profiles?per_page=2").await;
    api.delete("/namespaces/n/profiles/d").await.ok();
    api.delete("/namespaces/n/profiles/f").await.ok();
    api.post("/namespaces/n/profiles/c/remember", json!({"content": "x y z"})).await.ok();
    api.post("/namespaces/n/profiles/e/remember", json!({"content": "x y z"})).await.ok();
    let next = api.get(&format!("/namespaces/n/profiles?per_page=2&cursor={}", page.cursor().unwrap())).await;
    assert_eq!((next.column("name"), next.cursor()), (vec!["e".to_owned(), "h".to_owned()], None));
}

#[tokio::test]
async fn filtered_lists_page_too() {
    let api = Api::with_namespace().await;
    for n in 0..6 {
        let body = json!({"content": format!("The user owns lamp number {n}"), "sessionId": format!("s{}", n % 2)});
        api.post(&p("/remember"), body).await.ok();
    }
    let found = walk(&api, &p("/memories?per_page=1&session_id=s1"), "sessionId").await;
    assert_eq!(found, ["s1", "s1", "s1"]);
}
