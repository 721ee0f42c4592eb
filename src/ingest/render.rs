//! Tokens → the words of a memory: capital, full stop, short form.

use super::words::{Class, Kind, Token, at, join};

/// A summary longer than this, in characters, is cut at a joint.
const SUMMARY: usize = 120;

/// `the user` and `the user's` as one token each, however the text has them.
pub(super) fn canonical(tokens: &[Token]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        let user_at = if token.is("the") && at(tokens, i + 1, "user") {
            Some(i + 1)
        } else {
            (i == 0 && token.is("user")).then_some(i)
        };
        let Some(user) = user_at else {
            out.push(token.clone());
            i += 1;
            continue;
        };
        let genitive = at(tokens, user + 1, "'s");
        let name = if genitive { "the user's" } else { "the user" };
        out.push(Token { spaced: token.spaced, ..Token::word(name) });
        i = user + 1 + usize::from(genitive);
    }
    out
}

/// The statement as a sentence: a capital first, one full stop, no pictures at its end.
pub(super) fn sentence(tokens: &[Token]) -> String {
    let mut tokens = tokens.to_vec();
    while tokens.last().is_some_and(|t| {
        t.kind == Kind::Picture
            || (t.kind == Kind::Punct && !closes(t))
            || t.is_any("lol|haha|btw|pls|xd|tho|though|hehe|please|thx|ty")
    }) {
        tokens.pop();
    }
    tokens.retain(|t| t.kind != Kind::Picture);
    let mut text = capitalised(&join(&tokens));
    if !text.is_empty() && !text.ends_with(['.', '!', '?', '。']) {
        text.push('.');
    }
    text
}

fn closes(token: &Token) -> bool {
    matches!(token.text.as_str(), ")" | "\"" | "”" | "]" | "}" | "%" | "'")
}

/// With a capital first, unless the first word is a name of another kind: `iPhone`, `x86`, `./run`.
pub(super) fn capitalised(text: &str) -> String {
    let word = text.split_whitespace().next().unwrap_or_default();
    let plain = word.chars().all(|c| c.is_lowercase() || matches!(c, '\'' | '’' | ',' | ':' | '-' | '.'));
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if plain && first.is_lowercase() => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// A short form: the statement itself when it is short, else up to a joint.
pub(super) fn summary(content: &str) -> String {
    let line = content.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SUMMARY {
        return line;
    }
    let limit = line.char_indices().nth(SUMMARY).map_or(line.len(), |(i, _)| i);
    let head = line.get(..limit).unwrap_or(&line);
    let joints = [". ", "; ", ", ", " and ", " because ", " so ", " "];
    let half = limit / 2;
    let cut = joints.iter().find_map(|joint| head.rfind(joint).filter(|&i| i > half)).unwrap_or(limit);
    format!("{}…", head.get(..cut).unwrap_or(head).trim_end_matches([',', ';', '.', ' ']))
}

/// Whether a text is English enough for rules of English: it has small words of English, or nothing that speaks against.
pub(super) fn is_english(tokens: &[Token]) -> bool {
    const SMALL: &str = "the|a|an|is|are|was|i|my|to|of|and|in|for|on|at|with|'s|it|we|our|you|this|that|have|has|do|n't|not|from|by|be|\
    as|'m|'ve|'re|'ll|will|can|your|me|or|if|but|so|up|out|got|had|just|all|no";
    const OTHER: &str = "el|la|los|las|de|del|que|y|en|un|una|es|mi|yo|con|por|para|le|les|des|du|et|je|est|mon|ma|une|dans|ich|der|die|\
    das|und|ist|nicht|ein|eine|mein|meine|wir|il|di|che|sono|ho|mio|mia|não|eu|meu|minha|um|uma|ik|een|het|van|mijn|\
    jag|och|är|att|det|som|på|jeg|og|er|moj|mám|jsem|bydlím|w|jest|nie|się|benim|bir|ve|minä|olen|asun|habe|wohne|\
    vivo|moi|nous|au|aux|sur|zu|bei|mit|auf|für";
    let words = tokens.iter().filter(|t| t.kind == Kind::Word);
    let (mut small, mut other, mut foreign, mut all) = (0_usize, 0_usize, 0_usize, 0_usize);
    for token in words {
        all += 1;
        small += usize::from(SMALL.has(&token.low));
        other += usize::from(OTHER.has(&token.low));
        foreign += usize::from(token.text.chars().any(|c| c.is_alphabetic() && u32::from(c) > 0x24f));
    }
    let accented = tokens.iter().any(|t| !t.text.is_ascii() && t.kind == Kind::Word);
    if foreign * 2 > all {
        return false;
    }
    all < 3 || small >= other || (other < 2 && !accented)
}

#[cfg(test)]
mod tests {
    use super::super::words::tokenize;
    use super::*;

    #[test]
    fn statements_end_as_sentences() {
        for (text, expected) in [
            ("the user moved!! 🎉", "The user moved."),
            ("iPhone 12 is old", "iPhone 12 is old."),
            ("he said \"no\"", "He said \"no\"."),
            ("x-ray booked lol", "X-ray booked."),
        ] {
            assert_eq!(sentence(&tokenize(text)), expected);
        }
    }

    #[test]
    fn summaries_are_short_and_end_at_a_joint() {
        let long =
            format!("The user bought {}, and then went home to rest for a while.", "many good things ".repeat(7));
        let short = summary(&long);
        assert!(short.chars().count() <= SUMMARY + 1 && short.ends_with('…'), "{short}");
        assert_eq!(summary("Short."), "Short.");
    }

    #[test]
    fn other_languages_are_seen() {
        for (text, english) in [
            ("I live in Oslo", true),
            ("Je vis à Paris avec mon chat", false),
            ("ich wohne in Berlin und arbeite bei Siemens", false),
            ("私は東京に住んでいます", false),
            ("Teal", true),
            ("deploy la release", true),
        ] {
            assert_eq!(is_english(&tokenize(text)), english, "{text}");
        }
    }
}
