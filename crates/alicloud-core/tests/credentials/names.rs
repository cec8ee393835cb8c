//! What is shown of providers: their names, in messages and in the header `x-acs-credentials-provider`, and their
//! settings.

use std::sync::Arc;

use alicloud_core::credentials::{
    AssumeRole, CachingCredentialsProvider, CliProfile, CredentialsUri, DefaultChain, EcsMetadata,
    Environment, ExternalProcess, IniProfile, OidcRole, ProcessLimits, ProvideCredentials,
    RunProcess,
};
use alicloud_core::{BoxFuture, Credentials, Secret};

use crate::{ID, SECRET, TOKEN, variables};

#[tokio::test]
async fn every_provider_has_its_name() {
    let key = || Credentials::new(ID, SECRET);
    let providers: [(Arc<dyn ProvideCredentials>, &str); 11] = [
        (Arc::new(Environment::from_variables(variables(&[]))), "env"),
        (Arc::new(OidcRole::new()), "oidc_role_arn"),
        (Arc::new(CliProfile::new()), "cli_profile"),
        (Arc::new(IniProfile::new()), "profile"),
        (Arc::new(EcsMetadata::new()), "ecs_ram_role"),
        (Arc::new(CredentialsUri::new()), "credentials_uri"),
        (Arc::new(ExternalProcess::new("program")), "external"),
        (Arc::new(DefaultChain::new()), "default"),
        (Arc::new(AssumeRole::new(key(), "r")), "ram_role_arn"),
        (Arc::new(key()), "static_ak"),
        (Arc::new(key().with_security_token(TOKEN)), "static_sts"),
    ];
    for (provider, name) in providers {
        assert_eq!(provider.name(), name);
        // One that is shared or cached has the name of the provider inside.
        let shared: &dyn ProvideCredentials = &provider;
        assert_eq!(shared.name(), name);
        assert_eq!(CachingCredentialsProvider::new(provider.clone()).name(), name);
    }
    let shared = Arc::new(key());
    assert_eq!(ProvideCredentials::credentials(&shared).await.unwrap().access_key_id(), ID);
}

#[test]
fn the_settings_of_a_provider_are_shown_without_secrets() {
    let profile = CliProfile::new().profile("deploy").variables(variables(&[("A", SECRET)]));
    let uri = CredentialsUri::new().variables(variables(&[]));
    for (shown, part) in [
        (format!("{profile:?}"), "profile: Some(\"deploy\")"),
        (format!("{profile:?}"), "variables: {\"A\"}"),
        (format!("{uri:?}"), "UriSource { is_set: false }"),
        (format!("{:?}", uri.uri(format!("https://h/{TOKEN}"))), "UriSource { is_set: true }"),
    ] {
        assert!(shown.contains(part), "{shown}");
        assert!(!shown.contains(SECRET) && !shown.contains(TOKEN), "{shown}");
    }
}

/// A program that cannot be started without a panic.
#[derive(Debug)]
struct Panicking;

impl RunProcess for Panicking {
    fn run(
        &self,
        _: &str,
        _: &[String],
        _: ProcessLimits,
    ) -> BoxFuture<'static, std::io::Result<Secret>> {
        panic!("expected by this test")
    }
}

#[tokio::test]
async fn a_provider_that_panicked_is_named_to_the_other_calls() {
    let provider = ExternalProcess::new("program").process_runner(Panicking);
    let provider = Arc::new(provider.variables(variables(&[])));
    let first = tokio::spawn({
        let provider = provider.clone();
        async move { provider.credentials().await.map(drop) }
    });
    assert!(first.await.unwrap_err().is_panic());
    let error = provider.credentials().await.unwrap_err();
    assert_eq!(error.to_string(), "external: the credentials provider panicked");
}
