//! Descriptions and overlays into the generator.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};

use alicloud_codegen::Settings;
use alicloud_codegen::lower::Choice;
use alicloud_codegen::overlay::Overlay;

use crate::description::{CANARY, Description, Texts};
use crate::tokens::code;

/// Stack in bytes of the generator, as in `cargo xtask`; more, because the sanitizer needs some.
const STACK: usize = 1 << 30;

type Files = BTreeMap<PathBuf, String>;

/// Checks that the generator returns files or a message, always the same ones, and that no text of the description
/// is code in them.
pub fn check(data: &[u8]) {
    // One thread for all inputs, because a stack of this size takes long to create.
    static WORKER: OnceLock<Mutex<(Sender<Vec<u8>>, Receiver<()>)>> = OnceLock::new();
    let worker = WORKER.get_or_init(|| {
        let (inputs, input) = channel::<Vec<u8>>();
        let (done, finished) = channel();
        let work = move || {
            for data in input {
                check_here(&data);
                done.send(()).expect("the target waits");
            }
        };
        std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread can be started");
        Mutex::new((inputs, finished))
    });
    let worker = worker.lock().expect("no check has failed before");
    worker.0.send(data.to_vec()).expect("the worker is running");
    worker.1.recv().expect("the check ended");
}

/// Returns the description and the overlay of an input that the generator accepts.
pub fn accepted(name: &str, data: &[u8]) -> Option<Files> {
    let Description { json, overlay, .. } = Description::new(data, Texts::AsWritten);
    generated_files(name, &json, overlay.as_deref()).ok()
}

/// Returns the files of a description, or the message of the generator.
fn generated_files(name: &str, json: &[u8], overlay: Option<&str>) -> Result<Files, String> {
    let overlay = match overlay {
        Some(text) => Overlay::parse(Path::new("overlay.toml"), text.to_owned()),
        None => Ok(Overlay::default()),
    };
    let choice = Choice { name: Some(name.to_owned()), ..Choice::default() };
    let settings = Settings { choice, ..Settings::default() };
    let generated = overlay.and_then(|overlay| {
        alicloud_codegen::generate(Path::new("api.json"), json, &overlay, &settings)
    });
    generated.map(|generated| generated.tree).map_err(|error| error.to_string())
}

fn check_here(data: &[u8]) {
    let description = Description::new(data, Texts::AsWritten);
    let generate = |description: &Description| {
        generated_files("fuzz", &description.json, description.overlay.as_deref())
    };
    let files = match generate(&description) {
        Ok(files) => files,
        Err(message) => {
            assert!(message.starts_with("error: ") || message.contains("\nerror: "), "{message}");
            assert!(!message.contains("bug in the generator"), "{message}");
            return;
        }
    };
    if data.len() % 8 == 0 {
        assert_eq!(Ok(&files), generate(&description).as_ref(), "the second run differs");
    }
    for (path, text) in &files {
        check_path(path);
        if path.extension().is_some_and(|extension| extension == "toml") {
            toml::from_str::<toml::Table>(text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        }
    }
    // Both checks take as long as the rest, so each is made for a part of the inputs.
    if description.has_canaries && data.len() % 4 == 1 {
        // The same description with other texts is the same code.
        let plain = Description::new(data, Texts::Plain);
        let plain = generate(&plain).expect("the same description without its texts is accepted");
        let codes = |files: &Files| -> Vec<(PathBuf, Vec<String>)> {
            let files =
                files.iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "rs"));
            files.map(|(path, text)| (path.clone(), code(text))).collect()
        };
        let codes = (codes(&files), codes(&plain));
        for (path, tokens) in &codes.0 {
            let is_injected = tokens.iter().any(|token| token == CANARY);
            assert!(!is_injected, "a name became code in {path:?}:\n{}", files[path]);
        }
        assert_eq!(codes.0, codes.1, "a text became code");
    }
}

/// Every path is below one of the two crates and can exist on every system.
fn check_path(path: &PathBuf) {
    let text = path.to_str().expect("a path is text");
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    assert!(text.bytes().all(is_plain) && !text.contains(".."), "{text:?}");
    let is_owned = ["alicloud-fuzz/", "alicloud-fuzz-model/", "Cargo.toml"];
    assert!(is_owned.iter().any(|start| text.starts_with(start)), "{text:?}");
}
