//! Configurations that several clients share, and what they read of the environment. Variables and home directories
//! are those of the tests.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod endpoints;
mod headers;
mod profile;
#[cfg(feature = "transport")]
mod proxies;
mod region;
mod sharing;

use alicloud_core::credentials::Variables;
use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, ClientBuilder, Config, ConfigBuilder, Credentials, Error, Product};

static ECS: Product = Product::new("Ecs", "2014-05-26")
    .with_regional_endpoint("ecs")
    .with_region_endpoints(&[("cn-qingdao", "ecs-cn-qingdao.aliyuncs.com")]);
static KVSTORE: Product =
    Product::new("R-kvstore", "2015-01-01").with_regional_endpoint("r-kvstore");
static RAM: Product = Product::new("Ram", "2015-05-01").with_endpoint("ram.aliyuncs.com");

const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const REGION: &str = "ALIBABA_CLOUD_REGION_ID";

/// Returns a builder that reads only these variables.
fn builder(variables: &[(&str, &str)]) -> ConfigBuilder {
    Config::builder()
        .variables(Variables::from_pairs(variables.iter().copied()))
        .transport(FakeTransport::new())
        .credentials(Credentials::new("id", "secret"))
}

fn client(product: &'static Product, config: &Config) -> Result<Client, Error> {
    ClientBuilder::new(product).config(config).build()
}

/// Returns the endpoint of a client with these variables.
fn endpoint(product: &'static Product, variables: &[(&str, &str)]) -> Result<String, String> {
    let config = builder(variables).build().map_err(|error| error.to_string())?;
    match client(product, &config) {
        Ok(client) => Ok(client.endpoint()),
        Err(error) => {
            assert!(error.is_configuration(), "{error}");
            Err(error.to_string())
        }
    }
}

fn assert_contains(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is not in {text:?}");
}
