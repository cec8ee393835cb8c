//! Endpoints that the configuration sets instead of those of the product.

use std::collections::BTreeMap;

use crate::product::{EndpointText, product_key};

/// An endpoint with the setting that it comes from, for messages.
#[derive(Clone, Debug)]
pub(crate) struct EndpointOverride {
    pub(crate) endpoint: EndpointText,
    /// Such as `ALIBABA_CLOUD_ECS_ENDPOINT`; `None` if the program set it.
    pub(crate) origin: Option<String>,
}

/// Endpoints that the configuration sets, and what an error about a missing endpoint adds.
#[derive(Clone, Debug, Default)]
pub(crate) struct EndpointOverrides {
    /// By [`product_key`].
    products: BTreeMap<String, EndpointOverride>,
    all_products: Option<EndpointOverride>,
    /// Why the file with the region and the endpoints was not read.
    problem: Option<String>,
}

impl EndpointOverrides {
    /// Sets the endpoint of a product.
    pub(super) fn set(&mut self, product: &str, endpoint: String) {
        let chosen = EndpointOverride { endpoint: EndpointText(endpoint), origin: None };
        self.products.insert(product_key(product), chosen);
    }

    /// Adds endpoints with a lower priority than those that are set.
    pub(super) fn complete(&mut self, other: EndpointOverrides) {
        for (key, endpoint) in other.products {
            self.products.entry(key).or_insert(endpoint);
        }
        if self.all_products.is_none() {
            self.all_products = other.all_products;
        }
        self.problem = self.problem.take().or(other.problem);
    }

    /// Adds the endpoint of a product, unless there is one.
    pub(super) fn add_product(&mut self, product: &str, endpoint: String, origin: String) {
        let other = EndpointOverride { endpoint: EndpointText(endpoint), origin: Some(origin) };
        self.products.entry(product_key(product)).or_insert(other);
    }

    /// Adds the endpoint of all other products, unless there is one.
    pub(super) fn add_for_all(&mut self, endpoint: String, origin: String) {
        let other = EndpointOverride { endpoint: EndpointText(endpoint), origin: Some(origin) };
        self.all_products.get_or_insert(other);
    }

    pub(super) fn is_set_for_all(&self) -> bool {
        self.all_products.is_some()
    }

    pub(super) fn set_problem(&mut self, problem: String) {
        self.problem = Some(problem);
    }

    /// Returns the endpoint for a product, by its code.
    pub(crate) fn find(&self, product: &str) -> Option<&EndpointOverride> {
        self.products.get(&product_key(product)).or(self.all_products.as_ref())
    }

    pub(crate) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }
}
