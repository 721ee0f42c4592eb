//! Nouns that have one value at a time, and kinds of value.

use super::lexicon::PREPOSITIONS;
use super::topic::PASSING;
use super::words::{Class, Kind, Token, at_any};
use crate::dates::WEEKDAYS;

/// Nouns with one value at a time.
pub(super) const ATTRIBUTES: &str = "gym|pharmacy|airline|isp|roommate|flatmate|tutor|mentor|paediatrician|pediatrician|barber|surgery|\
    name|codename|nickname|size|number|address|email|phone|budget|limit|deadline|version|colour|color|target|\
    timezone|hostname|host|port|birthday|age|height|weight|rent|salary|editor|gp|doctor|dentist|insurer|landlord|\
    landlady|babysitter|teacher|manager|boss|school|job|goal|ide|shell|username|handle|branch|language|currency|url|\
    domain|capacity|price|cost|fee|rate|length|width|depth|mileage|wife|husband|partner|fiancé|fiancée|girlfriend|\
    boyfriend|mortgage|title|position|employer|nationality|hometown|password|ssid|wifi|lesson|sync|standup|meeting|\
    bedtime|curfew|dose|dosage|threshold|timeout|region|provider|supplier|plan|status|owner|lead|maintainer|bank|\
    car|laptop|therapist|coach|vet|accountant|lawyer|hairdresser|physio|physiotherapist|nanny|cleaner|plumber|class|\
    appointment|day|quota|score|grade|level|rank|pronouns|key|framework|database|os|browser|stack|strategy|format|\
    schedule|blood|type|location|code|pin|passcode|combination|office|room|floor|temperature|speed|resolution|retention|slot|time|date";

/// `on holiday`, `in trouble`: how something is, not where.
pub(super) fn is_state(value: &[Token]) -> bool {
    let words = value.iter().filter(|t| t.is_wordy() && !PASSING.has(&t.low) || t.is_any(PREPOSITIONS)).count();
    words == 2 && value.get(1).is_some_and(|t| t.kind == Kind::Word && !t.is_capitalised())
}

/// Whether a plain word can be the noun's value: `favourite colour is teal`.
pub(super) fn attribute_takes_word(noun: &[Token]) -> bool {
    noun.iter().any(|t| {
        t.is_any("favourite|favorite|preferred|default|colour|color|language|name|codename|editor|branch|main|format|strategy|\
    framework|shell|browser|level|plan")
    })
}

/// Kinds of value of which a thing has one: a number first, a place, a time.
pub(super) fn value_class(value: &[Token]) -> Option<&'static str> {
    let first = value.first()?;
    if first.kind == Kind::Number {
        return Some("number");
    }
    if at_any(value, 0, "under|behind|inside|beside|next|near|with|in|on|at|above") {
        let timed = value.iter().any(|t| WEEKDAYS.contains(&t.low.trim_end_matches('s')) || t.text.contains(':'));
        return Some(if timed { "time" } else { "place" });
    }
    WEEKDAYS.contains(&first.low.trim_end_matches('s')).then_some("time")
}
