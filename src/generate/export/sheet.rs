//! One exported file: its separator, encoding and line ends, and its rows counted.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// How a file is written, and the names of its columns.
#[derive(Clone, Copy)]
pub(in crate::generate) struct Form {
    /// Relative to the project's folder.
    pub(in crate::generate) path: &'static str,
    pub(in crate::generate) header: &'static [&'static str],
    pub(in crate::generate) separator: u8,
    pub(in crate::generate) has_byte_order_mark: bool,
    pub(in crate::generate) has_crlf: bool,
    pub(in crate::generate) is_windows_1252: bool,
    /// Repeats every n-th row exactly; 0 for never.
    pub(in crate::generate) repeats_every: u64,
}

impl Form {
    /// Returns a plain file: commas, UTF-8, line feeds.
    pub(in crate::generate) const fn plain(
        path: &'static str,
        header: &'static [&'static str],
    ) -> Self {
        Self {
            path,
            header,
            separator: b',',
            has_byte_order_mark: false,
            has_crlf: false,
            is_windows_1252: false,
            repeats_every: 0,
        }
    }
}

/// A file of separated values under the pen.
pub(in crate::generate) struct Sheet {
    form: Form,
    path: PathBuf,
    writer: csv::Writer<BufWriter<File>>,
    rows: u64,
}

impl Sheet {
    /// Creates the file and writes its header.
    pub(in crate::generate) fn create(folder: &Path, form: Form) -> Result<Self> {
        let path = folder.join(form.path);
        let mut buffer = BufWriter::with_capacity(1 << 16, fs::create(&path)?);
        if form.has_byte_order_mark {
            buffer
                .write_all("\u{feff}".as_bytes())
                .map_err(|error| fs::failed("write", &path, error))?;
        }
        let terminator = if form.has_crlf {
            csv::Terminator::CRLF
        } else {
            csv::Terminator::Any(b'\n')
        };
        let writer = csv::WriterBuilder::new()
            .delimiter(form.separator)
            .terminator(terminator)
            .from_writer(buffer);
        let mut sheet = Self {
            form,
            path,
            writer,
            rows: 0,
        };
        sheet.put(form.header)?;
        Ok(sheet)
    }

    /// Writes a row, and now and then writes it again.
    pub(in crate::generate) fn row<T: AsRef<str>>(&mut self, fields: &[T]) -> Result<()> {
        debug_assert_eq!(fields.len(), self.form.header.len(), "{}", self.form.path);
        self.put(fields)?;
        self.rows += 1;
        let every = self.form.repeats_every;
        if every > 0 && self.rows.is_multiple_of(every) {
            self.put(fields)?;
            self.rows += 1;
        }
        Ok(())
    }

    fn put<T: AsRef<str>>(&mut self, fields: &[T]) -> Result<()> {
        let written = if self.form.is_windows_1252 {
            let encoded = fields.iter().map(|field| encode_latin(field.as_ref()));
            self.writer.write_record(encoded)
        } else {
            self.writer
                .write_record(fields.iter().map(|field| field.as_ref().as_bytes()))
        };
        written.map_err(|error| failed(&self.path, error))
    }

    /// Returns the rows so far, repeats included.
    pub(in crate::generate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes what is buffered and closes the file.
    pub(in crate::generate) fn finish(mut self) -> Result<super::WrittenFile> {
        self.writer
            .flush()
            .map_err(|error| fs::failed("write", &self.path, error))?;
        Ok(super::WrittenFile {
            path: self.form.path.to_owned(),
            rows: self.rows,
        })
    }
}

/// Encodes the part of windows-1252 that equals latin-1; other letters become `?`.
fn encode_latin(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| match u32::from(letter) {
            code @ (0..=0x7f | 0xa0..=0xff) => code as u8,
            _ => b'?',
        })
        .collect()
}

fn failed(path: &Path, error: csv::Error) -> Error {
    let message = format!("cannot write `{}`", path.display());
    Error::new(ErrorKind::Io, message).caused_by(error)
}

/// Writes minutes as hours, such as `7.5`.
pub(in crate::generate) fn hours(minutes: i64) -> String {
    let hundredths = minutes * 100 / 60;
    match hundredths % 100 {
        0 => format!("{}", hundredths / 100),
        rest => format!("{}.{rest:02}", hundredths / 100),
    }
}
