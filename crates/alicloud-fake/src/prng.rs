//! Numbers that look like chance and are the same in every run.

/// FNV-1a.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// A number for these texts and their order.
pub(crate) fn of(texts: &[&str]) -> u64 {
    let mut hash = OFFSET;
    for text in texts {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    }
    hash
}

/// The number of this one in the sequence of `seed`: between 0 and 1, and never 1.
pub(crate) fn share(seed: u64, number: u64) -> f64 {
    // SplitMix64: neighbours come out far apart.
    let mut z = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    let upper = u32::try_from(z >> 32).unwrap_or(u32::MAX);
    f64::from(upper) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_spread_and_repeat() {
        let low = (0..10_000).filter(|number| share(7, *number) < 0.25).count();
        assert!((2_300..2_700).contains(&low), "{low}");
        assert!((0..10_000).all(|number| (0.0..1.0).contains(&share(7, number))));
        assert!(share(7, 1) == share(7, 1) && share(7, 1) != share(8, 1));
    }

    #[test]
    fn texts_are_not_joined() {
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a", ""]), of(&["a"]));
    }
}
