//! Installation of the official clients of one language, in a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use alicloud_codegen::diagnostics::CommandError;

/// Name of the file with the fingerprint of a complete installation.
const FINGERPRINT_FILE: &str = "installed";

const REGISTRY_REMEDY: &str = "if the package registry is unreachable, check the network and the proxy variables; use --skip-install to run with installed clients";

/// The official clients of one language, with the interpreter that runs them.
pub(super) struct ClientEnvironment {
    language: Language,
    root: PathBuf,
    /// The files that pin every package to an exact version.
    pins: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq)]
enum Language {
    Python,
    Node,
}

impl ClientEnvironment {
    pub(super) fn python(pins: &Path, root: &Path) -> Self {
        let pins = vec![pins.join("requirements.txt")];
        ClientEnvironment { language: Language::Python, root: root.join("python"), pins }
    }

    pub(super) fn node(pins: &Path, root: &Path) -> Self {
        let pins = vec![pins.join("package.json"), pins.join("package-lock.json")];
        ClientEnvironment { language: Language::Node, root: root.join("node"), pins }
    }

    /// Returns the folder of the installation.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn language_name(&self) -> &'static str {
        match self.language {
            Language::Python => "Python",
            Language::Node => "Node",
        }
    }

    /// Returns the interpreter of the system, which has to be on the PATH.
    fn system_interpreter(&self) -> &'static str {
        match self.language {
            Language::Python => "python3",
            Language::Node => "node",
        }
    }

    /// Returns the interpreter to run the clients with.
    pub(super) fn interpreter(&self) -> PathBuf {
        match self.language {
            Language::Python if cfg!(windows) => self.root.join("Scripts").join("python.exe"),
            Language::Python => self.root.join("bin").join("python"),
            Language::Node => PathBuf::from(self.system_interpreter()),
        }
    }

    /// Returns what an installation depends on: the interpreter's version and the pinned packages.
    pub(super) fn fingerprint(&self) -> Result<String, CommandError> {
        let remedy = match self.language {
            Language::Python => "install Python 3.10 or newer",
            Language::Node => "install Node 18 or newer",
        };
        let mut fingerprint =
            run(Command::new(self.system_interpreter()).arg("--version"), remedy)?;
        for file in &self.pins {
            let text = fs::read_to_string(file).map_err(|error| io_error(file, "read", &error))?;
            fingerprint.push_str(&text);
        }
        Ok(fingerprint)
    }

    pub(super) fn is_installed(&self, fingerprint: &str) -> bool {
        fs::read_to_string(self.root.join(FINGERPRINT_FILE))
            .is_ok_and(|installed| installed == fingerprint)
    }

    /// Installs the pinned packages, after removing an earlier installation.
    pub(super) fn install(&self, fingerprint: &str) -> Result<(), CommandError> {
        if self.root.exists() {
            fs::remove_dir_all(&self.root)
                .map_err(|error| io_error(&self.root, "removed", &error))?;
        }
        fs::create_dir_all(&self.root).map_err(|error| io_error(&self.root, "created", &error))?;
        match self.language {
            Language::Python => self.install_python()?,
            Language::Node => self.install_node()?,
        }
        // Written last, so that an interrupted installation starts over.
        let file = self.root.join(FINGERPRINT_FILE);
        fs::write(&file, fingerprint).map_err(|error| io_error(&file, "written", &error))
    }

    fn install_python(&self) -> Result<(), CommandError> {
        run(
            Command::new(self.system_interpreter()).args(["-m", "venv"]).arg(&self.root),
            "install the module venv (package python3-venv on Debian and Ubuntu)",
        )?;
        let mut pip = Command::new(self.interpreter());
        pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
        for file in &self.pins {
            pip.arg("--requirement").arg(file);
        }
        run(&mut pip, REGISTRY_REMEDY).map(drop)
    }

    fn install_node(&self) -> Result<(), CommandError> {
        for file in &self.pins {
            let copy = self.root.join(file.file_name().unwrap_or_default());
            fs::copy(file, &copy).map_err(|error| io_error(&copy, "written", &error))?;
        }
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        run(
            // The clients work without the install scripts of their dependencies.
            Command::new(npm)
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .current_dir(&self.root),
            &format!(
                "install npm, which comes with Node or as a separate package; {REGISTRY_REMEDY}"
            ),
        )
        .map(drop)
    }
}

/// Runs a command to completion and returns its standard output.
fn run(command: &mut Command, remedy: &str) -> Result<String, CommandError> {
    let command_line = format!("{command:?}").replace('"', "");
    let output = command.stdin(Stdio::null()).output().map_err(|error| {
        CommandError::new(format!("error: {command_line}: cannot be started: {error}; {remedy}"))
    })?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    match output.status.success() {
        true => Ok(stdout.into_owned()),
        false => {
            let stderr = String::from_utf8_lossy(&output.stderr);
            Err(CommandError::new(format!(
                "{stdout}{stderr}error: {command_line}: {}; {remedy}",
                output.status
            )))
        }
    }
}

fn io_error(path: &Path, operation: &str, error: &std::io::Error) -> CommandError {
    CommandError::new(format!("error: {}: cannot be {operation}: {error}", path.display()))
}
