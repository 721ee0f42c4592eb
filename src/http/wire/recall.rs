//! Questions and answers.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::fields::{Fields, FromJson, moment_or_nothing, required};
use super::ingest::RoleName;
use crate::error::{Error, Result};
use crate::model::limits::{EVIDENCE, QUERY_BYTES};
use crate::model::{Moment, SessionId};
use crate::recall::{self, RecallQuery, ResponseLength, ThinkingLevel};

/// A question.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(in crate::http) struct Recall {
    /// The question; 1 to 1,024 bytes in UTF-8.
    #[schema(min_length = 1, max_length = 1024)]
    query: String,
    /// "Today", for relative dates in the query: ISO 8601 with an offset, or a date alone. Now when left out.
    #[schema(schema_with = moment_or_nothing, required = false)]
    reference_date: Option<Moment>,
    /// How much to look for: 10, 20 or 40 candidates at most.
    #[schema(inline, value_type = Option<Level>, default = "low")]
    thinking_level: ThinkingLevel,
    /// How much to say.
    #[schema(inline, value_type = Option<Length>, default = "medium")]
    response_length: ResponseLength,
    /// Source messages wanted.
    #[schema(value_type = Option<u32>, maximum = 100, default = 0)]
    evidence_limit: usize,
    /// Whether each candidate and each source message says which channels found it, and with what score.
    #[schema(value_type = Option<bool>, default = false)]
    explain: bool,
}

/// How much to look for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "its schema names the words")]
enum Level {
    Low,
    Medium,
    High,
}

/// How much to say.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "its schema names the words")]
enum Length {
    Short,
    Medium,
    Long,
}

const LEVELS: [(&str, ThinkingLevel); 3] =
    [("low", ThinkingLevel::Low), ("medium", ThinkingLevel::Medium), ("high", ThinkingLevel::High)];
const LENGTHS: [(&str, ResponseLength); 3] =
    [("short", ResponseLength::Short), ("medium", ResponseLength::Medium), ("long", ResponseLength::Long)];

impl FromJson for Recall {
    fn from_json(value: Value) -> Result<Self> {
        let mut fields = Fields::of(value)?;
        let query = required("query", fields.text("query")?)?;
        if !(1..=QUERY_BYTES).contains(&query.len()) {
            let message = format!("query has {} bytes, it must have 1 to {QUERY_BYTES}", query.len());
            return Err(Error::invalid("/query", message));
        }
        Ok(Self {
            query,
            reference_date: fields.moment("referenceDate")?,
            thinking_level: fields.choice("thinkingLevel", &LEVELS)?.unwrap_or_default(),
            response_length: fields.choice("responseLength", &LENGTHS)?.unwrap_or_default(),
            evidence_limit: fields.whole("evidenceLimit", 0..=EVIDENCE)?.unwrap_or_default(),
            explain: fields.flag("explain")?.unwrap_or_default(),
        })
    }
}

impl Recall {
    /// The question as the engine takes it; `now` is "today" when it does not say.
    pub(in crate::http) fn asked(self, now: Moment) -> RecallQuery {
        RecallQuery {
            text: self.query,
            reference: self.reference_date.unwrap_or(now),
            thinking: self.thinking_level,
            length: self.response_length,
            evidence_limit: self.evidence_limit,
            explain: self.explain,
            without: None,
        }
    }
}

/// What was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Recalled {
    /// Put together from what was found; empty when nothing matches.
    answer: String,
    /// How many candidates there are.
    count: usize,
    /// Memories that may hold the answer, best first.
    candidates: Vec<Candidate>,
    /// Source messages that may hold the answer, best first, when they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    evidence: Option<Vec<Evidence>>,
}

/// A memory that may hold the answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Candidate {
    /// The memory's id.
    id: String,
    /// A short form of its content.
    summary: String,
    /// The conversation it was last said in; null when there is none.
    #[schema(required)]
    session_id: Option<String>,
    /// Comparable within one answer only.
    score: f32,
    /// What each channel adds to the score, or takes from it, when `explain` asked for it; they sum to the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    explanation: Option<Vec<Contribution>>,
}

/// What one channel adds to a score.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Contribution {
    /// The channel. Of candidates: vector, words, source, kind, topic, time, sameSession. Of source messages: vector, statement,
    /// neighbours, sessionVector, words, sessionWords, length, question, speaker, role, time. Others may be added.
    channel: &'static str,
    /// Below zero when it speaks against.
    score: f32,
}

impl From<recall::Contribution> for Contribution {
    fn from(recall::Contribution { channel, score }: recall::Contribution) -> Self {
        Self { channel, score }
    }
}

fn explained(explanation: Option<Vec<recall::Contribution>>) -> Option<Vec<Contribution>> {
    explanation.map(|channels| channels.into_iter().map(Contribution::from).collect())
}

/// A source message that may hold the answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Evidence {
    /// Its identity, in hexadecimal.
    message_id: String,
    /// The conversation it belongs to.
    session_id: String,
    /// Who wrote it.
    role: RoleName,
    /// Verbatim.
    content: String,
    /// When it was written.
    #[schema(format = DateTime)]
    timestamp: String,
    /// Comparable within one answer only.
    score: f32,
    /// What each channel adds to the score, or takes from it, when `explain` asked for it; they sum to the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    explanation: Option<Vec<Contribution>>,
}

impl Recalled {
    /// What was found; evidence only when it was asked for.
    pub(in crate::http) fn of(found: recall::Recalled, with_evidence: bool) -> Self {
        let evidence = with_evidence.then(|| found.evidence.into_iter().map(Evidence::from).collect());
        let candidates: Vec<_> = found.candidates.into_iter().map(Candidate::from).collect();
        Self { answer: found.answer, count: candidates.len(), candidates, evidence }
    }
}

impl From<recall::Candidate> for Candidate {
    fn from(candidate: recall::Candidate) -> Self {
        let session_id = candidate.session.map(|session| session.to_string());
        Self {
            id: candidate.id.to_string(),
            summary: candidate.summary,
            session_id,
            score: candidate.score,
            explanation: explained(candidate.explanation),
        }
    }
}

impl From<recall::Evidence> for Evidence {
    fn from(recall::Evidence { message, score, explanation }: recall::Evidence) -> Self {
        Self {
            message_id: message.id.to_string(),
            session_id: message.session.to_string(),
            role: message.role.into(),
            content: message.content,
            timestamp: message.at.instant.to_string(),
            score,
            explanation: explained(explanation),
        }
    }
}

/// What a summary is to tell of.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(in crate::http) struct Summarise {
    /// The conversation that Last Session tells of; the newest when left out.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    pub(in crate::http) session_id: Option<SessionId>,
}

impl FromJson for Summarise {
    fn from_json(value: Value) -> Result<Self> {
        Ok(Self { session_id: Fields::of(value)?.session()? })
    }
}

/// What is known, for a prompt.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Summary {
    /// Markdown.
    pub(in crate::http) summary: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_question_alone_takes_the_defaults() {
        let now = Moment::parse("2026-05-01").unwrap();
        let query = Recall::from_json(json!({"query": "where?"})).unwrap().asked(now);
        assert_eq!((query.reference, query.evidence_limit), (now, 0));
        assert_eq!((query.thinking, query.length), (ThinkingLevel::Low, ResponseLength::Medium));
    }

    #[test]
    fn errors_point_to_the_field() {
        for (field, bad) in [
            ("query", json!("")),
            ("query", json!("ä".repeat(513))),
            ("query", json!(["x"])),
            ("referenceDate", json!("yesterday")),
            ("referenceDate", json!(20_260_501)),
            ("thinkingLevel", json!("extreme")),
            ("responseLength", json!("LONG")),
            ("evidenceLimit", json!(101)),
            ("evidenceLimit", json!(-1)),
            ("evidenceLimit", json!(1.5)),
            ("evidenceLimit", json!("10")),
            ("explain", json!("true")),
        ] {
            let mut body = json!({"query": "x"});
            body[field] = bad.clone();
            let Err(error) = Recall::from_json(body) else { panic!("{field} {bad} was accepted") };
            assert_eq!(error.pointer(), Some(format!("/{field}").as_str()), "{bad}");
        }
        assert!(Recall::from_json(json!({"query": "ä".repeat(512), "evidenceLimit": 100})).is_ok());
    }
}
