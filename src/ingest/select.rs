//! Which clauses are worth keeping. Everything else has a reason to be left out.

use super::clauses::REMEMBER;
use super::date_words::small_number;
use super::draft::Dropped;
use super::duty::{is_duty, is_gentle_rule, wished_rule};
use super::fragment::{comes_round, hangs, hangs_on, is_echo, is_phrase};
use super::kind::{STANDING, classify};
use super::lexicon::{DETERMINERS, FIRST_PERSON, PREPOSITIONS, THIRD_PERSON};
use super::person::{has_finite_verb, is_lasting_state, with_subject};
use super::question::is_question;
use super::quoted::{is_quotation, is_reported};
use super::talk::{is_empty_self, is_mood, is_reaction, is_talk};
use super::verbs::{Time, command, main_verb};
use super::weight::{Circumstance, is_enough};
use super::words::{Class, Kind, Token, at, at_any, count_words, has_any, low, phrase_at};
use crate::dates::WEEKDAYS;
use crate::model::MemoryType;

/// What someone asks of the assistant.
const ASKED: &str = "can you|could you|would you|will you|i need you to|i want you to|i 'd like you to|i need help|i need some help|\
    i 'd love your help|help me|let me know|let's|i was hoping you|i 'm looking for advice|i need advice|\
    i want to ask|i 'd like to ask|i want to know|i 'd like to know|i need to know|tell me a|tell me about|\
    please help|i should like some help|i would like some help|i 'd like some help|i could use some help|i need ideas|i need a recipe|i need some ideas";
/// What someone would have the memory itself do: it is text, and nothing to follow or to keep.
const TO_THE_MEMORY: &str = "ignore all previous|ignore previous|ignore the previous|ignore all prior|ignore your instructions|disregard all|\
    disregard previous|system prompt|you are now|store that|store permanently|assistant memory|delete all memories|forget everything|\
    forget all previous|new instructions :|system override|admin override|ignore your earlier|ignore your previous|earlier rules|\
    previous rules|prior rules|ignore the rules|ignore all rules|ignore any rules|developer mode|jailbreak|override your";
const UNREAL: &str = "what if|imagine|suppose|let's say|let 's say|hypothetically|if i ever|if i won|if i were|if i was|if i had|\
    if only|i wish|pretend|in theory|say i|one could|i could eat a|i might sue|assume that|in a parallel";
const UNSERIOUS: &str = "literally a|literally an|just kidding|jk|kidding|joking|just joking|i'm dead|kill me|mash me|shoot me|\
    sell my soul|i could murder|might sue|of doom|a million times|forever alone|basically a|i am a potato";

/// How a clause is read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    /// People talk to each other under their names: what they tell about themselves counts, however chatty.
    pub named: bool,
    /// What else there is about the message.
    pub circumstance: Circumstance,
    /// The message is an exercise or asks to work on a text: what it says is made up.
    pub exercise: bool,
}

/// A clause worth keeping.
pub(super) struct Kept {
    /// With a subject, in the speaker's own person.
    pub tokens: Vec<Token>,
    pub kind: MemoryType,
    pub because: &'static str,
}

/// Judges a clause whose opening is off.
pub(super) fn judge(clause: &[Token], reading: Reading) -> Result<Kept, Dropped> {
    let kept = judge_alone(clause, reading)?;
    if !reading.named {
        return Ok(kept);
    }
    // People who talk to each other give no orders to an agent.
    if kept.kind == MemoryType::Instruction && command(clause).is_some() {
        return Err(Dropped::Request);
    }
    if is_reaction(clause) {
        return Err(Dropped::SmallTalk);
    }
    if is_enough(&kept.tokens, reading.circumstance) { Ok(kept) } else { Err(Dropped::Thin) }
}

/// Judges what a question takes for granted: there two words can be enough, as in `since I'm coeliac`.
pub(super) fn judge_granted(clause: &[Token], reading: Reading) -> Option<Kept> {
    let state = at(clause, 0, "i") && at_any(clause, 1, &["'m", "am", "m"]) && count_words(clause) <= 3;
    let passes = is_mood(clause, false) || clause.iter().any(|t| t.low.len() > 5 && t.low.ends_with("ing"));
    let kept = match judge(clause, reading) {
        Ok(kept) => kept,
        Err(Dropped::SmallTalk | Dropped::Thin) if state && !passes => {
            Kept { tokens: clause.to_vec(), kind: MemoryType::Fact, because: "a fact: how the speaker is" }
        }
        Err(_) => return None,
    };
    (kept.kind != MemoryType::Instruction).then_some(kept)
}

fn judge_alone(clause: &[Token], reading: Reading) -> Result<Kept, Dropped> {
    if count_words(clause) == 0 || (is_talk(clause) && !is_lasting_state(clause)) {
        return Err(Dropped::SmallTalk);
    }
    if let Some(rule) = polite_rule(clause) {
        return instruction(&rule, "an instruction: politely asked for");
    }
    if let Some(rule) = wished_rule(clause) {
        return instruction(rule, "an instruction: wished for");
    }
    if is_gentle_rule(clause) {
        return instruction(clause, "an instruction: gently put");
    }
    if is_question(clause) {
        return Err(Dropped::Question);
    }
    if reading.exercise && !speaks_of_self(clause) {
        return Err(Dropped::Quotation);
    }
    if REMEMBER.any(|told| phrase_at(clause, 0, told)) {
        return Err(Dropped::SmallTalk);
    }
    if has_any(clause, TO_THE_MEMORY) {
        return Err(Dropped::Request);
    }
    unreal(clause, reading)?;
    if is_quotation(clause) || (!reading.named && is_reported(clause)) {
        return Err(Dropped::Quotation);
    }
    if let Some(set) = setting(clause) {
        return Ok(Kept { tokens: set, kind: MemoryType::Fact, because: "a fact: it sets a value" });
    }
    if ASKED.any(|asked| phrase_at(clause, 0, asked)) && !has_any(clause, STANDING) {
        return Err(Dropped::Request);
    }
    if let Some(told) = told_to_keep(clause) {
        return Ok(Kept { tokens: told.to_vec(), kind: MemoryType::Fact, because: "a fact: to be remembered" });
    }
    let clause = without_hedge(clause);
    // "don't eat pork": what no assistant does is said of oneself.
    if at(clause, 0, "do")
        && at(clause, 1, "n't")
        && at_any(clause, 2, "eat|drink|smoke|drive|own|wear|swim|like")
        && with_subject(clause).is_some()
    {
        return statement(clause, MemoryType::Fact, "a fact: what somebody does not do", reading);
    }
    let (kind, because) = classify(clause);
    match kind {
        MemoryType::Instruction => instruction(clause, because),
        MemoryType::Task if command(clause).is_some() && with_subject(clause).is_none() => {
            single_task(clause, because, reading)
        }
        _ => statement(clause, kind, because, reading),
    }
}

/// `please remember my locker, number 118`: what is given to be remembered, as it is. It has a value, and no verb.
fn told_to_keep(clause: &[Token]) -> Option<&[Token]> {
    let start = usize::from(at_any(clause, 0, "please|pls|plz"));
    let rest = clause.get(start + 1..).filter(|_| at_any(clause, start, "remember|save|store|note"))?;
    let valued = rest.iter().any(|t| t.has_digit() || t.kind == Kind::Opaque);
    (at_any(rest, 0, "my|our") && valued && main_verb(rest).0 == Time::None).then_some(rest)
}

/// `Could you keep your answers short?`: a rule in the form of a question.
fn polite_rule(clause: &[Token]) -> Option<Vec<Token>> {
    let asks = at_any(clause, 0, &["can", "could", "would", "will"]) && at(clause, 1, "you");
    let rest = clause.get(2 + usize::from(at_any(clause, 2, &["please", "pls"]))..).filter(|_| asks)?;
    let end = rest.iter().rposition(Token::is_wordy)? + 1;
    let rest = rest.get(..end)?;
    let answers = rest.iter().any(|t| t.is("your"))
        && rest.iter().any(|t| t.is_any("answers|replies|responses|summaries|explanations|emails|messages"));
    (command(rest).is_some() && (answers || has_any(rest, STANDING))).then(|| rest.to_vec())
}

/// "I think", "turns out": what follows is the statement.
fn without_hedge(clause: &[Token]) -> &[Token] {
    let hedges = [
        "turns out",
        "it turns out",
        "apparently",
        "just so you know",
        "fun fact",
        "as of today",
        "for us",
        "for context",
        "to be clear",
        "in case it matters",
        "not sure if i mentioned",
        "did i mention",
        "as it happens",
        "because",
        "cause",
        "'cause",
        "tbh",
        "in fact",
        "weirdly",
        "sadly",
        "luckily",
        "unfortunately",
        "these days",
    ];
    let found = hedges.iter().find(|h| phrase_at(clause, 0, h)).map(|h| h.split(' ').count());
    let rest = clause.get(found.unwrap_or(0)..).unwrap_or_default();
    let skip = rest.iter().take_while(|t| t.kind == Kind::Punct || (found.is_some() && t.is("that"))).count();
    let rest = rest.get(skip..).unwrap_or_default();
    if count_words(rest) >= 3 { rest } else { clause }
}

pub(super) fn speaks_of_self(clause: &[Token]) -> bool {
    clause.iter().any(|t| FIRST_PERSON.has(&t.low))
}

fn unreal(clause: &[Token], reading: Reading) -> Result<(), Dropped> {
    let would = clause.iter().any(|t| t.is_any(&["would", "'d"]));
    let opened = UNREAL.any(|u| (0..3).any(|i| phrase_at(clause, i, u)));
    let conditional = at(clause, 0, "if") && would;
    let maybe = !reading.named
        && (phrase_at(clause, 0, "i might") || phrase_at(clause, 0, "maybe i"))
        && !clause.iter().any(Token::has_digit);
    if opened || conditional || maybe {
        return Err(Dropped::Hypothetical);
    }
    let laughs = clause.last().is_some_and(|t| t.is_any("lol|lmao|rofl|😂|🤣|🤡")) && !speaks_of_self(clause);
    if laughs || has_any(clause, UNSERIOUS) {
        return Err(Dropped::Joke);
    }
    Ok(())
}

/// `make my bedtime 23:15` → `my bedtime is 23:15`.
fn setting(clause: &[Token]) -> Option<Vec<Token>> {
    let verb =
        clause.iter().take(3).position(|t| t.is_any(&["make", "set", "change", "update", "bump", "raise", "lower"]))?;
    let softened = clause.iter().take(verb).all(|t| t.is_any(&["please", "yes", ",", "just", "so", "ok", "then"]));
    if !softened || !at_any(clause, verb + 1, &["my", "our"]) {
        return None;
    }
    let rest = clause.get(verb + 1..)?;
    let value = rest
        .iter()
        .position(|t| t.has_digit() || t.kind == Kind::Opaque)
        .or_else(|| rest.iter().position(|t| t.is("to")).map(|i| i + 1))?;
    let joint = value.checked_sub(1)?;
    let has_to = at_any(rest, joint, &["to", "as", "at", "be"]);
    let noun = rest.get(..if has_to { joint } else { value })?;
    if count_words(noun) < 2 || has_finite_verb(noun) {
        return None;
    }
    let mut out = noun.to_vec();
    out.push(Token::word("is"));
    out.extend(rest.get(value..)?.iter().cloned());
    Some(out)
}

fn instruction(clause: &[Token], because: &'static str) -> Result<Kept, Dropped> {
    let verb = command(clause).unwrap_or(0);
    // "use that", "give me a tip", "write an ode": this once, not from now on.
    let standing =
        has_any(clause, STANDING) || has_any(clause, &["from today", "only", "please stop", "every", "in future"]);
    let once = at_any(clause, verb + 1, "that|this|these|those|it|a|an|some|him|her|them")
        || (at_any(clause, verb + 1, &["me", "us"])
            && at_any(clause, verb + 2, "a|an|some|this|that|the|more|another|again")
            && !clause.iter().any(|t| t.has_digit() || t.kind == Kind::Opaque))
        || clause.iter().rev().find(|t| t.is_wordy()).is_some_and(|t| t.is_any(&["that", "this", "it"]));
    if once && !standing && !is_of_any(clause) && command(clause).is_some() {
        return Err(Dropped::Request);
    }
    if count_words(clause) < 3 {
        return Err(Dropped::Thin);
    }
    Ok(Kept { tokens: without_please(clause), kind: MemoryType::Instruction, because })
}

/// `use a formal tone in letters to my bank`: done with all things of a kind, named in the plural and by no article.
fn is_of_any(clause: &[Token]) -> bool {
    let plain = |t: &Token| t.kind == Kind::Word && !t.is_capitalised() && !DETERMINERS.has(&t.low);
    let plural = |i: usize| {
        clause.get(i).is_some_and(|t| plain(t) && t.low.len() > 3 && t.low.ends_with('s') && !t.low.ends_with("ss"))
    };
    (1..clause.len()).any(|i| {
        at_any(clause, i, "in|for|with|to")
            && (plural(i + 1) || (clause.get(i + 1).is_some_and(plain) && plural(i + 2)))
    })
}

fn without_please(clause: &[Token]) -> Vec<Token> {
    let skip = clause.iter().take_while(|t| t.is_any(&["please", "pls", "plz", "so", "and", "but", "ok", ","])).count();
    clause.iter().skip(skip).filter(|t| !t.is_any(&["pls", "plz"])).cloned().collect()
}

/// Something to do, told as a command: the user's own errand, or a request to the assistant.
fn single_task(clause: &[Token], because: &'static str, reading: Reading) -> Result<Kept, Dropped> {
    let verb = command(clause).unwrap_or(0);
    let word = low(clause, verb);
    let reminder = has_any(
        clause,
        "remind me|todo|to-do|remember to|do n't forget|note to self|do n't let me forget|do nt let me forget|reminder",
    ) || at_any(clause, 0, &["todo", "to-do"]);
    let errand = [
        "buy", "pay", "renew", "pick", "chase", "ring", "phone", "defrost", "mow", "book", "water", "collect",
        "return", "post", "cancel",
    ]
    .contains(&word)
        && !at_any(clause, verb + 1, &["me", "us"]);
    let vague = clause.iter().any(|t| t.is_any(&["this", "that", "it", "these"])) && count_words(clause) < 6;
    let own = errand && !vague && !reading.named && count_words(clause) >= 2;
    if !(reminder || own) {
        return Err(Dropped::Request);
    }
    Ok(Kept { tokens: without_please(clause), kind: MemoryType::Task, because })
}

fn statement(clause: &[Token], kind: MemoryType, because: &'static str, reading: Reading) -> Result<Kept, Dropped> {
    let to_do =
        kind == MemoryType::Task && (has_any(clause, &["todo", "to-do", "reminder", "next up", "note to self"]));
    let with_speaker = if to_do { None } else { with_subject(clause) };
    let elided = with_speaker.is_some();
    let tokens = with_speaker.unwrap_or_else(|| clause.to_vec());
    let words = count_words(&tokens);
    let (time, _) = main_verb(&tokens);
    let dated = super::date_words::has_date(clause);
    if is_empty_self(&tokens) || at_any(&tokens, 0, &["you", "your"]) {
        return Err(Dropped::SmallTalk);
    }
    // "hunting for a lamp": what someone is at just now, without a time, passes; "taking 50 mcg of it" stays.
    let particular = clause.iter().skip(1).any(|t| t.has_digit() || (t.is_capitalised() && !t.is("i")));
    if elided && time == Time::Progressive && kind == MemoryType::Fact && !(dated || particular || reading.named) {
        return Err(Dropped::Thin);
    }
    if is_echo(&tokens) || (!reading.named && hangs_on(&tokens, time)) {
        return Err(Dropped::Unclear);
    }
    let last = tokens.iter().rev().find(|t| t.is_wordy());
    if words <= 6 && last.is_some_and(|t| t.is_any(&["it", "that", "this"])) && !tokens.iter().any(Token::has_digit) {
        return Err(Dropped::Unclear);
    }
    if !reading.named && ((elided && hangs(clause)) || is_phrase(&tokens, time)) {
        return Err(Dropped::Unclear);
    }
    if !reading.named && is_when(&tokens) {
        return Err(Dropped::Unclear);
    }
    let self_told = speaks_of_self(&tokens);
    let points = at_any(&tokens, 0, &["this", "these"])
        && at_any(&tokens, 1, &["is", "are", "'s"])
        && at_any(&tokens, 2, &["the", "my", "our", "a", "an"])
        && tokens.iter().skip(2).any(|t| t.has_digit() || t.is_capitalised());
    let vague = (THIRD_PERSON.has(low(&tokens, 0)) && !is_time_pointed(&tokens, 0))
        || at_any(&tokens, 0, "everything|nothing|something|everyone|anyone|someone|nobody|anything|there")
            && !tokens.iter().skip(1).any(|t| t.has_digit() || t.is_capitalised());
    if vague && !self_told && !points {
        return Err(Dropped::Unclear);
    }
    if is_mood(&tokens, dated) && !reading.named {
        return Err(Dropped::Thin);
    }
    // "can't sleep": how it is just now.
    let elided_mood = at_any(&tokens, 0, &["ca", "could"]) && at_any(&tokens, 1, &["n't", "nt"]) && !dated;
    if elided_mood && !tokens.iter().any(Token::has_digit) && !reading.named {
        return Err(Dropped::Thin);
    }
    let duty = kind == MemoryType::Task && is_duty(&tokens) && words >= 4;
    let rambles = phrase_at(&tokens, 0, "i mean") && tokens.get(2).is_some_and(|t| PREPOSITIONS.has(&t.low));
    if rambles {
        return Err(Dropped::Unclear);
    }
    if !(self_told || to_do || duty) {
        anchored(&tokens, time, dated, reading)?;
    } else if words < 3 && !is_lasting_state(&tokens)
        || (words < 5 && reading.named && !tokens.iter().any(Token::has_digit))
    {
        return Err(Dropped::Thin);
    }
    Ok(Kept { tokens, kind, because })
}

/// `before the 14th`: when, and not what.
fn is_when(tokens: &[Token]) -> bool {
    let is_month = |t: &Token| t.is_capitalised() && crate::dates::month(&t.low).is_some();
    let (time, verb) = main_verb(tokens);
    let verbless = time == Time::None || tokens.get(verb).is_some_and(is_month);
    at_any(tokens, 0, "before|by|until|till|after|since")
        && verbless
        && count_words(tokens) <= 6
        && !tokens.iter().skip(1).any(|t| t.is_capitalised() && !is_month(t))
}

/// `this morning`, `this year`: it says when, and stands for nothing else.
fn is_time_pointed(tokens: &[Token], i: usize) -> bool {
    at(tokens, i, "this")
        && at_any(
            tokens,
            i + 1,
            "morning|afternoon|evening|week|weekend|month|year|season|term|spring|summer|autumn|fall|winter|quarter",
        )
}

/// A statement about something else than the speaker must say something particular: a name, a number, a date, a set place.
fn anchored(tokens: &[Token], time: Time, dated: bool, reading: Reading) -> Result<(), Dropped> {
    let particular = tokens.iter().skip(1).any(|t| t.is_capitalised() && !t.is("i"))
        || tokens
            .iter()
            .any(|t| t.has_digit() || t.kind == Kind::Opaque || WEEKDAYS.contains(&t.low.trim_end_matches('s')));
    let first_name =
        tokens.first().is_some_and(|t| t.is_capitalised() && !DETERMINERS.has(&t.low) && !THIRD_PERSON.has(&t.low));
    let words = count_words(tokens);
    // "the cafe closes at four"
    let counted = at_any(tokens, 0, &["the"])
        && words >= 4
        && time == Time::Present
        && tokens.iter().skip(2).any(|t| small_number(&t.low).is_some_and(|n| n > 1));
    let definite = at_any(tokens, 0, &["the"]) && words >= 6 && time != Time::None;
    let points = |i: usize| at_any(tokens, i, "it|that|this|they|them|him") && !is_time_pointed(tokens, i);
    let loose = (0..tokens.len()).any(points) && !particular;
    if loose && !dated {
        return Err(Dropped::Unclear);
    }
    let round = !reading.named && comes_round(tokens, time);
    // "milo is allergic to penicillin": whoever it is.
    let vital =
        !reading.named && has_any(tokens, "allergic to|intolerant|is diabetic|is coeliac|is epileptic|has asthma");
    // "north field is in barley this year"
    let for_a_time = !reading.named
        && time == Time::Present
        && words >= 5
        && (1..tokens.len()).any(|i| is_time_pointed(tokens, i) && !at_any(tokens, i + 1, "morning|afternoon|evening"));
    let verbless = time == Time::None && !dated && !round;
    let enough = particular
        || dated
        || definite
        || counted
        || round
        || vital
        || for_a_time
        || (first_name && time != Time::None && words >= 3)
        || (reading.named && words >= 9 && time != Time::None);
    if !enough || (verbless && !(words >= 3 && tokens.iter().any(Token::has_digit))) {
        return Err(Dropped::Thin);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::words::tokenize;
    use super::*;

    #[test]
    fn clauses_are_kept_or_left_out_for_a_reason() {
        for (text, dropped) in [
            ("I teach maths at a school in Ghent", None),
            ("the code for the gate is 4471", None),
            ("Reply to me in Basque", None),
            ("remind me to call Uma", None),
            ("thanks", Some(Dropped::SmallTalk)),
            ("where is the key", Some(Dropped::Question)),
            ("is it late", Some(Dropped::Question)),
            ("if I won I'd buy a boat", Some(Dropped::Hypothetical)),
            ("I'm literally a zombie", Some(Dropped::Joke)),
            ("write a poem about rain", Some(Dropped::Request)),
            ("can you sort this list for me", Some(Dropped::Question)),
            ("it was lovely", Some(Dropped::Unclear)),
            ("legs are toast", Some(Dropped::Thin)),
            ("I'm so tired today", Some(Dropped::Thin)),
            ("I'm retired.", None),
            ("I know Go", None),
            ("please remember my locker at the pool, number 118", None),
            ("I know it", Some(Dropped::SmallTalk)),
            ("the cafe closes at four", None),
            ("the cafe was nice", Some(Dropped::Thin)),
            ("taking 50 mcg levothyroxine", None),
            ("looking for a lamp", Some(Dropped::Thin)),
            ("did the swimming course in June, online", None),
            ("did the parcel come on Saturday", Some(Dropped::Question)),
            ("Notice period in the lease is three months", None),
            ("ssh to the build host goes via 10.0.0.7", None),
        ] {
            assert_eq!(judge(&tokenize(text), Reading::default()).err(), dropped, "{text}");
        }
    }
}
