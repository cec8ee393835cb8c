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
