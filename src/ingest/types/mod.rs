//! The type of a statement, by a classifier of our own: what the rules of `kind.rs` leave open or get wrong.
//!
//! A linear model (`learn`), trained on `examples.tsv`, written for this project, by `make types` (`train.rs`); the result is
//! `weights.tsv`. It overrules a rule only when it is sure.

mod train;

pub use super::learn::Example;
pub use train::{Report, Training, examples};

use std::sync::LazyLock;

use super::draft::Draft;
use super::learn::{ALWAYS, Weights, features};
use super::render::is_english;
use super::sentences::split;
use super::topic::topic;
use super::words::tokenize;
use crate::model::{MemoryType, ModelIdentity, UnitVector};

/// What was learnt: one number a type, in the order of [`MemoryType::ALL`].
static BUILT_IN: LazyLock<Weights<4>> = LazyLock::new(|| Weights::parse(include_str!("weights.tsv")));

/// From this probability on, the classifier overrules the rules: `make types` prints how often it is right then, .96 at this writing.
/// From .5 on it would overrule more, be right in .93 of the cases, and take some plain facts for tasks, which have no vector.
const SURE: f32 = 0.6;

/// Gives each draft the type that the classifier is sure of, and says which drafts got another than the rules gave them. A draft
/// whose place says what it is, such as an item of a list of things to do, keeps its type.
///
/// `vectors` are the drafts' own, by `model`.
pub fn settle_types(drafts: &mut [Draft], vectors: &[UnitVector], model: &ModelIdentity) -> Vec<usize> {
    let weights = &*BUILT_IN;
    let mut changed = Vec::new();
    for (index, draft) in drafts.iter_mut().enumerate().filter(|(_, draft)| !draft.kind_is_certain) {
        let vector = vectors.get(index).filter(|_| weights.is_for(model));
        let (kind, probability) = classify(weights, &draft.content, draft.kind, vector);
        if kind != draft.kind && probability >= SURE {
            retype(draft, kind);
            changed.push(index);
        }
    }
    changed
}

/// The likeliest type of a statement that the rules call `by_rule`, with its probability.
fn classify(weights: &Weights<4>, text: &str, by_rule: MemoryType, vector: Option<&UnitVector>) -> (MemoryType, f32) {
    let mut named = features(text);
    named.extend(by_rules(by_rule));
    let likely = MemoryType::ALL.into_iter().zip(weights.classify(&named, vector));
    likely.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((MemoryType::Fact, 0.0))
}

/// The features beside a statement's words: what there always is, and what the rules say.
fn by_rules(kind: MemoryType) -> [String; 2] {
    [ALWAYS.to_owned(), format!("rule:{}", kind.as_str())]
}

/// What depends on the type is made anew.
fn retype(draft: &mut Draft, kind: MemoryType) {
    let tokens = tokenize(&draft.content);
    draft.kind = kind;
    draft.topic = if split(&draft.content).len() == 1 && is_english(&tokens) { topic(&tokens, kind) } else { None };
    draft.ends = draft.ends.take().filter(|_| kind != MemoryType::Task);
}

/// Why a draft has the type that the classifier gave it.
pub(super) fn reason(kind: MemoryType) -> &'static str {
    match kind {
        MemoryType::Fact => "a fact: most like the facts that the classifier learnt from",
        MemoryType::Event => "an event: most like the events that the classifier learnt from",
        MemoryType::Instruction => "an instruction: most like the instructions that the classifier learnt from",
        MemoryType::Task => "a task: most like the tasks that the classifier learnt from",
    }
}

#[cfg(test)]
mod tests {
    use super::super::extract::remembered;
    use super::*;
    use crate::model::{Moment, Pooling, Timestamp};

    fn draft(text: &str, kind: MemoryType) -> Draft {
        Draft { kind, ..remembered(text, Moment::utc(Timestamp::MIN)) }
    }

    /// A model that the classifier was not trained with.
    fn another() -> ModelIdentity {
        ModelIdentity { name: "other".into(), sha256: [7; 32], dimension: 384, pooling: Pooling::Mean }
    }

    #[test]
    fn a_rule_is_overruled_when_the_classifier_is_sure() {
        let mut drafts = [draft("The shed still needs painting.", MemoryType::Fact)];
        assert_eq!(settle_types(&mut drafts, &[], &another()), [0]);
        assert_eq!((drafts[0].kind, drafts[0].topic.is_none()), (MemoryType::Task, true));
    }

    #[test]
    fn what_becomes_a_fact_gets_its_topic() {
        let fact = draft("The user's landlord is Mr Osei.", MemoryType::Fact);
        assert!(fact.topic.is_some());
        let mut task = Draft { kind: MemoryType::Task, topic: None, ..fact.clone() };
        retype(&mut task, MemoryType::Fact);
        assert_eq!(task, fact);
    }

    #[test]
    fn where_a_statement_stands_outweighs_its_words() {
        let mut drafts = [Draft { kind_is_certain: true, ..draft("The shed is green.", MemoryType::Task) }];
        assert!(settle_types(&mut drafts, &[], &another()).is_empty());
        assert_eq!(drafts[0].kind, MemoryType::Task);
    }

    #[test]
    fn words_alone_type_what_the_rules_leave_open() {
        use MemoryType::{Fact, Instruction, Task};
        for (text, kind) in [
            ("Ines is supposed to bring back the drill", Task),
            ("The gate still needs oiling", Task),
            ("Should I ever paste a stack trace, start with the cause", Instruction),
            ("The user wants replies to be brief.", Instruction),
            ("My brother runs a kennel", Fact),
        ] {
            assert_eq!(classify(&BUILT_IN, text, Fact, None).0, kind, "{text}");
        }
    }

    #[test]
    fn a_vector_of_another_model_changes_nothing() {
        let vector = UnitVector::normalise((0..384_u16).map(|i| f32::from(i % 7) - 3.0).collect()).unwrap();
        let of = |vectors: &[UnitVector]| {
            let mut drafts = [draft("The shed still needs painting.", MemoryType::Fact)];
            settle_types(&mut drafts, vectors, &another());
            drafts
        };
        assert_eq!(of(&[vector]), of(&[]));
    }
}
