//! Where the files of a product are.

use std::path::PathBuf;

use crate::ir::{Layout, Product};

/// The folders and files of a product, relative to the folder of its crates or of its module.
pub(super) struct Places {
    /// The folder with the manifest and the README of the crate with the types, if there is one.
    pub(super) model_crate: Option<PathBuf>,
    /// The file with the types at the root.
    pub(super) model_root: PathBuf,
    /// The folder with the other files of types.
    pub(super) model: PathBuf,
    /// The folder with the manifest and the README of the crate with the client, if there is one.
    pub(super) client_crate: Option<PathBuf>,
    /// The file with the client at the root.
    pub(super) client_root: PathBuf,
    /// The folder with the other files of the client.
    pub(super) client: PathBuf,
}

impl Places {
    pub(super) fn new(product: &Product) -> Self {
        let (model, client) =
            (PathBuf::from(&product.model_crate), PathBuf::from(&product.client_crate));
        match &product.layout {
            Layout::CratePair => Places {
                model_root: model.join("src/lib.rs"),
                model: model.join("src"),
                model_crate: Some(model),
                client_root: client.join("src/lib.rs"),
                client: client.join("src"),
                client_crate: Some(client),
            },
            Layout::Crate => Places {
                model_root: client.join("src/model.rs"),
                model: client.join("src/model"),
                model_crate: None,
                client_root: client.join("src/lib.rs"),
                client: client.join("src"),
                client_crate: Some(client),
            },
            Layout::Module { path } => {
                let folder = PathBuf::from(path.rsplit("::").next().unwrap_or_default());
                Places {
                    model_root: folder.join("model.rs"),
                    model: folder.join("model"),
                    model_crate: None,
                    client_root: folder.join("mod.rs"),
                    client: folder,
                    client_crate: None,
                }
            }
        }
    }
}
