//! What a request says about its signature.

/// The fields of a request that authenticate it, unverified.
pub(super) struct AuthFields {
    pub(super) access_key_id: String,
    pub(super) security_token: Option<String>,
    pub(super) timestamp: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) scheme: SchemeFields,
}

/// The fields that only one scheme has.
pub(super) enum SchemeFields {
    Acs3(Authorization),
    Rpc,
    Roa { signature: String },
}

/// The `Authorization` header.
pub(super) struct Authorization {
    pub(super) access_key_id: String,
    /// In lower case, sorted, without duplicates.
    pub(super) signed_headers: Vec<String>,
    pub(super) signature: String,
}
