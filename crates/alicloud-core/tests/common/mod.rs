//! Products and operations like those of a generated crate, and clients for tests.

#![allow(dead_code, unreachable_pub, reason = "no test uses all of these items")]

pub mod paused;

use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};

pub const SECRET: &str = "ASecretThatNobodyShallEverSee";
pub const TOKEN: &str = "A+Token/That=Nobody==";

pub const CDN: Product = Product::new("Cdn", "2018-05-10")
    .with_endpoint("cdn.aliyuncs.com")
    .with_region_endpoints(&[("eu-central-1", "cdn.ap-southeast-1.aliyuncs.com")]);
pub const CS: Product = Product::new("CS", "2015-12-15").with_endpoint("cs.aliyuncs.com");

pub const DESCRIBE: Operation =
    Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only().with_rate_limit(30);
pub const REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
pub const ANONYMOUS: Operation = Operation::rpc(&CDN, "AssumeRoleWithOIDC").anonymous();
pub const CLUSTER: Operation =
    Operation::roa(&CS, "ModifyCluster", "PUT", "/clusters/{ClusterId}?api=2");

#[derive(Debug, Clone, Default, PartialEq)]
pub struct DescribeRequest {
    pub task_ids: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct DescribeResponse {
    pub request_id: Option<String>,
    pub tasks: Vec<Task>,
    pub total_count: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Task {
    pub task_id: Option<String>,
    pub status: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct RefreshRequest {
    pub object_path: Vec<String>,
    pub owner: Option<i64>,
    pub client_token: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClusterRequest {
    pub id: String,
    pub force: Option<bool>,
    pub trace: Option<String>,
    pub body: Option<alicloud_core::wire::Value>,
}

alicloud_core::wire::request! {
    DescribeRequest => DescribeResponse { task_ids: "TaskId" => query.comma_list().items(1, 10) }
}
alicloud_core::wire::record! {
    DescribeResponse { request_id: "RequestId", tasks: "Tasks", total_count: "TotalCount" }
}
alicloud_core::wire::record! { Task { task_id: "TaskId", status: "Status" } }
alicloud_core::wire::request! {
    RefreshRequest => () {
        object_path: "ObjectPath" => form.lines().items(1, 1000),
        owner: "OwnerId" => query,
        client_token: "ClientToken" => query.token(),
    }
}
alicloud_core::wire::request! {
    ClusterRequest => DescribeResponse {
        id: "ClusterId" => path,
        force: "force" => query,
        trace: "X-Trace" => header,
        body: "body" => body,
    }
}

pub fn describe(ids: &[&str]) -> DescribeRequest {
    DescribeRequest { task_ids: ids.iter().map(|id| (*id).to_owned()).collect() }
}

pub fn response() -> DescribeResponse {
    DescribeResponse {
        request_id: Some("0AEDAF20-4DDF-4165-8750-47FF9C1929C9".to_owned()),
        tasks: vec![Task {
            task_id: Some("704225667".to_owned()),
            status: Some("Complete".to_owned()),
        }],
        total_count: Some(1),
    }
}

/// Returns a builder with a manual clock and constant nonces.
pub fn fixed_builder(product: &'static Product) -> ClientBuilder<Client> {
    ClientBuilder::new(product)
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .nonce_source(DeterministicNonce::constant("3156853299f313e23d1673dc12e1703d"))
        .credentials(Credentials::new("testAccessKeyId", "testAccessKeySecret"))
}

pub fn client(fake: &FakeTransport) -> Client {
    fixed_builder(&CDN).transport(fake.clone()).build().unwrap()
}
