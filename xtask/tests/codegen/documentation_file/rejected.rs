//! Entries of `docs.toml` and texts of overlays that are rejected: without an effect, copied, or no sentences.

use std::fs;

use alicloud_codegen::documentation::sentence_hashes;
use tempfile::TempDir;

use super::super::{api, xtask};
use super::{DOCS, FACTS, run};

#[test]
fn an_entry_without_an_effect_is_an_error() {
    for (entry, place, suggestion) in [
        ("[fields]\nSize = \"The size.\"\n", "fields.Size", ""),
        ("[fields]\nSaeson = \"The season.\"\n", "fields.Saeson", "; did you mean \"Season\"?"),
        ("[operations.LosePlant]\nsummary = \"Loses it.\"\n", "operations.LosePlant", ""),
        (
            "[operations.FindPlants]\nsummary = \"Finds it.\"\n",
            "operations.FindPlants",
            "; did you mean \"FindPlant\"?",
        ),
        (
            "[operations.FindPlant.fields]\n\"?Colour\" = \"The colour.\"\n",
            "operations.FindPlant.fields.?Colour",
            "",
        ),
        (
            "[operations.FindPlant.fields]\n\"!Plants[].PlantIds\" = \"The id.\"\n",
            "operations.FindPlant.fields.!Plants[].PlantIds",
            "; did you mean \"!Plants[].PlantId\" or ",
        ),
        ("[values.Season]\nhot = \"Hot.\"\n", "values.Season.hot", ""),
        ("[values.Season]\nwett = \"Wet.\"\n", "values.Season.wett", "; did you mean \"wet\"?"),
        ("[values.Seasons]\nwet = \"Wet.\"\n", "values.Seasons.wet", "; did you mean \"Season\"?"),
        ("[errors]\n\"Tree.Gone\" = \"It is gone.\"\n", "errors.Tree.Gone", ""),
        (
            "[errors]\n\"Plant.Found\" = \"It is gone.\"\n",
            "errors.Plant.Found",
            "; did you mean \"Plant.NotFound\"?",
        ),
    ] {
        let (table, line) = entry.split_once('\n').unwrap();
        let docs = match DOCS.contains(&format!("{table}\n")) {
            true => DOCS.replace(&format!("{table}\n"), entry),
            false => format!("{DOCS}{table}\n{line}"),
        };
        let (succeeded, messages, _folder) = run(&docs, "", &[]);
        let expected = format!(
            "docs.toml at {place}: the entry has no effect: the description has no such operation, field, value or error: correct or remove the entry{suggestion}"
        );
        assert!(!succeeded && messages.contains(&expected), "{expected} in {messages}");
    }
    // A sentence that every place replaces has no effect either.
    let docs = DOCS.replace(
        "[operations.FindPlant.fields]\n",
        "[operations.FindPlant.fields]\n\"!Plants\" = \"All plants.\"\n",
    );
    let (succeeded, messages, _folder) = run(&docs, "", &[]);
    assert!(!succeeded && messages.contains("at fields.Plants: the entry has no effect: every place of this name has a sentence of its own"), "{messages}");
}

const PUBLISHED: &str = "Plants that need water are listed before all others.\nShort one. \
    Water is given\nonly to dry plants. 需要浇水的植物排在其他植物的前面。可通过**Plant**获取。";

#[test]
fn a_copied_sentence_is_an_error() {
    let hashes = sentence_hashes(PUBLISHED).join("\n");
    let all = "plants that need water are listed before all others";
    let given = "water is given only to dry plants";
    let chinese = "需 要 浇 水 的 植 物 排 在 其 他 植 物 的 前 面";
    for (copy, quoted) in [
        ("Plants that need *water* are listed before all others.", all),
        ("Good. plants that need water are listed before all others.", all),
        ("Plants that need water are listed, before all others!", all),
        // Words before and after, and a part of the sentence.
        ("Note, plants that need water are listed before all others and counted.", all),
        ("Own words - plants that need water are listed before all others.", all),
        ("Own (plants that need water are listed before all others).", all),
        (
            "Some plants that need water are listed before all.",
            "plants that need water are listed before all",
        ),
        ("As a rule, water is given only to dry plants in the garden.", given),
        // Line breaks, markup and invisible characters.
        ("Plants that need water\nare listed before\nall others.", all),
        ("Plants that need water\n**are listed** before all others.", all),
        ("- Water is given\n\n- only to dry plants.", given),
        (
            "[Plants that need](https://example.com/a-page-with-words) water are listed before all others.",
            all,
        ),
        ("<p>Plants that <b>need</b> wat<i>er</i>&nbsp;are listed before<br/>all others.</p>", all),
        ("Pl\u{ad}ants that need\u{200b} water are listed\u{2060} before all others.", all),
        ("Ｐｌａｎｔｓ that need water\u{a0}are listed before all others.", all),
        ("需要浇水的植物， 排在\u{3000}其他植物的前面。", chinese),
        ("<b>需要浇水的植物</b>\n排在其他植物的前面.", chinese),
        ("可 通 过 P l a n t 获 取 。", "可 通 过 plant 获 取"),
    ] {
        let docs = DOCS.replace("\"The plants.\"", &quoted_text(copy));
        let (succeeded, messages, _folder) = run(&docs, &hashes, &[]);
        let expected = format!(
            "docs.toml at fields.Plants: the entry has a sentence of the imported document, or a part of one: {quoted:?}: write the fact in own words"
        );
        assert!(!succeeded && messages.contains(&expected), "{expected} in {messages}");
    }
    for own in [
        "Short one.",
        "Plants that need water are listed.",
        "All others are listed before plants that need water.",
        "Water is only given to plants that are dry.",
    ] {
        let (succeeded, messages, _folder) = run(&DOCS.replace("The plants.", own), &hashes, &[]);
        assert!(succeeded, "{messages}");
    }
}

/// Returns a text as TOML writes it, which is as JSON does.
fn quoted_text(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn the_message_names_the_text_of_the_entry() {
    let hashes = sentence_hashes(PUBLISHED).join("\n");
    let copy = "Water is given only to dry plants.";
    for (from, place) in [
        (
            "Finds a plant.",
            "operations.FindPlant: the entry has a sentence of the imported document in `summary`,",
        ),
        (
            "It finds [FindPlant](~~FindPlant~~) as well.",
            "operations.FindPlant: the entry has a sentence of the imported document in `details`,",
        ),
        (
            "At most 3 plants per call.",
            "operations.FindPlant: the entry has a sentence of the imported document in `limits[0]`,",
        ),
        (
            "The id of the plant that was found.",
            "operations.FindPlant.fields.!Plants[].PlantId: the entry has a",
        ),
        ("With rain.", "values.Season.wet: the entry has a"),
        ("No plant has this id.", "errors.Plant.NotFound: the entry has a"),
    ] {
        let (succeeded, messages, _folder) = run(&DOCS.replace(from, copy), &hashes, &[]);
        let expected = format!("docs.toml at {place}");
        assert!(!succeeded && messages.contains(&expected), "{expected} in {messages}");
    }
}

#[test]
fn texts_of_the_overlay_are_not_copied_either() {
    let entry = |name: &str, doc: &str| {
        format!(
            "[[fix]]\nat = \"FindPlant?PlantId\"\nwhy = \"w\"\nenum.name = \"Id\"\nenum.doc = {}\nenum.values = [{{ value = \"a\", doc = {} }}]\n[groups]\nwhy = \"w\"\n[groups.plants]\noperations = [\"FindPlant\"]\ntitle = {}\n",
            quoted_text(doc),
            quoted_text(doc),
            quoted_text(name)
        )
    };
    let copy = "Note: water is given\nonly to dry plants.";
    for (title, doc, expected) in [
        ("Plants", "A plant.", ""),
        (
            "Plants",
            copy,
            "overlay.toml at line 1: the entry has a sentence of the imported document in `doc of \"a\"`, or a",
        ),
        (
            copy,
            "A plant.",
            "overlay.toml at [groups.plants]: the entry has a sentence of the imported document in `title`, or a",
        ),
        ("Plants", " ", "overlay.toml at line 1: an empty text in `doc of \"a\"`"),
        ("", "A plant.", "overlay.toml at [groups.plants]: an empty text in `title`"),
        ("Plants\u{202e}", "A plant.", "the invisible character U+202E in `title`: remove it"),
    ] {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        fs::write(path("api.json"), api(FACTS)).unwrap();
        fs::write(path("overlay.toml"), entry(title, doc)).unwrap();
        fs::write(path("prose.hashes"), sentence_hashes(PUBLISHED).join("\n")).unwrap();
        let (spec, overlay, out) = (path("api.json"), path("overlay.toml"), path("out"));
        let output = xtask(&["codegen", "--spec", &spec, "--overlay", &overlay, "--out", &out]);
        let messages = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.success(), expected.is_empty(), "{messages}");
        assert!(messages.contains(expected), "{expected} in {messages}");
    }
}

#[test]
fn texts_are_sentences_and_pages_are_addresses() {
    let page = "https://example.com/find-plant";
    for (from, to, expected) in [
        ("The season.", "", "fields.Season: an empty text: write a sentence"),
        ("Finds a plant.", " \n", "operations.FindPlant: an empty text in `summary`"),
        ("At most 3 plants per call.", "", "operations.FindPlant: an empty text in `limits[0]`"),
        ("Without rain.", "\t", "values.Season.dry: an empty text"),
        ("The season.", "The season", "fields.Season: no period at the end of \"The season\""),
        ("The season.", "The sea\u{202e}son.", "fields.Season: the invisible character U+202E"),
        ("The season.", "The\u{7}season.", "fields.Season: the invisible character U+0007"),
        ("No plant has this id.", "No\u{200b} plant.", "the invisible character U+200B: remove it"),
        (
            page,
            "javascript:alert(1)",
            "operations.FindPlant: \"javascript:alert(1)\" in `page` is no address",
        ),
        (page, "https://example.com/a\n/b", "in `page` is no address"),
        (page, "https://", "in `page` is no address"),
        (page, "https://example.com/a b", "in `page` is no address"),
        (page, "https://example.com/)[x](y", "in `page` is no address"),
        (page, "", "\"\" in `page` is no address"),
    ] {
        let docs = DOCS.replace(&quoted_text(from), &quoted_text(to));
        let (succeeded, messages, _folder) = run(&docs, "", &[]);
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
    }
    for (from, to) in [
        ("The season.", "The season (dry or wet)."),
        ("The season.", "The season:\n\n- `dry`: without rain.\n- `wet`: with rain.\n"),
        ("The season.", "(The season.)"),
        ("The season.", "季节。"),
        (page, "http://example.com/a?b=c&d=%20#e-f"),
    ] {
        let docs = DOCS.replace(&quoted_text(from), &quoted_text(to));
        let (succeeded, messages, _folder) = run(&docs, "", &[]);
        assert!(succeeded && messages.is_empty(), "{messages}");
    }
}

#[test]
fn a_file_of_other_hashes_is_rejected() {
    for (hashes, line) in [
        ("0123456789abcdef\n", 1),
        ("0123456789ab\nPlants that\n", 2),
        ("0123456789AB\n", 1),
        ("\n", 1),
    ] {
        let (succeeded, messages, _folder) = run(DOCS, hashes, &[]);
        let expected = format!("prose.hashes:{line}: not a hash of 12 digits; restore the file");
        assert!(!succeeded && messages.contains(&expected), "{expected} in {messages}");
    }
}
