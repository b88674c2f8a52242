//! The folder of a generated project.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use mcpengine_codegen::Project;

use crate::failure::Failure;

/// The file that belongs to the user once it is there.
const CUSTOM: &str = "src/custom.ts";

/// Refuses a folder that has files, unless `force`; before anything is read or
/// written.
pub(crate) fn check(out: &Path, force: bool) -> Result<(), Failure> {
    match fs::read_dir(out).map(|mut entries| entries.next().is_some()) {
        Ok(true) if !force => Err(Failure::new(
            "folder_not_empty",
            format!("{} has files in it", out.display()),
            "Name a new folder, or use --force to write over a generated project.",
        )),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(Failure::new(
            "not_a_folder",
            format!("{} is a file", out.display()),
            "Name a folder.",
        )),
        Err(error) => Err(unwritable(out, &error)),
    }
}

/// Writes the project. A new folder appears whole or not at all: it is made
/// beside its place and renamed. In an existing one each file is replaced
/// whole, and `src/custom.ts` is left as it is.
pub(crate) fn write(out: &Path, project: &Project) -> Result<(), Failure> {
    for file in &project.files {
        let is_inside = Path::new(&file.path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !is_inside {
            return Err(Failure::new(
                "path_outside",
                format!("the project has a file outside its folder: {}", file.path),
                "Report this as a bug.",
            ));
        }
    }
    let is_new = !out.exists();
    let written = if is_new {
        whole(out, project)
    } else {
        over(out, project)
    };
    written.map_err(|error| unwritable(out, &error))
}

fn whole(out: &Path, project: &Project) -> io::Result<()> {
    if let Some(parent) = out.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent)?;
    }
    let staging = beside(out);
    let made = project
        .files
        .iter()
        .try_for_each(|file| {
            let path = staging.join(&file.path);
            fs::create_dir_all(path.parent().unwrap_or(&staging))?;
            fs::write(path, &file.content)
        })
        .and_then(|()| fs::rename(&staging, out));
    if made.is_err() {
        let _ = fs::remove_dir_all(&staging);
    }
    made
}

fn over(out: &Path, project: &Project) -> io::Result<()> {
    // What the project had in its other mode would not compile beside the rest.
    // Where not all of it is there, it is not what the generator wrote.
    let stale: Vec<PathBuf> = mcpengine_codegen::paths_of_other_mode(project)
        .map(|path| out.join(path))
        .collect();
    if stale.iter().all(|path| path.is_file()) {
        stale.iter().try_for_each(fs::remove_file)?;
    }
    for file in &project.files {
        let path = out.join(&file.path);
        if file.path == CUSTOM && path.exists() {
            continue;
        }
        fs::create_dir_all(path.parent().unwrap_or(out))?;
        let staging = beside(&path);
        let made = fs::write(&staging, &file.content).and_then(|()| fs::rename(&staging, &path));
        if made.is_err() {
            let _ = fs::remove_file(&staging);
        }
        made?;
    }
    Ok(())
}

/// A hidden neighbour of a path, on the same file system.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().map_or_else(
        || "project".into(),
        |name| name.to_string_lossy().into_owned(),
    );
    path.with_file_name(format!(".{name}.{}.partial", std::process::id()))
}

fn unwritable(out: &Path, error: &io::Error) -> Failure {
    Failure::new(
        "folder_not_writable",
        format!("{} cannot be written: {error}", out.display()),
        "Name a folder that you may write to.",
    )
}
