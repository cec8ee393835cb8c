//! Converts names of a description to Rust names, and resolves keywords and collisions.

mod reserved;
mod scope;
mod similar;

use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};

pub use reserved::is_windows_device;
use reserved::{
    KEYWORDS, NEVER_RAW, RESERVED_PRODUCTS, RESERVED_STATICS, RESERVED_TYPES, is_reserved_module,
};
pub(crate) use scope::Scope;
pub use similar::{similar, suggestion};

/// Returns the name of a field: snake case, with `r#` for a keyword, never empty.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::names::snake;
///
/// assert_eq!((snake("URLDetails"), snake("Type")), ("url_details".into(), "r#type".into()));
/// ```
pub fn snake(name: &str) -> String {
    raw(&plain_snake(name))
}

/// Returns the name of a module, and of the method of an operation, which is not a name that the
/// layout uses itself. Without `r#` it is the name of the file.
pub(crate) fn module(name: &str) -> String {
    let name = plain_snake(name);
    if is_reserved_module(&name) { format!("{name}_") } else { raw(&name) }
}

/// Returns the part of the crate names that identifies a product: `-api` follows the name of a
/// runtime crate.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::names::crate_stem;
///
/// assert_eq!((crate_stem("R_kvstore"), crate_stem("Core")), ("r-kvstore".into(), "core-api".into()));
/// ```
pub fn crate_stem(product: &str) -> String {
    let stem = product.to_ascii_lowercase().replace(['_', '.'], "-");
    if RESERVED_PRODUCTS.contains(&stem.as_str()) { format!("{stem}-api") } else { stem }
}

/// Returns [`snake`] without the `r#`.
pub(crate) fn plain_snake(name: &str) -> String {
    let name = ascii_identifier(name).to_snake_case();
    match name.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) => name,
    }
}

fn raw(name: &str) -> String {
    if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else if NEVER_RAW.contains(&name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// Returns the name of a variant: upper camel case, never empty, never `Self`.
pub(crate) fn camel(name: &str) -> String {
    let name = ascii_identifier(name).to_upper_camel_case();
    match name.chars().next() {
        None => "Unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) if name == "Self" => "Self_".to_owned(),
        Some(_) => name,
    }
}

/// Returns the name of a type: like [`camel`], and `Type404` for `404`, because a module can have the
/// name `_404`.
pub(crate) fn type_name(name: &str) -> String {
    after_prefix("Type", camel(name))
}

/// Replaces the underscore before a digit with a readable prefix.
fn after_prefix(prefix: &str, name: String) -> String {
    match name.strip_prefix('_') {
        Some(rest) => format!("{prefix}{rest}"),
        None => name,
    }
}

/// Returns whether generated code itself uses a type of this name.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED_TYPES.contains(&name)
}

/// Returns the type name of an operation, spelled like in the documentation so that a search finds it.
pub(crate) fn operation(name: &str) -> String {
    let mut characters = name.chars();
    match characters.next() {
        Some(first)
            if name.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && first.is_ascii_alphabetic() =>
        {
            first.to_ascii_uppercase().to_string() + characters.as_str()
        }
        _ => after_prefix("Operation", camel(name)),
    }
}

/// Returns the name of the static item of an operation.
pub(crate) fn operation_static(name: &str) -> String {
    let name = shouty(name);
    if RESERVED_STATICS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// Returns the name of a constant.
pub(crate) fn shouty(name: &str) -> String {
    let name = ascii_identifier(name).to_shouty_snake_case();
    match name.chars().next() {
        None => "UNNAMED".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("CODE_{name}"),
        Some(_) => name,
    }
}

/// Replaces every character that identifiers cannot contain with an underscore, a word boundary.
fn ascii_identifier(name: &str) -> String {
    name.chars()
        .map(|character| if character.is_ascii_alphanumeric() { character } else { '_' })
        .collect()
}

/// Returns the name of an item of a list: `Task` for `Tasks`.
pub(crate) fn singular(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if let Some(stem) = name.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    for suffix in ["sses", "xes", "ches", "shes"] {
        if lower.ends_with(suffix) {
            return name.get(..name.len() - 2).unwrap_or(name).to_owned();
        }
    }
    let is_singular = ["ss", "us", "is", "ws"].iter().any(|suffix| lower.ends_with(suffix));
    match name.strip_suffix(['s', 'S']).filter(|stem| !is_singular && stem.len() > 1) {
        Some(stem) => stem.to_owned(),
        None if lower.ends_with("list") && lower.len() > 4 => {
            name.get(..name.len() - 4).unwrap_or(name).to_owned()
        }
        None => name.to_owned(),
    }
}

/// Returns whether a product name or version can be part of crate and folder names.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::names::is_plain;
///
/// assert!(is_plain("R-kvstore") && is_plain("2015-01-01"));
/// assert!(!is_plain("../Ecs") && !is_plain(""));
/// ```
pub fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && !name.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_snake_case_and_keywords_are_raw() {
        for (wire, rust) in [
            ("TaskId", "task_id"),
            ("URLDetails", "url_details"),
            ("type", "r#type"),
            ("Match", "r#match"),
            ("self", "self_"),
            ("crate", "crate_"),
            ("X-Total-Count", "x_total_count"),
            ("405Pv", "_405pv"),
            ("NameDesc.En", "name_desc_en"),
            ("__topic__", "topic"),
            ("_", "unnamed"),
            ("例子", "unnamed"),
            ("*", "unnamed"),
        ] {
            assert_eq!(snake(wire), rust, "{wire}");
        }
    }

    #[test]
    fn types_are_camel_case_and_reserved_names_are_known() {
        assert_eq!(camel("CDNTask"), "CdnTask");
        assert_eq!(camel("SELF"), "Self_");
        assert_eq!(camel("8Core64GB"), "_8core64Gb");
        assert_eq!(operation("createInstance"), "CreateInstance");
        assert_eq!(operation("DescribeDNSSLBSubDomains"), "DescribeDNSSLBSubDomains");
        assert!(is_reserved("Vec"));
    }

    #[test]
    fn names_of_the_layout_and_of_windows_devices_are_reserved() {
        for (wire, rust) in [
            ("Lib", "lib_"),
            ("LIB", "lib_"),
            ("Mod", "mod_"),
            ("ErrorCode", "error_code_"),
            ("Types", "types_"),
            ("FromEnv", "from_env_"),
            ("Std", "std_"),
            ("AlicloudCore", "alicloud_core_"),
            ("Aux", "aux_"),
            ("CON", "con_"),
            ("Com0", "com0_"),
            ("LPT9", "lpt9_"),
            ("Com", "com"),
            ("Com10", "com10"),
            ("Lpt", "lpt"),
            ("Auxiliary", "auxiliary"),
            ("Library", "library"),
            ("Fn", "r#fn"),
            ("Self", "self_"),
            ("404", "_404"),
        ] {
            assert_eq!(module(wire), rust, "{wire}");
        }
        assert_eq!(operation_static("Product"), "PRODUCT_");
        assert_eq!(operation_static("GetProduct"), "GET_PRODUCT");
        assert_eq!(crate_stem("Core"), "core-api");
        assert_eq!(crate_stem("R_kvstore"), "r-kvstore");
    }

    #[test]
    fn a_type_does_not_start_with_a_digit_or_an_underscore() {
        assert_eq!(type_name("404"), "Type404");
        assert_eq!(type_name("3DModel"), "Type3dModel");
        assert_eq!(type_name("_x"), "X");
        assert_eq!(operation("404"), "Operation404");
    }

    #[test]
    fn an_item_is_named_after_its_list() {
        for (list, item) in [
            ("Tasks", "Task"),
            ("Policies", "Policy"),
            ("Addresses", "Address"),
            ("Status", "Status"),
            ("TagList", "Tag"),
            ("Boxes", "Box"),
            ("Ips", "Ip"),
            ("s", "s"),
            ("List", "List"),
            ("Data", "Data"),
        ] {
            assert_eq!(singular(list), item, "{list}");
        }
    }

    #[test]
    fn a_duplicate_name_gets_a_number() {
        let mut scope = Scope::with_names(&["new"]);
        assert_eq!(scope.claim("new"), "new_2");
        assert_eq!(scope.claim("key"), "key");
        assert_eq!(scope.claim("key"), "key_2");
        assert_eq!(scope.claim("r#type"), "r#type");
        assert_eq!(scope.claim("r#type"), "type_2");
        assert_eq!(scope.claim("Task"), "Task");
        assert_eq!(scope.claim("Task"), "Task2");
    }

    #[test]
    fn a_path_is_not_a_plain_name() {
        assert!(is_plain("R-kvstore") && is_plain("iap_1.0"));
        assert!(
            !is_plain("../../x")
                && !is_plain("")
                && !is_plain("/x")
                && !is_plain(".x")
                && !is_plain("a b")
        );
    }
}
