//! URLs, credentials, failures of the server, Sentinel and Cluster.

mod cluster;
mod failures;
mod sentinel;
mod tls;
mod url;
