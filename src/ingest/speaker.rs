//! Who speaks: `Ana: I moved` is Ana's, when the conversation writes its speakers like that.

use crate::model::Role;

use super::extract::Turn;
use super::words::Class;

/// Words before a colon that are no names.
const LABELS: &str = "todo|note|notes|reminder|update|question|answer|ps|edit|fyi|context|re|subject|to|from|cc|date|time|task|tasks|\
    goal|goals|plan|example|warning|error|info|debug|important|summary|title|name|address|phone|email|correction|\
    btw|also|translate|translation|remember|rule|idea|ideas|user|assistant|system|me|result|output|input|file|\
    location|where|when|who|what|why|how|first|second|next|then|now|today|tomorrow|yesterday|day|week|step|\
    summarise|summarize|proofread|rewrite|rephrase|paraphrase|reword|explain|shorten|ingredients|method|recipe|budget|status|done|ok|okay|yes|no|hi|hello|hey|thanks|tip|hint|bug|fix|feature|issue|\
    version|release|monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|evening|lunch|dinner|breakfast";

/// The name a message starts with, and what follows.
pub(super) fn prefix(content: &str) -> Option<(&str, &str)> {
    let (name, rest) = content.split_once(": ")?;
    let words = name.split(' ').count();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’' | '-' | ' ');
    let capital = name.split(' ').all(|word| word.chars().next().is_some_and(char::is_uppercase));
    let named =
        name.len() <= 40 && words <= 3 && capital && name.chars().all(plain) && name.chars().any(char::is_lowercase);
    let label = name.split(' ').any(|word| LABELS.has(&word.to_lowercase()));
    (named && !label).then_some((name, rest))
}

/// Whether the conversation's users sign their messages: most of them start with a name.
pub(super) fn is_signed(turns: &[Turn<'_>]) -> bool {
    let users = turns.iter().filter(|turn| turn.role == Role::User);
    let (all, named) = users
        .fold((0_usize, 0_usize), |(all, named), turn| (all + 1, named + usize::from(prefix(turn.content).is_some())));
    named > 0 && named * 4 >= all * 3
}

/// What a message shares, as `[shares a photo: a red barn]` at its end, and the message without it.
pub(super) fn attachment(body: &str) -> (&str, Option<&str>) {
    let parts = body.trim_end().strip_suffix(']').and_then(|text| text.rsplit_once('['));
    let Some((before, inside)) = parts else { return (body, None) };
    let Some((what, caption)) = inside.split_once(": ") else { return (body, None) };
    let shares = [
        "shares", "shared", "sends", "sent", "attaches", "attached", "uploads", "uploaded", "posts", "posted", "photo",
        "image", "picture", "video", "file",
    ];
    let first = what.split(' ').next().unwrap_or_default().to_lowercase();
    if shares.contains(&first.as_str()) && what.len() <= 40 { (before, Some(caption)) } else { (body, None) }
}

/// Whether a word calls one of the speakers: by name, or by a short form of it.
pub(super) fn calls(word: &str, names: &[String]) -> bool {
    let folded = word.to_lowercase();
    folded.len() >= 2
        && names.iter().any(|name| {
            name == &folded
                || (folded.len() >= 3 && name.starts_with(&folded))
                || (folded.len() == 2 && name.starts_with(&folded) && name.len() <= 5)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attachments_are_taken_off() {
        assert_eq!(attachment("Look! [shares a photo: a barn]"), ("Look! ", Some("a barn")));
        assert_eq!(attachment("list[0]: x"), ("list[0]: x", None));
        assert_eq!(attachment("see [note: old]"), ("see [note: old]", None));
    }

    #[test]
    fn names_before_a_colon_are_told_from_labels() {
        for (content, name) in [
            ("Ana: I moved", Some("Ana")),
            ("Mary-Jane O'Neil: hi", Some("Mary-Jane O'Neil")),
            ("Dr. Kim: hello", Some("Dr. Kim")),
            ("TODO: wash", None),
            ("Reminder: wash", None),
            ("ok real life: yes", None),
            ("Two things: a and b", None),
            ("http://x.io: no", None),
            ("no colon", None),
        ] {
            assert_eq!(prefix(content).map(|(name, _)| name), name, "{content}");
        }
    }
}
