//! One export, one feed → one part of the lake: typed rows in sorted runs.
//!
//! A part is a function of the export's bytes and of what the configuration says of
//! them, so its id is a hash of both, and an unchanged export costs that hash. Rows
//! are read, converted and sorted a run at a time: memory does not grow with the
//! export.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use super::archive;
use super::batch::RawBatch;
use super::convert::{self, Context};
use super::decode;
use super::emptiness;
use super::plan::Plan;
use super::pseudonym::Pseudonyms;
use super::reader::Reader;
use super::rejects::RejectWriter;
use super::runs::Runs;
use super::text_reader::name_within;
use super::transform;
use crate::config::{Config, Feed, Source};
use crate::contract::{self, SOURCE_COLUMNS};
use crate::error::Result;
use crate::fs;
use crate::lake::{self, Account, Part, Parts};
use crate::pull::{LandedFile, landing_folder};

/// Raised whenever the same export would be read into other rows than before.
const INGEST_VERSION: u32 = 3;

/// What one part is made from.
pub(super) struct Job<'a> {
    pub(super) config: &'a Config,
    pub(super) source: &'a Source,
    pub(super) feed: &'a Feed,
    /// The export; of several files that are read together, what they are in sum.
    pub(super) file: Cow<'a, LandedFile>,
    /// The files that it lies in.
    pub(super) members: Vec<&'a LandedFile>,
    pub(super) pseudonyms: &'a Pseudonyms,
    /// The parts that earlier runs made.
    pub(super) known: &'a Parts,
    /// The number of the feed in its source.
    pub(super) place: usize,
    /// Whether the export only adds to earlier ones, and so may well be empty.
    pub(super) is_addition: bool,
}

impl Job<'_> {
    /// Returns the id of the part: equal for equal rows.
    pub(super) fn id(&self) -> String {
        let sql = self.source.transform.as_ref().map(|t| t.sql.as_str());
        let text = format!(
            "{INGEST_VERSION} {} {} {} {} {} {} {} {} {}\n{}",
            contract::VERSION,
            self.source.name,
            self.place,
            self.file.origin,
            name_within(&self.source.path, &self.file.origin),
            self.file.sha256,
            self.source.allow_empty,
            self.feed.fingerprint(),
            self.pseudonyms.fingerprint(self.feed.table.name),
            sql.unwrap_or_default(),
        );
        fs::sha256(text.as_bytes())[..24].to_owned()
    }

    /// Returns the part: the one in the lake where it is whole, else a new one.
    pub(super) fn part(&self) -> Result<Part> {
        let id = self.id();
        match self.known.find(&id)? {
            Some(part) => Ok(part),
            None => self.build(id),
        }
    }

    /// Reads the export anew.
    pub(super) fn build(&self, id: String) -> Result<Part> {
        let folder = lake::prepare_part(&self.config.root, &id)?;
        let part = self.read(id, &folder).inspect_err(|_| {
            // What is wrong with the export is told, not what is wrong with clearing up.
            let _ = fs::remove_dir_all(&folder);
        })?;
        lake::commit_part(&self.config.root, &part)?;
        Ok(part)
    }

    fn read(&self, id: String, folder: &Path) -> Result<Part> {
        let mut part = Part {
            id,
            account: self.empty_account(),
            runs: Vec::new(),
            first_reject: None,
            joined: None,
        };
        if self.filled()?.is_empty() {
            return Ok(part);
        }
        part.account.notices = self.encoding_notices()?;
        let (path, raw_rows) = self.export(folder)?;
        let mut reader = self.open(&path)?;
        let mut plan = Plan::new(self.source, self.feed, &reader, &self.file.origin)?;
        let transform = self.source.transform.as_ref();
        let line_place = transform.and_then(|_| plan.place_of(SOURCE_COLUMNS[1], reader.header()));
        let is_together = self.source.is_together;
        let file_place = match is_together {
            true => plan.place_of(SOURCE_COLUMNS[0], reader.header()),
            false => None,
        };
        let mut selection = Selection::new(self, &plan, &path)?;
        let mut is_seen = vec![reader.header().is_some(); plan.paths.len()];
        let mut runs = Runs::new(self.feed, folder);
        let mut rejects = RejectWriter::new(folder);
        let context = Context {
            plan: &plan,
            source: self.source,
            feed: self.feed,
            origin: &self.file.origin,
            pseudonyms: self.pseudonyms,
        };
        let mut order = 0;
        while let Some(mut batch) = reader.next_batch(&plan.paths)? {
            if let Some(place) = line_place {
                batch.take_lines(place);
            }
            if let Some(place) = file_place {
                batch.take_files(place);
            }
            let height = batch.lines.len();
            let keep = selection.select(&batch, &plan);
            let converted = convert::convert(&batch, &context, &keep, order)?;
            order += i64::try_from(height).unwrap_or(i64::MAX);
            let account = &mut part.account;
            account.rows_read += (height + batch.malformed.len()) as u64;
            account.filtered += converted.filtered;
            account.set_aside += converted.rejects.len() as u64;
            if part.first_reject.is_none() {
                part.first_reject = converted.rejects.first().map(|r| r.describe());
            }
            rejects.add(&converted.rejects)?;
            runs.add(converted.frame)?;
            for (is_seen, column) in is_seen.iter_mut().zip(&batch.columns) {
                *is_seen |= column.null_count() < column.len();
            }
        }
        part.account.notices.extend(reader.notice());
        if let Some(raw_rows) = raw_rows {
            let account = &mut part.account;
            account.transformed = raw_rows.cast_signed() - account.rows_read.cast_signed();
            account.rows_read = raw_rows;
        }
        part.account.unseen = self.unseen(&plan, &is_seen, &part.account);
        emptiness::check(self, &part.account)?;
        rejects.finish()?;
        part.runs = runs.finish()?;
        transform::remove(folder)?;
        Ok(part)
    }

    /// Returns what the configuration names and no row holds: paths, and the rows.
    fn unseen(&self, plan: &Plan, is_seen: &[bool], account: &Account) -> Vec<String> {
        match account.mapped_rows() {
            0 => self.feed.format.rows.iter().cloned().collect(),
            _ => plan.mapped_unseen(self.feed, is_seen),
        }
    }

    /// Returns the file to read: the landed one, or what the source's SQL makes of it,
    /// then with the number of rows that the SQL read.
    fn export(&self, folder: &Path) -> Result<(PathBuf, Option<u64>)> {
        let Some(sql) = &self.source.transform else {
            return Ok((self.landed(&self.file), None));
        };
        let files = self.filled()?.into_iter().map(|file| self.opened(file));
        let (path, rows) = transform::transform(files, self.source.is_together, sql, folder)?;
        Ok((path, Some(rows)))
    }

    fn opened<'f>(&self, file: &'f LandedFile) -> Result<(Reader, &'f str)> {
        let reader = self.reader(&self.landed(file), &file.origin)?;
        Ok((reader, &file.origin))
    }

    fn landed(&self, file: &LandedFile) -> PathBuf {
        landing_folder(&self.config.root).join(&file.file)
    }

    /// Returns the files that are not empty, or may not be.
    fn filled(&self) -> Result<Vec<&LandedFile>> {
        let mut filled = Vec::new();
        for file in &self.members {
            let is_left_out =
                self.source.allow_empty && archive::is_empty(&self.landed(file), &file.origin)?;
            if !is_left_out {
                filled.push(*file);
            }
        }
        Ok(filled)
    }

    /// Says of which files the declared encoding looks wrong.
    fn encoding_notices(&self) -> Result<Vec<String>> {
        let declared = self.feed.format.encoding;
        let mut notices = Vec::new();
        for file in &self.members {
            if !declared.is_single_byte() {
                continue;
            }
            let unpacked = archive::open(&self.landed(file), &file.origin)?;
            let bytes = Cursor::new(unpacked.first).chain(unpacked.rest);
            let is_misread = decode::is_misread(bytes, declared)
                .map_err(|e| archive::unreadable(&file.origin, e))?;
            if is_misread {
                notices.push(format!(
                    "read as {}, as its source declares, but it is UTF-8 throughout: take `encoding` out, else `ü` becomes `Ã¼`",
                    declared.name()
                ));
            }
        }
        Ok(notices)
    }

    fn reader(&self, path: &Path, origin: &str) -> Result<Reader> {
        let within = name_within(&self.source.path, origin);
        Reader::open(path, origin, within, &self.feed.format)
    }

    fn open(&self, path: &Path) -> Result<Reader> {
        match &self.source.transform {
            None => self.reader(path, &self.file.origin),
            Some(_) => Reader::open_transformed(path, &self.file.origin),
        }
    }

    fn empty_account(&self) -> Account {
        Account {
            table: self.feed.table.name.to_owned(),
            source: self.file.source.clone(),
            origin: self.file.origin.clone(),
            sha256: self.file.sha256.clone(),
            bytes: self.file.bytes,
            rows: self.feed.format.rows.clone(),
            ..Account::default()
        }
    }
}

/// Which rows of an export are read: those that meet the conditions, and of several
/// with one key the first or the last.
struct Selection {
    seen: HashSet<Box<[u8]>>,
    /// The place of the last row of each key, where that is the one to read.
    last: Option<HashMap<Box<[u8]>, u64>>,
    row: u64,
}

impl Selection {
    fn new(job: &Job<'_>, plan: &Plan, path: &Path) -> Result<Self> {
        let mut selection = Self {
            seen: HashSet::new(),
            last: None,
            row: 0,
        };
        if job.feed.keep.as_ref().is_some_and(|keep| keep.is_last) {
            let mut last = HashMap::new();
            let mut reader = job.open(path)?;
            let mut row = 0;
            while let Some(batch) = reader.next_batch(&plan.paths)? {
                for (place, keep) in convert::filter(&batch, plan).into_iter().enumerate() {
                    if keep {
                        last.insert(key(&batch, plan, place), row);
                    }
                    row += 1;
                }
            }
            selection.last = Some(last);
        }
        Ok(selection)
    }

    fn select(&mut self, batch: &RawBatch, plan: &Plan) -> Vec<bool> {
        let mut keep = convert::filter(batch, plan);
        if plan.per.is_empty() {
            return keep;
        }
        for (place, keep) in keep.iter_mut().enumerate() {
            let row = self.row;
            self.row += 1;
            if !*keep {
                continue;
            }
            let key = key(batch, plan, place);
            *keep = match &self.last {
                Some(last) => last.get(&key) == Some(&row),
                None => self.seen.insert(key),
            };
        }
        keep
    }
}

/// Returns the cells of `per`, told apart whatever is in them.
fn key(batch: &RawBatch, plan: &Plan, row: usize) -> Box<[u8]> {
    let mut key = Vec::new();
    for place in &plan.per {
        match batch.columns[*place].get(row) {
            Some(text) => {
                key.extend((text.len() as u64).to_le_bytes());
                key.extend(text.as_bytes());
            }
            None => key.extend(u64::MAX.to_le_bytes()),
        }
    }
    key.into()
}
