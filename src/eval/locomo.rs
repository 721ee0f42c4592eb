//! LoCoMo's format: long dialogs between two people, in sessions, with questions and the turns that answer them.
//!
//! Both people write as the user, as `Name: text`, with a photo's caption behind what was said of it.

use std::collections::HashMap;

use jiff::civil::DateTime;
use serde::Deserialize;
use serde_json::Value;

use super::dataset::{Dataset, DatasetError, Dialog, Question, Wanted};
use crate::model::{MessageId, Moment, NewMessage, Role, SessionId};

/// Questions of the category 5 cannot be answered from the dialog.
const UNANSWERABLE: u64 = 5;
/// The names of the categories, from 1.
const CATEGORIES: [&str; 5] = ["multi-hop", "temporal", "open-domain", "single-hop", "unanswerable"];

#[derive(Deserialize)]
struct Sample {
    conversation: serde_json::Map<String, Value>,
    qa: Vec<Qa>,
}

#[derive(Deserialize)]
struct TurnRow {
    speaker: String,
    text: String,
    dia_id: String,
    blip_caption: Option<String>,
}

#[derive(Deserialize)]
struct Qa {
    question: String,
    #[serde(default)]
    answer: Value,
    #[serde(default)]
    evidence: Vec<String>,
    category: u64,
}

pub(super) fn parse(text: &str) -> Result<Dataset, DatasetError> {
    let wrong = |dialog, why: String| DatasetError::Locomo { dialog, why };
    let samples: Vec<Value> = serde_json::from_str(text).map_err(|error| wrong(0, error.to_string()))?;
    let dialog = |(index, sample): (usize, Value)| {
        let sample = serde_json::from_value(sample).map_err(|error| wrong(index, error.to_string()))?;
        dialog(sample).map_err(|why| wrong(index, why))
    };
    Ok(Dataset { dialogs: samples.into_iter().enumerate().map(dialog).collect::<Result<_, _>>()? })
}

fn dialog(sample: Sample) -> Result<Dialog, String> {
    let mut dialog = Dialog::default();
    let mut ids = HashMap::new();
    for n in 1.. {
        let Some(time) = sample.conversation.get(&format!("session_{n}_date_time")) else { break };
        let at = time.as_str().and_then(moment).ok_or_else(|| format!("session_{n}_date_time is no time: {time}"))?;
        let turns = sample.conversation.get(&format!("session_{n}")).cloned().unwrap_or(Value::Array(Vec::new()));
        let turns: Vec<TurnRow> = serde_json::from_value(turns).map_err(|error| format!("session_{n}: {error}"))?;
        let session = SessionId::parse(&format!("session-{n}")).map_err(|error| error.to_string())?;
        for turn in turns {
            let photo = turn.blip_caption.map_or(String::new(), |caption| format!(" [shares a photo: {caption}]"));
            let content = format!("{}: {}{photo}", turn.speaker, turn.text);
            ids.insert(turn.dia_id, MessageId::of(&session, Role::User, &content));
            let message = NewMessage::new(Role::User, content, Some(at)).map_err(|error| error.to_string())?;
            dialog.hear(session.clone(), message);
        }
    }
    let questions = sample.qa.into_iter().map(|qa| question(qa, &ids));
    dialog.questions = questions.filter(|question| !question.wanted.evidence.is_empty()).collect();
    Ok(dialog)
}

fn question(qa: Qa, ids: &HashMap<String, MessageId>) -> Question {
    // One entry may name several turns: "D8:6; D9:17".
    let named = qa.evidence.iter().flat_map(|entry| entry.split([';', ',', ' ']));
    let mut evidence: Vec<MessageId> = named.filter_map(|turn| ids.get(turn.trim())).copied().collect();
    evidence.sort_unstable();
    evidence.dedup();
    let answer = match &qa.answer {
        _ if qa.category == UNANSWERABLE => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let place = usize::try_from(qa.category).ok().and_then(|category| category.checked_sub(1));
    Question {
        text: qa.question,
        category: place.and_then(|place| CATEGORIES.get(place)).map_or("other", |name| *name).to_owned(),
        reference: None,
        wanted: Wanted { evidence, memories: Vec::new(), answer: Some(answer) },
    }
}

/// `1:56 pm on 8 May, 2023`, read as UTC.
fn moment(text: &str) -> Option<Moment> {
    let at = DateTime::strptime("%I:%M %p on %d %B, %Y", text).ok()?;
    Moment::parse(&format!("{}Z", at.strftime("%Y-%m-%dT%H:%M:%S")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"[{"sample_id": "x", "conversation": {"speaker_a": "Ines", "session_1_date_time": "9:05 am on 3 March, 2024",
        "session_1": [{"speaker": "Ines", "dia_id": "D1:1", "text": "I sold the loom."},
                      {"speaker": "Otto", "dia_id": "D1:2", "text": "Look!", "blip_caption": "a red kayak"}]},
        "qa": [{"question": "What did Ines sell?", "answer": "a loom", "evidence": ["D1:1; D1:2"], "category": 4},
               {"question": "What did Otto sell?", "adversarial_answer": "a loom", "evidence": ["D1:1"], "category": 5},
               {"question": "Why?", "answer": 3, "evidence": [], "category": 1}]}]"#;

    #[test]
    fn dialogs_are_read_with_their_questions() {
        let dataset = parse(SAMPLE).unwrap();
        let [dialog] = &dataset.dialogs[..] else { panic!("one dialog") };
        let messages = &dialog.sessions[0].messages;
        assert_eq!(messages[1].content, "Otto: Look! [shares a photo: a red kayak]");
        assert_eq!(messages[0].at, Moment::parse("2024-03-03T09:05:00Z"));
        let [sold, unknown] = &dialog.questions[..] else { panic!("two questions have evidence") };
        assert_eq!((sold.category.as_str(), sold.wanted.evidence.len()), ("single-hop", 2));
        assert_eq!((unknown.category.as_str(), unknown.wanted.answer.as_deref()), ("unanswerable", Some("")));
    }

    #[test]
    fn a_wrong_file_is_named_by_its_dialog() {
        let why = |text: &str| parse(text).unwrap_err().to_string();
        assert!(why("[1]").starts_with("the dialog of index 0: invalid type"));
        let late = SAMPLE.replace("9:05 am on", "later on");
        assert!(why(&late).contains("session_1_date_time is no time"), "{}", why(&late));
    }
}
