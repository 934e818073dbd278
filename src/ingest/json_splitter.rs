//! A JSON document → the bytes of its records, one after the other.
//!
//! The array that holds the records (the document itself, or what lies at a path of
//! names in it) is never in memory as a whole: bytes are passed on element by
//! element, by brackets and quotes alone, and each element is parsed for itself. What
//! lies before the array is held until the array is found, for a document without
//! one is itself the record. A document that ends early is an error, never a short
//! export.

use std::io::{self, Read};

use super::json_bytes::{JsonBytes, SplitError};
use super::json_value::{self, JsonValue};

/// What the bytes are that were split off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A whole document, or an element of the array that is the document.
    Document,
    /// A record.
    Record,
}

/// Where in the document the splitter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// Within the objects on the path, before a member, a comma or the end.
    Members {
        is_first: bool,
    },
    /// Within the array, before an element, a comma or the end.
    Elements {
        is_first: bool,
        piece: Piece,
    },
    Behind,
}

/// Splits a document.
pub(super) struct JsonSplitter<R> {
    bytes: JsonBytes<R>,
    /// The names on the way to the array.
    path: Vec<String>,
    /// How many objects on the path are open.
    depth: usize,
    state: State,
    /// What was read before the records were found.
    before: Option<Vec<u8>>,
}

impl<R: Read> JsonSplitter<R> {
    pub(super) fn new(inner: R, path: Vec<String>) -> Self {
        Self {
            bytes: JsonBytes::new(inner),
            path,
            depth: 0,
            state: State::Start,
            before: Some(Vec::new()),
        }
    }

    /// Puts the next record in `piece`; `None` where there are no more.
    pub(super) fn next(&mut self, piece: &mut Vec<u8>) -> Result<Option<Piece>, SplitError> {
        loop {
            piece.clear();
            let found = match self.state {
                State::Start => self.start(piece)?,
                State::Members { is_first } => self.member(is_first, piece)?,
                State::Elements {
                    is_first,
                    piece: kind,
                } => self.element(is_first, kind, piece)?,
                State::Behind => {
                    return match self.bytes.next_sign()? {
                        None => Ok(None),
                        Some(_) => Err(self.bytes.unexpected("the end of the document")),
                    };
                }
            };
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    fn start(&mut self, piece: &mut Vec<u8>) -> Result<Option<Piece>, SplitError> {
        match self.bytes.next_sign()? {
            Some(b'[') => {
                self.bytes.skip();
                self.state = State::Elements {
                    is_first: true,
                    piece: Piece::Document,
                };
                Ok(None)
            }
            Some(b'{') if !self.path.is_empty() => {
                self.open_object();
                Ok(None)
            }
            _ => {
                self.state = State::Behind;
                self.bytes.value(Some(piece))?;
                Ok(Some(Piece::Document))
            }
        }
    }

    fn open_object(&mut self) {
        self.bytes.skip();
        self.hold(b"{");
        self.depth += 1;
        self.state = State::Members { is_first: true };
    }

    fn hold(&mut self, bytes: &[u8]) {
        if let Some(before) = &mut self.before {
            before.extend_from_slice(bytes);
        }
    }

    /// Goes past a member of an object on the path, or its end.
    fn member(&mut self, is_first: bool, piece: &mut Vec<u8>) -> Result<Option<Piece>, SplitError> {
        match self.bytes.next_sign()? {
            Some(b'}') => {
                self.bytes.skip();
                self.hold(b"}");
                return Ok(self.close_object(piece));
            }
            Some(b',') if !is_first => {
                self.bytes.skip();
                self.hold(b",");
                self.bytes.next_sign()?;
            }
            _ if is_first => {}
            _ => return Err(self.bytes.unexpected("a comma or `}`")),
        }
        let mut name = Vec::new();
        self.bytes.string(&mut name)?;
        self.hold(&name);
        if self.bytes.next_sign()? != Some(b':') {
            return Err(self.bytes.unexpected("a colon"));
        }
        self.bytes.skip();
        self.hold(b":");
        self.state = State::Members { is_first: false };
        let sign = self.bytes.next_sign()?;
        let is_on_path = self
            .path
            .get(self.depth - 1)
            .is_some_and(|own| is_name(&name, own));
        if is_on_path && self.depth == self.path.len() {
            return self.records(sign, piece);
        }
        if is_on_path && sign == Some(b'{') {
            self.open_object();
            return Ok(None);
        }
        self.bytes.value(self.before.as_mut())?;
        Ok(None)
    }

    /// Reads what lies at the end of the path.
    fn records(
        &mut self,
        sign: Option<u8>,
        piece: &mut Vec<u8>,
    ) -> Result<Option<Piece>, SplitError> {
        if self.before.take().is_none() {
            return Err(self.bytes.unexpected("records at one place only"));
        }
        if sign == Some(b'[') {
            self.bytes.skip();
            self.state = State::Elements {
                is_first: true,
                piece: Piece::Record,
            };
            return Ok(None);
        }
        // Some tools write a list of one as that one, and an empty one as null.
        self.bytes.value(Some(piece))?;
        Ok((piece != b"null").then_some(Piece::Record))
    }

    fn close_object(&mut self, piece: &mut Vec<u8>) -> Option<Piece> {
        self.depth -= 1;
        if self.depth > 0 {
            self.state = State::Members { is_first: false };
            return None;
        }
        self.state = State::Behind;
        let document = self.before.take()?;
        *piece = document;
        Some(Piece::Document)
    }

    fn element(
        &mut self,
        is_first: bool,
        kind: Piece,
        piece: &mut Vec<u8>,
    ) -> Result<Option<Piece>, SplitError> {
        match self.bytes.next_sign()? {
            Some(b']') => {
                self.bytes.skip();
                self.state = match self.depth {
                    0 => State::Behind,
                    _ => State::Members { is_first: false },
                };
                return Ok(None);
            }
            Some(b',') if !is_first => {
                self.bytes.skip();
                self.bytes.next_sign()?;
            }
            _ if is_first => {}
            _ => return Err(self.bytes.unexpected("a comma or `]`")),
        }
        self.state = State::Elements {
            is_first: false,
            piece: kind,
        };
        self.bytes.value(Some(piece))?;
        Ok(Some(kind))
    }

    /// Returns the line that was read to.
    pub(super) fn line(&self) -> u64 {
        self.bytes.line()
    }
}

/// Returns whether a string in quotes is this name.
fn is_name(quoted: &[u8], name: &str) -> bool {
    let text = std::str::from_utf8(quoted).ok();
    let value = text.and_then(|text| json_value::parse(text).ok());
    matches!(value, Some(JsonValue::Text(text)) if text == name)
}

impl From<io::Error> for SplitError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn split(text: &str, path: &[&str]) -> Result<Vec<(Piece, String)>, String> {
        let path = path.iter().map(|name| (*name).to_owned()).collect();
        let mut splitter = JsonSplitter::new(text.as_bytes(), path);
        let mut pieces = Vec::new();
        let mut bytes = Vec::new();
        loop {
            match splitter.next(&mut bytes) {
                Ok(Some(piece)) => {
                    let text = String::from_utf8(bytes.clone()).expect("it was text");
                    pieces.push((piece, text));
                }
                Ok(None) => return Ok(pieces),
                Err(SplitError::CutOff) => return Err("cut off".into()),
                Err(SplitError::Unexpected { expected, found }) => {
                    return Err(format!("{expected}, {found}"));
                }
                Err(SplitError::Io(error)) => panic!("a slice can be read: {error}"),
            }
        }
    }

    fn texts(text: &str, path: &[&str]) -> Vec<String> {
        let pieces = split(text, path).expect("it is a document");
        pieces.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn the_array_of_records_is_split() {
        let none: [&str; 0] = [];
        assert_eq!(
            texts(r#" [ {"a": "]"} , 1,[2],"x\"]" ] "#, &[]),
            [r#"{"a": "]"}"#, "1", "[2]", r#""x\"]""#]
        );
        assert_eq!(texts("[]", &[]), none);
        assert_eq!(texts(r#"{"a": 1}"#, &[]), [r#"{"a": 1}"#]);
        let page = r#"{"total": 2, "x": {"issues": [9]}, "issues": [{"k": 1}, {"k": 2}], "b": []}"#;
        assert_eq!(texts(page, &["issues"]), [r#"{"k": 1}"#, r#"{"k": 2}"#]);
        assert_eq!(texts(page, &["x", "issues"]), ["9"]);
        assert_eq!(texts(r#"{"i\u0073": [1]}"#, &["is"]), ["1"]);
        assert_eq!(texts(r#"{"is": null}"#, &["is"]), none);
        assert_eq!(texts(r#"{"is": {"k": 1}}"#, &["is"]), [r#"{"k": 1}"#]);
        let pages = split(r#"[{"is": [1]}]"#, &["is"]);
        assert_eq!(pages, Ok(vec![(Piece::Document, r#"{"is": [1]}"#.into())]));
    }

    #[test]
    fn a_document_without_the_path_is_itself_the_record() {
        for text in [
            r#"{"a":1,"b":{"c":[1,2]}}"#,
            r#"{"b":{},"c":[{}]}"#,
            "{}",
            r#"{"b":[]}"#,
        ] {
            let document = vec![(Piece::Document, text.to_owned())];
            assert_eq!(split(text, &["b", "is"]), Ok(document));
        }
    }

    #[test]
    fn a_document_that_ends_early_is_no_short_export() {
        let whole = r#"{"n": {"is": [{"a": "x"}, {"a": [1]}]}, "total": 2}"#;
        for end in 0..whole.len() {
            let cut = split(&whole[..end], &["n", "is"]);
            assert_eq!(cut, Err("cut off".into()), "{}", &whole[..end]);
        }
        for text in ["[", "[1", "[1,", "[{", "[\"", "{\"a\":1"] {
            assert_eq!(split(text, &[]), Err("cut off".into()), "{text}");
        }
    }

    #[test]
    fn what_is_no_document_is_told() {
        let cases = [
            ("[1 2]", "a comma or `]`, `2` on line 1"),
            ("[1,]", "a value, `]` on line 1"),
            ("[{]", "`}`, `]` on line 1"),
            ("{}\n{}", "the end of the document, `{` on line 2"),
            ("{\"is\" 1}", "a colon, `1` on line 1"),
            ("{1}", "a name in quotes, `1` on line 1"),
            ("{\"a\":1,}", "a name in quotes, `}` on line 1"),
            (
                "{\"is\":[1],\"is\":[2]}",
                "records at one place only, `[` on line 1",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(split(text, &["is"]), Err(expected.into()), "{text}");
        }
    }

    #[test]
    fn nesting_of_any_depth_is_split_without_a_crash() {
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert_eq!(texts(&deep, &[]).len(), 1);
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            "[a-b\"\\\\\\[\\]{},ü\n]{0,5}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 30, 4, |inner| {
            let name = "[ab\"]{1,2}";
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((name, inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::with_cases(1_000)
        })]

        #[test]
        fn splitting_is_what_parsing_the_whole_gives(
            document in json(),
            is_pretty in any::<bool>(),
            path in prop::collection::vec("[ab]", 0..3),
        ) {
            let text = match is_pretty {
                true => serde_json::to_string_pretty(&document),
                false => serde_json::to_string(&document),
            }.expect("it is JSON");
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let found = path.iter().try_fold(&document, |value, name| value.get(name));
            let expected = match (&document, found) {
                (Value::Array(elements), _) => elements.clone(),
                (Value::Object(_), Some(Value::Array(elements))) if !path.is_empty() => elements.clone(),
                (Value::Object(_), Some(Value::Null)) if !path.is_empty() => Vec::new(),
                (Value::Object(_), Some(other)) => vec![other.clone()],
                (document, _) => vec![document.clone()],
            };
            let found: Vec<Value> = texts(&text, &path)
                .iter()
                .map(|text| serde_json::from_str(text).expect("it is JSON"))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
