//! A text as words with their parts of speech: by the table, by endings, and by the word before.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::table::Forms;
use crate::text::{Word, words};

/// A part of speech, as coarse as phrases need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// `the`, `my`, `Ana's`.
    Determiner,
    /// `is`, `have`, `would`.
    Auxiliary,
    /// `she`, `everyone`.
    Pronoun,
    /// `to`.
    To,
    /// `in`, `about`.
    Preposition,
    /// `and`, `because`, `which`.
    Conjunction,
    /// `really`, `yesterday`.
    Adverb,
    /// A word that starts with a digit.
    Number,
    /// A word with a capital letter within a sentence.
    Name,
    /// Any other noun.
    Noun,
    /// Any other verb.
    Verb,
    /// A verb that ends in `ing`.
    Gerund,
    /// `blue`.
    Adjective,
}

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// A space, at most.
    None,
    /// A comma.
    Comma,
    /// What ends a clause, or nothing since it is the first.
    Break,
}

/// A text, cut into words. It may have several sentences.
pub(crate) struct Sentence<'a> {
    /// The whole text.
    pub text: &'a str,
    /// Its words.
    pub words: Vec<Word<'a>>,
    /// The words in lower case.
    pub low: Vec<String>,
    /// Their parts of speech.
    pub parts: Vec<Part>,
    /// What stands before each.
    pub gaps: Vec<Gap>,
}

impl<'a> Sentence<'a> {
    /// Reads a text.
    pub(crate) fn read(text: &'a str) -> Self {
        let words: Vec<Word<'a>> = words(text).collect();
        let low = words.iter().map(|word| word.text.to_lowercase().replace('’', "'")).collect();
        let gaps = gaps(text, &words);
        let mut sentence = Self { text, words, low, parts: Vec::new(), gaps };
        for at in 0..sentence.words.len() {
            let part = sentence.part(at);
            sentence.parts.push(part);
        }
        sentence
    }

    /// The word at a place in lower case; empty beyond the ends.
    pub(crate) fn low(&self, at: usize) -> &str {
        self.low.get(at).map_or("", String::as_str)
    }

    /// The part of speech at a place.
    pub(crate) fn part_at(&self, at: usize) -> Option<Part> {
        self.parts.get(at).copied()
    }

    /// The gap before a word; a break beyond the ends.
    pub(crate) fn gap(&self, at: usize) -> Gap {
        self.gaps.get(at).copied().unwrap_or(Gap::Break)
    }

    /// Whether a word starts with a capital letter.
    pub(crate) fn is_capital(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.text.starts_with(char::is_uppercase))
    }

    /// Where some of its words stand in the text, in bytes.
    pub(crate) fn bytes(&self, words: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let found = self.words.get(words).unwrap_or_default();
        found.first().map_or(0, |word| word.start)..found.last().map_or(0, Word::end)
    }

    fn part(&self, at: usize) -> Part {
        let low = self.low(at);
        if let Some(part) = FUNCTION_WORDS.get(low) {
            return *part;
        }
        if low.ends_with("'s") || low.ends_with("s'") {
            return Part::Determiner;
        }
        if low.starts_with(|c: char| c.is_ascii_digit()) {
            return Part::Number;
        }
        if self.is_capital(at) && !self.opens(at) {
            return Part::Name;
        }
        let forms = Forms::of(low);
        if forms.is_none() { self.unknown(at) } else { self.by_neighbour(at, forms) }
    }

    /// Whether a sentence or a quotation starts with a word.
    fn opens(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return true };
        let before = at.checked_sub(1).and_then(|before| self.words.get(before)).map_or(0, Word::end);
        let gap = self.text.get(before..word.start).unwrap_or_default().trim_end();
        at == 0 || gap.ends_with(['.', '!', '?', ':', ';', '"', '“', '(', '['])
    }

    /// The part of speech of a word that the table does not have.
    fn unknown(&self, at: usize) -> Part {
        match self.low(at) {
            low if low.ends_with("ly") => Part::Adverb,
            low if low.ends_with("ing") => Part::Gerund,
            low if low.ends_with("ed") => Part::Verb,
            _ if self.is_capital(at) => Part::Name,
            _ => Part::Noun,
        }
    }

    /// Of several parts of speech the likeliest behind the word before: a noun or an adjective behind `the`, a verb behind `to`.
    fn by_neighbour(&self, at: usize, forms: Forms) -> Part {
        let Forms { mut noun, mut verb, mut adjective, adverb } = forms;
        let before = at.checked_sub(1).and_then(|before| self.part_at(before));
        let close = self.gap(at) == Gap::None;
        let behind_adjective = matches!(before, Some(Part::Adjective | Part::Noun | Part::Number)) && close;
        if behind_adjective || matches!(before, Some(Part::Determiner | Part::Preposition)) {
            (noun, adjective, verb) = (4.0 * noun, 3.0 * adjective, verb / 2.0);
        }
        // A finite verb never follows an article.
        if before == Some(Part::Determiner) {
            verb *= 0.2;
        }
        if matches!(before, Some(Part::To | Part::Pronoun)) {
            (noun, verb) = (0.4 * noun, 5.0 * verb);
        }
        if before == Some(Part::Auxiliary) {
            (adjective, verb) = (3.0 * adjective, 2.0 * verb);
        }
        let low = self.low(at);
        if low.ends_with("ing") && verb >= noun.max(adjective) {
            return Part::Gerund;
        }
        if noun >= verb.max(adjective).max(adverb) {
            return Part::Noun;
        }
        if low.ends_with("ly") {
            return Part::Adverb;
        }
        let parts = [(verb, Part::Verb), (adjective, Part::Adjective), (adverb, Part::Adverb)];
        parts
            .into_iter()
            .reduce(|best, other| if other.0 > best.0 { other } else { best })
            .map_or(Part::Noun, |(_, part)| part)
    }
}

fn gaps(text: &str, words: &[Word<'_>]) -> Vec<Gap> {
    let mut before = None;
    let gap = |word: &Word<'_>| {
        let between = before.map(|end: usize| text.get(end..word.start).unwrap_or_default());
        before = Some(word.end());
        match between {
            Some(gap) if gap.contains(['.', '!', '?', ';', ':', '—', '–', '(', ')', '[', ']', '"', '“', '”']) => {
                Gap::Break
            }
            Some(gap) if gap.contains(" - ") || gap.contains('\n') => Gap::Break,
            Some(gap) if gap.contains(',') => Gap::Comma,
            Some(_) => Gap::None,
            None => Gap::Break,
        }
    };
    words.iter().map(gap).collect()
}

const DETERMINERS: &str = "a|an|the|my|your|his|her|our|their|its|this|that|these|those|some|any|another|each|every|no";
const AUXILIARIES: &str = "is|are|was|were|be|been|being|am|do|does|did|have|has|had|will|would|can|could|should|may|might|must|\
    i'm|i've|it's|that's|he's|she's|we're|they're|there's|what's|who's|gonna|wanna|isn't|aren't|wasn't|weren't|don't|doesn't|\
    didn't|haven't|hasn't|hadn't|won't|wouldn't|can't|couldn't|shouldn't";
const PRONOUNS: &str = "i|you|he|she|it|we|they|me|him|us|them|myself|yourself|himself|herself|itself|ourselves|themselves|one|\
    someone|everyone|anyone|i'd|i'll|you're|you've|we've|we'll|they've";
const PREPOSITIONS: &str = "of|in|on|at|for|with|from|by|about|into|through|during|after|before|over|under|near|around|between|\
    without|against|towards|as|like|than|via|onto|across|behind|along|since|until";
const CONJUNCTIONS: &str = "and|or|but|so|because|although|though|while|when|where|which|who|if|then|nor|plus";
const ADVERBS: &str = "really|very|too|just|also|even|still|already|always|never|ever|often|usually|sometimes|recently|lately|\
    definitely|totally|actually|finally|currently|soon|now|today|yesterday|tomorrow|here|there|again|back|out|up|down|off|away|\
    together|super|pretty|quite|much|more|most|lot|lots|bit|kinda|all|both|either|maybe|probably|especially|last|ago|once|not|only";

/// Words of one part of speech only; of two lists the first counts.
static FUNCTION_WORDS: LazyLock<HashMap<&str, Part>> = LazyLock::new(|| {
    let lists = [
        ("to", Part::To),
        (DETERMINERS, Part::Determiner),
        (AUXILIARIES, Part::Auxiliary),
        (PRONOUNS, Part::Pronoun),
        (PREPOSITIONS, Part::Preposition),
        (CONJUNCTIONS, Part::Conjunction),
        (ADVERBS, Part::Adverb),
    ];
    let listed = lists.into_iter().rev().flat_map(|(list, part)| list.split('|').map(move |word| (word, part)));
    listed.collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_part_of_speech_that_fits_their_neighbours() {
        use Part::{Adjective, Auxiliary, Determiner, Gerund, Name, Noun, Number, Preposition, Pronoun, To, Verb};
        for (text, expected) in [
            ("I started a painting", &[Pronoun, Verb, Determiner, Noun][..]),
            ("I love to run", &[Pronoun, Verb, To, Verb]),
            ("her run in Oslo", &[Determiner, Noun, Preposition, Name]),
            ("The house is blue", &[Determiner, Noun, Auxiliary, Adjective]),
            ("12 zorps zorping", &[Number, Noun, Gerund]),
            ("", &[]),
        ] {
            assert_eq!(Sentence::read(text).parts, expected, "{text}");
        }
    }

    #[test]
    fn gaps_tell_what_ends_a_clause() {
        use Gap::{Break, Comma, None};
        assert_eq!(Sentence::read("Yes: red, blue and green. “Ok”").gaps, [Break, Break, Comma, None, None, Break]);
    }
}
