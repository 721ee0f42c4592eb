//! The model and the runtime that `build.rs` put into the binary, when `make assets` had been run before.

use serde::Deserialize;

use super::error::EmbedError;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// What `assets/built/` holds, as bytes of this binary.
pub(super) struct Assets {
    /// `manifest.json`: the hashes of the other files.
    stamp: &'static str,
    pub(super) manifest: &'static str,
    pub(super) onnx: &'static [u8],
    pub(super) reader: &'static [u8],
    pub(super) tokenizer: &'static [u8],
    pub(super) config: &'static [u8],
    pub(super) special_tokens_map: &'static [u8],
    pub(super) tokenizer_config: &'static [u8],
    pub(super) runtime: &'static [u8],
}

pub(super) fn assets() -> Result<&'static Assets, EmbedError> {
    ASSETS.as_ref().ok_or(EmbedError::AssetsMissing)
}

impl Assets {
    /// SHA-256 of `onnx`, as it was computed when the file was built: hashing 24 MB at every start would cost more than
    /// reading them.
    pub(super) fn onnx_hash(&self) -> Result<[u8; 32], EmbedError> {
        #[derive(Deserialize)]
        struct Stamp<'a> {
            #[serde(borrow)]
            files: std::collections::BTreeMap<&'a str, &'a str>,
        }
        let broken = |reason: String| EmbedError::AssetsBroken { what: "manifest.json", reason };
        let stamp: Stamp<'_> = serde_json::from_str(self.stamp).map_err(|error| broken(error.to_string()))?;
        let hash = stamp.files.get("model.onnx").ok_or_else(|| broken("no hash of model.onnx".to_owned()))?;
        parse_hash(hash).ok_or_else(|| broken(format!("`{hash}` is not a SHA-256")))
    }
}

fn parse_hash(hex: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if hex.len() != 64 {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(hex.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn stamped_hash_is_the_hash_of_the_embedded_model() {
        let assets = assets().expect("tests need the assets: run `make assets`");
        let hash: [u8; 32] = Sha256::digest(assets.onnx).into();
        assert_eq!(assets.onnx_hash().unwrap(), hash);
    }

    #[test]
    fn only_64_hex_digits_are_a_hash() {
        assert_eq!(parse_hash(&"0a".repeat(32)), Some([10; 32]));
        for wrong in ["", "0a", &"0g".repeat(32), &"0a".repeat(33), &"é".repeat(32)] {
            assert_eq!(parse_hash(wrong), None, "{wrong}");
        }
    }
}
