//! How an answer gets to the client, or does not.

/// What became of an answer on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// It was sent as a whole.
    Whole,
    /// The connection was closed after so many bytes of the body.
    Cut(usize),
    /// The connection was reset instead.
    Reset,
    /// Nothing was sent, and the connection left open.
    Silent,
}
