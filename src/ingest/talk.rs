//! Talk that only keeps the talk going: greetings, agreement, moods, answers to what the other said.

use super::verbs::command;
use super::words::{Class, Kind, Token, at, at_any, count_words, has_any, has_phrase, low, phrase_at};

/// Whole clauses that only keep the talk going.
const TALK: &str = "thanks|thank you|ok|okay|cool|great|nice|perfect|awesome|sounds good|makes sense|got it|good to know|will do|\
    no problem|no worries|that's it|that 's it|good morning|good night|good evening|morning|hi|hello|hey|bye|\
    see you|take care|cheers|ty|thx|lol|haha|wow|yes|no|yeah|sure|just testing|nothing dramatic|works|done|better|\
    fair|fair enough|deal|exactly|correct|right|aww|yay|ugh|hmm|of course|never mind|nevermind|my bad|good luck|\
    have fun|talk soon|talk later|nice list|you too|same here|me too|nice to meet you|how are you|what's up|\
    all good|fingers crossed|wish me luck|can't wait|ca n't wait|send help|let me know|take it easy|keep it up|\
    good one|hang in there";

/// Ways of saying "I" that say nothing about the speaker.
const EMPTY_SELF: &str = "i should have known|i gotta run|i gotta go|i have to go|i need to go|i have to run|i need to run|i meant|\
    i see|i know|i think so|i agree|i understand|i guess|i hope so|i wonder|i do n't know|i do nt know|\
    i have no idea|i 'm fine|i 'm good|i 'm back|i 'm here|i 'm sure|i get it|i got it|i love it|i like it|\
    i love that|i like that|i was wondering|i 'm wondering|i have a question|i 've got a question|i 'm asking|\
    i give up|i mean|i hear you|i 'm not sure|i 'm curious|i appreciate|i bet|i can imagine|i 'm kidding|\
    i 'll try that|i 'll check it|i 'll do that|i 'll take it|i do too|i will|i feel you|i 'm listening|\
    i 'm just testing|i do n't get it|i do n't understand|i owe you|i misread|i swear|i ca n't believe|\
    i could n't agree";

/// Whether a clause only answers to what the other said: `Glad you liked it`, `I'm so proud of you`.
pub(super) fn is_reaction(clause: &[Token]) -> bool {
    const STARTS: &str = "great|glad|so cool|good|nice|awesome|sounds|looks like|wishing|congrats|congratulations|thanks|thank you|\
    appreciate|proud|excited for|happy for|happy to hear|sorry to|sorry about|hope you|i hope you|keep|let's|\
    good luck|way to go|kudos|talk to|love that|love your|love the|loving the|so glad|so happy for|so proud|\
    so sorry|ca n't wait to hear|can't wait to hear|wow|amazing|cool|impressive|it 's great|it 's awesome|that 's|\
    that sounds|seems like|must be|must have been|no wonder|i bet|i can see|i 'm sure you|i know you";
    const PARTS: &str = "proud of you|happy for you|glad you|sorry to hear|great to hear|good to hear|nice to hear|excited for you|\
    i admire|rooting for you|here for you|sorry about your|you 're doing|great to see|good to see|glad to hear|\
    happy to hear";
    STARTS.any(|s| phrase_at(clause, 0, s)) || has_any(clause, PARTS)
}

pub(super) fn is_talk(clause: &[Token]) -> bool {
    let words = count_words(clause);
    let whole = |p: &&str| phrase_at(clause, 0, p) && words <= p.split(' ').count() + 1;
    // "What a Monday", "how lovely!"
    let exclaims = (at(clause, 0, "what") && at_any(clause, 1, "a|an") && words <= 6)
        || (at(clause, 0, "how") && words <= 4 && clause.last().is_some_and(|t| t.text.starts_with('!')));
    let thanks = at_any(clause, 0, "thanks|thx|ty|cheers|ta") && at(clause, 1, "for");
    let tests = words > 1
        && clause.iter().filter(|t| t.is_wordy()).all(|t| t.is_any("testing|test|one|two|three|mic|check|1|2|3|just"));
    let agreed = words <= 5 && clause.iter().any(|t| t.is("agree"));
    let address = at(clause, 0, "you") && at_any(clause, 1, &["'re", "are"]) && words <= 7;
    TALK.any(|p| whole(&p))
        || address
        || agreed
        || exclaims
        || thanks
        || tests
        || is_weather(clause)
        || (words <= 2
            && !clause.iter().any(Token::has_digit)
            && command(clause).is_none()
            && !clause.iter().any(|t| t.kind == Kind::Opaque))
}

/// `Weather's gross today`, `such a dreary sky`: it passes, unless it says what the weather did, or how much.
fn is_weather(clause: &[Token]) -> bool {
    const SKY: &str = "weather|sky|skies";
    let heads = match low(clause, 0) {
        "such" => 2..4,
        "the" | "what" => 1..3,
        _ => 0..1,
    };
    let judged = heads.into_iter().any(|i| at_any(clause, i, SKY));
    let measured =
        clause.iter().any(|t| t.has_digit() || (t.is_capitalised() && !t.is_any("weather|such|the|what|it|is")));
    judged && !measured && count_words(clause) <= 8
}

/// How someone feels right now: it passes.
pub(super) fn is_mood(tokens: &[Token], dated: bool) -> bool {
    const MOODS: &str = "tired|bored|hungry|sleepy|exhausted|happy|sad|busy|fine|good|great|ok|okay|stuck|confused|lost|excited|stressed|\
    annoyed|starving|freezing|sweating|dying|wrecked|knackered|toast|done|ready|back|here|late|screwed|sorry|glad|\
    grateful|thankful|impressed|curious";
    let be = at_any(tokens, 1, &["'m", "m", "am", "feel", "'re", "are"]);
    let state = tokens.iter().skip(2).take(3).any(|t| MOODS.has(&t.low));
    let passing = be
        && state
        && count_words(tokens) <= if dated { 6 } else { 7 }
        && !tokens.iter().any(Token::has_digit)
        && !has_phrase(tokens, "good at");
    passing || is_judged_time(tokens) || is_feeling(tokens)
}

/// `had a wild weekend`: how a time was, and nothing of what happened.
fn is_judged_time(tokens: &[Token]) -> bool {
    const TIMES: &str =
        "day|days|weekend|week|night|morning|afternoon|evening|month|year|time|one|start|ride|journey|commute|shift";
    let Some(verb) = tokens.iter().take(4).position(|t| t.is_any(&["had", "have", "having", "has"])) else {
        return false;
    };
    let article = at_any(tokens, verb + 1, "a|an|the|such|quite|another|one");
    let rest = tokens.get(verb + 1..).unwrap_or_default();
    let Some(noun) = rest.iter().rposition(|t| t.is_any(TIMES)) else { return false };
    let plain = rest.iter().all(|t| {
        t.kind != Kind::Number
            && !t.is_any("last|this|next|every|all|each|ago|off|in|at|with|to|for|on|of|and|from|until|till")
    });
    let ends = rest.iter().skip(noun + 1).filter(|t| t.is_wordy()).count() <= 1;
    article && plain && ends && (1..=5).contains(&noun)
}

/// `feeling rough after last night`.
fn is_feeling(tokens: &[Token]) -> bool {
    let verb = tokens.iter().take(3).position(|t| t.is_any(&["feel", "feeling"]));
    let lasting =
        tokens.iter().any(|t| t.is_any("when|whenever|if|always|every|that|like|because|since|about") || t.has_digit());
    // "feel sick after eating peanuts", "feeling at home in Leeds": that says more.
    let more = tokens
        .iter()
        .skip(2)
        .any(|t| (t.is_capitalised() && !t.is("i")) || (t.low.len() > 5 && t.low.ends_with("ing") && !t.is("feeling")));
    verb.is_some_and(|i| i > 0) && !lasting && !more && count_words(tokens) <= 8
}

/// Whether a statement only seems to be about its speaker: `I see`, `I guess so`.
pub(super) fn is_empty_self(tokens: &[Token]) -> bool {
    let words = count_words(tokens);
    // "I know Go": what is known has a name.
    let named = |from: usize| tokens.iter().skip(from).any(|t| t.is_capitalised() && !t.is("i") || t.has_digit());
    EMPTY_SELF.any(|e| {
        let length = e.split(' ').count();
        phrase_at(tokens, 0, e) && words <= length + 2 && !named(length)
    })
}
