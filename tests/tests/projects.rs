//! Programs of users of `alicloud-codegen`: their code is generated, checked with clippy, and run against a fake
//! service. So is the tutorial in the README of the command.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "projects/programs.rs"]
mod programs;
#[path = "projects/tutorial.rs"]
mod tutorial;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::LazyLock;

use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET};
use tokio::process::Command;
use tokio::sync::Mutex;

/// The programs share compiled dependencies, so one is compiled after the other.
static CARGO: LazyLock<Mutex<()>> = LazyLock::new(Mutex::default);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The folder of the compiled programs of this workspace.
fn programs() -> PathBuf {
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    folder.pop();
    folder
}

/// A project in the target folder, so that its own crates are compiled again only if they change.
struct Project {
    folder: PathBuf,
    /// The variable with the endpoint of ECS.
    endpoint: Option<String>,
}

impl Project {
    /// Copies a folder of `tests/projects`; its references to the runtime become absolute.
    fn copy(name: &str) -> Project {
        let projects = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects");
        let source = root().join("tests/projects");
        copy(&source.join("descriptions"), &projects.join("descriptions"));
        let project = Project::empty(name);
        copy(&source.join(name), &project.folder);
        project
    }

    /// Returns a project without files, but with the versions of the dependencies of this workspace.
    fn empty(name: &str) -> Project {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        Project { folder, endpoint: None }
    }

    /// Sets the endpoint of clients of ECS from the environment.
    fn set_endpoint(&mut self, endpoint: &str) {
        self.endpoint = Some(endpoint.to_owned());
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).kill_on_drop(true);
        command.env("ALICLOUD_CODEGEN_CACHE", self.folder.join("cache"));
        command.env("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ACCESS_KEY_ID);
        command.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET);
        command.env("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou");
        command.envs(self.endpoint.iter().map(|endpoint| ("ALIBABA_CLOUD_ECS_ENDPOINT", endpoint)));
        command.env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
        // A proxy could not reach the services of a test.
        for name in ["http_proxy", "all_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command
    }

    /// Runs `alicloud-codegen`, which must succeed, and returns its standard output.
    async fn codegen(&self, arguments: &[&str]) -> String {
        let program = programs().join(format!("alicloud-codegen{}", std::env::consts::EXE_SUFFIX));
        assert!(
            program.exists(),
            "{} is missing: run `cargo build -p alicloud-codegen` first",
            program.display()
        );
        success(self.command(&program).args(arguments).output().await.unwrap())
    }

    /// Runs cargo, which must succeed, and returns its standard output.
    async fn cargo(&self, arguments: &[&str]) -> String {
        let _guard = CARGO.lock().await;
        let mut command = self.command(Path::new(env!("CARGO")));
        command.args(arguments).env("CARGO_TARGET_DIR", programs().parent().unwrap());
        // Those of the run of the tests are for its own packages.
        for (name, _) in std::env::vars_os() {
            let is_package = name.to_string_lossy().starts_with("CARGO_PKG_");
            if is_package || name == "CARGO_MANIFEST_DIR" || name == "CARGO_TARGET_TMPDIR" {
                command.env_remove(name);
            }
        }
        success(command.output().await.unwrap())
    }
}

fn success(output: Output) -> String {
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let crates = root().join("crates").display().to_string();
            fs::write(target, text.replace("../../../crates", &crates)).unwrap();
        }
    }
}
