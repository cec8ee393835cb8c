//! The names of providers, which messages and the header `x-acs-credentials-provider` show.

use std::sync::Arc;

use alicloud_core::Credentials;
use alicloud_core::credentials::{
    AssumeRole, CachingCredentialsProvider, CliProfile, CredentialsUri, DefaultChain, EcsMetadata,
    Environment, ExternalProcess, IniProfile, OidcRole, ProvideCredentials,
};

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
