//! Encoding and decoding with the models of the test product `obstacle`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

use alicloud_obstacle_model::{
    CreateOnceRequest, DoubledRequest, EnumsResponse, ListPagesRequest, ListPagesResponse,
    ListTokensRequest, ListTokensResponse, ListsRequest, ListsResponse, LowerCaseResponse,
    ManyArgumentsRequest, MapRootResponse, MatchRequest, MatchResponse, RecursiveResponse,
    RefsRequest, SameNamesResponse, TwinsRequest, TwinsResponse, enums, lists, twins,
};
use alicloud_obstacle_roa_model::{PutThingRequest, WholePathRequest};
use alicloud_wire::paging::{NextPage, Progress, Step};
use alicloud_wire::request::{ParameterLocation, encode};
use alicloud_wire::{Body, Paged, RequestParts, from_json, from_xml};
use serde_json::json;

fn pairs(pairs: &[(impl AsRef<str>, impl AsRef<str>)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| (key.as_ref().to_owned(), value.as_ref().to_owned())).collect()
}

#[test]
fn fields_that_differ_in_case_only_are_distinct() {
    let text = br#"{"type": "a", "Type": "b", "TYPE": 3, "405Pv": 4, "_": "c", "a\"b\\c": "d", "": "e", "NameDesc.En": "f"}"#;
    let response = from_json::<MatchResponse>(text).unwrap();
    assert!(response.issues.is_empty());
    let value = response.value;
    assert_eq!(
        (value.type_lowercase.as_deref(), value.r#type.as_deref(), value.type_uppercase),
        (Some("a"), Some("b"), Some(3))
    );
    assert_eq!(
        serde_json::to_value(&value).unwrap(),
        serde_json::from_slice::<serde_json::Value>(text).unwrap()
    );

    // A name matches regardless of case only if that leaves one field.
    let response = from_json::<MatchResponse>(br#"{"tYpE": "x", "MATCH": "y"}"#).unwrap().value;
    assert_eq!(
        (response.type_lowercase, response.r#type, response.type_uppercase),
        (None, None, None)
    );
    assert_eq!(response.r#match.as_deref(), Some("y"));
}

#[test]
fn the_current_one_of_two_parameters_has_the_clean_name() {
    let request = TwinsRequest::new()
        .tag([twins::RequestTag::new().key("env").value("staging")])
        .vpc_id("current")
        .a_b("first")
        .a_b_dotted("second")
        .ab_uppercase("third")
        .ab("fourth")
        .filter(twins::Filter::new().name("N").name_lowercase("n"));
    let parts = encode(&request).unwrap();
    let expected = [
        ("Tag.1.Key", "env"),
        ("Tag.1.Value", "staging"),
        ("VpcId", "current"),
        ("A_B", "first"),
        ("A.B", "second"),
        ("AB", "third"),
        ("Ab", "fourth"),
        ("Filter", r#"{"Name":"N","name":"n"}"#),
    ];
    assert_eq!(pairs(&parts.query), pairs(&expected));
}

#[test]
#[allow(deprecated, reason = "superseded parameters can still be sent")]
fn superseded_parameters_and_fields_say_so() {
    let request = TwinsRequest::new()
        .tag([twins::RequestTag::new().legacy_key("env").legacy_value("staging")])
        .legacy_vpc_id("old");
    let expected = [("Tag.1.key", "env"), ("Tag.1.value", "staging"), ("vpc_id", "old")];
    assert_eq!(pairs(&encode(&request).unwrap().query), pairs(&expected));

    let text = json!({
        "Tags": {"Tag": [{"TagKey": "1", "tagKey": "2", "tag_key": "3"}]},
        "applicationID": "4", "applicationId": "5", "LegacyName": "6", "Name": "7", "name": "8",
    });
    let response = from_json::<TwinsResponse>(text.to_string().as_bytes()).unwrap();
    assert!(response.issues.is_empty(), "{:?}", response.issues);
    let value = response.value;
    let tag = &value.tags[0];
    let texts = [
        &tag.tag_key,
        &tag.legacy_tag_key_camel_case,
        &tag.legacy_tag_key_underscored,
        &value.application_id_uppercase,
        &value.application_id,
        &value.legacy_name,
        &value.name,
        &value.legacy_name_lowercase,
    ]
    .map(|text| text.as_deref().unwrap_or_default());
    assert_eq!(texts, ["1", "2", "3", "4", "5", "6", "7", "8"]);
    assert_eq!(serde_json::to_value(&value).unwrap(), text);
}

#[test]
fn keywords_can_be_parameter_names() {
    let request = MatchRequest::new("f")
        .r#type("t")
        .type_capitalized("T")
        .self_("s")
        .crate_(1)
        .r#async(true)
        .default("d");
    let parts = encode(&request).unwrap();
    let expected = [
        ("type", "t"),
        ("Type", "T"),
        ("self", "s"),
        ("crate", "1"),
        ("async", "true"),
        ("fn", "f"),
        ("default", "d"),
    ];
    assert_eq!(pairs(&parts.query), pairs(&expected));
}

#[test]
fn duplicate_parameters_are_sent_once() {
    let request = DoubledRequest::new().region_id("cn-hangzhou").tag_1_key("k");
    assert_eq!(
        pairs(&encode(&request).unwrap().query),
        pairs(&[("RegionId", "cn-hangzhou"), ("Tag.1.Key", "k")])
    );
}

#[test]
fn lists_are_encoded_in_their_documented_style() {
    let request = ListsRequest::new(["r"])
        .ids(["a", "b"])
        .names(["c", "d"])
        .json([1, 2])
        .flat(lists::Flat::new("x").b([7, 8]))
        .labels([("app.io/name", "n")])
        .matrix([vec![1], vec![2, 3]]);
    let expected = [
        ("Ids.1", "a"),
        ("Ids.2", "b"),
        ("Names", "c,d"),
        ("Json", "[1,2]"),
        ("Flat.A", "x"),
        ("Flat.B.1", "7"),
        ("Flat.B.2", "8"),
        ("Labels.app.io/name", "n"),
        ("Matrix", "[[1],[2,3]]"),
        ("Required.1", "r"),
    ];
    assert_eq!(pairs(&encode(&request).unwrap().query), pairs(&expected));
}

#[test]
fn list_wrappers_are_removed_and_restored() {
    let text = json!({
        "Tasks": {"CDNTask": [{"TaskId": "1", "Tag": [{"Key": "k"}]}]},
        "Plain": [{"TaskId": "2", "Extra": 1.5}],
        "Maps": {"m": [{"X": true}]},
        "Deep": [[{"Y": "y"}], [{"Y": "z"}]],
    });
    let response = from_json::<ListsResponse>(text.to_string().as_bytes()).unwrap();
    assert!(response.issues.is_empty(), "{:?}", response.issues);
    assert_eq!(response.value.tasks[0].tag[0].key.as_deref(), Some("k"));
    assert_eq!(response.value.deep[1][0].y.as_deref(), Some("z"));
    assert_eq!(serde_json::to_value(&response.value).unwrap(), text);

    let xml = "<R><Tasks><CDNTask><TaskId>1</TaskId><Tag><Key>k</Key></Tag></CDNTask></Tasks>\
        <Plain><TaskId>2</TaskId><Extra>1.5</Extra></Plain><Maps><m><X>true</X></m></Maps></R>";
    let from_xml = from_xml::<ListsResponse>(xml.as_bytes()).unwrap().value;
    assert_eq!((from_xml.tasks, from_xml.plain), (response.value.tasks, response.value.plain));
}

#[test]
fn types_can_be_recursive() {
    let text = json!({"Name": "root", "Parent": {"Name": "p"}, "children": [{"Name": "c", "children": [{"Name": "g"}]}]});
    let tree = from_json::<RecursiveResponse>(text.to_string().as_bytes()).unwrap().value;
    assert_eq!(tree.children[0].children[0].name.as_deref(), Some("g"));
    assert_eq!(tree.parent.as_ref().unwrap().name.as_deref(), Some("p"));
    assert_eq!(serde_json::to_value(&tree).unwrap(), text);
}

#[test]
fn responses_can_be_lists_and_maps() {
    let list = from_json::<LowerCaseResponse>(br#"[{"Id": "a"}, {"Id": "b"}]"#).unwrap().value;
    assert_eq!(list.len(), 2);
    let list =
        from_xml::<LowerCaseResponse>(b"<R><X><Id>a</Id></X><X><Id>b</Id></X></R>").unwrap().value;
    assert_eq!(list[1].id.as_deref(), Some("b"));
    let map = from_json::<MapRootResponse>(br#"{"one": {"Id": "a"}}"#).unwrap().value;
    assert_eq!(map["one"].id.as_deref(), Some("a"));
}

#[test]
fn types_can_have_names_of_standard_types() {
    let text = json!({"Task": {"Task": {"Task": [{"Task": "t"}]}}, "Vec": {"String": "s", "Z": 1}, "Option": [{"None": "n"}]});
    let response = from_json::<SameNamesResponse>(text.to_string().as_bytes()).unwrap();
    assert!(response.issues.is_empty());
    assert_eq!(serde_json::to_value(&response.value).unwrap(), text);
}

#[test]
fn enum_values_keep_their_exact_text() {
    let known = enums::KeySpec::KNOWN;
    assert_eq!(known, ["AES_256", "aes-256", "SELF", "8Core64GB", "None", "a b"]);
    for text in known {
        let value = enums::KeySpec::from(*text);
        assert!(!value.is_unknown() && value.as_str() == *text);
    }
    let response = from_json::<EnumsResponse>(br#"{"Other": {"Status": "C"}}"#).unwrap().value;
    assert!(response.other.unwrap().status.unwrap().is_unknown());
}

#[test]
fn paging_ends_after_the_last_item() {
    let mut request = ListPagesRequest::new().page_size(2);
    let mut page = from_json::<ListPagesResponse>(
        br#"{"TotalCount": 3, "Data": {"Items": [{"Id": "1"}, {"Id": "2"}]}}"#,
    )
    .unwrap()
    .value;
    let items = ListPagesRequest::take_items(&mut page);
    let mut progress = Progress::new();
    progress.add_page(items.len());
    assert_eq!(request.next_page(&page, Step::new(&mut progress)), NextPage::Ready);
    assert_eq!(request.page_number, Some(2));
    progress.add_page(1);
    assert_eq!(request.next_page(&page, Step::new(&mut progress)), NextPage::Done);

    let mut request = ListTokensRequest::new();
    let response =
        from_json::<ListTokensResponse>(br#"{"NextToken": "t", "Names": ["a"]}"#).unwrap().value;
    let mut progress = Progress::new();
    progress.add_page(1);
    assert_eq!(request.next_page(&response, Step::new(&mut progress)), NextPage::Ready);
    assert_eq!(request.next_token.as_deref(), Some("t"));
    progress.add_page(1);
    let repeated = request.next_page(&response, Step::new(&mut progress));
    assert!(matches!(repeated, NextPage::Unexpected(_)), "a repeated token is not followed");
}

#[test]
fn idempotency_tokens_are_generated_unless_they_are_set() {
    let parts = encode(&CreateOnceRequest::new().dry_run(true)).unwrap();
    assert_eq!(parts.token, Some((ParameterLocation::Query, "ClientToken")));
    let parts = encode(&CreateOnceRequest::new().client_token("mine")).unwrap();
    assert_eq!((parts.token, pairs(&parts.query)), (None, pairs(&[("ClientToken", "mine")])));
}

#[test]
fn a_missing_required_parameter_is_an_error() {
    let error = encode(&ManyArgumentsRequest::new().argument1("a")).unwrap_err();
    assert_eq!(error.to_string(), "parameter Argument2: is required");
}

#[test]
fn roa_requests_have_path_query_header_and_body() {
    let acl = alicloud_obstacle_roa_model::types::Acl::default();
    let request = PutThingRequest::new(7)
        .body(alicloud_obstacle_roa_model::put_thing::Body::new("n").acl(acl))
        .workspace("w");
    let RequestParts { path, headers, body, query, .. } = encode(&request).unwrap();
    assert_eq!(path, [("ThingId".into(), "7".to_owned())]);
    assert_eq!(headers, [("workspace".into(), "w".to_owned())]);
    assert_eq!(body, Some(Body::Json(r#"{"Name":"n","Acl":{}}"#.to_owned())));
    assert!(query.is_empty());

    let parts = encode(&WholePathRequest::new("/api/v1/x").filter(json!({"a": 1}))).unwrap();
    assert_eq!(parts.path, [("requestPath".into(), "/api/v1/x".to_owned())]);
    assert_eq!(pairs(&parts.query), pairs(&[("filter", r#"{"a":1}"#)]));
    assert!(encode(&WholePathRequest::new("")).is_err(), "empty paths are invalid");
    assert!(
        encode(&PutThingRequest::new(7).workspace("a\nb")).is_err(),
        "line breaks in headers are invalid"
    );
}

#[test]
fn references_to_components_without_a_type_are_inlined() {
    let text = json!({"kind": "k", "spec": {"cpu": 0.5}, "tables": [{"Name": "t", "Version": {"Number": 1}}]});
    let body: alicloud_obstacle_model::types::Nodepool =
        serde_json::from_value(text.clone()).unwrap();
    let parts = encode(&RefsRequest::new().body(body)).unwrap();
    let Some(Body::Json(body)) = parts.body else { panic!("expected JSON") };
    assert_eq!(serde_json::from_str::<serde_json::Value>(&body).unwrap(), text);
}
