//! Refreshes a file and a directory and waits until both are live. The README shows this program.

use alicloud_cdn::Client;
use alicloud_cdn_refresh::Plan;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?; // ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET
    let plan = Plan::refresh(["https://example.com/a.jpg", "https://example.com/static/"]);
    println!("{plan}"); // 1 file, 1 directory in 2 calls

    let report = plan.run(&client).await?; // submits both, then polls until both are live
    for object in report.not_live() {
        eprintln!("{object}"); // https://example.com/a.jpg: failed: Origin Timeout
    }
    println!("{report}"); // 2 of 2 live
    Ok(())
}
