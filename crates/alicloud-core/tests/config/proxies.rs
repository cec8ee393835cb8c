//! Proxies of the environment.

use alicloud_core::credentials::Variables;
use alicloud_core::{Client, ClientBuilder, Config};

use crate::{RAM, assert_contains};

#[test]
fn an_invalid_variable_is_an_error_that_names_it() {
    for (name, value) in [
        ("HTTPS_PROXY", "::::"),
        ("https_proxy", "garbage proxy"),
        ("HTTP_PROXY", "http://user:sesame@"),
        ("ALL_PROXY", "gopher://user:sesame@host"),
    ] {
        let variables = Variables::from_pairs([(name, value)]);
        let config = Config::builder().variables(variables);
        let error = config.build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert_contains(&error.to_string(), name);
        assert!(!format!("{error} {error:?}").contains("sesame"), "{error}");
    }
}

#[test]
fn a_client_keeps_the_variables_of_its_configuration() {
    let variables = Variables::from_pairs([("HTTPS_PROXY", "http://127.0.0.1:9 ")]);
    let config = Config::builder().variables(variables).build().unwrap();
    let builder = || ClientBuilder::<Client>::new(&RAM).config(&config);
    // A transport of its own.
    let timeout = std::time::Duration::from_secs(1);
    assert!(builder().connect_timeout(timeout).build().is_ok());
    let variables = Variables::from_pairs([("HTTPS_PROXY", "::::")]);
    let invalid = Config::builder().no_proxy().variables(variables).build();
    assert!(invalid.is_ok(), "{invalid:?}");
}
