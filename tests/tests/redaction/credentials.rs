//! Secrets of credentials, proxies and signatures.

use alicloud_cdn::Client;
use alicloud_cdn::model::{DescribeRefreshTaskByIdRequest, DescribeRefreshTasksRequest};
use alicloud_cdn::operations::DESCRIBE_REFRESH_TASK_BY_ID;
use alicloud_core::credentials::{
    AssumeRole, CliProfile, DefaultChain, Environment, IniProfile, OidcRole,
    ProvideCredentials as _, Variables,
};
use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_core::{Credentials, Secret, SignatureVersion};
use alicloud_fake::{Account, FakeService};

use super::{Output, SECRET, TOKEN, TraceWriter, credentials, ids};

const OIDC_TOKEN: &str = "header.HiddenOidcPayload.signature";
const PROXY_PASSWORD: &str = "HiddenProxyPassword";

#[tokio::test]
async fn output_contains_no_secrets() {
    let trace_writer = TraceWriter::default();
    let _guard = trace_writer.subscribe();

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
