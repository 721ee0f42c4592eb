//! The table of words: parts of speech, base forms, and kinds of things.
//!
//! A noun's sense is a place in the tree of kinds of `WordNet`, numbered so that a kind's numbers enclose those of all it includes. "Is a
//! clarinet an instrument" is one comparison, and the table is text that is read where it lies.

use std::collections::HashMap;
use std::sync::LazyLock;

const WORDS: &str = include_str!("words.txt");

/// What the table has on each word: the rest of its line. A map, as every word of what may answer is looked up in several forms.
static LINES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    WORDS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' ')).collect()
});

/// Forms that no rule gives, each before its verb.
const IRREGULAR: &str = "is be|are be|was be|were be|been be|went go|gone go|saw see|seen see|took take|taken take|got get|\
    gotten get|made make|found find|gave give|given give|told tell|thought think|felt feel|bought buy|brought bring|\
    began begin|begun begin|kept keep|left leave|lost lose|met meet|ran run|said say|sold sell|sent send|spoke speak|\
    spoken speak|spent spend|stood stand|taught teach|won win|wore wear|worn wear|wrote write|written write|knew know|\
    known know|grew grow|grown grow|came come|became become|did do|done do|had have|has have|ate eat|eaten eat|drew draw|\
    drawn draw|drove drive|driven drive|fell fall|fallen fall|flew fly|flown fly|forgot forget|forgotten forget|\
    heard hear|held hold|led lead|paid pay|rode ride|ridden ride|sang sing|sung sing|sat sit|slept sleep|swam swim|\
    swum swim|threw throw|thrown throw|understood understand|woke wake|woken wake|broke break|broken break|built build|\
    caught catch|chose choose|chosen choose|dealt deal|shot shoot|hung hang|bit bite|bitten bite|drank drink|drunk drink|\
    hid hide|hidden hide|laid lay|lent lend|lit light|rang ring|rose rise|risen rise|shook shake|shaken shake|\
    shone shine|stole steal|stolen steal|struck strike|stuck stick|swore swear|tore tear|torn tear|wound wind|\
    wove weave|woven weave|fought fight|sought seek|fed feed|bled bleed|bred breed|fled flee|dug dig|spun spin|\
    swept sweep|wept weep|crept creep|dreamt dream|meant mean|burnt burn|learnt learn|spelt spell|spilt spill";

static VERB_OF: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| IRREGULAR.split('|').filter_map(|pair| pair.split_once(' ')).collect());

/// How common a word is as each part of speech; 0 when it is none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Forms {
    /// As a noun.
    pub noun: f32,
    /// As a verb.
    pub verb: f32,
    /// As an adjective.
    pub adjective: f32,
    /// As an adverb.
    pub adverb: f32,
}

impl Forms {
    /// The parts of speech of a word in lower case, or of the word that it is a form of.
    pub(crate) fn of(word: &str) -> Self {
        let mut forms = line(word).map_or_else(Self::default, Self::read);
        let singular = noun_base(word);
        if singular != word {
            forms.noun += line(&singular).map_or(0.0, |line| Self::read(line).noun);
        }
        let verb = verb_base(word);
        if verb != word {
            forms.verb += line(&verb).map_or(0.0, |line| Self::read(line).verb);
        }
        forms
    }

    /// Whether the word is known as nothing.
    pub(crate) fn is_none(&self) -> bool {
        self.noun + self.verb + self.adjective + self.adverb == 0.0
    }

    fn read(line: &str) -> Self {
        let mut forms = Self::default();
        let counts = line.split(' ').next().unwrap_or_default().as_bytes();
        for pair in counts.chunks_exact(2) {
            let [part, count] = pair else { continue };
            let common = match count.saturating_sub(b'0') {
                0 | 1 => 0.1,
                count => f32::from((1_u16 << (count - 1)) - 1),
            };
            match part {
                b'n' => forms.noun = common,
                b'v' => forms.verb = common,
                b'a' => forms.adjective = common,
                _ => forms.adverb = common,
            }
        }
        forms
    }
}

/// Whether the table does not have a word in lower case, nor one that it is a form of.
pub(crate) fn is_unknown(word: &str) -> bool {
    Forms::of(word).is_none()
}

/// The line of a word in lower case, behind the word.
fn line(word: &str) -> Option<&'static str> {
    LINES.get(word).copied()
}

/// The senses of a noun, each with the first and the last number that it includes.
fn senses(noun: &str) -> impl Iterator<Item = (u32, u32)> {
    line(noun).unwrap_or_default().split(' ').skip(1).filter_map(|sense| {
        let (first, last) = sense.split_once('-').unwrap_or((sense, sense));
        Some((first.parse().ok()?, last.parse().ok()?))
    })
}

/// How many senses of a word are asked whether they are of the kind. The rarer say less.
const OF_WORD: usize = 3;
/// How much less each further one says.
const RARER: f32 = 0.25;

/// A kind of so many senses says all that a kind can; a wider one, such as `act`, says less.
const NARROW: f32 = 300.0;
/// All senses.
const ALL: f32 = 82_192.0;

/// How much it says that a noun is of a kind, by how many senses the kind includes.
fn telling((first, last): (u32, u32)) -> f32 {
    let count = (last - first + 1) as f32;
    ((ALL.ln() - count.ln()) / (ALL.ln() - NARROW.ln())).clamp(0.0, 1.0)
}

/// How surely a noun names a kind of thing: 1 when its most common sense is one of a narrow kind, 0 when none is. Both in lower case, in
/// any number.
pub(crate) fn is_a(noun: &str, kind: &str) -> f32 {
    let (noun, kind) = (noun_base(noun), noun_base(kind));
    if noun == kind {
        return 0.0;
    }
    let of = (0_u8..).zip(senses(&noun).take(OF_WORD));
    let included = |at: u32| {
        let including = senses(&kind).filter(|(first, last)| *first < at && at <= *last);
        including.map(telling).fold(0.0, f32::max)
    };
    of.map(|(rank, (at, _))| (1.0 - RARER * f32::from(rank)) * included(at)).fold(0.0, f32::max)
}

/// The singular of a noun in lower case, as far as the table has it; otherwise the word.
pub(crate) fn noun_base(word: &str) -> String {
    const ENDINGS: [(&str, &str); 8] = [
        ("ies", "y"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("sses", "ss"),
        ("xes", "x"),
        ("ves", "f"),
        ("s", ""),
        ("men", "man"),
    ];
    if line(word).is_some_and(|line| Forms::read(line).noun > 0.0) {
        return word.to_owned();
    }
    first_known(word, &ENDINGS, |forms| forms.noun > 0.0).unwrap_or_else(|| word.to_owned())
}

/// The verb that a word in lower case is a form of, as far as the table has it; otherwise the word.
pub(crate) fn verb_base(word: &str) -> String {
    const ENDINGS: [(&str, &str); 8] =
        [("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e")];
    if let Some(verb) = VERB_OF.get(word) {
        return (*verb).to_owned();
    }
    let doubled = || {
        let stem = word.strip_suffix("ing").or_else(|| word.strip_suffix("ed"))?;
        let mut ends = stem.bytes().rev();
        (ends.next()? == ends.next()?).then(|| stem.get(..stem.len() - 1)).flatten()
    };
    let is_verb = |forms: Forms| forms.verb > 0.0;
    let doubled = doubled().filter(|stem| line(stem).is_some_and(|line| is_verb(Forms::read(line))));
    first_known(word, &ENDINGS, is_verb).or_else(|| doubled.map(str::to_owned)).unwrap_or_else(|| word.to_owned())
}

/// The first of the word's other forms that is of the wanted part of speech.
fn first_known(word: &str, endings: &[(&str, &str)], wanted: impl Fn(Forms) -> bool) -> Option<String> {
    let mut base = String::with_capacity(word.len() + 1);
    endings.iter().find_map(|(ending, instead)| {
        let stem = word.strip_suffix(ending).filter(|stem| stem.len() > 1)?;
        base.clear();
        base.push_str(stem);
        base.push_str(instead);
        line(&base).is_some_and(|line| wanted(Forms::read(line))).then(|| base.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_table_is_found_and_reads() {
        assert_eq!(LINES.len(), WORDS.lines().filter(|line| !line.starts_with('#')).count());
        for (word, known) in LINES.iter() {
            assert!(!Forms::read(known).is_none(), "{word}");
            assert_eq!(senses(word).count(), known.split(' ').skip(1).count(), "{word}");
            assert!(senses(word).all(|(first, last)| first <= last), "{word}");
        }
    }

    #[test]
    fn kinds_include_what_is_of_them() {
        for (noun, kind) in [
            ("clarinet", "instrument"),
            ("violins", "instruments"),
            ("sundae", "dessert"),
            ("spain", "nothing"),
            ("turtle", "animal"),
            ("chess", "game"),
            ("yoga", "exercise"),
            ("surfing", "sport"),
            ("blue", "colour"),
        ] {
            assert_eq!(is_a(noun, kind) > 0.0, kind != "nothing", "{noun} {kind}");
        }
        assert!(is_a("animal", "turtle") == 0.0 && is_a("dog", "dogs") == 0.0 && is_a("", "") == 0.0);
        assert!(is_a("clarinet", "dessert") == 0.0 && is_a("chess", "instrument") == 0.0);
    }

    #[test]
    fn forms_lead_back_to_their_words() {
        for (form, verb) in [
            ("went", "go"),
            ("running", "run"),
            ("studied", "study"),
            ("makes", "make"),
            ("making", "make"),
            ("zorp", "zorp"),
        ] {
            assert_eq!(verb_base(form), verb);
        }
        for (form, noun) in [("parties", "party"), ("dogs", "dog"), ("glass", "glass"), ("women", "woman"), ("é", "é")]
        {
            assert_eq!(noun_base(form), noun);
        }
        let (painted, zorp) = (Forms::of("painted"), Forms::of("zorp"));
        assert!(painted.verb > painted.noun && zorp.is_none());
    }
}
