//! Calls operations without generated types. They are signed, rate limited, retried and faked like typed
//! ones.
//!
//! A generated client has `client.generic_call("…")`; `Client::generic` makes a client of any product. The
//! services are a fake service in this process, which verifies the signature, and a `FakeTransport`.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value by an unknown name gives null")]

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

    // An operation in ROA style, addressed by method and path. `preview()` shows the request without sending it.
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

    // Errors are the same as of typed calls.
    match cdn.generic_call("DescribeSomethingNew").await {
        Err(error) => println!("\n{error}"),
        Ok(_) => return Err("the fake service should not know this operation".into()),
    }
    assert_eq!(cluster["size"], 3);
    Ok(())
}
