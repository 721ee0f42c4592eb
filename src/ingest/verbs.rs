//! How a statement is built: what it starts with, which verb is its main one, and when that is.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::lexicon::{
    AUXILIARIES, is_adverb, is_common_base, is_irregular_past, is_participle, is_past, is_regular_past, is_same_in_past,
};
use super::words::{Class, Kind, Token, at, at_any, low, phrase_at};

/// The main verb's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// `went`, `was`.
    Past,
    /// `have gone`.
    Perfect,
    /// `is going`.
    Progressive,
    /// `will go`, `going to`.
    Future,
    /// `goes`, `is`.
    Present,
    /// No finite verb.
    None,
}

/// Verbs that commands start with, beyond those in common use.
const COMMANDS: &str = "press|hold|click|tap|select|enter|copy|paste|unplug|plug|twist|pour|mix|stir|wait|boil|heat|squeeze|lift|flip|scroll|\
    swipe|export|import|download|upload|load|save|reload|reboot|compile|lint|execute|invoke|define|declare|escape|omit|\
    preface|mirror|stay|respect|address|emphasise|emphasize|prioritise|prioritize|refrain|translate|spare|warn|quiz|use|reply|respond|answer|address|call|keep|format|show|explain|round|treat|cite|sign|favour|favor|prefer|put|\
    log|group|be|begin|start|end|double-check|check|speak|talk|include|exclude|limit|spell|capitalise|capitalize|\
    sort|refer|assume|default|ask|skip|prefix|avoid|stop|give|tell|send|email|mail|text|write|draft|make|set|change|\
    update|fix|buy|pay|chase|find|finish|look|ping|get|delete|remove|defrost|drop|upgrade|install|run|pick|book|\
    renew|schedule|order|return|remind|remember|help|translate|summarise|summarize|list|suggest|recommend|generate|\
    create|convert|review|clean|wash|water|feed|collect|submit|file|print|replace|repair|rename|refactor|deploy|\
    merge|push|pull|commit|test|build|restart|rotate|add|append|insert|note|mention|describe|compare|rewrite|\
    rephrase|shorten|expand|proofread|edit|correct|calculate|count|estimate|plan|organise|organize|prepare|read|\
    open|close|cancel|confirm|contact|phone|ring|visit|move|take|bring|leave|let|do|don't|try|think|consider|\
    imagine|pretend|act|follow|ignore|forget|never|always|share|post|publish|release|ship|migrate|back|restore|\
    measure|weigh|order|arrange|hire|sell|donate|apply|register|enrol|enroll|sign|vote|track|monitor|investigate|\
    debug|document|highlight|bold|number|label|tag|name|wrap|indent|quote|link|attach|target|validate|verify|ensure|\
    turn|switch|enable|disable|configure|express|report|display|present|state|lead|close|phrase|word|reserve|charge|\
    empty|iron|mow|paint|descale|vacuum|tidy|unpack|pack|bake|cook|freeze|invite|thank|congratulate|mark|bump|ssh|\
    stick|go";

static COMMAND_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMANDS.split('|').collect());

/// Words before a command that do not change it.
const SOFTENERS: &str = "please|pls|plz|kindly|just|also|and|then|so|ok|okay|now|first|but|,|always|never|only";

/// Where the verb of a command stands, when the statement is one: `please always use …`, `don't book …`.
pub(super) fn command(tokens: &[Token]) -> Option<usize> {
    let from_now = ["from now on", "from today on", "from today", "going forward", "from here on"];
    let opening = from_now.iter().find(|p| phrase_at(tokens, 0, p)).map(|p| p.split(' ').count());
    let mut i = opening.unwrap_or(0);
    while at_any(tokens, i, SOFTENERS) {
        i += 1;
    }
    if at(tokens, i, "do") && at_any(tokens, i + 1, &["not", "n't", "nt"]) {
        i += 2;
        while tokens.get(i).is_some_and(|t| t.is("ever")) {
            i += 1;
        }
        return tokens.get(i).filter(|t| t.kind == Kind::Word).map(|_| i);
    }
    let word = tokens.get(i).filter(|t| t.kind == Kind::Word)?;
    // "Go 1.22 on the backend": a name with its version.
    let versioned = word.is_capitalised() && tokens.get(i + 1).is_some_and(|t| t.has_digit() && t.text.contains('.'));
    let verb = !versioned && (COMMAND_SET.contains(word.low.as_str()) || is_common_base(&word.low));
    // "Book club is on Monday", "Work was fine": a noun with its own verb.
    let ruled = "is|are|was|were|has|'s|will|would|can|of|club|went|had|:|'d".has(low(tokens, i + 1));
    let noun = tokens.iter().skip(i + 2).take(2).any(|t| t.is_any(&["is", "was", "are", "were"]))
        && !at_any(tokens, i + 1, super::lexicon::DETERMINERS)
        && !at_any(tokens, i + 1, "what|that|it|me|how|if|sure|things|whatever");
    // "Notice period in the lease is three months": something is said of it. "Tell Bo dinner is at six" says it to someone.
    let speech = "tell|remind|ask|let|inform|show|note|say|assume|pretend|remember|make|check|ensure|confirm|imagine|think|see|know|explain|\
        mention|write|answer|reply|report|state|add|use|keep|call|give|send|find|list|describe|treat|consider|guess|forget|wait|stop"
        .has(&word.low);
    let said = tokens.get(i + 2..).unwrap_or_default().iter().take(6);
    let said_of = !speech
        && said
            .take_while(|t| {
                t.is_wordy()
                    && !t.is_any("that|which|who|what|if|when|you|i|we|it|and|where|how|whether|because|as|so|or|while|until|before|after|everything|anything|whatever")
            })
            .any(|t| t.is_any("is|are|was|were|goes|has"));
    let near = tokens.get(i + 1..).unwrap_or_default().iter().take(7);
    let general = near
        .take_while(|t| {
            t.is_wordy() && !t.is_any(&["that", "which", "who", "if", "when", "you", "i", "we", "it", "and"])
        })
        .any(|t| t.is_any(&["must", "should", "will", "may"]));
    let after_softener = i > 0 && at_any(tokens, i - 1, &["always", "never", "please", "pls"]);
    (verb && (after_softener || !(ruled || noun || general || said_of))).then_some(i)
}

/// Where a command starts behind an opening phrase: `In emails, use …`, `When I log a run, reply …`, `To reset: hold …`.
pub(super) fn command_behind(tokens: &[Token]) -> Option<usize> {
    let mark = |t: &Token| matches!(t.text.as_str(), "," | ":");
    let behind_marks = tokens.iter().enumerate().filter(|(_, t)| mark(t)).map(|(i, _)| i + 1);
    behind_marks.take(4).find(|&i| {
        tokens.get(i..).is_some_and(|rest| {
            let noun_phrase = rest.get(1).is_some_and(|t| t.is("and")) && count_rest(rest) < 4;
            command(rest).is_some() && !noun_phrase
        })
    })
}

fn count_rest(tokens: &[Token]) -> usize {
    super::words::count_words(tokens)
}

/// The time of the first finite verb, and where it stands.
pub(super) fn main_verb(tokens: &[Token]) -> (Time, usize) {
    let start = behind_contact_clause(tokens).unwrap_or(0);
    (start..tokens.len()).find_map(|i| finite(tokens, i).map(|time| (time, i))).unwrap_or((Time::None, tokens.len()))
}

/// Where the verb of `the company I founded is called …` stands: behind the clause that says which company.
fn behind_contact_clause(tokens: &[Token]) -> Option<usize> {
    let who = (2..=4).find(|&i| at_any(tokens, i, "i|we|the user"))?;
    let noun = tokens.get(..who)?;
    let opens = at_any(noun, 0, "the|a|one") && noun.iter().all(Token::is_wordy);
    let plain =
        !noun.iter().any(|t| AUXILIARIES.has(&t.low) || is_regular_past(&t.low) || t.is_any("and|that|when|if"));
    let verb = (who + 2..who + 7).find(|&i| at_any(tokens, i, "is|are|was|were"))?;
    let inside = tokens.get(who + 1..verb)?;
    let clause = inside.iter().all(Token::is_wordy) && !inside.iter().any(|t| t.is_any("and|but|so|because"));
    (opens && plain && clause).then_some(verb)
}

fn finite(tokens: &[Token], i: usize) -> Option<Time> {
    let token = tokens.get(i)?;
    let word = token.low.as_str();
    if token.kind != Kind::Word {
        return None;
    }
    let mut next = i + 1;
    while tokens.get(next).is_some_and(|t| is_adverb(&t.low) && !t.is("to")) {
        next += 1;
    }
    let after = low(tokens, next);
    let before = i.checked_sub(1).map_or("", |j| low(tokens, j));
    // "I still need": the subject stands before the adverbs.
    let subject = (0..i).rev().map(|j| low(tokens, j)).find(|word| !is_adverb(word)).unwrap_or_default();
    match word {
        "was" | "were" | "had" | "did" => Some(Time::Past),
        "have" | "has" | "'ve" => {
            let got = after == "got" && tokens.get(next + 1).is_none_or(|t| !is_participle(&t.low));
            let perfect = (is_participle(after) || is_past(after)) && !got && after != "to";
            Some(if perfect { Time::Perfect } else { Time::Present })
        }
        "am" | "is" | "are" | "'m" | "'re" => Some(be(tokens, next, after)),
        "'s" => genitive_or_verb(tokens, i, next, after),
        "will" | "'ll" | "wo" | "shall" | "gonna" => Some(Time::Future),
        _ if AUXILIARIES.has(word) => Some(Time::Present),
        // "subscriptions cost £35"
        "cost" if i > 0 && !is_modifier(before) && tokens.get(i + 1).is_some_and(Token::has_digit) => {
            Some(Time::Present)
        }
        _ if is_pronoun(subject) && !is_past(word) && is_verbal(word) => Some(Time::Present),
        _ if super::lexicon::base_of_third(word).is_some()
            && i > 0
            && !is_modifier(before)
            && !token.is_capitalised() =>
        {
            Some(Time::Present)
        }
        _ if is_finite_past(tokens, i, word, before) => Some(Time::Past),
        _ if is_unknown_verb(tokens, i, word, before) => Some(Time::Present),
        _ => None,
    }
}

/// A word in -s between what may be a subject and what may be an object: `Heron syncs its data`.
fn is_unknown_verb(tokens: &[Token], i: usize, word: &str, before: &str) -> bool {
    let form = word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is");
    let subject = i > 0
        && !is_modifier(before)
        && crate::dates::number(before).is_none()
        && tokens.get(i - 1).is_some_and(|t| t.kind == Kind::Word && !t.low.ends_with('s') && !t.low.starts_with('\''));
    let object = tokens.get(i + 1).is_some_and(|t| {
        super::lexicon::DETERMINERS.has(&t.low)
            || super::lexicon::POSSESSIVES.has(&t.low)
            || t.is_any(&["on", "in", "at", "to", "with", "from", "for", "into"])
            || t.kind == Kind::Number
            || (is_adverb(&t.low) && t.low.ends_with("ly"))
    });
    form && subject && object && !tokens.get(i).is_some_and(Token::is_capitalised)
}

fn be(tokens: &[Token], next: usize, after: &str) -> Time {
    match after {
        "going" if at(tokens, next + 1, "to") => Time::Future,
        "gonna" => Time::Future,
        _ if after.len() > 4
            && after.ends_with("ing")
            && !"boring|amazing|interesting|exciting|challenging|nothing|something|everything|missing|relaxing"
                .has(after) =>
        {
            Time::Progressive
        }
        _ => Time::Present,
    }
}

/// `'s` is a verb behind a pronoun, or before what no noun follows.
fn genitive_or_verb(tokens: &[Token], i: usize, next: usize, after: &str) -> Option<Time> {
    let before = i.checked_sub(1).map_or("", |j| low(tokens, j));
    let pronoun = "it|he|she|that|this|there|what|who|here|where|everything|let".has(before);
    let article = "a|an|the|not|in|on|at|been|got|so|called|from|with|my".has(after);
    if !pronoun && !article {
        return (after.len() > 4 && after.ends_with("ing") && !at(tokens, next + 1, "is")).then_some(Time::Progressive);
    }
    Some(match after {
        "been" => Time::Perfect,
        _ => be(tokens, next, after),
    })
}

fn is_pronoun(word: &str) -> bool {
    matches!(word, "i" | "we" | "you" | "they" | "he" | "she" | "it" | "who")
}

fn is_verbal(word: &str) -> bool {
    !is_adverb(word) && !"and|or|of|in|'s|n't|too|all|both|,".has(word)
}

fn is_modifier(word: &str) -> bool {
    super::lexicon::DETERMINERS.has(word)
        || super::lexicon::POSSESSIVES.has(word)
        || word == "'s"
        || super::lexicon::PREPOSITIONS.has(word)
        || word == "and"
}

/// A past form that is the verb of its clause, not a participle behind its noun or an adjective before one.
fn is_finite_past(tokens: &[Token], i: usize, word: &str, before: &str) -> bool {
    if is_modifier(before) && !matches!(before, "and" | "this" | "that" | "all" | "both")
        || matches!(before, "to" | "be" | "been" | "being" | "get" | "gets" | "getting" | "very")
    {
        return false;
    }
    let regular = is_regular_past(word);
    let irregular = is_irregular_past(word) && !is_same_in_past(word);
    let same = is_same_in_past(word)
        && i > 0
        && !is_pronoun(before)
        && !at(tokens, 0, "to")
        && !matches!(before, "'s" | ",")
        && i + 1 < tokens.len()
        && is_name_or_noun(tokens, i);
    let named = "called|named|codenamed|titled|based|located|known|made|written".has(word)
        && i > 0
        && !is_pronoun(before)
        && !at_any(tokens, i + 1, &["the", "a", "my", "me", "up", "out", "to", "off"]);
    (regular || irregular || same) && !named
}

/// Whether the word before is what someone is called: then `Ana hit` is past or present, and past more often.
fn is_name_or_noun(tokens: &[Token], i: usize) -> bool {
    i.checked_sub(1)
        .and_then(|j| tokens.get(j))
        .is_some_and(|t| t.kind == Kind::Word && !is_adverb(&t.low) && t.is_capitalised() && i > 1)
}

#[cfg(test)]
mod tests {
    use super::super::words::tokenize;
    use super::*;

    #[test]
    fn the_main_verb_gives_the_time() {
        for (text, time) in [
            ("We went home", Time::Past),
            ("I've got two cats", Time::Present),
            ("I've just finished it", Time::Perfect),
            ("She is moving out", Time::Progressive),
            ("They will come", Time::Future),
            ("The box is called Bo", Time::Present),
            ("Dinner at eight", Time::None),
            ("My son's teacher is Ms. Li", Time::Present),
            ("The tool called Rx works", Time::Present),
            ("Ana lives there", Time::Present),
            ("Swam 2 km", Time::Past),
        ] {
            assert_eq!(main_verb(&tokenize(text)).0, time, "{text}");
        }
    }

    #[test]
    fn commands_are_told_from_nouns() {
        for (text, verb) in [
            ("Use metric units", Some(0)),
            ("please always use metric units", Some(2)),
            ("Don't call me", Some(2)),
            ("Book club is on Monday", None),
            ("Work was fine", None),
            ("I use metric units", None),
            ("The call is at 9", None),
        ] {
            assert_eq!(command(&tokenize(text)), verb, "{text}");
        }
        assert_eq!(command_behind(&tokenize("In emails, use short words")), Some(3));
    }
}
