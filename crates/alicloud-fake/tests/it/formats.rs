//! The choice of JSON or XML, and the form of documents.

use alicloud_fake::Task;

use crate::client::{Response, send, service, xml_texts};
use crate::sign::Call;

async fn response_to(request: impl AsRef<[u8]>) -> Response {
    let service = service().start().await.unwrap();
    send(&service, request).await
}

fn is_xml(response: &Response) -> bool {
    let kind = &response.headers["content-type"];
    let xml = kind == "text/xml;charset=utf-8";
    assert!(xml || kind == "application/json;charset=utf-8", "{kind}");
    xml
}

const EXAMPLES: &str = "12345678,23456789";

#[tokio::test]
async fn json_has_the_documented_form() {
    let response =
        response_to(Call { params: &[("TaskId", EXAMPLES)], ..Call::default() }.acs3()).await;
    assert_eq!(response.status, 200);
    assert_eq!(
        response.json(),
        serde_json::json!({
            "RequestId": "FA4E0000-0000-4000-8000-000000000001",
            "Tasks": [
                {
                    "CreationTime": "2020-08-03T08:54:23Z",
                    "Description": "",
                    "ObjectPath": "http://example.com/abc.jpg",
                    "ObjectType": "file",
                    "Process": "100%",
                    "Status": "Complete",
                    "TaskId": "12345678"
                },
                {
                    "CreationTime": "2020-08-03T09:12:44Z",
                    "Description": "",
                    "ObjectPath": "http://example.com/bcd.jpg",
                    "ObjectType": "file",
                    "Process": "99.37%",
                    "Status": "Refreshing",
                    "TaskId": "23456789"
                }
            ],
            "TotalCount": 2
        })
    );
}

#[tokio::test]
async fn xml_has_the_documented_form() {
    let response =
        response_to(Call { params: &[("TaskId", EXAMPLES)], ..Call::default() }.rpc()).await;
    assert_eq!(response.status, 200);
    assert_eq!(
        response.body,
        "<?xml version='1.0' encoding='UTF-8'?>\
         <DescribeRefreshTaskByIdResponse>\
         <RequestId>FA4E0000-0000-4000-8000-000000000001</RequestId>\
         <Tasks>\
         <CreationTime>2020-08-03T08:54:23Z</CreationTime>\
         <Description></Description>\
         <ObjectPath>http://example.com/abc.jpg</ObjectPath>\
         <ObjectType>file</ObjectType>\
         <Process>100%</Process>\
         <Status>Complete</Status>\
         <TaskId>12345678</TaskId>\
         </Tasks>\
         <Tasks>\
         <CreationTime>2020-08-03T09:12:44Z</CreationTime>\
         <Description></Description>\
         <ObjectPath>http://example.com/bcd.jpg</ObjectPath>\
         <ObjectType>file</ObjectType>\
         <Process>99.37%</Process>\
         <Status>Refreshing</Status>\
         <TaskId>23456789</TaskId>\
         </Tasks>\
         <TotalCount>2</TotalCount>\
         </DescribeRefreshTaskByIdResponse>"
    );
}

#[tokio::test]
async fn errors_have_the_form_of_the_service() {
    let call = Call { operation: "DescribeNothing", ..Call::default() };
    let id = "FA4E0000-0000-4000-8000-000000000001";
    let link = format!(
        "https://api.aliyun.com/troubleshoot?q=InvalidAction.NotFound&product=Cdn&requestId={id}"
    );
    let message = "Specified api is not found, please check your url and method.";

    let json = response_to(call.acs3()).await;
    assert_eq!(
        json.json(),
        serde_json::json!({
            "RequestId": id,
            "HostId": "cdn.aliyuncs.com",
            "Code": "InvalidAction.NotFound",
            "Message": message,
            "Recommend": link,
        })
    );

    let xml = response_to(call.rpc()).await;
    assert_eq!(
        xml.body,
        format!(
            "<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>{id}</RequestId>\
             <HostId>cdn.aliyuncs.com</HostId><Code>InvalidAction.NotFound</Code>\
             <Message>{message}</Message><Recommend><![CDATA[{link}]]></Recommend></Error>"
        )
    );
    assert_eq!(xml.error_field("Recommend").unwrap(), link);
    assert!(is_xml(&xml) && !is_xml(&json));
}

#[tokio::test]
async fn rpc_defaults_to_xml() {
    for (format, xml) in [
        (None, true),
        (Some("XML"), true),
        (Some("xml"), true),
        (Some(""), true),
        (Some("JSON"), false),
        (Some("json"), false),
        (Some("Json"), false),
    ] {
        let mut params = vec![("TaskId", EXAMPLES)];
        params.extend(format.map(|format| ("Format", format)));
        let call = Call {
            params: &params,
            // Ignored in this scheme.
            headers: &[("accept", "application/json")],
            ..Call::default()
        };
        let response = response_to(call.rpc()).await;
        assert_eq!(response.status, 200);
        assert_eq!(is_xml(&response), xml, "{format:?}");
    }
}

#[tokio::test]
async fn acs3_responds_in_the_accepted_format() {
    for (accept, xml) in [
        ("application/json", false),
        ("application/xml", true),
        ("text/xml;q=0.9, application/json", true),
        ("Text/XML", true),
        ("*/*", false),
        ("text/html, application/xml", true),
        ("text/html", false),
        ("", false),
    ] {
        let call = Call { headers: &[("accept", accept)], ..Call::default() };
        let response = response_to(call.acs3()).await;
        assert_eq!(response.status, 200);
        assert_eq!(is_xml(&response), xml, "{accept}");
    }
    assert!(!is_xml(&response_to(Call::default().acs3()).await));
    // In this scheme `Format` is a parameter of the operation.
    for format in ["XML", "PDF"] {
        let parameter = Call {
            params: &[("TaskId", EXAMPLES), ("Format", format)],
            headers: &[("accept", "application/json")],
            ..Call::default()
        };
        assert!(!is_xml(&response_to(parameter.acs3()).await));
    }
}

#[tokio::test]
async fn an_unknown_format_is_rejected() {
    let call = Call { params: &[("TaskId", EXAMPLES), ("Format", "YAML")], ..Call::default() };
    let response = response_to(call.rpc()).await;
    assert_eq!(response.status, 400);
    assert_eq!(response.code().unwrap(), "InvalidParameter.Format");
}

#[tokio::test]
async fn unsigned_requests_get_the_default_format_of_the_scheme_they_resemble() {
    let rpc = response_to("GET /?Action=X HTTP/1.1\r\nhost: h\r\nx-acs-action: X\r\n\r\n").await;
    assert!(is_xml(&rpc));
    let acs3 = response_to("GET / HTTP/1.1\r\nhost: h\r\nx-acs-action: X\r\n\r\n").await;
    assert!(!is_xml(&acs3));
}

#[tokio::test]
async fn any_text_survives_both_formats() {
    let path = "http://例子.com/<a>&\"b\"'c']]>\u{1f600}?d=e\r\nf\tg";
    let forbidden_in_xml = "\u{0}\u{1b}\u{ffff}";
    let service = service()
        .tasks([Task { description: forbidden_in_xml.to_owned(), ..Task::new("1", path) }])
        .start()
        .await
        .unwrap();
    let call = Call { params: &[("TaskId", "1")], ..Call::default() };
    let json = send(&service, call.acs3()).await.json();
    assert_eq!(json["Tasks"][0]["ObjectPath"], path);
    assert_eq!(json["Tasks"][0]["Description"], forbidden_in_xml);

    let second_call = Call { nonce: "twice", ..call };
    let xml = send(&service, second_call.rpc()).await.body;
    assert_eq!(xml_texts(&xml, "ObjectPath"), [path]);
    // XML 1.0 cannot represent these characters.
    assert_eq!(xml_texts(&xml, "Description"), ["\u{fffd}\u{fffd}\u{fffd}"]);
}

#[tokio::test]
async fn every_response_has_a_request_id_and_a_date() {
    let service = service().start().await.unwrap();
    for (nonce, secret, id) in [
        ("1", "guess", "FA4E0000-0000-4000-8000-000000000001"),
        ("2", Call::default().secret, "FA4E0000-0000-4000-8000-000000000002"),
    ] {
        let call = Call { nonce, secret, ..Call::default() };
        let response = send(&service, call.acs3()).await;
        assert_eq!(response.headers["x-acs-request-id"], id);
        assert_eq!(response.json()["RequestId"], id);
        assert_eq!(response.headers["date"], "Fri, 02 Jan 2026 03:04:05 GMT");
    }
}
