//! Puts the embedding model, the reader and ONNX Runtime, which `make assets` leaves in `assets/built/`, into the binary.
//!
//! Without them the crate compiles all the same: `ASSETS` is `None`, and opening the built-in model says what to do.

use std::env;
use std::fmt::Write;
use std::path::Path;

const TEXTS: [(&str, &str); 2] = [("stamp", "manifest.json"), ("manifest", "mnemon-model.json")];
const BYTES: [(&str, &str); 6] = [
    ("onnx", "model.onnx"),
    ("reader", "reader.onnx"),
    ("tokenizer", "tokenizer.json"),
    ("config", "config.json"),
    ("special_tokens_map", "special_tokens_map.json"),
    ("tokenizer_config", "tokenizer_config.json"),
];

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo names the package's folder");
    let out = env::var("OUT_DIR").expect("cargo names the build script's output folder");
    let system = env::var("CARGO_CFG_TARGET_OS").expect("cargo names the target's system");

    let assets = Path::new(&root).join("assets");
    // Cargo runs this again at every build when a file it should watch is missing: watch the folder until it is there.
    let stamp = assets.join("built").join("manifest.json");
    let watched = if stamp.exists() { stamp } else { assets.clone() };
    println!("cargo::rerun-if-changed={}", watched.display());
    println!("cargo::rerun-if-changed=build.rs");

    let library = if system == "macos" { "libonnxruntime.dylib" } else { "libonnxruntime.so" };
    let source = constant(&assets.join("built"), library);
    #[expect(clippy::disallowed_methods, reason = "fs-err would be compiled a second time, for this one line")]
    std::fs::write(Path::new(&out).join("assets.rs"), source).expect("the output folder can be written to");
}

/// The source text of `ASSETS`: everything, or nothing when a file is missing.
fn constant(built: &Path, library: &str) -> String {
    let mut fields = TEXTS.map(|(field, file)| (field, file, "include_str")).to_vec();
    fields.extend(BYTES.map(|(field, file)| (field, file, "include_bytes")));
    fields.push(("runtime", library, "include_bytes"));

    let mut source = "static ASSETS: Option<Assets> = Some(Assets {\n".to_owned();
    for (field, file, include) in fields {
        let path = built.join(file);
        if !path.is_file() {
            return "static ASSETS: Option<Assets> = None;\n".to_owned();
        }
        let path = path.to_str().expect("the package's path is Unicode");
        writeln!(source, "    {field}: {include}!({path:?}),").expect("a string can be written to");
    }
    source + "});\n"
}
