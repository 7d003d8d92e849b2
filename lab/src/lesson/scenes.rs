//! Scenes to begin with, without a lesson around them.

use super::document::{Document, Section, SectionPart};
use super::error::LessonError;
use super::library::SCENES;
use super::script::Script;

/// A scene to begin with.
#[derive(Debug, Clone, PartialEq)]
pub struct SceneEntry {
    /// `growing-group`.
    pub slug: String,
    /// What it is called.
    pub title: String,
    /// What there is to see, in a sentence or two.
    pub text: String,
    /// The scene, and until when it tells something by itself.
    pub script: Script,
}

/// All scenes, in the order of the file.
///
/// # Errors
/// If the file is wrong, which a test rules out for that of this program.
pub fn scenes() -> Result<Vec<SceneEntry>, LessonError> {
    entries(SCENES)
}

/// A scene by its slug.
pub fn scene(slug: &str) -> Option<SceneEntry> {
    scenes().ok()?.into_iter().find(|entry| entry.slug == slug)
}

fn entries(text: &str) -> Result<Vec<SceneEntry>, LessonError> {
    Document::parse(text)?.sections.iter().map(entry).collect()
}

fn entry(section: &Section<'_>) -> Result<SceneEntry, LessonError> {
    let heading = section.heading;
    let wrong = || {
        let message =
            "a scene's heading has its name for addresses: \"## A growing group (growing-group)\".";
        LessonError::new(heading.number, message)
    };
    let (title, slug) = heading
        .text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once(" ("))
        .filter(|(_, slug)| {
            slug.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        })
        .ok_or_else(wrong)?;
    let lines: Vec<&str> = section
        .parts
        .iter()
        .filter_map(|part| match part {
            SectionPart::Text(line) => Some(line.text.trim()),
            SectionPart::Fence(_) => None,
        })
        .filter(|line| !line.is_empty())
        .collect();
    Ok(SceneEntry {
        slug: slug.to_owned(),
        title: title.to_owned(),
        text: lines.join(" "),
        script: Script::of_fence(section.fence("scene")?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::Timeline;

    #[test]
    fn every_scene_can_be_played_to_its_end() {
        let scenes = scenes().expect("the file is right");
        assert!(scenes.len() > 4);
        for entry in scenes {
            let mut timeline =
                Timeline::new(entry.script.start()).expect("its actions can be done");
            timeline.seek(entry.script.until);
            assert_eq!(timeline.now(), entry.script.until, "{}", entry.slug);
            assert_eq!(scene(&entry.slug), Some(entry));
        }
    }

    #[test]
    fn a_scene_without_a_name_for_addresses_is_refused() {
        let text = "# Scenes\n\n## A growing group\n\n```scene\nuntil 1s\n```\n";
        let error = entries(text).expect_err("no name");
        assert_eq!(error.line, 3);
    }
}
