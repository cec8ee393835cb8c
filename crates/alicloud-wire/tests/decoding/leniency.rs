//! Responses that deviate from the description, one test per kind of deviation.

use std::collections::BTreeMap;

use alicloud_wire::{Value, from_json, from_xml};

alicloud_wire::record! {
    struct Task {
        name: Option<String> = "Name",
        size: Option<i64> = "Size",
    }
}

alicloud_wire::record! {
    struct Response: PartialEq {
        request_id: Option<String> = "RequestId",
        message: Option<String> = "Message",
        total: Option<i64> = "Total",
        task: Option<Task> = "Task",
        plain: Vec<Task> = "Plain",
        wrapped: Vec<Task> = "Wrapped" / "Task",
        ids: Vec<String> = "Ids",
        wrapped_ids: Vec<String> = "WrappedIds" / "Id",
        scores: Vec<f64> = "Scores",
        labels: BTreeMap<String, Vec<String>> = "Labels",
        free: Option<Value> = "Free",
    }
}

fn task(name: &str) -> Task {
    Task { name: Some(name.to_owned()), size: None }
}

/// Decodes a response, which must not have issues.
fn json(text: &str) -> Response {
    let decoded = from_json::<Response>(text.as_bytes());
    assert_eq!(decoded.as_ref().map(|decoded| decoded.issues.as_slice()), Ok(&[][..]), "{text}");
    decoded.map(|decoded| decoded.value).unwrap_or_default()
}

/// Decodes a response, which must not have issues.
fn xml(text: &str) -> Response {
    let decoded = from_xml::<Response>(text.as_bytes());
    assert_eq!(decoded.as_ref().map(|decoded| decoded.issues.as_slice()), Ok(&[][..]), "{text}");
    decoded.map(|decoded| decoded.value).unwrap_or_default()
}

#[test]
fn xml_without_a_document_element() {
    let both = xml("<RequestId>a</RequestId>\n<Total>2</Total>");
    assert_eq!((both.request_id.as_deref(), both.total), (Some("a"), Some(2)));
    assert_eq!(xml("<?xml version=\"1.0\"?><RequestId>a</RequestId>").request_id.unwrap(), "a");
    let one = xml("<Plain><Name>a</Name></Plain>");
    assert_eq!(one.plain, [task("a")]);
    // The document element may have the name of a field.
    assert_eq!(xml("<Task><Total>2</Total></Task>").total, Some(2));
}

#[test]
fn two_documents_are_not_a_response_without_a_document_element() {
    let error =
        from_xml::<Response>(b"<A><Total>1</Total></A><B><Total>2</Total></B>").unwrap_err();
    assert!(error.to_string().contains("second document element at byte 23"), "{error}");
    assert!(from_xml::<Value>(b"<A>1</A><B>2</B>").is_err());
    assert!(from_xml::<Response>(b"<RequestId>a</RequestId><Total>").is_err());
    assert_eq!(xml("<Response/>"), Response::default());
    assert_eq!(from_xml::<Value>(b"<R/>").unwrap().value, Value::Null);
}

#[test]
fn xml_whose_root_is_a_list() {
    let tasks = |text: &str| {
        let decoded = from_xml::<Vec<Task>>(text.as_bytes()).unwrap();
        assert_eq!(decoded.issues, [], "{text}");
        decoded.value
    };
    let both = [task("a"), task("b")];
    assert_eq!(tasks("<R><T><Name>a</Name></T><T><Name>b</Name></T></R>"), both);
    assert_eq!(tasks("<0><Name>a</Name></0><1><Name>b</Name></1>"), both);
    assert_eq!(tasks("<R><Name>a</Name></R>"), [task("a")]);
    let texts = from_xml::<Vec<String>>(b"<R><T>a</T><T>b</T></R>").unwrap().value;
    assert_eq!(texts, ["a", "b"]);
}

#[test]
fn xml_without_a_wrapper() {
    assert_eq!(xml("<R><WrappedIds>a,b</WrappedIds></R>").wrapped_ids, ["a,b"]);
    assert_eq!(xml("<R><WrappedIds>a &amp; b</WrappedIds></R>").wrapped_ids, ["a & b"]);
    let flat = "<R><WrappedIds>a</WrappedIds><WrappedIds>b</WrappedIds></R>";
    assert_eq!(xml(flat).wrapped_ids, ["a", "b"]);
    let flat = "<R><Wrapped><Name>a</Name></Wrapped><Wrapped><Name>b</Name></Wrapped></R>";
    assert_eq!(xml(flat).wrapped, [task("a"), task("b")]);
    assert_eq!(xml("<R><WrappedIds> </WrappedIds></R>").wrapped_ids, [""; 0]);
    assert_eq!(xml("<R><Scores> </Scores><Scores>1</Scores></R>").scores, [1.0]);
}

#[test]
fn an_item_is_recognized_by_a_field_behind_unknown_elements() {
    let response = xml("<R><Plain><x><y><z>1</z></y><y/><y>2</y><Name>a</Name></x></Plain></R>");
    assert_eq!(response.plain, [task("a")]);
}

#[test]
fn a_wrapper_with_the_name_of_a_field() {
    alicloud_wire::record! { struct Locks { names: Vec<Task> = "Names" / "Name" } }
    let names = |text: &str| from_xml::<Locks>(text.as_bytes()).unwrap().value.names;
    assert_eq!(names("<R><Names><Name><Name>a</Name></Name></Names></R>"), [task("a")]);
    assert_eq!(names("<R><Names><Name>a</Name></Names></R>"), [task("a")]);
    assert_eq!(names("<R><Names><Name/></Names></R>"), [Task::default()]);
    assert_eq!(names("<R><Names><Name></Name></Names></R>"), [Task::default()]);
}

#[test]
fn a_wrapper_in_xml_only() {
    let text = "<R><Plain><Task><New/><Name>a</Name></Task><Task><Name>b</Name></Task></Plain></R>";
    assert_eq!(xml(text).plain, [task("a"), task("b")]);
    assert_eq!(xml("<R><Ids><Id>a</Id><Id>b</Id></Ids></R>").ids, ["a", "b"]);
    assert_eq!(xml("<R><Ids>a</Ids><Ids>b</Ids></R>").ids, ["a", "b"]);
    let labels = xml("<R><Labels><k><Id>a</Id></k><l>b</l><l>c</l></Labels></R>").labels;
    assert_eq!(labels["k"], ["a"]);
    assert_eq!(labels["l"], ["b", "c"]);
    let text = "<New><X>1</X></New><Name>a</Name>";
    let text = format!("<R><Plain><Task>{text}</Task><Task>{text}</Task></Plain></R>");
    assert_eq!(xml(&text).plain, [task("a"), task("a")]);
    // An unknown field first does not turn an item into a wrapper.
    let text = "<R><Plain><New><X>1</X></New><Name>a</Name></Plain></R>";
    assert_eq!(xml(text).plain, [task("a")]);
}

#[test]
fn json_as_text_in_xml() {
    assert_eq!(
        xml(r#"<R><Plain>[{"Name": "a"}, {"Name": 1.50}]</Plain></R>"#).plain,
        [task("a"), task("1.50")]
    );
    assert_eq!(xml(r#"<R><Task>{"Name": "a"}</Task></R>"#).task, Some(task("a")));
    assert_eq!(xml("<R><Scores>[1, 2.5]</Scores></R>").scores, [1.0, 2.5]);
    // A list of texts can have an item that looks like JSON.
    assert_eq!(xml("<R><Ids>[\"a\"]</Ids></R>").ids, ["[\"a\"]"]);
    let broken = from_xml::<Response>(b"<R><Task>{\"Name\": </Task><Total>1</Total></R>").unwrap();
    assert_eq!(broken.value.total, Some(1));
    assert_eq!(broken.issues[0].path, "Task");
}

#[test]
fn elements_in_a_text_field_are_kept_as_markup() {
    let response =
        xml("<R><Message>\n <Code>1</Code> and <b>&lt;</b> more </Message><Total>1</Total></R>");
    assert_eq!(response.message.unwrap(), "<Code>1</Code> and <b>&lt;</b> more");
    assert_eq!(response.total, Some(1));
    let wrong = from_xml::<Response>(b"<R><Total><A>1</A></Total></R>").unwrap();
    assert_eq!(wrong.issues[0].to_string(), "Total: expected an integer, found elements");
}

#[test]
fn a_text_keeps_an_object_in_json_as_it_is_written() {
    for text in [r#"{"b": 1.50,  "a":[1e2]}"#, r#"[1.50, {"b" :1}]"#] {
        assert_eq!(json(&format!("{{\"Message\": {text}}}")).message.as_deref(), Some(text));
    }
}

#[test]
fn a_json_wrapper_can_have_other_keys() {
    let response = json(r#"{"Plain": {"RequestId": "a", "Tasks": [{"Name": "a"}], "More": [1]}}"#);
    assert_eq!(response.plain, [task("a")]);
    assert_eq!(json(r#"{"WrappedIds": {"Total": "1", "Id": ["a"]}}"#).wrapped_ids, ["a"]);
    assert_eq!(json(r#"{"Wrapped": {"Other": {"Name": "a"}}}"#).wrapped, [task("a")]);
    let root = from_json::<Vec<Task>>(br#"{"RequestId": "a", "tasks": [{"Size": "x"}]}"#).unwrap();
    assert_eq!(root.value.len(), 1);
    assert_eq!(root.issues.len(), 1, "only issues inside the list are reported");
    assert_eq!(root.issues[0].path, "[0].Size");
    let none = from_json::<Response>(br#"{"Plain": {"A": 1, "B": "x"}, "Total": 1}"#).unwrap();
    assert_eq!((none.value.total, none.value.plain.len()), (Some(1), 0));
    assert_eq!(none.issues[0].path, "Plain");
}

#[test]
fn null_is_no_item_and_no_entry() {
    let response = json(
        r#"{"Ids": ["a", null, "b"], "Scores": [null, 1], "Plain": [null, {"Name": "a"}],
            "Labels": {"k": null, "l": [null, "a"]}, "Total": null, "Task": null, "Free": null}"#,
    );
    assert_eq!((response.ids, response.scores), (vec!["a".into(), "b".into()], vec![1.0]));
    assert_eq!(response.plain, [task("a")]);
    assert_eq!(response.labels, BTreeMap::from([("l".to_owned(), vec!["a".to_owned()])]));
    assert_eq!((response.total, response.task, response.free), (None, None, None));
}

#[test]
fn the_last_of_two_equal_keys_wins() {
    let response = json(r#"{"Ids": ["a", "b"], "Total": 1, "Ids": ["c"], "Total": 2}"#);
    assert_eq!((response.ids, response.total), (vec!["c".to_owned()], Some(2)));
    let response = json(r#"{"Wrapped": {"Task": [{"Name": "a"}]}, "Wrapped": {"Task": []}}"#);
    assert_eq!(response.wrapped, []);
}

#[test]
fn a_field_in_another_case_replaces_no_value() {
    assert_eq!(json(r#"{"total": 2, "ids": ["a"]}"#).total, Some(2));
    let response = json(r#"{"Total": 1, "total": 2, "Ids": ["a"], "ids": ["b"], "IDS": ["c"]}"#);
    assert_eq!((response.total, response.ids), (Some(1), vec!["a".to_owned()]));
    // In XML, each element is an item.
    let response = xml("<R><Total>1</Total><total>2</total><Ids>a</Ids><ids>b</ids></R>");
    assert_eq!((response.total, response.ids), (Some(1), vec!["a".to_owned(), "b".to_owned()]));
    alicloud_wire::record! {
        struct Both { small: Option<i64> = "id", capital: Option<i64> = "Id" }
    }
    let both = from_json::<Both>(br#"{"ID": 1, "Id": 2}"#).unwrap().value;
    assert_eq!((both.small, both.capital), (None, Some(2)));
}

#[test]
fn a_record_of_one_list_can_come_as_that_list() {
    alicloud_wire::record! { struct Tasks { tasks: Vec<Task> = "Tasks" / "Task" } }
    alicloud_wire::record! { struct Name { name: Option<String> = "Name" } }
    alicloud_wire::record! {
        struct Outer {
            tasks: Option<Tasks> = "Tasks",
            name: Option<Name> = "Name",
            task: Option<Task> = "Task",
        }
    }
    let outer = from_json::<Outer>(br#"{"Tasks": [{"Name": "a"}, {"Size": "x"}]}"#).unwrap();
    assert_eq!(outer.value.tasks.unwrap().tasks, [task("a"), Task::default()]);
    assert_eq!(outer.issues[0].path, "Tasks.Tasks[1].Size");
    for (field, list) in [("Name", "[\"a\"]"), ("Task", "[\"a\"]"), ("Task", "[{\"Size\": 1}]")] {
        let outer = from_json::<Outer>(format!("{{\"{field}\": {list}}}").as_bytes()).unwrap();
        assert_eq!(
            outer.issues[0].to_string(),
            format!("{field}: expected an object, found a list")
        );
        assert_eq!((outer.value.name, outer.value.task), (None, None));
    }
    let outer = from_json::<Outer>(br#"{"Name": [], "Task": [], "Tasks": []}"#).unwrap();
    assert_eq!(outer.issues, []);
}

#[test]
fn only_one_level_of_json_is_embedded() {
    let list = r#"[{\"Name\": \"[1]\"}]"#;
    assert_eq!(json(&format!(r#"{{"Plain": "{list}"}}"#)).plain, [task("[1]")]);
    let decoded =
        from_json::<Response>(br#"{"Task": "{\"Name\": \"a\"}", "Plain": "{}"}"#).unwrap();
    assert_eq!((decoded.value.task, decoded.issues.len()), (Some(task("a")), 0));
    alicloud_wire::record! { struct Tree { trees: Vec<Tree> = "Trees" } }
    let twice = br#"{"Trees": "[{\"Trees\": \"[{}]\"}]"}"#;
    let decoded = from_json::<Tree>(twice).unwrap();
    assert_eq!((decoded.value.trees.len(), decoded.value.trees[0].trees.len()), (1, 0));
    let issue = decoded.issues[0].to_string();
    assert_eq!(issue, "Trees[0].Trees: expected a list, found the text \"[{}]\"");
    // The next text is at the first level again.
    let decoded = from_json::<Response>(br#"{"Plain": "[]", "Wrapped": "[{\"Name\": \"a\"}]"}"#);
    assert_eq!(decoded.unwrap().value.wrapped, [task("a")]);
}

#[test]
fn a_root_with_text_instead_of_elements_is_an_error() {
    for text in ["<R>some text</R>", "<Total>2</Total>text", "<R>2<!-- c --></R>", "<R>[1</R>"] {
        assert!(from_xml::<Response>(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(xml("<R>{\"Total\": 2}</R>").total, Some(2));
}

#[test]
fn a_text_with_commas_is_a_list() {
    alicloud_wire::record! {
        struct Commas {
            ids: Vec<i64> = "Ids".comma_list(),
            names: Vec<String> = "Names".comma_list(),
            total: Option<i64> = "Total",
        }
    }
    for text in [
        r#"{"Ids": "1, 2,,3", "Names": " a b ,c,", "Total": 1}"#,
        r#"{"Ids": ["1,2", 3], "Names": ["a b", "c"], "Total": 1}"#,
        r#"{"Ids": [1, 2, 3], "Names": {"Name": ["a b,c"]}, "Total": 1}"#,
        "<R><Ids>1,2,3</Ids><Names> a b,c </Names><Total>1</Total></R>",
        "<R><Ids><Id>1,2</Id><Id>3</Id></Ids><Names><x>a b</x><x>c</x></Names><Total>1</Total></R>",
    ] {
        let decoded = match text.starts_with('<') {
            true => from_xml::<Commas>(text.as_bytes()).unwrap(),
            false => from_json::<Commas>(text.as_bytes()).unwrap(),
        };
        assert_eq!(decoded.issues, [], "{text}");
        assert_eq!((decoded.value.ids, decoded.value.total), (vec![1, 2, 3], Some(1)), "{text}");
        assert_eq!(decoded.value.names, ["a b", "c"], "{text}");
    }
    for text in [r#"{"Ids": "", "Names": " , "}"#, "<R><Ids/><Names>,</Names></R>"] {
        let decoded = match text.starts_with('<') {
            true => from_xml::<Commas>(text.as_bytes()).unwrap(),
            false => from_json::<Commas>(text.as_bytes()).unwrap(),
        };
        assert_eq!(decoded.issues, [], "{text}");
        assert_eq!((decoded.value.ids.len(), decoded.value.names.len()), (0, 0), "{text}");
    }
    let decoded = from_json::<Commas>(br#"{"Ids": "1,x,3"}"#).unwrap();
    assert_eq!(decoded.value.ids, [1, 3]);
    let issue = r#"Ids: expected an integer, found the text "x""#;
    assert_eq!(decoded.issues[0].to_string(), issue);
}

#[test]
fn issues_quote_the_start_of_a_text() {
    let issue = |text: &str| {
        let json = format!(r#"{{"Total": "{text}"}}"#);
        from_json::<Response>(json.as_bytes()).unwrap().issues[0].to_string()
    };
    let fits = "é".repeat(40);
    assert_eq!(issue(&fits), format!("Total: expected an integer, found the text {fits:?}"));
    let cut = format!("{fits}…");
    assert_eq!(issue(&(fits + "a")), format!("Total: expected an integer, found the text {cut:?}"));
}

#[test]
fn free_form_values_are_unchanged() {
    for text in [
        r#"{"a": true, "b": null, "c": [1, -1, 1.5, "x", {}, []], "d": 18446744073709551615}"#,
        r#"[false, {"a": [null]}]"#,
        "true",
        "-7",
        "2.5",
        "18446744073709551615",
        r#""[1]""#,
        r#"" ""#,
    ] {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(from_json::<Value>(text.as_bytes()).unwrap().value, value, "{text}");
        assert_eq!(json(&format!("{{\"Free\": {text}}}")).free, Some(value), "{text}");
    }
}

#[test]
fn a_response_without_fields_ignores_its_content() {
    for text in ["<R>text</R>", "<R><A>1</A><B/></R>", "<R/>"] {
        assert_eq!(from_xml::<()>(text.as_bytes()).unwrap().issues, [], "{text}");
    }
    for text in [r#"{"A": [1]}"#, "[1, 2]", "\"text\"", "1e999", "null"] {
        assert_eq!(from_json::<()>(text.as_bytes()).unwrap().issues, [], "{text}");
    }
}
