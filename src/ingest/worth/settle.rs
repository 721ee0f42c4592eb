//! The last word on an extraction: what is kept, and with which type.

use super::{BUILT_IN, is_kept, probability};
use crate::ingest::date_words::small_number;
use crate::ingest::draft::{Doubt, Doubtful, Draft, Dropped, Extraction, Verdict};
use crate::ingest::types::{reason, settle_types};
use crate::ingest::words::{has_any, tokenize};
use crate::model::{ModelIdentity, UnitVector};

const KEPT_AFTER_ALL: &str = "most like what the classifier learnt to keep";

/// A draft with its vector, and where it comes from: a draft's index, or the sentence that was left out.
struct Candidate {
    draft: Draft,
    vector: Option<UnitVector>,
    from: Result<usize, usize>,
}

/// Whether a draft in doubt is kept. What the rules keep on a topic is, or as what holds otherwise than before: it may be the newest word on it, and
/// without it the old one holds.
fn keeps(draft: &Draft, doubt: Doubt, vector: Option<&UnitVector>) -> bool {
    let by_rules = doubt.out.is_none();
    (by_rules && (draft.topic.is_some() || holds_otherwise(&draft.content)))
        || is_kept(by_rules, probability(&BUILT_IN, draft, doubt, vector))
}

/// `I walk with one stick now`, `it's honey in my tea these days`. Much that is so "now" passes; not an amount.
fn holds_otherwise(content: &str) -> bool {
    let tokens = tokenize(content);
    let counted = || tokens.iter().any(|token| token.has_digit() || small_number(&token.low).is_some());
    has_any(&tokens, "these days|nowadays|no longer|anymore|any more") || (has_any(&tokens, "now") && counted())
}

impl Extraction {
    /// The texts whose vectors [`settle`](Self::settle) wants: those of the drafts, then those in doubt.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let drafts = self.drafts.iter().chain(self.doubtful.iter().map(|doubtful| &doubtful.draft));
        drafts.map(|draft| draft.content.as_str())
    }

    /// Lets the classifiers overrule the rules where they are sure: first what is kept, then of which type it is. Nothing is in
    /// doubt afterwards. Gives the vectors of the drafts that are left, in their order.
    ///
    /// `vectors` are those of [`texts`](Self::texts), by `model`; where some are missing, words alone decide.
    pub fn settle(&mut self, vectors: Vec<UnitVector>, model: &ModelIdentity) -> Vec<UnitVector> {
        let is_for = BUILT_IN.is_for(model);
        let mut places = vec![None; self.drafts.len()];
        let mut left = Vec::new();
        for candidate in self.candidates(vectors) {
            let vector = candidate.vector.as_ref().filter(|_| is_for);
            if !candidate.draft.doubt.is_none_or(|doubt| keeps(&candidate.draft, doubt, vector)) {
                continue;
            }
            self.place(candidate.from, self.drafts.len(), &mut places);
            left.extend(candidate.vector);
            self.drafts.push(Draft { doubt: None, ..candidate.draft });
        }
        self.rename(&places);
        let changed = settle_types(&mut self.drafts, &left, model);
        self.explain(&changed);
        left
    }

    /// Takes out all drafts, those in doubt where they would stand.
    fn candidates(&mut self, vectors: Vec<UnitVector>) -> Vec<Candidate> {
        let mut vectors = vectors.into_iter();
        let mut of_drafts = self.drafts.iter().map(|_| vectors.next()).collect::<Vec<_>>().into_iter();
        let mut doubtful = std::mem::take(&mut self.doubtful).into_iter().map(|d| (d, vectors.next())).peekable();
        let mut found = Vec::new();
        let aside = |(Doubtful { draft, verdict, .. }, vector)| Candidate { draft, vector, from: Err(verdict) };
        for (index, draft) in std::mem::take(&mut self.drafts).into_iter().enumerate() {
            while let Some(next) = doubtful.next_if(|(d, _)| d.before <= index) {
                found.push(aside(next));
            }
            found.push(Candidate { draft, vector: of_drafts.next().flatten(), from: Ok(index) });
        }
        found.extend(doubtful.map(aside));
        found
    }

    /// Notes where what is kept stands now.
    fn place(&mut self, from: Result<usize, usize>, place: usize, places: &mut [Option<usize>]) {
        match from {
            Ok(index) => {
                if let Some(own) = places.get_mut(index) {
                    *own = Some(place);
                }
            }
            // Until all are placed, told apart from what was kept before by its number.
            Err(verdict) => {
                if let Some(verdict) = self.verdicts.get_mut(verdict) {
                    verdict.verdict = Verdict::Kept { draft: places.len() + place, because: KEPT_AFTER_ALL };
                }
            }
        }
    }

    /// Lets the verdicts name drafts by where they stand now.
    fn rename(&mut self, places: &[Option<usize>]) {
        for verdict in &mut self.verdicts {
            if let Verdict::Kept { draft, because } = verdict.verdict {
                verdict.verdict = match places.get(draft) {
                    Some(Some(place)) => Verdict::Kept { draft: *place, because },
                    Some(None) => Verdict::Dropped(Dropped::Passing),
                    None => Verdict::Kept { draft: draft - places.len(), because },
                };
            }
        }
    }

    /// Gives the sentences of drafts that the classifier of types changed the reason.
    fn explain(&mut self, changed: &[usize]) {
        for verdict in &mut self.verdicts {
            if let Verdict::Kept { draft, because } = &mut verdict.verdict
                && changed.contains(draft)
                && let Some(draft) = self.drafts.get(*draft)
            {
                *because = reason(draft.kind);
            }
        }
    }
}
