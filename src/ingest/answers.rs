//! Short answers joined to their questions: `Favourite colour?` `Teal.` → `My favourite colour is teal`.
//!
//! What comes out is in the words of the one who answers, and goes on like any other statement.

use super::asked::wh_answer;
use super::choice::chosen;
use super::clauses::{is_clause, without_closing};
use super::date_words::small_number;
use super::lexicon::{AUXILIARIES, DETERMINERS, POSSESSIVES, PREPOSITIONS, is_adverb, is_common_base};
use super::verbs::{Time, command, main_verb};
use super::words::{Class, Kind, Token, at, at_any, count_words, has_any, low, phrase_at, tokenize};
use super::yes_no::{affirm, confirmed, corrected, denied, without_relative};
use crate::dates::WEEKDAYS;

/// Answers longer than this say what they mean themselves.
const LONGEST_ANSWER: usize = 16;

const YES: &str = "yes|yep|yeah|yup|ya|correct|exactly|right|that's right|that is right|that's correct|indeed|precisely|spot on|\
    true|affirmative|sure|you got it|absolutely|definitely|of course|it is|i do|i am|they are|he is|she is|aye|\
    that 's right|that 's correct|that is correct|yes exactly|yes that's right|you are right|both|always|\
    always in that order";
const NO: &str = "no|nope|nah|not really|not at all|none|i don't|i do n't|i do not";
/// Answers that give nothing.
const EMPTY: &str = "not sure|no idea|idk|dunno|nothing|don't know|do n't know|i do n't know|later|skip|pass|maybe|whatever|anything|\
    hmm|good|fine|great|busy|not much|same|not yet|who knows|it depends|depends|ok|okay|thanks|thank you|cheers|ty|\
    thx|please|both noted|lol|haha|pretty good|not bad|all good|doing well|doing good|well|you?|will do|sounds good|you bet|no thanks|fair enough|good question";
/// Questions that offer something or keep the talk going.
const OFFERS: &str = "you should|you could|you might|want|would you like|shall i|shall we|do you want|can i|may i|anything else|need help|ready|how can i|what can i|\
    do you need|would you|should we|could you|can you|how are you|how's|how have you|how is it going|how 's|\
    what's up|what 's up|what's new|what 's new|sound good|make sense|does that|is that|is it|is this|did that|\
    how was that|how does that|what about|how about|anything|any other|what do you think|what would you|\
    by when|since when|until when|how come|how so|why not|where should we start|who's there|who 's there|who is there|what's on|what 's on|have you tried|did you know";

/// Questions for something that one may know.
const KNOWN: &[&str] = &["do you know your", "do you remember your", "do you have your", "can you tell me your"];

/// A statement made of a question and its answer.
pub(super) struct Joined {
    /// In the first person of the one who answers.
    pub tokens: Vec<Token>,
    /// Whether the whole answer is in it; else only its first word was used and the rest says more.
    pub takes_all: bool,
    /// Whether it tells the assistant how to do something.
    pub is_rule: bool,
}

/// Joins an answer's first sentence to the question before it, when the answer does not stand alone.
pub(super) fn join(question: &[Token], answer: &[Token]) -> Option<Joined> {
    let answer = without_closing(answer);
    if let Some(tokens) = chosen(question, answer).or_else(|| chosen_verb(question, &inside(answer))) {
        return Some(Joined { tokens, takes_all: true, is_rule: false });
    }
    if let Some(joined) = agreed_rule(question, answer) {
        return Some(joined);
    }
    // "Piano, perhaps?" "not piano, I play the oboe": it says itself what is so.
    let denies = at_any(answer, 0, "not|neither|none") && answer.iter().any(|t| t.is_any("i|my|we|our"));
    if denies || super::change::retracts(answer) {
        return None;
    }
    let offered = OFFERS.any(|offer| phrase_at(question, 0, offer)) && !phrase_at(question, 0, "what's your");
    let wide =
        question.iter().any(|t| t.is_any("it|that|this|these|those|they|them|he|she|him|her") && !t.is_capitalised())
            && !has_any(question, &["at this", "this week"]);
    if offered || count_words(question) < 2 || count_words(question) > 40 {
        return None;
    }
    let (said, rest) = verdict_word(answer);
    if EMPTY.any(|e| phrase_at(rest, 0, e) && e.split(' ').count() >= count_words(rest)) {
        return None;
    }
    let bare = is_bare(rest);
    match said {
        Some(true) if !wide => confirmed(question, rest, bare),
        Some(false) if !wide && rest.is_empty() => denied(question),
        Some(false) if !wide => corrected(question, rest),
        None if bare && !wide => answered(question, rest),
        _ => None,
    }
}

/// `Shall I use metric units from now on?` `yes please`: what was offered for good is a rule.
fn agreed_rule(question: &[Token], answer: &[Token]) -> Option<Joined> {
    const ASKS: &str = "shall i|should i|do you want me to|would you like me to|would you prefer me to|may i|can i";
    let length = ASKS.split('|').filter(|ask| phrase_at(question, 0, ask)).map(|ask| ask.split(' ').count()).max()?;
    let (said, rest) = verdict_word(answer);
    let offered = question.get(length..)?;
    let lasting = has_any(offered, super::kind::STANDING);
    let plain = said == Some(true) && rest.is_empty() && !has_any(question, "or|anything else");
    (plain && lasting && command(offered) == Some(0) && count_words(offered) >= 3).then(|| Joined {
        tokens: mirror_back(offered),
        takes_all: true,
        is_rule: true,
    })
}

/// A statement of the assistant's that the user says is right.
pub(super) fn is_confirmation(answer: &[Token]) -> bool {
    let strong = [
        "correct",
        "exactly",
        "that's right",
        "that 's right",
        "yes exactly",
        "precisely",
        "spot on",
        "that's correct",
        "that 's correct",
        "yes that 's right",
        "yes , that 's right",
        "yes , exactly",
        "yes correct",
        "yes , correct",
    ];
    strong.iter().any(|s| phrase_at(answer, 0, s)) && count_words(answer) <= 5
}

/// Whether the answer starts with yes or no, and what follows.
fn verdict_word(answer: &[Token]) -> (Option<bool>, &[Token]) {
    let longest =
        |words: &str| words.split('|').filter(|w| phrase_at(answer, 0, w)).map(|w| w.split(' ').count()).max();
    let (said, length) = match (longest(YES), longest(NO)) {
        (Some(n), _) => (Some(true), n),
        (None, Some(n)) => (Some(false), n),
        (None, None) => return (None, without_marks(answer)),
    };
    let rest = without_marks(answer.get(length..).unwrap_or_default());
    let polite = |t: &Token| t.is_any(&["please", "thanks", "thx", "ty", "pls", "mate"]);
    let rest = if rest.iter().filter(|t| t.is_wordy()).all(polite) { &[] } else { rest };
    // "yes , always in that order" adds nothing; "correct , and …" may.
    let echoed = YES.any(|w| phrase_at(rest, 0, w) && w.split(' ').count() >= count_words(rest));
    (said, if echoed { &[] } else { rest })
}

fn without_marks(tokens: &[Token]) -> &[Token] {
    let start = tokens.iter().position(Token::is_wordy).unwrap_or(tokens.len());
    let end = tokens.iter().rposition(Token::is_wordy).map_or(0, |i| i + 1);
    tokens.get(start..end).unwrap_or_default()
}

/// Whether an answer is no statement itself: no verb of its own before its first comma.
fn is_bare(answer: &[Token]) -> bool {
    let first = answer.iter().position(|t| t.is(",")).map_or(answer, |i| answer.get(..i).unwrap_or_default());
    let verbless = main_verb(first).0 == Time::None;
    let speaks = (at_any(answer, 0, "my|our") && !verbless)
        || at_any(answer, 0, "i|we|it|they|he|she|that|you|please|can|let|what|how|so|this");
    // "three times a week": a number opens no clause.
    let counted = answer.first().is_some_and(|t| t.kind == Kind::Number || small_number(&t.low).is_some_and(|n| n > 1));
    let long = count_words(first) > LONGEST_ANSWER;
    !answer.is_empty()
        && !speaks
        && (counted || !is_clause(first))
        && !long
        && !matches!(main_verb(first).0, Time::Past | Time::Perfect)
}

/// `Need to finish the report`, `still have to pack`: a statement whose subject is left out, no phrase to put into a question.
fn stands_alone(answer: &[Token]) -> bool {
    let lead = answer.iter().take_while(|t| t.is_any("still|just|also|really|probably|mostly")).count();
    let duty = at_any(answer, lead, "need|have|want|plan|hope|got|going|trying") && at(answer, lead + 1, "to");
    duty || at_any(answer, lead, &["gotta", "must", "gonna"])
}

pub(super) fn mirror(tokens: &[Token]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let me = match token.low.as_str() {
            "you" => "I",
            "your" => "my",
            "yours" => "mine",
            "yourself" => "myself",
            _ => {
                out.push(token.clone());
                continue;
            }
        };
        out.push(Token { spaced: token.spaced, ..Token::word(me) });
    }
    out
}

pub(super) fn build(parts: &[&[Token]]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for part in parts {
        let start = out.len();
        out.extend(part.iter().cloned());
        if let Some(first) = out.get_mut(start) {
            first.spaced = (first.kind != Kind::Punct && !first.is("'s")) || first.text.starts_with(['(', '"']);
        }
    }
    out
}

/// An answer's words inside a sentence: `Teal` becomes `teal`, names keep their capital.
pub(super) fn inside(answer: &[Token]) -> Vec<Token> {
    let mut out = without_marks(answer).to_vec();
    let single = count_words(answer) == 1
        && answer.first().is_some_and(|t| t.text.len() > 1 && t.text.chars().skip(1).all(char::is_lowercase));
    let common = out.first().is_some_and(|t| {
        DETERMINERS.has(&t.low) || PREPOSITIONS.has(&t.low) || is_adverb(&t.low) || POSSESSIVES.has(&t.low)
    });
    if let Some(first) = out.first_mut().filter(|_| common && !single) {
        first.text.clone_from(&first.low);
    }
    out
}

/// Where the noun phrase that `tokens` starts with ends.
pub(super) fn noun_phrase(tokens: &[Token]) -> Option<usize> {
    if at_any(tokens, 0, &["i", "we", "he", "she", "they", "it"]) {
        return Some(1);
    }
    let opened = tokens.first().is_some_and(|t| DETERMINERS.has(&t.low) || POSSESSIVES.has(&t.low));
    let stop = |t: &Token| {
        !t.is_wordy()
            || is_adverb(&t.low)
            || (PREPOSITIONS.has(&t.low) && !t.is("of"))
            || AUXILIARIES.has(&t.low)
            || t.is_any("a|an|the|allergic|married|vegetarian|vegan|open|closed|available|free|your|my")
            || (t.low.len() > 4 && t.low.ends_with("ing"))
    };
    let found = tokens.iter().skip(1).position(stop).map(|i| i + 1);
    match found {
        Some(end) if end <= 6 => Some(end),
        _ if opened && tokens.len() >= 3 => Some(2),
        _ if tokens.first().is_some_and(Token::is_capitalised) && tokens.len() >= 2 => Some(1),
        _ => None,
    }
}

/// An answer to a question with a question word, or to one that its bare answer completes.
fn answered(question: &[Token], rest: &[Token]) -> Option<Joined> {
    // "What's going on?" "Sit down for this.": it asks for something, or keeps the talk going.
    let tells = command(rest) == Some(0) && at_any(rest, 1, "down|up|for|it|this|that|me|do|on|back|out");
    if stands_alone(rest) || tells {
        return None;
    }
    // "Do you know your shoe size?"
    if let Some(start) = KNOWN.iter().find(|known| phrase_at(question, 0, known)).map(|known| known.split(' ').count())
    {
        return answered(&build(&[&tokenize("what is your"), question.get(start..)?]), rest);
    }
    let q = mirror(without_now(question));
    let answer = inside(rest);
    if let Some(tokens) = short_rule(question, &answer) {
        return Some(Joined { tokens, takes_all: true, is_rule: true });
    }
    if let Some(tokens) = rule_answer(question, &answer) {
        return Some(Joined { tokens, takes_all: true, is_rule: true });
    }
    if let Some(tokens) = filled(question, &answer) {
        return Some(Joined { tokens, takes_all: true, is_rule: false });
    }
    let tokens = match low(&q, 0) {
        "what" | "which" | "who" | "where" | "when" | "how" | "whose" => wh_answer(&q, &answer)?,
        "favourite" | "favorite" | "preferred" | "current" => {
            build(&[&tokenize("my"), &lowered(&q), &tokenize("is"), &answer])
        }
        "is" | "are" | "does" | "do" if is_adverbial(&lowered(rest)) => build(&[&affirm(question)?, &answer]),
        "do" | "does" if has_any(question, &["any", "have"]) || at(rest, 0, "only") => {
            build(&[&affirm(question)?, &tokenize(":"), &answer])
        }
        "any" => build(&[&tokenize("I have"), &without_relative(q.get(1..)?), &tokenize(":"), &answer]),
        _ if at_any(&q, 0, DETERMINERS) => return None,
        _ if q.last().is_some_and(|t| t.is_any("who|what|perhaps|maybe|instead")) => return None,
        _ if count_words(&q) <= 4 && main_verb(&q).0 == Time::None && !at_any(&q, 0, &["ready", "sure", "ok"]) => {
            build(&[&tokenize("my"), &lowered(&q), &tokenize("is"), &answer])
        }
        _ => return None,
    };
    Some(Joined { tokens, takes_all: true, is_rule: false })
}

/// `Is the workshop yours, or do you rent it?` `rent it off my cousin`: an answer that starts with a verb of the question, what "it" is
/// there put in.
fn chosen_verb(question: &[Token], answer: &[Token]) -> Option<Vec<Token>> {
    let (verb, object) = answer.split_first()?;
    let asked = (2..question.len()).find(|&i| at(question, i, &verb.low) && at_any(question, i - 1, "you|or"))?;
    let whole = (0..asked).any(|i| phrase_at(question, i, "do you")) && is_common_base(&verb.low);
    if !whole {
        return None;
    }
    let named = (0..asked).find(|&i| at_any(question, i, "the|your")).and_then(|i| {
        let noun =
            question.get(i..)?.iter().take_while(|t| t.kind == Kind::Word && !t.is_any("yours|mine|or|and|is|are"));
        Some(noun.take(3).cloned().collect::<Vec<_>>())
    });
    let pronoun = object.first().is_some_and(|t| t.is_any("it|them|one"));
    match named.filter(|_| pronoun) {
        Some(noun) => Some(build(&[&tokenize("I"), std::slice::from_ref(verb), &mirror(&noun), object.get(1..)?])),
        None => Some(build(&[&tokenize("I"), answer])),
    }
}

/// `on Mondays`, `only on Mondays`.
fn is_adverbial(answer: &[Token]) -> bool {
    let first = low(answer, usize::from(at(answer, 0, "only")));
    PREPOSITIONS.has(first) || WEEKDAYS.contains(&first.trim_end_matches('s'))
}

/// `Are you allergic to anything?` `penicillin`: the answer takes the open word's place.
fn filled(question: &[Token], answer: &[Token]) -> Option<Vec<Token>> {
    let (last, before) = question.split_last()?;
    let open = last.is_any(&["anything", "anyone", "anywhere", "something", "somewhere"])
        && at_any(question, 0, &["are", "do", "is", "have", "does"])
        && at(question, 1, "you");
    if open { Some(build(&[&affirm(before)?, answer])) } else { None }
}

pub(super) fn lowered(tokens: &[Token]) -> Vec<Token> {
    let mut out = tokens.to_vec();
    if let Some(first) = out.first_mut().filter(|t| !t.is("i") && !t.text.chars().skip(1).any(char::is_uppercase)) {
        first.text.clone_from(&first.low);
    }
    out
}

/// Without "at the moment" and its like at the end.
fn without_now(question: &[Token]) -> &[Token] {
    let tails = [
        "at the moment",
        "right now",
        "these days",
        "currently",
        "today",
        "now",
        "at present",
        "nowadays",
        "exactly",
        "then",
        "again",
    ];
    let found = tails
        .iter()
        .map(|t| t.split(' ').count())
        .zip(tails)
        .find(|&(n, tail)| question.len() > n && phrase_at(question, question.len() - n, tail));
    question.get(..question.len() - found.map_or(0, |(n, _)| n)).unwrap_or(question)
}

/// `And the unsigned ones?` `shred them`: a command about what was asked for.
fn short_rule(question: &[Token], answer: &[Token]) -> Option<Vec<Token>> {
    let thing = question.get(usize::from(at(question, 0, "and"))..)?;
    let short = count_words(thing) <= 5 && main_verb(thing).0 == Time::None && at_any(thing, 0, DETERMINERS);
    let (verb, object) = answer.split_first().filter(|_| short && command(answer) == Some(0))?;
    let pronoun = at_any(object, 0, "em|'em|them|it|those|these|that");
    pronoun.then(|| build(&[std::slice::from_ref(verb), &lowered(thing), object.get(1..).unwrap_or_default()]))
}

/// `How should I name the files?`: the answer is an instruction.
fn rule_answer(question: &[Token], answer: &[Token]) -> Option<Vec<Token>> {
    let asks = "should i|would you like me to|do you want me to|would you prefer me to|do you prefer me to|would you have me|must i";
    let (should, length) = (1..question.len().min(6)).find_map(|i| {
        let found = asks.split('|').find(|a| phrase_at(question, i, a));
        found.map(|a| (i, a.split(' ').count()))
    })?;
    let rest = lowered(question.get(should + length..)?);
    let thing = question.get(1..should)?;
    let tokens = match low(question, 0) {
        "how" | "where" | "when" => build(&[&rest, answer]),
        "what" | "which" if at(&rest, 0, "call") => build(&[&mirror_back(&rest), answer]),
        "what" | "which" => {
            let (verb, tail) = rest.split_at(1.min(rest.len()));
            let noun = if thing.is_empty() { Vec::new() } else { build(&[&tokenize("as the"), thing]) };
            build(&[verb, answer, &noun, tail])
        }
        _ => return None,
    };
    Some(tokens)
}

/// In a rule, "you" in the assistant's question is the one who answers.
fn mirror_back(tokens: &[Token]) -> Vec<Token> {
    tokens
        .iter()
        .map(|t| {
            if t.is("you") {
                Token { spaced: t.spaced, ..Token::word("me") }
            } else if t.is("your") {
                Token { spaced: t.spaced, ..Token::word("my") }
            } else {
                t.clone()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::question::question;
    use super::super::words::join as text_of;
    use super::*;

    #[test]
    fn answers_become_statements_with_their_questions() {
        for (asked, said, statement) in [
            ("What's your favourite soup?", "Leek.", Some("my favourite soup is Leek")),
            ("Where do you work?", "Turku, at the harbour", Some("I work in Turku, at the harbour")),
            ("When did the leak begin?", "on Monday", Some("the leak began on Monday")),
            ("How tall is your son?", "140 cm", Some("my son's height is 140 cm")),
            ("Any pets?", "two cats", Some("I have pets: two cats")),
            ("Do you have any pets?", "yes, two cats", Some("I have pets: two cats")),
            ("Do you smoke?", "no", Some("I do not smoke")),
            ("Which shell do you use?", "fish", Some("the shell I use is fish")),
            ("So you work in Bonn, right?", "Correct.", Some("you work in Bonn")),
            ("What are you building?", "a kayak", Some("I am building a kayak")),
            ("How should I sign the letters?", "with M. Aho", Some("sign the letters with M. Aho")),
            (
                "Where would you like me to put the receipts?",
                "in the blue folder",
                Some("put the receipts in the blue folder"),
            ),
            ("And the old ones?", "burn them", Some("burn the old ones")),
            ("Which name should go on the badge?", "Ife Obi", Some("the name that should go on the badge is Ife Obi")),
            ("Who's there?", "Olive", None),
            ("Want a tip?", "yes", None),
            ("Anything else?", "no", None),
            ("Is it broken?", "yes", None),
            ("How are you?", "tired", None),
        ] {
            let question = question(&[tokenize(asked)]).unwrap();
            let got = join(&question, &tokenize(said)).map(|j| text_of(&j.tokens));
            let expected = statement.map(|s| s.replace("you work", "I work"));
            assert_eq!(got, expected, "{asked} {said}");
        }
    }
}
