//! What someone is in the middle of doing: a task under way.

use super::kind::{personal_end, standing};
use super::verbs::{Time, main_verb};
use super::words::{Token, at, has_any, low};
use crate::model::MemoryType::{self, Task};

/// `I'm halfway through the report`, `Currently porting the tests`.
pub(super) fn in_progress(tokens: &[Token]) -> Option<(MemoryType, &'static str)> {
    let busy = [
        "working on",
        "in the middle of",
        "halfway through",
        "half way through",
        "investigating",
        "looking into",
        "trying to fix",
        "trying to get",
        "currently fixing",
        "debugging",
        "troubleshooting",
        "partway through",
        "in the process of",
        "refactoring",
        "migrating",
    ];
    let (time, _) = main_verb(tokens);
    let now = matches!(time, Time::Progressive | Time::Present | Time::None)
        && (has_any(tokens, &["currently", "still"]) || low(tokens, 0).ends_with("ing"));
    let doing = tokens.iter().take(8).any(|t| {
        [
            "fixing",
            "migrating",
            "writing",
            "building",
            "updating",
            "upgrading",
            "implementing",
            "adding",
            "porting",
            "moving",
            "preparing",
            "drafting",
            "replacing",
            "setting",
            "converting",
            "cleaning",
            "sorting",
            "finishing",
            "testing",
            "reviewing",
        ]
        .contains(&t.low.as_str())
    });
    let state = "currently living|currently staying|currently reading|currently learning|currently studying|currently feeling|currently wearing|currently using|currently working as|currently working at|currently working in|currently working for";
    let opens = at(tokens, 0, "currently") && low(tokens, 1).ends_with("ing");
    if opens && !has_any(tokens, state) {
        return Some((Task, "a task: it is being worked on"));
    }
    let personal = personal_end(tokens).is_some()
        || !matches!(time, Time::Present | Time::Past)
        || low(tokens, 0).ends_with("ing")
        || at(tokens, 0, "currently");
    let past = matches!(time, Time::Past | Time::Perfect | Time::Future);
    (personal && !past && !standing(tokens) && (has_any(tokens, &busy) || (now && doing)))
        .then_some((Task, "a task: it is being worked on"))
}
