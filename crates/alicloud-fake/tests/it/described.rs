//! Products that are known from a description alone.

use alicloud_fake::{FakeService, Faults, ScriptedResponse, Simulation, Spec};
use http::StatusCode;
use serde_json::Value;

use crate::client::{Response, send, service, texts};
use crate::sign::Call;

const WEATHER: &str = include_str!("weather.json");
const FOREST: &str = include_str!("forest.json");

async fn start() -> FakeService {
    service().spec(WEATHER).unwrap().spec(FOREST).unwrap().start().await.unwrap()
}

fn call<'a>(action: &'a str) -> Call<'a> {
    Call { action, version: "2026-02-01", parameters: &[], ..Call::default() }
}

const CITY: &[(&str, &str)] = &[("City", "Ulm"), ("Tag.1.Key", "a")];

async fn answer(request: impl AsRef<[u8]>) -> Response {
    send(&start().await, request).await
}

const ID: &str = "FA4E0000-0000-4000-8000-000000000001";

#[tokio::test]
async fn an_example_is_answered_in_either_scheme_and_format() {
    let sky = Call { parameters: CITY, ..call("DescribeSky") };
    let json = answer(sky.acs3()).await;
    assert_eq!(json.status, 200);
    assert_eq!(json.headers["content-type"], "application/json;charset=utf-8");
    assert_eq!(json.json()["RequestId"], ID);
    assert_eq!(json.json()["Sky"]["Colour"][1], "grey");
    assert!(json.body.contains("99.370"), "numbers keep their digits: {}", json.body);

    let xml = answer(sky.rpc()).await;
    assert_eq!(xml.headers["content-type"], "text/xml;charset=utf-8");
    assert_eq!(texts(&xml.body, "RequestId"), [ID]);
    assert_eq!(texts(&xml.body, "Colour"), ["red & gold"]);
}

#[tokio::test]
async fn xml_is_made_of_json_where_that_is_sound() {
    let xml = answer(Call { method: "GET", ..call("DescribeWind") }.rpc()).await;
    assert_eq!(
        xml.body,
        format!(
            "<?xml version='1.0' encoding='UTF-8'?><DescribeWindResponse>\
             <request_id>{ID}</request_id><Gusts><Speed>7</Speed></Gusts>\
             <Gusts><Speed>9</Speed></Gusts></DescribeWindResponse>"
        )
    );
    for (action, scheme, why) in [
        ("DescribeMap", Call::rpc as fn(&Call<'static>) -> String, "no XML can be made"),
        ("ListClouds", Call::rpc, "no XML can be made"),
        ("DescribeRain", Call::acs3, "XML example alone"),
        ("DescribeFog", Call::acs3, "no example"),
        ("DescribeFog", Call::rpc, "no example"),
        ("DescribeHail", Call::acs3, "not JSON"),
    ] {
        let response = answer(scheme(&call(action))).await;
        assert_eq!(response.status, 501, "{action}");
        assert_eq!(response.code().unwrap(), "FakeService.NoExample");
        let message = response.error_field("Message").unwrap();
        assert!(message.contains(action) && message.contains(why), "{message}");
    }
    let rain = answer(call("DescribeRain").rpc()).await;
    assert_eq!(rain.body, "<DescribeRainResponse><Rain>1</Rain></DescribeRainResponse>");
}

#[tokio::test]
async fn answers_need_not_be_objects_or_anything() {
    assert_eq!(answer(call("ListClouds").acs3()).await.body, r#"[1.0, "a"]"#);
    let nothing = answer(call("ForgetSky").acs3()).await;
    assert_eq!(nothing.body, format!(r#"{{"RequestId":"{ID}"}}"#));
    let nothing = answer(call("ForgetSky").rpc()).await;
    assert!(
        nothing.body.ends_with(&format!(
            "<ForgetSkyResponse><RequestId>{ID}</RequestId></ForgetSkyResponse>"
        ))
    );
}

#[tokio::test]
async fn calls_are_checked_before_they_are_answered() {
    for (call, status, code) in [
        (Call { secret: "guess", ..call("DescribeSky") }, 400, "SignatureDoesNotMatch"),
        (call("DescribeSky"), 400, "MissingCity"),
        (Call { parameters: &CITY[..1], ..call("DescribeSky") }, 400, "MissingTag"),
        (
            Call { parameters: &[("City", ""), ("Tags", "")], ..call("DescribeSky") },
            400,
            "MissingTag",
        ),
        (Call { method: "DELETE", ..call("DescribeWind") }, 400, "UnsupportedHTTPMethod"),
        (Call { method: "POST", ..call("DescribeWind") }, 400, "UnsupportedHTTPMethod"),
        (Call { path: "/x", ..call("DescribeMap") }, 404, "InvalidApi.NotFound"),
        (call("DescribeNothing"), 404, "InvalidAction.NotFound"),
        (call("GetTree"), 404, "InvalidApi.NotFound"),
        (Call { version: "2026-02-02", ..call("DescribeSky") }, 400, "InvalidVersion"),
    ] {
        for request in [call.acs3(), call.rpc()] {
            let response = answer(&request).await;
            assert_eq!(response.code().as_deref(), Some(code), "{request}");
            assert_eq!(response.status, status);
        }
    }
    let refused = answer(call("DescribeSky").acs3()).await;
    assert!(refused.error_field("Recommend").unwrap().contains("product=Weather"));
}

#[tokio::test]
async fn an_open_operation_needs_no_signature() {
    let service = start().await;
    let unsigned = |action: &str| {
        format!("GET /?Action={action}&Version=2026-02-01&Format=JSON HTTP/1.1\r\nhost: h\r\n\r\n")
    };
    // It lists no method, so it is called with POST.
    let open = unsigned("GetPublicSky").replace("GET", "POST");
    assert_eq!(send(&service, open).await.body, r#"{"Sky":"open"}"#);
    let closed = send(&service, unsigned("DescribeWind")).await;
    assert_eq!(closed.code().unwrap(), "MissingAccessKeyId");
    // But a signature that is there has to be right.
    let wrong = Call { secret: "guess", ..call("GetPublicSky") };
    assert_eq!(send(&service, wrong.acs3()).await.code().unwrap(), "SignatureDoesNotMatch");
}

#[tokio::test]
async fn paths_lead_to_their_operations() {
    let trees: &[(&str, &str)] = &[("Kind", "oak")];
    for sign in [Call::acs3 as fn(&Call<'static>) -> String, Call::roa] {
        let at = |method, path, action| Call { method, path, ..call(action) };
        let list = Call { parameters: trees, ..at("GET", "/trees", "ListTrees") };
        let response = answer(sign(&list)).await;
        assert_eq!(response.json(), serde_json::json!({"requestId": ID, "trees": ["oak"]}));
        for (method, path, status, body) in [
            ("GET", "/trees/a%20b%2Fc", 200, r#"{"tree":"any"}"#),
            ("GET", "/trees/oldest", 200, r#"{"tree":"oldest"}"#),
            ("POST", "/trees/7:cut", 202, r#"{"job":1}"#),
        ] {
            // Not every client sends the operation's name.
            let response = answer(sign(&at(method, path, ""))).await;
            assert_eq!((response.status, response.body.as_str()), (status, body), "{path}");
        }
        for (method, path, action, status, code) in [
            ("GET", "/trees", "ListTrees", 400, "MissingKind"),
            ("PUT", "/trees/7", "PutTree", 400, "Missingbody"),
            ("GET", "/trees/oldest", "PutTree", 404, "InvalidApi.NotFound"),
            ("GET", "/woods", "ListTrees", 404, "InvalidApi.NotFound"),
            ("GET", "/woods", "", 400, "MissingAction"),
        ] {
            let response = answer(sign(&at(method, path, action))).await;
            assert_eq!(response.code().as_deref(), Some(code), "{method} {path} {action}");
            assert_eq!(response.status, status);
        }
    }
}

#[tokio::test]
async fn an_operation_can_answer_nothing_at_all() {
    let put = Call { method: "PUT", path: "/trees/7", ..call("PutTree") }.roa();
    let put = put.replacen("\r\n\r\n", "\r\ncontent-length: 2\r\n\r\n{}", 1);
    let response = answer(put).await;
    assert_eq!((response.status, response.body.as_str()), (204, ""));
    assert!(!response.headers.contains_key("content-type"));
}

#[tokio::test]
async fn faults_and_scripts_work_for_them_too() {
    let service = service()
        .spec(WEATHER)
        .unwrap()
        .faults(Faults::seeded(1).throttled(1.0))
        .response(
            ScriptedResponse::error(StatusCode::CONFLICT, "Scripted", "Once.")
                .for_operation("DescribeSky"),
        )
        .start()
        .await
        .unwrap();
    for (nonce, action, status, code) in [
        ("1", "DescribeSky", 409, "Scripted"),
        ("2", "DescribeSky", 429, "Throttling.Api"),
        ("3", "DescribeMap", 400, "Throttling.User"),
    ] {
        let response = send(&service, Call { nonce, ..call(action) }.acs3()).await;
        assert_eq!((response.status, response.code().unwrap().as_str()), (status, code));
    }
}

#[tokio::test]
async fn what_is_simulated_goes_before_what_is_described() {
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
        let quota = Call { action: "DescribeRefreshQuota", parameters: &[], ..Call::default() };
        let response = send(&service, quota.acs3()).await;
        assert_eq!(response.json()["UrlQuota"] == Value::Null, described);
        let other = Call { action: "DescribeCdnService", nonce: "2", ..quota };
        assert_eq!(send(&service, other.acs3()).await.status, 200);
    }
}

#[test]
fn a_bad_description_is_explained() {
    for (text, explanation) in [
        ("{", "not JSON: EOF while parsing an object at line 1 column 1"),
        ("[]", "expected an object, found a list"),
        ("{}", "/info/product: expected a text, found nothing"),
        (r#"{"info":{"product":"P","version":1}}"#, "/info/version: expected a text, found 1"),
        (
            r#"{"info":{"product":"P","version":"1","style":"OSS"},"apis":{}}"#,
            r#"/info/style: expected RPC, ROA or V3, found the text "OSS""#,
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
        (r#"{"methods":"get"}"#, r#"/apis/a~1b/methods: expected a list, found the text "get""#),
        (r#"{"methods":["get",{}]}"#, "/apis/a~1b/methods/1: expected a text, found an object"),
        (
            r#"{"methods":["a b"]}"#,
            r#"/apis/a~1b/methods/0: expected an HTTP method, found the text "a b""#,
        ),
        (r#"{"parameters":[{}]}"#, "/apis/a~1b/parameters/0/in: expected a text, found nothing"),
        (r#"{"responseDemo":[]}"#, "/apis/a~1b/responseDemo: expected a text, found a list"),
        (r#"{"path":7}"#, ""),
    ] {
        let text = format!(
            r#"{{"info":{{"product":"P","version":"1","style":"RPC"}},"apis":{{"a/b":{operation}}}}}"#
        );
        let shown = Spec::try_from(text).map_or_else(|error| error.to_string(), |_| String::new());
        assert_eq!(shown, explanation);
    }
    let long =
        format!(r#"{{"info":{{"product":"P","version":"1","style":"{}"}}}}"#, "é".repeat(99));
    let shown = Spec::try_from(long).unwrap_err().to_string();
    assert!(shown.ends_with(&format!("found the text \"{}\"…", "é".repeat(40))), "{shown}");
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
fn descriptions_that_are_hard_on_purpose_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/specs");
    for name in ["obstacle", "obstacle-roa"] {
        Spec::open(format!("{folder}/{name}/2026-01-01/api.json")).unwrap();
    }
    Spec::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/cdn/2018-05-10/api.json"))
        .unwrap();
}
