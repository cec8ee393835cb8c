//! Every generated client works with an access key and a region from the environment.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use alicloud_core::credentials::Variables;
use alicloud_core::{Config, Error, GenericCall};
use alicloud_fake::{
    DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, ScriptedResponse,
};

/// Makes a call of each generated client with a configuration.
macro_rules! calls {
    ($config:expr, $($client:ident)*) => {
        [$((stringify!($client), $client::Client::new($config).map(|client| client.generic_call("Get")))),*]
    };
}

/// Returns a call of each generated client with a configuration.
fn calls(config: &Config) -> [(&'static str, Result<GenericCall, Error>); 6] {
    calls!(
        config,
        alicloud_cdn alicloud_lists alicloud_machines alicloud_obstacle alicloud_obstacle_roa alicloud_secrets
    )
}

#[tokio::test]
async fn an_access_key_and_a_region_are_enough() {
    let service = FakeService::builder().start().await.unwrap();
    let keys = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ACCESS_KEY_ID),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET),
        ("ALIBABA_CLOUD_REGION_ID", "cn-hangzhou"),
    ];
    let build = |variables: &[(&str, &str)]| {
        Config::builder().variables(Variables::from_pairs(variables.iter().copied())).build()
    };
    let config = build(&keys).unwrap();
    for (name, call) in calls(&config) {
        assert!(call.is_ok(), "{name}: {call:?}");
    }
    let endpoint = ("ALIBABA_CLOUD_ENDPOINT", service.endpoint());
    let config = build(&[&keys[..], &[endpoint]].concat()).unwrap();
    for (name, call) in calls(&config) {
        service.enqueue(ScriptedResponse::json(http::StatusCode::OK, r#"{"Ok": true}"#));
        let response = call.unwrap().await;
        assert_eq!(response.unwrap_or_else(|error| panic!("{name}: {error}"))["Ok"], true);
    }
    assert_eq!(service.requests().len(), 6);
}
