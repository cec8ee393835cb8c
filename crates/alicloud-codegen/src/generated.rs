//! A generated product in memory, and how it gets to the disk.

use std::path::Path;

use crate::diagnostics::{CommandError, Diagnostics};
use crate::emit::{self, Difference};
use crate::files::Transaction;
use crate::ir::{Layout, Product, Type};
use crate::render::Tree;

/// A generated product in memory.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
#[doc = include_str!("doctest/generated.txt")]
/// println!("{}", generated.summary());
/// for (path, text) in &generated.tree {
///     println!("{}: {} bytes", path.display(), text.len());
/// }
/// assert!(generated.tree.contains_key(Path::new("alicloud-gadget/src/client.rs")));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Generated {
    /// The intermediate representation.
    pub product: Product,
    /// The files.
    pub tree: Tree,
    /// What the generator could not use, ignored or changed.
    pub diagnostics: Diagnostics,
    /// How every file starts.
    pub(crate) mark: String,
}

impl Generated {
    /// Returns the folders that belong to the generator: it owns every file in them.
    fn owned(&self) -> Vec<String> {
        let Product { model_crate, client_crate, .. } = &self.product;
        match &self.product.layout {
            Layout::CratePair => vec![model_crate.clone(), client_crate.clone()],
            Layout::Crate => vec![client_crate.clone()],
            Layout::Module { path } => {
                vec![path.rsplit("::").next().unwrap_or_default().to_owned()]
            }
        }
    }

    /// Writes the files below a folder, and removes generated files that are no longer needed: all changes are made,
    /// or none. Returns what was different.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be written, or is in the way and not generated.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("doctest/gadget.txt")]
    #[doc = include_str!("doctest/generated.txt")]
    /// let folder = tempfile::tempdir()?;
    /// let difference = generated.write(folder.path())?;
    /// assert!(difference.missing.contains(&"alicloud-gadget/Cargo.toml".into()), "it was missing");
    /// assert!(folder.path().join("alicloud-gadget/Cargo.toml").exists());
    /// # Ok(())
    /// # }
    /// ```
    pub fn write(&self, root: &Path) -> Result<Difference, CommandError> {
        emit::write(root, &self.tree, &self.owned(), &self.mark)
    }

    /// Adds the changes of [`write`](Self::write) to a transaction.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read, or is in the way and not generated.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("doctest/gadget.txt")]
    #[doc = include_str!("doctest/generated.txt")]
    /// use alicloud_codegen::files::Transaction;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let mut transaction = Transaction::default();
    /// generated.stage(folder.path(), &mut transaction)?;
    /// transaction.write(folder.path().join("gadget.lock"), "changes together with the code");
    /// transaction.commit()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn stage(
        &self,
        root: &Path,
        transaction: &mut Transaction,
    ) -> Result<Difference, CommandError> {
        emit::stage(root, &self.tree, &self.owned(), &self.mark, transaction)
    }

    /// Compares the files with those below a folder.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("doctest/gadget.txt")]
    #[doc = include_str!("doctest/generated.txt")]
    /// let folder = tempfile::tempdir()?;
    /// generated.write(folder.path())?;
    /// std::fs::remove_file(folder.path().join("alicloud-gadget/README.md"))?;
    /// assert_eq!(generated.compare(folder.path())?.missing, [Path::new("alicloud-gadget/README.md")]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn compare(&self, root: &Path) -> Result<Difference, CommandError> {
        emit::compare(root, &self.tree, &self.owned(), &self.mark)
    }

    /// Returns the generated lines of each operation that has a method: its file in the model crate, without
    /// the types that are nested in its request and response, and its file in the client crate.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("doctest/gadget.txt")]
    #[doc = include_str!("doctest/generated.txt")]
    /// let lines = generated.lines_per_operation();
    /// println!("{} lines per operation", lines.iter().sum::<usize>() / lines.len());
    /// assert_eq!(lines.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn lines_per_operation(&self) -> Vec<usize> {
        let lines =
            |path: String| self.tree.get(Path::new(&path)).map_or(0, |text| text.lines().count());
        let product = &self.product;
        let operations =
            product.operations.iter().filter(|operation| operation.not_callable.is_none());
        operations
            .map(|operation| {
                let model = lines(format!("{}/src/{}.rs", product.model_crate, operation.file));
                let nested: usize = operation.types.iter().map(Type::lines).sum();
                let client =
                    lines(format!("{}/src/operations/{}.rs", product.client_crate, operation.file));
                model.saturating_sub(nested) + client
            })
            .collect()
    }

    /// Returns a summary in one line, without the time.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("doctest/gadget.txt")]
    #[doc = include_str!("doctest/generated.txt")]
    /// assert!(generated.summary().starts_with("Gadget 2026-01-01: 2 operations, 6 types, "));
    /// # Ok(())
    /// # }
    /// ```
    pub fn summary(&self) -> String {
        let lines: usize = self.tree.values().map(|text| text.lines().count()).sum();
        format!(
            "{} {}: {} operations, {} types, {} files, {} lines",
            self.product.code,
            self.product.version,
            self.product.operations.len(),
            self.product.nested_types() + 2 * self.product.operations.len(),
            self.tree.len(),
            lines,
        )
    }
}
