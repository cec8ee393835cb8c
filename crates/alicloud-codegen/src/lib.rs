//! Generates Rust clients for Alibaba Cloud APIs from their descriptions.
//!
//! The command `alicloud-codegen` keeps the generated code of a repository up to date; the README has a
//! tutorial. This library is what it is made of. One description takes these steps:
//!
//! 1. [`spec`] reads an OpenMeta document, and [`overlay`] what people decided on top of it.
//! 2. [`lower`] makes every decision. Its result, [`ir`], is data.
//! 3. [`render`] prints the files with templates, and parses what it printed.
//! 4. [`emit`] writes the files, or compares them with those on disk; see [`Generated`].
//!
//! [`generate`] takes a description through the first three.
//!
//! # Examples
//!
//! ```
//! use std::path::Path;
//!
//! use alicloud_codegen::overlay::Overlay;
//! use alicloud_codegen::{Settings, generate};
//!
//! let description = br#"{
//!     "info": {"product": "Gadget", "version": "2026-01-01", "style": "RPC"},
//!     "apis": {"PingGadget": {"methods": ["post"], "summary": "Pings a gadget.", "responses": {}}}
//! }"#;
//! let overlay = Overlay::default();
//! let generated = generate(Path::new("gadget.json"), description, &overlay, &Settings::default())?;
//! let file = Path::new("alicloud-gadget-model/src/ping_gadget.rs");
//! assert!(generated.tree[file].contains("pub struct PingGadgetRequest"));
//! # Ok::<(), alicloud_codegen::diagnostics::CommandError>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod diagnostics;
mod docs;
pub mod documentation;
pub mod emit;
pub mod facts;
pub mod files;
mod format;
mod generated;
mod generator;
mod hash;
pub mod ir;
mod json;
mod layout;
pub mod lock;
pub mod lower;
#[cfg(feature = "metadata")]
#[cfg_attr(docsrs, doc(cfg(feature = "metadata")))]
pub mod metadata;
pub mod names;
pub mod overlay;
pub mod paths;
pub mod render;
pub mod spec;

pub use generated::Generated;
pub use generator::{Settings, generate, generate_file, generate_spec, run_with_stack};
pub use hash::sha256;
