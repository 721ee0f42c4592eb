//! The rooms and what they may name: ARCHITECTURE.md as a test.

use std::path::{Path, PathBuf};

/// What may be named in its own rooms only: the words, and the rooms.
const OWNED: &[(&[&str], &[&str])] = &[
    (&["redb", "bincode"], &["store"]),
    (&["hnsw_rs"], &["vector"]),
    (&["fastembed", "ort"], &["embed"]),
    (
        &["axum", "hyper", "hyper_util", "tower", "tower_http", "tokio", "tokio_rustls", "utoipa", "utoipa_axum"],
        &["http"],
    ),
    (&["clap", "clap_complete", "indicatif", "ureq"], &["cli"]),
    (&["hdrhistogram"], &["bench"]),
];

/// Which rooms a room may use, beside itself and what every room may use.
const USES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("clock", &["model"]),
    ("store", &["model"]),
    ("embed", &["model"]),
    ("dates", &[]),
    ("text", &["model"]),
    ("grammar", &["text"]),
    ("vector", &["model"]),
    ("index", &["model", "text", "vector"]),
    ("ingest", &["model", "index", "dates", "text", "vector"]),
    ("recall", &["model", "index", "dates", "text", "grammar", "vector"]),
    ("engine", &["model", "store", "embed", "index", "ingest", "recall", "clock"]),
    ("eval", &["model", "engine", "recall", "embed", "dates", "text", "clock"]),
    ("http", &["model", "engine", "recall", "clock"]),
    ("bench", &["model", "engine", "recall", "embed", "eval", "http", "text", "vector", "clock"]),
    ("cli", &["model", "engine", "recall", "ingest", "eval", "bench", "http", "embed", "vector", "clock"]),
];

/// What every room may use.
const EVERYWHERE: &[&str] = &["error", "model"];

/// A source file, and the room it is in.
struct Source {
    room: String,
    path: PathBuf,
    code: String,
}

#[test]
fn a_room_names_only_what_it_may() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (words, rooms) in OWNED {
            for word in words.iter().filter(|word| names(&source.code, word) && !rooms.contains(&source.room.as_str()))
            {
                wrong.push(format!("{} names {word}, which only {rooms:?} may", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn dependencies_point_one_way() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((_, uses)) = USES.iter().find(|(room, _)| *room == source.room) else { continue };
        for used in used_rooms(&source.code) {
            let allowed = used == source.room || uses.contains(&used.as_str()) || EVERYWHERE.contains(&used.as_str());
            if !allowed {
                wrong.push(format!("{}: {} may not use {used}", source.path.display(), source.room));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_code_is_where_it_is_looked_for() {
    let places = ["src/vector/wide.rs", "src/main.rs"];
    let may = |path: &Path| places.iter().any(|place| path.ends_with(place));
    let wrong = sources().into_iter().filter(|source| names_path(&source.code, "unsafe") && !may(&source.path));
    let wrong: Vec<_> = wrong.map(|source| source.path).collect();
    assert!(wrong.is_empty(), "{wrong:?} have unsafe code, which only {places:?} may");
}

#[test]
fn every_room_is_described() {
    let architecture = read(&root().join("ARCHITECTURE.md"));
    for source in sources() {
        let room = source.room.as_str();
        assert!(USES.iter().any(|(known, _)| *known == room) || ["lib", "main", "error"].contains(&room), "{room}");
        assert!(architecture.contains(&format!("  {room}")), "ARCHITECTURE.md does not name {room}");
    }
}

/// The rooms that code names as `crate::room` or `mnemon::room`.
fn used_rooms(code: &str) -> Vec<String> {
    let rooms = USES.iter().map(|(room, _)| *room);
    let named = |room: &str| ["crate::", "mnemon::"].iter().any(|base| names_path(code, &format!("{base}{room}")));
    rooms.filter(|room| named(room)).map(str::to_owned).collect()
}

fn names_path(code: &str, path: &str) -> bool {
    code.match_indices(path).any(|(at, _)| {
        let after = code[at + path.len()..].chars().next();
        !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Whether `word::` or `use word` stands in the code as a crate's name.
fn names(code: &str, word: &str) -> bool {
    let starts_path = format!("{word}::");
    code.match_indices(&starts_path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    assert!(files.len() > 20, "src/ was not found");
    let source = |path: PathBuf| {
        let inside = path.strip_prefix(&src).expect("walked from src");
        let first = inside.components().next().expect("a file has a name").as_os_str().to_string_lossy().into_owned();
        let room = first.trim_end_matches(".rs").to_owned();
        Source { room, code: without_comments(&read(&path)), path }
    };
    files.into_iter().map(source).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs_err::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn without_comments(code: &str) -> String {
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn read(path: &Path) -> String {
    fs_err::read_to_string(path).expect("a readable file")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
