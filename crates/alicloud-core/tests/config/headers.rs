//! Headers that come from the configuration.

use alicloud_core::testing::{FakeTransport, RecordedRequest};
use alicloud_core::{
    Client, ClientBuilder, Config, Credentials, ProvideCredentials, SignatureVersion,
};

use crate::{ID, RAM, SECRET, assert_contains, builder, client};

/// Returns the request of a call.
async fn send(config: &Config, fake: &FakeTransport) -> RecordedRequest {
    client(&RAM, config).unwrap().generic_call("GetUser").await.unwrap();
    fake.requests().last().unwrap().clone()
}

fn fake() -> FakeTransport {
    let response = |fake: FakeTransport| fake.respond_json("GetUser", "{}");
    response(response(response(FakeTransport::new())))
}

#[tokio::test]
async fn the_user_agent_of_the_environment_is_appended() {
    for (variable, suffix, end) in [
        (Some("from-env/1"), None, " from-env/1"),
        (Some(" from-env/1 x"), Some("my-tool/2"), " from-env/1 x my-tool/2"),
        (None, Some("my-tool/2"), " my-tool/2"),
        (None, None, &*format!(" alicloud/{}", env!("CARGO_PKG_VERSION"))),
    ] {
        let fake = fake();
        let variables: Vec<_> =
            variable.into_iter().map(|value| ("ALIBABA_CLOUD_USER_AGENT", value)).collect();
        let mut builder = builder(&variables).transport(fake.clone());
        if let Some(suffix) = suffix {
            builder = builder.user_agent(suffix);
        }
        let request = send(&builder.build().unwrap(), &fake).await;
        let agent = request.header("user-agent").unwrap();
        assert!(agent.ends_with(end), "{agent}");
        // The compiler is not known, so no version is claimed.
        assert!(agent.contains(") Rust Core/"), "{agent}");
    }
    // A client with another text keeps that of the environment.
    let fake = fake();
    let config = builder(&[("ALIBABA_CLOUD_USER_AGENT", "from-env/1")]).user_agent("shared/2");
    let config = config.transport(fake.clone()).build().unwrap();
    let client: Client =
        ClientBuilder::new(&RAM).config(&config).user_agent("own/3").build().unwrap();
    client.generic_call("GetUser").await.unwrap();
    let agent = fake.requests()[0].header("user-agent").unwrap().to_owned();
    assert!(agent.ends_with(" from-env/1 own/3") && !agent.contains("shared"), "{agent}");
    let error = builder(&[("ALIBABA_CLOUD_USER_AGENT", "tööl")]).build().unwrap_err();
    assert_contains(&error.to_string(), "ALIBABA_CLOUD_USER_AGENT is not printable ASCII");
}

#[tokio::test]
async fn the_provider_of_the_credentials_is_sent() {
    const HEADER: &str = "x-acs-credentials-provider";
    let fixed = Credentials::new("id", "secret");
    let long = "a".repeat(300);
    for (credentials, expected) in [
        (fixed.clone(), Some("static_ak")),
        (fixed.clone().with_security_token("token"), Some("static_sts")),
        (fixed.clone().with_provider("vault"), Some("vault")),
        // These cannot be sent.
        (fixed.clone().with_provider("my vault"), None),
        (fixed.clone().with_provider("tresor\r\nx-evil: 1"), None),
        (fixed.clone().with_provider("Schlüssel"), None),
        (fixed.clone().with_provider(long), None),
        (fixed.clone().with_provider(""), None),
    ] {
        assert_eq!(credentials.name(), credentials.provider());
        for version in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
            let fake = fake();
            let config = builder(&[])
                .credentials(credentials.clone())
                .signature(version)
                .transport(fake.clone());
            let request = send(&config.build().unwrap(), &fake).await;
            assert_eq!(request.header(HEADER), expected, "{credentials:?}");
            if let (Some(_), SignatureVersion::Acs3) = (expected, version) {
                assert_contains(request.header("authorization").unwrap(), HEADER);
            }
        }
    }
    let fake = fake();
    let off = builder(&[]).send_credentials_provider(false).transport(fake.clone());
    assert_eq!(send(&off.build().unwrap(), &fake).await.header(HEADER), None);

    // The chain names the provider that it found.
    let variables = [(ID, "id"), (SECRET, "secret")];
    let config = Config::builder()
        .variables(alicloud_core::credentials::Variables::from_pairs(variables))
        .transport(fake.clone());
    let request = send(&config.build().unwrap(), &fake).await;
    assert_eq!(request.header(HEADER), Some("default/env"));
}
