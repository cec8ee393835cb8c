{{ header }}
//! The client.

use alicloud_core::{ClientBuilder, GenericCall};

use crate::PRODUCT;

/// A client of {{ product.title_in_docs() }}.
///
/// Cheap to clone: the clones share connections and credentials. Every operation is a method that
/// takes a request and returns a [`Call`](alicloud_core::Call), which is sent when it is awaited.
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) core: alicloud_core::Client,
}

impl Client {
    /// A client with the credentials of the environment and the defaults of
    /// [`builder`](Self::builder).
    ///
    /// # Errors
    ///
    /// When the default transport cannot be set up. Missing credentials show on the first call.
    #[cfg(feature = "transport")]
    pub fn from_env() -> Result<Self, crate::Error> {
        Self::builder().build()
    }

    /// A client to be set up: credentials, region or endpoint, timeouts, transport.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(&PRODUCT)
    }

    /// A call of an operation that this crate does not have, signed, repeated and limited like every
    /// other. Parameters go in by name, and JSON comes out.
    pub fn generic_call(&self, operation: impl Into<String>) -> GenericCall {
        self.core.generic_call(operation)
    }

    /// The runtime under this client: batches, waits and streams of any operation.
    pub fn core(&self) -> &alicloud_core::Client {
        &self.core
    }
}

impl From<alicloud_core::Client> for Client {
    fn from(core: alicloud_core::Client) -> Self {
        Client { core }
    }
}
