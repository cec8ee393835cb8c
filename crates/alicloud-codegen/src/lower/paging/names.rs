//! The names of page parameters and of the response fields that tell about the next page.
//!
//! All names are compared in lower case, without punctuation.

use crate::names::singular;

pub(super) const NUMBERS: &[&str] = &[
    "pagenumber",
    "currentpage",
    "pageno",
    "pagenum",
    "pageindex",
    "page",
    "pagenumbers",
    "currentpagenumber",
    "currentpagenum",
    "currentpageno",
    "currentpageindex",
    "currpage",
    "curpage",
    "nowpage",
    "pageidx",
    "startpage",
];

/// Names that mean a page number only beside a page size.
pub(super) const WEAK_NUMBERS: &[&str] = &["current", "pagestart", "pn"];

pub(super) const OFFSETS: &[&str] =
    &["offset", "pageoffset", "startoffset", "startindex", "startrow", "startrownum", "skip"];

/// Names that mean an offset only beside a page size.
pub(super) const WEAK_OFFSETS: &[&str] = &["start", "startpos", "startposition", "from", "begin"];

pub(super) const SIZES: &[&str] = &[
    "pagesize",
    "maxresults",
    "maxresult",
    "limit",
    "size",
    "maxitems",
    "maxitem",
    "maxkeys",
    "maxentries",
    "maxrecords",
    "maxrecordsperpage",
    "maxnum",
    "pagelimit",
    "perpage",
    "countperpage",
    "onepagesize",
    "maximumpagesize",
    "pagecount",
    "rows",
    "line",
    "length",
];

/// Names of page sizes that belong to tokens, beside one of page numbers.
pub(super) const TOKEN_SIZES: &[&str] =
    &["maxresults", "maxresult", "maxitems", "maxitem", "maxkeys", "maxentries"];

pub(super) const RESPONSE_SIZES: &[&str] =
    &["pagesize", "maxresults", "maxresult", "perpage", "pagelimit", "limit"];

/// Names of totals, the clearest first.
const TOTALS: &[&str] = &[
    "totalcount",
    "totalrecordcount",
    "totalitems",
    "totalitemcount",
    "totalitemnum",
    "totalnum",
    "totalnumber",
    "totalrecords",
    "totalrecord",
    "totalresults",
    "totalresult",
    "totalcnt",
    "totalrows",
    "totalrow",
    "totalelements",
    "totalentries",
    "totalhits",
    "total",
    "xtotalcount",
    "alltotal",
    "allcount",
    "recordtotal",
    "recordstotal",
    "itemtotal",
    "rowtotal",
    "totalsize",
];

/// The lowest rank of a name that can mean the items of this page as well.
pub(super) const AMBIGUOUS_TOTAL: usize = 1_000;

pub(super) const PAGE_COUNTS: &[&str] = &[
    "totalpages",
    "totalpage",
    "totalpagecount",
    "totalpagenum",
    "totalpagenumber",
    "totalpagenumbers",
    "pagetotal",
];

pub(super) const FLAGS: &[&str] = &[
    "hasmore",
    "hasnext",
    "hasnextpage",
    "istruncated",
    "truncated",
    "ismore",
    "hasmorepage",
    "hasmorepages",
    "hasmoreresults",
    "hasmoredata",
    "more",
];

/// Returns a name in lower case without punctuation.
pub(in crate::lower) fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// Returns whether a parameter of this name selects a page, whatever the response has.
pub(super) fn is_page_parameter(name: &str) -> bool {
    is_page_number(name) || OFFSETS.contains(&name) || is_page_token(name)
}

/// Returns whether a name means a page number: one of [`NUMBERS`], or such as `QueryPageNo`.
pub(super) fn is_page_number(name: &str) -> bool {
    let suffixes = ["pageno", "pagenum", "pagenumber", "pageindex", "pageidx"];
    NUMBERS.contains(&name) || suffixes.iter().any(|suffix| name.ends_with(suffix))
}

/// Returns whether a name means a page token, and no other token.
fn is_page_token(name: &str) -> bool {
    let is_qualified = ["next", "page", "paging", "pagination", "continuation", "scroll", "start"]
        .iter()
        .any(|part| name.contains(part));
    match name {
        "marker" | "cursor" | "scrollid" => true,
        _ => is_qualified && is_token(name),
    }
}

/// Returns whether a name can mean the position of a page, which only a response field of the same name
/// or with `next` before it confirms: `LastId`, `SearchAfter`, `StartingToken`, `NextKey`.
pub(super) fn is_position(name: &str) -> bool {
    const FIRST: [&str; 9] =
        ["after", "exclusivestart", "from", "last", "next", "search", "since", "start", "starting"];
    const LAST: [&str; 10] = [
        "after", "cursor", "id", "iterator", "key", "marker", "position", "rowkey", "seq", "token",
    ];
    FIRST.iter().any(|first| {
        name.strip_prefix(first).is_some_and(|rest| LAST.iter().any(|last| rest.ends_with(last)))
    })
}

/// Returns whether a parameter and a response field can be a token and the next one, if something else
/// tells that there are pages.
pub(super) fn can_be_token(parameter: &str, field: &str) -> bool {
    let is_same = field.strip_prefix("next").unwrap_or(field) == parameter;
    is_same && (parameter == "token" || is_position(parameter))
}

fn is_token(name: &str) -> bool {
    ["token", "marker", "cursor"].iter().any(|suffix| name.ends_with(suffix))
}

/// Returns how well a parameter and a response field match as a token and the token for the next page,
/// 0 being best.
pub(super) fn token_rank(parameter: &str, field: &str, has_size: bool) -> Option<usize> {
    if is_page_number(parameter) || OFFSETS.contains(&parameter) {
        return None;
    }
    let base = parameter.strip_prefix("next").unwrap_or(parameter);
    let is_cursor = is_token(base)
        || ["key", "position", "iterator"].iter().any(|suffix| base.ends_with(suffix));
    if field.strip_prefix("next") == Some(base) && is_cursor {
        return Some(0);
    }
    let is_page_token = is_page_token(parameter);
    if field == parameter && (is_page_token || (parameter == "token" && has_size)) {
        return Some(1);
    }
    // `PageToken` and `NextPage`, `NextToken` and `NextPageToken`.
    let is_next = field.starts_with("next") && is_token(field);
    if is_next && (is_page_token || parameter == "token") {
        return Some(2);
    }
    (is_page_token && is_page_token_field(field)).then_some(3)
}

fn is_page_token_field(field: &str) -> bool {
    is_page_token(field) && field != "marker"
}

/// Returns how clearly a response field is the number of items of all pages, 0 being clearest. `lists`
/// are the names of the list.
pub(super) fn total_rank(name: &str, lists: &[String]) -> Option<usize> {
    if let Some(rank) = TOTALS.iter().position(|total| *total == name) {
        return Some(rank);
    }
    let counts = ["count", "counts", "cnt", "num", "number", "nums", "numbers"];
    let counted =
        |name: &str| counts.iter().find_map(|suffix| name.strip_suffix(suffix).map(plain));
    let is_list = |noun: &str| {
        !noun.is_empty()
            && lists
                .iter()
                .any(|list| *list == noun || plain(&singular(list)) == plain(&singular(noun)))
    };
    if let Some(rest) = name.strip_prefix("total").filter(|rest| !rest.contains("page")) {
        if is_list(rest) {
            return Some(TOTALS.len());
        }
        if counted(rest).is_some() {
            return Some(TOTALS.len() + 1);
        }
    }
    if name == "count" {
        return Some(AMBIGUOUS_TOTAL);
    }
    let noun = counted(name)?;
    let is_item = matches!(noun.as_str(), "record" | "item" | "result" | "row" | "data");
    (is_item || is_list(&noun)).then_some(AMBIGUOUS_TOTAL + 1)
}

/// Returns whether a response field is certainly a total or the token for the next page.
pub(super) fn is_clear_counterpart(name: &str) -> bool {
    TOTALS.contains(&name) || (is_page_token(name) && name != "marker")
}

/// Returns whether the name of an operation contains that of a list, in singular.
pub(super) fn is_in_name(operation: &str, list: &str) -> bool {
    let list = plain(&singular(list));
    list.len() > 2 && plain(operation).contains(list.as_str())
}

/// Returns whether an operation is named after a list: `ListRules` after `Rules` or `RuleList`.
pub(super) fn is_named_after(operation: &str, list: &str) -> bool {
    let (operation, list) = (plain(operation), plain(&singular(list)));
    let operation = singular(&operation);
    list.len() > 2 && operation.len() > list.len() && operation.ends_with(list.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_a_counterpart() {
        for (parameter, field, rank) in [
            ("nexttoken", "nexttoken", Some(0)),
            ("marker", "nextmarker", Some(0)),
            ("marker", "marker", Some(1)),
            ("startkey", "nextstartkey", Some(0)),
            ("token", "nexttoken", Some(0)),
            ("token", "token", None),
            ("nexttoken", "nextpagetoken", Some(2)),
            ("clienttoken", "nexttoken", None),
            ("pagenumber", "nextpagenumber", None),
            ("starttime", "nextstarttime", None),
            ("pipelineid", "nextpipelineid", None),
        ] {
            assert_eq!(token_rank(parameter, field, false), rank, "{parameter} and {field}");
        }
        assert_eq!(token_rank("token", "token", true), Some(1));
    }

    #[test]
    fn totals_count_items() {
        let lists = ["instances".to_owned()];
        for (name, is_total, is_ambiguous) in [
            ("totalcount", true, false),
            ("totalinstances", true, false),
            ("totalacknum", true, false),
            ("count", true, true),
            ("instancecount", true, true),
            ("totalpagecount", false, false),
            ("pagerecordcount", false, false),
            ("totalmemory", false, false),
        ] {
            let rank = total_rank(name, &lists);
            assert_eq!(rank.is_some(), is_total, "{name}");
            assert_eq!(rank.is_some_and(|rank| rank >= AMBIGUOUS_TOTAL), is_ambiguous, "{name}");
        }
    }

    #[test]
    fn operations_are_named_after_their_list() {
        assert!(is_named_after("ListRules", "Rules") && is_named_after("ListRules", "RuleList"));
        assert!(is_named_after("GetListenerHealthStatus", "ListenerHealthStatus"));
        assert!(!is_named_after("ListRules", "Tags"));
    }
}
