//! Text → tokens and back. Contractions come apart, so that grammar can change one half: `I'm` is `I` and `'m`.

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, or letters with digits and marks inside.
    Word,
    /// Starts with a digit, or a sign before one.
    Number,
    /// Punctuation, one mark or a run of the same.
    Punct,
    /// Emoji and other pictures.
    Picture,
    /// Code between backticks, an address: never taken apart.
    Opaque,
}

/// A word, a number or a mark, as it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// As written.
    pub text: String,
    /// In lower case, with straight apostrophes.
    pub low: String,
    /// Whether a space stands before it.
    pub spaced: bool,
    /// What it is made of.
    pub kind: Kind,
}

/// A closed class of words or phrases: an array, or one text with a `|` between them.
pub(super) trait Class {
    /// Whether `test` holds for one of them.
    fn any(&self, test: impl FnMut(&str) -> bool) -> bool;

    /// Whether `word` is one of them.
    fn has(&self, word: &str) -> bool {
        self.any(|own| own == word)
    }
}

impl Class for str {
    fn any(&self, test: impl FnMut(&str) -> bool) -> bool {
        self.split('|').any(test)
    }

    /// By search rather than word by word: nearly all of the time it is not there at all.
    fn has(&self, word: &str) -> bool {
        let bytes = self.as_bytes();
        let whole = |start: usize| {
            let end = start + word.len();
            (start == 0 || bytes.get(start - 1) == Some(&b'|')) && bytes.get(end).is_none_or(|byte| *byte == b'|')
        };
        !word.is_empty() && !word.contains('|') && self.match_indices(word).any(|(start, _)| whole(start))
    }
}

impl Class for [&str] {
    fn any(&self, mut test: impl FnMut(&str) -> bool) -> bool {
        self.iter().any(|word| test(word))
    }
}

impl<const N: usize> Class for [&str; N] {
    fn any(&self, test: impl FnMut(&str) -> bool) -> bool {
        self.as_slice().any(test)
    }
}

impl Token {
    /// A word that the text does not hold, with a space before it.
    pub(super) fn word(text: &str) -> Self {
        Self::new(text, true, Kind::Word)
    }

    fn new(text: &str, spaced: bool, kind: Kind) -> Self {
        Self { text: text.to_owned(), low: fold(text), spaced, kind }
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.low == word
    }

    pub(super) fn is_any<C: Class + ?Sized>(&self, words: &C) -> bool {
        words.has(&self.low)
    }

    pub(super) fn is_wordy(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Number | Kind::Opaque)
    }

    /// Whether it is written with a capital first.
    pub(super) fn is_capitalised(&self) -> bool {
        self.kind == Kind::Word && self.text.chars().next().is_some_and(char::is_uppercase)
    }

    pub(super) fn has_digit(&self) -> bool {
        self.text.chars().any(|c| c.is_ascii_digit())
    }
}

fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|c| if matches!(c, '’' | '‘') { '\'' } else { c }).collect()
}

/// Whether the token at `i` is `word`.
pub(super) fn at(tokens: &[Token], i: usize, word: &str) -> bool {
    tokens.get(i).is_some_and(|t| t.is(word))
}

/// Whether the token at `i` is one of `words`.
pub(super) fn at_any<C: Class + ?Sized>(tokens: &[Token], i: usize, words: &C) -> bool {
    tokens.get(i).is_some_and(|t| t.is_any(words))
}

/// The lower-case form of the token at `i`, or nothing.
pub(super) fn low(tokens: &[Token], i: usize) -> &str {
    tokens.get(i).map_or("", |t| t.low.as_str())
}

/// Whether `phrase`, words with single spaces, starts at `i`.
pub(super) fn phrase_at(tokens: &[Token], i: usize, phrase: &str) -> bool {
    let Some(first) = tokens.get(i).filter(|t| phrase.starts_with(t.low.as_str())) else { return false };
    match phrase.split_at_checked(first.low.len()) {
        Some((_, "")) => true,
        Some((_, rest)) => rest.strip_prefix(' ').is_some_and(|rest| phrase_at(tokens, i + 1, rest)),
        None => false,
    }
}

/// Whether `phrase` stands anywhere.
pub(super) fn has_phrase(tokens: &[Token], phrase: &str) -> bool {
    (0..tokens.len()).any(|i| phrase_at(tokens, i, phrase))
}

/// Whether one of `phrases` stands anywhere.
pub(super) fn has_any<C: Class + ?Sized>(tokens: &[Token], phrases: &C) -> bool {
    phrases.any(|phrase| has_phrase(tokens, phrase))
}

/// The words, numbers and code among the tokens.
pub(super) fn count_words(tokens: &[Token]) -> usize {
    tokens.iter().filter(|t| t.is_wordy() && !t.low.starts_with('\'') && t.low != "n't").count()
}

/// The text again, single spaces where there was space.
pub(super) fn join(tokens: &[Token]) -> String {
    let mut text = String::new();
    for token in tokens {
        if token.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&token.text);
    }
    text
}

/// Without the marks behind the last word.
pub(super) fn without_tail(tokens: &[Token]) -> &[Token] {
    tokens.get(..tokens.iter().rposition(Token::is_wordy).map_or(0, |last| last + 1)).unwrap_or_default()
}

/// Takes a line apart.
pub(super) fn tokenize(line: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = line;
    let mut spaced = true;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            spaced = true;
            rest = rest.split_at(first.len_utf8()).1;
            continue;
        }
        let end = chunk_end(rest);
        let (chunk, after) = rest.split_at(end);
        push_chunk(&mut tokens, chunk, spaced);
        rest = after;
        spaced = false;
    }
    tokens
}

/// Where the chunk that `text` starts with ends: at white space, or after the closing backtick of code.
fn chunk_end(text: &str) -> usize {
    if let Some(code) = text.strip_prefix('`')
        && let Some(close) = code.find('`').filter(|&n| n > 0)
    {
        return close + 2;
    }
    let stop = |c: char| c.is_whitespace() || c == '`';
    text.char_indices().skip(1).find(|&(_, c)| stop(c)).map_or(text.len(), |(i, _)| i)
}

fn push_chunk(tokens: &mut Vec<Token>, chunk: &str, spaced: bool) {
    if chunk.len() > 1 && chunk.starts_with('`') && chunk.ends_with('`') {
        tokens.push(Token::new(chunk, spaced, Kind::Opaque));
        return;
    }
    let mut rest = chunk;
    let mut spaced = spaced;
    while let Some(c) = rest.chars().next() {
        let end = piece_end(rest, c);
        let (piece, after) = rest.split_at(end);
        push_piece(tokens, piece, spaced);
        spaced = false;
        rest = after;
    }
}

/// Where the piece that starts with `first` ends: a run of one mark, one picture, or a word up to the marks behind it.
fn piece_end(text: &str, first: char) -> usize {
    if !starts_word(text, first) {
        return text.char_indices().find(|&(_, c)| c != first).map_or(text.len(), |(i, _)| i);
    }
    let mut end = first.len_utf8();
    let mut last_was_mark = false;
    for (i, c) in text.char_indices().skip(1) {
        if c.is_alphanumeric() || is_combining(c) {
            end = i + c.len_utf8();
            last_was_mark = false;
        } else if splits_words(c) || (last_was_mark && !matches!(c, '/' | '-' | '_' | '.')) {
            break;
        } else {
            last_was_mark = true;
        }
    }
    let word = text.get(..end).unwrap_or(text);
    end + belongs_behind(word, text.get(end..).unwrap_or_default())
}

fn starts_word(text: &str, first: char) -> bool {
    let next = text.chars().nth(1);
    let number =
        matches!(first, '-' | '+' | '$' | '€' | '£' | '~' | '<' | '>') && next.is_some_and(|c| c.is_ascii_digit());
    let path = matches!(first, '/' | '.' | '#' | '@' | '~' | '_' | '^')
        && next.is_some_and(|c| c.is_alphanumeric() || c == '/');
    let clitic = matches!(first, '\'' | '’') && next.is_some_and(char::is_alphabetic);
    first.is_alphanumeric() || number || path || clitic
}

fn splits_words(c: char) -> bool {
    matches!(c, '—' | '–' | '…' | ',' | ';' | '"' | '“' | '”' | '(' | ')' | '[' | ']' | '{' | '}') || is_picture(c)
}

/// How many bytes of the marks behind a word are part of it: the point of an abbreviation, the signs of `C++` and `5%`.
fn belongs_behind(word: &str, after: &str) -> usize {
    let next = after.chars().next();
    match next {
        Some('.') if is_abbreviation(word) => 1,
        Some('%' | '°') if word.ends_with(|c: char| c.is_ascii_digit()) => next.map_or(0, char::len_utf8),
        Some('€' | '£' | '$') if word.ends_with(|c: char| c.is_ascii_digit()) => next.map_or(0, char::len_utf8),
        Some('+') if after.starts_with("++") => 2,
        Some('+' | '#') if after.chars().nth(1).is_none_or(|c| !c.is_alphanumeric()) => 1,
        Some('/') => 1,
        Some(',') if word.ends_with(|c: char| c.is_ascii_digit()) => thousands(after),
        _ => 0,
    }
}

/// `,200` behind `1`, with whatever else is joined to it.
fn thousands(after: &str) -> usize {
    let digits = |from: usize| {
        let rest = after.get(from..).unwrap_or_default();
        rest.chars().take_while(char::is_ascii_digit).count()
    };
    let mut end = 0;
    while after.get(end..).is_some_and(|rest| rest.starts_with([',', '.'])) {
        let run = digits(end + 1);
        if run == 0 {
            break;
        }
        end += 1 + run;
    }
    end
}

fn is_abbreviation(word: &str) -> bool {
    const KNOWN: &str = "dr|mr|mrs|ms|prof|st|v|vs|e.g|i.e|approx|no|jr|sr|inc|ltd|co|etc|a.m|p.m|fig|min";
    let folded = word.to_ascii_lowercase();
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I";
    initial || (KNOWN.has(folded.as_str()) && !matches!(folded.as_str(), "no" | "etc" | "min" | "co"))
}

fn push_piece(tokens: &mut Vec<Token>, piece: &str, spaced: bool) {
    let Some(first) = piece.chars().next() else { return };
    let kind = if is_address(piece) {
        Kind::Opaque
    } else if first.is_ascii_digit()
        || (piece.chars().nth(1).is_some_and(|c| c.is_ascii_digit()) && !first.is_alphabetic())
    {
        Kind::Number
    } else if piece.chars().any(char::is_alphanumeric) {
        Kind::Word
    } else if is_picture(first) {
        Kind::Picture
    } else {
        Kind::Punct
    };
    if kind != Kind::Word {
        tokens.push(Token::new(piece, spaced, kind));
        return;
    }
    let (stem, clitic) = split_clitic(piece);
    if !stem.is_empty() {
        tokens.push(Token::new(stem, spaced, Kind::Word));
    }
    if !clitic.is_empty() {
        tokens.push(Token::new(clitic, spaced && stem.is_empty(), Kind::Word));
    }
}

/// `I'm` → `I`, `'m`; `don't` → `do`, `n't`; typed without apostrophe too where it is no other word.
fn split_clitic(word: &str) -> (&str, &str) {
    let folded = fold(word);
    let cut = |n: usize| {
        let at = word.char_indices().rev().nth(n - 1).map_or(0, |(i, _)| i);
        word.split_at(at)
    };
    for clitic in ["n't", "'m", "'re", "'ve", "'ll", "'d", "'s"] {
        if folded.ends_with(clitic)
            && folded.len() > clitic.len()
            && !(clitic == "n't" && matches!(folded.as_str(), "ain't"))
        {
            return cut(clitic.len());
        }
    }
    match folded.as_str() {
        "im" => cut(1),
        "ive" | "weve" | "youve" | "theyve" | "dont" | "doesnt" | "didnt" | "isnt" | "wasnt" | "arent" | "werent"
        | "havent" | "hasnt" | "hadnt" | "couldnt" | "wouldnt" | "shouldnt" => cut(2),
        _ => (word, ""),
    }
}

fn is_address(piece: &str) -> bool {
    let at = piece.find('@').is_some_and(|i| i > 0 && i + 1 < piece.len());
    piece.contains("://") || at || piece.starts_with("www.")
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}')
        || matches!(c, '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{65f}')
}

pub(super) fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        tokenize(text).into_iter().map(|t| t.text).collect()
    }

    #[test]
    fn a_class_has_whole_words_only() {
        for (class, word, has) in [
            ("at|ate|eat", "eat", true),
            ("at|ate|eat", "at", true),
            ("ate|meat", "eat", false),
            ("ate|eat", "e", false),
            ("a|b", "a|b", false),
            ("a|b", "", false),
        ] {
            assert_eq!(class.has(word), has, "{class} {word}");
        }
    }

    #[test]
    fn lines_come_apart_into_words_and_marks() {
        for (line, expected) in [
            ("I'm here, really!", "I|'m|here|,|really|!"),
            ("Dr. Aho isn't in.", "Dr.|Aho|is|n't|in|."),
            ("dont use C++ or v1.2.3", "do|nt|use|C++|or|v1.2.3"),
            ("pay 1,200.50 euros (or 5%)", "pay|1,200.50|euros|(|or|5%|)"),
            ("run `make all` now...", "run|`make all`|now|..."),
            ("mail a.b@c.example today🎉yes", "mail|a.b@c.example|today|🎉|yes"),
            ("one—two", "one|—|two"),
            ("the boss's hat", "the|boss|'s|hat"),
            ("at 9:40 on 2026-05-01.", "at|9:40|on|2026-05-01|."),
            ("in ./bin/x and ~/docs", "in|./bin/x|and|~/docs"),
        ] {
            assert_eq!(parts(line).join("|"), expected, "{line}");
        }
    }

    #[test]
    fn joining_gives_the_line_again() {
        for line in ["I'm here, really!", "a (b) c: d; e... 🎉 f", "“So,” she said", "Ünïcode — ok"] {
            assert_eq!(join(&tokenize(line)), line);
        }
    }
}
