//! Inputs from arguments, files and standard input.

use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::rc::Rc;

use crate::args::InputOptions;
use crate::error::CommandError;

/// The inputs of a command, and the source of each.
#[derive(Default)]
pub(crate) struct Inputs {
    pub(crate) urls: Vec<String>,
    sources: Vec<InputSource>,
    /// Names of files without a URL.
    empty_files: Vec<String>,
    /// Whether the command line has neither a URL nor a file. Unlike a file without a URL, that is
    /// not an error: it resumes a job.
    pub(crate) are_omitted: bool,
}

/// The source of an input.
#[derive(Clone)]
enum InputSource {
    Argument(usize),
    Line { file: Rc<str>, number: usize },
}

impl Inputs {
    /// Reads arguments, files and standard input.
    pub(crate) fn read(options: &InputOptions) -> Result<Self, CommandError> {
        let are_omitted = options.urls.is_empty() && options.file.is_empty();
        let mut inputs = Inputs { are_omitted, ..Inputs::default() };
        for (index, url) in options.urls.iter().enumerate() {
            match url.as_str() {
                "-" => inputs.read_file(Path::new("-"))?,
                _ => inputs.push(url, InputSource::Argument(index + 1)),
            }
        }
        for file in &options.file {
            inputs.read_file(file)?;
        }
        Ok(inputs)
    }

    fn read_file(&mut self, file: &Path) -> Result<(), CommandError> {
        let is_stdin = file == Path::new("-");
        let mut bytes = Vec::new();
        let result = match is_stdin {
            true => io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
            false => fs::read(file).map(|content| bytes = content),
        };
        let name = if is_stdin { "standard input".to_owned() } else { file.display().to_string() };
        result.map_err(|error| {
            CommandError::nothing_submitted(format!(
                "cannot read {name}: {error}; check the path and its permissions"
            ))
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.as_bytes().get(..error.utf8_error().valid_up_to());
            let line = valid.unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1;
            CommandError::nothing_submitted(format!(
                "line {line} of {name} is not valid UTF-8; save the file as UTF-8"
            ))
        })?;
        // Some editors write a byte order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let previous_count = self.urls.len();
        let file: Rc<str> = if is_stdin { "<stdin>".into() } else { name.as_str().into() };
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                self.push(line, InputSource::Line { file: file.clone(), number: index + 1 });
            }
        }
        if self.urls.len() == previous_count {
            self.empty_files.push(name);
        }
        Ok(())
    }

    fn push(&mut self, url: &str, source: InputSource) {
        self.urls.push(url.to_owned());
        self.sources.push(source);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.urls.is_empty()
    }

    /// Returns the names of files without a URL, including standard input.
    pub(crate) fn empty_files(&self) -> impl Iterator<Item = &str> {
        self.empty_files.iter().map(String::as_str)
    }

    /// Returns the source of the input at an index, such as `urls.txt:17`.
    pub(crate) fn source(&self, index: usize) -> impl fmt::Display + use<> {
        self.sources.get(index).cloned().unwrap_or(InputSource::Argument(index + 1))
    }
}

impl fmt::Display for InputSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InputSource::Argument(number) => write!(f, "argument {number}"),
            InputSource::Line { file, number } => write!(f, "{file}:{number}"),
        }
    }
}
