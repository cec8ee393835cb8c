//! Writes the crates of descriptions that the generator accepts as one workspace: `accepted FOLDER INPUT…`.

use std::path::Path;
use std::{env, fs};

/// Number of descriptions that are written.
const MAX_DESCRIPTIONS: usize = 200;

fn main() {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().expect("usage: accepted FOLDER INPUT…");
    let folder = Path::new(&folder);
    let repository =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it is in the repository");
    let text = fs::read_to_string(repository.join("Cargo.toml")).expect("the manifest can be read");
    let mut manifest: toml::Table = text.parse().expect("the manifest is TOML");
    let workspace = manifest["workspace"].as_table_mut().expect("a workspace");
    let dependencies = workspace["dependencies"].as_table_mut().expect("dependencies");
    for (_, dependency) in dependencies.iter_mut() {
        if let Some(path) = dependency.get_mut("path") {
            *path =
                format!("{}/{}", repository.display(), path.as_str().unwrap_or_default()).into();
        }
    }
    let mut members = Vec::new();
    let mut count = 0;
    for input in arguments {
        let data = fs::read(&input).expect("the input can be read");
        let name = format!("fuzz-{count}");
        let Some(files) = alicloud_fuzz::descriptions::accepted(&name, &data) else { continue };
        let [client, model] = [format!("alicloud-{name}"), format!("alicloud-{name}-model")];
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be created");
            fs::write(path, text).expect("a file can be written");
        }
        fs::write(folder.join(&client).join("input"), data).expect("a file can be written");
        for member in [client, model] {
            let path = folder.join(&member).display().to_string();
            let dependency = toml::Table::from_iter([
                ("path".to_owned(), path.into()),
                ("version".to_owned(), "0.1.0".into()),
                ("default-features".to_owned(), false.into()),
            ]);
            dependencies.insert(member.clone(), dependency.into());
            members.push(member);
        }
        count += 1;
        if count == MAX_DESCRIPTIONS {
            break;
        }
    }
    workspace.insert("members".to_owned(), members.into());
    workspace.remove("exclude");
    fs::write(folder.join("Cargo.toml"), manifest.to_string()).expect("a file can be written");
    println!("{count} descriptions");
}
