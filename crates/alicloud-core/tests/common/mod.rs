//! Products and operations like those of a generated crate, and clients for tests.

#![allow(dead_code, unreachable_pub, reason = "no test uses all of these items")]

pub mod executor;
pub mod paused;

use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product, Waiter};

pub const SECRET: &str = "ASecretThatNobodyShallEverSee";
pub const TOKEN: &str = "A+Token/That=Nobody==";

pub static CDN: Product = Product::new("Cdn", "2018-05-10")
    .with_endpoint("cdn.aliyuncs.com")
    .with_region_endpoints(&[("eu-central-1", "cdn.ap-southeast-1.aliyuncs.com")]);
pub static CS: Product = Product::new("CS", "2015-12-15").with_endpoint("cs.aliyuncs.com");

pub static DESCRIBE: Operation =
    Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only().with_rate_limit(30);
pub static REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
pub static ANONYMOUS: Operation = Operation::rpc(&CDN, "AssumeRoleWithOIDC").anonymous();
pub static CLUSTER: Operation =
    Operation::roa(&CS, "ModifyCluster", "PUT", "/clusters/{ClusterId}?api=2");

alicloud_core::wire::request! {
    pub struct DescribeRequest -> DescribeResponse {
        pub task_ids: Vec<String> = query("TaskId").comma_list().items(1, 10),
    }
}
alicloud_core::wire::record! {
    pub struct DescribeResponse {
        pub request_id: Option<String> = "RequestId",
        pub tasks: Vec<Task> = "Tasks",
        pub total_count: Option<i64> = "TotalCount",
    }
}
alicloud_core::wire::record! {
    pub struct Task {
        pub task_id: Option<String> = "TaskId",
        pub status: Option<String> = "Status",
    }
}
alicloud_core::wire::request! {
    pub struct RefreshRequest -> () {
        pub object_path: Vec<String> = form("ObjectPath").lines().items(1, 1000),
        pub owner: Option<i64> = query("OwnerId"),
        pub client_token: Option<String> = query("ClientToken").token(),
    }
}
alicloud_core::wire::request! {
    pub struct ClusterRequest -> DescribeResponse {
        pub id: Option<String> = path("ClusterId"),
        pub force: Option<bool> = query("force"),
        pub trace: Option<String> = header("X-Trace"),
        pub body: Option<alicloud_core::wire::Value> = body("body"),
    }
}

/// Waits for refresh tasks.
pub const TASKS: Waiter<DescribeRequest, Task> = Waiter::new(
    &DESCRIBE,
    "TaskId",
    |ids| DescribeRequest { task_ids: ids.to_vec() },
    |response| response.tasks,
    |task| task.task_id.as_deref(),
    |task| task.status.as_deref(),
)
.success(&["Complete"])
.failure(&["Failed", "Timeout", "Canceled"]);

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
