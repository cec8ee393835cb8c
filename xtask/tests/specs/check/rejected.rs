//! Folders and sources that are no packages of a description.

use std::fs;

use super::super::{success, text, write};
use super::{CLIENT, MODELS, PACKAGE, SPEC, check, check_in, drift, edit, error, plants};

#[test]
fn source_that_is_not_generated_is_rejected_with_its_line() {
    let models = format!("{PACKAGE}/{MODELS}:");
    let client = format!("{PACKAGE}/{CLIENT}:");
    for (file, old, new, expected) in [
        (
            MODELS,
            "height: int = None",
            "height: int = 3",
            format!("{models}14: unexpected line `height: int = 3,`"),
        ),
        (MODELS, "height: int", "height: Set[int]", format!("{models}14: unexpected line")),
        (
            MODELS,
            "height: int",
            "height: main_models.Height",
            format!("{models}14: no class `Height`"),
        ),
        (
            MODELS,
            "result['Height'] =",
            "result[HEIGHT] =",
            format!("{models}10: `to_map` of `FindPlantRequest` does not write `height`"),
        ),
        (
            MODELS,
            "        height: int = None,\n",
            "",
            format!("{models}10: `to_map` of `FindPlantRequest` writes `height`"),
        ),
        (
            MODELS,
            "result['Note']",
            "result['Height']",
            format!("{models}10: `to_map` of `FindPlantRequest` writes a key twice"),
        ),
        (MODELS, "(DaraModel)", "(object)", format!("{models}10: unexpected line")),
        (
            MODELS,
            "from darabonba.model import DaraModel",
            "exec('')",
            format!("{models}7: unexpected line"),
        ),
        (
            MODELS,
            "class FindPlantRequestTag",
            "class FindPlantRequestFilter",
            "a second class `FindPlantRequestFilter`".to_owned(),
        ),
        (
            CLIENT,
            "body['Note'] = request.note",
            "send(request.note)",
            format!("{client}24: the method does not send the parameter `Note`"),
        ),
        (CLIENT, "body['Note'] =", "path['Note'] =", format!("{client}47: unexpected line")),
        (CLIENT, "runtime: RuntimeOptions", "*runtime", format!("{client}27: unexpected line")),
        (
            CLIENT,
            "style = 'RPC'",
            "style = 'ROA'",
            format!("{client}59: an operation of the style \"ROA\""),
        ),
        (
            CLIENT,
            "'2026-01-01'",
            "'2026-02-02'",
            format!("{client}24: version \"2026-02-02\" instead of 2026-01-01"),
        ),
        (CLIENT, "water_plant_with_options", "water_plant", format!("{client}90: unexpected line")),
        (CLIENT, "action = ", "", format!("{client}24: a method without its operation")),
        (
            CLIENT,
            "alibabacloud_plants",
            "plants",
            format!("{client}1: no line `from alibabacloud_"),
        ),
        (
            CLIENT,
            "main_models.WaterPlantRequest",
            "main_models.WaterRequest",
            "no class `WaterRequest` in the models".to_owned(),
        ),
    ] {
        let root = plants();
        edit(&root, &format!("{PACKAGE}/{file}"), old, new);
        let line = error(&root, &check(&root));
        assert!(line.starts_with("error: ") && line.contains(&expected), "{expected} in {line}");
    }
}

#[test]
fn folders_without_a_package_of_the_description_are_rejected() {
    let root = plants();
    let spec = root.path().join(SPEC).display().to_string();
    write(&root, "empty/readme.txt", "");
    for against in ["empty", "nowhere", "site-packages/alibabacloud_plants20260101/models"] {
        let line = error(&root, &check_in(&root, against, &[]));
        assert!(
            line.starts_with(&format!("error: {against}: no package of a description")),
            "{line}"
        );
    }
    let line = error(&root, &check_in(&root, "empty", &[&spec]));
    assert!(line.starts_with("error: empty: no package alibabacloud_plants20260101; "), "{line}");

    // Another product.
    edit(&root, SPEC, "\"Plants\"", "\"House-Plants\"");
    let line = error(&root, &check_in(&root, PACKAGE, &[&spec]));
    assert!(line.contains("not alibabacloud_house_plants20260101, the package of"), "{line}");
    error(&root, &check_in(&root, PACKAGE, &[]));
}

#[test]
fn a_description_without_a_readable_package_does_not_stop_the_others() {
    let root = plants();
    for (folder, product) in [("x", "Missing"), ("y", "Broken")] {
        let spec = include_str!("../plants/api.json").replace("Plants", product);
        write(&root, &format!("specs/{folder}/2026-01-01/api.json"), &spec);
    }
    let output = check(&root);
    assert_eq!(output.status.code(), Some(1));
    let packages = root.path().join("site-packages").display().to_string();
    let missing = |product: &str| {
        let package = format!("alibabacloud_{}20260101", product.to_lowercase());
        format!(
            "error: {packages}: no package {package} for {product} 2026-01-01; install it there, or pass --allow-missing\n"
        )
    };
    assert_eq!(text(&output.stderr), missing("Missing") + &missing("Broken"));
    assert!(text(&output.stdout).contains("Plants 2026-01-01: 2 of 3 operations"), "{output:?}");
    // The folder of a package is about its product alone, and so are descriptions by name.
    let spec = root.path().join(SPEC).display().to_string();
    success(&check_in(&root, PACKAGE, &[]));
    success(&check_in(&root, "site-packages", &[&spec]));
    let report = success(&check_in(&root, "site-packages", &["--allow-missing"]));
    assert!(report.contains("\nMissing 2026-01-01: no package "), "{report}");
    assert!(report.contains("\nBroken 2026-01-01: no package "), "{report}");

    write(&root, "site-packages/alibabacloud_broken20260101/client.py", "import os\n");
    write(&root, "site-packages/alibabacloud_broken20260101/models.py", "import os\n");
    let output = check(&root);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("Plants 2026-01-01: 2 of 3 operations"), "{output:?}");
    assert!(text(&output.stderr).contains("alibabacloud_broken20260101/client.py:1: "));
}

#[test]
fn packages_are_read_within_limits_and_printed_without_control_characters() {
    let root = plants();
    edit(&root, &format!("{PACKAGE}/{MODELS}"), "'IsDry'", "'Is\u{1b}[31mDry'");
    assert!(!drift(&root).contains('\u{1b}'));
    let nested = format!("height: {}int{}", "List[".repeat(5_000), "]".repeat(5_000));
    edit(&root, &format!("{PACKAGE}/{MODELS}"), "height: int", &nested);
    assert!(error(&root, &check(&root)).len() < 1_000);
    edit(&root, &format!("{PACKAGE}/{MODELS}"), &nested, "height: int");
    let file = fs::File::create(root.path().join(PACKAGE).join("models/_large.py")).unwrap();
    file.set_len(300 << 20).unwrap();
    let line = error(&root, &check(&root));
    assert!(line.contains("the package has more than 256 MiB"), "{line}");
    fs::write(root.path().join(PACKAGE).join("models/_large.py"), b"\xff").unwrap();
    assert!(error(&root, &check(&root)).contains("not UTF-8"));
    let client = "from alibabacloud_plants20260101 import models as main_models\n";
    write(&root, &format!("{PACKAGE}/{CLIENT}"), client);
    fs::remove_file(root.path().join(PACKAGE).join("models/_large.py")).unwrap();
    assert!(error(&root, &check(&root)).contains("no method whose name ends with"));
}
