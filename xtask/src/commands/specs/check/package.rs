//! Reads an official Python package. Its source is read as text and never run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::files;
use alicloud_codegen::spec::{Operation, Parameter, Schema, Spec};

use super::client::{self, Bodies, Method};
use super::comments::{self, Comment};
use super::models::{self, Class};
use super::source::{Reader, Source, between};

/// The file that makes a folder a package.
pub(super) const CLIENT: &str = "client.py";

/// What a package says about its product, in the form of a description.
pub(super) struct Package {
    /// Such as `alibabacloud_cdn20180510`.
    pub(super) name: String,
    /// The version of the package, if it has one.
    pub(super) version: Option<String>,
    pub(super) spec: Spec,
    /// How the bodies of requests and responses are written, by operation.
    pub(super) bodies: BTreeMap<String, Bodies>,
    pub(super) comments: Vec<Comment>,
}

/// Returns the name of the package of a product.
pub(super) fn expected_name(spec: &Spec) -> String {
    let product = spec.product.to_ascii_lowercase().replace(['-', '.'], "_");
    let version: String = spec.version.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("alibabacloud_{product}{version}")
}

/// Returns the name of the package in a folder, whatever the folder's own name is.
pub(super) fn name(folder: &Path) -> Result<String, CommandError> {
    name_of(&Reader::new().read(&folder.join(CLIENT))?)
}

fn name_of(client: &Source) -> Result<String, CommandError> {
    let mut imports =
        client.text.lines().filter_map(|line| between(line, "from ", " import models as "));
    // Libraries of all packages have models, too; their names do not end with the date of a version.
    let is_of_product = |name: &&str| {
        let date = name.len().checked_sub(8).and_then(|start| name.get(start..));
        name.starts_with("alibabacloud_")
            && date.is_some_and(|date| date.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let name = imports.find(is_of_product);
    name.map(str::to_owned)
        .ok_or_else(|| client.fail(1, "no line `from alibabacloud_… import models as …`"))
}

impl Package {
    /// Reads the package of this version of an API.
    pub(super) fn read(folder: &Path, version: &str) -> Result<Package, CommandError> {
        let mut reader = Reader::new();
        let client = reader.read(&folder.join(CLIENT))?;
        let mut classes = BTreeMap::new();
        let (mut references, mut comments) = (Vec::new(), Vec::new());
        for path in model_files(folder)? {
            let source = reader.read(&path)?;
            let names = models::read(&source, &mut classes)?;
            comments::read(&source, &mut comments);
            references.extend(names.into_iter().map(|(name, line)| (name, line, path.clone())));
        }
        for (name, line, path) in references {
            if !classes.contains_key(&name) {
                let source = Source { path, text: String::new() };
                return Err(source.fail(line, format!("no class `{name}`")));
            }
        }
        let methods = client::read(&client, version)?;
        let operations = methods
            .iter()
            .map(|method| operation(&client, method, &classes))
            .collect::<Result<_, _>>()?;
        let bodies = methods.into_iter().map(|method| (method.operation, method.bodies)).collect();
        let init = folder.join("__init__.py");
        let package_version = match init.is_file() {
            true => reader
                .read(&init)?
                .text
                .lines()
                .find_map(|line| between(line, "__version__ = '", "'"))
                .map(str::to_owned),
            false => None,
        };
        let components = classes.into_iter().map(|(name, class)| (name, object(class))).collect();
        let name = name_of(&client)?;
        let spec = Spec {
            product: name.clone(),
            version: version.to_owned(),
            style: "RPC".to_owned(),
            directories: Vec::new(),
            components,
            operations,
            endpoints: Vec::new(),
        };
        Ok(Package { name, version: package_version, spec, bodies, comments })
    }
}

/// Returns the files with the classes: one, or one for each request and response.
fn model_files(folder: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let (file, models) = (folder.join("models.py"), folder.join("models"));
    if file.is_file() {
        return Ok(vec![file]);
    }
    let fail = |error| files::io_error(&models, "cannot be read", &error);
    let mut paths = Vec::new();
    for entry in models.read_dir().map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.extension().is_some_and(|extension| extension == "py")
            && path.file_name().is_some_and(|name| name != "__init__.py")
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn object(class: Class) -> Schema {
    Schema { kind: "object".to_owned(), properties: class.fields, ..Schema::default() }
}

fn operation(
    client: &Source,
    method: &Method,
    classes: &BTreeMap<String, Class>,
) -> Result<Operation, CommandError> {
    let class = |name: &String| {
        classes
            .get(name)
            .ok_or_else(|| client.fail(method.line, format!("no class `{name}` in the models")))
    };
    let mut parameters = Vec::new();
    for (name, schema) in
        method.request.as_ref().map(class).transpose()?.map_or(&[][..], |class| &class.fields)
    {
        let location = method.locations.get(name).copied();
        let location = location.or(method.others_in_query.then_some("query")).ok_or_else(|| {
            client.fail(method.line, format!("the method does not send the parameter `{name}`"))
        })?;
        parameters.push(Parameter {
            name: name.clone(),
            pointer: String::new(),
            location: location.to_owned(),
            style: method.styles.get(name).cloned(),
            deprecated: false,
            schema: schema.clone(),
        });
    }
    let body = class(&method.response)?.fields.iter().find(|(name, _)| name == "body");
    Ok(Operation {
        name: method.operation.clone(),
        pointer: String::new(),
        methods: method.http_method.iter().cloned().collect(),
        security: Vec::new(),
        path: method.path.clone(),
        operation_type: None,
        system_operation_type: None,
        deprecated: false,
        title: None,
        summary: None,
        description: None,
        limits: Vec::new(),
        page: None,
        parameters,
        success: body.map(|(_, schema)| schema.clone()),
        error_codes: Vec::new(),
        demos: Vec::new(),
    })
}
