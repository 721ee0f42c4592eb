//! What a rule governs: the thing and the aspect of it, when that is certain.

use super::topic::stems;
use super::verbs::{command, command_behind};
use super::words::{Token, at, at_any, count_words, has_any, low, phrase_at, without_tail};

/// What a rule governs: the thing and the aspect of it.
pub(super) fn rule_topic(tokens: &[Token]) -> Option<String> {
    called(tokens)
        .or_else(|| used(tokens))
        .or_else(|| aspect(tokens))
        .or_else(|| purpose(tokens))
        .or_else(|| subject_rule(tokens))
        .or_else(|| masked_command(tokens))
}

/// `Call the user Sam`: one goes by one name.
fn called(tokens: &[Token]) -> Option<String> {
    let verb = command(tokens).filter(|&i| at_any(tokens, i, &["call", "address"]))?;
    (at_any(tokens, verb + 1, &["the user", "me"])).then(|| "rule call user".to_owned())
}

/// `Use tabs for indentation` is about indentation.
fn used(tokens: &[Token]) -> Option<String> {
    let verb = command(tokens).filter(|&i| at(tokens, i, "use"))?;
    let rest = trim_standing(tokens.get(verb + 1..)?);
    let joint = rest.iter().position(|t| t.is("for")).filter(|&i| (1..=4).contains(&i))?;
    let purpose = stems(rest.get(joint + 1..)?);
    let denied = tokens.iter().any(|t| t.is_any(&["never", "not", "n't", "nt"]));
    (!purpose.is_empty() && !denied).then(|| format!("rule use for {purpose}"))
}

/// Rules about the agent's answers as a whole.
fn aspect(tokens: &[Token]) -> Option<String> {
    const LANGUAGES: &str = "english|german|french|spanish|italian|dutch|portuguese|polish|finnish|swedish|norwegian|danish|russian|\
    ukrainian|czech|greek|turkish|arabic|hebrew|hindi|chinese|mandarin|japanese|korean|welsh|irish|catalan|\
    hungarian|romanian|vietnamese|thai";
    let verb = command(tokens)?;
    let limited = has_any(
        tokens,
        "when|whenever|if|in emails|in email|commit|emails|in reports|report|summaries|recipe|recipes|code|letters|\
    reports",
    ) || at_any(tokens, 0, &["in", "for", "on"]);
    let answers = at_any(tokens, verb, &["answer", "reply", "respond", "speak", "talk"])
        || has_any(tokens, &["answers", "replies", "responses"])
        || (at(tokens, verb, "write") && !limited);
    if limited || !answers {
        return None;
    }
    let of = |words: &str| tokens.iter().any(|t| t.is_any(words));
    if of(LANGUAGES) {
        return Some("answers|language".to_owned());
    }
    if of("bullet|bullets|paragraph|paragraphs|table|tables|lists|list|prose|markdown") {
        return Some("answers|format".to_owned());
    }
    if of("short|brief|concise|long|sentences|words|detailed|length|shorter|longer") {
        return Some("answers|length".to_owned());
    }
    of("formal|formally|informal|informally|casual|casually|polite|blunt|friendly|tone")
        .then(|| "answers|tone".to_owned())
}

/// `To deploy the shop, run …` is about deploying the shop.
fn purpose(tokens: &[Token]) -> Option<String> {
    let behind = command_behind(tokens)?;
    let opening = tokens.get(..behind.checked_sub(1)?)?;
    if at(tokens, 0, "to") {
        return Some(format!("to {}", stems(opening)));
    }
    None
}

/// `Commit messages in this repo should …` are about commit messages' form.
fn subject_rule(tokens: &[Token]) -> Option<String> {
    let modal = tokens.iter().take(10).position(|t| t.is_any(&["should", "must"])).filter(|&i| i > 0)?;
    let form = at_any(tokens, modal + 1, &["follow", "start", "use", "be", "target", "have"]);
    let aspect = match low(tokens, modal + 1) {
        "start" | "follow" | "use" => "form",
        "target" => "target",
        _ => return None,
    };
    let who = stems(tokens.get(..modal)?);
    (form && !who.is_empty() && !at(tokens, 0, "you")).then(|| format!("rule {who}|{aspect}"))
}

/// `log my runs in miles`: the command and its object without the value behind the last preposition, or without its amount.
fn masked_command(tokens: &[Token]) -> Option<String> {
    let verb = command(tokens)?;
    let rest = tokens.get(verb..)?;
    let rest = trim_standing(rest);
    let denied = tokens.get(..verb)?.iter().any(|t| t.is_any(&["never", "n't", "nt", "not"]));
    let sign = if denied { "not " } else { "" };
    let joint = rest
        .iter()
        .rposition(|t| t.is_any(&["in", "with", "at", "as", "to", "before", "after"]))
        .filter(|&i| i >= 2)?;
    let value = rest.get(joint + 1..)?;
    let time = matches!(low(rest, joint), "before" | "after");
    let short = (1..=4).contains(&count_words(value)) && (!time || value.iter().any(Token::has_digit));
    let open =
        matches!(low(rest, joint), "to") || rest.iter().take(joint).any(|t| t.is_any(&["when", "if", "whenever"]));
    let what = stems(rest.get(..joint)?);
    (short && !open && what.split(' ').count() >= 2).then(|| format!("rule {sign}{what}|{}", low(rest, joint)))
}

/// Without what says that it holds from now on.
fn trim_standing(tokens: &[Token]) -> &[Token] {
    let tails = [
        "from now on",
        "from today",
        "instead",
        "please",
        "always",
        "going forward",
        "from here on",
        "in future",
        "now",
        "pls",
        "ever",
    ];
    let mut rest = tokens;
    while let Some(tail) = tails
        .iter()
        .map(|t| t.split(' ').count())
        .zip(tails)
        .find(|&(n, tail)| rest.len() > n && phrase_at(rest, rest.len() - n, tail))
    {
        rest = without_tail(rest.get(..rest.len() - tail.0).unwrap_or_default());
    }
    // A date that was resolved: "from 2026-02-19".
    match rest.iter().rposition(|t| t.is("from")) {
        Some(i) if i + 2 == rest.len() && rest.get(i + 1).is_some_and(Token::has_digit) => {
            rest.get(..i).unwrap_or_default()
        }
        _ => rest,
    }
}
