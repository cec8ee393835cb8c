//! Operations that no crate was generated for: signed, limited, repeated and faked like all others.
//!
//! With a generated client it is `client.generic_call("…")`; for any product, `Client::generic`. The
//! services are a double in this process, which verifies the signature, and a fake in memory.

#![allow(clippy::indexing_slicing, reason = "a JSON value has null for what is not there")]

use std::error::Error;

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, Credentials};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = FakeService::builder().start().await?;
    let cdn: Client = Client::generic("Cdn", "2018-05-10", service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()?;
    let response = cdn
        .generic_call("DescribeRefreshTaskById")
        .param("TaskId", "12345678,23456789")
        .read_only()
        .rate_limit(30)
        .await?;
    for task in response["Tasks"].as_array().ok_or("no tasks")? {
        println!("{} is {}", task["ObjectPath"], task["Status"]);
    }

    // An operation with a path. What would be sent can be looked at first.
    let fake = FakeTransport::new()
        .respond_json("DescribeClusterDetail", r#"{"name": "production", "size": 3}"#);
    let cs: Client = Client::generic("CS", "2015-12-15", "cs.cn-hangzhou.aliyuncs.com")
        .credentials(Credentials::new("id", "secret"))
        .transport(fake)
        .build()?;
    let call = || {
        cs.generic_call("DescribeClusterDetail")
            .roa("GET", "/clusters/{ClusterId}")
            .path_param("ClusterId", "c82e6987")
            .read_only()
    };
    println!("\n{}", call().into_call().preview().await?.url);
    let cluster = call().await?;
    println!("{} has {} nodes", cluster["name"], cluster["size"]);

    // Errors are the same as everywhere.
    match cdn.generic_call("DescribeSomethingNew").await {
        Err(error) => println!("\n{error}"),
        Ok(_) => return Err("the double does not know that one".into()),
    }
    if cluster["size"] == 3 { Ok(()) } else { Err("not as expected".into()) }
}
