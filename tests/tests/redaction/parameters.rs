//! Secrets in parameters and responses.

use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_core::wire::{from_json, from_xml, to_xml};
use alicloud_core::{Error, Preview, Secret, SignatureVersion};
use alicloud_obstacle_roa::model::PutUserRequest;
use alicloud_obstacle_roa::model::put_user::{Body, Friend};
use alicloud_secrets::model::modify_instance::{Account as InstanceAccount, User};
use alicloud_secrets::model::{
    AssumeRoleRequest, AssumeRoleResponse, CreateKeyPairResponse, ModifyInstanceRequest,
};
use serde_json::json;

use super::{Output, TraceWriter, credentials};

/// Values of secret parameters: of several lengths, and with characters that are escaped in URLs, JSON or
/// XML. None occurs by chance in the output.
const VALUES: [&str; 9] = [
    "Zq",
    "Zq7",
    "918",
    "Zq+/=",
    "Zq \"\\/+=&<ü%",
    "JqLettersOnly",
    "JqDigits0123456789",
    "Jq \"quoted\" \\path/with+plus=equals ümlaut 密码 & <tag> 100% it's",
    "Jq-line\nbreak-----BEGIN PRIVATE KEY-----",
];

/// Returns the forms in which a text can contain a value.
fn spellings(value: &str) -> Vec<String> {
    let json = |text: &str| serde_json::to_string(text).unwrap().trim_matches('"').to_owned();
    let escaped = json(value);
    let percent = |text: &str| alicloud_core::wire::percent_encode(text).into_owned();
    let mut all = vec![value.to_owned(), escaped.clone(), json(&escaped)];
    all.extend([escaped.replace('/', "\\/"), percent(value).replace("%20", "+")]);
    for text in [value, &escaped] {
        all.extend([percent(text), percent(&percent(text))]);
    }
    all.push(format!("{value:?}").trim_matches('"').to_owned());
    all
}

impl Output {
    pub(super) fn expect_no(&self, value: &str) {
        let leaks = self.leaks(&spellings(value));
        assert_eq!(leaks, [""; 0], "{value:?} in {}", self.0);
    }

    fn preview(&mut self, preview: &Preview) {
        self.debug(preview);
        self.display(preview);
        self.display(&preview.curl());
        self.display(&preview.url);
        self.debug(&preview.headers);
        self.display(&String::from_utf8_lossy(&preview.body));
        self.debug(&preview.canonical_request);
        self.debug(&preview.string_to_sign);
        self.display(&preview.canonical_request.as_deref().unwrap_or_default());
        self.display(&preview.string_to_sign.as_deref().unwrap_or_default());
    }

    /// Adds every form of an error, also the parts of it.
    pub(super) fn all_of_error(&mut self, error: &Error) {
        self.error(error);
        self.display(&serde_json::to_string(error).unwrap());
        self.debug(&(error.code(), error.message(), error.signature_mismatch()));
        self.display(&String::from_utf8_lossy(error.body().map_or(&[], |body| body)));
    }
}

/// A request with a secret in every style of a parameter.
fn modify_instance(value: &str) -> ModifyInstanceRequest {
    let account = || InstanceAccount::new().name("visible-account").password(value);
    ModifyInstanceRequest::new()
        .instance_id("i-visible")
        .password(value)
        .user_data(value)
        .users([User::new().name("visible-user").password(value)])
        .accounts([account(), account()])
        .passwords([value.replace(',', ""), value.replace(',', "")])
        .pin(value)
        .auth_key("visible-kind")
        .password_inherit(true)
        .extra(json!({"Visible": "visible-extra", "Nested": [{"LoginPassword": value}]}))
        .parameters(json!({"Password": value, "Name": "visible-parameter"}).to_string())
}

pub(super) fn secrets_client(
    fake: &FakeTransport,
    signature: SignatureVersion,
) -> alicloud_secrets::Client {
    let builder = alicloud_secrets::Client::builder().region("cn-hangzhou");
    let builder = builder.credentials(credentials()).signature(signature).transport(fake.clone());
    let builder = builder.clock(ManualClock::from_unix_seconds(1_767_323_045));
    builder.nonce_source(DeterministicNonce::constant("nonce")).build().unwrap()
}

const SIGNATURES: [SignatureVersion; 2] = [SignatureVersion::Acs3, SignatureVersion::Hmac1];

#[tokio::test]
async fn previews_and_records_of_a_generated_product_are_the_same_for_all_secrets() {
    for signature in SIGNATURES {
        let mut expected: Option<String> = None;
        // A single letter cannot be searched, but it cannot change the output.
        for value in VALUES.into_iter().chain(["a", "1", "Password", "true", "%3C"]) {
            let fake = FakeTransport::new().respond_json("ModifyInstance", "{}");
            let client = secrets_client(&fake, signature);
            let mut output = Output::default();
            let request = modify_instance(value);
            output.debug(&request);
            output.debug(&client.modify_instance(request.clone()));
            let preview = client.modify_instance(request.clone()).preview().await.unwrap();
            output.preview(&preview);
            client.modify_instance(request.clone()).await.unwrap();
            let recorded = fake.requests().remove(0);
            output.debug(&recorded);
            output.debug(&alicloud_core::wire::request::encode(&request).unwrap());

            if value.len() > 1 && VALUES.contains(&value) {
                output.expect_no(value);
            }
            for visible in [
                "i-visible",
                "visible-user",
                "visible-account",
                "visible-kind",
                "visible-extra",
                "visible-parameter",
                "PasswordInherit=true",
                "Users.1.Password=<redacted>",
                "Passwords=<redacted>%2C<redacted>",
            ] {
                assert!(preview.to_string().contains(visible), "{visible} in {preview}");
            }
            assert_eq!(*expected.get_or_insert_with(|| output.0.clone()), output.0, "{value}");

            // What is sent is unchanged.
            assert_eq!(recorded.param("Password"), Some(value));
            assert_eq!(recorded.param("UserData"), Some(value));
            assert_eq!(recorded.param("Users.1.Password"), Some(value));
            assert_eq!(recorded.param("Pin"), Some(value));
            let accounts: serde_json::Value =
                serde_json::from_str(recorded.param("Accounts").unwrap()).unwrap();
            assert_eq!(accounts[1]["Password"], value);
        }
    }
}

#[tokio::test]
async fn previews_and_records_hide_secrets_in_path_header_and_body() {
    for signature in SIGNATURES {
        for value in VALUES.into_iter().filter(|value| value.is_ascii() && !value.contains('\n')) {
            let fake = FakeTransport::new().respond_json("PutUser", "{}");
            let builder = alicloud_obstacle_roa::Client::builder().region("cn-hangzhou");
            let client: alicloud_obstacle_roa::Client = builder
                .credentials(credentials())
                .signature(signature)
                .transport(fake.clone())
                // A random nonce or the time could contain a short value.
                .clock(ManualClock::from_unix_seconds(1_767_323_045))
                .nonce_source(DeterministicNonce::constant("nonce"))
                .build()
                .unwrap();
            let request = PutUserRequest::new()
                .login_token(value)
                .user_id("visible-user")
                .x_pin_passphrase(value)
                .body(
                    Body::new()
                        .name("visible-name")
                        .password(value)
                        .friends([Friend::new().name("visible-friend").password(value)]),
                );
            let mut output = Output::default();
            output.debug(&request);
            let preview = client.put_user(request.clone()).preview().await.unwrap();
            output.preview(&preview);
            for visible in ["visible-user", "visible-name", "visible-friend", "/users/<redacted>/"]
            {
                assert!(preview.to_string().contains(visible), "{visible} in {preview}");
            }
            client.put_user(request).await.unwrap();
            let recorded = fake.requests().remove(0);
            output.debug(&recorded);
            output.expect_no(value);
            assert_eq!(recorded.header("x-pin-passphrase"), Some(value));
            let body: serde_json::Value = serde_json::from_slice(recorded.body()).unwrap();
            assert_eq!(body["Friends"][0]["Password"], value);
        }
    }
}

#[tokio::test]
async fn generic_calls_hide_secrets_by_name() {
    for signature in SIGNATURES {
        let mut expected: Option<String> = None;
        for value in VALUES.into_iter().chain(["a", "1"]) {
            let fake = FakeTransport::new().respond_json("Do", "{}");
            let client = secrets_client(&fake, signature);
            let call = |name: &str| {
                let user = json!({"Name": "visible-user", "LoginPwd": value});
                client
                    .core()
                    .generic_call(name)
                    .roa("POST", "/tokens/{AccessToken}/visible-path")
                    .path_param("AccessToken", value)
                    .param("Password", value)
                    .param("KeyPairName", "visible-key-pair")
                    .param("Users", [&user])
                    .json_param("Accounts", [&user])
                    .param("Text", json!({"a": {"ApiKey": value}}).to_string())
                    .header("x-api-key", "JqHeaderValue")
                    .header("x-acs-client-token", "visible-token")
                    .body(json!({"User": user, "AccessKeySecret": value}))
                    .into_call()
                    .query_param("UserData", value)
            };
            let mut output = Output::default();
            let preview = call("Do").preview().await.unwrap();
            output.preview(&preview);
            call("Do").await.unwrap();
            output.debug(&fake.requests()[0]);
            output.expect_no("JqHeaderValue");
            if value.len() > 1 {
                output.expect_no(value);
            }
            for visible in ["visible-key-pair", "visible-user", "visible-token", "visible-path"] {
                assert!(preview.to_string().contains(visible), "{visible} in {preview}");
            }
            assert_eq!(*expected.get_or_insert_with(|| output.0.clone()), output.0, "{value}");
            assert_eq!(fake.requests()[0].param("UserData"), Some(value));
        }
    }
}

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

#[tokio::test]
async fn responses_of_a_generated_product_hide_secrets() {
    for value in VALUES {
        let role = json!({
            "RequestId": "r-visible",
            "Credentials": {
                "AccessKeyId": "STS.visible",
                "AccessKeySecret": value,
                "SecurityToken": value,
                "Expiration": "2026-01-02T03:04:05Z",
            },
            "AssumedRoleUser": {"Arn": "visible-arn"},
        });
        let key_pair = json!({
            "RequestId": "r-visible",
            "KeyPairName": "visible-name",
            "PrivateKeyBody": value,
            "Pin": value,
            "AuthKey": "visible-kind",
            "Users": {"User": [{"Name": "visible-user", "Password": value}]},
        });
        let fake = FakeTransport::new()
            .respond_json("AssumeRole", role.to_string())
            .respond_json("AssumeRole", role.to_string().replace('}', ""));
        let client = secrets_client(&fake, SignatureVersion::Acs3);
        let mut output = Output::default();
        let response = client.assume_role(AssumeRoleRequest::new("arn")).response().await.unwrap();
        output.debug(&response);
        let credentials = response.value.credentials.clone().unwrap();
        assert_eq!(credentials.access_key_secret.unwrap().expose(), value);
        assert_eq!(serde_json::to_value(&response.value).unwrap(), role);
        output.all_of_error(&client.assume_role(AssumeRoleRequest::new("arn")).await.unwrap_err());

        let from_json =
            from_json::<CreateKeyPairResponse>(key_pair.to_string().as_bytes()).unwrap();
        let xml = to_xml("CreateKeyPairResponse", "item", &from_json.value);
        let from_xml = from_xml::<CreateKeyPairResponse>(xml.as_bytes()).unwrap();
        assert_eq!(from_json.value, from_xml.value);
        output.debug(&from_json);
        output.debug(&from_xml);
        assert_eq!(serde_json::to_value(&from_json.value).unwrap(), key_pair);
        let again: CreateKeyPairResponse = serde_json::from_value(key_pair).unwrap();
        assert_eq!(again, from_json.value);
        let mut pins = [Secret::new("z"), again.pin.unwrap(), Secret::new("A")];
        pins.sort_by(|a, b| a.expose().cmp(b.expose()));
        assert_eq!(pins[0].expose(), value.min("A"));

        output.expect_no(value);
        for visible in
            ["STS.visible", "visible-arn", "visible-name", "visible-kind", "visible-user"]
        {
            assert!(output.0.contains(visible), "{visible} in {}", output.0);
        }
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
