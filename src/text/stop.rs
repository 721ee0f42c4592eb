//! English words that say nothing about what a text is about.

/// Whether a word, in lower case, is too common in English to be looked for.
///
/// ```
/// assert!(mnemon::text::is_stop_word("the"));
/// assert!(!mnemon::text::is_stop_word("theatre"));
/// ```
#[must_use]
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
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
