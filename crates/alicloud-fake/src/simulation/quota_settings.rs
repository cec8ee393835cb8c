//! The quotas of a simulation.

use super::settings::Simulation;

impl Simulation {
    /// Sets the quota of files and cache tags per day. Defaults to 10,000. Days start at 00:00
    /// UTC+8.
    #[must_use]
    pub fn daily_files(mut self, limit: u64) -> Self {
        self.daily_files = limit;
        self
    }

    /// Sets the quota of directories per day. Defaults to 100.
    #[must_use]
    pub fn daily_directories(mut self, limit: u64) -> Self {
        self.daily_directories = limit;
        self
    }

    /// Sets the quota of regular expressions per day. Defaults to 20.
    #[must_use]
    pub fn daily_regexes(mut self, limit: u64) -> Self {
        self.daily_regexes = limit;
        self
    }

    /// Sets the quota of refreshes that ignore the URL's parameters per day. Defaults to 100.
    #[must_use]
    pub fn daily_ignore_params(mut self, limit: u64) -> Self {
        self.daily_ignore_params = limit;
        self
    }

    /// Sets the quota of preloads per day. Defaults to 1,000.
    #[must_use]
    pub fn daily_preloads(mut self, limit: u64) -> Self {
        self.daily_preloads = limit;
        self
    }

    /// Sets the quota of files per domain and minute. Defaults to 10,000. Minutes are those of the
    /// clock: the quota is reset at second 0.
    #[must_use]
    pub fn files_per_minute(mut self, limit: u64) -> Self {
        self.files_per_minute = limit;
        self
    }
}
