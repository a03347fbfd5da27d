use super::*;

mod beside;
mod names;

fn found(text: &str) -> Vec<(Clue, &str)> {
    check(text)
        .into_iter()
        .map(|hit| (hit.what, &text[hit.range]))
        .collect()
}

#[track_caller]
fn is(text: &str, clue: Clue, passage: &str) {
    assert!(
        found(text).contains(&(clue, passage)),
        "{text}: {:?}",
        found(text)
    );
}

#[track_caller]
fn has_no(text: &str, clue: Clue) {
    assert!(
        !found(text).iter().any(|(found, _)| *found == clue),
        "{text}: {:?}",
        found(text)
    );
}

#[test]
fn phones_as_they_are_written() {
    for phone in [
        "+971501234567",
        "+971 50 123 4567",
        "00971-50-1234567",
        "0501234567",
        "050 123 4567",
        "050-123-4567",
        "٠٥٠١٢٣٤٥٦٧",
        "۰۵۰۱۲۳۴۵۶۷",
        "０５０１２３４５６７",
        "04 338 2211",
        "(04) 338 2211",
        "02-4459921",
        "+966 55 123 4567",
        "0551234567",
        "011 465 1234",
        "920012345",
        "01012345678",
        "01112345678",
        "01212345678",
        "01512345678",
        "+20 100 234 5678",
        "+974 5512 3344",
        "+965 5512 3344",
        "+973 3612 3456",
        "+968 9212 3456",
        "0791234567",
        "+962 7 9123 4567",
        "07701234567",
        "+961 3 123 456",
        "03001234567",
        "+1 (202) 555-0143",
        "+44 7700 900123",
        "971501234567",
    ] {
        let text = format!("He uses {phone} now");
        let hits = found(&text);
        assert!(
            matches!(hits.as_slice(), [(Clue::Phone, at)] if at.trim_start_matches('(') == phone.trim_start_matches('(')),
            "{phone}: {hits:?}"
        );
    }
    is("call 5512 3344", Clue::Phone, "5512 3344");
    is("رقمه ٥٥١٢٣٣٤٤", Clue::Phone, "٥٥١٢٣٣٤٤");
    is(
        "it is 0 5 0 1 2 3 4 5 6 7 ok",
        Clue::Phone,
        "0 5 0 1 2 3 4 5 6 7",
    );
    is("٠-٥-٠-١-٢-٣-٤-٥-٦-٧", Clue::Phone, "٠-٥-٠-١-٢-٣-٤-٥-٦-٧");
    is(
        "zero five zero, one two three four",
        Clue::Phone,
        "zero five zero, one two three four",
    );
    is(
        "صفر خمسة صفر واحد اثنين ثلاثة أربعة",
        Clue::Phone,
        "صفر خمسة صفر واحد اثنين ثلاثة أربعة",
    );
    is("hotline 19777", Clue::Phone, "19777");
    is("call 800 4438", Clue::Phone, "800 4438");
    for other in [
        "1,250,000 dirhams",
        "AED 0501234567",
        "in 2019 2020 and 2021",
        "on 12.05.2024",
        "12/05/2024",
        "2024-05-12",
        "invoice 0501234567",
        "20240512",
        "1,2,3,4,5,6,7,8,9",
        "version 10.2.3.4",
        "5512 3344 boxes",
        "at 10:30",
        "article 12 page 140",
        "1000000",
        "12345678",
        "3.14159265",
        "IBAN",
        "120000 AED",
        "from 5000 to 10000",
        "٢٠٢٤",
        "١٢٣٤٥٦٧٨",
        "abc0501234567",
        "0501234567890123",
    ] {
        has_no(other, Clue::Phone);
    }
}

#[test]
fn numbers_with_check_digits() {
    is("784-1985-1234567-5", Clue::NationalId, "784-1985-1234567-5");
    is("رقم الهوية ١٠٠٠٠٠٠٠٠٨", Clue::NationalId, "١٠٠٠٠٠٠٠٠٨");
    is("ID 29001011234567", Clue::NationalId, "29001011234567");
    is("my QID 28563412345", Clue::NationalId, "28563412345");
    has_no("29013451234567", Clue::NationalId);
    is(
        "AE07 0331 2345 6789 0123 456",
        Clue::Iban,
        "AE07 0331 2345 6789 0123 456",
    );
    is(
        "to GB82WEST12345698765432.",
        Clue::Iban,
        "GB82WEST12345698765432",
    );
    is(
        "IBAN AE08 0331 2345 6789 0123 456",
        Clue::Iban,
        "AE08 0331 2345 6789 0123 456",
    );
    has_no("AE08 0331 2345 6789 0123 456", Clue::Iban);
    is("4111 1111 1111 1111", Clue::Card, "4111 1111 1111 1111");
    is("378282246310005", Clue::Card, "378282246310005");
    has_no("4111 1111 1111 1112", Clue::Card);
    is(
        "490154203237518 is the IMEI: 490154203237518",
        Clue::Imei,
        "490154203237518",
    );
    is("356938035643809", Clue::Imei, "356938035643809");
    is("passport no. N4471902", Clue::Passport, "N4471902");
    is("جواز رقم A1234567", Clue::Passport, "A1234567");
    is("employee number 4482", Clue::Reference, "4482");
    is("رقمي الوظيفي ٤٤٨٢", Clue::Reference, "٤٤٨٢");
}

#[test]
fn addresses() {
    is(
        "write to A.b+c@mail.example.co.uk.",
        Clue::Email,
        "A.b+c@mail.example.co.uk",
    );
    is(
        "hassan dot karim at outlook dot com",
        Clue::Email,
        "karim at outlook dot com",
    );
    is(
        "me (at) gmail (dot) com",
        Clue::Email,
        "me (at) gmail (dot) com",
    );
    is(
        "khalid (at) gmail.com",
        Clue::Email,
        "khalid (at) gmail.com",
    );
    is(
        "see https://example.org/a?b=c#d, and",
        Clue::Web,
        "https://example.org/a?b=c#d",
    );
    is("www.example.museum", Clue::Web, "www.example.museum");
    is("follow @some_one!", Clue::Account, "@some_one");
    is(
        "https://t.me/somebody",
        Clue::Account,
        "https://t.me/somebody",
    );
    is("my instagram is khalid_88", Clue::Account, "khalid_88");
    is("حسابي انستقرام khalid.88", Clue::Account, "khalid.88");
    is("10.0.0.138", Clue::IpAddress, "10.0.0.138");
    is(
        "2001:db8::8a2e:370:7334",
        Clue::IpAddress,
        "2001:db8::8a2e:370:7334",
    );
    is("00:1A:2B:3C:4D:5E", Clue::MacAddress, "00:1A:2B:3C:4D:5E");
    is("00-1A-2B-3C-4D-5E", Clue::MacAddress, "00-1A-2B-3C-4D-5E");
    is(
        r"C:\Users\fatima\a.doc",
        Clue::Path,
        r"C:\Users\fatima\a.doc",
    );
    is("/Users/fatima/Desktop", Clue::Path, "/Users/fatima/Desktop");
    is(r"\\server\share\x", Clue::Path, r"\\server\share\x");
    for (other, clue) in [
        ("at 10:30:15", Clue::IpAddress),
        ("version 10.2.3.4", Clue::IpAddress),
        ("1.2.3.4.5", Clue::IpAddress),
        ("a@b", Clue::Email),
        ("5@10", Clue::Account),
        ("he told me.so I left", Clue::Web),
        ("3.5 or 4.6", Clue::Web),
        ("and/or", Clue::Path),
        ("see 12:30", Clue::Path),
        ("meet at the dot", Clue::Email),
        ("he is at home dot com is a shop", Clue::Path),
        ("I was on twitter yesterday", Clue::Account),
        ("كتب على تويتر أمس", Clue::Account),
    ] {
        has_no(other, clue);
    }
}

#[test]
fn plates_and_positions() {
    is("Dubai A 12345", Clue::Plate, "Dubai A 12345");
    is("plate Abu Dhabi 11 4821", Clue::Plate, "Abu Dhabi 11 4821");
    is("دبي أ ١٢٣٤٥", Clue::Plate, "دبي أ ١٢٣٤٥");
    is("السيارة أ ب ج ١٢٣٤", Clue::Plate, "أ ب ج ١٢٣٤");
    is("عربية ن ط ع ٥٦٧", Clue::Plate, "ن ط ع ٥٦٧");
    is("plate ABJ 4821", Clue::Plate, "ABJ 4821");
    is("رقم لوحتها ق د ر 4821", Clue::Plate, "ق د ر 4821");
    has_no("Dubai 12345", Clue::Plate);
    has_no("in Dubai in 2023", Clue::Plate);
    has_no("دبي في ٢٠٢٣", Clue::Plate);
    is("25.2048, 55.2708", Clue::Coordinates, "25.2048, 55.2708");
    is(
        "24.4539° N 54.3773° E",
        Clue::Coordinates,
        "24.4539° N 54.3773",
    );
    is(
        r#"25°12'17"N 55°16'14"E."#,
        Clue::Coordinates,
        r#"25°12'17"N 55°16'14"E"#,
    );
    is("7HQ6+5V2 Dubai", Clue::Coordinates, "7HQ6+5V2");
    is(
        "///filled.count.soap",
        Clue::Coordinates,
        "///filled.count.soap",
    );
    is(
        "maps.app.goo.gl/abc1",
        Clue::Coordinates,
        "maps.app.goo.gl/abc1",
    );
    has_no("12.5 and 14.75", Clue::Coordinates);
    has_no("35.50, 70.25", Clue::Coordinates);
}

#[test]
fn phrases() {
    is(
        "MY NAME IS Ahmed Al Ali and",
        Clue::Name,
        "MY NAME IS Ahmed Al Ali",
    );
    is("اسمي محمد علي واشتغل", Clue::Name, "اسمي محمد علي");
    is("وأنا الوحيد اللي يدري", Clue::OnlyI, "وأنا الوحيد اللي");
    is(
        "I’m the only one who knows",
        Clue::OnlyI,
        "I’m the only one",
    );
    is("لزوجي علاقة", Clue::Kin, "لزوجي");
    is("مُديري", Clue::Work, "مُديري");
    is("بشتغل في مصنع", Clue::Work, "بشتغل");
    is(
        "I was born on 3 May 1990",
        Clue::Birth,
        "I was born on 3 May 1990",
    );
    is("عمري ٣٤ سنة", Clue::Birth, "عمري ٣٤ سنة");
    has_no("جاري التحقيق", Clue::Kin);
    has_no("أخي الكريم", Clue::Kin);
    has_no("خالي من العيوب", Clue::Kin);
    has_no("I am not the only one", Clue::OnlyI);
    has_no("I am sure", Clue::Birth);
    has_no("الشغالة", Clue::Work);
    has_no("أوه my.\nName is a word", Clue::Name);
}

#[test]
fn hits_come_in_order_without_overlap_on_whole_characters() {
    let text = "اسمي علي، my number is +971 50 123 4567، a@b.com @user دبي أ ١٢٣٤٥ ‏https://t.me/x_y 784-1985-1234567-5";
    let hits = check(text);
    assert!(hits.len() >= 7, "{hits:?}");
    for pair in hits.windows(2) {
        assert!(pair[0].range.end <= pair[1].range.start);
    }
    for hit in hits {
        assert!(text.get(hit.range).is_some());
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    for piece in [
        "1 ",
        "+1",
        "@a",
        ".a",
        "a.",
        "a.com/",
        ":",
        "a:",
        "1:",
        "::",
        "/",
        "///a.b",
        "/home/",
        "°1",
        "1°1'",
        "my ",
        "only my ",
        "ا ",
        "at ",
        "at a dot ",
        "1.2.3.4.",
        "ae11",
        "ae 11 ",
        "plate ",
        "لوحة رقم ",
        "دبي أ ",
        "12.345 ",
        "+7hq6",
        "784",
        "instagram is ",
        "عمري ",
        "c:\\users\\",
        "ـ",
        "\u{200B}",
        "ﷺ",
        "ﻻ",
        "i am ",
        "i'm dr abu ",
        "i am ahmed al ",
        "انا ",
        "انا ابو ",
        "caller: ",
        "784-",
        "784 1985 ",
        ",1",
        "\", ",
        "x@",
        "و",
        "((((",
        "1-",
    ] {
        check(&piece.repeat((1 << 18) / piece.len()));
    }
}
