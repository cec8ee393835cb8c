//! The operation of a call: a constant of a generated crate, or one described at run time.
//!
//! A call borrows the constant and shares the run-time description; the rest of the crate sees no
//! difference.

use std::sync::Arc;

use super::definition::Product;
use super::kind::{ApiStyle, Idempotency, ResponseKind};
use super::operation::Operation;

/// The operation of a call.
#[derive(Clone)]
pub(crate) enum OperationRef {
    Static(&'static Operation),
    Generic(Arc<GenericOperation>),
}

/// An operation described at run time.
#[derive(Clone)]
pub(crate) struct GenericOperation {
    pub(crate) product: ProductRef,
    pub(crate) name: String,
    pub(crate) style: ApiStyle,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) anonymous: bool,
    pub(crate) idempotency: Idempotency,
    pub(crate) rate_per_second: Option<u32>,
}

/// The product of a client.
#[derive(Clone)]
pub(crate) enum ProductRef {
    Static(&'static Product),
    Generic(Arc<GenericProduct>),
}

/// A product named at run time. It has no table of endpoints.
pub(crate) struct GenericProduct {
    pub(crate) code: String,
    pub(crate) version: String,
}

impl ProductRef {
    pub(crate) fn code(&self) -> &str {
        match self {
            ProductRef::Static(product) => product.code(),
            ProductRef::Generic(product) => &product.code,
        }
    }

    pub(crate) fn version(&self) -> &str {
        match self {
            ProductRef::Static(product) => product.version(),
            ProductRef::Generic(product) => &product.version,
        }
    }

    /// Returns the product whose endpoints apply; one without endpoints for a generic product.
    pub(crate) fn endpoint_table(&self) -> &'static Product {
        const NO_ENDPOINTS: Product = Product::new("", "");
        match self {
            ProductRef::Static(product) => product,
            ProductRef::Generic(_) => &NO_ENDPOINTS,
        }
    }
}

impl OperationRef {
    pub(crate) fn product(&self) -> ProductRef {
        match self {
            OperationRef::Static(operation) => ProductRef::Static(operation.product()),
            OperationRef::Generic(operation) => operation.product.clone(),
        }
    }

    pub(crate) fn product_code(&self) -> &str {
        match self {
            OperationRef::Static(operation) => operation.product().code(),
            OperationRef::Generic(operation) => operation.product.code(),
        }
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn version(&self) -> &str {
        match self {
            OperationRef::Static(operation) => operation.product().version(),
            OperationRef::Generic(operation) => operation.product.version(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            OperationRef::Static(operation) => operation.name(),
            OperationRef::Generic(operation) => &operation.name,
        }
    }

    pub(crate) fn style(&self) -> ApiStyle {
        match self {
            OperationRef::Static(operation) => operation.style(),
            OperationRef::Generic(operation) => operation.style,
        }
    }

    pub(crate) fn method(&self) -> &str {
        match self {
            OperationRef::Static(operation) => operation.method(),
            OperationRef::Generic(operation) => &operation.method,
        }
    }

    pub(crate) fn path(&self) -> &str {
        match self {
            OperationRef::Static(operation) => operation.path(),
            OperationRef::Generic(operation) => &operation.path,
        }
    }

    pub(crate) fn is_anonymous(&self) -> bool {
        match self {
            OperationRef::Static(operation) => operation.is_anonymous(),
            OperationRef::Generic(operation) => operation.anonymous,
        }
    }

    pub(crate) fn idempotency(&self) -> Idempotency {
        match self {
            OperationRef::Static(operation) => operation.idempotency(),
            OperationRef::Generic(operation) => operation.idempotency,
        }
    }

    pub(crate) fn rate_per_second(&self) -> Option<u32> {
        match self {
            OperationRef::Static(operation) => operation.rate_per_second(),
            OperationRef::Generic(operation) => operation.rate_per_second,
        }
    }

    pub(crate) fn response_kind(&self) -> ResponseKind {
        match self {
            OperationRef::Static(operation) => operation.response_kind(),
            OperationRef::Generic(_) => ResponseKind::Structured,
        }
    }
}
