//! Figures of extraction on the development suites, without a server: a quick look while rules change.
//!
//! `MNEMON_EVAL=<folder of the suites> cargo test --lib ingest::quality -- --ignored --nocapture`

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::*;
use crate::model::{MemoryId, MemoryType, Moment, Role, TopicKey, UnitVector};

#[derive(Default)]
struct Profile {
    rows: BTreeMap<MemoryId, Row>,
}

struct Row {
    known: KnownMemory,
    sources: BTreeSet<String>,
}

impl Known for Profile {
    fn by_topic(&self, key: TopicKey) -> Vec<MemoryId> {
        let on_topic = self.rows.iter().filter(|(_, r)| r.known.is_active && r.known.topic == Some(key));
        on_topic.map(|(id, _)| *id).collect()
    }

    fn same_content(&self, print: Fingerprint) -> Option<MemoryId> {
        let mut same = self.rows.iter().rev().filter(|(_, r)| fingerprint(&r.known.content) == print);
        same.next().map(|(id, _)| *id)
    }

    fn similar(&self, _: &UnitVector, _: usize) -> Vec<(MemoryId, f32)> {
        Vec::new()
    }

    fn memory(&self, id: MemoryId) -> Option<KnownMemory> {
        self.rows.get(&id).map(|r| r.known.clone())
    }

    fn open_tasks(&self) -> Vec<MemoryId> {
        self.rows
            .iter()
            .filter(|(_, r)| r.known.is_active && r.known.kind == MemoryType::Task)
            .map(|(id, _)| *id)
            .collect()
    }
}

impl Profile {
    fn ingest(&mut self, turns: &[Turn<'_>]) -> Extraction {
        let found = extract(turns, &ExtractOptions::default());
        let mut ids: BTreeMap<usize, MemoryId> = BTreeMap::new();
        let changes = reconcile(&found.drafts, &[], self);
        for change in &changes {
            match change {
                Change::Add { draft, superseded, superseded_by } => {
                    let id = MemoryId::from_bits(self.rows.len() as u128);
                    ids.insert(*draft, id);
                    let d = &found.drafts[*draft];
                    let known = KnownMemory {
                        kind: d.kind,
                        content: d.content.clone(),
                        topic: d.topic.as_ref().map(|t| t.key),
                        said_at: d.said_at,
                        is_active: superseded_by.is_none(),
                    };
                    self.rows.insert(id, Row { known, sources: sources(d, turns) });
                    for old in superseded {
                        self.rows.get_mut(old).unwrap().known.is_active = false;
                    }
                }
                Change::Confirm { draft, memory } => {
                    let id = id_of(*memory, &ids);
                    ids.insert(*draft, id);
                    let more = sources(&found.drafts[*draft], turns);
                    self.rows.get_mut(&id).unwrap().sources.extend(more);
                }
                Change::End { task, .. } => self.rows.get_mut(&id_of(*task, &ids)).unwrap().known.is_active = false,
            }
        }
        found
    }

    fn active(&self) -> Vec<(&'static str, &str)> {
        let active = self.rows.values().filter(|r| r.known.is_active);
        active.map(|r| (r.known.kind.as_str(), r.known.content.as_str())).collect()
    }
}

fn id_of(target: Target, ids: &BTreeMap<usize, MemoryId>) -> MemoryId {
    match target {
        Target::Memory(id) => id,
        Target::Draft(draft) => ids[&draft],
    }
}

fn sources(draft: &Draft, turns: &[Turn<'_>]) -> BTreeSet<String> {
    draft.sources.iter().map(|&i| turns[i].content.to_owned()).collect()
}

fn folder() -> String {
    std::env::var("MNEMON_EVAL").expect("MNEMON_EVAL names the folder of the suites")
}

fn rows(name: &str) -> Vec<Value> {
    let text = fs_err::read_to_string(format!("{}/{name}", folder())).unwrap();
    text.lines().filter(|l| !l.trim().is_empty()).map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn turns(messages: &Value) -> Vec<Turn<'_>> {
    messages
        .as_array()
        .unwrap()
        .iter()
        .map(|m| Turn {
            role: Role::parse(m["role"].as_str().unwrap()).unwrap(),
            content: m["content"].as_str().unwrap(),
            at: Moment::parse(m["timestamp"].as_str().unwrap()).unwrap(),
            is_new: true,
        })
        .collect()
}

fn has(text: &str, needles: &Value) -> bool {
    let low = text.to_lowercase();
    needles.as_array().unwrap().iter().all(|n| low.contains(&n.as_str().unwrap().to_lowercase()))
}

fn share(name: &str, hits: &[bool]) {
    let yes = hits.iter().filter(|h| **h).count();
    println!("{name:40} {:.4}  ({yes}/{})", yes as f32 / hits.len().max(1) as f32, hits.len());
}

#[test]
#[ignore = "needs the suites"]
fn types() {
    let at = Moment::parse("2026-05-01").unwrap();
    let mut hits = Vec::new();
    for case in rows("types.jsonl") {
        let text = case["text"].as_str().unwrap();
        let got = remembered(text, at).kind.as_str();
        hits.push(got == case["type"]);
        if got != case["type"] {
            println!("  {got} for {}: {text}", case["type"]);
        }
    }
    share("accuracy", &hits);
}

#[test]
#[ignore = "needs the suites"]
fn extraction() {
    let (mut found, mut typed, mut clean, mut silent, mut same, mut many) = (vec![], vec![], vec![], vec![], vec![], 0);
    for case in rows("extract.jsonl") {
        let mut profile = Profile::default();
        let turns = turns(&case["messages"]);
        profile.ingest(&turns);
        let memories: Vec<_> = profile.active().iter().map(|(k, c)| (*k, (*c).to_owned())).collect();
        for want in case["expect"].as_array().unwrap() {
            let with: Vec<_> = memories.iter().filter(|m| has(&m.1, &want["all"])).collect();
            found.push(!with.is_empty());
            typed.push(with.iter().any(|m| m.0 == want["type"]));
            if !typed[typed.len() - 1] {
                println!("  {}: wanted {want}, got {memories:?}", case["id"]);
            }
        }
        let bad: Vec<_> = case["reject"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|n| memories.iter().any(|m| m.1.to_lowercase().contains(&n.as_str().unwrap().to_lowercase())))
            .collect();
        clean.push(bad.is_empty());
        if !bad.is_empty() {
            println!("  {}: kept {bad:?}: {memories:?}", case["id"]);
        }
        if case["expect"].as_array().unwrap().is_empty() {
            silent.push(memories.is_empty());
        } else if std::env::var("SHOW").is_ok() {
            println!("  {} {memories:?}", case["id"]);
        }
        many += memories.len();
        profile.ingest(&turns);
        same.push(profile.active().len() == memories.len());
    }
    println!("memories {many}");
    for (name, hits) in
        [("found", found), ("found_and_typed", typed), ("clean", clean), ("silent", silent), ("idempotent", same)]
    {
        share(name, &hits);
    }
}

#[test]
#[ignore = "needs the suites"]
fn supersede() {
    let (mut kept, mut gone, mut coexist, mut all) = (vec![], vec![], vec![], vec![]);
    for case in rows("supersede.jsonl") {
        let mut profile = Profile::default();
        for step in case["steps"].as_array().unwrap() {
            profile.ingest(&turns(&step["messages"]));
        }
        let active = profile.active();
        let current = &case["current"];
        let ok = if case["kind"] == "coexist" {
            let nested = current[0].is_array();
            let every: Vec<Value> = current
                .as_array()
                .unwrap()
                .iter()
                .map(|c| if nested { c.clone() } else { Value::Array(vec![c.clone()]) })
                .collect();
            let ok = every.iter().all(|w| active.iter().any(|t| has(t.1, w)));
            coexist.push(ok);
            ok
        } else {
            kept.push(active.iter().any(|t| has(t.1, current)));
            gone.push(!active.iter().any(|t| has(t.1, &case["stale"])));
            kept[kept.len() - 1] && gone[gone.len() - 1]
        };
        all.push(ok);
        if !ok {
            println!("  {}: {} current {current} stale {} active {active:?}", case["id"], case["kind"], case["stale"]);
        }
    }
    for (name, hits) in [("coexist", coexist), ("kept_new", kept), ("dropped_old", gone), ("all_right", all)] {
        share(name, &hits);
    }
}

#[test]
#[ignore = "needs the suites"]
fn temporal() {
    let mut hits = Vec::new();
    for case in rows("temporal.jsonl") {
        let mut profile = Profile::default();
        let turn = Turn {
            role: Role::User,
            content: case["content"].as_str().unwrap(),
            at: Moment::parse(case["timestamp"].as_str().unwrap()).unwrap(),
            is_new: true,
        };
        profile.ingest(&[turn]);
        let date = case["date"].as_str().unwrap();
        hits.push(profile.active().iter().any(|m| m.1.contains(date)));
        if !hits[hits.len() - 1] || std::env::var("SHOW").is_ok() {
            println!("  {date} {} -> {:?}", turn.content, profile.active());
        }
    }
    share("in_memory", &hits);
}

fn dialog_ids(text: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for (i, _) in text.match_indices('D') {
        let id: String = text[i..].chars().take_while(|c| *c == 'D' || *c == ':' || c.is_ascii_digit()).collect();
        if id.contains(':') && id.len() > 3 {
            ids.insert(id);
        }
    }
    ids
}

fn session_time(text: &str) -> Moment {
    let months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let words: Vec<&str> = text.split([' ', ',', ':']).filter(|w| !w.is_empty()).collect();
    let hour = words[0].parse::<u32>().unwrap() % 12 + if words[2] == "pm" { 12 } else { 0 };
    let month = months.iter().position(|m| *m == words[5]).unwrap() + 1;
    Moment::parse(&format!(
        "{}-{month:02}-{:02}T{hour:02}:{}:00Z",
        words[6],
        words[4].parse::<u32>().unwrap(),
        words[1]
    ))
    .unwrap()
}

#[test]
#[ignore = "needs the suites"]
fn dialogs() {
    let data: Value =
        serde_json::from_str(&fs_err::read_to_string(format!("{}/locomo_dev.json", folder())).unwrap()).unwrap();
    let mut spent = 0.0;
    let (mut precise, mut recall, mut share_cited, mut per_message, mut covered, mut words) =
        (vec![], vec![], vec![], vec![], vec![], vec![]);
    for dialog in data.as_array().unwrap() {
        let conv = &dialog["conversation"];
        let mut profile = Profile::default();
        let mut place: BTreeMap<String, String> = BTreeMap::new();
        for n in 1..100 {
            let Some(session) = conv[format!("session_{n}")].as_array() else { continue };
            let at = session_time(conv[format!("session_{n}_date_time")].as_str().unwrap());
            let texts: Vec<String> = session
                .iter()
                .map(|t| {
                    let photo = t["blip_caption"]
                        .as_str()
                        .filter(|c| !c.is_empty())
                        .map(|c| format!(" [shares a photo: {c}]"))
                        .unwrap_or_default();
                    format!("{}: {}{photo}", t["speaker"].as_str().unwrap(), t["text"].as_str().unwrap())
                })
                .collect();
            for (t, text) in session.iter().zip(&texts) {
                place.insert(text.clone(), t["dia_id"].as_str().unwrap().to_owned());
            }
            let turns: Vec<Turn<'_>> =
                texts.iter().map(|text| Turn { role: Role::User, content: text, at, is_new: true }).collect();
            let start = std::time::Instant::now();
            let found = extract(&turns, &ExtractOptions::default());
            spent += start.elapsed().as_secs_f64();
            profile.ingest(&turns);
            if std::env::var("SHOW").is_ok_and(|s| s == dialog["sample_id"]) {
                for v in &found.verdicts {
                    println!(
                        "{:3} {} -> {}",
                        v.turn,
                        v.sentence,
                        match v.verdict {
                            Verdict::Kept { draft, .. } =>
                                format!("[{}] {}", found.drafts[draft].kind.as_str(), found.drafts[draft].content),
                            Verdict::Dropped(why) => format!("-- {why}"),
                        }
                    );
                }
            }
        }
        let observed: BTreeSet<String> = dialog["observation"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|s| s.as_object().unwrap().values())
            .flat_map(|rows| rows.as_array().unwrap())
            .flat_map(|row| dialog_ids(&row[1].to_string()))
            .collect();
        let mut cited = BTreeSet::new();
        let active: Vec<&Row> = profile.rows.values().filter(|r| r.known.is_active).collect();
        for row in &active {
            let mine: BTreeSet<String> = row.sources.iter().filter_map(|s| place.get(s).cloned()).collect();
            precise.push(f64::from(u8::from(mine.iter().any(|m| observed.contains(m)))));
            words.push(row.known.content.split_whitespace().count() as f64);
            cited.extend(mine);
        }
        recall.push(cited.intersection(&observed).count() as f64 / observed.len() as f64);
        share_cited.push(cited.len() as f64 / place.len() as f64);
        per_message.push(active.len() as f64 / place.len() as f64);
        let all: BTreeSet<String> = place.values().cloned().collect();
        for qa in dialog["qa"].as_array().unwrap().iter().filter(|q| q["category"] != 5) {
            let gold: BTreeSet<String> = dialog_ids(&qa["evidence"].to_string()).intersection(&all).cloned().collect();
            if !gold.is_empty() {
                covered.push(gold.intersection(&cited).count() as f64 / gold.len() as f64);
            }
        }
    }
    println!("{:.3} ms a message", spent * 1e3 / 2760.0);
    let mean = |xs: &[f64]| xs.iter().sum::<f64>() / xs.len() as f64;
    let (p, r) = (mean(&precise), mean(&recall));
    println!(
        "turn_f1 {:.4} (p {p:.4} r {r:.4})  cited_share {:.4}  per_message {:.4}  covered {:.4}  words {:.1}",
        2.0 * p * r / (p + r),
        mean(&share_cited),
        mean(&per_message),
        mean(&covered),
        mean(&words)
    );
}
