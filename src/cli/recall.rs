//! `mnemon recall`: a question, answered from what is kept.

use clap::{Args, ValueEnum};

use super::args::{InProfile, Missing};
use super::backend::{Contribution, Evidence, Recalled};
use super::failure::Failure;
use super::output::{Output, one_line};
use crate::clock::{Clock, SystemClock};
use crate::model::Moment;
use crate::recall::{RecallQuery, ResponseLength, ThinkingLevel};

const EXAMPLES: &str = "\
Examples:
  mnemon recall \"Where does Ana live?\" --profile ana
  mnemon recall \"What did we plan for last week?\" --date 2026-05-01 --evidence 5
  mnemon recall \"Where does Bo work?\" --explain
  mnemon recall \"Who is Bo?\" --level high --length short --json | jq -r .answer";

/// Answer a question from what is kept
///
/// Prints the answer, the memories it was looked for in and, with `--evidence`, the source messages. The answer is put
/// together from stored words; there is none when nothing matches.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Recall {
    /// The question, 1 to 1,024 bytes
    query: String,

    /// Source messages wanted, 0 to 100
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = evidence_limit)]
    evidence: usize,

    /// How much to look for: 10, 20 or 40 memories; and how many messages to read for the answer: none, 3 or 6
    #[arg(long, value_enum, default_value_t = Level::Low)]
    level: Level,

    /// How much to say
    #[arg(long, value_enum, default_value_t = Length::Medium)]
    length: Length,

    /// What "today" is in the question: ISO 8601, a date alone will do [default: now]
    #[arg(long, value_name = "DATE", value_parser = moment)]
    date: Option<Moment>,

    /// Show which channels found what, and with what score
    #[arg(long)]
    explain: bool,

    #[command(flatten)]
    at: InProfile,
}

#[derive(Clone, Copy, ValueEnum)]
enum Level {
    Low,
    Medium,
    High,
}

#[derive(Clone, Copy, ValueEnum)]
enum Length {
    Short,
    Medium,
    Long,
}

impl Recall {
    pub(super) fn run(self, out: &Output) -> Result<(), Failure> {
        let backend = self.at.open(Missing::Refuse)?;
        let at = self.at.address();
        let recalled = backend.recall(&at, &self.into_query())?;
        backend.close()?;
        out.result(&recalled, |out| show(&recalled, out))
    }

    fn into_query(self) -> RecallQuery {
        RecallQuery {
            text: self.query,
            reference: self.date.unwrap_or_else(|| Moment::utc(SystemClock.now())),
            thinking: match self.level {
                Level::Low => ThinkingLevel::Low,
                Level::Medium => ThinkingLevel::Medium,
                Level::High => ThinkingLevel::High,
            },
            length: match self.length {
                Length::Short => ResponseLength::Short,
                Length::Medium => ResponseLength::Medium,
                Length::Long => ResponseLength::Long,
            },
            evidence_limit: self.evidence,
            explain: self.explain,
            without: None,
        }
    }
}

fn show(recalled: &Recalled, out: &Output) -> Result<(), Failure> {
    if recalled.answer.is_empty() {
        out.note("no answer: nothing that is kept matches well enough\n");
    } else {
        out.text(&format!("{}\n", recalled.answer))?;
    }
    if !recalled.candidates.is_empty() {
        let rows: Vec<_> = recalled
            .candidates
            .iter()
            .map(|c| [format!("{:.3}", c.score), c.id.clone(), one_line(&c.summary)])
            .collect();
        out.table(["SCORE", "MEMORY", "SUMMARY"], &rows)?;
        let explained = recalled.candidates.iter().filter_map(|c| Some((c.score, c.explanation.as_deref()?)));
        explain(&explained.collect::<Vec<_>>(), out)?;
    }
    show_evidence(recalled.evidence.as_deref().unwrap_or_default(), out)
}

fn show_evidence(evidence: &[Evidence], out: &Output) -> Result<(), Failure> {
    if evidence.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = evidence
        .iter()
        .map(|Evidence { message, score, .. }| {
            [
                format!("{score:.3}"),
                message.session_id.clone(),
                message.timestamp.clone(),
                message.role.clone(),
                one_line(&message.content),
            ]
        })
        .collect();
    out.text("")?;
    out.table(["SCORE", "SESSION", "TIME", "ROLE", "MESSAGE"], &rows)?;
    let explained = evidence.iter().filter_map(|e| Some((e.score, e.explanation.as_deref()?)));
    explain(&explained.collect::<Vec<_>>(), out)
}

/// What each channel adds to the scores of the rows above, in their order; channels that say nothing of any row are left out.
fn explain(rows: &[(f32, &[Contribution])], out: &Output) -> Result<(), Failure> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut channels: Vec<&str> = Vec::new();
    for part in rows.iter().flat_map(|(_, parts)| *parts) {
        if !channels.contains(&part.channel.as_str()) {
            channels.push(&part.channel);
        }
    }
    let row = |(n, (score, parts)): (usize, &(f32, &[Contribution]))| -> Vec<String> {
        let told = |channel: &&str| parts.iter().find(|part| part.channel == **channel);
        let cells =
            channels.iter().map(|channel| told(channel).map_or_else(String::new, |p| format!("{:.3}", p.score)));
        [(n + 1).to_string(), format!("{score:.3}")].into_iter().chain(cells).collect()
    };
    let table: Vec<Vec<String>> = rows.iter().enumerate().map(row).collect();
    let header: Vec<String> = channels.iter().map(|channel| channel.to_uppercase()).collect();
    let header: Vec<&str> = ["#", "SCORE"].into_iter().chain(header.iter().map(String::as_str)).collect();
    out.text("")?;
    out.grid(&header, &table)
}

fn evidence_limit(text: &str) -> Result<usize, String> {
    use crate::model::limits::EVIDENCE;
    match text.parse() {
        Ok(n) if n <= EVIDENCE => Ok(n),
        _ => Err(format!("it must be 0 to {EVIDENCE} messages")),
    }
}

pub(super) fn moment(text: &str) -> Result<Moment, &'static str> {
    Moment::parse(text).ok_or("it must be ISO 8601, such as `2026-05-01` or `2026-05-01T18:30:00+02:00`")
}
