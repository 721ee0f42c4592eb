//! Cutting text into surface words.
//!
//! Unicode's word boundaries tear identifiers apart (`heron-07`, `user@host`), and people ask for them as a whole. So a
//! word here is a run of word characters, and runs that a single connector joins without a space belong together.

use unicode_normalization::char::is_combining_mark;

/// A word as it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// Its characters, verbatim: `Ana's`, `heron-07`, `utcnow()`.
    pub text: &'a str,
    /// Where it starts, in bytes from the start of the text.
    pub start: usize,
}

impl Word<'_> {
    /// Where it ends, in bytes from the start of the text.
    #[must_use]
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of `text`, in order. They never overlap.
///
/// ```
/// let words: Vec<&str> = mnemon::text::words("Ana's box, heron-07: see /etc/fstab.").map(|w| w.text).collect();
/// assert_eq!(words, ["Ana's", "box", "heron-07", "see", "/etc/fstab"]);
/// ```
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let core = from + rest.find(is_word_char)?;
        let start = core - prefix_length(text.get(from..core)?);
        let end = core + word_length(text.get(core..)?);
        from = end;
        Some(Word { text: text.get(start..end)?, start })
    })
}

/// What joins two runs of word characters into one word when no space is near.
const CONNECTORS: [&str; 22] = [
    "'", "’", "-", "\u{2010}", "\u{2011}", ".", "/", "@", ":", "#", "+", "&", "=", "\\", "~", "::", "://", ":///",
    ":\\", "\\\\", "->", "().",
];

/// Letters, digits, the marks that belong to them, and the underscore.
pub(super) fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && (c.is_alphanumeric() || is_combining_mark(c)))
}

/// Scripts written without spaces, where a run of letters is not a word.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF              // Thai, Lao
        | 0x1000..=0x109F            // Myanmar
        | 0x1780..=0x17FF            // Khmer
        | 0x3005..=0x3007            // iteration marks, zero
        | 0x3040..=0x30FF            // Hiragana, Katakana
        | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF // Han
    )
}

/// How many bytes before a word's first letter belong to it: the slash of a path, the dot of a hidden file.
fn prefix_length(before: &str) -> usize {
    if !before.ends_with(['.', '/']) {
        return 0;
    }
    ["~/.", "~/", "../", "./", "/.", "/", "."]
        .into_iter()
        .filter(|prefix| before.ends_with(prefix))
        .find(|prefix| before.len() == prefix.len() || before.strip_suffix(prefix).is_some_and(ends_open))
        .map_or(0, str::len)
}

/// Whether a word may start with punctuation after this: after a space or an opening bracket or quote.
fn ends_open(before: &str) -> bool {
    before.ends_with(|c: char| c.is_whitespace() || "([{<\"'`=:,“‘".contains(c))
}

/// The length in bytes of the word that `rest` begins with, its connectors and its call brackets.
fn word_length(rest: &str) -> usize {
    let mut end = run_length(rest);
    if rest.starts_with(is_unspaced) {
        return end;
    }
    while let Some(after) = rest.get(end..) {
        let gap = connector_length(rest.get(..end).unwrap_or_default(), after);
        let next = after.get(gap..).filter(|next| !next.starts_with(is_unspaced)).map_or(0, run_length);
        if gap == 0 || next == 0 {
            break;
        }
        end += gap + next;
    }
    end + rest.get(end..).map_or(0, suffix_length)
}

/// The length in bytes of the run of word characters in front. A change to or from a script without spaces ends it.
fn run_length(rest: &str) -> usize {
    let unspaced = rest.starts_with(is_unspaced);
    rest.find(|c: char| !is_word_char(c) || (is_unspaced(c) != unspaced && !is_combining_mark(c))).unwrap_or(rest.len())
}

/// The length in bytes of the connector in front of `after`, 0 when a word that ends with `before` stops there.
fn connector_length(before: &str, after: &str) -> usize {
    let length = after.find(|c: char| is_word_char(c) || c.is_whitespace()).unwrap_or(after.len());
    let connector = after.get(..length).unwrap_or_default();
    let joins = match connector {
        "," => {
            before.ends_with(|c: char| c.is_ascii_digit()) && starts_with_thousand(after.get(1..).unwrap_or_default())
        }
        connector => CONNECTORS.contains(&connector),
    };
    if joins { length } else { 0 }
}

/// Three digits and no fourth: what stands behind a thousands separator.
fn starts_with_thousand(after: &str) -> bool {
    after.bytes().take_while(u8::is_ascii_digit).count() == 3
}

/// Call brackets, and the signs of C++ and C#.
fn suffix_length(after: &str) -> usize {
    if !after.starts_with(['(', '+', '#']) {
        return 0;
    }
    ["()", "++", "#"].into_iter().find(|suffix| after.starts_with(suffix)).map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        words(text).map(|w| w.text).collect()
    }

    #[test]
    fn words_are_cut_as_people_read_them() {
        for (text, expected) in [
            ("", vec![]),
            (" … — ?!", vec![]),
            ("Hello, world!", vec!["Hello", "world"]),
            ("I don't; Ana's 'quoted' dogs'", vec!["I", "don't", "Ana's", "quoted", "dogs"]),
            ("on heron-07 or hrn-stg-04.lan.", vec!["on", "heron-07", "or", "hrn-stg-04.lan"]),
            ("KX-77-20914, v1.22", vec!["KX-77-20914", "v1.22"]),
            ("mail user@host.org (now)", vec!["mail", "user@host.org", "now"]),
            ("see /etc/fstab, ~/.ssh and .env", vec!["see", "/etc/fstab", "~/.ssh", "and", ".env"]),
            ("call utcnow() twice", vec!["call", "utcnow()", "twice"]),
            ("1,200 of 3.5 at 10:30", vec!["1,200", "of", "3.5", "at", "10:30"]),
            ("1,2,3 and a,b", vec!["1", "2", "3", "and", "a", "b"]),
            ("wait...what—now", vec!["wait", "what", "now"]),
            ("C++ or C# or std::fs", vec!["C++", "or", "C#", "or", "std::fs"]),
            ("https://x.org/a?b=1", vec!["https://x.org/a", "b=1"]),
            ("Python编程很好/tmp", vec!["Python", "编程很好", "/tmp"]),
            ("naïve Straße привет", vec!["naïve", "Straße", "привет"]),
            ("नमस्ते दुनिया", vec!["नमस्ते", "दुनिया"]),
            ("snake_case --dry-run", vec!["snake_case", "dry-run"]),
        ] {
            assert_eq!(cut(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn words_name_their_own_bytes_in_order(text in "\\PC{0,60}|[a-z0-9 .,:/@()'#+-]{0,60}") {
            let mut from = 0;
            for word in words(&text) {
                assert!(word.start >= from && !word.text.is_empty());
                assert_eq!(&text[word.start..word.end()], word.text);
                from = word.end();
            }
            assert!(!text[from..].contains(is_word_char));
        }
    }
}
