//! Whether one statement replaces another that has no common topic key: two statements laid side by side.
//!
//! Either they are word for word the same but for one value of which a thing has one, or the newer says that something
//! changed and everything the older says is in it, but for its value. Whatever else the older one says, it stays.

use super::change::Cue;
use super::claim::{Claim, Value, Word};
use super::given_up::gives_up;
use super::lexicon::{is_adverb, past};
use super::slot::{aligned, several_values};
use super::verbs::Time;
use super::words::{Class, Token, at_any};
use crate::model::MemoryType;

/// Nouns that a number with its unit says already.
const MEASURES: &str = "dose|dosag|amount|level|rate|price|cost|size|number|count|limit|length|weight|fee";

/// Why a statement replaces another, and how well the two fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// How many words of the older one are in the newer.
    pub shared: usize,
    /// For people who ask why.
    pub because: &'static str,
}

/// Verbs of which one can have many objects at a time: the newest is one more.
pub(super) const GATHERING: &str = "speak|like|love|enjoy|hate|know|have|own|play|support|sell|eat|collect|includ|offer|watch|read|learn|want|studi|\
    use|need|allow|accept|teach|make|grow|cook|buy|follow|prefer|contain|list|add|avoid";
/// Verbs of what one person at a time does for something.
pub(super) const ROLES: &str =
    "lead|run|head|manag|chair|coach|own|direct|supervis|captain|handl|maintain|organis|organ|edit|be";
/// Verbs of being somewhere, which a move ends.
pub(super) const STANDING: &str = "run|live|be|sit|host|deploy|base|store|keep|work|stay|meet|hang|stand|go|bank|train|listen|drive|\
    commut|sleep|report|belong|point|heat|insur|locat|connect";
/// When something is done over and over; said with a value, it is not what the value is of.
pub(super) const TIMES: &str =
    "morn|even|night|day|week|month|year|noon|afternoon|summer|winter|spring|autumn|daili|weekli|season|today|plan";
/// What people have several of: a new one stands beside the others.
pub(super) const SEVERAL: &str = "dog|cat|pet|kid|child|son|daughter|brother|sister|friend|colleagu|client|custom|plant|student|hobbi|project|task|book|\
    recip|featur|cousin|niec|nephew|aunt|uncl|grandchild|grandson|granddaught|twin|tenant|patient|hors|goat|hen|chicken|cow|\
    sheep|rabbit|hamster|fish|bird|bike|guitar|instrument|sport|languag|allergi|neighbour|idea|member|teammat|employe|rule|user|movi|song|game|goal";

/// Whether `new`, said later, replaces `old`. The newer one comes with its clauses, itself first.
pub(super) fn replaces(old: (&Claim, MemoryType), new: (&[Claim], MemoryType)) -> Option<Fit> {
    let ((old, old_kind), (clauses, new_kind)) = (old, new);
    let new = clauses.first()?;
    let same_kind = match old_kind {
        MemoryType::Fact => matches!(new_kind, MemoryType::Fact | MemoryType::Event),
        kind => kind == new_kind,
    };
    let told = old_kind == MemoryType::Instruction || !matches!(old.time, Time::Past | Time::Perfect);
    if !(same_kind && told && old.is_certain && new.is_certain) || old.cue == Some(Cue::Ended) {
        return None;
    }
    if let Some(shared) = clauses.iter().find_map(|clause| same_but_value(old, clause)) {
        return Some(Fit { shared, because: "the same statement with another value" });
    }
    if let Some(fit) = gives_up(old, new) {
        return Some(fit);
    }
    if let Some(fit) = parted(old, new) {
        return Some(fit);
    }
    let cue = new.cue?;
    let whole = ended(old, new, cue).or_else(|| successor(old, new, cue));
    whole.or_else(|| clauses.iter().find_map(|clause| changed(old, clause, clause.cue?)))
}

/// How many words two statements share that are the same but for the value of one thing.
fn same_but_value(old: &Claim, new: &Claim) -> Option<usize> {
    let slot = aligned(old, new).filter(|slot| slot.fits(old, new)).map(|slot| slot.shared);
    slot.or_else(|| several_values(old, new))
}

/// Whether the newer is a correction of a thing to do: the same but for a value, or naming what is given up.
pub(super) fn revises(old: &Claim, new: &[Claim]) -> Option<Fit> {
    let whole = new.first()?;
    let told = |clause: &&Claim| clause.cue >= Some(Cue::Instead) || old.is_copular();
    let same = new.iter().filter(told).find_map(|clause| same_but_value(old, clause));
    let same = same.map(|shared| Fit { shared, because: "the same thing to do with another value" });
    same.or_else(|| gives_up(old, whole).filter(|fit| fit.shared > 1))
}

/// The newer says that the user parted with what the older says they have: `sold the Golf` ends `drives a 2014 Golf`.
fn parted(old: &Claim, new: &Claim) -> Option<Fit> {
    const PARTS: &str = "sold|scrapped|ditched|returned|donated|binned|traded|cancelled|canceled|surrendered";
    const HAS: &str = "have|own|drive|ride|use|keep|rent|leas";
    let verb = new.token(new.lexical())?;
    let parts = verb.is_any(PARTS) && matches!(new.time, Time::Past | Time::Perfect);
    let had = HAS.has(old.verb_stem()) && old.is_of_user() && new.is_of_user();
    let definite = new.tokens.get(verb_end(new)).is_some_and(|t| t.is_any("the|the user's|their|my|our"));
    let gone: Vec<&Word> = new.words.iter().skip(new.lexical() + 1).take_while(|w| !w.is_joint).collect();
    let object: Vec<&Word> = old.words.iter().skip(old.lexical() + 1).filter(|w| !w.is_joint).collect();
    let all_gone = !gone.is_empty() && gone.iter().all(|w| object.iter().any(|own| is_same(own, w)));
    // Of "two cars" one may be left.
    let one = !object
        .iter()
        .any(|w| matches!(&w.value, Some(Value::Number(Some(unit))) if object.iter().any(|o| o.stem == *unit)));
    let last = object.last().is_some_and(|last| gone.iter().any(|w| is_same(w, last)));
    (parts && had && definite && all_gone && last && one)
        .then_some(Fit { shared: gone.len(), because: "the newer one says that it is no longer there" })
}

/// Where the token behind the verb of the statement stands.
fn verb_end(claim: &Claim) -> usize {
    claim.words.get(claim.lexical()).map_or(0, |w| w.at + 1)
}

/// The newer says that what the older says has ended.
fn ended(old: &Claim, new: &Claim, cue: Cue) -> Option<Fit> {
    let told: Vec<&Word> = old.words.iter().filter(|w| !w.is_joint).collect();
    let all = told.len() >= 2 || (told.len() == 1 && old.subject().first().is_some_and(|w| w.stem == "user"));
    let named = told.iter().all(|w| holds(new, w));
    let same_subject = old.is_of_user() == new.is_of_user() || new.words.len() > old.words.len();
    // "doesn't smoke anymore" ends "smokes ten a day".
    let broader = new.words.len() > new.subject().len() + 1
        && new.words.iter().all(|w| w.is_joint || holds(old, w))
        && old.words.get(old.lexical()).is_some_and(|w| !w.is_joint && holds(new, w))
        && old.is_of_user() == new.is_of_user();
    (cue == Cue::Ended && same_subject && (all && named || broader))
        .then_some(Fit { shared: told.len(), because: "the newer one says that it ended" })
}

/// The newer says who fills a place now: `Ida has taken over as captain`, `our team is led by Ida now`.
fn successor(old: &Claim, new: &Claim, cue: Cue) -> Option<Fit> {
    let verb = old.words.get(old.verb)?;
    let verb_is_role = ROLES.has(&verb.stem);
    let by = new.words.iter().any(|w| w.stem == "by") && verb.stem != "be";
    if !(is_person_alone(old)
        && verb_is_role
        && !is_one_of_several(old)
        && has_definite_object(old)
        && (cue == Cue::Successor || by))
    {
        return None;
    }
    let place: Vec<&Word> = old.words.iter().skip(old.verb).filter(|w| !w.is_joint).collect();
    let same_place = !place.is_empty() && place.iter().all(|w| holds(new, w));
    let other = new
        .words
        .iter()
        .any(|w| !old.has(&w.stem) && (w.value == Some(Value::Name) || is_person_alone(new) && w.at == 0));
    (same_place && other && !has_other_modifiers(old, new))
        .then_some(Fit { shared: place.len(), because: "the newer one says who fills the place now" })
}

/// The newer says that something changed, and names everything the older says but for its value.
fn changed(old: &Claim, new: &Claim, cue: Cue) -> Option<Fit> {
    let lexical = old.lexical();
    let is_left = |i: usize, w: &Word| !w.is_joint && (i != lexical || w.value.is_some()) && !holds(new, w);
    let copular = old.is_copular();
    if cue == Cue::Now && GATHERING.has(old.verb_stem()) {
        return None;
    }
    let mut plain = false;
    for (i, word) in old.words.iter().enumerate().filter(|(i, w)| is_left(*i, w)) {
        let time = TIMES.has(&word.stem) && i > old.verb;
        let unit = is_unit(old, word);
        let value = word.value.is_some() && i > old.verb;
        let complement = copular && i > old.verb;
        plain |= complement && word.value.is_none() && !unit && !time;
        let measure = MEASURES.has(&word.stem) && cue >= Cue::Level && same_unit(old, new);
        if !(time || unit || value || complement || measure) {
            return None;
        }
    }
    let old_values = old.values(|i, w| i > old.verb && is_left(i, w));
    let new_values = new.values(|_, w| !old.has(&w.stem));
    let value = old_values
        .iter()
        .find_map(|a| new_values.iter().find(|b| is_one_kind(a, b) && (a == *b || !copular || cue > Cue::Now)));
    let heads: Vec<&Word> = heads(old, copular).into_iter().filter(|w| holds(new, w)).collect();
    let fits = match (value, heads.is_empty()) {
        (Some(Value::Number(_)), true) => {
            let subject = new.is_of_user() || new.verb == new.words.len();
            cue == Cue::Level && old.is_of_user() && subject && same_unit(old, new)
        }
        (_, true) => cue == Cue::Instead && same_verb_and_joint(old, new) && value.is_some(),
        (Some(Value::Number(_) | Value::Clock | Value::Weekday | Value::Date), _) => true,
        (Some(Value::Name), _) => {
            copular || (cue == Cue::Instead && (is_standing(old) || same_verb_and_joint(old, new)))
        }
        (None, _) => cue >= Cue::Instead && copular && plain && old_values.is_empty() && new_values.is_empty(),
    };
    let fills = cue != Cue::New || (copular && is_new_of(old, new));
    (fits && fills && !has_other_modifiers(old, new))
        .then_some(Fit { shared: heads.len(), because: "the newer one says that it changed" })
}

/// The nouns that say what the older statement's value is of.
fn heads(old: &Claim, copular: bool) -> Vec<&Word> {
    let words = old.words.iter().enumerate();
    let is_head = |(i, w): &(usize, &Word)| {
        let place = if copular { *i < old.verb } else { *i != old.lexical() };
        place
            && !w.is_joint
            && w.stem != "user"
            && !TIMES.has(&w.stem)
            && !is_unit(old, w)
            && (w.value.is_none() || *i < old.verb)
    };
    words.filter(is_head).map(|(_, w)| w).collect()
}

fn is_one_kind(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.is_none() || b.is_none() || a == b,
        _ => a == b,
    }
}

fn same_unit(old: &Claim, new: &Claim) -> bool {
    let unit = |claim: &Claim| {
        claim.words.iter().find_map(|w| match &w.value {
            Some(Value::Number(Some(unit))) => Some(unit.clone()),
            _ => None,
        })
    };
    unit(old).is_some() && unit(old) == unit(new)
}

/// Whether the word is the unit of one of the statement's numbers.
pub(super) fn is_unit(claim: &Claim, word: &Word) -> bool {
    let low = claim.tokens.get(word.at).map_or("", |t| t.low.trim_end_matches('s'));
    claim.words.iter().any(|w| matches!(&w.value, Some(Value::Number(Some(unit))) if unit == low))
}

/// `planning to go to Crete` and `going to Malta instead`: the verb and the preposition before the value are the same.
fn same_verb_and_joint(old: &Claim, new: &Claim) -> bool {
    let lead = |claim: &Claim| {
        let value = claim.words.iter().position(|w| w.value.is_some()).filter(|&i| i >= 2)?;
        let joint = claim.words.get(value - 1)?.stem.clone();
        Some((claim.words.get(value - 2)?.stem.clone(), joint))
    };
    old.is_of_user() == new.is_of_user() && lead(old).is_some() && lead(old) == lead(new)
}

/// Whether the older says where something is: what a move ends.
fn is_standing(old: &Claim) -> bool {
    let value = old.words.iter().enumerate().position(|(i, w)| w.value.is_some() && i > old.verb);
    // "in Oslo", "in freezer F2".
    let before = |back: usize| value.and_then(|i| old.words.get(i.checked_sub(back)?));
    let behind = (1..=2).any(|back| before(back).is_some_and(|w| "in|on|at|with|to".has(&w.stem)));
    STANDING.has(old.verb_stem()) && behind
}

/// Whether what is new is the thing of which the older says the value: `a new GP`, `my GP is …`.
fn is_new_of(old: &Claim, new: &Claim) -> bool {
    let Some(at) = new.tokens.iter().enumerate().position(|(i, t)| t.is("new") && new.is_cue(i)) else { return false };
    let head = old.subject().iter().rfind(|w| !w.is_joint);
    let noun = new.words.iter().filter(|w| w.at > at).take_while(|w| !w.is_joint).take(3);
    let mut nouns = noun.filter(|w| w.value.is_none() || head.is_some_and(|h| h.stem == w.stem));
    head.is_some_and(|h| !SEVERAL.has(&h.stem) && nouns.any(|w| w.stem == h.stem))
}

/// Whether the newer puts a word before a shared noun that the older does not have: `work phone`, where there was `phone`.
fn has_other_modifiers(old: &Claim, new: &Claim) -> bool {
    let shared = |w: &Word| !w.is_joint && w.at > 0 && w.stem != "user" && old.has(&w.stem);
    new.words.iter().enumerate().filter(|(_, w)| shared(w)).any(|(i, word)| {
        let before = i.checked_sub(1).and_then(|j| new.words.get(j).map(|w| (j, w)));
        let beside = before.filter(|(j, w)| {
            *j != new.verb
                && !w.is_joint
                && !is_amount(w)
                && w.at + 1 + usize::from(at_any(&new.tokens, w.at + 1, "'s")) == word.at
                && w.stem != "user"
                && !verb_like(new, w)
        });
        let narrowed = new.words.get(i + 1).is_some_and(|w| matches!(w.stem.as_str(), "of" | "for"))
            && new.words.get(i + 2).is_some_and(|w| !w.is_joint && !holds(old, w) && w.value.is_none());
        beside.is_some_and(|(_, w)| !holds(old, w)) || narrowed
    })
}

fn is_amount(word: &Word) -> bool {
    matches!(word.value, Some(Value::Number(_) | Value::Clock))
}

fn verb_like(claim: &Claim, word: &Word) -> bool {
    let low = claim.tokens.get(word.at).map_or("", |t| t.low.as_str());
    super::lexicon::is_past(low) || super::lexicon::is_participle(low) || is_adverb(low) || low.ends_with("ing")
}

/// Whether the subject is one name: no article, no owner, nothing else.
pub(super) fn is_person_alone(claim: &Claim) -> bool {
    let verb_at = claim.words.get(claim.verb).map_or(0, |w| w.at);
    let subject = claim.tokens.get(..verb_at).unwrap_or_default();
    let named = subject.iter().filter(|t| !t.is_any("'s|has|have|is|will") && !is_adverb(&t.low));
    (1..=3).contains(&subject.len()) && named.clone().count() > 0 && named.clone().all(Token::is_capitalised)
}

/// Whether the verb's object is a particular one: `our team`, `the council`.
pub(super) fn has_definite_object(claim: &Claim) -> bool {
    let verb_at = claim.words.get(claim.verb).map_or(0, |w| w.at);
    let next = claim.tokens.get(verb_at + 1);
    let named = claim.token(claim.verb).is_some_and(|t| !t.is_any("is|'s")) && next.is_some_and(Token::is_capitalised);
    next.is_some_and(|t| t.is_any("the|the user's|our|their|my")) || named
}

/// Whether what it is are several: `our neighbour`.
pub(super) fn is_one_of_several(claim: &Claim) -> bool {
    claim.words.iter().skip(claim.verb).any(|w| SEVERAL.has(&w.stem))
}

fn holds(claim: &Claim, word: &Word) -> bool {
    claim.words.iter().any(|w| is_same(w, word))
}

/// The same word, in whatever form: `lead` and `led`, `practise` and `practice`.
pub(super) fn is_same(a: &Word, b: &Word) -> bool {
    a.stem == b.stem || past(&a.stem) == b.stem || past(&b.stem) == a.stem
}
