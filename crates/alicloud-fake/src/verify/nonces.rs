//! Nonces that have been used, for as long as a replay could still pass.

use std::collections::{HashMap, VecDeque};
use std::time::SystemTime;

type Key = (String, String);

#[derive(Default)]
pub(crate) struct Nonces {
    used: HashMap<Key, SystemTime>,
    /// In the order they came, which is nearly the order in which they end.
    order: VecDeque<Key>,
}

impl Nonces {
    /// True when this access key uses the nonce for the first time; it then stays taken `until`.
    pub(crate) fn claim(
        &mut self,
        access_key_id: String,
        nonce: String,
        until: SystemTime,
        now: SystemTime,
    ) -> bool {
        self.forget_before(now);
        let key = (access_key_id, nonce);
        if self.used.get(&key).is_some_and(|end| *end >= now) {
            return false;
        }
        self.order.push_back(key.clone());
        self.used.insert(key, until);
        true
    }

    fn forget_before(&mut self, now: SystemTime) {
        while let Some(oldest) = self.order.front() {
            if self.used.get(oldest).is_some_and(|end| *end >= now) {
                break;
            }
            self.used.remove(oldest);
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn at(second: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(second)
    }

    fn claim(nonces: &mut Nonces, key: &str, nonce: &str, now: u64) -> bool {
        nonces.claim(key.to_owned(), nonce.to_owned(), at(now + 10), at(now))
    }

    #[test]
    fn a_nonce_is_good_once_for_each_key() {
        let mut nonces = Nonces::default();
        assert!(claim(&mut nonces, "a", "n", 0));
        assert!(!claim(&mut nonces, "a", "n", 10));
        assert!(claim(&mut nonces, "b", "n", 10));
    }

    #[test]
    fn a_nonce_is_good_again_once_its_time_is_over() {
        let mut nonces = Nonces::default();
        assert!(claim(&mut nonces, "a", "n", 0));
        assert!(claim(&mut nonces, "a", "n", 11));
        assert!(!claim(&mut nonces, "a", "n", 12));
    }

    #[test]
    fn what_is_over_takes_no_room() {
        let mut nonces = Nonces::default();
        for second in 0..1000 {
            assert!(claim(&mut nonces, "a", &second.to_string(), second));
        }
        assert!(nonces.used.len() <= 11 && nonces.order.len() <= 11);
    }
}
