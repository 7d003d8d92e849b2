//! Texts of lesson.
