//! Whether what was found holds what is asked for. That something similar is known does not make it an answer: an oven with an order
//! number has no price, a dog with a weight no breed.
//!
//! A question asks for an attribute (`breed`, `phone number`, `examiner`). When nobody in the whole profile ever said its word, the
//! answer can still be there in other words, but then it must be close in meaning.

use super::focus::Focus;
use super::passage::Passage;
use crate::grammar::{Part, Sentence, is_unknown, noun_base, synonyms, verb_base};
use crate::index::ProfileIndex;
use crate::recall::analyse::{Asked, Wants, is_filler};
use crate::text::{Term, terms};

/// The cosine from which the best passage is taken to speak of what it does not name: of a thing's attribute (`Ana's blood group`),
/// which has few other words, and of a thing of some sort (`which composer`), which has its own name instead.
const CLOSE_ATTRIBUTE: f32 = 0.6;
const CLOSE_THING: f32 = 0.45;
/// The same, for a thing of some sort when nothing near names one: "which airline" beside the names of cities.
const CLOSE_UNFILLED: f32 = 0.65;
/// The share of the question's words from which a passage is what the question is about, and the part of it that is about as much.
const FITS: f32 = 0.5;
const ABOUT_AS_WELL: f32 = 0.7;
/// What kind of thing an answer is, rather than a word that must have been said.
const KINDS: &[&str] = &[
    "address",
    "object",
    "title",
    "morning",
    "mornings",
    "afternoon",
    "evening",
    "evenings",
    "night",
    "nights",
    "kind",
    "kinds",
    "type",
    "types",
    "sort",
    "thing",
    "things",
    "name",
    "names",
    "place",
    "city",
    "country",
    "town",
    "day",
    "days",
    "date",
    "time",
    "times",
    "month",
    "year",
    "person",
    "people",
    "colour",
    "color",
    "colours",
    "colors",
    "language",
    "languages",
    "number",
    "code",
    "reference",
    "version",
    "company",
    "event",
    "activity",
    "activities",
    "item",
    "items",
    "one",
    "ones",
    "part",
    "way",
    "ways",
    "side",
    "amount",
    "price",
    "cost",
    "total",
    "bill",
];
/// Words that end the noun phrase behind `which` or `the`.
const ENDS: &[&str] = &[
    "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would", "should",
    "must", "may", "might", "of", "for", "in", "on", "at", "to", "from", "with", "by", "that", "when", "who", "while",
    "after", "before", "about", "i", "we", "he", "she", "they", "it", "you", "the", "now", "and", "or",
];

/// What follows the noun of `what breed is` and `what sort of`.
const AFTER_NOUN: &[&str] = &[
    "of", "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would",
    "should", "must", "may", "might",
];

/// Whether the best passages can hold the answer, as far as the words of the profile tell.
pub(super) fn holds((asked, focus): (&Asked, &Focus), index: &ProfileIndex, passages: &[Passage]) -> bool {
    if tells_of_other_time(passages) {
        return false;
    }
    let Some(wanted) = wanted(asked) else { return true };
    let (words, close) = match &wanted {
        Wanted::Attribute(noun) | Wanted::Deed(noun) => (std::slice::from_ref(noun), CLOSE_ATTRIBUTE),
        Wanted::Thing(words) => match filler((asked, focus), passages) {
            Filler::OfTheSort => return true,
            Filler::Name => (words.as_slice(), CLOSE_THING),
            Filler::None => (words.as_slice(), CLOSE_UNFILLED),
        },
        Wanted::Day(words) => (words.as_slice(), CLOSE_ATTRIBUTE),
    };
    let is_said = |word: &str| terms(word).iter().any(|term| is_known(index, term));
    let is_meant =
        |word: &&str| is_said(word) || synonyms(&noun_base(word)).chain(synonyms(&verb_base(word))).any(is_said);
    words.iter().any(is_meant) || passages.iter().take(super::SENTENCES).any(|passage| passage.cosine >= close)
}

/// Whether what fits the question's words best tells of other days than the question, and nothing else fits them about as well.
fn tells_of_other_time(passages: &[Passage]) -> bool {
    let most = |other_time: bool| {
        let of = passages.iter().filter(|passage| passage.other_time == other_time);
        of.map(|passage| passage.share).fold(0.0, f32::max)
    };
    let other = most(true);
    other >= FITS && most(false) < ABOUT_AS_WELL * other
}

/// Whether what fits the question's words best tells of another of its kind: of the second dose where the first is asked for, of `PB-37`,
/// `hive 3` or the `220g` jar where it is `PB-36`, `hive 1` or the `400g` one.
pub(super) fn tells_of_another(asked: &Asked, passages: &[Passage]) -> bool {
    let words: Vec<&str> = asked.words.iter().map(String::as_str).collect();
    let named: Vec<Numbered<'_>> = (0..words.len()).filter_map(|at| Numbered::at(&words, at)).collect();
    let most = passages.iter().map(|passage| passage.share).fold(0.0, f32::max);
    let near: Vec<&Passage> =
        passages.iter().take(super::SENTENCES).filter(|passage| passage.share >= ABOUT_AS_WELL * most).collect();
    let another = |passage: &&Passage| {
        let low = passage.text.to_lowercase();
        let words: Vec<&str> = split_words(&low).collect();
        let there: Vec<Numbered<'_>> = (0..words.len()).filter_map(|at| Numbered::at(&words, at)).collect();
        named.iter().any(|one| there.iter().any(|other| other.is_another(one)) && !words.contains(&one.number))
    };
    !near.is_empty() && near.iter().all(another)
}

/// Words with the marks that stand within them.
fn split_words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | '_' | '\'');
    text.split(move |c| !inside(c)).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// One of several of a kind, told from the others by a number: `hive 3`, `pb-36`, `the second`.
struct Numbered<'a> {
    /// The word before a number that stands alone.
    of: &'a str,
    number: &'a str,
}

impl<'a> Numbered<'a> {
    /// What the word there is, unless it is a time or an amount of something.
    fn at(words: &[&'a str], at: usize) -> Option<Self> {
        const ORDINALS: &[&str] =
            &["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
        let number = *words.get(at)?;
        if ORDINALS.contains(&number) {
            return Some(Self { of: "", number });
        }
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let timed = ["st", "nd", "rd", "th", "am", "pm", "h"].iter().any(|end| number.ends_with(end));
        if digits == 0 || timed || number.len() > 12 || (digits == 4 && number.len() <= 5) || number.contains('/') {
            return None;
        }
        if digits < number.len() {
            // A date, or a number with decimals, is none.
            let lettered = number.chars().any(char::is_alphabetic);
            return lettered.then_some(Self { of: "", number });
        }
        let of = at.checked_sub(1).and_then(|before| words.get(before))?;
        let noun = of.len() > 2 && !ENDS.contains(of) && !is_filler(of) && of.chars().all(char::is_alphabetic);
        (noun && digits <= 3).then_some(Self { of, number })
    }

    /// Whether both are of one kind, and not the same.
    fn is_another(&self, other: &Self) -> bool {
        let shape = |number: &str| {
            let mut shape: Vec<char> = number.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect();
            shape.dedup_by(|a, b| *a == '#' && *b == '#');
            shape
        };
        let ordinal = |number: &str| !number.contains(|c: char| c.is_ascii_digit());
        let alike =
            if ordinal(self.number) { ordinal(other.number) } else { shape(self.number) == shape(other.number) };
        self.of == other.of && alike && self.number != other.number
    }
}

/// What could be a thing of the sort that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Filler {
    None,
    /// A name that the dictionary does not have: it may name anything.
    Name,
    /// A word that names one.
    OfTheSort,
}

/// The best filler in the best passage or its message.
fn filler((asked, focus): (&Asked, &Focus), passages: &[Passage]) -> Filler {
    let Some(best) = passages.first() else { return Filler::None };
    let beside = passages.iter().filter(|other| other.sources.iter().any(|id| best.sources.contains(id)));
    let of_word = |low: &str, part: Part| {
        if focus.has(low) || asked.has(low) {
            Filler::None
        } else if focus.includes(low) > 0.0 {
            Filler::OfTheSort
        } else if part == Part::Name && is_unknown(low) {
            Filler::Name
        } else {
            Filler::None
        }
    };
    let of_passage = |passage: &Passage| {
        let sentence = Sentence::read(&passage.text);
        sentence.low.iter().zip(&sentence.parts).map(|(low, part)| of_word(low, *part)).max()
    };
    std::iter::once(best).chain(beside).filter_map(of_passage).max().unwrap_or(Filler::None)
}

/// Whether a passage shares a word with the question. A price that stands near none of them is that of another thing.
pub(super) fn is_about(asked: &Asked, passage: &Passage) -> bool {
    passage.share > 0.0 || asked.terms.is_empty()
}

fn is_known(index: &ProfileIndex, term: &Term) -> bool {
    index.messages.keywords().document_frequency(term) > 0 || index.memories.keywords().document_frequency(term) > 0
}

/// The noun of what is asked for.
#[derive(Debug, PartialEq)]
enum Wanted<'a> {
    /// Something that somebody or something has: `Ana's blood group`, `the treasurer of the club`.
    Attribute(&'a str),
    /// One of a sort, as the words behind `which`: `composer`, `paint brand`.
    Thing(Vec<&'a str>),
    /// What somebody can do so much of, as the verb that ends the question: `how much can Ana lift`.
    Deed(&'a str),
    /// What happens on a day, as all that the question names: `swimming lesson`.
    Day(Vec<&'a str>),
}

/// What is asked for, when the question names it and its form alone does not tell an answer. How something should be is told in rules,
/// which do not name what they are about.
fn wanted(asked: &Asked) -> Option<Wanted<'_>> {
    match asked.wants {
        Wants::Number => return deed(asked),
        Wants::WhichDay => return day(asked),
        _ => {}
    }
    let open = matches!(asked.wants, Wants::What | Wants::Who | Wants::Code(_));
    if !open || ["should", "must", "called"].iter().any(|word| asked.has(word)) {
        return None;
    }
    let words: Vec<&str> = asked.words.iter().map(String::as_str).collect();
    let start = words.iter().position(|word| matches!(word.trim_end_matches("'s"), "what" | "which" | "who"))?;
    let (asks, rest) = words.split_at_checked(start + 1)?;
    let led = asks.last().is_some_and(|word| word.ends_with("'s"));
    let copula = rest.first().is_some_and(|word| matches!(*word, "is" | "are" | "was" | "were"));
    let says = |noun: &&str| !is_filler(noun) && !KINDS.contains(noun);
    if led || copula {
        return attribute(rest.get(usize::from(!led)..)?).filter(says).map(Wanted::Attribute);
    }
    let thing: Vec<&str> = rest.iter().copied().take_while(|word| !ENDS.contains(word)).collect();
    // A verb may follow `what` at once (`what happened to`); a noun is followed by a verb that asks.
    let noun = match asks.last() {
        Some(&"what") => rest.get(thing.len()).is_some_and(|word| AFTER_NOUN.contains(word)),
        asks => asks != Some(&"who"),
    };
    let named = noun && !thing.is_empty() && thing.iter().all(says);
    named.then_some(Wanted::Thing(thing))
}

/// The verb that ends `how much can she lift`.
fn deed(asked: &Asked) -> Option<Wanted<'_>> {
    let can = ["can", "could", "does", "did"].iter().any(|word| asked.has(word)) && asked.has("much");
    let last = asked.words.last().map(String::as_str)?;
    (can && !is_filler(last) && !KINDS.contains(&last)).then_some(Wanted::Deed(last))
}

/// What a question for a day is about, without whose it is.
fn day(asked: &Asked) -> Option<Wanted<'_>> {
    let says =
        |word: &&str| !is_filler(word) && !KINDS.contains(word) && !word.ends_with("'s") && !asked.is_named(word);
    let about: Vec<&str> = asked.words.iter().map(String::as_str).filter(says).collect();
    // One word alone may be said otherwise: "when is Rex fed" is told by "his meals are at 7:00".
    (about.len() > 1).then_some(Wanted::Day(about))
}

/// The attribute in `the user's blood pressure`, `the second examiner of the thesis`, `the name of Ana's dog`. A noun that stands
/// alone (`who is Ana`) is none.
fn attribute<'a>(phrase: &[&'a str]) -> Option<&'a str> {
    let opened = phrase.first().is_some_and(|word| matches!(*word, "the" | "my" | "our" | "his" | "her" | "their"));
    let named = phrase.windows(2).position(|pair| matches!(pair, ["name" | "names", "of"]));
    let rest = phrase.get(named.map_or(usize::from(opened), |at| at + 2)..)?;
    let owner = rest.iter().rposition(|word| word.ends_with("'s") || word.ends_with("s'"));
    let rest = rest.get(owner.map_or(0, |at| at + 1)..)?;
    let noun = rest.iter().copied().take_while(|word| !ENDS.contains(word)).last();
    noun.filter(|_| opened || named.is_some() || owner.is_some())
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::recall::analyse::analyse;

    #[test]
    fn what_must_have_been_said_is_the_noun_that_is_asked_for() {
        use Wanted::{Attribute, Thing};
        for (question, expected) in [
            ("What breed is Odin?", Some(Thing(vec!["breed"]))),
            ("Which paint brand did we choose for the hall?", Some(Thing(vec!["paint", "brand"]))),
            ("What is Ana's blood group?", Some(Attribute("group"))),
            ("What is the name of Otto's parrot?", Some(Attribute("parrot"))),
            ("Who is the treasurer of the club?", Some(Attribute("treasurer"))),
            ("What's my grandmother's maiden name?", None),
            ("What tone should letters have?", None),
            ("What is the parrot called?", None),
            ("Who is Ana?", None),
            ("Who painted the hall?", None),
            ("What kind of tea does Ana drink?", None),
            ("Which colour is the door?", None),
            ("When is the concert?", None),
            ("How many cats are there?", None),
            ("What did Ana buy?", None),
            ("What happened to the parrot?", None),
            ("What caused the leak?", None),
            ("What variety of beans is it?", Some(Thing(vec!["variety"]))),
            ("What address does Ana live at?", None),
        ] {
            assert_eq!(wanted(&analyse(question, Date::constant(2026, 5, 13))), expected, "{question}");
        }
    }
}
