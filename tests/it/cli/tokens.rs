//! `mnemon token`: secrets are shown once, and revoked ones are gone.

use super::Place;

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
