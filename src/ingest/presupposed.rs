//! What a question or a request takes for granted: `Given that I'm coeliac, which beers …?` says that the user is coeliac.

use super::clauses::is_clause;
use super::lexicon::{DETERMINERS, PREPOSITIONS};
use super::question::is_question;
use super::verbs::{Time, command, main_verb};
use super::words::{Class, Token, at, at_any, count_words, low, phrase_at, tokenize};

/// What a reason opens with: what follows is so.
const GRANTED: &str = "given that|given|since|because|seeing that|seeing as|considering that|considering|now that|as|'cause|cuz|assuming you know";
/// Reasons that may stand behind their question. "As" and "since" have other meanings there.
const BEHIND: &str = "given that|given|because|seeing that|seeing as|considering that|considering|now that|'cause|cuz";
/// "As a rule" and its like say nothing about the speaker.
const IDIOMS: &str = "rule|result|start|starter|reminder|test|favour|favor|whole|matter|joke|bonus|follow-up|followup|side|last|first|\
    second|next|general|quick|final|treat|gift|present|surprise|dinner|dessert|backup|precaution|consequence|number|\
    compromise|way|thank-you|substitute|replacement|default|minimum|maximum|percentage|fraction|friend|heads-up|case|\
    workaround|snack|hobby|baseline|string|parameter|header|container|server|user|letter|filter";
/// Nouns of persons that their ending does not show.
const PERSONS: &str = "vegan|parent|dad|mum|mom|father|mother|nurse|student|diabetic|coeliac|celiac|chef|cook|coach|novice|newbie|\
    expat|native|introvert|extrovert|woman|man|person|girl|guy|bloke|lad|single|widow|widower|pilot|athlete|monk|\
    priest|muslim|hindu|jew|catholic|sikh|au-pair|freelance|dj|ceo|cto|pm|sre|gp|pensioner|retiree|trainee|employee|\
    nomad|immigrant|migrant|asthmatic|epileptic|teen|twin|orphan|host|judge|thief|clerk|smith|medic|mechanic|critic|\
    academic|alcoholic|insomniac|lefty|left-hander|undergrad|grad|postgrad|postdoc|entrepreneur|amateur|au pair";

/// The statement that a question or a request for once stands on, in its speaker's own person.
pub(super) fn granted(clause: &[Token]) -> Option<Vec<Token>> {
    role(clause)
        .or_else(|| someone(clause))
        .or_else(|| reason(clause))
        .or_else(|| before_so(clause))
        .or_else(|| before_comma(clause))
        .or_else(|| reason_behind(clause))
}

/// `As a vegetarian, what can I eat?`
fn role(clause: &[Token]) -> Option<Vec<Token>> {
    let comma = clause.iter().position(|t| t.is(",")).filter(|&i| (3..=9).contains(&i))?;
    if !(at_any(clause, 0, &["as", "being"]) && at_any(clause, 1, &["a", "an"]) && asks(clause.get(comma + 1..)?)) {
        return None;
    }
    let noun = clause.get(1..comma)?;
    let head = noun.iter().position(|t| PREPOSITIONS.has(&t.low) || t.is_any("who|that|and")).unwrap_or(noun.len());
    let person = low(noun, head.checked_sub(1)?);
    let ends = ["er", "or", "ist", "ian", "ant", "ent", "man", "woman", "mum", "mom", "ee", "ic"];
    let named = PERSONS.has(person) || (person.len() > 3 && ends.iter().any(|end| person.ends_with(end)));
    let idiom = noun.iter().take(head).any(|t| t.is_any(IDIOMS));
    if !named || idiom {
        return None;
    }
    let mut out = tokenize("I am");
    out.extend(noun.iter().cloned());
    Some(out)
}

/// `As someone who is deaf, which museums …?`
fn someone(clause: &[Token]) -> Option<Vec<Token>> {
    let comma = clause.iter().position(|t| t.is(",")).filter(|&i| (5..=16).contains(&i))?;
    let opens = phrase_at(clause, 0, "as someone who") || phrase_at(clause, 0, "as somebody who");
    let verb = match low(clause, 3) {
        "is" | "'s" => "I am",
        "has" => "I have",
        "can" => "I can",
        "does" => "I do",
        _ => return None,
    };
    let mut out = tokenize(verb);
    out.extend(clause.get(4..comma)?.iter().cloned());
    (opens && asks(clause.get(comma + 1..)?)).then_some(out)
}

/// `I'm diabetic so which desserts are fine?`
fn before_so(clause: &[Token]) -> Option<Vec<Token>> {
    let so = clause.iter().position(|t| t.is("so")).filter(|&i| i >= 3)?;
    let end = so - usize::from(at(clause, so - 1, ","));
    let main = clause.get(so + 1..).filter(|main| asks(main))?;
    if count_words(main) < 3 { None } else { stated(clause.get(..end)?) }
}

/// `My private notes are all in OneNote, is there a way to print them?`
fn before_comma(clause: &[Token]) -> Option<Vec<Token>> {
    const ASKING: &str = "what|which|who|where|when|how|why|is|are|do|does|did|can|could|should|would|will|any|am";
    let commas = clause.iter().enumerate().filter(|(_, t)| matches!(t.text.as_str(), "," | "-" | "–" | "—" | ";"));
    let comma = commas.map(|(i, _)| i).find(|&i| at_any(clause, i + 1, ASKING) && i >= 3)?;
    let (left, main) = (clause.get(..comma)?, clause.get(comma + 1..)?);
    // "I was wondering, is it late?" says nothing of its own.
    let empty = left
        .iter()
        .any(|t| t.is_any("wondering|question|curious|wonder|asking|know|sure|hey|so|confused|hoping|trying"));
    let asked = main.iter().any(|t| t.text.starts_with('?')) && count_words(main) >= 3 && !is_question(left);
    // "I'm getting a 403, what does it mean?" is what the question is about, and passes.
    let passing = main_verb(left).0 == Time::Progressive;
    (asked && !empty && !passing).then(|| stated(left))?
}

/// `Since we're on version 15, how do I …?`
fn reason(clause: &[Token]) -> Option<Vec<Token>> {
    let opening = longest(clause, 0, GRANTED)?;
    let inside = clause.get(opening..)?;
    let ends = inside.iter().enumerate().filter(|(_, t)| t.is(",")).map(|(i, _)| i);
    let comma = ends.take(3).find(|&i| inside.get(i + 1..).is_some_and(asks))?;
    stated(inside.get(..comma)?)
}

/// `What can I bake, given that my son is allergic to eggs?`
fn reason_behind(clause: &[Token]) -> Option<Vec<Token>> {
    if !is_question(clause) {
        return None;
    }
    let (at, length) = (3..clause.len()).find_map(|i| longest(clause, i, BEHIND).map(|n| (i, n)))?;
    // "Is it because I am late?" asks whether it is so.
    if count_words(clause.get(..at)?) < 4 || at_any(clause, at - 1, "is|it|just|only|that|not") {
        return None;
    }
    let end = clause.iter().rposition(Token::is_wordy)? + 1;
    stated(clause.get(at + length..end)?)
}

fn longest(tokens: &[Token], i: usize, openings: &str) -> Option<usize> {
    openings.split('|').filter(|o| phrase_at(tokens, i, o)).map(|o| o.split(' ').count()).max()
}

/// What is said of the speaker or of what is theirs.
fn stated(inside: &[Token]) -> Option<Vec<Token>> {
    let own = at_any(inside, 0, &["i", "we", "my", "our"]);
    let told = at_any(
        inside,
        1,
        "said|say|mentioned|told|mention|know|understand|see|think|guess|recall|explained|wrote|asked",
    );
    let bare = inside.len() <= 3 && inside.last().is_some_and(|t| t.is_any(&["here", "there", "it", "that"]));
    let open = bare || inside.iter().any(|t| t.is_any("if|would|might|maybe|could"));
    let state = at(inside, 0, "i") && at_any(inside, 1, &["'m", "am"]) && inside.len() == 3;
    (own && !told && !open && (state || is_clause(inside))).then(|| inside.to_vec())
}

/// Whether a main clause asks something: a question, or a request that is no rule.
fn asks(main: &[Token]) -> bool {
    let once = command(main) == Some(0)
        && (at_any(main, 1, "me|us|a|an|some") || at_any(main, 0, "suggest|recommend|help|tell|find|explain"))
        && !main.iter().any(|t| t.is_any("always|never|every"));
    let wh = at_any(main, 0, "what|which|who|where|when|how|why|whose|is|are|do|does|can|could|should|would|will|any");
    is_question(main) && (wh || !at_any(main, 0, DETERMINERS)) || once
}
