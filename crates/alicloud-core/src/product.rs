//! What a generated crate states: the product, its operations and its endpoints.

mod called;
mod definition;
mod endpoint;
mod kind;
mod operation;

pub(crate) use self::called::{GenericOperation, GenericProduct, OperationRef, ProductRef};
pub use self::definition::Product;
pub(crate) use self::endpoint::{Endpoint, EndpointText};
pub use self::kind::{ApiStyle, Idempotency, ResponseKind};
pub use self::operation::Operation;
