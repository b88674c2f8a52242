//! Files to bytes: zip and gzipped tar, both reproducible.

use std::io::{Cursor, Write};

use flate2::{Compression, GzBuilder};
use tar::{EntryType, Header};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::{File, PackageError, check_paths};

/// Level of DEFLATE: a project is small, so that size counts and not time.
const LEVEL: u32 = 9;

/// Modification time in a tar: 1985-10-26T08:15:00Z, as in every package that
/// npm packs. In a zip it is 1980-01-01, where its calendar starts.
const TAR_TIME: u64 = 499_162_500;

/// A zip (APPNOTE 6.3.10, DEFLATE), its entries sorted by name, below `folder`
/// where it is not empty.
///
/// # Errors
/// Those of [`check_paths`].
pub fn zip(files: &[File], folder: &str) -> Result<Vec<u8>, PackageError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(i64::from(LEVEL)))
        .last_modified_time(DateTime::default());
    for (path, file) in entries(files, folder)? {
        let options = options.unix_permissions(mode(file));
        writer.start_file(path, options).map_err(not_written)?;
        writer.write_all(&file.content).map_err(not_written)?;
    }
    Ok(writer.finish().map_err(not_written)?.into_inner())
}

/// A tar (POSIX ustar) in gzip (RFC 1952, without time or name), its entries
/// sorted by name, below `folder` where it is not empty.
///
/// # Errors
/// Those of [`check_paths`].
pub fn tar_gz(files: &[File], folder: &str) -> Result<Vec<u8>, PackageError> {
    let gzip = GzBuilder::new()
        .mtime(0)
        .operating_system(255)
        .write(Vec::new(), Compression::new(LEVEL));
    let mut builder = tar::Builder::new(gzip);
    for (path, file) in entries(files, folder)? {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_size(file.content.len() as u64);
        header.set_mode(mode(file));
        header.set_mtime(TAR_TIME);
        header.set_uid(0);
        header.set_gid(0);
        builder
            .append_data(&mut header, path, file.content.as_slice())
            .map_err(not_written)?;
    }
    let gzip = builder.into_inner().map_err(not_written)?;
    gzip.finish().map_err(not_written)
}

/// Checked, sorted by name, with their names in the archive.
fn entries<'a>(files: &'a [File], folder: &str) -> Result<Vec<(String, &'a File)>, PackageError> {
    check_paths(files)?;
    let path = |file: &File| match folder {
        "" => file.path.clone(),
        folder => format!("{folder}/{}", file.path),
    };
    let mut sorted: Vec<_> = files.iter().map(|file| (path(file), file)).collect();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    let whole: Vec<File> = sorted
        .iter()
        .map(|(path, _)| File::new(path.clone(), ""))
        .collect();
    check_paths(&whole)?;
    Ok(sorted)
}

fn mode(file: &File) -> u32 {
    if file.executable { 0o755 } else { 0o644 }
}

fn not_written(error: impl std::fmt::Display) -> PackageError {
    PackageError::Write(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read;

    use proptest::prelude::*;

    use super::*;

    fn project() -> Vec<File> {
        vec![
            File::new("src/server.ts", "export const a = 1;\n"),
            File {
                executable: true,
                ..File::new("dist/node.js", "#!/usr/bin/env node\n")
            },
            File::new("package.json", "{}"),
            File::new("empty", ""),
        ]
    }

    fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>, u32)> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        (0..archive.len())
            .map(|index| {
                let mut file = archive.by_index(index).expect("an entry");
                assert_eq!(file.last_modified(), Some(DateTime::default()));
                let mut content = Vec::new();
                file.read_to_end(&mut content).expect("its content");
                let mode = file.unix_mode().unwrap_or_default() & 0o777;
                let name = file.name().expect("a name").into_owned();
                (name, content, mode)
            })
            .collect()
    }

    fn untar(bytes: &[u8]) -> Vec<(String, Vec<u8>, u32)> {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
        let entries = archive.entries().expect("a tar");
        entries
            .map(|entry| {
                let mut entry = entry.expect("an entry");
                let mut content = Vec::new();
                entry.read_to_end(&mut content).expect("its content");
                let header = entry.header();
                assert_eq!(header.mtime().ok(), Some(TAR_TIME));
                let mode = header.mode().expect("a mode");
                let path = entry.path().expect("a path").to_string_lossy().into_owned();
                (path, content, mode)
            })
            .collect()
    }

    #[test]
    fn what_goes_in_comes_out_sorted() {
        let expected = |folder: &str| {
            [
                ("dist/node.js", "#!/usr/bin/env node\n", 0o755),
                ("empty", "", 0o644),
                ("package.json", "{}", 0o644),
                ("src/server.ts", "export const a = 1;\n", 0o644),
            ]
            .map(|(path, content, mode)| {
                (format!("{folder}{path}"), content.as_bytes().to_vec(), mode)
            })
            .to_vec()
        };
        let files = project();
        assert_eq!(unzip(&zip(&files, "").expect("zips")), expected(""));
        assert_eq!(
            unzip(&zip(&files, "pets").expect("zips")),
            expected("pets/")
        );
        let tarred = tar_gz(&files, "package").expect("tars");
        assert_eq!(untar(&tarred), expected("package/"));
    }

    #[test]
    fn the_order_of_the_files_does_not_matter() {
        let (mut reversed, files) = (project(), project());
        reversed.reverse();
        assert_eq!(zip(&reversed, ""), zip(&files, ""));
        assert_eq!(tar_gz(&reversed, ""), tar_gz(&files, ""));
    }

    #[test]
    fn a_folder_that_leaves_the_archive_is_refused() {
        for folder in ["..", "/x", "a/../..", "con"] {
            assert!(zip(&project(), folder).is_err(), "{folder}");
            assert!(tar_gz(&project(), folder).is_err(), "{folder}");
        }
    }

    proptest! {
        /// Whatever the names: an archive or an error, and what unpacks is what
        /// went in, below its folder.
        #[test]
        fn any_files(files in prop::collection::btree_map(
            "[a-zA-Z0-9./\\\\ :é-]{0,12}",
            prop::collection::vec(any::<u8>(), 0..200),
            0..6,
        )) {
            let list: Vec<File> = files
                .iter()
                .map(|(path, content)| File::new(path.clone(), content.clone()))
                .collect();
            let (zipped, tarred) = (zip(&list, "p"), tar_gz(&list, "p"));
            prop_assert_eq!(zipped.is_ok(), tarred.is_ok());
            if let (Ok(zipped), Ok(tarred)) = (zipped, tarred) {
                let expected: BTreeMap<String, Vec<u8>> = files
                    .into_iter()
                    .map(|(path, content)| (format!("p/{path}"), content))
                    .collect();
                let of = |entries: Vec<(String, Vec<u8>, u32)>| -> BTreeMap<String, Vec<u8>> {
                    entries.into_iter().map(|(path, content, _)| (path, content)).collect()
                };
                prop_assert_eq!(&of(unzip(&zipped)), &expected);
                prop_assert_eq!(&of(untar(&tarred)), &expected);
            }
        }
    }
}
