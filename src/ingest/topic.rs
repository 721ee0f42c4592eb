//! What a fact or an instruction is about, when that is certain.
//!
//! A topic is whose and what: `user|favourite tea`, `heron|store data in`. Two statements on one topic cannot both hold, so
//! a topic is only given where a second value excludes the first: one lives in one place, and may like many things.

use rust_stemmers::{Algorithm, Stemmer};

use super::attribute::{ATTRIBUTES, attribute_takes_word, is_state, value_class};
use super::draft::Topic;
use super::lexicon::{DETERMINERS, PREPOSITIONS, is_adverb, is_participle};
use super::rule_topic::rule_topic;
use super::words::{Class, Kind, Token, at, at_any, has_any, low, without_tail};
use crate::dates::WEEKDAYS;
use crate::model::MemoryType;

/// Words that say when something began to hold, not what.
pub(super) const PASSING: &str = "now|currently|today|anymore|already|still|just|actually|recently|finally|again|at|last|moment|these|days|too|\
    also|the|a|an|from|on|please|pls|here|instead|really|then";

/// What makes a statement no sure word on its topic: it is past, denied, or only thought of.
const UNCERTAIN: &str = "used to|never|might|maybe|if|want to|wants to|would|thinking of|thinking about|planning to|considering|previous|\
    former|the user's old|their old|almost|wish";

/// The topic of a statement in the third person, or of a command.
pub(super) fn topic(tokens: &[Token], kind: MemoryType) -> Option<Topic> {
    let tokens = without_tail(tokens);
    let text = match kind {
        MemoryType::Instruction => rule_topic(tokens),
        MemoryType::Fact | MemoryType::Event => fact_topic(tokens, kind),
        MemoryType::Task => None,
    }?;
    Some(Topic::new(text))
}

pub(super) fn stems(tokens: &[Token]) -> String {
    let stemmer = Stemmer::create(Algorithm::English);
    let words: Vec<String> = tokens
        .iter()
        .filter(|t| t.is_wordy() && !t.is("'s") && !PASSING.has(&t.low))
        .map(|t| match t.low.as_str() {
            "the user" | "the user's" => "user".to_owned(),
            word => stemmer.stem(word.trim_matches('`')).into_owned(),
        })
        .collect();
    words.join(" ")
}

/// Whose: `the user's dog` → `user` and `dog`; what nobody owns belongs to the speaker's world.
fn owned(tokens: &[Token]) -> String {
    let own: Vec<Token> = tokens
        .iter()
        .filter(|t| !t.is_any("user|user's|the user's|their|our|my|'s|the user|your|new"))
        .cloned()
        .collect();
    // "default branch of the infra repo" and "the infra repo's default branch" are one thing.
    match own.iter().position(|t| t.is_any(&["of", "for"])) {
        Some(i) => {
            let (what, whose) = own.split_at(i);
            format!("{} {}", stems(whose.get(1..).unwrap_or_default()), stems(what)).trim().to_owned()
        }
        None => stems(&own),
    }
}

fn fact_topic(tokens: &[Token], kind: MemoryType) -> Option<String> {
    let tokens = without_condition(tokens);
    let denied =
        (0..tokens.len()).any(|i| at_any(tokens, i, &["not", "n't", "nt"]) && !(i > 0 && at(tokens, i - 1, ",")));
    if denied || has_any(tokens, UNCERTAIN) {
        return None;
    }
    if kind == MemoryType::Event {
        return residence(tokens).or_else(|| changed(tokens));
    }
    residence(tokens)
        .or_else(|| work(tokens))
        .or_else(|| diet(tokens))
        .or_else(|| subscription(tokens))
        .or_else(|| cleft(tokens))
        .or_else(|| copula(tokens))
        .or_else(|| role(tokens))
        .or_else(|| verb_frame(tokens))
        .or_else(|| changed(tokens))
        .or_else(|| numbers_apart(tokens))
}

/// `my number is 900112 if the plumber asks`: who may need to know it is no condition of what is so.
fn without_condition(tokens: &[Token]) -> &[Token] {
    let verb = tokens.iter().position(|t| t.is_any(&["is", "are"]));
    let value = |from: usize, to: usize| tokens.get(from..to).is_some_and(|said| said.iter().any(Token::has_digit));
    let end = verb.and_then(|verb| {
        let tail = tokens.iter().position(|t| t.is("if")).filter(|&tail| value(verb + 1, tail))?;
        at_any(tokens, tail + 1, "the|anyone|anybody|someone|somebody|you|they|he|she").then_some(tail)
    });
    tokens.get(..end.unwrap_or(tokens.len())).unwrap_or(tokens)
}

/// The subject that a verb at `i` has: the words before it, without adverbs.
fn subject(tokens: &[Token], verb: usize) -> Option<String> {
    let before = tokens.get(..verb)?;
    // An opening phrase with its own comma is not the subject.
    let start = before.iter().rposition(|t| t.is(",") || t.is(":")).map_or(0, |i| i + 1);
    let words: Vec<Token> = before
        .get(start..)?
        .iter()
        .filter(|t| !is_adverb(&t.low) && !t.is_any(&["is", "has", "have", "are"]))
        .cloned()
        .collect();
    let is_user = words.iter().any(|t| t.is("the user") || t.is("user"))
        && !words.iter().any(|t| t.is_any(&["the user's", "'s"]))
        && words.len() <= 2;
    if is_user {
        return Some("user".to_owned());
    }
    let name = owned(&words);
    (!name.is_empty()
        && words.len() <= 8
        && !words.iter().any(|t| {
            t.is_any(&["and", "or", "it", "they", "he", "she", "this", "that", "who", "which", "where", "there"])
        }))
    .then_some(name)
}

fn find(tokens: &[Token], words: &[&str]) -> Option<usize> {
    tokens.iter().position(|t| t.is_any(words))
}

/// Where someone lives, however it is said.
fn residence(tokens: &[Token]) -> Option<String> {
    let verb =
        find(tokens, &["lives", "live", "moved", "relocated", "relocating", "moving", "resides", "living", "settled"])?;
    let prepositions: &[&str] = if at_any(tokens, verb, &["moved", "relocated", "relocating", "moving"]) {
        &["to", "back"]
    } else {
        &["in", "at", "on"]
    };
    let next = (verb + 1..verb + 3).find(|&i| at_any(tokens, i, prepositions))?;
    // "they moved me to A&E": somebody else is moved.
    if next == verb + 2
        && tokens.get(verb + 1).is_some_and(|t| t.is_any("the user|them|me|him|her|us|it") || t.is_capitalised())
    {
        return None;
    }
    let place = tokens.get(next + 1)?;
    // "the wedding moved to 2026-09-14": a day is no place.
    if place.text.len() >= 7 && place.text.starts_with("20") && place.text.contains('-') {
        return None;
    }
    // "moved to a new team", "lives in fear": no place; an address starts with a capital or a number.
    let named = place.is_capitalised()
        || place.has_digit()
        || tokens.get(next + 2).is_some_and(|t| t.is_capitalised() && at_any(tokens, next + 1, &["the", "a"]));
    let plain = place.low.len() > 2
        && !DETERMINERS.has(&place.low)
        && at_any(tokens, verb, &["lives", "live"])
        && tokens.len() <= next + 6
        && !place.is_any(&["their", "harmony", "fear", "peace"]);
    let person = subject(tokens, verb)?;
    let person_like = person == "user"
        || tokens.first().is_some_and(|t| t.is_capitalised() && !t.is_any(&["the", "a"]))
        || at(tokens, 0, "the user's");
    (person_like && (named || (plain && person == "user"))).then(|| format!("{person}|live in"))
}

/// Where someone works and as what.
fn work(tokens: &[Token]) -> Option<String> {
    if let Some(verb) = find(tokens, &["works", "work", "working"])
        && (at_any(tokens, verb + 1, &["at", "for"]) && tokens.get(verb + 2).is_some_and(Token::is_capitalised)
            || at(tokens, verb + 1, "as"))
    {
        return subject(tokens, verb).map(|who| format!("{who}|work"));
    }
    let verb = find(tokens, &["is"])?;
    let article = (verb + 1..verb + 4).find(|&i| at_any(tokens, i, &["a", "an", "the"]))?;
    let employer = (article + 2..tokens.len().min(article + 7)).find(|&i| at_any(tokens, i, &["at", "for"]))?;
    let named = tokens.get(employer + 1).is_some_and(Token::is_capitalised);
    let who = subject(tokens, verb).filter(|who| who == "user" || !tokens.iter().take(verb).any(|t| t.is("the")))?;
    (named && at_any(tokens, employer, &["at", "for"])).then(|| format!("{who}|work"))
}

fn diet(tokens: &[Token]) -> Option<String> {
    const DIETS: &str = "vegetarian|vegan|pescatarian|omnivore|flexitarian|keto|carnivore|pescetarian|omnivorous";
    let verb = find(tokens, &["is", "been", "went", "became", "turned"])?;
    let found = (verb + 1..tokens.len().min(verb + 4)).any(|i| at_any(tokens, i, DIETS));
    let who = subject(tokens, verb)?;
    found.then(|| format!("{who}|diet"))
}

/// `is on the Pro plan`: one plan at a time.
fn subscription(tokens: &[Token]) -> Option<String> {
    let verb = find(tokens, &["is"]).filter(|&i| at(tokens, i + 1, "on") && at(tokens, i + 2, "the"))?;
    let plan = (verb + 3..tokens.len().min(verb + 6)).find(|&i| at_any(tokens, i, &["plan", "tier", "tariff"]))?;
    subject(tokens, verb).map(|who| format!("{who}|on {}", low(tokens, plan)))
}

/// `it is Lotte who runs the rota` speaks of who runs it.
fn cleft(tokens: &[Token]) -> Option<String> {
    let who = find(tokens, &["who"])?;
    let it = find(tokens, &["it"]).filter(|&i| i < who && at_any(tokens, i + 1, &["is", "'s"]))?;
    let named = tokens.get(it + 2).is_some_and(Token::is_capitalised);
    let verb = low(tokens, who + 1);
    (named && is_role_verb(verb))
        .then(|| format!("{}|{}", stems_of(verb), stems(tokens.get(who + 2..).unwrap_or_default())))
}

fn stems_of(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

fn is_role_verb(verb: &str) -> bool {
    "runs|leads|owns|manages|handles|maintains|chairs|heads|coordinates|oversees|organises|organizes".has(verb)
}

/// `Hamid runs the rota`: one does, so the one is the value.
fn role(tokens: &[Token]) -> Option<String> {
    let verb = tokens.iter().take(4).position(|t| is_role_verb(&t.low))?;
    let named = tokens.first().is_some_and(|t| t.is_capitalised() && !t.is_any(&["the", "the user", "the user's"]));
    let object = tokens.get(verb + 1..)?;
    let end = object.iter().position(|t| !t.is_wordy() || t.is_any(&["and", "now", "since"])).unwrap_or(object.len());
    let unique = at(object, 0, "the") && end >= 2;
    (named && unique && verb > 0)
        .then(|| format!("{}|{}", stems_of(low(tokens, verb)), stems(object.get(..end).unwrap_or_default())))
}

/// `X is Y`, `X is called Y`, `X's size is Y`: for nouns with one value, or with a value of a kind that excludes others.
fn copula(tokens: &[Token]) -> Option<String> {
    let verb = tokens.iter().take(14).position(|t| t.is_any(&["is", "are"]))?;
    let raw = tokens.get(..verb)?;
    let start = raw.iter().rposition(|t| t.is(",") || t.is(":")).map_or(0, |i| i + 1);
    let noun: Vec<Token> = raw.get(start..)?.iter().filter(|t| !is_adverb(&t.low)).cloned().collect();
    let value = tokens.get(verb + 1..)?;
    let skip = value.iter().take_while(|t| is_adverb(&t.low)).count();
    let value = value.get(skip..)?;
    // "the company the user founded": whose it is, told by a clause.
    let told = noun.iter().skip(2).position(|t| t.is("the user")).map(|i| i + 2).filter(|&i| i + 1 < noun.len());
    let noun = noun.get(..told.unwrap_or(noun.len()))?.to_vec();
    let head = head_of(&noun)?;
    let loose = noun
        .iter()
        .any(|t| t.is_any("it|this|that|these|those|they|he|she|there|which|who|what|and|you|one|thing|part|best"));
    if loose || value.is_empty() || at_any(value, 0, &["n't", "not", "no", "very", "so", "too", "really", "from"]) {
        return None;
    }
    let who = owned(&noun);
    let is_person_alone = who.is_empty();
    if is_person_alone || noun.len() > 9 {
        return None;
    }
    if at_any(value, 0, &["called", "named", "codenamed"]) && value.len() > 1 {
        let word = if at(value, 0, "codenamed") { "codenam" } else { "name" };
        return Some(format!("{who} {word}|is"));
    }
    let attribute = ATTRIBUTES.has(&head.low)
        || noun.iter().any(|t| t.is_any("favourite|favorite|preferred|default|usual|main|current"));
    let described = value.len() == 1
        && value.first().is_some_and(|t| t.kind == Kind::Word && !t.is_capitalised() && !t.has_digit())
        && !attribute_takes_word(&noun);
    let doing = value.first().is_some_and(|t| t.low.ends_with("ing") && t.low.len() > 4 && !t.is_capitalised())
        || (value.first().is_some_and(|t| is_participle(&t.low)) && !at_any(value, 0, &["set", "based", "located"]));
    let particular = value.iter().any(|t| t.has_digit() || t.is_capitalised() || t.kind == Kind::Opaque)
        || attribute_takes_word(&noun)
        || value_class(value).is_some_and(|class| class != "place" || !is_state(value));
    // "My boss is German" says nothing of who it is.
    let origin = value.len() == 1
        && value.first().is_some_and(|t| {
            t.is_capitalised()
                && (["ish", "ese", "ian", "ean"].iter().any(|end| t.low.ends_with(end))
                    || t.is_any("german|french|dutch|greek|swiss|czech|thai|catholic|jewish|muslim|american|mexican|african|arab|moroccan"))
        });
    if origin && !head.is_any("nationality|language|religion") && !attribute_takes_word(&noun) {
        return None;
    }
    if attribute && particular && !described && !doing {
        return Some(format!("{who}|is"));
    }
    let unit = value.get(1).filter(|t| t.kind == Kind::Word && !t.is_any("years|year") && !PASSING.has(&t.low));
    match value_class(value).filter(|_| !doing)? {
        // How old and how tall are two things.
        "number" => Some(format!("{who}|is number {}", unit.map_or("", |t| &t.low)).trim_end().to_owned()),
        class => Some(format!("{who}|is {class}")),
    }
}

/// `the deadline moved to 12 June` speaks of the deadline as `the deadline is 10 June` does.
pub(super) fn changed(tokens: &[Token]) -> Option<String> {
    let verb = find(
        tokens,
        &[
            "moved",
            "changed",
            "pushed",
            "postponed",
            "rescheduled",
            "extended",
            "raised",
            "lowered",
            "increased",
            "dropped",
            "renamed",
            "went",
        ],
    )?;
    let to = (verb + 1..verb + 4).find(|&i| at(tokens, i, "to"))?;
    let value = tokens.get(to + 1).filter(|t| t.has_digit() || t.is_capitalised() || t.kind == Kind::Opaque)?;
    let noun: Vec<Token> = tokens
        .get(..verb)?
        .iter()
        .filter(|t| !is_adverb(&t.low) && !t.is_any(&["has", "have", "been", "was", "were", "got", "is", "are"]))
        .cloned()
        .collect();
    let head = head_of(&noun)?;
    let known = ATTRIBUTES.has(&head.low) && !value.low.is_empty();
    known.then(|| format!("{}|is", owned(&noun)))
}

/// The noun that the others are about: `deadline` in `the deadline for the grant`.
fn head_of(noun: &[Token]) -> Option<&Token> {
    noun.iter().take_while(|t| !t.is_any(&["of", "for", "in", "at", "on", "with"])).last()
}

/// Verbs that, with their preposition, have one object at a time.
fn verb_frame(tokens: &[Token]) -> Option<String> {
    let frames: &[(&[&str], &[&str], &str)] = &[
        (&["drives", "drive"], &[], "drive"),
        (&["runs", "run", "running"], &["on"], "run on"),
        (&["listens", "listen"], &["on"], "listen on"),
        (&["stores", "store", "keeps"], &["in"], "store in"),
        (&["deploys", "deployed", "hosted"], &["to", "on"], "hosted on"),
        (&["pinned"], &["to"], "pinned to"),
        (&["insured"], &["with"], "insured with"),
        (&["banks", "bank"], &["with"], "bank with"),
        (&["weighs", "weigh"], &[], "weigh"),
        (&["costs", "cost"], &[], "cost"),
        (&["written"], &["in"], "written in"),
        (&["stored", "kept"], &["in", "at", "on"], "store in"),
        (&["uses", "use"], &["for", "as"], "use for"),
        (&["studies", "study"], &["at"], "study at"),
        (&["based", "located", "headquartered"], &["in", "at", "on"], "live in"),
        (&["lives", "live"], &["at", "in", "on"], "live in"),
        (&["goes", "go"], &["to"], "go to"),
        (&["sleeps"], &[], "sleep"),
        (&["codenamed"], &[], "codenam"),
        (&["belongs"], &["to"], "belong to"),
        (&["reports"], &["to"], "report to"),
        (&["targets"], &[], "target"),
        (&["supports", "allows"], &[], "allow"),
    ];
    for (verbs, prepositions, name) in frames {
        let Some(verb) = tokens.iter().take(12).position(|t| t.is_any(*verbs)).filter(|&v| v > 0) else { continue };
        let Some(who) = subject(tokens, verb) else { continue };
        if let Some(text) = frame(tokens, verb, (prepositions, name), &who) {
            return Some(text);
        }
    }
    collected(tokens)
}

fn frame(tokens: &[Token], verb: usize, (prepositions, name): (&[&str], &str), who: &str) -> Option<String> {
    let rest = tokens.get(verb + 1..)?;
    let rest = rest.get(rest.iter().take_while(|t| is_adverb(&t.low)).count()..)?;
    match name {
        // What one uses for a purpose: the purpose is the topic.
        "use for" => {
            let joint = rest.iter().position(|t| t.is_any(prepositions)).filter(|&i| (1..6).contains(&i))?;
            let purpose = stems(rest.get(joint + 1..)?);
            (!purpose.is_empty())
                .then(|| format!("{who}|use for {}", purpose.trim_start_matches("user ").trim_start_matches("their ")))
        }
        "store in" | "insured with" | "run on" | "listen on" => {
            let joint = rest.iter().position(|t| t.is_any(prepositions)).filter(|&i| i < 4)?;
            let what = stems(rest.get(..joint)?);
            let for_what = rest
                .iter()
                .position(|t| t.is("for"))
                .map(|i| stems(rest.get(i + 1..).unwrap_or_default()))
                .unwrap_or_default();
            Some(format!("{who}|{name} {what} {for_what}").trim_end().to_owned())
        }
        "go to" => (at(rest, 0, "to") && rest.get(1).is_some_and(Token::is_capitalised) && who != "user")
            .then(|| format!("{who}|{name}")),
        "drive" => rest.first().filter(|t| t.is_any(&["a", "an"])).map(|_| format!("{who}|{name}")),
        "weigh" | "cost" | "sleep" | "allow" => rest.first().filter(|t| t.has_digit()).map(|_| format!("{who}|{name}")),
        "codenam" => Some(format!("{who} codenam|is")),
        _ if prepositions.is_empty() => Some(format!("{who}|{name}")),
        _ => at_any(rest, 0, prepositions).then(|| format!("{who}|{name}")),
    }
}

/// `bins get collected on Tuesdays`: what is done at a set time.
fn collected(tokens: &[Token]) -> Option<String> {
    let verb = tokens.iter().take(8).position(|t| is_participle(&t.low) && t.low.ends_with("ed")).filter(|&v| v > 1)?;
    let passive = at_any(tokens, verb - 1, &["get", "gets", "is", "are"]);
    let weekly = at(tokens, verb + 1, "on") && WEEKDAYS.contains(&low(tokens, verb + 2).trim_end_matches('s'));
    let who = stems(tokens.get(..verb - 1)?);
    (passive && weekly && !who.is_empty()).then(|| format!("{who}|{} on", stems_of(low(tokens, verb))))
}

/// Statements that differ in an amount only: `takes 25 mcg of x daily`.
fn numbers_apart(tokens: &[Token]) -> Option<String> {
    let amounts: Vec<usize> = (0..tokens.len())
        .filter(|&i| {
            tokens.get(i).is_some_and(|t| {
                t.kind == Kind::Number
                    && !t.text.contains(['/', '.']) | t.text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
            })
        })
        .collect();
    let [amount] = amounts.as_slice() else { return None };
    let unit = tokens
        .get(amount + 1)
        .filter(|t| t.kind == Kind::Word && !t.is_any(PREPOSITIONS) && !t.is_any(&["and", "or"]))?;
    let before = tokens
        .get(amount.checked_sub(1)?)
        .is_some_and(|t| !t.is_capitalised() && !t.is_any("version|number|line|bus|room|grade|year|chapter|step"));
    let present = super::verbs::main_verb(tokens).0 == super::verbs::Time::Present && !has_any(tokens, &["is", "are"]);
    let masked: Vec<Token> = tokens.iter().enumerate().filter(|(i, _)| i != amount).map(|(_, t)| t.clone()).collect();
    let words = stems(&masked);
    (before && present && !unit.low.is_empty() && words.split(' ').count() >= 4).then(|| format!("amount|{words}"))
}
