//! JSON as it is written: numbers keep their text, every value knows its own.
//!
//! `1.10` may be a version and `12345678901234567890` an identifier; a parser that
//! reads numbers as doubles turns them into others. What is read here is what
//! RFC 8259 allows and nothing else (a test holds it against serde_json). Of members
//! of one name the last counts. Nesting has a limit, as every parser's has.

use std::borrow::Cow;

/// The deepest nesting that is read, as in serde_json.
const DEEPEST: usize = 127;

/// One value within the text that it was read from.
#[derive(Debug, PartialEq)]
pub(super) enum JsonValue<'t> {
    Null,
    Boolean(bool),
    /// A number as it is written.
    Number(&'t str),
    Text(Cow<'t, str>),
    Array {
        text: &'t str,
        elements: Vec<JsonValue<'t>>,
    },
    Object {
        text: &'t str,
        members: Vec<(Cow<'t, str>, JsonValue<'t>)>,
    },
}

impl<'t> JsonValue<'t> {
    /// Returns the member of an object.
    pub(super) fn get(&self, name: &str) -> Option<&JsonValue<'t>> {
        let Self::Object { members, .. } = self else {
            return None;
        };
        let mut members = members.iter().rev();
        members.find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Returns what the value is, for messages.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Boolean(value) => value.to_string(),
            Self::Number(text) => format!("the number {text}"),
            Self::Text(_) => "a text".into(),
            Self::Array { .. } => "an array".into(),
            Self::Object { .. } => "an object".into(),
        }
    }
}

/// Why a text is no JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Invalid {
    /// What was found, with its place.
    pub(super) found: String,
    /// Whether the text ended too early.
    pub(super) is_cut_off: bool,
}

/// Reads one value that is all of a text.
pub(super) fn parse(text: &str) -> Result<JsonValue<'_>, Invalid> {
    let mut parser = Parser { text, place: 0 };
    let value = parser.value(0)?;
    parser.skip_blanks();
    match parser.place == text.len() {
        true => Ok(value),
        false => Err(parser.unexpected()),
    }
}

struct Parser<'t> {
    text: &'t str,
    place: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.place..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.place += 1;
        }
    }

    /// Goes past a byte if it is the next one.
    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.place += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<(), Invalid> {
        self.skip_blanks();
        if self.take(byte) {
            return Ok(());
        }
        Err(self.unexpected())
    }

    fn unexpected(&self) -> Invalid {
        let is_word = |c: &char| c.is_alphanumeric() || "+-._".contains(*c);
        let mut word: String = self.rest().chars().take_while(is_word).take(20).collect();
        if word.is_empty() {
            word = self.rest().chars().take(1).collect();
        }
        let character = self.text[..self.place].chars().count() + 1;
        let found = match word.is_empty() {
            true => "its end too early".to_owned(),
            false => format!("`{word}` at character {character}"),
        };
        Invalid {
            found,
            is_cut_off: word.is_empty(),
        }
    }

    fn value(&mut self, depth: usize) -> Result<JsonValue<'t>, Invalid> {
        self.skip_blanks();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(JsonValue::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => Ok(JsonValue::Number(self.number()?)),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<JsonValue<'t>, Invalid> {
        let words = [
            ("null", JsonValue::Null),
            ("true", JsonValue::Boolean(true)),
            ("false", JsonValue::Boolean(false)),
        ];
        for (word, value) in words {
            if self.rest().starts_with(word) {
                self.place += word.len();
                return Ok(value);
            }
            // A text that ends within a word is cut off.
            if word.starts_with(self.rest()) {
                self.place = self.text.len();
            }
        }
        Err(self.unexpected())
    }

    fn deeper(&self, depth: usize) -> Result<usize, Invalid> {
        if depth < DEEPEST {
            return Ok(depth + 1);
        }
        Err(Invalid {
            found: format!("more than {DEEPEST} levels of nesting"),
            is_cut_off: false,
        })
    }

    fn array(&mut self, depth: usize) -> Result<JsonValue<'t>, Invalid> {
        let depth = self.deeper(depth)?;
        let start = self.place;
        let mut elements = Vec::new();
        self.place += 1;
        self.skip_blanks();
        if !self.take(b']') {
            loop {
                elements.push(self.value(depth)?);
                self.skip_blanks();
                if !self.take(b',') {
                    break;
                }
            }
            self.expect(b']')?;
        }
        let text = &self.text[start..self.place];
        Ok(JsonValue::Array { text, elements })
    }

    fn object(&mut self, depth: usize) -> Result<JsonValue<'t>, Invalid> {
        let depth = self.deeper(depth)?;
        let start = self.place;
        let mut members = Vec::new();
        self.place += 1;
        self.skip_blanks();
        if !self.take(b'}') {
            loop {
                self.skip_blanks();
                if self.peek() != Some(b'"') {
                    return Err(self.unexpected());
                }
                let name = self.string()?;
                self.expect(b':')?;
                members.push((name, self.value(depth)?));
                self.skip_blanks();
                if !self.take(b',') {
                    break;
                }
            }
            self.expect(b'}')?;
        }
        let text = &self.text[start..self.place];
        Ok(JsonValue::Object { text, members })
    }

    fn number(&mut self) -> Result<&'t str, Invalid> {
        let start = self.place;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'-') {
                self.take(b'+');
            }
            self.digits()?;
        }
        Ok(&self.text[start..self.place])
    }

    fn digits(&mut self) -> Result<(), Invalid> {
        let start = self.place;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.place += 1;
        }
        match self.place > start {
            true => Ok(()),
            false => Err(self.unexpected()),
        }
    }

    fn string(&mut self) -> Result<Cow<'t, str>, Invalid> {
        self.place += 1;
        let mut text = Cow::Borrowed("");
        loop {
            let run = self.plain_run();
            match &mut text {
                Cow::Borrowed("") => text = Cow::Borrowed(run),
                text => text.to_mut().push_str(run),
            }
            if self.take(b'"') {
                return Ok(text);
            }
            if !self.take(b'\\') {
                // A control character, or the end.
                return Err(self.unexpected());
            }
            let sign = self.escaped()?;
            text.to_mut().push(sign);
        }
    }

    fn plain_run(&mut self) -> &'t str {
        let start = self.place;
        let bytes = &self.text.as_bytes()[start..];
        let is_end = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < b' ';
        self.place += bytes.iter().position(is_end).unwrap_or(bytes.len());
        &self.text[start..self.place]
    }

    fn escaped(&mut self) -> Result<char, Invalid> {
        let sign = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.unexpected()),
        };
        self.place += 1;
        Ok(sign)
    }

    /// Reads `u00e9`, or `ud83d\ude00` for one sign beyond the basic plane.
    fn unicode(&mut self) -> Result<char, Invalid> {
        let start = self.place;
        let first = self.four_digits()?;
        let code = match first {
            0xd800..=0xdbff if self.take(b'\\') => {
                if self.peek() != Some(b'u') {
                    return Err(self.unexpected());
                }
                let second = self.four_digits()?;
                let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400);
                low.map(|low| 0x10000 + ((first - 0xd800) << 10) + low)
            }
            first => Some(first),
        };
        if let Some(sign) = code.and_then(char::from_u32) {
            return Ok(sign);
        }
        let is_cut_off = self.rest().is_empty();
        if !is_cut_off {
            // Half a sign.
            self.place = start;
        }
        Err(self.unexpected())
    }

    fn four_digits(&mut self) -> Result<u32, Invalid> {
        self.place += 1;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.unexpected());
            };
            code = code * 16 + digit;
            self.place += 1;
        }
        Ok(code)
    }
}

/// Takes the blanks between the parts of a value out.
pub(super) fn compact(text: &str) -> String {
    let mut is_quoted = false;
    let mut is_escaped = false;
    text.chars()
        .filter(|sign| {
            let is_kept = is_quoted || !sign.is_ascii_whitespace();
            match sign {
                '"' if !is_escaped => is_quoted = !is_quoted,
                _ => {}
            }
            is_escaped = is_quoted && *sign == '\\' && !is_escaped;
            is_kept
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// Returns whether two parsers read the same.
    fn is_same(own: &JsonValue<'_>, other: &Value) -> bool {
        match (own, other) {
            (JsonValue::Null, Value::Null) => true,
            (JsonValue::Boolean(own), Value::Bool(other)) => own == other,
            (JsonValue::Number(own), Value::Number(other)) => {
                own.parse::<f64>().ok() == other.as_f64()
            }
            (JsonValue::Text(own), Value::String(other)) => own == other,
            (JsonValue::Array { elements, .. }, Value::Array(others)) => {
                let mut pairs = elements.iter().zip(others);
                elements.len() == others.len() && pairs.all(|(own, other)| is_same(own, other))
            }
            (JsonValue::Object { members, .. }, Value::Object(others)) => {
                let is_there = |(name, _): &(Cow<'_, str>, _)| others.contains_key(name.as_ref());
                let mut pairs = others.iter();
                members.iter().all(is_there)
                    && pairs.all(|(name, other)| own.get(name).is_some_and(|v| is_same(v, other)))
            }
            _ => false,
        }
    }

    fn found(text: &str) -> String {
        parse(text).expect_err("it is no JSON").found
    }

    #[test]
    fn numbers_keep_their_text() {
        let text = r#"{"a": 1.10, "b": [12345678901234567890123, -0.0, 1E+2]}"#;
        let value = parse(text).expect("it is JSON");
        assert_eq!(value.get("a"), Some(&JsonValue::Number("1.10")));
        let Some(JsonValue::Array { text, elements }) = value.get("b") else {
            panic!("it is an array");
        };
        assert_eq!(elements[0], JsonValue::Number("12345678901234567890123"));
        assert_eq!(elements[2], JsonValue::Number("1E+2"));
        assert_eq!(compact(text), "[12345678901234567890123,-0.0,1E+2]");
    }

    #[test]
    fn the_last_of_several_members_counts() {
        let value = parse(r#"{"a": 1, "b": 2, "a": 3}"#).expect("it is JSON");
        assert_eq!(value.get("a"), Some(&JsonValue::Number("3")));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        assert_eq!(found(r#"{"a": NaN}"#), "`NaN` at character 7");
        assert_eq!(found(r#"{"ä" 1}"#), "`1` at character 6");
        assert_eq!(found(r#"{"a": -Infinity}"#), "`Infinity` at character 8");
        assert_eq!(found("[1,]"), "`]` at character 4");
        assert_eq!(found("{'a': 1}"), "`'` at character 2");
        for text in [
            "",
            "[1",
            "{\"a\"",
            "\"x",
            "tru",
            "-",
            "[\"\\u00",
            "1e",
            "\"\\ud83d",
        ] {
            let invalid = parse(text).expect_err("it is cut off");
            assert!(invalid.is_cut_off, "{text}: {}", invalid.found);
        }
    }

    #[test]
    fn nesting_has_a_limit_and_no_crash() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(DEEPEST)).is_ok());
        assert!(serde_json::from_str::<Value>(&nested(DEEPEST)).is_ok());
        assert!(serde_json::from_str::<Value>(&nested(DEEPEST + 1)).is_err());
        for depth in [DEEPEST + 1, 1_000_000] {
            assert_eq!(found(&nested(depth)), "more than 127 levels of nesting");
        }
    }

    #[test]
    fn blanks_within_texts_stay() {
        assert_eq!(
            compact("{ \"a b\" : \"x \\\" y\\\\\" , \"c\": [ 1 ] }"),
            "{\"a b\":\"x \\\" y\\\\\",\"c\":[1]}"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::with_cases(2_000)
        })]

        #[test]
        fn it_reads_what_serde_json_reads_and_nothing_else(
            text in prop_oneof![
                any::<String>(),
                "[\\[\\]{}\":,0-9.eE+ntrufalsd\\\\/ -]{0,16}",
                "\\[(\"(\\\\u[dD0][89c-f0][0-9]{2}|\\\\[\"bnt/x]|[a\u{7f}ü\u{1}])*\"|-?[0-9]{0,2}(\\.[0-9]?)?([eE][+-]?[0-9]?)?|null)\\]",
                "\\{(\"[ab]\": ?(1|\"x\"|\\{\"a\":2\\}|\\[\\]),? ?){0,3}\\}",
            ],
        ) {
            // Doubles have a largest one, numbers as they are written do not.
            let is_huge = |e: &serde_json::Error| e.to_string().contains("out of range");
            match (parse(&text), serde_json::from_str::<Value>(&text)) {
                (Ok(own), Ok(other)) => prop_assert!(is_same(&own, &other), "{text}"),
                (Err(own), Err(other)) => {
                    if own.is_cut_off != other.is_eof() {
                        // Half a sign at the end is cut off for one and wrong for the other.
                        prop_assert!(text.contains("\\u"), "{text}: {own:?} {other}");
                    }
                }
                (Ok(_), Err(other)) => prop_assert!(is_huge(&other), "{text}: {other}"),
                (Err(own), Ok(_)) => prop_assert!(false, "{text}: {own:?}"),
            }
        }
    }
}
