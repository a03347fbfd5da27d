//! What emoji need invisible characters for.

/// Whether the character is shown as a picture only when U+FE0F follows (`Emoji` without `Emoji_Presentation`).
pub(super) fn has_text_form(c: char) -> bool {
    matches!(c,
        '#' | '*' | '0'..='9' | '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '\u{2194}'..='\u{2199}' | '↩' | '↪' | '⌨' | '⏏'
        | '\u{23ED}'..='\u{23EF}' | '⏱' | '⏲' | '\u{23F8}'..='\u{23FA}' | 'Ⓜ' | '▪' | '▫' | '▶' | '◀' | '◻' | '◼'
        | '\u{2600}'..='\u{2604}' | '☎' | '☑' | '☘' | '☝' | '☠' | '☢' | '☣' | '☦' | '☪' | '☮' | '☯'
        | '\u{2638}'..='\u{263A}' | '♀' | '♂' | '♟' | '♠' | '♣' | '♥' | '♦' | '♨' | '♻' | '♾' | '⚒'
        | '\u{2694}'..='\u{2697}' | '⚙' | '⚛' | '⚜' | '⚠' | '⚧' | '⚰' | '⚱' | '⛈' | '⛏' | '⛑' | '⛓' | '⛩' | '⛰' | '⛱'
        | '⛴' | '⛷' | '⛸' | '⛹' | '✂' | '✈' | '✉' | '✌' | '✍' | '✏' | '✒' | '✔' | '✖' | '✝' | '✡' | '✳' | '✴' | '❄'
        | '❇' | '❣' | '❤' | '➡' | '⤴' | '⤵' | '\u{2B05}'..='\u{2B07}' | '〰' | '〽' | '㊗' | '㊙'
        | '\u{1F170}' | '\u{1F171}' | '\u{1F17E}' | '\u{1F17F}' | '\u{1F202}' | '\u{1F237}' | '\u{1F321}'
        | '\u{1F324}'..='\u{1F32C}' | '\u{1F336}' | '\u{1F37D}' | '\u{1F396}' | '\u{1F397}'
        | '\u{1F399}'..='\u{1F39B}' | '\u{1F39E}' | '\u{1F39F}' | '\u{1F3CB}'..='\u{1F3CE}'
        | '\u{1F3D4}'..='\u{1F3DF}' | '\u{1F3F3}' | '\u{1F3F5}' | '\u{1F3F7}' | '\u{1F43F}' | '\u{1F441}'
        | '\u{1F4FD}' | '\u{1F549}' | '\u{1F54A}' | '\u{1F56F}' | '\u{1F570}' | '\u{1F573}'..='\u{1F579}'
        | '\u{1F587}' | '\u{1F58A}'..='\u{1F58D}' | '\u{1F590}' | '\u{1F5A5}' | '\u{1F5A8}' | '\u{1F5B1}'
        | '\u{1F5B2}' | '\u{1F5BC}' | '\u{1F5C2}'..='\u{1F5C4}' | '\u{1F5D1}'..='\u{1F5D3}'
        | '\u{1F5DC}'..='\u{1F5DE}' | '\u{1F5E1}' | '\u{1F5E3}' | '\u{1F5E8}' | '\u{1F5EF}' | '\u{1F5F3}'
        | '\u{1F5FA}' | '\u{1F6CB}' | '\u{1F6CD}'..='\u{1F6CF}' | '\u{1F6E0}'..='\u{1F6E5}' | '\u{1F6E9}'
        | '\u{1F6F0}' | '\u{1F6F3}')
}

/// Whether U+FE0E after it asks for letters instead of a picture.
pub(super) fn has_picture_form(c: char) -> bool {
    has_text_form(c) && !c.is_ascii() || matches!(c, '\u{231A}'..='\u{2B55}')
}

pub(super) fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// Whether a zero-width joiner makes one picture of the two. Selectors and skin tones between them are left out.
pub(super) fn join(left: char, right: char) -> bool {
    let is_person = |c| matches!(c, '\u{1F466}'..='\u{1F469}' | '\u{1F9D1}');
    let is_acting = |c| {
        matches!(c, '\u{1F385}' | '\u{1F3C2}'..='\u{1F3CC}' | '\u{1F46E}'..='\u{1F487}' | '\u{1F574}'
            | '\u{1F575}' | '\u{1F57A}' | '\u{1F590}' | '\u{1F645}'..='\u{1F64E}' | '\u{1F6A3}'..='\u{1F6C0}'
            | '\u{1F926}'..='\u{1F93E}' | '\u{1F9B8}'..='\u{1F9CF}' | '\u{1F9D4}'..='\u{1F9DF}' | '⛹')
    };
    match right {
        '♀' | '♂' => is_acting(left) || is_person(left),
        '➡' => {
            is_acting(left)
                || is_person(left)
                || matches!(left, '♀' | '♂' | '\u{1F9AF}' | '\u{1F9BC}' | '\u{1F9BD}')
        }
        '⚕'
        | '❤'
        | '⚖'
        | '✈'
        | '\u{1F33E}'
        | '\u{1F373}'
        | '\u{1F37C}'
        | '\u{1F384}'
        | '\u{1F393}'
        | '\u{1F3A4}'
        | '\u{1F3A8}'
        | '\u{1F3EB}'
        | '\u{1F3ED}'
        | '\u{1F4BB}'
        | '\u{1F4BC}'
        | '\u{1F527}'
        | '\u{1F52C}'
        | '\u{1F680}'
        | '\u{1F692}'
        | '\u{1F91D}'
        | '\u{1F9AF}'..='\u{1F9B3}'
        | '\u{1F9BC}'
        | '\u{1F9BD}' => is_person(left),
        '\u{1F48B}' => left == '❤',
        '\u{1F466}'..='\u{1F469}' | '\u{1F9D1}' | '\u{1F9D2}' => {
            is_person(left) || matches!(left, '❤' | '\u{1F48B}' | '\u{1F91D}' | '\u{1F9D2}')
        }
        _ => PAIRS.contains(&(left, right)),
    }
}

const PAIRS: &[(char, char)] = &[
    ('\u{1F3F3}', '\u{1F308}'),
    ('\u{1F3F3}', '⚧'),
    ('\u{1F3F4}', '☠'),
    ('\u{1F441}', '\u{1F5E8}'),
    ('\u{1F415}', '\u{1F9BA}'),
    ('\u{1F408}', '⬛'),
    ('\u{1F426}', '⬛'),
    ('\u{1F426}', '\u{1F525}'),
    ('\u{1F43B}', '❄'),
    ('\u{1F62E}', '\u{1F4A8}'),
    ('\u{1F635}', '\u{1F4AB}'),
    ('\u{1F636}', '\u{1F32B}'),
    ('\u{1F642}', '\u{2194}'),
    ('\u{1F642}', '\u{2195}'),
    ('\u{1FAF1}', '\u{1FAF2}'),
    ('❤', '\u{1F525}'),
    ('❤', '\u{1FA79}'),
    ('⛓', '\u{1F4A5}'),
    ('\u{1F34B}', '\u{1F7E9}'),
    ('\u{1F344}', '\u{1F7EB}'),
];

/// What follows the black flag for England, Scotland and Wales.
pub(super) const FLAGS: &[&str] = &[
    "\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];
