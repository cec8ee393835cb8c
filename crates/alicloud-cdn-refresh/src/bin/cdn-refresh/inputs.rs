//! Inputs from arguments, files and standard input.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;
use std::sync::Arc;

use crate::args::InputOptions;
use crate::error::CommandError;

/// Maximum number of inputs, the length of the service's preload queue.
pub(crate) const MAX_INPUTS: usize = 100_000;

/// Maximum size of all files and of standard input together, in MiB. The command needs up to four times
/// as much memory.
pub(crate) const MAX_MIB: u64 = 32;

/// Maximum length of a line in KiB, several times that of a URL.
pub(crate) const MAX_LINE_KIB: u64 = 64;

/// The inputs of a command, and the source of each.
#[derive(Default)]
pub(crate) struct Inputs {
    /// The inputs that no planner has taken yet.
    urls: Vec<String>,
    sources: Vec<InputSource>,
    /// Names of files without a URL.
    empty_files: Vec<String>,
    /// Whether the command line has neither a URL nor a file. Unlike a file without a URL, that is
    /// not an error: it resumes a job.
    pub(crate) are_omitted: bool,
    /// Why reading stopped before the end.
    exceeded_limit: Option<String>,
    bytes_read: u64,
}

/// The source of an input.
#[derive(Clone)]
enum InputSource {
    Argument(usize),
    Line { file: Arc<str>, number: usize },
}

impl Inputs {
    /// Reads arguments, files and standard input. Stops at the first limit that they exceed.
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
        let name = if is_stdin { "standard input".to_owned() } else { file.display().to_string() };
        let previous_count = self.sources.len();
        let read = match is_stdin {
            true => self.read_lines(io::stdin().lock(), &name, "<stdin>"),
            false => File::open(file)
                .map_err(|error| unreadable(&name, &error))
                .and_then(|file| self.read_lines(BufReader::new(file), &name, &name)),
        };
        if read.is_ok() && self.sources.len() == previous_count {
            self.empty_files.push(name);
        }
        read
    }

    fn read_lines(
        &mut self,
        mut reader: impl BufRead,
        name: &str,
        source: &str,
    ) -> Result<(), CommandError> {
        let file: Arc<str> = source.into();
        let mut line = Vec::new();
        for number in 1.. {
            if self.exceeded_limit.is_some() {
                break;
            }
            line.clear();
            // One byte more than allowed shows that the limit is exceeded.
            let limit = (MAX_LINE_KIB << 10).min((MAX_MIB << 20) - self.bytes_read) + 1;
            let length = (&mut reader).take(limit).read_until(b'\n', &mut line);
            let length = length.map_err(|error| unreadable(name, &error))? as u64;
            if length == 0 {
                break;
            }
            if length > MAX_LINE_KIB << 10 {
                self.exceeded_limit = Some(format!(
                    "line {number} of {name} is longer than {MAX_LINE_KIB} KiB; write one URL per line"
                ));
                break;
            }
            if length == limit {
                self.exceeded_limit = Some(format!(
                    "{name} exceeds the maximum of {MAX_MIB} MiB of input at line {number}; refresh \
                     directories instead of files, or split the list"
                ));
                break;
            }
            self.bytes_read += length;
            let text = str::from_utf8(&line).map_err(|_| {
                CommandError::nothing_submitted(format!(
                    "line {number} of {name} is not valid UTF-8; save the file as UTF-8"
                ))
            })?;
            // Some editors write a byte order mark.
            let text = text.strip_prefix('\u{feff}').filter(|_| number == 1).unwrap_or(text).trim();
            if !text.is_empty() && !text.starts_with('#') {
                self.push(text, InputSource::Line { file: file.clone(), number });
            }
        }
        Ok(())
    }

    fn push(&mut self, url: &str, source: InputSource) {
        if self.sources.len() < MAX_INPUTS {
            self.urls.push(url.to_owned());
            self.sources.push(source);
        } else if self.exceeded_limit.is_none() {
            self.exceeded_limit = Some(format!(
                "{source}: exceeds the maximum of {MAX_INPUTS} inputs; refresh directories instead of \
                 files, or split the list"
            ));
        }
    }

    /// Takes the inputs. Their sources stay.
    pub(crate) fn take_urls(&mut self) -> Vec<String> {
        std::mem::take(&mut self.urls)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Returns why reading stopped before the end, if it did.
    pub(crate) fn exceeded_limit(&self) -> Option<&str> {
        self.exceeded_limit.as_deref()
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

fn unreadable(name: &str, error: &io::Error) -> CommandError {
    CommandError::nothing_submitted(format!(
        "cannot read {name}: {error}; check the path and its permissions"
    ))
}

impl fmt::Display for InputSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InputSource::Argument(number) => write!(f, "argument {number}"),
            InputSource::Line { file, number } => write!(f, "{file}:{number}"),
        }
    }
}
