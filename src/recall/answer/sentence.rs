//! Cutting a message into sentences that can be quoted.

/// Words that end in a dot within a sentence.
const ABBREVIATIONS: &[&str] = &["mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "etc", "no", "approx"];

/// The sentences of a text, in order, trimmed; a note in brackets and a line are sentences of their own.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut start = 0;
        let mut chars = line.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|&(_, c)| c);
            let note = next == Some('[')
                && line
                    .get(start..=at)
                    .is_some_and(|s| s.trim_end().ends_with(|c: char| !c.is_alphanumeric()) || c == ' ');
            let mark = matches!(c, '.' | '!' | '?' | '…') && next.is_none_or(char::is_whitespace);
            let wide = matches!(c, '。' | '！' | '？');
            if wide || note || mark && !(c == '.' && abbreviated(line.get(start..at).unwrap_or_default())) {
                let end = at + c.len_utf8();
                push(&mut found, line.get(start..end));
                start = end;
            }
        }
        push(&mut found, line.get(start..));
    }
    found
}

fn push<'a>(found: &mut Vec<&'a str>, sentence: Option<&'a str>) {
    found.extend(sentence.map(str::trim).filter(|sentence| sentence.chars().any(char::is_alphanumeric)));
}

/// Whether the dot that follows belongs to the last word.
fn abbreviated(before: &str) -> bool {
    let last = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let initial = last.chars().count() == 1 && last.chars().all(char::is_uppercase) && last != "I";
    initial || ABBREVIATIONS.contains(&last.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_people_end_them() {
        for (text, expected) in [
            ("I moved. It is 3.5 km away!", vec!["I moved.", "It is 3.5 km away!"]),
            ("Ask Mr. Doyle. He knows", vec!["Ask Mr. Doyle.", "He knows"]),
            ("So cute! [shares a photo: a cat]", vec!["So cute!", "[shares a photo: a cat]"]),
            ("one line\nanother", vec!["one line", "another"]),
            ("今日は。元気です。", vec!["今日は。", "元気です。"]),
            ("... !", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }
}
