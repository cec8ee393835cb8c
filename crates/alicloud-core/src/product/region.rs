//! Region ids.

/// Checks that a text can be a region id, such as `cn-hangzhou`. It becomes a part of host names.
///
/// # Errors
///
/// The reason, with a remedy.
pub(crate) fn check_region(region: &str) -> Result<(), String> {
    let is_valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_region = (1..=63).contains(&region.len())
        && region.bytes().all(is_valid)
        && !region.starts_with('-')
        && !region.ends_with('-');
    match is_region {
        true => Ok(()),
        false => Err(format!("the region {region:?} is invalid; write an id such as cn-hangzhou")),
    }
}
