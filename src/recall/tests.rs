//! Recall as a whole, over an index filled by hand.

use std::collections::BTreeMap;

use super::*;
use crate::index::MemoryEntry;
use crate::model::{MemoryType, MessageId, Role, Timestamp};

#[derive(Default)]
struct Kept {
    memories: BTreeMap<MemoryId, Memory>,
    messages: BTreeMap<Place, Message>,
}

impl Rows for Kept {
    fn memory(&self, id: MemoryId) -> Result<Option<Memory>> {
        Ok(self.memories.get(&id).cloned())
    }

    fn message(&self, place: Place) -> Result<Option<Message>> {
        Ok(self.messages.get(&place).cloned())
    }
}

/// The message that a memory was made from, and the memory that replaced it.
pub(super) type Links = (Option<MessageId>, Option<u128>);

pub(super) struct Fixture {
    index: ProfileIndex,
    kept: Kept,
    /// What a reader marks: the words, and how surely; it says of every other passage that it does not answer.
    marks: Option<(&'static str, f32)>,
}

impl Fixture {
    pub(super) fn new() -> Self {
        Self { index: ProfileIndex::new(2), kept: Kept::default(), marks: None }
    }

    pub(super) fn say(&mut self, position: u32, content: &str, at: &str) -> MessageId {
        let session = SessionId::parse("s").unwrap();
        let id = MessageId::of(&session, Role::User, content);
        let at = Moment::parse(at).unwrap();
        let message = Message { id, session, role: Role::User, content: content.to_owned(), at };
        let place = Place { session: 0, position };
        self.index.add_message(place, &message, None);
        self.kept.messages.insert(place, message);
        id
    }

    pub(super) fn remember(&mut self, id: u128, kind: MemoryType, content: &str, (source, by): Links) {
        let memory = Memory {
            id: MemoryId::from_bits(id),
            kind,
            summary: content.to_owned(),
            content: content.to_owned(),
            session: None,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
            said_at: Moment::parse("2026-05-01").unwrap(),
            topic: None,
            sources: source.into_iter().collect(),
            superseded_by: by.map(MemoryId::from_bits),
        };
        self.index.put_memory(MemoryEntry { memory: &memory, fingerprint: [0; 16], vector: None });
        self.kept.memories.insert(memory.id, memory);
        assert_eq!(self.index.verify(), Vec::<String>::new());
    }

    /// Gives it a reader that marks these words, and nothing else.
    fn reads(&mut self, words: &'static str, margin: f32) {
        self.marks = Some((words, margin));
    }

    fn mark(&self, passage: &str) -> Option<Marked> {
        let (words, margin) = self.marks?;
        let found = passage.find(words).map(|at| Marked { bytes: at..at + words.len(), margin });
        Some(found.unwrap_or(Marked { bytes: 0..passage.len(), margin: -20.0 }))
    }

    pub(super) fn ask(&self, text: &str, length: ResponseLength) -> Recalled {
        self.think(text, length, ThinkingLevel::Low)
    }

    fn think(&self, text: &str, length: ResponseLength, thinking: ThinkingLevel) -> Recalled {
        self.show(text, (length, thinking), 5)
    }

    fn show(&self, text: &str, (length, thinking): (ResponseLength, ThinkingLevel), evidence_limit: usize) -> Recalled {
        let reference = Moment::parse("2026-05-13").unwrap();
        let query = RecallQuery {
            text: text.to_owned(),
            reference,
            thinking,
            length,
            evidence_limit,
            explain: true,
            without: None,
        };
        let vector = UnitVector::normalise(vec![1.0, 0.0]).unwrap();
        recall(
            &query,
            &vector,
            &self.index,
            (&self.kept, &|_, passages| Ok(passages.iter().map(|passage| self.mark(passage)).collect())),
        )
        .unwrap()
    }
}

#[test]
fn nothing_known_gives_an_empty_answer() {
    let recalled = Fixture::new().ask("Where does Ana live?", ResponseLength::Medium);
    assert_eq!(recalled, Recalled::default());
}

#[test]
fn a_date_is_told_as_a_phrase_in_iso_or_with_its_words() {
    let mut known = Fixture::new();
    known.say(0, "the roofer came yesterday and fixed the gutter", "2026-05-08T10:00:00Z");
    let question = "When did the roofer fix the gutter?";
    assert_eq!(known.ask(question, ResponseLength::Short).answer, "7 May 2026");
    let medium = known.ask(question, ResponseLength::Medium).answer;
    assert_eq!(medium, "2026-05-07: the roofer came yesterday and fixed the gutter.");
    assert!(known.ask(question, ResponseLength::Long).answer.starts_with("- 2026-05-08, s: "));
    let asked = known.ask("How many days ago did the roofer fix the gutter?", ResponseLength::Short);
    assert_eq!(asked.answer, "6 days");
}

#[test]
fn evidence_is_found_by_what_was_said_around_it() {
    let mut known = Fixture::new();
    known.say(0, "we saw a film", "2026-05-01");
    known.say(1, "what is the code of the garage?", "2026-05-01");
    known.say(2, "it is 4408", "2026-05-01");
    known.say(3, "thanks a lot", "2026-05-01");
    let evidence = known.ask("the garage code", ResponseLength::Short).evidence;
    let first: Vec<&str> = evidence.iter().take(2).map(|found| found.message.content.as_str()).collect();
    assert!(first.contains(&"it is 4408"), "{first:?}");
}

#[test]
fn what_was_replaced_is_neither_a_candidate_nor_said() {
    let mut known = Fixture::new();
    let old = known.say(0, "I live in Bergen", "2026-01-01");
    let new = known.say(1, "I live in Stavanger now", "2026-05-01");
    known.remember(1, MemoryType::Fact, "The user lives in Bergen.", (Some(old), Some(2)));
    known.remember(2, MemoryType::Fact, "The user lives in Stavanger.", (Some(new), None));
    let recalled = known.ask("Where does the user live?", ResponseLength::Medium);
    assert!(recalled.answer.contains("Stavanger") && !recalled.answer.contains("Bergen"), "{}", recalled.answer);
    assert_eq!(recalled.candidates.len(), 1);
    assert_eq!(known.ask("Where does the user live?", ResponseLength::Short).answer, "Stavanger");
}

#[test]
fn a_question_about_the_wrong_person_is_not_answered() {
    let mut known = Fixture::new();
    known.say(0, "Ana: I adopted a grey parrot called Coco", "2026-05-01");
    known.say(1, "Ben: nice weather here in the hills", "2026-05-01");
    assert!(known.ask("What did Ana adopt?", ResponseLength::Short).answer.contains("grey parrot"));
    assert_eq!(known.ask("What grey parrot did Ben adopt?", ResponseLength::Short).answer, "");
}

#[test]
fn standing_instructions_are_always_consulted() {
    let mut known = Fixture::new();
    for id in 1..=30 {
        known.remember(id, MemoryType::Fact, &format!("The harbour report number {id} is filed."), (None, None));
    }
    known.remember(40, MemoryType::Instruction, "Use tables and amounts in euros.", (None, None));
    let found = known.ask("the harbour report", ResponseLength::Medium).candidates;
    assert_eq!(found.len(), 10);
    assert!(found.iter().any(|candidate| candidate.id == MemoryId::from_bits(40)));
}

#[test]
fn a_summary_has_the_headings_that_have_something_below_them() {
    let mut known = Fixture::new();
    known.remember(1, MemoryType::Fact, "The user lives in Oslo.", (None, None));
    known.remember(2, MemoryType::Fact, "The user lives in Oslo, Norway.", (None, None));
    known.remember(3, MemoryType::Task, "Buy\ncandles.", (None, None));
    let expected = "## Key Facts\n- The user lives in Oslo, Norway.\n\n## Active Tasks\n- Buy candles.\n";
    assert_eq!(summary(None, &known.index, &known.kept).unwrap(), expected);
}

#[test]
fn what_is_removed_leaves_the_index_as_if_it_had_never_been() {
    let mut known = Fixture::new();
    let source = known.say(0, "Ana: I moved", "2026-05-01");
    known.remember(1, MemoryType::Event, "Ana moved.", (Some(source), None));
    known.remember(2, MemoryType::Fact, "Ana lives in Oslo.", (Some(source), Some(1)));
    assert_eq!(known.index.by_fingerprint([0; 16]), Some(MemoryId::from_bits(1)));
    for id in [1, 2] {
        known.index.remove_memory(MemoryId::from_bits(id));
    }
    known.index.remove_message(Place { session: 0, position: 0 });
    assert_eq!((known.index.message_count(), known.index.memory_count()), (0, 0));
    assert_eq!((known.index.newest_memory_id(), known.index.by_fingerprint([0; 16])), (None, None));
    assert_eq!(known.index.verify(), Vec::<String>::new());
}

#[test]
fn what_is_called_otherwise_where_it_is_answered_is_found() {
    let mut known = Fixture::new();
    known.say(0, "the harbour was lovely and the boats were out", "2026-05-01");
    known.say(1, "fine weather for the roofers all week", "2026-05-01");
    known.say(2, "our dog sleeps under the stairs at night", "2026-05-01");
    known.say(3, "the gutter of the shed is full of leaves again", "2026-05-01");
    let recalled = known.ask("Which pets are there?", ResponseLength::Short);
    let first = recalled.evidence.first().map(|found| found.message.content.as_str());
    assert_eq!(first, Some("our dog sleeps under the stairs at night"));
}

#[test]
fn channels_sum_to_the_score_and_are_told_only_when_asked_for() {
    let mut known = Fixture::new();
    let session = SessionId::parse("s").unwrap();
    let said = known.say(0, "Ana: I keep bees on the roof", "2026-05-01");
    for (id, content) in [(1, "Ana keeps bees on the roof."), (2, "Ana has a roof.")] {
        known.remember(id, MemoryType::Fact, content, (Some(said), None));
        known.kept.memories.entry(MemoryId::from_bits(id)).and_modify(|memory| memory.session = Some(session.clone()));
        let memory = &known.kept.memories[&MemoryId::from_bits(id)];
        known.index.put_memory(MemoryEntry { memory, fingerprint: [0; 16], vector: None });
    }
    let recalled = known.ask("Where does Ana keep bees?", ResponseLength::Short);
    let candidates = recalled.candidates.iter().map(|found| (found.score, &found.explanation));
    let evidence = recalled.evidence.iter().map(|found| (found.score, &found.explanation));
    let mut channels = Vec::new();
    for (score, explanation) in candidates.chain(evidence) {
        let parts = explanation.as_ref().unwrap();
        assert!((parts.iter().map(|part| part.score).sum::<f32>() - score).abs() < 1e-5, "{parts:?} {score}");
        channels.extend(parts.iter().map(|part| part.channel));
    }
    for channel in ["words", "source", "sameSession", "speaker", "length"] {
        assert!(channels.contains(&channel), "{channel} in {channels:?}");
    }
    let query = RecallQuery::new("Where does Ana keep bees?", Moment::parse("2026-05-13").unwrap());
    let vector = UnitVector::normalise(vec![1.0, 0.0]).unwrap();
    let plain = recall(&query, &vector, &known.index, (&known.kept, &|_, _| Ok(Vec::new()))).unwrap();
    assert!(plain.candidates.iter().all(|found| found.explanation.is_none()));
    assert_eq!(plain.candidates.len(), 2);
}

#[test]
fn time_between_two_things_is_counted_from_one_to_the_other() {
    let mut known = Fixture::new();
    known.say(0, "the sofa was ordered today", "2026-03-02T10:00:00Z");
    known.say(1, "the cat is fine", "2026-03-20T10:00:00Z");
    known.say(2, "the sofa was delivered at last yesterday", "2026-04-01T10:00:00Z");
    for (question, expected) in [
        ("How many days after the sofa was ordered was it delivered?", "29 days"),
        ("How many days passed between ordering and delivering the sofa?", "29 days"),
        ("How many weeks before 15 April 2026 was the sofa delivered?", "2 weeks"),
        ("How many days ago was the sofa delivered?", "43 days"),
    ] {
        assert_eq!(known.ask(question, ResponseLength::Short).answer, expected, "{question}");
    }
}

#[test]
fn a_price_needs_no_sign_where_the_sentence_is_about_it() {
    let mut known = Fixture::new();
    known.say(0, "The clay is 65 extra.", "2026-03-02T10:00:00Z");
    known.say(1, "The kiln takes 12 pots.", "2026-03-02T10:01:00Z");
    assert_eq!(known.ask("How much extra does the clay cost?", ResponseLength::Short).answer, "65");
    assert_eq!(known.ask("How much does the kiln cost?", ResponseLength::Short).answer, "");
}

#[test]
fn a_memory_and_the_sentence_it_was_made_of_are_told_once() {
    let mut known = Fixture::new();
    let said = known.say(
        0,
        "guess what, my sister's wedding is finally going ahead next Saturday, in the old mill",
        "2026-05-04T10:00:00Z",
    );
    known.remember(
        1,
        MemoryType::Event,
        "The user's sister's wedding is on 2026-05-16, in the old mill.",
        (Some(said), None),
    );
    let answer = known.ask("What is in the old mill?", ResponseLength::Medium).answer;
    assert_eq!(answer.matches("wedding").count(), 1, "{answer}");
}

/// What some messages answer, in short, among others about nothing.
fn short(said: &[&str], question: &str) -> String {
    let mut known = Fixture::new();
    let others = ["the bus was late", "soup again", "rain all morning", "a quiet evening"];
    for (position, text) in (0..).step_by(2).zip(said.iter().chain(&others)) {
        known.say(position, text, "2026-05-13");
    }
    known.ask(question, ResponseLength::Short).answer
}

#[test]
fn a_short_answer_is_the_phrase_that_is_asked_for() {
    for (said, question, expected) in [
        ("I play the clarinet in the town band on Sundays", "Which instrument do I play?", "clarinet"),
        ("My sister repaired the old kayak last week", "What did my sister repair?", "old kayak"),
        ("We water the orchids twice a week, except in winter", "How often do we water the orchids?", "twice a week"),
        ("The concert was magical.", "How was the concert?", "magical"),
        ("I'm reading \"The Glass Harbour\" on the train", "Which book am I reading?", "The Glass Harbour"),
        ("I walk to the office to clear my head", "Why do I walk to the office?", "clear my head"),
        ("I adore liquorice with my coffee", "What do I love with my coffee?", "liquorice"),
    ] {
        assert_eq!(short(&[said], question), expected, "{question}");
    }
}

#[test]
fn several_things_are_told_as_a_list_without_repeats() {
    let said = ["I practise the violin every morning", "At night I practise the trumpet and the violin"];
    let answer = short(&said, "Which instruments do I practise?");
    assert!(answer.contains("violin") && answer.contains("trumpet"), "{answer}");
    assert_eq!(answer.matches("violin").count(), 1, "{answer}");
}

#[test]
fn a_thing_of_a_sort_that_nothing_names_is_not_answered() {
    assert_eq!(short(&["Flights are booked: Helsinki to Osaka and back"], "Which airline flies to Osaka?"), "");
    assert_eq!(short(&["Odin weighs 30 kg since spring"], "What breed is Odin?"), "");
    assert_eq!(short(&["Squat is 92 kg for five now"], "How much can I deadlift?"), "");
    assert_eq!(short(&["Odin is a poodle of 30 kg"], "What breed is Odin?"), "poodle");
}

#[test]
fn a_question_for_one_month_is_not_answered_from_another() {
    assert_eq!(short(&["Lotte is release manager for December"], "Who is release manager for February?"), "");
    assert_eq!(short(&["Lotte is release manager for December"], "Who is release manager for December?"), "Lotte");
}

#[test]
fn how_long_a_thing_is_is_a_length_where_no_time_is_told() {
    assert_eq!(short(&["The new climbing rope is 60 m and dry-treated."], "How long is the climbing rope?"), "60 m");
    assert_eq!(short(&["The stage to Moss is 18.2km, 14 minutes."], "How long is the stage to Moss?"), "14 minutes");
    assert_eq!(short(&["The ditch by the lane is 40m now."], "How long is the ditch by the lane?"), "40m");
}

#[test]
fn a_day_that_the_sentence_before_names_is_when_it_was() {
    let answer = short(&["Something happened last Friday. I signed the lease."], "When did I sign the lease?");
    assert_eq!(answer, "Friday, 8 May 2026");
}

#[test]
fn what_a_reader_marks_is_the_short_answer_from_medium_thinking_on() {
    let mut known = Fixture::new();
    known.say(0, "I took up running last year, it clears my mind after a day of meetings", "2026-05-01");
    known.say(1, "I bought new shoes for running", "2026-05-01");
    let question = "Why does the user go running?";
    let plain = known.ask(question, ResponseLength::Short).answer;
    known.reads("clears my mind", 4.0);
    assert_eq!(known.think(question, ResponseLength::Short, ThinkingLevel::Medium).answer, "clears my mind");
    assert_eq!(known.ask(question, ResponseLength::Short).answer, plain, "low thinking reads nothing");
    let medium = known.think(question, ResponseLength::Medium, ThinkingLevel::High).answer;
    assert!(medium.starts_with("I took up running"), "{medium}");
}

#[test]
fn a_reader_that_finds_an_answer_likely_is_believed_where_the_word_was_never_said() {
    let mut known = Fixture::new();
    known.say(0, "Dr Moe put me on penicillin for the tooth", "2026-05-01");
    let asked = |known: &Fixture| {
        known.think("Which antibiotic does the user take for the tooth?", ResponseLength::Short, ThinkingLevel::Medium)
    };
    for (margin, answer) in [(-1.0, "penicillin"), (-3.0, ""), (-9.0, "")] {
        known.reads("penicillin", margin);
        assert_eq!(asked(&known).answer, answer, "{margin}");
    }
}

#[test]
fn no_day_is_told_where_a_reader_finds_none_and_little_is_shared() {
    let mut known = Fixture::new();
    known.say(0, "I keep it on my late husband Ernest's writing bureau", "2026-05-01");
    let asked = |known: &Fixture, question| known.think(question, ResponseLength::Short, ThinkingLevel::Medium).answer;
    for (margin, question, answer) in [
        (-6.0, "When did Ernest buy the bureau?", "1 May 2026"),
        (-8.0, "When did Ernest buy the bureau?", ""),
        (-8.0, "When did I keep it on the writing bureau?", "1 May 2026"),
    ] {
        known.reads("late", margin);
        assert_eq!(asked(&known, question), answer, "{question} {margin}");
    }
    known.say(1, "Ana: Ernest was late", "2026-05-02");
    known.say(2, "Ben: he always is", "2026-05-02");
    assert_ne!(asked(&known, "When did Ernest buy the bureau?"), "", "people who talk to each other speak of the day");
}

#[test]
fn what_a_reader_marks_is_no_answer_when_it_is_of_another_kind() {
    let mut known = Fixture::new();
    known.say(0, "Sowa pays 45 euros for each page within 30 days, second place", "2026-05-01");
    known.say(1, "the matinee is on for four nights", "2026-05-01");
    known.say(2, "the gala opens at eight for members", "2026-05-01");
    known.say(3, "choir rehearsals are on Mondays", "2026-05-01");
    for (question, words, fits) in [
        ("What does Sowa pay per word?", "30 days", false),
        ("What does Sowa pay per word?", "45 euros", true),
        ("How many words does Sowa pay for?", "second place", false),
        ("How many words does Sowa pay for?", "45", true),
        ("At what time does the matinee begin?", "four nights", false),
        ("At what time does the gala open?", "members", true),
        ("At what time are the choir rehearsals?", "Mondays", false),
        ("On which day are the choir rehearsals?", "Mondays", true),
        ("How did Sowa pay for the pages?", "30 days", true),
    ] {
        known.reads(words, 3.0);
        let answer = known.think(question, ResponseLength::Medium, ThinkingLevel::Medium).answer;
        assert_eq!(!answer.is_empty(), fits, "{question} {words}: {answer}");
    }
}

#[test]
fn what_still_holds_of_a_message_is_read_where_something_else_of_it_was_replaced() {
    let mut known = Fixture::new();
    let said = known.say(0, "I cover Elm and Rowan. My bleep is 2284.", "2026-05-01");
    for number in 1..5 {
        known.say(number, &format!("colleagues ring the pharmacist about bed {number}"), "2026-05-02");
    }
    known.remember(1, MemoryType::Fact, "The user covers Elm and Rowan.", (Some(said), Some(2)));
    known.remember(2, MemoryType::Fact, "The user covers Ash.", (None, None));
    known.remember(3, MemoryType::Fact, "The user's bleep is 2284.", (Some(said), None));
    known.reads("2284", 4.0);
    let question = "Which bleep do colleagues ring the pharmacist on?";
    assert_eq!(known.think(question, ResponseLength::Short, ThinkingLevel::Medium).answer, "2284");
    known.reads("Elm and Rowan", 4.0);
    assert_ne!(known.think(question, ResponseLength::Short, ThinkingLevel::Medium).answer, "Elm and Rowan");
}

#[test]
fn standing_instructions_keep_the_last_places_of_the_evidence() {
    let mut known = Fixture::new();
    let rule = known.say(0, "always give prices in pounds", "2026-05-01");
    for number in 1..12 {
        known.say(number, &format!("a watch for running costs some {number} coins"), "2026-05-02");
    }
    known.remember(1, MemoryType::Instruction, "Always give prices in pounds.", (Some(rule), None));
    let evidence = known.ask("Which watch for running would suit me?", ResponseLength::Short).evidence;
    assert_eq!(evidence.len(), 5);
    assert_eq!(evidence.last().unwrap().message.id, rule);
    assert!(evidence.iter().take(4).all(|found| found.message.id != rule));
}

#[test]
fn never_more_evidence_is_given_than_is_wanted_and_a_little_has_no_lane() {
    let mut known = Fixture::new();
    for number in 0..8 {
        let rule = known.say(number, &format!("always answer in {number} sentences"), "2026-05-01");
        known.remember(number.into(), MemoryType::Instruction, "Always answer in sentences.", (Some(rule), None));
    }
    known.say(8, "the boat is moored at Kungsholmen", "2026-05-02");
    for limit in [0, 1, 2, 4, 5, 9, 20] {
        let how = (ResponseLength::Short, ThinkingLevel::Low);
        let evidence = known.show("Where is the boat moored?", how, limit).evidence;
        assert_eq!(evidence.len(), limit.min(9));
        let first = evidence.first().is_none_or(|found| found.message.content.contains("Kungsholmen"));
        assert!(first, "of {limit}");
    }
}

#[test]
fn what_is_known_of_another_of_its_kind_is_no_answer() {
    for (said, asked, answers) in [
        ("We recovered buoy M3 in May.", "When was buoy M1 recovered?", false),
        ("We recovered buoy M1 in May.", "When was buoy M1 recovered?", true),
        ("Batch PB-37 gave a yield of 62%.", "What yield did batch PB-36 give?", false),
        ("The queen of hive 3 has a blue mark.", "Which mark has the queen of hive 1?", false),
        ("The queen of hive 3 has a blue mark.", "Which mark has the queen of hive 3?", true),
        ("Noor had her second jab on 2 May.", "When did Noor have her first jab?", false),
        ("Noor had her second jab on 2 May.", "When did Noor have her second jab?", true),
        ("The 220g jar costs 16 pounds.", "What does the 400g jar cost?", false),
        ("Room 12 seats 40 people.", "How many people does room 12 seat?", true),
    ] {
        let mut fixture = Fixture::new();
        fixture.say(0, said, "2026-05-10T09:00:00Z");
        let answer = fixture.ask(asked, ResponseLength::Medium).answer;
        assert_eq!(!answer.is_empty(), answers, "{asked}: {answer}");
    }
}

#[test]
fn statements_that_contradict_each_other_are_told_with_their_dates() {
    let mut known = Fixture::new();
    known.say(0, "The launch of the harbour ferry is on 3 May.", "2026-04-01T10:00:00Z");
    known.say(9, "The launch of the harbour ferry is on 10 May.", "2026-04-12T10:00:00Z");
    let asked = |known: &Fixture| known.ask("When is the launch of the harbour ferry?", ResponseLength::Medium).answer;
    assert_eq!(
        asked(&known),
        "2026-04-12: The launch of the harbour ferry is on 10 May. 2026-04-01: The launch of the harbour ferry is on 3 May."
    );
    let mut changed = Fixture::new();
    changed.say(0, "The launch of the harbour ferry is on 3 May.", "2026-04-01T10:00:00Z");
    changed.say(9, "The launch of the harbour ferry has moved to 10 May.", "2026-04-12T10:00:00Z");
    assert!(!asked(&changed).contains("3 May"), "{}", asked(&changed));
    let mut again = Fixture::new();
    again.say(0, "The launch of the harbour ferry is on 10 May.", "2026-04-01T10:00:00Z");
    again.say(9, "So the launch of the harbour ferry is on 10 May.", "2026-04-12T10:00:00Z");
    assert!(!asked(&again).contains("2026-04-01:"), "{}", asked(&again));
}
