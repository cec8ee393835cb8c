//! Inputs, and where each comes from.

use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::rc::Rc;

use crate::args::Objects;
use crate::failure::Failure;

/// What was given, and where.
#[derive(Default)]
pub(crate) struct Inputs {
    pub(crate) urls: Vec<String>,
    sources: Vec<Source>,
    /// Files without a URL.
    empty: Vec<String>,
    /// Nobody gave an argument or a file. That is something else than a file without a URL.
    pub(crate) are_left_out: bool,
}

/// Where an input comes from.
#[derive(Clone)]
enum Source {
    Argument(usize),
    Line { file: Rc<str>, number: usize },
}

impl Inputs {
    /// Reads arguments, files and standard input.
    pub(crate) fn read(objects: &Objects) -> Result<Self, Failure> {
        let are_left_out = objects.urls.is_empty() && objects.file.is_empty();
        let mut inputs = Inputs { are_left_out, ..Inputs::default() };
        for (index, url) in objects.urls.iter().enumerate() {
            match url.as_str() {
                "-" => inputs.read_file(Path::new("-"))?,
                _ => inputs.push(url, Source::Argument(index + 1)),
            }
        }
        for file in &objects.file {
            inputs.read_file(file)?;
        }
        Ok(inputs)
    }

    fn read_file(&mut self, file: &Path) -> Result<(), Failure> {
        let is_stdin = file == Path::new("-");
        let mut bytes = Vec::new();
        let read = match is_stdin {
            true => io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
            false => fs::read(file).map(|read| bytes = read),
        };
        let name = if is_stdin { "standard input".to_owned() } else { file.display().to_string() };
        read.map_err(|error| {
            Failure::usage(format!("{name} cannot be read: {error}; check the path and its rights"))
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.as_bytes().get(..error.utf8_error().valid_up_to());
            let line = valid.unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1;
            Failure::usage(format!("{name} is not UTF-8 in line {line}: save it as UTF-8"))
        })?;
        // Some editors begin a file with it.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let before = self.urls.len();
        let file: Rc<str> = if is_stdin { "<stdin>".into() } else { name.as_str().into() };
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                self.push(line, Source::Line { file: file.clone(), number: index + 1 });
            }
        }
        if self.urls.len() == before {
            self.empty.push(name);
        }
        Ok(())
    }

    fn push(&mut self, url: &str, source: Source) {
        self.urls.push(url.to_owned());
        self.sources.push(source);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.urls.is_empty()
    }

    /// The names of files that have no URL, standard input among them.
    pub(crate) fn empty_files(&self) -> impl Iterator<Item = &str> {
        self.empty.iter().map(String::as_str)
    }

    /// Where the input at a place comes from, such as `urls.txt:17`.
    pub(crate) fn source(&self, index: usize) -> impl fmt::Display + use<> {
        self.sources.get(index).cloned().unwrap_or(Source::Argument(index + 1))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Argument(number) => write!(f, "argument {number}"),
            Source::Line { file, number } => write!(f, "{file}:{number}"),
        }
    }
}
