//! The program of `cargo xtask interop`.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    alicloud_interop::run().await
}
