//! Keeping a dataset's conversations, and asking its questions.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::dataset::{Dataset, Dialog, Question};
use super::figures::{EVIDENCE_AT, Figures};
use crate::clock::{Clock, SystemClock};
use crate::embed::{Embedder, Reader};
use crate::engine::{Engine, EngineOptions, ProfileAddress};
use crate::error::Result;
use crate::model::limits::MESSAGES_PER_INGEST;
use crate::model::{AccountId, ModelIdentity, Moment, NamespaceName, ProfileName, UnitVector};
use crate::recall::{RecallQuery, ResponseLength, ThinkingLevel, channels};

/// A way to ask: a name, and what is other than in a plain recall with short answers.
pub struct Variant {
    /// For people.
    pub name: String,
    /// Changes the question.
    pub change: Box<dyn Fn(&mut RecallQuery)>,
}

impl Variant {
    /// As it is asked without more.
    #[must_use]
    pub fn plain() -> Self {
        Self::new("all questions".to_owned(), |_| {})
    }

    /// With more thinking, and with each channel left out in turn.
    #[must_use]
    pub fn ablations() -> Vec<Self> {
        let thinking = [("medium", ThinkingLevel::Medium), ("high", ThinkingLevel::High)].map(|(name, level)| {
            Self::new(format!("thinking {name}"), move |query: &mut RecallQuery| query.thinking = level)
        });
        let without = channels().into_iter().map(|channel| {
            Self::new(format!("without {channel}"), move |query: &mut RecallQuery| query.without = Some(channel))
        });
        thinking.into_iter().chain(without).collect()
    }

    fn new(name: String, change: impl Fn(&mut RecallQuery) + 'static) -> Self {
        Self { name, change: Box::new(change) }
    }
}

/// A dataset's conversations, kept and ready to be asked about.
pub struct Evaluation<'a> {
    dataset: &'a Dataset,
    engine: Engine,
    embedder: Arc<Timed>,
}

impl<'a> Evaluation<'a> {
    /// Ingests every conversation into `folder`, which should be empty. `heard` is told how many messages are kept.
    ///
    /// # Errors
    /// Whatever the engine fails with.
    pub fn new(
        dataset: &'a Dataset,
        embedder: Arc<dyn Embedder>,
        folder: &Path,
        heard: &dyn Fn(usize),
    ) -> Result<Self> {
        let embedder = Arc::new(Timed { inner: embedder, nanos: AtomicU64::new(0) });
        let engine = Engine::open(EngineOptions::new(folder, Arc::clone(&embedder) as Arc<dyn Embedder>))?;
        let mut kept = 0;
        for (number, dialog) in dataset.dialogs.iter().enumerate() {
            let at = address(number)?;
            if number == 0 {
                engine.create_namespace(&at.account, &at.namespace)?;
            }
            for session in &dialog.sessions {
                for messages in session.messages.chunks(MESSAGES_PER_INGEST) {
                    engine.ingest(&at, Some(&session.id), messages)?;
                    kept += messages.len();
                    heard(kept);
                }
            }
        }
        Ok(Self { dataset, engine, embedder })
    }

    /// Asks every question that way. `asked` is told how many were.
    ///
    /// # Errors
    /// Whatever the engine fails with.
    pub fn ask(&self, variant: &Variant, asked: &dyn Fn(usize)) -> Result<Figures> {
        let mut figures = Figures::default();
        let mut count = 0;
        for (number, dialog) in self.dataset.dialogs.iter().enumerate() {
            let at = address(number)?;
            for question in &dialog.questions {
                let mut query = query(question, dialog);
                (variant.change)(&mut query);
                let began = Instant::now();
                let recalled = self.engine.recall(&at, &query)?;
                let (whole, embedding) = (began.elapsed(), self.embedder.take());
                figures.add(question, &recalled);
                figures.recalls.push(whole.saturating_sub(embedding));
                figures.embeddings.push(embedding);
                count += 1;
                asked(count);
            }
        }
        figures.recalls.sort_unstable();
        figures.embeddings.sort_unstable();
        Ok(figures)
    }

    /// Closes the data.
    ///
    /// # Errors
    /// Whatever the engine fails with.
    pub fn close(self) -> Result<()> {
        self.engine.close()
    }
}

fn query(question: &Question, dialog: &Dialog) -> RecallQuery {
    let reference = question.reference.or_else(|| dialog.last_at());
    let [.., most] = EVIDENCE_AT;
    RecallQuery {
        length: ResponseLength::Short,
        evidence_limit: most,
        ..RecallQuery::new(question.text.clone(), reference.unwrap_or_else(|| Moment::utc(SystemClock.now())))
    }
}

fn address(dialog: usize) -> Result<ProfileAddress> {
    Ok(ProfileAddress {
        account: AccountId::parse("local")?,
        namespace: NamespaceName::parse("eval")?,
        profile: ProfileName::parse(&format!("dialog-{dialog}"))?,
    })
}

/// An embedder that remembers how long it took.
struct Timed {
    inner: Arc<dyn Embedder>,
    nanos: AtomicU64,
}

impl Timed {
    /// The time since it was last asked.
    fn take(&self) -> Duration {
        Duration::from_nanos(self.nanos.swap(0, Ordering::Relaxed))
    }
}

impl Embedder for Timed {
    fn identity(&self) -> &ModelIdentity {
        self.inner.identity()
    }

    fn embed_passage(&self, text: &str) -> Result<UnitVector> {
        self.inner.embed_passage(text)
    }

    fn embed_query(&self, text: &str) -> Result<UnitVector> {
        let began = Instant::now();
        let vector = self.inner.embed_query(text);
        let nanos = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
        vector
    }

    fn reader(&self) -> Option<&dyn Reader> {
        self.inner.reader()
    }
}
