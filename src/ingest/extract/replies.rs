//! What takes two turns, or the question itself, to be said: answers, confirmations, and what a question takes for granted.

use super::{QUESTION_REACH, Reader};
use crate::ingest::answers;
use crate::ingest::compose::Statement;
use crate::ingest::draft::{Dropped, Verdict};
use crate::ingest::duty::wishes_form;
use crate::ingest::kind::classify;
use crate::ingest::name_given::{is_spelling, spelled};
use crate::ingest::presupposed;
use crate::ingest::question::{question, without_lead};
use crate::ingest::scene::Scene;
use crate::ingest::secrets::holds_secret;
use crate::ingest::select::judge_granted;
use crate::ingest::sentences::{Part, Sentence, split};
use crate::ingest::words::{Token, count_words};
use crate::model::{MemoryType, Role};

impl Reader<'_> {
    /// Keeps what a question takes for granted. The question itself goes.
    pub(super) fn granted(&mut self, scene: &mut Scene, clause: &[Token]) -> bool {
        let stated = presupposed::granted(clause).filter(|_| !scene.reading.exercise);
        let Some(kept) = stated.and_then(|stated| judge_granted(&stated, scene.reading)) else { return false };
        let sources = vec![scene.turn];
        let draft = self.keep(
            scene,
            &Statement { tokens: kept.tokens, kind: kept.kind, sources, kind_is_certain: false, leans: false },
        );
        self.verdict(scene.turn, clause, Verdict::Kept { draft, because: "a question takes it for granted" });
        true
    }

    /// Joins the turn's first sentence to the question before it. Says how many sentences are dealt with.
    pub(super) fn answer(&mut self, scene: &mut Scene, sentences: &[Sentence]) -> Option<usize> {
        let first = sentences.iter().position(|s| s.part == Part::Prose && count_words(&s.tokens) > 0)?;
        let said = &sentences.get(first)?.tokens;
        let (asked_at, asked) = self.question_before(scene)?;
        let joined = match question(&asked) {
            _ if is_spelling(said) => spelled(&asked, said)?,
            Some(question) => answers::join(&question, said)?,
            None => confirmed_statement(&asked, said)?,
        };
        if !self.options.keep_secrets && holds_secret(&joined.tokens) {
            self.verdict(scene.turn, said, Verdict::Dropped(Dropped::Secret));
            return Some(first + 1);
        }
        let kind_is_certain = joined.is_rule;
        let (kind, because) = if kind_is_certain {
            (MemoryType::Instruction, "an instruction: the answer says how")
        } else {
            let (kind, because) = classify(&joined.tokens);
            let own = kind != MemoryType::Instruction || wishes_form(&joined.tokens);
            (if own { kind } else { MemoryType::Fact }, because)
        };
        let sources = vec![asked_at, scene.turn];
        let draft =
            self.keep(scene, &Statement { tokens: joined.tokens, kind, kind_is_certain, sources, leans: false });
        self.verdict(scene.turn, said, Verdict::Kept { draft, because });
        Some(if joined.takes_all { first + 1 } else { first })
    }

    /// The sentences of the message that this turn answers: the one before it, written by someone else.
    fn question_before(&self, scene: &Scene) -> Option<(usize, Vec<Vec<Token>>)> {
        let before = self.turns.get(..scene.turn)?;
        let (index, turn) =
            before.iter().enumerate().rev().take(QUESTION_REACH).find(|(_, t)| t.role != Role::System)?;
        let (name, body) = self.speaker(*turn);
        let same_speaker = turn.role == Role::User && name.is_none_or(|name| name == scene.person.name);
        if same_speaker {
            return None;
        }
        let sentences =
            split(body).into_iter().filter(|s| matches!(s.part, Part::Prose | Part::Item)).map(|s| s.tokens);
        Some((index, sentences.collect()))
    }
}

/// "You train on Mondays." "Correct."
fn confirmed_statement(asked: &[Vec<Token>], said: &[Token]) -> Option<answers::Joined> {
    let last = asked.last().filter(|_| answers::is_confirmation(said))?;
    let about_user = last.iter().any(|t| t.is_any(&["you", "your"]));
    let question: Vec<Token> =
        without_lead(last).iter().filter(|t| t.is_wordy() || !t.text.starts_with(['.', '!'])).cloned().collect();
    answers::join(&question, said).filter(|_| about_user)
}
