//! JSON and XML: which one is sent, and what it looks like.

use alicloud_fake::Task;

use crate::client::{Response, send, service, texts};
use crate::sign::Call;

async fn answer(request: impl AsRef<[u8]>) -> Response {
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
async fn json_looks_as_documented() {
    let response =
        answer(Call { parameters: &[("TaskId", EXAMPLES)], ..Call::default() }.acs3()).await;
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
async fn xml_looks_as_documented() {
    let response =
        answer(Call { parameters: &[("TaskId", EXAMPLES)], ..Call::default() }.rpc()).await;
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
async fn errors_look_as_the_service_writes_them() {
    let call = Call { action: "DescribeNothing", ..Call::default() };
    let id = "FA4E0000-0000-4000-8000-000000000001";
    let link = format!(
        "https://api.aliyun.com/troubleshoot?q=InvalidAction.NotFound&product=Cdn&requestId={id}"
    );
    let message = "Specified api is not found, please check your url and method.";

    let json = answer(call.acs3()).await;
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

    let xml = answer(call.rpc()).await;
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
async fn the_older_scheme_answers_xml_unless_told_otherwise() {
    for (format, xml) in [
        (None, true),
        (Some("XML"), true),
        (Some("xml"), true),
        (Some(""), true),
        (Some("JSON"), false),
        (Some("json"), false),
        (Some("Json"), false),
    ] {
        let mut parameters = vec![("TaskId", EXAMPLES)];
        parameters.extend(format.map(|format| ("Format", format)));
        let call = Call {
            parameters: &parameters,
            // Means nothing in this scheme.
            headers: &[("accept", "application/json")],
            ..Call::default()
        };
        let response = answer(call.rpc()).await;
        assert_eq!(response.status, 200);
        assert_eq!(is_xml(&response), xml, "{format:?}");
    }
}

#[tokio::test]
async fn the_current_scheme_answers_what_is_accepted() {
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
        let response = answer(call.acs3()).await;
        assert_eq!(response.status, 200);
        assert_eq!(is_xml(&response), xml, "{accept}");
    }
    assert!(!is_xml(&answer(Call::default().acs3()).await));
    // There `Format` is a parameter like any other.
    for format in ["XML", "PDF"] {
        let parameter = Call {
            parameters: &[("TaskId", EXAMPLES), ("Format", format)],
            headers: &[("accept", "application/json")],
            ..Call::default()
        };
        assert!(!is_xml(&answer(parameter.acs3()).await));
    }
}

#[tokio::test]
async fn a_format_that_does_not_exist_is_refused() {
    let call = Call { parameters: &[("TaskId", EXAMPLES), ("Format", "YAML")], ..Call::default() };
    let response = answer(call.rpc()).await;
    assert_eq!(response.status, 400);
    assert_eq!(response.code().unwrap(), "InvalidParameter.Format");
}

#[tokio::test]
async fn unsigned_requests_get_the_format_of_the_scheme_they_resemble() {
    let rpc = answer("GET /?Action=X HTTP/1.1\r\nhost: h\r\nx-acs-action: X\r\n\r\n").await;
    assert!(is_xml(&rpc));
    let acs3 = answer("GET / HTTP/1.1\r\nhost: h\r\nx-acs-action: X\r\n\r\n").await;
    assert!(!is_xml(&acs3));
}

#[tokio::test]
async fn any_text_survives_either_format() {
    let path = "http://例子.com/<a>&\"b\"'c']]>\u{1f600}?d=e\r\nf\tg";
    let beyond_xml = "\u{0}\u{1b}\u{ffff}";
    let service = service()
        .tasks([Task { description: beyond_xml.to_owned(), ..Task::new("1", path) }])
        .start()
        .await
        .unwrap();
    let call = Call { parameters: &[("TaskId", "1")], ..Call::default() };
    let json = send(&service, call.acs3()).await.json();
    assert_eq!(json["Tasks"][0]["ObjectPath"], path);
    assert_eq!(json["Tasks"][0]["Description"], beyond_xml);

    let again = Call { nonce: "twice", ..call };
    let xml = send(&service, again.rpc()).await.body;
    assert_eq!(texts(&xml, "ObjectPath"), [path]);
    // XML 1.0 has no way to write these.
    assert_eq!(texts(&xml, "Description"), ["\u{fffd}\u{fffd}\u{fffd}"]);
}

#[tokio::test]
async fn every_answer_tells_its_id_and_the_time() {
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
