//! A server, asked over its HTTP API.
//!
//! Speaks only to the address it was given: no proxy from the environment, no redirect is followed, so
//! that the token goes nowhere else.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::Backend;
use super::shapes::{Memory, Namespace, Profile, Recalled};
use crate::engine::{IngestReport, MemoryQuery, Page, ProfileAddress};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AccountId, MemoryId, Moment, NamespaceName, NewMessage, SessionId};
use crate::recall::{RecallQuery, ResponseLength, ThinkingLevel};

use super::transport::{Method, Transport, segment};

/// A running server.
pub(crate) struct Remote(Transport);

impl Remote {
    /// # Errors
    /// `InvalidInput` when `url` is not the plain address of a server.
    pub(crate) fn new(url: &str, token: Option<String>) -> Result<Self> {
        Transport::new(url, token).map(Self)
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.0.call(Method::Get, path, None)?.result()
    }

    fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T> {
        let body = serde_json::to_vec(body).map_err(|e| Error::new(ErrorKind::Internal, e.to_string()))?;
        self.0.call(Method::Post, path, Some(&body))?.result()
    }

    fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.0.call(Method::Delete, path, None)?.result()
    }

    fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Page<T>> {
        let answer = self.0.call(Method::Get, path, None)?;
        let cursor = answer.cursor();
        Ok(Page { items: answer.result()?, cursor })
    }
}

impl Backend for Remote {
    fn namespaces(&self, account: &AccountId, cursor: Option<String>) -> Result<Page<Namespace>> {
        self.list(&paged(&format!("{}?per_page=1000&order=name", namespaces(account)), cursor.as_deref()))
    }

    fn create_namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<Namespace> {
        self.post(&namespaces(account), &json!({ "name": name.as_str() }))
    }

    fn delete_namespace(&self, account: &AccountId, name: &NamespaceName) -> Result<()> {
        self.delete(&format!("{}/{name}", namespaces(account)))
    }

    fn profiles(&self, account: &AccountId, name: &NamespaceName, cursor: Option<String>) -> Result<Page<Profile>> {
        self.list(&paged(&format!("{}/{name}/profiles?per_page=500", namespaces(account)), cursor.as_deref()))
    }

    fn delete_profile(&self, at: &ProfileAddress) -> Result<()> {
        self.delete(&profile(at))
    }

    fn ingest(
        &self,
        at: &ProfileAddress,
        session: &SessionId,
        messages: &[NewMessage],
    ) -> Result<Option<IngestReport>> {
        let messages: Vec<Value> = messages.iter().map(message).collect();
        let body = json!({ "sessionId": session.as_str(), "messages": messages });
        self.post::<()>(&format!("{}/ingest", profile(at)), &body).map(|()| None)
    }

    fn remember(&self, at: &ProfileAddress, session: Option<&SessionId>, content: &str) -> Result<Memory> {
        let body = json!({ "content": content, "sessionId": session.map(SessionId::as_str) });
        self.post(&format!("{}/remember", profile(at)), &body)
    }

    fn recall(&self, at: &ProfileAddress, query: &RecallQuery) -> Result<Recalled> {
        let mut body = json!({
            "query": query.text,
            "referenceDate": iso8601(query.reference),
            "thinkingLevel": match query.thinking {
                ThinkingLevel::Low => "low",
                ThinkingLevel::Medium => "medium",
                ThinkingLevel::High => "high",
            },
            "responseLength": match query.length {
                ResponseLength::Short => "short",
                ResponseLength::Medium => "medium",
                ResponseLength::Long => "long",
            },
            "evidenceLimit": query.evidence_limit,
        });
        // Left out otherwise, for servers that do not know it.
        if let Some(fields) = body.as_object_mut().filter(|_| query.explain) {
            fields.insert("explain".to_owned(), true.into());
        }
        self.post(&format!("{}/recall", profile(at)), &body)
    }

    fn memories(&self, at: &ProfileAddress, query: &MemoryQuery) -> Result<Page<Memory>> {
        let session = query.session.as_ref().map(|session| format!("&session_id={}", segment(session.as_str())));
        let kind = query.kind.map(|kind| format!("&type={}", kind.as_str()));
        let history = query.include_superseded.then(|| "&include=superseded".to_owned());
        let filters: String = [session, kind, history].into_iter().flatten().collect();
        let path = format!("{}/memories?per_page={}{filters}", profile(at), query.per_page);
        let cursor = query.cursor.map(|id| id.to_string());
        self.list(&paged(&path, cursor.as_deref()))
    }

    fn memory(&self, at: &ProfileAddress, id: MemoryId, sources: bool) -> Result<Memory> {
        let include = if sources { "?include=sources" } else { "" };
        self.get(&format!("{}/memories/{id}{include}", profile(at)))
    }

    fn delete_memory(&self, at: &ProfileAddress, id: MemoryId) -> Result<Memory> {
        self.delete(&format!("{}/memories/{id}", profile(at)))
    }

    fn delete_session(&self, at: &ProfileAddress, session: &SessionId) -> Result<()> {
        self.delete(&format!("{}/sessions/{}", profile(at), segment(session.as_str())))
    }

    fn summary(&self, at: &ProfileAddress, session: Option<&SessionId>) -> Result<String> {
        let body = json!({ "sessionId": session.map(SessionId::as_str) });
        let mut answer: Map<String, Value> = self.post(&format!("{}/summary", profile(at)), &body)?;
        match answer.remove("summary") {
            Some(Value::String(summary)) => Ok(summary),
            _ => Err(Error::new(ErrorKind::Io, "the server's answer has no summary")),
        }
    }

    fn close(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

fn namespaces(account: &AccountId) -> String {
    format!("/client/v4/accounts/{account}/agent-memory/namespaces")
}

fn profile(at: &ProfileAddress) -> String {
    format!("{}/{}/profiles/{}", namespaces(&at.account), at.namespace, at.profile)
}

fn paged(path: &str, cursor: Option<&str>) -> String {
    match cursor {
        Some(cursor) => format!("{path}&cursor={}", segment(cursor)),
        None => path.to_owned(),
    }
}

fn message(message: &NewMessage) -> Value {
    let mut fields = Map::new();
    fields.insert("role".to_owned(), message.role.as_str().into());
    fields.insert("content".to_owned(), message.content.as_str().into());
    if let Some(at) = message.at {
        fields.insert("timestamp".to_owned(), iso8601(at).into());
    }
    Value::Object(fields)
}

/// The moment with its own offset, so that "yesterday" means the same on the other side.
fn iso8601(moment: Moment) -> String {
    let (sign, minutes) =
        if moment.offset_minutes < 0 { ('-', -moment.offset_minutes) } else { ('+', moment.offset_minutes) };
    let local = moment.local().strftime("%Y-%m-%dT%H:%M:%S.%3f");
    format!("{local}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_survive_the_way_to_the_server() {
        for text in ["2026-05-01T23:30:00-05:30", "2026-05-01", "2024-02-29T12:00:00.125+14:00"] {
            let moment = Moment::parse(text).unwrap();
            assert_eq!(Moment::parse(&iso8601(moment)), Some(moment), "{text}");
        }
    }
}
