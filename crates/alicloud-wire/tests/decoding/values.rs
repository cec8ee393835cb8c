//! Values that travel as text: secrets, times, percentages and JSON.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alicloud_wire::request::encode;
use alicloud_wire::{Body, Percent, Secret, Timestamp, from_json, from_xml, to_xml};

alicloud_wire::record! {
    struct Key {
        secret: Option<Secret> = "Secret",
        secrets: Vec<Secret> = "Secrets" / "Secret",
        created: Option<Timestamp> = "Created",
        used: Option<Percent> = "Used",
    }
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn before(seconds: u64) -> SystemTime {
    UNIX_EPOCH - Duration::from_secs(seconds)
}

fn time(text: &str) -> Option<SystemTime> {
    Timestamp::from(text).value()
}

#[test]
fn a_secret_is_encoded_as_text_and_never_shown() {
    let json = r#"{"Secret":"s3<cr3t","Secrets":{"Secret":["hidden","17"]}}"#;
    let key = from_json::<Key>(json.as_bytes()).unwrap().value;
    assert_eq!(serde_json::to_string(&key).unwrap(), json);
    assert_eq!(serde_json::from_str::<Key>(json).unwrap(), key);
    let xml = to_xml("Key", "Item", &key);
    assert!(xml.contains("<Secret>s3&lt;cr3t</Secret>"), "{xml}");
    assert_eq!(from_xml::<Key>(xml.as_bytes()).unwrap().value, key);

    let shown = format!("{key:?} {key:#?} {}", key.secret.as_ref().unwrap());
    assert!(!shown.contains("cr3t") && !shown.contains("hidden"), "{shown}");

    let mut secrets = HashSet::from([Secret::from("a"), Secret::new(String::from("a"))]);
    assert!(secrets.insert(Secret::default()));
    assert_eq!(secrets.len(), 2);
    assert_eq!(Secret::default().expose(), "");
}

#[test]
fn no_decode_issue_quotes_a_secret() {
    // Scalars of other kinds are text, and the source keeps its spelling.
    let key = from_json::<Key>(br#"{"Secret": 1.50, "Secrets": [{"a": "hidden"}]}"#).unwrap();
    assert_eq!(key.value.secret.unwrap().expose(), "1.50");
    assert_eq!(key.value.secrets[0].expose(), r#"{"a": "hidden"}"#);
    assert_eq!(key.issues, []);
    for json in [
        r#"{"Secret": ["hidden", "hidden2"], "Secrets": "hidden"}"#,
        r#"{"Secret": {"hidden": [1]}, "Secrets": {"Other": "hidden"}}"#,
        r#"{"Secret": true, "Secrets": "[\"hidden\", hidden"}"#,
    ] {
        let issues = format!("{:?}", from_json::<Key>(json.as_bytes()).unwrap().issues);
        assert!(!issues.contains("hidden"), "{issues}");
        let error = serde_json::from_str::<Key>(json).map_err(|error| error.to_string());
        assert!(!error.is_err_and(|error| error.contains("hidden")), "{json}");
    }
    let xml = "<R><Secret>a<b>hidden</b></Secret><Secrets>[hidden</Secrets></R>";
    let issues = format!("{:?}", from_xml::<Key>(xml.as_bytes()).unwrap().issues);
    assert!(!issues.contains("hidden"), "{issues}");
}

alicloud_wire::request! {
    struct PutRequest -> () {
        id: Option<Secret> = path("Id"),
        flat: Vec<Secret> = query("Flat"),
        list: Vec<Secret> = query("List").comma_list(),
        header: Option<Secret> = header("X-Header"),
        since: Option<Timestamp> = query("Since"),
        host: Option<Secret> = host("Host"),
        body: Option<Secret> = body("Body"),
    }
}

#[test]
fn parameters_are_sent_as_text() {
    let secret = || Some(Secret::new("s3cr3t"));
    let mut request = PutRequest {
        id: secret(),
        flat: vec!["a".into(), "b".into()],
        list: vec!["c".into(), "d".into()],
        header: secret(),
        since: Some(at(1_596_444_863).into()),
        host: secret(),
        body: secret(),
    };
    let parts = encode(&request).unwrap();
    assert_eq!(parts.path[0].1, "s3cr3t");
    assert_eq!(parts.headers[0].1, "s3cr3t");
    assert_eq!(parts.host.unwrap(), "s3cr3t");
    assert_eq!(parts.body.unwrap(), Body::Text("s3cr3t".to_owned()));
    let query: Vec<String> =
        parts.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(query, ["Flat.1=a", "Flat.2=b", "List=c,d", "Since=2020-08-03T08:54:23Z"]);

    request.list = vec!["hid,den".into()];
    assert!(!encode(&request).unwrap_err().to_string().contains("hid"));
}

#[test]
fn times_are_read_in_every_spelling() {
    let moment = at(1_513_843_200);
    for text in [
        "2017-12-21T08:00:00Z",
        "2017-12-21T08:00Z",
        "2017-12-21T08:00:00.000Z",
        "2017-12-21T08:00:00.00000000000Z",
        "2017-12-21T16:00:00+08:00",
        "2017-12-21T16:00+0800",
        "2017-12-20T20:30:00-11:30",
        "2017-12-21T08:00:00+00:00",
        " 2017-12-21T08:00:00Z\n",
    ] {
        assert_eq!(time(text), Some(moment), "{text}");
        assert_eq!(Timestamp::from(text), Timestamp::from(moment));
        assert_eq!(Timestamp::from(text).as_str(), text);
    }
    assert_eq!(time("2017-12-21T08:00:00.25Z"), Some(moment + Duration::from_millis(250)));
    assert_eq!(time("2016-12-31T23:59:60Z"), Some(at(1_483_228_799)));
    assert_eq!(time("1970-01-01T00:00:00+08:00"), Some(before(28_800)));
    assert_eq!(time("1969-12-31T23:59:59Z"), Some(before(1)));
    assert_eq!(time("0001-01-01T00:00:00Z"), Some(before(62_135_596_800)));
    assert_eq!(time("0000-01-01T00:00Z"), Some(before(62_167_219_200)));
    assert_eq!(time("9999-12-31T23:59:59Z"), Some(at(253_402_300_799)));
}

#[test]
fn other_texts_are_kept_and_unordered() {
    let long = format!("2017-12-21T08:00:00.{}Z", "0".repeat(100_000));
    for text in [
        "",
        " ",
        "-",
        "Z",
        "+08:00",
        "yesterday",
        "2017-12-21",
        "2017-12-21T08:00:00",
        "2017-12-21 08:00:00",
        "2017-02-29T08:00:00Z",
        "2017-13-01T08:00:00Z",
        "2017-12-21T24:00:00Z",
        "2017-12-21T08:00:00.Z",
        "2017-12-21T08:00:00.5-Z",
        "2017-12-21T08:00:00ZxxxxZ",
        "2017-12-21T08:00:00+8:000",
        "2017-12-21T08:00:00+24:00",
        "2017-12-21T08:00:00++800",
        "2017-12-21T08:00:00+08:00Z",
        "+017-12-21T08:00:00Z",
        "2017-12-21T08:00:00é",
        "é017-12-21T08:00:00Z",
        "10000-01-01T00:00:00Z",
        "2017-12-21T08:00:0０Z",
        "9223372036854775807",
        &long,
    ] {
        let timestamp = Timestamp::from(text);
        assert_eq!(timestamp.value(), None, "{text}");
        assert_eq!(timestamp.to_string(), text);
        assert_eq!(timestamp, timestamp.clone());
        assert_eq!(timestamp.partial_cmp(&timestamp.clone()), Some(Ordering::Equal));
        assert_eq!(timestamp.partial_cmp(&Timestamp::from("2017-12-21T08:00Z")), None);
        assert_eq!(timestamp.partial_cmp(&at(0)), None);
        assert_ne!(timestamp, at(0));
        assert_ne!(timestamp, Timestamp::from("other"));
        assert!(SystemTime::try_from(&timestamp).is_err());
    }
}

#[test]
fn times_compare_by_value() {
    let (early, late) =
        (Timestamp::from("2020-08-03T17:00:00+09:00"), Timestamp::from("2020-08-03T08:54Z"));
    assert!(early < late);
    assert!(late > early);
    assert!(late > at(0) && at(0) < late && late <= late.value().unwrap());
    assert_eq!(late, at(1_596_444_840));
    assert_eq!(at(1_596_444_840), late);
    assert!(None::<Timestamp>.is_none_or(|time| time > at(0)));

    let hasher = RandomState::new();
    let same = Timestamp::from("2020-08-03T16:54:00+08:00");
    assert_eq!(late, same);
    assert_eq!(hasher.hash_one(&late), hasher.hash_one(&same));
    assert_eq!(format!("{same:?}"), "\"2020-08-03T16:54:00+08:00\"");
    assert_eq!(format!("{:>20}|{:<3}|", late, Percent::from("1%")), "   2020-08-03T08:54Z|1% |");
}

#[test]
fn times_are_spelled_like_the_service() {
    for (time, text) in [
        (at(0), "1970-01-01T00:00:00Z"),
        (at(951_782_400), "2000-02-29T00:00:00Z"),
        (at(1) + Duration::from_millis(999), "1970-01-01T00:00:01Z"),
        (before(1), "1969-12-31T23:59:59Z"),
        (UNIX_EPOCH - Duration::from_millis(1), "1969-12-31T23:59:59Z"),
        (before(62_167_219_200), "0000-01-01T00:00:00Z"),
        (before(62_167_219_201), "0000-01-01T00:00:00Z"),
        (before(1 << 60), "0000-01-01T00:00:00Z"),
        (at(253_402_300_799), "9999-12-31T23:59:59Z"),
        (at(253_402_300_800), "9999-12-31T23:59:59Z"),
        (at(1 << 60), "9999-12-31T23:59:59Z"),
    ] {
        assert_eq!(Timestamp::from(time).as_str(), text);
    }
}

#[test]
fn percentages_compare_by_value() {
    for text in ["99.37%", "99.370%", " 99.37 % ", "99.37", "+99.37%", "0099.37%"] {
        assert_eq!(Percent::from(text).value(), Some(99.37), "{text}");
        assert_eq!(Percent::from(text), Percent::from("99.37%"));
        assert_eq!(Percent::from(text), 99.37);
        assert_eq!(99.37, Percent::from(text));
    }
    assert!(Percent::from("9%") < Percent::from("10%"));
    assert!(Percent::from("9%") < 10.0 && 10.0 > Percent::from("9%"));
    let hasher = RandomState::new();
    let (zero, negative) = (Percent::from("0%"), Percent::from("-0.0%"));
    assert_eq!(zero, negative);
    assert_eq!(hasher.hash_one(&zero), hasher.hash_one(&negative));
    for text in ["", "%", "-", "NaN%", "inf%", "1e999%", "99.37%%", "99,37%", "many"] {
        let percent = Percent::from(text);
        assert_eq!(percent.value(), None, "{text}");
        assert_eq!(percent, percent.clone());
        assert_eq!(percent.partial_cmp(&zero), None);
        assert_eq!(percent.partial_cmp(&f64::NAN), None);
        assert_ne!(percent, f64::NAN);
    }
    assert_eq!(Percent::from(100.0).as_str(), "100%");
    assert_eq!(Percent::from(f64::NAN).value(), None);
}

#[test]
fn times_and_percentages_keep_their_spelling_in_every_format() {
    let json = r#"{"Created":" 2020-08-03T08:54Z","Used":"99.370%"}"#;
    let key = from_json::<Key>(json.as_bytes()).unwrap().value;
    assert_eq!(serde_json::to_string(&key).unwrap(), json);
    let xml = to_xml("Key", "Item", &key);
    assert!(xml.contains("<Used>99.370%</Used>"), "{xml}");
    assert_eq!(from_xml::<Key>(xml.as_bytes()).unwrap().value, key);
    // A number is a percentage in the spelling of the source.
    let key = from_json::<Key>(br#"{"Used": 99.370, "Created": null}"#).unwrap().value;
    assert_eq!(key.used.unwrap().as_str(), "99.370");
    assert_eq!(key.created, None);
}

#[cfg(feature = "jiff")]
#[test]
fn times_convert_to_jiff() {
    for text in ["2020-08-03T08:54:23.5Z", "1969-12-31T23:59:59.25Z", "0001-01-01T00:00:00Z"] {
        let timestamp = Timestamp::from(text);
        let time = jiff::Timestamp::try_from(&timestamp).unwrap();
        assert_eq!(time, text.parse().unwrap());
        let whole = time.to_string().split('.').next().unwrap().trim_end_matches('Z').to_owned();
        assert_eq!(Timestamp::from(time).as_str(), whole + "Z");
    }
    assert!(jiff::Timestamp::try_from(&Timestamp::from("-")).is_err());
    assert!(jiff::Timestamp::try_from(&Timestamp::from("9999-12-31T23:59:59Z")).is_err());
    assert_eq!(Timestamp::from(jiff::Timestamp::MIN).as_str(), "0000-01-01T00:00:00Z");
}

#[cfg(feature = "chrono")]
#[test]
fn times_convert_to_chrono() {
    type Time = chrono::DateTime<chrono::Utc>;
    for text in ["2020-08-03T08:54:23Z", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z"] {
        let time = Time::try_from(&Timestamp::from(text)).unwrap();
        assert_eq!(time, text.parse::<Time>().unwrap());
        assert_eq!(Timestamp::from(time).as_str(), text);
    }
    assert!(Time::try_from(&Timestamp::from("")).is_err());
    assert_eq!(Timestamp::from(Time::MIN_UTC).as_str(), "0000-01-01T00:00:00Z");
    assert_eq!(Timestamp::from(Time::MAX_UTC).as_str(), "9999-12-31T23:59:59Z");
}

#[test]
fn arguments_of_new_can_be_of_every_container() {
    alicloud_wire::input! {
        struct Labels(labels: BTreeMap<String, i64>, names: Vec<String>) {
            labels: BTreeMap<String, i64> = "Labels",
            names: Vec<String> = "Names",
        }
    }
    let labels = Labels::new([("a", 1)], ["b"]);
    assert_eq!(serde_json::to_string(&labels).unwrap(), r#"{"Labels":{"a":1},"Names":["b"]}"#);
}

#[test]
fn json_in_a_text_is_read_in_both_formats() {
    alicloud_wire::record! {
        struct Embedded {
            names: Vec<String> = "Names".json_text(),
            ids: Vec<i64> = "Ids".json_text(),
            counts: Vec<BTreeMap<String, i64>> = "Counts".json_text(),
            total: BTreeMap<String, i64> = "Total".json_text(),
            plain: Vec<String> = "Plain",
        }
    }
    let json = br#"{"Names": "[\"a\",\"b\"]", "Ids": "[1,2]", "Counts": "[{\"a\":1},{\"b\":2}]",
        "Total": "{\"a\":1}", "Plain": ["[1]"]}"#;
    let xml = br#"<R><Names> ["a", "b"]</Names><Ids>[1,2]</Ids><Counts>[{"a":1},{"b":2}]</Counts>
        <Total>{"a":1}</Total><Plain>[1]</Plain></R>"#;
    let in_json = from_json::<Embedded>(json).unwrap();
    let decoded = from_xml::<Embedded>(xml).unwrap();
    assert_eq!(in_json.value, decoded.value);
    assert!(in_json.issues.is_empty() && decoded.issues.is_empty(), "{:?}", decoded.issues);
    let value = decoded.value;
    assert_eq!((value.names.len(), value.ids, value.counts.len()), (2, vec![1, 2], 2));
    assert_eq!(value.plain, ["[1]"], "without the mark, it is an item");

    let elements = from_xml::<Embedded>(b"<R><Names>a</Names><Names>b</Names><Ids/></R>").unwrap();
    assert_eq!(elements.value.names, ["a", "b"]);
    assert!(elements.issues.is_empty(), "{:?}", elements.issues);

    let broken = from_xml::<Embedded>(b"<R><Names>[1,</Names><Total>{</Total></R>").unwrap();
    let in_json = br#"{"Names": "[1,", "Total": "{"}"#;
    assert_eq!(broken, from_json::<Embedded>(in_json).unwrap());
    assert_eq!(broken.issues.len(), 2, "{:?}", broken.issues);
}
