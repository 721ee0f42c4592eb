//! Messages → sentences: lines, lists, code fences, quotations, and the marks that end a sentence.

use super::quoted::with_double_marks;
use super::words::{Kind, Token, at, count_words, tokenize};

/// A sentence is cut here: nobody says so much in one breath, and every step stays linear.
const LONGEST: usize = 160;
/// A line at least this long, in bytes, that ends without a mark goes on in the next line.
const WRAPPED: usize = 60;

/// What part of a message a sentence stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Running text.
    Prose,
    /// A line that a list follows.
    Intro,
    /// A list's item.
    Item,
    /// An item with an empty box before it.
    OpenBox,
    /// Code, a log, other machine text.
    Machine,
    /// Words that are not the user's own: quoted, or handed over to be worked on.
    Quoted,
    /// What is asked for such a text.
    Request,
}

/// A sentence, in tokens with its final mark.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub tokens: Vec<Token>,
    pub part: Part,
    /// What the list it is an item of is about: the line before it, without its colon.
    pub intro: Vec<Token>,
    /// Which of the message's blocks it stands in: empty lines are between them.
    pub block: usize,
}

/// Takes a message apart.
pub(super) fn split(content: &str) -> Vec<Sentence> {
    let mut reader = Reader::default();
    for line in content.lines() {
        reader.line(line);
    }
    reader.flush();
    reader.sentences
}

#[derive(Default)]
struct Reader {
    sentences: Vec<Sentence>,
    /// A line that may go on.
    open: String,
    intro: Vec<Token>,
    fenced: bool,
    block: usize,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let text = line.trim();
        if text.starts_with("```") || text.starts_with("~~~") {
            self.flush();
            let closed_at_once = text.len() > 3 && text.get(3..).is_some_and(|rest| rest.contains("```"));
            self.fenced = !self.fenced && !closed_at_once;
            return;
        }
        if self.fenced || is_machine(line) {
            self.flush();
            self.push(text, Part::Machine);
        } else if text.is_empty() {
            self.flush();
            self.intro.clear();
            self.block += 1;
        } else if let Some(quoted) = text.strip_prefix('>') {
            self.flush();
            self.push(quoted.trim(), Part::Quoted);
        } else if let Some((item, part)) = list_item(text) {
            self.flush_as_intro();
            self.push(item, part);
        } else {
            self.prose(text);
        }
    }

    fn prose(&mut self, text: &str) {
        let goes_on = self.open.len() >= WRAPPED
            && !self.open.ends_with(['.', '!', '?', ':', ';', '…'])
            && text.chars().next().is_some_and(char::is_lowercase);
        if goes_on {
            self.open.push(' ');
        } else {
            self.flush();
        }
        self.open.push_str(text.trim_start_matches('#').trim_start());
    }

    /// Ends the open text; when it ends with a colon, it is what the list behind it is about.
    fn flush_as_intro(&mut self) {
        if self.open.ends_with(':') {
            let line = std::mem::take(&mut self.open);
            self.push(&line, Part::Prose);
            let Some(last) = self.sentences.last_mut() else { return };
            last.part = Part::Intro;
            self.intro = last.tokens.iter().filter(|t| !t.is(":")).cloned().collect();
        }
        self.flush();
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.open);
        if !text.is_empty() {
            self.push(&text, Part::Prose);
        }
    }

    fn push(&mut self, text: &str, part: Part) {
        let intro = if matches!(part, Part::Item | Part::OpenBox) { self.intro.clone() } else { Vec::new() };
        if part == Part::Prose {
            self.intro.clear();
        }
        for tokens in boundaries(tokenize(&with_double_marks(text))) {
            self.sentences.push(Sentence { tokens, part, intro: intro.clone(), block: self.block });
        }
    }
}

/// `- this`, `* this`, `1. this`, `2) this`, `- [ ] this`; a ticked box is done and no item to do.
fn list_item(text: &str) -> Option<(&str, Part)> {
    let bullet = text.strip_prefix(['-', '*', '•', '–', '·']).filter(|rest| rest.starts_with([' ', '\t']));
    let number = || {
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        let rest = text.get(digits..).filter(|_| (1..=2).contains(&digits))?;
        rest.strip_prefix(['.', ')']).filter(|rest| rest.starts_with(' '))
    };
    let item = bullet.or_else(number)?.trim_start();
    match item.strip_prefix("[ ]") {
        Some(todo) => Some((todo.trim_start(), Part::OpenBox)),
        None => Some((item.trim_start_matches("[x]").trim_start_matches("[X]").trim_start(), Part::Item)),
    }
}

/// Whether a line is machine text: a log, a trace, code that was pasted without a fence.
fn is_machine(line: &str) -> bool {
    let text = line.trim();
    let starts = [
        "$ ",
        ">>> ",
        "... ",
        "Traceback (",
        "File \"",
        "at ",
        "+++",
        "---",
        "@@ ",
        "#!/",
        "#include",
        "import ",
        "from ",
        "def ",
        "fn ",
        "</",
        "<?",
    ];
    let log = ["INFO", "WARN", "WARNING", "ERROR", "DEBUG", "TRACE", "FATAL"];
    let symbols = text.chars().filter(|c| "{}[]()<>=;|\\$&*_/".contains(*c)).count();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let words = text.split_whitespace().count();
    let code_start = starts.iter().any(|s| text.starts_with(s)) && symbols >= 2 && !text.ends_with(['.', '!', '?']);
    let levelled = text.split_whitespace().next().is_some_and(|w| log.contains(&w.trim_matches([':', '|'])));
    let stamped = (text.starts_with(|c: char| c.is_ascii_digit() || c == '[')
        || levelled && text.chars().any(|c| c.is_ascii_digit()))
        && text.split_whitespace().take(5).any(|w| log.contains(&w.trim_matches(['[', ']', ':', '|'])));
    let code_end = text.ends_with(['{', ';']) && symbols >= 3 || text.ends_with("};") || text == "}" || text == "{";
    let dense = words <= 12
        && letters > 0
        && symbols * 4 > letters
        && symbols >= 4
        && !text.contains('`')
        && !text.contains("http");
    code_start || stamped || code_end || dense || is_program_message(text)
}

/// `error: failed to push`, `npm ERR! code 1`, `warning[W12]: …`: what a program says about itself, never a person.
fn is_program_message(text: &str) -> bool {
    const LEVELS: [&str; 12] = [
        "error",
        "fatal",
        "warning",
        "hint",
        "remote",
        "panic",
        "stderr",
        "stdout",
        "err",
        "exception",
        "usage",
        "note",
    ];
    let head = text.split(char::is_whitespace).next().unwrap_or_default();
    let level = head.strip_suffix(':').map(|word| word.split(['[', '(']).next().unwrap_or_default());
    let person =
        text.split_whitespace().any(|word| matches!(word, "I" | "i" | "I'm" | "my" | "My" | "me" | "we" | "our"));
    let caused = text.starts_with("Caused by:") || text.starts_with("caused by:") || text.starts_with("thread '");
    (level.is_some_and(|word| LEVELS.contains(&word)) && !person) || text.contains(" ERR! ") || caused
}

/// Cuts tokens into sentences; each keeps its final mark.
fn boundaries(tokens: Vec<Token>) -> Vec<Vec<Token>> {
    let mut out: Vec<Vec<Token>> = Vec::new();
    let mut current: Vec<Token> = Vec::new();
    let ends: Vec<bool> = (0..tokens.len()).map(|i| ends_sentence(&tokens, i)).collect();
    let starts: Vec<bool> = (0..tokens.len()).map(|i| starts_item(&tokens, i)).collect();
    let mut quoted = false;
    for (((token, ends), starts), i) in tokens.into_iter().zip(ends).zip(starts).zip(0..) {
        quoted ^= matches!(token.text.as_str(), "\"" | "“" | "”");
        let closes = matches!(token.text.as_str(), ")" | "\"" | "”" | "'" | "’") && !token.spaced;
        // Marks behind the final mark belong to the sentence that it ends.
        let tail = i > 0 && current.is_empty() && (closes || (token.kind == Kind::Punct && !token.spaced));
        if tail && let Some(last) = out.last_mut() {
            if last.len() < 2 * LONGEST {
                last.push(token);
            }
            continue;
        }
        if (starts || current.len() >= LONGEST) && !current.is_empty() {
            out.push(std::mem::take(&mut current));
        }
        current.push(token);
        if ends && !quoted {
            out.push(std::mem::take(&mut current));
        }
    }
    if !current.is_empty() {
        out.push(current);
    }
    merge_bare_marks(out)
}

fn ends_sentence(tokens: &[Token], i: usize) -> bool {
    let Some(token) = tokens.get(i) else { return false };
    let mark = token.kind == Kind::Punct && token.text.starts_with(['.', '!', '?', '…', '。', '！', '？']);
    // A point inside a name or a file was not cut off; one behind a lone number is a list's.
    let cjk = token.text.starts_with(['。', '！', '？']);
    let next_spaced = tokens.get(i + 1).is_none_or(|next| next.spaced || next.kind != Kind::Word);
    let picture = token.kind == Kind::Picture
        && tokens
            .get(i + 1)
            .is_some_and(|t| t.is_wordy() && !t.is_any("and|but|or|with|because|which|who|for|in|at|on|to"))
        && i > 1;
    (mark && (next_spaced || cjk)) || picture || closes_quotation(tokens, i)
}

/// `"She has a boat." My train …`: the quotation ended its sentence inside, and a capital begins the next.
fn closes_quotation(tokens: &[Token], i: usize) -> bool {
    let inside = i.checked_sub(1).and_then(|j| tokens.get(j)).is_some_and(|t| t.text.starts_with(['.', '!', '?']));
    let closing = tokens.get(i).is_some_and(|t| matches!(t.text.as_str(), "\"" | "”") && !t.spaced);
    inside && closing && tokens.get(i + 1).is_some_and(|t| t.is_capitalised() && t.spaced)
}

/// `1)` and `2.` inside a line start a point of their own.
fn starts_item(tokens: &[Token], i: usize) -> bool {
    let short = tokens.get(i).is_some_and(|t| t.kind == Kind::Number && t.text.len() <= 2 && t.spaced);
    let opened = i > 0 && tokens.get(i - 1).is_some_and(|t| t.is("("));
    short && at(tokens, i + 1, ")") && !opened
}

/// A sentence without a word belongs to the one before it.
fn merge_bare_marks(sentences: Vec<Vec<Token>>) -> Vec<Vec<Token>> {
    let mut out: Vec<Vec<Token>> = Vec::new();
    for mut tokens in sentences {
        if starts_item(&tokens, 0) {
            tokens.drain(..2.min(tokens.len()));
        }
        match out.last_mut() {
            // Marks without end say nothing: a sentence stays as short as it was cut.
            Some(last) if count_words(&tokens) == 0 => {
                tokens.truncate(LONGEST.saturating_sub(last.len()));
                last.append(&mut tokens);
            }
            _ if tokens.is_empty() => {}
            _ => out.push(tokens),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::words::join;
    use super::*;

    fn texts(content: &str) -> Vec<String> {
        split(content).iter().map(|s| join(&s.tokens)).collect()
    }

    #[test]
    fn messages_come_apart_into_sentences() {
        for (content, expected) in [
            ("I met Dr. Kim. She was kind!", "I met Dr. Kim.|She was kind!"),
            ("done at last 🎉 we run on Linux", "done at last 🎉|we run on Linux"),
            ("wait... what?! ok", "wait...|what?!|ok"),
            ("Version 1.2.3 is out. Get it from x.io.", "Version 1.2.3 is out.|Get it from x.io."),
            ("Two things. 1) pay rent 2) call Bo", "Two things.|pay rent|call Bo"),
            ("He said \"Go. Now.\" and left.", "He said \"Go. Now.\" and left."),
            ("first line\nsecond line", "first line|second line"),
        ] {
            assert_eq!(texts(content).join("|"), expected, "{content}");
        }
    }

    #[test]
    fn no_line_makes_an_endless_sentence() {
        for part in [", ", ".,", "\" ", "a ", "1) ", "? ! ", "a.) "] {
            let longest = split(&part.repeat(20_000)).iter().map(|s| s.tokens.len()).max().unwrap_or(0);
            assert!(longest <= 2 * LONGEST, "{part}: {longest}");
        }
    }

    #[test]
    fn parts_of_a_message_are_told_apart() {
        let message = "shopping for camp:\n- tent: 3 kg\n- [ ] buy pegs\n> she said so\n```\nx = 1\n```\n2026-01-01 10:00 ERROR boom";
        let parts: Vec<Part> = split(message).iter().map(|s| s.part).collect();
        assert_eq!(parts, [Part::Intro, Part::Item, Part::OpenBox, Part::Quoted, Part::Machine, Part::Machine]);
        assert_eq!(join(&split(message)[1].intro), "shopping for camp");
    }
}
