//! `mnemon-model.json`: what a model's own files do not say about it.

use serde::Deserialize;

use crate::model::Pooling;

/// Numbers in a vector beyond which a manifest is taken for a mistake; the largest models in use have 4,096.
const MOST_DIMENSIONS: usize = 8_192;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// The model's name, for people.
    pub(super) name: String,
    pub(super) dimension: usize,
    pub(super) pooling: Pooling,
    /// Put in front of every question, as the model was trained with.
    #[serde(default)]
    pub(super) query_prefix: String,
    /// Put in front of every passage.
    #[serde(default)]
    pub(super) passage_prefix: String,
    /// Tokens read of a text, the model's own start and end among them; the rest is left out of account.
    pub(super) max_tokens: usize,
    /// The ONNX file, relative to the folder.
    pub(super) onnx: String,
}

impl Manifest {
    /// Reads and checks; the error is one lower-case sentence.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let manifest: Self = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if manifest.name.is_empty() || manifest.onnx.is_empty() {
            return Err("`name` and `onnx` must not be empty".to_owned());
        }
        if manifest.dimension == 0 || manifest.dimension > MOST_DIMENSIONS {
            return Err(format!("`dimension` is {}, must be 1 to {MOST_DIMENSIONS}", manifest.dimension));
        }
        // Start, end, and something between them.
        if manifest.max_tokens < 3 {
            return Err(format!("`max_tokens` is {}, must be 3 or more", manifest.max_tokens));
        }
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_may_be_left_out() {
        let manifest =
            Manifest::parse(br#"{"name": "m", "dimension": 8, "pooling": "cls", "max_tokens": 64, "onnx": "m.onnx"}"#)
                .unwrap();
        assert_eq!((manifest.query_prefix.as_str(), manifest.pooling), ("", Pooling::Cls));
    }

    #[test]
    fn mistakes_are_named() {
        let cases = [
            (r#"{"dimension": 8, "pooling": "cls", "max_tokens": 64, "onnx": "m"}"#, "missing field `name`"),
            (r#"{"name": "m", "dimension": 8, "pooling": "max", "max_tokens": 64, "onnx": "m"}"#, "`max`"),
            (r#"{"name": "m", "dimension": 0, "pooling": "cls", "max_tokens": 64, "onnx": "m"}"#, "`dimension` is 0"),
            (r#"{"name": "m", "dimension": 8, "pooling": "cls", "max_tokens": 2, "onnx": "m"}"#, "`max_tokens` is 2"),
            (r#"{"name": "m", "dimension": 8, "pooling": "cls", "max_tokens": 9, "onnx": ""}"#, "must not be empty"),
            (r#"{"name": "m", "dimensions": 8}"#, "unknown field `dimensions`"),
            ("", "EOF"),
        ];
        for (text, expected) in cases {
            let error = Manifest::parse(text.as_bytes()).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
