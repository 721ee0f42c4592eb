//! How much a statement tells, for talk between people: most of what they say keeps the talk going.
//!
//! A sum of reasons, each a whole number of "content words". The constants are set by reasoning and checked on dialogs,
//! not fitted to them.

use super::lexicon::{DETERMINERS, FIRST_PERSON, PREPOSITIONS, SUBORDINATORS, THIRD_PERSON, is_adverb};
use super::verbs::{Time, main_verb};
use super::words::{Kind, Token, at_any, has_any};

/// Words of judgement and feeling: they say how something is found, not what it is.
const JUDGEMENT: &str = "amazing awesome great good nice cool wonderful lovely beautiful inspiring important special fun exciting excited happy glad proud thankful grateful \
    lucky blessed best better super really so very totally incredible fantastic perfect powerful rewarding meaningful worth joy happiness love loved support supportive kind sweet \
    hope hopeful passionate strength courage journey life world people things thing lot lots way time moment moments day days stuff everything something anything always never \
    feel feels feeling felt think thinking thought know see means mean keep keeps make makes made sure guess gonna going want wants able can could would will get getting got \
    bring brings brought help helps helped let say said look looking looks take takes taking come comes stay forward positive dream dreams together";

/// What else there is about a statement's message.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Circumstance {
    /// The turn before, someone else's, asked a question.
    pub answers: bool,
    /// The message shares a picture or a file.
    pub shares: bool,
    /// The message has given a memory already: what comes on top must tell more.
    pub told: bool,
}

/// What a message's first statement must weigh to be kept.
const FIRST: i32 = 3;
/// What each further one must weigh.
const FURTHER: i32 = 6;

/// Whether a statement tells enough.
pub(super) fn is_enough(tokens: &[Token], circumstance: Circumstance) -> bool {
    weight(tokens, circumstance) >= if circumstance.told { FURTHER } else { FIRST }
}

/// The weight of a statement in its speaker's own person.
fn weight(tokens: &[Token], circumstance: Circumstance) -> i32 {
    let self_told = tokens.iter().any(|t| FIRST_PERSON.contains(&t.low.as_str()));
    let content = tokens.iter().filter(|t| is_content(t)).count();
    let names = tokens.iter().skip(1).filter(|t| t.is_capitalised() && !t.is("i") && !t.low.starts_with("i'")).count();
    let numbers = tokens.iter().filter(|t| t.has_digit()).count();
    let (time, _) = main_verb(tokens);
    let to_other = tokens.iter().any(|t| t.is_any(&["you", "your", "yourself", "you're"]));
    let loose = THIRD_PERSON.contains(&tokens.first().map_or("", |t| t.low.as_str()));
    let general = has_any(
        tokens,
        &["we all", "people who", "it takes", "it's important", "it 's important", "everyone", "each other"],
    );
    let mut sum = i32::try_from(content.min(9)).unwrap_or(9);
    sum += i32::try_from(names.min(2) + numbers.min(2)).unwrap_or(4);
    sum += match time {
        Time::Past | Time::Perfect if self_told => 3,
        Time::Progressive | Time::Future if self_told => 1,
        _ => 0,
    };
    sum += i32::from(super::kind::has_date(tokens)) * 2;
    sum += i32::from(circumstance.answers) * 2 + i32::from(circumstance.shares) * 2;
    sum += i32::from(at_any(tokens, 0, &["my"]))
        - i32::from(!self_told) * 3
        - i32::from(to_other) * 3
        - i32::from(loose)
        - i32::from(general) * 2;
    sum
}

fn is_content(token: &Token) -> bool {
    let word = token.low.as_str();
    let small = DETERMINERS.contains(&word)
        || PREPOSITIONS.contains(&word)
        || FIRST_PERSON.contains(&word)
        || THIRD_PERSON.contains(&word)
        || SUBORDINATORS.contains(&word);
    let filler = small
        || is_adverb(word)
        || word.len() < 3
        || super::lexicon::AUXILIARIES.contains(&word)
        || word.starts_with('\'')
        || matches!(word, "and" | "but" | "you" | "your" | "been" | "being" | "there");
    matches!(token.kind, Kind::Word | Kind::Number | Kind::Opaque)
        && !filler
        && !JUDGEMENT.split(' ').any(|j| j == word)
}
