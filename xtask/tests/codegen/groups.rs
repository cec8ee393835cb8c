//! Features of groups of operations, which an overlay decides.

use super::{api, files, generate_from, lowered};

const OPERATIONS: &str = r##""ListGadgets": {"responses": {"200": {"schema": {"type": "object", "properties": {
        "Gadget": {"$ref": "#/components/schemas/Gadget"}}}}}},
    "StopGadget": {}, "ListOrders": {"responses": {"200": {"schema": {"type": "object", "properties": {
        "State": {"type": "string"}}}}}}"##;

const GROUPS: &str = r#"[groups]
why = "a program orders or uses gadgets"
[groups.gadgets]
title = "Gadgets and their states"
operations = ["ListGadgets", "StopGadget"]
[groups.orders]
title = "Orders"
operations = ["ListOrders"]
"#;

fn description() -> String {
    api(OPERATIONS).replace(
        "\"apis\"",
        r#""components": {"schemas": {"Gadget": {"type": "object", "properties": {"Name": {"type": "string"}}}}}, "apis""#,
    )
}

#[test]
fn an_overlay_decides_the_groups_and_their_features() {
    let overlay = format!(
        "{GROUPS}[[fix]]\nat = \"ListOrders!State\"\nenum.name = \"OrderState\"\nwhy = \"w\"\nenum.values = [{{ value = \"paid\", doc = \"Paid.\" }}]\n"
    );
    let (succeeded, messages, folder) = generate_from(description().as_bytes(), Some(&overlay));
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out"));
    let manifest = &files["alicloud-test/Cargo.toml"];
    for line in [
        "default = [\"rustls-ring\", \"tracing\", \"all-operations\"]",
        "all-operations = [\n    \"gadgets\",\n    \"orders\",\n]",
        "# Gadgets and their states\ngadgets = [\"alicloud-test-model/gadgets\"]",
    ] {
        assert!(manifest.contains(line), "{line} in {manifest}");
    }
    assert!(files["alicloud-test-model/Cargo.toml"].contains("\ngadgets = []\n"));
    let library = &files["alicloud-test-model/src/lib.rs"];
    assert!(library.contains("#[cfg(feature = \"orders\")]\npub mod list_orders;"), "{library}");
    // A shared type needs the feature of what uses it.
    assert!(
        library.contains("#[cfg(feature = \"orders\")]\npub use types::OrderState;"),
        "{library}"
    );
    assert!(library.contains("//! - `gadgets` (2): Gadgets and their states\n"), "{library}");
    let types = &files["alicloud-test-model/src/types.rs"];
    assert!(types.contains("#[cfg(feature = \"gadgets\")]\nmod gadget;"), "{types}");
}

#[test]
fn every_operation_is_in_exactly_one_group() {
    let with = |old: &str, new: &str| GROUPS.replace(old, new);
    for (overlay, expected) in [
        (
            with(", \"StopGadget\"", ""),
            "overlay.toml at [groups]: the operation \"StopGadget\" is in no group: add it to one of them",
        ),
        (
            with("[\"ListOrders\"]", "[\"ListOrders\", \"StopGadget\"]"),
            "overlay.toml at [groups.orders]: the operation \"StopGadget\" is also in [groups.gadgets]: keep it in one of them",
        ),
        (
            with("[\"ListOrders\"]", "[\"ListOrders\", \"StopGadgets\"]"),
            "overlay.toml at [groups.orders]: the operation \"StopGadgets\" does not exist: correct the name: did you mean \"StopGadget\"?",
        ),
        (
            with("groups.orders", "groups.testing"),
            "overlay.toml at [groups.testing]: \"testing\" cannot be the name of a group",
        ),
        (with("groups.orders", "groups.Orders"), "\"Orders\" cannot be the name of a group"),
        (with("groups.orders", "groups.orders-"), "\"orders-\" cannot be the name of a group"),
        (
            with("groups.orders", "groups.my--orders"),
            "\"my--orders\" cannot be the name of a group",
        ),
        (
            format!("{GROUPS}[groups.more]\ntitle = \"More\"\noperations = []\n"),
            "overlay.toml at [groups.more]: the group has no operations: name some, or remove the group",
        ),
        (
            with("[\"ListOrders\"]", "[\"ListOrders\", \"ListOrders\"]"),
            "overlay.toml at [groups.orders]: the operation \"ListOrders\" is listed twice: remove one",
        ),
        (
            with("title = \"Orders\"", "title = \"\""),
            "at [groups.orders]: an empty text in `title`",
        ),
        (with("title = \"Orders\"", "name = \"Orders\""), "invalid overlay"),
        (with("why = \"a program orders or uses gadgets\"", ""), "missing field `why`"),
    ] {
        let (succeeded, messages, _folder) =
            generate_from(description().as_bytes(), Some(&overlay));
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
    }
}

#[test]
fn a_selection_of_operations_has_the_groups_that_it_needs() {
    let overlay = format!("{GROUPS}[operations]\nonly = [\"ListOrders\"]\nwhy = \"w\"\n");
    let (ir, _) =
        lowered("\"ListOrders\": {}, \"ListGadgets\": {}, \"StopGadget\": {}", Some(&overlay));
    let features: Vec<&str> = ir["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["feature"].as_str().unwrap())
        .collect();
    assert_eq!(features, ["orders"]);
}
