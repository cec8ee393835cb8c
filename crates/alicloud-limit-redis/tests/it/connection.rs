//! URLs, credentials, failures of the server, Sentinel and Cluster.

mod cluster;
mod failures;
mod hostile;
mod sentinel;
mod tls;
mod url;
