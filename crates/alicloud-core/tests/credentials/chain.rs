//! The default chain: its order, errors and refreshes.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use alicloud_core::credentials::{DefaultChain, ProvideCredentials as _, Variables};
use alicloud_core::testing::{FakeTransport, Fault};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    ID, SECRET, TOKEN, assert_contains, clock, expect_credentials, expect_error, temporary,
};

/// Creates a home directory with a profile in both files.
fn home_with_profiles() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let aliyun = home.path().join(".aliyun");
    std::fs::create_dir(&aliyun).unwrap();
    let file = json!({"current": "p", "profiles": [{
        "name": "p", "mode": "StsToken",
        "access_key_id": ID, "access_key_secret": SECRET, "sts_token": TOKEN,
    }]});
    std::fs::write(aliyun.join("config.json"), file.to_string()).unwrap();
    let sdk = home.path().join(".alibabacloud");
    std::fs::create_dir(&sdk).unwrap();
    let text =
        format!("[default]\ntype=access_key\naccess_key_id={ID}\naccess_key_secret={SECRET}\n");
    std::fs::write(sdk.join("credentials"), text).unwrap();
    home
}

fn metadata() -> FakeTransport {
    let fields = temporary("2026-01-02T04:04:05Z");
    FakeTransport::new().respond_json("", format!(r#"{{"Code":"Success",{fields}}}"#))
}

fn no_metadata() -> FakeTransport {
    FakeTransport::new().fault("", Fault::ConnectionRefused)
}

fn chain(home: &Path, more: &[(&str, &str)], direct: &FakeTransport) -> DefaultChain {
    let home = ("HOME", home.to_str().unwrap());
    let variables = Variables::from_pairs(more.iter().copied().chain([home]));
    DefaultChain::new()
        .variables(variables)
        .direct_transport(direct.clone())
        .transport(FakeTransport::new())
        .clock(clock())
}

#[tokio::test]
async fn asks_providers_in_the_official_order() {
    let home = home_with_profiles();
    let token = home.path().join("token");
    std::fs::write(&token, "a.b.c").unwrap();
    let fields = temporary("2026-01-02T04:04:05Z");
    let sts = FakeTransport::new()
        .respond_json("AssumeRoleWithOIDC", format!(r#"{{"Credentials":{{{fields}}}}}"#));
    let all = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", ID),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", TOKEN),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/r"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/p"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", token.to_str().unwrap()),
        ("ALIBABA_CLOUD_ECS_METADATA", "web"),
        ("ALIBABA_CLOUD_CREDENTIALS_URI", "http://localhost/"),
    ];
    let direct = metadata();
    let provider_without_first = async |skipped: usize, home: &Path| {
        let chain = chain(home, &all[skipped..], &direct).transport(sts.clone());
        chain.credentials().await.unwrap().provider().to_owned()
    };
    assert_eq!(provider_without_first(0, home.path()).await, "default/env");
    assert_eq!(provider_without_first(3, home.path()).await, "default/oidc_role_arn");
    assert_eq!(provider_without_first(6, home.path()).await, "default/cli_profile/sts_token");
    std::fs::remove_dir_all(home.path().join(".aliyun")).unwrap();
    assert_eq!(provider_without_first(6, home.path()).await, "default/profile/access_key");
    std::fs::remove_dir_all(home.path().join(".alibabacloud")).unwrap();
    assert!(direct.requests().is_empty(), "later providers are not asked");
    assert_eq!(provider_without_first(6, home.path()).await, "default/ecs_ram_role");

    let disabled = [
        ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
        ("ALIBABA_CLOUD_CREDENTIALS_URI", "http://localhost/"),
    ];
    let last = chain(home.path(), &disabled, &direct);
    assert_eq!(expect_credentials(&last).await, "default/credentials_uri");
}

#[tokio::test]
async fn names_all_absent_providers() {
    let home = tempfile::tempdir().unwrap();
    let chain = chain(home.path(), &[], &no_metadata());
    let error = expect_error(&chain).await;
    assert!(error.is_absent());
    let file = |directory, name| home.path().join(directory).join(name).display().to_string();
    assert_eq!(
        error.to_string(),
        format!(
            "default: no provider is configured: \
             env: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set; \
             oidc_role_arn: ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE are not set; \
             cli_profile: {} does not exist; \
             profile: {} does not exist, {} does not exist; \
             ecs_ram_role: there is no metadata service, so this is not an ECS instance: \
             could not connect (100.100.100.200): fault of FakeTransport; \
             credentials_uri: ALIBABA_CLOUD_CREDENTIALS_URI is not set; \
             set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`",
            file(".aliyun", "config.json"),
            file(".alibabacloud", "credentials"),
            file(".alibabacloud", "credentials.ini"),
        )
    );
}

#[tokio::test]
async fn stops_at_a_configured_provider_that_fails() {
    let home = home_with_profiles();
    let direct = metadata();
    let incomplete = [("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sesame")];
    let error = expect_error(&chain(home.path(), &incomplete, &direct)).await;
    assert!(!error.is_absent());
    assert_contains(&error, &["default/env: ALIBABA_CLOUD_ACCESS_KEY_SECRET is set, but"]);

    std::fs::write(home.path().join(".aliyun").join("config.json"), "{sesame").unwrap();
    let error = expect_error(&chain(home.path(), &[], &direct)).await;
    assert_contains(
        &error,
        &["default/cli_profile: ", "is not JSON", "(tried before: env: ALIBABA"],
    );

    let invalid =
        [("ALIBABA_CLOUD_ACCESS_KEY_ID", "id"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "sesame\n")];
    let error = expect_error(&chain(home.path(), &invalid, &direct)).await;
    assert_contains(
        &error,
        &["default/env: the access key secret ends with a space or a line break"],
    );
    assert!(direct.requests().is_empty());
}

#[tokio::test]
async fn refreshes_with_the_same_provider() {
    let home = tempfile::tempdir().unwrap();
    let clock = clock();
    let direct = metadata();
    let chain =
        chain(home.path(), &[("ALIBABA_CLOUD_ECS_METADATA", "web")], &direct).clock(clock.clone());
    assert_eq!(expect_credentials(&chain).await, "default/ecs_ram_role");
    let requests_before = direct.requests().len();

    // A new file does not change the account of a running program.
    std::fs::create_dir(home.path().join(".alibabacloud")).unwrap();
    let text = "[default]\ntype=access_key\naccess_key_id=LTAI1\naccess_key_secret=s\n";
    std::fs::write(home.path().join(".alibabacloud").join("credentials"), text).unwrap();
    clock.advance(Duration::from_secs(3300));
    assert_eq!(expect_credentials(&chain).await, "default/ecs_ram_role");
    assert!(direct.requests().len() > requests_before, "the credentials were refreshed");
}

/// The waker of an executor without a runtime.
struct ThreadWaker(std::thread::Thread);

impl std::task::Wake for ThreadWaker {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Arc::new(ThreadWaker(std::thread::current())).into();
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        std::thread::park();
    }
}

#[test]
fn works_without_a_tokio_runtime() {
    let home = tempfile::tempdir().unwrap();
    let role = ("ALIBABA_CLOUD_ECS_METADATA", "web");
    let chain = chain(home.path(), &[role], &metadata());
    assert_eq!(block_on(expect_credentials(&chain)), "default/ecs_ram_role");

    // The default transport needs a runtime, and returns an error instead of panicking.
    let with_default_transport = DefaultChain::new().variables(crate::variables(&[role]));
    let error = block_on(expect_error(&with_default_transport));
    let part = if cfg!(feature = "transport") { "needs a tokio runtime" } else { "no transport" };
    assert_contains(&error, &["ecs_ram_role: ", part]);
}
