//! The pipeline: turns in, drafts and verdicts out.

mod replies;

use crate::model::{MemoryType, Moment, Role};

use super::change::{goes_back, retracts, takes_back, tells_change};
use super::clauses;
use super::compose::{Statement, compose};
use super::draft::{Doubtful, Draft, Dropped, Extraction, SentenceVerdict, Verdict};
use super::kin::owned;
use super::kind::classify;
use super::material::set_apart;
use super::person::{Person, rewrite, with_subject};
use super::quoted::is_quotation;
use super::render::{canonical, is_english, summary};
use super::repair::repaired;
use super::scene::{
    Scene, is_exercise, is_trace, labelled, only_person_of, person_named, resolve_pronoun, with_intro, without_calls,
};
use super::secrets::holds_secret;
use super::select::{Reading, judge};
use super::sentences::{Part, Sentence, split};
use super::speaker::{attachment, is_signed, prefix};
use super::topic::topic;
use super::verbs::command;
use super::weight::Circumstance;
use super::words::{Token, at_any, count_words, has_any, join, phrase_at, tokenize, without_tail};
use super::worth;

/// How many turns before the new ones are read again for what these refer to: who speaks, and what was asked.
pub const CONTEXT_TURNS: usize = 12;
/// How many turns before an answer its question may stand.
const QUESTION_REACH: usize = 2;
/// A draft grows by sentences that lean on it up to this many words.
const LEANING_WORDS: usize = 60;
/// What is shorter says too little to doubt that it is to be left out.
const LEAST_WORDS: usize = 3;

/// One message of a session, as extraction reads it.
#[derive(Clone, Copy)]
pub struct Turn<'a> {
    /// Who wrote it.
    pub role: Role,
    /// Verbatim.
    pub content: &'a str,
    /// When it was written, in the writer's own offset: what "yesterday" is relative to.
    pub at: Moment,
    /// Whether memories may be made of it. The others were read before and are context.
    pub is_new: bool,
}

/// What an operator can set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtractOptions {
    /// Keeps statements that hold what looks like a password, a key or a card number.
    pub keep_secrets: bool,
}

/// Reads the turns of one session, in order, and gives what is worth keeping of the new ones.
///
/// Deterministic, linear in the length of the text, and never panics, whatever the text is.
///
/// ```
/// use mnemon::ingest::{ExtractOptions, Turn, extract};
/// use mnemon::model::{Moment, Role};
/// let at = Moment::parse("2026-04-20T09:00:00Z").unwrap();
/// let turn = Turn { role: Role::User, content: "hi! I moved to Oslo yesterday", at, is_new: true };
/// let found = extract(&[turn], &ExtractOptions::default());
/// assert_eq!(found.drafts[0].content, "The user moved to Oslo on 2026-04-19.");
/// ```
#[must_use]
pub fn extract(turns: &[Turn<'_>], options: &ExtractOptions) -> Extraction {
    let mut found = read(turns, *options);
    found.doubtful.retain(|doubtful| worth::is_possible(&doubtful.draft));
    found
}

/// [`extract`] with everything that the rules leave out and a classifier might keep.
pub(super) fn read(turns: &[Turn<'_>], options: ExtractOptions) -> Extraction {
    let signed = is_signed(turns);
    let mut names: Vec<String> = if signed {
        turns.iter().filter_map(|t| prefix(t.content)).map(|(name, _)| name.to_lowercase()).collect()
    } else {
        Vec::new()
    };
    names.sort_unstable();
    names.dedup();
    let mut reader = Reader { turns, options: &options, signed, names, out: Extraction::default() };
    for (index, turn) in turns.iter().enumerate().filter(|(_, turn)| turn.is_new) {
        match turn.role {
            Role::System => reader.drop_all(index, Dropped::System),
            Role::Assistant => reader.drop_all(index, Dropped::Assistant),
            Role::User => reader.user(index, *turn),
        }
    }
    reader.out
}

/// The draft of a statement that someone asks to be remembered: its content exactly as it is given.
#[must_use]
pub fn remembered(content: &str, at: Moment) -> Draft {
    let sentences = split(content);
    let first = sentences.first().map(|s| s.tokens.as_slice()).unwrap_or_default();
    let (kind, _) = classify(clauses::without_opening(first));
    let told = canonical(&rewrite(&canonical(clauses::without_opening(first)), &Person::user()));
    let topic = if sentences.len() == 1 && is_english(first) { topic(&told, kind) } else { None };
    Draft {
        content: content.to_owned(),
        summary: summary(content.trim()),
        kind,
        kind_is_certain: false,
        topic,
        sources: Vec::new(),
        said_at: at,
        ends: None,
        corrects: false,
        is_of_talk: false,
        doubt: None,
    }
}

struct Reader<'a> {
    turns: &'a [Turn<'a>],
    options: &'a ExtractOptions,
    signed: bool,
    /// The speakers, in lower case.
    names: Vec<String>,
    out: Extraction,
}

impl<'a> Reader<'a> {
    fn verdict(&mut self, turn: usize, tokens: &[Token], verdict: Verdict) {
        self.out.verdicts.push(SentenceVerdict { turn, sentence: join(tokens), verdict });
    }

    fn drop_all(&mut self, index: usize, why: Dropped) {
        let Some(turn) = self.turns.get(index) else { return };
        for sentence in split(turn.content) {
            self.verdict(index, &sentence.tokens, Verdict::Dropped(why));
        }
    }

    fn user(&mut self, index: usize, turn: Turn<'a>) {
        let (name, body) = self.speaker(turn);
        let (body, shared) = if name.is_some() { attachment(body) } else { (body, None) };
        let sentences = if name.is_none() { set_apart(split(body)) } else { split(body) };
        let answers = name.is_some() && self.is_asked(index, name.unwrap_or_default());
        let circumstance = Circumstance { answers, shares: shared.is_some(), told: false };
        let reading = Reading { named: name.is_some(), circumstance, exercise: is_exercise(&sentences) };
        let mut scene = Scene {
            turn: index,
            person: name.map_or_else(Person::user, Person::named),
            reading,
            at: turn.at,
            last: None,
            before: if name.is_none() { self.person_before(index) } else { None },
            takes_back: false,
            asks: turn.content.contains('?'),
            is_alone: sentences.len() == 1,
        };
        let mut rest = sentences.as_slice();
        if let Some(taken) = self.answer(&mut scene, &sentences) {
            rest = sentences.get(taken..).unwrap_or_default();
        }
        let drafts = self.out.drafts.len();
        for sentence in rest {
            self.sentence(&mut scene, sentence);
        }
        if let Some(caption) = shared {
            self.share(&scene, drafts, caption);
        }
    }

    /// Who "she" may be at the start of a message: the one person that the user's message before this one names.
    fn person_before(&self, index: usize) -> Option<Vec<Token>> {
        let before = self.turns.get(..index)?.iter().rev().take(QUESTION_REACH);
        let turn = before.into_iter().find(|turn| turn.role == Role::User)?;
        only_person_of(&split(turn.content))
    }

    /// Whether the turn before asked something, and someone else did.
    fn is_asked(&self, index: usize, name: &str) -> bool {
        let before = index.checked_sub(1).and_then(|i| self.turns.get(i));
        before.is_some_and(|turn| turn.content.contains('?') && self.speaker(*turn).0 != Some(name))
    }

    /// A picture's caption goes with what was said about it.
    fn share(&mut self, scene: &Scene, first: usize, caption: &str) {
        let said = tokenize(caption);
        let draft = self.out.drafts.get_mut(first..).and_then(<[Draft]>::last_mut);
        let verdict = match draft {
            Some(draft) => {
                draft.content = format!("{} (Shared a photo: {caption}.)", draft.content);
                Verdict::Kept { draft: self.out.drafts.len() - 1, because: "the picture that goes with the statement" }
            }
            None => Verdict::Dropped(Dropped::Thin),
        };
        self.verdict(scene.turn, &said, verdict);
    }

    fn speaker(&self, turn: Turn<'a>) -> (Option<&'a str>, &'a str) {
        match prefix(turn.content).filter(|_| self.signed) {
            Some((name, body)) => (Some(name), body),
            None => (None, turn.content),
        }
    }

    fn sentence(&mut self, scene: &mut Scene, sentence: &Sentence) {
        let secret = !self.options.keep_secrets && holds_secret(&sentence.tokens);
        // One clause of several may hold it: then the others stay.
        let parted = secret
            && sentence.part == Part::Prose
            && is_english(&sentence.tokens)
            && clauses::split(&sentence.tokens).iter().any(|clause| holds_secret(clause));
        let why = match sentence.part {
            Part::Machine => Some(Dropped::Machine),
            Part::Quoted => Some(Dropped::Quotation),
            Part::Request => Some(Dropped::Request),
            Part::Intro => Some(Dropped::Thin),
            _ if is_trace(&sentence.tokens) => Some(Dropped::Machine),
            Part::Prose if is_quotation(&sentence.tokens) => Some(Dropped::Quotation),
            _ if secret && !parted => Some(Dropped::Secret),
            _ => None,
        };
        if let Some(why) = why {
            self.verdict(scene.turn, &sentence.tokens, Verdict::Dropped(why));
            return;
        }
        if !is_english(&sentence.tokens) {
            self.foreign(scene, sentence);
        } else if matches!(sentence.part, Part::Item | Part::OpenBox) {
            self.item(scene, sentence);
        } else if let Some(errands) = errands(&sentence.tokens).filter(|_| !scene.reading.named) {
            for tokens in errands {
                self.item(scene, &Sentence { tokens, part: Part::OpenBox, intro: Vec::new(), block: sentence.block });
            }
        } else {
            let meant = repaired(&sentence.tokens);
            for clause in clauses::split(meant.as_ref().unwrap_or(&sentence.tokens)) {
                if secret && holds_secret(&clause) {
                    self.verdict(scene.turn, &clause, Verdict::Dropped(Dropped::Secret));
                } else {
                    self.clause(scene, &clause);
                }
            }
        }
    }

    /// Another language is kept as it is.
    fn foreign(&mut self, scene: &mut Scene, sentence: &Sentence) {
        let letters = sentence.tokens.iter().map(|t| t.text.chars().count()).sum::<usize>();
        let question = sentence.tokens.iter().any(|t| t.text.starts_with(['?', '？', '¿']));
        let verdict = if question {
            Verdict::Dropped(Dropped::Question)
        } else if count_words(&sentence.tokens) < 4 && letters < 8 {
            Verdict::Dropped(Dropped::Thin)
        } else {
            let content = join(&sentence.tokens);
            self.out.drafts.push(Draft {
                sources: vec![scene.turn],
                topic: None,
                kind: MemoryType::Fact,
                kind_is_certain: false,
                summary: summary(&content),
                content,
                said_at: scene.at,
                ends: None,
                corrects: false,
                is_of_talk: scene.reading.named,
                doubt: None,
            });
            Verdict::Kept { draft: self.out.drafts.len() - 1, because: "a statement in another language, as it is" }
        };
        self.verdict(scene.turn, &sentence.tokens, verdict);
    }

    /// A list's item: a statement like any other, or one that its list's first line completes.
    fn item(&mut self, scene: &mut Scene, sentence: &Sentence) {
        let to_do = sentence.part == Part::OpenBox
            || has_any(
                &sentence.intro,
                "todo|to-do|to do|need to|have to|tasks|to buy|shopping list|errands|reminders",
            );
        let rules = has_any(&sentence.intro, "rules|always|instructions|preferences|guidelines|please|from now on");
        let judged = judge(clauses::without_opening(&sentence.tokens), scene.reading);
        // "- Kestrels: Amir" under "patrol leaders"
        let is_pair = !sentence.intro.is_empty()
            && labelled(&sentence.tokens).is_some()
            && !has_any(&sentence.intro, &["options", "following", "?"]);
        let (tokens, kind, because) = match judged {
            Err(Dropped::SmallTalk | Dropped::Thin) if is_pair && !to_do && !rules => {
                (with_intro(sentence), MemoryType::Fact, "a fact: an item of a list")
            }
            _ if to_do => (sentence.tokens.clone(), MemoryType::Task, "a task: an item of a list of things to do"),
            Ok(kept) if !rules || kept.kind == MemoryType::Instruction => (kept.tokens, kept.kind, kept.because),
            Err(why @ (Dropped::Question | Dropped::Hypothetical | Dropped::SmallTalk | Dropped::Joke)) => {
                return self.verdict(scene.turn, &sentence.tokens, Verdict::Dropped(why));
            }
            _ if rules => {
                (sentence.tokens.clone(), MemoryType::Instruction, "an instruction: an item of a list of rules")
            }
            _ if !sentence.intro.is_empty()
                && count_words(&sentence.tokens) >= 2
                && !has_any(&sentence.intro, &["options", "this", "these", "following", "?"]) =>
            {
                (with_intro(sentence), MemoryType::Fact, "a fact: an item of a list")
            }
            Err(why) => match labelled(&sentence.tokens) {
                Some(tokens) => (tokens, MemoryType::Fact, "a fact: a name and its value"),
                None => return self.verdict(scene.turn, &sentence.tokens, Verdict::Dropped(why)),
            },
            Ok(kept) => (kept.tokens, kept.kind, kept.because),
        };
        let sources = vec![scene.turn];
        let kind_is_certain = to_do || rules;
        let draft = self.keep(scene, &Statement { tokens, kind, kind_is_certain, sources, leans: false });
        self.verdict(scene.turn, &sentence.tokens, Verdict::Kept { draft, because });
    }

    fn clause(&mut self, scene: &mut Scene, clause: &[Token]) {
        if retracts(clause) {
            self.take_back(scene);
        }
        let opened = without_calls(clauses::without_closing(clauses::without_opening(clause)), &self.names);
        if self.granted(scene, opened) {
            return;
        }
        let resolved = resolve_pronoun(&owned(opened), scene);
        match judge(&resolved, scene.reading) {
            Ok(kept) => {
                let sources = vec![scene.turn];
                let draft = self.keep(
                    scene,
                    &Statement { tokens: kept.tokens, kind: kept.kind, sources, kind_is_certain: false, leans: false },
                );
                if let Some(draft) = self.out.drafts.get_mut(draft) {
                    draft.doubt = scene.doubt(clause, None);
                }
                self.verdict(scene.turn, clause, Verdict::Kept { draft, because: kept.because });
            }
            Err(Dropped::Unclear | Dropped::Thin) if self.lean(scene, &resolved) => {
                let draft = scene.last.as_ref().map_or(0, |(draft, _)| *draft);
                self.verdict(
                    scene.turn,
                    clause,
                    Verdict::Kept { draft, because: "goes on about the statement before" },
                );
            }
            Err(why) => {
                if let Some((kind, because)) = told_change(&resolved, why) {
                    let sources = vec![scene.turn];
                    let draft = self.keep(
                        scene,
                        &Statement { tokens: resolved, kind, sources, kind_is_certain: false, leans: false },
                    );
                    self.verdict(scene.turn, clause, Verdict::Kept { draft, because });
                } else {
                    self.doubt(scene, clause, &resolved, why);
                    scene.last = None;
                    // "Is my sister late?": whoever "she" is after that, it is nobody of the message before.
                    scene.before = scene.before.take().filter(|_| person_named(&resolved).is_none());
                    scene.takes_back |= takes_back(&resolved) || takes_back(clause);
                    self.verdict(scene.turn, clause, Verdict::Dropped(why));
                }
            }
        }
    }

    /// Drops the last statement of this message. What an earlier one said stays: it may have been kept long ago.
    fn take_back(&mut self, scene: &Scene) {
        let from = scene.turn;
        self.out.doubtful.retain(|doubtful| doubtful.draft.sources.iter().all(|&turn| turn < from));
        let last = self.out.drafts.last().and_then(|draft| draft.sources.last());
        if !scene.reading.named && last.is_some_and(|&turn| turn >= from) {
            self.out.drafts.pop();
            let taken = self.out.drafts.len();
            for verdict in &mut self.out.verdicts {
                if matches!(verdict.verdict, Verdict::Kept { draft, .. } if draft == taken) {
                    verdict.verdict = Verdict::Dropped(Dropped::TakenBack);
                }
            }
        }
    }

    /// Leaves it to a classifier whether what the rules leave out is worth keeping.
    fn doubt(&mut self, scene: &Scene, clause: &[Token], resolved: &[Token], why: Dropped) {
        let Some(doubt) = scene.doubt(clause, Some(why)).filter(|_| count_words(resolved) >= LEAST_WORDS) else {
            return;
        };
        let tokens = with_subject(resolved).unwrap_or_else(|| resolved.to_vec());
        let (kind, _) = classify(&tokens);
        let statement = Statement { tokens, kind, sources: vec![scene.turn], kind_is_certain: false, leans: false };
        let draft = compose(&statement, &scene.person, scene.at);
        let draft = Draft { corrects: scene.takes_back, doubt: Some(doubt), ..draft };
        let (verdict, before) = (self.out.verdicts.len(), self.out.drafts.len());
        self.out.doubtful.push(Doubtful { draft, verdict, before });
    }

    /// "It holds 8 kg." goes on about what the sentence before named: it joins that sentence's draft.
    fn lean(&mut self, scene: &Scene, tokens: &[Token]) -> bool {
        let Some((draft, _)) = scene.last.as_ref().and_then(|(i, t)| self.out.drafts.get_mut(*i).map(|d| (d, t)))
        else {
            return false;
        };
        let says = count_words(tokens) >= 4
            && tokens.iter().any(|t| t.has_digit() || t.is_capitalised())
            && draft.kind != MemoryType::Instruction;
        let fits = draft.content.split_whitespace().count() + count_words(tokens) <= LEANING_WORDS;
        if !(says && fits) {
            return false;
        }
        let more = compose(
            &Statement {
                tokens: tokens.to_vec(),
                kind: draft.kind,
                sources: Vec::new(),
                kind_is_certain: false,
                leans: true,
            },
            &scene.person,
            scene.at,
        );
        draft.content = format!("{} {}", draft.content, more.content);
        draft.summary = summary(&draft.content);
        true
    }

    fn keep(&mut self, scene: &mut Scene, statement: &Statement) -> usize {
        let subject = person_named(&statement.tokens);
        let draft = compose(statement, &scene.person, scene.at);
        self.out.drafts.push(Draft { corrects: scene.takes_back, ..draft });
        scene.takes_back = false;
        let index = self.out.drafts.len() - 1;
        scene.last = Some((index, subject));
        scene.reading.circumstance.told = true;
        index
    }
}

/// The items of `todo for me: charge the mics, print the list, ring the venue`.
fn errands(tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    let colon = tokens.iter().take(12).position(|t| t.is(":"))?;
    let mut names = colon.saturating_sub(4)..colon;
    let listed = names.any(|i| phrase_at(tokens, i, "to do") || at_any(tokens, i, "todo|to-do|todos|to-dos|errands"));
    let items: Vec<Vec<Token>> = tokens
        .get(colon + 1..)?
        .split(|t| t.is(",") || t.is(";"))
        .map(|item| without_tail(item).iter().skip_while(|t| t.is("and") || !t.is_wordy()).cloned().collect())
        .collect();
    let commands = items.iter().all(|item| count_words(item) >= 2 && command(item) == Some(0));
    (listed && items.len() >= 2 && commands).then_some(items)
}

/// What was left out, and yet says that something known is so no longer.
fn told_change(clause: &[Token], why: Dropped) -> Option<(MemoryType, &'static str)> {
    match why {
        Dropped::Unclear if tells_change(clause) => Some((MemoryType::Fact, "a fact: it says that something changed")),
        Dropped::Request if goes_back(clause) => {
            Some((MemoryType::Instruction, "an instruction: it goes back to how it was"))
        }
        _ => None,
    }
}
