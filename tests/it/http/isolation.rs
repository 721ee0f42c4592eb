//! Nobody reads or changes what is not theirs: every operation of `openapi.json` under every token that is not enough for it.
//!
//! The operations come from the document, so that a new one is held to this too, or makes the tests ask what it needs.

use axum::body::Body;
use serde_json::{Value, json};

use mnemon::engine::Scope;

use super::access::{grant, request};
use super::{Answer, Api, TOKEN};

/// What belongs to somebody else. It must be in no answer.
pub(super) const CANARY: &str = "quokka";

/// Operations that read though they are not GET.
const READING: [&str; 2] = ["recall", "summarise"];
/// Operations on a namespace that need its whole account.
const ON_THE_ACCOUNT: [&str; 3] = ["listNamespaces", "createNamespace", "deleteNamespace"];
/// Operations on the server that no token bound to an account may do.
const ON_THE_SERVER: [&str; 6] = ["metrics", "backup", "export", "listTokens", "createToken", "revokeToken"];
/// Operations that anybody may do: they tell nothing of what is kept.
const OPEN: [&str; 3] = ["health", "readiness", "openapi"];

#[derive(Clone, Debug)]
struct Operation {
    id: String,
    method: String,
    path: String,
    has_body: bool,
    takes_cursor: bool,
    protected: bool,
}

impl Operation {
    fn reads(&self) -> bool {
        self.method == "GET" || READING.contains(&self.id.as_str())
    }

    fn needs_whole_account(&self) -> bool {
        ON_THE_ACCOUNT.contains(&self.id.as_str())
    }

    fn on_the_server(&self) -> bool {
        ON_THE_SERVER.contains(&self.id.as_str())
    }

    /// A body that the operation takes.
    fn body(&self) -> Value {
        match self.id.as_str() {
            "createNamespace" => json!({"name": "new"}),
            "ingest" => json!({"messages": [{"role": "user", "content": "I live in Oslo."}], "sessionId": "s"}),
            "remember" => json!({"content": "The user lives in Oslo"}),
            "recall" => json!({"query": format!("Where is the {CANARY}?"), "evidenceLimit": 10}),
            "summarise" | "createToken" => json!({}),
            id => panic!("{id} takes a body: say which here"),
        }
    }
}

async fn operations(api: &Api) -> Vec<Operation> {
    let document = api.raw(request("GET", "/openapi.json", None)).await.json;
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            all.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                has_body: operation["requestBody"].is_object(),
                takes_cursor: parameters.iter().any(|p| p["name"] == "cursor"),
                protected: operation["security"].as_array().is_some_and(|all| !all.is_empty()),
            });
        }
    }
    assert!(all.len() >= 20, "{all:?}");
    all
}

/// What a path's parameters stand for.
#[derive(Clone, Debug)]
struct Target {
    account: String,
    namespace: String,
    profile: String,
    memory: String,
    session: String,
    token: String,
}

impl Target {
    fn new(account: &str, namespace: &str, profile: &str) -> Self {
        let [account, namespace, profile] = [account, namespace, profile].map(str::to_owned);
        Self { account, namespace, profile, memory: NOWHERE.into(), session: "nowhere".into(), token: NOWHERE.into() }
    }

    fn fill(&self, path: &str) -> String {
        let segment = |segment: &str| match segment {
            "{account_id}" => self.account.clone(),
            "{namespace}" => self.namespace.clone(),
            "{profile}" => self.profile.clone(),
            "{memory_id}" => self.memory.clone(),
            "{session_id}" => self.session.clone(),
            "{token_id}" => self.token.clone(),
            unknown if unknown.starts_with('{') => panic!("{path}: say here what {unknown} stands for"),
            word => word.to_owned(),
        };
        path.split('/').map(segment).collect::<Vec<_>>().join("/")
    }
}

/// An id that no memory and no token has.
const NOWHERE: &str = "01KB3V5W7ZJ8M4Q2N6T9R1XCFH";

/// Two accounts with two namespaces each, with two profiles each: in every one a memory and a session, all with the canary.
struct World {
    api: Api,
    targets: Vec<Target>,
}

impl World {
    async fn new() -> Self {
        let mut world = Self { api: Api::new(), targets: Vec::new() };
        for account in ["local", "elsewhere"] {
            for namespace in ["n", "m"] {
                world.admin("POST", &format!("{}/namespaces", base(account)), json!({"name": namespace})).await;
                for profile in ["p", "q"] {
                    let target = world.profile(Target::new(account, namespace, profile)).await;
                    world.targets.push(target);
                }
            }
        }
        world
    }

    async fn profile(&self, target: Target) -> Target {
        let Target { account, namespace, profile, .. } = &target;
        let base = format!("{}/namespaces/{namespace}/profiles/{profile}", base(account));
        let session = format!("s-{account}-{namespace}-{profile}");
        let words = format!("The {CANARY} of {account} {namespace} {profile} is called Bo");
        let body = json!({"messages": [{"role": "user", "content": words}], "sessionId": session});
        self.admin("POST", &format!("{base}/ingest"), body).await;
        let kept = json!({"content": format!("The user feeds a {CANARY} in {account} {namespace} {profile}")});
        let memory = self.admin("POST", &format!("{base}/remember"), kept).await;
        let memory = memory["id"].as_str().unwrap().to_owned();
        let token = json!({"label": format!("{account} {namespace} {profile}")});
        let token = self.admin("POST", "/admin/tokens", token).await["id"].as_str().unwrap().to_owned();
        Target { memory, session, token, ..target }
    }

    async fn admin(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.send(method, path, Some(TOKEN), Some(body)).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        answer.json["result"].clone()
    }

    async fn send(&self, method: &str, path: &str, token: Option<&str>, body: Option<Value>) -> Answer {
        let mut request = request(method, path, token);
        *request.body_mut() = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.api.raw(request).await
    }

    async fn call(&self, operation: &Operation, target: &Target, token: Option<&str>) -> Answer {
        let body = operation.has_body.then(|| operation.body());
        self.send(&operation.method, &target.fill(&operation.path), token, body).await
    }

    /// Every row there is.
    fn rows(&self) -> Vec<u8> {
        let mut rows = Vec::new();
        self.api.engine.backup(&mut rows, &|_, _| ()).unwrap();
        rows
    }
}

fn base(account: &str) -> String {
    format!("/client/v4/accounts/{account}/agent-memory")
}

/// A token, what it is called here, and the status and code of what it is refused with.
struct Wrong {
    name: &'static str,
    token: Option<String>,
    refused: (u16, u32),
}

/// Every token that is not enough for an operation on `local/n`.
fn wrong_tokens(api: &Api, operation: &Operation) -> Vec<Wrong> {
    let bound = |account, namespace, scope| Some(api.token(grant(account, namespace, scope)));
    let valid = api.token(grant(None, None, Scope::Write));
    let (revoked, secret) = api
        .engine
        .create_token(mnemon::engine::NewToken { label: "revoked".into(), grant: grant(None, None, Scope::Write) })
        .unwrap();
    assert!(api.engine.revoke_token(revoked.id).unwrap());
    let unknown = |name, token: Option<String>| Wrong { name, token, refused: (401, 10000) };
    let lacking = |name, token| Wrong { name, token, refused: (403, 10013) };
    let other_secret = format!("{}{}", &valid[..valid.len() - 64], "0".repeat(64));
    let mut wrong = vec![
        unknown("none", None),
        unknown("empty", Some(String::new())),
        unknown("made up", Some("mnemon_made-up".into())),
        unknown("revoked", Some(secret.reveal().to_owned())),
        unknown("the id of a token with another secret", Some(other_secret)),
        unknown("a token cut short", Some(valid[..valid.len() - 1].to_owned())),
        lacking("of another account", bound(Some("elsewhere"), None, Scope::Write)),
        lacking("of another namespace", bound(Some("local"), Some("m"), Scope::Write)),
        lacking("of the same namespace in another account", bound(Some("elsewhere"), Some("n"), Scope::Write)),
    ];
    if !operation.reads() || operation.on_the_server() && operation.id != "metrics" {
        wrong.push(lacking("that may only read", bound(None, None, Scope::Read)));
        wrong.push(lacking("of the account, that may only read", bound(Some("local"), None, Scope::Read)));
        wrong.push(lacking("of the namespace, that may only read", bound(Some("local"), Some("n"), Scope::Read)));
    }
    if operation.on_the_server() {
        wrong.push(lacking("of one account", bound(Some("local"), None, Scope::Write)));
    }
    if operation.on_the_server() || operation.needs_whole_account() {
        wrong.push(lacking("of one namespace", bound(Some("local"), Some("n"), Scope::Write)));
    }
    wrong
}

#[tokio::test]
async fn an_operation_is_open_only_when_it_says_nothing_of_what_is_kept() {
    let world = World::new().await;
    for operation in operations(&world.api).await {
        assert_ne!(operation.protected, OPEN.contains(&operation.id.as_str()), "{}", operation.id);
        if !operation.protected {
            let answer = world.call(&operation, &world.targets[0], None).await;
            assert_eq!(answer.status.as_u16(), 200, "{}", operation.id);
            for word in [CANARY, "elsewhere", "s-local-n-p"] {
                assert!(!answer.text.contains(word), "{}: {}", operation.id, answer.text);
            }
        }
    }
}

#[tokio::test]
async fn every_operation_refuses_every_token_that_is_not_enough_and_does_nothing() {
    let world = World::new().await;
    let mine = world.targets[0].clone();
    // Nothing of this is there, from the namespace down, from the profile down, or the memory alone.
    let missing = [
        Target::new("local", "missing", "p"),
        Target::new("local", "n", "missing"),
        Target { memory: NOWHERE.into(), session: "nowhere".into(), token: NOWHERE.into(), ..mine.clone() },
    ];
    let mut refusals = 0;
    for operation in operations(&world.api).await.iter().filter(|operation| operation.protected) {
        for Wrong { name, token, refused: (status, code) } in wrong_tokens(&world.api, operation) {
            let before = world.rows();
            let answer = world.call(operation, &mine, token.as_deref()).await;
            let case = format!("{} with a token {name}: {}", operation.id, answer.text);
            assert_eq!(answer.status.as_u16(), status, "{case}");
            assert_eq!(answer.json["errors"][0]["code"], json!(code), "{case}");
            assert!(!answer.text.contains(CANARY) && answer.json["result"].is_null(), "{case}");
            for target in &missing {
                let absent = world.call(operation, target, token.as_deref()).await;
                assert_eq!(
                    (absent.status, &absent.text),
                    (answer.status, &answer.text),
                    "{case}, and when nothing is there"
                );
                assert_eq!(names(&absent), names(&answer), "{case}, and when nothing is there");
            }
            assert!(world.rows() == before, "it left something behind: {case}");
            refusals += 1;
        }
    }
    assert!(refusals >= 17 * 9, "{refusals} refusals");
}

/// The names of an answer's headers.
fn names(answer: &Answer) -> Vec<&str> {
    answer.headers.keys().map(axum::http::HeaderName::as_str).collect()
}

#[tokio::test]
async fn every_operation_serves_the_least_token_that_is_enough() {
    let operations = operations(&Api::new()).await;
    for operation in operations.iter().filter(|operation| operation.protected) {
        let world = World::new().await;
        let scope = if operation.reads() { Scope::Read } else { Scope::Write };
        let least = match operation.id.as_str() {
            "metrics" => grant(None, None, Scope::Read),
            _ if operation.on_the_server() => grant(None, None, Scope::Write),
            _ if operation.needs_whole_account() => grant(Some("local"), None, scope),
            _ => grant(Some("local"), Some("n"), scope),
        };
        let token = world.api.token(least);
        let answer = world.call(operation, &world.targets[0], Some(&token)).await;
        let wanted = if operation.id.starts_with("create") { 201 } else { 200 };
        assert_eq!(answer.status.as_u16(), wanted, "{}: {}", operation.id, answer.text);
        if !operation.on_the_server() {
            for word in ["elsewhere", "local m", "local n q", "s-local-m-p"] {
                assert!(!answer.text.contains(word), "{} tells of {word}: {}", operation.id, answer.text);
            }
        }
    }
}

#[tokio::test]
async fn ids_of_another_profile_are_as_unknown_as_ids_of_none() {
    let world = World::new().await;
    let (mine, others) = world.targets.split_first().unwrap();
    let (mine, token) = (mine.clone(), world.api.token(grant(Some("local"), Some("n"), Scope::Write)));
    let taking_ids = |path: &str| path.contains("{memory_id}") || path.contains("{session_id}");
    let mut tried = 0;
    for operation in operations(&world.api).await.iter().filter(|operation| taking_ids(&operation.path)) {
        let none = Target { memory: NOWHERE.into(), session: "nowhere".into(), ..mine.clone() };
        let unknown = world.call(operation, &none, Some(&token)).await;
        let (before, profile) = (world.rows(), "{profile}");
        for other in others {
            let target = Target { memory: other.memory.clone(), session: other.session.clone(), ..mine.clone() };
            let answer = world.call(operation, &target, Some(&token)).await;
            assert_eq!((answer.status, &answer.text), (unknown.status, &unknown.text), "{} {other:?}", operation.id);
            tried += 1;
        }
        assert!(operation.path.contains(profile) && world.rows() == before, "{} left something behind", operation.id);
    }
    assert_eq!(tried, 3 * 7, "three operations take an id");
}

/// A cursor is a place in a list, not a key: another list's opens nothing, and shows no more than a made-up one would.
#[tokio::test]
async fn cursors_of_another_list_show_nothing_of_it() {
    let world = World::new().await;
    let mine = &world.targets[0];
    let mut tried = 0;
    for operation in operations(&world.api).await.iter().filter(|operation| operation.takes_cursor) {
        let path = mine.fill(&operation.path);
        let all = world.send("GET", &format!("{path}?per_page=100"), Some(TOKEN), None).await;
        let own = all.json["result"].as_array().unwrap().clone();
        for other in &world.targets {
            let theirs = other.fill(&operation.path);
            let page = world.send("GET", &format!("{theirs}?per_page=1"), Some(TOKEN), None).await;
            let cursor = page.cursor().unwrap_or_else(|| panic!("{theirs} has two pages: {}", page.text));
            let answer = world.send("GET", &format!("{path}?cursor={cursor}"), Some(TOKEN), None).await;
            assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
            for row in answer.json["result"].as_array().unwrap() {
                assert!(own.contains(row), "{path} shows {row} behind a cursor of {theirs}");
            }
            tried += 1;
        }
        for forged in ["!", "p%00", "..", "mnemon_", "%7B%7D", "n/p", "AAAA"] {
            let answer = world.send("GET", &format!("{path}?cursor={forged}"), Some(TOKEN), None).await;
            assert!(answer.points_to("/cursor").contains("cursor"), "{path} {forged}");
        }
    }
    assert_eq!(tried, 3 * 8, "three operations take a cursor");
}

/// A cursor's row may be gone since, so one that nobody has is no error; one that somebody else has must answer the same.
#[tokio::test]
async fn a_cursor_answers_the_same_whether_or_not_somebody_else_has_its_row() {
    let world = World::new().await;
    let (mine, others) = world.targets.split_first().unwrap();
    let token = world.api.token(grant(Some("local"), Some("n"), Scope::Read));
    let list = format!("{}/namespaces/n/profiles/p/memories?per_page=1&cursor=", base("local"));
    let all = || async {
        let mut texts = Vec::new();
        for other in others {
            let answer = world.send("GET", &format!("{list}{}", other.memory), Some(&token), None).await;
            assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
            texts.push(answer.text);
        }
        texts
    };
    let there = all().await;
    for other in others {
        let path = format!("{}/namespaces/{}/profiles/{}", base(&other.account), other.namespace, other.profile);
        world.admin("DELETE", &format!("{path}/memories/{}", other.memory), json!(null)).await;
        assert_eq!(
            world.send("GET", &format!("{path}/memories/{}", other.memory), Some(TOKEN), None).await.status,
            404
        );
    }
    assert_eq!(all().await, there, "gone, it answers the same");
    assert!(
        there.iter().any(|text| text.contains(&mine.memory)),
        "a later cursor is a place before which one's own rows are"
    );
}

/// Does everything that can be done with what holds the canary, right and wrong; gives the metrics.
pub(super) async fn every_operation_on_secrets() -> String {
    let world = World::new().await;
    let mut operations = operations(&world.api).await;
    // What takes away comes last, memories before sessions before profiles before namespaces.
    operations.sort_by_key(|operation| (operation.method == "DELETE", std::cmp::Reverse(operation.path.len())));
    for target in &world.targets {
        for operation in &operations {
            for token in [None, Some(CANARY), Some(TOKEN)] {
                world.call(operation, target, token).await;
            }
            let path = target.fill(&operation.path);
            for nonsense in
                [json!(CANARY), json!({"content": {(CANARY): 1}}), json!({"query": [CANARY], (CANARY): CANARY})]
            {
                world.send(&operation.method, &path, Some(TOKEN), Some(nonsense)).await;
            }
            for query in ["cursor", "session_id", "include", "per_page", "order", CANARY] {
                world.send(&operation.method, &format!("{path}?{query}={CANARY}"), Some(TOKEN), None).await;
            }
            world.send(&operation.method, &format!("{path}/{CANARY}"), Some(TOKEN), None).await;
        }
    }
    world.send("GET", "/metrics", Some(TOKEN), None).await.text
}
