//! The endpoints of twelve products in 29 regions, compared with those of the official Python packages. The facts
//! are in `tests/vectors/endpoints.json`: what a description lists, and which host the official client calls.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::Path;

use alicloud_codegen::diagnostics::Diagnostics;
use alicloud_codegen::lower::{Choice, lower};
use alicloud_codegen::overlay::Overlay;
use alicloud_codegen::spec;
use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, ClientBuilder, Product};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Facts {
    regions: Vec<String>,
    products: Vec<ProductFacts>,
}

#[derive(Deserialize)]
struct ProductFacts {
    product: String,
    version: String,
    package: String,
    /// Regions by host.
    listed: BTreeMap<String, Vec<String>>,
    /// The host of each region.
    official: Vec<String>,
}

/// A host that the description lists. The package and the description are of different dates.
const LISTED: &str = "the description lists another host for the region";
/// A product whose known regions have one host. The official rule makes a host of the region's id, and no list has it.
const CENTRAL: &str = "the host of all other regions serves this one, too";
/// The package lists a host for the region, and the description has neither the region nor a reason to deviate from
/// the rule.
const NOT_LISTED: &str =
    "the description does not list the region, so that it has the host of the rule";

/// The products and regions for which we call another host than the official client, and why.
const DIFFERENCES: &[(&str, &str, &[&str])] = &[
    ("Alidns", LISTED, &["cn-hangzhou", "cn-qingdao", "cn-wulanchabu"]),
    (
        "cas",
        CENTRAL,
        &[
            "cn-heyuan",
            "cn-guangzhou",
            "cn-nanjing",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-southeast-1",
            "ap-southeast-6",
            "ap-southeast-7",
            "eu-central-1",
            "me-east-1",
            "me-central-1",
        ],
    ),
    (
        "dcdn",
        CENTRAL,
        &[
            "cn-wulanchabu",
            "cn-heyuan",
            "cn-guangzhou",
            "cn-nanjing",
            "ap-northeast-2",
            "ap-southeast-6",
            "ap-southeast-7",
            "me-central-1",
        ],
    ),
    ("Ecs", NOT_LISTED, &["cn-north-2-gov-1"]),
    (
        "live",
        CENTRAL,
        &[
            "cn-heyuan",
            "cn-guangzhou",
            "cn-nanjing",
            "ap-northeast-2",
            "ap-southeast-6",
            "ap-southeast-7",
        ],
    ),
    (
        "Ram",
        CENTRAL,
        &[
            "cn-wulanchabu",
            "cn-heyuan",
            "cn-guangzhou",
            "cn-nanjing",
            "ap-northeast-2",
            "ap-southeast-6",
            "ap-southeast-7",
            "me-central-1",
        ],
    ),
    ("Ram", LISTED, &["cn-north-2-gov-1"]),
    ("Rds", LISTED, &["cn-guangzhou", "us-east-1", "us-west-1", "cn-hangzhou-finance"]),
    ("Rds", NOT_LISTED, &["cn-north-2-gov-1"]),
    ("Sts", LISTED, &["cn-hangzhou-finance"]),
    ("Vpc", LISTED, &["cn-hangzhou"]),
    ("Vpc", NOT_LISTED, &["cn-hangzhou-finance", "cn-shanghai-finance-1", "cn-north-2-gov-1"]),
];

fn facts() -> Facts {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/endpoints.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Returns the product as a generated crate declares it.
fn product(facts: &ProductFacts) -> &'static Product {
    let pairs = facts
        .listed
        .iter()
        .flat_map(|(host, regions)| regions.iter().map(move |region| (region, host)));
    let endpoints: Vec<_> =
        pairs.map(|(region, host)| json!({"regionId": region, "endpoint": host})).collect();
    let description = json!({
        "version": "1.0",
        "info": {"style": "RPC", "product": facts.product, "version": facts.version},
        "apis": {},
        "endpoints": endpoints,
    });
    let file = Path::new("api.json");
    let mut diagnostics = Diagnostics::new(file);
    let spec = spec::parse(description.to_string().as_bytes(), file, &mut diagnostics).unwrap();
    let lowered = lower(&spec, &Overlay::default(), &Choice::default(), &mut diagnostics).unwrap();
    let leak = |text: &str| -> &'static str { text.to_owned().leak() };
    let regions: Vec<_> =
        lowered.regions.iter().map(|(region, host)| (leak(region), leak(host))).collect();
    let mut product = Product::new(leak(&facts.product), leak(&facts.version))
        .with_region_endpoints(regions.leak());
    if let Some(host) = &lowered.default_endpoint {
        product = product.with_endpoint(leak(host));
    }
    if let Some(label) = &lowered.regional_endpoint {
        product = product.with_regional_endpoint(leak(label));
    }
    Box::leak(Box::new(product))
}

#[test]
fn agree_with_the_official_packages() {
    let Facts { regions, products } = facts();
    assert_eq!((products.len(), regions.len()), (12, 29));
    let mut equal = 0;
    let mut different = BTreeMap::new();
    for facts in &products {
        let product = product(facts);
        for (region, official) in regions.iter().zip(&facts.official) {
            let builder = ClientBuilder::<Client>::new(product).region(region);
            let client = builder.transport(FakeTransport::new()).build();
            let ours = client.unwrap_or_else(|error| panic!("{}: {error}", facts.package));
            let reason = DIFFERENCES
                .iter()
                .find(|(code, _, regions)| *code == facts.product && regions.contains(&&**region))
                .map(|(_, reason, _)| *reason);
            let is_listed = facts.listed.values().flatten().any(|listed| listed == region);
            let is_same = ours.endpoint() == format!("https://{official}");
            let case = format!("{} in {region}: {} and {official}", facts.package, ours.endpoint());
            match reason {
                None => assert!(is_same, "{case}"),
                Some(reason) => {
                    assert!(!is_same, "{case} are equal; remove the difference");
                    assert_eq!(is_listed, reason == LISTED, "{case}: {reason}");
                    *different.entry(reason).or_insert(0) += 1;
                    continue;
                }
            }
            equal += 1;
        }
    }
    println!("{equal} of {} hosts are equal; {different:?}", regions.len() * products.len());
    assert_eq!(equal + different.values().sum::<usize>(), 12 * 29);
}
