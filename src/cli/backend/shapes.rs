//! Values as `--json` prints them and as a server sends them: the shapes of the HTTP API.

use serde::{Deserialize, Serialize};

use crate::model;
use crate::recall;

/// A namespace.
#[derive(Serialize, Deserialize)]
pub(crate) struct Namespace {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) account_id: String,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

/// A profile.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) created_at: String,
}

/// A memory; without `content` in lists, with `sources` only when they were asked for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Memory {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<String>,
    pub(crate) session_id: Option<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) superseded_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sources: Option<Vec<Source>>,
}

/// A message that a memory was made from.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Source {
    pub(crate) message_id: String,
    pub(crate) session_id: String,
    pub(crate) role: String,
    pub(crate) content: String,
    pub(crate) timestamp: String,
}

/// What a recall found.
#[derive(Serialize, Deserialize)]
pub(crate) struct Recalled {
    pub(crate) answer: String,
    pub(crate) count: usize,
    pub(crate) candidates: Vec<Candidate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) evidence: Option<Vec<Evidence>>,
}

/// A memory that may hold the answer.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Candidate {
    pub(crate) id: String,
    pub(crate) summary: String,
    pub(crate) session_id: Option<String>,
    pub(crate) score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) explanation: Option<Vec<Contribution>>,
}

/// What one channel adds to a score.
#[derive(Serialize, Deserialize)]
pub(crate) struct Contribution {
    pub(crate) channel: String,
    pub(crate) score: f32,
}

/// A source message that may hold the answer.
#[derive(Serialize, Deserialize)]
pub(crate) struct Evidence {
    #[serde(flatten)]
    pub(crate) message: Source,
    pub(crate) score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) explanation: Option<Vec<Contribution>>,
}

impl Namespace {
    pub(crate) fn new(namespace: &model::Namespace, account: &model::AccountId) -> Self {
        Self {
            id: namespace.id.to_string(),
            name: namespace.name.to_string(),
            account_id: account.to_string(),
            created_at: namespace.created_at.to_string(),
            updated_at: namespace.updated_at.to_string(),
        }
    }
}

impl From<model::Profile> for Profile {
    fn from(profile: model::Profile) -> Self {
        Self { name: profile.name.to_string(), created_at: profile.created_at.to_string() }
    }
}

impl From<model::Memory> for Memory {
    fn from(memory: model::Memory) -> Self {
        Self {
            id: memory.id.to_string(),
            kind: memory.kind.as_str().to_owned(),
            summary: memory.summary,
            content: Some(memory.content),
            session_id: memory.session.map(|session| session.to_string()),
            created_at: memory.created_at.to_string(),
            updated_at: memory.updated_at.to_string(),
            superseded_by: memory.superseded_by.map(|id| id.to_string()),
            sources: None,
        }
    }
}

impl Memory {
    /// As it stands in a list.
    pub(crate) fn without_content(self) -> Self {
        Self { content: None, ..self }
    }
}

impl From<model::Message> for Source {
    fn from(message: model::Message) -> Self {
        Self {
            message_id: message.id.to_string(),
            session_id: message.session.to_string(),
            role: message.role.as_str().to_owned(),
            content: message.content,
            timestamp: message.at.instant.to_string(),
        }
    }
}

impl Recalled {
    /// As it is sent: evidence only when it was asked for.
    pub(crate) fn new(recalled: recall::Recalled, with_evidence: bool) -> Self {
        let evidence = recalled.evidence.into_iter().map(Evidence::from);
        Self {
            answer: recalled.answer,
            count: recalled.candidates.len(),
            candidates: recalled.candidates.into_iter().map(Candidate::from).collect(),
            evidence: with_evidence.then(|| evidence.collect()),
        }
    }
}

impl From<recall::Candidate> for Candidate {
    fn from(candidate: recall::Candidate) -> Self {
        Self {
            id: candidate.id.to_string(),
            summary: candidate.summary,
            session_id: candidate.session.map(|session| session.to_string()),
            score: candidate.score,
            explanation: explained(candidate.explanation),
        }
    }
}

impl From<recall::Evidence> for Evidence {
    fn from(evidence: recall::Evidence) -> Self {
        let recall::Evidence { message, score, explanation } = evidence;
        Self { message: message.into(), score, explanation: explained(explanation) }
    }
}

fn explained(explanation: Option<Vec<recall::Contribution>>) -> Option<Vec<Contribution>> {
    let shape = |part: recall::Contribution| Contribution { channel: part.channel.to_owned(), score: part.score };
    explanation.map(|parts| parts.into_iter().map(shape).collect())
}
