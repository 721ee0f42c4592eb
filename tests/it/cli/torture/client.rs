//! A client that writes without end, one call after the other, and keeps a ledger of what was acknowledged.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use super::super::serve::TOKEN;
use super::ledger::Ledger;

const BASE: &str = "/client/v4/accounts/local/agent-memory/namespaces";

/// What a client may ask for.
#[derive(Debug)]
pub enum Op {
    Ingest { session: String, texts: Vec<String> },
    Remember { content: String, session: String, replaces: Option<String> },
    DeleteMemory { id: String },
    DeleteSession { session: String },
    DeleteProfile,
    Recall,
}

pub struct Client {
    pub profile: String,
    pub ledger: Ledger,
    pub acknowledged: usize,
    dice: Dice,
    /// Makes every text one of its own.
    said: u64,
    /// Whether the profile is there.
    pub there: bool,
}

impl Client {
    pub fn new(number: u64) -> Self {
        let profile = format!("client-{number}");
        Self { profile, ledger: Ledger::default(), acknowledged: 0, dice: Dice(number), said: 0, there: false }
    }

    /// Works until the server is gone; gives the call that was not answered.
    pub fn work(&mut self, url: &str) -> Op {
        let agent = agent();
        loop {
            let op = self.draw();
            match self.send(&agent, url, &op) {
                Ok(id) => {
                    self.there = !matches!(op, Op::DeleteProfile) && (self.there || !matches!(op, Op::Recall));
                    self.ledger.apply(&op, id);
                    self.acknowledged += usize::from(!matches!(op, Op::Recall));
                }
                Err(_) => return op,
            }
        }
    }

    fn draw(&mut self) -> Op {
        self.said += 1;
        let n = format!("{}-{}", self.profile, self.said);
        let any = |dice: &mut Dice, of: usize| dice.below(of.max(1));
        match self.dice.below(100) {
            _ if !self.there => Op::Remember { content: self.dice.words(), session: "r".into(), replaces: None },
            0..35 => {
                let count = 1 + any(&mut self.dice, 4);
                let texts = (0..count).map(|i| match i {
                    0 => format!("I live in Town{} now, says {n}.", self.said),
                    _ => format!("I bought {i} apples and paid for {n} at the market."),
                });
                let texts = texts.collect();
                Op::Ingest { session: format!("s{}", any(&mut self.dice, 12)), texts }
            }
            35..55 => Op::Remember { content: self.dice.words(), session: "r".into(), replaces: None },
            55..65 => {
                let current: Vec<_> = self.ledger.memories.iter().filter(|(_, m)| m.superseded_by.is_none()).collect();
                match current.get(any(&mut self.dice, current.len())) {
                    Some((id, note)) => Op::Remember {
                        content: note.content.clone(),
                        session: format!("r{}", self.said),
                        replaces: Some((*id).clone()),
                    },
                    None => Op::Recall,
                }
            }
            65..80 => match self.ledger.memories.keys().nth(any(&mut self.dice, self.ledger.memories.len())) {
                Some(id) => Op::DeleteMemory { id: id.clone() },
                None => Op::Recall,
            },
            80..88 => Op::DeleteSession { session: format!("s{}", any(&mut self.dice, 12)) },
            88 => Op::DeleteProfile,
            _ => Op::Recall,
        }
    }

    /// The id of the memory that was made, when one was; an error when the server did not answer.
    fn send(&self, agent: &Agent, url: &str, op: &Op) -> Result<Option<String>, ureq::Error> {
        let profile = format!("{url}{BASE}/torture/profiles/{}", self.profile);
        let result = match op {
            Op::Ingest { session, texts } => {
                let messages: Vec<_> = texts.iter().map(|text| json!({"role": "user", "content": text})).collect();
                let body = json!({"messages": messages, "sessionId": session});
                call(agent, "POST", &format!("{profile}/ingest"), Some(&body))?
            }
            Op::Remember { content, session, .. } => {
                let body = json!({"content": content, "sessionId": session});
                call(agent, "POST", &format!("{profile}/remember"), Some(&body))?
            }
            Op::DeleteMemory { id } => call(agent, "DELETE", &format!("{profile}/memories/{id}"), None)?,
            Op::DeleteSession { session } => call(agent, "DELETE", &format!("{profile}/sessions/{session}"), None)?,
            Op::DeleteProfile => call(agent, "DELETE", &profile, None)?,
            Op::Recall => {
                call(agent, "POST", &format!("{profile}/recall"), Some(&json!({"query": "Where does the user live?"})))?
            }
        };
        let (status, answer) = result;
        assert_eq!(status, 200, "{op:?}: {answer}");
        Ok(answer["result"]["id"].as_str().map(str::to_owned))
    }
}

/// Makes the namespace that all write to, unless it is there.
pub fn create_namespace(url: &str) {
    let (status, answer) =
        call(&agent(), "POST", &format!("{url}{BASE}"), Some(&json!({"name": "torture"}))).expect("the server answers");
    assert!(matches!(status, 201 | 409), "{answer}");
}

fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).proxy(None);
    config.timeout_global(Some(Duration::from_mins(1))).build().into()
}

/// The status and the answer, once it is there to its last byte.
fn call(agent: &Agent, method: &str, url: &str, body: Option<&Value>) -> Result<(u16, Value), ureq::Error> {
    let request = Request::builder().method(method).uri(url).header("authorization", format!("Bearer {TOKEN}"));
    let mut response = match body {
        Some(body) => {
            let request = request.header("content-type", "application/json");
            agent.run(request.body(body.to_string()).expect("a request"))?
        }
        None => agent.run(request.body(()).expect("a request"))?,
    };
    let status = response.status().as_u16();
    Ok((status, serde_json::from_slice(&response.body_mut().read_to_vec()?).expect("JSON")))
}

/// Numbers that follow from a seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// Words that nobody ever said, so that no two such texts are about the same thing.
    fn words(&mut self) -> String {
        let word = |dice: &mut Self| (0..9).map(|_| char::from(b'a' + dice.below(26) as u8)).collect::<String>();
        [word(self), word(self)].join(" ")
    }
}
