//! Query parameters. Those that nobody knows are ignored; those that are known must be right.

use std::ops::RangeInclusive;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

use super::error::Failure;
use crate::error::{Error, Result};

/// Rows a page when the caller does not say.
const PER_PAGE: usize = 20;

/// A request's query parameters, decoded, in their order.
pub(super) struct Query(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default())?)
    }
}

impl Query {
    fn parse(text: &str) -> Result<Self> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        });
        decoded.collect::<Result<_>>().map(Self)
    }

    /// The value of a parameter; an empty one is as good as none.
    ///
    /// # Errors
    /// `InvalidInput` when it is given more than once.
    pub(super) fn one(&self, name: &'static str) -> Result<Option<&str>> {
        let mut values = self.all(name);
        let first = values.next();
        if values.next().is_some() {
            return Err(Error::invalid(format!("/{name}"), format!("{name} is given more than once")));
        }
        Ok(first.filter(|value| !value.is_empty()))
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// `per_page`, within `range`.
    ///
    /// # Errors
    /// `InvalidInput` when it is not a number or out of range.
    pub(super) fn per_page(&self, range: RangeInclusive<usize>) -> Result<usize> {
        // An empty one is no number, though other parameters may be empty.
        let empty = self.all("per_page").next().filter(|text| text.is_empty());
        let Some(text) = self.one("per_page")?.or(empty) else { return Ok(PER_PAGE) };
        text.parse().ok().filter(|n| range.contains(n)).ok_or_else(|| {
            let (least, most) = range.into_inner();
            let shown = shown(text);
            Error::invalid("/per_page", format!("per_page is {shown}, it must be a number from {least} to {most}"))
        })
    }

    /// One of a few words.
    ///
    /// # Errors
    /// `InvalidInput` that names them all when it is another.
    pub(super) fn choice<T: Copy>(&self, name: &'static str, choices: &[(&str, T)]) -> Result<Option<T>> {
        self.one(name)?.map(|word| choose(name, word, choices)).transpose()
    }

    /// Whether `include` asks for `what`, the one thing that this call can include.
    ///
    /// # Errors
    /// `InvalidInput` when it asks for anything else.
    pub(super) fn includes(&self, what: &str) -> Result<bool> {
        Ok(self.choice("include", &[(what, true)])?.unwrap_or(false))
    }
}

/// The choice that `word` names.
///
/// # Errors
/// `InvalidInput` that names them all when it names none.
pub(super) fn choose<T: Copy>(name: &str, word: &str, choices: &[(&str, T)]) -> Result<T> {
    choices.iter().find(|(known, _)| *known == word).map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = choices.iter().map(|(known, _)| *known).collect();
        let message = format!("{name} is {}, it must be one of: {}", shown(word), known.join(", "));
        Error::invalid(format!("/{name}"), message)
    })
}

/// A value that should be a short word, for an error message: anything longer may be somebody's text and only its size is told.
pub(super) fn shown(word: &str) -> String {
    let is_short_word = word.len() <= 24 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.+".contains(&b));
    if is_short_word { format!("`{word}`") } else { format!("{} bytes of text", word.len()) }
}

fn decode(text: &str) -> Result<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded.map(String::from).map_err(|_| Error::invalid("/query", "query string is not percent-encoded UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_unknown_ones_are_nobodys_business() {
        let query = Query::parse("a=x%2Fy+z&&b&c=&d=1&d=2&%61%62=%3D").unwrap();
        assert_eq!(query.one("a").unwrap(), Some("x/y z"));
        assert_eq!((query.one("b").unwrap(), query.one("c").unwrap(), query.one("e").unwrap()), (None, None, None));
        assert_eq!(query.one("ab").unwrap(), Some("="));
        assert_eq!(query.one("d").unwrap_err().pointer(), Some("/d"));
        assert!(Query::parse("a=%ff").is_err());
    }

    #[test]
    fn pages_are_held_to_their_range() {
        let per_page = |text: &str| Query::parse(text).unwrap().per_page(1..=500);
        for (text, rows) in [("", 20), ("per_page=1", 1), ("per_page=500", 500)] {
            assert_eq!(per_page(text).unwrap(), rows, "{text}");
        }
        for bad in ["", "0", "501", "-1", "x", "1.5", "1e2", "99999999999999999999", "%20"] {
            assert_eq!(per_page(&format!("per_page={bad}")).unwrap_err().pointer(), Some("/per_page"), "{bad}");
        }
    }

    #[test]
    fn errors_name_the_choices_but_never_repeat_text() {
        let choices = [("asc", 1), ("desc", 2)];
        let message = |word| choose("direction", word, &choices).unwrap_err().message().to_owned();
        assert_eq!(message("up"), "direction is `up`, it must be one of: asc, desc");
        assert_eq!(message("my secret"), "direction is 9 bytes of text, it must be one of: asc, desc");
    }
}
