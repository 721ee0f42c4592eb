//! What looks like a password, a key or a card number stays out of memories.

use super::words::{Class, Kind, Token, at_any, low};

/// Words that say a secret follows.
const NAMES: &str = "password|passwd|passphrase|passcode|pin|secret|token|apikey|api_key|api-key|access_token|secret_key|private_key|\
    client_secret|cvv|cvc|credentials|pwd|otp|mnemonic";
/// How well-known keys start.
const PREFIXES: &str = "sk-|sk_live_|sk_test_|pk_live_|rk_live_|ghp_|gho_|ghs_|github_pat_|glpat-|xoxb-|xoxp-|xoxa-|akia|asia|aiza|eyj|\
    npm_|pypi-|hf_|dop_v1_|shpat_|sg.|-----begin|ya29.|whsec_";

/// Whether a statement holds a secret.
pub(super) fn holds_secret(tokens: &[Token]) -> bool {
    let texts = || tokens.iter().enumerate();
    texts().any(|(_, t)| is_key(&t.text))
        || is_card(tokens)
        || texts().any(|(i, t)| names_secret(t) && value_follows(tokens, i))
}

fn names_secret(token: &Token) -> bool {
    let bare = token.low.trim_end_matches('s');
    NAMES.has(&token.low)
        || NAMES.has(bare)
        || ["password=", "token=", "secret=", "key=", "pwd="].iter().any(|mark| token.low.contains(mark))
}

/// `my password is hunter2`, `PIN: 1234`, `token = abc`: a value, not a sentence about passwords.
fn value_follows(tokens: &[Token], i: usize) -> bool {
    if tokens.get(i).is_some_and(|t| t.text.contains('=') && !t.text.ends_with('=')) {
        return true;
    }
    let link = (i + 1..tokens.len().min(i + 8))
        .find(|&j| at_any(tokens, j, &["is", ":", "=", "was", "to", "'s", "are"]) && !at_any(tokens, j + 1, &["be"]));
    let Some(value) = link
        .map(|j| j + 1 + usize::from(at_any(tokens, j + 1, &["now", "still", "\"", "“"])))
        .and_then(|j| tokens.get(j))
    else {
        return false;
    };
    let plain = value.kind == Kind::Word
        && !value.has_digit()
        && value.text.chars().all(char::is_alphanumeric)
        && !value.text.chars().skip(1).any(char::is_uppercase);
    let short_pin = low(tokens, i).starts_with("pin") && !value.has_digit();
    !short_pin && !value.text.is_empty() && value.kind != Kind::Punct && !plain
}

/// A known prefix with a long rest, or a long run that mixes cases and digits.
fn is_key(text: &str) -> bool {
    let core = text.trim_matches(['`', '"', '\'']);
    let folded = core.to_ascii_lowercase();
    let known = PREFIXES.any(|prefix| folded.starts_with(prefix)) && core.len() >= 16;
    let plain = core.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-'));
    let kinds = [
        core.chars().any(|c| c.is_ascii_digit()),
        core.chars().any(|c| c.is_ascii_lowercase()),
        core.chars().any(|c| c.is_ascii_uppercase()),
    ];
    let turns =
        core.as_bytes().windows(2).filter(|w| matches!(w, [a, b] if a.is_ascii_digit() != b.is_ascii_digit())).count();
    let random = core.len() >= 24 && plain && kinds.iter().all(|k| *k) && turns >= 4 && !core.contains("//");
    let embedded = PREFIXES.split('|').take(12).any(|prefix| {
        folded.find(prefix).is_some_and(|i| {
            i > 0 && core.len() - i >= 20 && folded.get(..i).is_some_and(|head| head.ends_with(['=', ':', '"']))
        })
    });
    known && (kinds.first() == Some(&true) || folded.starts_with("-----")) || random || embedded
}

/// Thirteen to nineteen digits, in one piece or in groups, that pass the check of card numbers.
fn is_card(tokens: &[Token]) -> bool {
    let mut digits: Vec<u8> = Vec::new();
    for token in tokens {
        let part = token.text.chars().all(|c| c.is_ascii_digit() || c == '-')
            && token.text.chars().any(|c| c.is_ascii_digit());
        if part {
            digits.extend(token.text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0'));
        }
        if (!part || digits.len() > 19) && is_card_number(&digits) {
            return true;
        }
        if !part {
            digits.clear();
        }
    }
    is_card_number(&digits)
}

/// Luhn's check, with a first digit that card issuers use.
fn is_card_number(digits: &[u8]) -> bool {
    if !(13..=19).contains(&digits.len()) || !matches!(digits.first(), Some(2..=6)) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &d)| {
            let d = u32::from(d) * if i % 2 == 1 { 2 } else { 1 };
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::words::tokenize;
    use super::*;

    #[test]
    fn secrets_are_seen_and_talk_about_them_is_not() {
        for (text, secret) in [
            ("my password is hunter2!x", true),
            ("the wifi password: Tr0ub4dor&3", true),
            ("PIN is 4821", true),
            ("API_KEY=abc123def", true),
            ("use token=abc123", true),
            ("key sk-proj-abcdEFGH1234567890", true),
            ("card 4111 1111 1111 1111 thanks", true),
            ("call 020 7946 0114 thanks", false),
            ("my password is weak", false),
            ("I forgot my password yesterday", false),
            ("commit 4f2a9c1 fixed it", false),
            ("order number 1234567890123456", false),
        ] {
            assert_eq!(holds_secret(&tokenize(text)), secret, "{text}");
        }
    }
}
