//! JSON Lines: messages and questions about them, one a line.

use std::collections::HashMap;

use serde::Deserialize;

use super::dataset::{Dataset, DatasetError, Dialog, Question, Wanted};
use crate::model::{MessageId, Moment, NewMessage, Role, SessionId};

/// The session of messages that name none.
const SESSION: &str = "session";
/// The category of questions that name none.
const CATEGORY: &str = "questions";

/// A line of the file: a message has a role, a question a query.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    role: Option<String>,
    content: Option<String>,
    timestamp: Option<String>,
    session_id: Option<String>,
    /// A message's name, for `evidence` of questions.
    id: Option<String>,
    query: Option<String>,
    category: Option<String>,
    reference_date: Option<String>,
    #[serde(default)]
    expect: Vec<String>,
    #[serde(default)]
    evidence: Vec<String>,
    answer: Option<String>,
}

/// Messages by the names that lines give them.
type Names = HashMap<String, MessageId>;

pub(super) fn parse(text: &str) -> Result<Dataset, DatasetError> {
    let mut dialog = Dialog::default();
    let mut names = Names::new();
    for (number, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let wrong = |why: String| DatasetError::Line { line: number + 1, why };
        let line: Line = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if line.query.is_some() {
            dialog.questions.push(question(line, &names).map_err(wrong)?);
        } else {
            message(line, &mut dialog, &mut names).map_err(wrong)?;
        }
    }
    Ok(Dataset { dialogs: vec![dialog] })
}

fn message(line: Line, dialog: &mut Dialog, names: &mut Names) -> Result<(), String> {
    let role = line.role.ok_or("neither a `query` nor a `role` is there: it is no question and no message")?;
    let role = Role::parse(&role).ok_or_else(|| format!("`{role}` is no role: system, user or assistant"))?;
    let session = SessionId::parse(line.session_id.as_deref().unwrap_or(SESSION)).map_err(|e| e.to_string())?;
    let at = line.timestamp.as_deref().map(moment).transpose()?;
    let content = line.content.unwrap_or_default();
    let message = NewMessage::new(role, content, at).map_err(|error| error.to_string())?;
    if let Some(name) = line.id {
        names.insert(name, MessageId::of(&session, role, &message.content));
    }
    dialog.hear(session, message);
    Ok(())
}

fn question(line: Line, names: &Names) -> Result<Question, String> {
    let known = |name: &String| {
        let id = names.get(name).copied();
        id.ok_or_else(|| format!("no message before this line has the id `{name}`, which `evidence` names"))
    };
    let evidence = line.evidence.iter().map(known).collect::<Result<_, _>>()?;
    Ok(Question {
        text: line.query.unwrap_or_default(),
        category: line.category.unwrap_or_else(|| CATEGORY.to_owned()),
        reference: line.reference_date.as_deref().map(moment).transpose()?,
        wanted: Wanted { evidence, memories: line.expect, answer: line.answer },
    })
}

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).ok_or_else(|| format!("`{text}` is no ISO 8601 time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_and_questions_stand_in_one_file() {
        let text = r#"{"id": "m1", "role": "user", "content": "I keep bees", "sessionId": "a", "timestamp": "2026-04-01T10:00:00Z"}

            {"role": "assistant", "content": "How many hives?", "sessionId": "a"}
            {"role": "user", "content": "The hall is booked"}
            {"query": "What does the user keep?", "answer": "bees", "expect": ["bees"], "evidence": ["m1"], "category": "what"}
            {"query": "What is the user's dog called?", "answer": "", "referenceDate": "2026-05-01"}"#;
        let dataset = parse(text).unwrap();
        let [dialog] = &dataset.dialogs[..] else { panic!("one dialog") };
        assert_eq!(dialog.sessions.iter().map(|s| s.messages.len()).collect::<Vec<_>>(), [2, 1]);
        let id = MessageId::of(&SessionId::parse("a").unwrap(), Role::User, "I keep bees");
        assert_eq!(dialog.questions[0].wanted.evidence, [id]);
        assert_eq!(dialog.questions[0].category, "what");
        assert_eq!(dialog.questions[1].wanted.answer.as_deref(), Some(""));
        assert_eq!(dialog.last_at(), Moment::parse("2026-04-01T10:00:00Z"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let why = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(
            why(r#"{"content": "hm"}"#),
            "line 1: neither a `query` nor a `role` is there: it is no question and no message"
        );
        assert_eq!(
            why("\n{\"role\": \"boss\", \"content\": \"hm\"}"),
            "line 2: `boss` is no role: system, user or assistant"
        );
        assert_eq!(
            why(r#"{"query": "Who?", "evidence": ["m9"]}"#),
            "line 1: no message before this line has the id `m9`, which `evidence` names"
        );
        assert!(why(r#"{"query": "Who?", "expected": []}"#).starts_with("line 1: unknown field `expected`"));
        assert!(
            why(r#"{"role": "user", "content": "x", "timestamp": "noon"}"#).ends_with("`noon` is no ISO 8601 time")
        );
    }
}
