//! No `Debug` or `Display` output, error or trace event contains a secret.
//!
//! One test collects the output of the runtime for known secrets and searches it. In the end it adds a
//! secret to the output, to check that the search finds one. The others do the same for the secrets in the
//! parameters and responses of generated products and of generic calls.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

use std::fmt::{Debug, Display, Write as _};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use alicloud_cdn::Client;
use alicloud_cdn::model::{DescribeRefreshTaskByIdRequest, DescribeRefreshTasksRequest};
use alicloud_cdn::operations::DESCRIBE_REFRESH_TASK_BY_ID;
use alicloud_core::credentials::{
    AssumeRole, CliProfile, DefaultChain, Environment, IniProfile, OidcRole,
    ProvideCredentials as _, Variables,
};
use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_core::wire::{from_json, from_xml, to_xml};
use alicloud_core::{Credentials, Error, Preview, Secret, SignatureVersion};
use alicloud_fake::{Account, FakeService};
use alicloud_obstacle_roa::model::PutUserRequest;
use alicloud_obstacle_roa::model::put_user::{Body, Friend};
use alicloud_secrets::model::modify_instance::{Account as InstanceAccount, User};
use alicloud_secrets::model::{
    AssumeRoleRequest, AssumeRoleResponse, CreateKeyPairResponse, ModifyInstanceRequest,
};
use serde_json::json;

const SECRET: &str = "Sup3rSecretAccessKeySecret";
const TOKEN: &str = "HiddenSecurityToken";
const OIDC_TOKEN: &str = "header.HiddenOidcPayload.signature";
const PROXY_PASSWORD: &str = "HiddenProxyPassword";

/// The collected output.
#[derive(Default)]
struct Output(String);

impl Output {
    fn debug(&mut self, value: &impl Debug) {
        write!(self.0, "{value:?}\n{value:#?}\n").unwrap();
    }

    fn display(&mut self, value: &impl Display) {
        write!(self.0, "{value}\n{value:#}\n").unwrap();
    }

    fn error(&mut self, error: &Error) {
        self.debug(error);
        self.display(error);
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            self.debug(&error);
            self.display(&error);
            source = error.source();
        }
    }

    /// Returns the secrets that the output contains.
    fn leaks(&self, secrets: &[String]) -> Vec<String> {
        secrets.iter().filter(|secret| self.0.contains(secret.as_str())).cloned().collect()
    }
}

/// A writer that collects trace events.
#[derive(Clone, Default)]
struct TraceWriter(Arc<Mutex<Vec<u8>>>);

impl Write for TraceWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn credentials() -> Credentials {
    Credentials::new("LTAIVisibleKeyId", SECRET).with_security_token(TOKEN)
}

fn ids() -> DescribeRefreshTaskByIdRequest {
    DescribeRefreshTaskByIdRequest::new(["12345678"])
}

#[tokio::test]
async fn output_contains_no_secrets() {
    let trace_writer = TraceWriter::default();
    let writer = trace_writer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let mut output = Output::default();
    let mut secrets: Vec<String> =
        [SECRET, TOKEN, OIDC_TOKEN, PROXY_PASSWORD].map(str::to_owned).to_vec();

    output.debug(&Secret::new(SECRET));
    output.display(&Secret::new(SECRET));
    output.debug(&credentials());
    providers(&mut output).await;
    service_errors(&mut output).await;
    calls_to_a_service(&mut output, &mut secrets).await;
    proxy(&mut output).await;

    let traced = String::from_utf8(trace_writer.0.lock().unwrap().clone()).unwrap();
    assert!(
        traced.contains("attempt succeeded") && traced.contains("DescribeRefreshTaskById"),
        "{traced}"
    );
    assert!(!traced.contains("12345678"), "parameters are not traced: {traced}");
    output.0.push_str(&traced);

    assert_eq!(output.leaks(&secrets), [""; 0], "in {}", output.0);
    assert!(
        output.0.contains("LTAIVisibleKeyId"),
        "the access key id is shown, it is not a secret"
    );

    output.0.push_str(SECRET);
    assert_eq!(output.leaks(&secrets), [SECRET], "the search finds a secret");
}

async fn providers(output: &mut Output) {
    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    std::fs::write(&token_file, OIDC_TOKEN).unwrap();
    let config = folder.path().join("config.json");
    std::fs::write(
        &config,
        format!(
            r#"{{"current": "p", "profiles": [{{"name": "p", "mode": "Nonsense", "access_key_secret": "{SECRET}", "sts_token": "{TOKEN}"}}]}}"#
        ),
    )
    .unwrap();
    let ini = folder.path().join("credentials.ini");
    std::fs::write(&ini, format!("[default]\ntype = nonsense\naccess_key_secret = {SECRET}\n"))
        .unwrap();
    let variables = Variables::from_pairs([
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIVisibleKeyId"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", TOKEN),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/r"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/p"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", token_file.to_str().unwrap()),
        ("ALIBABA_CLOUD_CONFIG_FILE", config.to_str().unwrap()),
        ("ALIBABA_CLOUD_CREDENTIALS_FILE", ini.to_str().unwrap()),
        ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
    ]);
    output.debug(&variables);
    let rejecting = FakeTransport::new().error(
        "AssumeRoleWithOIDC",
        400,
        "AuthenticationFail.OIDCToken.Invalid",
        OIDC_TOKEN,
    );
    let environment = Environment::from_variables(variables.clone());
    output.debug(&environment);
    output.debug(&environment.credentials().await);
    let oidc = OidcRole::new().variables(variables.clone()).transport(rejecting.clone());
    output.debug(&oidc);
    output.debug(&oidc.credentials().await);
    let cli = CliProfile::new().variables(variables.clone());
    output.debug(&cli);
    output.debug(&cli.credentials().await);
    let profile = IniProfile::new().variables(variables.clone());
    output.debug(&profile);
    output.debug(&profile.credentials().await);
    let role = AssumeRole::new(credentials(), "acs:ram::1:role/r").transport(rejecting);
    output.debug(&role);
    output.debug(&role.credentials().await);
    let chain = DefaultChain::new().variables(variables);
    output.debug(&chain);
    output.debug(&chain.credentials().await);
    for blank in [format!("{SECRET} "), format!("{SECRET}\n")] {
        let error = Credentials::new("LTAIVisibleKeyId", blank).validate().unwrap_err();
        output.debug(&error);
        output.display(&error);
    }
}

/// Error responses whose bodies contain the secrets that were sent.
async fn service_errors(output: &mut Output) {
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        for (status, body) in [
            (
                400,
                format!(
                    r#"{{"Code": "SignatureDoesNotMatch", "Message": "server string to sign is:{SECRET}&{TOKEN}", "RequestId": "r"}}"#
                ),
            ),
            (403, format!("<html>{TOKEN} {SECRET}</html>")),
            (200, format!("not JSON {SECRET} {TOKEN}")),
            (500, String::new()),
        ] {
            let fake =
                FakeTransport::new().respond_raw("DescribeRefreshTaskById", status, &[], body);
            let client = client(&fake, signature);
            output.debug(&client);
            output.debug(&fake);
            let error = client.describe_refresh_task_by_id(ids()).no_retry().await.unwrap_err();
            output.error(&error);
            output.debug(&fake.requests()[0]);
        }
    }
}

fn client(fake: &FakeTransport, signature: SignatureVersion) -> Client {
    let builder = Client::builder()
        .credentials(credentials())
        .signature(signature)
        .transport(fake.clone())
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .nonce_source(DeterministicNonce::sequence("nonce"));
    builder.build().unwrap()
}

async fn calls_to_a_service(output: &mut Output, secrets: &mut Vec<String>) {
    let account = Account::new("LTAIVisibleKeyId", SECRET).security_token(TOKEN);
    output.debug(&account);
    let service = FakeService::builder().account(account).start().await.unwrap();
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let builder = Client::builder()
            .endpoint(service.endpoint())
            .credentials(credentials())
            .signature(signature);
        output.debug(&builder);
        let client: Client = builder.build().unwrap();
        let call = client.describe_refresh_task_by_id(ids());
        output.debug(&call);
        output.debug(&call.response().await.unwrap());
        let preview = client.describe_refresh_task_by_id(ids()).preview().await.unwrap();
        output.debug(&preview);
        output.display(&preview);
        output.display(&preview.curl());
    }
    let client: Client =
        Client::builder().endpoint(service.endpoint()).credentials(credentials()).build().unwrap();
    output.debug(&client.generic_call("DescribeRefreshTaskById").param("TaskId", "1"));
    output.debug(&client.describe_refresh_tasks_items(DescribeRefreshTasksRequest::new()));
    output.debug(&client.describe_refresh_tasks_pages(DescribeRefreshTasksRequest::new()));
    output.debug(&client.wait_for_refresh_tasks(["1"]));
    output.debug(&client.core().batches(
        &DESCRIBE_REFRESH_TASK_BY_ID,
        "TaskId",
        ["1".to_owned()],
        |ids| DescribeRefreshTaskByIdRequest::new(ids),
    ));
    // The signatures that were sent are secrets too.
    for request in service.requests() {
        for (name, value) in &request.headers {
            if name.as_str() == "authorization" {
                let (_, signature) = value.to_str().unwrap().split_once("Signature=").unwrap();
                secrets.push(signature.to_owned());
            }
        }
        secrets.extend(request.param("Signature").map(str::to_owned));
        output.debug(&service);
    }
    assert_eq!(secrets.len(), 6, "a signature of each version was sent");
}

async fn proxy(output: &mut Output) {
    // No proxy listens on that port, so the error message is about the proxy.
    let builder = Client::builder()
        .credentials(credentials())
        .endpoint("http://127.0.0.1:9")
        .proxy(format!("http://user:{PROXY_PASSWORD}@127.0.0.1:9"));
    output.debug(&builder);
    let client: Client = builder.build().unwrap();
    output.debug(&client);
    output.error(&client.describe_refresh_task_by_id(ids()).no_retry().await.unwrap_err());
    let invalid =
        Client::builder().credentials(credentials()).proxy(format!("::user:{PROXY_PASSWORD}@::"));
    output.error(&invalid.build().map(|client: Client| client).unwrap_err());
}

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
    fn expect_no(&self, value: &str) {
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
    fn all_of_error(&mut self, error: &Error) {
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

fn secrets_client(fake: &FakeTransport, signature: SignatureVersion) -> alicloud_secrets::Client {
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
    let writer = trace_writer.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
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
