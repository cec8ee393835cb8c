//! The types that are decoded: models of CDN, models with obstacles, and a recursive record.

use std::collections::BTreeMap;
use std::fmt::Debug;

use alicloud_wire::{Bytes, Node, Percent, Secret, Timestamp, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What the checks need of a type.
pub trait Decode: Node + Default + PartialEq + Debug + Serialize + DeserializeOwned {
    /// Decodes JSON strictly, without our decoder, if this type can.
    fn strict(_: &[u8]) -> Option<Self> {
        None
    }
}

/// Calls a generic check with each type as one entry of a table.
macro_rules! for_each_type {
    ($check:ident) => {
        &[
            $check::<$crate::types::Tree>,
            $check::<alicloud_cdn_model::DescribeCdnUserQuotaResponse>,
            $check::<alicloud_cdn_model::DescribePreloadDetailByIdResponse>,
            $check::<alicloud_cdn_model::DescribeRefreshQuotaResponse>,
            $check::<alicloud_cdn_model::DescribeRefreshTaskByIdResponse>,
            $check::<alicloud_cdn_model::DescribeRefreshTasksResponse>,
            $check::<alicloud_cdn_model::PushObjectCacheResponse>,
            $check::<alicloud_lists_model::DescribeByTextResponse>,
            $check::<alicloud_lists_model::QueryByStructResponse>,
            $check::<alicloud_obstacle_model::EnumsResponse>,
            $check::<alicloud_obstacle_model::HostileTextResponse>,
            $check::<alicloud_obstacle_model::ListsResponse>,
            $check::<alicloud_obstacle_model::LowerCaseResponse>,
            $check::<alicloud_obstacle_model::MapRootResponse>,
            $check::<alicloud_obstacle_model::MatchResponse>,
            $check::<alicloud_obstacle_model::Node>,
            $check::<alicloud_obstacle_model::RefsResponse>,
            $check::<alicloud_obstacle_model::SameNamesResponse>,
            $check::<alicloud_obstacle_model::SimpleQuery>,
            $check::<alicloud_obstacle_model::TwinsResponse>,
            $check::<alicloud_obstacle_roa_model::DescribeThingResponse>,
            $check::<alicloud_secrets_model::AssumeRoleResponse>,
            $check::<alicloud_secrets_model::CreateKeyPairResponse>,
        ]
    };
}
pub(crate) use for_each_type;

macro_rules! only_lenient {
    ($($type:ty),* $(,)?) => {
        $(impl Decode for $type {})*
    };
}

only_lenient! {
    alicloud_cdn_model::DescribeCdnUserQuotaResponse,
    alicloud_cdn_model::DescribePreloadDetailByIdResponse,
    alicloud_cdn_model::DescribeRefreshQuotaResponse,
    alicloud_cdn_model::DescribeRefreshTaskByIdResponse,
    alicloud_cdn_model::DescribeRefreshTasksResponse,
    alicloud_cdn_model::PushObjectCacheResponse,
    alicloud_lists_model::DescribeByTextResponse,
    alicloud_lists_model::QueryByStructResponse,
    alicloud_obstacle_model::EnumsResponse,
    alicloud_obstacle_model::HostileTextResponse,
    alicloud_obstacle_model::ListsResponse,
    alicloud_obstacle_model::LowerCaseResponse,
    alicloud_obstacle_model::MapRootResponse,
    alicloud_obstacle_model::MatchResponse,
    alicloud_obstacle_model::Node,
    alicloud_obstacle_model::RefsResponse,
    alicloud_obstacle_model::SameNamesResponse,
    alicloud_obstacle_model::SimpleQuery,
    alicloud_obstacle_model::TwinsResponse,
    alicloud_obstacle_roa_model::DescribeThingResponse,
    alicloud_secrets_model::AssumeRoleResponse,
    alicloud_secrets_model::CreateKeyPairResponse,
}

alicloud_wire::record! {
    /// A record with every kind of field, which contains itself.
    pub struct Tree {
        pub name: Option<String> = "Name",
        pub total: Option<i64> = "Total",
        pub ratio: Option<f64> = "Ratio",
        pub done: Option<bool> = "Done",
        pub children: Vec<Tree> = "Children",
        pub wrapped: Vec<Tree> = "Wrapped" / "Item",
        pub names: Vec<String> = "Names",
        pub matrix: Vec<Vec<i64>> = "Matrix",
        pub labels: BTreeMap<String, String> = "Labels",
        pub groups: BTreeMap<String, Tree> = "Groups",
        pub left: Option<Box<Tree>> = "Left",
        pub any: Option<Value> = "Any",
        pub bytes: Option<Bytes> = "Bytes",
        pub time: Option<Timestamp> = "Time",
        pub percent: Option<Percent> = "Percent",
        pub secret: Option<Secret> = "Secret",
    }
}

/// The fields of a [`Tree`] that JSON has itself, decoded by serde's derive. No other names, because our decoder
/// ignores their case.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct StrictTree {
    name: Option<String>,
    total: Option<i64>,
    ratio: Option<f64>,
    done: Option<bool>,
    #[serde(default)]
    children: Vec<StrictTree>,
    wrapped: Option<StrictItems>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    matrix: Vec<Vec<i64>>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    groups: BTreeMap<String, StrictTree>,
    left: Option<Box<StrictTree>>,
    any: Option<Value>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct StrictItems {
    #[serde(default)]
    item: Vec<StrictTree>,
}

impl From<StrictTree> for Tree {
    fn from(tree: StrictTree) -> Self {
        let trees = |trees: Vec<StrictTree>| trees.into_iter().map(Tree::from).collect();
        Tree {
            name: tree.name,
            total: tree.total,
            ratio: tree.ratio,
            done: tree.done,
            children: trees(tree.children),
            wrapped: trees(tree.wrapped.map(|items| items.item).unwrap_or_default()),
            names: tree.names,
            matrix: tree.matrix,
            labels: tree.labels,
            groups: tree.groups.into_iter().map(|(key, tree)| (key, tree.into())).collect(),
            left: tree.left.map(|tree| Box::new((*tree).into())),
            any: tree.any,
            ..Tree::default()
        }
    }
}

impl Decode for Tree {
    fn strict(json: &[u8]) -> Option<Self> {
        serde_json::from_slice::<StrictTree>(json).ok().map(Tree::from)
    }
}
