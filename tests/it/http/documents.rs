//! `openapi.json` and the metrics agree with what the API does.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::access::request;
use super::{Api, BASE, TOKEN, p};

async fn document(api: &Api) -> Value {
    let answer = api.raw(request("GET", "/openapi.json", None)).await;
    assert_eq!(answer.headers[CONTENT_TYPE], "application/json");
    answer.json
}

const ROUTES: [(&str, &str, &str); 14] = [
    ("get", "/namespaces", "listNamespaces"),
    ("post", "/namespaces", "createNamespace"),
    ("get", "/namespaces/{namespace}", "getNamespace"),
    ("delete", "/namespaces/{namespace}", "deleteNamespace"),
    ("get", "/namespaces/{namespace}/profiles", "listProfiles"),
    ("delete", "/namespaces/{namespace}/profiles/{profile}", "deleteProfile"),
    ("post", "/namespaces/{namespace}/profiles/{profile}/ingest", "ingest"),
    ("post", "/namespaces/{namespace}/profiles/{profile}/remember", "remember"),
    ("post", "/namespaces/{namespace}/profiles/{profile}/recall", "recall"),
    ("get", "/namespaces/{namespace}/profiles/{profile}/memories", "listMemories"),
    ("get", "/namespaces/{namespace}/profiles/{profile}/memories/{memory_id}", "getMemory"),
    ("delete", "/namespaces/{namespace}/profiles/{profile}/memories/{memory_id}", "deleteMemory"),
    ("delete", "/namespaces/{namespace}/profiles/{profile}/sessions/{session_id}", "deleteSession"),
    ("post", "/namespaces/{namespace}/profiles/{profile}/summary", "summarise"),
];

#[tokio::test]
async fn the_document_has_the_contracts_routes_and_no_others() {
    let api = Api::new();
    let document = document(&api).await;
    let mut documented = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            documented.insert((method.clone(), path.clone(), operation["operationId"].as_str().unwrap().to_owned()));
        }
    }
    let server = [
        ("get", "/healthz", "health"),
        ("get", "/readyz", "readiness"),
        ("get", "/openapi.json", "openapi"),
        ("get", "/metrics", "metrics"),
        ("get", "/admin/backup", "backup"),
        ("get", "/admin/export", "export"),
        ("get", "/admin/tokens", "listTokens"),
        ("post", "/admin/tokens", "createToken"),
        ("delete", "/admin/tokens/{token_id}", "revokeToken"),
    ];
    let account = ROUTES.map(|(method, path, id)| {
        (method.to_owned(), format!("{}{path}", BASE.replace("local", "{account_id}")), id.to_owned())
    });
    let server = server.map(|(method, path, id)| (method.to_owned(), path.to_owned(), id.to_owned()));
    assert_eq!(documented, account.into_iter().chain(server).collect());
}

#[tokio::test]
async fn every_reference_in_the_document_leads_somewhere() {
    let api = Api::new();
    let document = document(&api).await;
    let text = document.to_string();
    let mut references = 0;
    for part in text.split("\"$ref\":\"#").skip(1) {
        let pointer = part.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        references += 1;
    }
    assert!(references > 20);
    for operation in document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values())
    {
        assert!(operation["responses"]["default"]["content"]["application/json"]["schema"].is_object(), "{operation}");
    }
}

#[tokio::test]
async fn every_path_parameter_is_declared() {
    let api = Api::new();
    let document = document(&api).await;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let in_path: BTreeSet<&str> = path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}')).collect();
        for operation in methods.as_object().unwrap().values() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let declared = parameters.iter().filter(|p| p["in"] == json!("path")).map(|p| p["name"].as_str().unwrap());
            assert_eq!(declared.collect::<BTreeSet<_>>(), in_path, "{path}");
        }
    }
}

/// Every call, answered live with success: the documented route and the call.
async fn live(api: &Api) -> Vec<(usize, u16, Value)> {
    let messages =
        json!([{"role": "user", "content": "I live in Oslo."}, {"role": "user", "content": "I live in Bergen now."}]);
    let mut answers = Vec::new();
    let mut call = async |route: usize, path: String, body: Value| {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let answer = api.call(&ROUTES[route].0.to_uppercase(), &path, body).await;
        answers.push((route, answer.status.as_u16(), answer.json.clone()));
        answer.json["result"].clone()
    };
    call(1, "/namespaces".into(), json!({"name": "n"})).await;
    call(1, "/namespaces".into(), json!({"name": "m"})).await;
    call(0, "/namespaces?per_page=1".into(), Value::Null).await;
    call(2, "/namespaces/n".into(), Value::Null).await;
    call(6, p("/ingest"), json!({"messages": messages, "sessionId": "s"})).await;
    call(4, "/namespaces/n/profiles".into(), Value::Null).await;
    let memory = call(7, p("/remember"), json!({"content": "The user plays the cello", "sessionId": "s"})).await;
    let id = memory["id"].as_str().expect("an id").to_owned();
    call(8, p("/recall"), json!({"query": "Where does the user live?", "evidenceLimit": 5})).await;
    call(8, p("/recall"), json!({"query": "Where does the user live?"})).await;
    call(9, p("/memories?include=superseded&per_page=1"), Value::Null).await;
    call(9, p("/memories?include=superseded"), Value::Null).await;
    call(10, p(&format!("/memories/{id}?include=sources")), Value::Null).await;
    call(10, p(&format!("/memories/{id}")), Value::Null).await;
    call(13, p("/summary"), json!({})).await;
    call(11, p(&format!("/memories/{id}")), Value::Null).await;
    call(12, p("/sessions/s"), Value::Null).await;
    call(5, p(""), Value::Null).await;
    call(3, "/namespaces/n".into(), Value::Null).await;
    answers
}

#[tokio::test]
async fn live_answers_have_exactly_the_documented_shape() {
    let api = Api::new();
    let document = document(&api).await;
    let answers = live(&api).await;
    assert_eq!(
        answers.iter().map(|(route, ..)| route).collect::<BTreeSet<_>>().len(),
        ROUTES.len(),
        "every route was called"
    );
    for (route, status, answer) in answers {
        let (method, path, id) = ROUTES[route];
        let path = format!("{}{path}", BASE.replace("local", "{account_id}"));
        let response = &document["paths"][&path][method]["responses"][status.to_string()];
        let schema = &response["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{id} answers {status}, which is not documented: {answer}");
        conform(&document, schema, &answer, id);
    }
}

#[tokio::test]
async fn failures_have_exactly_the_documented_shape() {
    let api = Api::new();
    let document = document(&api).await;
    let schema = document.pointer("/components/schemas/Failure").unwrap();
    for answer in [
        api.get("/namespaces?per_page=0").await,
        api.get("/nowhere").await,
        api.get("/namespaces/n").await,
        api.send(request("GET", &format!("{BASE}/namespaces"), None)).await,
    ] {
        conform(&document, schema, &answer.json, "a failure");
    }
}

/// Holds `value` against a schema: every field documented, every required field there, every type right.
fn conform(document: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).expect("the reference leads somewhere");
        return conform(document, target, value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let right = choices.iter().find(|choice| choice["type"] != json!("null")).expect("a choice");
        return if value.is_null() { assert!(choices.len() > 1, "{at}") } else { conform(document, right, value, at) };
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    assert!(
        types.contains(&json!(kind(value))) || types == [json!("number")] && value.is_number(),
        "{at} is {value}, not {types:?}"
    );
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value} is not among {words:?}");
    }
    if let (Some(object), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        for (name, value) in object {
            let schema = properties.get(name).unwrap_or_else(|| panic!("{at}: {name} is not documented"));
            conform(document, schema, value, &format!("{at}/{name}"));
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(object.contains_key(name.as_str().unwrap()), "{at}: {name} is required");
        }
    }
    for (i, item) in value.as_array().into_iter().flatten().enumerate() {
        conform(document, &schema["items"], item, &format!("{at}/{i}"));
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[tokio::test]
async fn metrics_count_by_route_and_status_and_show_no_ones_text() {
    let api = Api::with_profile().await;
    api.delete(&p("/sessions/my-diary")).await.ok();
    api.get("/namespaces/missing").await.fails(404, 1003);
    api.get("/nowhere/my-diary").await.fails(404, 10003);
    let metrics = api.raw(request("GET", "/metrics", Some(TOKEN))).await;
    assert!(metrics.headers[CONTENT_TYPE].to_str().unwrap().starts_with("text/plain"));
    let base = BASE.replace("local", "{account_id}");
    for line in [
        format!(
            "mnemon_http_requests_total{{method=\"GET\",route=\"{base}/namespaces/{{namespace}}\",status=\"404\"}} 1"
        ),
        format!("mnemon_http_requests_total{{method=\"POST\",route=\"{base}/namespaces\",status=\"201\"}} 1"),
        "mnemon_http_requests_total{method=\"GET\",route=\"unknown\",status=\"404\"} 1".to_owned(),
    ] {
        assert!(metrics.text.lines().any(|l| l == line), "{line}\nis not in\n{}", metrics.text);
    }
    assert!(!metrics.text.contains("diary"));
}
