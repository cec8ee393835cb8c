//! `cargo xtask codegen`: generates crates from OpenMeta descriptions.

mod products;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alicloud_codegen::diagnostics::{CommandError, Diagnostics, Severity};
use alicloud_codegen::documentation::Documentation;
use alicloud_codegen::lower::Choice;
use alicloud_codegen::render::{External, PathOwners, Runtime};
use alicloud_codegen::{Generated, Settings, generate_file};
use clap::Args;

use crate::clock;

use products::{ConfiguredProduct, configured};

/// Arguments of `cargo xtask codegen`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Compare with the existing files and write nothing; exit with 1 if anything differs
    #[arg(long)]
    check: bool,
    /// Print the intermediate representation as JSON and write nothing
    #[arg(long, conflicts_with = "check")]
    dump_ir: bool,
    /// Read the OpenMeta description FILE instead of those under specs/
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Apply the overlay FILE to the description
    #[arg(long, value_name = "FILE", requires = "spec")]
    overlay: Option<PathBuf>,
    /// Document the description with FILE
    #[arg(long, value_name = "FILE", requires = "spec")]
    docs: Option<PathBuf>,
    /// Write the two crates to DIR
    #[arg(long, value_name = "DIR", requires = "spec")]
    out: Option<PathBuf>,
    /// Name the crates alicloud-NAME and alicloud-NAME-model
    #[arg(long, requires = "spec")]
    name: Option<String>,
    /// Generate only these operations and the types that they use
    #[arg(long, value_name = "A,B,C", value_delimiter = ',', requires = "spec")]
    operations: Vec<String>,
    /// Write every diagnostic to FILE, one JSON object per line
    #[arg(long, value_name = "FILE")]
    diagnostics: Option<PathBuf>,
}

/// The command in the first line of every generated file.
const GENERATOR: &str = "cargo xtask codegen";

/// Runs `cargo xtask codegen`.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, CommandError> {
    let repository = repository()?;
    let products = match &arguments.spec {
        None => configured(&repository)?,
        Some(spec) => vec![product_from_arguments(spec, arguments)?],
    };
    let mut diagnostic_lines = String::new();
    let mut up_to_date = true;
    let mut owners = PathOwners::default();
    for product in products {
        let runtime = match &arguments.spec {
            None if product.published => Runtime::Workspace,
            _ => {
                let has_workspace = arguments.spec.is_some();
                Runtime::External(External::of_checkout(
                    &repository,
                    &product.crates,
                    has_workspace,
                )?)
            }
        };
        let start = clock::now();
        let settings = Settings {
            description: product.shown,
            generator: GENERATOR.to_owned(),
            runtime,
            choice: product.choice,
            documentation: product.documentation.as_deref().map(Documentation::read).transpose()?,
        };
        let generated = generate_file(&product.spec, product.overlay.as_deref(), &settings)?;
        if arguments.dump_ir {
            print!("{}", generated.product.dump());
            continue;
        }
        owners.claim_all(&product.crates, &generated.tree, &settings.description)?;
        print_diagnostics(&generated.diagnostics);
        for diagnostic in generated.diagnostics.list() {
            diagnostic_lines.push_str(&serde_json::to_string(diagnostic).unwrap_or_default());
            diagnostic_lines.push('\n');
        }
        if arguments.check && product.published && product.documentation.is_some() {
            up_to_date &= is_documented(&generated);
        }
        if arguments.check {
            up_to_date &= is_up_to_date(&product.crates, &generated, arguments)?;
        } else {
            generated.write(&product.crates)?;
        }
        println!("{}, {} ms", generated.summary(), start.elapsed().as_millis());
    }
    if let Some(path) = &arguments.diagnostics {
        fs::write(path, diagnostic_lines).map_err(|error| {
            CommandError::new(format!("error: {}: cannot be written: {error}", path.display()))
        })?;
    }
    Ok(if up_to_date { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the items without a text, of which a published crate has none, and returns whether there are none.
fn is_documented(generated: &Generated) -> bool {
    let undocumented = generated.product.undocumented();
    for item in &undocumented {
        eprintln!("undocumented: {item}: add a sentence to docs.toml");
    }
    // An operation has a default sentence.
    let of_documentation =
        |file: &Path| file.extension().is_some_and(|extension| extension == "toml");
    let is_warned = generated.diagnostics.list().iter().any(|diagnostic| {
        diagnostic.severity == Severity::Warning && of_documentation(&diagnostic.file)
    });
    undocumented.is_empty() && !is_warned
}

fn product_from_arguments(
    spec: &Path,
    arguments: &Arguments,
) -> Result<ConfiguredProduct, CommandError> {
    let file_name =
        spec.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(ConfiguredProduct {
        spec: spec.to_owned(),
        overlay: arguments.overlay.clone(),
        documentation: arguments.docs.clone(),
        // The header of a generated file is one line, and a file name can contain line breaks.
        shown: file_name
            .chars()
            .map(|character| if character.is_control() { '_' } else { character })
            .collect(),
        choice: Choice {
            name: arguments.name.clone(),
            operations: arguments.operations.clone(),
            ..Choice::default()
        },
        crates: output_dir(arguments)?,
        published: true,
    })
}

fn output_dir(arguments: &Arguments) -> Result<PathBuf, CommandError> {
    match (&arguments.out, arguments.dump_ir) {
        (Some(out), _) => Ok(out.clone()),
        (None, true) => Ok(PathBuf::from(".")),
        (None, false) => Err(CommandError::new(
            "error: --spec needs a destination; add --out DIR for the two crates, or --dump-ir",
        )),
    }
}

/// Prints the first errors and warnings to stderr, and the number of the others.
fn print_diagnostics(diagnostics: &Diagnostics) {
    const MAX_PRINTED: usize = 10;
    let warnings: Vec<_> = diagnostics
        .list()
        .iter()
        .filter(|diagnostic| diagnostic.severity > Severity::Note)
        .collect();
    for diagnostic in warnings.iter().take(MAX_PRINTED) {
        eprintln!("{diagnostic}");
    }
    let notes = diagnostics.count(Severity::Note);
    if warnings.len() > MAX_PRINTED || notes > 0 {
        let more = warnings.len().saturating_sub(MAX_PRINTED);
        eprintln!("{more} more warnings and {notes} notes; --diagnostics FILE writes all of them");
    }
}

/// Prints the files that differ from the generated ones and returns whether there are none.
fn is_up_to_date(
    root: &Path,
    generated: &Generated,
    arguments: &Arguments,
) -> Result<bool, CommandError> {
    let difference = generated.compare(root)?;
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
            None => "`cargo xtask codegen`",
            Some(_) => "this command without --check",
        };
        eprintln!(
            "to update the crates, run {command}; move stray files that are not generated by hand"
        );
    }
    Ok(difference.is_empty())
}

/// Returns the root of this repository: the workspace that xtask belongs to.
pub(crate) fn repository() -> Result<PathBuf, CommandError> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .ok_or_else(|| CommandError::new("error: the manifest of xtask has no parent folder"))
}
