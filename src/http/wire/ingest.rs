//! What is written to a profile.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::fields::{Fields, FromJson, moment_or_nothing, required};
use crate::error::{Error, Result};
use crate::model::limits::MESSAGES_PER_INGEST;
use crate::model::{Moment, NewMessage, Role, SessionId, check_content};

/// A conversation, or a part of one.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(in crate::http) struct Ingest {
    /// In the order in which they were written.
    #[schema(value_type = Vec<Message>, min_items = 1, max_items = 500)]
    pub(in crate::http) messages: Vec<NewMessage>,
    /// The conversation's name; derived from the content when left out.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    pub(in crate::http) session_id: Option<SessionId>,
}

/// A message of a conversation.
#[derive(ToSchema)]
pub(in crate::http) struct Message {
    /// Who wrote it.
    #[schema(value_type = RoleName)]
    role: Role,
    /// Kept verbatim; 1 to 32,768 bytes in UTF-8.
    #[schema(min_length = 1, max_length = 32_768)]
    content: String,
    /// When it was written: ISO 8601 with an offset, or a date alone. The time of the call when left out.
    #[schema(schema_with = moment_or_nothing, required = false)]
    timestamp: Option<Moment>,
}

/// Who wrote a message.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::http) enum RoleName {
    /// The application.
    System,
    /// The person.
    User,
    /// The agent.
    Assistant,
}

/// A statement to be remembered.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(in crate::http) struct Remember {
    /// The statement; 1 to 32,768 bytes in UTF-8.
    #[schema(min_length = 1, max_length = 32_768)]
    pub(in crate::http) content: String,
    /// The conversation it belongs to, if any.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    pub(in crate::http) session_id: Option<SessionId>,
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::System => Self::System,
            Role::User => Self::User,
            Role::Assistant => Self::Assistant,
        }
    }
}

impl FromJson for Ingest {
    fn from_json(value: Value) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        let messages = required("messages", fields.array("messages")?)?;
        if !(1..=MESSAGES_PER_INGEST).contains(&messages.len()) {
            let message = format!("{} messages, there must be 1 to {MESSAGES_PER_INGEST}", messages.len());
            return Err(Error::invalid("/messages", message));
        }
        let session_id = fields.session()?;
        let numbered = messages.into_iter().enumerate();
        let messages = numbered.map(|(i, value)| message(value).map_err(|e| e.within(&format!("/messages/{i}"))));
        Ok(Self { messages: messages.collect::<Result<_>>()?, session_id })
    }
}

fn message(value: Value) -> Result<NewMessage> {
    let Message { role, content, timestamp } = Message::from_json(value)?;
    NewMessage::new(role, content, timestamp)
}

impl FromJson for Message {
    fn from_json(value: Value) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        let role = required("role", fields.choice("role", &Role::ALL.map(|role| (role.as_str(), role)))?)?;
        let content = required("content", fields.text("content")?)?;
        Ok(Self { role, content, timestamp: fields.moment("timestamp")? })
    }
}

impl FromJson for Remember {
    fn from_json(value: Value) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        let content = required("content", fields.text("content")?)?;
        check_content("/content", &content)?;
        Ok(Self { content, session_id: fields.session()? })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_point_to_the_field() {
        let good = json!({"role": "user", "content": "x"});
        for (body, pointer) in [
            (json!([]), ""),
            (json!({}), "/messages"),
            (json!({"messages": null}), "/messages"),
            (json!({"messages": "x"}), "/messages"),
            (json!({"messages": []}), "/messages"),
            (json!({"messages": vec![&good; 501]}), "/messages"),
            (json!({"messages": [good], "sessionId": ""}), "/sessionId"),
            (json!({"messages": [good], "sessionId": 7}), "/sessionId"),
            (json!({"messages": [good, good, good, {"role": "user"}]}), "/messages/3/content"),
            (json!({"messages": [{"role": "user", "content": ""}]}), "/messages/0/content"),
            (json!({"messages": [{"content": "x"}]}), "/messages/0/role"),
            (json!({"messages": [{"role": "tool", "content": "x"}]}), "/messages/0/role"),
            (json!({"messages": [good, ["user", "x"]]}), "/messages/1"),
            (json!({"messages": [{"role": "user", "content": "x", "timestamp": "soon"}]}), "/messages/0/timestamp"),
        ] {
            let Err(error) = Ingest::from_json(body.clone()) else { panic!("{body} was accepted") };
            assert_eq!(error.pointer(), Some(pointer), "{body}");
        }
    }

    #[test]
    fn null_is_as_good_as_nothing_and_more_is_ignored() {
        let message = json!({"role": "user", "content": "x", "timestamp": null, "name": "Ana"});
        let ingest = Ingest::from_json(json!({"messages": [message], "sessionId": null, "more": {}})).unwrap();
        assert_eq!((ingest.messages.len(), ingest.session_id), (1, None));
    }

    #[test]
    fn what_was_said_is_in_no_error() {
        let secret = "my diary says";
        for body in [json!(secret), json!({"messages": secret}), json!({"messages": [{"role": secret}]})] {
            let Err(error) = Ingest::from_json(body) else { panic!("it was accepted") };
            assert!(!error.message().contains("diary"), "{error}");
        }
    }
}
