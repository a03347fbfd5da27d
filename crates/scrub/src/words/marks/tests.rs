use super::*;

fn count(cleaned: &Cleaned, what: Mark) -> usize {
    let found = cleaned.marks().iter().find(|marks| marks.what == what);
    found.map_or(0, |marks| marks.count)
}

/// Cleans, and holds against the result that cleaning it again finds nothing.
fn cleaned(text: &str) -> Cleaned {
    let first = clean(text);
    let second = clean(&first.text);
    assert_eq!(*second.text, *first.text, "{text:?}");
    assert_eq!(second.marks(), [], "{text:?} {:?}", *first.text);
    first
}

#[track_caller]
fn becomes(text: &str, clean: &str, what: Mark) {
    let cleaned = cleaned(text);
    assert_eq!(*cleaned.text, clean);
    assert!(count(&cleaned, what) > 0, "{:?}", cleaned.marks());
}

#[track_caller]
fn stays(text: &str) {
    let cleaned = cleaned(text);
    assert_eq!(*cleaned.text, text, "{:?}", cleaned.marks());
    assert_eq!(cleaned.marks(), [], "{text:?}");
}

#[test]
fn what_real_texts_are_written_with_stays() {
    stays(
        "The foreman, Mr O’Neill — “Big Jim” — said: don't touch box #4 … £20, 50% & more.\n\n\tIndented – line\n",
    );
    stays("La société n’a jamais payé l’été dernier : « ça suffit », où sont les œufs ?");
    stays(
        "Straße, Größe, Übermaß, Ärger; ¿Dónde está el señor Ñuñoz? ¡Aquí! Não há razão, coração, pão.",
    );
    stays(
        "İstanbul'da ışıklar söndü, çığlık duyuldu; Łódź, žluťoučký kůň, őrült űrhajós, ştiinţă.",
    );
    stays("Phường Bến Nghé, Quận 1, thành phố Hồ Chí Minh — Việt Nam");
    stays("Начальник склада сказал: «Молчи». Это был Ёжиков, подъезд №5, йод, Україна її ґанок.");
    stays("Ο διευθυντής πήρε τα χρήματα· ξέρω ότι είναι αλήθεια. Ωραία;");
    stays("المدير أخذ المبلغ ٥٠٠٠ درهم يوم ١٢/٣/٢٠٢٤، ولم يسجِّلْه. هل يُعقل؟ ﷺ مُحَمَّدٌ");
    stays("سنة 1447 هـ و الـVIP");
    stays("می‌خواهم بگویم که شرکت پول‌ها را برداشت؛ خانه‌ای در تهران، نمی‌دانم چه‌طور. ۱۲۳۴۵۶");
    stays("میں نے دیکھا کہ وہ رات کو گاڑی میں پیسے لے گئے۔ ٹھیک ہے، ۴۵۶");
    stays("ئەوان پارەکەیان بردووە لە هەولێر، چۆن؟");
    stays("שלום, המנהל לקח את הכסף. שָׁלוֹם");
    stays("उन्होंने पैसे लिए। क्‍षेत्र और क्‌षेत्र, र्‍य, हिन्दी १२३");
    stays("শ্রমিকরা র‍্যাব কে জানায়, র‌্যাব, খণ্ড-ত ৎ, বাংলাদেশ");
    stays("ശ്രീ അവന്‍ പറഞ്ഞു, മലയാളം; ශ්‍රී ලංකා; தமிழ் க்‌ஷ; తెలుగు; ಕನ್ನಡ; ગુજરાતી; ਪੰਜਾਬੀ");
    stays("ผู้จัดการรับเงินสองหมื่นบาท น้ำ กำ ที่นี่");
    stays("经理拿走了钱。　他说：“别说出去！”（五千元）１２３ＡＢＣ 葛󠄀城市");
    stays("社長は２０万円を受け取った。　ヴァイオリン、ﾊﾝｶｸ、東京都港区１－２－３");
    stays("과장님이 돈을 가져갔어요. 2024년 3월");
    stays("ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ᠌ᠡ᠎ᠡ");
    stays("አለቃው ገንዘቡን ወሰደ። ქართული ტექსტი Հայերեն");
    stays("Swali: nani alichukua pesa? Ang pera ay kinuha ng amo ko. Uang itu diambil.");
    stays("👨‍👩‍👧‍👦 👩🏽‍⚕️ 🏳️‍🌈 🏴‍☠️ 1️⃣ #️⃣ ❤️ ❤ ☎︎ 👍🏿 🇦🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🧑‍🤝‍🧑 👩‍❤️‍💋‍👨 🤦🏻‍♂️ 🏃🏾‍♀️‍➡️ 👁️‍🗨️ ✈️ 😮‍💨 🕵️‍♀️");
    stays("TNFα and β-blockers, 5 μm, 10 Ω, x² + y² ≤ ½, H₂O, 25 °C, ‰, ±3, ½, №, №5");
    stays("");
}

#[test]
fn zero_width_characters_go() {
    becomes(
        "to\u{200B}day I\u{200C} saw\u{200D} \u{2060}it\u{FEFF}",
        "today I saw it",
        Mark::ZeroWidth,
    );
    becomes("المد\u{200C}ير ك\u{200D}تب", "المدير كتب", Mark::ZeroWidth);
    becomes("😀\u{200D}😀", "😀😀", Mark::ZeroWidth);
    becomes(
        "می\u{200C}\u{200C}خواهم",
        "می\u{200C}خواهم",
        Mark::ZeroWidth,
    );
    becomes("क्षे\u{200D}त्र", "क्षेत्र", Mark::ZeroWidth);
    becomes("a\u{34F}b", "ab", Mark::ZeroWidth);
    let cleaned = clean("ab\u{200B}c \u{200B}");
    assert_eq!(
        cleaned.marks().iter().map(|m| m.positions.clone()).next(),
        Some(vec![2, 7])
    );
}

#[test]
fn other_marks_go() {
    becomes(
        "\u{200F}مرحبا\u{200E} \u{202E}abc\u{202C} \u{2067}x\u{2069}\u{61C}",
        "مرحبا abc x",
        Mark::Direction,
    );
    becomes(
        "a\u{E0041}\u{E007F}b 🏴\u{E0067}\u{E0062}",
        "ab 🏴",
        Mark::Tag,
    );
    becomes(
        "a\u{FE0F}b😀\u{FE0F} 5\u{FE0F} 中\u{FE0F} x\u{E0101}",
        "ab😀 5 中 x",
        Mark::Variation,
    );
    becomes("in\u{AD}visible", "invisible", Mark::SoftHyphen);
    becomes(
        "f\u{2061}x\u{2063} \u{FFF9}a\u{FFFB} \u{206A}",
        "fx a",
        Mark::Invisible,
    );
    becomes("a\u{3164}b\u{2800}c\u{115F}", "abc", Mark::Filler);
    becomes(
        "a\u{A0}b\u{2009}c\u{3000}d\u{202F}e",
        "a b c d e",
        Mark::Space,
    );
    becomes(
        "one  \ntwo\t \n \nthree ",
        "one\ntwo\n\nthree",
        Mark::LineEndSpace,
    );
    becomes(
        "one\r\ntwo\rthree\u{2028}four\u{85}",
        "one\ntwo\nthree\nfour\n",
        Mark::LineEnd,
    );
    becomes("a\u{0}b\u{1B}[31m\u{9F}", "ab[31m", Mark::Control);
    becomes(
        "zalgo e\u{301}\u{301}\u{316}\u{316}",
        "zalgo é\u{316}",
        Mark::StackedAccents,
    );
    becomes("e\u{301}", "é", Mark::Decomposed);
    becomes("مـــرحـبا هـــ", "مرحبا هـ", Mark::Tatweel);
}

#[test]
fn look_alikes_become_what_they_look_like() {
    becomes(
        "The mаnаger toоk it",
        "The manager took it",
        Mark::LookAlike,
    );
    becomes("а bribe", "a bribe", Mark::LookAlike);
    becomes("Нello", "Hello", Mark::LookAlike);
    becomes("Mосква и Пapиж", "Москва и Париж", Mark::LookAlike);
    becomes("Τhe Βoss", "The Boss", Mark::LookAlike);
    becomes("𝐭𝐡𝐞 𝗆𝖺𝗇 ｔｏｏｋ ５", "the man took 5", Mark::LookAlike);
    becomes(
        "المدیر کان في المكتب وكان ي",
        "المدير كان في المكتب وكان ي",
        Mark::LookAlike,
    );
    becomes("هاتف ٠٥٠۱۲٣٤", "هاتف ٠٥٠١٢٣٤", Mark::LookAlike);
    becomes("رقم 12٣", "رقم 123", Mark::LookAlike);
    becomes("رقم ٤۵6", "رقم ٤٥٦", Mark::LookAlike);
    becomes("No. ۷8٩", "No. ۷۸۹", Mark::LookAlike);
    stays("الغرفة ١٢ في المبنى B12، يوم 3/٤، A380، ۱۲ و12، 050-١٢٣، 5G، ٢٠٢٤م");
    becomes("ﺍﻟﻤﺪﻳﺮ ﻻ", "المدير لا", Mark::FixedShape);
    becomes("oﬃce ﬁle", "office file", Mark::FixedShape);
    stays("USB-кабель и iPhone в сумке, а не о том");
}

#[test]
fn positions_are_those_of_the_text_as_it_was_given() {
    let text = "x ab\u{200B}\u{200B}cаd\u{AD}о e\u{301}\u{200B}";
    for marks in clean(text).marks() {
        let expected: &[char] = match marks.what {
            Mark::ZeroWidth => &['\u{200B}'],
            Mark::LookAlike => &['а', 'о'],
            Mark::SoftHyphen => &['\u{AD}'],
            Mark::Decomposed => &['e'],
            _ => &[],
        };
        for at in &marks.positions {
            assert!(text[*at..].starts_with(expected), "{marks:?}");
        }
    }
}

#[test]
fn hostile_texts_are_cleaned_in_linear_time_and_to_the_end() {
    for piece in [
        "\u{200C}",
        "ا\u{200C}",
        "\u{200D}\u{200B}",
        "ـ",
        "بـ",
        "e\u{301}",
        "\u{E0041}",
        " \u{200B}\n",
        "🏴\u{E0067}",
        "а",
        "aа",
        "\u{1100}\u{1161}",
        "۱٠",
        "\u{FE0F}",
        "क\u{94D}\u{200D}",
        "ﻻ",
    ] {
        cleaned(&piece.repeat(20_000));
    }
}
