//! The verb `codegen`.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use toml::Table;

use crate::clock;
use crate::codegen::diagnostics::{Diagnostics, Failure, Severity};
use crate::codegen::{self, Choice, Kept, Runtime, Source};

/// What the verb takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Compare with what is there and write nothing; exit code 1 when anything differs
    #[arg(long)]
    check: bool,
    /// Print what would be rendered, as JSON, and write nothing
    #[arg(long, conflicts_with = "check")]
    dump_ir: bool,
    /// An OpenMeta description anywhere, instead of those under specs/
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The decisions on top of it
    #[arg(long, value_name = "FILE", requires = "spec")]
    overlay: Option<PathBuf>,
    /// The folder that the two crates are written to
    #[arg(long, value_name = "DIR", requires = "spec")]
    out: Option<PathBuf>,
    /// The product's part of the crates' names: alicloud-NAME and alicloud-NAME-model
    #[arg(long, requires = "spec")]
    name: Option<String>,
    /// Only these operations and the types that they reach
    #[arg(long, value_name = "A,B,C", value_delimiter = ',', requires = "spec")]
    operations: Vec<String>,
    /// Write every diagnostic to a file, a JSON object a line
    #[arg(long, value_name = "FILE")]
    diagnostics: Option<PathBuf>,
}

/// Runs the verb.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let repository = repository()?;
    let kept = match &arguments.spec {
        None => codegen::configured(&repository)?,
        Some(spec) => {
            vec![Kept { source: single(spec, arguments), crates: out(arguments)?, published: true }]
        }
    };
    let mut report = String::new();
    let mut same = true;
    for Kept { source, crates: root, published } in kept {
        let runtime = match &arguments.spec {
            None => Runtime::Workspace { published },
            Some(_) => by_path(&repository, &root)?,
        };
        let start = clock::now();
        let generated = codegen::generate(&source, runtime)?;
        if arguments.dump_ir {
            print!("{}", generated.product.dump());
            continue;
        }
        say(&generated.diagnostics);
        for diagnostic in generated.diagnostics.list() {
            report.push_str(&serde_json::to_string(diagnostic).unwrap_or_default());
            report.push('\n');
        }
        if arguments.check {
            same &= is_same(&root, &generated, arguments)?;
        } else {
            codegen::write(&root, &generated)?;
        }
        println!("{}", generated.summary(start.elapsed().as_millis()));
    }
    if let Some(path) = &arguments.diagnostics {
        fs::write(path, report).map_err(|error| {
            Failure::new(format!("error: {}: cannot be written: {error}", path.display()))
        })?;
    }
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn single(spec: &Path, arguments: &Arguments) -> Source {
    let file = spec.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Source {
        spec: spec.to_owned(),
        overlay: arguments.overlay.clone(),
        // A file name may be anything; the header of a generated file is one line.
        shown: file
            .chars()
            .map(|character| if character.is_control() { '_' } else { character })
            .collect(),
        choice: Choice { name: arguments.name.clone(), operations: arguments.operations.clone() },
    }
}

fn out(arguments: &Arguments) -> Result<PathBuf, Failure> {
    match (&arguments.out, arguments.dump_ir) {
        (Some(out), _) => Ok(out.clone()),
        (None, true) => Ok(PathBuf::from(".")),
        (None, false) => Err(Failure::new(
            "error: --spec needs --out DIR, the folder for the two crates, or --dump-ir",
        )),
    }
}

/// Says the errors and warnings, and counts the notes.
fn say(diagnostics: &Diagnostics) {
    const SHOWN: usize = 10;
    let loud: Vec<_> = diagnostics
        .list()
        .iter()
        .filter(|diagnostic| diagnostic.severity > Severity::Note)
        .collect();
    for diagnostic in loud.iter().take(SHOWN) {
        eprintln!("{diagnostic}");
    }
    let notes = diagnostics.count(Severity::Note);
    if loud.len() > SHOWN || notes > 0 {
        let more = loud.len().saturating_sub(SHOWN);
        eprintln!("{more} more warnings and {notes} notes; --diagnostics FILE has them all");
    }
}

fn is_same(
    root: &Path,
    generated: &codegen::Generated,
    arguments: &Arguments,
) -> Result<bool, Failure> {
    let difference = codegen::compare(root, generated)?;
    for (kind, paths) in [
        ("stale", &difference.stale),
        ("missing", &difference.missing),
        ("stray", &difference.stray),
        ("stray, not generated", &difference.foreign),
    ] {
        for path in paths {
            eprintln!("{kind}: {}", root.join(path).display());
        }
    }
    if !difference.is_empty() {
        let command = match arguments.spec {
            None => "cargo xtask codegen",
            Some(_) => "the same command without --check",
        };
        eprintln!(
            "run `{command}` to write them again; a stray file that is not generated has to be moved by hand"
        );
    }
    Ok(difference.is_empty())
}

/// The top of this repository: the workspace that xtask belongs to.
pub(super) fn repository() -> Result<PathBuf, Failure> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .ok_or_else(|| Failure::new("error: xtask is not in a workspace"))
}

/// How crates outside of the workspace find the runtime, and what else they would have inherited.
pub(super) fn by_path(repository: &Path, out: &Path) -> Result<Runtime, Failure> {
    let file = repository.join("Cargo.toml");
    let text = fs::read_to_string(&file).map_err(|error| {
        Failure::new(format!("error: {}: cannot be read: {error}", file.display()))
    })?;
    let manifest: Table = toml::from_str(&text)
        .map_err(|error| Failure::new(format!("error: {}: {error}", file.display())))?;
    let workspace = manifest.get("workspace");
    let text = |table: &str, key: &[&str]| {
        let mut value = workspace.and_then(|workspace| workspace.get(table));
        for key in key {
            value = value.and_then(|value| value.get(key));
        }
        value.and_then(|value| value.as_str()).map(str::to_owned).ok_or_else(|| {
            Failure::new(format!(
                "error: {}: no text at workspace.{table}.{}",
                file.display(),
                key.join(".")
            ))
        })
    };
    let absolute = |path: &Path| {
        std::path::absolute(path)
            .map(|path| normal(&path))
            .map_err(|error| Failure::new(format!("error: {}: {error}", path.display())))
    };
    // From out/<crate> to the runtime's crates.
    let from = absolute(out)?.join("crate");
    Ok(Runtime::Path {
        crates: relative(&from, &absolute(&repository.join("crates"))?),
        version: text("package", &["version"])?,
        edition: text("package", &["edition"])?,
        rust_version: text("package", &["rust-version"])?,
        license: text("package", &["license"])?,
        serde_json: text("dependencies", &["serde_json", "version"])?,
    })
}

/// A path without `.` and `..`, as far as its text tells.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => _ = out.pop(),
            other => out.push(other),
        }
    }
    out
}

/// The way from one folder to another, so that no path of this machine gets into a manifest.
fn relative(from: &Path, to: &Path) -> String {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    let down = to
        .components()
        .skip(shared)
        .map(|component| component.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}
