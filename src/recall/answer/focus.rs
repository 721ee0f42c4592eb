//! What a question asks for, read closely: the noun behind `what`, the verbs, the words that an answer does not repeat.

use std::collections::HashSet;

use crate::grammar::{Part, Sentence, are_synonyms, is_a, noun_base, verb_base};
use crate::recall::analyse::{Asked, is_filler};
use crate::text::{Term, terms};

/// The form of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `which instrument`: a thing of a kind.
    Thing,
    /// `what is Ana's dream`: an attribute.
    Attribute,
    /// `what is it about`.
    Being,
    /// `what did Ana buy`: what a verb is done to.
    Object,
    /// `what does Ana do to relax`: what is done.
    Deed,
    /// `how did Ana feel`.
    How,
    /// `why`.
    Why,
    /// `where`.
    Where,
    /// `who`.
    Who,
    /// Anything else.
    Other,
}

/// A question, read closely.
pub(super) struct Focus {
    /// Its form.
    pub form: Form,
    /// The noun of what is asked for, in lower case.
    pub noun: Option<String>,
    /// Base forms of its verbs.
    verbs: HashSet<String>,
    /// Base forms of its words.
    bases: HashSet<String>,
    /// Its terms.
    known: HashSet<Term>,
    /// Its words in lower case: those that name days are no terms.
    words: HashSet<String>,
}

const AUXILIARIES: [&str; 17] = [
    "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would", "should",
    "might", "may",
];

impl Focus {
    /// Reads a question.
    pub(super) fn of(asked: &Asked) -> Self {
        let sentence = Sentence::read(&asked.text);
        let (form, noun) = form(&sentence);
        let said = |at: &usize| {
            matches!(sentence.part_at(*at), Some(Part::Verb | Part::Gerund)) && !is_filler(sentence.low(*at))
        };
        let verbs = (0..sentence.words.len()).filter(said).map(|at| verb_base(sentence.low(at))).collect();
        let says = |at: &usize| !is_filler(sentence.low(*at)) && sentence.part_at(*at) != Some(Part::Name);
        let both = |low: &str| [verb_base(low), noun_base(low)];
        let bases = (0..sentence.words.len()).filter(says).flat_map(|at| both(sentence.low(at))).collect();
        let known = asked.terms.iter().map(|(term, _)| term.clone()).collect();
        let words = asked.words.iter().cloned().collect();
        Self { form, noun, verbs, bases, known, words }
    }

    /// Whether the question has a word, or a form of it, or one that is used for it.
    pub(super) fn has(&self, low: &str) -> bool {
        if is_filler(low) {
            return false;
        }
        if self.words.contains(low) {
            return true;
        }
        let (verb, noun) = (verb_base(low), noun_base(low));
        let same = |base: &String| are_synonyms(base, &verb) || are_synonyms(base, &noun);
        terms(low).iter().any(|term| self.known.contains(term))
            || self.verbs.contains(&verb)
            || self.bases.iter().any(same)
    }

    /// How surely a noun names what is asked for.
    pub(super) fn includes(&self, low: &str) -> f32 {
        let Some(noun) = &self.noun else { return 0.0 };
        let noun = noun_base(noun);
        let wider = WIDER.iter().filter(|(known, _)| *known == noun).flat_map(|(_, kinds)| kinds.iter());
        let wider = wider.map(|kind| 0.8 * is_a(low, kind)).fold(0.0, f32::max);
        is_a(low, &noun).max(wider)
    }

    /// Whether what is asked for has a title.
    pub(super) fn is_titled(&self) -> bool {
        const TITLED: [&str; 19] = [
            "book", "movie", "film", "song", "series", "game", "show", "title", "album", "band", "artist", "author",
            "novel", "play", "podcast", "piece", "poem", "painting", "musical",
        ];
        self.noun.as_ref().is_some_and(|noun| TITLED.contains(&noun_base(noun).as_str()))
    }
}

/// Kinds of which people say more than the dictionary does: a dog is a pet, hiking an activity.
const WIDER: [(&str, &[&str]); 28] = [
    ("breed", &["dog", "cat", "horse", "cattle"]),
    ("provider", &["company"]),
    ("pet", &["animal"]),
    ("item", &["artifact"]),
    ("gift", &["artifact"]),
    ("present", &["artifact"]),
    ("thing", &["artifact"]),
    ("activity", &["act", "sport", "game", "art"]),
    ("hobby", &["act", "art", "sport"]),
    ("interest", &["act", "art", "sport"]),
    ("exercise", &["sport", "act"]),
    ("event", &["event", "meeting", "gathering", "celebration"]),
    ("food", &["food", "dish"]),
    ("dish", &["food"]),
    ("snack", &["food"]),
    ("dessert", &["food"]),
    ("meal", &["food"]),
    ("recipe", &["food", "dish"]),
    ("ingredient", &["food"]),
    ("place", &["location", "structure", "area"]),
    ("person", &["person"]),
    ("people", &["person"]),
    ("clothing", &["garment"]),
    ("emotion", &["feeling"]),
    ("job", &["worker", "occupation"]),
    ("profession", &["worker", "occupation"]),
    ("career", &["worker", "occupation"]),
    ("brand", &["company"]),
];

/// The form of a question, and its noun.
fn form(sentence: &Sentence<'_>) -> (Form, Option<String>) {
    for at in 0..sentence.words.len() {
        let form = match sentence.low(at) {
            "what" | "which" => return thing(sentence, at + 1),
            "what's" => return attribute(sentence, at + 1),
            "who" | "whose" | "whom" => Form::Who,
            "where" => Form::Where,
            "why" => Form::Why,
            "how" => Form::How,
            "when" => Form::Other,
            _ => continue,
        };
        return (form, None);
    }
    (Form::Other, None)
}

/// What follows `what` or `which`.
fn thing(sentence: &Sentence<'_>, start: usize) -> (Form, Option<String>) {
    let sort = ["kind", "kinds", "type", "types", "sort", "sorts"].contains(&sentence.low(start));
    let start = if sort && sentence.low(start + 1) == "of" { start + 2 } else { start };
    if let Some(noun) = noun(sentence, start) {
        return (Form::Thing, Some(noun));
    }
    match sentence.low(start) {
        "is" | "are" | "was" | "were" => attribute(sentence, start + 1),
        _ => {
            let does = |at: usize| matches!(sentence.low(at), "do" | "doing" | "done");
            let deed = (start + 1..sentence.words.len()).any(does);
            (if deed { Form::Deed } else { Form::Object }, None)
        }
    }
}

/// `Ana's dream`, `the name of the dog`, or what something is.
fn attribute(sentence: &Sentence<'_>, start: usize) -> (Form, Option<String>) {
    let ends = (start..sentence.words.len()).find(|at| ends_noun(sentence, *at)).unwrap_or(sentence.words.len());
    let owned = (start..ends).rfind(|at| sentence.part_at(*at) == Some(Part::Determiner));
    let noun = owned.filter(|owned| owned + 1 < ends).map(|_| sentence.low(ends - 1).to_owned());
    (if noun.is_some() { Form::Attribute } else { Form::Being }, noun)
}

fn ends_noun(sentence: &Sentence<'_>, at: usize) -> bool {
    let part = sentence.part_at(at);
    matches!(part, Some(Part::Preposition | Part::Pronoun | Part::To))
        || AUXILIARIES.contains(&sentence.low(at))
        || matches!(sentence.low(at), "that" | "who" | "when" | "while" | "which")
}

/// The last noun before a verb, a preposition or a name.
fn noun(sentence: &Sentence<'_>, start: usize) -> Option<String> {
    let mut last = None;
    for at in start..sentence.words.len() {
        if ends_noun(sentence, at) || (last.is_some() && sentence.is_capital(at)) {
            break;
        }
        if sentence.part_at(at) != Some(Part::Determiner) {
            last = Some(at);
        }
    }
    last.map(|at| sentence.low(at).to_owned())
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::recall::analyse::analyse;

    fn focus(question: &str) -> Focus {
        Focus::of(&analyse(question, Date::constant(2026, 5, 13)))
    }

    #[test]
    fn the_form_and_the_noun_are_what_is_asked_for() {
        for (question, form, noun) in [
            ("What instruments does Ana play?", Form::Thing, Some("instruments")),
            ("Which musical instrument did Ana sell?", Form::Thing, Some("instrument")),
            ("What kind of tea is it?", Form::Thing, Some("tea")),
            ("What is Ana's biggest dream?", Form::Attribute, Some("dream")),
            ("What's the name of the dog?", Form::Attribute, Some("name")),
            ("What is it about?", Form::Being, None),
            ("What did Ana buy?", Form::Object, None),
            ("What does Ana do to relax?", Form::Deed, None),
            ("How did Ana feel?", Form::How, None),
            ("Where is it?", Form::Where, None),
            ("tea", Form::Other, None),
            ("", Form::Other, None),
        ] {
            let read = focus(question);
            assert_eq!((read.form, read.noun.as_deref()), (form, noun), "{question}");
        }
    }

    #[test]
    fn forms_of_a_word_are_the_word() {
        let read = focus("What did Ana bring when she went running?");
        assert!(read.has("brought") && read.has("runs") && !read.has("the") && !read.has("bread"));
    }

    #[test]
    fn a_kind_includes_what_people_say_it_does() {
        assert!(focus("What pets does Ana have?").includes("cat") > 0.0);
        assert!(focus("Which instrument is it?").includes("clarinet") > 0.0);
        assert!(focus("What did she say?").includes("clarinet") == 0.0);
    }
}
