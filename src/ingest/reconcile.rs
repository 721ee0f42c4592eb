//! Drafts held against what is known: add, confirm, replace, end.
//!
//! Newer means said later, not written later: a conversation that arrives late does not undo what was said after it.
//! Only facts and instructions are replaced: by each other, or by an event that says the change ("moved to Oslo"). A common topic
//! tells it, or a rule (`update.rs`), or where neither does the reader, if it is sure. Events never conflict.

use crate::error::Result;
use crate::model::{MemoryId, MemoryType, Moment, TopicKey, UnitVector};

use super::beside::stand_beside;
use super::change::Cue;
use super::claim::Claim;
use super::draft::Draft;
use super::fingerprint::{Fingerprint, fingerprint};
use super::likeness::{says_the_same, terms};
use super::update::{Fit, replaces, revises};
use super::verbs::Time;

/// How many neighbours are looked at for a near-duplicate.
const NEIGHBOURS: usize = 5;
/// How many neighbours are looked at for one that the draft replaces. Beyond, other things are nearer to it.
const CANDIDATES: usize = 24;
/// The cosine from which two statements can be about one thing. Another value moves a vector far ("my car is a Polo", "a
/// Leaf": 0.5), so this only leaves out what is unrelated; [`replaces`] has the last word.
const RELATED: f32 = 0.35;
/// How many neighbours the reader is asked about, nearest first, and from which cosine on. Each takes some two milliseconds.
const JUDGED: usize = 4;
const JUDGED_FROM: f32 = 0.3;
/// How probable it must be that a statement makes an older one untrue: what becomes history is not told any more. More so where little else speaks
/// for it: below a cosine, or of a rule for the assistant that something else than a rule would end.
const OUTDATED_FROM: f32 = 0.9;
const FAR: f32 = 0.45;
const FAR_OUTDATED_FROM: f32 = 0.96;
const OUTDATED: &str = "the reader is sure that the newer one makes the older one untrue";
const SAME_TOPIC: &str = "both are about the same topic, and the newest holds";
/// The share of a task's words that a completion must name.
const TASK_OVERLAP: f32 = 0.6;

/// For a newer statement and older ones how probable it is of each that the newer makes it untrue; nothing where nobody can tell.
pub type Judge<'a> = &'a dyn Fn(&str, &[&str]) -> Result<Vec<f32>>;

/// What a profile already knows. Implemented over its index.
pub trait Known {
    /// Active facts and instructions with this topic.
    fn by_topic(&self, key: TopicKey) -> Vec<MemoryId>;
    /// The active memory with this content, or else the newest superseded one.
    fn same_content(&self, fingerprint: Fingerprint) -> Option<MemoryId>;
    /// Up to `k` active memories that are not tasks, nearest first, with their cosine.
    fn similar(&self, vector: &UnitVector, k: usize) -> Vec<(MemoryId, f32)>;
    /// One memory, active or superseded.
    fn memory(&self, id: MemoryId) -> Option<KnownMemory>;
    /// Active tasks.
    fn open_tasks(&self) -> Vec<MemoryId>;
}

/// What reconciling needs to know of a memory.
#[derive(Clone)]
pub struct KnownMemory {
    /// Which of the four kinds it is.
    pub kind: MemoryType,
    /// The statement.
    pub content: String,
    /// What it is about.
    pub topic: Option<TopicKey>,
    /// When it was last said.
    pub said_at: Moment,
    /// Whether nothing has replaced it.
    pub is_active: bool,
}

/// A memory that is stored, or one that becomes so with the same list of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A stored memory.
    Memory(MemoryId),
    /// The memory that this draft becomes.
    Draft(usize),
}

/// What to do about a draft. Drafts are named by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Add {
        /// The draft.
        draft: usize,
        /// Stored memories that it replaces. (Drafts that it replaces name it in their own change.)
        superseded: Vec<MemoryId>,
        /// What has replaced it already: it was said earlier but arrived later, or was corrected at once.
        superseded_by: Option<Target>,
        /// Why one replaces the other, when something is replaced.
        because: Option<&'static str>,
    },
    /// It says what is there already: the memory gets the draft's sources, and its time when that is later.
    Confirm {
        /// The draft.
        draft: usize,
        /// The memory that is there; a draft only when it was added by an earlier change of the list.
        memory: Target,
    },
    /// It says that an open task was done: the task is superseded by what the draft becomes (a change of its own).
    End {
        /// The task; a draft only when it was added by an earlier change of the list.
        task: Target,
        /// The draft that says so.
        draft: usize,
    },
}

/// Holds `drafts` against what is known, oldest first. `vectors` are theirs, in the same order; where one is missing, no
/// near-duplicate is looked for.
///
/// Reconciling the same drafts again, after the changes were made, gives only [`Change::Confirm`].
///
/// # Errors
/// Whatever `judge` fails with.
pub fn reconcile(drafts: &[Draft], vectors: &[UnitVector], known: &dyn Known, judge: Judge<'_>) -> Result<Vec<Change>> {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|&i| (drafts.get(i).map(|d| d.said_at.instant), i));
    let (added, ended, changes) = Default::default();
    let mut state = State { drafts, vectors, known, judge, added, ended, changes };
    for index in order {
        state.take(index)?;
    }
    Ok(state.changes)
}

/// A draft that was added, and where its change stands.
struct Added {
    draft: usize,
    change: usize,
    fingerprint: Fingerprint,
    is_active: bool,
}

/// A statement, and what it says.
type Told = (Target, String);

/// A statement held against another: from which probability on the newer one makes the older untrue.
struct Doubted {
    told: Told,
    from: f32,
}

impl Doubted {
    /// How sure one must be depends on how near the two are, and on their kinds, the older one's first.
    fn new(told: Told, cosine: f32, kinds: (MemoryType, MemoryType)) -> Self {
        let is_near = cosine >= FAR && (kinds.0 != MemoryType::Instruction || kinds.0 == kinds.1);
        Self { told, from: if is_near { OUTDATED_FROM } else { FAR_OUTDATED_FROM } }
    }
}

/// What an update does.
enum Update {
    Replaces(Target),
    ReplacedBy(MemoryId),
}

struct State<'a> {
    drafts: &'a [Draft],
    vectors: &'a [UnitVector],
    known: &'a dyn Known,
    judge: Judge<'a>,
    added: Vec<Added>,
    ended: Vec<Target>,
    changes: Vec<Change>,
}

impl State<'_> {
    fn take(&mut self, index: usize) -> Result<()> {
        let Some(draft) = self.drafts.get(index) else { return Ok(()) };
        let print = fingerprint(&draft.content);
        match self.duplicate(index, draft, print) {
            Some(memory) => self.changes.push(Change::Confirm { draft: index, memory }),
            None => self.add(index, draft, print)?,
        }
        self.end_task(index, draft);
        self.revise_task(index, draft)
    }

    /// What says the same already: in the same words, or in other words about the same things.
    fn duplicate(&self, index: usize, draft: &Draft, print: Fingerprint) -> Option<Target> {
        self.same_draft(draft, print).or_else(|| self.same_memory(draft, print)).or_else(|| self.near(index, draft))
    }

    fn same_draft(&self, draft: &Draft, print: Fingerprint) -> Option<Target> {
        let same = |a: &&Added| {
            a.fingerprint == print && a.is_active && self.drafts.get(a.draft).is_some_and(|d| d.kind == draft.kind)
        };
        self.added.iter().find(same).map(|a| Target::Draft(a.draft))
    }

    fn same_memory(&self, draft: &Draft, print: Fingerprint) -> Option<Target> {
        let id = self.known.same_content(print)?;
        let there = self.known.memory(id)?;
        // Said again after it was replaced, it is current again: a new memory. Said no later, it is the old one again.
        let current = there.is_active && !self.is_replaced(id);
        let again = current || draft.said_at.instant <= there.said_at.instant;
        (there.kind == draft.kind && again).then_some(Target::Memory(id))
    }

    fn near(&self, index: usize, draft: &Draft) -> Option<Target> {
        let vector = self.vectors.get(index).filter(|_| draft.kind != MemoryType::Task)?;
        let same = |kind: MemoryType, content: &str, cosine: f32| {
            kind == draft.kind && says_the_same(content, &draft.content, cosine)
        };
        let among_drafts = self.added.iter().filter(|a| a.is_active).find(|a| {
            let near = self.vectors.get(a.draft).filter(|v| v.dimension() == vector.dimension());
            let both = near.zip(self.drafts.get(a.draft));
            both.is_some_and(|(v, d)| same(d.kind, &d.content, v.dot(vector)))
        });
        if let Some(a) = among_drafts {
            return Some(Target::Draft(a.draft));
        }
        let neighbours = self.known.similar(vector, NEIGHBOURS).into_iter();
        let mut near = neighbours.filter(|&(id, _)| !self.is_replaced(id));
        near.find(|&(id, cosine)| {
            self.known.memory(id).is_some_and(|m| m.is_active && same(m.kind, &m.content, cosine))
        })
        .map(|(id, _)| Target::Memory(id))
    }

    /// Whether a change of this list already replaces that stored memory.
    fn is_replaced(&self, id: MemoryId) -> bool {
        self.ended.contains(&Target::Memory(id))
            || self.changes.iter().any(|c| matches!(c, Change::Add { superseded, .. } if superseded.contains(&id)))
    }

    fn add(&mut self, index: usize, draft: &Draft, print: Fingerprint) -> Result<()> {
        let (mut superseded, mut superseded_by) = self.rivals(draft);
        let mut because = (superseded_by.is_some() || !superseded.is_empty()).then_some(SAME_TOPIC);
        // Drafts come oldest first: an earlier draft on the topic is older, whatever its place in the conversation.
        let mut replaced = Vec::new();
        if superseded_by.is_none() {
            replaced = self.drafts_on_topic(draft);
        }
        if because.is_none() && replaced.is_empty() {
            match self.update(index, draft)? {
                Some((Update::Replaces(Target::Memory(id)), why)) => (superseded, because) = (vec![id], Some(why)),
                Some((Update::Replaces(Target::Draft(older)), why)) => {
                    replaced.extend(self.added.iter().position(|a| a.draft == older));
                    because = Some(why);
                }
                Some((Update::ReplacedBy(id), why)) => (superseded_by, because) = (Some(id), Some(why)),
                None => {}
            }
        }
        for older in replaced {
            self.retire(older, index, because.unwrap_or(SAME_TOPIC));
        }
        self.added.push(Added {
            draft: index,
            change: self.changes.len(),
            fingerprint: print,
            is_active: superseded_by.is_none(),
        });
        let superseded_by = superseded_by.map(Target::Memory);
        self.changes.push(Change::Add { draft: index, superseded, superseded_by, because });
        Ok(())
    }

    /// The stored memories on the draft's topic: those it replaces, and the one that has replaced it.
    fn rivals(&self, draft: &Draft) -> (Vec<MemoryId>, Option<MemoryId>) {
        let Some(topic) = &draft.topic else {
            return (Vec::new(), None);
        };
        let mut older = Vec::new();
        let mut newer: Option<(Moment, MemoryId)> = None;
        for id in self.known.by_topic(topic.key) {
            let Some(there) = self.known.memory(id).filter(|m| self.can_yield(id, m)) else { continue };
            if there.said_at.instant <= draft.said_at.instant {
                older.push(id);
            } else if draft.kind.is_superseded_by_topic()
                && newer.is_none_or(|(at, known)| (there.said_at, id) < (at, known))
            {
                newer = Some((there.said_at, id));
            }
        }
        older.sort_unstable();
        (older, newer.map(|(_, id)| id))
    }

    /// Whether a stored memory may be replaced: it is current, and of a kind that newer ones replace.
    fn can_yield(&self, id: MemoryId, there: &KnownMemory) -> bool {
        there.is_active && there.kind.is_superseded_by_topic() && !self.is_replaced(id)
    }

    /// Which of the added drafts are on the draft's topic.
    fn drafts_on_topic(&self, draft: &Draft) -> Vec<usize> {
        let Some(key) = draft.topic.as_ref().map(|t| t.key) else { return Vec::new() };
        let rival = |d: &Draft| d.kind.is_superseded_by_topic() && d.topic.as_ref().is_some_and(|t| t.key == key);
        let added = self.added.iter().enumerate();
        added.filter(|(_, a)| a.is_active && self.drafts.get(a.draft).is_some_and(rival)).map(|(i, _)| i).collect()
    }

    /// Makes an added draft history.
    fn retire(&mut self, added: usize, by: usize, why: &'static str) {
        let Some(older) = self.added.get_mut(added) else { return };
        older.is_active = false;
        if let Some(Change::Add { superseded_by, because, .. }) = self.changes.get_mut(older.change) {
            *superseded_by = Some(Target::Draft(by));
            *because = Some(why);
        }
    }

    /// The one statement near the draft that it replaces without a common topic key, or that has replaced it already: by the rules, and
    /// where these see none, by the reader.
    fn update(&self, index: usize, draft: &Draft) -> Result<Option<(Update, &'static str)>> {
        let vector = self.vectors.get(index).filter(|_| draft.kind != MemoryType::Task);
        let Some(vector) = vector else { return Ok(None) };
        let near = self.known.similar(vector, CANDIDATES);
        let ruled = self.ruled(draft, vector, &near);
        ruled.map_or_else(|| self.judged(index, draft, vector, &near), |update| Ok(Some(update)))
    }

    /// What the rules say.
    fn ruled(&self, draft: &Draft, vector: &UnitVector, near: &[(MemoryId, f32)]) -> Option<(Update, &'static str)> {
        let claims = claims(draft);
        let mine = (claims.as_slice(), draft.kind);
        let alone = claims.first()?;
        let mut fits: Vec<(Fit, Update)> = Vec::new();
        for &(id, cosine) in near {
            let there = self.known.memory(id).filter(|m| cosine >= RELATED && m.is_active && !self.is_replaced(id));
            let Some(there) = there else { continue };
            let fit = if there.said_at.instant <= draft.said_at.instant {
                let other = Claim::of(&there.content);
                replaces((&other, there.kind), mine).map(|fit| (fit, Update::Replaces(Target::Memory(id))))
            } else {
                let others = Claim::with_clauses(&there.content);
                replaces((alone, draft.kind), (&others, there.kind)).map(|fit| (fit, Update::ReplacedBy(id)))
            };
            fits.extend(fit);
        }
        for a in self.added.iter().filter(|a| a.is_active) {
            let Some(older) = self.drafts.get(a.draft).filter(|_| self.is_related(a.draft, vector)) else { continue };
            let fit = replaces((&Claim::of(&older.content), older.kind), mine);
            fits.extend(fit.map(|fit| (fit, Update::Replaces(Target::Draft(a.draft)))));
        }
        let best = fits.iter().map(|(fit, _)| fit.shared).max()?;
        let mut winners = fits.into_iter().filter(|(fit, _)| fit.shared == best);
        match (winners.next(), winners.next()) {
            (Some((fit, update)), None) => Some((update, fit.because)),
            _ => None,
        }
    }

    /// The one of which the reader is sure that one of the two makes the other untrue. It learnt from what people tell an
    /// assistant: of people who talk to each other it took one statement in 25 for outdated that was not.
    fn judged(
        &self,
        index: usize,
        draft: &Draft,
        vector: &UnitVector,
        near: &[(MemoryId, f32)],
    ) -> Result<Option<(Update, &'static str)>> {
        if draft.is_of_talk {
            return Ok(None);
        }
        let (older, newer) = self.near_in_time(draft, vector, near);
        if let Some(target) = self.surest(&draft.content, &older)? {
            return Ok(Some((Update::Replaces(*target), OUTDATED)));
        }
        for Doubted { told: (target, content), from } in newer {
            let mine = Doubted { told: (Target::Draft(index), draft.content.clone()), from };
            if let (Target::Memory(id), Some(_)) = (target, self.surest(&content, &[mine])?) {
                return Ok(Some((Update::ReplacedBy(id), OUTDATED)));
            }
        }
        Ok(None)
    }

    /// The nearest statements that the draft could make untrue, and those that could make it untrue.
    fn near_in_time(
        &self,
        draft: &Draft,
        vector: &UnitVector,
        near: &[(MemoryId, f32)],
    ) -> (Vec<Doubted>, Vec<Doubted>) {
        let (mut older, mut newer) = (Vec::new(), Vec::new());
        let is_note_too = is_note(draft.kind, &draft.content);
        let are_notes = |kind: MemoryType, content: &str| is_note_too && is_note(kind, content);
        for &(id, cosine) in near.iter().take(JUDGED) {
            let there = self.known.memory(id).filter(|m| cosine >= JUDGED_FROM && m.is_active && !self.is_replaced(id));
            let Some(there) = there.filter(|m| !are_notes(m.kind, &m.content)) else { continue };
            let told = (Target::Memory(id), there.content);
            if there.said_at.instant <= draft.said_at.instant && can_yield_to(there.kind, draft.kind) {
                older.push((cosine, Doubted::new(told, cosine, (there.kind, draft.kind))));
            } else if there.said_at.instant > draft.said_at.instant && can_yield_to(draft.kind, there.kind) {
                newer.push(Doubted::new(told, cosine, (draft.kind, there.kind)));
            }
        }
        for a in self.added.iter().filter(|a| a.is_active) {
            let near = self.vectors.get(a.draft).filter(|v| v.dimension() == vector.dimension());
            let cosine = near.map_or(0.0, |v| v.dot(vector));
            let there = self.drafts.get(a.draft).filter(|d| can_yield_to(d.kind, draft.kind));
            let there = there.filter(|d| cosine >= JUDGED_FROM && !are_notes(d.kind, &d.content));
            older.extend(there.map(|d| {
                let told = (Target::Draft(a.draft), d.content.clone());
                (cosine, Doubted::new(told, cosine, (d.kind, draft.kind)))
            }));
        }
        older.sort_by(|a, b| b.0.total_cmp(&a.0));
        (older.into_iter().map(|(_, near)| near).take(JUDGED).collect(), newer)
    }

    /// Which of the older statements the newer one makes untrue, when that is sure.
    fn surest<'t>(&self, newer: &str, older: &'t [Doubted]) -> Result<Option<&'t Target>> {
        let claim = Claim::of(newer);
        let open = older.iter().filter(|doubted| !stand_beside(&Claim::of(&doubted.told.1), &claim));
        let older: Vec<&Doubted> = open.collect();
        let contents: Vec<&str> = older.iter().map(|doubted| doubted.told.1.as_str()).collect();
        let probable = if contents.is_empty() { Vec::new() } else { (self.judge)(newer, &contents)? };
        let sure = older.into_iter().zip(probable).filter(|(doubted, probable)| *probable >= doubted.from);
        Ok(sure.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(doubted, _)| &doubted.told.0))
    }

    fn is_related(&self, draft: usize, vector: &UnitVector) -> bool {
        self.vectors.get(draft).is_some_and(|v| v.dimension() == vector.dimension() && v.dot(vector) >= RELATED)
    }

    /// Ends the one open task that the draft, a task too, says otherwise: `order ten bags, not six`.
    fn revise_task(&mut self, index: usize, draft: &Draft) -> Result<()> {
        if draft.kind != MemoryType::Task || !self.added.iter().any(|a| a.draft == index) {
            return Ok(());
        }
        let claims = claims(draft);
        let mut fits: Vec<(usize, Target)> = Vec::new();
        let before = self.tasks_before(index, draft);
        for (task, content) in before.iter().map(|(task, content)| (*task, content)) {
            let fit = if self.ended.contains(&task) { None } else { revises(&Claim::of(content), &claims) };
            fits.extend(fit.map(|fit| (fit.shared, task)));
        }
        let best = fits.iter().map(|(shared, _)| *shared).max();
        let mut winners = fits.iter().filter(|(shared, _)| Some(*shared) == best);
        let mut revised = match (winners.next(), winners.next()) {
            (Some(&(_, task)), None) => Some(task),
            _ => None,
        };
        if fits.is_empty() && !draft.is_of_talk {
            let alike = self.alike(draft, before).into_iter();
            let alike: Vec<_> = alike.map(|told| Doubted { told, from: OUTDATED_FROM }).collect();
            revised = self.surest(&draft.content, &alike)?.copied();
        }
        if let Some(task) = revised {
            self.ended.push(task);
            self.changes.push(Change::End { task, draft: index });
        }
        Ok(())
    }

    /// Those of the tasks that share the most words with the draft, and at least one: tasks have no vectors.
    fn alike(&self, draft: &Draft, tasks: Vec<Told>) -> Vec<Told> {
        let own = terms(&draft.content);
        let shared = |content: &str| terms(content).iter().filter(|term| own.contains(term)).count();
        let open = tasks.into_iter().filter(|(task, _)| !self.ended.contains(task));
        let mut alike: Vec<_> = open.map(|(task, content)| (shared(&content), (task, content))).collect();
        alike.retain(|(shared, _)| *shared > 0);
        alike.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
        alike.into_iter().map(|(_, task)| task).take(JUDGED).collect()
    }

    /// The open tasks that were told before the draft, with their content.
    fn tasks_before(&self, index: usize, draft: &Draft) -> Vec<Told> {
        let stored = self.known.open_tasks().into_iter().filter_map(|id| Some((id, self.known.memory(id)?)));
        let stored = stored.filter(|(_, task)| task.said_at.instant <= draft.said_at.instant);
        let mut found: Vec<_> = stored.map(|(id, task)| (Target::Memory(id), task.content)).collect();
        let added = self.added.iter().filter(|a| a.is_active && a.draft != index);
        let drafts = added.filter_map(|a| Some((a.draft, self.drafts.get(a.draft)?)));
        let tasks = drafts.filter(|(_, d)| d.kind == MemoryType::Task);
        found.extend(tasks.map(|(i, d)| (Target::Draft(i), d.content.clone())));
        found
    }

    /// Ends the one open task that the draft says was done. Two that fit equally well both stay open.
    fn end_task(&mut self, index: usize, draft: &Draft) {
        let Some(done) = &draft.ends else { return };
        let mut fits: Vec<(f32, Target)> = Vec::new();
        for id in self.known.open_tasks() {
            let Some(task) = self.known.memory(id) else { continue };
            if task.said_at.instant <= draft.said_at.instant {
                fits.push((overlap(&done.terms, &task.content), Target::Memory(id)));
            }
        }
        for a in self.added.iter().filter(|a| a.is_active && a.draft != index) {
            if let Some(task) = self.drafts.get(a.draft).filter(|d| d.kind == MemoryType::Task) {
                fits.push((overlap(&done.terms, &task.content), Target::Draft(a.draft)));
            }
        }
        fits.retain(|(share, task)| *share >= TASK_OVERLAP && !self.ended.contains(task));
        let best = fits.iter().map(|(share, _)| *share).fold(0.0, f32::max);
        let mut winners = fits.iter().filter(|(share, _)| *share >= best);
        if let (Some(&(_, task)), None) = (winners.next(), winners.next()) {
            self.ended.push(task);
            self.changes.push(Change::End { task, draft: index });
        }
    }
}

/// Whether it is a note without a verb, as far as that is seen: of two such nothing says that one could make the other untrue.
fn is_note(kind: MemoryType, content: &str) -> bool {
    kind == MemoryType::Fact && Claim::of(content).time == Time::None
}

/// Whether a statement of one type can make one of another untrue: events never conflict.
fn can_yield_to(older: MemoryType, newer: MemoryType) -> bool {
    match older {
        MemoryType::Fact => matches!(newer, MemoryType::Fact | MemoryType::Event),
        // "I've got used to Fahrenheit after all" tells it as well.
        MemoryType::Instruction => newer != MemoryType::Task,
        MemoryType::Event | MemoryType::Task => false,
    }
}

/// A draft's statement and its clauses, with the cue that it takes back what was said before.
fn claims(draft: &Draft) -> Vec<Claim> {
    let mut claims = Claim::with_clauses(&draft.content);
    if draft.corrects {
        for claim in &mut claims {
            claim.cue = claim.cue.max(Some(Cue::Instead));
        }
    }
    claims
}

/// What share of the task's words the completion names.
fn overlap(done: &[String], task: &str) -> f32 {
    let wanted = terms(task);
    let share = |wanted: &[String]| {
        let named = wanted.iter().filter(|term| done.contains(term)).count();
        if wanted.is_empty() { 0.0 } else { named as f32 / wanted.len() as f32 }
    };
    // How and when it should be done need not be named again: what is to be done must, all of it.
    let core = terms(core(task));
    let whole = core.len() >= 2 && share(&core) >= 1.0;
    let all = share(&wanted);
    if whole { all.max(TASK_OVERLAP) } else { all }
}

/// What a task is, up to how, why and when: `descale the kettle` of `descale the kettle with vinegar, before Jo comes`.
fn core(task: &str) -> &str {
    let joints =
        [", ", " with ", " because ", " so that ", " before ", " if ", " when ", " by ", " using ", " - ", " ("];
    let end = joints.iter().filter_map(|joint| task.find(joint)).min().unwrap_or(task.len());
    task.get(..end).unwrap_or(task)
}
