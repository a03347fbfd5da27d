//! Numbers with a check digit behind words that promise another kind of number, and numbers in lists.

use super::*;

/// The whole text has this one hit of this kind.
#[track_caller]
fn only(text: &str, clue: Clue, passage: &str) {
    assert_eq!(found(text), [(clue, passage)], "{text}");
}

const WORDS: &[&str] = &[
    "number ",
    "num: ",
    "account number ",
    "account number is ",
    "phone ",
    "phone number: ",
    "his number is ",
    "رقم ",
    "رقمه ",
    "رقم الحساب ",
    "رقم حسابه هو ",
    "جواله ",
];

#[test]
fn a_check_digit_counts_more_than_the_words_before() {
    for words in WORDS {
        for (clue, number) in [
            (Clue::NationalId, "784198512345675"),
            (Clue::NationalId, "784-1985-1234567-5"),
            (Clue::NationalId, "784 1985 1234567 5"),
            (Clue::NationalId, "٧٨٤-١٩٨٥-١٢٣٤٥٦٧-٥"),
            (Clue::NationalId, "۷۸۴۱۹۸۵۱۲۳۴۵۶۷۵"),
            (Clue::NationalId, "1000000008"),
            (Clue::NationalId, "٢٠٠٠٠٠٠٠٠٦"),
            (Clue::NationalId, "29001011234567"),
            (Clue::NationalId, "٢٩٠٠١٠١١٢٣٤٥٦٧"),
            (Clue::Iban, "AE070331234567890123456"),
            (Clue::Iban, "AE07 0331 2345 6789 0123 456"),
            (Clue::Card, "4111 1111 1111 1111"),
            (Clue::Card, "4111-1111-1111-1111"),
            (Clue::Card, "٤١١١١١١١١١١١١١١١"),
        ] {
            only(&format!("{words}{number} ok"), clue, number);
        }
    }
    // The dashes of an Emirates ID are as good as its check digit, and a number before it does not tear it apart.
    only(
        "call 784-1985-1234567-1",
        Clue::NationalId,
        "784-1985-1234567-1",
    );
    only(
        "number 2 784-1985-1234567-5",
        Clue::NationalId,
        "784-1985-1234567-5",
    );
    only(
        "1) 784-1985-1234567-5",
        Clue::NationalId,
        "784-1985-1234567-5",
    );
}

#[test]
fn phones_and_numbers_of_things_stay_what_they_are() {
    // Without the check digit it is as before.
    only("his number is 1000000009", Clue::Phone, "1000000009");
    only("phone 202-555-0144", Clue::Phone, "202-555-0144");
    only("call 201001234567", Clue::Phone, "201001234567");
    for text in [
        "account number 1000000009",
        "رقم الحساب 1000000009",
        "invoice number 1000000008",
        "invoice 29001011234567",
        "batch 356938035643809",
        "فاتورة رقم ١٠٠٠٠٠٠٠٠٨",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn an_imei_stands_beside_its_word() {
    only(
        "IMEI of his phone: 490154203237518",
        Clue::Imei,
        "490154203237518",
    );
    only("IMEI number 490154203237518", Clue::Imei, "490154203237518");
    only("imei 49-015420-323751-8", Clue::Imei, "49-015420-323751-8");
    only("رقم IMEI ٤٩٠١٥٤٢٠٣٢٣٧٥١٨", Clue::Imei, "٤٩٠١٥٤٢٠٣٢٣٧٥١٨");
    // It has the form of a card, and the word says otherwise.
    only("IMEI 378282246310005", Clue::Imei, "378282246310005");
    only(
        "no IMEI, card 378282246310005",
        Clue::Card,
        "378282246310005",
    );
    let certainty = |text: &str| check(text).first().map(|hit| hit.certainty);
    assert_eq!(certainty("IMEI 490154203237518"), Some(Certainty::Sure));
    assert_eq!(certainty("IMEI 490154203237519"), Some(Certainty::Likely));
}

#[test]
fn numbers_in_lists_without_spaces() {
    for (before, after) in [
        ("Ahmed,", ",x"),
        ("أحمد،", "،س"),
        ("Ahmed;", ";x"),
        ("أحمد؛", "؛س"),
        ("7,", ",1"),
        ("500 AED,", ",AED 20"),
        ("invoice 4431,", ""),
        ("فاتورة ٤٤٣١، ", ""),
        ("\"Ahmed\",\"", "\",\"x\""),
        ("1,250,000,", ",x"),
        ("AED 20\n", "\nAED 30"),
    ] {
        for (clue, number) in [
            (Clue::Phone, "0501234567"),
            (Clue::Phone, "050 123 4567"),
            (Clue::Phone, "+971501234567"),
            (Clue::Phone, "٠٥٠١٢٣٤٥٦٧"),
            (Clue::NationalId, "784-1985-1234567-5"),
            (Clue::NationalId, "29001011234567"),
            (Clue::Card, "4111111111111111"),
            (Clue::Iban, "AE070331234567890123456"),
        ] {
            only(&format!("{before}{number}{after}"), clue, number);
        }
    }
    assert_eq!(
        found("0501234567,0551234567،٠٥٢١٢٣٤٥٦٧;0561234567"),
        ["0501234567", "0551234567", "٠٥٢١٢٣٤٥٦٧", "0561234567"].map(|phone| (Clue::Phone, phone))
    );
    only("employee,4482", Clue::Reference, "4482");
}

#[test]
fn thousands_are_no_numbers_of_anybody() {
    for text in [
        "1,000,000",
        "number 1,000,000",
        "رقم ١،٠٠٠،٠٠٠",
        "رقم ١٬٠٠٠٬٠٠٠",
        "call 12,34,567",
        "order 1,000,000",
        "employee 12,448",
        "phone 1,250,000.50",
        "AED 10,000,000,000",
        "AED 0501234567",
        "0501234567 AED",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}
