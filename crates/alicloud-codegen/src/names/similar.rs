//! Names similar to one that does not exist.

/// Returns the names that are similar to one, the most similar first, at most three.
///
/// A name is similar if a third of its characters differ at most, or if one contains the other; the case does not
/// count.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::names::similar;
///
/// let names = ["DescribeInstances", "DescribeImages", "StartInstance"];
/// assert_eq!(similar("DescribInstance", names), ["DescribeInstances"]);
/// assert!(similar("Sts", names).is_empty());
/// ```
pub fn similar<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    const MAX_NAMES: usize = 3;
    let name = name.to_ascii_lowercase();
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|other| {
            let candidate = other.to_ascii_lowercase();
            let distance = distance(&name, &candidate);
            let is_close = distance <= (name.len().min(candidate.len()) / 3).max(1);
            let shorter = name.len().min(candidate.len());
            let is_part = shorter >= 3 && (candidate.contains(&name) || name.contains(&candidate));
            (is_close || is_part).then_some((distance, other))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().take(MAX_NAMES).map(|(_, name)| name).collect()
}

/// Returns the advice for a name that does not exist: `; did you mean "Ecs"?`, or nothing.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::names::suggestion;
///
/// assert_eq!(suggestion("Esc", ["Ecs", "Sts"]), "; did you mean \"Ecs\"?");
/// assert_eq!(suggestion("Cdn", ["Vpc"]), "");
/// ```
pub fn suggestion<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> =
        similar(name, names).into_iter().map(|name| format!("{name:?}")).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("; did you mean {}?", names.join(" or ")),
    }
}

/// Returns how many characters have to be added, removed, replaced or swapped with the next.
fn distance(left: &str, right: &str) -> usize {
    /// Longer names are cut: the names of a description can be of any length.
    const MAX_LENGTH: usize = 128;
    let left: Vec<char> = left.chars().take(MAX_LENGTH).collect();
    let right: Vec<char> = right.chars().take(MAX_LENGTH).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, b) in right.iter().enumerate() {
            let value =
                |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX);
            let replaced = value(&last, column) + usize::from(a != b);
            let changed = value(&last, column + 1).min(value(&current, column)) + 1;
            let is_swapped = row > 0
                && column > 0
                && left.get(row - 1) == Some(b)
                && right.get(column - 1) == Some(a);
            let swapped = match is_swapped {
                true => value(&before_last, column - 1) + 1,
                false => usize::MAX,
            };
            current.push(replaced.min(changed).min(swapped));
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or_default()
}
