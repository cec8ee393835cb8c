//! Responses of CDN whose content is an object from one version of the service and JSON in a text from another, and
//! requests with JSON in a text.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use alicloud_cdn::model::{
    AddCdnDomainRequest, BatchSetCdnDomainConfigRequest, CdnType, DescribeCdnDeliverListResponse,
    DescribeCdnReportListResponse, DescribeCdnSubListResponse,
    DescribeDomainHttpCodeDataByLayerResponse, DescribeDomainRealTimeDetailDataResponse,
    DescribeDomainVerifyDataResponse, DescribeDomainsUsageByDayResponse, DomainFunction,
    FunctionArgument, OriginServer, OriginType,
};
use alicloud_wire::request::encode;
use alicloud_wire::{from_json, from_xml};
use serde_json::{Value, json};

/// Tests that an object and the same object as JSON in a text, in JSON and in XML, decode to equal values.
macro_rules! content {
    ($type:ident, $content:expr) => {{
        let content: Value = $content;
        let decoded = |content: Value| {
            let text = json!({"RequestId": "1", "Content": content}).to_string();
            let decoded = from_json::<$type>(text.as_bytes()).unwrap();
            assert!(decoded.issues.is_empty(), "{:?}", decoded.issues);
            decoded.value
        };
        let object = decoded(content.clone());
        assert_ne!(object, decoded(Value::Null));
        assert_eq!(decoded(Value::from(content.to_string())), object);
        // The demonstrations of the service have line breaks and blanks in the text.
        let pretty = format!("\n  {}", serde_json::to_string_pretty(&content).unwrap());
        assert_eq!(decoded(Value::from(pretty)), object);
        let xml = format!(
            "<R><RequestId>1</RequestId><Content>{}</Content></R>",
            content.to_string().replace('&', "&amp;").replace('<', "&lt;")
        );
        let decoded = from_xml::<$type>(xml.as_bytes()).unwrap();
        assert!(decoded.issues.is_empty(), "{:?}", decoded.issues);
        assert_eq!(decoded.value, object);
        object
    }};
}

#[test]
fn content_can_be_an_object_or_json_in_a_text() {
    let response = content!(
        DescribeCdnDeliverListResponse,
        json!({"data": [{"deliverId": 3, "createTime": "2026-01-02T03:04:05Z", "dmList": ["a.example.com"],
            "deliver": {"email": {"to": ["a@example.com", "b@example.com"]}}, "reports": [{"reportId": 1}]}]})
    );
    let item = &response.content[0];
    assert_eq!((item.deliver_id, item.reports[0].report_id), (Some(3), Some(1)));
    assert_eq!(item.deliver.as_ref().unwrap().email, ["a@example.com", "b@example.com"]);
    assert!(item.create_time.as_ref().unwrap().value().is_some());

    let response = content!(
        DescribeCdnReportListResponse,
        json!({"data": [{"reportId": 5, "deliver": {"report": {"title": "<1 & 2>", "header": ["url"]}}}]})
    );
    assert_eq!(response.content[0].report_id, Some(5));

    let response = content!(
        DescribeCdnSubListResponse,
        json!({"data": [{"subId": 7, "reportId": [1, 3], "domains": ["a.example.com"]}]})
    );
    assert_eq!(response.content[0].report_ids, [1, 3]);

    let response = content!(
        DescribeDomainVerifyDataResponse,
        json!({"verifyKey": "_verify", "verifyCode": "abc", "RootDomain": "example.com"})
    );
    assert_eq!(response.content.unwrap().verify_code.as_deref(), Some("abc"));
}

#[test]
fn json_in_texts_of_responses_has_types() {
    let text = br#"{"HttpCodeDataInterval": {"DataModule": [{"TotalValue": "110", "Value": "{ \"200\": 10, \"206\": 100}"}]}}"#;
    let decoded = from_json::<DescribeDomainHttpCodeDataByLayerResponse>(text).unwrap();
    assert!(decoded.issues.is_empty(), "{:?}", decoded.issues);
    let point = &decoded.value.http_code_data_interval[0];
    assert_eq!((point.total_value, point.value["206"]), (Some(110), 100));

    let text = br#"{"Data": "[{\"time_stp\": \"2026-01-02T03:04:05Z\", \"qps\": 1.5}]"}"#;
    let decoded = from_json::<DescribeDomainRealTimeDetailDataResponse>(text).unwrap();
    assert!(decoded.issues.is_empty(), "{:?}", decoded.issues);
    assert_eq!(decoded.value.data[0]["qps"], json!(1.5));
}

#[test]
fn numbers_in_texts_are_decoded_and_encoded_as_texts() {
    let text = r#"{"DataInterval":"86400","UsageTotal":{"BytesHitRate":"97.03110726801242","MaxBps":"107479127.8","TotalAccess":"645093"}}"#;
    let decoded = from_json::<DescribeDomainsUsageByDayResponse>(text.as_bytes()).unwrap();
    assert!(decoded.issues.is_empty(), "{:?}", decoded.issues);
    let response = decoded.value;
    assert_eq!(response.data_interval, Some(86_400));
    let total = response.usage_total.as_ref().unwrap();
    assert_eq!((total.max_bps, total.total_access), (Some(107_479_127.8), Some(645_093)));
    assert_eq!(
        serde_json::to_value(&response).unwrap(),
        serde_json::from_str::<Value>(text).unwrap()
    );

    // The service writes large numbers in scientific notation, and leaves the text empty where it has no number.
    let text = br#"{"UsageTotal": {"MaxBps": "1.074791278E8", "TotalAccess": ""}}"#;
    let decoded = from_json::<DescribeDomainsUsageByDayResponse>(text).unwrap();
    assert!(decoded.issues.is_empty(), "{:?}", decoded.issues);
    let total = decoded.value.usage_total.unwrap();
    assert_eq!((total.max_bps, total.total_access), (Some(107_479_127.8), None));
}

#[test]
fn lists_of_objects_are_sent_as_json_in_a_text() {
    let origin = OriginServer::new().content("192.0.2.1").r#type(OriginType::Ipaddr).port(80);
    let request = AddCdnDomainRequest::new()
        .cdn_type(CdnType::Web)
        .domain_name("www.example.com")
        .sources([origin]);
    let parts = encode(&request).unwrap();
    let sent = |name: &str| {
        let found = parts.query.iter().chain(&parts.form).find(|(key, _)| key == name);
        found.map(|(_, value)| value.to_string()).unwrap()
    };
    assert_eq!(sent("Sources"), r#"[{"content":"192.0.2.1","type":"ipaddr","port":80}]"#);
    assert_eq!(sent("CdnType"), "web");

    let argument = FunctionArgument::new().arg_name("enable").arg_value("on");
    let function = DomainFunction::new().function_name("https_force").function_args([argument]);
    let request =
        BatchSetCdnDomainConfigRequest::new(["a.example.com", "b.example.com"], [function]);
    let parts = encode(&request).unwrap();
    let all: Vec<(String, String)> = parts
        .query
        .iter()
        .chain(&parts.form)
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect();
    assert!(all.contains(&("DomainNames".into(), "a.example.com,b.example.com".into())), "{all:?}");
    let functions =
        r#"[{"functionName":"https_force","functionArgs":[{"argName":"enable","argValue":"on"}]}]"#;
    assert!(all.contains(&("Functions".into(), functions.into())), "{all:?}");
}
