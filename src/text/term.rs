//! From words to what is indexed.

use std::borrow::Cow;
use std::fmt;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::stop::is_stop_word;
use super::word::{Word, is_unspaced, is_word_char, words};

/// Longer terms are cut here, in bytes: nobody types the rest, and a pasted blob must not become a dictionary entry.
const LONGEST_TERM: usize = 64;

/// A normalised word: what a keyword index is asked for. Ordered by its bytes.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Term(Box<str>);

impl Term {
    /// Its normalised characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Never the characters: they are a person's words.
impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Term({} bytes)", self.0.len())
    }
}

/// The terms of `text` in order, repeated as often as they occur, stop words left out.
///
/// Words lose case, accents, possessives and English endings. An identifier gives itself, exact but for case, and then
/// its parts. Writing without spaces gives pairs of characters.
///
/// ```
/// let terms = |text| mnemon::text::terms(text).iter().map(|t| t.as_str().to_owned()).collect::<Vec<_>>();
/// assert_eq!(terms("Ana's boxes are on heron-07"), ["ana", "box", "heron-07", "heron", "07"]);
/// assert_eq!(terms("東京都"), ["東京", "京都"]);
/// ```
#[must_use]
pub fn terms(text: &str) -> Vec<Term> {
    let mut out = Terms { stemmer: Stemmer::create(Algorithm::English), found: Vec::new() };
    words(text).for_each(|word| out.word(word));
    out.found
}

/// The terms found so far.
struct Terms {
    stemmer: Stemmer,
    found: Vec<Term>,
}

impl Terms {
    fn word(&mut self, word: Word<'_>) {
        if word.text.starts_with(is_unspaced) {
            return self.pairs(word.text);
        }
        let normal = normalise(word.text);
        let normal = without_ending(&normal);
        let shouted = word.text.len() > 1 && word.text.bytes().all(|b| b.is_ascii_uppercase());
        if is_stop_word(normal) && !shouted {
            return;
        }
        if normal.chars().all(is_word_char) {
            return self.plain(normal);
        }
        if is_number(normal) {
            return self.push(Cow::Owned(normal.replace(',', "")));
        }
        self.push(Cow::Borrowed(normal));
        for part in normal.split(|c| !is_word_char(c)).filter(|part| !part.is_empty() && !is_stop_word(part)) {
            self.plain(part);
        }
    }

    /// One run of word characters.
    fn plain(&mut self, word: &str) {
        let term = if word.bytes().all(|b| b.is_ascii_lowercase()) { self.stemmer.stem(word) } else { word.into() };
        self.push(term);
    }

    /// Neighbouring characters two by two; a single one alone.
    fn pairs(&mut self, run: &str) {
        let normal: String = run.nfkc().collect();
        let starts: Vec<usize> = normal.grapheme_indices(true).map(|(at, _)| at).chain([normal.len()]).collect();
        for bounds in starts.windows(starts.len().clamp(2, 3)) {
            if let (Some(&from), Some(&to)) = (bounds.first(), bounds.last()) {
                self.push(normal.get(from..to).unwrap_or_default().into());
            }
        }
    }

    /// Nothing is left of a word of accents alone: that is no term.
    fn push(&mut self, term: Cow<'_, str>) {
        let kept = term.get(..term.floor_char_boundary(LONGEST_TERM)).unwrap_or_default();
        if kept.is_empty() {
            return;
        }
        if kept.len() == term.len() {
            self.found.push(Term(term.into()));
        } else {
            self.found.push(Term(kept.into()));
        }
    }
}

/// Lower case without accents, compatibility forms made plain, one kind of apostrophe and hyphen.
fn normalise(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        if word.bytes().any(|b| b.is_ascii_uppercase()) { word.to_ascii_lowercase().into() } else { word.into() }
    } else {
        let plain = |c: char| match c {
            '’' => '\'',
            '\u{2010}' | '\u{2011}' => '-',
            c => c,
        };
        let is_accent = |c: &char| ('\u{300}'..='\u{36F}').contains(c);
        word.chars().map(plain).nfkd().filter(|c| !is_accent(c)).flat_map(char::to_lowercase).nfc().collect()
    }
}

/// Without a possessive or a contracted verb: `ana's` is `ana`, `she'll` is `she`. `don't` stays: it is a stop word.
fn without_ending(word: &str) -> &str {
    if !word.contains('\'') {
        return word;
    }
    ["'s", "'ll", "'re", "'ve", "'d", "'m"].into_iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word)
}

/// Digits with dots, commas or colons between them: `1,200`, `3.5`, `10:30`. Their parts mean nothing alone.
fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        terms(text).iter().map(|term| term.as_str().to_owned()).collect()
    }

    #[test]
    fn words_become_terms() {
        for (text, expected) in [
            ("", vec![]),
            ("the of and I don't She'll", vec![]),
            ("\u{300} \u{345}\u{301}", vec![]),
            ("Running runs", vec!["run", "run"]),
            ("Ana's Ana’s ANA", vec!["ana", "ana", "ana"]),
            ("the IT team asked us in the US", vec!["it", "team", "ask", "us"]),
            ("heron-07", vec!["heron-07", "heron", "07"]),
            ("hrn-stg-04.lan", vec!["hrn-stg-04.lan", "hrn", "stg", "04", "lan"]),
            ("KX-77-20914", vec!["kx-77-20914", "kx", "77", "20914"]),
            ("v1.22", vec!["v1.22", "v1", "22"]),
            ("user@host", vec!["user@host", "user", "host"]),
            ("/etc/fstab", vec!["/etc/fstab", "etc", "fstab"]),
            ("utcnow()", vec!["utcnow()", "utcnow"]),
            ("well-known and/or", vec!["well-known", "well", "known", "and/or"]),
            ("1,200 3.5 10:30 2024-05-17", vec!["1200", "3.5", "10:30", "2024-05-17", "2024", "05", "17"]),
            ("O'Brien", vec!["o'brien", "o", "brien"]),
            ("José naïve Straße ﬁsh", vec!["jose", "naiv", "straße", "fish"]),
            ("Привет Йод", vec!["привет", "иод"]),
            ("東京 木 한국어", vec!["東京", "木", "한국어"]),
            ("สวัสดี", vec!["สวั", "วัส", "สดี"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn long_blobs_are_cut() {
        let blob = "é1".repeat(400);
        assert!(terms(&blob).iter().all(|term| term.as_str().len() <= LONGEST_TERM));
        assert_eq!(terms(&blob).len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn terms_of_a_term_are_found_again(text in "\\PC{0,40}") {
            for term in terms(&text) {
                assert!(!term.as_str().is_empty() && term.as_str().len() <= LONGEST_TERM);
            }
            assert_eq!(terms(&text), terms(&text));
        }

        #[test]
        fn what_was_said_is_found_in_other_case(text in "[a-zA-Z0-9]{2,12}-[0-9]{2}") {
            assert_eq!(terms(&text.to_lowercase()), terms(&text));
        }
    }
}
