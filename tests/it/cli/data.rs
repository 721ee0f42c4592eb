//! The data folder's own commands: check and reindex.

use super::{Place, other_model};

#[test]
fn a_sound_folder_is_in_order() {
    let place = Place::new();
    place.ok(&["remember", "Ana likes tea"]);
    let report = place.json(&["check"]);
    assert_eq!((report["profiles"].as_u64(), report["findings"].as_array().map(Vec::len)), (Some(1), Some(0)));
    assert!(report["records"].as_u64().unwrap() > 0);
}

#[test]
fn a_damaged_folder_is_said_to_be_damaged() {
    let place = Place::new();
    place.ok(&["remember", "Ana likes tea"]);
    place.file("mnemon-data/mnemon.redb", "this is not what was written");
    let ran = place.run(&["check", "--json"]);
    assert_eq!((ran.code, ran.error()["kind"].as_str()), (4, Some("damaged")), "{}", ran.stderr);
}

#[test]
fn data_of_another_model_is_refused_until_it_is_reindexed() {
    let place = Place::new();
    place.ok(&["remember", "Ana likes tea"]);
    let other = other_model(&place);
    let other = other.to_str().unwrap();

    let refused = place.run(&["recall", "tea", "--model-dir", other]);
    assert_eq!(refused.code, 4);
    assert!(refused.stderr.contains("mnemon reindex"), "{}", refused.stderr);

    let done = place.json(&["reindex", "--model-dir", other]);
    assert_eq!((done["model"].as_str(), done["embedded"].as_u64()), (Some("another-model"), Some(1)));
    assert_eq!(place.run(&["recall", "tea"]).code, 4, "now the built-in one is the other");
    let recalled = place.json(&["recall", "tea", "--model-dir", other]);
    assert_eq!(recalled["count"], 1);
    place.ok(&["check", "--model-dir", other]);
}
