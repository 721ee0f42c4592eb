//! Backups: `backup`, `restore`, `compact`, `export`, `import`, and `repair`, on a folder and on a server that goes on serving.

use super::serve::{Serving, TOKEN, ask};
use super::{Place, Ran};

fn filled(place: &Place) {
    place.ok(&["remember", "Ana lives in Oslo", "-p", "ana"]);
    place.ok(&["remember", "Ana lives in Bergen", "-p", "ana"]);
    place.ok(&["remember", "Bo likes tea", "-p", "bo"]);
}

fn names(place: &Place, folder: &str) -> Vec<String> {
    let mut names: Vec<_> = fs_err::read_dir(place.path(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn kind(ran: &Ran) -> String {
    ran.error()["kind"].as_str().unwrap().to_owned()
}

#[test]
fn what_was_backed_up_is_what_is_restored() {
    let place = Place::new();
    filled(&place);
    let written = place.json(&["backup", "today.backup"]);
    assert_eq!(written["damaged"], 0);
    assert_eq!(place.json(&["backup", "--verify", "today.backup"])["rows"], written["rows"]);
    let all = ["memories", "-p", "ana"];
    let before = place.ok(&all).stdout;
    place.ok(&["remember", "Ana lives in Paris", "-p", "ana"]);

    place.ok(&["restore", "today.backup", "--data", "again"]);
    assert_eq!(place.ok(&[&all[..], &["--data", "again"]].concat()).stdout, before);
    place.ok(&["check", "--data", "again"]);
    assert_eq!(names(&place, "again"), ["mnemon.redb"]);

    let refused = place.run(&["restore", "today.backup", "--json"]);
    assert_eq!((refused.code, kind(&refused)), (1, "exists".to_owned()));
    place.ok(&["restore", "today.backup", "--replace"]);
    assert_eq!(place.ok(&all).stdout, before);
}

#[test]
fn a_backup_that_is_not_whole_changes_nothing() {
    let place = Place::new();
    filled(&place);
    place.ok(&["backup", "today.backup"]);
    let whole = fs_err::read(place.path("today.backup")).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for bad in [&whole[..whole.len() - 1], &flipped, b"{}"] {
        fs_err::write(place.path("bad.backup"), bad).unwrap();
        for args in [
            &["backup", "--verify", "bad.backup", "--json"][..],
            &["restore", "bad.backup", "--replace", "--json"],
            &["restore", "bad.backup", "--data", "new", "--json"],
        ] {
            let ran = place.run(args);
            assert_eq!((ran.code, kind(&ran)), (4, "damaged".to_owned()), "{args:?}");
        }
    }
    assert!(!place.path("new").exists(), "nothing is left behind");
    assert_eq!(names(&place, "mnemon-data"), ["mnemon.redb"]);
    place.ok(&["memories", "-p", "bo"]);
}

#[test]
fn a_running_server_is_backed_up_while_it_serves() {
    let place = Place::new();
    let server = Serving::start(&place, Some(TOKEN));
    for args in [&["remember", "Ana likes tea"][..], &["backup", "live.backup"]] {
        let ran = ask(&place, &server, args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    assert_eq!(ask(&place, &server, &["remember", "later"]).code, 0, "it serves on");
    assert_eq!(kind(&place.run(&["backup", "direct.backup", "--json"])), "in_use");
    assert_eq!(kind(&place.run(&["restore", "live.backup", "--replace", "--json"])), "in_use");
    let mut wrong = place.command(&["backup", "wrong.backup", "--url", server.url()]);
    assert_eq!(wrong.env("MNEMON_API_TOKEN", "wrong").output().unwrap().status.code(), Some(1));
    assert_eq!(names(&place, "."), ["live.backup", "mnemon-data"], "what failed left nothing");
    drop(server);
    place.ok(&["restore", "live.backup", "--data", "again"]);
    assert_eq!(place.json(&["memories", "--data", "again"])[0]["summary"], "Ana likes tea");
    assert_eq!(place.json(&["memories", "--data", "again"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_folder_keeps_as_many_backups_as_it_is_told() {
    let place = Place::new();
    filled(&place);
    fs_err::create_dir(place.path("kept")).unwrap();
    for day in 1..4 {
        place.file(&format!("kept/mnemon-2020-05-0{day}T10-00-00Z.backup"), "");
    }
    place.file("kept/notes", "");
    assert_eq!(place.json(&["backup", "kept", "--keep", "2"])["deleted"], 2);
    let names = names(&place, "kept");
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(names[0], "mnemon-2020-05-03T10-00-00Z.backup");
    assert_eq!(place.run(&["backup", "one.backup", "--keep", "2"]).code, 2);
}

#[test]
fn compacting_says_what_it_gained() {
    let place = Place::new();
    filled(&place);
    let sizes = place.json(&["compact"]);
    assert!(sizes["bytesAfter"].as_u64() <= sizes["bytesBefore"].as_u64(), "{sizes}");
    place.ok(&["check"]);
    assert_eq!(place.run(&["compact", "--data", "nowhere"]).code, 3);
}

#[cfg(unix)]
#[test]
fn a_backup_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    filled(&place);
    place.ok(&["backup", "today.backup"]);
    let mode = fs_err::metadata(place.path("today.backup")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_export_of_a_server_is_imported_into_a_folder() {
    let place = Place::new();
    let server = Serving::start(&place, Some(TOKEN));
    for args in [&["remember", "Ana lives in Oslo"][..], &["remember", "Ana lives in Bergen"], &["export", "all.jsonl"]]
    {
        let ran = ask(&place, &server, args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    drop(server);
    place.ok(&["export", "direct.jsonl"]);
    let text = fs_err::read_to_string(place.path("all.jsonl")).unwrap();
    assert_eq!(fs_err::read_to_string(place.path("direct.jsonl")).unwrap(), text);

    let report = place.json(&["import", "all.jsonl", "--data", "again"]);
    assert_eq!((report["added"].as_u64(), report["memories"].as_u64()), (Some(1), Some(2)));
    assert_eq!(place.json(&["import", "all.jsonl", "--data", "again"])["same"], 1);
    place.ok(&["export", "again.jsonl", "--data", "again"]);
    assert_eq!(fs_err::read_to_string(place.path("again.jsonl")).unwrap(), text);
    place.ok(&["check", "--data", "again"]);

    place.ok(&["remember", "Ana likes tea", "--data", "again"]);
    let refused = place.run(&["import", "all.jsonl", "--data", "again", "--json"]);
    assert_eq!((refused.code, kind(&refused)), (1, "conflict".to_owned()));
    assert!(refused.stderr.contains("--existing"), "{}", refused.stderr);
    assert_eq!(place.json(&["import", "all.jsonl", "--data", "again", "--existing", "replace"])["replaced"], 1);
    place.ok(&["export", "again.jsonl", "--data", "again", "--replace"]);
    assert_eq!(fs_err::read_to_string(place.path("again.jsonl")).unwrap(), text);

    place.file("broken.jsonl", &text[..text.len() - 20]);
    let broken = place.run(&["import", "broken.jsonl", "--data", "new", "--json"]);
    assert_eq!((broken.code, kind(&broken)), (2, "invalid_input".to_owned()));
}

#[test]
fn a_folder_with_damaged_pages_is_repaired_and_the_damaged_file_kept() {
    let place = Place::new();
    filled(&place);
    place.ok(&["repair"]);
    let ana = place.ok(&["memories", "-p", "ana"]).stdout;
    let file = place.path("mnemon-data/mnemon.redb");
    let mut bytes = fs_err::read(&file).unwrap();
    let at = bytes.windows(9).rposition(|text| text == b"likes tea").unwrap();
    bytes[at..at + 4].copy_from_slice(b"\xFF\xFE\xFD\xFC");
    fs_err::write(&file, &bytes).unwrap();
    assert_eq!(place.run(&["check"]).code, 4);
    let report = place.json(&["repair"]);
    assert_eq!(report["left"].as_array().map(Vec::len), Some(0), "{report}");
    let kept = report["damagedFile"].as_str().unwrap();
    assert!(place.path(kept).exists());
    place.ok(&["check"]);
    assert_eq!(place.ok(&["memories", "-p", "ana"]).stdout, ana, "another profile is as it was");
    assert_eq!(place.run(&["repair", "--data", "nowhere"]).code, 3);
}
