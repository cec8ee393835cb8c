//! What a generated crate states: the product, its operations and its endpoints.

mod definition;
mod endpoint;
mod kind;
mod operation;
mod region;

pub use self::definition::Product;
pub(crate) use self::endpoint::{Endpoint, EndpointText, product_key};
pub use self::kind::{ApiStyle, Idempotency, ResponseKind};
pub use self::operation::Operation;
pub(crate) use self::region::check_region;
