//! Answers say nothing that was not said: every word of an answer stands in a message or a memory, or is a date or a count.

use std::collections::HashSet;

use proptest::prelude::*;

use super::tests::Fixture;
use super::*;
use crate::model::MemoryType;
use crate::text::words;

/// What people say, about things that the questions ask for and things they do not.
const SAID: &[&str] = &[
    "Ana: I moved to Tromsø last March, to the house behind the harbour",
    "Ben: my sister's wedding is next Saturday at Aldgrove Hall",
    "the parcel was ordered yesterday and the bill came to 1,250 euros",
    "The boiler code is KX-77-20914, and the plumber is Mr. Quill",
    "We feed the horses at 7:00 and 18:00, on Mondays only once",
    "my dentist says three fillings, because I eat too many sweets",
    "I have been baking for twelve years; the starter is called Gertrude",
    "the delivery came two weeks ago, but the lamp was broken!",
    "ich wohne seit 2019 in Köln",
    "Do you know where the spare key is?",
    "[shares a photo: a grey parrot on a piano]",
    "東京で会いましょう。 Then we fly home on 3 October, back on the 19th",
];
/// What was made of it, each of the message with the same number.
const KEPT: &[(usize, &str)] = &[
    (0, "Ana moved to Tromsø in 2026-03."),
    (1, "Ben's sister's wedding is on 2026-05-16 at Aldgrove Hall."),
    (3, "The boiler code is KX-77-20914."),
    (5, "The user's dentist says three fillings."),
];
/// One question for each kind of answer, and some that nothing answers.
const QUESTIONS: &[&str] = &[
    "When did Ana move?",
    "When is the wedding?",
    "Where does Ana live?",
    "Who is the plumber?",
    "What is the boiler code?",
    "How much did the parcel cost?",
    "How many days after the parcel was ordered did the delivery come?",
    "How long ago did the delivery come?",
    "On which days are the horses fed?",
    "How long has the user been baking?",
    "Why does the user need fillings?",
    "Is the lamp broken?",
    "What animals does the user keep?",
    "What breed is the parrot?",
    "How should mails be signed?",
    "tell me all about Köln",
];
/// Words that dates and counts are told with.
const COUNTED: &str = "day days week weeks month months year years january february march april may june july august \
    september october november december monday tuesday wednesday thursday friday saturday sunday of the s";

fn word_set(text: &str) -> HashSet<String> {
    words(text).map(|word| word.text.to_lowercase()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn every_word_of_an_answer_was_said(
        said in proptest::sample::subsequence((0..SAID.len()).collect::<Vec<_>>(), 0..=SAID.len()),
        question in proptest::sample::select(QUESTIONS),
        days in proptest::collection::vec(1..29_u8, SAID.len()),
    ) {
        let mut known = Fixture::new();
        let mut stored = word_set(COUNTED);
        for (position, &at) in said.iter().enumerate() {
            let source = known.say(u32::try_from(position).unwrap(), SAID[at], &format!("2026-04-{:02}T10:00:00Z", days[at]));
            stored.extend(word_set(SAID[at]));
            if let Some((_, kept)) = KEPT.iter().find(|(of, _)| *of == at) {
                known.remember(at as u128 + 1, MemoryType::Fact, kept, (Some(source), None));
                stored.extend(word_set(kept));
            }
        }
        for length in [ResponseLength::Short, ResponseLength::Medium, ResponseLength::Long] {
            let answer = known.ask(question, length).answer;
            let counted = |word: &String| word.chars().all(|c| !c.is_alphabetic());
            let made_up: Vec<String> = word_set(&answer).into_iter().filter(|word| !counted(word) && !stored.contains(word)).collect();
            prop_assert!(made_up.is_empty(), "{question} {length:?}: {answer:?} has {made_up:?}");
            prop_assert_eq!(&answer, &known.ask(question, length).answer);
        }
    }
}
