//! A language with its official clients, in a folder that nothing else uses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::codegen::diagnostics::Failure;

/// Where it is noted what a folder was filled with.
const STAMP: &str = "installed";

const REGISTRY: &str = "where the package registry cannot be reached, check the network and the proxy variables; with --skip-install it is not asked";

pub(super) struct Tool {
    language: Language,
    home: PathBuf,
    /// The files that name each package with its exact version.
    pins: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq)]
enum Language {
    Python,
    Node,
}

impl Tool {
    pub(super) fn python(pins: &Path, home: &Path) -> Self {
        let pins = vec![pins.join("requirements.txt")];
        Tool { language: Language::Python, home: home.join("python"), pins }
    }

    pub(super) fn node(pins: &Path, home: &Path) -> Self {
        let pins = vec![pins.join("package.json"), pins.join("package-lock.json")];
        Tool { language: Language::Node, home: home.join("node"), pins }
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// The program that has to be on the PATH.
    pub(super) fn program(&self) -> &'static str {
        match self.language {
            Language::Python => "python3",
            Language::Node => "node",
        }
    }

    /// The program that finds the clients.
    pub(super) fn runs(&self) -> PathBuf {
        match self.language {
            Language::Python if cfg!(windows) => self.home.join("Scripts").join("python.exe"),
            Language::Python => self.home.join("bin").join("python"),
            Language::Node => PathBuf::from(self.program()),
        }
    }

    /// What the folder is to be filled with, by which version of the language.
    pub(super) fn stamp(&self) -> Result<String, Failure> {
        let remedy = match self.language {
            Language::Python => "install Python 3.10 or newer",
            Language::Node => "install Node 18 or newer",
        };
        let mut stamp = done(Command::new(self.program()).arg("--version"), remedy)?;
        for file in &self.pins {
            let text = fs::read_to_string(file).map_err(|error| cannot(file, "read", &error))?;
            stamp.push_str(&text);
        }
        Ok(stamp)
    }

    pub(super) fn is_installed(&self, stamp: &str) -> bool {
        fs::read_to_string(self.home.join(STAMP)).is_ok_and(|found| found == stamp)
    }

    /// Fills the folder anew, so that nothing of an earlier version is left.
    pub(super) fn install(&self, stamp: &str) -> Result<(), Failure> {
        if self.home.exists() {
            fs::remove_dir_all(&self.home)
                .map_err(|error| cannot(&self.home, "removed", &error))?;
        }
        fs::create_dir_all(&self.home).map_err(|error| cannot(&self.home, "made", &error))?;
        match self.language {
            Language::Python => self.install_python()?,
            Language::Node => self.install_node()?,
        }
        // Last, so that a folder that was filled half is filled again.
        let file = self.home.join(STAMP);
        fs::write(&file, stamp).map_err(|error| cannot(&file, "written", &error))
    }

    fn install_python(&self) -> Result<(), Failure> {
        done(
            Command::new(self.program()).args(["-m", "venv"]).arg(&self.home),
            "install its module venv, which Debian and Ubuntu have as python3-venv",
        )?;
        let mut pip = Command::new(self.runs());
        pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
        for file in &self.pins {
            pip.arg("--requirement").arg(file);
        }
        done(&mut pip, REGISTRY).map(drop)
    }

    fn install_node(&self) -> Result<(), Failure> {
        for file in &self.pins {
            let copy = self.home.join(file.file_name().unwrap_or_default());
            fs::copy(file, &copy).map_err(|error| cannot(&copy, "written", &error))?;
        }
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        done(
            // What packages want to run by themselves is not needed to call a service.
            Command::new(npm)
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .current_dir(&self.home),
            &format!("npm comes with Node, or as a package of its own; {REGISTRY}"),
        )
        .map(drop)
    }
}

/// Runs a command to its end; gives what it printed.
fn done(command: &mut Command, remedy: &str) -> Result<String, Failure> {
    let said = format!("{command:?}").replace('"', "");
    let output = command.stdin(Stdio::null()).output().map_err(|error| {
        Failure::new(format!("error: {said}: cannot be started: {error}: {remedy}"))
    })?;
    let printed = String::from_utf8_lossy(&output.stdout);
    match output.status.success() {
        true => Ok(printed.into_owned()),
        false => {
            let complaints = String::from_utf8_lossy(&output.stderr);
            Err(Failure::new(format!(
                "{printed}{complaints}error: {said}: {}: {remedy}",
                output.status
            )))
        }
    }
}

fn cannot(path: &Path, what: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("error: {}: cannot be {what}: {error}", path.display()))
}
