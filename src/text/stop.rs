//! English words that say nothing about what a text is about.

/// Whether a word, in lower case, is too common in English to be looked for.
///
/// ```
/// assert!(mnemon::text::is_stop_word("the"));
/// assert!(!mnemon::text::is_stop_word("theatre"));
/// ```
#[must_use]
pub fn is_stop_word(word: &str) -> bool {
    let first = word.bytes().next().filter(u8::is_ascii_lowercase);
    let bounds = first.and_then(|first| STARTS.get(usize::from(first - b'a')..)).and_then(<[_]>::first_chunk);
    let alike = bounds.and_then(|&[from, to]: &[u8; 2]| STOP_WORDS.get(usize::from(from)..usize::from(to)));
    alike.is_some_and(|alike| alike.binary_search(&word).is_ok())
}

/// Where the words of each first letter start: most words are decided by theirs.
const STARTS: [u8; 27] = starts();

#[expect(clippy::indexing_slicing, reason = "computed while compiling")]
#[expect(clippy::cast_possible_truncation, reason = "there are fewer than 256 stop words")]
const fn starts() -> [u8; 27] {
    let mut starts = [0; 27];
    let (mut letter, mut word) = (0, 0);
    while letter < 27 {
        while word < STOP_WORDS.len() && ((STOP_WORDS[word].as_bytes()[0] - b'a') as usize) < letter {
            word += 1;
        }
        starts[letter] = word as u8;
        letter += 1;
    }
    starts
}

/// Sorted. Function words only: negations of verbs are here, since BM25 cannot use them, but numbers, names of days and
/// `no`, `not`, `never` are not.
#[rustfmt::skip]
const STOP_WORDS: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "aren't", "as", "at", "be", "because",
    "been", "before", "being", "but", "by", "can", "can't", "cannot", "could", "couldn't", "did", "didn't", "do", "does",
    "doesn't", "doing", "don't", "dont", "each", "else", "for", "from", "had", "hadn't", "has", "hasn't", "have", "haven't",
    "having", "he", "her", "hers", "herself", "him", "himself", "his", "how", "i", "if", "im", "in", "into", "is", "isn't", "it",
    "its", "itself", "ive", "just", "let's", "me", "my", "myself", "of", "on", "or", "our", "ours", "ourselves", "shall",
    "she", "should", "shouldn't", "so", "some", "such", "than", "that", "the", "their", "theirs", "them", "themselves",
    "then", "there", "these", "they", "this", "those", "through", "to", "too", "us", "very", "was", "wasn't", "we", "were", "weren't",
    "what", "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "won't", "would", "wouldn't",
    "you", "your", "yours", "yourself", "yourselves",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stop_word_is_found() {
        assert!(STOP_WORDS.is_sorted());
        assert!(STOP_WORDS.iter().all(|word| is_stop_word(word)));
        assert!(["", "no", "not", "never", "heron"].into_iter().all(|word| !is_stop_word(word)));
    }
}
