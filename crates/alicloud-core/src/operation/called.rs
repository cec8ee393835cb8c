//! What is called: an operation of a generated crate, or one that is described while the program runs.
//!
//! The first is a constant, and a call holds a reference to it. The second is text that somebody owns,
//! so a call shares it. The rest of the crate sees no difference.

use std::sync::Arc;

use super::{ApiStyle, Idempotency, Operation, Product, ResponseKind};

/// The operation of a call.
#[derive(Clone)]
pub(crate) enum Called {
    Described(&'static Operation),
    Any(Arc<AnyOperation>),
}

/// An operation that is described while the program runs.
#[derive(Clone)]
pub(crate) struct AnyOperation {
    pub(crate) product: OfProduct,
    pub(crate) name: String,
    pub(crate) style: ApiStyle,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) anonymous: bool,
    pub(crate) idempotency: Idempotency,
    pub(crate) rate: Option<u32>,
}

/// The product of a client.
#[derive(Clone)]
pub(crate) enum OfProduct {
    Described(&'static Product),
    Any(Arc<AnyProduct>),
}

/// A product that is named while the program runs. It has no table of endpoints.
pub(crate) struct AnyProduct {
    pub(crate) code: String,
    pub(crate) version: String,
}

impl OfProduct {
    pub(crate) fn code(&self) -> &str {
        match self {
            OfProduct::Described(product) => product.code(),
            OfProduct::Any(product) => &product.code,
        }
    }

    pub(crate) fn version(&self) -> &str {
        match self {
            OfProduct::Described(product) => product.version(),
            OfProduct::Any(product) => &product.version,
        }
    }

    /// Where its endpoints are.
    pub(crate) fn described(&self) -> &'static Product {
        const NOWHERE: Product = Product::new("", "");
        match self {
            OfProduct::Described(product) => product,
            OfProduct::Any(_) => &NOWHERE,
        }
    }
}

impl Called {
    pub(crate) fn product(&self) -> OfProduct {
        match self {
            Called::Described(operation) => OfProduct::Described(operation.product()),
            Called::Any(operation) => operation.product.clone(),
        }
    }

    pub(crate) fn product_code(&self) -> &str {
        match self {
            Called::Described(operation) => operation.product().code(),
            Called::Any(operation) => operation.product.code(),
        }
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn version(&self) -> &str {
        match self {
            Called::Described(operation) => operation.product().version(),
            Called::Any(operation) => operation.product.version(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Called::Described(operation) => operation.name(),
            Called::Any(operation) => &operation.name,
        }
    }

    pub(crate) fn style(&self) -> ApiStyle {
        match self {
            Called::Described(operation) => operation.style(),
            Called::Any(operation) => operation.style,
        }
    }

    pub(crate) fn method(&self) -> &str {
        match self {
            Called::Described(operation) => operation.method(),
            Called::Any(operation) => &operation.method,
        }
    }

    pub(crate) fn path(&self) -> &str {
        match self {
            Called::Described(operation) => operation.path(),
            Called::Any(operation) => &operation.path,
        }
    }

    pub(crate) fn is_anonymous(&self) -> bool {
        match self {
            Called::Described(operation) => operation.is_anonymous(),
            Called::Any(operation) => operation.anonymous,
        }
    }

    pub(crate) fn idempotency(&self) -> Idempotency {
        match self {
            Called::Described(operation) => operation.idempotency(),
            Called::Any(operation) => operation.idempotency,
        }
    }

    pub(crate) fn rate_per_second(&self) -> Option<u32> {
        match self {
            Called::Described(operation) => operation.rate_per_second(),
            Called::Any(operation) => operation.rate,
        }
    }

    pub(crate) fn response_kind(&self) -> ResponseKind {
        match self {
            Called::Described(operation) => operation.response_kind(),
            Called::Any(_) => ResponseKind::Structured,
        }
    }
}
