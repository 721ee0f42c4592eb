//! Several statements in one sentence → one each, where both halves stand alone.

use super::change::takes_back;
use super::kin::starts_with_own;
use super::lexicon::{AUXILIARIES, SUBORDINATORS};
use super::person::with_subject;
use super::verbs::{Time, command, main_verb};
use super::words::{Class, Kind, Token, at, at_any, count_words, low, phrase_at, without_tail};

/// What only asks to remember what stands before it.
pub(super) const REMEMBER: &str = "keep that in mind|keep this in mind|keep it in mind|bear that in mind|bear this in mind|bear it in mind|\
    remember that for|note that down|make a note of that|take that into account|factor that in";
/// How many tokens of a clause are looked at for its verb.
const CLAUSE_REACH: usize = 40;

/// Openings that say nothing: taken off the front of a sentence, again and again.
const OPENINGS: &str = "oh btw|oh|btw|by the way|fyi|ok|okay|k|so|well|anyway|anyways|haha|hahaha|lol|hi|hello|hey|hiya|yo|yeah|yep|yes|\
    yup|ya|nah|nope|hmm|hm|ah|aha|ugh|wow|omg|great|cool|nice|thanks|thank you|ta|cheers|sure|right|good|fine|\
    perfect|awesome|sorry|um|uh|er|also|and|but|actually|ok so|heads up|just so you know|no wait|wait|scratch that|\
    correction|for the record|for context|context|quick note|note|update|ps|p.s.|real talk|ok real life|real life|\
    alright|indeed|yay|woah|whoa|phew|true|exactly|correct|absolutely|definitely|totally|of course|that 's right|\
    that 's correct|no problem|no worries|guess what|honestly|good news|bad news|let me see|then|first of all|\
    turns out that|turns out|as i said|like i said|you know|i mean|on another note|side note|in other news|\
    one more thing|another thing|typo|oh and|gosh|oops|plus|hooray|woohoo|dear|oh no|no";

/// A sentence without the openings that say nothing, and whether something was taken off.
pub(super) fn without_opening(tokens: &[Token]) -> &[Token] {
    let mut rest = tokens;
    loop {
        let skip =
            rest.iter().take_while(|t| !t.is_wordy() && t.text != "\"" && t.text != "“" && t.text != "[").count();
        rest = rest.get(skip..).unwrap_or_default();
        if let Some(length) = exclamation(rest) {
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let longest = OPENINGS.split('|').filter(|o| phrase_at(rest, 0, o)).map(|o| o.split(' ').count()).max();
        let Some(length) = longest.filter(|&n| opens(rest, n)) else { return rest };
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// Calls and asides that end a sentence and say nothing; the first behind a comma only.
const CALLS: &str = "sorry|love|dear|my dear|my love|darling|mate|buddy|pal|man|dude|bro|sir|sweetie|honey|thanks|thank you|ta|cheers|\
    you know|i think|i guess|though";
const ASIDES: &str = "by the way|btw|fyi|lol|tbh|haha|just so you know|for the record|in case you wondered|if that helps|for what it's worth";

/// A sentence without the calls and asides that end it: `I walk with a stick now, my dear.`
pub(super) fn without_closing(tokens: &[Token]) -> &[Token] {
    let mut rest = tokens;
    loop {
        let said = without_tail(rest);
        let end = said.len();
        let ends = |list: &str| {
            let lengths = list.split('|').map(|phrase| (phrase, phrase.split(' ').count()));
            let found = lengths.filter(|(phrase, n)| end > n + 1 && phrase_at(said, end - n, phrase));
            found.map(|(_, n)| n).max()
        };
        let short = |n: &usize| count_words(said) <= 4 && at_any(said, end - n, "dear|love|darling");
        let called = ends(CALLS).filter(|n| at(said, end - n - 1, ",") || short(n));
        let Some(length) = called.or_else(|| ends(ASIDES)) else { return rest };
        let left = without_tail(said.get(..end - length).unwrap_or_default());
        if count_words(left) < 2 {
            return rest;
        }
        rest = left;
    }
}

/// The length of `What a day,` before what it goes on with.
fn exclamation(tokens: &[Token]) -> Option<usize> {
    let opens = at(tokens, 0, "what") && at_any(tokens, 1, &["a", "an"]);
    tokens
        .iter()
        .take(8)
        .position(|t| matches!(t.text.as_str(), "," | "-" | "–" | "—"))
        .filter(|_| opens)
        .map(|i| i + 1)
}

/// Whether the words taken for an opening are one: a mark follows, or what they open.
fn opens(tokens: &[Token], length: usize) -> bool {
    let next = tokens.get(length);
    let marked = next.is_none_or(|t| !t.is_wordy());
    let always = at_any(
        tokens,
        0,
        "btw|fyi|anyway|ok|okay|lol|haha|hahaha|hey|hi|oh|yeah|yep|ugh|and|but|also|wow|hm|hmm|well|so|omg|ps|yes|ah|\
    plus|oops",
    );
    // "so tired" and "well done" say something; "no sugar" and "good at chess" too.
    let binds = (at(tokens, 0, "so") || at(tokens, 0, "well"))
        && !next.is_some_and(|t| is_subject_start(t) || t.is_any(&["far", "yes"]));
    let phrase = length > 1;
    marked
        || (always && !binds)
        || (phrase && next.is_some_and(is_subject_start))
        || (at(tokens, 0, "actually") && next.is_some_and(is_subject_start))
        || at_any(tokens, 0, &["cheers", "thanks", "honestly", "alright"]) && next.is_some_and(is_subject_start)
}

fn is_subject_start(token: &Token) -> bool {
    token.is_any("i|we|my|our|he|she|it|they|the|there|this|that|you|your|his|her|im|ive") || token.is_capitalised()
}

/// Takes a sentence apart where a clause begins that stands on its own.
pub(super) fn split(tokens: &[Token]) -> Vec<Vec<Token>> {
    match aside(tokens) {
        Some((inner, outer)) => [vec![inner], split_plain(&outer)].concat(),
        None => split_plain(tokens),
    }
}

/// `My uncle Bo, who's a tuner, plays chess.` → `My uncle Bo is a tuner` and `My uncle Bo plays chess.`
fn aside(tokens: &[Token]) -> Option<(Vec<Token>, Vec<Token>)> {
    let open = tokens.iter().take(7).position(|t| t.is(",")).filter(|&i| at(tokens, i + 1, "who"))?;
    let close = open + 2 + tokens.get(open + 2..)?.iter().take(CLAUSE_REACH).position(|t| t.is(","))?;
    let subject = tokens.get(..open)?;
    let told = tokens.get(open + 2..close)?;
    let rest = tokens.get(close + 1..)?;
    let person = main_verb(subject).0 == Time::None
        && (at_any(subject, 0, &["my", "our"]) || subject.first().is_some_and(Token::is_capitalised))
        && !at_any(subject, 0, "i|we|he|she|they|it|there");
    let finite = |tokens: &[Token]| {
        let (time, verb) = main_verb(&[subject, tokens].concat());
        time != Time::None && verb <= subject.len() + 2
    };
    if !(person && count_words(told) >= 2 && count_words(rest) >= 2 && finite(rest) && !at(rest, 0, "and")) {
        return None;
    }
    let mut inner = [subject, told].concat();
    if let Some(be) = inner.get_mut(open).filter(|t| t.is("'s")) {
        *be = Token::word(if at(told, 1, "been") || at(told, 1, "got") { "has" } else { "is" });
    }
    Some((inner, [subject, rest].concat()))
}

fn split_plain(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut clauses: Vec<Vec<Token>> = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let mut depth = 0_usize;
    for (i, token) in tokens.iter().enumerate() {
        quoted ^= matches!(token.text.as_str(), "\"" | "“" | "”");
        match token.text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if quoted || depth > 0 || i <= start {
            continue;
        }
        if let Some(skip) = boundary(tokens, start, i) {
            let clause = tokens.get(start..i).unwrap_or_default();
            if !(token.is(":") && only_announces(clause)) || takes_back(clause) {
                clauses.push(clause.to_vec());
            }
            start = i + skip;
        }
    }
    clauses.push(tokens.get(start..).unwrap_or_default().to_vec());
    clauses.retain(|clause| count_words(clause) > 0);
    clauses
}

/// How many tokens on each side of a joint are read.
const JOINT_REACH: usize = 80;

/// Whether a clause that stands alone begins behind `i`, and how many tokens the joint takes.
fn boundary(tokens: &[Token], start: usize, i: usize) -> Option<usize> {
    // What is around a joint decides; looking no further keeps a line of nothing but joints linear.
    let left = tokens.get(start..i.min(start + JOINT_REACH))?;
    let after = |n: usize| tokens.get(i + n..tokens.len().min(i + n + JOINT_REACH)).unwrap_or_default();
    let spaced_dash = matches!(low(tokens, i), "-" | "–" | "—")
        && tokens.get(i + 1).is_some_and(|t| t.spaced || low(tokens, i) != "-");
    match low(tokens, i) {
        ";" => is_clause(after(1)).then_some(1),
        ":" => behind_colon(left, after(1)).then_some(1),
        _ if spaced_dash => (starts_with_subject(after(1)) && is_clause(after(1)) && is_clause(left)).then_some(1),
        "," if is_dependent(left) => None,
        // ", which is good because …": what it is good for is a statement.
        "," if at(tokens, i + 1, "which") && at_any(tokens, i + 2, "is|'s|was") => {
            let because = (i + 4..i + 7).find(|&j| at_any(tokens, j, "because|as|since"))?;
            is_clause(after(because + 1 - i)).then_some(because + 1 - i)
        }
        "," => behind_comma(left, after(1)).map(|n| n + 1),
        "so" | "but" if !is_dependent(left) && is_clause(left) => {
            let turn = usize::from(at_any(tokens, i + 1, &["now", "then", "today"]));
            let own = starts_with_speaker(after(1 + turn)) && is_clause(after(1 + turn));
            let goes = at(tokens, i, "so")
                && at_any(tokens, i + 1, &["go", "use", "keep", "put", "please"])
                && count_words(after(1)) <= 5;
            (own || goes).then_some(1)
        }
        "and" if states_elided(left) => {
            let own = starts_with_speaker(after(1)) || starts_with_own(after(1));
            (own && is_clause(after(1))).then_some(1)
        }
        "and" if !is_dependent(left) && is_clause(left) => {
            let own = starts_with_speaker(after(1))
                && is_clause(after(1))
                && count_words(left) >= 4
                && count_words(after(1)) >= 4;
            own.then_some(1)
        }
        _ => None,
    }
}

/// Behind a comma: a question, a command, or a clause about the speaker or a thing that is named.
fn behind_comma(left: &[Token], right: &[Token]) -> Option<usize> {
    let joint = usize::from(at_any(right, 0, &["so", "but", "and", "then", "plus"]));
    let joined_with_plus = at(right, 0, "plus");
    let concluding = at(right, 0, "so");
    let right = right.get(joint..).unwrap_or_default();
    let own = starts_with_speaker(right) && is_clause(right) && !at_any(right, 0, &["mine"]);
    if !is_clause(left) {
        // "no titles please, call me Ada": what not to do, and what instead.
        if joint == 0 && at(left, 0, "no") && count_words(left) <= 5 && command(right) == Some(0) {
            return Some(0);
        }
        // "tricky though, I work nights": a few words in front that say nothing by themselves.
        let aside = count_words(left) <= 6
            && !super::date_words::has_date(left)
            && !at_any(left, 0, &["now", "then", "usually", "last", "next", "every"])
            && !left.iter().any(|t| t.is(","));
        let told = command(left).is_some() && count_words(left) >= 3;
        let concludes = joint == 1 && left.len() >= 3 && low(left, 0).ends_with("ing") && command(right).is_some();
        let thing =
            at(right, 0, "the") && is_clause(right) && main_verb(right).1 <= 6 && main_verb(left).0 == Time::Past;
        return ((own && (aside || told)) || (thing && aside) || concludes).then_some(joint);
    }
    let asks = asks(right);
    let tells = joint == 1
        && command(right).is_some()
        && at_any(
            right,
            0,
            "keep|give|go|use|log|please|never|always|do|make|update|put|ask|send|list|set|write|remind|add",
        );
    // "We adopted Black, so indent with spaces": the reason, and what follows from it.
    let follows = at(left, 0, "we") || at(left, 0, "i") || left.first().is_some_and(|t| t.is_any("my|our|the"));
    let tells = tells || (joint == 1 && concluding && follows && command(right).is_some() && count_words(right) >= 3);
    let waves = command(right).is_some()
        && (at_any(right, 1, "that|it|me|us|help|this|forget|n't|nt|in")
            && count_words(right) >= 2
            && count_words(right) <= 8
            || at_any(right, 0, &["pls", "please"]));
    let waves = waves || REMEMBER.any(|told| phrase_at(right, 0, told));
    let bound =
        at_any(right, 0, "it|that|this|they|he|she|which|who|these|those|there|what|where|you|its|her|his|their");
    let chides = joint == 0 && at(right, 0, "you") && main_verb(right).0 == Time::Past && is_clause(right);
    let more = joint == 0 || joined_with_plus;
    let names = more && !bound && is_clause(right) && main_verb(right).1 <= 6 && !at_any(right, 0, SUBORDINATORS);
    let explains = at_any(right, 0, &["just"]) && phrase_at(right, 0, "just so you");
    (asks || tells || waves || own || names || explains || chides).then_some(joint)
}

/// `vegetarian btw`, `allergic to nuts`: a statement of the speaker's state, with neither subject nor verb.
fn states_elided(left: &[Token]) -> bool {
    left.len() <= 8 && main_verb(left).0 == Time::None && with_subject(left).is_some_and(|said| at(&said, 1, "am"))
}

/// Whether a clause asks something: `can you …`, `any tips`.
fn asks(right: &[Token]) -> bool {
    let asked = at_any(right, 0, "which|where|when|who|why|whose|what|how") && right.last().is_some_and(|t| t.is("?"));
    asked
        || at_any(right, 0, "can|could|would|will|do|does|any|what|how|should|is|are")
            && at_any(right, 1, "you|i|we|it|that|tips|ideas|suggestions|about|should")
}

/// Whether a first part cannot stand alone: `when I …`, `since the move …`.
fn is_dependent(left: &[Token]) -> bool {
    let i = usize::from(at_any(left, 0, &["and", "but", "so", "even"]));
    // "that's too stiff": a subject, and no conjunction.
    let points = at(left, i, "that") && at_any(left, i + 1, "'s|is|was|has|sounds|feels|wo|will");
    let opens = !points
        && left.get(i).is_some_and(|t| {
            SUBORDINATORS.has(&t.low) || t.is_any("in|to|for|on|at|with|by|from|given|considering|seeing")
        })
        || phrase_at(left, i, "now that");
    let inner = left.iter().rposition(|t| t.is_any(&["if", "when", "whenever", "while", "although", "once", "until"]));
    let open_inside = inner.is_some_and(|i| !left.get(i..).unwrap_or_default().iter().any(|t| t.is(",")));
    (opens && !left.iter().any(|t| t.is(","))) || open_inside
}

/// Behind a colon: a statement, or a command that is no step of a procedure.
fn behind_colon(left: &[Token], right: &[Token]) -> bool {
    let states = is_clause(right) && (starts_with_subject(right) || !left.is_empty());
    let speaker = starts_with_speaker(left) || at(left, 0, "you");
    let tells = command(right).is_some() && is_clause(left) && speaker && count_words(right) >= 3;
    let label = command(right).is_some()
        && count_words(left) <= 3
        && !is_dependent(left)
        && left.iter().any(|t| t.is_any(&["rule", "immer", "please", "request", "instruction", "preference"]));
    let own = states && starts_with_speaker(right) && !at_any(left, 0, &["todo", "to-do", "to"]);
    own || ((states || tells || label) && !is_to_do(left))
}

/// Whether what stands before a colon only announces what follows: `good news at last: …`.
fn only_announces(tokens: &[Token]) -> bool {
    let particular = tokens.iter().skip(1).any(|t| {
        (t.is_capitalised() && !t.is("i") && !t.low.starts_with("i'")) || t.has_digit() || t.kind == Kind::Opaque
    });
    !particular && count_words(tokens) <= 9
}

fn is_to_do(left: &[Token]) -> bool {
    left.iter().any(|t| t.is_any("todo|to-do|todos|remind|reminder|always|deploy|steps|order"))
        || phrase_at(left, 0, "to do")
        || at(left, 0, "to")
}

fn starts_with_speaker(tokens: &[Token]) -> bool {
    at_any(tokens, 0, &["i", "we", "my", "our"])
}

fn starts_with_subject(tokens: &[Token]) -> bool {
    at_any(tokens, 0, &["i", "we", "my", "our", "the", "he", "she", "they", "you", "there"])
        || tokens.first().is_some_and(Token::is_capitalised)
        || at(tokens, 1, "'s")
}

/// Whether there is a subject and a finite verb, and enough to say something.
pub(super) fn is_clause(tokens: &[Token]) -> bool {
    // A clause shows its verb early; looking no further keeps long sentences linear.
    let tokens = tokens.get(..tokens.len().min(CLAUSE_REACH)).unwrap_or_default();
    let near = tokens
        .iter()
        .position(|t| t.kind == Kind::Punct && !t.is("'"))
        .map_or(tokens, |end| tokens.get(..end).unwrap_or_default());
    let (time, verb) = main_verb(near);
    let inverted = verb == 0 && AUXILIARIES.has(low(near, 0));
    time != Time::None && !inverted && count_words(near) >= 3 && (verb > 0 || time == Time::Past)
}

#[cfg(test)]
mod tests {
    use super::super::words::{join, tokenize};
    use super::*;

    #[test]
    fn sentences_come_apart_where_both_halves_stand_alone() {
        for (sentence, expected) in [
            ("The shop is in Rome; the café is in Pisa.", "The shop is in Rome|the café is in Pisa."),
            ("Good news at last: my visa is approved", "my visa is approved"),
            ("I moved to Turin, can you update the plan?", "I moved to Turin|can you update the plan?"),
            ("We have three cats: Mo, Bo and Jo", "We have three cats: Mo, Bo and Jo"),
            ("When I was nine, I lived in Peru", "When I was nine, I lived in Peru"),
            ("I have a dog and a cat", "I have a dog and a cat"),
            ("Boxes everywhere, I live in Ostia now", "Boxes everywhere|I live in Ostia now"),
            ("Last year, I lived in Ostia", "Last year, I lived in Ostia"),
            ("My tutor is Mr. Ban, put that in the plan", "My tutor is Mr. Ban|put that in the plan"),
            ("I work in Rome but I live in Ostia", "I work in Rome|I live in Ostia"),
            ("todo: call the bank", "todo: call the bank"),
            ("My aunt Ria, who's a vet, owns two mules", "My aunt Ria is a vet|My aunt Ria owns two mules"),
            ("The code is B7, you mixed them up", "The code is B7|you mixed them up"),
        ] {
            let parts: Vec<String> = split(&tokenize(sentence)).iter().map(|c| join(c)).collect();
            assert_eq!(parts.join("|"), expected, "{sentence}");
        }
    }

    #[test]
    fn openings_that_say_nothing_are_left_out() {
        for (sentence, rest) in [
            ("oh btw, I moved", "I moved"),
            ("Haha, well, my dog is old", "my dog is old"),
            ("no sugar for me", "no sugar for me"),
            ("so tired of rain", "so tired of rain"),
            ("thanks!", ""),
        ] {
            assert_eq!(join(without_opening(&tokenize(sentence))), rest, "{sentence}");
        }
    }
}
