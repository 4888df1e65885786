//! What becomes of secrets in what steps say.

use super::*;
use crate::execute::secrets::SecretValue;
use serde_json::json;

const VALUE: &str = "hunter2-Ünique\"key";

fn redactor(value: &str) -> Redactor {
    Redactor::new([(&"TOKEN".to_owned(), &SecretValue::of(value))])
}

fn encoded(bytes: &[u8]) -> [String; 2] {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    [STANDARD.encode(bytes), URL_SAFE.encode(bytes)]
}

#[test]
fn a_secret_is_taken_out_in_whatever_shape_it_comes_back() {
    let redactor = redactor(VALUE);
    let mut shapes = vec![VALUE.to_owned(), VALUE.to_uppercase(), json!(VALUE).to_string()];
    shapes.push(utf8_percent_encode(VALUE, NON_ALPHANUMERIC).to_string().to_lowercase());
    shapes.push(VALUE.bytes().map(|byte| format!("{byte:02X}")).collect());
    for around in ["", "u", "us", "user:"] {
        shapes.extend(encoded(format!("{around}{VALUE}{around}").as_bytes()));
    }
    for shape in shapes {
        let clean = redactor.text(&format!("before {shape} after"));
        assert!(clean.contains("‹secret TOKEN›"), "{shape} came through: {clean}");
        assert!(clean.starts_with("before ") && clean.ends_with(" after"), "{clean}");
        // Of an encoding that was shifted, no more than the characters are left that hold bits of something else.
        assert!(clean.replace("‹secret TOKEN›", "").len() <= "before  after".len() + 18, "{clean}");
    }
}

#[test]
fn lines_and_spaces_hide_nothing() {
    let redactor = redactor("-----BEGIN KEY-----\nabcdefghij\nklmnopqrst\n-----END KEY-----");
    for text in ["a line: klmnopqrst", "abcde\n fghij klm\tnopqrst", "x abcdefghij\r\nklmnopqrst y"] {
        let clean = redactor.text(text);
        assert!(!clean.contains("nopqrst") && clean.contains("‹secret TOKEN›"), "{clean}");
    }
}

#[test]
fn the_beginning_of_a_secret_is_no_more_shown_than_the_whole() {
    let redactor = redactor("correct-horse-battery");
    assert_eq!(redactor.text("it said correct-hor"), "it said ‹secret TOKEN›");
    assert_eq!(redactor.text("it said correct-hor and more"), "it said correct-hor and more", "which is another word");
}

#[test]
fn values_are_taken_out_of_all_types() {
    let redactor = redactor("12345678");
    let value = json!({ "a12345678": [12_345_678, "x12345678", true, null, 7] });
    assert_eq!(
        redactor.value(value),
        json!({ "a‹secret TOKEN›": ["‹secret TOKEN›", "x‹secret TOKEN›", true, null, 7] })
    );
}

#[test]
fn overlapping_secrets_leave_nothing_between_them() {
    let (one, other) = (SecretValue::of("abcdefgh"), SecretValue::of("efghijkl"));
    let redactor = Redactor::new([(&"ONE".to_owned(), &one), (&"OTHER".to_owned(), &other)]);
    assert_eq!(redactor.text("<abcdefghijkl>"), "<‹secret ONE›>");
}

#[test]
fn without_secrets_nothing_changes() {
    assert_eq!(Redactor::new([]).text("as it was"), "as it was");
}

#[test]
fn what_is_quoted_and_encoded_in_ways_nobody_knows_gives_its_letters_away_and_they_go() {
    let core = "7d1ba47554507555ce50e8c4";
    let value = format!("a/b+c={core}&d%20\"e");
    let redactor = redactor(&value);
    let twice = json!(json!({ "key": value }).to_string()).to_string();
    let [inside, _] = encoded(json!({ "key": value }).to_string().as_bytes());
    let half = value.replace('/', "%2F").replace('=', "%3D");
    for said in [twice, inside, half, format!("xx{core}xx")] {
        let clean = redactor.text(&said);
        assert!(clean.contains("‹secret TOKEN›") && !clean.contains(&core[..12]), "{clean}");
        let found = encoded(core.as_bytes())[0][4..12].to_owned();
        assert!(!clean.contains(&found), "{clean}");
    }
    assert_eq!(redactor.text("a word as long as authentication"), "a word as long as authentication");
}
