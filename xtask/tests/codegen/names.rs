//! Names that are difficult in Rust or in a file system.

use std::fs;

use super::{api, files, generate_from, lowered};

#[test]
fn difficult_names_and_large_enums_are_generated() {
    let values: Vec<String> = (0..5_000).map(|number| format!("\"value-{number}\"")).collect();
    let description = api(&format!(
        r##""fn": {{}}, "../x": {{}}, "Self": {{}},
            "E": {{"parameters": [{{"name": "V", "in": "query", "schema": {{"type": "string", "enum": [{}]}}}}],
                  "responses": {{"200": {{"schema": {{"type": "object", "properties": {{
                      "A": {{"$ref": "#/components/schemas/Thing"}}, "B": {{"$ref": "#/components/schemas/thing"}}}}}}}}}}}}"##,
        values.join(",")
    ))
    .replacen(
        '{',
        r##"{"components": {"schemas": {
            "Thing": {"type": "object", "properties": {"X": {"type": "string"}, "Me": {"$ref": "#/components/schemas/Thing"}}},
            "thing": {"type": "object", "properties": {"Y": {"type": "string"}}}}},"##,
        1,
    );
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out"));
    assert!(files.keys().all(|path| !path.contains("..")), "{:?}", files.keys());
    assert!(files["alicloud-test-model/src/e.rs"].contains("Value4999 = \"value-4999\","));
    assert!(
        files["alicloud-test-model/src/types/thing.rs"]
            .contains("pub me: Option<Box<Thing>> = \"Me\",")
    );
    assert!(files["alicloud-test-model/src/types/thing2.rs"].contains("pub struct Thing2 {"));
}

#[test]
fn names_of_the_layout_and_of_devices_get_another_file() {
    let names = [
        "Lib",
        "Main",
        "Mod",
        "Types",
        "Client",
        "Product",
        "Operations",
        "ErrorCode",
        "Model",
        "Std",
        "Core",
        "Call",
        "FromEnv",
        "AlicloudCore",
        "Aux",
        "CON",
        "nul",
        "Prn",
        "Com0",
        "LPT9",
        "Fn",
        "New",
        "Cmp",
        "Library",
        "Com10",
    ];
    let operations: Vec<String> = names.iter().map(|name| format!("{name:?}: {{}}")).collect();
    let (succeeded, messages, folder) = generate_from(api(&operations.join(",")).as_bytes(), None);
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out"));
    assert!(files["alicloud-test-model/src/lib.rs"].contains("pub mod lib_;"));
    for (crate_folder, own) in
        [("alicloud-test-model/src/", vec!["lib"]), ("alicloud-test/src/operations/", vec![])]
    {
        let mut expected: Vec<String> = own.into_iter().map(str::to_owned).collect();
        expected.extend(names.iter().map(|name| match *name {
            "ErrorCode" => "error_code_".to_owned(),
            "FromEnv" => "from_env_".to_owned(),
            "AlicloudCore" => "alicloud_core_".to_owned(),
            "Fn" | "Library" | "Com10" => name.to_lowercase(),
            reserved => format!("{}_", reserved.to_lowercase()),
        }));
        expected.sort();
        let mut stems: Vec<&str> = files
            .keys()
            .filter_map(|path| path.strip_prefix(crate_folder)?.strip_suffix(".rs"))
            .collect();
        stems.sort_unstable();
        assert_eq!(stems, expected, "{crate_folder}");
    }
    // The methods of a pager have a name of their own, without the underscore.
    let page = r#""Core": {"operationType": "read", "parameters": [
            {"name": "PageNumber", "in": "query", "schema": {"type": "integer"}},
            {"name": "PageSize", "in": "query", "schema": {"type": "integer"}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {
            "PageNumber": {"type": "integer"}, "TotalCount": {"type": "integer"}, "Names": {"type": "array", "items": {"type": "string"}}}}}}}"#;
    let (succeeded, messages, folder) = generate_from(api(page).as_bytes(), None);
    assert!(succeeded, "{messages}");
    let text = fs::read_to_string(folder.path().join("out/alicloud-test/src/operations/core_.rs"));
    let text = text.unwrap();
    for part in ["pub fn core_(&self", "pub fn core_items(&self", "pub fn core_pages(&self"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    // The crates of a product must not have the names of the runtime crates.
    let description = api("\"A\": {}").replace("\"Test\"", "\"Core\"");
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
    assert!(succeeded, "{messages}");
    assert!(folder.path().join("out/alicloud-core-api-model/src/a.rs").exists());
}

#[test]
fn a_line_break_in_a_name_starts_no_code() {
    let operations = r#""A\nfn injected() {}\n//": {}, "B\r": {"summary": "x"},
        "C": {"parameters": [{"name": "P\nfn injected() {}\n", "in": "query", "schema": {"type": "string"}}],
              "responses": {"200": {"schema": {"type": "object", "properties": {
                  "F\nfn injected() {}\n": {"type": "string", "enum": ["V\nfn injected() {}\n"]}}}}},
              "errorCodes": {"400": [{"errorCode": "E\nfn injected() {}\n", "errorMessage": "x"}]}}"#;
    let (succeeded, messages, folder) = generate_from(api(operations).as_bytes(), None);
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out"));
    let texts = files.iter().filter(|(path, _)| path.ends_with(".rs")).map(|(_, text)| text);
    for line in texts.flat_map(|text| text.lines()) {
        assert!(!line.trim_start().starts_with("fn injected"), "{line}");
    }
    let operation = &files["alicloud-test-model/src/a_fn_injected.rs"];
    assert!(operation.contains("/// Request of `A_fn injected() {}_//`."), "{operation}");
}

/// rustc rejects comments with characters that reorder the text around them.
#[test]
fn no_comment_has_a_character_that_reorders_text() {
    let operations = r#""A\u202ex": {"parameters": [
            {"name": "P\u2066x", "in": "query", "schema": {"type": "string", "enum": ["V\u202dx"]}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {
            "F\u2069x": {"type": "object", "properties": {"G\u202ax": {"type": "string"}}}}}}},
        "errorCodes": {"400": [{"errorCode": "E\u202bx", "errorMessage": "M\u202cx"}]}}"#;
    let (succeeded, messages, folder) = generate_from(api(operations).as_bytes(), None);
    assert!(succeeded, "{messages}");
    let is_reordering = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    for (path, text) in files(&folder.path().join("out")) {
        let line = text.lines().find(|line| line.contains(is_reordering));
        assert_eq!(line, None, "{path}");
    }
    let operation = files(&folder.path().join("out")).remove("alicloud-test-model/src/a_x.rs");
    assert!(operation.unwrap().contains("/// Request of `A_x`."));
}

#[test]
fn operations_whose_names_differ_only_in_case_are_rejected() {
    for operations in
        [r#""GetURL": {}, "GetUrl": {}"#, r#""lib": {}, "LIB": {}"#, r#""404": {}, "Code_404": {}"#]
    {
        let (succeeded, messages, _folder) = generate_from(api(operations).as_bytes(), None);
        assert!(!succeeded && messages.contains("have the same name in Rust"), "{messages}");
        assert!(messages.contains("select one of them"), "{messages}");
        assert_eq!(messages.matches("have the same name").count(), 1, "{messages}");
    }
}

#[test]
fn a_parameter_of_the_path_without_a_placeholder_is_no_field() {
    let operation = |path: &str, names: &[&str]| {
        let parameter = |name: &&str| {
            format!(r#"{{"name": {name:?}, "in": "path", "schema": {{"type": "string"}}}}"#)
        };
        let parameters: Vec<String> = names.iter().map(parameter).collect();
        let parameters = parameters.join(",");
        format!(r#""A": {{"path": {path:?}, "methods": ["get"], "parameters": [{parameters}]}}"#)
    };
    let overlay = "[[fix]]\nat = \"A?Mode\"\nlocation = \"query\"\nwhy = \"w\"\n";
    for (style, path, overlay, fields) in [
        ("ROA", "/jobs/{Id}", None, ["Id"].as_slice()),
        ("ROA", "/jobs/[Id]", Some(overlay), &["Id", "Mode"]),
        ("RPC", "/jobs/{Id}", None, &[]),
    ] {
        let description = api(&operation(path, &["Id", "Mode"])).replace("RPC", style).into_bytes();
        let (succeeded, messages, folder) = generate_from(&description, overlay);
        assert!(succeeded, "{messages}");
        let model = fs::read_to_string(folder.path().join("out/alicloud-test-model/src/a.rs"));
        let model = model.unwrap();
        for name in ["Id", "Mode"] {
            let is_field = fields.contains(&name);
            assert_eq!(
                model.contains(&format!("(\"{name}\")")),
                is_field,
                "{style} {name}: {model}"
            );
            let reported = format!("/apis/A/parameters/{}", usize::from(name == "Mode"));
            let what = format!("the path has no placeholder for {name:?}");
            let is_reported = messages.contains(&reported) && messages.contains(&what);
            assert_eq!(is_reported, !is_field, "{style} {name}: {messages}");
        }
    }
    // A single parameter can be the whole path.
    let description = api(&operation("/*", &["Key"])).replace("RPC", "ROA").into_bytes();
    let (_, _, folder) = generate_from(&description, None);
    let model = fs::read_to_string(folder.path().join("out/alicloud-test-model/src/a.rs"));
    assert!(model.unwrap().contains("path(\"Key\")"));
}

#[test]
fn twins_that_differ_in_an_acronym_say_which_word_is_in_capitals() {
    let names =
        ["InstanceID", "InstanceId", "vpcID", "vpcId", "DnsUrl", "DNSUrl", "DnsURL", "VSwitchID"];
    let parameters: Vec<String> = names
        .iter()
        .map(|name| {
            format!(r#"{{"name": {name:?}, "in": "query", "schema": {{"type": "string"}}}}"#)
        })
        .collect();
    let (ir, _) = lowered(&format!(r#""A": {{"parameters": [{}]}}"#, parameters.join(",")), None);
    let fields = ir["operations"][0]["request"]["fields"].as_array().unwrap().iter();
    let assigned: Vec<&str> = fields.map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(
        assigned,
        [
            "instance_id_uppercase",
            "instance_id",
            "vpc_id_uppercase",
            "vpc_id",
            "dns_url",
            "dns_url_uppercase_dns",
            "dns_url_uppercase_url",
            "v_switch_id"
        ]
    );
}

#[test]
fn types_whose_names_start_with_a_digit_or_differ_in_case_have_their_own_files() {
    let names = ["404", "3DModel", "Type404", "AUX", "Aux", "Mod", "lib"];
    let components: Vec<String> = names
        .iter()
        .map(|name| {
            let own = format!(
                "{{\"type\": \"object\", \"properties\": {{{name:?}: {{\"type\": \"string\"}}}}}}"
            );
            format!("{name:?}: {own}")
        })
        .collect();
    let fields: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(index, name)| format!("\"F{index}\": {{\"$ref\": \"#/components/schemas/{name}\"}}"))
        .collect();
    let description = api(&format!(
        r#""Get": {{"responses": {{"200": {{"schema": {{"type": "object", "properties": {{{}}}}}}}}}}}"#,
        fields.join(",")
    ))
    .replacen('{', &format!("{{\"components\": {{\"schemas\": {{{}}}}},", components.join(",")), 1);
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out"));
    let stems: Vec<&str> = files
        .keys()
        .filter_map(|path| path.strip_prefix("alicloud-test-model/src/types/")?.strip_suffix(".rs"))
        .collect();
    assert_eq!(stems, ["aux2", "aux_", "lib_", "mod_", "type3d_model", "type404", "type4042"]);
    for (file, wire) in [("type404", "404"), ("type4042", "Type404"), ("type3d_model", "3DModel")] {
        let text = &files[&format!("alicloud-test-model/src/types/{file}.rs")];
        assert!(text.contains(&format!("{wire:?}")), "{text}");
    }
}

#[test]
fn names_of_twins_are_reported_and_can_be_chosen() {
    let twins = r##""A": {"parameters": [
        {"name": "instanceid", "in": "query", "schema": {"type": "string"}},
        {"name": "Instanceid", "in": "query", "schema": {"type": "string"}},
        {"name": "InstanceId", "in": "query", "schema": {"type": "string"}},
        {"name": "Legacyinstanceid", "in": "query", "schema": {"type": "string"}},
        {"name": "instance.id", "in": "query", "schema": {"type": "string", "description": "已废弃，请使用InstanceId。"}},
        {"name": "new", "in": "query", "schema": {"type": "string"}},
        {"name": "Mode", "in": "query", "schema": {"type": "string"}},
        {"name": "Mode", "in": "header", "schema": {"type": "string"}}
    ]}"##;
    let names = |overlay: Option<&str>| -> (Vec<(String, String)>, Vec<String>) {
        let (ir, report) = lowered(twins, overlay);
        let fields = ir["operations"][0]["request"]["fields"].as_array().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        (fields.map(|field| (text(&field["wire"]), text(&field["name"]))).collect(), report)
    };
    let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(wire, name)| ((*wire).to_owned(), (*name).to_owned())).collect()
    };
    let (assigned, report) = names(None);
    assert_eq!(
        assigned,
        owned(&[
            ("instanceid", "instanceid_lowercase"),
            ("Instanceid", "instanceid"),
            ("InstanceId", "instance_id"),
            ("Legacyinstanceid", "legacyinstanceid"),
            ("instance.id", "legacy_instance_id"),
            ("new", "new_"),
            ("Mode", "mode"),
            ("Mode", "mode_in_header"),
        ])
    );
    for text in [
        r#"\"instanceid\" and \"Instanceid\" have the same name in Rust"#,
        r#"\"instance.id\" is superseded by \"InstanceId\""#,
    ] {
        assert!(report.iter().any(|line| line.contains(text)), "{text} in {report:?}");
    }

    let overlay = "[[fix]]\nat = \"A?instance.id\"\nrename = \"instance_id\"\nwhy = \"w\"\n";
    let (assigned, _) = names(Some(overlay));
    assert_eq!(assigned[4].1, "instance_id");
    assert_eq!(assigned[2].1, "instance_id_capitalized");
}
