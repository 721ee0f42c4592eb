//! What a question asks: its words, whom and when it is about, and what kind of answer would do.

use jiff::civil::Date;

use crate::dates::{Spot, spots};
use crate::model::TopicKey;
use crate::text::{Term, is_stop_word, terms, words};

/// The kind of answer a question wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    /// A date, as exactly as it is known.
    When,
    /// Days of the week, or times of the day.
    WhichDay,
    /// A count of units between a day that is known and the one the question names.
    Elapsed(Unit),
    /// How long something lasts or has lasted.
    Duration,
    /// A person's name.
    Who,
    /// A place.
    Where,
    /// How often something happens.
    Frequency,
    /// A number.
    Number,
    /// Something with digits in it, at least so many: a code, a version, a phone number.
    Code(usize),
    /// Yes or no.
    YesNo,
    /// A reason.
    Why,
    /// How the agent should do something.
    Manner,
    /// Anything else: what, which, how.
    What,
}

/// A unit of elapsed time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Whatever reads best.
    Any,
    /// Days.
    Days,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// Years.
    Years,
}

/// A question, understood.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The question itself.
    pub text: String,
    /// What kind of answer is wanted.
    pub wants: Wants,
    /// What to look for, each term once, with its weight.
    pub terms: Vec<(Term, f32)>,
    /// Lower-case words of the question, for matching names.
    pub words: Vec<String>,
    /// Days that the question names.
    pub times: Vec<Spot>,
    /// Whether it asks for several things: "what books", "which cities".
    pub several: bool,
    /// Today.
    pub today: Date,
    /// The topics that it asks about, as far as they are known.
    pub topics: Vec<TopicKey>,
    /// The channel that is left out, for measuring.
    pub without: Option<&'static str>,
}

/// Words that ask, or stand for the asker, and say nothing of what is looked for. With half the weight of a content word they still
/// break ties: somebody may have said just that.
const SCAFFOLD: &[&str] = &[
    "kind",
    "type",
    "sort",
    "name",
    "thing",
    "things",
    "people",
    "person",
    "someone",
    "way",
    "many",
    "much",
    "often",
    "long",
    "time",
    "times",
    "share",
    "mention",
    "mentioned",
    "say",
    "said",
    "tell",
    "told",
    "describe",
    "according",
    "currently",
    "current",
    "now",
    "recently",
    "get",
    "got",
    "go",
    "went",
    "make",
    "made",
    "take",
    "took",
    "give",
    "gave",
    "use",
    "does",
    "like",
    "want",
    "date",
    "day",
    "month",
    "year",
    "exact",
];
/// The weight of a scaffold word.
const SCAFFOLD_WEIGHT: f32 = 0.5;
/// Words of a question for elapsed time that only ask.
const ELAPSED: &[&str] =
    &["ago", "days", "weeks", "months", "years", "many", "long", "left", "passed", "until", "since"];
/// Words for the person whose memory this is.
const USER: &[&str] = &["user", "user's", "users", "users'", "i", "me", "my", "mine", "we", "us", "our", "ours"];

/// Reads a question, relative to `today`.
pub(crate) fn analyse(text: &str, today: Date) -> Asked {
    let words: Vec<String> = words(text).map(|word| word.text.to_lowercase().replace('’', "'")).collect();
    let times = spots(text, today);
    let wants = wants(&words);
    let text = text.to_owned();
    Asked {
        wants,
        terms: weighed(&text, &times, wants),
        text,
        times,
        several: several(&words),
        topics: Vec::new(),
        without: None,
        today,
        words,
    }
}

impl Asked {
    /// Whether the question has a word.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }

    /// Whether a word of the question, in lower case, is written with a capital letter.
    pub(crate) fn is_named(&self, word: &str) -> bool {
        self.text
            .split_whitespace()
            .skip(1)
            .any(|written| written.starts_with(char::is_uppercase) && written.to_lowercase().starts_with(word))
    }

    /// Whether the question names somebody: a whole name, or its first word.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.words.iter().any(|word| is_called(word, name))
    }
}

/// How far behind `what` or `which` its noun may stand: "what musical instruments".
const NOUN_WITHIN: usize = 3;

/// Whether `what` or `which` leads, with a plural soon behind it.
fn several(words: &[String]) -> bool {
    let plural = |word: &String| {
        let not_plural =
            ["is", "was", "does", "has", "'s", "s", "goes", "says", "this", "its", "his", "us", "as", "always"];
        matches!(word.as_str(), "people" | "children")
            || (word.len() > 3
                && word.ends_with('s')
                && !word.ends_with("ss")
                && !word.ends_with("us")
                && !word.ends_with("'s")
                && !not_plural.contains(&word.as_str()))
    };
    let asks = words.first().is_some_and(|word| matches!(word.as_str(), "what" | "which"));
    asks && words.iter().skip(1).take(NOUN_WITHIN).any(plural)
}

/// Whether a word, in lower case, stands for the bearer of a name: its first word, or its last behind a title.
pub(crate) fn is_called(word: &str, name: &str) -> bool {
    let mut parts = name.split_whitespace();
    let first = parts.next().unwrap_or_default();
    let title = first.ends_with('.');
    let wanted = if title { parts.next_back().unwrap_or(first) } else { first };
    !wanted.is_empty() && word.trim_end_matches("'s").trim_end_matches('\'') == wanted
}

fn weighed(text: &str, times: &[Spot], wants: Wants) -> Vec<(Term, f32)> {
    let mut found: Vec<(Term, f32)> = Vec::new();
    for word in words(text) {
        let low = word.text.to_lowercase();
        let counts = matches!(wants, Wants::Elapsed(_)) && ELAPSED.contains(&low.as_str());
        if counts || USER.contains(&low.as_str()) || times.iter().any(|spot| spot.bytes.contains(&word.start)) {
            continue;
        }
        let weight = if SCAFFOLD.contains(&low.as_str()) { SCAFFOLD_WEIGHT } else { 1.0 };
        for term in terms(word.text) {
            if !found.iter().any(|(known, _)| *known == term) {
                found.push((term, weight));
            }
        }
    }
    found
}

/// The kind of answer, from the words that ask.
fn wants(words: &[String]) -> Wants {
    let at = |i: usize| words.get(i).map_or("", String::as_str);
    let Some(start) = words.iter().position(|word| asks(word)) else { return by_verb(words) };
    // "What is the name of the person who …" asks what its first question word asks.
    let (first, second, third) = (at(start), at(start + 1), at(start + 2));
    match (first, second) {
        ("when" | "when's", _) => Wants::When,
        ("who" | "who's" | "whom" | "whose", _) => Wants::Who,
        ("where" | "where's", _) => Wants::Where,
        ("why", _) => Wants::Why,
        ("how", "many" | "much") => counted(third, words),
        ("how", "long") if third == "ago" => Wants::Elapsed(Unit::Any),
        ("how", "long") => Wants::Duration,
        ("how", "should" | "do" | "must" | "can") => Wants::Manner,
        ("how", "old" | "big" | "large" | "tall" | "far" | "fast" | "heavy" | "high") => Wants::Number,
        ("how", "often" | "frequently") => Wants::Frequency,
        ("what" | "which" | "what's", _) => by_noun(head_noun(words.get(start + 1..).unwrap_or_default())),
        _ => Wants::What,
    }
}

fn asks(word: &str) -> bool {
    let bare = word.strip_suffix("'s").unwrap_or(word);
    matches!(bare, "when" | "who" | "whom" | "whose" | "where" | "why" | "how" | "what" | "which")
}

/// A question without a question word: yes or no, when a verb leads.
fn by_verb(words: &[String]) -> Wants {
    let leads = [
        "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would",
        "should", "am",
    ];
    if words.first().is_some_and(|word| leads.contains(&word.as_str())) { Wants::YesNo } else { Wants::What }
}

/// `how many days before …` wants a difference; `how many cats` a number.
fn counted(noun: &str, words: &[String]) -> Wants {
    let unit = match noun {
        "days" => Unit::Days,
        "weeks" => Unit::Weeks,
        "months" => Unit::Months,
        "years" => Unit::Years,
        _ => return Wants::Number,
    };
    let apart = ["ago", "before", "after", "until", "till", "since", "between", "left", "from", "to", "passed"];
    if words.iter().any(|word| apart.contains(&word.as_str())) { Wants::Elapsed(unit) } else { Wants::Number }
}

/// What kind of answer the noun behind `what` or `which` wants.
fn by_noun(noun: &str) -> Wants {
    match noun {
        "date" | "month" | "year" => Wants::When,
        "day" | "days" | "weekday" | "time" | "times" => Wants::WhichDay,
        "city" | "country" | "town" | "place" | "state" | "village" | "street" | "region" => Wants::Where,
        "person" | "colleague" | "friend" => Wants::Who,
        "number" | "code" | "pin" | "version" | "port" | "score" | "size" | "temperature" | "weight" | "height"
        | "ip" => Wants::Code(1),
        "phone" | "telephone" | "mobile" => Wants::Code(6),
        "price" | "cost" | "salary" | "rent" | "budget" | "age" => Wants::Number,
        _ => Wants::What,
    }
}

/// The noun that is asked for, in the words behind `what` or `which`: the last before a preposition or a verb; of a kind of
/// something, the something.
fn head_noun(words: &[String]) -> &str {
    let opens = |word: &str| matches!(word, "is" | "are" | "was" | "were" | "the" | "a" | "an" | "exact" | "s");
    let ends = |word: &str| {
        matches!(
            word,
            "is" | "are"
                | "was"
                | "were"
                | "do"
                | "does"
                | "did"
                | "has"
                | "have"
                | "had"
                | "can"
                | "could"
                | "will"
                | "would"
                | "should"
                | "must"
                | "may"
                | "might"
                | "of"
                | "for"
                | "in"
                | "on"
                | "at"
                | "to"
                | "from"
                | "with"
                | "by"
                | "that"
                | "when"
                | "who"
        )
    };
    let rest = || words.iter().map(String::as_str).skip_while(|word| opens(word));
    let mut phrase = rest().take_while(|word| !ends(word));
    let head = phrase.by_ref().last().unwrap_or_default();
    if matches!(head, "kind" | "type" | "sort" | "kinds" | "types" | "sorts") {
        return rest().skip_while(|word| *word != "of").skip(1).take_while(|word| !ends(word)).last().unwrap_or(head);
    }
    let phone = head == "number" && rest().any(|word| matches!(word, "phone" | "telephone" | "mobile"));
    if phone { "phone" } else { head }
}

/// Whether a word, in lower case, says nothing by itself in an answer.
pub(crate) fn is_filler(word: &str) -> bool {
    is_stop_word(word) || SCAFFOLD.contains(&word) || USER.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Asked {
        analyse(text, Date::constant(2026, 5, 13))
    }

    #[test]
    fn plurals_behind_what_ask_for_several_things() {
        for (text, expected) in [
            ("What books has Ana read?", true),
            ("What musical instruments does Ben play?", true),
            ("Which people came?", true),
            ("What does Ana's sister do?", false),
            ("Which bus goes there?", false),
            ("Which class was it?", false),
            ("Where are the keys?", false),
        ] {
            let today = Date::constant(2026, 5, 13);
            assert_eq!(analyse(text, today).several, expected, "{text}");
        }
    }

    #[test]
    fn the_kind_of_answer_is_read_from_the_words_that_ask() {
        for (text, expected) in [
            ("When did she leave?", Wants::When),
            ("On what date did it ship?", Wants::When),
            ("In which month is the move?", Wants::When),
            ("On which days is the club?", Wants::WhichDay),
            ("At what times is the cat fed?", Wants::WhichDay),
            ("How many days until the race?", Wants::Elapsed(Unit::Days)),
            ("How long ago did we meet?", Wants::Elapsed(Unit::Any)),
            ("How long does it run?", Wants::Duration),
            ("How many cats are there?", Wants::Number),
            ("How should I sign mails?", Wants::Manner),
            ("Who bakes?", Wants::Who),
            ("Which city does Ana live in?", Wants::Where),
            ("Does Ana have a cat?", Wants::YesNo),
            ("What is the code?", Wants::Code(1)),
            ("What's Ana's phone number?", Wants::Code(6)),
            ("Which version of the app fixed it?", Wants::Code(1)),
            ("What kind of date cake is it?", Wants::What),
            ("What is on at the city hall?", Wants::What),
            ("the code of the garage", Wants::What),
            ("", Wants::What),
        ] {
            assert_eq!(asked(text).wants, expected, "{text}");
        }
    }

    #[test]
    fn terms_are_what_is_looked_for() {
        let terms = |text| asked(text).terms.iter().map(|(term, _)| term.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(terms("What is the user's oven code KX-7?"), ["oven", "code", "kx-7", "kx", "7"]);
        assert_eq!(terms("What did Ana buy in March 2024?"), ["ana", "buy"]);
    }

    #[test]
    fn people_are_found_by_their_first_name_or_after_a_title() {
        let question = asked("What did Ana's doctor Sepp say?");
        assert!(question.names("ana") && question.names("ana lima") && question.names("dr. sepp"));
        assert!(!question.names("an") && !question.names(""));
    }
}
