//! When two statements are the same but for how they are typed.

use unicode_normalization::UnicodeNormalization;

use crate::model::hash128;

/// A hash of a statement's normalised content: case, punctuation and spaces do not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 16]);

/// The fingerprint of a memory's content.
///
/// ```
/// use mnemon::ingest::fingerprint;
/// assert_eq!(fingerprint("The user lives in Oslo."), fingerprint("the user lives  in oslo"));
/// assert_ne!(fingerprint("Port 80"), fingerprint("Port 8080"));
/// assert_ne!(fingerprint("Version 1.12"), fingerprint("Version 11.2"));
/// ```
#[must_use]
pub fn fingerprint(content: &str) -> Fingerprint {
    // ASCII is its own normal form, and most of what there is.
    let folded = if content.is_ascii() {
        fold(content.chars().map(|c| c.to_ascii_lowercase()))
    } else {
        fold(content.nfkc().flat_map(char::to_lowercase))
    };
    Fingerprint(hash128(b"content", &[folded.as_bytes()]))
}

/// What counts of a statement's lower-case characters.
fn fold(chars: impl Iterator<Item = char>) -> String {
    let mut folded = String::new();
    let mut gap = false;
    let mut chars = chars.peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        // A mark inside a number, an address or a name belongs to it; anywhere else it is punctuation.
        let inside = !gap && last.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        if c.is_alphanumeric() || is_symbol(c) || (inside && !c.is_whitespace()) {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            folded.push(c);
            gap = false;
        } else {
            gap = true;
        }
        last = c;
    }
    folded
}

/// Signs that carry meaning on their own: C and C++, 5 and -5, € and $.
fn is_symbol(c: char) -> bool {
    matches!(c, '+' | '#' | '%' | '&' | '@' | '/' | '\\' | '=' | '<' | '>' | '*' | '-' | '$' | '€' | '£' | '¥' | '°')
        || !c.is_ascii() && !c.is_whitespace() && !is_unicode_punctuation(c)
}

fn is_unicode_punctuation(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{fe00}'..='\u{fe0f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_does_not_matter_and_meaning_does() {
        for (a, b, same) in [
            ("Oslo.", "oslo", true),
            ("It’s  fine!", "it’s fine", true),
            ("C", "C++", false),
            ("-5 degrees", "5 degrees", false),
            ("1.5 kg", "15 kg", false),
            ("", "…", true),
            ("日本語です。", "日本語です", true),
            ("日本", "日本語", false),
        ] {
            assert_eq!(fingerprint(a) == fingerprint(b), same, "{a} / {b}");
        }
    }
}
