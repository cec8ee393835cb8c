//! The format of responses.

/// The format of responses. Both formats decode to the same values.
///
/// # Examples
///
/// ```
/// use alicloud_core::Format;
///
/// assert_eq!(Format::default(), Format::Json);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// XML.
    Xml,
}

impl Format {
    /// Returns the value of the request parameter `Format`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Format;
    ///
    /// assert_eq!(Format::Xml.as_str(), "XML");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Json => "JSON",
            Format::Xml => "XML",
        }
    }
}
