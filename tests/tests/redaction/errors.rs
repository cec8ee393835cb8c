//! Secrets in errors, decode issues and trace events.

use alicloud_core::SignatureVersion;
use alicloud_core::testing::FakeTransport;
use alicloud_core::wire::{from_json, from_xml, to_xml};
use alicloud_obstacle_roa::model::PutUserRequest;
use alicloud_secrets::model::{AssumeRoleResponse, ModifyInstanceRequest};
use serde_json::json;

use super::{Output, SIGNATURES, TraceWriter, VALUES, modify_instance, secrets_client, spellings};

#[tokio::test]
async fn errors_and_traces_hide_what_the_service_echoes() {
    let trace_writer = TraceWriter::default();
    let _guard = trace_writer.subscribe();
    for value in VALUES {
        let mut output = Output::default();
        for spelling in spellings(value) {
            let message =
                format!("visible: password '{spelling}' (Password={spelling}) is invalid");
            let json = json!({
                "Code": "InvalidPassword.Malformed",
                "Message": message,
                "RequestId": "r-visible",
                "AccessDeniedDetail": {"AuthAction": spelling},
                "Recommend": format!("https://example.com/?Password={spelling}"),
            });
            let bodies = [
                (400, json.to_string()),
                (200, json!({"Success": false, "Code": "X", "Message": message}).to_string()),
                (400, to_xml("Error", "item", &json)),
                (400, format!("<html>{spelling}</html>")),
                (200, format!("{{\"Password\": {spelling}")),
                (500, spelling.clone()),
            ];
            for (status, body) in bodies {
                let fake = FakeTransport::new()
                    .respond_raw("ModifyInstance", status, &[], body.clone())
                    .respond_raw("Do", status, &[], body);
                let client = secrets_client(&fake, SignatureVersion::Acs3);
                let call = client.modify_instance(modify_instance(value)).no_retry();
                output.all_of_error(&call.await.unwrap_err());
                let call = client.core().generic_call("Do").form_param("Password", value);
                output.all_of_error(&call.into_call().no_retry().await.unwrap_err());
            }
        }
        output.expect_no(value);
        assert!(output.0.contains("visible: password '<redacted>'"), "{}", output.0);
        assert!(output.0.contains("InvalidPassword.Malformed"), "{}", output.0);
    }
    let traced = String::from_utf8(trace_writer.0.lock().unwrap().clone()).unwrap();
    assert!(traced.contains("attempt failed"), "{traced}");
    for value in VALUES.into_iter().filter(|value| *value != "918") {
        let leaks = Output(traced.clone()).leaks(&spellings(value));
        assert_eq!(leaks, [""; 0], "{value}");
    }
}

#[tokio::test]
async fn signature_errors_hide_secrets_that_were_changed_in_transit() {
    for signature in SIGNATURES {
        let signed = || async {
            let fake = FakeTransport::new();
            let request = modify_instance("Jq+changed");
            let preview = secrets_client(&fake, signature).modify_instance(request).preview().await;
            let preview = preview.unwrap();
            preview.canonical_request.or(preview.string_to_sign).unwrap()
        };
        let changed = match signature {
            SignatureVersion::Acs3 => "Jq%20changed",
            _ => "Jq%2520changed",
        };
        let theirs = signed().await.replace("<redacted>", changed);
        let message = match signature {
            SignatureVersion::Acs3 => {
                format!("server StringToSign is [x], server CanonicalRequest is [{theirs}]")
            }
            _ => format!("server string to sign is:{theirs}"),
        };
        let fake =
            FakeTransport::new().error("ModifyInstance", 400, "SignatureDoesNotMatch", &message);
        let client = secrets_client(&fake, signature);
        let call = client.modify_instance(modify_instance("Jq+changed")).no_retry();
        let error = call.await.unwrap_err();
        let mut output = Output::default();
        output.all_of_error(&error);
        output.expect_no("Jq changed");
        output.expect_no("Jq+changed");
        assert!(error.signature_mismatch().is_some());
    }
}

#[test]
fn decode_issues_and_invalid_parameters_do_not_quote_secrets() {
    let body = br#"{"Credentials": {"AccessKeySecret": ["JqSecret", {"a": "JqSecret"}], "SecurityToken": {"a": "JqSecret"}}}"#;
    let mut output = Output::default();
    output.debug(&from_json::<AssumeRoleResponse>(body).unwrap());
    let xml = "<R><Credentials><SecurityToken><a>JqSecret</a></SecurityToken></Credentials></R>";
    output.debug(&from_xml::<AssumeRoleResponse>(xml.as_bytes()).unwrap());
    let request = ModifyInstanceRequest::new().passwords(["JqSecret,with comma"]);
    output.debug(&alicloud_core::wire::request::encode(&request).unwrap_err());
    let request =
        PutUserRequest::new().user_id("u").login_token("t").x_pin_passphrase("JqSecret\n");
    output.debug(&alicloud_core::wire::request::encode(&request).unwrap_err());
    output.expect_no("JqSecret");
}
