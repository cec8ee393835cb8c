//! The region: where it comes from, and that requests contain it.

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, ClientBuilder, Operation};

use crate::{ECS, REGION, assert_contains, builder, client};

alicloud_core::wire::request! {
    pub struct DescribeInstancesRequest -> DescribeInstancesResponse {
        pub region_id: Option<String> = query("RegionId").required(),
    }
}
alicloud_core::wire::record! {
    pub struct DescribeInstancesResponse {
        pub total_count: Option<i64> = "TotalCount",
    }
}

#[test]
fn comes_from_the_program_then_from_the_variables() {
    let other = ("ALIBABA_CLOUD_REGION", "cn-beijing");
    for (variables, expected) in [
        (vec![], None),
        (vec![other], Some("cn-beijing")),
        (vec![(REGION, "cn-shanghai"), other], Some("cn-shanghai")),
        // A value that is empty or blank is like none.
        (vec![(REGION, ""), other], Some("cn-beijing")),
        (vec![(REGION, " "), other], Some("cn-beijing")),
        (vec![(REGION, " cn-shanghai\n")], Some("cn-shanghai")),
    ] {
        let config = builder(&variables).build().unwrap();
        assert_eq!(config.region(), expected, "{variables:?}");
    }
    let config = builder(&[(REGION, "cn-shanghai")]).region("eu-central-1").build().unwrap();
    assert_eq!(config.region(), Some("eu-central-1"));
    let client = client(&ECS, &config).unwrap();
    assert_eq!(client.region(), Some("eu-central-1"));
}

#[test]
fn must_be_a_region_id() {
    for region in ["Hangzhou", "cn hangzhou", "cn-hangzhou.example.com", "x/y", "杭州", "-"] {
        let error = builder(&[(REGION, region)]).build().unwrap_err();
        assert!(error.is_configuration());
        assert_contains(&error.to_string(), REGION);
        assert_contains(&error.to_string(), "write an id such as cn-hangzhou");
    }
}

#[test]
fn that_the_program_sets_is_checked_even_if_it_selects_no_endpoint() {
    for region in ["Hang Zhou", "", " cn-hangzhou", "CN", "a.b", "x/y", "杭州", "-"] {
        let error = builder(&[]).region(region).build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert_contains(&error.to_string(), &format!("the region {region:?} is invalid"));
        let client = ClientBuilder::<Client>::new(&ECS).transport(FakeTransport::new());
        let error = client.endpoint("ecs.example").region(region).build().unwrap_err();
        assert_contains(&error.to_string(), &format!("the region {region:?} is invalid"));
    }
}

#[tokio::test]
async fn is_sent_with_requests_that_need_one() {
    static OPERATION: Operation = Operation::rpc(&ECS, "DescribeInstances").read_only();
    let fake = FakeTransport::new()
        .respond_json("DescribeInstances", r#"{"TotalCount":2}"#)
        .respond_json("DescribeInstances", r#"{"TotalCount":2}"#);
    let config = builder(&[(REGION, "cn-hangzhou")]).transport(fake.clone()).build().unwrap();
    let client = client(&ECS, &config).unwrap();
    for (region, sent) in [(None, "cn-hangzhou"), (Some("cn-beijing"), "cn-beijing")] {
        let request = DescribeInstancesRequest { region_id: region.map(str::to_owned) };
        assert_eq!(client.call(&OPERATION, &request).await.unwrap().total_count, Some(2));
        assert_eq!(fake.requests().last().unwrap().param("RegionId"), Some(sent));
    }

    let config = builder(&[("ALIBABA_CLOUD_ENDPOINT", "ecs.example")]);
    let client = crate::client(&ECS, &config.transport(fake).build().unwrap()).unwrap();
    let request = DescribeInstancesRequest { region_id: None };
    let error = client.call(&OPERATION, &request).await.unwrap_err();
    assert_contains(&error.to_string(), "ALIBABA_CLOUD_REGION_ID");
}
