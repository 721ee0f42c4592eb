//! `mnemon bench`: small runs, whole and comparable.

use super::Place;

/// Takes seconds: few memories, few questions, short loads.
const SMALL: [&str; 9] = ["bench", "--rounds", "5", "--load", "0.05", "--clients", "2", "--seed", "3"];

#[test]
fn a_run_measures_every_part_and_can_be_kept_shown_and_compared() {
    let place = Place::new();
    let run = |more: &[&str]| place.json(&[&SMALL[..], &["--sizes", "8,30", "--keep", "kept"], more].concat());
    let report = run(&["--save", "first.json", "--html", "page.html"]);
    let sizes = report["sizes"].as_array().unwrap();
    assert_eq!(sizes.len(), 2, "{report}");
    for sized in sizes {
        let (alone, stages) = (&sized["alone"], sized["alone"]["stages"].as_array().unwrap());
        for way in ["embedding", "recall", "http"] {
            assert_eq!(alone[way]["count"], 5, "{way}");
            assert!(alone[way]["p50"].as_f64().unwrap() > 0.0, "{way}");
        }
        let names: Vec<&str> = stages.iter().map(|stage| stage["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["prepare", "embed", "vector", "keyword", "fuse", "read", "answer"]);
        let parts: f64 = stages.iter().map(|stage| stage["took"]["mean"].as_f64().unwrap()).sum();
        let whole = alone["recall"]["mean"].as_f64().unwrap();
        assert!(parts > 0.5 * whole && parts <= 1.01 * whole, "stages take {parts} of {whole} ms");
        assert_eq!(sized["loads"].as_array().unwrap().len(), 5, "one as fast as it is answered, four on a schedule");
        let found = sized["search"].as_array().unwrap().iter().map(|search| search["recall"].as_f64().unwrap());
        assert!(found.clone().all(|recall| recall >= 0.99), "{:?}", found.collect::<Vec<_>>());
        assert!(sized["memories"].as_u64() >= Some(8), "{sized}");
    }
    let page = fs_err::read_to_string(place.path("page.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("prefers-color-scheme"));
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("NaN"), "it needs nothing else");

    let again = run(&["--save", "second.json"]);
    assert_eq!(again["sizes"][1]["fill"], report["sizes"][1]["fill"], "what was kept is used again");
    let changes = place.json(&["bench", "compare", "first.json", "second.json"]);
    let all = changes.as_array().unwrap();
    assert!(all.iter().any(|change| change["what"] == "recall over HTTP p50"), "{changes}");
    let memories = all.iter().find(|change| change["what"] == "index, bytes a memory").unwrap();
    assert_eq!(memories["before"], memories["after"], "the same folder is as large");
    assert!(place.ok(&["bench", "compare", "first.json", "second.json"]).stdout.contains("TIMES"));
}

#[test]
fn own_conversations_and_questions_are_measured() {
    let place = Place::new();
    let own = r#"{"role": "user", "content": "I keep bees behind the old mill.", "sessionId": "a"}
{"role": "user", "content": "My sister Ines moved to Lisbon.", "sessionId": "b"}
{"query": "Where did Ines move to?"}
"#;
    place.file("own.jsonl", own);
    let report = place.json(&["bench", "--data", "own.jsonl", "--rounds", "5", "--load", "0.05", "--clients", "1"]);
    assert_eq!((&report["material"], &report["sizes"][0]["messages"]), (&"own".into(), &2.into()), "{report}");
    let embed = &report["sizes"][0]["alone"]["stages"][1];
    assert_eq!(embed["name"], "embed");
    let (share, bare) = (&embed["took"]["p50"], &report["sizes"][0]["alone"]["embedding"]["p50"]);
    assert!(share.as_f64().unwrap() > bare.as_f64().unwrap() / 10.0, "the one question is embedded every time");
    assert!(!place.path("mnemon-data").exists(), "nothing is kept");
}

#[test]
fn wrong_files_and_numbers_are_refused() {
    let place = Place::new();
    place.file("other.json", "{\"figures\": []}");
    let ran = place.run(&["bench", "compare", "other.json", "other.json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("other.json: it is no saved run of `mnemon bench`"), "{}", ran.stderr);
    for wrong in [["--load", "0"], ["--sizes", "0"], ["--clients", "0"], ["--rounds", "none"]] {
        assert_eq!(place.run(&[&["bench"], &wrong[..]].concat()).code, 2, "{wrong:?}");
    }
}

#[test]
fn parts_are_searched_over_files_that_other_programs_can_read() {
    let place = Place::new();
    let dumped = place.json(&["bench", "dump", "files", "--texts", "40", "--questions", "10"]);
    let texts = dumped["texts"].as_u64().unwrap();
    assert!(texts == 40 && dumped["questions"] == 10, "{dumped}");
    let files = |ending: &str| ["files/texts", "files/questions"].map(|name| format!("{name}.{ending}"));
    let lines = |name: &str| fs_err::read_to_string(place.path(name)).unwrap().lines().count() as u64;
    assert_eq!((lines("files/texts.txt"), lines("files/questions.txt")), (texts, 10));
    let bytes = fs_err::read(place.path("files/texts.npy")).unwrap();
    assert!(bytes.starts_with(b"\x93NUMPY") && bytes.len() as u64 > texts * 384 * 4);

    for (part, ending) in [("vectors", "npy"), ("words", "txt")] {
        let [base, questions] = files(ending);
        let report = place.json(&["bench", part, &base, &questions]);
        assert_eq!((&report["documents"], &report["latency"]["count"]), (&texts.into(), &10.into()), "{report}");
        // Asked for itself, a text is the best hit.
        let own = place.json(&["bench", part, &base, &base]);
        let hits = own["hits"].as_array().unwrap();
        let first = hits.iter().enumerate().filter(|(place, hits)| hits[0].as_u64() == Some(*place as u64)).count();
        assert_eq!(first as u64, texts, "{part}");
    }
    let wrong = place.run(&["bench", "vectors", "files/texts.txt", "files/texts.npy"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("no NumPy file"), "{}", wrong.stderr);
}
