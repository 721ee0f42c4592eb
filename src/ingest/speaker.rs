//! Who speaks: `Ana: I moved` is Ana's, when the conversation writes its speakers like that.

use crate::model::Role;
use crate::text::spoken;

use super::extract::Turn;

/// The name a message starts with, and what follows. Capitals alone are more often a label ("FAQ") than somebody.
pub(super) fn prefix(content: &str) -> Option<(&str, &str)> {
    let spoken = spoken(content);
    spoken.speaker.filter(|name| name.chars().any(char::is_lowercase)).map(|name| (name, spoken.text))
}

/// Whether the conversation's users sign their messages: most of them start with a name.
pub(super) fn is_signed(turns: &[Turn<'_>]) -> bool {
    let users = turns.iter().filter(|turn| turn.role == Role::User);
    let (all, named) = users
        .fold((0_usize, 0_usize), |(all, named), turn| (all + 1, named + usize::from(prefix(turn.content).is_some())));
    named > 0 && named * 4 >= all * 3
}

/// Who speaks in each turn, when the conversation's users sign their messages.
#[must_use]
pub fn speakers<'a>(turns: &[Turn<'a>]) -> Vec<Option<&'a str>> {
    let signed = is_signed(turns);
    let name = |turn: &Turn<'a>| prefix(turn.content).filter(|_| signed && turn.role == Role::User);
    turns.iter().map(|turn| name(turn).map(|(name, _)| name)).collect()
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
