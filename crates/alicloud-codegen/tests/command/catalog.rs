//! The catalogue: `list` and `show`.

use serde_json::{Value, json};

use super::{Project, Service, gadget, response};

#[test]
fn products_are_listed_and_searched() {
    let service = Service::with_gadget();
    let project = Project::empty();
    let list =
        |more: &[&str]| project.success(&[&["list", "--source", &service.url], more].concat());
    assert_eq!(
        list(&[]),
        "PRODUCT  VERSIONS                NAME\n\
         Gadget   2020-02-02, 2026-01-01  Gadgets\n\
         Widget   2020-01-01              Widgets & more\n"
    );
    assert_eq!(list(&["MORE"]).lines().count(), 2);
    let listed: Value = serde_json::from_str(&list(&["gad", "--json"])).unwrap();
    assert_eq!(
        listed,
        json!([{"product": "Gadget", "name": "Gadgets", "default_version": "2026-01-01", "versions": ["2020-02-02", "2026-01-01"]}])
    );
    let message = project.failure(&["list", "--source", &service.url, "wigdet"]);
    assert!(message.contains("did you mean \"Widget\"?"), "{message}");
}

#[test]
fn a_source_without_usable_products_is_an_error() {
    let service = Service::start(|_| {
        response("200 OK", r#"[{"code": "A\u001b[31m", "versions": []}, {"code": "../x"}]"#)
    });
    let project = Project::empty();
    let message = project.failure(&["list", "--source", &service.url]);
    assert!(message.contains(": the list of products is empty; check the address"), "{message}");
    std::fs::create_dir(project.path("empty")).unwrap();
    for arguments in
        [["list", "--source", "empty"].as_slice(), &["show", "Gadget", "--source", "empty"]]
    {
        let message = project.failure(arguments);
        assert!(
            message.starts_with("error: empty: no descriptions; the folder needs"),
            "{message}"
        );
    }
}

#[test]
fn the_operations_of_a_product_are_listed() {
    let project = Project::new();
    assert_eq!(
        project.success(&["show", "gadget"]),
        "OPERATION       SUMMARY\n\
         DescribeBox     (deprecated) Describes a box.\n\
         DescribeThings  Lists things.\n\
         StartThing      Starts a thing.\n"
    );
    let operations: Value =
        serde_json::from_str(&project.success(&["show", "gadget", "--json"])).unwrap();
    assert_eq!(
        operations[0],
        json!({"operation": "DescribeBox", "deprecated": true, "summary": "Describes a box."})
    );
}

#[test]
fn an_operation_is_shown_with_parameters_types_and_errors() {
    let project = Project::new();
    let page = project.success(&["show", "Gadget", "DescribeThings"]);
    for line in [
        "Gadget 2026-01-01 DescribeThings: POST /",
        "Lists things.",
        "RegionId    String  yes",
        "Things      Vec<Thing>",
        "  Running, Stopped",
        "400     Thing.Broken  The thing is broken.",
    ] {
        assert!(page.lines().any(|printed| printed == line), "{line}:\n{page}");
    }
    let page: Value =
        serde_json::from_str(&project.success(&["show", "Gadget", "StartThing", "--json"]))
            .unwrap();
    assert_eq!(
        page["parameters"],
        json!([{
            "name": "ThingId", "field": "thing_id", "type": "String", "required": true,
            "location": "query", "description": "The id of the thing.",
        }])
    );
    assert_eq!(page["idempotency"], "mutating");
}

#[test]
fn a_version_that_is_known_needs_no_list_of_products() {
    let service = Service::start(|path| match path {
        "/meta/v1/products/Gadget/versions/2026-01-01/api-docs.json" => {
            response("200 OK", &gadget().to_string())
        }
        _ => response("404 Not Found", ""),
    });
    let project = Project::empty();
    let source = ["--source", &service.url];
    project.success(&[&["show", "Gadget", "--api-version", "2026-01-01"], &source[..]].concat());
    project.success(&[&["init"], &source[..]].concat());
    project.success(&["add", "Gadget", "2026-01-01"]);
    project.success(&["show", "gadget", "StartThing"]);
    let message = project.failure(&["show", "../x", "--api-version", "2026-01-01"]);
    assert!(message.starts_with("error: invalid product \"../x\""), "{message}");
}

#[test]
fn a_description_in_the_repository_is_shown_without_the_source() {
    let service = Service::start(|_| response("500 Internal Server Error", ""));
    let project = Project::empty();
    project.success(&["init", "--source", &service.url]);
    project.write("gadget.json", &gadget().to_string());
    project.success(&["add", "Gadget", "2026-01-01", "--description", "gadget.json"]);
    assert!(project.success(&["show", "gadget"]).contains("StartThing"));
    project.success(&["show", "Gadget", "StartThing", "--api-version", "2026-01-01"]);
    assert!(service.requests().is_empty());
}

#[test]
fn unknown_names_have_suggestions() {
    let project = Project::new();
    let message = project.failure(&["show", "Gadgets"]);
    assert!(message.contains("did you mean \"gadget\"?"), "{message}");
    let message = project.failure(&["show", "Gadget", "DescribeThing"]);
    assert!(message.contains("did you mean \"DescribeThings\""), "{message}");
    let message = project.failure(&["show", "Gadget", "--api-version", "2020-01-01"]);
    assert!(message.contains("its versions are 2026-01-01"), "{message}");
}
