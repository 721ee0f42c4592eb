//! Promises of the whole room, beside what each file holds about itself.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::model::{MemoryId, MemoryType, Moment, Role, TopicKey, UnitVector};

/// Memories in a map, as an index would answer for them.
#[derive(Default)]
pub(super) struct Memories(pub(super) BTreeMap<MemoryId, KnownMemory>, f32);

impl Known for Memories {
    fn by_topic(&self, key: TopicKey) -> Vec<MemoryId> {
        self.0.iter().filter(|(_, m)| m.is_active && m.topic == Some(key)).map(|(id, _)| *id).collect()
    }

    fn same_content(&self, print: Fingerprint) -> Option<MemoryId> {
        let same = || self.0.iter().rev().filter(|(_, m)| fingerprint(&m.content) == print);
        same().find(|(_, m)| m.is_active).or_else(|| same().next()).map(|(id, _)| *id)
    }

    /// All of them, related and no nearer (or nearer by so much): words have to decide.
    fn similar(&self, _: &UnitVector, k: usize) -> Vec<(MemoryId, f32)> {
        let near = self.0.iter().filter(|(_, m)| m.is_active && m.kind != MemoryType::Task);
        near.take(k).map(|(id, _)| (*id, 0.5 + self.1)).collect()
    }

    fn memory(&self, id: MemoryId) -> Option<KnownMemory> {
        self.0.get(&id).cloned()
    }

    fn open_tasks(&self) -> Vec<MemoryId> {
        self.0.iter().filter(|(_, m)| m.is_active && m.kind == MemoryType::Task).map(|(id, _)| *id).collect()
    }
}

impl Memories {
    fn take(&mut self, drafts: &[Draft]) -> Vec<Change> {
        self.judge(drafts, &|_, _| Ok(Vec::new()))
    }

    fn judge(&mut self, drafts: &[Draft], judge: Judge<'_>) -> Vec<Change> {
        let vectors: Vec<_> = drafts.iter().map(|_| UnitVector::normalise(vec![1.0, 0.0]).unwrap()).collect();
        let changes = reconcile(drafts, &vectors, self, judge).unwrap();
        let mut ids = BTreeMap::new();
        let mut retired = Vec::new();
        for change in &changes {
            match change {
                Change::Add { draft, superseded, superseded_by, .. } => {
                    let id = MemoryId::from_bits(self.0.len() as u128);
                    let d = &drafts[*draft];
                    let topic = d.topic.as_ref().map(|t| t.key);
                    let (kind, content, said_at) = (d.kind, d.content.clone(), d.said_at);
                    let is_active = superseded_by.is_none();
                    self.0.insert(id, KnownMemory { kind, content, topic, said_at, is_active });
                    ids.insert(*draft, id);
                    retired.extend(superseded.iter().copied().map(Target::Memory));
                }
                Change::Confirm { draft, memory: Target::Memory(id) } => drop(ids.insert(*draft, *id)),
                Change::Confirm { draft, memory: Target::Draft(other) } => drop(ids.insert(*draft, ids[other])),
                Change::End { task, .. } => retired.push(*task),
            }
        }
        for target in retired {
            let id = match target {
                Target::Memory(id) => id,
                Target::Draft(draft) => ids[&draft],
            };
            self.0.get_mut(&id).unwrap().is_active = false;
        }
        changes
    }

    pub(super) fn hear(&mut self, at: &str, text: &str) {
        let drafts = drafts(at, &[(Role::User, text)]);
        self.take(&drafts);
    }

    pub(super) fn active(&self) -> Vec<&str> {
        self.0.values().filter(|m| m.is_active).map(|m| m.content.as_str()).collect()
    }
}

fn drafts(at: &str, said: &[(Role, &str)]) -> Vec<Draft> {
    let at = Moment::parse(at).unwrap();
    let turns: Vec<Turn<'_>> = said.iter().map(|&(role, content)| Turn { role, content, at, is_new: true }).collect();
    extract(&turns, &ExtractOptions::default()).drafts
}

fn contents(said: &[(Role, &str)]) -> Vec<String> {
    drafts("2026-04-20T09:00:00+02:00", said).into_iter().map(|d| d.content).collect()
}

/// Who takes what holds one word for made untrue by what holds another, by so much.
fn judges(
    older: &'static str,
    newer: &'static str,
    probable: f32,
) -> impl Fn(&str, &[&str]) -> crate::Result<Vec<f32>> {
    move |new, old| {
        let is_outdated = |old: &&str| new.contains(newer) && old.contains(older);
        Ok(old.iter().map(|old| if is_outdated(old) { probable } else { 0.1 }).collect())
    }
}

#[test]
fn what_the_reader_is_sure_of_is_replaced_where_no_rule_sees_it() {
    let (march, april) = ("2026-03-01", "2026-04-20");
    let known =
        [(march, "I weigh ninety kilos"), (march, "I keep bees"), (march, "Always tell me the weight in stone")];
    let hear = |new: (&str, &str), probable: f32| {
        let mut memories = Memories::default();
        for (at, text) in known {
            memories.hear(at, text);
        }
        memories.judge(&drafts(new.0, &[(Role::User, new.1)]), &judges("ninety", "scales", probable));
        memories.active().len()
    };
    assert_eq!(hear((april, "The scales at the gym said 87"), 0.95), 3, "one of the three is history");
    assert_eq!(hear((april, "The scales at the gym said 87"), 0.6), 4, "nothing is lost on a guess");
    assert_eq!(hear(("2026-02-01", "The scales at the gym said 87"), 0.95), 4, "what was said before outdates nothing");

    // What arrives late may be history already.
    let mut memories = Memories::default();
    memories.hear(april, "The scales at the gym said 87");
    memories.judge(&drafts(march, &[(Role::User, "I weigh ninety kilos")]), &judges("ninety", "scales", 0.95));
    assert_eq!(memories.active(), ["The scales at the gym said 87."]);

    // Two statements of one message, and a thing to do.
    let mut memories = Memories::default();
    let said = [(Role::User, "I weigh ninety kilos"), (Role::User, "The scales at the gym said 87")];
    memories.judge(&drafts(march, &said), &judges("ninety", "scales", 0.95));
    assert_eq!(memories.active(), ["The scales at the gym said 87."]);
    let mut memories = Memories::default();
    memories.hear(march, "I need to submit the grant report by Friday");
    let later = drafts(april, &[(Role::User, "I have to hand in the grant report next month")]);
    memories.judge(&later, &judges("submit", "hand in", 0.95));
    assert_eq!(memories.active().len(), 1, "{:?}", memories.active());
}

#[test]
fn the_reader_is_not_asked_about_people_who_talk_to_each_other() {
    let mut memories = Memories::default();
    let said = [
        (Role::User, "Maya: My old uncle from Hull weighs ninety kilos"),
        (Role::User, "Joel: I keep bees in the garden of my uncle"),
        (Role::User, "Maya: My old scales from the gym in Hull are broken"),
    ];
    memories.judge(&drafts("2026-04-20", &said), &judges("ninety", "scales", 1.0));
    assert_eq!(memories.active().len(), 3, "{:?}", memories.active());
}

#[test]
fn the_reader_is_asked_about_a_few_statements_however_many_there_are() {
    let names = ["Ada", "Bo", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal", "Ida"];
    let said: Vec<String> = names.iter().map(|name| format!("I admire the roof garden of {name}")).collect();
    let said: Vec<(Role, &str)> = said.iter().map(|text| (Role::User, text.as_str())).collect();
    let most = std::cell::Cell::new(0);
    let judge = |_: &str, older: &[&str]| {
        most.set(most.get().max(older.len()));
        Ok(vec![0.1; older.len()])
    };
    let mut memories = Memories::default();
    memories.judge(&drafts("2026-04-20", &said), &judge);
    memories.judge(&drafts("2026-04-21", &[(Role::User, "I admire the roof garden of Jon")]), &judge);
    assert_eq!((memories.active().len(), most.get()), (10, 4));
}

#[test]
fn the_reader_must_be_surer_of_what_is_far_and_of_what_ends_a_rule_without_being_one() {
    let left = |nearer: f32, old: &str, new: &str, probable: f32| {
        let mut memories = Memories(BTreeMap::new(), nearer);
        memories.hear("2026-03-01", old);
        memories.judge(&drafts("2026-04-20", &[(Role::User, new)]), &judges("ninety", "scales", probable));
        memories.active().len()
    };
    let (weight, rule, scales) =
        ("I weigh ninety kilos", "Always round weights to ninety kilos", "The scales at the gym said 87");
    assert_eq!(left(0.0, weight, scales, 0.92), 1);
    assert_eq!(left(-0.1, weight, scales, 0.92), 2, "far away");
    assert_eq!(left(-0.1, weight, scales, 0.97), 1);
    assert_eq!(left(-0.3, weight, scales, 0.97), 2, "too far to be asked about");
    assert_eq!(left(0.0, rule, scales, 0.92), 2, "no rule");
    assert_eq!(left(0.0, rule, scales, 0.97), 1);
}

#[test]
fn notes_are_outdated_by_statements_and_not_by_each_other() {
    let left = |old: &str, new: &str| {
        let mut memories = Memories::default();
        memories.hear("2026-03-01", old);
        memories.judge(&drafts("2026-04-20", &[(Role::User, new)]), &judges("10.20.0.15", "10.20.8.4", 0.95));
        memories.active().len()
    };
    let note = "Veeam to a synology in the cupboard, 10.20.0.15";
    assert_eq!(left(note, "The synology is in the server room with the address 10.20.8.4"), 1);
    assert_eq!(left(note, "Veeam to a synology in the server room, 10.20.8.4"), 2);
}

#[test]
fn events_are_never_outdated() {
    let mut memories = Memories::default();
    memories.hear("2026-03-01", "I sold the bees yesterday");
    memories.judge(
        &drafts("2026-04-20", &[(Role::User, "I bought the bees back on 3 April")]),
        &judges("bees", "bees", 1.0),
    );
    assert_eq!(memories.active().len(), 2);
}

#[test]
fn a_newer_statement_on_a_topic_replaces_the_older_in_other_words() {
    for (old, new, left) in [
        ("I live in Ghent", "we've just moved to Bruges!", "The user has just moved to Bruges."),
        ("My landlord is Mr. Oyelaran", "our landlord is Mrs. Pratt now", "The user's landlord is Mrs. Pratt now."),
        (
            "The deadline for the grant is 3 May",
            "the deadline for the grant moved to 9 May",
            "The deadline for the grant moved to 2026-05-09.",
        ),
        ("Reply to me in Polish", "from now on reply to me in Danish", "From now on reply to the user in Danish."),
        ("To restart the mixer, press F2", "To restart the mixer, hold F9", "To restart the mixer, hold F9."),
    ] {
        let mut memories = Memories::default();
        memories.hear("2026-01-01", old);
        memories.hear("2026-04-20", new);
        assert_eq!(memories.active(), [left], "{old} / {new}");
    }
}

#[test]
fn statements_that_only_look_alike_both_stay() {
    for (one, other) in [
        ("I live in Ghent", "my brother Piet lives in Bruges"),
        ("I like rye bread", "I like sourdough"),
        ("The red van's number plate is AB12", "The blue van's number plate is CD34"),
        ("I ran 5 km on 2 March", "I ran 8 km on 9 March"),
        ("My boss is called Ines", "my boss is so annoying"),
        ("I used to live in Ghent", "I live in Bruges"),
    ] {
        let mut memories = Memories::default();
        memories.hear("2026-03-10", one);
        memories.hear("2026-03-11", other);
        assert_eq!(memories.active().len(), 2, "{one} / {other}: {:?}", memories.active());
    }
}

#[test]
fn what_arrives_late_does_not_undo_what_was_said_after_it() {
    let mut memories = Memories::default();
    memories.hear("2026-04-20", "I live in Bruges");
    memories.hear("2026-01-01", "I live in Ghent");
    assert_eq!(memories.active(), ["The user lives in Bruges."]);
    assert_eq!(memories.0.len(), 2, "the older one is history");
}

#[test]
fn a_task_ends_when_it_is_said_to_be_done() {
    let mut memories = Memories::default();
    memories.hear("2026-04-20", "remind me to send Uma the contract");
    memories.hear("2026-04-20", "I need to mow the lawn");
    memories.hear("2026-04-21", "I sent Uma the contract this morning");
    let open: Vec<_> = memories.0.values().filter(|m| m.is_active && m.kind == MemoryType::Task).collect();
    assert_eq!(open.len(), 1);
    assert!(open[0].content.contains("lawn"));
}

#[test]
fn the_assistant_counts_only_when_the_user_agrees() {
    use Role::{Assistant, User};
    assert_eq!(contents(&[(Assistant, "You could try a bike."), (User, "maybe")]), Vec::<String>::new());
    assert_eq!(
        contents(&[(Assistant, "So you work in Ghent, right?"), (User, "Correct.")]),
        ["The user works in Ghent."]
    );
    assert_eq!(contents(&[(Assistant, "Any allergies?"), (User, "hazelnuts")]), ["The user has allergies: hazelnuts."]);
    assert_eq!(
        contents(&[(Assistant, "Which bank do you use?"), (User, "Argenta")]),
        ["The bank the user uses is Argenta."]
    );
}

#[test]
fn speakers_are_named_and_pictures_go_with_their_words() {
    let said = [
        (
            Role::User,
            "Iris: I finally planted the tomatoes on Saturday with my nephew Bo. [shares a photo: a raised bed]",
        ),
        (Role::User, "Oto: That's great, Iris! You must be so proud."),
    ];
    assert_eq!(
        contents(&said),
        ["Iris finally planted the tomatoes on 2026-04-18 with their nephew Bo. (Shared a photo: a raised bed.)"]
    );
}

#[test]
fn secrets_are_left_out_unless_they_are_asked_to_stay() {
    let at = Moment::parse("2026-04-20").unwrap();
    let turn = Turn { role: Role::User, content: "The alarm code: my pin is 4821 by the way", at, is_new: true };
    assert!(extract(&[turn], &ExtractOptions::default()).drafts.is_empty());
    let kept = extract(&[turn], &ExtractOptions { keep_secrets: true });
    assert!(kept.drafts.iter().any(|d| d.content.contains("4821")));
}

#[test]
fn only_new_turns_give_memories_and_old_ones_give_context() {
    let at = Moment::parse("2026-04-20").unwrap();
    let turn = |role, content, is_new| Turn { role, content, at, is_new };
    let turns = [
        turn(Role::User, "I have two goats", false),
        turn(Role::Assistant, "What are their names? And where do you live?", false),
        turn(Role::User, "Ghent", true),
    ];
    let found = extract(&turns, &ExtractOptions::default());
    assert_eq!(found.drafts.iter().map(|d| d.content.as_str()).collect::<Vec<_>>(), ["The user lives in Ghent."]);
    assert_eq!(found.drafts[0].sources, [1, 2]);
}

fn digits(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() > 4).map(str::to_owned).collect()
}

/// Text that looks like talk: words the rules know, in any order, with any marks and any other characters between them.
fn talk() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => prop::sample::select(vec![
            "I", "my", "we", "live", "in", "Oslo", "the", "is", "was", "yesterday", "and", "to", "last", "Friday", "not", "don't",
            "use", "always", "remind", "me", "3", "April", "weeks", "ago", "user", "'s", "?", "!", ".", ",", ":", ";", "\n", "- ",
            "```", "1)", "(", ")", "\"", "Ana:", "so", "but", "have", "need", "9:40", "2026", "🎉", "what", "you", "your", "every", "the 31st",
            "next", "month", "in ten", "days", "password", "@", "he", "it", "moved", "`x`", "->", "…", "’", "İ", "ß", "\u{301}",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => any::<String>(),
    ];
    prop::collection::vec(word, 0..60).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic_and_the_same_each_time(texts in prop::collection::vec((talk(), 0..3_usize), 1..6)) {
        let at = Moment::parse("2024-02-29T23:30:00-11:00").unwrap();
        let turns: Vec<Turn<'_>> =
            texts.iter().map(|(content, role)| Turn { role: Role::ALL[*role], content, at, is_new: true }).collect();
        let found = extract(&turns, &ExtractOptions::default());
        prop_assert_eq!(&found, &extract(&turns, &ExtractOptions::default()));
        for draft in &found.drafts {
            prop_assert!(!draft.sources.is_empty() && draft.sources.iter().all(|i| *i < turns.len()));
            let said: String = draft.sources.iter().map(|&i| turns[i].content).collect::<Vec<_>>().join(" ");
            prop_assert!(digits(&draft.content).is_subset(&digits(&said)), "a number that nobody said");
        }
        let mut memories = Memories::default();
        memories.take(&found.drafts);
        let again = memories.take(&found.drafts);
        prop_assert!(again.iter().all(|c| matches!(c, Change::Confirm { .. })), "{again:?}");
    }

    #[test]
    fn anything_can_be_remembered(content in talk()) {
        let draft = remembered(&content, Moment::parse("2026-01-31").unwrap());
        prop_assert_eq!(draft.content.as_str(), content.as_str());
    }
}
