//! Messages that name their speaker: "Ana: I moved to Oslo".

/// A message's words, and whose they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken<'a> {
    /// The name in front, as written; none when the message names nobody.
    pub speaker: Option<&'a str>,
    /// What was said, without the name.
    pub text: &'a str,
}

/// The most words a speaker's name has: "Dr. Ana Maria Lopez".
const NAME_WORDS: usize = 4;
/// The most bytes a speaker's name has.
const NAME_BYTES: usize = 40;
/// Words that stand before a colon without being anybody's name.
const LABELS: &str = "summarise|summarize|proofread|rewrite|rephrase|paraphrase|reword|explain|shorten|todo|note|notes|reminder|update|question|answer|ps|edit|fyi|context|re|subject|to|from|cc|date|time|task|tasks|\
    goal|goals|plan|example|warning|error|info|debug|important|summary|title|name|address|phone|email|correction|\
    btw|also|translate|translation|remember|rule|idea|ideas|user|assistant|system|me|result|output|input|file|\
    location|where|when|who|what|why|how|first|second|next|then|now|today|tomorrow|yesterday|day|week|step|\
    ingredients|method|recipe|budget|status|done|ok|okay|yes|no|hi|hello|hey|thanks|tip|hint|bug|fix|feature|issue|\
    version|release|monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|evening|lunch|dinner|breakfast|change";

/// Splits "Name: text" into both. A name is one to four words that each begin with a capital letter, before the first colon of the
/// message, and is followed by white space; "Note: …" and "10:30 …" name nobody.
///
/// ```
/// use mnemon::text::spoken;
/// assert_eq!(spoken("Ana: I moved").speaker, Some("Ana"));
/// assert_eq!(spoken("Ana: I moved").text, "I moved");
/// assert_eq!(spoken("Note: buy milk").speaker, None);
/// assert_eq!(spoken("the code: 4408").speaker, None);
/// ```
#[must_use]
pub fn spoken(content: &str) -> Spoken<'_> {
    let nobody = Spoken { speaker: None, text: content };
    let Some((name, text)) = content.split_once(':') else { return nobody };
    if name.len() > NAME_BYTES || !text.starts_with(char::is_whitespace) || !is_name(name) {
        return nobody;
    }
    Spoken { speaker: Some(name.trim()), text: text.trim_start() }
}

fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’' | '-'))
    };
    let label = |word: &&str| LABELS.split('|').any(|label| label.eq_ignore_ascii_case(word));
    (1..=NAME_WORDS).contains(&words.len()) && words.iter().all(capital) && !words.iter().any(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_before_the_first_colon_is_the_speaker() {
        for (content, speaker, text) in [
            ("Ana: I moved to Oslo", Some("Ana"), "I moved to Oslo"),
            ("Dr. Sepp: no hills", Some("Dr. Sepp"), "no hills"),
            ("Jean-Luc O'Neill:\nhi", Some("Jean-Luc O'Neill"), "hi"),
            ("Zoë: see you at 10:30", Some("Zoë"), "see you at 10:30"),
            ("Todo: buy milk", None, "Todo: buy milk"),
            ("we meet at 10:30", None, "we meet at 10:30"),
            ("Time 10:30 works", None, "Time 10:30 works"),
            ("https://example.org", None, "https://example.org"),
            ("some rules: tables only", None, "some rules: tables only"),
            ("Dr. Maria del Mar: hi", None, "Dr. Maria del Mar: hi"),
            ("Two things: a and b", None, "Two things: a and b"),
            ("Dinner: soup", None, "Dinner: soup"),
            (": hello", None, ": hello"),
            ("", None, ""),
        ] {
            assert_eq!(spoken(content), Spoken { speaker, text }, "{content}");
        }
    }
}
