//! `mnemon eval`: a user's own questions, and how well they are answered.

use super::Place;

const BEES: &str = r#"{"id": "m1", "role": "user", "content": "I keep bees behind the old mill, four hives so far.", "sessionId": "a", "timestamp": "2026-04-01T10:00:00Z"}
{"id": "m2", "role": "user", "content": "My sister Ines moved to Lisbon yesterday.", "sessionId": "b", "timestamp": "2026-04-09T10:00:00Z"}
{"query": "Where did Ines move to?", "expect": ["lisbon"], "evidence": ["m2"], "answer": "Lisbon", "category": "where"}
{"query": "Where did Ines move to?", "expect": ["madrid"], "evidence": ["m1", "m2"], "answer": "Madrid", "category": "wrong on purpose"}
{"query": "Which yacht won the regatta?", "answer": ""}
"#;

#[test]
fn questions_are_held_against_what_they_want() {
    let place = Place::new();
    place.file("bees.jsonl", BEES);
    let report = place.json(&["eval", "bees.jsonl"]);
    let figures = &report["figures"][0];
    let right = &figures["categories"]["where"];
    assert_eq!((&right["evid@5"], &right["mem@5"], &right["f1"]), (&1.0.into(), &1.0.into(), &1.0.into()), "{report}");
    let wrong = &figures["categories"]["wrong on purpose"];
    assert_eq!((&wrong["evid@5"], &wrong["mem@5"], &wrong["f1"]), (&1.0.into(), &0.0.into(), &0.0.into()), "{report}");
    assert_eq!((&figures["all"]["abstain"], &figures["all"]["questions"]), (&1.0.into(), &3.into()), "{report}");
    assert!(!place.path("mnemon-data").exists(), "nothing is kept");
}

#[test]
fn parts_of_recall_are_switched_off_one_by_one() {
    let place = Place::new();
    place.file("bees.jsonl", BEES);
    let report = place.json(&["eval", "bees.jsonl", "--ablate"]);
    let names: Vec<&str> =
        report["figures"].as_array().unwrap().iter().map(|figures| figures["name"].as_str().unwrap()).collect();
    assert_eq!(names.first(), Some(&"all questions"));
    assert!(names.len() > 2, "{names:?}");
    let table = place.ok(&["eval", "bees.jsonl"]).stdout;
    assert!(table.contains("ANSWERED") && table.contains("wrong on purpose"), "{table}");
}

#[test]
fn a_file_that_is_no_dataset_is_refused_with_its_line() {
    let place = Place::new();
    place.file("bad.jsonl", "{\"role\": \"user\", \"content\": \"hello\"}\n{\"query\": 5}\n");
    let ran = place.run(&["eval", "bad.jsonl"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("bad.jsonl: line 2: invalid type"), "{}", ran.stderr);
    place.file("none.jsonl", "{\"role\": \"user\", \"content\": \"hello\"}\n");
    assert!(place.run(&["eval", "none.jsonl"]).stderr.contains("there is no question in it"));
    let missing = place.run(&["eval", "missing.jsonl"]);
    assert!(missing.code != 0 && missing.stderr.contains("missing.jsonl"), "{}", missing.stderr);
}
