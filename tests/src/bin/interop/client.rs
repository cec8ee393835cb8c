//! The clients that run the cases.

use crate::call::ClientCall;
use crate::call_result::ClientOutput;
use crate::driver::Driver;
use crate::our_client;

pub(crate) enum InteropClient {
    Ours,
    Official(Box<Driver>),
}

impl InteropClient {
    pub(crate) async fn call(&mut self, call: ClientCall<'_>) -> ClientOutput {
        match self {
            InteropClient::Ours => our_client::call(call).await,
            InteropClient::Official(driver) => driver.call(&call).await,
        }
    }
}
