//! Exports inside an archive: gzip or zstd, told by their first bytes, not by name.
//!
//! An archive that ends early must never pass for a short export. Whatever layer
//! reads from it, the error that says so travels up as an [`io::Error`] with
//! [`Broken`] inside, and [`unreadable`] makes the message of it. Disk errors pass
//! through as they are. (Damage inside a zstd frame shows only where the frame was
//! written with a checksum, as the command-line tool does.)

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// The bytes of an export, unpacked while they are read.
pub(super) type Bytes = Box<dyn Read + Send>;

/// How many bytes are looked at to tell what a file is.
const FIRST_BYTES: u64 = 1_024;

const BUFFER_BYTES: usize = 1 << 18;

/// The kind of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Archive {
    Gzip,
    Zstd,
}

impl Archive {
    /// Returns the kind that the first bytes of a file show.
    pub(super) fn of(first: &[u8]) -> Option<Self> {
        match first {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            // A frame to be skipped, with which some tools begin.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip archive",
            Self::Zstd => "zstd archive",
        }
    }
}

/// An open file, outside of its archive.
pub(super) struct Unpacked {
    pub(super) archive: Option<Archive>,
    /// The first bytes, which `rest` does not have again.
    pub(super) first: Vec<u8>,
    pub(super) rest: Bytes,
}

/// Opens a file and looks at what it has first.
pub(super) fn open(path: &Path, origin: &str) -> Result<Unpacked> {
    let failed = |error| fs::failed("read", path, error);
    let mut file = fs::open(path)?;
    let mut magic = Vec::new();
    Read::by_ref(&mut file)
        .take(4)
        .read_to_end(&mut magic)
        .map_err(failed)?;
    let archive = Archive::of(&magic);
    let mut rest = unpack(archive, magic, file).map_err(failed)?;
    let mut first = Vec::new();
    Read::by_ref(&mut rest)
        .take(FIRST_BYTES)
        .read_to_end(&mut first)
        .map_err(|e| unreadable(origin, e))?;
    Ok(Unpacked {
        archive,
        first,
        rest,
    })
}

/// Returns whether a file has no bytes, looking into an archive.
pub(super) fn is_empty(path: &Path, origin: &str) -> Result<bool> {
    Ok(open(path, origin)?.first.is_empty())
}

fn unpack(archive: Option<Archive>, magic: Vec<u8>, file: File) -> io::Result<Bytes> {
    let whole = io::Cursor::new(magic).chain(file);
    let Some(archive) = archive else {
        return Ok(Box::new(whole));
    };
    let packed = BufReader::with_capacity(BUFFER_BYTES, whole);
    let inner: Bytes = match archive {
        Archive::Gzip => Box::new(MultiGzDecoder::new(packed)),
        Archive::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
    };
    Ok(Box::new(Watched { archive, inner }))
}

/// Marks the errors of an archive as such.
struct Watched {
    archive: Archive,
    inner: Bytes,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|cause| {
            let is_of_disk = cause.raw_os_error().is_some();
            if is_of_disk || cause.kind() == io::ErrorKind::Interrupted {
                return cause;
            }
            let archive = self.archive;
            io::Error::other(Broken { archive, cause })
        })
    }
}

/// An archive that cannot be unpacked to its end.
#[derive(Debug)]
struct Broken {
    archive: Archive,
    cause: io::Error,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} is not whole", self.archive.name())
    }
}

impl std::error::Error for Broken {}

/// Returns the error for an export whose bytes could not be read to their end.
pub(super) fn unreadable(origin: &str, error: io::Error) -> Error {
    let Broken { archive, cause } = match error.downcast::<Broken>() {
        Ok(broken) => broken,
        Err(error) => return fs::failed("read", Path::new(origin), error),
    };
    let is_cut_off = cause.kind() == io::ErrorKind::UnexpectedEof;
    let found = if is_cut_off { "cut off" } else { "damaged" };
    let error = Error::new(
        ErrorKind::Input,
        format!(
            "cannot ingest `{origin}`: expected a whole {}, found it {found}",
            archive.name()
        ),
    );
    let error = if is_cut_off {
        error
    } else {
        error.caused_by(cause)
    };
    error.hint("copy or export it again")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::encode_all(bytes, 1).expect("memory takes it")
    }

    fn read(packed: &[u8]) -> Result<Vec<u8>> {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        fs::write(file.path(), packed)?;
        let unpacked = open(file.path(), "x.csv")?;
        let mut bytes = unpacked.first;
        let mut rest = unpacked.rest;
        rest.read_to_end(&mut bytes)
            .map_err(|e| unreadable("x.csv", e))?;
        Ok(bytes)
    }

    fn text() -> Vec<u8> {
        (0..20_000_u32).flat_map(u32::to_be_bytes).collect()
    }

    #[test]
    fn archives_are_unpacked_whatever_their_name() {
        let text = text();
        assert_eq!(read(&text).expect("plain"), text);
        assert_eq!(read(&gzip(&text)).expect("gzip"), text);
        assert_eq!(read(&zstd(&text)).expect("zstd"), text);
        let frames = [zstd(&text[..7]), zstd(&text[7..])].concat();
        assert_eq!(read(&frames).expect("two frames"), text);
        let skipped = [b"\x50\x2a\x4d\x18\x02\x00\x00\x00hi", &zstd(&text)[..]].concat();
        assert_eq!(read(&skipped).expect("a frame to skip"), text);
        assert_eq!(read(b"").expect("nothing"), b"");
        assert_eq!(read(&gzip(b"")).expect("nothing"), b"");
    }

    #[test]
    fn an_archive_that_is_cut_off_anywhere_is_no_short_export() {
        let small: Vec<u8> = text().into_iter().take(3_000).collect();
        for (name, packed) in [("gzip", gzip(&small)), ("zstd", zstd(&small))] {
            for end in (4..packed.len())
                .step_by(31)
                .chain(packed.len() - 12..packed.len())
            {
                let error = read(&packed[..end]).expect_err("it is cut off");
                let expected = format!("expected a whole {name} archive, found it cut off");
                assert!(error.message().contains(&expected), "{end}: {error}");
                assert_eq!(error.kind(), ErrorKind::Input);
            }
        }
        let second = gzip(&small);
        let two = [gzip(&small), second[..second.len() - 1].to_vec()].concat();
        assert!(read(&two).is_err());
    }

    #[test]
    fn a_damaged_archive_is_told() {
        let mut checked = zstd::Encoder::new(Vec::new(), 1).expect("memory takes it");
        checked.include_checksum(true).expect("zstd has checksums");
        checked.write_all(&text()).expect("memory takes it");
        let checked = checked.finish().expect("memory takes it");
        for mut packed in [gzip(&text()), checked] {
            let place = packed.len() / 2;
            packed[place..place + 8].fill(0xff);
            let is_told = read(&packed).is_err_and(|e| e.message().contains("found it"));
            assert!(is_told, "a damaged archive was read");
        }
        let behind = [gzip(&text()), b"something else".to_vec()].concat();
        let is_told = read(&behind).is_err_and(|e| e.message().contains("found it damaged"));
        assert!(is_told, "what is behind an archive was not told");
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::with_cases(64)
        })]

        #[test]
        fn the_members_of_an_archive_are_one_text(
            parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3_000), 1..6),
        ) {
            let members: Vec<u8> = parts.iter().flat_map(|part| gzip(part)).collect();
            prop_assert_eq!(read(&members).expect("it is whole"), parts.concat());
            let frames: Vec<u8> = parts.iter().flat_map(|part| zstd(part)).collect();
            prop_assert_eq!(read(&frames).expect("it is whole"), parts.concat());
        }
    }
}
