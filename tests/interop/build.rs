//! Lists all operations of all committed products, so that `src/derived/operations.rs` can call them.
#![allow(
    clippy::disallowed_methods,
    reason = "cargo tells build scripts in a variable where to write"
)]

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    println!("cargo::rerun-if-changed=../../specs");
    let mut list = String::from("operations! {\n");
    for product in names(&repository.join("specs"))? {
        let folder = repository.join(format!("crates/alicloud-{product}/src/operations"));
        if !folder.is_dir() {
            continue;
        }
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut lines = Vec::new();
        for file in names(&folder)? {
            let text = fs::read_to_string(folder.join(&file))?;
            let name = identifier_after(&text, "pub static ");
            let request = identifier_after(&text, "request: model::");
            let (Some(name), Some(request)) = (name, request) else {
                return Err(io::Error::other(format!("{file}: has no operation with a request")));
            };
            lines.push(format!("        {name} {request},\n"));
        }
        list +=
            &format!("    alicloud_{} {{\n{}    }}\n", product.replace('-', "_"), lines.concat());
    }
    fs::write(Path::new(&out).join("operations.rs"), list + "}\n")
}

/// Returns the names of the entries of a folder, sorted.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Returns the identifier after the first `start`.
fn identifier_after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split(|character: char| !character.is_alphanumeric() && character != '_').next()
}
