//! Products that are known only from a description.

use alicloud_fake::{FakeService, Faults, ScriptedResponse, Simulation, Spec};
use http::StatusCode;
use serde_json::Value;

use crate::client::{Response, send, service, xml_texts};
use crate::sign::Call;

const WEATHER: &str = include_str!("weather.json");
const FOREST: &str = include_str!("forest.json");

async fn start() -> FakeService {
    service().spec(WEATHER).unwrap().spec(FOREST).unwrap().start().await.unwrap()
}

fn call<'a>(operation: &'a str) -> Call<'a> {
    Call { operation, version: "2026-02-01", params: &[], ..Call::default() }
}

const CITY: &[(&str, &str)] = &[("City", "Ulm"), ("Tag.1.Key", "a")];

async fn response_to(request: impl AsRef<[u8]>) -> Response {
    send(&start().await, request).await
}

const ID: &str = "FA4E0000-0000-4000-8000-000000000001";

#[tokio::test]
async fn examples_are_returned_in_every_scheme_and_format() {
    let sky = Call { params: CITY, ..call("DescribeSky") };
    let json = response_to(sky.acs3()).await;
    assert_eq!(json.status, 200);
    assert_eq!(json.headers["content-type"], "application/json;charset=utf-8");
    assert_eq!(json.json()["RequestId"], ID);
    assert_eq!(json.json()["Sky"]["Colour"][1], "grey");
    assert!(json.body.contains("99.370"), "numbers keep their digits: {}", json.body);

    let xml = response_to(sky.rpc()).await;
    assert_eq!(xml.headers["content-type"], "text/xml;charset=utf-8");
    assert_eq!(xml_texts(&xml.body, "RequestId"), [ID]);
    assert_eq!(xml_texts(&xml.body, "Colour"), ["red & gold"]);
}

#[tokio::test]
async fn json_examples_are_converted_to_xml_if_possible() {
    let xml = response_to(Call { method: "GET", ..call("DescribeWind") }.rpc()).await;
    assert_eq!(
        xml.body,
        format!(
            "<?xml version='1.0' encoding='UTF-8'?><DescribeWindResponse>\
             <request_id>{ID}</request_id><Gusts><Speed>7</Speed></Gusts>\
             <Gusts><Speed>9</Speed></Gusts></DescribeWindResponse>"
        )
    );
    for (operation, sign, reason) in [
        ("DescribeMap", Call::rpc as fn(&Call<'static>) -> String, "cannot be converted to XML"),
        ("ListClouds", Call::rpc, "cannot be converted to XML"),
        ("DescribeRain", Call::acs3, "only an XML example"),
        ("DescribeFog", Call::acs3, "no example"),
        ("DescribeFog", Call::rpc, "no example"),
        ("DescribeHail", Call::acs3, "not JSON"),
    ] {
        let response = response_to(sign(&call(operation))).await;
        assert_eq!(response.status, 501, "{operation}");
        assert_eq!(response.code().unwrap(), "FakeService.NoExample");
        let message = response.error_field("Message").unwrap();
        assert!(message.starts_with(operation) && message.contains(reason), "{message}");
        let remedy = format!(" Answer its calls with `Spec::handle(\"{operation}\", …)`.");
        assert!(message.ends_with(&remedy), "{message}");
    }
    let rain = response_to(call("DescribeRain").rpc()).await;
    assert_eq!(rain.body, "<DescribeRainResponse><Rain>1</Rain></DescribeRainResponse>");
}

#[tokio::test]
async fn responses_can_be_arrays_or_empty() {
    assert_eq!(response_to(call("ListClouds").acs3()).await.body, r#"[1.0, "a"]"#);
    let empty = response_to(call("ForgetSky").acs3()).await;
    assert_eq!(empty.body, format!(r#"{{"RequestId":"{ID}"}}"#));
    let empty = response_to(call("ForgetSky").rpc()).await;
    assert!(
        empty.body.ends_with(&format!(
            "<ForgetSkyResponse><RequestId>{ID}</RequestId></ForgetSkyResponse>"
        ))
    );
}

#[tokio::test]
async fn calls_are_verified() {
    for (call, status, code) in [
        (Call { secret: "guess", ..call("DescribeSky") }, 400, "SignatureDoesNotMatch"),
        (call("DescribeSky"), 400, "MissingCity"),
        (Call { params: &CITY[..1], ..call("DescribeSky") }, 400, "MissingTag"),
        (Call { params: &[("City", ""), ("Tags", "")], ..call("DescribeSky") }, 400, "MissingTag"),
        (Call { method: "DELETE", ..call("DescribeWind") }, 400, "UnsupportedHTTPMethod"),
        (Call { method: "POST", ..call("DescribeWind") }, 400, "UnsupportedHTTPMethod"),
        (Call { path: "/x", ..call("DescribeMap") }, 404, "InvalidApi.NotFound"),
        (call("DescribeNothing"), 404, "InvalidAction.NotFound"),
        (call("GetTree"), 404, "InvalidApi.NotFound"),
        (Call { version: "2026-02-02", ..call("DescribeSky") }, 400, "InvalidVersion"),
    ] {
        for request in [call.acs3(), call.rpc()] {
            let response = response_to(&request).await;
            assert_eq!(response.code().as_deref(), Some(code), "{request}");
            assert_eq!(response.status, status);
        }
    }
    let error = response_to(call("DescribeSky").acs3()).await;
    assert!(error.error_field("Recommend").unwrap().contains("product=Weather"));
}

#[tokio::test]
async fn an_anonymous_operation_needs_no_signature() {
    let service = start().await;
    let unsigned = |operation: &str| {
        format!(
            "GET /?Action={operation}&Version=2026-02-01&Format=JSON HTTP/1.1\r\nhost: h\r\n\r\n"
        )
    };
    // Its description has no method, so POST is used.
    let anonymous = unsigned("GetPublicSky").replace("GET", "POST");
    assert_eq!(send(&service, anonymous).await.body, r#"{"Sky":"open"}"#);
    let rejected = send(&service, unsigned("DescribeWind")).await;
    assert_eq!(rejected.code().unwrap(), "MissingAccessKeyId");
    // If there is a signature, it must be valid.
    let wrong = Call { secret: "guess", ..call("GetPublicSky") };
    assert_eq!(send(&service, wrong.acs3()).await.code().unwrap(), "SignatureDoesNotMatch");
}

#[tokio::test]
async fn roa_operations_are_found_by_path() {
    let trees: &[(&str, &str)] = &[("Kind", "oak")];
    for sign in [Call::acs3 as fn(&Call<'static>) -> String, Call::roa] {
        let call_at = |method, path, operation| Call { method, path, ..call(operation) };
        let list = Call { params: trees, ..call_at("GET", "/trees", "ListTrees") };
        let response = response_to(sign(&list)).await;
        assert_eq!(response.json(), serde_json::json!({"requestId": ID, "trees": ["oak"]}));
        for (method, path, status, body) in [
            ("GET", "/trees/a%20b%2Fc", 200, r#"{"tree":"any"}"#),
            ("GET", "/trees/oldest", 200, r#"{"tree":"oldest"}"#),
            ("POST", "/trees/7:cut", 202, r#"{"job":1}"#),
        ] {
            // Some clients do not send the operation's name.
            let response = response_to(sign(&call_at(method, path, ""))).await;
            assert_eq!((response.status, response.body.as_str()), (status, body), "{path}");
        }
        for (method, path, operation, status, code) in [
            ("GET", "/trees", "ListTrees", 400, "MissingKind"),
            ("PUT", "/trees/7", "PutTree", 400, "Missingbody"),
            ("GET", "/trees/oldest", "PutTree", 404, "InvalidApi.NotFound"),
            ("GET", "/woods", "ListTrees", 404, "InvalidApi.NotFound"),
            ("GET", "/woods", "", 400, "MissingAction"),
        ] {
            let response = response_to(sign(&call_at(method, path, operation))).await;
            assert_eq!(response.code().as_deref(), Some(code), "{method} {path} {operation}");
            assert_eq!(response.status, status);
        }
    }
}

#[tokio::test]
async fn a_204_has_no_body() {
    let put = Call { method: "PUT", path: "/trees/7", ..call("PutTree") }.roa();
    let put = put.replacen("\r\n\r\n", "\r\ncontent-length: 2\r\n\r\n{}", 1);
    let response = response_to(put).await;
    assert_eq!((response.status, response.body.as_str()), (204, ""));
    assert!(!response.headers.contains_key("content-type"));
}

#[tokio::test]
async fn faults_and_scripts_apply_to_described_operations() {
    let service = service()
        .spec(WEATHER)
        .unwrap()
        .faults(Faults::new(1).throttled(1.0))
        .response(
            ScriptedResponse::error(StatusCode::CONFLICT, "Scripted", "Once.")
                .for_operation("DescribeSky"),
        )
        .start()
        .await
        .unwrap();
    for (nonce, operation, status, code) in [
        ("1", "DescribeSky", 409, "Scripted"),
        ("2", "DescribeSky", 429, "Throttling.Api"),
        ("3", "DescribeMap", 400, "Throttling.User"),
    ] {
        let response = send(&service, Call { nonce, ..call(operation) }.acs3()).await;
        assert_eq!((response.status, response.code().unwrap().as_str()), (status, code));
    }
}

#[tokio::test]
async fn simulated_operations_take_precedence() {
    let description = r#"{
        "info": { "style": "RPC", "product": "Cdn", "version": "2018-05-10" },
        "apis": {
            "DescribeRefreshQuota": { "responseDemo": "[{\"type\":\"json\",\"example\":\"{}\"}]" },
            "DescribeCdnService": { "responseDemo": "[{\"type\":\"json\",\"example\":\"{}\"}]" }
        }
    }"#;
    let spec = Spec::try_from(description.to_owned()).unwrap();
    for (builder, described) in
        [(service(), true), (service().simulation(Simulation::new()), false)]
    {
        let service = builder.spec(spec.clone()).unwrap().start().await.unwrap();
        let quota = Call { operation: "DescribeRefreshQuota", params: &[], ..Call::default() };
        let response = send(&service, quota.acs3()).await;
        assert_eq!(response.json()["UrlQuota"] == Value::Null, described);
        let other = Call { operation: "DescribeCdnService", nonce: "2", ..quota };
        assert_eq!(send(&service, other.acs3()).await.status, 200);
    }
}

#[test]
fn invalid_descriptions_are_explained() {
    for (text, explanation) in [
        ("{", "not JSON: EOF while parsing an object at line 1 column 1"),
        ("[]", "expected an object, found an array"),
        ("{}", "/info/product: expected a string, found nothing"),
        (r#"{"info":{"product":"P","version":1}}"#, "/info/version: expected a string, found 1"),
        (
            r#"{"info":{"product":"P","version":"1","style":"OSS"},"apis":{}}"#,
            r#"/info/style: expected RPC, ROA or V3, found the string "OSS""#,
        ),
        (
            r#"{"info":{"product":"P","version":"1","style":"RPC"}}"#,
            "/apis: expected an object, found nothing",
        ),
    ] {
        assert_eq!(Spec::try_from(text).unwrap_err().to_string(), explanation);
    }
    for (operation, explanation) in [
        (r#"7"#, "/apis/a~1b: expected an object, found 7"),
        (
            r#"{"methods":"get"}"#,
            r#"/apis/a~1b/methods: expected an array, found the string "get""#,
        ),
        (r#"{"methods":["get",{}]}"#, "/apis/a~1b/methods/1: expected a string, found an object"),
        (
            r#"{"methods":["a b"]}"#,
            r#"/apis/a~1b/methods/0: expected an HTTP method, found the string "a b""#,
        ),
        (r#"{"parameters":[{}]}"#, "/apis/a~1b/parameters/0/in: expected a string, found nothing"),
        (r#"{"responseDemo":[]}"#, "/apis/a~1b/responseDemo: expected a string, found an array"),
        (r#"{"path":7}"#, ""),
    ] {
        let text = format!(
            r#"{{"info":{{"product":"P","version":"1","style":"RPC"}},"apis":{{"a/b":{operation}}}}}"#
        );
        let message =
            Spec::try_from(text).map_or_else(|error| error.to_string(), |_| String::new());
        assert_eq!(message, explanation);
    }
    let long =
        format!(r#"{{"info":{{"product":"P","version":"1","style":"{}"}}}}"#, "é".repeat(99));
    let message = Spec::try_from(long).unwrap_err().to_string();
    assert!(message.ends_with(&format!("found the string \"{}\"…", "é".repeat(40))), "{message}");
    let v3 = r#"{"info":{"product":"P","version":"1","style":"V3"},"apis":{}}"#;
    assert!(Spec::try_from(v3).is_ok());
    let missing = Spec::open("no/such/file.json").unwrap_err();
    assert!(missing.to_string().starts_with("no/such/file.json: "), "{missing}");
    assert!(std::error::Error::source(&missing).is_some());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let wrong = Spec::open(file).unwrap_err();
    assert!(wrong.to_string().contains("Cargo.toml: not JSON"), "{wrong}");
    assert_eq!(wrong.pointer(), "");
}

#[test]
fn difficult_descriptions_are_parsed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/specs");
    for name in ["obstacle", "obstacle-roa"] {
        Spec::open(format!("{folder}/{name}/2026-01-01/api.json")).unwrap();
    }
    Spec::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/cdn/2018-05-10/api.json"))
        .unwrap();
}
