//! The first person → the third: `I live with my cat` → `The user lives with their cat`, verbs agreeing.

use super::lexicon::{
    AUXILIARIES, MODALS, base_of_third, is_adverb, is_common_base, is_irregular_past, is_participle, is_past,
    is_regular_past, is_same_in_past, third_person,
};
use super::verbs::{Time, main_verb};
use super::words::{Class, Kind, Token, at, at_any, has_any, low, phrase_at};

/// Whose words they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    /// `the user`, or a name.
    pub name: String,
}

impl Person {
    pub(super) fn user() -> Self {
        Self { name: "the user".to_owned() }
    }

    pub(super) fn named(name: &str) -> Self {
        Self { name: name.to_owned() }
    }
}

/// What shows that something is past, for verbs that look the same then.
const PAST_SIGNS: &str = "yesterday|ago|last week|last month|last year|last night|this morning|earlier|finally|once";

/// Rewrites a statement about its speaker. Words in quotation marks stay as they are.
pub(super) fn rewrite(tokens: &[Token], person: &Person) -> Vec<Token> {
    let mut writer = Writer { tokens, person, out: Vec::with_capacity(tokens.len() + 4), named: false, present: false };
    let mut quoted = false;
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        quoted ^= matches!(token.text.as_str(), "\"" | "“" | "”");
        i = if quoted { writer.copy(i) } else { writer.step(i) };
    }
    writer.out
}

/// Gives a statement without a subject its speaker: `Ran 5 km` → `I ran 5 km`, which is then rewritten like any other.
pub(super) fn with_subject(tokens: &[Token]) -> Option<Vec<Token>> {
    let lead = tokens.iter().take_while(|t| is_lead(&t.low)).count();
    let verb = low(tokens, lead);
    let next = low(tokens, lead + 1);
    let object = tokens.get(lead + 1).is_some_and(|t| t.kind != Kind::Punct)
        && !matches!(next, "is" | "are" | "was" | "were" | "has");
    let must = matches!(verb, "need" | "have" | "got" | "want" | "plan" | "hope") && next == "to";
    let done = !matches!(verb, "based" | "born" | "married" | "interested" | "addicted")
        && (is_past(verb) || (is_same_in_past(verb) && has_past_sign(tokens)))
        && object
        && !is_adjective(tokens, lead)
        && !matches!(verb, "was" | "were" | "did" | "had" if next == "been" || next == "n't");
    let doing = is_doing(tokens, lead, verb) && object;
    let gonna = matches!(verb, "gonna" | "gotta");
    let state = "allergic|vegetarian|vegan|coeliac|celiac|diabetic|pescatarian|teetotal|dyslexic|left-handed|married|born|based|interested|afraid|intolerant|fluent|\
    addicted"
        .has(verb)
        && matches!(next, "to" | "in" | "of" | "since" | "and" | "at" | "btw" | "");
    // "not a fan of coriander", "big fan of opera"
    let taste = match (verb, next) {
        ("not", "a" | "an" | "much" | "keen" | "fond" | "allowed" | "into" | "bothered") => true,
        ("big" | "huge", "fan") => low(tokens, lead + 2) == "of",
        _ => false,
    };
    // "can't do mornings", "don't eat meat"
    let denied = matches!(verb, "ca" | "do" | "could")
        && next == "n't"
        && "do|eat|have|drink|stand|bear|use|drive|swim|read|take|wear|smoke|like|own|work|want"
            .has(low(tokens, lead + 2))
        && tokens
            .get(lead + 3)
            .is_some_and(|t| t.kind == Kind::Word && !t.is_any("it|that|this|them|to|any|much|you|anything"))
        && (verb == "ca" || !"have|take|read|use|want|do".has(low(tokens, lead + 2)));
    let is = doing || verb == "gonna" || state || (taste && verb == "not");
    if !(must || done || is || gonna || taste || denied) || next == "'s" {
        return None;
    }
    let mut out = vec![Token { text: "I".to_owned(), ..Token::word("i") }];
    if is {
        out.push(Token::word("am"));
    } else if taste {
        out.extend([Token::word("am"), Token::word("a")]);
    } else if verb == "got" && next == "to" {
        out.push(Token::word("have"));
    }
    out.extend(tokens.iter().cloned());
    let first = out.len() - tokens.len();
    if let Some(first) = out.get_mut(first).filter(|t| !t.text.chars().skip(1).any(char::is_uppercase)) {
        first.text.clone_from(&first.low);
    }
    Some(out)
}

/// `Burnt toast is the worst`: a form that looks past stands before the noun of another verb.
fn is_adjective(tokens: &[Token], verb: usize) -> bool {
    let near = (verb + 2..verb + 5).find(|&i| at_any(tokens, i, "is|are|was|were|has|'s"));
    near.is_some_and(|i| {
        let between = tokens.get(verb + 1..i).unwrap_or_default();
        between.iter().all(|t| {
            t.kind == Kind::Word
                && !t.is_any("that|which|who|it|he|she|they|i|we|there|out|how|what|the|a|an|my|our|his|her|this")
        })
    })
}

/// `vegan`, `vegetarian btw`, `I'm retired`, `I sing`: what says in one word how someone is, or what they do, and stays so.
pub(super) fn is_lasting_state(tokens: &[Token]) -> bool {
    const STATES: &str =
        "vegetarian|vegan|coeliac|celiac|diabetic|pescatarian|left-handed|teetotal|dyslexic|colourblind|colorblind";
    const OF_PERSON: &str = "retired|widowed|divorced|married|single|pregnant|deaf|blind|autistic|asthmatic|epileptic|anaemic|anemic|unemployed|\
        self-employed|freelance|bilingual|right-handed|ambidextrous|disabled|gay|bisexual|lesbian|trans|adopted|muslim|hindu|jewish|catholic|\
        buddhist|atheist|colour-blind|color-blind|insulin-dependent|bald|hypermobile|partially-sighted";
    const DOES: &str = "sing|dance|paint|knit|smoke|vape|drive|cycle|swim|ski|surf|climb|cook|bake|code|draw|sew|crochet|hunt|fish|sail|box|row|\
        meditate|snore|stammer|stutter|juggle|garden|freelance|commute";
    let ends = |i: usize| tokens.iter().skip(i).all(|t| t.kind == Kind::Punct || t.is("btw"));
    let own = at(tokens, 0, "i");
    let is = own && at_any(tokens, 1, "'m|m|am") && (at_any(tokens, 2, STATES) || at_any(tokens, 2, OF_PERSON));
    (at_any(tokens, 0, STATES) && ends(1)) || (is && ends(3)) || (own && at_any(tokens, 1, DOES) && ends(2))
}

/// Whether `Working on the shed` says what someone is at. In `Running keeps me fit` the form is the subject of another verb.
fn is_doing(tokens: &[Token], lead: usize, verb: &str) -> bool {
    const NOUNS: &str = "morning|evening|thing|nothing|everything|something|anything|during|king|spring|string|painting|ring|ceiling|\
    building|meeting|wedding|parking|heating|being";
    let form = verb.len() > 4 && verb.ends_with("ing") && !NOUNS.has(verb);
    let own = main_verb(tokens).1;
    let joint = |t: &Token| {
        t.kind == Kind::Punct
            || t.is_any("that|which|who|because|since|so|and|but|where|when|what|how|if|as|before|after|to")
    };
    form && tokens
        .get(lead..own.min(tokens.len()))
        .is_some_and(|before| own >= tokens.len() || before.iter().any(joint))
}

fn is_lead(word: &str) -> bool {
    "still|just|currently|finally|also|already|recently|now|then|actually|really".has(word)
}

/// Whether something in the statement is past: a sign, another verb, or a date that nothing puts ahead.
fn has_past_sign(tokens: &[Token]) -> bool {
    let ahead = tokens.iter().any(|t| t.is_any("will|'ll|next|tomorrow|tonight|going|every|usually|always|if|when|in"));
    let past = tokens.iter().any(|t| is_past(&t.low) || t.is("last"));
    has_any(tokens, PAST_SIGNS) || past || (super::date_words::has_date(tokens) && !ahead)
}

struct Writer<'a> {
    tokens: &'a [Token],
    person: &'a Person,
    out: Vec<Token>,
    /// Whether the speaker was named already.
    named: bool,
    /// Whether the last verb of the speaker was made to agree: a second one, joined to it, must be too.
    present: bool,
}

impl Writer<'_> {
    /// Writes the token at `i`, and says where to go on.
    fn step(&mut self, i: usize) -> usize {
        match low(self.tokens, i) {
            "i" => self.subject(i, false),
            "we" if self.is_together(i) => self.together(i),
            "we" => self.subject(i, true),
            "me" | "us" if self.is_let_us(i) => self.copy(i),
            "me" | "us" => self.replace(i, &self.object()),
            "my" | "our" => self.replace(i, &self.possessive()),
            "mine" | "ours" => self.replace(i, &format!("{}'s", self.person.name)),
            "myself" | "ourselves" => self.replace(i, "themselves"),
            "and" | "or" | "but" | "then" | "nor" if self.present => self.joined_verb(i),
            "," if self.present && self.is_verb_list(i) => self.joined_verb(i),
            "to" => {
                self.present = false;
                self.copy(i)
            }
            word => {
                if MODALS.has(word) {
                    self.present = false;
                }
                self.copy(i)
            }
        }
    }

    fn copy(&mut self, i: usize) -> usize {
        self.out.extend(self.tokens.get(i).cloned());
        i + 1
    }

    fn replace(&mut self, i: usize, text: &str) -> usize {
        let spaced = self.tokens.get(i).is_none_or(|t| t.spaced);
        self.out.push(Token { spaced, ..Token::word(text) });
        self.named = true;
        i + 1
    }

    fn object(&self) -> String {
        self.person.name.clone()
    }

    fn possessive(&self) -> String {
        if self.named { "their".to_owned() } else { format!("{}'s", self.person.name) }
    }

    fn is_let_us(&self, i: usize) -> bool {
        i > 0 && at(self.tokens, i - 1, "let") && at(self.tokens, i, "us")
    }

    /// Whether what "we" do takes more than one: then it is not said of the speaker alone.
    fn is_together(&self, i: usize) -> bool {
        let rest = self.tokens.get(i + 1..).unwrap_or_default();
        let near = rest.get(..rest.len().min(4)).unwrap_or_default();
        near.iter().any(|t| t.is_any(&["both", "all", "met", "agreed", "divorced", "separated", "meet"]))
            || rest.iter().any(|t| t.is("together"))
            || has_any(rest, &["each other", "one another", "a team of", "a family of"])
            || (at_any(rest, 0, &["are", "'re", "were"]) && rest.get(1).is_some_and(|t| t.kind == Kind::Number))
    }

    fn together(&mut self, i: usize) -> usize {
        let name = format!("{} and others", self.person.name);
        let next = self.replace(i, &name);
        let full = match low(self.tokens, next) {
            "'re" => "are",
            "'ve" => "have",
            "'ll" => "will",
            _ => return next,
        };
        self.out.push(Token::word(full));
        next + 1
    }

    /// `I` or a `we` that is true of each: the name, the words between, and the verb made to agree.
    fn subject(&mut self, i: usize, plural: bool) -> usize {
        let joined = i > 0 && at_any(self.tokens, i - 1, &["and", "or"]);
        self.invert(plural);
        let mut next = self.replace(i, &self.person.name.clone());
        // "My wife and I live": two people, the verb is plural already.
        let two = joined
            && self.out.len() > 3
            && !plural
            && self.tokens.get(..i).is_some_and(|t| !has_finite_verb(t) && main_verb(t).0 == Time::None);
        let end = adverbs(self.tokens, next);
        while next < end {
            next = self.copy(next);
        }
        if two { next } else { self.verb(next) }
    }

    /// "so am I": the verb before the subject agrees too.
    fn invert(&mut self, plural: bool) {
        let Some(last) = self.out.last_mut() else { return };
        let agreeing = match last.low.as_str() {
            "am" => "is",
            "are" if plural => "is",
            "were" if plural => "was",
            "have" => "has",
            "do" => "does",
            _ => return,
        };
        *last = Token { spaced: last.spaced, ..Token::word(agreeing) };
    }

    /// The verb of the speaker's clause at `i`.
    fn verb(&mut self, i: usize) -> usize {
        let Some(token) = self.tokens.get(i) else { return i };
        let word = token.low.as_str();
        self.present = false;
        let full = match word {
            "'m" | "m" | "am" | "are" | "'re" | "re" | "is" => "is",
            "'ve" | "ve" | "have" => {
                self.present = word == "have";
                "has"
            }
            "'ll" => "will",
            "'d" => self.would_or_had(i),
            "do" => "does",
            "gotta" => "has to",
            "wanna" => "wants to",
            "were" => "was",
            // "need not", "dare say": these are modals there.
            "need" | "dare" if at_any(self.tokens, i + 1, &["not", "n't", "say"]) => return i,
            _ if token.kind != Kind::Word || self.keeps_form(word) => return i,
            _ => {
                self.present = true;
                let agreeing = third_person(word);
                self.out.push(Token { spaced: token.spaced, ..Token::word(&agreeing) });
                return i + 1;
            }
        };
        let spaced = word.starts_with('\'') || token.spaced || word == "m" || word == "ve";
        self.out.push(Token { spaced, ..Token::word(full) });
        i + 1
    }

    fn would_or_had(&self, i: usize) -> &'static str {
        let mut next = i + 1;
        while self.tokens.get(next).is_some_and(|t| is_adverb(&t.low)) {
            next += 1;
        }
        let word = low(self.tokens, next);
        let had = word == "better" || ((is_participle(word) || is_past(word)) && !is_common_base(word));
        if had { "had" } else { "would" }
    }

    /// Whether a verb looks the same for every person: past forms and modals. What is no verb is left alone too.
    fn keeps_form(&self, word: &str) -> bool {
        let same = is_same_in_past(word) && has_past_sign(self.tokens);
        let past = is_regular_past(word) || (is_irregular_past(word) && !is_same_in_past(word));
        let other = MODALS.has(word)
            || "was|had|did|gotta|cant|wont|gonna|wanna|and|or|of|in|who|that|is|the|a|n't|got|cannot|used|has|does|\
    to|at|on"
                .has(word)
            || (word.ends_with("ing") && !is_common_base(word))
            || word.ends_with("'t");
        same || past || other
    }

    /// `I run a shop, teach yoga, and volunteer`: a row of verbs, the last of them behind "and".
    fn is_verb_list(&self, i: usize) -> bool {
        let verb = |j: usize| is_common_base(low(self.tokens, j));
        verb(i + 1) && (i + 2..self.tokens.len()).any(|j| at_any(self.tokens, j, &["and", "then", "or"]) && verb(j + 1))
    }

    /// A second verb behind "and": `live in Oslo and work at home`.
    fn joined_verb(&mut self, i: usize) -> usize {
        let mut next = self.copy(i);
        let mark = next;
        next = adverbs(self.tokens, next);
        let word = low(self.tokens, next);
        let goes_on =
            self.tokens.get(next + 1).is_some_and(|t| t.is_wordy() && !AUXILIARIES.has(&t.low) && !t.is("and"));
        // Behind an adverb it is a verb, whatever follows: "and rarely cook", "and still owe".
        let behind_adverb = (mark < next || at(self.tokens, i, "nor"))
            && self.tokens.get(next).is_some_and(|t| t.kind == Kind::Word)
            && base_of_third(&third_person(word)).is_some();
        if !(behind_adverb || (is_common_base(word) && goes_on)) {
            return mark;
        }
        for between in mark..next {
            self.copy(between);
        }
        self.verb(next)
    }
}

/// Where the adverbs that start at `i` end: `no longer`, `really just`, `(still)`.
fn adverbs(tokens: &[Token], i: usize) -> usize {
    let mut next = i;
    loop {
        let lone = tokens.get(next).is_some_and(|t| {
            (is_adverb(&t.low) && !t.is("to"))
                || t.is_any("neither|either|seldom|maybe|perhaps")
                || (t.is("last") && tokens.get(next + 1).is_some_and(|v| is_past(&v.low)))
        });
        let pair = at_any(tokens, next, "no|kind|sort|more|at") && PAIRS.any(|pair| phrase_at(tokens, next, pair));
        let bracket = at(tokens, next, "(") && at(tokens, next + 2, ")") && is_adverb(low(tokens, next + 1));
        next += match (lone, pair, bracket) {
            (true, _, _) => 1,
            (_, true, _) => 2,
            (_, _, true) => 3,
            _ => return next,
        };
    }
}

/// Adverbs of two words.
const PAIRS: &str = "no longer|kind of|sort of|at last|at times|at least";

/// Whether there is an auxiliary, a past form or a common verb in the third person.
pub(super) fn has_finite_verb(tokens: &[Token]) -> bool {
    tokens.iter().any(|t| AUXILIARIES.has(&t.low) || is_past(&t.low) || t.is("'s") || base_of_third(&t.low).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::words::{join, tokenize};
    use super::*;

    #[test]
    fn the_first_person_becomes_the_third_and_verbs_agree() {
        for (said, kept) in [
            ("I live in Oslo and work from home", "the user lives in Oslo and works from home"),
            ("I'm tall and I've got two cats", "the user is tall and the user has got two cats"),
            ("I don't eat meat", "the user doesn't eat meat"),
            ("dont worry, I cant come", "dont worry, the user cant come"),
            ("my sister gave me her bike", "the user's sister gave the user her bike"),
            ("I love my dog", "the user loves their dog"),
            ("I'd moved before; I'd like tea", "the user had moved before; the user would like tea"),
            ("we're insured with Acme and our car is red", "the user is insured with Acme and their car is red"),
            ("we met at school", "the user and others met at school"),
            ("my wife and I live here", "the user's wife and the user live here"),
            ("I always study late, and rarely sleep well", "the user always studies late, and rarely sleeps well"),
            ("I like to cook and play chess", "the user likes to cook and play chess"),
            ("I quit sugar last week", "the user quit sugar last week"),
            ("she said \"I am here\" to me", "she said \"I am here\" to the user"),
            ("I taught myself piano", "the user taught themselves piano"),
            ("I no longer cook and no longer bake bread", "the user no longer cooks and no longer bakes bread"),
            ("I (still) love jazz", "the user (still) loves jazz"),
            ("I neither drink nor smoke cigars", "the user neither drinks nor smokes cigars"),
            ("I need not pay", "the user need not pay"),
            ("I really probably just sing", "the user really probably just sings"),
            ("I get up at 6, walk the dog, then eat oats", "the user gets up at 6, walks the dog, then eats oats"),
        ] {
            assert_eq!(join(&rewrite(&tokenize(said), &Person::user())), kept, "{said}");
        }
    }

    #[test]
    fn one_word_can_say_what_stays_so() {
        for (text, lasting) in [
            ("vegan btw", true),
            ("I'm retired.", true),
            ("I am left-handed", true),
            ("I sing.", true),
            ("I'm tired.", false),
            ("I know.", false),
            ("I sing badly when tired", false),
        ] {
            assert_eq!(is_lasting_state(&tokenize(text)), lasting, "{text}");
        }
    }

    #[test]
    fn statements_without_a_subject_get_their_speaker() {
        for (said, kept) in [
            ("Ran 5 km", Some("I ran 5 km")),
            ("still have to call Bo", Some("I still have to call Bo")),
            ("Working on the shed", Some("I am working on the shed")),
            ("Need to pay rent", Some("I need to pay rent")),
            ("Buy milk", None),
            ("Morning walk", None),
            ("Running is fun", None),
            ("Did the course in June", Some("I did the course in June")),
        ] {
            assert_eq!(with_subject(&tokenize(said)).map(|t| join(&t)).as_deref(), kept, "{said}");
        }
    }
}
