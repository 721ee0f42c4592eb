//! The topics that a question asks about: those of the statements that would answer it.
//!
//! `Where do I work?` is answered with values of several kinds, and what comes out (`I work at Zembla`) is read as ingest reads a statement. So a
//! question meets the memory on its topic however either is put.

use super::asked::wh_answer;
use super::person::{Person, rewrite};
use super::render::canonical;
use super::topic::topic;
use super::words::{Token, at, tokenize};
use crate::model::{MemoryType, TopicKey};

/// What may answer: a name, a place or an employer, an amount, a time, a plain word.
const VALUES: [&str; 6] = ["Zembla", "at Zembla", "17", "on Tuesday", "a Zembla", "red"];
/// A question of more words asks about something of its own.
const LONGEST: usize = 24;

/// The topics of the statements that answer a question, each once; none for most questions.
///
/// ```
/// use mnemon::ingest::{Topic, topics_asked};
/// let home = topics_asked("Where does the user live?");
/// assert!(home.contains(&Topic::new("user|live in").key));
/// assert!(topics_asked("Which city do I live in?").contains(&home[0]));
/// assert!(topics_asked("What did we talk about?").is_empty());
/// ```
#[must_use]
pub fn topics_asked(question: &str) -> Vec<TopicKey> {
    let line = question.trim().trim_end_matches(['?', '.', '!', ' ']).replace('’', "'");
    let asked = in_first_person(&tokenize(&line));
    if asked.is_empty() || asked.len() > LONGEST {
        return Vec::new();
    }
    let mut keys = Vec::new();
    for value in VALUES.map(tokenize) {
        for statement in statements(&asked, &value) {
            let told = canonical(&rewrite(&canonical(&statement), &Person::user()));
            keys.extend(topic(&told, MemoryType::Fact).map(|topic| topic.key));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// What a value makes of a question.
fn statements(asked: &[Token], value: &[Token]) -> Vec<Vec<Token>> {
    let mut made: Vec<Vec<Token>> = wh_answer(asked, value).into_iter().collect();
    // "How old is my son?": "my son is 17", as well as "my son's age is 17".
    if at(asked, 0, "how")
        && let Some(verb) = asked.iter().position(|token| token.is_any("is|are|'s")).filter(|&verb| verb == 2)
    {
        made.push([asked.get(verb + 1..).unwrap_or_default(), &[Token::word("is")], value].concat());
    }
    // "Which city do I live in?": where, asked by what is there.
    if asked.len() > 3 && asked.last().is_some_and(|token| token.is_any("in|at|for|with|on|to")) {
        let plain: Vec<Token> = [tokenize("what"), asked.get(2..).unwrap_or_default().to_vec()].concat();
        made.extend(wh_answer(&plain, value));
    }
    made
}

/// A question about "the user" as the user asks it.
fn in_first_person(tokens: &[Token]) -> Vec<Token> {
    let mut asked: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut left = tokens;
    while let Some((token, rest)) = left.split_first() {
        let article = token.is("the") && rest.first().is_some_and(|next| next.is("user"));
        let (user, rest) =
            if article { (rest.first(), rest.get(1..).unwrap_or_default()) } else { (Some(token), rest) };
        left = rest;
        match user {
            Some(user) if user.is("user") => {
                let owns = rest.first().is_some_and(|next| next.is("'s"));
                if owns {
                    left = rest.get(1..).unwrap_or_default();
                }
                if asked.last().is_some_and(|before| before.is("does")) {
                    asked.pop();
                    asked.push(Token::word("do"));
                }
                asked.push(Token::word(if owns { "my" } else { "i" }));
            }
            _ => asked.push(token.clone()),
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::super::{Turn, extract};
    use super::*;
    use crate::ingest::ExtractOptions;
    use crate::model::{Moment, Role};

    /// The topics of what ingest makes of a message.
    fn told(content: &str) -> Vec<TopicKey> {
        let at = Moment::parse("2026-04-20T09:00:00Z").unwrap();
        let found = extract(&[Turn { role: Role::User, content, at, is_new: true }], &ExtractOptions::default());
        found.drafts.into_iter().filter_map(|draft| draft.topic).map(|topic| topic.key).collect()
    }

    #[test]
    fn a_question_meets_the_statement_that_answers_it() {
        for (question, statement) in [
            ("Where do I live?", "I live in Graz."),
            ("Where does the user live?", "I live in Graz."),
            ("Which city do I live in?", "I live in Graz."),
            ("Where does the user work?", "I work at Siemens."),
            ("Who do I work for?", "I work for Siemens."),
            ("What is the name of my dog?", "My dog is called Rex."),
            ("What's my dog's name?", "My dog's name is Rex."),
            ("What is the user's dog called?", "My dog is called Rex."),
            ("Who is my dentist?", "My dentist is Dr Moe."),
            ("How old is my son?", "My son is 7."),
            ("What is the deadline of the grant?", "The deadline for the grant is 3 June."),
            ("When is the standup?", "The standup is at 9:30."),
            ("What port does the gateway listen on?", "The gateway listens on port 8443."),
            ("How much is my rent?", "My rent is 940 euros."),
            ("What is my favourite colour?", "My favourite colour is teal."),
        ] {
            let (asked, told) = (topics_asked(question), told(statement));
            assert!(
                told.iter().any(|key| asked.contains(key)),
                "{question} / {statement}: {} / {}",
                asked.len(),
                told.len()
            );
        }
    }

    #[test]
    fn it_does_not_meet_another_s() {
        for (question, statement) in [
            ("Where does Ana live?", "I live in Graz."),
            ("What is my cat called?", "My dog is called Rex."),
            ("Who is my doctor?", "My dentist is Dr Moe."),
            ("Where did we go?", "I live in Graz."),
            ("", "I live in Graz."),
        ] {
            let (asked, told) = (topics_asked(question), told(statement));
            assert!(!told.iter().any(|key| asked.contains(key)), "{question} / {statement}");
        }
    }
}
