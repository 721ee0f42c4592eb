//! Conversations that nobody had: what people tell an assistant, drawn from a grammar with a fixed seed.
//!
//! Names, places, prices, dates and things are drawn anew for every sentence, so that hardly two are the same and their
//! vectors and words are as many and as uneven as those of real talk. They are made up here and stand for nobody.

use jiff::civil::date;
use jiff::{Span, tz::TimeZone};

use super::dice::Dice;
use super::vocabulary as words;
use crate::error::Result;
use crate::model::{Moment, NewMessage, Role, SessionId, Timestamp};

/// Messages of one conversation.
pub(super) const MESSAGES: usize = 25;
/// One message in so many is the assistant's.
const REPLY_EVERY: usize = 5;

/// What a person says; a word in braces is drawn.
const STATEMENTS: &[&str] = &[
    "{person} {first} moved from {place} to {place} in {month}.",
    "I bought {thing} for {price} euros at {spot} last {weekday}.",
    "{first} {last} works as a {job} in {place} now.",
    "We met {first} {last} at {spot} at {hour}:{minute} and talked about {hobby} for hours.",
    "I have {event} in {place} on {day} {month} at {hour}:{minute}.",
    "{person} is allergic to {food}, so we went for {food} instead.",
    "Our {pet} {petname} had to go to the vet in {place} because of {ill} in {month}.",
    "{first} lent me {thing} and wants it back before {day} {month}.",
    "I have been doing {hobby} with {first} every {weekday} since {month}.",
    "The {colour} door in {place} will cost us {price} euros, says {first} {last}.",
    "{person} {first} sold {thing} to {first} {last} for {price} euros.",
    "I finished reading {book} that {first} gave me in {place}.",
    "My appointment with {first} {last} moved from {weekday} to {weekday} at {hour}:{minute}.",
    "{first} was in hospital in {place} with {ill} for {number} days.",
    "We paid {price} euros for {number} nights near {spot} in {place}.",
    "{person} started as a {job} at a company with {number} people in {place}.",
    "I painted the kitchen {colour} with {first}, it took {number} hours.",
    "{first} {last} will visit us from {place} on {day} {month}.",
    "I cannot stand {food}, but {person} {first} cooks it every {weekday} in {place}.",
    "The train from {place} to {place} left at {hour}:{minute} and was {number} minutes late.",
    "{person} adopted a {pet} from {place} and called it {petname}.",
    "I signed up for {event} with {first} {last}; it costs {price} euros.",
    "Since {month} I take lessons in {hobby} from {first} {last} at {spot}.",
    "{first} broke {thing} that I got in {place} and offered me {price} euros.",
    "Please remind me to call {first} {last} about {thing} on {weekday}.",
    "I lost my keys at {spot} in {place} and {first} found them at {hour}:{minute}.",
    "{person} and {first} ran {number} kilometres around {spot} on {weekday}.",
    "The repair of {thing} takes until {day} {month}, according to {first} {last}.",
    "I gave up {hobby} because of {ill} and sold {thing}.",
    "{first} {last} from {place} recommended {book} to me.",
    "We planted {number} tomatoes with {person} {first} near {spot}.",
    "The rent of {first} {last} in {place} goes up to {price} euros from {month}.",
];

/// What is asked.
const QUESTIONS: &[&str] = &[
    "When did {first} {last} move to {place}?",
    "How much did I pay for {thing} at {spot} in {place} last {weekday}?",
    "Where does {first} {last} work as a {job}?",
    "Who did we meet at {spot} in {place} to talk about {hobby}?",
    "When is {event} with {first} {last} in {place}?",
    "What is {person} {first} allergic to, {food} or {food}?",
    "What happened to our {pet} {petname} in {place} in {month}?",
    "When does {first} {last} want {thing} back?",
    "Who do I do {hobby} with at {spot} in {place} on {weekday}?",
    "How much did {first} {last} get for {thing}?",
    "Which book did {first} {last} give me in {place}?",
    "What time is my appointment with {first} {last} on {weekday}?",
    "How long was {first} {last} in hospital in {place} with {ill}?",
    "Did {first} {last} and I paint the kitchen {colour} or {colour}?",
    "When will {first} {last} visit us from {place}?",
    "How late was the train from {place} to {place} in {month}?",
    "What did {person} {first} call the {pet} from {place}?",
    "Where did I lose my keys before {first} {last} found them at {spot}?",
    "How far did {person} and {first} run in {place}?",
    "Until when does the repair of {thing} by {first} {last} take?",
    "Why did I give up {hobby} in {month} and sell {thing}?",
    "How much is the rent of {first} {last} in {place} from {month}?",
    "What did {first} {last} say about {thing} on {day} {month}?",
    "Who teaches {hobby} at {spot} in {place} since {month}?",
];

/// A conversation with its name.
pub(super) struct Talk {
    pub(super) id: SessionId,
    pub(super) messages: Vec<NewMessage>,
}

/// The conversation of that number: the same whichever came before it.
pub(super) fn talk(seed: u64, number: usize) -> Result<Talk> {
    let mut dice = Dice::new(seed, 2 * number as u64);
    let began = began(number);
    let messages = (0..MESSAGES).map(|position| {
        let at = Moment::utc(Timestamp::from_millis(began + 40_000 * i64::try_from(position).unwrap_or(0)));
        if position % REPLY_EVERY == REPLY_EVERY - 1 {
            return NewMessage::new(Role::Assistant, dice.pick(words::REPLIES), Some(at));
        }
        let statement = dice.pick(STATEMENTS);
        NewMessage::new(Role::User, sentence(statement, &mut dice), Some(at))
    });
    Ok(Talk { messages: messages.collect::<Result<_>>()?, id: SessionId::parse(&format!("talk-{number}"))? })
}

/// Three hours after the one before; milliseconds of Unix time.
fn began(number: usize) -> i64 {
    let first = date(2020, 1, 6).at(9, 0, 0, 0);
    let hours = 3 * i64::try_from(number).unwrap_or(0);
    let at = first.checked_add(Span::new().hours(hours)).unwrap_or(first);
    at.to_zoned(TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_millisecond())
}

/// The question of that number. No two of the first hundred thousand are alike in practice.
pub(super) fn question(seed: u64, number: usize) -> String {
    let mut dice = Dice::new(seed, 2 * number as u64 + 1);
    let question = dice.pick(QUESTIONS);
    sentence(question, &mut dice)
}

/// The template with its words drawn, and its first letter a capital.
fn sentence(template: &str, dice: &mut Dice) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    for (place, part) in template.split(['{', '}']).enumerate() {
        if place % 2 == 0 {
            text.push_str(part);
        } else {
            draw(part, dice, &mut text);
        }
    }
    let first = text.chars().next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    let rest: String = text.chars().skip(1).collect();
    first + &rest
}

/// Adds a word of a kind.
fn draw(kind: &str, dice: &mut Dice, text: &mut String) {
    let from = match kind {
        "first" => words::FIRST_NAMES,
        "last" => words::SURNAMES,
        "place" => words::PLACES,
        "spot" => words::SPOTS,
        "person" => words::PEOPLE,
        "job" => words::JOBS,
        "thing" => words::THINGS,
        "pet" => words::PETS,
        "petname" => words::PET_NAMES,
        "food" => words::FOODS,
        "hobby" => words::HOBBIES,
        "event" => words::EVENTS,
        "book" => words::BOOKS,
        "ill" => words::ILLS,
        "month" => words::MONTHS,
        "weekday" => words::WEEKDAYS,
        "colour" => words::COLOURS,
        "price" => return text.push_str(&(5 + dice.below(1_995)).to_string()),
        "day" => return text.push_str(&(1 + dice.below(28)).to_string()),
        "number" => return text.push_str(&(2 + dice.below(48)).to_string()),
        "hour" => return text.push_str(&(10 + dice.below(12)).to_string()),
        "minute" => return text.push_str(dice.pick(words::MINUTES)),
        unknown => unknown_kind(unknown),
    };
    text.push_str(dice.pick(from));
}

/// A mistake in a template: a test draws every one.
fn unknown_kind(kind: &str) -> &'static [&'static str] {
    debug_assert!(false, "no word of the kind {kind}");
    &[]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_conversation_is_the_same_every_time_and_unlike_the_next() {
        let texts = |number| {
            let talk = talk(7, number).unwrap();
            talk.messages.iter().map(|message| message.content.clone()).collect::<Vec<_>>()
        };
        assert_eq!(texts(3), texts(3));
        assert_ne!(texts(3), texts(4));
        assert_eq!(texts(3).len(), MESSAGES);
    }

    #[test]
    fn hardly_two_sentences_are_the_same() {
        let messages = (0..200).flat_map(|number| talk(7, number).unwrap().messages);
        let said: Vec<String> = messages.filter(|m| m.role == Role::User).map(|m| m.content).collect();
        let different: HashSet<&String> = said.iter().collect();
        assert!(different.len() * 100 > said.len() * 99, "{} of {}", different.len(), said.len());
        let asked: HashSet<String> = (0..5_000).map(|number| question(7, number)).collect();
        assert!(asked.len() > 4_985, "{}", asked.len());
    }

    #[test]
    fn every_template_is_filled_to_the_end() {
        let mut dice = Dice::new(7, 0);
        for template in STATEMENTS.iter().chain(QUESTIONS) {
            let text = sentence(template, &mut dice);
            assert!(!text.contains(['{', '}']) && !text.contains("  "), "{text}");
            assert!(text.ends_with(['.', '?']) && text.starts_with(char::is_uppercase), "{text}");
        }
    }
}
