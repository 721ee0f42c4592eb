//! Yes and no: a question as the statement that it is so, or is not.

use super::answers::{Joined, build, inside, lowered, mirror, noun_phrase};
use super::clauses::is_clause;
use super::date_words::small_number;
use super::lexicon::{AUXILIARIES, PREPOSITIONS, is_adverb, past, third_person};
use super::verbs::main_verb;
use super::words::{Class, Kind, Token, at, at_any, count_words, has_any, low, phrase_at, tokenize};

/// Yes: the question as a statement, and what the answer adds.
pub(super) fn confirmed(question: &[Token], rest: &[Token], bare: bool) -> Option<Joined> {
    let statement = affirm(question)?;
    let added = if bare && count_words(rest) <= 12 { rest } else { &[] };
    let list = !added.is_empty();
    let colon = tokenize(":");
    let extra = inside(added);
    let preposition = added.first().is_some_and(|t| PREPOSITIONS.has(&t.low) || t.is_any(&["but", "except", "though"]));
    let is_rule = has_any(question, &["always", "never"]) || has_any(question, &["order is"]);
    let tokens = match (list, preposition) {
        (false, _) => statement,
        (true, true) => build(&[&statement, &extra]),
        (true, false) => build(&[&statement, &colon, &extra]),
    };
    Some(Joined { tokens, takes_all: bare || rest.is_empty(), is_rule })
}

/// No: the question as a statement that it is not so.
pub(super) fn denied(question: &[Token]) -> Option<Joined> {
    let q = mirror(question);
    let tokens = match low(&q, 0) {
        "do" | "does" if at(&q, 1, "i") => build(&[q.get(1..2)?, &tokenize("do not"), q.get(2..)?]),
        "are" if at(&q, 1, "i") => build(&[q.get(1..2)?, &tokenize("am not"), q.get(2..)?]),
        "have" if at(&q, 1, "i") => build(&[q.get(1..2)?, &tokenize("have not"), q.get(2..)?]),
        _ => return None,
    };
    Some(Joined { tokens: without_relative(&tokens), takes_all: true, is_rule: false })
}

/// "No, it's 12", "No, Bath": the statement that was asked about, with the value that is right.
pub(super) fn corrected(question: &[Token], rest: &[Token]) -> Option<Joined> {
    let stated = at(rest, 0, "it") && at_any(rest, 1, &["'s", "is"]);
    let value = rest.get(if stated { 2 } else { 0 }..).filter(|v| !v.is_empty() && count_words(v) <= 6)?;
    let q = mirror(question);
    let tokens = match q.iter().position(|t| t.is_any(&["is", "are"])).filter(|&i| stated && i > 0) {
        Some(be) => build(&[&lowered(q.get(..=be)?), value]),
        None => replaced(&affirm(question)?, value)?,
    };
    Some(Joined { tokens, takes_all: true, is_rule: false })
}

/// A statement with another value in its last place: `I live in Bristol` and `Bath` → `I live in Bath`. Certain only
/// when the two are of one kind: names, numbers, or single words.
fn replaced(statement: &[Token], value: &[Token]) -> Option<Vec<Token>> {
    let own = usize::from(value.first().is_some_and(|t| PREPOSITIONS.has(&t.low)));
    let phrase = value;
    let (value, first) = (value.get(own..)?, value.get(own)?);
    let (_, verb) = main_verb(statement);
    // "Do you live alone?" "No, with my sister": the phrase takes the place of one word.
    if own == 1 && statement.len() == verb + 2 {
        return Some(build(&[statement.get(..=verb)?, phrase]));
    }
    let place = statement.iter().rposition(|t| PREPOSITIONS.has(&t.low)).filter(|&i| i > verb);
    let start = place.or_else(|| (verb < statement.len()).then_some(verb))? + 1;
    let old = statement.get(start..)?;
    let words = |tokens: &[Token]| tokens.iter().filter(|t| t.is_wordy()).count();
    let number = |t: &Token| t.has_digit() || small_number(&t.low).is_some();
    let names = value.iter().all(|t| t.is_capitalised() || !t.is_wordy()) && old.iter().any(Token::is_capitalised);
    let plain =
        |t: &Token| t.kind == Kind::Word && !is_adverb(&t.low) && !t.is_any("i|my|it|that|thanks|sorry|yet|well|wrong");
    if words(value) == 1 && number(first) {
        let at = statement.iter().rposition(number).filter(|&i| i > verb)?;
        return Some(build(&[statement.get(..at)?, value, statement.get(at + 1..)?]));
    }
    let alike = names || (words(value) == 1 && words(old) == 1 && plain(first) && old.iter().all(plain));
    (alike && words(old) <= 4 && words(value) <= 4).then(|| build(&[statement.get(..start).unwrap_or_default(), value]))
}

/// A yes-or-no question as the statement that it is so; a statement with a question mark as it is.
pub(super) fn affirm(question: &[Token]) -> Option<Vec<Token>> {
    let q = mirror(question);
    let rest = q.get(1..)?;
    let statement = match low(&q, 0) {
        "do" | "does" if at(rest, 0, "i") => rest.to_vec(),
        "do" | "does" | "did" => {
            let end = noun_phrase(rest)?;
            let verb = rest.get(end)?;
            let form = if at(&q, 0, "did") {
                past(&verb.low)
            } else if at(&q, 0, "does") {
                third_person(&verb.low)
            } else {
                verb.low.clone()
            };
            build(&[rest.get(..end)?, &[Token::word(&form)], rest.get(end + 1..)?])
        }
        "are" if at(rest, 0, "i") => build(&[rest.get(..1)?, &[Token::word("am")], rest.get(1..)?]),
        "is" | "are" | "was" | "were" | "has" | "have" | "will" | "can" => {
            let end = noun_phrase(rest)?;
            build(&[rest.get(..end)?, q.get(..1)?, rest.get(end..)?])
        }
        "should" if at(rest, 0, "i") && at_any(rest, 1, &["always", "never"]) => rest.get(1..)?.to_vec(),
        "so" => return affirm(question.get(1..)?),
        word if is_question_word(word) => return None,
        _ if is_clause(&q) || has_any(&q, &["is", "are"]) => q,
        _ => return None,
    };
    let mut statement = without_relative(&statement);
    statement.retain(|t| !t.is("any"));
    lower_verb(&mut statement);
    Some(statement)
}

/// "Is" and "Do" open a question with a capital that a statement does not have.
fn lower_verb(tokens: &mut [Token]) {
    for token in tokens.iter_mut().skip(1).filter(|t| AUXILIARIES.has(&t.low)) {
        token.text.clone_from(&token.low);
    }
}

/// Without the tail of `any allergies I should know about`.
pub(super) fn without_relative(tokens: &[Token]) -> Vec<Token> {
    let tail = (1..tokens.len()).find(|&i| {
        phrase_at(tokens, i, "i should know")
            || phrase_at(tokens, i, "that i should")
            || phrase_at(tokens, i, "i should be aware")
    });
    tokens.get(..tail.unwrap_or(tokens.len())).unwrap_or_default().to_vec()
}

fn is_question_word(word: &str) -> bool {
    "what|what's|who|where|when|which|how|why|whose".has(word)
}
