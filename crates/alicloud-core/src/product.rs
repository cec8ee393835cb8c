//! What a generated crate states: the product, its operations and its endpoints.

mod endpoint;
mod operation;

pub(crate) use self::endpoint::{Endpoint, EndpointText};
pub use self::operation::{ApiStyle, Idempotency, Operation, Product, ResponseKind};
pub(crate) use self::operation::{GenericOperation, GenericProduct, OperationRef, ProductRef};
