//! What a message of the other side asks: its last question, without what leads up to it and the tag behind it.

use super::clauses::{is_clause, without_opening};
use super::lexicon::{AUXILIARIES, PREPOSITIONS, is_common_base};
use super::person::has_finite_verb;
use super::verbs::{Time, main_verb};
use super::words::{Class, Kind, Token, at, at_any, count_words, has_any, phrase_at, tokenize, without_tail};
use crate::dates::WEEKDAYS;

/// How a statement is softened before it is asked.
const LEADS: &str = "you mentioned that|you mentioned|you said that|you said|you told me that|you told me|i understand that|i understand|\
    i see that|as i recall ,|if i remember right ,|if i remember correctly ,|if i understand correctly ,|\
    if i understand you correctly ,|just to confirm ,|to confirm ,|just to check ,|just checking ,|just to be sure ,|\
    let me confirm ,|i have you down as|i take it that|i take it|i gather that|i gather|i believe that|i believe|\
    i assume that|i assume|i think that|i think|i guess that|i guess|i hear that|i hear|i 've noted that|\
    i have noted that|i noted that|noted that|noted ,|am i right that|am i right in thinking that|\
    am i right in thinking|am i correct that|is it right that|is it true that|is it correct that|\
    is it fair to say that|would it be fair to say that|would it be right to say that|does that mean that|\
    does that mean|so that means|that means|which means|in other words ,|from what you 've said ,|from what you say ,|\
    it is clear that|it 's clear that";
/// `It sounds as though …`: a verb of seeming and its joint.
const SEEMING: &str = "sounds|sound|seems|looks|appears|seem";
const JOINTS: &str = "as if|as though|like|that|to me as if|to me like|to me that";

/// The question that a message asks last, without its mark and what leads up to it.
pub(super) fn question(sentences: &[Vec<Token>]) -> Option<Vec<Token>> {
    let last = sentences.iter().rposition(|s| s.iter().any(|t| t.text.starts_with('?')))?;
    let asked = sentences.get(last)?;
    let end = asked.iter().position(|t| t.text.starts_with('?'))?;
    // "They ask for your blood group. Do you know yours?"
    if asked.get(end.checked_sub(1)?).is_some_and(|t| t.is_any("yours|it"))
        && phrase_at(asked, end.saturating_sub(4), "do you know")
        && count_words(asked) <= 6
    {
        let before = sentences.get(last.checked_sub(1)?)?;
        let named = before.get(before.iter().position(|t| t.is("your"))?..)?;
        let noun = named.iter().take_while(|t| t.kind == Kind::Word && !PREPOSITIONS.has(&t.low)).take(4);
        return Some(tokenize("what is").into_iter().chain(noun.cloned()).collect());
    }
    // "You fly from Leeds. Correct?": the sentence before the tag is what is asked.
    let whole = match last.checked_sub(1).and_then(|i| sentences.get(i)) {
        Some(before) if is_tag(asked.get(..end)?) => without_tail(before),
        _ => asked.get(..end)?,
    };
    let mut rest = without_lead(whole);
    // "From that output, the database is …": where it is known from is not what is asked.
    if at_any(rest, 0, &["from", "based", "according", "given", "before", "after", "for"])
        && let Some(comma) = rest.iter().position(|t| t.is(",")).filter(|&i| i < 10)
    {
        rest = rest.get(comma + 1..)?;
    }
    // "What's her name, so I can put it on the card?": what for is not asked.
    let why = (2..rest.len()).find(|&i| at(rest, i, ",") && at_any(rest, i + 1, "so|because|since|just|in"));
    let rest = rest.get(..why.unwrap_or(rest.len()))?;
    Some(rest.get(..tail(rest).unwrap_or(rest.len()))?.to_vec())
}

/// What a statement says when its softening and its announcement are off: `Noted: you fly …`, `It sounds as if you …`.
pub(super) fn without_lead(tokens: &[Token]) -> &[Token] {
    let mut rest = without_opening(tokens);
    if let Some(colon) = rest.iter().position(|t| t.is(":"))
        && count_words(rest.get(colon + 1..).unwrap_or_default()) >= 3
        && !has_any(rest, &["always :", "order is", "is :", "are :"])
    {
        rest = without_opening(rest.get(colon + 1..).unwrap_or_default());
    }
    // "You mentioned you have a cat": what was said is asked, not that it was.
    for _ in 0..2 {
        let lead = LEADS.split('|').filter(|lead| phrase_at(rest, 0, lead)).map(|lead| lead.split(' ').count()).max();
        let Some(length) = lead.or_else(|| seeming(rest)) else { break };
        rest = rest.get(length..).unwrap_or_default();
    }
    rest
}

/// The length of `it looks like` before what it looks like.
fn seeming(tokens: &[Token]) -> Option<usize> {
    let verb = usize::from(at_any(tokens, 0, &["it", "that"]));
    if !at_any(tokens, verb, SEEMING) {
        return None;
    }
    let joint = JOINTS.split('|').filter(|j| phrase_at(tokens, verb + 1, j)).map(|j| j.split(' ').count()).max();
    let length = verb + 1 + joint.unwrap_or(0);
    let own = at_any(tokens, length, &["you", "your"]);
    (own || (joint.is_some() && is_clause(tokens.get(length..)?))).then_some(length)
}

/// Whether a question only asks whether what was said before it is so: `Right?`, `Did I get that right?`
fn is_tag(asked: &[Token]) -> bool {
    let asked = without_opening(asked);
    let words = count_words(asked);
    let sure = |t: &Token| t.is_any("right|correct|true|yes|accurate|so|ok|okay");
    let lone = words <= 1 && asked.iter().any(sure) || (words == 0);
    let about = asked.iter().any(|t| t.is_any(&["that", "this", "it", "i"])) && words <= 7;
    lone || (about && without_tail(asked).last().is_some_and(sure)) || is_echo(without_tail(asked))
}

/// Where the tag behind a statement starts: `…, right`, `…, don't you`.
fn tail(tokens: &[Token]) -> Option<usize> {
    let comma = tokens.iter().rposition(|t| t.is(",") || t.is("-") || t.is("–") || t.is("—"))?;
    let behind = tokens.get(comma + 1..)?;
    let sure = at_any(behind, 0, &["right", "correct", "yes", "is", "no", "yeah", "true"]) && behind.len() <= 3;
    (sure || is_tag(behind) || is_echo(behind)).then_some(comma)
}

/// `don't you`, `isn't it`, `are they`.
fn is_echo(tokens: &[Token]) -> bool {
    let Some((last, before)) = tokens.split_last() else { return false };
    let verb = before.iter().all(|t| AUXILIARIES.has(&t.low) || t.is_any(&["n't", "not", "nt"]));
    verb && (1..=2).contains(&before.len()) && last.is_any("you|it|he|she|they|we|i|there|not") && !at(before, 0, "not")
}

/// Ends with a question mark, or starts like a question whether it has one or not.
pub(super) fn is_question(clause: &[Token]) -> bool {
    if clause.iter().rev().take(4).any(|t| t.text.starts_with(['?', '？'])) {
        return true;
    }
    let wh = at_any(clause, 0, "what|what's|who|where|when|why|how|which|whose|whats|wheres|hows|any");
    let inverted = at_any(clause, 0, "is|are|am|was|were|do|does|did|can|could|will|would|should|shall|has|have|may")
        && (at_any(clause, 1, "i|you|we|he|she|it|they|there|this|that|the|my|your|our|anyone|n't|someone")
            || at_any(clause, 1, WEEKDAYS))
        && !(at(clause, 0, "did") && tells_of_doing(clause))
        && !(at(clause, 0, "do")
            && at(clause, 1, "n't")
            && !at_any(clause, 2, "i|you|we|they|the|my|your|our|these|those"));
    let embedded = at_any(clause, 0, &["when", "where", "how", "what", "who"])
        && (clause.iter().any(|t| t.is(",")) || has_finite_before_comma(clause));
    let asks = wh && !embedded && !(at_any(clause, 0, &["what", "how"]) && at_any(clause, 1, &["a", "an"]));
    let lone = at_any(clause, 0, &["any", "which"]) && main_verb(clause).0 != Time::None && at(clause, 0, "any");
    // "what eyepiece gives 150x", "is decaf always worse or …": no mark, and a question all the same.
    let thing = at_any(clause, 0, &["what", "which"])
        && clause.get(1).is_some_and(|t| t.kind == Kind::Word && !t.is_any("i|we|my|our|the|a|an|is|was"))
        && main_verb(clause.get(1..).unwrap_or_default()).0 != Time::None
        && !clause.iter().any(|t| t.is(","));
    let or = at_any(clause, 0, "is|are|was|were|do|does|did")
        && has_any(clause, "or am i|or is it|or are they|or do i|or does it|or not|or is that|or is this|or was it");
    let noun = at_any(clause, 0, "is|are|does|did")
        && clause.get(1).is_some_and(|t| t.kind == Kind::Word)
        && at_any(clause, 2, "always|ever|really|actually|still|usually|often|even");
    if thing || or || noun {
        return true;
    }
    (asks
        && !lone
        && (at_any(
            clause,
            1,
            "'s|is|are|was|do|does|did|can|could|should|would|will|about|if|much|many|long|often|kind|type|to",
        ) || at(clause, 0, "any")
            || at_any(clause, 0, &["whats", "hows", "wheres"])))
        || inverted
}

/// `did the course in June`: no verb stands behind the noun, as in `did the course end`.
fn tells_of_doing(clause: &[Token]) -> bool {
    if !at_any(clause, 1, "the|my|our|this|that") {
        return false;
    }
    let phrase = clause.iter().skip(2).take_while(|t| t.kind == Kind::Word && !PREPOSITIONS.has(&t.low));
    // The first word is the noun, or stands before it.
    let counted = |t: &Token| super::dates::ordinal(&t.low).is_some() || t.is_any("new|last|whole|october|big");
    let behind = phrase.skip_while(|t| counted(t)).skip(1);
    !behind.clone().any(|t| is_common_base(&t.low) || t.is_any("n't|not|ever|even"))
}

fn has_finite_before_comma(clause: &[Token]) -> bool {
    // "What I like is tea": a clause as subject, not a question.
    at_any(clause, 1, &["i", "we", "my", "our"]) && has_finite_verb(clause)
}
