//! Questions with a question word, answered: `Where do you live?` `Oslo` → `I live in Oslo`.

use super::answers::{build, lowered, noun_phrase};
use super::lexicon::{AUXILIARIES, PREPOSITIONS, is_adverb, is_common_base, past, third_person};
use super::words::{Class, Kind, Token, at, at_any, has_any, low, tokenize};

pub(super) fn wh_answer(q: &[Token], answer: &[Token]) -> Option<Vec<Token>> {
    let verb = q.iter().position(|t| AUXILIARIES.has(&t.low) || t.is("'s")).filter(|&i| (1..=5).contains(&i))?;
    let asked = q.get(1..verb)?;
    let rest = q.get(verb + 1..)?;
    match low(q, verb) {
        "is" | "'s" | "are" | "was" | "were" | "'re" => be_answer(q, verb, answer),
        "do" | "does" | "did" => do_answer(q, verb, answer),
        "have" | "has" if at(q, 0, "how") && at(asked, 0, "long") => {
            let end = noun_phrase(rest)?;
            let span = with_preposition("for", answer);
            Some(build(&[rest.get(..end)?, q.get(verb..=verb)?, rest.get(end..)?, &span]))
        }
        // "Which name should go on the badge?"
        "can" | "will" | "should" | "would" | "must"
            if !asked.is_empty()
                && at_any(q, 0, &["which", "what"])
                && rest.len() > 1
                && !at_any(rest, 0, "i|we|you|he|she|they|it")
                && is_common_base(low(rest, 0)) =>
        {
            Some(build(&[&tokenize("the"), asked, &tokenize("that"), q.get(verb..)?, &tokenize("is"), answer]))
        }
        // "How old will Ffion be?"
        "will" if at(q, 0, "how") && at(asked, 0, "old") && rest.last().is_some_and(|t| t.is("be")) => {
            let who = rest.get(..rest.len() - 1)?;
            Some(build(&[who, &tokenize("will be"), answer]))
        }
        "have" | "has" | "can" | "will" | "should" | "would" => {
            let end = noun_phrase(rest)?;
            let known = asked.is_empty() && !matches!(low(q, 0), "why" | "how" | "who");
            known.then(|| {
                build(&[
                    rest.get(..end).unwrap_or_default(),
                    q.get(verb..=verb).unwrap_or_default(),
                    rest.get(end..).unwrap_or_default(),
                    &placed(q, rest, answer),
                ])
            })
        }
        _ => None,
    }
}

/// `What is your X?`, `How heavy is your X?`, `What are you working on?`
fn be_answer(q: &[Token], verb: usize, answer: &[Token]) -> Option<Vec<Token>> {
    let (asked, rest) = (q.get(1..verb)?, q.get(verb + 1..)?);
    let be = match low(q, verb) {
        "'s" => "is",
        "'re" => "are",
        word => word,
    };
    if at(rest, 0, "i") {
        // "Which city are you in?"
        if rest.len() == 2 && PREPOSITIONS.has(low(rest, 1)) {
            return Some(build(&[&tokenize("I am"), rest.get(1..)?, answer]));
        }
        let doing = rest.get(1).filter(|t| t.low.ends_with("ing"))?;
        if !asked.is_empty() && !doing.is("doing") && at_any(q, 0, &["what", "which"]) {
            return Some(build(&[&tokenize("the"), asked, &tokenize("I am"), rest.get(1..)?, &tokenize("is"), answer]));
        }
        let general = doing.is("doing") || !asked.is_empty();
        let when = low(q, 0) == "when" || low(q, 0) == "where" || low(q, 0) == "what" || low(q, 0) == "who";
        return (!general && when)
            .then(|| build(&[&tokenize("I am"), rest.get(1..).unwrap_or_default(), &placed(q, rest, answer)]));
    }
    // "Which clue is troubling you?": what it does, and no thing.
    if rest.first().is_some_and(|t| t.low.ends_with("ing")) && at_any(rest, 1, "i|me|us|him|her|them|it") {
        return None;
    }
    // "What's the soil like?"
    let rest = match rest.split_last() {
        Some((last, thing)) if last.is("like") && at_any(q, 0, "what|how") && !thing.is_empty() => thing,
        _ => rest,
    };
    // "What is your dog called?"
    if let Some((named, thing)) = rest.split_last().filter(|(last, _)| last.is_any("called|named|codenamed"))
        && !thing.is_empty()
    {
        return Some(build(&[&lowered(thing), &[Token::word(be), named.clone()], answer]));
    }
    let end = match noun_phrase(rest) {
        Some(end) if end < rest.len() && (PREPOSITIONS.has(low(rest, end)) || is_adverb(low(rest, end))) => end,
        _ => rest.len(),
    };
    let whole = || build(&[&lowered(rest), &[Token::word(be)], answer]);
    let thing = lowered(rest.get(..end)?);
    let attribute = |name: &str| build(&[&thing, &tokenize_genitive(name), &[Token::word("is")], answer]);
    match (low(q, 0), low(asked, 0)) {
        ("what" | "which" | "who" | "when", "") | ("how", "much" | "often") => Some(whole()),
        ("where", "") => Some(build(&[&lowered(rest), &[Token::word(be)], &placed(q, rest, answer)])),
        ("what" | "which", _) => Some(genitive(&thing, asked, be, answer)),
        ("how", "heavy") => Some(attribute("weight")),
        ("how", "old") => Some(attribute("age")),
        ("how", "tall" | "high") => Some(attribute("height")),
        ("how", "big" | "large") => Some(attribute("size")),
        ("how", "long") => Some(attribute("length")),
        ("how", "wide") => Some(attribute("width")),
        ("how", "many") => {
            Some(build(&[&tokenize("the number of"), asked.get(1..)?, &lowered(rest), &tokenize("is"), answer]))
        }
        _ => None,
    }
}

fn tokenize_genitive(name: &str) -> Vec<Token> {
    let mut tokens = vec![Token { spaced: false, ..Token::word("'s") }];
    tokens.push(Token::word(name));
    tokens
}

fn genitive(thing: &[Token], asked: &[Token], be: &str, answer: &[Token]) -> Vec<Token> {
    let mut out = thing.to_vec();
    out.push(Token { spaced: false, ..Token::word("'s") });
    let spaced_first = |tokens: &[Token]| build(&[tokens]);
    out.extend(spaced_first(asked));
    out.push(Token::word(be));
    out.extend(spaced_first(answer));
    out
}

/// `Where do you live?`, `When did it start?`, `Which editor do you use?`
fn do_answer(q: &[Token], verb: usize, answer: &[Token]) -> Option<Vec<Token>> {
    let (asked, rest) = (q.get(1..verb)?, q.get(verb + 1..)?);
    let end = noun_phrase(rest).or_else(|| (rest.len() >= 3).then_some(2))?;
    // "does the gateway listen on": the verb before a preposition is no part of the noun.
    let verb_taken = end >= 2 && is_common_base(low(rest, end - 1)) && PREPOSITIONS.has(low(rest, end));
    let end = if verb_taken { end - 1 } else { end };
    let action = rest.get(end)?;
    if action.is("do") {
        let living = has_any(rest, &["for a living", "for work"]);
        return living.then(|| build(&[&tokenize("my job is"), answer]));
    }
    let form = match low(q, verb) {
        "did" => past(&action.low),
        "does" => third_person(&action.low),
        _ => action.low.clone(),
    };
    let who = lowered(rest.get(..end)?);
    let clause = build(&[&who, &[Token::word(&form)]]);
    let tail = rest.get(end + 1..)?;
    match (low(q, 0), low(asked, 0)) {
        ("why", _) => None,
        ("how", "much" | "many") if asked.len() > 1 => {
            // "two, a boy and a girl": the noun goes with the number.
            let number = answer.iter().position(|t| t.kind == Kind::Punct).unwrap_or(answer.len());
            let (number, more) = answer.split_at(number);
            let named = number.iter().any(|t| asked.iter().skip(1).any(|noun| noun.low == t.low));
            let noun = if named { &[] } else { asked.get(1..)? };
            Some(build(&[&clause, number, noun, tail, more]))
        }
        ("what" | "which", "time") => Some(build(&[&clause, tail, &with_preposition("at", answer)])),
        ("what" | "which", thing) if !thing.is_empty() => Some(build(&[
            &tokenize("the"),
            asked,
            &clause,
            tail,
            &tokenize(if thing.ends_with('s') { "are" } else { "is" }),
            answer,
        ])),
        ("what" | "who", _) if tail.last().is_some_and(|t| PREPOSITIONS.has(&t.low)) => {
            Some(build(&[&clause, tail, answer]))
        }
        ("what" | "who", _) => Some(build(&[&clause, answer, tail])),
        ("how", "") if tail.is_empty() && is_gerund(answer) => Some(build(&[&clause, &with_preposition("by", answer)])),
        ("how", "") => Some(build(&[&clause, tail, answer])),
        _ => Some(build(&[&clause, tail, &placed(q, rest, answer)])),
    }
}

/// `wild swimming`, `walking the dog`: an activity.
fn is_gerund(answer: &[Token]) -> bool {
    let form = |t: &Token| t.low.len() > 5 && t.low.ends_with("ing");
    answer.iter().take(2).any(form) && !at_any(answer, 0, "i|we|nothing")
}

/// A place gets its `in` when the answer has no preposition of its own.
fn placed(q: &[Token], rest: &[Token], answer: &[Token]) -> Vec<Token> {
    let has_own = rest.last().is_some_and(|t| PREPOSITIONS.has(&t.low));
    let going = rest.iter().any(|t| t.is_any("go|going|move|moving|travel|travelling|fly|flying"));
    match low(q, 0) {
        "where" if !has_own => with_preposition(if going { "to" } else { "in" }, answer),
        _ => answer.to_vec(),
    }
}

fn with_preposition(preposition: &str, answer: &[Token]) -> Vec<Token> {
    let own = answer.first().is_some_and(|t| {
        PREPOSITIONS.has(&t.low)
            || t.is_any(&["right", "just", "here", "home", "everywhere", "nowhere", "abroad"])
            || is_adverb(&t.low)
    });
    if own { answer.to_vec() } else { build(&[&tokenize(preposition), answer]) }
}
