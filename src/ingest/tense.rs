//! What a word says about whether something is past or ahead.

use crate::dates::Tense;

use super::lexicon::{is_participle, is_past};
use super::words::{Class, Token, low};

/// What one word says about the tense.
pub(super) fn tense_of(tokens: &[Token], i: usize) -> Tense {
    let word = low(tokens, i);
    let before = |n: usize| i.checked_sub(n).map_or("", |j| low(tokens, j));
    match word {
        "was" | "were" | "had" | "did" => return Tense::Past,
        // "promised to send it by Friday": what was promised lies ahead of the promise.
        "to" if "promised|agreed|offered|planned|decided|asked|supposed|due|meant|hoping|ready|scheduled|arranged|told|reminded|\
            expected|invited|aiming|volunteered|planning|intending"
            .has(before(1)) =>
        {
            return Tense::Future;
        }
        "will" | "'d" | "would" | "'ll" | "gonna" | "tomorrow" | "need" | "needs" | "must" | "should" | "shall"
        | "upcoming" | "remind" | "todo" | "can" | "might" | "want" | "wants" | "hope" | "hopes" | "let" => {
            return Tense::Future;
        }
        "is" | "are" | "am" | "'m" | "'re" | "going" | "starts" | "leaves" | "comes" | "ends" | "has" | "have"
        | "takes" | "book" | "plan" | "plans" | "start" | "leave" | "fly" | "flies" | "arrive" | "arrives" | "land"
        | "lands" | "begins" | "travels" | "returns" | "opens" | "closes" | "expires" | "finishes" | "graduates" => {}
        _ if is_past(word) => {
            let present = [before(1), before(2)]
                .iter()
                .any(|w| matches!(*w, "is" | "are" | "am" | "'m" | "'re" | "be" | "being" | "'s"));
            let adjective = matches!(before(1), "the" | "a" | "an" | "my" | "our");
            return if adjective {
                Tense::Unknown
            } else if present {
                Tense::Future
            } else {
                Tense::Past
            };
        }
        _ if is_participle(word) && matches!(before(1), "'ve" | "have" | "has") => return Tense::Past,
        _ => return Tense::Unknown,
    }
    let next = low(tokens, i + 1);
    // "have met" is past, "is on the 3rd" and "is coming" lie ahead.
    if matches!(word, "has" | "have") && (is_participle(next) || is_past(next)) { Tense::Past } else { Tense::Future }
}
