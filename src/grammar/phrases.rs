//! What a sentence could answer with: noun phrases, lists of them, names, titles in quotation marks, and what a verb says.

use std::collections::BTreeMap;
use std::ops::Range;

use super::sentence::{Gap, Part, Sentence};

/// The most words of a phrase.
const LONGEST: usize = 12;
/// The most words of what a verb says.
const CLAUSE: usize = 10;
/// How many prepositions may prolong a noun phrase: `a gift from a friend of mine`.
const CHAIN: usize = 2;

/// How a phrase is built. One may be several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape(u8);

impl Shape {
    /// A noun with what describes it.
    pub(crate) const NOUN: Self = Self(1);
    /// Noun phrases with a preposition between.
    pub(crate) const CHAIN: Self = Self(2);
    /// Several, with commas and `and`.
    pub(crate) const LIST: Self = Self(4);
    /// From a verb or an adjective on.
    pub(crate) const CLAUSE: Self = Self(8);
    /// One verb or adjective.
    pub(crate) const WORD: Self = Self(16);
    /// In quotation marks.
    pub(crate) const QUOTED: Self = Self(32);
    /// Words with capital letters.
    pub(crate) const NAME: Self = Self(64);

    /// Whether it is built like that, too.
    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Some words of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// Which.
    pub words: Range<usize>,
    /// How it is built.
    pub shape: Shape,
}

/// All phrases of a sentence, in order; they overlap.
pub(crate) fn phrases(sentence: &Sentence<'_>) -> Vec<Phrase> {
    let mut found = Found::default();
    let nouns = nouns(sentence);
    let starts: BTreeMap<usize, usize> = nouns.iter().map(|noun| (noun.start, noun.end)).collect();
    for noun in nouns {
        chain(sentence, &starts, noun.clone(), &mut found);
        list(sentence, &starts, noun.clone(), &mut found);
        found.add(noun, Shape::NOUN);
    }
    for at in 0..sentence.words.len() {
        clauses(sentence, at, &mut found);
    }
    quotations(sentence, &mut found);
    names(sentence, &mut found);
    let phrases = found.0.into_iter().map(|((start, end), shape)| Phrase { words: start..end, shape });
    phrases.filter(|phrase| phrase.words.len() <= LONGEST).collect()
}

/// Phrases by their words.
#[derive(Default)]
struct Found(BTreeMap<(usize, usize), Shape>);

impl Found {
    fn add(&mut self, words: Range<usize>, shape: Shape) {
        let known = self.0.entry((words.start, words.end)).or_default();
        *known = Shape(known.0 | shape.0);
    }
}

/// Runs of nouns with what describes them, without the article.
fn nouns(sentence: &Sentence<'_>) -> Vec<Range<usize>> {
    use Part::{Adjective, Determiner, Gerund, Name, Noun, Number, Verb};
    let nominal = |at: usize| match sentence.part_at(at) {
        Some(Number) => !is_date(sentence.low(at)),
        part => matches!(part, Some(Adjective | Noun | Name | Gerund)),
    };
    let participle = |at: usize| {
        sentence.part_at(at) == Some(Verb) && at.checked_sub(1).and_then(|at| sentence.part_at(at)) == Some(Determiner)
    };
    let owner = |at: usize| sentence.part_at(at) == Some(Determiner) && sentence.low(at).contains('\'');
    let (mut found, mut at) = (Vec::new(), 0);
    while at < sentence.words.len() {
        if !nominal(at) && !participle(at) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while sentence.gap(end) == Gap::None && (nominal(end) || owner(end)) {
            end += 1;
        }
        let head = (at..end).rev().find(|&at| matches!(sentence.part_at(at), Some(Noun | Name | Gerund | Number)));
        found.push(at..head.map_or(end, |head| head + 1));
        at = end;
    }
    found
}

/// Whether a word is a year or a date in digits.
fn is_date(low: &str) -> bool {
    let year = |digits: &str| {
        digits.len() == 4 && digits.starts_with(['1', '2']) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    year(low) || low.split_once('-').is_some_and(|(first, _)| year(first))
}

/// A noun phrase and what prepositions add to it.
fn chain(sentence: &Sentence<'_>, starts: &BTreeMap<usize, usize>, noun: Range<usize>, found: &mut Found) {
    let mut end = noun.end;
    for _ in 0..CHAIN {
        let joins = matches!(sentence.part_at(end), Some(Part::Preposition | Part::To));
        if !joins || sentence.gap(end) != Gap::None {
            return;
        }
        let next = skip(sentence, end + 1, &[Part::Determiner, Part::Adverb]);
        let Some(&until) = starts.get(&next).filter(|_| sentence.gap(next) == Gap::None) else { return };
        end = until;
        found.add(noun.start..end, Shape::CHAIN);
    }
}

/// A noun phrase and those that commas and `and` join to it.
fn list(sentence: &Sentence<'_>, starts: &BTreeMap<usize, usize>, noun: Range<usize>, found: &mut Found) {
    let mut end = noun.end;
    loop {
        let joined = matches!(sentence.low(end), "and" | "or") && sentence.gap(end) != Gap::Break;
        if !joined && sentence.gap(end) != Gap::Comma {
            return;
        }
        let next = skip(sentence, end + usize::from(joined), &[Part::Determiner]);
        let Some(&until) = starts.get(&next) else { return };
        end = until;
        found.add(noun.start..end, Shape::LIST);
    }
}

/// The first place from `at` on that is none of these parts, within the clause.
fn skip(sentence: &Sentence<'_>, mut at: usize, parts: &[Part]) -> usize {
    while sentence.part_at(at).is_some_and(|part| parts.contains(&part)) && sentence.gap(at + 1) == Gap::None {
        at += 1;
    }
    at
}

/// What a verb says, or an adjective behind an auxiliary or an adverb: up to every word that could end it.
fn clauses(sentence: &Sentence<'_>, start: usize, found: &mut Found) {
    use Part::{Adjective, Adverb, Auxiliary, Conjunction, Determiner, Gerund, Preposition, Pronoun, To, Verb};
    let before = start.checked_sub(1).and_then(|at| sentence.part_at(at));
    let said = match sentence.part_at(start) {
        Some(Verb | Gerund) => true,
        Some(Adjective) => matches!(before, Some(Auxiliary | Adverb)),
        _ => false,
    };
    if !said {
        return;
    }
    found.add(start..start + 1, Shape::WORD);
    for at in start + 1..sentence.words.len().min(start + CLAUSE) {
        let other = sentence.part_at(at) == Some(Conjunction) && !matches!(sentence.low(at), "and" | "or");
        if sentence.gap(at) != Gap::None || other {
            return;
        }
        let open = [Determiner, Preposition, To, Conjunction, Auxiliary, Pronoun, Adverb];
        if sentence.part_at(at).is_some_and(|part| !open.contains(&part)) {
            found.add(start..at + 1, Shape::CLAUSE);
        }
    }
}

/// The most bytes in quotation marks that are a title rather than a speech.
const TITLE: usize = 60;

fn quotations(sentence: &Sentence<'_>, found: &mut Found) {
    let mut open: Option<usize> = None;
    for (at, mark) in sentence.text.match_indices(['"', '“', '”']) {
        let Some(start) = open.replace(at + mark.len()).filter(|start| at - start <= TITLE) else { continue };
        let mut inside = (0_usize..).zip(&sentence.words).filter(|(_, word)| start <= word.start && word.end() <= at);
        if let Some((first, _)) = inside.next() {
            let last = inside.last().map_or(first, |(last, _)| last);
            found.add(first..last + 1, Shape::QUOTED);
            open = None;
        }
    }
}

/// Runs of words with capital letters, `of` and `the` within. One word that opens the text may have its capital from that.
fn names(sentence: &Sentence<'_>, found: &mut Found) {
    use Part::{Adverb, Auxiliary, Conjunction, Determiner, Preposition, Pronoun, To};
    let function = [Determiner, Pronoun, Auxiliary, Conjunction, Preposition, To, Adverb];
    let is_name = |at: usize| {
        let plain = sentence.part_at(at).is_some_and(|part| !function.contains(&part));
        sentence.is_capital(at)
            && (plain || sentence.low(at).ends_with("'s") && sentence.part_at(at) == Some(Determiner))
    };
    let mut at = 0;
    while at < sentence.words.len() {
        let mut end = at + 1;
        if is_name(at) {
            let within = |at: usize| matches!(sentence.low(at), "of" | "the") && sentence.is_capital(at + 1);
            while sentence.gap(end) == Gap::None && (sentence.is_capital(end) || within(end)) {
                end += 1;
            }
            if at > 0 || end > 1 {
                found.add(at..end, Shape::NAME);
            }
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, shape: Shape) -> Vec<String> {
        let sentence = Sentence::read(text);
        let wanted = phrases(&sentence).into_iter().filter(|phrase| phrase.shape.has(shape));
        wanted.map(|phrase| text.get(sentence.bytes(phrase.words)).unwrap().to_owned()).collect()
    }

    #[test]
    fn a_sentence_has_its_phrases() {
        assert_eq!(of("The old mill is near a river.", Shape::NOUN), ["old mill", "river"]);
        assert_eq!(
            of("I got a gift from a friend of the choir", Shape::CHAIN),
            ["gift from a friend", "gift from a friend of the choir", "friend of the choir"]
        );
        assert_eq!(
            of("We grow peas, beans and a pumpkin.", Shape::LIST),
            ["peas, beans", "peas, beans and a pumpkin", "beans and a pumpkin"]
        );
        assert_eq!(of("She was reading \"The Old Mill\" then", Shape::QUOTED), ["The Old Mill"]);
        assert_eq!(of("Yesterday Ana Lima met the Duke of York", Shape::NAME), ["Ana Lima", "Duke of York"]);
        assert!(of("He promised to repair the fence", Shape::CLAUSE).contains(&"repair the fence".to_owned()));
        assert_eq!(of("", Shape::NOUN), Vec::<String>::new());
    }
}
