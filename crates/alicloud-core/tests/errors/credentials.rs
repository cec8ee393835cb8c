//! Errors of credentials providers.

use alicloud_core::credentials::{
    CredentialsError, DefaultChain, ProvideCredentials as _, Variables,
};

#[test]
fn name_the_provider_and_tell_absent_from_failed() {
    let failed = CredentialsError::failed("vault", "the token expired");
    assert_eq!((failed.provider(), failed.is_absent()), ("vault", false));
    assert_eq!(failed.to_string(), "vault: the token expired");
    let absent = CredentialsError::absent("vault", "not configured");
    assert_eq!((absent.provider(), absent.is_absent()), ("vault", true));
}

#[tokio::test]
async fn of_the_chain_name_the_providers_that_were_asked_before() {
    const METADATA: (&str, &str) = ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    let error = async |variables: &[(&str, &str)]| {
        let variables = variables.iter().copied().chain([METADATA]);
        let chain = DefaultChain::new().variables(Variables::from_pairs(variables));
        chain.credentials().await.unwrap_err()
    };
    let first = error(&[("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")]).await;
    assert_eq!(first.provider(), "default/env");
    assert!(!first.to_string().contains("tried before"), "{first}");
    let third = error(&[("ALIBABA_CLOUD_CONFIG_FILE", "/nonexistent/config.json")]).await;
    assert_eq!(third.provider(), "default/cli_profile");
    assert!(third.to_string().contains(" (tried before: env: "), "{third}");
}
