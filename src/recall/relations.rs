//! Words that people use for the same matter: what a question calls a pet, an answer calls a dog.
//!
//! A small table of everyday life, written by hand: the embedding finds relations between sentences, this finds them between words,
//! where a sentence is about something else. A related word counts less than the word itself, and never more than it would.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text::{Term, terms};

/// How much a related word counts of the word that was asked for.
pub(super) const SHARE: f32 = 0.6;

/// What a question's word may be called where it is answered: the word, and what it covers or goes with.
#[rustfmt::skip]
const COVERS: &[(&str, &str)] = &[
    ("accident", "crash"),
    ("activity", "hike swim camp paint game run dance class"),
    ("adopt", "adoption"),
    ("advice", "suggest recommend tip"),
    ("afraid", "scared fear anxious nervous worried"),
    ("age", "old birthday"),
    ("allergy", "allergic"),
    ("animal", "dog cat horse pet bird"),
    ("art", "paint draw sculpture pottery sketch"),
    ("author", "writer wrote novelist"),
    ("award", "prize win won"),
    ("beach", "sea ocean coast"),
    ("begin", "start began"),
    ("book", "novel read author story"),
    ("born", "birth"),
    ("boss", "manager supervisor"),
    ("business", "shop store startup company"),
    ("buy", "bought purchase shop got"),
    ("car", "vehicle drive"),
    ("career", "job work field profession"),
    ("cat", "kitten kitty"),
    ("celebrate", "celebration party birthday anniversary"),
    ("challenge", "obstacle difficulty struggle tough hard setback"),
    ("charity", "fundraiser donation nonprofit volunteer"),
    ("child", "kid son daughter baby toddler"),
    ("children", "kid son daughter baby toddler"),
    ("church", "faith religious"),
    ("city", "town"),
    ("clothes", "dress shirt outfit wear fashion"),
    ("club", "group team"),
    ("colleague", "coworker teammate"),
    ("collect", "collection"),
    ("color", "colour"),
    ("company", "employer firm startup business"),
    ("competition", "contest tournament race"),
    ("computer", "laptop pc"),
    ("cook", "recipe bake kitchen meal"),
    ("cost", "price pay paid"),
    ("country", "abroad travel"),
    ("course", "class lesson workshop"),
    ("craft", "pottery knit sew"),
    ("decide", "decision chose choose"),
    ("degree", "graduate diploma major"),
    ("dessert", "cake pie cookie chocolate pastry"),
    ("discuss", "talk conversation"),
    ("dish", "meal recipe cook"),
    ("doctor", "physician appointment hospital checkup"),
    ("dog", "puppy pup"),
    ("dream", "goal aspire"),
    ("drink", "coffee tea wine beer"),
    ("eat", "food meal dinner lunch"),
    ("education", "degree school college study graduate"),
    ("event", "festival conference party gathering concert meeting"),
    ("exercise", "workout gym run yoga jog fitness swim"),
    ("family", "wife husband child kid son daughter mother father mom dad sister brother parent relative"),
    ("favorite", "love best prefer"),
    ("feel", "felt emotion feeling"),
    ("finish", "complete end done"),
    ("food", "eat meal dish cook recipe dinner lunch"),
    ("friend", "buddy pal mate"),
    ("game", "play video board console"),
    ("garden", "plant flower vegetable"),
    ("gift", "present gave"),
    ("goal", "dream aim plan hope ambition"),
    ("grandparent", "grandma grandmother grandpa grandfather granny"),
    ("group", "club community team organization"),
    ("happy", "glad joy thrilled excited"),
    ("health", "doctor medical illness condition"),
    ("help", "support assist"),
    ("hike", "trail mountain trek"),
    ("hobby", "enjoy love pastime fun passion interest"),
    ("home", "house apartment flat"),
    ("house", "home apartment"),
    ("illness", "sick disease ill"),
    ("injury", "hurt injured sprain accident broke"),
    ("inspire", "inspiration motivate"),
    ("instrument", "guitar piano violin drum flute clarinet cello saxophone keyboard trumpet ukulele"),
    ("job", "work career profession position employment occupation"),
    ("kid", "child children son daughter baby toddler boy girl"),
    ("language", "spanish french german english speak"),
    ("learn", "learnt class lesson taught"),
    ("live", "home house apartment flat move"),
    ("medicine", "medication pill drug prescription"),
    ("money", "cost price budget pay financial"),
    ("motivate", "inspire inspiration drive"),
    ("move", "moved relocate relocation"),
    ("movie", "film cinema watch"),
    ("music", "song band concert album instrument guitar piano sing"),
    ("musician", "band singer artist"),
    ("nature", "forest mountain hike park outdoors lake"),
    ("nickname", "called name"),
    ("organization", "group charity foundation nonprofit"),
    ("outdoors", "hike camp nature park"),
    ("paint", "art canvas artwork"),
    ("parent", "mother father mom mum dad mama papa"),
    ("partner", "boyfriend girlfriend wife husband fiance fiancee"),
    ("party", "celebration celebrate birthday"),
    ("pet", "dog cat puppy kitten hamster rabbit parrot fish turtle"),
    ("phone", "call text"),
    ("photo", "picture photograph photography camera"),
    ("picture", "photo image"),
    ("plan", "going hope intend"),
    ("plant", "garden flower grow"),
    ("prefer", "favorite like"),
    ("prize", "award win won trophy"),
    ("problem", "trouble issue difficulty challenge struggle"),
    ("proud", "pride"),
    ("purchase", "bought buy got"),
    ("read", "book novel"),
    ("receive", "got gift given"),
    ("recommend", "suggest suggestion"),
    ("relative", "aunt uncle cousin grandma grandmother grandpa grandfather niece nephew family"),
    ("relax", "unwind calm stress"),
    ("religion", "church faith god pray"),
    ("restaurant", "dinner cafe eat"),
    ("sad", "upset down grief"),
    ("school", "college university class course study"),
    ("show", "series episode tv"),
    ("sibling", "brother sister"),
    ("song", "track tune album"),
    ("speak", "talk speech"),
    ("speech", "talk presentation"),
    ("sport", "football soccer basketball tennis swim run baseball hockey volleyball cricket"),
    ("spouse", "wife husband married partner"),
    ("start", "begin began"),
    ("storm", "hurricane flood weather"),
    ("stress", "stressed relax pressure anxiety overwhelmed"),
    ("student", "class school"),
    ("study", "degree course university college exam"),
    ("subject", "topic"),
    ("suggest", "recommend"),
    ("support", "help encourage"),
    ("symptom", "pain headache fever"),
    ("teach", "taught class lesson"),
    ("teacher", "teach instructor tutor"),
    ("travel", "trip vacation visit journey"),
    ("trip", "travel vacation holiday journey visit flight"),
    ("university", "college campus"),
    ("vacation", "trip holiday travel getaway"),
    ("vehicle", "car truck bike motorcycle"),
    ("visit", "went trip travel"),
    ("volunteer", "charity shelter help donate"),
    ("wedding", "marry married bride"),
    ("win", "won prize award trophy victory"),
    ("work", "job office"),
];

/// Forms of one word that no stemming brings together; each stands for the others.
#[rustfmt::skip]
const FORMS: &[&str] = &[
    "become became",
    "begin began begun",
    "break broke broken",
    "bring brought",
    "build built",
    "buy bought",
    "catch caught",
    "child children",
    "choose chose chosen",
    "colour color",
    "draw drew drawn",
    "drive drove",
    "eat ate eaten",
    "fall fell",
    "favourite favorite",
    "feel felt",
    "find found",
    "fly flew",
    "foot feet",
    "forget forgot forgotten",
    "get got",
    "give gave given",
    "go went gone",
    "grow grew grown",
    "hear heard",
    "hide hid",
    "hold held",
    "keep kept",
    "leave left",
    "lend lent",
    "lose lost",
    "make made",
    "meet met",
    "mom mum",
    "pay paid",
    "person people",
    "ride rode ridden",
    "run ran",
    "see saw seen",
    "sell sold",
    "send sent",
    "sing sang",
    "sleep slept",
    "speak spoke",
    "spend spent",
    "steal stole",
    "swim swam",
    "take took taken",
    "teach taught",
    "tell told",
    "think thought",
    "throw threw thrown",
    "tooth teeth",
    "wake woke",
    "wear wore",
    "wife wives",
    "win won",
    "write wrote written",
];

static RELATED: LazyLock<HashMap<Term, Vec<Term>>> = LazyLock::new(|| {
    let mut related: HashMap<Term, Vec<Term>> = HashMap::new();
    let forms = FORMS.iter().flat_map(|forms| forms.split(' ').map(|form| (form, *forms)));
    for (word, others) in COVERS.iter().copied().chain(forms) {
        let Some(word) = terms(word).pop() else { continue };
        let known = related.entry(word.clone()).or_default();
        for other in terms(others) {
            if other != word && !known.contains(&other) {
                known.push(other);
            }
        }
    }
    related
});

/// Other words for what a term of a question means.
pub(super) fn related(term: &Term) -> &'static [Term] {
    RELATED.get(term).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_words_lead_to_what_they_cover() {
        for (asked, said, leads) in [
            ("pets", "dogs", true),
            ("children", "daughter", true),
            ("instruments", "violin", true),
            ("bought", "buy", true),
            ("buy", "bought", true),
            ("dog", "pets", false),
            ("violin", "daughter", false),
        ] {
            let (asked_term, said_term) = (terms(asked).pop().unwrap(), terms(said).pop().unwrap());
            assert_eq!(related(&asked_term).contains(&said_term), leads, "{asked} → {said}");
        }
    }

    #[test]
    fn no_word_is_related_to_itself() {
        assert!(RELATED.iter().all(|(word, others)| !others.contains(word)));
    }
}
