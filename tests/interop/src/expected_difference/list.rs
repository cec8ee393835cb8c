//! The list of expected differences.

use super::ExpectedDifference;
use crate::difference::Aspect;
use crate::driver::{CLASSIC_NODE, CLASSIC_PYTHON, CURRENT_NODE, CURRENT_PYTHON};
use crate::protocol::Protocol;

const PYTHON: &[&str] = &[CURRENT_PYTHON, CLASSIC_PYTHON];
const CURRENT: &[&str] = &[CURRENT_PYTHON, CURRENT_NODE];
const NODE: &[&str] = &[CURRENT_NODE, CLASSIC_NODE];
const ANYWHERE: &[&str] = &[];
const V1: &[Protocol] = &[Protocol::V1_JSON, Protocol::V1_XML];

pub(crate) const EXPECTED_DIFFERENCES: &[ExpectedDifference] = &[
    ExpectedDifference {
        clients: PYTHON,
        protocols: &Protocol::ALL,
        places: ANYWHERE,
        matches: |aspect, ours, theirs| {
            let is_boolean = [("true", "True"), ("false", "False")]
                .iter()
                .any(|(lower, title)| ours == Some(lower) && theirs == Some(title));
            is_boolean && matches!(aspect, Aspect::Parameter(_))
        },
        reason: "booleans are capitalized as in Python; ours and those of all other clients are in lower case",
    },
    ExpectedDifference {
        clients: &[CLASSIC_PYTHON],
        protocols: V1,
        places: ANYWHERE,
        matches: |aspect, ours, theirs| {
            aspect.is_parameter("RegionId") && ours.is_none() && theirs == Some("cn-hangzhou")
        },
        reason: "every call has a region, also if the operation has no such parameter",
    },
    ExpectedDifference {
        clients: &[CLASSIC_PYTHON],
        protocols: V1,
        places: ANYWHERE,
        matches: |aspect, ours, theirs| {
            aspect.is_parameter("SignatureType") && ours.is_none() && theirs == Some("")
        },
        reason: "the default signature type is sent as an empty string instead of being left out",
    },
    ExpectedDifference {
        clients: &[CLASSIC_PYTHON],
        protocols: &[Protocol::V1_JSON],
        places: ANYWHERE,
        matches: |aspect, ours, theirs| {
            *aspect == Aspect::Code
                && ours == Some("SignatureDoesNotMatch")
                && theirs == Some("InvalidAccessKeySecret")
        },
        reason: "the error code is replaced if the service signed the same text; ours keeps the code and adds that information to the message",
    },
    ExpectedDifference {
        clients: &[CLASSIC_PYTHON],
        protocols: &[Protocol::V1_XML],
        places: ANYWHERE,
        matches: |aspect, _, theirs| match aspect {
            Aspect::Code => theirs == Some("SDK.UnknownServerError"),
            Aspect::RequestId => theirs.is_none(),
            _ => false,
        },
        reason: "errors are decoded from JSON only; the status is correct, and the message contains the whole response",
    },
    ExpectedDifference {
        clients: &[CLASSIC_PYTHON, CLASSIC_NODE],
        protocols: V1,
        places: &["Sts/AssumeRoleWithOIDC", "Sts/AssumeRoleWithSAML"],
        matches: |aspect, ours, _| *aspect == Aspect::SignatureScheme && ours.is_none(),
        reason: "every call is signed, also one that needs no access key",
    },
    ExpectedDifference {
        clients: NODE,
        protocols: &Protocol::ALL,
        places: ANYWHERE,
        matches: |_, ours, theirs| {
            let number = |text: Option<&str>| text?.trim_matches('"').parse::<f64>().ok();
            let largest = 2f64.powi(53);
            number(ours).is_some_and(|ours| ours.abs() > largest && Some(ours) == number(theirs))
        },
        reason: "integers above 2^53 are rounded or become texts: Node has no 64-bit integers; ours are exact",
    },
    ExpectedDifference {
        clients: &[CLASSIC_NODE],
        protocols: V1,
        places: &["Alidns/DescribeRecordLogs?EndDate", "Alidns/DescribeRecordLogs?endDate"],
        matches: |_, _, _| true,
        reason: "the first letter of every parameter becomes a capital; ours has the name of the description",
    },
    ExpectedDifference {
        clients: &[CLASSIC_NODE],
        protocols: V1,
        places: ANYWHERE,
        matches: |aspect, ours, theirs| {
            *aspect == Aspect::ResultKind
                && ours == Some("response")
                && theirs.is_some_and(|theirs| theirs.starts_with("service error"))
        },
        reason: "a response with a field Code is an error, whatever the status; ours follows the status",
    },
    ExpectedDifference {
        clients: CURRENT,
        protocols: &[Protocol::V1_XML],
        places: ANYWHERE,
        matches: |aspect, ours, theirs| {
            *aspect == Aspect::ResultKind
                && ours.is_some_and(|ours| ours.starts_with("service error "))
                && theirs.is_some_and(|theirs| theirs.contains("<?xml"))
        },
        reason: "with V1, errors are decoded from JSON only, and an XML error becomes an error of the client; the service sent the same error",
    },
    ExpectedDifference {
        clients: CURRENT,
        protocols: &[Protocol::V3_XML, Protocol::V1_XML],
        places: &["Sts/AssumeRoleWithOIDC", "Sts/AssumeRoleWithSAML"],
        matches: |aspect, _, _| *aspect == Aspect::ResultKind,
        reason: "calls without an access key are made by a method that decodes JSON only",
    },
    ExpectedDifference {
        clients: &[CURRENT_NODE],
        protocols: &Protocol::ALL,
        places: MISSING_IN_NODE,
        matches: |aspect, _, theirs| {
            let can_miss =
                matches!(aspect, Aspect::Operation | Aspect::Parameter(_) | Aspect::Field(_));
            can_miss && theirs.is_none()
        },
        reason: "the newest packages for Node are older than those for Python, which have it",
    },
    ExpectedDifference {
        clients: &[CURRENT_NODE],
        protocols: &[Protocol::V3_JSON, Protocol::V1_JSON],
        places: &[
            "Cdn/DescribeCdnDeliverList",
            "Cdn/DescribeCdnReportList",
            "Cdn/DescribeCdnSubList",
            "Cdn/DescribeDomainVerifyData",
        ],
        matches: |aspect, _, theirs| {
            let mismatch = "type of content is mismatch, expect string, but object";
            *aspect == Aspect::ResultKind && theirs.is_some_and(|text| text.contains(mismatch))
        },
        reason: "the newest packages for Node have a text where those for Python have an object",
    },
];

/// What the packages for Python have and the newest ones for Node do not.
const MISSING_IN_NODE: &[&str] = &[
    "Cdn/DeleteCustomDomainSampleRate",
    "Cdn/DescribeCdnDiagnoseReport",
    "Cdn/DescribeCdnService!ChangingDynamicBillingType",
    "Cdn/DescribeCdnService!DynamicBillingType",
    "Cdn/DescribeCdnTaskList",
    "Cdn/DescribeCdnUserResourcePackage!ResourcePackageInfos.ResourcePackageInfo.CurrCapacityBaseUnit",
    "Cdn/DescribeCdnUserResourcePackage!ResourcePackageInfos.ResourcePackageInfo.CurrCapacityShowUnit",
    "Cdn/DescribeCdnUserResourcePackage!ResourcePackageInfos.ResourcePackageInfo.CurrCapacityShowValue",
    "Cdn/DescribeCdnUserResourcePackage!ResourcePackageInfos.ResourcePackageInfo.InitCapacityBaseUnit",
    "Cdn/DescribeCdnUserResourcePackage!ResourcePackageInfos.ResourcePackageInfo.InitCapacityShowUnit",
    "Cdn/DescribeCdnUserResourcePackage!ResourcePackageInfos.ResourcePackageInfo.InitCapacityShowValue",
    "Cdn/DescribeCdnUserResourcePackage!ResourcePackageInfos.ResourcePackageInfo.Region",
    "Cdn/DescribeCustomDomainSampleRate!Content.PageNumber",
    "Cdn/DescribeCustomDomainSampleRate!Content.PageSize",
    "Cdn/DescribeCustomDomainSampleRate!Content.TotalCount",
    "Cdn/DescribeCustomDomainSampleRate?DomainNames",
    "Cdn/DescribeCustomDomainSampleRate?PageNumber",
    "Cdn/DescribeCustomDomainSampleRate?PageSize",
    "Cdn/DescribeDomainCname!CnameDatas.Data.ErrMsg",
    "Cdn/DescribeDomainCname!CnameDatas.Data.Passed",
    "Cdn/DescribeDomainUsageData?ServiceType",
    "Cdn/GenerateCdnDiagnose",
    "Cdn/ModifyCustomDomainSampleRate!Content.content.DomainName",
    "Cdn/ModifyCustomDomainSampleRate!Content.content.ErrMessage",
    "Cdn/ModifyCustomDomainSampleRate!Content.content.SampleRate",
    "Cdn/ModifyCustomDomainSampleRate?DomainNames",
    "Cdn/PushObjectCache?ConsistencyHash",
    "ESA/GetFailFile",
    "ESA/GetMatchSite",
    "ESA/GetPurgeQuota!Quota30Day",
    "ESA/GetPurgeQuota!Usage30Day",
    "ESA/SubmitUploadTask",
    "dcdn/DescribeDcdnDomainCname!CnameDatas.Data.ErrMsg",
    "dcdn/DescribeDcdnDomainCname!CnameDatas.Data.Passed",
    "dcdn/RefreshErObjectCachesByCacheTag",
];
