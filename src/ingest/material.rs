//! A text that is handed over to be worked on is not what the user says: `Translate this: "I live in Rome."`
//!
//! It reaches to the end of its quotation when it is one, else to the end of the message. Statements beside it stay.

use super::kind::STANDING;
use super::sentences::{Part, Sentence};
use super::verbs::command;
use super::words::{Token, at, at_any, count_words, has_any, phrase_at};

/// Work on a text: nothing else is said with these, so a colon behind them is enough.
const TEXT_WORK: &str = "translate|summarise|summarize|proofread|proof-read|rephrase|paraphrase|reword|rewrite|spellcheck|condense|\
    punctuate|transcribe|tldr|tl;dr";
/// Work on anything: a text only when something points at it.
const WORK: &str = "explain|fix|correct|edit|improve|shorten|simplify|polish|debug|convert|make|turn|analyse|analyze|classify|reformat|\
    expand|critique|grade|refactor|interpret|solve|parse|decode|describe|review";
/// What is done with other things more often: a text only when it is named.
const LOOK: &str = "check|look|read|draft|write|reply|respond|comment|help|extract|answer|tidy|continue|complete|finish|give|tell|find|put";
/// What points at a text.
const POINTING: &str = "this|these|following|below";
/// What texts are called.
const TEXTS: &str = "text|email|mail|e-mail|message|letter|article|paragraph|passage|post|log|logs|error|output|code|snippet|trace|\
    traceback|stacktrace|essay|abstract|poem|song|lyrics|sentence|sentences|review|story|report|transcript|draft|document|\
    contract|clause|notice|newsletter|blog|tweet|comment|script|query|function|excerpt|quote|extract|dump|bio";
/// What a request to the assistant starts with.
const ASKS: &str = "can you|could you|would you|will you|please|pls|i need you to|i want you to|i 'd like you to|help me|help me to|\
    can you please|could you please|would you please|can you help me|could you help me|would you mind";

/// Marks what is handed over; a sentence that holds a request and its text comes apart.
pub(super) fn set_apart(sentences: Vec<Sentence>) -> Vec<Sentence> {
    let last_block = sentences.last().map_or(0, |s| s.block);
    let mut out = Vec::with_capacity(sentences.len());
    let mut rest_is_text = false;
    // A text that was announced begins with the block behind the announcement.
    let mut from_block = None;
    for sentence in sentences {
        if rest_is_text || from_block.is_some_and(|block| sentence.block >= block) {
            out.push(Sentence { part: Part::Quoted, ..sentence });
            continue;
        }
        match handed(&sentence) {
            Some(Text::Quotation(start, end)) => cut(&mut out, &sentence, start, end),
            Some(Text::Behind(start)) => {
                rest_is_text = true;
                let end = sentence.tokens.len();
                cut(&mut out, &sentence, start, end);
            }
            None => {
                let announced = sentence.block < last_block && announces(&sentence.tokens);
                let part = if announced && !says_more(&sentence.tokens) { Part::Request } else { sentence.part };
                from_block = announced.then_some(sentence.block + 1);
                out.push(Sentence { part, ..sentence });
            }
        }
    }
    out
}

/// Where in a sentence its text stands.
enum Text {
    /// Between quotation marks, with them.
    Quotation(usize, usize),
    /// From here to the end of the message.
    Behind(usize),
}

fn cut(out: &mut Vec<Sentence>, sentence: &Sentence, start: usize, end: usize) {
    let tokens = &sentence.tokens;
    let parts = [(0, start, Part::Request), (start, end, Part::Quoted), (end, tokens.len(), sentence.part)];
    for (from, to, part) in parts {
        let piece = tokens.get(from..to).unwrap_or_default();
        if count_words(piece) > 0 {
            out.push(Sentence { tokens: piece.to_vec(), part, ..sentence.clone() });
        }
    }
}

/// A request to work on the text that stands behind it in its own sentence, or that goes on behind its colon.
fn handed(sentence: &Sentence) -> Option<Text> {
    let tokens = &sentence.tokens;
    if !matches!(sentence.part, Part::Prose | Part::Intro) {
        return None;
    }
    let colon = tokens.iter().position(|t| t.is(":") || is_mark(t)).filter(|&i| i > 0)?;
    let head = tokens.get(..colon)?;
    if !asks_for_work(head) && !presents(head) {
        return None;
    }
    let start = if tokens.get(colon).is_some_and(is_mark) { colon } else { colon + 1 };
    if tokens.get(start).is_some_and(is_mark) {
        let close = tokens.iter().skip(start + 1).position(is_mark).map(|i| start + 1 + i);
        return Some(close.map_or(Text::Behind(start), |end| Text::Quotation(start, end + 1)));
    }
    Some(Text::Behind(start))
}

fn is_mark(token: &Token) -> bool {
    matches!(token.text.as_str(), "\"" | "“" | "”" | "«" | "»" | "„")
}

/// `please summarise this`, `can you make this email shorter`: work that is asked for once, on a text.
fn asks_for_work(head: &[Token]) -> bool {
    if has_any(head, STANDING) || head.iter().any(|t| t.is_any(&["todo", "to-do", "remind", "rule", "default"])) {
        return false;
    }
    let asked = |i: usize| {
        ASKS.split('|').filter(|ask| phrase_at(head, i, ask)).map(|ask| ask.split(' ').count()).max().unwrap_or(0)
    };
    // At the start, or behind a comma: "I got this letter, can you reply".
    let starts = (0..head.len()).filter(|&i| i == 0 || head.get(i - 1).is_some_and(|t| t.is(",") || t.is("and")));
    starts.map(|i| (i, i + asked(i))).any(|(from, i)| {
        let rest = head.get(i..).unwrap_or_default();
        let told = i > from || command(rest).is_some();
        let verb = usize::from(at_any(rest, 0, &["please", "pls", "now", "then", "just", "ok"]));
        let named = points_at_text(rest);
        let points = named || rest.iter().skip(verb + 1).any(|t| t.is_any(POINTING));
        let works = at_any(rest, verb, TEXT_WORK) || (at_any(rest, verb, WORK) && points);
        told && (works || (at_any(rest, verb, LOOK) && named))
    })
}

/// `my essay`, `the error`.
fn points_at_text(tokens: &[Token]) -> bool {
    tokens
        .windows(2)
        .any(|pair| at_any(pair, 0, "my|the|our|this|that|his|her|their|these|following") && at_any(pair, 1, TEXTS))
}

/// `Here is the log`, `the error I get`, `I got this email`.
fn presents(head: &[Token]) -> bool {
    let here = at(head, 0, "here") || at_any(head, 0, &["heres", "below"]);
    let noun = head.iter().position(|t| t.is_any(TEXTS)).filter(|&i| i > 0);
    let opened = noun.is_some_and(|i| at_any(head, i - 1, "this|the|an|a|my|following|these"));
    let short = count_words(head) <= 8;
    let pointed = noun.is_some_and(|i| at_any(head, i - 1, "this|following|these"));
    short && ((here && opened) || (pointed && !head.iter().any(|t| t.is_any("is|are|was|were|says|said"))))
}

/// A sentence behind which, after an empty line, a text follows.
fn announces(tokens: &[Token]) -> bool {
    let words = tokens.get(..tokens.iter().rposition(Token::is_wordy).map_or(0, |i| i + 1)).unwrap_or_default();
    let pieces = words.split(|t| t.is(","));
    asks_for_work(words) && words.iter().any(|t| t.is_any(POINTING) || t.is_any(TEXTS))
        || pieces.into_iter().any(presents)
}

/// Whether something that may be worth keeping is said beside the announcement.
fn says_more(tokens: &[Token]) -> bool {
    tokens.iter().any(Token::has_digit) || count_words(tokens) > 14
}
