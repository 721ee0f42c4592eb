//! What a command says when it cannot do its work, and the exit code.

use super::Place;

#[test]
fn exit_codes_and_kinds_are_those_that_are_documented() {
    let place = Place::new();
    place.ok(&["remember", "Ana likes tea"]);
    let no_id = "01JSGCEXAMPP1E000000000000";
    for (args, code, kind) in [
        (&["recall", ""][..], 2, "invalid_input"),
        (&["memories", "--profile", "bo"], 3, "profile_not_found"),
        (&["profiles", "--namespace", "none"], 3, "namespace_not_found"),
        (&["get", no_id], 3, "memory_not_found"),
        (&["get", "not-an-id"], 3, "memory_not_found"),
        (&["delete", "memory", no_id, "--yes"], 3, "memory_not_found"),
        (&["memories", "--data", "nowhere"], 3, "data_folder_not_found"),
        (&["namespaces", "create", "default"], 1, "namespace_exists"),
        (&["token", "revoke", no_id], 3, "token_not_found"),
        (&["profiles", "--url", "ftp://example.org"], 2, "invalid_input"),
        (&["profiles", "--url", "http://127.0.0.1:1"], 1, "io"),
    ] {
        let ran = place.run(&[args, &["--json"]].concat());
        assert_eq!((ran.code, ran.error()["kind"].as_str()), (code, Some(kind)), "{args:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{args:?}");
    }
}

#[test]
fn arguments_that_make_no_sense_are_refused_before_anything_is_touched() {
    let place = Place::new();
    for args in [
        &["remember"][..],
        &["recall", "x", "--evidence", "101"],
        &["recall", "x", "--date", "yesterday"],
        &["memories", "--type", "opinion"],
        &["memories", "--profile", "Not A Name"],
        &["memories", "--limit", "1", "--all"],
        &["profiles", "--data", "x", "--url", "http://127.0.0.1:1"],
        &["token", "create", "--namespace", "a"],
    ] {
        assert_eq!(place.run(args).code, 2, "{args:?}");
    }
    assert!(!place.path("mnemon-data").exists());
    assert_eq!(place.run(&["--help"]).code, 0);
    assert_eq!(place.run(&["--version"]).code, 0);
}

#[test]
fn a_command_that_only_reads_makes_no_folder() {
    let place = Place::new();
    for args in [&["memories"][..], &["recall", "x"], &["summary"], &["check"], &["reindex"], &["token", "list"]] {
        let ran = place.run(args);
        assert_eq!(ran.code, 3, "{args:?}");
        assert!(ran.stderr.contains("--data"), "{}", ran.stderr);
    }
    assert!(!place.path("mnemon-data").exists());
}

#[test]
fn a_folder_from_the_environment_gives_way_to_a_url() {
    let place = Place::new();
    let ran = place.command(&["profiles", "--url", "http://127.0.0.1:1"]).env("MNEMON_DATA", "x").output().unwrap();
    assert_eq!(ran.status.code(), Some(1), "it tried the address");
}

#[test]
fn errors_never_show_what_was_said() {
    let place = Place::new();
    let long = "secret ".repeat(6_000);
    let ran = place.run_with_input(&["remember", "-"], &long);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("32768") && !ran.stderr.contains("secret"), "{}", ran.stderr);
}
