//! `mnemon token`: secrets are shown once, and revoked ones are gone.

use super::Place;
use super::serve::{Serving, TOKEN, ask};

#[test]
fn a_token_is_created_listed_and_revoked() {
    let place = Place::new();
    let args = ["token", "create", "--label", "dashboard", "--account", "local", "--namespace", "a", "--scope", "read"];
    let token = place.json(&args);
    let (id, secret) = (token["id"].as_str().unwrap(), token["secret"].as_str().unwrap());
    assert!(secret.len() > 40);

    let list = place.ok(&["token", "list", "--json"]);
    assert!(!list.stdout.contains(secret), "only its creation shows the secret");
    let listed = &list.json()[0];
    for (field, value) in
        [("id", id), ("label", "dashboard"), ("account", "local"), ("namespace", "a"), ("scope", "read")]
    {
        assert_eq!(listed[field], value, "{field}");
    }
    assert!(place.ok(&["token", "list"]).stdout.contains("local/a"));

    place.ok(&["token", "revoke", id]);
    assert_eq!(place.json(&["token", "list"]).as_array().map(Vec::len), Some(0));
}

#[test]
fn a_new_tokens_secret_is_all_that_a_script_reads() {
    let place = Place::new();
    let ran = place.ok(&["token", "create"]);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    assert!(ran.stderr.contains("once"), "{}", ran.stderr);
}

#[test]
fn a_running_servers_tokens_are_made_and_revoked_over_it() {
    let place = Place::new();
    let server = Serving::start(&place, Some(TOKEN));
    let json = |args: &[&str]| {
        let ran = ask(&place, &server, &[&["token"], args, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        ran.json()
    };
    let made = json(&["create", "--label", "laptop", "--account", "local"]);
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let with_it = || {
        let mut command = place.command(&["namespaces", "list", "--url", server.url()]);
        command.env("MNEMON_API_TOKEN", secret).output().unwrap().status.code()
    };
    assert_eq!(with_it(), Some(0));
    let listed = &json(&["list"])[0];
    assert_eq!((listed["label"].as_str(), listed["lastUsedAt"].is_string()), (Some("laptop"), true));
    assert_eq!(json(&["revoke", id])["revoked"], id);
    assert_eq!(with_it(), Some(1));
    let gone = ask(&place, &server, &["token", "revoke", id, "--json"]);
    assert_eq!((gone.code, gone.error()["kind"].as_str()), (3, Some("token_not_found")));
}
