//! The type of a statement, and why.
//!
//! Rules where language is regular: who has to do something, who is told how to behave, what happened at a time. What no
//! rule claims is a fact.

use super::date_words::{has_date, has_day};
use super::duty::{is_duty, wishes_form};
use super::lexicon::{DETERMINERS, POSSESSIVES};
use super::progress::in_progress;
use super::verbs::{Time, command, command_behind, main_verb};
use super::words::{Class, Kind, Token, at, at_any, count_words, has_any, low, phrase_at};
use crate::dates::{MONTHS, WEEKDAYS};
use crate::model::MemoryType::{self, Event, Fact, Instruction, Task};

/// How things stand from now on: signs of a rule rather than a single wish.
pub(super) const STANDING: &str = "always|never|from now on|from here on|going forward|in future|in the future|by default|every time|each time|\
    whenever|at all times|ever|no matter|as a rule|unless|when i|if i|when you|without exception|from today|\
    instead of|rather than|must not|no longer|new rule|permanently|for any|for every|for all|any time|before you|\
    after you|until i|only when";
/// Words that say a statement is about work still to be done.
const TODO_OPENERS: &str = "todo|to-do|to do|remind me|reminder|next up|remember to|don't forget|do n't forget|do nt forget|\
    do n't let me forget|do nt let me forget|do not let me forget|make a note to|note to self|action item|\
    add to my list|put on my list";
/// What an agent's answers are about: a command about these is a rule.
const ANSWER_WORDS: &str = "answer|answers|reply|replies|response|responses|summary|summaries|explanation|explanations|output|outputs|\
    spelling|units|tone|emoji|emojis|bullet|bullets|paragraphs|formatting|markdown|jargon|citations|examples|\
    comments|language";
/// Verbs that say how something is done rather than that it be done.
const MANNER: &str = "use|reply|respond|answer|address|keep|format|round|treat|cite|favour|favor|prefer|speak|talk|avoid|stop|\
    sign|group|double-check|begin|be|spell|capitalise|capitalize|log|refer|assume|default|limit|include|exclude|\
    prefix|put|express|display|present|state|phrase|word|highlight|indent|quote|skip|act|target|name|label|follow|\
    wrap|number";

/// The type of a statement, and the rule that says so.
pub(super) fn classify(tokens: &[Token]) -> (MemoryType, &'static str) {
    let text = trimmed(tokens);
    let rules = [in_progress, to_do, owed, procedure, told, obliged, decided, set_to, happened];
    rules.iter().find_map(|rule| rule(text)).unwrap_or((Fact, "a fact: it says how something is"))
}

/// Without a list's mark, an opening exclamation or a date in front.
fn trimmed(tokens: &[Token]) -> &[Token] {
    let start = tokens
        .iter()
        .position(|t| t.is_wordy() && !t.is_any("oh|btw|ok|okay|ah|hey|hi|well|yeah|yes|so|and|but|anyway|also|ps"));
    tokens.get(start.unwrap_or(0)..).unwrap_or_default()
}

pub(super) fn standing(tokens: &[Token]) -> bool {
    has_any(tokens, STANDING)
}

/// Whether the statement's subject is a person who may have something to do: the user, I, we, or nobody named.
pub(super) fn personal_end(tokens: &[Token]) -> Option<usize> {
    match low(tokens, 0) {
        "i" | "we" => Some(1),
        "the" if at(tokens, 1, "user") && !at(tokens, 2, "'s") => Some(2),
        "user" if !at(tokens, 1, "'s") => Some(1),
        "still" | "need" | "needs" | "have" | "has" | "gotta" | "got" | "must" => Some(0),
        _ => None,
    }
}

fn is_assistant(tokens: &[Token]) -> bool {
    let i = usize::from(at_any(tokens, 0, &["the", "this", "my", "your"]));
    at(tokens, 0, "you") || at_any(tokens, i, &["assistant", "agent", "bot", "ai", "model", "chatbot"])
}

fn to_do(tokens: &[Token]) -> Option<(MemoryType, &'static str)> {
    if at(tokens, 0, "to")
        && at(tokens, 2, ":")
        && at_any(tokens, 1, "do|buy|get|order|fix|call|pay|book|pack|collect|return")
    {
        return Some((Task, "a task: a list of what to do"));
    }
    // "my to-do app" is no thing to do.
    let noun = (0..3)
        .any(|i| at_any(tokens, i, "to-do|todo") && at_any(tokens, i + 1, "app|list|lists|board|apps|tool|system"));
    let opened = !noun && (0..2).any(|i| TODO_OPENERS.any(|opener| phrase_at(tokens, i, opener)))
        || has_any(tokens, &["asked to be reminded", "wants to be reminded", "needs reminding"])
        || has_any(tokens, "want to remember to|wants to remember to|have yet to|has yet to|and needs to|and need to");
    if opened {
        let rule = has_any(tokens, "always|whenever|every|each|never|daily|weekly");
        return Some(if rule {
            (Instruction, "an instruction: a reminder every time")
        } else {
            (Task, "a task: to be reminded of")
        });
    }
    let mut i = personal_end(tokens)?;
    let start = i;
    while at_any(tokens, i, "still|really|also|just|now|urgently|definitely|both|'ve|'ll|will|do|probably|first") {
        i += 1;
    }
    // "have to" and "need to" of a person; "have two cats" and "need glasses" are facts.
    let duty = at_any(tokens, i, "need|needs|have|has|got|gotta|must|ought|should");
    let to = at(tokens, i + 1, "to") || at_any(tokens, i, &["gotta", "must", "should"]);
    let past = at_any(tokens, i, &["should", "must", "ought"]) && at_any(tokens, i + 1, &["have", "'ve"]);
    let passive = past || at(tokens, i + 2, "be") && has_any(tokens, &["always"]);
    let need_noun = at_any(tokens, i, &["need", "needs"])
        && tokens.get(i + 1).is_some_and(|t| DETERMINERS.has(&t.low))
        && has_any(tokens, &["by", "before", "until"])
        && start > 0;
    let habit = has_any(tokens, &["every", "each", "always", "usually"]) && !has_any(tokens, &["by the end"]);
    (duty && (to || need_noun) && !passive && !habit).then_some((Task, "a task: someone has to do it"))
}

/// What someone else has to do, and what has to be done by nobody in particular.
fn owed(tokens: &[Token]) -> Option<(MemoryType, &'static str)> {
    is_duty(tokens).then_some((Task, "a task: someone has to do it"))
}

/// `We've gone with the blue one`: a choice that holds, whenever it was made.
fn decided(tokens: &[Token]) -> Option<(MemoryType, &'static str)> {
    const CHOSEN: &str = "gone with|went with|settled on|decided on|opted for|gone for the|plumped for|going with";
    let chosen = has_any(tokens, CHOSEN) && matches!(low(tokens, 0), "i" | "we" | "the user" | "the");
    (chosen && !has_date(tokens)).then_some((Fact, "a fact: what was chosen"))
}

/// `My locker code changed to 7713`: the value that holds, whenever it changed.
fn set_to(tokens: &[Token]) -> Option<(MemoryType, &'static str)> {
    let holds = !has_date(tokens) && super::topic::changed(tokens).is_some();
    holds.then_some((Fact, "a fact: the value that something has now"))
}

/// `To release: bump …`, `When …, reply …`, `In emails, use …`.
fn procedure(tokens: &[Token]) -> Option<(MemoryType, &'static str)> {
    let opens = at_any(
        tokens,
        0,
        "to|when|whenever|if|for|in|before|after|on|while|once|unless|during|with|at|any|every|each|as",
    );
    let for_reference = at(tokens, 0, "for") && at_any(tokens, 1, &["the", "now"]) && at_any(tokens, 2, &["record"]);
    let behind = command_behind(tokens).filter(|_| opens || for_reference);
    if let Some(i) = behind {
        let rest = tokens.get(i..).unwrap_or_default();
        let subject = matches!(main_verb(rest.get(..3.min(rest.len())).unwrap_or_default()).0, Time::Past);
        if !subject {
            return Some((Instruction, "an instruction: what to do when"));
        }
    }
    if (0..3).any(|i| {
        at_any(tokens, i, &["whenever", "when", "if", "before", "after", "anytime"]) && at(tokens, i + 1, "you")
    }) && main_verb(tokens).0 != Time::Past
    {
        return Some((Instruction, "an instruction: what to do when"));
    }
    let you = opens
        && tokens.iter().any(|t| t.is("you"))
        && has_any(tokens, "you stop|you run|you start|you need to|you have to|you must|you should|you first");
    let steps = has_any(tokens, &["first , then", ", then"])
        && has_any(tokens, &["always", "order", "steps", "procedure", "process"]);
    (you || steps).then_some((Instruction, "an instruction: how something is done"))
}

/// Commands: a rule for the agent, or one thing to be done.
fn told(tokens: &[Token]) -> Option<(MemoryType, &'static str)> {
    let from_now =
        ["from now on", "going forward", "from here on", "in future"].iter().any(|p| phrase_at(tokens, 0, p));
    if from_now && (tokens.iter().any(|t| t.is("you")) || command(tokens.get(3..).unwrap_or_default()).is_some()) {
        return Some((Instruction, "an instruction: from now on"));
    }
    if at(tokens, 0, "no")
        && has_any(tokens, "please|you|ever|when|whenever|unless|for me")
        && main_verb(tokens).0 != Time::Past
    {
        return Some((Instruction, "an instruction: what not to do"));
    }
    let artefact = tokens.first().is_some_and(|t| ANSWER_WORDS.has(&t.low))
        && at_any(tokens, 1, "go|come|start|end|stay|need|belong|in|never|always|in");
    if artefact {
        return Some((Instruction, "an instruction: how answers look"));
    }
    let things = tokens.get(1).is_some_and(|t| t.low.ends_with('s') && !t.is_capitalised())
        && at_any(tokens, 2, &["go", "belong", "come", "start", "end", "stay"]);
    if things && !at_any(tokens, 0, DETERMINERS) && !at_any(tokens, 0, POSSESSIVES) {
        return Some((Instruction, "an instruction: where things go"));
    }
    let closing = ["from now on", "going forward", "from here on", "in future"];
    let closes = |p: &&str| {
        let end = tokens.iter().rposition(|t| t.is_wordy() && !t.is_any("please|pls|plz|thanks")).map_or(0, |i| i + 1);
        end.checked_sub(p.split(' ').count()).is_some_and(|i| i >= 2 && phrase_at(tokens, i, p))
    };
    if closing.iter().any(closes) && main_verb(tokens).0 == Time::None {
        return Some((Instruction, "an instruction: from now on"));
    }
    if wished(tokens) {
        return Some((Instruction, "an instruction: how the user wants it"));
    }
    let verb = command(tokens)?;
    let denied = tokens.get(..=verb).is_some_and(|head| head.iter().any(|t| t.is_any(&["n't", "nt", "not", "never"])));
    let word = low(tokens, verb);
    if denied || word == "stop" || word == "avoid" {
        return Some((Instruction, "an instruction: what not to do"));
    }
    let object = tokens.get(verb + 1..).unwrap_or_default();
    let rule = standing(tokens)
        || has_any(
            tokens,
            "you|for me|all|any|everything|each|every|whenever|only|when|if|unless|to the user|for this user|for the user|\
    this user|my name|to me",
        );
    let plural_answers = object.iter().take(3).any(|t| ANSWER_WORDS.has(&t.low));
    let deadline = has_deadline(tokens);
    let manner = MANNER.has(word) && !deadline && !(word == "follow" && at(object, 0, "up"));
    if (rule && !deadline) || plural_answers || manner || is_general_form(word, object) {
        return Some((Instruction, "an instruction: how to do something"));
    }
    Some((Task, "a task: something to do"))
}

/// `I'd rather you didn't`, `let's use metric from now on`, `24-hour clock please`.
fn wished(tokens: &[Token]) -> bool {
    let of_you = has_any(
        tokens,
        "prefer if you|prefer that you|prefer you to|rather you|like it if you|like it when you|hate it when you|i want you to always|i 'd like you to always|i need you to always",
    );
    let shared =
        (at(tokens, 0, "let") && at_any(tokens, 1, &["'s", "us"]) || at(tokens, 0, "let's")) && standing(tokens);
    let asked = main_verb(tokens).0 == Time::None
        && tokens.iter().rev().find(|t| t.is_wordy()).is_some_and(|t| t.is_any(&["please", "pls"]));
    of_you || shared || asked || wishes_form(tokens)
}

/// `send me the summary at 7:15`, `give me distances in miles`, `call me Bo`: a form of doing, no single thing.
fn is_general_form(verb: &str, object: &[Token]) -> bool {
    let plural = object.first().is_some_and(|t| t.kind == Kind::Word && t.low.ends_with('s') && !t.is_capitalised())
        && at_any(object, 1, &["in", "as", "with"]);
    if plural && matches!(verb, "give" | "list" | "show" | "state" | "quote" | "write" | "name" | "report") {
        return true;
    }
    let me = at_any(object, 0, &["me", "us"]);
    let bare =
        object.get(1).is_some_and(|t| t.kind == Kind::Word && !DETERMINERS.has(&t.low) && !POSSESSIVES.has(&t.low));
    let form = object.iter().any(|t| t.is_any(&["in", "as", "with", "at"]));
    match verb {
        "call" => me,
        "give" | "send" | "tell" | "show" | "email" | "mail" | "text" => {
            let several =
                at_any(object, 0, "the|all|my|our|any") && low(object, 1).ends_with('s') && at(object, 2, "to");
            (several && object.iter().any(|t| t.kind == Kind::Opaque && t.text.contains('@')))
                || me && form && (bare || object.iter().any(|t| t.has_digit() || t.kind == Kind::Opaque))
        }
        "write" | "list" => {
            let plural = object.first().is_some_and(|t| t.low.ends_with('s') && t.kind == Kind::Word);
            at_any(object, 0, &["in", "with", "full", "short"])
                || (plural && at_any(object, 1, &["to", "for"]) && has_any(object, "in|with|as"))
        }
        // "Send the invoices to ap@…": whenever there are some.
        "forward" | "cc" | "bcc" | "copy" | "address" => object.iter().any(|t| t.kind == Kind::Opaque),
        _ => false,
    }
}

/// `by Friday`, `before the 1st`, `tonight`: a thing to be done once.
fn has_deadline(tokens: &[Token]) -> bool {
    let once = [
        "tonight",
        "tomorrow",
        "this afternoon",
        "this weekend",
        "this week",
        "this evening",
        "next week",
        "by the end",
        "at some point",
        "asap",
        "this morning",
        "later today",
    ];
    let by = tokens.windows(3).any(|w| {
        at_any(w, 0, &["by", "before", "on", "until"])
            && w.iter().skip(1).any(|t| {
                WEEKDAYS.contains(&t.low.as_str())
                    || MONTHS.contains(&t.low.as_str())
                    || (t.has_digit() && t.low.ends_with("th"))
            })
    });
    (has_any(tokens, &once) || by) && !has_any(tokens, &["every", "always", "each", "never"])
}

/// `must`, `should`, `has to`: of the agent or of things in general it is a rule, of a person a task.
fn obliged(tokens: &[Token]) -> Option<(MemoryType, &'static str)> {
    let modal = (0..tokens.len().min(12)).find(|&i| {
        at_any(tokens, i, &["should", "must", "shall"])
            || (at_any(tokens, i, &["has", "have", "needs", "need", "ought"]) && at(tokens, i + 1, "to"))
    })?;
    if is_assistant(tokens) {
        return Some((Instruction, "an instruction: what the assistant does"));
    }
    let subject = tokens.get(..modal)?;
    // "Ana has to travel", "the boiler should last": a person's or a thing's, not a rule.
    let general = at_any(tokens, 0, "every|all|each|any|no|weekly|new|code|commit|only")
        || subject.last().is_some_and(|t| t.low.ends_with('s') && t.kind == Kind::Word && !t.is_capitalised())
        || subject.iter().any(|t| t.is_any(&["for", "in"]));
    let names = subject.iter().skip(1).any(|t| t.is_capitalised() && t.text.chars().any(char::is_lowercase));
    let personal =
        personal_end(tokens).is_some() || at_any(tokens, 0, &["he", "she", "they", "it", "my", "our", "if", "when"]);
    (general && !personal && !names && count_words(tokens) >= 4)
        .then_some((Instruction, "an instruction: how things must be"))
}

/// What happened, or will at a given time.
fn happened(tokens: &[Token]) -> Option<(MemoryType, &'static str)> {
    let (time, verb) = main_verb(tokens);
    let dated = has_date(tokens);
    let lasting = has_any(
        tokens,
        "used to|was born|grew up|since|deadline|due date|is due|expires|ever since|were born|\
    is named|every|each|always|usually|originally|till|until|warranty|valid|as of|with effect from|effective from|from today|\
    from now on|from tomorrow",
    );
    // A birthday is a date, a birthday party an event.
    let yearly = verb > 0 && at_any(tokens, verb - 1, &["birthday", "anniversary"]);
    let lasting = lasting || yearly;
    match time {
        Time::Past
            if is_state(tokens, verb)
                || (lasting && !dated)
                || has_any(tokens, &["was born", "grew up", "used to"]) =>
        {
            None
        }
        Time::Past => Some((Event, "an event: it happened")),
        Time::Perfect if lasting || is_lasting_perfect(tokens, verb) => None,
        Time::Perfect => Some((Event, "an event: it has happened")),
        Time::Future | Time::Progressive if dated && !lasting => Some((Event, "an event: it is going to happen")),
        Time::Future if has_any(tokens, &["going to", "gonna", "will be"]) && !lasting && !is_opinion(tokens) => {
            Some((Event, "an event: it is going to happen"))
        }
        Time::Present | Time::None if dated && !lasting && has_day(tokens) => Some((Event, "an event: it has a date")),
        _ => None,
    }
}

/// `had a cat`, `was a teacher`: past, but how something was; with a date it happened.
fn is_state(tokens: &[Token], verb: usize) -> bool {
    let knew = "knew|wanted|needed|loved|liked|hated|preferred|thought|believed".has(low(tokens, verb));
    knew && !has_date(tokens)
}

fn is_lasting_perfect(tokens: &[Token], verb: usize) -> bool {
    tokens.get(verb + 1..).unwrap_or_default().iter().take(3).any(|t| {
        t.is_any("been|had|known|loved|wanted|always|never|liked|lived|worked|hated|used|owned|got|preferred|felt")
    })
}

fn is_opinion(tokens: &[Token]) -> bool {
    has_any(tokens, "i think|i guess|i hope|maybe|probably|it will be|it 'll be|that will be")
}

#[cfg(test)]
mod tests {
    use super::super::words::tokenize;
    use super::*;

    #[test]
    fn statements_have_their_type() {
        for (text, kind) in [
            ("My cousin runs a bakery in Lyon.", Fact),
            ("The user's printer is a Brother laser.", Fact),
            ("We've got a hamster called Pip", Fact),
            ("The tram stops right outside our house.", Fact),
            ("I was born in Tartu", Fact),
            ("mum's birthday is 9 June", Fact),
            ("I handed in my thesis last week", Event),
            ("Choir rehearsal on 7 May at 18:30", Event),
            ("The user's passport was stolen in June.", Event),
            ("We are meeting the architect tomorrow", Event),
            ("I've just sold the van", Event),
            ("Never use tabs in my code", Instruction),
            ("Speak to me in Welsh", Instruction),
            ("When I send a photo, describe it briefly", Instruction),
            ("To reset the router, hold the button for ten seconds", Instruction),
            ("Pull requests must have two reviewers", Instruction),
            ("The assistant should be concise.", Instruction),
            ("Call the vet about the stitches", Task),
            ("I must hand in the form by Monday", Task),
            ("Remind me to feed the fish", Task),
            ("The user is working on a grant proposal.", Task),
            ("gotta fix the gate", Task),
            ("I'll have to fetch the parcel before six", Task),
            ("to buy: strings, rosin", Task),
            ("replies in Scots from now on pls", Instruction),
        ] {
            assert_eq!(classify(&tokenize(text)).0, kind, "{text}");
        }
    }
}
