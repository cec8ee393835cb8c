//! No output of any public type, no error and nothing that is traced shows a secret.
//!
//! One test drives all of it with known secrets and searches what was said. It also plants a secret in
//! what it searches, so that a search that finds nothing ever fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
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
use alicloud_core::{Credentials, Error, Secret, SignatureVersion};
use alicloud_fake::{Account, FakeService};

const SECRET: &str = "Sup3rSecretAccessKeySecret";
const TOKEN: &str = "SecurityTokenThatNobodySees";
const OIDC_TOKEN: &str = "header.OidcPayloadThatNobodySees.signature";
const PROXY_PASSWORD: &str = "ProxyPasswordThatNobodySees";

/// Everything that was said, by whom.
#[derive(Default)]
struct Said(String);

impl Said {
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

    fn leaks(&self, secrets: &[String]) -> Vec<String> {
        secrets.iter().filter(|secret| self.0.contains(secret.as_str())).cloned().collect()
    }
}

/// Collects what is traced.
#[derive(Clone, Default)]
struct Traced(Arc<Mutex<Vec<u8>>>);

impl Write for Traced {
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
async fn nothing_that_is_said_holds_a_secret() {
    let traced = Traced::default();
    let writer = traced.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let mut said = Said::default();
    let mut secrets: Vec<String> =
        [SECRET, TOKEN, OIDC_TOKEN, PROXY_PASSWORD].map(str::to_owned).to_vec();

    said.debug(&Secret::new(SECRET));
    said.display(&Secret::new(SECRET));
    said.debug(&credentials());
    providers(&mut said).await;
    refusals(&mut said).await;
    against_a_service(&mut said, &mut secrets).await;
    a_proxy(&mut said).await;

    let traced = String::from_utf8(traced.0.lock().unwrap().clone()).unwrap();
    assert!(
        traced.contains("attempt succeeded") && traced.contains("DescribeRefreshTaskById"),
        "{traced}"
    );
    assert!(!traced.contains("12345678"), "no parameter is traced: {traced}");
    said.0.push_str(&traced);

    assert_eq!(said.leaks(&secrets), [""; 0], "in {}", said.0);
    assert!(
        said.0.contains("LTAIVisibleKeyId"),
        "the key id is no secret and helps to find the key"
    );

    said.0.push_str(SECRET);
    assert_eq!(said.leaks(&secrets), [SECRET], "the search itself works");
}

async fn providers(said: &mut Said) {
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
    said.debug(&variables);
    let refusing = FakeTransport::new().error(
        "AssumeRoleWithOIDC",
        400,
        "AuthenticationFail.OIDCToken.Invalid",
        OIDC_TOKEN,
    );
    let environment = Environment::from_variables(variables.clone());
    said.debug(&environment);
    said.debug(&environment.credentials().await);
    let oidc = OidcRole::new().variables(variables.clone()).transport(refusing.clone());
    said.debug(&oidc);
    said.debug(&oidc.credentials().await);
    let cli = CliProfile::new().variables(variables.clone());
    said.debug(&cli);
    said.debug(&cli.credentials().await);
    let profile = IniProfile::new().variables(variables.clone());
    said.debug(&profile);
    said.debug(&profile.credentials().await);
    let role = AssumeRole::new(credentials(), "acs:ram::1:role/r").transport(refusing);
    said.debug(&role);
    said.debug(&role.credentials().await);
    let chain = DefaultChain::new().variables(variables);
    said.debug(&chain);
    said.debug(&chain.credentials().await);
    for blank in [format!("{SECRET} "), format!("{SECRET}\n")] {
        let error = Credentials::new("LTAIVisibleKeyId", blank).validate().unwrap_err();
        said.debug(&error);
        said.display(&error);
    }
}

/// Refusals whose bodies repeat what was sent, as a careless service might.
async fn refusals(said: &mut Said) {
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
            said.debug(&client);
            said.debug(&fake);
            let error = client.describe_refresh_task_by_id(ids()).no_retry().await.unwrap_err();
            said.error(&error);
            said.debug(&fake.requests()[0]);
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

async fn against_a_service(said: &mut Said, secrets: &mut Vec<String>) {
    let account = Account::new("LTAIVisibleKeyId", SECRET).security_token(TOKEN);
    said.debug(&account);
    let service = FakeService::builder().account(account).start().await.unwrap();
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let builder = Client::builder()
            .endpoint(service.endpoint())
            .credentials(credentials())
            .signature(signature);
        said.debug(&builder);
        let client: Client = builder.build().unwrap();
        let call = client.describe_refresh_task_by_id(ids());
        said.debug(&call);
        said.debug(&call.response().await.unwrap());
        let preview = client.describe_refresh_task_by_id(ids()).preview().await.unwrap();
        said.debug(&preview);
        said.display(&preview);
        said.display(&preview.curl());
    }
    let client: Client =
        Client::builder().endpoint(service.endpoint()).credentials(credentials()).build().unwrap();
    said.debug(&client.generic_call("DescribeRefreshTaskById").param("TaskId", "1"));
    said.debug(&client.describe_refresh_tasks_items(DescribeRefreshTasksRequest::new()));
    said.debug(&client.describe_refresh_tasks_pages(DescribeRefreshTasksRequest::new()));
    said.debug(&client.wait_for_refresh_tasks(["1"]));
    said.debug(&client.core().batches(
        &DESCRIBE_REFRESH_TASK_BY_ID,
        "TaskId",
        ["1".to_owned()],
        |ids| DescribeRefreshTaskByIdRequest::new(ids),
    ));
    // The signatures themselves, as they were really sent.
    for request in service.requests() {
        for (name, value) in &request.headers {
            if name.as_str() == "authorization" {
                let (_, signature) = value.to_str().unwrap().split_once("Signature=").unwrap();
                secrets.push(signature.to_owned());
            }
        }
        secrets.extend(request.parameter("Signature").map(str::to_owned));
        said.debug(&service);
    }
    assert_eq!(secrets.len(), 6, "a signature of each kind was sent");
}

async fn a_proxy(said: &mut Said) {
    // Nothing listens there, so the error has every reason to name the proxy.
    let builder = Client::builder()
        .credentials(credentials())
        .endpoint("http://127.0.0.1:9")
        .proxy(format!("http://user:{PROXY_PASSWORD}@127.0.0.1:9"));
    said.debug(&builder);
    let client: Client = builder.build().unwrap();
    said.debug(&client);
    said.error(&client.describe_refresh_task_by_id(ids()).no_retry().await.unwrap_err());
    let nonsense =
        Client::builder().credentials(credentials()).proxy(format!("::user:{PROXY_PASSWORD}@::"));
    said.error(&nonsense.build().map(|client: Client| client).unwrap_err());
}
